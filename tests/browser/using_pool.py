"""A home whose accounts are a user pool's, for tests in a browser.

It is that of one machine, told otherwise; the pool is the tests' own, at the origin of its issuer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Locator, Page, Route

from tests.browser.conftest import SignedUp, Windows, go, open_app, settled
from tests.browser.using_app import eventually

SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RIGHT: Final = "123456"
OLD: Final = "the old password"
Json = dict[str, Any]


@dataclass
class Pool:
    """Answers as Cognito does; ``refuses`` names what is in the way of everything. ``email`` is verified, ``address``
    waits for its code; the answer to the action that it ``loses`` does not come, once.

    Our home asks it, too, as that of one machine does not: ``clashes`` times it finds the address to be somebody's.
    """

    steps: list[str] = field(default_factory=list)
    provider: str = ""
    refuses: str = ""
    email: str = "an@example.org"
    address: str = ""
    clashes: int = 0
    password: str = OLD
    loses: str = ""
    asked: list[str] = field(default_factory=list)
    followed: str = ""

    def answer(self, route: Route) -> None:
        target = route.request.headers.get("x-amz-target", "")
        if not target:
            return route.fallback()
        action, body = target.rpartition(".")[2], json.loads(route.request.post_data or "{}")
        assert body.pop("AccessToken")
        self.asked.append(action)
        refused = self.refuses or self._refused(action, body)
        said = {} if refused else self._said(action, body)
        if action == self.loses:
            self.loses = ""
            return route.abort()
        if refused:
            return route.fulfill(status=400, json={"__type": refused, "message": "In English, by Amazon."})
        return route.fulfill(json=said)

    def follow(self, route: Route) -> None:
        """``POST /v1/me/email``"""
        self.asked.append("follow")
        if self.clashes:
            self.clashes -= 1
            return route.fulfill(status=409, json={"type": "/problems#conflict", "detail": "In English, by the API."})
        self.followed = self.email
        return route.fulfill(status=204)

    def me(self, route: Route) -> None:
        if not self.followed:
            return route.fallback()
        answer = route.fetch()
        return route.fulfill(response=answer, json={**answer.json(), "email": self.followed})

    def _refused(self, action: str, body: Json) -> str:
        if action in ("VerifySoftwareToken", "VerifyUserAttribute") and RIGHT not in body.values():
            return "CodeMismatchException"
        if action == "ChangePassword" and body["PreviousPassword"] != self.password:
            return "NotAuthorizedException"
        return ""

    def _said(self, action: str, body: Json) -> Json:
        if action == "SetUserMFAPreference":
            self.steps = ["SOFTWARE_TOKEN_MFA"] if body["SoftwareTokenMfaSettings"]["Enabled"] else []
        if action == "UpdateUserAttributes":
            self.address = body["UserAttributes"][0]["Value"]
        if action == "ChangePassword":
            self.password = body["ProposedPassword"]
        if action == "VerifyUserAttribute":
            self.email = self.address
        identities = json.dumps([{"providerName": self.provider}] if self.provider else [])
        known = {"identities": identities, "email": self.email, "email_verified": "true"}
        told = [{"Name": name, "Value": value} for name, value in known.items()]
        return {
            "GetUser": {"UserAttributes": told, "UserMFASettingList": self.steps},
            "AssociateSoftwareToken": {"SecretCode": SECRET},
            "VerifySoftwareToken": {"Status": "SUCCESS"},
        }.get(action, {})


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def has_pool(page: Page) -> None:
    """The home says so."""
    config = page.request.get("/config.json").json()
    config |= {"ownAccounts": False, "scope": f"{config['scope']} aws.cognito.signin.user.admin"}
    page.route("**/config.json", lambda route: route.fulfill(json=config))


def open_settings(windows: Windows, an: SignedUp, pool: Pool, part: str, **options: Any) -> Page:
    """A part of the settings, in a home that has the pool."""
    windows.expected.add(400)
    page = open_app(windows, an, **options)
    has_pool(page)
    page.route(f"{windows.url}/", pool.answer)
    page.route("**/v1/me/email", pool.follow)
    page.route("**/v1/me", pool.me)
    page.reload()
    eventually(page, lambda: page.evaluate("JSON.parse(localStorage['aurora-config']).ownAccounts"), wanted=False)
    settled(page)
    go(page, f"settings/{part}")  # what is new holds from the next start on
    return page
