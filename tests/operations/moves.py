"""Two homes in memory and a move between them that can be killed at any step."""

from __future__ import annotations

import asyncio
import inspect
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations import moving
from aurora_time.operations.moving import Move, Moved, MovingError, Place, refuse_if_moved
from aurora_time.ports import Item, Key, Put
from aurora_time.store import keys
from aurora_time.store.moves import Amount, Mark
from tests.operations.world import CountedIds, MortalTable, Process, SetClock

Content = dict[Key, Item]


class Movable(MortalTable):
    """Counts what is put into it, too."""

    puts = 0

    async def scan(self, after: Key | None, limit: int) -> tuple[list[Item], Key | None]:
        self.process.step("scan")
        return await self.table.scan(after, limit)

    async def fill(self, items: list[Item]) -> None:
        self.process.step("before fill")
        await self.table.fill(items)
        self.puts += len(items)
        self.process.step("after fill")


@dataclass
class Homes:
    """``waits`` are the seconds that the mover waited for servers, ``told`` what it said of how far it is."""

    source: Movable
    target: Movable
    process: Process
    clock: SetClock
    ids: CountedIds = field(default_factory=CountedIds)
    waits: list[float] = field(default_factory=list)
    told: list[tuple[str, Amount, Amount | None]] = field(default_factory=list)

    def place(self, name: str, *, is_alone: bool = True) -> Place:
        return Place(name, getattr(self, name), is_alone)

    def move(self, *, accounts: bool = True, is_alone: bool = True) -> Move:
        async def pause(seconds: float) -> None:
            self.waits.append(seconds)

        def told(*what: object) -> None:
            self.told.append(what)  # type: ignore[arg-type]

        source, target = self.place("source", is_alone=is_alone), self.place("target")
        return Move(source, target, self.clock, self.ids, told, pause, accounts)

    async def run(self, *, accounts: bool = True) -> Moved:
        return await moving.run(self.move(accounts=accounts))

    async def give_up(self) -> Mark:
        @asynccontextmanager
        async def target() -> AsyncIterator[Place]:
            yield self.place("target")

        return await moving.give_up(self.place("source"), target, self.ids)


@asynccontextmanager
async def homes() -> AsyncIterator[Homes]:
    clock, process = SetClock("2026-11-20T09:00:00Z"), Process()
    tables = [SqliteTable.open(":memory:", clock) for _ in range(2)]
    try:
        yield Homes(Movable(tables[0], process), Movable(tables[1], process), process, clock)
    finally:
        await asyncio.gather(*(table.close() for table in tables))


async def content(table: Movable) -> Content:
    """All that is there, without the mark."""
    items, after = await table.table.scan(None, 1_000)
    while after is not None:
        more, after = await table.table.scan(after, 1_000)
        items += more
    return {item.key: item for item in items if item.key != keys.moving()}


async def is_live(table: Movable) -> bool:
    try:
        await refuse_if_moved(table.table)
    except MovingError:
        return False
    return True


def some_of_every_kind(chance: random.Random, times: int) -> list[Put]:
    """Items under every key of the page; bodies and versions are anything."""
    made: dict[Key, Put] = {}
    for _ in range(times):
        for name, function in inspect.getmembers(keys, inspect.isfunction):
            if name in ("sortable", "unsortable", "digest", "moving"):
                continue
            named = inspect.signature(function).parameters.values()
            key = function(*(chance.randrange(9) if each.annotation == "int" else word(chance) for each in named))
            if key.sort:
                expires = chance.choice([None, None, 1_900_000_000 + chance.randrange(10**7)])
                size = chance.choice([0, 1, 40, 400, 4_000])
                made[key] = Put(key, chance.randbytes(size), word(chance), None, expires)
    return list(made.values())


def word(chance: random.Random) -> str:
    return "".join(chance.choice("abcÄ\u1ec7\U0001f600-_ 09") for _ in range(chance.randrange(1, 9)))


async def put_all(table: Movable, puts: list[Put]) -> None:
    for number in range(0, len(puts), 50):
        await table.table.write(*puts[number : number + 50])
