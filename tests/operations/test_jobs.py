"""Jobs: taken by one runner, dropped when nothing stands behind them, and harmless to repeat."""

import asyncio

import msgspec
import pytest

from aurora_time.domain.component import Alarm
from aurora_time.operations import calendars, events, jobs, rearming, ringing, sweeping
from aurora_time.operations.errors import ChangedError, InvalidError
from aurora_time.operations.people import read_person
from aurora_time.ports import Delete, Put, Range, UnavailableError
from aurora_time.store import jobs as job_items
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from tests.operations.world import Crash, World, compose

pytestmark = pytest.mark.anyio


async def job_of(world: World, owner: str) -> Job:
    (items,) = await world.disk.query(Range(keys.job(owner, "").part))
    return decode(items[0].body, Job)


async def test_two_runners_at_once_share_a_job_page_by_page(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    for hour in range(9, 15):
        await world.event(ann, f"2026-11-23T{hour:02}:00:00", calendarId=work)
    await calendars.delete_calendar(world.services, ann, work)
    (item,) = [each for each in await sweeping.find_due(world.services, 10) if "#j:" in each.key.sort]
    await asyncio.gather(*(ringing.attend(world.services, item, compose) for _ in range(3)))
    await world.sweep()
    assert await world.due_items() == []
    (left,) = await world.disk.query(Range(keys.object_(ann, "").part))
    assert left == []
    (head,) = await world.disk.get(keys.head(ann))
    assert head is not None


async def test_a_stale_due_item_of_a_living_job_is_dropped_and_the_job_goes_on(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00")
    await world.defaults(ann, Alarm("email", minutes_before=60))
    (stale,) = [each for each in await sweeping.find_due(world.services, 10) if "#j:" in each.key.sort]
    moved = keys.due(3, int(world.clock.time) - 9, ann, stale.key.sort.split("#")[2])
    await world.disk.write(Put(moved, stale.body, "v"))
    await world.sweep()
    await world.sweep_at("2026-11-23T10:00:00Z")
    assert world.subjects == ["Review"]
    assert await world.due_items() == []


async def test_a_job_whose_runner_hung_is_taken_up_after_its_lease(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00")
    await world.defaults(ann, Alarm("email", minutes_before=60))
    world.process.restart(die_at=6)
    with pytest.raises(Crash):
        await world.sweep()
    world.process.restart()
    world.clock.time += jobs.LEASE
    await world.sweep()
    await world.sweep_at("2026-11-23T10:00:00Z")
    assert world.subjects == ["Review"]


async def test_a_job_is_released_at_the_start_and_one_that_is_gone_is_not(world: World):
    ann = await world.person()
    await world.defaults(ann)
    job = await job_of(world, ann)
    assert await jobs.release(world.services, ann, job.id)
    assert not await jobs.release(world.services, ann, "gone")
    assert not await jobs.run_page(world.services, ann, "gone", job.due_key)


async def test_a_page_that_runs_twice_does_no_harm(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T12:00:00")
    await world.defaults(ann, Alarm("email", minutes_before=60))
    job = await job_of(world, ann)
    for _ in range(2):
        assert (await rearming.page(world.services, ann, job)).done == 1
    armed = await world.armed(ann, event)
    assert armed is not None
    assert [item.key for item in await world.due_items() if "#o:" in item.key.sort] == [armed.due_key]


async def test_jobs_of_a_person_who_is_gone_end(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    await world.event(ann, "2026-11-23T12:00:00", calendarId=work)
    await world.defaults(ann)
    await calendars.delete_calendar(world.services, ann, work)
    await world.disk.write(Delete(keys.person(ann)))
    await world.sweep()
    assert [item.key.sort for item in await world.due_items() if "#j:" in item.key.sort] == []


async def test_an_event_that_is_edited_while_its_job_runs_is_armed_by_what_it_is_then(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T12:00:00")
    await world.defaults(ann, Alarm("email", minutes_before=60))
    moved = False
    get = world.table.get

    async def get_then_move(*wanted):
        nonlocal moved
        found = await get(*wanted)
        if not moved and wanted[0] == keys.object_(ann, event) and len(wanted) == 3 and wanted[1].part[:5] == "armed":
            moved = True
            await world.move(ann, event, "2026-11-23T15:00:00")
        return found

    world.table.get = get_then_move
    await world.sweep()
    assert moved
    await world.sweep_at("2026-11-23T10:00:00Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-23T13:00:00Z")
    assert world.subjects == ["Review"]


async def test_an_event_that_is_edited_while_its_calendar_is_deleted_is_deleted_too(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    event = await world.event(ann, "2026-11-23T12:00:00", calendarId=work)
    await calendars.delete_calendar(world.services, ann, work)
    write, summaries = world.table.write, iter(["Renamed", "Renamed again"])

    async def edit_then_write(*changes):
        if any(isinstance(each, Delete) and each.key == keys.object_(ann, event) for each in changes):
            summary = next(summaries, None)
            if summary is not None:
                person = await read_person(world.services, ann)
                old = await events.load(world.services, ann, event)
                new = msgspec.structs.replace(old.stored.event, summary=summary)
                await events.commit(world.services, person[0], [events.Step(old, new)], [])
        await write(*changes)

    world.table.write = edit_then_write
    await world.sweep()
    assert next(summaries, None) is None
    assert (await world.disk.get(keys.object_(ann, event))) == [None]
    assert await world.due_items() == []


async def test_an_event_made_while_its_calendar_is_deleted_is_refused_and_leaves_nothing(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    write, deleted = world.table.write, False

    async def delete_then_write(*changes):
        nonlocal deleted
        if not deleted and any(each.key.part == keys.object_(ann, "").part for each in changes):
            deleted = True
            await calendars.delete_calendar(world.services, ann, work)
        await write(*changes)

    world.table.write = delete_then_write
    with pytest.raises(InvalidError, match="no calendar"):
        await world.event(ann, "2026-11-23T12:00:00", calendarId=work)
    await world.sweep()
    assert deleted
    assert await world.disk.query(Range(keys.object_(ann, "").part)) == [[]]
    assert await world.due_items() == []


def test_a_job_moves_its_due_item_along():
    job = job_items.new_job("ann", "job", "kind", "argument", 100)
    moved, changes = job_items.move_on("ann", job, 160, ("v1", "v2"))
    assert moved.due_key in {each.key for each in changes if isinstance(each, Put)}
    assert {each.key for each in changes if isinstance(each, Delete)} == {job.due_key}
    assert len(job_items.move_on("ann", job, 100, ("v1", "v2"))[1]) == 1


async def test_an_event_that_is_changed_while_its_calendar_is_deleted_goes_with_it(world: World):
    """The write says nothing of the calendar, so it may be faster than the job; never does it outlive it."""
    ann = await world.person()
    for page_first in (True, False):
        work = await world.calendar(ann)
        event = await world.event(ann, "2026-11-23T09:00:00", calendarId=work)
        await calendars.read_calendar(world.services, ann, work)
        old, before = await events.load_live(world.services, ann, event)
        await calendars.delete_calendar(world.services, ann, work)
        person, _ = await read_person(world.services, ann)
        step = events.Step(old, msgspec.structs.replace(before, summary="Changed"))
        if page_first:
            await world.sweep()
            with pytest.raises(ChangedError):
                await events.commit(world.services, person, [step], [])
        else:
            await events.commit(world.services, person, [step], [])
            await world.sweep()
        assert await world.disk.query(Range(keys.object_(ann, "").part)) == [[]]
        assert await world.due_items() == []


async def test_a_job_that_goes_wrong_is_tried_again_after_longer_and_longer_and_goes_on_when_that_is_mended(
    world: World, monkeypatch
):
    async def broken(*_: object) -> None:
        raise ValueError("a mistake")

    ann = await world.person()
    await world.defaults(ann, Alarm("email", minutes_before=60))
    started, tried = world.clock.time, []
    with monkeypatch.context() as patch:
        patch.setitem(jobs._PAGES, rearming.REARM, broken)
        while world.clock.time < started + 3_600:
            due = (await job_of(world, ann)).due
            world.clock.time = max(due, world.clock.time)
            tried.append(world.clock.time - started)
            with pytest.raises(ValueError, match="a mistake"):
                await world.sweep()
    assert tried == [0, 5, 20, 80, 380, 1280, 2180, 3080, 3980]
    assert (await job_of(world, ann)).state == "running"
    world.clock.time += 900
    await world.sweep()
    world.clock.time += 60
    await world.sweep()
    assert await world.due_items() == []


async def test_what_a_job_meets_on_a_bad_day_is_no_mistake_of_its(world: World, monkeypatch):
    async def away(*_: object) -> None:
        raise UnavailableError("throttled")

    ann = await world.person()
    await world.defaults(ann, Alarm("email", minutes_before=60))
    monkeypatch.setitem(jobs._PAGES, rearming.REARM, away)
    with pytest.raises(UnavailableError):
        await world.sweep()
    job = await job_of(world, ann)
    assert (job.attempts, job.due) == (0, world.clock.time + jobs.LEASE)
