"""What people do on the pages, in a real browser: with a mouse, with the keyboard alone, and without JavaScript."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ZONE, SignedUp, Windows, sign_up
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess, free_port

pytestmark = pytest.mark.browser


def form(page: Page) -> Locator:
    return page.get_by_role("region", name="Add an event")


def day_after(page: Page, days: int) -> str:
    """The form's day and some more; it stands on the clock of whoever is signed in."""
    return (date.fromisoformat(form(page).get_by_label("Day", exact=True).input_value()) + timedelta(days)).isoformat()


def on_day(page: Page, day: str) -> Locator:
    return page.locator(".day").filter(has=page.locator(f"time[datetime='{day}']"))


def add(page: Page, what: str, day: str, **more: str) -> None:
    form(page).get_by_label("What").fill(what)
    form(page).get_by_label("Day", exact=True).fill(day)
    if "repeat" in more:
        form(page).get_by_label("Repeat").select_option(more["repeat"])
    form(page).get_by_label("From").fill("09:30")
    form(page).get_by_label("To").fill("10:15")
    form(page).get_by_role("button", name="Add").click()


def read_in_outbox(page: Page, subject: str) -> None:
    """Follow the page's own link to the outbox, and open the newest mail about this."""
    page.get_by_role("main").get_by_role("link", name="Open the outbox").click()
    page.get_by_role("link", name=subject).first.click()


def test_sign_up_with_the_mailed_code_takes_the_zone_of_the_browser(windows: Windows) -> None:
    page = windows.open()
    browser.fill_sign_up(page, windows.url, Account("binh@example.org", name="Bình"))
    read_in_outbox(page, "code")
    code = re.search(r"\b\d{6}\b", page.get_by_role("region", name="As text").inner_text())
    assert code
    page.go_back()
    page.go_back()
    browser.enter_code(page, code[0])
    expect(page.get_by_role("heading", name="Hello, Bình")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Time zone")).to_have_value(ZONE)
    expect(page.get_by_label("Language")).to_have_value("en")


def test_sign_out_and_in_again(windows: Windows, an: SignedUp) -> None:
    page = windows.open()
    browser.sign_in(page, windows.url, an.account)
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/settings")
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fsettings$"))
    page.get_by_label("E-mail").fill(an.account.email)
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.get_by_label("Password").fill(an.account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_lost_password_is_replaced_by_way_of_the_outbox(
    chromium: Browser, home: HomeProcess, windows: Windows
) -> None:
    lost = sign_up(chromium, home, Account("chi@example.org")).account
    page = windows.open()
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(lost.email)
    page.get_by_role("button", name="Send the link").click()
    read_in_outbox(page, "password")
    page.get_by_role("region", name="As text").get_by_role("link").first.click()
    page.get_by_label("New password").fill("granite otter balloon")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_text("Your new password is saved.")).to_be_visible()
    browser.sign_in(page, windows.url, lost)
    expect(page.get_by_text("do not belong together")).to_be_visible()
    browser.sign_in(page, windows.url, Account(lost.email, "granite otter balloon"))
    expect(page.get_by_role("heading", name="Hello, An")).to_be_visible()


def test_an_event_of_the_form_stands_under_its_day_and_goes_with_one_click(page: Page) -> None:
    day = day_after(page, 2)
    add(page, "Dentist", day)
    expect(page.get_by_role("status")).to_have_text("The event is in your calendar.")
    line = on_day(page, day).get_by_role("listitem").filter(has_text="Dentist")
    expect(line).to_contain_text("09:30–10:15")
    line.get_by_role("link", name="Dentist").click()
    expect(page.get_by_role("heading", name="Dentist")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_have_text("The event is deleted.")
    expect(page.get_by_text("Dentist")).to_have_count(0)


def test_a_weekly_event_is_marked_and_its_series_goes_after_a_question(page: Page) -> None:
    day = day_after(page, 1)
    add(page, "Choir", day, repeat="Every week")
    line = on_day(page, day).get_by_role("listitem").filter(has_text="Choir")
    expect(line.get_by_role("img", name="Repeats")).to_be_visible()
    line.get_by_role("link", name="Choir", exact=True).click()
    expect(page.get_by_text("Every week")).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the series").click()
    expect(page.get_by_role("status")).to_have_text("The event is deleted.")


def test_an_event_without_its_time_keeps_what_was_typed_and_says_what_is_missing(page: Page) -> None:
    form(page).get_by_label("What").fill("Half an event")
    form(page).get_by_label("From").fill("")
    form(page).get_by_role("button", name="Add").click()
    field = form(page).get_by_label("From")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(form(page).get_by_label("What")).to_have_value("Half an event")


def test_the_example_week_comes_and_goes_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="Add an example week").click()
    for what in ("Weekly review", "Grandma's birthday", "Night train to Da Nang"):
        expect(page.get_by_role("region", name="This week").get_by_role("link", name=what).first).to_be_visible()
    rings = page.get_by_role("region", name="reminders").filter(has_text="Your first reminder")
    expect(rings.first).to_be_visible()
    page.get_by_role("button", name="Remove the example").click()
    expect(page.get_by_role("status")).to_have_text("The example week is gone.")
    expect(page.get_by_text("Your first reminder")).to_have_count(0)


def test_in_vietnamese_all_pages_speak_vietnamese(chromium: Browser, home: HomeProcess, windows: Windows) -> None:
    page = windows.open(storage_state=sign_up(chromium, home, Account("dung@example.org", name="Dũng")).state)
    page.goto("/settings")
    page.get_by_label("Language").select_option("Tiếng Việt")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("banner").get_by_role("link", name="Aurora Time").click()
    expect(page.get_by_role("heading", name="Tuần này")).to_be_visible()
    expect(page.get_by_role("button", name="Thêm", exact=True)).to_be_visible()


def test_mail_settings_that_do_not_work_say_so_in_one_sentence(page: Page) -> None:
    page.get_by_role("link", name="Set up mail").click()
    page.get_by_label("Server").fill("127.0.0.1")
    page.get_by_label("Port").fill(str(free_port()))
    page.get_by_label("Encryption").select_option("none")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("alert")).to_contain_text("The test did not get through")
    expect(page.get_by_role("alert")).to_contain_text("refused")
    expect(page.get_by_label("Server")).to_have_value("127.0.0.1")


def test_a_mail_in_the_outbox_is_there_as_it_looks_and_as_text(page: Page) -> None:
    page.get_by_role("contentinfo").get_by_role("link", name="Outbox").click()
    page.get_by_role("listitem").filter(has_text="an@example.org").get_by_role("link", name="code").first.click()
    subject = page.get_by_role("heading", level=1).inner_text()
    code = re.search(r"\b\d{6}\b", subject)
    assert code
    expect(page.get_by_role("region", name="As text")).to_contain_text(code[0])
    expect(page.frame_locator("iframe").get_by_text(code[0]).first).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus; it must be reached within one round of the page."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_the_keyboard_alone_signs_in_and_adds_an_event(windows: Windows, an: SignedUp) -> None:
    page = windows.open()
    page.goto("/plain")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(an.account.email)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(an.account.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hello, An")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, form(page).get_by_label("What"))
    page.keyboard.type("Tea with Lan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The event is in your calendar.")
    expect(page.get_by_role("link", name="Tea with Lan").first).to_be_visible()


def test_without_javascript_one_can_sign_up_and_add_an_event(windows: Windows, home: HomeProcess) -> None:
    page = windows.open(java_script_enabled=False)
    account = Account("em@example.org", name="Em")
    browser.fill_sign_up(page, windows.url, account)
    browser.enter_code(page, browser.printed_code(home.log, account.email))
    day = day_after(page, 3)
    add(page, "Picnic", day)
    expect(on_day(page, day)).to_contain_text("Picnic")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
