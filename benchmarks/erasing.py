"""How long writers wait while the traces of what was deleted are erased: the file written anew, and ``VACUUM``."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import Key, Put
from aurora_time.run.world import SystemClock
from benchmarks.measure import Figure

_WRITES = 4_000
"""Of 50 items of 700 bytes each: a file of 170 MB."""
_WRITERS = 4
_PAUSE = 0.005


def run() -> list[Figure]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "aurora.sqlite"
        asyncio.run(_fill(path))
        megabytes = path.stat().st_size / 1e6
        longest, took = asyncio.run(_anew(path))
        vacuum = _vacuum(path)
    about = f"traces erased from {megabytes:.0f} MB"
    waits = f"longest wait of {_WRITERS} writers meanwhile"
    return [
        Figure("erasing", f"{about}, {waits}", longest * 1e3, "ms", peer="VACUUM", peer_value=vacuum * 1e3),
        Figure("erasing", f"{about}, until it is done", took, "s"),
    ]


async def _fill(path: Path) -> None:
    table, chance = SqliteTable.open(path, SystemClock()), random.Random(1)

    def puts() -> Iterator[Put]:
        for _ in range(50):
            key = Key(f"object#{chance.randrange(1000)}", f"{chance.randrange(10**12)}")
            yield Put(key, os.urandom(700), "v")

    for _ in range(_WRITES // 8):
        await asyncio.gather(*(table.write(*puts()) for _ in range(8)))
    await table.close()


async def _anew(path: Path) -> tuple[float, float]:
    """The longest wait of a writer, and until all was done; in seconds."""
    table, waits, done = SqliteTable.open(path, SystemClock()), [0.0], asyncio.Event()

    async def write(writer: int) -> None:
        number = 0
        while not done.is_set():
            began = time.perf_counter()
            await table.write(*(Put(Key(f"w{writer}", f"{number}-{each}"), b"x" * 500, "v") for each in range(6)))
            waits.append(time.perf_counter() - began)
            number += 1
            await asyncio.sleep(_PAUSE)

    writers = [asyncio.create_task(write(writer)) for writer in range(_WRITERS)]
    began = time.perf_counter()
    assert await table.scrub()
    took = time.perf_counter() - began
    done.set()
    await asyncio.gather(*writers)
    await table.close()
    return max(waits), took


def _vacuum(path: Path) -> float:
    """For so long a writer waits for ``VACUUM``; in seconds."""
    with closing(sqlite3.connect(path)) as connection:
        began = time.perf_counter()
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return time.perf_counter() - began
