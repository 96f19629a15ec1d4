"""What every operation is given, and the one way in which an owner's things are written."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from aurora_time.operations.meter import Meter
from aurora_time.ports import Accounts, Change, Clock, ConflictError, Ids, Mailer, Table, UnavailableError
from aurora_time.store import keys
from aurora_time.store.calendars import Head, Held
from aurora_time.store.codec import decode

_HEADS_KEPT: Final = 10_000
_TRIES: Final = 20

Build = Callable[[Held], tuple[list[Change], Held]]
Decide = Callable[[Held], Awaitable[tuple[list[Change], Held]]]


class Writers:
    """Writers of one owner queue here, so that they build on each other's head instead of colliding.

    A write is handed to the table under the owner's lock and awaited outside of it: the table does what it is handed
    in order, so several writes of one owner can share a commit.
    """

    def __init__(self) -> None:
        self._locks: OrderedDict[str, asyncio.Lock] = OrderedDict()
        self._heads: OrderedDict[str, Held] = OrderedDict()
        self._writing: dict[str, asyncio.Future[None]] = {}
        self._watched: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def watch(self, owner: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something of the owner's was written here, or they were signed out somewhere;
        whoever waits for it clears it.
        """
        written = asyncio.Event()
        self._watched.setdefault(owner, set()).add(written)
        try:
            yield written
        finally:
            self._watched[owner].discard(written)
            if not self._watched[owner]:
                del self._watched[owner]

    def tell(self, owner: str) -> None:
        """Let whoever watches look: something of the owner's is new."""
        for written in self._watched.get(owner, ()):
            written.set()

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
                self._keep(owner, held)
                writing = self._writing[owner] = asyncio.ensure_future(table.write(*changes))
            try:
                await asyncio.shield(writing)
            except ConflictError as conflict:
                if conflict.key.part not in (head_key.part, keys.log(owner, 0).part):
                    raise
            else:
                self.tell(owner)
                return
            finally:
                if self._writing.get(owner) is writing:
                    del self._writing[owner]
                if not writing.done() or writing.cancelled() or writing.exception() is not None:
                    self._heads.pop(owner, None)  # it is not known what the head is now: read it again
        raise UnavailableError("too many writers at once", 1)

    async def commit_decided(self, table: Table, owner: str, decide: Decide) -> None:
        """Write what depends on all that the owner has, and hold the owner's other writers until it is written.

        ``decide`` sees everything up to the head that it is given. The write holds only upon that very head: where
        another process was faster, it is decided anew. Raises ConflictError, save for the head's own.
        """
        own = (keys.head(owner).part, keys.log(owner, 0).part)
        for _ in range(_TRIES):
            async with self._lock(owner):
                if owner in self._writing:
                    await asyncio.wait([self._writing[owner]])
                self._heads.pop(owner, None)
                changes, held = await decide(await self._head(table, owner))
                try:
                    await asyncio.shield(table.write(*changes))
                except ConflictError as conflict:
                    if conflict.key.part not in own:
                        raise
                else:
                    self._keep(owner, held)
                    self.tell(owner)
                    return
        raise UnavailableError("too many writers at once", 1)

    @asynccontextmanager
    async def alone(self, owner: str) -> AsyncIterator[None]:
        """Hold back the owner's other writers of this process; whoever does so writes with Writers of his own."""
        async with self._lock(owner):
            if owner in self._writing:
                await asyncio.wait([self._writing[owner]])
            try:
                yield
            finally:
                self._heads.pop(owner, None)  # another has written it
                self.tell(owner)

    def _keep(self, owner: str, held: Held) -> None:
        self._heads[owner] = held
        if len(self._heads) > _HEADS_KEPT:
            self._heads.popitem(last=False)


async def nothing_to_scrub() -> bool:
    """Where what is deleted is gone."""
    return True


class NoAccounts:
    """Where all that is kept of who signs in is in the table, or not ours to change."""

    async def forget(self, _subject: str) -> None:
        return

    async def describe(self, _subject: str, _locale: str, _time_zone: str) -> None:
        return

    async def address(self, _subject: str) -> str:
        return ""

    async def sign_out(self, _subject: str) -> None:
        return


@dataclass(frozen=True, slots=True)
class Services:
    """The world as operations see it.

    ``issuer`` is the name under which the one configured issuer's subjects are known. ``nudge(instant)`` hints that
    something is due soon; the table is the truth. ``scrub`` lets no trace be left of what was deleted; False if it
    should be asked again later. ``meter`` counts what is done. ``canary_every``: seconds from one canary to the next.
    ``accounts`` are those of the issuer.
    """

    table: Table
    mailer: Mailer
    clock: Clock
    ids: Ids
    writers: Writers
    issuer: str
    public_url: str
    nudge: Callable[[int], None] = lambda _: None
    scrub: Callable[[], Awaitable[bool]] = nothing_to_scrub
    meter: Meter = field(default_factory=Meter)
    canary_every: int = 60
    accounts: Accounts = field(default_factory=NoAccounts)

    @property
    def now(self) -> int:
        """The current instant, in whole seconds."""
        return int(self.clock.now())
