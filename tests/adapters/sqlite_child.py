"""A process that writes and says each acknowledged number, to be killed or watched by test_sqlite_crash.py.

``sqlite_child.py MODE DATABASE``: ``one`` writes 20 times, one after the other; ``many`` writes from eight tasks until
it is killed, ``anew`` too, while the file is written anew again and again; ``full`` writes until the system refuses
more, and once more when there is room again.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from pathlib import Path

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import ABSENT, Key, Put, UnavailableError


class Clock:
    def now(self) -> float:
        return time.time()


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


async def put(table: SqliteTable, number: str, size: int = 500) -> None:
    """Three items that belong together, then the word that they are there."""
    await table.write(*[Put(Key(part, number), b"x" * size, "v", ABSENT) for part in ("one", "two", "three")])
    say(f"ack {number}")


async def one(table: SqliteTable) -> None:
    for number in range(20):
        await put(table, f"{number:06d}")


async def many(table: SqliteTable) -> None:
    async def forever(writer: int) -> None:
        number = 0
        while True:
            await put(table, f"{os.getpid()}-{writer}-{number:06d}", 500 if number % 10 else 40_000)
            number += 1

    await asyncio.gather(*[forever(writer) for writer in range(8)])


async def anew(table: SqliteTable) -> None:
    async def rewrite() -> None:
        while True:
            table._scrubbed = None
            say("anew" if await table.scrub() else "in the way")

    await asyncio.gather(many(table), rewrite())


async def full(table: SqliteTable) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    for number in range(10_000):
        try:
            await put(table, f"{number:06d}", 20_000)
        except UnavailableError as error:
            say(f"refused {number:06d} {error}")
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await put(table, "again")


async def main(mode: str, path: str) -> None:
    table = SqliteTable.open(Path(path), Clock())
    await {"one": one, "many": many, "anew": anew, "full": full}[mode](table)
    await table.close()


asyncio.run(main(*sys.argv[1:]))
