"""The authorization endpoint and the exchange of its codes."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.identity.conftest import hidden

ISSUER = "http://127.0.0.1:8801"
PASSWORD = "violet tram kettle"


def answer(response):
    assert response.status_code == 302, (response.status_code, response.text)
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


async def signed_in(home):
    browser = home.browser()
    await browser.sign_up()
    return browser


@pytest.fixture
def web(home):
    return home.clients[0]


@pytest.fixture
def cli(home):
    return home.clients[1]


async def test_code_and_pkce_become_tokens(home):
    browser = await signed_in(home)
    asked = await browser.authorize()
    assert asked.headers["location"].startswith(f"{ISSUER}/app/callback?code=")
    said = answer(asked)
    assert said["state"] == "some-state"
    assert said["iss"] == ISSUER
    exchanged = await browser.exchange(said["code"])
    assert exchanged.headers["cache-control"] == "no-store"
    tokens = exchanged.json()
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
    assert tokens["expires_in"] == 600
    claims = await home.verify(tokens["access_token"])
    assert claims.subject == home.confirmed[0].subject
    assert claims.client_id == "web"
    assert claims.scopes == {"openid", "email", "profile", "offline_access", "events:read", "events:write"}
    assert claims.expires == home.clock.time + 600


async def test_a_stranger_signs_up_on_the_way_and_comes_back(home):
    browser = home.browser()
    asked = await browser.authorize()
    assert asked.status_code == 303
    login = await browser.get(asked.headers["location"])
    signup = login.text.partition('href="/signup?next=')[2].partition('"')[0]
    done = await browser.sign_up(next_=dict(parse_qsl(f"next={signup}"))["next"])
    assert "code" in answer(await browser.get(done.headers["location"]))


async def test_a_stranger_signs_in_on_the_way_with_his_address_filled_in(home):
    await home.browser().sign_up()
    browser = home.browser()
    asked = await browser.authorize(login_hint="ann@example.org")
    login = asked.headers["location"]
    shown = await browser.get(login)
    assert 'value="ann@example.org"' in shown.text
    done = await browser.submit(login, email="ann@example.org", password=PASSWORD)
    assert answer(await browser.get(done.headers["location"]))["state"] == "some-state"


async def test_the_request_may_be_posted(home):
    browser = await signed_in(home)
    posted = await browser.post("/authorize", **home.authorization())
    assert posted.status_code == 303
    assert "code" in answer(await browser.get(posted.headers["location"]))


# --- what the client did wrong ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "other"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{ISSUER}/app/callback/"},
        {"redirect_uri": f"{ISSUER}/app/callback?x=1"},
        {"redirect_uri": "http://127.0.0.1:9999/app/callback"},
    ],
)
async def test_an_unknown_client_or_address_is_never_answered(home, changed):
    browser = await signed_in(home)
    refused = await browser.authorize(**changed)
    assert refused.status_code == 400
    assert "location" not in refused.headers
    assert "not known here" in refused.text
    assert "evil.example" not in refused.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"request_uri": "x"}, "request_uri_not_supported"),
        ({"registration": "x"}, "registration_not_supported"),
    ],
)
async def test_other_mistakes_are_told_to_the_client(home, changed, error):
    browser = await signed_in(home)
    said = answer(await browser.authorize(**changed))
    assert said["error"] == error
    assert said["error_description"]
    assert said["state"] == "some-state"
    assert said["iss"] == ISSUER
    assert "code" not in said


async def test_a_parameter_given_twice_is_refused(home):
    browser = await signed_in(home)
    twice = [*home.authorization().items(), ("scope", "openid")]
    said = answer(await browser.http.get("/authorize", params=twice))
    assert said["error"] == "invalid_request"


async def test_unknown_scopes_and_parameters_are_ignored(home):
    browser = await signed_in(home)
    tokens = await browser.tokens(scope="events:read everything", colour="red")
    assert tokens["scope"] == "events:read"
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "scope"}


# --- when to ask for the password -------------------------------------------------------------------------------------
async def test_prompt_none_never_shows_a_page(home):
    said = answer(await home.browser().authorize(prompt="none"))
    assert said["error"] == "login_required"
    assert "code" in answer(await (await signed_in(home)).authorize(prompt="none"))


@pytest.mark.parametrize(
    "changed", [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "60"}, {"max_age": "0"}]
)
async def test_a_fresh_sign_in_is_asked_for_once(home, changed):
    browser = await signed_in(home)
    home.clock.time += 61
    asked = await browser.authorize(**changed)
    assert asked.status_code == 303
    login = asked.headers["location"]
    shown = await browser.get(login)
    assert "Enter your password again" in shown.text
    assert 'value="ann@example.org"' in shown.text
    skipped = dict(parse_qsl(urlsplit(login).query))["next"]
    assert (await browser.get(skipped)).status_code == 303, "going on without the password asks again"
    home.clock.time += 5
    done = await browser.submit(login, email="ann@example.org", password=PASSWORD)
    assert "code" in answer(await browser.get(done.headers["location"]))


async def test_an_old_sign_in_and_prompt_none_is_an_error(home):
    browser = await signed_in(home)
    home.clock.time += 61
    assert answer(await browser.authorize(prompt="none", max_age="60"))["error"] == "login_required"
    assert "code" in answer(await browser.authorize(prompt="none", max_age="61"))


async def test_a_hint_of_somebody_else_is_not_answered_with_this_one(home):
    browser = await signed_in(home)
    own = (await browser.tokens())["id_token"]
    other = home.browser()
    await other.sign_up("bob@example.org")
    assert "code" in answer(await browser.authorize(prompt="none", id_token_hint=own))
    for hint in (own, "nonsense"):
        said = answer(await other.authorize(prompt="none", id_token_hint=hint))
        assert said["error"] == "login_required"


# --- native clients ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("redirect_uri", "good"),
    [
        ("http://127.0.0.1:54321/callback", True),
        ("http://127.0.0.1/callback", True),
        ("example.cli:/callback", True),
        ("http://[::1]:54321/callback", False),
        ("http://localhost:54321/callback", False),
        ("http://127.0.0.1:54321/other", False),
        ("http://127.0.0.1:54321/callback#x", False),
        ("http://user@127.0.0.1:54321/callback", False),
        ("http://127.0.0.1:99999/callback", False),
        ("https://127.0.0.1:54321/callback", False),
        ("http://127.0.0.1.evil.example:1/callback", False),
    ],
)
async def test_a_native_client_may_listen_on_any_port_of_loopback(home, cli, redirect_uri, good):
    browser = await signed_in(home)
    asked = await browser.authorize(cli, redirect_uri=redirect_uri)
    assert asked.status_code == (302 if good else 400)
    if good:
        assert asked.headers["location"].startswith(f"{redirect_uri}?code=")


async def test_the_login_page_lets_its_form_lead_to_the_client(home, cli):
    browser = home.browser()
    for redirect_uri, source in (
        ("http://127.0.0.1:54321/callback", "http://127.0.0.1:54321"),
        ("example.cli:/callback", "example.cli:"),
    ):
        asked = await browser.authorize(cli, redirect_uri=redirect_uri)
        policy = (await browser.get(asked.headers["location"])).headers["content-security-policy"]
        assert f"form-action 'self' {source};" in policy
    stranger = (await browser.get("/login?next=/authorize?client_id=x")).headers["content-security-policy"]
    assert "form-action 'self';" in stranger


async def test_a_native_client_outlives_the_browsers_sign_out(home, cli):
    browser = await signed_in(home)
    tokens = await browser.tokens(cli)
    await browser.submit("/password", "/logout")
    assert await home.verify(tokens["access_token"])
    assert (await browser.refresh(tokens["refresh_token"], cli)).status_code == 200


# --- the exchange -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "error", "status"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant", 400),
        ({"code_verifier": ""}, "invalid_request", 400),
        ({"code_verifier": "v" * 42}, "invalid_request", 400),
        ({"code": "nonsense"}, "invalid_grant", 400),
        ({"code": ""}, "invalid_request", 400),
        ({"redirect_uri": f"{ISSUER}/app/"}, "invalid_grant", 400),
        ({"redirect_uri": ""}, "invalid_grant", 400),
        ({"client_id": "cli"}, "invalid_grant", 400),
        ({"client_id": "other"}, "invalid_client", 401),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": ""}, "unsupported_grant_type", 400),
    ],
)
async def test_a_wrong_exchange_gets_nothing_and_spoils_nothing(home, changed, error, status):
    browser = await signed_in(home)
    code = await browser.code()
    refused = await browser.exchange(code, **changed)
    assert refused.status_code == status
    assert refused.json()["error"] == error
    assert refused.headers["cache-control"] == "no-store"
    assert (await browser.exchange(code)).status_code == 200


async def test_a_code_used_twice_ends_what_it_issued(home):
    browser = await signed_in(home)
    code = await browser.code()
    tokens = (await browser.exchange(code)).json()
    home.clock.time += 3600
    again = await browser.exchange(code)
    assert again.json()["error"] == "invalid_grant"
    home.clock.time -= 3600
    assert await home.verify(tokens["access_token"]) is None
    assert (await browser.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await browser.exchange(code)).json()["error"] == "invalid_grant"


async def test_a_code_used_twice_at_once_is_used_once(home):
    browser = await signed_in(home)
    code = await browser.code()
    said = await asyncio.gather(*(browser.exchange(code) for _ in range(4)))
    assert sorted(one.status_code for one in said) == [200, 400, 400, 400]


async def test_a_code_is_over_after_a_minute(home):
    browser = await signed_in(home)
    code = await browser.code()
    home.clock.time += 60
    assert (await browser.exchange(code)).json()["error"] == "invalid_grant"


async def test_a_code_is_worth_nothing_after_signing_out(home):
    browser = await signed_in(home)
    code = await browser.code()
    await browser.submit("/password", "/logout")
    assert (await browser.exchange(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("path", ["/token", "/revoke"])
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"client_id=web&client_id=web", "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 65_600, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_bad_body_is_told_as_oauth_does(home, path, content, kind, status):
    refused = await home.browser().http.post(path, content=content, headers={"Content-Type": kind})
    assert refused.status_code == status
    assert refused.json()["error"] == "invalid_request"


# --- a native client is asked about ---------------------------------------------------------------------------------
async def test_a_program_of_this_machine_gets_a_code_only_when_its_owner_says_so(home, cli):
    """RFC 8252 section 8.6: who listens at a port of loopback is nobody we know."""
    browser = await signed_in(home)
    asked = await browser.get("/authorize", **home.authorization(cli))
    assert asked.status_code == 200
    assert "ann@example.org" in asked.text
    assert cli.name in asked.text
    assert "form-action 'self' http://127.0.0.1;" in asked.headers["content-security-policy"]
    assert "code" in answer(await browser.authorize(cli))
    said = answer(await browser.authorize(cli, said="deny"))
    assert (said["error"], said["state"]) == ("access_denied", "some-state")
    assert answer(await browser.get("/authorize", **home.authorization(cli, prompt="none")))["error"] == (
        "consent_required"
    )


async def test_nobody_says_yes_for_another(home, cli):
    browser = await signed_in(home)
    fields = hidden((await browser.get("/authorize", **home.authorization(cli))).text)
    assert (await browser.post("/authorize/allow", **{**fields, "csrf": "x"}, answer="allow")).status_code == 403
    other = home.browser()
    led = await other.post("/authorize/allow", **fields, answer="allow")
    assert led.headers["location"].startswith("/login?next=")
    assert "csrf" not in led.headers["location"]
    for changed, status in ({"redirect_uri": "https://evil.example"}, 400), ({"client_id": "x"}, 400):
        assert (await browser.post("/authorize/allow", **{**fields, **changed}, answer="allow")).status_code == status
    plain = {**fields, "code_challenge_method": "plain"}
    assert answer(await browser.post("/authorize/allow", **plain, answer="allow"))["error"] == "invalid_request"
    asked = await browser.get("/authorize", **home.authorization(cli), answer="allow")
    assert asked.status_code == 200, "a link says nothing"


async def test_a_client_of_ours_may_ask_for_the_question(home):
    browser = await signed_in(home)
    assert (await browser.get("/authorize", **home.authorization(prompt="consent"))).status_code == 200
    assert "code" in answer(await browser.authorize(prompt="consent"))


@pytest.mark.parametrize(("language", "words"), [("en-GB", "Let this program in?"), ("vi-VN", "Cho phép chương trình")])
async def test_the_question_speaks_the_language_of_the_browser(home, cli, language, words):
    await (await signed_in(home)).get("/")
    browser = home.browser(language=language)
    await browser.sign_in()
    assert words in (await browser.get("/authorize", **home.authorization(cli))).text
