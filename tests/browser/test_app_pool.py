"""The settings of the web app in a home whose accounts are a user pool's: second step, password and address; and
signing in again there.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.by_api import Api
from tests.browser.conftest import SignedUp, Windows, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.test_app_settings import signed_in_again
from tests.browser.using_app import eventually, held, said
from tests.browser.using_pool import OLD, RIGHT, SECRET, Pool, group, has_pool, open_settings
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser


def test_a_second_step_is_set_up_with_its_code_and_turned_off_again(windows: Windows, an: SignedUp) -> None:
    pool = Pool()
    page = open_settings(windows, an, pool, "security")
    step = group(page, "Second step")
    step.get_by_role("button", name="Set it up").click()
    expect(step.get_by_label("Key")).to_have_text("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP")
    link = step.get_by_role("link", name="Open in an app")
    expect(link).to_have_attribute("href", re.compile(rf"otpauth://totp/.*an%40example\.org\?secret={SECRET}&"))
    code = step.get_by_label("Code")
    expect(code).to_be_focused()
    code.fill("999999")
    page.keyboard.press("Enter")
    expect(step.get_by_role("alert")).to_contain_text("This is not the code.")
    expect(code).to_have_value("999999")
    assert pool.steps == []
    assert is_usable(page) == []
    code.fill("123 456")
    page.keyboard.press("Enter")
    said(page, "The second step is on.")
    assert pool.steps == ["SOFTWARE_TOKEN_MFA"]
    step.get_by_role("button", name="Turn it off").click()
    expect(step).to_contain_text("From then on, your password is enough.")
    step.get_by_role("button", name="Turn it off").click()
    said(page, "The second step is off.")
    expect(step.get_by_role("button", name="Set it up")).to_be_visible()
    assert pool.steps == []


def test_a_second_step_that_was_turned_on_elsewhere_is_not_taken_away_in_a_tab_from_before(
    windows: Windows, an: SignedUp
) -> None:
    """Another secret for an app could end the one that works."""
    pool = Pool()
    page = open_settings(windows, an, pool, "security")
    step = group(page, "Second step")
    expect(step.get_by_role("button", name="Set it up")).to_be_visible()
    pool.steps = ["SOFTWARE_TOKEN_MFA"]
    step.get_by_role("button", name="Set it up").click()
    said(page, "The second step is on already, so nothing was changed.")
    expect(step).to_contain_text("signing in also asks for a code")
    pool.steps = []
    step.get_by_role("button", name="Turn it off").click()
    step.get_by_role("button", name="Turn it off").click()
    said(page, "The second step is off already, so nothing was changed.")
    expect(step.get_by_role("button", name="Set it up")).to_be_visible()
    assert {"AssociateSoftwareToken", "SetUserMFAPreference"}.isdisjoint(pool.asked)


def test_a_new_password_signs_out_every_device_and_leaves_the_tokens(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    windows.expected.add(401)
    pool, mat = Pool(email="mat@example.org"), sign_up(chromium, home, Account("mat@example.org", name="Mat"))
    phone = signed_in_again(windows, mat)
    page = open_settings(windows, mat, pool, "security")
    token = Api(page).ask("POST", "/v1/tokens", {"name": "Backup", "scopes": ["account:read"]})["secret"]
    password = group(page, "Password")
    expect(password).to_contain_text("every device is signed out, this one too")
    old, new = password.get_by_label("Current password"), password.get_by_label("New password")
    old.fill("a guess")
    new.fill("three words for me")
    password.get_by_role("button", name="Change the password").click()
    expect(password.get_by_role("alert")).to_have_text("This is not your current password.")
    expect(old).to_have_attribute("aria-invalid", "true")
    expect(new).to_have_value("three words for me")
    assert is_usable(page) == []
    old.fill(OLD)
    password.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("Every device is signed out. Sign in with the new one.")
    expect(phone.get_by_role("heading", name="You are signed out.")).to_be_visible()
    assert page.request.get("/v1/me", headers={"authorization": f"Bearer {token}"}).ok
    assert is_usable(page) == []
    with page.expect_request("**/end-session?*logout_uri=*"):
        page.get_by_role("button", name="Sign in").click()


def test_who_changed_the_password_and_signed_nobody_out_yet_is_told_so_and_tries_again(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    windows.expected |= {401, 503}
    pool, lan = Pool(email="lan@example.org"), sign_up(chromium, home, Account("lan@example.org", name="Lan"))
    phone = signed_in_again(windows, lan)
    page = open_settings(windows, lan, pool, "security")
    password = group(page, "Password")
    asked = held(page, "**/v1/sessions?*")
    password.get_by_label("Current password").fill(OLD)
    password.get_by_label("New password").fill("three words for me")
    password.get_by_role("button", name="Change the password").click()
    for refuse in (lambda route: route.abort(), lambda route: route.fulfill(status=503, json={})):
        eventually(page, lambda: len(asked), 1)
        refuse(asked.pop())
        again = password.get_by_role("button", name="Try again")
        expect(again).to_be_enabled()
        told = password.get_by_role("alert")
        expect(told).to_contain_text("Your password is changed, but other devices are not signed out yet.")
        expect(told).not_to_contain_text("Nothing was changed")
        assert is_usable(page) == []
        again.click()
    expect(phone.locator(".shell")).to_be_visible()
    eventually(page, lambda: len(asked), 1)
    asked.pop().continue_()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    expect(phone.get_by_role("heading", name="You are signed out.")).to_be_visible()
    assert pool.asked.count("ChangePassword") == 1
    windows.strange[:] = [each for each in windows.strange if "ERR_FAILED" not in each and "503" not in each]


def test_who_signs_out_everywhere_reads_at_once_that_it_was_here_too(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    tam = sign_up(chromium, home, Account("tam@example.org", name="Tam"))
    page = open_settings(windows, tam, Pool(email="tam@example.org"), "security")
    everywhere = group(page, "Sign out everywhere")
    everywhere.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="You are signed out.")).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("Every device is signed out.")
    assert is_usable(page) == []


def test_a_new_password_whose_answer_was_lost_is_found_by_trying_again(
    windows: Windows, home: HomeProcess, chromium: Browser
) -> None:
    windows.expected.add(401)
    pool = Pool(email="thu@example.org", loses="ChangePassword")
    thu = sign_up(chromium, home, Account("thu@example.org", name="Thu"))
    page = open_settings(windows, thu, pool, "security")
    password = group(page, "Password")
    password.get_by_label("Current password").fill(OLD)
    password.get_by_label("New password").fill("three words for me")
    password.get_by_role("button", name="Change the password").click()
    told = password.get_by_role("alert")
    expect(told).to_contain_text("nobody knows whether your password was changed")
    expect(told).not_to_contain_text("Nothing was changed")
    password.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    assert pool.password == "three words for me"
    windows.strange[:] = [each for each in windows.strange if "ERR_FAILED" not in each]


def test_an_address_is_changed_with_the_code_that_was_mailed_to_it(windows: Windows, an: SignedUp) -> None:
    pool = Pool()
    page = open_settings(windows, an, pool, "profile")
    address = group(page, "E-mail address")
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill("anh@example.org")
    address.get_by_role("button", name="Mail me a code").click()
    expect(address).to_contain_text("It was mailed to anh@example.org.")
    address.get_by_role("button", name="Back").click()
    expect(address.get_by_label("New address")).to_have_value("anh@example.org")
    address.get_by_role("button", name="Mail me a code").click()
    address.get_by_label("Code").fill("1")
    address.get_by_role("button", name="Change the address").click()
    expect(address.get_by_role("alert")).to_contain_text("This is not the code.")
    assert is_usable(page) == []
    address.get_by_label("Code").fill(RIGHT)
    address.get_by_role("button", name="Change the address").click()
    said(page, "Your address is now anh@example.org.")
    expect(address.locator("strong")).to_have_text("anh@example.org")


def test_an_address_that_was_confirmed_and_refused_here_needs_no_other_code(windows: Windows, an: SignedUp) -> None:
    windows.expected.add(409)
    pool = Pool(clashes=3)
    page = open_settings(windows, an, pool, "profile")
    address = group(page, "E-mail address")
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill("anh@example.org")
    page.keyboard.press("Enter")
    address.get_by_label("Code").fill(RIGHT)
    page.keyboard.press("Enter")
    told = address.get_by_role("alert")
    expect(told).to_contain_text("anh@example.org is confirmed, but it is not your address here yet.")
    expect(told).to_contain_text("Somebody else here may have it")
    assert is_usable(page) == []
    with page.expect_response("**/v1/me/email"):
        address.get_by_role("button", name="Try again").click()
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill("Anh@example.org")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Somebody else here may have it")
    address.get_by_role("button", name="Try again").click()
    said(page, "Your address is now anh@example.org.")
    assert [pool.asked.count(each) for each in ("UpdateUserAttributes", "VerifyUserAttribute", "follow")] == [1, 1, 4]


def test_an_address_that_was_confirmed_before_the_tab_was_closed_is_taken_when_the_settings_open(
    windows: Windows, an: SignedUp
) -> None:
    windows.expected.add(409)
    pool = Pool(email="anh@example.org", clashes=1)
    page = open_settings(windows, an, pool, "profile", locale="vi-VN")
    page.evaluate("document.cookie = 'aurora_language=vi; path=/'")
    alert = page.get_by_role("alert").filter(has_text="anh@example.org")
    expect(alert).to_be_visible()
    page.reload()
    expect(page.locator(".toast:popover-open")).to_contain_text("anh@example.org")
    expect(page.get_by_role("main").locator("strong", has_text="anh@example.org")).to_be_visible()
    expect(alert).to_have_count(0)


def test_a_code_whose_answer_was_lost_counts(windows: Windows, an: SignedUp) -> None:
    pool = Pool()
    page = open_settings(windows, an, pool, "profile")
    address = group(page, "E-mail address")
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill("anh@example.org")
    page.keyboard.press("Enter")
    address.get_by_label("Code").fill("1")
    pool.email = pool.address  # it came with the try before
    page.keyboard.press("Enter")
    said(page, "Your address is now anh@example.org.")


def test_what_google_keeps_is_said_to_be_there(windows: Windows, an: SignedUp) -> None:
    page = open_settings(windows, an, Pool(provider="Google"), "security")
    expect(group(page, "How you sign in")).to_contain_text("You sign in with Google.")
    expect(page.get_by_label("New password")).to_have_count(0)
    page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name="You", exact=True).click()
    expect(group(page, "E-mail address")).to_contain_text("It is that of your Google account")


def test_a_sign_in_from_before_is_told_to_sign_in_anew(windows: Windows, an: SignedUp) -> None:
    """Its token may not speak with the pool."""
    pool = Pool(refuses="NotAuthorizedException")
    page = open_settings(windows, an, pool, "security")
    ways = group(page, "How you sign in")
    expect(ways.get_by_role("alert")).to_contain_text("Sign out and in again")
    pool.refuses = ""
    ways.get_by_role("button", name="Try again").click()
    expect(group(page, "Second step")).to_be_visible()


def no_longer_good(route: Route) -> None:
    """The home answers as it does once somebody has signed out everywhere."""
    route.continue_(headers={**route.request.headers, "authorization": "Bearer of.before.that"})


@pytest.mark.parametrize(
    ("locale", "sentence", "button"),
    [
        ("en-US", "You were signed out. Sign in again.", "Sign in"),
        ("vi-VN", "Bạn đã bị đăng xuất. Hãy đăng nhập lại.", "Đăng nhập"),
    ],
)
def test_who_was_signed_out_everywhere_reads_that_and_signs_in_past_what_the_pool_remembers(
    windows: Windows, an: SignedUp, locale: str, sentence: str, button: str
) -> None:
    """For an hour the pool's cookie makes new tokens of the old sign-in, which are good for nothing here."""
    windows.expected.add(401)
    page, sent = windows.open(storage_state=an.state, locale=locale), list[Request]()
    has_pool(page)
    page.on("request", lambda each: sent.append(each) if "/authorize?" in each.url else None)
    page.route("**/v1/**", no_longer_good)
    page.goto("/app/")
    expect(page.get_by_role("heading", name=sentence)).to_be_focused()
    expect(page.get_by_role("main")).not_to_contain_text("Bearer")
    assert len(sent) == 1, "it is not sent to and fro"
    assert is_usable(page) == []
    with page.expect_request("**/end-session?*logout_uri=*"):
        page.get_by_role("button", name=button).click()


def test_an_issuer_that_signs_nobody_out_is_asked_to_ask_again(windows: Windows, an: SignedUp) -> None:
    windows.expected.add(401)
    page = windows.open(storage_state=an.state)
    has_pool(page)
    known = page.request.get("/.well-known/openid-configuration").json()
    del known["end_session_endpoint"]
    page.route("**/.well-known/openid-configuration", lambda route: route.fulfill(json=known))
    page.route("**/v1/**", no_longer_good)
    page.goto("/app/")
    with page.expect_request("**/authorize?*prompt=login*"):
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
