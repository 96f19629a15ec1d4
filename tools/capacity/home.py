"""A home in memory that is asked as the API is, with a clock that stands still and ids that are the same each time."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.routing import compile_path

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.moment import parse_instant
from aurora_time.http.dispatch import RawRequest, Wired, answer
from aurora_time.http.endpoint import Reply
from aurora_time.operations.handing_over import hand_over, sweep
from aurora_time.operations.links import home_signer
from aurora_time.operations.pacing import Places
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import attend
from aurora_time.operations.services import Services, Writers
from aurora_time.operations.suppression import CarefulMailer
from aurora_time.operations.sweeping import find_due
from aurora_time.ports import Claims, Item, Mail, Message, Range
from aurora_time.run.gate import Gate
from aurora_time.run.wiring import wire
from tools.capacity.metering import MeteringTable, Touch

URL: Final = "https://time.example.org"
ZONE: Final = "Asia/Ho_Chi_Minh"
NOW: Final = "2026-11-20T02:00:00Z"
"""Nine in the morning of a Friday in ZONE."""

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.time = float(parse_instant(NOW))

    def now(self) -> float:
        return self.time


class Ids:
    """They look random, and are the same in every run."""

    def __init__(self) -> None:
        self._made = 0

    def _next(self, length: int) -> str:
        self._made += 1
        return base64.urlsafe_b64encode(hashlib.sha256(str(self._made).encode()).digest()).decode()[:length]

    def new(self) -> str:
        return self._next(22)

    def secret(self) -> str:
        return self._next(27)


class Mailbox:
    async def send(self, mail: Mail) -> None:
        """Every mail arrives."""


class Issuer:
    """Stands for the OpenID Connect provider: whatever it is shown is the access token of that subject."""

    async def verify(self, token: str) -> Claims | None:
        return Claims("embedded", token, "web", frozenset(SCOPES), 2**40, "session")


class _Queue:
    async def send(self, *_: Message) -> list[Message]:
        """Every message is taken."""
        return []


class Home:
    """``async with`` it; ``token`` bears every scope."""

    async def __aenter__(self) -> Self:
        self.clock, self.ids = Clock(), Ids()
        self._sqlite = SqliteTable.open(":memory:", self.clock)
        self.table = MeteringTable(self._sqlite)
        self.last: list[Touch] = []
        bare = Services(self.table, Mailbox(), self.clock, self.ids, Writers(), "embedded", URL)
        self._services = dataclasses.replace(bare, mailer=CarefulMailer(bare))
        self._compose = composer(URL, await home_signer(bare))
        new = NewPerson("minh.tran@example.org", "Minh Trần", ZONE, "en")
        self.owner = await ensure_person(self.services, "embedded", "minh", new)
        self.token = (await create_token(self.services, self.owner, "Phone", SCOPES, None))[2]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._sqlite.close()

    @property
    def services(self) -> Services:
        """As a process has them that was just started: no head is known yet."""
        return dataclasses.replace(self._services, writers=Writers())

    def at(self, text: str) -> None:
        self.clock.time = float(parse_instant(text))

    async def ask(self, method: str, url: str, body: object = None, **headers: str) -> Reply:
        """The answer of the API, which must not be a refusal; ``last`` is then what it touched."""
        parts = urlsplit(url)
        raw = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        sent = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        wired, parameters = self._find(method, parts.path)
        self.table.take()
        query = parse_qsl(parts.query, keep_blank_values=True)
        reply = await answer(wired, RawRequest(parameters, query, sent, raw, "request"))
        self.last = self.table.take()
        if reply.status >= 400:
            raise ValueError(f"{method} {url}: {reply.status} {reply.body!r}")
        return reply

    def _find(self, method: str, path: str) -> tuple[Wired, dict[str, str]]:
        for wired in wire(self.services, Issuer()):
            found = compile_path(wired.endpoint.path)[0].fullmatch(path)
            if found and wired.endpoint.method == method:
                return wired, found.groupdict()
        raise ValueError(f"there is no {method} {path}")

    async def get(self, url: str) -> Json:
        return _json(await self.ask("GET", url))

    async def make(self, url: str, body: Mapping[str, object], **headers: str) -> Json:
        return _json(await self.ask("POST", url, body, **headers))

    async def patch(self, url: str, **fields: object) -> Reply:
        return await self.ask("PATCH", url, fields)

    async def sweep(self, limit: int = 256) -> list[Item]:
        self.table.take()
        found = await find_due(self.services, limit)
        self.last = self.table.take()
        return found

    async def attend(self, target: str) -> None:
        """Do what is due now and leads to ``target``: an event's id, or how it ends."""
        (item,) = [each for each in await self.sweep(10_000) if each.key.sort.endswith(target)]
        await attend(self.services, item, self._compose)
        self.last = self.table.take()

    async def hand_over(self, target: str) -> None:
        """To a queue, as a home does in which no process waits."""
        (item,) = [each for each in await self.sweep(10_000) if each.key.sort.endswith(target)]
        await hand_over(self.services, _Queue(), [item], Places(self.services.now, 0))
        self.last = self.table.take()

    async def sweep_for_queue(self) -> None:
        """As the function does that is called each minute: whether the home is being moved, then what is due."""
        self.table.take()
        if await Gate(self.table).may_send():
            await sweep(self.services, _Queue())
        self.last = self.table.take()

    async def everything(self) -> list[Item]:
        """All items that there are."""
        found = await self._sqlite.query(*map(Range, sorted(self.table.parts)))
        return [item for items in found for item in items]

    async def finish_jobs(self) -> None:
        """Run every job that is due to its end; nobody is reminded of anything."""
        while jobs := [each for each in await self.sweep(10_000) if "#j:" in each.key.sort]:
            for item in jobs:
                await attend(self.services, item, self._compose)


def _json(reply: Reply) -> Json:
    read: Json = msgspec.json.decode(reply.body)
    return read
