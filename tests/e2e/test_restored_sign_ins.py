"""A backup that is put back signs nobody in, and brings back no token that was ended since it was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.run.aurora_process import aurora
from tools.running import HomeProcess
from tools.visitor import SCOPES, Allowed, Api, Visitor, expect

EMAIL, PASSWORD = "an@example.org", "violet tram kettle"


class Copied(NamedTuple):
    """A home that was copied, what was good when it was, and where the copy is."""

    home: HomeProcess
    copy: Path
    browser: Visitor
    refresh_token: str
    code: Allowed
    reset: str
    kept: str
    ended: str


def is_signed_in(browser: Visitor) -> bool:
    return browser.get("/password").status_code == 200


def knows(home: HomeProcess, token: str) -> int:
    return httpx.get(f"{home.url}/v1/me", headers={"authorization": f"Bearer {token}"}, trust_env=False).status_code


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Copied]:
    """Its owner has signed out everywhere and ended a token since; it is stopped."""
    data = tmp_path / "data"
    linked = aurora("user", "add", EMAIL, "--data", data).stdout.splitlines()[-1]
    home = HomeProcess(data)
    home.start()
    browser = Visitor(home.url)
    try:
        made = browser.submit(linked.partition(":8765")[2], password=PASSWORD)
        assert made.status_code in (200, 303), made.text
        expect(browser.submit("/login", email=EMAIL, password=PASSWORD), 303)
        assert is_signed_in(browser)
        refresh_token = expect(browser.redeem(browser.authorize("offline_access")), 200).json()["refresh_token"]
        api = Api(home.url, browser.access_token())
        tokens = [api.post("/v1/tokens", {"name": name, "scopes": list(SCOPES)}) for name in ("kept", "ended")]
        code = browser.authorize()
        reset = aurora("user", "add", "kim@example.org", "--data", data).stdout.splitlines()[-1]
        copy = tmp_path / "copy.db"
        assert aurora("backup", copy, "--data", data).returncode == 0
        bearer = {"authorization": f"Bearer {tokens[0]['secret']}"}
        for path in (f"/v1/tokens/{tokens[1]['id']}", "/v1/sessions"):
            assert httpx.delete(f"{home.url}{path}", headers=bearer, trust_env=False).status_code == 204
        api.close()
        home.stop()
        secrets = (tokens[0]["secret"], tokens[1]["secret"])
        yield Copied(home, copy, browser, refresh_token, code, reset[reset.index("/password") :], *secrets)
    finally:
        browser.close()
        home.stop()


def test_everybody_has_to_sign_in_again_and_what_was_ended_stays_so(copied: Copied) -> None:
    home, browser = copied.home, copied.browser
    done = aurora("restore", copied.copy, "--data", home.data)
    assert "Everybody has to sign in again." in done.stdout
    assert "good no more: 1." in done.stdout
    assert "good, as in the copy: 1." in done.stdout
    home.start()
    assert not is_signed_in(browser)
    assert browser.refresh(copied.refresh_token).json()["error"] == "invalid_grant"
    assert browser.redeem(copied.code).json()["error"] == "invalid_grant"
    assert browser.get(copied.reset).status_code != 200
    assert [knows(home, token) for token in (copied.kept, copied.ended)] == [200, 401]
    expect(browser.submit("/login", email=EMAIL, password=PASSWORD), 303)
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    ("words", "elsewhere", "statuses", "left"),
    [
        (("--end-tokens",), False, [401, 401], 0),
        (("--keep-tokens",), False, [200, 200], 2),
        ((), True, [200, 200], 2),
    ],
)
def test_the_operator_says_which_tokens_are_good(
    copied: Copied, words: tuple[str, ...], elsewhere: bool, statuses: list[int], left: int
) -> None:
    """On a new machine nobody can know what was ended since."""
    home = HomeProcess(copied.home.data.with_name("new")) if elsewhere else copied.home
    told = json.loads(aurora("restore", copied.copy, *words, "--json", "--data", home.data).stdout)
    assert (told["tokensLeft"], told["tokensEnded"], told["signInsEnded"] >= 2) == (left, 2 - left, True)
    home.start()
    try:
        assert [knows(home, token) for token in (copied.kept, copied.ended)] == statuses
    finally:
        home.stop()
