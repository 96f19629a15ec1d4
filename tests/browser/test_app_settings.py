"""The settings of the web app: what is saved counts at once, what is refused is said where it is."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.by_api import Api, day
from tests.browser.conftest import ZONE, SignedUp, Windows, open_app, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import DATABASES, eventually, said
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
JAPAN: Final = "Asia/Tokyo"
"""Where no summer time ever begins."""


@pytest.fixture(scope="module")
def bo(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("bo@example.org", name="Bo"))


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def save(of: Locator) -> None:
    """What the toast says may be of the time before."""
    with of.page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        of.get_by_role("button", name="Save", exact=True).click()
    said(of.page, "Saved.")


def test_the_language_changes_at_once_and_back(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings")
    group(page, "Language and time").get_by_label("Language").select_option("vi")
    group(page, "Language and time").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cài đặt")
    said(page, "Đã lưu.")
    assert page.evaluate("document.documentElement.lang") == "vi"
    page.reload()
    theirs = group(page, "Ngôn ngữ và thời gian")
    theirs.get_by_label("Ngôn ngữ").select_option("en")
    theirs.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def test_the_zone_of_the_device_is_offered_and_moves_every_event_at_once(windows: Windows, bo: SignedUp) -> None:
    page = open_app(windows, bo, "agenda", timezone_id=JAPAN)
    there = datetime.fromisoformat(f"{day(1)}T15:00").replace(tzinfo=ZoneInfo(ZONE)).astimezone(ZoneInfo(JAPAN))
    page.get_by_placeholder("Write it in one sentence").fill("Tea tomorrow at 15:00")
    page.keyboard.press("Enter")
    tea = page.get_by_role("button", name="Tea").first
    expect(tea).to_contain_text("3:00")
    page.get_by_role("link", name="Settings").click()
    places = group(page, "Language and time")
    expect(places).to_contain_text(f"This device is in {JAPAN}.")
    places.get_by_role("button", name=f"Use {JAPAN}").click()
    expect(places.get_by_label("Time zone")).to_have_value(JAPAN)
    save(places)
    expect(places).not_to_contain_text("This device is in")
    page.get_by_role("button", name="Agenda").click()
    expect(tea).to_contain_text(f"{there:%I:%M}".removeprefix("0"))


def test_quiet_hours_that_make_no_sense_are_refused_where_they_are_typed(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings/reminders")
    quiet = group(page, "Quiet hours")
    quiet.get_by_role("checkbox").check()
    quiet.get_by_label("From").fill("23:00")
    quiet.get_by_label("To").fill("22:00")
    quiet.get_by_role("button", name="Save").click()
    expect(quiet.get_by_role("alert")).to_have_text("Quiet hours last at least a minute and at most 20 hours.")
    expect(quiet.get_by_label("To")).to_have_attribute("aria-invalid", "true")
    quiet.get_by_label("To").fill("06:30")
    save(quiet)
    page.reload()
    expect(quiet.get_by_label("From")).to_have_value("23:00")
    expect(quiet.get_by_label("To")).to_have_value("06:30")


def test_what_was_changed_elsewhere_is_not_overwritten_unasked(windows: Windows, an: SignedUp) -> None:
    windows.expected.add(412)
    one = open_app(windows, an, "settings/reminders")
    other = open_app(windows, an, "settings/reminders")
    mails = group(other, "Reminders by mail").get_by_label("Mail me my reminders")
    agenda = {page: group(page, "Agenda of the day") for page in (one, other)}
    for page, hour in ((one, "06:15"), (other, "08:45")):
        agenda[page].get_by_role("checkbox").check()
        agenda[page].get_by_label("At", exact=True).fill(hour)
    mails.uncheck()
    save(group(other, "Reminders by mail"))
    save(agenda[one])  # something else was changed: nothing to ask about
    agenda[other].get_by_role("button", name="Save").click()
    expect(agenda[other].get_by_role("alert")).to_contain_text("changed elsewhere")
    both = agenda[other].get_by_role("row", name="At")
    expect(both).to_contain_text("08:45")
    expect(both).to_contain_text("06:15")
    assert is_usable(other) == []
    expect(agenda[other].get_by_label("At", exact=True)).to_have_value("08:45")
    agenda[other].get_by_role("button", name="Take what is there").click()
    expect(agenda[other].get_by_label("At", exact=True)).to_have_value("06:15")
    mails.check()
    save(group(other, "Reminders by mail"))


def test_what_is_saved_in_another_window_shows_by_itself_and_nothing_typed_is_lost(
    windows: Windows, an: SignedUp
) -> None:
    windows.expected.add(412)
    one = open_app(windows, an, "settings/profile")
    other = open_app(windows, an, "settings/profile")
    places = {page: group(page, "Language and time") for page in (one, other)}
    places[one].get_by_label("A week begins on").select_option("SA")
    group(one, "Name").get_by_label("Your name").fill("An Pham")
    places[other].get_by_label("Time zone").select_option(JAPAN)
    save(places[other])
    expect(places[one].get_by_label("Time zone")).to_have_value(ZONE)  # a part that is being written stays as it is
    save(group(one, "Name"))
    expect(group(other, "Name").get_by_label("Your name")).to_have_value("An Pham")
    save(places[one])  # the zone of the other window and the week of this one
    for page in (one, other):
        expect(places[page].get_by_label("Time zone")).to_have_value(JAPAN)
        expect(places[page].get_by_label("A week begins on")).to_have_value("SA")
    back = {"timeZone": ZONE, "weekStart": "MO", "name": an.account.name}
    Api(one).ask("PATCH", "/v1/me", back)
    expect(places[other].get_by_label("Time zone")).to_have_value(ZONE)


def test_the_sign_in_speaks_the_language_that_was_chosen_in_the_app(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    """In a browser that prefers English, before anybody is known to it again."""
    hoa = sign_up(chromium, home, Account("hoa@example.org", name="Hoa"))
    page = open_app(windows, hoa, "settings")
    group(page, "Language and time").get_by_label("Language").select_option("vi")
    group(page, "Language and time").get_by_role("button", name="Save").click()
    said(page, "Đã lưu.")
    page.goto("/password")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.context.clear_cookies(name=re.compile("session"))
    page.goto("/app/settings")
    page.evaluate("localStorage.clear()")
    page.goto("/app/settings")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_label("Mật khẩu").fill("not this one at all")
    page.get_by_label("Email").fill(hoa.account.email)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("không khớp")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def test_the_usual_reminders_are_added_changed_and_taken_away(windows: Windows, bo: SignedUp) -> None:
    page = open_app(windows, bo, "settings/reminders")
    usual = group(page, "Usual reminders")
    timed, whole = (usual.get_by_role("group", name=name) for name in ("Events with a time", "Events of a whole day"))
    timed.get_by_role("button", name="Add a reminder").click()
    timed.get_by_label("Reminder").nth(1).select_option("60")
    timed.get_by_label("How it comes").nth(1).select_option("Notification")
    whole.get_by_label("Reminder").select_option("1")
    whole.get_by_label("At", exact=True).fill("18:30")
    save(usual)
    page.reload()
    expect(timed.get_by_label("Reminder")).to_have_count(2)
    expect(timed.get_by_label("Reminder").nth(1)).to_have_value("60")
    assert [each.input_value() for each in timed.get_by_label("How it comes").all()] == ["email", "browser"]
    expect(whole.get_by_label("At", exact=True)).to_have_value("18:30")
    whole.get_by_role("button", name="Remove").click()
    expect(whole).to_contain_text("Nothing rings for a whole day.")


def test_a_token_is_shown_once_does_what_it_may_and_ends_when_revoked(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings/access", permissions=["clipboard-read", "clipboard-write"])
    new = group(page, "New token")
    new.get_by_label("Name").fill("Backup script")
    new.get_by_label("What it may do").select_option("own")
    new.get_by_role("button", name="Make the token").click()
    expect(new.get_by_role("alert")).to_have_text("Choose at least one thing that it may do.")
    new.get_by_role("group", name="Events", exact=True).get_by_label("read").check()
    new.get_by_role("button", name="Make the token").click()
    tokens = group(page, "Tokens")
    secret = tokens.locator("code").text_content()
    tokens.get_by_role("button", name="Copy").click()
    expect(tokens.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    new.get_by_label("What it may do").select_option("own")
    assert is_usable(page) == []
    with httpx.Client(base_url=windows.url, headers={"Authorization": f"Bearer {secret}"}) as script:
        assert script.get("/v1/events").status_code == 200
        assert script.get("/v1/me").status_code == 403
        page.reload()
        expect(tokens.get_by_role("listitem")).to_contain_text("Events (read)")
        assert str(secret) not in page.content()
        tokens.get_by_role("button", name="Revoke").click()
        tokens.get_by_role("button", name="Revoke").click()
        said(page, "“Backup script” is revoked.")
        expect(tokens).to_contain_text("There is no token yet.")
        assert script.get("/v1/events").status_code == 401


def signed_in_again(windows: Windows, somebody: SignedUp) -> Page:
    """The app on another device, as soon as it hears of changes."""
    phone = windows.open()
    browser.sign_in(phone, "", somebody.account)
    phone.get_by_role("heading", name=f"Hello, {somebody.account.name}").wait_for()
    with phone.expect_response("**/live"):
        phone.goto("/app/month")
    return phone


def test_signing_out_everywhere_clears_another_open_window_at_once(windows: Windows, bo: SignedUp) -> None:
    windows.expected.add(401)
    phone = signed_in_again(windows, bo)
    page = open_app(windows, bo, "settings/security")
    devices = group(page, "Where you are signed in")
    expect(devices.get_by_role("listitem")).to_have_count(2)
    group(page, "Sign out everywhere else").get_by_role("button").click()
    # Told at once: nobody waits for the look that is taken each minute.
    expect(phone.get_by_role("heading", name="You are signed out.")).to_be_visible()
    eventually(phone, lambda: phone.evaluate(DATABASES), [])
    said(page, "All other devices are signed out.")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_label("Password").wait_for()


def test_one_device_is_signed_out_by_itself(windows: Windows, bo: SignedUp) -> None:
    windows.expected.add(401)
    phone = signed_in_again(windows, bo)
    page = open_app(windows, bo, "settings/security")
    devices = group(page, "Where you are signed in")
    expect(devices.get_by_role("listitem").first).to_contain_text("This device")
    devices.get_by_role("button", name="Sign out").click()
    said(page, "is signed out.")
    expect(devices.get_by_role("listitem")).to_have_count(1)
    expect(phone.get_by_role("heading", name="You are signed out.")).to_be_visible()


def test_signing_out_in_one_tab_signs_out_the_others_of_the_browser(windows: Windows, bo: SignedUp) -> None:
    windows.expected.add(401)
    one = signed_in_again(windows, bo)
    other = one.context.new_page()
    other.goto("/app/agenda")
    other.locator(".shell").wait_for()
    one.get_by_label("Account: Bo").click()
    one.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="You are signed out.")).to_be_visible()
    one.get_by_role("link", name="Create account").wait_for()


def test_everything_is_exported_as_files(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings/data")
    with page.expect_download() as download:
        page.get_by_role("button", name="The whole account").click()
    assert download.value.suggested_filename.startswith("aurora-time-")
    assert json.loads(Path(download.value.path()).read_text())["person"]["email"] == an.account.email
    with page.expect_download() as download:
        page.get_by_role("button", name="All calendars").click()
    assert Path(download.value.path()).read_text().startswith("BEGIN:VCALENDAR")


def test_an_account_is_deleted_after_its_address_was_typed(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    windows.expected.add(401)
    leaving = sign_up(chromium, home, Account("leaving@example.org", name="Ly"))
    page = open_app(windows, leaving, "settings/data")
    other = open_app(windows, leaving)
    deletion = group(page, "Delete the account")
    deletion.get_by_label("type your address").fill("an@example.org")
    deletion.get_by_role("button", name="Delete everything").click()
    expect(deletion.get_by_role("alert")).to_have_text("This is not the address of this account.")
    deletion.get_by_label("type your address").fill("Leaving@example.org")
    deletion.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_focused()
    expect(other.get_by_role("heading", name="You are signed out.")).to_be_visible()
    assert is_usable(page) == []
    browser.sign_in(page, "", leaving.account)
    page.get_by_text("do not belong together").wait_for()


def test_with_another_issuer_password_and_address_are_said_to_be_there(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings/security")
    config = {**page.request.get("/config.json").json(), "ownAccounts": False, "mailForm": False, "outbox": False}
    page.route("**/config.json", lambda route: route.fulfill(json=config))
    page.reload()
    eventually(page, lambda: page.evaluate("JSON.parse(localStorage['aurora-config']).ownAccounts"), wanted=False)
    page.reload()  # what is new holds from the next start on
    ways = group(page, "How you sign in")
    expect(ways).to_contain_text("You sign in through 127.0.0.1")
    expect(ways.get_by_role("link")).to_have_count(0)
    parts = page.get_by_role("navigation", name="Parts of the settings")
    expect(parts.get_by_role("link", name="Sending mail")).to_have_count(0)
    parts.get_by_role("link", name="You", exact=True).click()
    expect(group(page, "E-mail address")).to_contain_text("it is changed there")


def test_the_settings_say_when_the_last_mail_did_not_go_out(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an, "settings/mail")
    ways = group(page, "How mails go out")
    expect(ways).not_to_contain_text("The last mail")
    failed = {"at": "2026-11-23T02:00:00Z", "reason": "nothing listens at 127.0.0.1:1 (connection refused)"}
    config = {**page.request.get("/config.json").json(), "outbox": False, "mailFailed": failed}
    page.route("**/config.json", lambda route: route.fulfill(json=config))
    page.reload()  # it is told at once, not only from the next start on
    expect(ways).to_contain_text("The last mail did not go out")
    expect(ways).to_contain_text("nothing listens at 127.0.0.1:1 (connection refused).")


PAGES = [
    ("profile", "Change the address", "Change your address"),
    ("security", "Change the password", "Change your password"),
    ("security", "Second step and recovery codes", "Two-step sign-in"),
    ("mail", "Set up a mail server", "Mail"),
]


def test_a_page_for_a_setting_leads_back_to_the_app(windows: Windows, an: SignedUp) -> None:
    page = open_app(windows, an)
    for part, link, title in PAGES:
        page.goto(f"/app/settings/{part}")
        page.get_by_role("link", name=link).click()
        page.get_by_role("heading", name=title, exact=True).wait_for()
        page.get_by_role("main").get_by_role("link", name="ettings").click()
        expect(page.get_by_role("link", name=link)).to_be_visible()
        assert page.url.endswith(f"/app/settings/{part}")


@pytest.mark.parametrize("part", ["profile", "reminders", "security", "data"])
def test_everybody_can_use_every_part_of_the_settings(windows: Windows, an: SignedUp, part: str) -> None:
    page = open_app(windows, an, f"settings/{part}", timezone_id="Europe/Berlin")
    page.get_by_role("heading", level=2).first.wait_for()
    for box in page.locator(".part").get_by_role("checkbox").all():
        box.check()
    assert is_usable(page) == []
