"""Refreshing, revoking and verifying tokens, and who they are about."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from aurora_time.identity.signing import LocalVerifier, SigningKeys

ISSUER = "http://127.0.0.1:8801"
PASSWORD = "violet tram kettle"


@pytest.fixture
def cli(home):
    return home.clients[1]


async def signed_in(home):
    browser = home.browser()
    await browser.sign_up()
    return browser


# --- refreshing -------------------------------------------------------------------------------------------------------
async def test_each_refresh_gives_the_next_token(home):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    seen = {tokens["refresh_token"]}
    for _ in range(3):
        home.clock.time += 600
        refreshed = await browser.refresh(tokens["refresh_token"])
        assert refreshed.status_code == 200
        tokens = refreshed.json()
        assert tokens["refresh_token"] not in seen
        seen.add(tokens["refresh_token"])
        assert await home.verify(tokens["access_token"])
    assert "nonce" not in claims_of(tokens["id_token"])


async def test_a_used_token_ends_its_whole_family(home):
    browser = await signed_in(home)
    other_family = await browser.tokens()
    first = await browser.tokens()
    second = (await browser.refresh(first["refresh_token"])).json()
    third = (await browser.refresh(second["refresh_token"])).json()
    assert (await browser.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await browser.refresh(third["refresh_token"])).json()["error"] == "invalid_grant"
    for tokens in (first, second, third):
        assert await home.verify(tokens["access_token"]) is None
    assert (await browser.refresh(other_family["refresh_token"])).status_code == 200
    assert (await browser.get("/password")).status_code == 200, "the browser stays signed in"


async def test_of_two_uses_at_once_one_wins(home):
    browser = await signed_in(home)
    token = (await browser.tokens())["refresh_token"]
    said = await asyncio.gather(*(browser.refresh(token) for _ in range(4)))
    assert sorted(one.status_code for one in said) == [200, 400, 400, 400]


@pytest.mark.parametrize("part", [0, 1, 2, 3])
async def test_a_made_up_token_harms_nobody(home, part):
    browser = await signed_in(home)
    token = (await browser.tokens())["refresh_token"]
    parts = token.split(".")
    parts[part] = "x" * len(parts[part])
    spoilt = (await browser.refresh(".".join(parts))).json()
    assert spoilt["error"] == "invalid_grant"
    still = (await browser.refresh(token)).status_code
    # Who knows the family's secret had a token of it: a wrong last part is a used token, not a made-up one.
    assert still == (400 if part == 3 else 200)


@pytest.mark.parametrize("token", ["", "x", "a.b.c.d", "a.b.c.d.e", "é.b.c.d"])
async def test_nonsense_is_no_token(home, token):
    browser = await signed_in(home)
    assert (await browser.refresh(token)).json()["error"] == "invalid_grant"


async def test_a_token_is_of_its_client(home, cli):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    assert (await browser.refresh(tokens["refresh_token"], cli)).json()["error"] == "invalid_grant"
    assert (await browser.refresh(tokens["refresh_token"])).status_code == 200


async def test_a_refresh_may_ask_for_less_never_for_more(home):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    for scope in ("account:write", "", "events:read account:write"):
        refused = await browser.refresh(tokens["refresh_token"], scope=scope)
        assert refused.json()["error"] == "invalid_scope"
    less = (await browser.refresh(tokens["refresh_token"], scope="events:read")).json()
    assert less["scope"] == "events:read"
    assert "id_token" not in less
    assert (await home.verify(less["access_token"])).scopes == {"events:read"}
    full = (await browser.refresh(less["refresh_token"])).json()
    assert "events:write" in full["scope"]


async def test_a_family_lives_thirty_days_from_its_last_use_and_180_at_most(home, cli):
    browser = await signed_in(home)
    token = (await browser.tokens(cli))["refresh_token"]
    for _ in range(6):
        home.clock.time += 29 * 86_400
        refreshed = await browser.refresh(token, cli)
        assert refreshed.status_code == 200
        token = refreshed.json()["refresh_token"]
    home.clock.time += 6 * 86_400
    assert (await browser.refresh(token, cli)).status_code == 400
    await browser.sign_in()
    token = (await browser.tokens(cli))["refresh_token"]
    home.clock.time += 30 * 86_400
    assert (await browser.refresh(token, cli)).status_code == 400


async def test_refreshing_keeps_the_browser_signed_in(home):
    browser = await signed_in(home)
    token = (await browser.tokens())["refresh_token"]
    for _ in range(3):
        home.clock.time += 20 * 86_400
        token = (await browser.refresh(token)).json()["refresh_token"]
    assert (await browser.get("/password")).status_code == 200


# --- ending -----------------------------------------------------------------------------------------------------------
async def test_signing_out_ends_the_access_token_at_once(home):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    assert await home.verify(tokens["access_token"])
    await browser.submit("/password", "/logout")
    assert await home.verify(tokens["access_token"]) is None
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_revoking_a_token_ends_its_grant(home, cli, kind):
    browser = await signed_in(home)
    tokens = await browser.tokens(cli)
    wrong_client = await browser.post("/revoke", token=tokens[kind], client_id="web")
    assert wrong_client.status_code == 200
    assert await home.verify(tokens["access_token"])
    for _ in range(2):
        revoked = await browser.post("/revoke", token=tokens[kind], client_id="cli")
        assert (revoked.status_code, revoked.content) == (200, b"")
    assert await home.verify(tokens["access_token"]) is None
    assert (await browser.refresh(tokens["refresh_token"], cli)).status_code == 400


async def test_revoking_needs_a_client_and_a_token(home):
    browser = home.browser()
    assert (await browser.post("/revoke", token="x")).json()["error"] == "invalid_client"
    assert (await browser.post("/revoke", client_id="web")).json()["error"] == "invalid_request"
    assert (await browser.post("/revoke", client_id="web", token="x")).status_code == 200


@pytest.mark.parametrize("hint", [True, False])
async def test_a_client_may_ask_to_sign_out_but_only_a_person_does(home, hint):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    query = {"post_logout_redirect_uri": "https://app.example/bye", "state": "s&1"}
    query |= {"id_token_hint": tokens["id_token"]} if hint else {"client_id": "web"}
    asked = await browser.get("/end-session", **query)
    assert asked.status_code == 200
    assert "Sign out?" in asked.text
    assert "form-action 'self' https://app.example;" in asked.headers["content-security-policy"]
    assert await home.verify(tokens["access_token"]), "the question changes nothing"
    done = await browser.submit(str(asked.request.url))
    assert done.headers["location"] == "https://app.example/bye?state=s%261"
    assert await home.verify(tokens["access_token"]) is None
    again = await browser.get("/end-session", **query)
    assert again.headers["location"] == "https://app.example/bye?state=s%261"


async def test_signing_out_leads_only_where_the_client_registered(home):
    browser = await signed_in(home)
    for query in (
        {"client_id": "web", "post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "other", "post_logout_redirect_uri": f"{ISSUER}/app/"},
        {"post_logout_redirect_uri": f"{ISSUER}/app/"},
    ):
        assert (await browser.get("/end-session", **query)).status_code == 400
        csrf = (await browser.get("/password")).text.partition('name="csrf" value="')[2].partition('"')[0]
        assert (await browser.post("/end-session", csrf=csrf, **query)).status_code == 400
    done = await browser.submit("/end-session")
    assert done.headers["location"] == "/"


# --- who --------------------------------------------------------------------------------------------------------------
async def test_userinfo_tells_what_the_scopes_allow(home):
    browser = await signed_in(home)
    subject = home.confirmed[0].subject
    expected = {"sub": subject, "email": "ann@example.org", "email_verified": True}
    profile = {"name": "Ann", "zoneinfo": "Asia/Ho_Chi_Minh", "locale": "en-GB"}
    for scope, said in (
        ("openid", {"sub": subject}),
        ("openid email", expected),
        ("openid email profile", expected | profile),
    ):
        tokens = await browser.tokens(scope=scope)
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await browser.http.get("/userinfo", headers=bearer)).json() == said
        assert (await browser.http.post("/userinfo", headers=bearer)).json() == said
        claims = claims_of(tokens["id_token"])
        assert {name: claims[name] for name in said} == said


async def test_userinfo_refuses_as_rfc_6750_says(home):
    browser = await signed_in(home)
    tokens = await browser.tokens(scope="events:read")
    for authorization, status, challenge in (
        ("", 401, 'Bearer realm="aurora"'),
        ("Bearer x", 401, 'Bearer realm="aurora", error="invalid_token"'),
        ("Basic x", 401, 'Bearer realm="aurora", error="invalid_token"'),
        (f"Bearer {tokens['access_token']}", 403, 'Bearer realm="aurora", error="insufficient_scope", scope="openid"'),
    ):
        refused = await browser.http.get("/userinfo", headers={"Authorization": authorization})
        assert refused.status_code == status
        assert refused.headers["www-authenticate"] == challenge


async def test_the_id_token_is_for_the_client_and_says_when(home):
    browser = await signed_in(home)
    at = int(home.clock.time)
    home.clock.time += 100
    claims = claims_of((await browser.tokens())["id_token"])
    assert claims["iss"] == ISSUER
    assert claims["aud"] == claims["azp"] == "web"
    assert claims["nonce"] == "some-nonce"
    assert claims["auth_time"] == at
    assert (claims["iat"], claims["exp"]) == (at + 100, at + 700)


# --- what is published ------------------------------------------------------------------------------------------------
async def test_a_client_that_knows_only_the_issuer_can_verify(home):
    browser = await signed_in(home)
    tokens = await browser.tokens()
    metadata = (await browser.get("/.well-known/openid-configuration")).json()
    assert metadata["issuer"] == ISSUER
    assert metadata == (await browser.get("/.well-known/oauth-authorization-server")).json()
    published = await browser.http.get(metadata["jwks_uri"])
    assert published.headers["access-control-allow-origin"] == "*"
    (key,) = published.json()["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}, "no private part"
    access = jwt.decode(tokens["access_token"], KeySet.import_key_set(published.json()), ["RS256"])
    assert access.header == {"alg": "RS256", "typ": "at+jwt", "kid": key["kid"]}
    assert access.claims["aud"] == f"{ISSUER}/v1"


async def test_the_metadata_tells_the_truth(home):
    browser = home.browser()
    metadata = (await browser.get("/.well-known/openid-configuration")).json()
    assert metadata["response_types_supported"] == ["code"]
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["token_endpoint_auth_methods_supported"] == ["none"]
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert {"openid", "offline_access", "events:read"} <= set(metadata["scopes_supported"])
    paths = {route.path for route in home.app.routes}
    endpoints = [value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))]
    assert {endpoint.removeprefix(ISSUER) for endpoint in endpoints} <= paths


async def test_the_key_is_made_once_and_kept(home):
    table_keys = SigningKeys(EmptyFirst(home.table), home.ids, home.clock)
    await asyncio.gather(table_keys.load(), table_keys.load())
    assert await table_keys.public() == await home.provider.keys.public()


class EmptyFirst:
    """A table whose first query shows nothing, as when another process makes the key at the same time."""

    def __init__(self, table):
        self.table, self.first = table, True

    async def query(self, *ranges):
        if self.first:
            self.first = False
            return [[]]
        return await self.table.query(*ranges)

    async def write(self, *changes):
        await self.table.write(*changes)


# --- attacks on the access token --------------------------------------------------------------------------------------
def encoded(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def own_key(home) -> RSAKey:
    return RSAKey.import_key(home.pem)


def signed(home, claims, typ="at+jwt", key=None, **header) -> str:
    key = key or own_key(home)
    kid = RSAKey.import_key(home.pem).thumbprint()
    return jwt.encode({"alg": "RS256", "typ": typ, "kid": kid, **header}, claims, key, ["RS256", "RS512", "PS256"])


def hs256(home, claims) -> str:
    """Signed with the public key as if it were a shared secret."""
    head = encoded({"alg": "HS256", "typ": "at+jwt", "kid": own_key(home).thumbprint()})
    text = f"{head}.{encoded(claims)}"
    secret = own_key(home).as_pem(private=False)
    return f"{text}.{encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def tampered(home, claims) -> str:
    head, _, signature = signed(home, claims).split(".")
    return f"{head}.{encoded(claims | {'scope': 'account:write'})}.{signature}"


def unsigned(home, claims, alg="none") -> str:
    return f"{encoded({'alg': alg, 'typ': 'at+jwt', 'kid': own_key(home).thumbprint()})}.{encoded(claims)}."


STRANGER = RSAKey.generate_key(2048)
ATTACKS = {
    "tampered": tampered,
    "none": unsigned,
    "None": lambda home, claims: unsigned(home, claims, "None"),
    "HS256 with the public key": hs256,
    "HS256 with a short key": lambda home, claims: jwt.encode(
        {"alg": "HS256", "typ": "at+jwt"}, claims, OctKey.import_key("s" * 32), ["HS256"]
    ),
    "RS512": lambda home, claims: signed(home, claims, alg="RS512"),
    "PS256": lambda home, claims: signed(home, claims, alg="PS256"),
    "another key under our kid": lambda home, claims: signed(home, claims, key=STRANGER),
    "unknown kid": lambda home, claims: signed(home, claims, kid="other"),
    "embedded key": lambda home, claims: signed(
        home, claims, key=STRANGER, kid="other", jwk=STRANGER.as_dict(private=False)
    ),
    "no kid": lambda home, claims: jwt.encode({"alg": "RS256", "typ": "at+jwt"}, claims, own_key(home), ["RS256"]),
    "id token": lambda home, claims: signed(home, claims, typ="JWT"),
    "expired": lambda home, claims: signed(home, claims | {"exp": home.clock.time - 5}),
    "from the future": lambda home, claims: signed(home, claims | {"iat": int(home.clock.time) + 6}),
    "no exp": lambda home, claims: signed(home, {n: v for n, v in claims.items() if n != "exp"}),
    "exp as text": lambda home, claims: signed(home, claims | {"exp": "9999999999"}),
    "other issuer": lambda home, claims: signed(home, claims | {"iss": "https://evil.example"}),
    "other audience": lambda home, claims: signed(home, claims | {"aud": "web"}),
    "audience list": lambda home, claims: signed(home, claims | {"aud": [f"{ISSUER}/v1"]}),
    "unknown sign-in": lambda home, claims: signed(home, claims | {"sid": "x" * 22}),
    "unknown grant": lambda home, claims: signed(home, claims | {"grant": "x" * 22}),
    "other subject": lambda home, claims: signed(home, claims | {"sub": "x" * 22}),
    "critical extension": lambda home, claims: (
        f"{encoded({'alg': 'RS256', 'typ': 'at+jwt', 'crit': ['x'], 'x': 1})}.{encoded(claims)}.{encoded(b'x')}"
    ),
    "huge": lambda home, claims: "x" * 10_000,
    "four parts": lambda home, claims: signed(home, claims) + ".x",
    "empty": lambda home, claims: "",
    "not ascii": lambda home, claims: "é.é.é",
    "claims are a list": lambda home, claims: f"{encoded({'alg': 'RS256'})}.{encoded([1])}.x",
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_forged_token_is_nobody(home, attack):
    browser = await signed_in(home)
    claims = claims_of((await browser.tokens())["access_token"])
    assert await home.verify(signed(home, claims)), "made as ours are, it would be good"
    assert await home.verify(ATTACKS[attack](home, claims)) is None


async def test_clocks_may_differ_by_five_seconds(home):
    browser = await signed_in(home)
    token = (await browser.tokens())["access_token"]
    home.clock.time += 604
    assert await home.verify(token)
    home.clock.time += 1
    assert await home.verify(token) is None


async def test_another_issuer_with_our_keys_is_another(home):
    browser = await signed_in(home)
    token = (await browser.tokens())["access_token"]
    other = LocalVerifier(home.provider.keys, home.table, home.clock, "https://time.example")
    assert await other.verify(token) is None
