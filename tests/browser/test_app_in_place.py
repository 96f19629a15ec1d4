"""An event is changed in the popover beside it: its title, its time, its place; and nothing of that is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import WEDNESDAY, WEEK, event, eventually, held, said, stand_still

pytestmark = pytest.mark.browser
SCOPES: Final = {"this": "Only this one", "following": "This and all later ones", "all": "All of them"}


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    """Without its worker, past which no answer of the server could be made up."""
    return open_app(windows, an, WEEK, service_workers="block")


@pytest.fixture
def api(week: Page) -> Iterator[Api]:
    """The calendar is empty again after each test."""
    yield Api(week)
    Api(week).clear()


def opened(page: Page, summary: str, number: int = 0) -> Locator:
    """The popover of an event that the page shows."""
    event(page, summary).nth(number).click()
    return page.get_by_role("dialog")


def timed(page: Page, summary: str, number: int = 0) -> Locator:
    """The popover, with the fields of its time."""
    popover = opened(page, summary, number)
    popover.get_by_title("Change the time").click()
    expect(popover.get_by_label("Start time")).to_be_focused()
    return popover


def test_the_time_of_an_event_is_changed_beside_it_and_undone(week: Page, api: Api) -> None:
    api.event("Piano", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Piano")
    popover.get_by_label("Start time").fill("13:30")
    expect(popover.get_by_label("End time")).to_have_value("14:30")
    popover.get_by_label("Ends", exact=True).fill("2027-03-04")
    popover.get_by_label("End time").fill("02:00")
    week.keyboard.press("Enter")
    said(week, "Changed.")
    expect(popover).to_have_count(0)
    assert api.listed("Piano") == [(f"{WEDNESDAY}T13:30", "2027-03-04T02:00")]
    week.get_by_role("button", name="Undo").click()
    said(week, "Undone.")
    assert api.listed("Piano") == [(f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")]


def test_an_event_is_at_its_new_time_before_the_server_has_answered(week: Page, api: Api) -> None:
    api.event("Quick", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    timed(week, "Quick").get_by_label("Starts").fill("2027-03-04")
    waiting = held(week, "**/v1/events/*")
    week.keyboard.press("Enter")
    expect(week.locator(".column").nth(3).locator(".event", has_text="Quick")).to_be_visible()
    eventually(week, lambda: len(waiting), 1)
    waiting[0].continue_()
    said(week, "Changed.")


def test_the_popover_shows_what_is_not_written_yet_and_what_is_changed_elsewhere(week: Page, api: Api) -> None:
    made = api.event("Run", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    event(week, "Run").click()
    popover = week.get_by_role("dialog")
    api.change(made, location="Park")
    expect(popover).to_contain_text("Park")
    week.keyboard.press("Escape")
    stand_still(week)
    week.keyboard.press("ArrowDown")
    week.keyboard.press("Enter")
    expect(popover).to_contain_text("10:15 – 11:15")


def test_the_days_of_an_all_day_event_are_changed_and_it_stays_one(week: Page, api: Api) -> None:
    api.event("Fair", WEDNESDAY, "2027-03-05")
    popover = opened(week, "Fair")
    popover.get_by_title("Change the time").press("Enter")
    expect(popover.get_by_label("Starts")).to_be_focused()
    expect(popover.get_by_label("Start time")).to_have_count(0)
    popover.get_by_label("Starts").fill("2027-03-02")
    expect(popover.get_by_label("Ends", exact=True)).to_have_value("2027-03-03")
    popover.get_by_role("button", name="Save").click()
    said(week, "Changed.")
    assert api.listed("Fair") == [("2027-03-02", "2027-03-04")]


def test_esc_puts_the_time_back_and_the_focus_where_it_was(week: Page, api: Api) -> None:
    api.event("Choir", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Choir")
    popover.get_by_label("Start time").fill("13:30")
    week.keyboard.press("Escape")
    expect(popover.get_by_title("Change the time")).to_be_focused()
    expect(popover).to_contain_text("10:00 – 11:00")
    week.keyboard.press("Enter")
    expect(popover.get_by_label("Start time")).to_have_value("10:00")
    week.keyboard.press("Escape")
    week.keyboard.press("Escape")
    expect(popover).to_have_count(0)
    assert api.listed("Choir") == [(f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")]


def test_an_end_before_its_start_is_told_beside_the_field_until_it_is_mended(week: Page, api: Api) -> None:
    api.event("Backwards", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Backwards")
    popover.get_by_label("End time").fill("09:00")
    week.keyboard.press("Enter")
    ends = popover.get_by_label("End time")
    expect(ends).to_have_attribute("aria-invalid", "true")
    expect(ends).to_have_accessible_description("It ends before it starts. Change one of the two.")
    popover.get_by_label("Ends", exact=True).fill("2027-03-02")
    week.keyboard.press("Enter")
    expect(popover.get_by_role("alert")).to_have_text("It ends before it starts. Change one of the two.")
    popover.get_by_label("Ends", exact=True).fill("2027-03-04")
    expect(popover.get_by_role("alert")).to_have_count(0)
    week.keyboard.press("Enter")
    said(week, "Changed.")
    assert api.listed("Backwards") == [(f"{WEDNESDAY}T10:00", "2027-03-04T09:00")]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_new_time_of_a_series_reaches_as_far_as_is_said(week: Page, api: Api, scope: str) -> None:
    api.event("Standup", "2027-03-01T10:00", "2027-03-01T11:00", recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    expect(event(week, "Standup")).to_have_count(3)
    popover = timed(week, "Standup", 1)
    popover.get_by_label("Start time").fill("12:00")
    week.keyboard.press("Enter")
    week.keyboard.press("Escape")
    expect(popover.get_by_label("Start time")).to_have_value("12:00")
    week.get_by_role("button", name="Save").click()
    week.get_by_role("button", name=SCOPES[scope]).click()
    said(week, "Changed.")
    hours = {"this": [10, 12, 10], "following": [10, 12, 12], "all": [12, 12, 12]}[scope]
    assert api.starts("Standup") == [f"2027-03-0{day}T{hour}:00" for day, hour in enumerate(hours, 1)]


def test_an_event_of_another_zone_is_changed_by_its_own_clocks(week: Page, api: Api) -> None:
    times = {
        "start": {"dateTime": f"{WEDNESDAY}T06:00:00", "timeZone": "Asia/Tokyo"},
        "end": {"dateTime": f"{WEDNESDAY}T09:00:00", "timeZone": "Asia/Bangkok"},
    }
    api.ask("POST", "/v1/events", {"summary": "Flight", **times})
    popover = timed(week, "Flight")
    expect(popover.get_by_label("Start time")).to_have_value("06:00")
    expect(popover.get_by_label("End time")).to_have_value("09:00")
    expect(popover).to_contain_text("Starts: Asia/Tokyo · Ends: Asia/Bangkok")
    popover.get_by_label("Start time").fill("07:00")
    expect(popover.get_by_label("End time")).to_have_value("10:00")
    week.keyboard.press("Enter")
    said(week, "Changed.")
    found = next(each for each in api.ask("GET", "/v1/events")["items"] if each["summary"] == "Flight")
    assert found["start"] == {"dateTime": f"{WEDNESDAY}T07:00:00", "timeZone": "Asia/Tokyo"}
    assert found["end"] == {"dateTime": f"{WEDNESDAY}T10:00:00", "timeZone": "Asia/Bangkok"}


def test_title_time_and_place_are_saved_together(week: Page, api: Api) -> None:
    api.event("Lunch", f"{WEDNESDAY}T12:00", f"{WEDNESDAY}T13:00")
    popover = opened(week, "Lunch")
    popover.get_by_role("button", name="Add a place").click()
    expect(popover.get_by_label("Place")).to_be_focused()
    popover.get_by_label("Place").fill("Sun Inn")
    popover.get_by_title("Change the title").click()
    popover.get_by_label("Title").fill("Late lunch")
    popover.get_by_title("Change the time").click()
    popover.get_by_label("Start time").fill("14:00")
    expect(popover.get_by_label("Place")).to_have_value("Sun Inn")
    popover.get_by_role("button", name="Save").click()
    said(week, "Changed.")
    assert api.listed("Late lunch") == [(f"{WEDNESDAY}T14:00", f"{WEDNESDAY}T15:00")]
    popover = opened(week, "Late lunch")
    popover.get_by_title("Change the place").click()
    expect(popover.get_by_label("Place")).to_have_value("Sun Inn")


def test_who_clicks_beside_the_popover_is_asked_before_anything_typed_goes(week: Page, api: Api) -> None:
    api.event("Yoga", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Yoga")
    popover.get_by_label("Start time").fill("13:30")
    week.mouse.click(5, 5)
    expect(popover).to_contain_text("What you wrote is not saved.")
    popover.get_by_role("button", name="Go on writing").click()
    expect(popover.get_by_label("Start time")).to_have_value("13:30")
    expect(popover.get_by_label("Start time")).to_be_focused()
    week.keyboard.press("Escape")
    popover.get_by_title("Change the time").click()
    expect(popover).not_to_contain_text("What you wrote is not saved.")


def test_a_time_that_could_not_be_saved_is_still_there(windows: Windows, week: Page, api: Api) -> None:
    windows.expected.add(422)
    api.event("Slow", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Slow")
    popover.get_by_label("Start time").fill("13:30")
    no = {"status": 422, "content_type": "application/problem+json", "body": '{"title": "no", "detail": "Not so."}'}
    week.route("**/v1/events/*", lambda route: route.fulfill(**no))  # type: ignore[arg-type]
    week.keyboard.press("Enter")
    expect(popover.get_by_role("alert")).to_have_text("Not so.")
    expect(popover.get_by_label("Start time")).to_have_value("13:30")
    expect(popover.get_by_label("Start time")).to_be_focused()


@pytest.mark.parametrize("choice", ["Keep mine", "Take what is there"])
def test_both_versions_are_shown_where_it_was_changed_elsewhere(
    windows: Windows, week: Page, api: Api, choice: str
) -> None:
    windows.expected.add(412)
    made = api.event("Talk", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00")
    popover = timed(week, "Talk")
    popover.get_by_label("Start time").fill("13:30")
    earlier = {"dateTime": f"{WEDNESDAY}T08:00:00", "timeZone": made["start"]["timeZone"]}
    api.change(made, summary="Debate", start=earlier)
    week.keyboard.press("Enter")
    expect(popover.get_by_role("alert")).to_contain_text("This event was changed elsewhere while you were writing.")
    expect(popover.get_by_role("table")).to_contain_text("8:00")
    popover.get_by_role("button", name=choice).click()
    if choice == "Keep mine":
        said(week, "Changed.")
        assert api.listed("Debate") == [(f"{WEDNESDAY}T13:30", f"{WEDNESDAY}T14:30")]
    else:
        expect(popover.get_by_title("Change the time")).to_contain_text("8:00 – 9:00")
        expect(popover).to_contain_text("Debate")
        assert api.listed("Debate") == [(f"{WEDNESDAY}T08:00", f"{WEDNESDAY}T09:00")]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_everybody_can_change_an_event_in_its_place(week: Page, api: Api, language: str) -> None:
    api.event("Review", f"{WEDNESDAY}T10:00", f"{WEDNESDAY}T11:00", location="Room 12")
    api.ask("PATCH", "/v1/me", {"locale": language})
    week.reload()
    popover = opened(week, "Review")
    in_place = popover.locator(".in-place")
    expect(in_place).to_have_count(3)
    for left in (2, 1, 0):
        in_place.first.click()
        expect(in_place).to_have_count(left)
    popover.locator("input[type=time]").last.fill("00:01")
    week.keyboard.press("Enter")
    expect(popover.get_by_role("alert")).to_be_visible()
    week.mouse.click(5, 5)
    assert is_usable(week) == []
    api.ask("PATCH", "/v1/me", {"locale": "en"})
