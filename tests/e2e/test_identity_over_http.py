"""Identity in depth as its owner meets it: a real server, real sockets, mails by real SMTP, the real command line."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from aurora_time.identity import totp
from tests.e2e.conftest import Signed, Town
from tests.run.aurora_process import aurora
from tools.running import HomeProcess
from tools.visitor import Api, Visitor, expect, form_of, mailed_code


def is_signed_in(browser: Visitor) -> bool:
    return browser.get("/password").status_code == 200


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Look until something is so; each look is a question to the server, so nothing is waited for in vain."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def delete(town: Town, path: str, token: str) -> httpx.Response:
    return httpx.delete(f"{town.url}{path}", headers={"authorization": f"Bearer {token}"}, trust_env=False)


@pytest.fixture
def api(town: Town) -> Iterator[Callable[[str], Api]]:
    made: list[Api] = []

    def bearing(token: str) -> Api:
        made.append(Api(town.url, token))
        return made[-1]

    yield bearing
    for each in made:
        each.close()


# --- two-step sign-in -------------------------------------------------------------------------------------------------
def turn_on(an: Signed) -> tuple[str, list[str], str]:
    """The secret, the recovery codes, and the code that is used by it."""
    fields = form_of(an.browser.get("/second-factor"))
    secret = fields["secret"]
    code = totp.hotp(totp.read_secret(secret) or b"", int(time.time()) // totp.STEP)
    typed = {"csrf": fields["csrf"], "secret": secret, "password": an.password, "code": code}
    done = expect(an.browser.post("/second-factor", **typed), 200)
    return secret, re.findall(r"<li><code>([a-z2-7-]+)</code></li>", done.text), code


def test_the_second_step_and_a_recovery_code(town: Town) -> None:
    an = town.somebody()
    secret, codes, used = turn_on(an)
    browser = town.browser()
    step = browser.submit("/login", email=an.email, password=an.password).headers["location"]
    assert step.startswith("/login/code?flow=")
    assert not is_signed_in(browser)
    assert browser.submit(step, "/login/code", code=used).status_code == 422, "the code that turned it on is used"
    coming = totp.hotp(totp.read_secret(secret) or b"", int(time.time()) // totp.STEP + 1)
    assert browser.submit(step, "/login/code", code=coming).status_code == 303
    assert is_signed_in(browser)
    other = town.browser()
    step = other.submit("/login", email=an.email, password=an.password).headers["location"]
    assert other.submit(step, "/login/code", code=codes[0]).status_code == 303
    assert is_signed_in(other)
    assert town.me(other.access_token()).json()["email"] == an.email


# --- a new address ----------------------------------------------------------------------------------------------------
def test_a_new_address_is_the_persons_too(town: Town) -> None:
    an, new = town.somebody(), "an.moved@example.net"
    token = an.browser.access_token()
    page = an.browser.submit("/email", new=new, password=an.password).headers["location"]
    assert town.me(token).json()["email"] == an.email, "not before the code"
    expect(an.browser.submit(page, "/email/confirm", code=mailed_code(town.mails, new)), 200)
    assert town.me(token).json()["email"] == new
    browser = town.browser()
    assert browser.submit("/login", email=an.email, password=an.password).status_code == 422
    assert browser.submit("/login", email=new, password=an.password).status_code == 303
    assert new in browser.get("/settings").text


# --- devices ----------------------------------------------------------------------------------------------------------
def test_signing_out_everywhere_ends_access_tokens_within_a_second(town: Town, api: Callable[[str], Api]) -> None:
    an = town.somebody()
    others = [town.browser() for _ in range(3)]
    for browser in others:
        browser.submit("/login", email=an.email, password=an.password)
    tokens = [town.tokens(browser) for browser in (an.browser, *others)]
    script = api(tokens[0]["access_token"]).token("script")
    devices = api(script).get("/v1/sessions")["items"]
    assert len(devices) == 8, "four browsers, and a command line of each"
    began = time.monotonic()
    assert delete(town, "/v1/sessions", tokens[0]["access_token"]).status_code == 204
    assert [town.me(each["access_token"]).status_code for each in tokens] == [401] * 4
    assert time.monotonic() - began < 1
    assert not any(is_signed_in(browser) for browser in (an.browser, *others))
    assert [town.browser().refresh(each["refresh_token"]).status_code for each in tokens] == [400] * 4
    assert town.me(script).status_code == 200, "a script goes on"
    assert api(script).get("/v1/sessions")["items"] == []


def test_one_device_of_several_is_signed_out(town: Town, api: Callable[[str], Api]) -> None:
    an = town.somebody()
    mine, stolen = town.tokens(an.browser), town.tokens(an.browser)
    listed = api(mine["access_token"]).get("/v1/sessions")["items"]
    (current,) = [each["id"] for each in listed if each["current"]]
    phones = [each["id"] for each in listed if each["client"] == "aurora-cli" and each["id"] != current]
    for each in phones:
        assert delete(town, f"/v1/sessions/{each}", mine["access_token"]).status_code == 204
    assert town.me(stolen["access_token"]).status_code == 401
    assert town.me(mine["access_token"]).status_code == 200
    assert is_signed_in(an.browser)


# --- keys -------------------------------------------------------------------------------------------------------------
def kids(town: Town) -> list[str]:
    return [key["kid"] for key in httpx.get(f"{town.url}/jwks", trust_env=False).json()["keys"]]


def test_a_new_key_disturbs_no_live_sign_in(town: Town) -> None:
    an = town.somebody()
    before = town.tokens(an.browser)
    (old,) = kids(town)
    said = aurora("key", "rotate", "--now", "--data", town.data)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("A new key signs from now on")
    assert kids(town)[0] == old
    assert len(kids(town)) == 2
    assert town.me(before["access_token"]).status_code == 200
    after = expect(town.browser().refresh(before["refresh_token"]), 200).json()
    assert header_of(after["access_token"])["kid"] == kids(town)[1]
    assert [town.me(each["access_token"]).status_code for each in (before, after)] == [200, 200]
    assert is_signed_in(an.browser)
    assert town.me(an.browser.access_token()).status_code == 200


def header_of(token: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    return read


# --- another issuer ---------------------------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(town: Town, tmp_path: Path) -> Iterator[HomeProcess]:
    """A second home, whose issuer is the town's."""
    home = HomeProcess(
        tmp_path / "elsewhere",
        traced=True,
        AURORA_ISSUER=town.url,
        AURORA_CLIENT_ID="aurora-cli",
        AURORA_AUDIENCE=f"{town.url}/v1",
    )
    try:
        home.start()
        yield home
    finally:
        home.stop()


def with_email(browser: Visitor) -> str:
    """An access token with which its bearer's address can be asked for."""
    token: str = expect(browser.redeem(browser.authorize("email")), 200).json()["access_token"]
    return token


def test_another_process_is_the_issuer(town: Town, elsewhere: HomeProcess) -> None:
    an = town.somebody()
    token = with_email(an.browser)
    api = Api(elsewhere.url, token)
    assert api.get("/v1/me")["email"] == an.email, "made at first sight, with the address that the issuer verified"
    event = api.post("/v1/events", {"summary": "Elsewhere", "start": {"date": "2026-11-23"}})
    api.close()
    with httpx.Client(base_url=elsewhere.url, trust_env=False) as browser:
        led = browser.get("/login", params={"next": "/settings"})
        assert led.headers["location"].startswith(f"{town.url}/authorize?")
        allowed = an.browser.allow(led.headers["location"].removeprefix(town.url))
        assert allowed.headers["location"].startswith(f"{elsewhere.url}/callback?")
        back = browser.get(allowed.headers["location"].removeprefix(elsewhere.url))
        assert (back.status_code, back.headers["location"]) == (303, "/settings")
        assert an.email in browser.get("/settings").text
        assert "Elsewhere" in browser.get(f"/events/{event['id']}").text, "by page and by token it is one person"
        assert browser.get("/password").status_code == 404
    rotated = aurora("key", "rotate", "--now", "--data", town.data)
    assert rotated.returncode == 0, rotated.stderr
    for each in (token, with_email(an.browser)):
        me = httpx.get(f"{elsewhere.url}/v1/me", headers={"authorization": f"Bearer {each}"}, trust_env=False)
        assert me.json()["email"] == an.email, "tokens of the old key and of the new one"


# --- invitations ------------------------------------------------------------------------------------------------------
def test_an_invitation_is_printed_mailed_and_good_once(town: Town, tmp_path: Path) -> None:
    home = HomeProcess(tmp_path / "by-invitation", town.smtp_port, traced=True, AURORA_SIGNUP="invite")
    try:
        home.start()
        browser = Visitor(home.url)
        assert "by invitation" in browser.get("/signup").text
        said = aurora("user", "invite", "mai@example.org", "--data", home.data, AURORA_SIGNUP="invite")
        assert said.returncode == 0, said.stderr
        assert said.stdout.startswith("mai@example.org can sign up within 7 days")
        link = said.stdout.split()[-1].removeprefix(home.url)
        begun = browser.submit(link, "/signup", password="violet tram kettle", name="Mai")
        code = mailed_code(town.mails, "mai@example.org")
        assert browser.submit(begun.headers["location"], code=code).status_code == 303
        assert is_signed_in(browser)
        assert browser.get(link).status_code == 410
        again = aurora("user", "invite", "mai@example.org", "--data", home.data, AURORA_SIGNUP="invite")
        assert (again.returncode, "has an account already" in again.stderr) == (1, True)
        browser.close()
    finally:
        home.stop()
    invited = [path for path in town.mails.glob("*.eml") if b"invited" in path.read_bytes()]
    assert len(invited) == 1


# --- the end ----------------------------------------------------------------------------------------------------------
def test_a_deleted_account_is_gone_at_once_and_its_bytes_soon(town: Town) -> None:
    an = town.somebody()
    tokens = town.tokens(an.browser)
    api = Api(town.url, tokens["access_token"])
    for day in range(1, 25):
        api.post("/v1/events", {"summary": f"Zwetschgenkuchen {day}", "start": {"date": f"2026-12-{day:02d}"}})
    script = api.token("Zwetschgenskript")
    api.close()
    began = time.monotonic()
    assert delete(town, "/v1/me", script).status_code == 202
    assert [town.me(each).status_code for each in (script, tokens["access_token"])] == [401, 401]
    assert time.monotonic() - began < 1
    assert not is_signed_in(an.browser)
    assert town.browser().submit("/login", email=an.email, password=an.password).status_code == 422
    until(lambda: not rows_with(town.data, b"Zwetschgen", an.email.encode()))


def rows_with(data: Path, *traces: bytes) -> list[str]:
    """The parts of the items in which something is found; a body may be deflated, but these are not."""
    connection = sqlite3.connect(f"{(data / 'aurora.sqlite').as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT part, body FROM items").fetchall()
    finally:
        connection.close()
    return [part for part, body in rows if any(trace in body for trace in traces)]
