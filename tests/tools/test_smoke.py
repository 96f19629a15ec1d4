"""Whether a home that was just deployed answers as it should, and what is said where it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from aurora_time.adapters.oidc import IssuerSettings, OidcIssuer
from aurora_time.run.world import SystemClock
from tools.deploy.smoke import Answer, settle, signed_by_nobody, troubles

CONFIG = '{"issuer":"https://issuer.example"}'


def home(**other: Answer) -> Callable[[str, Mapping[str, str]], Answer]:
    well = {
        "/healthz": Answer(200, {}, ""),
        "/readyz": Answer(200, {}, ""),
        "/v1/openapi.json": Answer(200, {}, "{}"),
        "/v1/me": Answer(401, {}, ""),
        "/config.json": Answer(200, {}, CONFIG),
        "/app/": Answer(200, {"content-security-policy": "default-src 'none'"}, ""),
    }
    answers = well | {f"/{name}": each for name, each in other.items()}

    def ask(url: str, headers: Mapping[str, str]) -> Answer:
        path = url.removeprefix("https://edge.example")
        return other["with_token"] if headers and "with_token" in other else answers[path]

    return ask


def test_one_that_breaks_with_the_first_token_of_its_pool_or_rings_nothing_is_no_home_yet() -> None:
    broken = home(with_token=Answer(500, {}, ""), readyz=Answer(503, {}, ""))
    assert troubles("https://edge.example", CONFIG, broken) == [
        "/readyz answers 503, not 200.",
        "/v1/me, with a token that nobody signed, answers 500, not 401.",
    ]


def test_a_token_that_nobody_signed_is_weighed_by_the_very_code_that_weighs_those_of_the_pool() -> None:
    """So it is refused for its key: the issuer's were read for it, by what needs the compiled part of the package."""
    asked = []

    def published(url: str, **_: object) -> dict[str, Any]:
        asked.append(url)
        return {"issuer": "https://issuer.example", "jwks_uri": "https://issuer.example/keys", "keys": []}

    issuer = OidcIssuer(IssuerSettings("https://issuer.example", "web"), SystemClock(), published)
    assert asyncio.run(issuer.verify(signed_by_nobody())) is None
    assert asked[-1] == "https://issuer.example/keys"


def test_a_home_that_answers_as_it_should_is_well() -> None:
    assert settle("https://edge.example", CONFIG, home(), pytest.fail) == []


def test_one_that_does_not_is_looked_at_for_some_minutes_and_then_told_of() -> None:
    waited: list[float] = []
    asking = home(healthz=Answer(503, {}, ""), **{"config.json": Answer(200, {}, "{}"), "app/": Answer(200, {}, "")})
    assert settle("https://edge.example", CONFIG, asking, waited.append) == [
        "/healthz answers 503, not 200.",
        "/config.json is not what was just put there.",
        "/app/ has no Content-Security-Policy.",
    ]
    assert 120 < sum(waited) < 600
