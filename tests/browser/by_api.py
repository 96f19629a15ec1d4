"""What somebody has, or does elsewhere while the web app is open: over the API, with the token that the app holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from tests.browser.conftest import ZONE
from tools.browser import app_token


@dataclass(frozen=True)
class Api:
    """``page`` has the web app open."""

    page: Page

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What is answered; raises AssertionError for anything but a success."""
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        answer = self.page.request.fetch(
            path,
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"authorization": f"Bearer {app_token(self.page)}", "content-type": kind},
        )
        assert answer.ok, answer.text()
        return json.loads(answer.text() or "null")

    def event(self, summary: str, start: str, end: str, **more: Any) -> Any:
        """``start`` and ``end`` are dates, or wall time where the tests' windows are (``2027-03-03T10:00``)."""
        times = [{"date": each} if len(each) == 10 else {"dateTime": each, "timeZone": ZONE} for each in (start, end)]
        return self.ask("POST", "/v1/events", {"summary": summary, "start": times[0], "end": times[1], **more})

    def clear(self) -> None:
        for each in self.ask("GET", "/v1/events?limit=1000")["items"]:
            self.ask("DELETE", f"/v1/events/{each['id']}")

    def change(self, event: dict[str, Any], **changes: Any) -> Any:
        return self.ask("PATCH", f"/v1/events/{event['id']}", changes)

    def listed(self, summary: str, since: str = "2027-03-01", until: str = "2027-04-01") -> list[tuple[str, str]]:
        """Start and end on the wall of each occurrence of that name, in order."""
        found = self.ask("GET", f"/v1/events?from={since}&to={until}&limit=1000")["items"]
        return sorted((_wall(each["start"]), _wall(each["end"])) for each in found if each["summary"] == summary)

    def starts(self, summary: str) -> list[str]:
        return [start for start, _ in self.listed(summary)]

    def task(self, summary: str, **fields: Any) -> str:
        """The id of a task made so."""
        return str(self.ask("POST", "/v1/tasks", {"summary": summary, **fields})["id"])


def _wall(time: dict[str, str]) -> str:
    return time.get("date") or time["dateTime"][:16]


def day(away: int = 0) -> str:
    """The date so many days from today where the tests' windows are."""
    return (datetime.now(ZoneInfo(ZONE)) + timedelta(days=away)).date().isoformat()


def written_out(away: int) -> str:
    """That day as the app writes it in English (`Wed, Dec 2`)."""
    return f"{datetime.fromisoformat(day(away)):%a, %b} {int(day(away)[8:])}"
