"""A world for the API tests: the real endpoints on a table in memory, or as functions on an emulated AWS; two people
with tokens, a clock that we move."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import httpx
from starlette.applications import Starlette

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.moment import parse_instant
from aurora_time.http.dispatch import Wired
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import attend
from aurora_time.operations.services import Services, Writers
from aurora_time.operations.sweeping import find_due
from aurora_time.ports import Claims, Key, Mail
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from tests.api.announced import look

HOME = "http://aurora.test"
ZONE = "Asia/Ho_Chi_Minh"
NOW = "2026-11-20T02:00:00Z"
"""Nine in the morning of a Friday in ZONE."""

Json = dict[str, Any]
INTERNALS = re.compile(r"`(str|int|float|bool|array|object|null)[` ]|regex|enum|Expected|Traceback|\.py\b|codec")
"""What no sentence for a person names."""


class Clock:
    """``tell`` is told the time whenever it is another."""

    def __init__(self, tell: Callable[[float], None] | None = None) -> None:
        self._tell = tell
        self.time = float(parse_instant(NOW))

    @property
    def time(self) -> float:
        return self._time

    @time.setter
    def time(self, time: float) -> None:
        self._time = time
        if self._tell:
            self._tell(time)

    def now(self) -> float:
        return self._time


class Ids:
    """Looks random, and is the same in every run; ``planned`` come first."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self.made = 0
        self.planned: list[str] = []

    def _next(self, length: int) -> str:
        self.made += 1
        return base64.urlsafe_b64encode(hashlib.sha256(f"{self._seed}{self.made}".encode()).digest()).decode()[:length]

    def new(self) -> str:
        return self.planned.pop(0) if self.planned else self._next(22)

    def secret(self) -> str:
        return self._next(27)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)


class Issuer:
    """Stands for the OpenID Connect provider: ``access-<subject>`` is a good token with every scope."""

    async def verify(self, token: str) -> Claims | None:
        if not token.startswith("access-"):
            return None
        return Claims("embedded", token.removeprefix("access-"), "web", frozenset(SCOPES), 2**40, "session")


@dataclass
class Somebody:
    """A person with a client that bears a token of all scopes."""

    id: str
    http: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await ask(self.http, method, path, body, **headers)

    async def get(self, path: str, **query: Any) -> Json:
        """The JSON of a GET that must succeed. ``from_`` is the parameter ``from``."""
        params = {name.rstrip("_"): value for name, value in query.items()}
        got = await self.http.get(path, params=params or None)
        assert got.status_code == 200, got.text
        read: Json = got.json()
        return read

    async def make(self, path: str, body: Json) -> Json:
        made = await self.ask("POST", path, body)
        assert made.status_code == 201, made.text
        read: Json = made.json()
        return read

    async def event(self, **fields: Any) -> Json:
        return await self.make("/v1/events", {"summary": "Something", "start": timed("2026-11-23T09:00:00"), **fields})

    async def change(self, path: str, **patch: Any) -> Json:
        changed = await self.ask("PATCH", path, patch)
        assert changed.status_code == 200, changed.text
        read: Json = changed.json()
        return read

    async def remove(self, path: str) -> None:
        gone = await self.ask("DELETE", path)
        assert gone.status_code == (202 if path.startswith("/v1/calendars/") else 204), gone.text

    async def refused(self, status: int, method: str, path: str, body: Any = None, **headers: str) -> Json:
        """The problem with which a request is refused; what it is about must be said."""
        response = await self.ask(method, path, body, **headers)
        return problem_of(response, status)


def timed(text: str, zone: str | None = ZONE) -> Json:
    return {"dateTime": text} if zone is None else {"dateTime": text, "timeZone": zone}


def day(text: str) -> Json:
    return {"date": text}


async def ask(http: httpx.AsyncClient, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """Send; ``if_match`` is the header If-Match. Bytes and text go as they are, all else as JSON."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is None:
        return await http.request(method, path, headers=sent)
    if isinstance(body, bytes | str):
        return await http.request(method, path, content=body, headers={"content-type": "application/json"} | sent)
    return await http.request(method, path, json=body, headers=sent)


def problem_of(response: httpx.Response, status: int) -> Json:
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["content-type"] == "application/problem+json"
    document: Json = response.json()
    assert document["status"] == status
    assert document["type"].startswith("/problems#")
    assert document["instance"] == f"/requests/{response.headers['request-id']}"
    assert document["title"]
    assert document["detail"].endswith((".", "?"))
    assert not INTERNALS.search(document["detail"]), document["detail"]
    return document


def pointers(problem: Json) -> list[str]:
    return [each["pointer"] for each in problem["errors"]]


class World:
    """Opened by the test runner around each async test. ``aws``: where its table is, None for memory."""

    everywhere: ClassVar[Any] = None
    """Where the tables of all worlds are that are not told otherwise."""
    deployed: ClassVar[Any] = None
    """The deployed home that answers for all worlds (tests/aws/deployed/rest.py)."""

    def __init__(self, aws: Any = None) -> None:
        self._aws = aws or World.everywhere
        self._by_functions = self._aws is not None

    async def __aenter__(self) -> Self:
        home = World.deployed
        self.clock, self.ids = (Clock(home.set_clock), Ids(f"{home.begin()}-")) if home else (Clock(), Ids())
        self.mailbox = Mailbox()
        self._stack = AsyncExitStack()
        self.table = SqliteTable.open(":memory:", self.clock) if self._aws is None else self._on_aws()
        self._stack.push_async_callback(self.table.close)
        self.services = Services(self.table, self.mailbox, self.clock, self.ids, Writers(), "embedded", HOME)
        self.wired: list[Wired] = wire(self.services, Issuer())
        self.app = Starlette(routes=api_routes(self.wired, self.ids.new, self.services.meter))
        if home:
            home.close_off(self)
        self.http = self.client()
        self.ann = await self.somebody("ann")
        self.bob = await self.somebody("bob")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def _on_aws(self) -> Any:
        from aurora_time.adapters.dynamodb import DynamoTable
        from aurora_time.adapters.dynamodb_table import create_table

        self._client = self._aws.client()
        if World.deployed is not None:
            self._name = World.deployed.name
            return World.deployed.table(self._client, self.clock)
        self._name = self._aws.table_name()
        create_table(self._client, self._name)
        self._stack.callback(self._aws.client().delete_table, TableName=self._name)
        return DynamoTable(self._client, self._name, self.clock)

    def client(self, token: str = "") -> httpx.AsyncClient:
        """Bears this token, if any."""
        headers = {b"authorization": f"Bearer {token}".encode()} if token else {}
        if World.deployed is not None:
            asked: httpx.AsyncClient = World.deployed.client(HOME, headers, look)
            return asked
        by_server = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        transport = self._gateway() if self._by_functions else by_server
        return httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers, event_hooks={"response": [look]})

    def _gateway(self) -> httpx.AsyncBaseTransport:
        """On AWS, functions answer."""
        from tests.aws.gateway import Gateway

        return Gateway(self.wired, self.services)

    def by_server(self) -> None:
        """From now on the server of one process answers, wherever the table is: what it alone does is tried."""
        if World.deployed is not None:
            World.deployed.stop("the server of one machine answers")
        self._by_functions = False
        for each in (self, self.ann):
            headers = each.http.headers
            each.http = self.client()
            each.http.headers = headers

    async def somebody(self, name: str) -> Somebody:
        new = NewPerson(f"{name}@example.org", name.capitalize(), ZONE, "en")
        person_id = await ensure_person(self.services, "embedded", name, new)
        return Somebody(person_id, self.client(await self.token(person_id, SCOPES)))

    async def token(self, person_id: str, scopes: tuple[str, ...]) -> str:
        return (await create_token(self.services, person_id, "A token", scopes, None))[2]

    def at(self, text: str) -> None:
        self.clock.time = float(parse_instant(text))

    async def attend(self) -> None:
        """Do all that is due now: ring, and run jobs to their end."""
        for _ in range(200):
            due = await find_due(self.services, 100)
            if not due:
                return
            for item in due:
                await attend(self.services, item, composer(HOME))
        raise AssertionError("something is due for ever")

    async def content_without_expired(self) -> dict[tuple[str, str], tuple[bytes, str]]:
        """Every item, once what has expired is removed. DynamoDB does so within days: here it is left out."""
        if self._aws is None:
            await self.table.remove_expired()
            return self.content()
        return {key: held for key, held in self.content().items() if await self.table.get(Key(*key)) != [None]}

    def content(self) -> dict[tuple[str, str], tuple[bytes, str]]:
        """Every item of the table."""
        if self._aws is not None:
            pages = self._client.get_paginator("scan").paginate(TableName=self._name, ConsistentRead=True)
            items = [item for page in pages for item in page["Items"]]
            return {(item["p"]["S"], item["s"]["S"]): (bytes(item["b"]["B"]), item["v"]["S"]) for item in items}
        found = self.table._reader.execute("SELECT part, sort, body, version FROM items")
        return {(part, sort): (body, version) for part, sort, body, version in found}

    async def primary(self, who: Somebody) -> str:
        found = [each["id"] for each in (await who.get("/v1/calendars"))["items"] if each["primary"]]
        assert len(found) == 1
        return str(found[0])
