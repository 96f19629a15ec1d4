"""A process that is killed at any step of deleting or restoring a calendar, and another that goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations import along, calendar_trash, calendars, part_jobs
from aurora_time.ports import Change, Put, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Head
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from tests.operations.world import Crash, SetClock, World

pytestmark = pytest.mark.anyio
EVERY = 3
"""Of all steps, those at which it is killed."""


async def filled(world: World) -> tuple[str, str]:
    """A person, and a calendar with three events, and a task with a part that has a part."""
    ann = await world.person()
    work = await world.calendar(ann)
    for hour in (12, 13, 14):
        await world.event(ann, f"2026-11-23T{hour}:00:00", minutes=[10], calendarId=work, summary=f"At {hour}")
    above = None
    for name in ("Task", "Part", "Part of the part"):
        above = await world.task(ann, summary=name, calendarId=work, parentId=above)
    return ann, work


async def there(world: World, owner: str) -> dict[str, str | None]:
    """What is there by its id, and what it is a part of."""
    (items,) = await world.disk.query(Range(keys.object_(owner, "").part))
    found = [decode(item.body, Stored) for item in items]
    return {each.component.id: each.task.parent_id if each.task else None for each in found}


async def counted(world: World, owner: str) -> Head:
    (head,) = await world.disk.get(keys.head(owner))
    return Head() if head is None else decode(head.body, Head)


async def lying(world: World, owner: str) -> set[str]:
    (items,) = await world.disk.query(Range(keys.trash(owner, "").part, "i#", "j"))
    return {item.key.sort.removeprefix("i#") for item in items}


async def delete(world: World, owner: str, work: str) -> None:
    await calendars.delete_calendar(world.services, owner, work)


async def restore(world: World, owner: str, work: str) -> None:
    await calendar_trash.restore_calendar(world.services, owner, work)


async def delete_and_restore(world: World, owner: str, work: str) -> None:
    """The one while the other has not begun."""
    await delete(world, owner, work)
    await restore(world, owner, work)


async def sweep(world: World) -> None:
    """To the end, also of what waits for a lease that nobody has."""
    for _ in range(3):
        await world.sweep()
        world.clock.time += 61


async def ended(begin: Callable[[World, str, str], Awaitable[None]], die_at: int | None, *, is_away: bool) -> int:
    """Live it in a world of its own, and be killed at a step; answers how many there were."""
    clock = SetClock("2026-11-23T07:00:00Z")
    table = SqliteTable.open(":memory:", clock)
    world = World(table, clock)
    try:
        ann, work = await filled(world)
        before, heads = await there(world, ann), await counted(world, ann)
        if begin is restore:
            await delete(world, ann, work)
            await sweep(world)
        await begin(world, ann, work)
        world.process.restart(die_at)
        try:
            await world.sweep()
        except Crash:
            await world.restart()
        steps, world.process.die_at = world.process.steps, None
        await sweep(world)
        after, trashed, head = await there(world, ann), await lying(world, ann), await counted(world, ann)
        if is_away:
            assert (after, trashed, head.events) == ({}, {*before, work}, 0)
            assert await world.due_items() == []
        else:
            assert (after, trashed, head.events, head.calendars) == (before, set(), heads.events, heads.calendars)
            for hour in (10, 11, 12):
                await world.sweep_at(f"2026-11-23T{hour}:50:00Z")
            assert world.subjects == ["At 12", "At 13", "At 14"]
    finally:
        await table.close()
    return steps


@pytest.mark.parametrize(("begin", "is_away"), [(delete, True), (restore, False), (delete_and_restore, False)])
async def test_killed_at_any_step_all_of_it_goes_and_all_of_it_comes_back(
    monkeypatch: pytest.MonkeyPatch, begin: Callable[[World, str, str], Awaitable[None]], is_away: bool
) -> None:
    for module in (along, calendar_trash, part_jobs):
        monkeypatch.setattr(module, "PAGE", 2)
    steps = await ended(begin, None, is_away=is_away)
    assert steps > 50
    for die_at in range(1, steps + 1, EVERY):
        await ended(begin, die_at, is_away=is_away)


async def test_a_part_does_not_stray_when_its_calendar_is_deleted_just_as_it_comes_back(world: World) -> None:
    ann, work = await filled(world)
    before = await there(world, ann)
    await delete(world, ann, work)
    await sweep(world)
    await restore(world, ann, work)
    write, met = world.table.write, 0

    async def delete_then_write(*changes: Change) -> None:
        nonlocal met
        comes = any(isinstance(each, Put) and each.key.part == keys.object_(ann, "").part for each in changes)
        if comes and any(each.key == keys.trash_of_whole(ann, task, part) for each in changes):
            met += 1
            if met == 1:
                await delete(world, ann, work)
        await write(*changes)

    task, part = next((parent, id_) for id_, parent in before.items() if parent)
    world.table.write = delete_then_write  # type: ignore[method-assign]
    await sweep(world)
    assert met
    assert await there(world, ann) == {}
    await restore(world, ann, work)
    await sweep(world)
    assert await there(world, ann) == before
