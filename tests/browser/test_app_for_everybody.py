"""Every view and dialog of the calendar: for everybody, in both languages, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import WEDNESDAY, WEEK
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def busy(chromium: Browser, home: HomeProcess) -> SignedUp:
    """Somebody whose week has some of everything: long and short, side by side, all-day, a series, a place."""
    somebody = sign_up(chromium, home, Account("busy@example.org", name="Busy"))
    windows = Windows(chromium, home.url)
    page = open_app(windows, somebody, WEEK)
    fill(Api(page))
    windows.close()
    return somebody


def fill(api: Api) -> None:
    api.event("Standup", "2027-03-01T09:00", "2027-03-01T09:15", recurrence=["RRULE:FREQ=DAILY;COUNT=10"])
    api.event("Review", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:30", location="Room 12", description="Bring figures.")
    api.event("Call", f"{WEDNESDAY}T10:30", f"{WEDNESDAY}T11:00", status="TENTATIVE")
    api.event("Night train", f"{WEDNESDAY}T22:00", "2027-03-04T06:00")
    for number in range(4):
        api.event(f"Trip {number}", WEDNESDAY, f"2027-03-0{4 + number}")


@pytest.fixture
def week(windows: Windows, busy: SignedUp) -> Page:
    return open_app(windows, busy, WEEK)


def details(page: Page) -> None:
    page.locator(".event", has_text="Review").click()


def editor(page: Page) -> None:
    page.keyboard.press("n")
    page.get_by_label("Title").fill("Swim")
    page.get_by_label("Repeats").select_option("WEEKLY")
    page.get_by_role("button", name="Time zones").click()
    page.get_by_label("Remind me as usual").uncheck()
    page.get_by_role("button", name="Add a reminder").click()
    page.get_by_label("Guests").fill("minh@example.org")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove minh@example.org").wait_for()


def renamed(page: Page) -> None:
    details(page)
    page.get_by_title("Change the title").click()
    page.get_by_label("Title").wait_for()


def refused(page: Page) -> None:
    page.keyboard.press("n")
    page.get_by_label("Title").fill("Swim")
    page.get_by_label("End time").fill("00:01")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()


def question(page: Page) -> None:
    page.locator(".event", has_text="Standup").first.focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Only this one").wait_for()


def search(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("re")
    page.locator("dialog .agenda-line").first.wait_for()


def helped(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def new_calendar(page: Page) -> None:
    page.get_by_role("button", name="New calendar").click()


def menu(page: Page) -> None:
    page.get_by_label("Account: Busy").click()


def understood(page: Page) -> None:
    page.get_by_label("Add by one sentence").fill("Lunch with Lan tomorrow at noon")
    page.locator("#understood b").wait_for()


def drawer(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Calendars and months").click()
    expect(page.locator("aside")).to_be_visible()


OPENED: Final[Mapping[str, Callable[[Page], None]]] = {
    each.__name__: each
    for each in (details, renamed, editor, refused, question, search, helped, new_calendar, menu, understood, drawer)
}


@pytest.mark.parametrize("view", ["day", "week", "month", "agenda"])
def test_everybody_can_use_the_view(windows: Windows, busy: SignedUp, view: str) -> None:
    """On a phone the week is three days."""
    page = open_app(windows, busy, f"{view}/{WEDNESDAY}")
    page.get_by_text("Trip 3").first.wait_for()
    assert is_usable(page) == []


@pytest.mark.parametrize("name", OPENED)
def test_everybody_can_use_what_opens_over_it(week: Page, name: str) -> None:
    week.get_by_text("Review").first.wait_for()
    OPENED[name](week)
    assert is_usable(week) == []


def test_everybody_can_use_an_empty_agenda(windows: Windows, busy: SignedUp) -> None:
    page = open_app(windows, busy, "agenda/2031-03-03")
    expect(page.get_by_text("Nothing is planned here.")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="New event").click()
    expect(page.get_by_role("dialog", name="New event")).to_be_visible()
    page.keyboard.press("Escape")
    assert is_usable(page) == []


@pytest.fixture
def vietnamese(windows: Windows, an: SignedUp) -> Iterator[Page]:
    page = open_app(windows, an, WEEK)
    Api(page).ask("PATCH", "/v1/me", {"locale": "vi"})
    page.reload()
    yield page
    Api(page).ask("PATCH", "/v1/me", {"locale": "en"})


def test_the_app_speaks_the_language_of_the_person(vietnamese: Page) -> None:
    page = vietnamese
    expect(page.get_by_role("button", name="Hôm nay", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("tháng 3")
    assert page.evaluate("document.documentElement.lang") == "vi"
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="Sự kiện mới")).to_be_visible()
    page.keyboard.press("Escape")
    assert is_usable(page) == []


def test_the_night_has_a_look_of_its_own(week: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    week.emulate_media(color_scheme="light")
    light = week.evaluate(ground)
    week.emulate_media(color_scheme="dark")
    assert week.evaluate(ground) != light
    assert week.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"
