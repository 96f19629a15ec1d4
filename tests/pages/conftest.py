"""A whole home for the tests of its pages: everything that `aurora serve` wires, a clock, and browsers."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.identity.signing import StoredKey
from aurora_time.operations.links import home_signer
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import attend
from aurora_time.operations.sweeping import find_due
from aurora_time.ports import Put
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import home_routes, make_home
from aurora_time.store import keys
from aurora_time.store.codec import encode
from tests.stories import stories_with

URL = "http://127.0.0.1:8765"
PASSWORD = "violet tram kettle"
MONDAY_NINE = 1_795_399_200.0
"""2026-11-23T09:00:00 in Asia/Ho_Chi_Minh, a Monday."""


class Clock:
    def __init__(self) -> None:
        self.time = MONDAY_NINE

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


class Home:
    """Opened by the test runner around each async test."""

    def __init__(self, pem: bytes, data: Path, **settings: Any) -> None:
        self.pem = pem
        self.clock = Clock()
        self.settings = Settings(**{"data": data, **settings})
        self.web_app = data / "no web app"
        """Where a test may put one, so that it is the same wherever it runs."""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        url = self.settings.public_url or URL
        self.home = make_home(self.settings, url, self.clock, Ids(), self.web_app)
        self._stack.push_async_callback(self.home.close)
        await self.home.table.write(Put(keys.signing_key(1), encode(StoredKey(self.pem)), "v1"))
        self.app = Starlette(routes=home_routes(self.home))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def browser(self, language: str = "en-GB", host: str = "", **headers: str) -> Browser:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 40000))
        sent = {"Accept-Language": language, "Accept": "text/html,*/*;q=0.8", **headers}
        client = httpx.AsyncClient(transport=transport, base_url=host or self.home.public_url, headers=sent)
        return Browser(self, client)

    async def someone(self, email: str = "mai@example.org", language: str = "en-GB") -> Browser:
        """A browser in which somebody has just signed up."""
        browser = self.browser(language)
        await browser.sign_up(email)
        return browser

    async def code(self, email: str) -> str:
        """The newest code that was mailed there."""
        mailer = self.home.mailer
        assert isinstance(mailer, OutboxMailer)
        theirs = [mail.subject for mail in await mailer.messages(100) if email in mail.to]
        return next(found[0] for found in (re.search(r"\b\d{6}\b", subject) for subject in theirs) if found)

    async def ring(self, seconds: float = 0) -> int:
        """Let time pass and everything due be done; how many reminders were decided about."""
        self.clock.time += seconds
        services, decided = self.home.services, 0
        compose = composer(self.home.public_url, await home_signer(services))
        while due := await find_due(services, 100):
            for item in due:
                decided += len(await attend(services, item, compose))
        return decided


class Browser:
    def __init__(self, home: Home, client: httpx.AsyncClient) -> None:
        self.home = home
        self.http = client

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(path, headers=headers)

    async def text(self, path: str) -> str:
        """What a page that is there says, without its tags."""
        shown = await self.get(path)
        assert shown.status_code == 200, (shown.status_code, shown.headers.get("location"))
        return words(shown.text)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data=fields)

    async def send(self, path: str, page: str = "/", **fields: str) -> httpx.Response:
        """Post a form that stands on a page of ours."""
        shown = await self.http.get(page)
        assert shown.status_code == 200, (page, shown.status_code, shown.headers.get("location"))
        assert f'action="{path}' in shown.text, f"{page} has no form that goes to {path}"
        return await self.post(path, csrf=self.csrf(shown.text), **fields)

    @staticmethod
    def csrf(page: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found, page
        return found[1]

    async def add(self, summary: str, **fields: str) -> httpx.Response:
        filled = {"date": "2026-11-23", "start": "10:00", "end": "11:00", "repeat": "never", "remind": "default"}
        return await self.send("/events", summary=summary, **(filled | fields))

    async def sign_up(self, email: str) -> None:
        shown = await self.get("/signup")
        fields = {"email": email, "password": PASSWORD, "name": "Mai", "time_zone": "Asia/Ho_Chi_Minh"}
        begun = await self.post("/signup", csrf=self.csrf(shown.text), next="/", **fields)
        assert begun.status_code == 303, begun.text
        confirm = begun.headers["location"]
        shown = await self.get(confirm)
        flow = re.search(r'name="flow" value="([^"]*)"', shown.text)
        assert flow
        done = await self.post(
            "/signup/confirm", csrf=self.csrf(shown.text), flow=flow[1], code=await self.home.code(email)
        )
        assert done.status_code == 303, done.text


def words(page: str) -> str:
    """The text of a page's body, each run of white space as one space."""
    body = page.partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.fixture(scope="session")
def pem() -> bytes:
    return RSAKey.generate_key(2048).as_pem(private=True)


@pytest.fixture
def home(pem: bytes, tmp_path: Path, request: pytest.FixtureRequest) -> Home:
    """``@pytest.mark.parametrize("home", [{...}], indirect=True)`` gives the home other settings."""
    return Home(pem, tmp_path / "data", **getattr(request, "param", {}))


pytest_pyfunc_call = stories_with(Home)
