"""Whose token opens a deployed home: asked by the address of its API, answered by functions that run as processes."""

from __future__ import annotations

import base64
import json

import pytest

from tests.aws.deployed.home import PASSWORD, SCOPE, Home, Tokens
from tools.deploy.smoke import signed_by_nobody

pytestmark = [pytest.mark.deployed, pytest.mark.slow]


@pytest.fixture(scope="module")
def an(home: Home) -> Tokens:
    return home.somebody("an")


def refused(home: Home, token: str) -> bool:
    """Whether every kind of route answers 401 to it: with our own problem, but where the gateway itself verifies."""
    statuses, kinds = set(), set()
    with home.http(token) as http:
        assert http.get("/v1/sessions").status_code == 401
        for path in ("/v1/me", "/v1/events?from=2027-03-01&to=2027-03-08", "/v1/calendars"):
            answer = http.get(path)
            statuses.add(answer.status_code)
            kinds.add(answer.headers["content-type"])
            assert answer.headers["www-authenticate"].startswith("Bearer")
    return statuses == {401} and kinds == {"application/problem+json"}


def changed(token: str, **claims: object) -> str:
    """The token with other claims under its old signature."""
    head, body, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    said = base64.urlsafe_b64encode(json.dumps({**read, **claims}).encode()).rstrip(b"=").decode()
    return f"{head}.{said}.{signature}"


def test_what_everybody_may_know_is_told_without_a_token(home: Home) -> None:
    with home.http() as http:
        assert http.get("/v1/openapi.json").status_code == 200
        assert http.get("/v1/nothing-of-the-kind").status_code == 404


def test_without_a_token_nothing_of_anybody_is_told(home: Home) -> None:
    assert refused(home, "")


def test_what_make_deploy_asks_with_is_refused_for_its_key(home: Home) -> None:
    assert refused(home, signed_by_nobody())


def test_a_token_of_the_pool_opens_the_home(home: Home, an: Tokens) -> None:
    with home.http(an.access) as http:
        me = http.get("/v1/me")
        assert me.status_code == 200, me.text
        assert me.json()["email"] == "an@example.org"
        assert http.get("/v1/sessions").status_code == 200
        body = {"summary": "Tea", "start": {"dateTime": "2027-03-03T10:00:00", "timeZone": "Asia/Ho_Chi_Minh"}}
        made = http.post("/v1/events", json=body)
        assert made.status_code == 201, made.text
        found = http.get("/v1/events?from=2027-03-01&to=2027-03-08").json()["items"]
    assert [each["summary"] for each in found] == ["Tea"]


@pytest.mark.parametrize("claims", [{"sub": "somebody-else"}, {"exp": 4_000_000_000}, {"scope": SCOPE + " more"}])
def test_a_token_that_was_tampered_with_opens_nothing(home: Home, an: Tokens, claims: dict[str, object]) -> None:
    assert refused(home, changed(an.access, **claims))


def test_a_token_whose_signature_was_cut_opens_nothing(home: Home, an: Tokens) -> None:
    assert refused(home, an.access[:-4] + "AAAA")
    assert refused(home, an.access.rpartition(".")[0] + ".")


def test_an_id_token_opens_nothing(home: Home, an: Tokens) -> None:
    assert refused(home, an.id)


def test_a_token_of_another_pool_opens_nothing_even_for_the_same_address(home: Home, an: Tokens) -> None:
    plain = {"MinimumLength": 12, "RequireUppercase": False, "RequireNumbers": False, "RequireSymbols": False}
    made = home.cognito.create_user_pool(
        PoolName="another", UsernameAttributes=["email"], Policies={"PasswordPolicy": plain}
    )
    pool = made["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = home.cognito.create_user_pool_client(UserPoolId=pool, ClientName="web", ExplicitAuthFlows=flows)
    client_id = made["UserPoolClient"]["ClientId"]
    home.sign_up("an@example.org", client_id=client_id)
    parameters = {"USERNAME": "an@example.org", "PASSWORD": PASSWORD}
    signed_in = home.cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    assert refused(home, signed_in["AuthenticationResult"]["AccessToken"])
