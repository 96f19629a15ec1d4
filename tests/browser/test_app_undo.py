"""What Undo reaches: the last deed and no older one, also from a toast that stands over a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app
from tests.browser.using_app import WEDNESDAY, WEEK, event, said

pytestmark = pytest.mark.browser
ICS: Final = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//somebody//EN
BEGIN:VEVENT
UID:fair@example.org
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270305
SUMMARY:Fair
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK)


@pytest.fixture
def api(week: Page) -> Iterator[Api]:
    """The calendar is empty again after each test."""
    yield Api(week)
    Api(week).clear()


def deleted(page: Page, api: Api, summary: str) -> None:
    """An event of Wednesday, deleted in the app."""
    api.event(summary, f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    event(page, summary).focus()
    page.keyboard.press("Delete")
    said(page, "Deleted.")


def save_a_setting(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Your name").fill("Anna")
    page.get_by_role("button", name="Save").first.click()
    said(page, "Saved.")


def make_a_token(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Access").click()
    page.get_by_label("Name", exact=True).fill("Script")
    page.get_by_role("button", name="Make the token").click()
    said(page, "“Script” is made.")


def import_a_text(page: Page) -> None:
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Or paste its text").fill(ICS)
    page.get_by_role("button", name="Import", exact=True).click()
    said(page, "Imported")


@pytest.mark.parametrize("deed", [save_a_setting, make_a_token, import_a_text])
def test_what_was_done_before_a_later_deed_is_not_undone(week: Page, api: Api, deed: object) -> None:
    assert callable(deed)
    deleted(week, api, "Old news")
    deed(week)
    expect(week.locator(".toast:popover-open").get_by_role("button")).to_have_count(0)
    week.get_by_role("heading", level=1).click()
    week.keyboard.press("Control+z")
    said(week, "There is nothing to undo.")
    assert api.starts("Old news") == []


def test_undo_can_be_pressed_while_a_dialog_is_open(week: Page, api: Api) -> None:
    api.event("Lunch", "2027-03-04T12:00", "2027-03-04T13:00")
    deleted(week, api, "Piano")
    event(week, "Lunch").click()
    expect(week.get_by_role("dialog")).to_be_visible()
    week.locator(".toast:popover-open").get_by_role("button", name="Undo").click()
    said(week, "Undone.")
    assert api.starts("Piano") == [f"{WEDNESDAY}T10:00"]
    week.keyboard.press("Escape")
    expect(week.get_by_role("dialog")).to_have_count(0)
    said(week, "Undone.")


def test_undo_is_reached_by_key_in_a_dialog_over_a_dialog(week: Page, api: Api) -> None:
    api.event("Choir", "2027-03-04T12:00", "2027-03-04T13:00", recurrence=["RRULE:FREQ=WEEKLY"])
    deleted(week, api, "Violin")
    event(week, "Choir").click()
    week.get_by_role("dialog").get_by_role("button", name="Delete").click()
    question = week.get_by_role("dialog", name="This event repeats. What should change?")
    question.get_by_role("button", name="Cancel").focus()
    week.keyboard.press("Tab")
    expect(question.get_by_role("button", name="Undo")).to_be_focused()
    week.keyboard.press("Enter")
    said(week, "Undone.")
    assert api.starts("Violin") == [f"{WEDNESDAY}T10:00"]
