"""The reminder of every minute: it goes through the due index like any other, and says how late that was."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest

from aurora_time.operations import canary, ringing
from aurora_time.ports import ConflictError, Put
from aurora_time.store import keys
from aurora_time.store.reminders import Due
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio


async def due_at(world: World) -> list[int]:
    return [keys.unsortable(item.key.sort[:12]) for item in await world.due_items()]


async def test_it_is_due_each_minute_and_tells_how_late_it_was(world: World):
    assert await canary.age(world.services) is None
    await canary.start(world.services)
    begun = world.clock.time
    assert await due_at(world) == [begun + 60]
    await world.sweep()
    assert await due_at(world) == [begun + 60]
    world.clock.time += 60.25
    assert await canary.age(world.services) == 60.25
    await world.sweep()
    assert await due_at(world) == [begun + 120]
    assert await canary.age(world.services) == 0
    assert world.services.meter.canary.total == 0.25
    assert world.subjects == []


async def test_where_writes_are_paid_for_it_comes_each_quarter_of_an_hour(world: World):
    services = dataclasses.replace(world.services, canary_every=900)
    await canary.start(services)
    first = int(world.clock.time // 900 + 1) * 900
    assert await due_at(world) == [first]
    world.clock.time = first + 1
    (item,) = await world.due_items()
    await canary.attend(services, Due("home", canary.CANARY), item)
    assert await due_at(world) == [first + 900]
    assert canary.stale(services) == 2_700


async def test_after_an_outage_it_comes_once(world: World):
    await canary.start(world.services)
    world.clock.time += 86_400 + 30
    await world.sweep()
    assert sum(world.services.meter.canary.counts) == 1
    assert len(await due_at(world)) == 1


async def test_a_restart_leaves_one(world: World):
    await canary.start(world.services)
    world.clock.time += 3_600
    await world.restart()
    await canary.start(world.services)
    assert await due_at(world) == [world.clock.time + 60]
    await canary.start(world.services)
    assert await due_at(world) == [world.clock.time + 60]


async def test_of_two_servers_that_start_at_once_the_second_starts_too(world: World):
    def first(changes) -> None:
        raise ConflictError(keys.canary())

    world.table.before_write = first
    await canary.start(world.services)


@pytest.mark.parametrize("die_at", range(1, 6))
async def test_killed_at_each_step_it_goes_on(world: World, die_at):
    await canary.start(world.services)
    world.clock.time += 61
    world.process.restart(die_at)
    with contextlib.suppress(Crash):
        await world.sweep()
    await world.restart()
    world.clock.time += 61
    await world.sweep()
    assert await canary.age(world.services) == 0
    assert len(await due_at(world)) == 1


async def test_a_due_item_that_is_not_the_canarys_is_removed(world: World):
    await canary.start(world.services)
    (item,) = await world.due_items()
    stray = keys.due(0, int(world.clock.time), "home", canary.CANARY)
    await world.disk.write(Put(stray, item.body, "v"))
    await world.sweep()
    assert await due_at(world) == [world.clock.time + 60]


async def test_of_two_sweeps_one_counts(world: World, monkeypatch):
    await canary.start(world.services)
    world.clock.time += 60
    (item,) = await world.due_items()

    def first(changes) -> None:
        raise ConflictError(keys.canary())

    world.table.before_write = first
    assert await ringing.attend(world.services, item, lambda _: None) == []
    assert sum(world.services.meter.canary.counts) == 0


async def test_the_canary_is_not_what_waits(world: World):
    await canary.start(world.services)
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    assert await canary.oldest_overdue(world.services) == 0
    world.clock.time += 7_200
    assert await canary.oldest_overdue(world.services) == 7_200 - 50 * 60
    await world.sweep()
    assert await canary.oldest_overdue(world.services) == 0
