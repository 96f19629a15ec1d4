"""Whose a token of the user pool is, in front of a function: one of our pool, one that is tampered with, another's."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from aurora_time.adapters.oidc import IssuerSettings, OidcIssuer
from aurora_time.api.authentication import authenticator
from aurora_time.aws.rest import RestFunction, Soon, endpoints_for
from aurora_time.aws.tokens import Pool
from aurora_time.operations.admitting import Policy, invite
from aurora_time.operations.closing import close_account
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person, find_person_id
from aurora_time.operations.sign_ins import end_all_sign_ins
from aurora_time.run.endpoints import wire_some
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED
from tests.aws.cloud import Cloud, request

pytestmark = pytest.mark.aws
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


def token(key: RSAKey = KEY, **more: Any) -> str:
    """As Cognito's access tokens are: the client for the audience, scopes with a prefix, no address."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "c0ffee", "client_id": "web", "token_use": "access", "iat": now, "exp": now + 600}
    scope = " ".join(f"aurora/{each}" for each in SCOPES)
    return jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, "scope": scope, **more}, key)


def issuer_of(cloud: Cloud, name: str = ISSUER) -> OidcIssuer:
    """A pool: what it publishes, and whom it says that somebody is."""

    def ask(url: str, *, token: str = "", form: object = None) -> dict[str, Any]:
        if url.endswith("/openid-configuration"):
            return {"issuer": name, "jwks_uri": f"{name}/keys", "userinfo_endpoint": f"{name}/userinfo"}
        if url.endswith("/keys"):
            return {"keys": [KEY.as_dict(private=False)]}
        return {"sub": "c0ffee", "email": "an@example.org", "email_verified": "true", "locale": "vi"}

    return OidcIssuer(IssuerSettings(name, "web"), cloud.clock, ask)


def function(cloud: Cloud, file: str, policy: Policy = "open") -> RestFunction:
    services = dataclasses.replace(cloud.services, issuer=ISSUER)
    pool = Pool(dataclasses.replace(cloud.settings, signup=policy), services, cloud.clock, admits=file == "account")
    pool._issuer = issuer_of(cloud)
    wired = wire_some(endpoints_for(file), services, authenticator(services, pool, pool.find))
    return RestFunction(wired, services, Soon(cloud.clock, None))


async def status(cloud: Cloud, file: str, path: str, bearer: str) -> int:
    answer = await function(cloud, file)(request("GET", path, token=bearer))
    return int(answer["statusCode"])


async def test_the_first_look_at_ones_account_makes_it_and_the_others_wait_for_that(cloud: Cloud) -> None:
    assert await status(cloud, "calendars", "/v1/calendars", token()) == 401
    answer = await function(cloud, "account")(request("GET", "/v1/me", token=token()))
    assert json.loads(answer["body"])["locale"] == "vi"
    assert await find_person_id(cloud.services, ISSUER, "c0ffee")
    assert await status(cloud, "calendars", "/v1/calendars", token()) == 200


@pytest.mark.parametrize("policy", ["invite", "closed"])
async def test_a_home_that_takes_nobody_new_says_so_to_who_is_known_to_the_pool_alone(cloud: Cloud, policy: Policy):
    answer = await function(cloud, "account", policy)(request("GET", "/v1/me", token=token()))
    assert answer["statusCode"] == 401
    told = json.loads(answer["body"])
    assert told["type"] == "/problems#not-taken", "by which the app knows that this is for the person"
    assert "Ask whoever runs it" in told["detail"]
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None


async def test_whose_account_is_being_deleted_reads_so_with_what_the_pool_still_issues(cloud: Cloud) -> None:
    assert await status(cloud, "account", "/v1/me", token()) == 200
    await close_account(cloud.services, str(await find_person_id(cloud.services, ISSUER, "c0ffee")))
    answer = await function(cloud, "account")(request("GET", "/v1/me", token=token()))
    told = json.loads(answer["body"])
    assert told["type"] == "/problems#not-taken"
    assert "This account was closed" in told["detail"]


async def test_what_was_signed_in_before_a_sign_out_everywhere_is_good_no_more_also_renewed(
    cloud: Cloud,
):
    assert await status(cloud, "account", "/v1/me", token()) == 200
    person_id = await find_person_id(cloud.services, ISSUER, "c0ffee")
    await end_all_sign_ins(cloud.services, str(person_id))
    ended = cloud.services.now
    renewed, anew = token(iat=ended + 2, auth_time=ended - 60), token(iat=ended + 2, auth_time=ended + 2)
    assert await status(cloud, "account", "/v1/me", renewed) == 401
    assert await status(cloud, "account", "/v1/me", anew) == 200


async def test_who_is_invited_comes_in_once(cloud: Cloud) -> None:
    assert await invite(cloud.services, "An@example.org")
    answer = await function(cloud, "account", "invite")(request("GET", "/v1/me", token=token()))
    assert answer["statusCode"] == 200
    (left,) = await cloud.services.table.get(keys.invited("an@example.org"))
    assert left is None


async def test_who_moved_here_is_nobody_new(cloud: Cloud) -> None:
    """Known by the verified address, whatever the policy is."""
    new = NewPerson("an@example.org", "An", "Asia/Ho_Chi_Minh", "vi")
    known = await ensure_person(cloud.services, EMBEDDED, "old", new)
    answer = await function(cloud, "account", "closed")(request("GET", "/v1/me", token=token()))
    assert answer["statusCode"] == 200
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") == known


async def test_no_token_and_a_tampered_one_and_another_pools_get_401(cloud: Cloud) -> None:
    assert await status(cloud, "account", "/v1/me", token()) == 200
    tampered = token()[:-4] + "AAAA"
    for bad in ("", tampered, token(OTHER), token(iss=f"{ISSUER}2"), token(client_id="another"), token(exp=1)):
        assert await status(cloud, "account", "/v1/me", bad) == 401


async def test_a_token_that_may_not_write_is_told_so(cloud: Cloud) -> None:
    assert await status(cloud, "account", "/v1/me", token()) == 200
    answer = await function(cloud, "calendars")(
        request("POST", "/v1/calendars", {"name": "Work"}, token(scope="aurora/calendars:read"))
    )
    assert answer["statusCode"] == 403


async def test_what_lets_the_app_ask_the_pool_opens_nothing_here(cloud: Cloud) -> None:
    own = "aws.cognito.signin.user.admin"
    assert await status(cloud, "account", "/v1/me", token(scope=f"aurora/account:read {own}")) == 200
    assert await status(cloud, "account", "/v1/me", token(scope=own)) == 403
