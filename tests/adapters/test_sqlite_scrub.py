"""What was deleted leaves no byte behind in the file, once that was asked for."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aurora_time.adapters import sqlite_anew
from aurora_time.adapters.sqlite import SCRUB_EVERY, SqliteTable
from aurora_time.ports import Delete, Key, Put, Range, UnavailableError


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


def beside(path: Path) -> list[str]:
    """What is in its folder."""
    return sorted(each.name for each in path.parent.iterdir())


async def fill(table: SqliteTable) -> None:
    """Two owners' items among each other, large and small, changed and deleted, so that pages split and merge.

    What others have now was the victim's words before: an overwritten value is a trace, too.
    """
    chance = random.Random(1)
    for step in range(60):
        puts = {}
        for _ in range(50):
            owner = chance.choice(("VICTIM", "other"))
            key = Key(f"{chance.choice('abcde')}#{owner}", f"{chance.randrange(10**9):09d}#{owner}")
            expires = 1_790_000_000 + step if chance.random() < 0.2 else None
            puts[key] = Put(key, owner.encode() * chance.randrange(1, 300), f"v{owner}", None, expires)
        before = [replace(put, body=b"VICTIM" * chance.randrange(1, 300)) for put in puts.values()]
        await table.write(*before)
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

    async def story(table: SqliteTable, _: Clock) -> None:
        await table.write(Put(Key("a", "b"), b"VICTIM", "v"))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM items").fetchone()
        await table.write(Delete(Key("a", "b")))
        assert not await table.scrub()
        assert traces(path) > 0
        reader.execute("COMMIT")
        reader.close()
        assert await table.scrub()
        assert traces(path) == 0

    with_table(path, story)


@pytest.mark.parametrize("step", ["make_copy", "bring_over", "take_place", "copy_of"])
def test_a_disk_in_trouble_is_no_disaster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "table.db"

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error") if step != "copy_of" else OSError(28, "No space left")

    async def story(table: SqliteTable, _: Clock) -> None:
        await table.write(Put(Key("a", "a"), b"x", "v"))
        monkeypatch.setattr(sqlite_anew, step, broken)
        assert not await table.scrub()
        monkeypatch.undo()
        await table.write(Put(Key("a", "b"), b"x", "v"))
        assert [item.key.sort for item in (await table.query(Range("a")))[0]] == ["a", "b"]
        assert beside(path) == ["table.db", "table.db-shm", "table.db-wal", "table.db.lock"]

    with_table(path, story)


def test_what_is_written_while_the_file_is_written_anew_is_all_there(tmp_path: Path) -> None:
    """Many write, change, delete and read meanwhile; nothing is lost, and nothing comes back."""
    chance = random.Random(7)
    held: dict[Key, bytes] = {}

    async def change(table: SqliteTable, writer: int) -> None:
        for step in range(150):
            key = Key(f"{writer}", f"{chance.randrange(60):04d}")
            if key in held and chance.random() < 0.4:
                await table.write(Delete(key))
                del held[key]
            else:
                held[key] = f"VICTIM {writer} {step} ".encode() * chance.randrange(1, 200)
                await table.write(Put(key, held[key], "v"))
            (item,) = await table.get(key)
            assert (item.body if item else None) == held.get(key)

    async def story(table: SqliteTable, clock: Clock) -> None:
        async def anew() -> None:
            for _ in range(8):
                clock.time += SCRUB_EVERY
                assert await table.scrub()

        await asyncio.gather(anew(), *(change(table, writer) for writer in range(6)))
        for writer in range(6):
            (items,) = await table.query(Range(f"{writer}"))
            assert {item.key: item.body for item in items} == {k: v for k, v in held.items() if k.part == f"{writer}"}

    with_table(tmp_path / "table.db", story)


def test_writers_wait_for_no_copying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(table: SqliteTable, _: Clock) -> None:
        copying, written = threading.Event(), threading.Event()
        make_copy = sqlite_anew.make_copy

        def slow(path: Path) -> None:
            copying.set()
            assert written.wait(10)
            make_copy(path)

        monkeypatch.setattr(sqlite_anew, "make_copy", slow)
        scrub = asyncio.create_task(table.scrub())
        await asyncio.to_thread(copying.wait, 10)
        await table.write(Put(Key("a", "b"), b"x", "v"))
        written.set()
        assert await scrub
        assert (await table.get(Key("a", "b")))[0] is not None

    with_table(tmp_path / "table.db", story)


def test_a_table_that_is_closed_meanwhile_closes_and_keeps_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.db"

    async def story(table: SqliteTable, _: Clock) -> None:
        await table.write(Put(Key("a", "b"), b"x", "v"))
        scrub = asyncio.create_task(table.scrub())
        await asyncio.sleep(0)
        await table.close()
        await asyncio.wait([scrub])
        assert isinstance(scrub.exception(), UnavailableError) or scrub.result()

    with_table(path, story)

    async def again(table: SqliteTable, _: Clock) -> None:
        assert (await table.get(Key("a", "b")))[0] is not None

    with_table(path, again)
    assert beside(path) == ["table.db", "table.db.lock"]


def test_what_a_killed_process_left_of_a_copy_goes_with_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "table.db"
    for suffix in ("", "-old", ".part", ".part-journal", "-journal"):
        (tmp_path / f"table.db.anew{suffix}").write_bytes(b"VICTIM")

    async def story(_table: SqliteTable, _: Clock) -> None:
        assert beside(path) == ["table.db", "table.db-shm", "table.db-wal", "table.db.lock"]

    with_table(path, story)


def test_a_table_in_memory_has_no_file_to_scrub() -> None:
    async def story() -> None:
        table = SqliteTable.open(":memory:", Clock())
        assert await table.scrub()
        await table.close()

    asyncio.run(story())
