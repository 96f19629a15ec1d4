"""The whole main job by keyboard alone: nothing here touches a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import SignedUp, Windows, open_app
from tests.browser.using_app import WEEK, event, eventually, said, stand_still

pytestmark = pytest.mark.browser
MOST_TABS = 80


@pytest.fixture
def week(windows: Windows, an: SignedUp) -> Page:
    return open_app(windows, an, WEEK)


@pytest.fixture
def api(week: Page) -> Api:
    return Api(week)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus; it must be seen that it has."""
    told = "[document.activeElement].filter(it => it !== document.body).map(it => it.ariaLabel ?? it.textContent)[0]"
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in (page.evaluate(told) or ""):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never came to {name}")


def test_an_event_is_written_moved_changed_found_deleted_and_brought_back(week: Page, api: Api) -> None:
    press(week, "n")
    expect(week.get_by_label("Title")).to_be_focused()
    week.keyboard.type("Tea with Hoa")
    press(week, "Enter")
    said(week, "Added.")
    assert api.starts("Tea with Hoa") == ["2027-03-03T09:00"]

    tab_to(week, "Tea with Hoa")
    press(week, "ArrowDown", "ArrowDown", "ArrowLeft")
    said(week, "Changed.")
    expect(event(week, "Tea with Hoa")).to_be_focused()
    # Who presses them slowly has changed it more than once.
    eventually(week, lambda: api.starts("Tea with Hoa"), ["2027-03-02T09:30"])
    press(week, "Shift+ArrowDown")
    expect(event(week, "Tea with Hoa")).to_have_accessible_name("Tea with Hoa, 9:30 – 10:45 AM, Tuesday, March 2, 2027")

    press(week, "Enter")
    expect(week.get_by_role("dialog", name="Tea with Hoa")).to_be_visible()
    tab_to(week, "Edit")
    press(week, "Enter")
    expect(week.get_by_label("Title")).to_be_focused()
    press(week, "End")
    week.keyboard.type(" and Minh")
    press(week, "Enter")
    expect(event(week, "Tea with Hoa and Minh")).to_be_focused()
    eventually(week, lambda: api.listed("Tea with Hoa and Minh"), [("2027-03-02T09:30", "2027-03-02T10:45")])

    press(week, "Delete")
    said(week, "Deleted.")
    assert api.starts("Tea with Hoa and Minh") == []
    press(week, "Control+z")
    said(week, "Undone.")
    assert api.starts("Tea with Hoa and Minh") == ["2027-03-02T09:30"]

    press(week, "a")
    expect(week).to_have_url(re.compile("/app/agenda/2027-03-03$"))
    expect(week.locator(".agenda-line")).to_have_count(0)
    press(week, "/")
    week.keyboard.type("minh")
    expect(week.locator("dialog .agenda-line")).to_be_visible()
    tab_to(week, "Tea with Hoa and Minh")
    press(week, "Enter")
    expect(week.get_by_role("dialog", name="Tea with Hoa and Minh")).to_be_visible()
    press(week, "Escape")
    expect(week.locator(".agenda-line", has_text="Tea with Hoa")).to_be_visible()
    tab_to(week, "Tea with Hoa and Minh")
    press(week, "Enter")
    expect(week.get_by_role("dialog", name="Tea with Hoa and Minh")).to_be_visible()


def test_every_view_and_help_have_a_key_and_arrows_turn_the_page(week: Page) -> None:
    for key, view in (("d", "day"), ("m", "month"), ("a", "agenda"), ("w", "week")):
        press(week, key)
        expect(week).to_have_url(f"{week.url.partition('/app/')[0]}/app/{view}/2027-03-03")
    press(week, "ArrowRight")
    expect(week).to_have_url(f"{week.url.partition('/app/')[0]}/app/week/2027-03-10")
    press(week, "?")
    expect(week.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press(week, "Escape")
    expect(week.get_by_role("dialog")).to_have_count(0)
    press(week, "t")
    expect(week).to_have_url(re.compile(f"/app/week/{day()}$"))
    expect(week.get_by_role("button", name="Week", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_keys_work_from_the_box_of_a_calendar_too(week: Page) -> None:
    box = week.locator(".calendars input").first
    box.focus()
    press(week, "Space", "ArrowRight", "m")
    expect(week).to_have_url(re.compile("/app/month/2027-03-03$"))
    expect(box).not_to_be_checked()
    box.focus()
    press(week, "Space")
    expect(box).to_be_checked()


def test_a_sentence_is_written_by_key(week: Page, api: Api) -> None:
    press(week, "q")
    week.keyboard.type("Call mum on 4 March 2027 at 18:00")
    expect(week.locator("#understood")).to_contain_text("Call mum")
    press(week, "Enter")
    said(week, "Added.")
    assert api.starts("Call mum") == ["2027-03-04T18:00"]


def test_the_first_tab_leads_past_the_sidebar(week: Page) -> None:
    press(week, "Tab")
    expect(week.get_by_role("link", name="Go to the calendar")).to_be_focused()
    press(week, "Enter")
    expect(week.locator("main#calendar")).to_be_focused()


def test_a_move_by_key_is_kept_though_the_page_is_left_before_the_keys_rest(week: Page, api: Api) -> None:
    api.event("Left at once", "2027-03-04T14:00", "2027-03-04T15:00")
    event(week, "Left at once").focus()
    stand_still(week)
    press(week, "ArrowDown", "ArrowDown")
    expect(event(week, "Left at once")).to_contain_text("2:30")
    week.goto("/plain")
    eventually(week, lambda: api.starts("Left at once"), ["2027-03-04T14:30"])


def test_undo_takes_back_what_was_done_last_and_nothing_else(week: Page, api: Api) -> None:
    api.event("Moved before", "2027-03-05T14:00", "2027-03-05T15:00")
    event(week, "Moved before").focus()
    press(week, "ArrowDown")
    said(week, "Changed.")
    moved = api.starts("Moved before")
    week.get_by_label("Add by one sentence").fill("Lunch with Lan on 5 March 2027 at noon")
    press(week, "Enter")
    said(week, "Added.")
    expect(event(week, "Lunch with Lan")).to_be_visible()
    press(week, "Escape", "Control+z")
    said(week, "Undone.")
    expect(event(week, "Lunch with Lan")).to_have_count(0)
    assert api.starts("Lunch with Lan") == []
    assert api.starts("Moved before") == moved
