"""What somebody writes in the web app and has not saved yet: it is never lost, and nobody else sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, go, open_app
from tests.browser.using_app import WEDNESDAY, WEEK, event, eventually, said

pytestmark = pytest.mark.browser
LONG = "typed for ten minutes"


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    """Without its worker, past which no answer of the server could be made up."""
    return open_app(windows, an, WEEK, service_workers="block")


def refuse(route: Route) -> None:
    route.fulfill(status=401, content_type="application/problem+json", body='{"title": "no"}')


def overtake(route: Route) -> None:
    route.fulfill(status=409, content_type="application/problem+json", body='{"title": "no", "detail": "Not now."}')


def test_a_task_is_not_closed_over_what_is_written_in_it(week: Page) -> None:
    task = Api(week).task("Taxes")
    go(week, f"tasks/{task}")
    week.get_by_label("Notes").fill(LONG)
    week.keyboard.press("Escape")
    expect(week.get_by_text("What you wrote is not saved.")).to_be_visible()
    week.get_by_role("button", name="Go on writing").click()
    expect(week.get_by_label("Notes")).to_have_value(LONG)
    week.get_by_role("button", name="Cancel").click()
    week.get_by_role("button", name="Throw it away").click()
    expect(week.get_by_role("dialog")).to_have_count(0)
    go(week, f"tasks/{task}")
    expect(week.get_by_label("Notes")).to_have_value("")


def test_who_goes_back_from_a_task_finds_what_was_written_when_it_is_opened_again(week: Page) -> None:
    task = Api(week).task("Errands")
    go(week, "tasks")
    week.locator(".task-open", has_text="Errands").click()
    week.get_by_label("Notes").fill(LONG)
    week.go_back()
    expect(week.get_by_role("dialog")).to_have_count(0)
    week.go_forward()
    expect(week.get_by_label("Notes")).to_have_value(LONG)
    week.get_by_role("button", name="Save", exact=True).click()
    expect(week.get_by_role("dialog")).to_have_count(0)
    eventually(week, lambda: Api(week).ask("GET", f"/v1/tasks/{task}")["description"], LONG)


def test_a_setting_that_was_typed_is_there_again_when_one_comes_back(week: Page) -> None:
    go(week, "settings/profile")
    name = week.get_by_label("Your name")
    before = name.input_value()
    name.fill("Anna Longname")
    week.get_by_role("heading", level=1).click()
    week.keyboard.press("w")
    expect(week.locator(".section")).to_have_count(0)
    week.go_back()
    expect(name).to_have_value("Anna Longname")
    week.get_by_role("button", name="Throw it away").click()
    expect(name).to_have_value(before)
    expect(week.get_by_role("button", name="Throw it away")).to_have_count(0)


def test_a_sign_in_that_ends_takes_nothing_along(windows: Windows, week: Page) -> None:
    windows.expected.add(401)
    week.get_by_label("Add by one sentence").fill("Lunch tomorrow")
    week.get_by_label("Add by one sentence").blur()
    week.keyboard.press("n")
    week.get_by_label("Title").fill("Long story")
    week.get_by_label("Notes").fill(LONG)
    week.route("**/v1/**", refuse)
    # Whatever the app asks for by itself may be refused before.
    week.evaluate("document.querySelector('dialog form')?.requestSubmit()")
    expect(week.get_by_role("heading", name="You are signed out.")).to_be_visible()
    week.unroute("**/v1/**")
    week.get_by_role("button", name="Sign in").click()
    expect(week.get_by_label("Notes")).to_have_value(LONG)
    expect(week.get_by_role("dialog")).to_contain_text("What you wrote before is here again")
    week.get_by_role("button", name="Save").click()
    expect(event(week, "Long story")).to_be_visible()
    expect(week.get_by_label("Add by one sentence")).to_have_value("Lunch tomorrow")
    week.reload()
    expect(event(week, "Long story")).to_be_visible()
    expect(week.get_by_role("dialog")).to_have_count(0)


def test_nothing_can_be_typed_into_a_form_that_is_being_saved(windows: Windows, week: Page) -> None:
    windows.expected.add(422)
    held: list[Route] = []
    week.route(
        "**/v1/events", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    week.keyboard.press("n")
    week.get_by_label("Title").fill("Slow")
    with week.expect_request("**/v1/events"):
        week.keyboard.press("Enter")
    week.keyboard.type("er and longer")
    week.keyboard.press("Escape")
    expect(week.locator(".title")).to_have_value("Slow")
    held[0].fulfill(status=422, content_type="application/problem+json", body='{"title": "no", "detail": "Not so."}')
    expect(week.get_by_role("dialog")).to_contain_text("Not so.")
    expect(week.get_by_label("Title")).to_be_focused()
    week.keyboard.type("er")
    expect(week.get_by_label("Title")).to_have_value("Slower")


def test_the_popover_tells_all_of_an_event_and_changes_its_title(week: Page) -> None:
    guests = [{"email": "sam@example.org", "name": "Sam", "partstat": "DECLINED"}]
    api = Api(week)
    api.event("Retreat", f"{WEDNESDAY}T14:00", "2027-03-05T11:00", url="https://meet.example.org/abc", attendees=guests)
    api.change(api.event("Choir", "2027-03-01T10:00", "2027-03-01T11:00", recurrence=["RRULE:FREQ=WEEKLY;BYDAY=MO"]))
    event(week, "Retreat").first.click()
    told = week.get_by_role("dialog")
    expect(told).to_contain_text("Wednesday, March 3 – Friday, March 5, 2027")
    expect(told).to_contain_text("Sam does not come")
    link = told.get_by_role("link", name="https://meet.example.org/abc")
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_blank")
    told.get_by_role("button", name="Retreat").click()
    told.get_by_label("Title").fill("Away")
    week.mouse.click(5, 5)
    expect(told.get_by_label("Title")).to_have_value("Away")
    week.keyboard.press("Escape")
    told.get_by_role("button", name="Retreat").click()
    told.get_by_label("Title").fill("Offsite")
    week.keyboard.press("Enter")
    said(week, "Changed.")
    event(week, "Choir").click()
    expect(told).to_contain_text("Repeats: Weekly, Mon")
    week.keyboard.press("Escape")
    event(week, "Offsite").first.click()
    told.get_by_role("button", name="Duplicate").click()
    week.get_by_label("Title").fill("Copy")
    week.get_by_role("button", name="Save").click()
    expect(event(week, "Copy").first).to_be_visible()
    eventually(week, lambda: api.listed("Copy"), [(f"{WEDNESDAY}T14:00", "2027-03-05T11:00")])
    assert api.listed("Offsite") == api.listed("Copy")
    for each in api.ask("GET", "/v1/events?limit=1000")["items"]:
        api.ask("DELETE", f"/v1/events/{each['id']}")


def test_a_rule_follows_the_day_and_its_numbers_can_be_typed(week: Page) -> None:
    week.keyboard.press("n")
    form = week.get_by_role("dialog")
    form.get_by_label("Starts").fill("2027-03-01")
    form.get_by_label("Repeats").select_option("WEEKLY")
    form.get_by_label("Starts").fill(WEDNESDAY)
    expect(form.locator(".weekdays [aria-pressed=true]")).to_have_text("Wed")
    every = form.get_by_role("spinbutton")
    every.press("End")
    every.press("Backspace")
    expect(every).to_have_value("")
    every.press("2")
    expect(every).to_have_value("2")


def test_what_goes_wrong_with_a_day_of_a_series_is_said_in_the_editor(windows: Windows, week: Page) -> None:
    windows.expected.add(409)
    api = Api(week)
    made = api.event("Fix", "2027-03-01T12:00", "2027-03-01T13:00", recurrence=["RRULE:FREQ=DAILY;COUNT=4"])
    api.ask("DELETE", f"/v1/events/{made['id']}/occurrences/20270302T120000?scope=this")
    expect(event(week, "Fix")).to_have_count(3)
    event(week, "Fix").first.click()
    week.get_by_role("button", name="Edit").click()
    week.get_by_text("Changed and removed days").click()
    give_back = week.get_by_role("button", name="Give it back")
    expect(give_back).to_be_visible()
    week.route(
        "**/v1/events/*", lambda route: overtake(route) if route.request.method == "PATCH" else route.continue_()
    )
    give_back.click()
    expect(week.get_by_role("dialog").get_by_role("alert").filter(has_text="Not now.")).to_be_visible()
    week.unroute("**/v1/events/*")
    give_back.click()
    said(week, "It is back.")
