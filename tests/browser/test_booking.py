"""A stranger books and cancels in a real browser: on a phone, by keyboard, without a script; axe-core finds nothing."""

from __future__ import annotations

from itertools import product
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignedUp, Windows
from tests.browser.test_for_everybody import OF_COLOUR, RULES, SCHEMES, SIZES, violations
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
ALWAYS: Final = [{"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "from": "08:00", "to": "20:00"}]


@pytest.fixture(scope="module")
def published(chromium: Browser, home: HomeProcess, an: SignedUp) -> str:
    """An can be booked here."""
    windows = Windows(chromium, home.url)
    page = windows.open(storage_state=an.state)
    page.goto("/settings/tokens")
    page.get_by_label("Name").fill("Schedules")
    page.locator("#scopes").select_option("write")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator(".secret").inner_text().strip()
    windows.close()
    body = {"name": "First talk", "slug": "an-first-talk", "weekly": ALWAYS, "slotMinutes": 60}
    made = httpx.post(f"{home.url}/v1/schedules", json=body, headers={"authorization": f"Bearer {token}"})
    assert made.status_code == 201, made.text
    return "/book/an-first-talk"


def book(page: Page, path: str, email: str) -> None:
    page.goto(path)
    page.locator(".times a").last.click()
    page.get_by_label("Your name").fill("Sam")
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_role("button", name="Book this time").click()


def refused(page: Page, path: str) -> None:
    page.goto(path)
    page.locator(".times a").first.click()
    page.locator("form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Book this time").click()
    page.locator("[aria-invalid]").first.wait_for()


def found(page: Page) -> list[str]:
    """What is wrong with a page at a desk and on a phone, in light and dark."""
    wrong: list[str] = []
    for size, scheme in product(SIZES, SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        where = f"{page.url} at {size['width']} px, {scheme}"
        wrong += [f"{where}: {each}" for each in violations(page, RULES if scheme == "light" else OF_COLOUR)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{where}: scrolls sideways")
    return wrong


@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
def test_everybody_can_use_the_pages(windows: Windows, published: str, locale: str) -> None:
    page = windows.open(locale=locale)
    page.goto(published)
    wrong = found(page)
    page.locator(".times a").first.click()
    page.locator("#name").wait_for()
    assert wrong + found(page) == []


def test_everybody_can_use_what_comes_of_it(windows: Windows, published: str) -> None:
    page = windows.open()
    refused(page, published)
    wrong = found(page)
    book(page, published, "axe@example.org")
    page.get_by_role("heading", name="It is booked").wait_for()
    assert wrong + found(page) == []


def test_a_stranger_books_without_a_script_and_cancels_by_keyboard(windows: Windows, published: str) -> None:
    page = windows.open(java_script_enabled=False, viewport=SIZES[1])
    page.goto(published)
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    book(page, page.url, "sam@example.org")
    expect(page.get_by_role("heading", name="It is booked")).to_be_visible()
    expect(page.get_by_text("Europe/Berlin")).to_be_visible()
    page.get_by_role("button", name="Cancel the booking").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    page.get_by_role("link", name="Book another time").click()
    expect(page.get_by_role("heading", name="Book a time with An")).to_be_visible()


def test_times_are_on_the_clock_of_the_guest(windows: Windows, published: str) -> None:
    page = windows.open(timezone_id="Europe/Berlin")
    page.goto(published)
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_a_button_that_is_pressed_twice_books_once(windows: Windows, published: str) -> None:
    page = windows.open()
    page.goto(published)
    page.locator(".times a").nth(3).click()
    page.get_by_label("Your name").fill("Sam")
    page.get_by_label("Your e-mail").fill("twice@example.org")
    page.get_by_role("button", name="Book this time").dblclick()
    expect(page.get_by_role("heading", name="It is booked")).to_be_visible()


def test_who_goes_back_after_booking_is_told_that_it_is_booked(windows: Windows, published: str) -> None:
    page = windows.open()
    book(page, published, "back@example.org")
    done = page.get_by_role("heading", name="It is booked")
    expect(done).to_be_visible()
    page.go_back()
    again = page.get_by_role("button", name="Book this time")
    expect(done.or_(again)).to_be_visible()
    if again.is_visible():  # a browser may have kept the form
        again.click()
    expect(done).to_be_visible()
    expect(page.get_by_text("Somebody was faster")).to_have_count(0)
