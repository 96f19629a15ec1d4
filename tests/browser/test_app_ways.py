"""The ways through the web app: its search, the phone's drawer, the Back button, the names of its pages."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import SignedUp, Windows, go, open_app
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import WEEK, said

pytestmark = pytest.mark.browser
PHONE: Final = ViewportSize(width=390, height=844)
DRAWER: Final = "Calendars and months"


def found(page: Page, words: str, name: str) -> None:
    """Search for it, and open what is found of that name."""
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(words)
    page.locator("dialog .agenda-line", has_text=name).click()


# --- search -----------------------------------------------------------------------------------------------------------
def test_a_series_is_found_at_its_next_occurrence_and_its_deletion_asks_how_much(app: Page) -> None:
    api = Api(app)
    start = day(-28)
    api.event("Old choir", f"{start}T22:30", f"{start}T23:30", recurrence=["RRULE:FREQ=WEEKLY"])
    found(app, "old choir", "Old choir")
    expect(app).to_have_url(re.compile(f"/{day()}$"))
    expect(app.get_by_role("dialog", name="Old choir")).to_be_visible()
    app.get_by_role("dialog").get_by_role("button", name="Delete").click()
    app.get_by_role("button", name="Only this one").click()
    said(app, "Deleted.")
    assert len(api.listed("Old choir", start, day(21))) == 6


def test_a_series_that_is_over_is_found_at_its_last_occurrence(app: Page) -> None:
    rule = "RRULE:FREQ=YEARLY;COUNT=3"
    Api(app).event("Ancient feast", "2011-05-05T10:00", "2011-05-05T11:00", recurrence=[rule])
    found(app, "ancient", "Ancient feast")
    expect(app).to_have_url(re.compile("/2013-05-05$"))


def test_tasks_are_found_by_their_words_too_and_opened(app: Page) -> None:
    Api(app).task("Nộp thuế thu nhập", due={"date": day(3)})
    go(app, "week")
    found(app, "NHAP thue", "Nộp thuế")
    expect(app.get_by_label("Title")).to_have_value("Nộp thuế thu nhập")
    expect(app).to_have_url(re.compile("/app/tasks/"))


# --- the drawer -------------------------------------------------------------------------------------------------------
@pytest.fixture
def phone(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK, viewport=PHONE)


def drawn(page: Page) -> None:
    page.locator("header").get_by_role("button", name=DRAWER).click()
    expect(page.locator("aside")).to_be_visible()


def shut(page: Page) -> None:
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator("main")).not_to_have_attribute("inert", re.compile(""))


def test_the_drawer_holds_the_focus_until_it_is_left_and_gives_it_back(phone: Page) -> None:
    drawn(phone)
    expect(phone.locator("aside :focus")).to_have_count(1)
    for beneath in ("main", ".quick-add"):
        assert phone.locator(beneath).evaluate("it => it.closest('[inert]') !== null")
    phone.keyboard.press("Escape")
    shut(phone)
    expect(phone.locator("header").get_by_role("button", name=DRAWER)).to_be_focused()
    drawn(phone)
    phone.mouse.click(380, 600)
    shut(phone)
    drawn(phone)
    phone.locator("aside").get_by_role("button", name="Close").click()
    shut(phone)


def test_the_drawer_closes_when_it_has_led_somewhere(phone: Page) -> None:
    drawn(phone)
    phone.locator("aside").get_by_role("button", name="Thursday, March 18, 2027").click()
    expect(phone).to_have_url(re.compile("/three/2027-03-18$"))
    shut(phone)
    drawn(phone)
    phone.locator("aside").get_by_role("link", name="Deleted").click()
    expect(phone).to_have_url(re.compile("/app/trash$"))
    shut(phone)
    phone.go_back()
    expect(phone).to_have_url(re.compile("/three/2027-03-18$"))
    shut(phone)
    drawn(phone)
    phone.set_viewport_size({"width": 1280, "height": 800})
    expect(phone.locator("main")).not_to_have_attribute("inert", re.compile(""))


def test_everybody_can_use_the_drawer(phone: Page) -> None:
    drawn(phone)
    assert is_usable(phone) == []


# --- Back, and names of pages -----------------------------------------------------------------------------------------
def test_back_does_not_open_again_what_was_closed(app: Page) -> None:
    task = Api(app).task("Water the plants", due={"date": "2027-03-03"})
    go(app, WEEK)
    app.get_by_role("button", name=re.compile("^Water the plants")).click()
    expect(app).to_have_url(re.compile(f"/app/tasks/{task}$"))
    expect(app.get_by_role("dialog")).to_be_visible()
    app.keyboard.press("Escape")
    expect(app).to_have_url(re.compile("/app/tasks$"))
    app.go_back()
    expect(app).to_have_url(re.compile(f"/app/{WEEK}$"))
    expect(app.get_by_role("dialog")).to_have_count(0)


def test_every_page_has_a_name_of_its_own(windows: Windows, an: SignedUp, app: Page) -> None:
    for path, title in (
        ("day/2027-03-03", "Wednesday, March 3, 2027"),
        (WEEK, "Week of March 1, 2027"),
        ("month/2027-03-03", "March 2027"),
        ("agenda/2027-03-03", "Agenda from March 3, 2027"),
        ("tasks", "Tasks"),
    ):
        go(app, path)
        expect(app).to_have_title(f"{title} · Aurora Time")
    phone = open_app(windows, an, WEEK, viewport=PHONE)
    expect(phone).to_have_title("3 days from March 3, 2027 · Aurora Time")
