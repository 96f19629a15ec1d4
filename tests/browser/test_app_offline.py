"""The web app with no network, beside other devices, and after signing out or an upgrade."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, open_app, sign_up
from tests.browser.using_app import DATABASES, WEDNESDAY, WEEK, event, eventually, kept, said, stand_still
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
CONTROLLED = """new Promise((done) => {
  navigator.serviceWorker.addEventListener('controllerchange', done)
  if (navigator.serviceWorker.controller) done()
})"""
NO_NETWORK = "No network: you see what was kept."


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    """The worker has kept the app's files."""
    page = open_app(windows, an, WEEK)
    page.evaluate(CONTROLLED)
    return page


@pytest.fixture
def api(week: Page) -> Api:
    return Api(week)


def shown(page: Page, api: Api, summary: str, hour: int) -> dict[str, object]:
    made = api.event(summary, f"{WEDNESDAY}T{hour:02}:00", f"{WEDNESDAY}T{hour + 1:02}:00")
    expect(event(page, summary)).to_be_visible()
    return made


@pytest.fixture
def cut(week: Page, windows: Windows) -> Iterator[None]:
    """There is no network from now on; what the console says of that is no fault."""
    yield
    windows.strange[:] = [each for each in windows.strange if "ERR_INTERNET_DISCONNECTED" not in each]


def test_week_and_agenda_open_with_no_network_and_say_so(week: Page, api: Api, cut: None) -> None:
    shown(week, api, "Kept for later", 9)
    kept(week, "Kept for later")
    week.context.set_offline(True)
    week.reload()
    expect(event(week, "Kept for later")).to_be_visible()
    expect(week.get_by_text(NO_NETWORK)).to_be_visible()
    week.goto(f"/app/agenda/{WEDNESDAY}")
    expect(week.locator(".agenda-line", has_text="Kept for later")).to_be_visible()
    expect(week.get_by_text(NO_NETWORK)).to_be_visible()
    week.context.set_offline(False)
    week.evaluate("dispatchEvent(new Event('online'))")
    expect(week.get_by_text(NO_NETWORK)).to_have_count(0)


def test_a_write_with_no_network_is_refused_in_words_and_keeps_what_was_typed(week: Page, api: Api, cut: None) -> None:
    week.context.set_offline(True)
    week.keyboard.press("n")
    week.get_by_label("Title").fill("Not lost")
    week.get_by_label("Notes").fill("every word")
    week.get_by_role("button", name="Save").click()
    expect(week.get_by_role("alert")).to_contain_text("There is no network. Nothing was changed")
    expect(week.get_by_label("Notes")).to_have_value("every word")
    week.context.set_offline(False)
    week.get_by_role("button", name="Save").click()
    said(week, "Added.")
    sentence = week.get_by_label("Add by one sentence")
    week.context.set_offline(True)
    sentence.fill("Lunch with Lan on 5 March 2027")
    week.keyboard.press("Enter")
    said(week, "There is no network")
    expect(sentence).to_have_value("Lunch with Lan on 5 March 2027")


def test_a_move_with_no_network_goes_back_where_it_was(week: Page, api: Api, cut: None) -> None:
    shown(week, api, "Stays", 11)
    week.context.set_offline(True)
    event(week, "Stays").focus()
    stand_still(week)
    week.keyboard.press("ArrowDown")
    expect(event(week, "Stays")).to_contain_text("11:15 AM")
    week.clock.resume()
    said(week, "There is no network")
    expect(event(week, "Stays")).to_contain_text("11 AM")


def test_what_is_changed_elsewhere_appears_without_a_reload(week: Page, api: Api) -> None:
    made = shown(week, api, "From the phone", 13)
    api.change(made, summary="Renamed on the phone")
    expect(event(week, "Renamed on the phone")).to_be_visible(timeout=10_000)
    api.ask("DELETE", f"/v1/events/{made['id']}")
    expect(event(week, "Renamed on the phone")).to_have_count(0, timeout=10_000)


def test_what_is_changed_elsewhere_during_an_outage_appears_after_it(week: Page, api: Api, cut: None) -> None:
    made = shown(week, api, "On the way", 17)
    week.context.set_offline(True)
    week.evaluate("dispatchEvent(new Event('focus'))")
    expect(week.get_by_text(NO_NETWORK)).to_be_visible()
    api.change(made, summary="Changed meanwhile")
    week.context.set_offline(False)
    expect(event(week, "Changed meanwhile")).to_be_visible(timeout=10_000)
    expect(week.get_by_text(NO_NETWORK)).to_have_count(0)


def in_conflict(page: Page, api: Api, windows: Windows, summary: str, hour: int) -> str:
    """Somebody writes a place into an event whose name was changed elsewhere meanwhile; the event's id."""
    windows.expected.add(412)
    made = shown(page, api, summary, hour)
    event(page, summary).click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Title").fill(f"{summary} here")
    page.get_by_label("Place").fill("Sun Inn")
    api.change(made, summary=f"{summary} there", description="from the phone")
    page.get_by_role("button", name="Save").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("changed elsewhere")
    title = told.get_by_role("row", name="Title")
    expect(title).to_contain_text(f"{summary} here")
    expect(title).to_contain_text(f"{summary} there")
    expect(told.get_by_role("row", name="Place")).to_contain_text("Sun Inn")
    expect(told.get_by_role("row")).to_have_count(3)  # with its head: what only they changed is no question
    return str(made["id"])


def test_of_two_versions_mine_is_kept_and_what_only_they_changed_stays(week: Page, api: Api, windows: Windows) -> None:
    name = in_conflict(week, api, windows, "Talk", 15)
    week.get_by_role("button", name="Keep mine").click()
    said(week, "Changed.")
    now = api.ask("GET", f"/v1/events/{name}")
    assert (now["summary"], now["location"], now["description"]) == ("Talk here", "Sun Inn", "from the phone")


def test_of_two_versions_theirs_is_taken(week: Page, api: Api, windows: Windows) -> None:
    name = in_conflict(week, api, windows, "Visit", 16)
    week.get_by_role("button", name="Take what is there").click()
    expect(week.get_by_label("Title")).to_have_value("Visit there")
    week.get_by_role("button", name="Save").click()
    expect(week.get_by_role("dialog")).to_have_count(0)
    now = api.ask("GET", f"/v1/events/{name}")
    assert (now["summary"], now["location"]) == ("Visit there", "")


def test_signing_out_in_one_tab_ends_the_others_and_leaves_nothing(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    windows.expected.add(401)  # the other may just ask
    page = open_app(windows, sign_up(chromium, home, Account("out@example.org", name="Out")), WEEK)
    other = page.context.new_page()
    other.goto(f"/app/{WEEK}")
    other.locator(".shell").wait_for()
    page.get_by_label("Account: Out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{home.url}/")
    expect(other.get_by_role("heading", name="You are signed out.")).to_be_visible()
    expect(other.locator(".shell")).to_have_count(0)
    eventually(page, lambda: page.evaluate(DATABASES), [])
    names = "Object.keys(localStorage).filter(key => !/^aurora-(config|signed-out|hidden-.+)$/.test(key))"
    eventually(page, lambda: page.evaluate(names), [])
    page.goto("/app/")
    expect(page.get_by_label("Password")).to_be_visible()


def test_an_open_tab_whose_version_is_gone_is_loaded_anew(windows: Windows, an: SignedUp) -> None:
    """The files of an older version are neither kept nor served any more once there is a newer one."""
    windows.expected.add(404)
    page = open_app(windows, an, WEEK, service_workers="block")
    loads: list[Page] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded))  # noqa: PLW0108 - Playwright takes functions of Python alone

    def answer(route: Route) -> None:
        if loads:
            route.continue_()
        else:
            route.fulfill(status=404)

    page.route("**/app/assets/trash-*.js", answer)
    with page.expect_event("domcontentloaded"):
        page.get_by_role("link", name="Deleted").click()
    expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    expect(page.locator(".section")).not_to_contain_text("No network")
    assert len(loads) == 1
