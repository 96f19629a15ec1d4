"""All items of one home into another: page by page, going on where it stopped, and compared when it is done.

Items keep body, version and expiry, so ETags and sync tokens stay good. Doing a page twice changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace

from aurora_time.ports import Copied, Item, Key, Table
from aurora_time.store.moves import Amount, Mark

PAGE: Final = 1_000
"""Items read at once, if the engine gives so many: this page and the one that is being written are in memory."""


class Movable(Table, Copied, Protocol):
    """A table that can also be read whole."""


Told = Callable[[str, Amount, Amount | None], None]
"""Hears which step is how far, of how much if that is known."""


async def pages(table: Copied, mark: Mark, after: Key | None = None) -> AsyncIterator[tuple[list[Item], Key | None]]:
    """What crosses, a page at a time, with where the next one begins; the next is read while one is worked on."""
    reading = asyncio.ensure_future(table.scan(after, PAGE))
    try:
        while True:
            items, after = await reading
            if after is not None:
                reading = asyncio.ensure_future(table.scan(after, PAGE))
            yield [item for item in items if mark.crosses(item)], after
            if after is None:
                return
    finally:
        reading.cancel()


async def measure(table: Copied, mark: Mark, told: Told) -> Amount:
    """How much crosses."""
    total = Amount()
    async for items, _ in pages(table, mark):
        total = total.plus(items)
        told("Counting", total, None)
    return total


async def fill(source: Copied, target: Copied, mark: Mark, keep: Callable[[Mark], Awaitable[None]], told: Told) -> Mark:
    """Copy what the target's mark says is still to be copied, and keep the mark with how far it is after each page."""
    copy = mark.copy
    assert copy is not None, "the target's mark"
    told("Copying", copy.done, copy.total)
    async for items, after in pages(source, mark, copy.after):
        await target.fill(items)
        copy = replace(copy, done=copy.done.plus(items), after=after, is_whole=after is None)
        mark = replace(mark, copy=copy)
        # After the page, never with it: a mark that is ahead of the items would lose them.
        await keep(mark)
        told("Copying", copy.done, copy.total)
    return mark


# --- whether both are equal -------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Sum:
    """The items of one kind: how many, and a sum over keys, bodies, versions and expiries that no order changes."""

    items: int = 0
    checksum: int = 0

    def add(self, item: Item) -> None:
        packed = msgspec.msgpack.encode((*item.key, item.body, item.version, item.expires))
        self.items += 1
        self.checksum = (self.checksum + int.from_bytes(hashlib.sha256(packed).digest()[:16])) % 2**128


async def sums(table: Copied, mark: Mark, lasting: int, heard: Callable[[list[Item]], None]) -> dict[str, Sum]:
    """The sum of each kind, of what does not expire until ``lasting``."""
    found: dict[str, Sum] = {}
    async for items, _ in pages(table, mark):
        for item in (item for item in items if item.expires is None or item.expires > lasting):
            found.setdefault(item.key.part.partition("#")[0], Sum()).add(item)
        heard(items)
    return found


async def compare(
    source: Copied, target: Copied, mark: Mark, lasting: int, told: Told
) -> tuple[dict[str, Sum], list[str]]:
    """The sums of the source, and a phrase about each kind in which the target is another.

    What expires until ``lasting`` is not compared.
    """
    assert mark.copy is not None, "the target's mark"
    seen, twice = Amount(), Amount(2 * mark.copy.total.items, 2 * mark.copy.total.bytes)

    def heard(items: list[Item]) -> None:
        nonlocal seen
        seen = seen.plus(items)
        told("Comparing", seen, twice)

    here, there = await asyncio.gather(sums(source, mark, lasting, heard), sums(target, mark, lasting, heard))
    kinds = sorted(here.keys() | there.keys())
    return here, [
        phrase for kind in kinds if (phrase := _difference(kind, here.get(kind, Sum()), there.get(kind, Sum())))
    ]


def _difference(kind: str, here: Sum, there: Sum) -> str:
    if here.items != there.items:
        return f"{kind}: {here.items:,} in the source, {there.items:,} in the target"
    return "" if here == there else f"{kind}: {here.items:,} in each, but not the same"
