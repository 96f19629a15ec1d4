"""What was deleted, in the web app, and its way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import Windows
from tests.browser.test_account_for_everybody import is_usable

pytestmark = pytest.mark.browser


@pytest.fixture
def elsewhere(app: Page) -> Api:
    return Api(app)


def test_an_event_and_a_task_are_restored(app: Page, elsewhere: Api) -> None:
    dentist = elsewhere.ask("POST", "/v1/events", {"summary": "Dentist", "start": {"dateTime": f"{day()}T09:00:00"}})
    elsewhere.ask("DELETE", f"/v1/events/{dentist['id']}")
    task = elsewhere.task("Call the bank", due={"date": day()})
    elsewhere.ask("DELETE", f"/v1/tasks/{task}")
    app.goto("/app/trash")
    expect(app.locator(".thing", has_text="Dentist")).to_contain_text("stays 30 days more")
    app.get_by_role("button", name="Restore: Dentist").click()
    expect(app.locator(".toast:popover-open")).to_contain_text("Restored.")
    expect(app.locator(".thing", has_text="Dentist")).to_have_count(0)
    app.get_by_role("button", name="Restore: Call the bank").press("Enter")
    expect(app.get_by_role("region", name="Due today")).to_contain_text("Call the bank")
    app.get_by_role("button", name="Day", exact=True).click()
    expect(app.locator(".event", has_text="Dentist")).to_be_visible()


def test_a_calendar_comes_back_with_all_that_was_in_it(app: Page, elsewhere: Api) -> None:
    choir = elsewhere.ask("POST", "/v1/calendars", {"name": "Choir", "color": "#ae3ec9"})["id"]
    elsewhere.task("Copy the music", calendarId=choir, due={"date": day()})
    elsewhere.ask("DELETE", f"/v1/calendars/{choir}")
    app.goto("/app/trash")
    app.get_by_text("What was deleted with it").click()
    expect(app.get_by_role("button", name="Restore: Copy the music")).to_be_visible()
    app.get_by_role("button", name="Restore: Choir").click()
    expect(app.locator(".toast:popover-open")).to_contain_text("Restored.")
    expect(app.locator("aside").get_by_text("Choir")).to_be_visible()
    expect(app.get_by_role("region", name="Due today")).to_contain_text("Copy the music")


def test_what_cannot_come_back_says_why_and_stays(app: Page, elsewhere: Api, windows: Windows) -> None:
    windows.expected = {409}
    twice = {"summary": "Twice", "start": {"date": day()}, "uid": "twice@example.org"}
    gone = elsewhere.ask("POST", "/v1/events", twice)
    elsewhere.ask("DELETE", f"/v1/events/{gone['id']}")
    elsewhere.ask("POST", "/v1/events", twice)
    app.goto("/app/trash")
    app.get_by_role("button", name="Restore: Twice").click()
    expect(app.locator(".toast:popover-open")).to_contain_text("uid")
    expect(app.get_by_role("button", name="Restore: Twice")).to_contain_text("Restore")


def test_the_trash_can_be_used_by_everybody(app: Page, elsewhere: Api) -> None:
    app.route("**/v1/trash?*", lambda route: route.fulfill(json={"items": [], "nextCursor": None}))
    app.goto("/app/trash")
    expect(app.get_by_text("Nothing is deleted.")).to_be_visible()
    assert is_usable(app) == []
    app.unroute("**/v1/trash?*")
    choir = elsewhere.ask("POST", "/v1/calendars", {"name": "Choir of the street", "color": "#f08c00"})["id"]
    elsewhere.ask("POST", "/v1/events", {"summary": "Rehearsal", "start": {"date": day(2)}, "calendarId": choir})
    elsewhere.ask("DELETE", f"/v1/calendars/{choir}")
    app.goto("/app/trash")
    app.locator(".thing", has_text="Choir of the street").get_by_text("What was deleted with it").click()
    expect(app.get_by_role("button", name="Restore: Rehearsal")).to_be_visible()
    assert is_usable(app) == []
