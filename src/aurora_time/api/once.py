"""Idempotency-Key: what was asked is done exactly once, and its answer is kept for a day.

The handler runs on a table that holds its write back; then the write is made together with the answer, all or nothing.
So there is no moment at which one is there without the other, and a retry after any crash finds both or neither. A
write that meets a conflict is done anew, and there the handler meets that conflict as it would without a key. Refusals
change nothing, so they are not kept: a retry is looked at afresh.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import msgspec

from aurora_time.http.endpoint import Reply
from aurora_time.http.idempotency import Asked, Run
from aurora_time.http.problem import ANSWER_NOT_KEPT, KEY_IN_USE, KEY_REUSED, Problem
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import ABSENT, MAX_BODY, Change, ConflictError, Item, Key, Put, Range, Table, UnavailableError
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

KEPT: Final = 86_400
"""Seconds for which an answer is kept."""
_TRIES: Final = 20
_REUSED: Final = (
    "This Idempotency-Key was sent with another request, or with another body, in the last 24 hours. "
    "Send exactly what was sent then, or take a fresh key for something new."
)
_IN_USE: Final = "A request with this Idempotency-Key is being answered just now. Ask again in a moment."
_NOT_KEPT: Final = "This was done, and is not done again, but its answer {why}. {what}"
_SECRET: Final = "held a secret that is shown only once"  # noqa: S105  a sentence about one
_LARGE: Final = "was too large to keep"


class Answered(msgspec.Struct, frozen=True):
    """What was answered to a request with this mark; ``body`` None if it is not kept."""

    mark: str
    status: int
    headers: dict[str, str]
    media_type: str
    body: bytes | None


class HeldBack:
    """The table as a handler sees it whose write is made later; ``met`` is a conflict that its write has met before."""

    __slots__ = ("_met", "_table", "changes")

    def __init__(self, table: Table, met: ConflictError | None) -> None:
        self._table = table
        self._met = met
        self.changes: tuple[Change, ...] = ()

    async def get(self, *wanted: Key) -> list[Item | None]:
        return await self._table.get(*wanted)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        return await self._table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        met, self._met = self._met, None
        if met is not None:
            raise met
        if self.changes:
            raise TypeError("what is done for an Idempotency-Key is one write")
        self.changes = changes


class OnceOnly:
    """For all endpoints of a process: see the module's text."""

    def __init__(self) -> None:
        self._under_way: set[Key] = set()

    async def __call__(self, services: Services, asked: Asked, run: Run) -> Reply:
        """Raises Problem 409 while the key is in use, 422 where it belongs to another request."""
        key = keys.idempotency(asked.owner, asked.key)
        if key in self._under_way:
            raise Problem(KEY_IN_USE, _IN_USE, headers={"retry-after": "1"})
        self._under_way.add(key)
        try:
            async with services.writers.alone(asked.owner):
                return await _once(services, key, asked, run)
        finally:
            self._under_way.discard(key)


async def _once(services: Services, key: Key, asked: Asked, run: Run) -> Reply:
    met: ConflictError | None = None
    for _ in range(_TRIES):
        (item,) = await services.table.get(key)
        if item is not None:
            return _again(decode(item.body, Answered), asked)
        held, nudges = HeldBack(services.table, met), list[int]()
        reply = await run(dataclasses.replace(services, table=held, writers=Writers(), nudge=nudges.append))
        if not held.changes:
            return reply
        try:
            await services.table.write(*held.changes, _kept(services, key, asked, reply))
        except ConflictError as conflict:
            met = conflict if conflict.key != key else None
            continue
        for instant in nudges:
            services.nudge(instant)
        return reply
    raise UnavailableError("too many writers at once", 1)


def _kept(services: Services, key: Key, asked: Asked, reply: Reply) -> Put:
    body = reply.body if asked.keeps_answer else None
    answered = Answered(asked.mark, reply.status, reply.headers, reply.media_type, body)
    encoded = encode(answered)
    if len(encoded) > MAX_BODY:
        encoded = encode(msgspec.structs.replace(answered, body=None))
    return Put(key, encoded, services.ids.new(), ABSENT, services.now + KEPT)


def _again(answered: Answered, asked: Asked) -> Reply:
    if answered.mark != asked.mark:
        raise Problem(KEY_REUSED, _REUSED)
    if answered.body is None:
        location = answered.headers.get("location")
        what = f"It made {location}." if location else "Read what is there now."
        detail = _NOT_KEPT.format(why=_LARGE if asked.keeps_answer else _SECRET, what=what)
        raise Problem(ANSWER_NOT_KEPT, detail, headers={"location": location} if location else None)
    headers = {**answered.headers, "idempotency-replayed": "true"}
    return Reply(answered.status, answered.body, headers, answered.media_type)
