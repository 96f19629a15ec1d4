"""What somebody does elsewhere while the web app is open: by the API, with the token that the app has."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from tests.browser.conftest import ZONE


class Elsewhere:
    """Calls the API as the person whose app is open in a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        with page.expect_request("**/v1/me") as asked:
            page.reload()
        self._bearer = asked.value.header_value("authorization") or ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered; raises AssertionError for anything but a success."""
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        answer = self._page.request.fetch(
            path,
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"authorization": self._bearer, "content-type": kind},
        )
        assert answer.ok, answer.text()
        return json.loads(answer.text() or "null")

    def task(self, summary: str, **fields: Any) -> str:
        """The id of a task made so."""
        return str(self.call("POST", "/v1/tasks", {"summary": summary, **fields})["id"])


def day(away: int = 0) -> str:
    """The date so many days from today where the tests' windows are."""
    return (datetime.now(ZoneInfo(ZONE)) + timedelta(days=away)).date().isoformat()


def written_out(away: int) -> str:
    """That day as the app writes it in English (`Wed, Dec 2`)."""
    return f"{datetime.fromisoformat(day(away)):%a, %b} {int(day(away)[8:])}"
