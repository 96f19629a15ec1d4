"""Booking times in the web app: made, changed and published, and what comes of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import ZONE, SignedUp, Windows, open_app
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import eventually

pytestmark = pytest.mark.browser
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def schedule(page: Page, **parts: Any) -> dict[str, Any]:
    """One whose hours are nine to noon each day, in the reader's zone."""
    weekly = [{"days": DAYS, "from": "09:00", "to": "12:00"}]
    body = {"name": "Advice", "timeZone": ZONE, "weekly": weekly, "slotMinutes": 60, **parts}
    made: dict[str, Any] = Api(page).ask("POST", "/v1/schedules", body)
    return made


def show(page: Page, schedule_id: str) -> None:
    page.goto(f"/app/schedules/{schedule_id}")
    page.get_by_role("group", name="Hours of the week").wait_for()


def read(page: Page, schedule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = Api(page).ask("GET", f"/v1/schedules/{schedule_id}")
    return found


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast:popover-open")).to_have_text("Saved.")
    expect(page.get_by_text("There are changes that are not saved.")).to_have_count(0)


def test_who_has_no_booking_times_makes_some_with_one_click_and_publishes_them(app: Page, windows: Windows) -> None:
    app.goto("/app/schedules")
    expect(app.get_by_text("You have no booking times yet.")).to_be_visible()
    assert is_usable(app) == []
    app.get_by_role("button", name="Make booking times").click()
    app.get_by_label("Name", exact=True).fill("Cà phê với An")
    app.get_by_role("button", name="Suggest one").click()
    expect(app.get_by_label("Public page")).to_have_value("ca-phe-voi-an")
    save(app)
    expect(app.get_by_role("heading", name="Cà phê với An")).to_be_visible()
    link = app.get_by_role("link", name="Open the page")
    expect(link).to_have_attribute("href", "/book/ca-phe-voi-an")
    app.context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.get_by_role("button", name="Copy the link").click()
    expect(app.get_by_text("The link is copied.")).to_be_visible()
    stranger = windows.open()
    stranger.goto(app.evaluate("navigator.clipboard.readText()"))
    expect(stranger.get_by_role("heading", name="Book a time with An")).to_be_visible()


def test_a_day_has_several_hours_and_they_are_copied_to_other_days(app: Page) -> None:
    made = schedule(app)
    show(app, made["id"])
    app.get_by_role("button", name="Monday: Add hours").click()
    app.get_by_label("Monday, From").nth(1).fill("13:30")
    app.get_by_label("Monday, To").nth(1).fill("18:00")
    app.get_by_role("button", name="Saturday: Remove these hours").click()
    app.get_by_role("button", name="Copy to other days: Monday").click()
    app.get_by_role("dialog").get_by_role("button", name="Tue").click()
    app.get_by_role("dialog").get_by_role("button", name="Sun").click()
    app.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).click()
    save(app)
    assert read(app, made["id"])["weekly"] == [
        {"days": ["MO", "TU", "WE", "TH", "FR", "SU"], "from": "09:00", "to": "12:00"},
        {"days": ["MO", "TU", "SU"], "from": "13:30", "to": "18:00"},
    ]


def test_hours_that_make_no_sense_are_told_beside_them_and_not_sent(app: Page) -> None:
    made = schedule(app)
    show(app, made["id"])
    app.get_by_label("Wednesday, To").fill("08:00")
    expect(app.get_by_role("alert").filter(has_text="These hours end before they begin.")).to_be_visible()
    expect(app.get_by_label("Wednesday, To")).to_have_attribute("aria-invalid", "true")
    app.get_by_role("button", name="Save").click()
    expect(app.get_by_text("Some hours are not right yet")).to_be_visible()
    assert read(app, made["id"])["etag"] == made["etag"]


def test_a_date_has_hours_of_its_own_and_the_details_are_kept(app: Page) -> None:
    made = schedule(app)
    show(app, made["id"])
    app.get_by_role("button", name="+ Add a date").click()
    app.get_by_label("Date", exact=True).fill("2027-12-24")
    expect(app.get_by_text("Day off", exact=True)).to_be_visible()
    app.get_by_label("Length of a booking").select_option("45 minutes")
    app.get_by_label("Free after each").select_option("15 minutes")
    app.get_by_label("At least so long ahead").select_option("1 day")
    zones = app.get_by_label("Time zone")
    expect(zones.locator("option", has_text="Saigon")).to_have_count(0)
    expect(zones.locator("option", has_text="Ho Chi Minh")).to_have_count(1)
    zones.select_option("Europe/Berlin")
    app.get_by_label("Only these").check()
    save(app)
    now = read(app, made["id"])
    assert now["overrides"] == [{"date": "2027-12-24", "hours": []}]
    told = [now[name] for name in ("slotMinutes", "bufferAfter", "minimumNotice", "timeZone")]
    assert told == [45, 15, 1440, "Europe/Berlin"]
    assert len(now["busyCalendarIds"]) == 1
    app.get_by_role("button", name="Remove this date: 2027-12-24").click()
    app.get_by_label("All my calendars").check()
    save(app)
    assert (read(app, made["id"])["overrides"], read(app, made["id"])["busyCalendarIds"]) == ([], [])


def test_what_was_typed_stays_while_one_looks_elsewhere_and_over_a_change_made_elsewhere(
    app: Page, windows: Windows
) -> None:
    windows.expected = {412}
    made = schedule(app)
    show(app, made["id"])
    app.get_by_label("Name", exact=True).fill("Advice and tea")
    app.get_by_role("button", name="Month", exact=True).click()
    app.get_by_role("link", name="Booking times").click()
    app.get_by_role("link", name="Advice").last.click()
    expect(app.get_by_label("Name", exact=True)).to_have_value("Advice and tea")
    Api(app).ask("PATCH", f"/v1/schedules/{made['id']}", {"slotMinutes": 30})
    app.get_by_role("button", name="Save").click()
    expect(app.get_by_role("alert").filter(has_text="changed elsewhere")).to_be_visible()
    expect(app.get_by_role("button", name="Save mine over it")).to_be_in_viewport(ratio=1)
    app.get_by_role("button", name="Save mine over it").click()
    expect(app.get_by_role("heading", name="Advice and tea")).to_be_visible()
    assert read(app, made["id"])["name"] == "Advice and tea"


def test_an_address_that_somebody_has_is_told_beside_its_field(app: Page, windows: Windows) -> None:
    windows.expected = {409, 422}
    schedule(app, slug="taken-by-me")
    other = schedule(app, name="Second")
    show(app, other["id"])
    app.get_by_label("Public page").fill("taken-by-me")
    app.get_by_role("button", name="Save").click()
    expect(app.locator("#slug-problem")).not_to_be_empty()
    expect(app.locator("#slug-problem")).to_be_in_viewport(ratio=1)
    expect(app.get_by_label("Public page")).to_have_attribute("aria-invalid", "true")
    expect(app.get_by_label("Public page")).to_have_value("taken-by-me")


def test_each_time_of_a_day_says_why_it_cannot_be_booked(app: Page) -> None:
    made = schedule(app, minimumNotice=0, horizonDays=366)
    Api(app).event("Taken", f"{day(7)}T10:00:00", f"{day(7)}T11:00:00")
    show(app, made["id"])
    app.get_by_label("Day", exact=True).fill(day(7))
    lines = app.locator(".slots li")
    told = ("9:00.AM.*Free", "10:00.AM.*Something else takes this time", "11:00.AM.*Free")
    expect(lines).to_have_text([re.compile(each) for each in told])
    app.get_by_label("Day", exact=True).fill(day(-1))
    expect(lines).to_have_text([re.compile("9:00.*11:00.*Too soon")])


def test_a_booking_that_came_is_shown_and_cancelled(app: Page) -> None:
    made = schedule(app, minimumNotice=0, slug="an-advice")
    path = f"/v1/schedules/{made['id']}"
    slot = Api(app).ask("GET", f"{path}/slots?from={day(1)}&to={day(9)}")["items"][0]
    Api(app).ask("POST", f"{path}/bookings", {"start": slot["start"], "name": "Sam", "email": "sam@example.org"})
    show(app, made["id"])
    booked = app.get_by_role("listitem").filter(has_text="sam@example.org")
    expect(booked).to_contain_text(re.compile("9:00.*10:00 AM"))
    assert is_usable(app) == []
    booked.get_by_role("button", name=re.compile("Cancel the booking: Sam")).click()
    app.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(booked).to_be_visible()
    booked.get_by_role("button", name=re.compile("Cancel the booking: Sam")).click()
    app.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    expect(app.get_by_text("Nobody has booked yet.")).to_be_visible()
    eventually(app, lambda: Api(app).ask("GET", f"{path}/bookings")["items"], [])


def test_booking_times_are_deleted_after_a_question(app: Page) -> None:
    made = schedule(app, name="Old times")
    show(app, made["id"])
    app.get_by_role("button", name="Delete these booking times").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete “Old times”?")
    dialog.get_by_role("button", name="Delete these booking times").click()
    expect(app.get_by_role("button", name="Make booking times")).to_be_visible()
    expect(app.get_by_role("link", name="Old times")).to_have_count(0)


def test_the_grid_leaves_the_hours_of_the_schedule_white(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an)
    for each in Api(page).ask("GET", "/v1/schedules")["items"]:
        Api(page).ask("DELETE", f"/v1/schedules/{each['id']}")
    schedule(page)
    page.goto("/app/week/2031-01-07")
    hour = page.locator(".columns").evaluate("place => place.offsetHeight / 24")
    heights = page.locator(".column").nth(5).locator(".off-hours")
    expect(heights).to_have_count(2)
    assert heights.evaluate_all("all => all.map(each => each.offsetHeight)") == pytest.approx(
        [9 * hour, 12 * hour], abs=2
    )
