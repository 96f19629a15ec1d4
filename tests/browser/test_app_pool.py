"""The settings of the web app in a home whose accounts are a user pool's: second step, password and address.

The home is that of one machine, told otherwise; the pool is the test's own, at the origin of its issuer.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignedUp, Windows, go, open_app, settled
from tests.browser.test_account_for_everybody import is_usable
from tests.browser.using_app import said

pytestmark = pytest.mark.browser
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RIGHT: Final = "123456"
OLD: Final = "the old password"
Json = dict[str, Any]


@dataclass
class Pool:
    """Answers as Cognito does; ``refuses`` names what is in the way of everything."""

    steps: list[str] = field(default_factory=list)
    provider: str = ""
    refuses: str = ""
    address: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        target = route.request.headers.get("x-amz-target", "")
        if not target:
            return route.fallback()
        action, body = target.rpartition(".")[2], json.loads(route.request.post_data or "{}")
        assert body.pop("AccessToken")
        self.asked.append(action)
        refused, said = self.refuses or self._refused(action, body), self._said(action, body)
        if refused:
            return route.fulfill(status=400, json={"__type": refused, "message": "In English, by Amazon."})
        return route.fulfill(json=said)

    def _refused(self, action: str, body: Json) -> str:
        if action in ("VerifySoftwareToken", "VerifyUserAttribute") and RIGHT not in body.values():
            return "CodeMismatchException"
        if action == "ChangePassword" and body["PreviousPassword"] != OLD:
            return "NotAuthorizedException"
        return ""

    def _said(self, action: str, body: Json) -> Json:
        if action == "SetUserMFAPreference":
            self.steps = ["SOFTWARE_TOKEN_MFA"] if body["SoftwareTokenMfaSettings"]["Enabled"] else []
        if action == "UpdateUserAttributes":
            self.address = body["UserAttributes"][0]["Value"]
        identities = json.dumps([{"providerName": self.provider}] if self.provider else [])
        told = [{"Name": "identities", "Value": identities}]
        return {
            "GetUser": {"UserAttributes": told, "UserMFASettingList": self.steps},
            "AssociateSoftwareToken": {"SecretCode": SECRET},
            "VerifySoftwareToken": {"Status": "SUCCESS"},
        }.get(action, {})


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def open_settings(windows: Windows, an: SignedUp, pool: Pool, part: str) -> Page:
    """A part of the settings, in a home that has the pool."""
    windows.expected.add(400)
    page = open_app(windows, an)
    config = page.request.get("/config.json").json()
    config |= {"ownAccounts": False, "scope": f"{config['scope']} aws.cognito.signin.user.admin"}
    page.route("**/config.json", lambda route: route.fulfill(json=config))
    page.route(f"{windows.url}/", pool.answer)
    page.reload()
    page.wait_for_function("JSON.parse(localStorage['aurora-config']).ownAccounts === false")
    settled(page)
    go(page, f"settings/{part}")  # what is new holds from the next start on
    return page


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


def test_a_password_is_changed_by_who_knows_the_old_one(windows: Windows, an: SignedUp) -> None:
    pool = Pool()
    page = open_settings(windows, an, pool, "security")
    password = group(page, "Password")
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
    said(page, "Your password is changed.")
    expect(old).to_have_value("")


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
    page.route("**/v1/me/email", lambda route: route.fulfill(status=204))
    me = page.request.get("/v1/me", headers=bearer(page)).json()
    page.route("**/v1/me", lambda route: route.fulfill(json={**me, "email": pool.address}))
    address.get_by_label("Code").fill(RIGHT)
    address.get_by_role("button", name="Change the address").click()
    said(page, "Your address is now anh@example.org.")
    expect(address.locator("strong")).to_have_text("anh@example.org")


def test_an_address_of_somebody_else_is_said_beside_the_field_and_the_code_is_not_asked_twice(
    windows: Windows, an: SignedUp
) -> None:
    """The home here keeps its addresses itself, so it refuses with its reason."""
    windows.expected.add(409)
    pool = Pool()
    page = open_settings(windows, an, pool, "profile")
    address = group(page, "E-mail address")
    address.get_by_role("button", name="Change the address").click()
    address.get_by_label("New address").fill("anh@example.org")
    page.keyboard.press("Enter")
    address.get_by_label("Code").fill(RIGHT)
    for _ in range(2):
        with page.expect_response("**/v1/me/email"):
            address.get_by_role("button", name="Change the address").click()
        expect(address.get_by_role("alert")).to_contain_text("This home keeps your address itself")
    assert pool.asked.count("VerifyUserAttribute") == 1


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


def bearer(page: Page) -> dict[str, str]:
    """As the app sends it."""
    kept = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('oidc.user:'))[1]")
    return {"Authorization": f"Bearer {json.loads(kept)['access_token']}"}
