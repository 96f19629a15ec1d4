"""Another issuer's keys and tokens: what is taken, what is refused, and what happens when it does not answer."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from aurora_time.adapters.oidc import IssuerSettings, OidcIssuer, Profile
from aurora_time.adapters.oidc_http import IssuerError
from aurora_time.ports import Claims, UnavailableError

URL = "https://issuer.example/pool"
NOW = 1_790_000_000
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OTHER = RSAKey.generate_key(2048, {"kid": "other"})


class Clock:
    def __init__(self) -> None:
        self.time = float(NOW)

    def now(self) -> float:
        return self.time


class World:
    """The issuer as it answers; each answer may be an IssuerError."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.answers: dict[str, Any] = {
            f"{URL}/.well-known/openid-configuration": {
                "issuer": URL,
                "jwks_uri": f"{URL}/jwks",
                "token_endpoint": f"{URL}/token",
                "userinfo_endpoint": f"{URL}/userinfo",
                "authorization_endpoint": f"{URL}/authorize",
            },
            f"{URL}/jwks": {"keys": [key.as_dict(private=False) for key in (RSA, EC)]},
        }

    def __call__(self, url: str, *, token: str = "", form: Any = None) -> dict[str, Any]:
        self.asked.append(url.removeprefix(URL))
        if form is not None:
            self.forms.append(form)
        answer = self.answers.get(url, IssuerError("no such page", 404))
        if isinstance(answer, Exception):
            raise answer
        return answer


def issuer(**changed: Any) -> tuple[OidcIssuer, World, Clock]:
    world, clock = World(), Clock()
    settings = IssuerSettings(**{"url": URL, "client_id": "aurora", **changed})
    return OidcIssuer(settings, clock, world), world, clock


def claims(**changed: Any) -> dict[str, Any]:
    """Of a good access token; None leaves one out."""
    said = {
        "iss": URL,
        "sub": "somebody",
        "aud": "aurora",
        "client_id": "web",
        "scope": "openid events:read",
        "iat": NOW - 10,
        "exp": NOW + 600,
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], key: Any = RSA, **header: Any) -> str:
    alg = "ES256" if isinstance(key, ECKey) else "RS256"
    head = {"alg": alg, "kid": key.kid, "typ": "at+jwt", **header}
    return jwt.encode({name: value for name, value in head.items() if value is not None}, said, key, [alg])


def verify(token: str, **settings: Any) -> Claims | None:
    return asyncio.run(issuer(**settings)[0].verify(token))


@pytest.mark.parametrize("key", [RSA, EC], ids=["RS256", "ES256"])
def test_a_good_token_is_taken(key: Any) -> None:
    found = verify(signed(claims(), key))
    assert found == Claims(URL, "somebody", "web", frozenset({"openid", "events:read"}), NOW + 600)


def test_a_token_as_cognito_makes_it_is_taken() -> None:
    said = claims(
        aud=None,
        client_id="aurora",
        token_use="access",
        scope="aurora/events:read aurora/account:write openid",
        origin_jti="origin",
        username="somebody",
    )
    found = verify(signed(said, typ=None))
    assert found is not None
    assert found.scopes == {"events:read", "account:write", "openid"}
    assert found.session_id == "origin"
    assert verify(signed(said | {"token_use": "id"})) is None
    assert verify(signed(said | {"client_id": "another app"})) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": None, "scp": ["openid", "events:read"]},
        {"aud": ["https://other.example", "aurora"]},
        {"nbf": NOW},
        {"exp": NOW - 29},
        {"iat": NOW + 29},
    ],
    ids=str,
)
def test_what_issuers_do_otherwise_is_taken_too(changed: dict[str, Any]) -> None:
    found = verify(signed(claims(**changed)))
    assert found is not None
    assert "events:read" in found.scopes


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": f"{URL}/"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"aud": "another api"},
        {"aud": "another api", "client_id": "aurora"},
        {"aud": []},
        {"aud": None},
        {"aud": {"aurora": True}},
        {"scope": None},
        {"scope": ""},
        {"scope": {"events:read": True}},
        {"exp": NOW - 31},
        {"exp": None},
        {"exp": "soon"},
        {"iat": NOW + 31},
        {"iat": None},
        {"nbf": NOW + 60},
        {"token_use": "id"},
        {"nonce": "of an ID token"},
    ],
    ids=str,
)
def test_what_does_not_hold_is_refused(changed: dict[str, Any]) -> None:
    assert verify(signed(claims(**changed))) is None


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


FORGED = {
    "nothing": "",
    "words": "not a token",
    "dots": "..",
    "no JSON": "a.b.c",
    "a list": f"{encoded([])}.{encoded(claims())}.x",
    "too long": "a." * 20_000,
    "alg none": f"{encoded({'alg': 'none', 'kid': 'rsa'})}.{encoded(claims())}.",
    "unsigned RS256": f"{encoded({'alg': 'RS256', 'kid': 'rsa'})}.{encoded(claims())}.",
    "another key under a known name": signed(claims(), OTHER, kid="rsa"),
    "an unknown key": signed(claims(), OTHER),
    "the RSA key's name with ES256": signed(claims(), EC, kid="rsa"),
    "the EC key's name with RS256": signed(claims(), RSA, kid="ec"),
    "no name": signed(claims(), RSA, kid=None),
    "an ID token": signed(claims(), typ="id+jwt"),
    "a logout token": signed(claims(), typ="logout+jwt"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_what_is_forged_is_refused(token: str) -> None:
    assert verify(token) is None


def test_the_public_key_is_no_shared_secret() -> None:
    text = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(claims())}"
    for secret in (RSA.as_pem(private=False), RSA.as_der(private=False)):
        mac = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).decode().rstrip("=")
        assert verify(f"{text}.{mac}") is None


def test_an_address_counts_only_when_it_is_verified() -> None:
    for verified, email in ((True, "a@example.org"), ("true", "a@example.org"), (False, ""), (None, ""), ("yes", "")):
        found = verify(signed(claims(email="a@example.org", email_verified=verified)))
        assert found is not None
        assert found.email == email


def test_other_audiences_and_prefixes_can_be_set() -> None:
    said = claims(aud="https://time.example/v1", scope="https://time.example/events:read other/calendars:read")
    settings = {"audiences": frozenset({"https://time.example/v1"}), "scope_prefix": "https://time.example/"}
    found = verify(signed(said), **settings)
    assert found is not None
    assert found.scopes == {"events:read", "other/calendars:read"}, "another API's scopes are not ours"
    assert verify(signed(claims()), **settings) is None


def test_when_a_token_was_issued_is_told() -> None:
    assert OidcIssuer.issued(signed(claims())) == NOW - 10


# --- keys -------------------------------------------------------------------------------------------------------------
def test_keys_are_read_once_and_anew_for_a_name_we_do_not_know() -> None:
    found, world, clock = issuer()

    async def story() -> None:
        for _ in range(3):
            assert await found.verify(signed(claims())) is not None
        assert world.asked == ["/.well-known/openid-configuration", "/jwks"]
        world.answers[f"{URL}/jwks"] = {"keys": [key.as_dict(private=False) for key in (RSA, OTHER)]}
        rotated = signed(claims(), OTHER)
        assert await found.verify(rotated) is not None, "at once, though the keys were read just now"
        for _ in range(5):
            assert await found.verify(signed(claims(), EC, kid="made up")) is None
        assert world.asked.count("/jwks") == 2, "made-up names do not make us ask again and again"
        clock.time += 30
        assert await found.verify(signed(claims(), EC, kid="made up")) is None
        assert world.asked.count("/jwks") == 3

    asyncio.run(story())


def test_a_key_that_was_withdrawn_is_good_no_more_after_an_hour() -> None:
    found, world, clock = issuer()

    async def story() -> None:
        assert await found.verify(signed(claims(exp=NOW + 10**6))) is not None
        world.answers[f"{URL}/jwks"] = {"keys": [OTHER.as_dict(private=False)]}
        clock.time += 3_599
        assert await found.verify(signed(claims(exp=NOW + 10**6))) is not None
        clock.time += 1
        assert await found.verify(signed(claims(exp=NOW + 10**6))) is None

    asyncio.run(story())


def test_while_the_issuer_is_away_its_keys_are_good_for_a_day() -> None:
    found, world, clock = issuer()
    token = signed(claims(exp=NOW + 10**6))

    async def story() -> None:
        assert await found.verify(token) is not None
        world.answers[f"{URL}/jwks"] = IssuerError("it cannot be reached")
        clock.time += 86_399
        assert await found.verify(token) is not None
        asked = len(world.asked)
        assert await found.verify(token) is not None
        assert len(world.asked) == asked, "not asked with every request"
        clock.time += 1
        with pytest.raises(UnavailableError, match="keys cannot be read"):
            await found.verify(token)
        world.answers[f"{URL}/jwks"] = {"keys": [RSA.as_dict(private=False)]}
        clock.time += 30
        assert await found.verify(token) is not None

    asyncio.run(story())


def test_an_issuer_that_was_never_reached_is_unavailable_and_not_asked_all_the_time() -> None:
    found, world, _ = issuer()
    world.answers.clear()

    async def story() -> None:
        for _ in range(3):
            with pytest.raises(UnavailableError):
                await found.verify(signed(claims()))
        assert len(world.asked) == 1

    asyncio.run(story())


def test_many_at_once_read_the_keys_once() -> None:
    found, world, _ = issuer()

    async def story() -> None:
        assert all(await asyncio.gather(*(found.verify(signed(claims())) for _ in range(8))))
        assert world.asked.count("/jwks") == 1

    asyncio.run(story())


def test_keys_we_cannot_use_are_passed_over() -> None:
    found, world, _ = issuer()
    world.answers[f"{URL}/jwks"] = {
        "keys": [
            "rubbish",
            {"kty": "RSA", "kid": "broken", "n": 7},
            {"kty": "OKP", "kid": "curve"},
            OctKey.generate_key(256, {"kid": "oct"}).as_dict(),
            {**RSA.as_dict(private=False), "use": "enc", "kid": "enc"},
            RSA.as_dict(private=False),
        ]
    }
    assert asyncio.run(found.verify(signed(claims()))) is not None
    assert list(found._keys) == ["rsa"]


def test_an_issuer_that_calls_itself_otherwise_is_not_ours() -> None:
    found, world, _ = issuer()
    world.answers[f"{URL}/.well-known/openid-configuration"]["issuer"] = "https://evil.example"
    with pytest.raises(UnavailableError, match="evil"):
        asyncio.run(found.metadata())


# --- who it is --------------------------------------------------------------------------------------------------------
def test_userinfo_says_whose_a_token_is() -> None:
    found, world, _ = issuer()
    said = {"sub": "somebody", "email": "a@example.org", "email_verified": "true", "name": "An", "zoneinfo": 7}
    world.answers[f"{URL}/userinfo"] = said
    assert asyncio.run(found.userinfo("token", "somebody")) == Profile("somebody", "a@example.org", "An")
    assert asyncio.run(found.userinfo("token", "another")) == Profile("another", ""), "an answer about somebody else"
    world.answers[f"{URL}/userinfo"] = IssuerError("no", 403)
    assert asyncio.run(found.userinfo("token", "somebody")).email == ""
    world.answers[f"{URL}/userinfo"] = IssuerError("broken", 500)
    with pytest.raises(UnavailableError):
        asyncio.run(found.userinfo("token", "somebody"))
    del world.answers[f"{URL}/.well-known/openid-configuration"]["userinfo_endpoint"]
    assert asyncio.run(found.userinfo("token", "somebody")).email == "", "an issuer may have none"


ID = {"aud": "aurora", "client_id": None, "scope": None, "nonce": "n", "email": "a@example.org", "email_verified": True}


def redeemed(found: OidcIssuer, world: World, answer: Any, nonce: str = "n") -> Profile | None:
    world.answers[f"{URL}/token"] = answer
    return asyncio.run(found.redeem({"grant_type": "authorization_code", "code": "c"}, nonce))


def test_a_code_is_redeemed_for_who_signed_in() -> None:
    found, world, _ = issuer(client_secret="s3cret")
    answer = {"id_token": signed(claims(**ID, name="An"), typ="JWT"), "access_token": "a"}
    assert redeemed(found, world, answer) == Profile("somebody", "a@example.org", "An")
    assert world.forms == [
        {"grant_type": "authorization_code", "code": "c", "client_id": "aurora", "client_secret": "s3cret"}
    ]


def test_an_address_that_the_id_token_lacks_comes_from_userinfo() -> None:
    found, world, _ = issuer()
    world.answers[f"{URL}/userinfo"] = {"sub": "somebody", "email": "a@example.org", "email_verified": True}
    answer = {"id_token": signed(claims(**ID | {"email": None})), "access_token": "a"}
    assert redeemed(found, world, answer) == Profile("somebody", "a@example.org")


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another app"},
        {"aud": ["aurora", "another app"], "azp": "another app"},
        {"iss": "https://evil.example"},
        {"exp": NOW - 60},
        {"token_use": "access"},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(changed: dict[str, Any]) -> None:
    found, world, _ = issuer()
    assert redeemed(found, world, {"id_token": signed(claims(**ID | changed))}) is None


def test_a_refused_code_is_nobody_and_a_broken_issuer_unavailable() -> None:
    found, world, _ = issuer()
    assert redeemed(found, world, IssuerError("invalid_grant", 400)) is None
    assert redeemed(found, world, {}) is None
    with pytest.raises(UnavailableError):
        redeemed(found, world, IssuerError("broken", 502))
    with pytest.raises(UnavailableError):
        redeemed(found, world, IssuerError("away"))
