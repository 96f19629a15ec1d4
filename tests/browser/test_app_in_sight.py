"""What somebody has to see is seen at once: no scrolling in search of it, on a small desk's screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import SignedUp, Windows, go, open_app
from tests.browser.using_app import WEDNESDAY, WEEK, event

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK, viewport=LAPTOP)


@pytest.fixture
def cut(windows: Windows) -> Iterator[None]:
    """What the console says of a network that is cut is no fault."""
    yield
    windows.strange[:] = [each for each in windows.strange if "ERR_INTERNET_DISCONNECTED" not in each]


def test_why_an_event_was_not_saved_stands_where_one_looks(week: Page, cut: None) -> None:
    week.context.set_offline(True)
    week.keyboard.press("n")
    week.get_by_label("Title").fill("Not lost")
    week.keyboard.press("Enter")
    expect(week.get_by_role("alert")).to_contain_text("There is no network")
    expect(week.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(week.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)


def test_both_answers_to_two_versions_of_an_event_are_seen(week: Page, windows: Windows) -> None:
    windows.expected.add(412)
    api = Api(week)
    made = api.event("Talk", f"{WEDNESDAY}T15:00", f"{WEDNESDAY}T16:00", description="Long. " * 300)
    event(week, "Talk").click()
    week.get_by_role("button", name="Edit").click()
    week.get_by_label("Title").fill("Talk here")
    week.get_by_label("Notes").fill("Short. " * 300)
    api.change(made, summary="Talk there", description="Longer. " * 300)
    week.get_by_role("button", name="Save").click()
    expect(week.get_by_role("alert")).to_be_in_viewport(ratio=1)
    for answer in ("Take what is there", "Keep mine"):
        expect(week.get_by_role("button", name=answer)).to_be_in_viewport(ratio=1)
    week.get_by_role("button", name="Take what is there").click()
    week.keyboard.press("Escape")


def test_why_a_task_was_not_saved_stands_where_one_looks(week: Page, cut: None) -> None:
    ring = {"useDefault": False, "overrides": [{"daysBefore": days, "at": "08:00"} for days in range(4)]}
    weekly = ["RRULE:FREQ=WEEKLY;COUNT=3"]
    task = Api(week).task("Taxes", due={"date": WEDNESDAY}, recurrence=weekly, reminders=ring)
    go(week, f"tasks/{task}")
    week.get_by_label("Title").fill("More taxes")
    week.context.set_offline(True)
    week.keyboard.press("Enter")
    expect(week.get_by_role("alert")).to_be_in_viewport(ratio=1)
    week.context.set_offline(False)


def test_however_much_is_due_the_ways_on_from_the_sidebar_are_seen(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, WEEK, viewport=LAPTOP)
    api = Api(page)
    made = [api.task(f"{number} " + "with a very long name " * 8, due={"date": day()}) for number in range(7)]
    due = page.get_by_role("region", name="Due today")
    expect(due.get_by_role("listitem")).to_have_count(5)
    for line in due.locator(".summary").all():
        box = line.bounding_box()
        assert box
        assert box["height"] < 3 * 16 * 1.25, "no more than two lines"
    for way in ("Tasks", "Settings"):
        expect(page.get_by_role("link", name=way)).to_be_in_viewport(ratio=1)
    due.get_by_role("button", name="and 2 more").click()
    expect(page).to_have_url(re.compile("/app/tasks$"))
    for each in made:
        api.ask("DELETE", f"/v1/tasks/{each}")


def test_a_name_takes_the_lines_for_which_its_event_has_room(week: Page) -> None:
    name = "Donaudampfschifffahrtsgesellschaft meets"
    api = Api(week)
    api.event(f"{name} long", f"{WEDNESDAY}T11:00", f"{WEDNESDAY}T13:00")
    api.event(f"{name} short", f"{WEDNESDAY}T09:00", f"{WEDNESDAY}T09:30")
    lines = {}
    for kind in ("long", "short"):
        box = event(week, f"{name} {kind}").locator(".summary").bounding_box()
        assert box
        lines[kind] = box["height"]
        time = event(week, f"{name} {kind}").locator(".when")
        if kind == "long":
            expect(time).to_be_in_viewport(ratio=1)
    assert lines["long"] > lines["short"]


def test_the_month_says_when_a_night_begins(week: Page) -> None:
    Api(week).event("Night train", f"{WEDNESDAY}T22:00", "2027-03-04T06:00")
    go(week, f"month/{WEDNESDAY}")
    expect(event(week, "Night train").locator(".when")).to_have_text("10 PM")
    expect(event(week, "Night train").locator(".when")).to_be_visible()
    Api(week).clear()


def test_a_sentence_that_is_long_is_told_to_its_end(week: Page) -> None:
    """Where the line for it is narrow, too."""
    week.get_by_label("Add by one sentence").fill("Night train to Hue every Tuesday and Thursday from 23:30 to 6:10")
    told = week.locator("#understood")
    expect(told).to_contain_text("11:30 PM – ")
    expect(told).to_contain_text("6:10 AM")
    expect(told).to_contain_text("every Tue, Thu")
    assert told.evaluate("it => it.scrollWidth <= it.clientWidth")
    expect(told).to_be_in_viewport(ratio=1)
