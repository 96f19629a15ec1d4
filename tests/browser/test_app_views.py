"""The views of the web app's calendar, as somebody looks at them and moves things about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.by_api import Api
from tests.browser.conftest import ZONE, SignedUp, Windows, go, open_app, settled, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import event, eventually, stand_still
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
PHONE: Final = ViewportSize(width=390, height=844)
DAY_ROW: Final = 1440


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def size(place: Locator) -> tuple[float, float]:
    """Width and height, in pixels."""
    box = place.bounding_box()
    assert box
    return box["width"], box["height"]


@contextmanager
def dragged(page: Page, place: Locator, by: tuple[float, float]) -> Iterator[None]:
    """Hold a thing, and let go of it there."""
    x, y = middle(place)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    page.mouse.move(x + by[0], y + by[1])
    yield
    page.mouse.up()


def hour(page: Page) -> float:
    return size(page.locator(".columns"))[1] / 24


# --- the front door ---------------------------------------------------------------------------------------------------
def test_the_start_page_of_somebody_signed_in_is_the_app(app: Page) -> None:
    app.goto("/")
    expect(app).to_have_url(re.compile(r"/app/(week/.*)?$"))
    expect(app.get_by_role("group", name="Calendar", exact=True)).to_be_visible()


def test_what_the_first_view_needs_is_asked_for_once_though_before_the_app_has_come(app: Page) -> None:
    app.wait_for_load_state("load")
    asked: list[str] = []
    app.on("request", lambda request: asked.append(request.url.partition("/v1/")[2]))
    go(app, "week/2027-06-29")
    expect(app.get_by_role("heading", name="June 2027").first).to_be_visible()
    app.evaluate("navigator.serviceWorker.ready")
    first = [path for path in asked if path.startswith(("me", "calendars", "events?from", "changes?since=now"))]
    june, july = (f"events?from=2027-0{month}-01&to=2027-0{month + 1}-01&limit=1000" for month in (6, 7))
    assert sorted(first) == ["calendars", "changes?since=now&limit=1", june, july, "me"], "each once"


def test_what_is_turned_to_is_as_it_is_then_and_not_when_the_app_was_opened(app: Page) -> None:
    go(app, "week/2027-10-27")
    Api(app).event("Made meanwhile", "2027-11-10T09:00:00", "2027-11-10T10:00:00")
    for _ in range(2):
        app.keyboard.press("ArrowRight")
    expect(event(app, "Made meanwhile")).to_be_visible()


def test_many_events_are_all_there_where_the_reader_looks_and_below(app: Page) -> None:
    api = Api(app)
    for hour_ in range(24):
        for minute in (0, 20, 40):
            begins = f"2027-09-06T{hour_:02}:{minute:02}:"
            api.event(f"Call {begins[11:16]}", f"{begins}00", f"{begins}30")
    go(app, "day/2027-09-06")
    expect(app.locator(".event.block")).to_have_count(72)
    go(app, "agenda/2027-09-06")
    expect(app.locator(".agenda-line")).to_have_count(72)


def test_an_empty_calendar_has_one_sentence_and_one_click_fills_it(
    windows: Windows, chromium: Browser, home: HomeProcess
) -> None:
    page = open_app(windows, sign_up(chromium, home, Account("moi@example.org", name="Moi")))
    expect(page.get_by_text("Your calendar is empty.")).to_be_visible()
    assert is_usable(page) == []
    page.get_by_role("button", name="Add an example week").click()
    expect(page.get_by_label("Example", exact=True)).to_be_checked()
    expect(page.get_by_text("Your calendar is empty.")).to_have_count(0)
    go(page, "agenda")
    expect(page.get_by_role("button", name="Weekly review").first).to_be_visible()


# --- dragging ---------------------------------------------------------------------------------------------------------
def test_what_is_dragged_shows_where_it_will_be_and_stays_there(app: Page) -> None:
    Api(app).event("Rehearsal", "2027-03-09T10:00:00", "2027-03-09T11:00:00")
    go(app, "week/2027-03-10")
    width = size(app.locator(".column").first)[0]
    with dragged(app, event(app, "Rehearsal"), (width, 1.5 * hour(app))):
        expect(app.locator(".ghost")).to_have_text(re.compile(r"11:30.AM\s*–\s*12:30.PM.*Rehearsal"))
    expect(app.locator(".ghost")).to_have_count(0)
    expect(app.get_by_role("dialog")).to_have_count(0)
    moved = app.get_by_role("button", name=re.compile("Rehearsal, 11:30.*March 10, 2027"))
    expect(moved).to_be_visible()
    app.reload()
    expect(moved).to_be_visible()


def test_a_drag_over_midnight_is_drawn_on_both_days_and_escape_lets_go_of_it(app: Page) -> None:
    Api(app).event("Night watch", "2027-03-16T21:00:00", "2027-03-16T22:00:00")
    go(app, "week/2027-03-17")
    watch = event(app, "Night watch")
    watch.scroll_into_view_if_needed()
    with dragged(app, watch, (0, 2.5 * hour(app))):
        expect(app.locator(".ghost")).to_have_count(2)
        app.keyboard.press("Escape")
        expect(app.locator(".ghost")).to_have_count(0)
    expect(app.get_by_role("button", name=re.compile("Night watch, 9:00"))).to_be_visible()


def test_what_is_held_at_an_edge_of_the_hours_goes_on_to_those_out_of_view(app: Page) -> None:
    Api(app).event("Walk", "2027-11-16T12:00:00", "2027-11-16T13:00:00")
    go(app, "day/2027-11-16")
    hours = app.locator(".scroller")
    box = hours.bounding_box()
    assert box
    x, _ = middle(event(app, "Walk"))
    for edge, end in ((box["y"] + box["height"] - 4, "e.scrollHeight - e.clientHeight"), (box["y"] + 4, "0")):
        _, y = middle(event(app, "Walk"))
        app.mouse.move(x, y)
        app.mouse.down()
        app.mouse.move(x, (y + edge) / 2)
        app.mouse.move(x, edge)
        eventually(app, partial(hours.evaluate, f"e => Math.abs(e.scrollTop - ({end})) < 2"), True)
        expect(app.locator(".ghost")).to_have_count(1)
        app.keyboard.press("Escape")
        app.mouse.up()
        hours.evaluate("e => e.scrollTop = e.scrollHeight / 3")
    expect(app.get_by_role("dialog")).to_have_count(0)
    assert Api(app).listed("Walk", "2027-11-16", "2027-11-17") == [("2027-11-16T12:00", "2027-11-16T13:00")]


def test_a_small_drag_that_escape_let_go_of_opens_nothing(app: Page) -> None:
    Api(app).event("Nap", "2027-11-09T12:00:00", "2027-11-09T13:00:00")
    go(app, "week/2027-11-09")
    with dragged(app, event(app, "Nap"), (4, 12)):
        app.keyboard.press("Escape")
        expect(app.locator(".ghost")).to_have_count(0)
        app.evaluate("new Promise(done => setTimeout(done))")
    app.evaluate("new Promise(done => setTimeout(done))")
    expect(app.get_by_role("dialog")).to_have_count(0)
    event(app, "Nap").click()
    expect(app.get_by_role("dialog")).to_be_visible()


def test_whole_days_are_made_in_the_strip_by_a_click_and_by_drawing(app: Page) -> None:
    go(app, "week/2027-04-07")
    strip = app.locator(".long")
    width = size(strip)[0]
    app.mouse.click(*middle(strip))
    editor = app.get_by_role("dialog")
    expect(editor.get_by_label("All day")).to_be_checked()
    expect(editor.get_by_label("Starts")).to_have_value("2027-04-08")
    app.keyboard.press("Escape")
    with dragged(app, strip, (-width * 2 / 7, 0)):
        expect(app.locator(".bar-ghost")).to_have_text(re.compile("Apr 6.*8"))
    expect(editor.get_by_label("Ends").first).to_have_value("2027-04-08")
    editor.get_by_label("Title").fill("Retreat")
    editor.get_by_role("button", name="Save").click()
    expect(event(app, "Retreat")).to_have_attribute("aria-label", re.compile("All day, .*April 6.*April 8, 2027"))


class Finger:
    """One finger on the glass."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        self._touch("touchStart", {"x": x, "y": y})

    def move(self, x: float, y: float) -> None:
        self._touch("touchMove", {"x": x, "y": y})

    def up(self) -> None:
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: dict[str, float]) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def test_a_finger_that_is_held_makes_and_moves_and_one_that_slides_scrolls(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "three/2027-05-04", viewport=PHONE, has_touch=True, is_mobile=True)
    column = page.locator(".column").nth(1)
    box = page.locator(".scroller").bounding_box()
    assert box
    finger = Finger(page)
    place = middle(column)[0], box["y"] + 200
    finger.down(*place)
    expect(page.locator(".ghost")).to_be_visible()
    finger.up()
    page.get_by_role("dialog").get_by_label("Title").fill("By hand")
    page.get_by_role("button", name="Save").click()
    made = page.get_by_role("button", name=re.compile("By hand, .*May 5, 2027"))
    expect(made).to_be_visible()
    x, y = middle(made)
    finger.down(x, y)
    expect(page.locator(".ghost")).to_be_visible()
    finger.move(x, y + 60)
    finger.move(x + size(column)[0], y + 60)
    finger.up()
    expect(page.get_by_role("button", name=re.compile("By hand, .*May 6, 2027"))).to_be_visible()
    top = "document.querySelector('.scroller').scrollTop"
    before = page.evaluate(top)
    finger.down(*place)
    for step in range(1, 6):
        finger.move(place[0], place[1] - 30 * step)
    finger.up()
    eventually(page, lambda: page.evaluate(top) > before + 40, wanted=True)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_keys_move_an_event_say_where_to_and_write_once(app: Page) -> None:
    Api(app).event("Massage", "2027-03-23T10:00:00", "2027-03-23T11:00:00")
    go(app, "week/2027-03-24")
    event(app, "Massage").focus()
    writes: list[str] = []
    app.on("request", lambda request: writes.append(request.url) if request.method == "PATCH" else None)
    stand_still(app)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowDown"):
        app.keyboard.press(key)
    expect(app.get_by_role("status").filter(has_text="10:30")).to_have_text(
        re.compile(r"10:30\s*–\s*11:45.AM, Wednesday, March 24, 2027")
    )
    expect(event(app, "Massage")).to_be_focused()
    app.clock.resume()
    expect(app.get_by_text("Changed.")).to_be_visible()
    assert len(writes) == 1
    app.reload()
    expect(app.get_by_role("button", name=re.compile("Massage, 10:30.*11:45.*March 24, 2027"))).to_be_visible()


# --- how things are drawn ---------------------------------------------------------------------------------------------
def test_an_event_over_midnight_is_on_both_days_and_one_of_many_days_is_one_bar(app: Page) -> None:
    api = Api(app)
    api.event("Night bus", "2027-06-08T22:00:00", "2027-06-09T02:00:00")
    api.event("Fair", "2027-06-06", "2027-06-10")
    go(app, "week/2027-06-09")
    for day, height in ((1, 2), (2, 2)):
        piece = event(app.locator(".column").nth(day), "Night bus")
        assert abs(size(piece)[1] - height * hour(app)) < 2
    bar = event(app.locator(".long"), "Fair")
    expect(bar).to_have_count(1)
    assert abs(size(bar)[0] - 3 * size(app.locator(".column").first)[0]) < 8, "Monday to Wednesday"
    expect(bar).to_have_class(re.compile(r"\bbefore\b"))


def test_many_at_once_stay_legible_and_the_rest_is_one_click_away(app: Page) -> None:
    for number in range(6):
        Api(app).event(f"Stall {number}", f"2027-06-15T10:0{number}:00", "2027-06-15T11:30:00")
    go(app, "week/2027-06-16")
    expect(app.locator(".column .event")).to_have_count(2)
    assert min(size(each)[0] for each in app.locator(".column .event").all()) > 40
    app.get_by_role("button", name="4 more").click()
    expect(app.locator(".column .event")).to_have_count(6)
    assert min(size(each)[0] for each in app.locator(".column .event").all()) > 80


def test_a_short_event_has_its_name_and_time_on_one_line(app: Page) -> None:
    Api(app).event("Call", "2027-06-22T10:00:00", "2027-06-22T10:30:00")
    go(app, "week/2027-06-23")
    shown = event(app, "Call")
    (_, name), (_, when) = middle(shown.locator(".summary")), middle(shown.locator(".when"))
    assert abs(name - when) < 3
    expect(shown.locator(".when")).to_have_text("10 AM")
    (left, top), (width, height) = middle(shown), size(shown)
    assert top - height / 2 < name < top + height / 2
    assert left + width / 2 >= sum((middle(shown.locator(".when"))[0], size(shown.locator(".when"))[0] / 2)) - 1


def test_a_british_reader_has_the_day_first_and_24_hours(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "week/2027-06-30", locale="en-GB")
    Api(page).event("Late shift", "2027-06-30T15:30:00", "2027-06-30T16:30:00")
    expect(event(page, "Late shift")).to_have_accessible_name("Late shift, 15:30–16:30, Wednesday, 30 June 2027")
    event(page, "Late shift").click()
    expect(page.get_by_role("dialog")).to_contain_text("Wednesday, 30 June 2027")
    expect(page.get_by_role("dialog")).to_contain_text("15:30–16:30")


def test_what_is_over_is_dim_now_is_a_line_and_free_time_is_shaded(app: Page) -> None:
    api = Api(app)
    api.event("Long ago", "2026-01-06T10:00:00", "2026-01-06T11:00:00")
    api.event("Far away", "2031-01-07T10:00:00", "2031-01-07T11:00:00")
    go(app, "week/2026-01-06")
    expect(event(app, "Long ago")).to_have_class(re.compile(r"\bpast\b"))
    expect(app.locator(".now")).to_have_count(0)
    go(app, "week/2031-01-07")
    expect(event(app, "Far away")).not_to_have_class(re.compile(r"\bpast\b"))
    tuesday = app.locator(".column").nth(1).locator(".off-hours")
    assert [round(size(each)[1] / hour(app)) for each in tuesday.all()] == [9, 6], "before nine and after six"
    assert round(size(app.locator(".column").nth(5).locator(".off-hours"))[1] / hour(app)) == 24
    go(app, "day")
    expect(app.locator(".column.today .now")).to_be_attached()
    told = app.evaluate("(([h, m]) => h * 60 + m)(new Date().toTimeString().split(':').map(Number))")
    top = app.locator(".now").evaluate("line => line.offsetTop / line.parentElement.offsetHeight")
    assert abs(top * DAY_ROW - told) < 3


def test_a_month_in_the_hand_is_dots_and_the_day_that_is_touched(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "month/2027-07-01", viewport=PHONE)
    Api(page).event("Picnic", "2027-07-14T12:00:00", "2027-07-14T14:00:00")
    page.reload()
    settled(page)
    day = page.get_by_role("button", name=re.compile("July 14, 2027, 1 event"))
    expect(day.locator("i")).to_have_count(1)
    expect(page.get_by_text("Nothing is planned here.")).to_be_visible()
    day.click()
    expect(day).to_have_attribute("aria-pressed", "true")
    page.get_by_role("region", name=re.compile("July 14")).get_by_role("button", name=re.compile("Picnic")).click()
    expect(page.get_by_role("dialog")).to_contain_text("Picnic")


def test_lists_have_an_event_on_each_of_its_days_and_tasks_at_their_time(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "agenda/2027-10-05", locale="en-GB")
    api = Api(page)
    api.event("Conference", "2027-10-05T14:00:00", "2027-10-07T11:00:00")
    api.event("Standup", "2027-10-07T09:00:00", "2027-10-07T09:15:00")
    api.task("Send notes", due={"dateTime": "2027-10-07T10:00:00", "timeZone": ZONE})
    api.task("Pack", due={"date": "2027-10-07"})
    go(page, "agenda/2027-10-05")

    def lines(day: str) -> list[str]:
        found = page.get_by_role("region", name=re.compile(day)).locator("li")
        return [" ".join(each.split()) for each in found.all_inner_texts()]

    seventh = ["Pack", "until 11:00 Conference", "09:00–09:15 Standup", "Send notes 10:00"]
    eventually(page, lambda: lines("7 October"), seventh)  # events and tasks are two answers
    assert lines("5 October") == ["from 14:00 Conference"]
    assert lines("6 October") == ["All day Conference"]
    page.set_viewport_size(PHONE)
    go(page, "month/2027-10-07")
    eventually(page, lambda: lines("7 October"), seventh)


def test_an_event_is_dragged_to_another_day_of_the_month(app: Page) -> None:
    Api(app).event("Dentist", "2027-08-10T12:00:00", "2027-08-10T13:00:00")
    go(app, "month/2027-08-10")
    width = size(app.locator(".cell").first)[0]
    with dragged(app, event(app, "Dentist"), (2 * width, 0)):
        expect(app.locator(".cell.picked")).to_have_count(1)
    expect(app.get_by_role("button", name=re.compile("Dentist, 12:00.*August 12, 2027"))).to_be_visible()


@pytest.mark.parametrize("view", ["day", "week", "month", "agenda"])
def test_everybody_can_use_every_view(app: Page, view: str) -> None:
    api = Api(app)
    if not api.listed("Festival", "2027-09-01", "2027-10-01"):
        for number in range(5):
            api.event(f"Booth {number}", f"2027-09-14T10:0{number}:00", "2027-09-14T10:30:00", location="Hall")
        api.event("Festival", "2027-09-13", "2027-09-16", color="#f08c00")
    go(app, f"{view}/2027-09-14")
    expect(app.get_by_text("Festival").first).to_be_visible()
    assert is_usable(app) == []
