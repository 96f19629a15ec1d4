"""What somebody has, made over the API with the token that their web app holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import ZONE

TOKEN = "JSON.parse(Object.entries(localStorage).find(([key]) => key.startsWith('oidc.user:'))[1]).access_token"


@dataclass(frozen=True)
class Api:
    """``page`` has the web app open."""

    page: Page

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {self.page.evaluate(TOKEN)}"}
        answer = self.page.request.fetch(path, method=method, headers=headers, data=body)
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    def event(self, summary: str, start: str, end: str, **more: Any) -> Any:
        """``start`` and ``end`` are dates, or wall time of Ho Chi Minh City."""
        times = [{"date": each} if len(each) == 10 else {"dateTime": each, "timeZone": ZONE} for each in (start, end)]
        return self.ask("POST", "/v1/events", {"summary": summary, "start": times[0], "end": times[1], **more})
