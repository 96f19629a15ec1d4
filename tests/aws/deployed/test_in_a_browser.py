"""The web app of a deployed home in a real browser: the same static files, from the bucket by the distribution."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.aws.deployed.home import PASSWORD, Home
from tests.aws.deployed.names import OF_FILES
from tools import browser

pytestmark = [pytest.mark.deployed, pytest.mark.slow, pytest.mark.browser]
ZONE = "Asia/Ho_Chi_Minh"
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def linh(home: Home, site: Path) -> str:
    """Somebody who has signed up; the address."""
    home.publish(site)
    email = "linh@example.org"
    home.trigger("PostConfirmation_ConfirmSignUp", home.sign_up(email), email)
    return email


@pytest.fixture
def window(home: Home) -> Iterator[BrowserContext]:
    """A browser whose network is that of the home."""
    if browser.find_chromium() is None:
        pytest.skip(browser.NEEDED)
    with browser.chromium() as chromium:
        context = chromium.new_context(
            proxy={"server": home.names.url},
            ignore_https_errors=True,  # the tests' own authority
            base_url=f"https://{home.domain}",
            timezone_id=ZONE,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context
        context.close()


def sign_in(page: Page, email: str) -> None:
    """By the pool's pages, to which the app leads."""
    page.goto("/app/")
    page.get_by_label("Username").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".shell").wait_for()


def test_somebody_signs_in_makes_an_event_and_sees_when_it_will_ring(home: Home, linh: str, window: BrowserContext):
    strange: list[str] = []
    page = window.new_page()
    page.on("console", lambda said: strange.append(said.text) if said.type == "error" else None)
    page.on("weberror", lambda error: strange.append(str(error.error)))
    expect.set_options(timeout=PATIENCE_MS)
    sign_in(page, linh)
    assert page.url.startswith(f"https://{home.domain}/app/")
    page.keyboard.press("n")
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/d_browser.png")
    print(page.locator("body").inner_text()[:3000])
    print(strange, home.names.network.asked)
