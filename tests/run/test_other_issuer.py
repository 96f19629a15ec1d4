"""A home where another issuer says who somebody is: the pages' way there and back, and tokens at first sight."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from aurora_time.adapters.oidc import IssuerSettings, OidcIssuer
from aurora_time.adapters.oidc_http import IssuerError
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person
from aurora_time.run.control import OperatorError
from aurora_time.run.key_rotate import Rotation, rotate_key
from aurora_time.run.other_issuer import Door
from aurora_time.run.settings import Settings
from aurora_time.run.user_add import NewUser, add_user
from aurora_time.run.user_invite import NewInvitation, invite_user
from aurora_time.run.wiring import Home, home_routes, make_home
from aurora_time.run.world import RandomIds
from tests.run.conftest import Clock

ISSUER = "https://issuer.example"
URL = "http://127.0.0.1:8765"
KEY = RSAKey.generate_key(2048, {"kid": "1"})


class Issuer:
    """``said`` is what it says of who signs in; an answer of "" means that it is away."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.said: dict[str, Any] = {"sub": "s1", "email": "mai@example.org", "email_verified": True, "name": "Mai"}
        self.away = False
        self.nonce = ""
        self.forms: list[dict[str, str]] = []
        self.userinfo_asked = 0

    def token(self, **changed: Any) -> str:
        now = int(self.clock.now())
        said = {"iss": ISSUER, "sub": "s1", "aud": "aurora", "scope": "aurora/account:read aurora/account:write"}
        return jwt.encode({"alg": "RS256", "kid": "1"}, {**said, "iat": now, "exp": now + 600, **changed}, KEY)

    def __call__(self, url: str, *, token: str = "", form: Any = None) -> dict[str, Any]:
        if self.away:
            raise IssuerError("it cannot be reached")
        match url.removeprefix(ISSUER):
            case "/.well-known/openid-configuration":
                names = ("jwks_uri", "token_endpoint", "userinfo_endpoint", "authorization_endpoint")
                return {"issuer": ISSUER} | {name: f"{ISSUER}/{name}" for name in names}
            case "/jwks_uri":
                return {"keys": [KEY.as_dict(private=False)]}
            case "/userinfo_endpoint":
                self.userinfo_asked += 1
                return self.said
            case _:
                self.forms.append(form)
                now = int(self.clock.now())
                times = {"iat": now, "exp": now + 600, "nonce": self.nonce, "iss": ISSUER, "aud": "aurora"}
                return {"id_token": jwt.encode({"alg": "RS256", "kid": "1"}, {**times, **self.said}, KEY)}


class World:
    def __init__(self, home: Home, issuer: Issuer, clock: Clock) -> None:
        self.home, self.issuer, self.clock = home, issuer, clock
        self.app = Starlette(routes=home_routes(home))

    def browser(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 40000))
        sent = {"Accept": "text/html", "Accept-Language": "en", **headers}
        return httpx.AsyncClient(transport=transport, base_url=URL, headers=sent)

    async def me(self, token: str) -> httpx.Response:
        return await self.browser(Authorization=f"Bearer {token}").get("/v1/me")

    async def sent(self, browser: httpx.AsyncClient, next_: str = "/settings") -> dict[str, str]:
        """What the issuer is asked."""
        led = await browser.get("/login", params={"next": next_})
        assert led.status_code == 302, led.text
        where = urlsplit(led.headers["location"])
        assert f"{where.scheme}://{where.netloc}{where.path}" == f"{ISSUER}/authorization_endpoint"
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        self.issuer.nonce = asked["nonce"]
        return asked

    async def sign_in(self, browser: httpx.AsyncClient, **changed: str) -> httpx.Response:
        asked = await self.sent(browser)
        return await browser.get("/callback", params={"code": "c", "state": asked["state"], **changed})


Run = Callable[[Callable[[World], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Run:
    """Parametrized indirectly: the sign-up policy."""

    def opened(story: Callable[[World], Coroutine[Any, Any, None]]) -> None:
        async def scenario() -> None:
            clock = Clock()
            other, policy = IssuerSettings(ISSUER, "aurora"), getattr(request, "param", None)
            settings = Settings(tmp_path, issuer=other, signup=policy)
            home, issuer = make_home(settings, URL, clock, RandomIds()), Issuer(clock)
            assert home.door is not None
            door = Door(home.services, OidcIssuer(other, clock, issuer), takes_new=home.door._takes_new)
            try:
                await story(World(dataclasses.replace(home, door=door), issuer, clock))
            finally:
                await home.close()

        asyncio.run(scenario())

    return opened


CLOSED = pytest.mark.parametrize("run", ["closed", "invite"], indirect=True)


# --- by our pages -----------------------------------------------------------------------------------------------------
def test_the_pages_sign_in_there_by_code_and_pkce(run: Run) -> None:
    async def story(world: World) -> None:
        browser = world.browser()
        asked = await world.sent(browser)
        assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "scope")} == {
            "response_type": "code",
            "client_id": "aurora",
            "redirect_uri": f"{URL}/callback",
            "scope": "openid email profile",
        }
        assert asked["code_challenge_method"] == "S256"
        done = await browser.get("/callback", params={"code": "c", "state": asked["state"], "iss": ISSUER})
        assert (done.status_code, done.headers["location"]) == (303, "/settings")
        (form,) = world.issuer.forms
        assert (form["code"], form["redirect_uri"], len(form["code_verifier"]) >= 43) == ("c", f"{URL}/callback", True)
        page = (await browser.get("/settings")).text
        assert "mai@example.org" in page
        assert 'href="/password"' not in page
        assert 'href="/settings/devices"' in page
        assert (await browser.get("/login", params={"next": "/settings"})).headers["location"] == "/settings"

    run(story)


def test_the_embedded_providers_pages_and_endpoints_are_off(run: Run) -> None:
    async def story(world: World) -> None:
        browser = world.browser()
        for path in ("/password", "/password/forgot", "/jwks", "/.well-known/openid-configuration", "/second-factor"):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.post("/token", data={"grant_type": "x"})).status_code in (404, 405)
        assert (await browser.get("/signup")).headers["location"].startswith(ISSUER)
        assert "/signup" not in (await browser.get("/")).text

    run(story)


def test_a_browser_comes_back_once_and_only_from_where_it_was_sent(run: Run) -> None:
    async def story(world: World) -> None:
        browser, thief = world.browser(), world.browser()
        asked = await world.sent(browser)
        await world.sent(thief)
        stolen = await thief.get("/callback", params={"code": "c", "state": asked["state"]})
        assert stolen.status_code == 410, "nobody is signed in as who began elsewhere"
        world.issuer.nonce = asked["nonce"]
        good = {"code": "c", "state": asked["state"]}
        assert (await browser.get("/callback", params=good)).status_code == 303
        assert (await browser.get("/callback", params=good)).status_code == 410
        assert (await browser.get("/callback")).status_code == 410
        late = world.browser()
        asked = await world.sent(late)
        world.clock.time += 601
        assert (await late.get("/callback", params={"code": "c", "state": asked["state"]})).status_code == 410

    run(story)


def test_what_the_issuer_refuses_is_said_calmly(run: Run) -> None:
    async def story(world: World) -> None:
        browser = world.browser()
        for changed in ({"error": "access_denied"}, {"iss": "https://evil.example"}):
            refused = await world.sign_in(browser, **changed)
            assert refused.status_code == 403
            assert "did not confirm who you are" in refused.text
        asked = await world.sent(browser)
        world.issuer.nonce = "another"
        assert (await browser.get("/callback", params={"code": "c", "state": asked["state"]})).status_code == 403
        world.issuer.said["email_verified"] = False
        refused = await world.sign_in(browser)
        assert "has not verified your e-mail address" in refused.text
        assert (await browser.get("/settings")).status_code == 303

    run(story)


def test_an_issuer_that_is_away_is_told_with_a_way_on(run: Run) -> None:
    async def story(world: World) -> None:
        world.issuer.away = True
        answer = await world.browser().get("/login")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert "does not answer just now" in answer.text
        problem = await world.me(world.issuer.token())
        assert (problem.status_code, problem.headers["content-type"]) == (503, "application/problem+json")

    run(story)


def test_signing_out_ends_our_sign_in(run: Run) -> None:
    async def story(world: World) -> None:
        browser = world.browser()
        await world.sign_in(browser)
        page = (await browser.get("/settings")).text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        assert (await browser.post("/logout", data={"csrf": "x"})).status_code == 403
        assert (await browser.post("/logout", content=b"{}")).status_code == 415
        cookies = dict(browser.cookies)
        assert (await browser.post("/logout", data={"csrf": csrf})).status_code == 303
        browser.cookies.update(cookies)
        assert (await browser.get("/settings")).status_code == 303, "the cookie alone opens nothing"
        assert (await browser.post("/logout", data={"csrf": csrf})).status_code == 303

    run(story)


def test_an_account_is_closed_by_its_address_and_may_come_anew(run: Run) -> None:
    async def story(world: World) -> None:
        browser = world.browser()
        await world.sign_in(browser)
        token = world.issuer.token()
        before = (await world.me(token)).json()["id"]
        page = (await browser.get("/settings/close")).text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        wrong = await browser.post("/settings/close", data={"csrf": csrf, "proof": "another@example.org"})
        assert wrong.status_code == 422
        done = await browser.post("/settings/close", data={"csrf": csrf, "proof": "Mai@example.org"})
        assert "Your account is deleted" in done.text
        assert (await browser.get("/settings")).status_code == 303
        world.clock.time += 5
        left = not_taken(await world.me(world.issuer.token()))
        assert "This account was closed" in left, "a token makes no new account of who left"
        assert (await world.sign_in(world.browser())).status_code == 303, "but coming anew does"
        assert (await world.me(world.issuer.token())).json()["id"] != before

    run(story)


def not_taken(answer: httpx.Response) -> str:
    """What the person reads, whom this home does not take: the app shows it, and goes round in no circle."""
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems#not-taken")
    assert "invalid_token" in answer.headers["www-authenticate"]
    return str(answer.json()["detail"])


# --- by access tokens -------------------------------------------------------------------------------------------------
def test_a_person_is_made_at_first_sight_and_known_from_then_on(run: Run) -> None:
    async def story(world: World) -> None:
        first = (await world.me(world.issuer.token())).json()
        assert (first["email"], first["name"], first["timeZone"]) == ("mai@example.org", "Mai", "UTC")
        assert first["assumed"] == ["timeZone", "locale"], "nobody has said them, so a client may"
        assert (await world.me(world.issuer.token())).json()["id"] == first["id"]
        assert world.issuer.userinfo_asked == 1
        named = world.issuer.token(sub="s2", email="sam@example.org", email_verified=True)
        assert (await world.me(named)).json()["email"] == "sam@example.org"
        assert world.issuer.userinfo_asked == 1, "the token said it"

    run(story)


def test_who_is_here_already_is_linked_by_the_verified_address(run: Run) -> None:
    async def story(world: World) -> None:
        new = NewPerson("mai@example.org", "Mai", "Asia/Ho_Chi_Minh", "vi")
        known = await ensure_person(world.home.services, "embedded", "before", new)
        assert (await world.me(world.issuer.token())).json()["id"] == known

    run(story)


def test_without_a_verified_address_nobody_is_let_in_nor_asked_about_again_and_again(run: Run) -> None:
    async def story(world: World) -> None:
        world.issuer.said["email_verified"] = False
        for _ in range(3):
            told = not_taken(await world.me(world.issuer.token()))
            assert "has not verified yours" in told
        assert world.issuer.userinfo_asked == 1
        world.clock.time += 61
        world.issuer.said["email_verified"] = True
        assert (await world.me(world.issuer.token())).status_code == 200

    run(story)


@CLOSED
def test_where_nobody_new_is_taken_who_is_here_is_linked(run: Run) -> None:
    async def story(world: World) -> None:
        assert "takes no new accounts" in not_taken(await world.me(world.issuer.token()))
        refused = await world.sign_in(world.browser())
        assert refused.status_code == 403
        assert "takes no new accounts" in refused.text
        await ensure_person(world.home.services, "embedded", "x", NewPerson("mai@example.org", "Mai", "UTC", "en"))
        world.clock.time += 61
        assert (await world.me(world.issuer.token())).status_code == 200
        assert (await world.sign_in(world.browser())).status_code == 303

    run(story)


def test_signing_out_everywhere_ends_the_tokens_that_were_issued_before(run: Run) -> None:
    async def story(world: World) -> None:
        browser, token = world.browser(), world.issuer.token()
        await world.sign_in(browser)
        api = world.browser(Authorization=f"Bearer {token}")
        assert len((await api.get("/v1/sessions")).json()["items"]) == 1
        assert (await api.delete("/v1/sessions")).status_code == 204
        assert (await api.get("/v1/me")).status_code == 401
        assert (await browser.get("/settings")).status_code == 303
        world.clock.time += 2
        assert (await world.me(world.issuer.token())).status_code == 200, "who signs in anew is let in"

    run(story)


def test_a_token_of_another_api_may_do_nothing(run: Run) -> None:
    async def story(world: World) -> None:
        assert (await world.me(world.issuer.token(aud="another"))).status_code == 401
        assert (await world.me(world.issuer.token(scope="openid"))).status_code == 403
        everything = world.issuer.token(scope=" ".join(f"aurora/{scope}" for scope in SCOPES))
        browser = world.browser(Authorization=f"Bearer {everything}")
        assert (await browser.get("/v1/events")).status_code == 200

    run(story)


def test_many_who_are_turned_away_fill_no_memory(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        monkeypatch.setattr("aurora_time.run.other_issuer._REMEMBERED", 2)
        for number in range(5):
            token = world.issuer.token(sub=f"stranger-{number}")
            assert (await world.me(token)).status_code == 401
        assert world.home.door is not None
        assert len(world.home.door._turned_away) <= 2

    run(story)


def test_the_operator_is_told_where_accounts_and_keys_are(run: Run) -> None:
    async def story(world: World) -> None:
        with pytest.raises(OperatorError, match=r"Accounts come from https://issuer.example; sign in there"):
            await add_user(world.home, NewUser("sam@example.org", "", "UTC", "en"))
        with pytest.raises(OperatorError, match=r"Accounts come from https://issuer.example; invite sam@example.org"):
            await invite_user(world.home, NewInvitation("sam@example.org", "en"))
        with pytest.raises(OperatorError, match=r"Tokens are signed by https://issuer.example"):
            await rotate_key(world.home, Rotation())

    run(story)
