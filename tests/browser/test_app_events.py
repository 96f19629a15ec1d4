"""Events in the web app, as somebody makes, changes and moves them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def drag(page: Page, day: int, start: int, end: int) -> None:
    """Draw an event into the shown week: the column, and how far below the upper edge of what is seen, in pixels."""
    column = page.locator(".column").nth(day).bounding_box()
    seen = page.locator(".scroller").bounding_box()
    assert column
    assert seen
    x = column["x"] + column["width"] / 2
    page.mouse.move(x, seen["y"] + start)
    page.mouse.down()
    page.mouse.move(x, seen["y"] + (start + end) / 2)
    page.mouse.move(x, seen["y"] + end)
    page.mouse.up()


def test_an_event_is_drawn_into_the_week(app: Page) -> None:
    drag(app, 2, 100, 200)
    app.get_by_label("Title").fill("Coffee with Minh")
    app.get_by_role("button", name="Save").click()
    expect(app.locator(".event", has_text="Coffee with Minh")).to_be_visible()
    app.reload()
    expect(app.locator(".event", has_text="Coffee with Minh")).to_be_visible()
