"""What is due, over all people, and what a sender has in hand of it.

What is overdue is found like what is due, so a missed sweep heals itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from aurora_time.operations.services import Services
from aurora_time.operations.targets import target_of
from aurora_time.ports import Item, Key, Range
from aurora_time.store import keys, reminders
from aurora_time.store.codec import UNREADABLE, decode
from aurora_time.store.reminders import OBJECT, SHARDS, Armed, Due, State

LEASE: Final = 120
"""Seconds a sender has before another may take over."""
_PAGE: Final = 256
_LONG: Final = 1_000
"""Due items of each shard that who walks over them reads at once."""


class Behind(NamedTuple):
    """What stands behind a due item: whose, under which id it is armed, and the armed item with its version."""

    due: Key
    owner: str
    armed_id: str
    armed: Armed
    version: str


async def list_due(services: Services, limit: int, low: str = "", ahead: int = 0) -> list[Item]:
    """Due items up to ``ahead`` seconds from now, overdue ones included, the oldest first, from the sort ``low`` on."""
    high = keys.sortable(services.now + ahead + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, high, limit) for shard in range(SHARDS)))
    return sorted((item for items in found for item in items), key=lambda item: item.key.sort)[:limit]


async def in_order(services: Services, page: int, ahead: int) -> AsyncGenerator[list[Item], None]:
    """All of them, as ``list_due`` has them, a page at a time. However many shards there are, each item is read once:
    what a shard gave is kept until no other can have anything before it.
    """
    high = keys.sortable(services.now + ahead + 1)
    lows = {f"due#{shard:04d}": "" for shard in range(SHARDS)}
    kept, known = dict[str, list[Item]](), list[Item]()
    while lows:
        asked = [part for part in lows if len(kept.get(part, ())) <= page // 2]
        found = await services.table.query(*(Range(part, lows[part], high, page) for part in asked))
        for part, items in zip(asked, found, strict=True):
            kept[part] = [*kept.get(part, ()), *items]
            if len(items) < page:
                del lows[part]
            else:
                lows[part] = after(items[-1])
        until = min((kept[part][-1].key.sort for part in lows), default=high)
        known += sorted(_taken(kept, until), key=lambda item: item.key.sort)
        while len(known) >= page or (known and not lows):
            yield known[:page]
            del known[:page]


def _taken(kept: dict[str, list[Item]], until: str) -> list[Item]:
    """What was kept up to the sort ``until``, and is no more."""
    taken: list[Item] = []
    for part, items in kept.items():
        number = bisect_right(items, until, key=lambda item: item.key.sort)
        taken += items[:number]
        kept[part] = items[number:]
    return taken


def after(item: Item) -> str:
    """The first sort that may come after an item's."""
    return item.key.sort + "\x00"


async def walk_due(services: Services, low: str, ahead: int) -> AsyncGenerator[list[Item], None]:
    """All of them from the sort ``low`` on, for who seeks a few among many: the shards go on side by side."""
    high, lows = keys.sortable(services.now + ahead + 1), {f"due#{shard:04d}": low for shard in range(SHARDS)}
    while lows:
        found = await services.table.query(*(Range(part, each, high, _LONG) for part, each in lows.items()))
        yield [item for items in found for item in items]
        full = (items for items in found if len(items) == _LONG)
        lows = {items[-1].key.part: after(items[-1]) for items in full}


async def find_due(services: Services, limit: int, low: str = "") -> list[Item]:
    """The first due items that no sender has in hand, from the sort ``low`` on: who sweeps many goes on from there."""
    free: list[Item] = []
    while True:
        found = await list_due(services, limit, low)
        in_hand = {each.due for each in await _in_hand(services, found)}
        free += (item for item in found if item.key not in in_hand)
        if len(free) >= limit or len(found) < limit:
            return free[:limit]
        low = after(found[-1])


async def _in_hand(services: Services, items: Sequence[Item]) -> list[Behind]:
    """Those of the due items that a sender has: they stay where they were found until it is done."""
    return [each for each in await look_behind(services, items) if each.armed.in_hand(services.now)]


async def look_behind(services: Services, items: Sequence[Item]) -> list[Behind]:
    """What stands behind those of the due items that lead to an object.

    One that cannot be read is nobody's, and holds up no other: who attends to it meets the error.
    """
    leads: list[tuple[Key, str, str]] = []
    for item in items:
        with suppress(*UNREADABLE):
            due = decode(item.body, Due)
            if target_of(due) is None:
                leads.append((item.key, due.owner, due.target.removeprefix(OBJECT)))
    found = await services.table.get(*(keys.armed(owner, armed_id) for _, owner, armed_id in leads)) if leads else []
    behind: list[Behind] = []
    for lead, held in zip(leads, found, strict=True):
        with suppress(*UNREADABLE):
            if held is not None:
                behind.append(Behind(*lead, decode(held.body, Armed), held.version))
    return [each for each in behind if each.armed.due_key == each.due]


async def next_due(services: Services, after: int | None = None) -> int | None:
    """The instant of the earliest due item, of those later than ``after`` if that is given."""
    low = "" if after is None else keys.sortable(after + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, limit=1) for shard in range(SHARDS)))
    return min((keys.unsortable(items[0].key.sort[:12]) for items in found if items), default=None)


async def release_leases(services: Services) -> int:
    """Make due at once what a sender had when the process died; only for a home of one process, at its start."""
    low, high = keys.sortable(services.now), keys.sortable(services.now + LEASE + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, high) for shard in range(SHARDS)))
    released = await _release_objects(services)
    for due in (decode(item.body, Due) for items in found for item in items):
        other = target_of(due)
        if other is not None:
            released += await other.release(services, due)
    return released


async def _release_objects(services: Services) -> int:
    """Senders take the oldest first, so what they had stands in front; were one missed, its lease runs out."""
    released, low = 0, ""
    while True:
        page = await list_due(services, _PAGE, low)
        held = await _in_hand(services, page)
        for _, owner, armed_id, armed, version in held:
            state = State(armed.after, services.now, armed.attempts)
            await services.table.write(*reminders.arm(owner, armed_id, state, (armed, version), services.ids.new()))
        released += len(held)
        if not held or len(page) < _PAGE:
            return released
        low = after(page[-1])
