"""A server on a table that others reach too learns that its home moves: it stops sending, then writing, then itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations.moving import WATCHED
from aurora_time.ports import Delete, Item, Key, Put, UnavailableError
from aurora_time.run import gate as gates
from aurora_time.run import reminder_loop
from aurora_time.run.gate import Gate, GatedTable
from aurora_time.run.reminder_loop import Bell, ReminderLoop
from aurora_time.store import keys
from aurora_time.store.moves import Mark, State, mark_put
from tests.operations.world import SetClock, World, compose

pytestmark = pytest.mark.anyio
SOME = Put(Key("object#ann", "1"), b"", "v")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Seconds:
    passed = 0.0

    def __call__(self) -> float:
        return self.passed


class Counted:
    """Counts how often the mark is read."""

    def __init__(self, table: SqliteTable) -> None:
        self.table, self.reads, self.is_away = table, 0, False
        self.query, self.write = table.query, table.write

    async def get(self, *wanted: Key) -> list[Item | None]:
        self.reads += 1
        if self.is_away:
            raise UnavailableError("throttled")
        return await self.table.get(*wanted)

    async def mark(self, state: State) -> None:
        await self.write(mark_put(Mark("m", state, "dynamodb:here", "sqlite:/there", 0), "v", None))


@pytest.fixture
async def table() -> AsyncIterator[Counted]:
    opened = SqliteTable.open(":memory:", SetClock("2026-11-20T09:00:00Z"))
    yield Counted(opened)
    await opened.close()


async def test_a_closed_home_refuses_writes_within_seconds_and_answers_reads(table: Counted) -> None:
    seconds = Seconds()
    home = GatedTable(table, Gate(table, seconds))
    await home.write(SOME)
    await table.mark("leaving")
    seconds.passed += WATCHED
    await home.write(SOME)
    await table.mark("closed")
    seconds.passed += WATCHED
    with pytest.raises(UnavailableError, match="is being moved") as refused:
        await home.write(SOME)
    assert refused.value.retry_after == 60
    assert await home.get(SOME.key) != [None]
    assert await home.query() == []
    await table.write(Delete(keys.moving()))
    seconds.passed += WATCHED
    await home.write(SOME)


async def test_the_mark_is_read_once_in_a_while_and_a_write_waits_for_it(table: Counted) -> None:
    seconds = Seconds()
    home = GatedTable(table, Gate(table, seconds))
    for _ in range(100):
        await home.write(SOME)
    assert table.reads == 1
    table.is_away = True
    seconds.passed += WATCHED - 0.1
    await home.write(SOME)
    seconds.passed += 0.1
    with pytest.raises(UnavailableError):
        await home.write(SOME)


async def test_a_server_stops_when_its_home_has_left(table: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "WATCHED", 0.01)
    gate = Gate(table)
    watching = asyncio.create_task(gate.until_left())
    await table.mark("closed")
    table.is_away = True
    await asyncio.sleep(0.03)
    table.is_away = False
    assert not watching.done()
    await table.mark("left")
    assert (await asyncio.wait_for(watching, 5)).sentence.startswith("dynamodb:here moved to sqlite:/there")


async def test_nothing_new_is_sent_while_a_home_leaves_and_all_of_it_when_that_is_given_up(
    table: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_loop, "HEARTBEAT", 0.01)
    clock = SetClock("2026-11-20T09:00:00Z")
    world, seconds = World(table.table, clock), Seconds()
    await world.event(await world.person(), "2026-11-23T09:00:00", minutes=[10])
    clock.set("2026-11-23T07:50:00Z")
    await table.mark("leaving")
    loop = ReminderLoop(world.services, compose, Bell(clock), Gate(table, seconds).may_send)
    running = asyncio.create_task(loop.run())
    await asyncio.sleep(0.05)
    assert world.mailbox.tries == 0
    await table.write(Delete(keys.moving()))
    seconds.passed += WATCHED
    await asyncio.wait_for(world.mailbox.begun.wait(), 5)
    loop.stop()
    await running
    assert world.subjects == ["Review"]


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="needs a clock that counts sleep: run it on Linux")
async def test_what_was_known_before_the_machine_slept_is_not_believed_when_it_wakes(
    table: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = {time.CLOCK_BOOTTIME: 0.0}
    read = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda clock: read(clock) + slept.get(clock, 0.0))
    home = GatedTable(table, Gate(table))
    await home.write(SOME)
    await table.mark("left")
    slept[time.CLOCK_BOOTTIME] = 3_600.0
    with pytest.raises(UnavailableError, match="is being moved"):
        await home.write(SOME)
