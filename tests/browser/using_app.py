"""What the tests of the web app do in it again and again, and the API beside it, with the app's own token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
from playwright.sync_api import Locator, Page, expect

from tools.browser import app_token

WEDNESDAY: Final = "2027-03-03"
"""A day far enough from any today; the week that is shown begins on Monday, 1 March."""
WEEK: Final = f"week/{WEDNESDAY}"
ZONE: Final = "Asia/Ho_Chi_Minh"


class Api:
    """The REST API as the person of a page."""

    def __init__(self, page: Page, url: str) -> None:
        headers = {"Authorization": f"Bearer {app_token(page)}"}
        self._client = httpx.Client(base_url=url, headers=headers, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def make(self, summary: str, start: str, end: str, **more: Any) -> dict[str, Any]:
        """An event between two wall times (``2027-03-03T10:00``) of An's zone."""
        times = {"start": {"dateTime": start, "timeZone": ZONE}, "end": {"dateTime": end, "timeZone": ZONE}}
        return self.ask("POST", "/v1/events", {"summary": summary, **times, **more})

    def change(self, event: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return self.ask("PATCH", f"/v1/events/{event['id']}", changes)

    def listed(self, summary: str, since: str = "2027-03-01", until: str = "2027-04-01") -> list[tuple[str, str]]:
        """Start and end on the wall of each occurrence of that name, in order."""
        found = self.ask("GET", f"/v1/events?from={since}&to={until}&limit=1000")["items"]
        return sorted((_wall(each["start"]), _wall(each["end"])) for each in found if each["summary"] == summary)

    def starts(self, summary: str) -> list[str]:
        return [start for start, _ in self.listed(summary)]

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._client.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _wall(time: dict[str, str]) -> str:
    return time.get("date") or time["dateTime"][:16]


@contextmanager
def api_of(page: Page, url: str) -> Iterator[Api]:
    api = Api(page, url)
    try:
        yield api
    finally:
        api.close()


def event(page: Page, summary: str) -> Locator:
    return page.locator(".event", has_text=summary)


def point(page: Page, day: int, hour: float) -> tuple[float, float]:
    """Where a time of the shown week is on the screen; the grid is scrolled to it if need be."""
    column = page.locator(".column").nth(day)
    seen = page.locator(".scroller").bounding_box()
    box = column.bounding_box()
    assert seen
    assert box
    at = box["y"] + box["height"] * hour / 24
    assert seen["y"] < at < seen["y"] + seen["height"], "choose an hour that is seen"
    return box["x"] + box["width"] / 2, at


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def said(page: Page, text: str) -> None:
    """The toast says so."""
    expect(page.locator(".toast")).to_contain_text(text)
