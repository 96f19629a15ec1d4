"""What the table remembers of what it read is never older than what was acknowledged, and never outlives its time."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_recent import Recent
from aurora_time.ports import ConflictError, Delete, Item, Key, Put

pytestmark = pytest.mark.anyio
KEY = Key("part", "a")


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
async def table(tmp_path):
    opened = SqliteTable.open(tmp_path / "aurora.db", Clock())
    yield opened
    await opened.close()


async def test_a_reader_beside_a_writer_never_goes_back(table) -> None:
    """Reads while writes are under way give the old or the new, and after the acknowledgement only the new."""
    seen: list[int] = []

    async def read() -> None:
        while not seen or seen[-1] < 200:
            (item,) = await table.get(KEY)
            seen.append(int(item.body) if item else 0)
            await asyncio.sleep(0)

    async def write() -> None:
        for number in range(1, 201):
            await table.write(Put(KEY, b"%d" % number, f"v{number}"))
            (item,) = await table.get(KEY)
            assert item.body == b"%d" % number

    await asyncio.gather(read(), write())
    assert seen == sorted(seen)


async def test_a_write_whose_caller_gave_up_is_seen_all_the_same(table) -> None:
    await table.write(Put(KEY, b"old", "v1"))
    await table.get(KEY)
    writing = asyncio.create_task(table.write(Put(KEY, b"new", "v2")))
    await asyncio.sleep(0)
    writing.cancel()
    await table.get(KEY)  # perhaps before the commit: what it reads must not be kept
    with pytest.raises(asyncio.CancelledError):
        await writing
    await table.write(Put(Key("part", "b"), b"", "v1"))  # done after the other
    (item,) = await table.get(KEY)
    assert item.body == b"new"


async def test_a_refused_write_leaves_what_is_there(table) -> None:
    await table.write(Put(KEY, b"1", "v1"))
    with pytest.raises(ConflictError):
        await table.write(Put(KEY, b"2", "v2", "other"))
    assert (await table.get(KEY))[0].body == b"1"
    await table.write(Delete(KEY))
    assert await table.get(KEY) == [None]


async def test_what_expires_is_forgotten(tmp_path) -> None:
    clock = Clock()
    table = SqliteTable.open(tmp_path / "aurora.db", clock)
    await table.write(Put(KEY, b"1", "v1", expires=1_010))
    assert (await table.get(KEY))[0].body == b"1"
    clock.time = 1_010.0
    assert await table.get(KEY) == [None]
    await table.close()


async def test_a_table_for_reading_only_sees_what_another_writes(tmp_path) -> None:
    owner = SqliteTable.open(tmp_path / "aurora.db", Clock())
    await owner.write(Put(KEY, b"1", "v1"))
    beside = SqliteTable.open(tmp_path / "aurora.db", Clock(), read_only=True)
    assert (await beside.get(KEY))[0].body == b"1"
    await owner.write(Put(KEY, b"2", "v2"))
    assert (await beside.get(KEY))[0].body == b"2"
    await beside.close()
    await owner.close()


def test_it_stays_small() -> None:
    recent = Recent()
    for number in range(10_000):
        recent.keep(Item(Key("part", str(number)), b"x", "v"))
    recent.keep(Item(KEY, b"x" * 5_000, "v"))
    assert sum(recent.get(Key("part", str(number)), 0.0) is not None for number in range(10_000)) <= 4_096
    assert recent.get(KEY, 0.0) is None
