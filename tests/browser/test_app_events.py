"""Events in the web app, as somebody makes, changes and moves them; and what the API then holds."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app
from tests.browser.using_app import WEDNESDAY, WEEK, drag, event, eventually, point, said
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK)


@pytest.fixture
def api(week: Page) -> Api:
    return Api(week)


def shown(page: Page, api: Api, summary: str, start: str = "10:00", end: str = "11:00") -> None:
    """An event on Wednesday that the page shows."""
    api.event(summary, f"{WEDNESDAY}T{start}", f"{WEDNESDAY}T{end}")
    expect(event(page, summary)).to_be_visible()


def test_who_signs_up_on_the_way_to_the_app_lands_in_it(windows: Windows, home: HomeProcess, chromium: Browser) -> None:
    page, account = windows.open(), Account("moi@example.org", name="Moi")
    page.goto("/app/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Name").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Continue").click()
    browser.enter_code(page, browser.printed_code(home.log, account.email))
    expect(page.locator(".shell")).to_be_visible()
    expect(page.get_by_label("Account: Moi")).to_be_visible()
    assert page.evaluate("location.search") == ""


def test_whom_the_issuer_refuses_is_told_why_and_may_try_again(windows: Windows) -> None:
    page = windows.open()
    with page.expect_request("**/authorize?*") as asked:
        page.goto("/app/")
    (state,) = parse_qs(urlsplit(asked.value.url).query)["state"]
    why = "PreSignUp failed with error Only who is invited."
    page.goto(f"/app/?{urlencode({'error': 'invalid_request', 'error_description': why, 'state': state})}")
    expect(page.get_by_role("heading", name="You are not signed in.")).to_be_focused()
    expect(page.get_by_text("Only who is invited.", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{windows.url}/app/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert [windows.strange.pop()[:8] for _ in windows.strange[:]] == ["console:"], "it is noted for whoever looks"


def test_who_is_signed_in_there_and_unknown_here_is_told_so_and_not_sent_to_and_fro(
    windows: Windows, an: SignedUp
) -> None:
    windows.expected = {401}
    page = windows.open(storage_state={"cookies": an.state["cookies"], "origins": []})
    unknown = {"type": "/problems#unauthorized", "title": "Sign in", "status": 401, "detail": "Send a token."}
    told = {"type": "/problems#not-taken", "title": "Not here", "status": 401, "detail": "Nobody invited you."}
    page.route("**/v1/**", lambda route: route.fulfill(status=401, json=unknown))
    page.route("**/v1/me", lambda route: route.fulfill(status=401, json=told))
    page.goto("/app/")
    expect(page.get_by_role("heading", name="You are not signed in.")).to_be_focused()
    expect(page.get_by_text("Nobody invited you.")).to_be_visible()
    page.unroute("**/v1/me")
    page.unroute("**/v1/**")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".shell")).to_be_visible()


def test_an_event_is_drawn_into_the_week(week: Page, api: Api) -> None:
    drag(week, point(week, 1, 9), point(week, 1, 10.5))
    week.get_by_label("Title").fill("Coffee with Minh")
    week.get_by_role("button", name="Save").click()
    expect(event(week, "Coffee with Minh")).to_be_visible()
    said(week, "Added.")
    assert api.listed("Coffee with Minh") == [("2027-03-02T09:00", "2027-03-02T10:30")]
    week.reload()
    expect(event(week, "Coffee with Minh")).to_be_visible()


def test_a_sentence_is_understood_before_it_is_saved(week: Page, api: Api) -> None:
    week.get_by_label("Add by one sentence").fill("Lunch with Lan on 5 March 2027 at 12:30 at Sun Inn")
    understood = week.locator("#understood")
    expect(understood).to_contain_text("Lunch with Lan")
    expect(understood).to_contain_text("Mar 5")
    expect(understood).to_contain_text("Sun Inn")
    assert api.starts("Lunch with Lan") == [], "nothing is saved yet"
    week.keyboard.press("Enter")
    expect(event(week, "Lunch with Lan")).to_be_visible()
    expect(week.get_by_label("Add by one sentence")).to_have_value("")
    eventually(week, lambda: api.starts("Lunch with Lan"), ["2027-03-05T12:30"])


def test_an_event_is_written_by_the_form(week: Page, api: Api) -> None:
    week.get_by_role("button", name="New event").click()
    form = week.get_by_role("dialog", name="New event")
    form.get_by_label("Title").fill("Family in Huế")
    form.get_by_label("Remind me as usual").uncheck()
    form.get_by_role("button", name="Add a reminder").click()
    form.get_by_label("All day").check()
    form.get_by_label("Starts").fill("2027-03-04")
    form.get_by_label("Ends", exact=True).first.fill("2027-03-06")
    form.get_by_label("Place").fill("Huế")
    form.get_by_label("Guests").fill("minh@example.org")
    form.get_by_role("button", name="Save").click()
    event(week, "Family in Huế").click()
    expect(week.get_by_role("dialog")).to_contain_text("Reminds you: ")
    eventually(week, lambda: api.listed("Family in Huế"), [("2027-03-04", "2027-03-07")])
    found = api.ask("GET", "/v1/events?from=2027-03-04&to=2027-03-05")["items"]
    made = next(each for each in found if each["summary"] == "Family in Huế")
    assert (made["location"], made["attendees"][0]["email"]) == ("Huế", "minh@example.org")
    first = made["reminders"]["overrides"][0]
    assert (first["daysBefore"], first["at"]) == (1, "08:00"), "a day has no minutes before it"


def test_an_event_that_ends_before_it_starts_is_refused_beside_what_was_typed(week: Page) -> None:
    week.keyboard.press("n")
    week.get_by_label("Title").fill("Backwards")
    week.get_by_label("End time").fill("00:01")
    week.set_viewport_size({"width": 390, "height": 480})
    week.get_by_label("Notes").focus()
    week.get_by_role("button", name="Save").click()
    expect(week.get_by_role("alert")).to_contain_text("It ends before it starts")
    expect(week.get_by_role("alert")).to_be_in_viewport()
    expect(week.get_by_label("Title")).to_have_value("Backwards")


def test_an_event_is_dragged_to_another_time_and_day(week: Page, api: Api) -> None:
    shown(week, api, "Dentist")
    drag(week, point(week, 2, 10.5), point(week, 3, 13))
    said(week, "Changed.")
    assert api.listed("Dentist") == [("2027-03-04T12:30", "2027-03-04T13:30")]


def test_an_event_is_made_longer_by_pulling_its_end(week: Page, api: Api) -> None:
    shown(week, api, "Yoga", "14:00", "15:00")
    pull = event(week, "Yoga").locator(".pull").bounding_box()
    assert pull
    drag(week, (pull["x"] + 20, pull["y"] + pull["height"] / 2), point(week, 2, 16))
    said(week, "Changed.")
    assert api.listed("Yoga") == [("2027-03-03T14:00", "2027-03-03T16:00")]


def test_arrows_move_an_event_as_far_as_they_are_pressed(week: Page, api: Api) -> None:
    shown(week, api, "Standup", "08:00", "08:30")
    event(week, "Standup").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown"):
        week.keyboard.press(key)
    expect(event(week, "Standup")).to_be_focused()
    said(week, "Changed.")
    expect(event(week, "Standup")).to_be_focused()
    # Who presses them slowly has changed it more than once.
    eventually(week, lambda: api.listed("Standup"), [("2027-03-04T08:45", "2027-03-04T09:30")])


def test_what_was_done_is_undone_by_the_button_and_by_ctrl_z(week: Page, api: Api) -> None:
    shown(week, api, "Piano", "16:00", "17:00")
    event(week, "Piano").focus()
    week.keyboard.press("Delete")
    said(week, "Deleted.")
    expect(event(week, "Piano")).to_have_count(0)
    assert api.starts("Piano") == []
    week.get_by_role("button", name="Undo").click()
    expect(event(week, "Piano")).to_be_visible()
    eventually(week, lambda: api.starts("Piano"), ["2027-03-03T16:00"])
    event(week, "Piano").focus()
    week.keyboard.press("ArrowDown")
    said(week, "Changed.")
    week.keyboard.press("Control+z")
    said(week, "Undone.")
    assert api.starts("Piano") == ["2027-03-03T16:00"]
