"""The web app of a deployed home in a real browser: the same static files, from the bucket by the distribution."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from aurora_time.identity.totp import STEP, hotp, read_secret
from tests.aws.deployed.home import PASSWORD, Home
from tools import browser

pytestmark = [pytest.mark.deployed, pytest.mark.slow, pytest.mark.browser]
ZONE = "Asia/Ho_Chi_Minh"
PATIENCE_MS = 120_000
PEOPLE = itertools.count(1)


@pytest.fixture
def linh(home: Home) -> str:
    """Somebody who has signed up; the address, which is another for each test: their home is one."""
    email = f"linh{next(PEOPLE)}@example.org"
    home.sign_up(email)
    return email


@pytest.fixture(scope="module", autouse=True)
def published(home: Home, site: Path) -> None:
    home.publish(site)


@pytest.fixture
def window(home: Home) -> Iterator[BrowserContext]:
    """A browser whose network is that of the home."""
    if browser.find_chromium() is None:
        pytest.skip(browser.NEEDED)
    # The authority is the tests' own; a service worker is refused where only the pages are let through.
    with browser.chromium("--ignore-certificate-errors") as chromium:
        context = chromium.new_context(
            proxy={"server": home.names.url},
            base_url=f"https://{home.domain}",
            timezone_id=ZONE,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context
        context.close()


def listen(page: Page, home: Home, strange: list[str]) -> None:
    """Note errors of scripts, what the policy refuses, and what the home does not answer. The emulator's sign-in pages
    have no icon, which browsers ask for.
    """

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            strange.append(said.text)

    def miss(answer: Response) -> None:
        if answer.status >= 400 and not answer.url.endswith("/favicon.ico"):
            strange.append(f"{answer.status} at {answer.url}")

    def leave(request: Request) -> None:
        if home.names.network.find(urlsplit(request.url).hostname or "") is None and request.url[:5] != "data:":
            strange.append(f"asked somebody else: {request.url}")

    page.on("console", hear)
    page.context.on("request", leave)
    page.on("response", miss)
    page.context.on("weberror", lambda error: strange.append(str(error.error)))


def sign_in(page: Page, email: str) -> None:
    """By the pool's pages, to which the app leads."""
    page.goto("/app/")
    page.get_by_label("Username").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".shell").wait_for()


def test_who_is_invited_signs_up_on_the_pools_pages_and_is_in_the_app(home: Home, window: BrowserContext) -> None:
    email, page = "mai@example.org", window.new_page()
    page.goto("/app/")
    page.get_by_role("link", name="Create an account").click()

    def sign_up() -> None:
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()

    sign_up()
    expect(page.get_by_role("alert")).to_contain_text("takes only who is invited")
    assert not home.mails(email)
    home.invite(email)
    sign_up()
    page.get_by_label("Code").fill("a wrong one")
    page.get_by_role("button", name="Confirm account").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Code").fill(home.mailed_code(email))
    page.get_by_role("button", name="Confirm account").click()
    page.locator(".shell").wait_for()
    page.goto("/app/settings")
    expect(page.get_by_role("main").get_by_text(email)).to_be_visible()
    expect(page.get_by_label("Time zone"), "the pool asks nobody for it").to_have_value(ZONE)


def test_somebody_signs_in_makes_an_event_and_sees_when_it_will_ring(home: Home, linh: str, window: BrowserContext):
    strange: list[str] = []
    page = window.new_page()
    listen(page, home, strange)
    sign_in(page, linh)
    expect(page).to_have_url(re.compile(rf"https://{home.domain}/app/"), timeout=PATIENCE_MS)
    page.get_by_label("Add by one sentence").fill("Dentist tomorrow at 15:30")
    expect(page.locator("#understood")).to_contain_text("Dentist", timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Added.")).to_be_visible(timeout=PATIENCE_MS)
    page.goto("/app/reminders")
    told = page.locator(".reminder", has_text="Dentist").filter(has_text="10 minutes before")
    expect(told).to_contain_text("starts 15:30", timeout=PATIENCE_MS)
    page.reload()
    expect(told).to_contain_text("Your default reminders", timeout=PATIENCE_MS)
    assert not strange, "\n".join(strange)


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def of_pool(home: Home, email: str) -> dict[str, Any]:
    """The one whom the pool knows by an address."""
    (user,) = home.cognito.list_users(UserPoolId=home.pool, Filter=f'email = "{email}"')["Users"]
    found: dict[str, Any] = home.cognito.admin_get_user(UserPoolId=home.pool, Username=user["Username"])
    return found


def test_a_second_step_is_turned_on_and_off_in_the_app(home: Home, linh: str, window: BrowserContext) -> None:
    strange: list[str] = []
    page = window.new_page()
    sign_in(page, linh)
    page.goto("/app/settings/security")
    listen(page, home, strange)
    step = group(page, "Second step")
    step.get_by_role("button", name="Set it up").click()
    key = read_secret(str(step.get_by_label("Key").text_content()).replace(" ", ""))
    assert key is not None
    step.get_by_label("Code").fill(hotp(key, int(time.time()) // STEP))
    step.get_by_role("button", name="Turn it on").click()
    expect(step).to_contain_text("The second step is on")
    assert of_pool(home, linh)["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    step.get_by_role("button", name="Turn it off").click()
    step.get_by_role("button", name="Turn it off").click()
    expect(step.get_by_role("button", name="Set it up")).to_be_visible()
    assert of_pool(home, linh)["UserMFASettingList"] == []
    assert not strange, "\n".join(strange)


def test_who_changes_the_address_has_it_at_the_pool_and_here_and_the_old_one_leads_to_nobody(
    home: Home, window: BrowserContext
) -> None:
    old, new, page = "nhi@example.org", "nhi.le@example.org", window.new_page()
    home.sign_up(old)
    sign_in(page, old)
    page.goto("/app/settings/profile")
    address = group(page, "E-mail address")
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill(new)
    address.get_by_role("button", name="Mail me a code").click()
    address.get_by_label("Code").fill("a wrong one")
    address.get_by_role("button", name="Change the address").click()
    expect(address.get_by_role("alert")).to_contain_text("This is not the code")
    address.get_by_label("Code").fill(home.mailed_code(new))
    address.get_by_role("button", name="Change the address").click()
    expect(address.locator("strong")).to_have_text(new)
    assert {"Name": "email_verified", "Value": "true"} in of_pool(home, new)["UserAttributes"]
    ids = {}
    home.sign_up(old)
    for email in (old, new):
        with home.http(home.sign_in(email).access) as http:
            me = http.get("/v1/me").json()
            assert me["email"] == email
            ids[me["id"]] = email
    assert len(ids) == 2, "whoever has the old address next is somebody new"
