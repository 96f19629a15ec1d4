"""The pages of an account in a real browser: usable for everybody, and the way through two-step sign-in."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page

from aurora_time.identity import totp
from tests.browser.conftest import SignedUp, Windows, sign_up
from tests.browser.test_for_everybody import OF_COLOUR, RULES, SCHEMES, SIZES, violations
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser


def is_usable(page: Page) -> list[str]:
    """What is in somebody's way on this page, at a desk and on a phone, by day and by night."""
    found: list[str] = []
    for size, scheme in product(SIZES, SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        where = f"{page.url}: {size['width']} px, {scheme}"
        found += [f"{where}: {each}" for each in violations(page, RULES if scheme == "light" else OF_COLOUR)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: scrolls sideways")
        if scheme == SCHEMES[0]:
            found += [f"{where}: {each}" for each in page.evaluate(SMALL, LEAST)]
    return found


LEAST: Final = 24
"""CSS pixels that a target has at least, in both directions (WCAG 2.5.8)."""
SMALL: Final = (Path(__file__).parent / "small_targets.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def le(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("le@example.org", name="Le"))


@pytest.fixture(params=["en-GB", "vi-VN"])
def signed_in(windows: Windows, le: SignedUp, request: Any) -> Page:
    return windows.open(storage_state=le.state, locale=request.param)


ALLOW = "/authorize?" + urlencode(
    {
        "response_type": "code",
        "client_id": "aurora-cli",
        "redirect_uri": "http://127.0.0.1:9/callback",
        "scope": "openid events:read",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
)


@pytest.mark.parametrize(
    "path", ["/settings", "/settings/devices", "/settings/close", "/second-factor", "/email", ALLOW]
)
def test_the_pages_of_an_account_can_be_used_by_everybody(signed_in: Page, path: str) -> None:
    signed_in.goto(path)
    assert is_usable(signed_in) == []


def test_two_step_sign_in_from_the_settings_to_the_code(windows: Windows, home: HomeProcess, chromium: Browser) -> None:
    account = Account("ti@example.org", name="Ti")
    page = windows.open(storage_state=sign_up(chromium, home, account).state)
    page.goto("/settings")
    page.get_by_role("link", name="Two-step sign-in").click()
    picture = page.get_by_role("img", name="QR code for an authenticator app")
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 150, "large enough to scan"
    secret = (page.locator("code.secret").text_content() or "").replace(" ", "")
    page.get_by_label("Password").fill(account.password)
    code(page).fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_text("This code is not good").wait_for()
    assert is_usable(page) == []
    page.get_by_label("Password").fill(account.password)
    code(page).fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    codes = page.locator("ul.codes code").all_text_contents()
    assert len(codes) == 10
    assert is_usable(page) == []
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="Settings", level=1).wait_for()
    page.goto("/second-factor")
    page.get_by_text("Recovery codes left: 10.").wait_for()
    assert is_usable(page) == []
    other = windows.open()
    browser.sign_in(other, "", account)
    other.get_by_role("heading", name="One more step").wait_for()
    assert is_usable(other) == []
    code(other).fill(codes[0])
    other.get_by_role("button", name="Sign in").click()
    other.get_by_role("heading", name="Hello, Ti").wait_for()


def code(page: Page) -> Locator:
    """The field for a code; the picture speaks of one, too."""
    return page.get_by_role("textbox", name="Code")


def code_of(secret: str) -> str:
    return totp.hotp(totp.read_secret(secret) or b"", int(time.time()) // totp.STEP)


def test_an_address_is_changed_and_an_account_deleted(windows: Windows, home: HomeProcess, chromium: Browser) -> None:
    account = Account("bo@example.org", name="Bo")
    page = windows.open(storage_state=sign_up(chromium, home, account).state)
    page.goto("/settings")
    page.get_by_role("link", name="Change e-mail").click()
    page.get_by_label("New address").fill("bo.new@example.org")
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Continue").click()
    assert is_usable(page) == []
    page.get_by_label("Code").fill(browser.printed_code(home.log, "bo.new@example.org"))
    page.get_by_role("button", name="Change the address").click()
    page.get_by_role("heading", name="Your address is changed").wait_for()
    assert is_usable(page) == []
    page.goto("/settings")
    page.get_by_role("link", name="Delete your account").click()
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_text("This is not your password.").wait_for()
    assert is_usable(page) == []
    page.get_by_label("Your password").fill(account.password)
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("heading", name="Your account is deleted").wait_for()
    assert is_usable(page) == []
