"""Somebody to whom mails are held is told so in the settings, and lets them through there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import SignedUp, Windows, open_app, sign_up
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import said
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser
SINCE, UNTIL = "2026-11-20T02:00:00Z", "2026-12-20T02:00:00Z"


@pytest.fixture(scope="module")
def lan(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("lan@example.org", name="Lan"))


@pytest.fixture(params=["refused", "complaint"])
def page(request: pytest.FixtureRequest, windows: Windows, lan: SignedUp) -> Iterator[Page]:
    """With the settings open, where the first answer says that mails are held; all others are the server's."""
    held = {"reason": request.param, "since": SINCE, "until": UNTIL}
    windows.expected.add(429)
    page = open_app(windows, lan, "settings/profile")

    def answer(route: Route) -> None:
        route.fulfill(json={"email": lan.account.email, "held": held})

    page.route("**/v1/me/mail", answer, times=1)
    page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name="Reminders").click()
    yield page
    page.unroute_all(behavior="ignoreErrors")


def test_who_gets_no_mails_is_told_why_and_lets_them_through(page: Page) -> None:
    held = page.get_by_role("region", name="Mails to you are held back")
    expect(held).to_contain_text("lan@example.org")
    expect(held).to_contain_text("Dec 20, 2026")
    assert is_usable(page) == []
    problem = {"type": "/problems#too-many-requests", "title": "Too many", "status": 429, "detail": "Wait a minute."}
    page.route("**/v1/me/mail/release", lambda route: route.fulfill(status=429, json=problem), times=1)
    held.get_by_role("button", name="Let mails through").click()
    expect(held.get_by_role("alert")).not_to_be_empty()
    with page.expect_response("**/v1/me/mail/release") as released:
        held.get_by_role("button", name="Let mails through").click()
    assert released.value.status == 204
    said(page, "Mails go out again.")
    expect(held).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Reminders by mail")).to_be_visible()
    expect(held).to_have_count(0)
