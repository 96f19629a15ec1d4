"""Series in the web app: this, this and following, all; by the form, by drag and by the Delete key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app
from tests.browser.using_app import WEEK, drag, event, eventually, held, point, said

pytestmark = pytest.mark.browser
DAYS: Final = ["2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04", "2027-03-05"]
SCOPES: Final = {"this": "Only this one", "following": "This and all later ones", "all": "All of them"}
FROM: Final = {"this": 2, "following": 2, "all": 0}
"""The first of the five days that a change of Wednesday's reaches; the last is Wednesday or Friday."""


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK)


@pytest.fixture
def api(week: Page) -> Iterator[Api]:
    """The calendar is empty again after each test."""
    yield Api(week)
    Api(week).clear()


def five(page: Page, api: Api) -> None:
    """From Monday to Friday at ten."""
    api.event("Standup", "2027-03-01T10:00", "2027-03-01T11:00", recurrence=["RRULE:FREQ=DAILY;COUNT=5"])
    expect(event(page, "Standup")).to_have_count(5)


def reached(scope: str) -> list[bool]:
    return [FROM[scope] <= number and (scope != "this" or number == 2) for number in range(5)]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_new_title_reaches_as_far_as_is_said(week: Page, api: Api, scope: str) -> None:
    five(week, api)
    event(week, "Standup").nth(2).click()
    week.get_by_role("button", name="Edit").click()
    week.get_by_label("Title").fill("Sit-down")
    week.get_by_role("button", name="Save").click()
    week.get_by_role("button", name=SCOPES[scope]).click()
    said(week, "Changed.")
    wanted = [day for day, is_in in zip(DAYS, reached(scope), strict=True) if is_in]
    expect(event(week, "Sit-down")).to_have_count(len(wanted))
    eventually(week, lambda: [start[:10] for start in api.starts("Sit-down")], wanted)
    assert [start[:10] for start in api.starts("Standup")] == [day for day in DAYS if day not in wanted]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_drag_moves_as_many_as_is_said(week: Page, api: Api, scope: str) -> None:
    five(week, api)
    drag(week, point(week, 2, 10.5), point(week, 2, 12.5))
    week.get_by_role("button", name=SCOPES[scope]).click()
    said(week, "Changed.")
    hours = ["12:00" if is_in else "10:00" for is_in in reached(scope)]
    assert api.starts("Standup") == [f"{day}T{hour}" for day, hour in zip(DAYS, hours, strict=True)]


@pytest.mark.parametrize("scope", SCOPES)
def test_delete_takes_as_many_as_is_said_and_undo_brings_them_back(week: Page, api: Api, scope: str) -> None:
    five(week, api)
    event(week, "Standup").nth(2).focus()
    week.keyboard.press("Delete")
    week.get_by_role("button", name=SCOPES[scope]).click()
    said(week, "Deleted.")
    assert [start[:10] for start in api.starts("Standup")] == [
        day for day, is_in in zip(DAYS, reached(scope), strict=True) if not is_in
    ]
    week.keyboard.press("Control+z")
    said(week, "Undone.")
    expect(event(week, "Standup")).to_have_count(5)
    assert [start[:10] for start in api.starts("Standup")] == DAYS


def test_a_change_made_elsewhere_right_after_a_deletion_is_not_written_over(
    windows: Windows, week: Page, api: Api
) -> None:
    windows.expected.add(412)
    five(week, api)
    held(week, "**/v1/events?*")
    event(week, "Standup").first.focus()
    week.keyboard.press("Delete")
    with week.expect_response("**/occurrences/*"):
        week.get_by_role("button", name=SCOPES["this"]).click()
    (series,) = api.ask("GET", "/v1/events")["items"]
    api.change(series, location="Room 4")
    event(week, "Standup").first.focus()
    week.keyboard.press("Delete")
    with week.expect_response("**/occurrences/*") as answer:
        week.get_by_role("button", name=SCOPES["this"]).click()
    assert answer.value.status == 412
    week.unroute("**/v1/events?*")
    said(week, "It was changed elsewhere meanwhile")
    assert [start[:10] for start in api.starts("Standup")] == DAYS[1:]


def test_who_thinks_better_of_it_has_changed_nothing(week: Page, api: Api) -> None:
    five(week, api)
    event(week, "Standup").nth(2).focus()
    week.keyboard.press("ArrowDown")
    expect(week.get_by_role("dialog")).to_contain_text("This event repeats")
    week.keyboard.press("Escape")
    expect(event(week, "Standup").nth(2)).to_contain_text("10 AM")
    assert api.starts("Standup") == [f"{day}T10:00" for day in DAYS]


def test_a_series_is_made_by_the_form_and_ends_when_it_is_told(week: Page, api: Api) -> None:
    week.keyboard.press("n")
    form = week.get_by_role("dialog", name="New event")
    form.get_by_label("Title").fill("Swim")
    form.get_by_label("Starts").fill("2027-03-02")
    form.get_by_label("Start time").fill("07:00")
    form.get_by_label("Repeats").select_option("WEEKLY")
    form.get_by_role("button", name="Thu").click()
    form.locator(".recurrence select").last.select_option("after")
    form.get_by_role("spinbutton", name="Times").fill("3")
    form.get_by_role("button", name="Save").click()
    expect(event(week, "Swim")).to_have_count(2)
    eventually(week, lambda: api.starts("Swim"), ["2027-03-02T07:00", "2027-03-04T07:00", "2027-03-09T07:00"])


def test_two_are_deleted_one_after_the_other_before_the_first_answer_has_come(week: Page, api: Api) -> None:
    five(week, api)
    waiting: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if waiting:
            route.continue_()
        else:
            waiting.append(route)

    week.route("**/occurrences/*", hold_the_first)
    for left in (4, 3):
        event(week, "Standup").first.focus()
        week.keyboard.press("Delete")
        week.get_by_role("button", name=SCOPES["this"]).click()
        expect(event(week, "Standup")).to_have_count(left)
    eventually(week, lambda: len(waiting), 1)
    waiting[0].continue_()
    eventually(week, lambda: [start[:10] for start in api.starts("Standup")], DAYS[2:])
    week.keyboard.press("Control+z")
    said(week, "Undone.")
    event(week, "Standup").last.focus()
    week.keyboard.press("Delete")
    week.get_by_role("button", name=SCOPES["this"]).click()
    said(week, "Deleted.")
    assert [start[:10] for start in api.starts("Standup")] == DAYS[1:4]
