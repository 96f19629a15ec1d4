"""The loop that rings: sleeps until something is due, is woken, survives clocks, poison and an absent table."""

import asyncio
import contextlib

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import Put, UnavailableError
from aurora_time.run import reminder_loop
from aurora_time.run.reminder_loop import SENDERS, Bell, ReminderLoop
from aurora_time.store import keys
from tests.operations.world import SetClock, World, compose

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def world():
    clock = SetClock("2026-11-23T07:00:00Z")
    table = SqliteTable.open(":memory:", clock)
    yield World(table, clock)
    await table.close()


@pytest.fixture(autouse=True)
def heartbeat(monkeypatch):
    """A heart that beats fast, so that nothing here waits for it."""
    monkeypatch.setattr(reminder_loop, "HEARTBEAT", 0.01)


@contextlib.asynccontextmanager
async def running(world: World):
    bell = Bell(world.clock)
    loop = ReminderLoop(world.services, compose, bell)
    task = asyncio.create_task(loop.run())
    try:
        yield bell
    finally:
        loop.stop()
        async with asyncio.timeout(5):
            await task


async def until(condition) -> None:
    for _ in range(5_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to pass")


async def quiet() -> None:
    """Long enough for several heartbeats."""
    await asyncio.sleep(0.05)


async def test_it_sleeps_until_something_is_due_and_rings_then(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    async with running(world):
        await quiet()
        assert world.subjects == []
        world.clock.set("2026-11-23T07:50:00Z")
        await until(lambda: world.subjects == ["Review"])


async def test_a_nudge_wakes_it_at_once(world: World, monkeypatch):
    monkeypatch.setattr(reminder_loop, "HEARTBEAT", 60.0)
    ann = await world.person()
    async with running(world) as bell:
        await quiet()
        await world.event(ann, "2026-11-23T08:10:00", minutes=[10])
        await world.event(ann, "2026-11-23T08:00:01", minutes=[0])
        world.clock.time += 1
        bell.nudge(int(world.clock.time) + 3600)
        bell.nudge(int(world.clock.time))
        await until(lambda: world.subjects == ["Review"])


async def test_a_nudge_for_much_later_wakes_nobody(world: World):
    bell = Bell(world.clock)
    bell.nudge(int(world.clock.time) + 3600)
    assert not bell.rung.is_set()


async def test_a_clock_that_jumps_forward_and_back_loses_nothing_and_repeats_nothing(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.event(ann, "2026-11-23T12:00:00", minutes=[10], summary="Lunch")
    async with running(world):
        world.clock.set("2026-11-23T07:50:00Z")
        await until(lambda: world.subjects == ["Review"])
        world.clock.set("2026-11-23T06:00:00Z")
        await quiet()
        world.clock.set("2026-11-23T10:50:00Z")
        await until(lambda: len(world.subjects) == 2)
        await quiet()
    assert world.subjects == ["Review", "Lunch"]


async def test_what_cannot_be_read_is_left_alone_for_a_while_and_the_others_ring(world: World):
    ann = await world.person()
    now = int(world.clock.time)
    for number in range(3):
        await world.disk.write(Put(keys.due(number, now - 9_000, "x", "o:broken"), b"\x01\x00broken", "v"))
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0])
    world.clock.time += 1
    async with running(world):
        await until(lambda: world.subjects == ["Review"])
        before = world.process.labels.count("query")
        await quiet()
        assert world.process.labels.count("query") - before < 40, "it does not turn in circles"
    assert len(await world.due_items()) == 3


async def test_a_mail_that_hangs_holds_up_no_other(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0], summary="Hangs")
    await world.event(ann, "2026-11-23T08:00:02", minutes=[0])
    hang = asyncio.Event()
    world.mailbox.trouble = lambda mail: hang.wait() if mail.subject == "Hangs" else None
    async with running(world):
        world.clock.time += 1
        await until(lambda: world.mailbox.tries == 1)
        world.clock.time += 1
        await until(lambda: world.subjects == ["Review"])
        hang.set()
        await until(lambda: len(world.subjects) == 2)


async def test_no_more_mails_at_once_than_the_mail_server_bears(world: World):
    ann = await world.person()
    for number in range(3 * SENDERS):
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 9, 8], summary=f"Event {number}")
    gate, now, most = asyncio.Event(), 0, 0

    async def count() -> None:
        nonlocal now, most
        now += 1
        most = max(now, most)
        await gate.wait()
        now -= 1

    world.mailbox.trouble = lambda _: count()
    world.clock.set("2026-11-23T07:52:00Z")
    async with running(world):
        await until(lambda: now == SENDERS)
        await quiet()
        assert most == SENDERS
        gate.set()
        await until(lambda: len(world.subjects) == 9 * SENDERS)
    assert most <= SENDERS
    assert len({mail.message_id for mail in world.mailbox.sent}) == 9 * SENDERS


async def test_a_table_that_is_away_for_a_while_stops_nothing_for_good(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0])
    query, write, failures = world.table.query, world.table.write, 0

    async def away(*_):
        nonlocal failures
        failures += 1
        raise UnavailableError("the disk is full")

    world.table.query = world.table.write = away
    world.clock.time += 1
    async with running(world):
        await until(lambda: failures > 2)
        world.table.query, seen = query, failures
        await until(lambda: failures > seen)
        world.table.write = write
        world.clock.time += 1
        await until(lambda: world.subjects == ["Review"])


async def test_stop_finishes_what_is_in_hand(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0])
    hang = asyncio.Event()
    world.mailbox.trouble = lambda _: hang.wait()
    world.clock.time += 1
    async with running(world):
        await until(lambda: world.mailbox.tries == 1)
        asyncio.get_running_loop().call_later(0.02, hang.set)
    assert world.subjects == ["Review"]
    assert await world.statuses(ann) == ["sent"]


async def test_a_refused_mail_is_logged_and_the_loop_goes_on(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0], summary="Poison")
    await world.event(ann, "2026-11-23T08:00:02", minutes=[0])

    def poison(mail) -> None:
        if mail.subject == "Poison":
            raise RuntimeError("a bug")

    world.mailbox.trouble = poison
    world.clock.time += 2
    async with running(world):
        await until(lambda: world.subjects == ["Review"])
