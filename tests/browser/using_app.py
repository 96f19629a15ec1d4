"""What the tests of the web app do in it again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS

WEDNESDAY: Final = "2027-03-03"
"""A day far enough from any today; the week that is shown begins on Monday, 1 March."""
WEEK: Final = f"week/{WEDNESDAY}"
DATABASES: Final = "indexedDB.databases().then(found => found.map(each => each.name))"
KEPT: Final = """async (text) => {
  const opened = indexedDB.open('aurora')
  const kept = await new Promise((done) => (opened.onsuccess = () => done(opened.result)))
  const read = (name) => new Promise((done) => {
    const asked = kept.transaction(name).objectStore(name).getAll()
    asked.onsuccess = () => done(asked.result)
  })
  const found = JSON.stringify(await Promise.all([...kept.objectStoreNames].map(read)))
  kept.close()
  return found.includes(text)
}"""


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


def eventually(page: Page, read: Callable[[], object], wanted: object) -> None:
    """For what comes by itself and no page tells of: read it until it is so."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted:
        assert time.monotonic() < until, f"{found} is not {wanted}"
        page.wait_for_timeout(50)


def kept(page: Page, text: str) -> None:
    """What says so is kept in the browser: it is written after it was shown."""
    eventually(page, lambda: page.evaluate(KEPT, text), wanted=True)


def held(page: Page, pattern: str) -> list[Route]:
    """What is asked for so from now on, unanswered until it is let go of."""
    found: list[Route] = []

    def hold(route: Route) -> None:
        found.append(route)

    page.route(pattern, hold)
    return found


def stand_still(page: Page) -> None:
    """Time passes only by page.clock: what the page waits for does not come while a slow machine is still looking."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))


def said(page: Page, text: str) -> None:
    """The toast says so."""
    expect(page.locator(".toast:popover-open")).to_contain_text(text)
