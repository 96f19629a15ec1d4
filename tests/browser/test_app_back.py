"""Back in the web app: it closes what is open on top, and only then goes to the view before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app, settled
from tests.browser.using_app import WEDNESDAY, WEEK, eventually

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
HAS_ENTRY = "history.state?.over === true"
"""Whether the browser's list of pages has an entry for what is open."""
AGENDA = re.compile(rf"/app/agenda/{WEDNESDAY}$")


@pytest.fixture
def phone(windows: Windows, an: SignedUp) -> Page:
    """It came from the month to the agenda, in which there is an event."""
    page = open_app(windows, an, f"month/{WEDNESDAY}", viewport=PHONE, has_touch=True)
    Api(page).clear()
    Api(page).event("Dentist", f"{WEDNESDAY}T15:00", f"{WEDNESDAY}T16:00")
    page.get_by_role("button", name="Agenda").click()
    settled(page)
    return page


def is_open(page: Page) -> None:
    """The browser has made room for Back, too: that comes after the drawing."""
    expect(page.locator("dialog, .drawn").first).to_be_visible()
    eventually(page, lambda: page.evaluate(HAS_ENTRY), wanted=True)


def is_shut(page: Page) -> None:
    """And the list of pages is as it was."""
    expect(page.get_by_role("dialog")).to_have_count(0)
    eventually(page, lambda: page.evaluate(HAS_ENTRY), wanted=False)


def open_dentist(page: Page) -> None:
    page.locator(".agenda-line", has_text="Dentist").click()
    is_open(page)


def is_agenda(page: Page) -> None:
    expect(page).to_have_url(AGENDA)
    expect(page.locator(".agenda")).to_be_visible()


def test_back_closes_the_sheet_and_keeps_the_view(phone: Page) -> None:
    open_dentist(phone)
    phone.go_back()
    is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone).to_have_url(re.compile("/app/month/"))
    expect(phone.locator(".phone-month")).to_be_visible()


def test_after_esc_back_goes_to_the_view_before_in_one_step(phone: Page) -> None:
    for _ in range(2):
        open_dentist(phone)
        phone.keyboard.press("Escape")
        is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone.locator(".phone-month")).to_be_visible()


def test_back_from_the_editor_asks_for_what_is_written(phone: Page) -> None:
    open_dentist(phone)
    phone.get_by_role("button", name="Edit").click()
    phone.get_by_label("Title").fill("Dentist, again")
    phone.go_back()
    expect(phone.get_by_text("What you wrote is not saved.")).to_be_visible()
    phone.get_by_role("button", name="Go on writing").click()
    expect(phone.get_by_label("Title")).to_have_value("Dentist, again")
    is_open(phone)
    phone.go_back()
    phone.get_by_role("button", name="Throw it away").click()
    is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone.locator(".phone-month")).to_be_visible()


def test_back_closes_one_thing_after_another(phone: Page) -> None:
    """The question how far a change of a series reaches stands over the editor."""
    api = Api(phone)
    api.event("Choir", f"{WEDNESDAY}T18:00", f"{WEDNESDAY}T19:00", recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    phone.locator(".agenda-line", has_text="Choir").first.click()
    phone.get_by_role("button", name="Edit").click()
    phone.get_by_label("Title").fill("Choirs")
    phone.get_by_role("button", name="Save").click()
    question = phone.get_by_text("What should change?")
    expect(question).to_be_visible()
    phone.go_back()
    expect(question).to_have_count(0)
    expect(phone.get_by_label("Title")).to_have_value("Choirs")
    is_agenda(phone)


def test_what_is_open_at_the_start_is_closed_and_the_app_not_left(windows: Windows, an: SignedUp) -> None:
    week = open_app(windows, an, WEEK)
    week.keyboard.press("n")
    is_open(week)
    week.go_back()
    is_shut(week)
    expect(week).to_have_url(re.compile(f"/app/{WEEK}$"))


def test_forward_opens_nothing_and_back_still_goes_to_the_view_before(phone: Page) -> None:
    open_dentist(phone)
    phone.go_back()
    is_shut(phone)
    phone.go_forward()
    is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone.locator(".phone-month")).to_be_visible()


def test_who_goes_on_from_what_is_open_comes_back_to_the_view(windows: Windows, an: SignedUp) -> None:
    """Neither the search nor the drawer is a step of its own."""
    phone = open_app(windows, an, WEEK, viewport=PHONE)
    phone.get_by_role("button", name="Calendars and months").click()
    is_open(phone)
    phone.get_by_role("link", name="Tasks").click()
    expect(phone).to_have_url(re.compile("/app/tasks$"))
    phone.go_back()
    expect(phone.locator(".time-grid")).to_be_visible()
    phone.get_by_role("button", name="Calendars and months").click()
    is_open(phone)
    phone.go_back()
    expect(phone.locator(".drawn")).to_have_count(0)
    expect(phone.locator(".time-grid")).to_be_visible()


def test_after_a_reload_with_something_open_no_back_is_dead(phone: Page) -> None:
    open_dentist(phone)
    phone.reload()
    settled(phone)
    is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone.locator(".phone-month")).to_be_visible()
    expect(phone).to_have_url(re.compile("/app/month/"))


@pytest.mark.parametrize("later", [0, 2, 4, 10, 30])
def test_two_quick_backs_while_the_editor_asks_lose_no_view(phone: Page, later: int) -> None:
    open_dentist(phone)
    phone.get_by_role("button", name="Edit").click()
    phone.get_by_label("Title").fill("Dentist, again")
    is_open(phone)
    phone.evaluate("(later) => { history.back(); setTimeout(() => history.back(), later) }", later)
    phone.wait_for_timeout(300)
    is_open(phone)
    is_agenda(phone)
    expect(phone.get_by_label("Title")).to_have_value("Dentist, again")
    throw_away = phone.get_by_role("button", name="Throw it away")
    if not throw_away.is_visible():  # the second one took the question back
        phone.go_back()
    throw_away.click()
    is_shut(phone)
    is_agenda(phone)
    phone.go_back()
    expect(phone.locator(".phone-month")).to_be_visible()
