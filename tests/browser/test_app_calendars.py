"""The calendars of the sidebar, and what the editor knows of a series, in the web app."""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import SignedUp, Windows, go, open_app
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import event
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
DESK: Final = ViewportSize(width=1280, height=800)


def calendar(page: Page, name: str, color: str = "#2f9e44") -> dict[str, Any]:
    made: dict[str, Any] = Api(page).ask("POST", "/v1/calendars", {"name": name, "color": color})
    return made


def show(page: Page, date: str) -> None:
    go(page, f"week/{date}")


def options(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"Options of {name}").click()
    return page.get_by_role("dialog")


# --- calendars --------------------------------------------------------------------------------------------------------
def test_a_calendar_gets_another_name_and_colour_and_a_reminder_of_its_own(app: Page) -> None:
    made = calendar(app, "Choir")
    show(app, "2027-03-10")
    dialog = options(app, "Choir")
    dialog.get_by_label("Name").fill("Big choir")
    dialog.get_by_label("#c2255c").check()
    dialog.get_by_label("Also remind me").select_option("1 hour before")
    assert is_usable(app) == []
    app.set_viewport_size(DESK)
    dialog.get_by_role("button", name="Save").click()
    expect(app.get_by_label("Big choir", exact=True)).to_be_checked()
    now = Api(app).ask("GET", f"/v1/calendars/{made['id']}")
    assert (now["name"], now["color"]) == ("Big choir", "#c2255c")
    (rule,) = [each for each in rules(app) if each["match"]["calendarId"] == [made["id"]]]
    assert [each["minutesBefore"] for each in rule["triggers"]] == [60]
    dialog = options(app, "Big choir")
    expect(dialog.get_by_label("Also remind me")).to_have_value("60")
    dialog.get_by_label("Also remind me").select_option("Only as usual")
    dialog.get_by_role("button", name="Save").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    assert [each for each in rules(app) if each["match"]["calendarId"] == [made["id"]]] == []


def rules(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Api(page).ask("GET", "/v1/reminder-rules")["items"]
    return found


def test_calendars_that_are_hidden_stay_so_and_one_is_shown_alone(app: Page) -> None:
    api, made = Api(app), calendar(app, "Football")
    api.event("Match", "2027-03-09T10:00:00", "2027-03-09T11:00:00", calendarId=made["id"])
    api.event("Work", "2027-03-10T10:00:00", "2027-03-10T11:00:00")
    show(app, "2027-03-10")
    app.get_by_label("Football", exact=True).uncheck()
    expect(event(app, "Match")).to_have_count(0)
    app.reload()
    expect(event(app, "Work")).to_be_visible()
    expect(event(app, "Match")).to_have_count(0)
    options(app, "Football").get_by_role("button", name="Show only this one").click()
    expect(event(app, "Match")).to_be_visible()
    expect(event(app, "Work")).to_have_count(0)
    options(app, "Football").get_by_role("button", name="Show all again").click()
    expect(event(app, "Work")).to_be_visible()


def test_a_deleted_calendar_comes_back_with_undo_and_the_first_one_stays(app: Page) -> None:
    made = calendar(app, "Old school")
    Api(app).event("Reunion", "2027-03-16T10:00:00", "2027-03-16T11:00:00", calendarId=made["id"])
    show(app, "2027-03-17")
    options(app, "Old school").get_by_role("button", name="Delete with all that is in it").click()
    expect(event(app, "Reunion")).to_have_count(0)
    expect(app.get_by_label("Old school", exact=True)).to_have_count(0)
    expect(app.get_by_role("button", name="Undo")).to_be_visible()
    app.keyboard.press("Control+z")
    expect(app.get_by_label("Old school", exact=True)).to_be_visible()
    expect(event(app, "Reunion")).to_be_visible()
    dialog = options(app, "Personal")
    expect(dialog).to_contain_text("it cannot be deleted")
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_calendar_made_elsewhere_appears(app: Page, windows: Windows, an: SignedUp) -> None:
    elsewhere = open_app(windows, an)
    calendar(elsewhere, "From the phone")
    expect(app.get_by_label("From the phone", exact=True)).to_be_visible()


def test_a_calendar_is_read_by_its_secret_link_until_that_is_taken_back(app: Page, home: HomeProcess) -> None:
    made = calendar(app, "Choir tour")
    Api(app).event("Concert", "2027-03-09T19:00:00", "2027-03-09T21:00:00", calendarId=made["id"])
    app.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(app, "2027-03-10")
    dialog = options(app, "Choir tour")
    dialog.get_by_role("button", name="Make a secret link").click()
    field = dialog.locator("input[readonly]")
    expect(field).to_have_value(re.compile(r"/ical/[\w-]{27}\.ics$"))
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("status")).to_have_text("The link is copied.")
    first = str(app.evaluate("navigator.clipboard.readText()"))
    assert first == field.input_value()
    assert "SUMMARY:Concert" in read_by(first).text
    assert is_usable(app) == []
    app.set_viewport_size(DESK)
    dialog.get_by_role("button", name="Make a new one").click()
    expect(dialog).to_contain_text("The link stops working at once")
    dialog.get_by_role("button", name="Make a new one").click()
    expect(field).not_to_have_value(first)
    second = field.input_value()
    assert [read_by(each).status_code for each in (first, second)] == [404, 200]
    dialog.get_by_role("button", name="Cancel").click()
    assert options(app, "Choir tour").locator("input[readonly]").input_value() == second, "it is shown again"
    dialog.get_by_role("button", name="Remove the link").click()
    expect(dialog.get_by_role("button", name="Remove the link")).to_be_focused()
    app.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Make a secret link")).to_be_visible()
    assert read_by(second).status_code == 404
    assert not [each for each in (first, second) if each.rsplit("/", 1)[1] in home.log.read_text()]


def read_by(link: str) -> httpx.Response:
    """As another program does, which knows nothing else."""
    return httpx.get(link, trust_env=False)


# --- the editor -------------------------------------------------------------------------------------------------------
def test_the_days_of_a_series_that_are_not_as_the_others_are_told_and_given_back(app: Page) -> None:
    api = Api(app)
    start, gone, moved = day(-3), day(1), day(2)
    made = api.event("Walk", f"{start}T09:00:00", f"{start}T10:00:00", recurrence=["RRULE:FREQ=DAILY;COUNT=20"])
    path = f"/v1/events/{made['id']}/occurrences"
    api.ask("DELETE", f"{path}/{gone.replace('-', '')}T090000")
    api.ask("PATCH", f"{path}/{moved.replace('-', '')}T090000", {"summary": "Long walk"})
    app.goto(f"/app/day/{start}")
    event(app, "Walk").click()
    app.get_by_role("button", name="Edit").click()
    editor = app.get_by_role("dialog")
    expect(editor.get_by_label("Repeats")).to_have_value("DAILY")
    editor.get_by_text("Changed and removed days").click()
    lines = editor.locator(".exceptions li")
    expect(lines).to_have_text([re.compile("removed"), re.compile("9:00 AM · Long walk")])
    assert is_usable(app) == []
    app.set_viewport_size(DESK)
    editor.get_by_label("Place").fill("The lake")
    lines.first.get_by_role("button").click()
    expect(lines).to_have_count(1)
    lines.first.get_by_role("button").click()
    expect(editor.get_by_text("No day of this series is changed or removed.")).to_be_visible()
    expect(editor.get_by_label("Place")).to_have_value("The lake")
    editor.get_by_role("button", name="Save").click()
    app.get_by_role("button", name="All of them").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    now = [api.ask("GET", f"{path}/{each.replace('-', '')}T090000") for each in (gone, moved)]
    assert [(each["summary"], each["location"]) for each in now] == [("Walk", "The lake")] * 2


def test_an_event_has_a_colour_of_its_own_and_makes_nobody_busy(app: Page) -> None:
    made = Api(app).event("Reading", "2027-03-24T10:00:00", "2027-03-24T11:00:00")
    show(app, "2027-03-24")
    event(app, "Reading").click()
    app.get_by_role("button", name="Edit").click()
    editor = app.get_by_role("dialog")
    editor.get_by_text("Colour, link, categories").click()
    editor.get_by_label("Title").fill("Reading aloud")
    editor.get_by_label("#e8590c").check()
    editor.get_by_label("Others see me as").select_option("Free")
    editor.get_by_label("Who may see it").select_option("Only I: others see that I am busy")
    editor.get_by_role("button", name="Save").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    expect(event(app, "Reading")).to_have_attribute("style", re.compile("--color: ?#e8590c"))
    now = Api(app).ask("GET", f"/v1/events/{made['id']}")
    assert (now["color"], now["transparency"], now["visibility"]) == ("#e8590c", "TRANSPARENT", "PRIVATE")


def test_escape_throws_nothing_away_that_was_typed(app: Page) -> None:
    app.keyboard.press("n")
    editor = app.get_by_role("dialog")
    editor.get_by_label("Title").fill("A long thought")
    for _ in range(3):
        app.keyboard.press("Escape")
    expect(editor.get_by_text("What you wrote is not saved.")).to_be_visible()
    expect(editor.get_by_role("button", name="Go on writing")).to_be_focused()
    app.keyboard.press("Enter")
    expect(editor.get_by_label("Title")).to_have_value("A long thought")
    app.keyboard.press("Escape")
    editor.get_by_role("button", name="Throw it away").click()
    expect(editor).to_have_count(0)
    app.keyboard.press("n")
    app.keyboard.press("Escape")
    expect(editor).to_have_count(0)
