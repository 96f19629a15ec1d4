"""What every operation is given, and the one way in which an owner's things are written."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aurora_time.ports import Change, Clock, ConflictError, Ids, Mailer, Table, UnavailableError
from aurora_time.store import keys
from aurora_time.store.calendars import Head, Held
from aurora_time.store.codec import decode

_HEADS_KEPT: Final = 10_000
_TRIES: Final = 20

Build = Callable[[Held], tuple[list[Change], Held]]


class Writers:
    """Writers of one owner queue here, so that they build on each other's head instead of colliding.

    A write is handed to the table under the owner's lock and awaited outside of it: the table does what it is handed
    in order, so several writes of one owner can share a commit.
    """

    def __init__(self) -> None:
        self._locks: OrderedDict[str, asyncio.Lock] = OrderedDict()
        self._heads: OrderedDict[str, Held] = OrderedDict()

    def _lock(self, owner: str) -> asyncio.Lock:
        lock = self._locks.get(owner)
        if lock is None:
            lock = self._locks[owner] = asyncio.Lock()
            if len(self._locks) > _HEADS_KEPT:
                oldest, held = next(iter(self._locks.items()))
                if not held.locked():
                    del self._locks[oldest]
        return lock

    async def _head(self, table: Table, owner: str) -> Held:
        known = self._heads.get(owner)
        if known is not None:
            self._heads.move_to_end(owner)
            return known
        (item,) = await table.get(keys.head(owner))
        return Held() if item is None else Held(decode(item.body, Head), item.version)

    async def commit(self, table: Table, owner: str, build: Build) -> None:
        """Write what ``build`` makes of the owner's head. Raises ConflictError, save for the head's own."""
        head_key = keys.head(owner)
        for _ in range(_TRIES):
            async with self._lock(owner):
                changes, held = build(await self._head(table, owner))
                self._heads[owner] = held
                if len(self._heads) > _HEADS_KEPT:
                    self._heads.popitem(last=False)
                writing = asyncio.ensure_future(table.write(*changes))
            try:
                await asyncio.shield(writing)
            except ConflictError as conflict:
                if conflict.key.part not in (head_key.part, keys.log(owner, 0).part):
                    raise
            else:
                return
            finally:
                if not writing.done() or writing.cancelled() or writing.exception() is not None:
                    self._heads.pop(owner, None)  # it is not known what the head is now: read it again
        raise UnavailableError("too many writers at once", 1)


@dataclass(frozen=True, slots=True)
class Services:
    """The world as operations see it.

    ``issuer`` is the name under which the one configured issuer's subjects are known. ``nudge(instant)`` hints that
    something is due soon; the table is the truth.
    """

    table: Table
    mailer: Mailer
    clock: Clock
    ids: Ids
    writers: Writers
    issuer: str
    public_url: str
    nudge: Callable[[int], None] = lambda _: None

    @property
    def now(self) -> int:
        """The current instant, in whole seconds."""
        return int(self.clock.now())
