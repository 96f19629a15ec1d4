"""What somebody has to see is seen at once: no scrolling in search of it, on a small desk's screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.by_api import Api
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
    task = Api(week).task("Taxes", due={"date": WEDNESDAY})
    go(week, f"tasks/{task}")
    week.get_by_label("Title").fill("More taxes")
    week.context.set_offline(True)
    week.keyboard.press("Enter")
    expect(week.get_by_role("alert")).to_be_in_viewport(ratio=1)
    week.context.set_offline(False)
