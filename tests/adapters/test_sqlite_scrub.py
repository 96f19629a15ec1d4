"""What was deleted leaves no byte behind in the file, once that was asked for."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from aurora_time.adapters.sqlite import SCRUB_EVERY, SqliteTable
from aurora_time.ports import Delete, Key, Put, Range


class Clock:
    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def now(self) -> float:
        return self.time


def with_table(path: Path, story: Callable[[SqliteTable, Clock], Awaitable[None]]) -> None:
    async def opened() -> None:
        clock = Clock()
        table = SqliteTable.open(path, clock)
        try:
            await story(table, clock)
        finally:
            await table.close()

    asyncio.run(opened())


def traces(path: Path) -> int:
    """How often it stands in the file and in its WAL."""
    beside = path.with_name(f"{path.name}-wal")
    return sum(each.read_bytes().count(b"VICTIM") for each in (path, beside) if each.exists())


async def fill(table: SqliteTable) -> None:
    """Two owners' items among each other, large and small, changed and deleted, so that pages split and merge."""
    chance = random.Random(1)
    for step in range(60):
        puts = {}
        for _ in range(50):
            owner = chance.choice(("VICTIM", "other"))
            key = Key(f"{chance.choice('abcde')}#{owner}", f"{chance.randrange(10**9):09d}#{owner}")
            expires = 1_790_000_000 + step if chance.random() < 0.2 else None
            puts[key] = Put(key, owner.encode() * chance.randrange(1, 300), f"v{owner}", None, expires)
        await table.write(*puts.values())
        (some,) = await table.query(Range("a#VICTIM", limit=10))
        if some:
            await table.write(*(Delete(item.key) for item in some))


async def forget(table: SqliteTable) -> None:
    for kind in "abcde":
        while found := (await table.query(Range(f"{kind}#VICTIM", limit=100)))[0]:
            await table.write(*(Delete(item.key) for item in found))


def test_no_trace_is_left_and_nothing_else_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "table.db"

    async def story(table: SqliteTable, clock: Clock) -> None:
        await fill(table)
        clock.time += 3_600
        before = await table.query(*(Range(f"{kind}#other") for kind in "abcde"))
        await forget(table)
        assert await table.scrub()
        assert traces(path) == 0
        assert await table.query(*(Range(f"{kind}#other") for kind in "abcde")) == before

    with_table(path, story)
    assert traces(path) == 0


def test_what_is_deleted_soon_after_is_gone_with_the_next_sweep(tmp_path: Path) -> None:
    path = tmp_path / "table.db"

    async def story(table: SqliteTable, _: Clock) -> None:
        await table.write(Put(Key("job#VICTIM", "1"), b"VICTIM", "v"))
        assert await table.scrub()
        assert traces(path) > 0, "the very job that asked for it"
        await table.write(Delete(Key("job#VICTIM", "1")))
        await table.remove_expired()
        assert traces(path) == 0

    with_table(path, story)


def test_the_file_is_written_anew_once_an_hour_at_most(tmp_path: Path) -> None:
    async def story(table: SqliteTable, clock: Clock) -> None:
        assert await table.scrub()
        clock.time += SCRUB_EVERY - 1
        assert not await table.scrub()
        clock.time += 1
        assert await table.scrub()
        clock.time -= 86_400
        assert await table.scrub(), "a clock that goes back keeps nobody waiting"

    with_table(tmp_path / "table.db", story)


def test_a_reader_in_the_way_makes_it_wait(tmp_path: Path) -> None:
    path = tmp_path / "table.db"

    async def story(table: SqliteTable, clock: Clock) -> None:
        await table.write(Put(Key("a", "b"), b"VICTIM", "v"))
        assert table._writer is not None
        table._writer.connection.execute("PRAGMA busy_timeout = 0")
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM items").fetchone()
        await table.write(Delete(Key("a", "b")))
        assert not await table.scrub()
        assert traces(path) > 0
        reader.execute("COMMIT")
        reader.close()
        clock.time += SCRUB_EVERY
        assert await table.scrub()
        assert traces(path) == 0

    with_table(path, story)


def test_a_disk_in_trouble_is_no_disaster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
            if statement == "VACUUM":
                raise sqlite3.OperationalError("disk I/O error")
            return self.connection.execute(statement, *values)

        def __getattr__(self, name: str) -> object:
            return getattr(self.connection, name)

    async def story(table: SqliteTable, _: Clock) -> None:
        assert table._writer is not None
        monkeypatch.setattr(table._writer, "connection", Broken(table._writer.connection))
        assert not await table.scrub()
        await table.write(Put(Key("a", "b"), b"x", "v"))
        monkeypatch.undo()

    with_table(tmp_path / "table.db", story)


def test_a_table_in_memory_has_no_file_to_scrub() -> None:
    async def story() -> None:
        table = SqliteTable.open(":memory:", Clock())
        assert await table.scrub()
        await table.close()

    asyncio.run(story())
