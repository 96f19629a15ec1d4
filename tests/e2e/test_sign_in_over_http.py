"""Sign-in as browsers and programs meet it: a real server, real sockets, and codes that come by real SMTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tools.visitor import CALLBACK, Allowed, Visitor, expect, form_of, mailed_code, mailed_reset

NEW_PASSWORD = "copper river lamp"


def is_signed_in(browser: Visitor) -> bool:
    return browser.get("/password").status_code == 200


def is_refused(answer: httpx.Response) -> bool:
    """By the token endpoint, as RFC 6749 section 5.2 says."""
    return answer.status_code == 400 and answer.json()["error"] == "invalid_grant" and "access_token" not in answer.text


# --- signing up -------------------------------------------------------------------------------------------------------
def test_the_mailed_code_makes_the_account(town):
    browser, email = town.browser(), "mai@example.org"
    page = browser.begin_sign_up(email, "violet tram kettle", "Asia/Ho_Chi_Minh")
    assert not is_signed_in(browser), "nothing is made of an address until its code comes back"
    assert town.browser().submit("/login", email=email, password="violet tram kettle").status_code == 422
    browser.confirm(page, mailed_code(town.mails, email))
    assert is_signed_in(browser)
    me = town.me(browser.access_token()).json()
    assert (me["email"], me["timeZone"]) == (email, "Asia/Ho_Chi_Minh")
    elsewhere = town.browser()
    assert elsewhere.submit("/login", email=email, password="violet tram kettle").status_code == 303
    assert is_signed_in(elsewhere)


def test_a_wrong_code_is_refused_and_the_sixth_try_too_though_right(town):
    browser, email = town.browser(), "linh@example.org"
    page = browser.begin_sign_up(email, "violet tram kettle", "UTC")
    code = mailed_code(town.mails, email)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    fields = form_of(browser.get(page))
    answers = [browser.post("/signup/confirm", **(fields | {"code": each})) for each in [wrong] * 5 + [code]]
    assert all(400 <= answer.status_code < 500 for answer in answers)
    assert not is_signed_in(browser)


def test_a_code_is_only_for_the_browser_that_asked(town):
    browser, stranger, email = town.browser(), town.browser(), "thu@example.org"
    page = browser.begin_sign_up(email, "violet tram kettle", "UTC")
    fields = form_of(browser.get(page)) | {"code": mailed_code(town.mails, email)}
    assert stranger.post("/signup/confirm", **fields).status_code == 403
    assert not is_signed_in(stranger)


# --- authorization code and PKCE --------------------------------------------------------------------------------------
def test_a_program_gets_tokens_by_code_and_pkce(town, resident):
    tokens = town.tokens(resident.browser)
    assert tokens["token_type"] == "Bearer"
    assert "offline_access" in tokens["scope"].split()
    assert town.me(tokens["access_token"]).json()["email"] == resident.email


def test_without_its_verifier_a_code_is_worth_nothing(town, resident):
    allowed = resident.browser.authorize("offline_access")
    assert is_refused(town.browser().redeem(Allowed(allowed.code, secrets.token_urlsafe(48))))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(allowed.verifier.encode()).digest()).rstrip(b"=").decode()
    assert is_refused(town.browser().redeem(Allowed(allowed.code, challenge))), "what was seen in the address"
    missing = town.browser().redeem(Allowed(allowed.code, ""))
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")


def test_a_code_used_twice_ends_what_it_gave(town, resident):
    allowed = resident.browser.authorize("offline_access")
    tokens = expect(resident.browser.redeem(allowed), 200).json()
    assert is_refused(town.browser().redeem(allowed))
    assert town.me(tokens["access_token"]).status_code == 401
    assert is_refused(resident.browser.refresh(tokens["refresh_token"]))


@pytest.mark.parametrize(
    "changed", [{"code_challenge": ""}, {"code_challenge_method": "plain"}, {"code_challenge_method": ""}], ids=str
)
def test_no_code_is_given_without_s256(resident, changed):
    answer = resident.browser.ask("c" * 43, **changed)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{CALLBACK}?error=invalid_request&")
    assert "code=" not in answer.headers["location"]


@pytest.mark.parametrize("where", ["https://evil.example/callback", "http://127.0.0.1.evil.example/callback"])
def test_no_code_goes_to_an_address_that_is_not_registered(resident, where):
    answer = resident.browser.ask("c" * 43, redirect_uri=where)
    assert answer.status_code == 400
    assert "location" not in answer.headers


# --- refreshing -------------------------------------------------------------------------------------------------------
def test_each_refresh_gives_the_next_token(town, resident):
    seen = [town.tokens(resident.browser)["refresh_token"]]
    for _ in range(3):
        tokens = expect(town.browser().refresh(seen[-1]), 200).json()
        assert town.me(tokens["access_token"]).status_code == 200
        assert tokens["refresh_token"] not in seen
        seen.append(tokens["refresh_token"])


def test_a_reused_refresh_token_revokes_its_whole_family(town, resident):
    other = town.tokens(resident.browser)
    first = town.tokens(resident.browser)
    second = expect(resident.browser.refresh(first["refresh_token"]), 200).json()
    newest = expect(resident.browser.refresh(second["refresh_token"]), 200).json()
    family = (first, second, newest)
    assert [town.me(tokens["access_token"]).status_code for tokens in family] == [200] * 3
    assert is_refused(town.browser().refresh(first["refresh_token"]))
    assert [town.me(tokens["access_token"]).status_code for tokens in family] == [401] * 3
    assert all(is_refused(resident.browser.refresh(tokens["refresh_token"])) for tokens in reversed(family))
    assert town.me(other["access_token"]).status_code == 200, "another sign-in of the same person goes on"
    assert is_signed_in(resident.browser)


def test_of_many_uses_at_once_one_wins_at_most(town, resident):
    token = town.tokens(resident.browser)["refresh_token"]
    thieves = [town.browser() for _ in range(6)]
    with ThreadPoolExecutor(len(thieves)) as pool:
        answers = list(pool.map(lambda thief: thief.refresh(token), thieves))
    assert sum(answer.status_code == 200 for answer in answers) == 1
    assert sum(is_refused(answer) for answer in answers) == len(thieves) - 1


# --- a lost password --------------------------------------------------------------------------------------------------
def test_a_lost_password_is_replaced_by_a_mailed_link(town):
    an = town.somebody()
    tokens, unused_code = town.tokens(an.browser), an.browser.authorize()
    browser = town.browser()
    expect(browser.submit("/password/forgot", email=an.email), 200)
    link = mailed_reset(town.mails, an.email)
    expect(town.browser().get(link), 200)
    assert town.me(tokens["access_token"]).status_code == 200, "opening the link changes nothing: scanners do too"
    assert browser.submit(link, "/password/reset", password=NEW_PASSWORD).status_code == 303
    assert browser.submit("/login", email=an.email, password=an.password).status_code == 422
    assert browser.submit("/login", email=an.email, password=NEW_PASSWORD).status_code == 303
    assert is_signed_in(browser)
    assert not is_signed_in(an.browser)
    assert town.me(tokens["access_token"]).status_code == 401
    assert is_refused(an.browser.refresh(tokens["refresh_token"]))
    assert is_refused(an.browser.redeem(unused_code))
    assert browser.get(link).status_code == 410, "a link works once"


def test_asking_for_a_link_does_not_tell_who_has_an_account(town, resident):
    known, unknown = resident.email, "0123456789ab@example.org"
    pages = [town.browser().submit("/password/forgot", email=email) for email in (known, unknown)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text.replace(known, unknown) == pages[1].text


# --- signing out ------------------------------------------------------------------------------------------------------
def with_cookies_of(town, browser: Visitor) -> httpx.Client:
    """Whoever kept a copy of what the browser had."""
    return httpx.Client(base_url=town.url, cookies=browser.cookies, trust_env=False)


def test_signing_out_ends_the_browsers_sign_in_at_once(town):
    an = town.somebody()
    unused_code = an.browser.authorize("offline_access")
    with with_cookies_of(town, an.browser) as copy:
        assert copy.get("/password").status_code == 200
        assert an.browser.submit("/password", "/logout").status_code == 303
        assert copy.get("/password").headers["location"].startswith("/login"), "not only the cookie is gone"
        assert copy.get("/settings").headers["location"].startswith("/login")
    assert not is_signed_in(an.browser)
    assert is_refused(an.browser.redeem(unused_code))
    assert "/login" in an.browser.ask("c" * 43).headers["location"], "no code without signing in again"


def test_a_program_is_a_sign_in_of_its_own_and_ends_at_once_by_revoking(town):
    an = town.somebody()
    tokens = town.tokens(an.browser)
    an.browser.submit("/password", "/logout")
    assert town.me(tokens["access_token"]).status_code == 200, "a CLI outlives the browser that allowed it"
    revoked = town.browser().post("/revoke", token=tokens["refresh_token"], client_id="aurora-cli")
    assert revoked.status_code == 200
    assert town.me(tokens["access_token"]).status_code == 401
    assert is_refused(town.browser().refresh(tokens["refresh_token"]))


def test_nobody_is_signed_out_by_a_link_or_by_another_site(town, resident):
    expect(resident.browser.get("/end-session"), 200)
    resident.browser.get("/logout")
    assert resident.browser.post("/logout", csrf="a guess").status_code == 403
    form = form_of(resident.browser.get("/password"))
    with with_cookies_of(town, resident.browser) as copy:
        assert copy.post("/logout", data=form, headers={"origin": "https://evil.example"}).status_code == 403
    assert is_signed_in(resident.browser)


@pytest.mark.parametrize("path", ["/logout", "/token", "/revoke", "/signup/resend"])
def test_what_is_only_posted_to_says_so(town, path):
    answer = town.browser().get(path)
    assert (answer.status_code, answer.headers.get("allow")) == (405, "POST")


# --- forged tokens ----------------------------------------------------------------------------------------------------
Parts = tuple[dict[str, Any], dict[str, Any], RSAKey]
"""Header and claims of a good token, and the published key."""


def encoded(value: bytes | dict[str, Any]) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def by_hs256(parts: Parts, secret: bytes) -> str:
    """Signed with something published, as if it were a shared secret (RFC 8725 section 2.1)."""
    text = f"{encoded(parts[0] | {'alg': 'HS256'})}.{encoded(parts[1])}"
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), 'sha256'))}"


def by_stranger(parts: Parts, **header: Any) -> str:
    return jwt.encode({**parts[0], **header}, parts[1], STRANGER, ["RS256"])


def unsigned(parts: Parts, alg: str) -> str:
    return f"{encoded(parts[0] | {'alg': alg})}.{encoded(parts[1])}."


STRANGER = RSAKey.generate_key(2048)
FORGERIES: dict[str, Callable[[Parts], str]] = {
    **{f"alg {alg}": lambda parts, alg=alg: unsigned(parts, alg) for alg in ("none", "None", "NONE", "RS256", "")},
    "HS256 with the public PEM": lambda parts: by_hs256(parts, parts[2].as_pem(private=False)),
    "HS256 with the stripped PEM": lambda parts: by_hs256(parts, parts[2].as_pem(private=False).strip()),
    "HS256 with the public DER": lambda parts: by_hs256(parts, parts[2].as_der(private=False)),
    "HS256 with the modulus": lambda parts: by_hs256(parts, str(parts[2].as_dict(private=False)["n"]).encode()),
    "HS256 with nothing": lambda parts: by_hs256(parts, b""),
    "another key under our kid": by_stranger,
    "another kid": lambda parts: by_stranger(parts, kid=STRANGER.thumbprint()),
    "its key in the header": lambda parts: by_stranger(
        parts, kid=STRANGER.thumbprint(), jwk=STRANGER.as_dict(private=False)
    ),
    "its key at an address": lambda parts: by_stranger(parts, jku="http://127.0.0.1:5/jwks", kid="theirs"),
    "a kid that is a path": lambda parts: by_stranger(parts, kid="../../../dev/null"),
}
TAMPERED: dict[str, dict[str, Any]] = {
    "sub": {"sub": "x" * 22},
    "scope": {"scope": "account:write"},
    "exp": {"exp": 9_999_999_999},
    "aud": {"aud": "https://evil.example/v1"},
}


@pytest.fixture(scope="module")
def good(resident) -> tuple[str, str]:
    """An access token and an ID token of the resident."""
    tokens = expect(resident.browser.redeem(resident.browser.authorize()), 200).json()
    return tokens["access_token"], tokens["id_token"]


def assert_nobody(town, good: tuple[str, str], token: str) -> None:
    assert token != good[0]
    refused = town.me(token)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert "@example.org" not in refused.text
    assert town.me(good[0]).status_code == 200, "as it was, it is good"


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_nobody(town, good, forgery):
    (published,) = httpx.get(f"{town.url}/jwks", trust_env=False).json()["keys"]
    head, claims, _ = good[0].split(".")
    parts = (decoded(head), decoded(claims), RSAKey.import_key(published))
    assert parts[0]["kid"] == published["kid"]
    assert_nobody(town, good, FORGERIES[forgery](parts))


@pytest.mark.parametrize("change", TAMPERED)
def test_a_tampered_token_is_nobody(town, good, change):
    head, claims, signature = good[0].split(".")
    assert_nobody(town, good, f"{head}.{encoded(decoded(claims) | TAMPERED[change])}.{signature}")


def test_an_id_token_opens_nothing(town, good):
    assert_nobody(town, good, good[1])


# --- guessing ---------------------------------------------------------------------------------------------------------
def test_wrong_passwords_are_slowed_but_never_lock_the_owner_out(town):
    an, guesser = town.somebody(), town.browser()
    fields = form_of(guesser.get("/login")) | {"email": an.email}
    answers = [guesser.post("/login", **(fields | {"password": f"guess {number}"})) for number in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 15
    lucky = guesser.post("/login", **(fields | {"password": an.password}))
    assert lucky.status_code == 429, "nor is the right one tried"
    assert not is_signed_in(guesser)
    an.browser.submit("/password", "/logout")
    assert an.browser.submit("/login", email=an.email, password=an.password).status_code == 303


def test_guesses_sent_at_once_count_too(town):
    an = town.somebody()
    guessers = [town.browser() for _ in range(8)]
    forms = [form_of(guesser.get("/login")) | {"email": an.email, "password": "a guess"} for guesser in guessers]
    with ThreadPoolExecutor(len(guessers)) as pool:
        answers = list(pool.map(lambda each: each[0].post("/login", **each[1]), zip(guessers, forms, strict=True)))
    assert sum(answer.status_code == 422 for answer in answers) <= 5
    assert any(answer.status_code == 429 and "retry-after" in answer.headers for answer in answers)
