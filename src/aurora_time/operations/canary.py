"""A reminder of every minute that goes through the due index and the loop, but to nobody: it shows that both work.

Its state is written with each attendance, so a canary that is young says that the loop runs, and that the table could
be read and written a moment ago. Where each write is paid for it is rarer: ``Services.canary_every``.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import msgspec

from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, ConflictError, Delete, Item, Key, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import SHARDS, Due, due_key

CANARY: Final = "c:"
"""The target of its due item, of which there is one."""
_OWNER: Final = "home"


class Canary(msgspec.Struct, frozen=True, array_like=True):
    """When it was last attended to, and how late that was (seconds); its due item."""

    seen: float
    lateness: float
    part: str
    sort: str

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)


def stale(services: Services) -> int:
    """Seconds after which a canary that nobody attended to says that something stands still."""
    return 3 * services.canary_every


async def start(services: Services) -> None:
    """Let the canary be due at its next turn, wherever an earlier process left it."""
    (item,) = await services.table.get(keys.canary())
    with suppress(ConflictError):  # another server of the same data has just done so
        await services.table.write(*_moved(services, item, 0.0))


async def attend(services: Services, _due: Due, item: Item) -> bool:
    """Note how late it is, and let it be due again. False for a due item that is not the canary's."""
    (held,) = await services.table.get(keys.canary())
    if held is None or decode(held.body, Canary).due_key != item.key:
        return False
    lateness = max(0.0, services.clock.now() - keys.unsortable(item.key.sort[:12]))
    try:
        await services.table.write(*_moved(services, held, lateness))
    except ConflictError:
        return True  # another sweep was faster
    services.meter.canary.note(lateness)
    return True


async def release(_services: Services, _due: Due) -> bool:
    """It is never leased."""
    return False


def _moved(services: Services, held: Item | None, lateness: float) -> list[Change]:
    """Due at the next turn of the clock, once and no oftener, however many were missed."""
    now, every, version = services.clock.now(), services.canary_every, services.ids.new()
    key = due_key(_OWNER, CANARY, int(now // every + 1) * every)
    state = encode(Canary(now, lateness, *key))
    changes: list[Change] = [Put(keys.canary(), state, version, held.version if held else ABSENT)]
    old = decode(held.body, Canary).due_key if held else None
    if old is not None and old != key:
        changes.append(Delete(old))
    return [*changes, Put(key, encode(Due(_OWNER, CANARY)), version)]


async def age(services: Services) -> float | None:
    """Seconds since the canary was attended to; None where it was never started."""
    (item,) = await services.table.get(keys.canary())
    return None if item is None else max(0.0, services.clock.now() - decode(item.body, Canary).seen)


async def oldest_overdue(services: Services) -> int:
    """Seconds for which what waits longest has been due; 0 if nothing waits. The canary waits for nobody."""
    high = keys.sortable(services.now)
    found = await services.table.query(*(Range(f"due#{shard:04d}", "", high, 2) for shard in range(SHARDS)))
    return overdue([item for items in found for item in items], services.now)


def overdue(items: Iterable[Item], now: int, *, with_canary: bool = False) -> int:
    """The same of due items that were found. ``with_canary``: to be told also while nothing else waits."""
    sorts = (item.key.sort for item in items if with_canary or not item.key.sort.endswith(f"#{CANARY}"))
    first = min(sorts, default=None)
    return 0 if first is None else max(0, now - keys.unsortable(first[:12]))
