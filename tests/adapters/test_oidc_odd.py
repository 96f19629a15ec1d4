"""Another issuer that is odd, or means ill: what it publishes and signs is taken only as far as it makes sense."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_time.ports import UnavailableError
from tests.adapters.test_oidc import RSA, URL, claims, issuer, signed, verify


@pytest.mark.parametrize(
    "keys",
    [[{"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "new"}, RSA.as_dict(private=False)]],
)
def test_a_key_of_a_kind_that_nobody_here_knows_is_in_no_others_way(keys: Any) -> None:
    made, world, _ = issuer()
    world.answers[f"{URL}/jwks"] = {"keys": keys}
    assert asyncio.run(made.verify(signed(claims()))) is not None


@pytest.mark.parametrize("keys", [None, 5, "x", {}])
def test_keys_that_are_no_list_are_no_keys(keys: Any) -> None:
    made, world, _ = issuer()
    world.answers[f"{URL}/jwks"] = {"keys": keys}
    assert asyncio.run(made.verify(signed(claims()))) is None


@pytest.mark.parametrize(
    "times", [{"exp": True}, {"exp": 1e400}, {"exp": 10**400}, {"iat": -5}, {"nbf": 1e12}, {"exp": "9"}, {"exp": None}]
)
def test_a_time_that_cannot_be_one_makes_no_token(times: Any) -> None:
    assert verify(signed(claims(**times))) is None


@pytest.mark.parametrize(
    "where",
    [
        *("http://127.0.0.1:9/x", "https://localhost/x", "https://[::1]/x", "http://issuer.example/x"),
        *("ftp://issuer.example/x", "javascript:alert(1)", "/x", "", None, 5),
    ],
)
def test_an_issuer_elsewhere_sends_nobody_to_this_machine(where: Any) -> None:
    """Server-side request forgery: what it publishes is asked for from within our walls, with a token."""
    made, world, _ = issuer()
    published = world.answers[f"{URL}/.well-known/openid-configuration"]
    for name in ("jwks_uri", "token_endpoint", "userinfo_endpoint", "authorization_endpoint"):
        published[name] = where
        with pytest.raises(UnavailableError):
            asyncio.run(made.endpoint(name))
    with pytest.raises(UnavailableError):
        asyncio.run(made.userinfo("a token", "somebody"))
    with pytest.raises(UnavailableError):
        asyncio.run(made.verify(signed(claims())))
    assert world.asked == ["/.well-known/openid-configuration"]


def test_an_issuer_of_this_machine_may_be_plain_http() -> None:
    made, world, _ = issuer(url="http://127.0.0.1:8801")
    world.answers["http://127.0.0.1:8801/.well-known/openid-configuration"] = {
        "issuer": "http://127.0.0.1:8801",
        "token_endpoint": "http://127.0.0.1:8801/token",
    }
    assert asyncio.run(made.endpoint("token_endpoint")) == "http://127.0.0.1:8801/token"
