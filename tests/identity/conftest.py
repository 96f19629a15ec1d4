"""A home for the identity tests: the real provider on an in-memory table, browsers, a mailbox and a clock."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from contextlib import AsyncExitStack
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.http.page import static_route
from aurora_time.identity.provider import Account, Client, Provider, routes, verifier
from aurora_time.identity.signing import StoredKey
from aurora_time.ports import Claims, Mail, MailUnavailableError, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from tests.stories import stories_with

ISSUER = "http://127.0.0.1:8801"
PASSWORD = "violet tram kettle"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
WEB = Client("web", (f"{ISSUER}/app/callback",), (f"{ISSUER}/app/", "https://app.example/bye"), name="Web")
CLI = Client("cli", ("http://127.0.0.1/callback", "example.cli:/callback"), native=True, name="CLI")


class Clock:
    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def now(self) -> float:
        return self.time


class Ids:
    def __init__(self) -> None:
        self.made = 0

    def _next(self, kind: str) -> str:
        self.made += 1
        return base64.urlsafe_b64encode(hashlib.sha256(f"{kind}{self.made}".encode()).digest()).decode()

    def new(self) -> str:
        return self._next("id")[:22]

    def secret(self) -> str:
        return self._next("secret")[:27]


class Mailbox:
    """Keeps what is sent; ``broken`` makes it refuse."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.broken = False

    async def send(self, mail: Mail) -> None:
        if self.broken:
            raise MailUnavailableError("no connection")
        self.mails.append(mail)

    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.mails[-1].text)
        assert found, self.mails[-1].text
        return found[0]

    def link(self) -> str:
        found = re.search(rf"{re.escape(ISSUER)}(\S+token=\S+)", self.mails[-1].text)
        assert found, self.mails[-1].text
        return found[1]


class Home:
    """Opened by the test runner around each async test."""

    def __init__(self, pem: bytes, **policy: Any) -> None:
        self.pem = pem
        self.policy = policy
        self.clock = Clock()
        self.ids = Ids()
        self.mailbox = Mailbox()
        self.confirmed: list[Account] = []
        self.notices: list[tuple[str, str]] = []
        self.product_is_down = False
        self.clients = (WEB, CLI)
        self._stack = AsyncExitStack()

    def authorization(self, client: Client = WEB, **changed: str | None) -> dict[str, str]:
        """The parameters of a good authorization request; None leaves one out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": client.redirect_uris[0],
            "scope": "openid email profile offline_access events:read events:write",
            "state": "some-state",
            "nonce": "some-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changed,
        }
        return {name: value for name, value in asked.items() if value is not None}

    async def __aenter__(self) -> Self:
        self.table = SqliteTable.open(":memory:", self.clock)
        self._stack.push_async_callback(self.table.close)
        await self.table.write(Put(keys.signing_key(1), encode(StoredKey(self.pem)), "v1"))
        self.provider = Provider(
            table=self.table,
            mailer=self.mailbox,
            clock=self.clock,
            ids=self.ids,
            on_confirmed=self._welcome,
            notice=lambda email, code: self.notices.append((email, code)),
            **{"issuer": ISSUER, "clients": self.clients, **self.policy},
        )
        self.app = Starlette(routes=[*routes(self.provider), static_route()])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _welcome(self, account: Account) -> None:
        if self.product_is_down:
            raise ConnectionError
        self.confirmed.append(account)

    def browser(self, address: str = "192.0.2.7", language: str = "en-GB,en;q=0.9") -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 40000))
        client = httpx.AsyncClient(
            transport=transport, base_url=self.provider.issuer, headers={"Accept-Language": language}
        )
        return Browser(self, client)

    async def verify(self, token: str) -> Claims | None:
        return await verifier(self.provider).verify(token)


class Browser:
    def __init__(self, home: Home, client: httpx.AsyncClient) -> None:
        self.home = home
        self.http = client

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.http.get(path, params=query or None)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data=fields)

    async def submit(self, page: str, action: str = "", **fields: str) -> httpx.Response:
        """Fill in the form that is on a page and send it."""
        shown = await self.http.get(page)
        assert shown.status_code == 200, (shown.status_code, shown.headers.get("location"))
        return await self.post(action or urlsplit(page).path, **(hidden(shown.text) | fields))

    async def sign_up(
        self, email: str = "ann@example.org", password: str = PASSWORD, next_: str = "/"
    ) -> httpx.Response:
        page = str(httpx.URL("/signup", params={"next": next_}))
        begun = await self.submit(page, email=email, password=password, name="Ann", time_zone="Asia/Ho_Chi_Minh")
        assert begun.status_code == 303, begun.text
        return await self.submit(begun.headers["location"], code=self.home.mailbox.code())

    async def sign_in(self, email: str = "ann@example.org", password: str = PASSWORD) -> httpx.Response:
        return await self.submit("/login", email=email, password=password)

    async def authorize(self, client: Client = WEB, said: str = "allow", **changed: str | None) -> httpx.Response:
        """Ask, and say this where it is asked whether it is meant."""
        asked = await self.get("/authorize", **self.home.authorization(client, **changed))
        if asked.status_code != 200:
            return asked
        return await self.post("/authorize/allow", **hidden(asked.text), answer=said)

    async def code(self, client: Client = WEB, **changed: str | None) -> str:
        return answer(await self.authorize(client, **changed))["code"]

    async def exchange(self, code_: str, client: Client = WEB, **changed: str) -> httpx.Response:
        fields = {
            "grant_type": "authorization_code",
            "code": code_,
            "code_verifier": VERIFIER,
            "client_id": client.client_id,
            "redirect_uri": client.redirect_uris[0],
        }
        return await self.post("/token", **(fields | changed))

    async def tokens(self, client: Client = WEB, **changed: str | None) -> dict[str, Any]:
        exchanged = await self.exchange(await self.code(client, **changed), client)
        assert exchanged.status_code == 200, exchanged.text
        said: dict[str, Any] = exchanged.json()
        return said

    async def refresh(self, token: str, client: Client = WEB, **more: str) -> httpx.Response:
        fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client.client_id}
        return await self.post("/token", **(fields | more))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the first form."""
    form = page.partition("<form")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def answer(response: httpx.Response) -> dict[str, str]:
    """What an authorization response says to the client."""
    assert response.status_code == 302, (response.status_code, response.text)
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


@pytest.fixture(scope="session")
def pem() -> bytes:
    return RSAKey.generate_key(2048).as_pem(private=True)


@pytest.fixture
def home(pem: bytes, request: pytest.FixtureRequest) -> Home:
    """``@pytest.mark.parametrize("home", [{...}], indirect=True)`` gives the provider another policy."""
    return Home(pem, **getattr(request, "param", {}))


pytest_pyfunc_call = stories_with(Home)
