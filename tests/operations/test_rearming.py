"""What rings is changed under many events: nothing rings by what was, the job goes on, and nothing new is lost."""

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import parse_instant, print_wall
from aurora_time.operations import events, rearming, ringing, sweeping
from aurora_time.operations.people import read_person
from aurora_time.ports import MAX_CHANGES, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from tests.operations.world import Crash, World, compose, event_input

pytestmark = pytest.mark.anyio
TEN, HOUR, TWO = (Alarm("email", minutes_before=count) for count in (10, 60, 120))


async def many(world: World, owner: str, count: int) -> list[str]:
    """So many events, one a minute from noon in Berlin on."""
    noon = parse_instant("2026-11-23T12:00:00Z")
    return [await world.event(owner, print_wall(noon + 60 * number)) for number in range(count)]


async def job_of(world: World, owner: str) -> Job:
    (item,) = await world.disk.get(keys.job(owner, rearming.REARM))
    assert item is not None
    return decode(item.body, Job)


async def due_jobs(world: World) -> int:
    return sum("#j:" in item.key.sort for item in await world.due_items())


@pytest.mark.parametrize("pages", [0, 1, 3, 5])
async def test_a_default_rule_changed_over_many_events_and_killed_half_way(world: World, monkeypatch, pages: int):
    """The whole of it, with 10,000 events and a real kill, is in tests/chaos."""
    monkeypatch.setattr(rearming, "PAGE", 20)
    ann = await world.person()
    await world.defaults(ann, TEN)
    await world.sweep()
    made = await many(world, ann, 110)
    await world.defaults(ann, HOUR)
    for _ in range(pages):
        (due,) = [item for item in await sweeping.find_due(world.services, 9) if "#j:" in item.key.sort]
        await ringing.attend(world.services, due, compose)
    world.process.restart(die_at=12)
    with pytest.raises(Crash):
        await world.sweep()
    # Only now, as if nobody had been there, is it 10 minutes before the first: the old rule's time, for all that wait.
    world.clock.set("2026-11-23T10:50:00Z")
    await world.restart()
    sent = await world.sweep()
    hour_before = [entry.alarm for entry in sent]
    assert set(hour_before) == {HOUR}, "nothing rings by the rule that was"
    for each in made:
        armed = await world.armed(ann, each)
        assert armed is None or armed.due > world.clock.now(), "the job came to its end"
    await world.sweep_at("2026-11-23T14:00:00Z")
    assert {entry.alarm for entry in await world.ledger(ann)} == {HOUR}
    assert sorted(entry.event_id for entry in await world.ledger(ann)) == sorted(made)


async def test_a_second_change_while_the_job_runs_lets_it_begin_anew(world: World, monkeypatch):
    monkeypatch.setattr(rearming, "PAGE", 2)
    ann = await world.person()
    made = await many(world, ann, 7)
    await world.defaults(ann, HOUR)
    (due,) = [item for item in await sweeping.find_due(world.services, 9) if "#j:" in item.key.sort]
    await ringing.attend(world.services, due, compose)
    assert (await job_of(world, ann)).cursor
    await world.defaults(ann, TWO)
    assert (await job_of(world, ann)).cursor == ""
    world.clock.time += 1
    await world.defaults(ann, HOUR)
    assert await due_jobs(world) == 1
    await world.sweep()
    noon = parse_instant("2026-11-23T11:00:00Z")
    armed = [await world.armed(ann, each) for each in made]
    assert [each and each.due for each in armed] == [noon - 3600 + 60 * number for number in range(7)]


async def test_a_page_that_runs_while_another_change_comes_leaves_no_old_time_behind(world: World, monkeypatch):
    """The page read the person before the change, and writes after the new job has passed."""
    ann = await world.person()
    (event,) = await many(world, ann, 1)
    await world.defaults(ann, HOUR)
    write, changed = world.table.write, False

    async def change_then_write(*changes):
        nonlocal changed
        if not changed and any(each.key == keys.armed(ann, event) for each in changes):
            changed = True
            await world.defaults(ann, TWO)
            await world.sweep()
        await write(*changes)

    world.table.write = change_then_write
    await world.sweep()
    armed = await world.armed(ann, event)
    assert changed
    assert armed is not None
    assert armed.due == parse_instant("2026-11-23T09:00:00Z")


async def test_an_event_that_was_begun_before_the_change_and_written_after_the_job_is_armed_after_all(world: World):
    ann = await world.person()
    before, _ = await read_person(world.services, ann)
    await world.defaults(ann, TWO)
    await world.sweep()
    fresh = events.Fresh("late", "late@here", world.services.now, before.home, before.first_calendar)
    event = events.read_event(event_input("2026-11-23T12:00:00"), fresh)
    await events.commit(world.services, before, [events.Step(None, event)], [])
    armed = await world.armed(ann, "late")
    assert armed is not None
    assert armed.due == parse_instant("2026-11-23T10:50:00Z"), "armed by what was"
    world.clock.time += rearming.LANDED
    await world.sweep()
    armed = await world.armed(ann, "late")
    assert armed is not None
    assert armed.due == parse_instant("2026-11-23T09:00:00Z")
    assert await due_jobs(world) == 0


async def test_a_second_look_at_very_much_comes_in_pages(world: World, monkeypatch):
    ann = await world.person()
    await world.defaults(ann, TWO)
    await world.sweep()
    made = await many(world, ann, 9)
    await world.delete(ann, made.pop())
    monkeypatch.setattr(rearming, "PAGE", 3)
    world.clock.time += rearming.LANDED
    await world.sweep()
    assert await due_jobs(world) == 0
    assert (await job_of(world, ann)).state == "done"


async def test_what_a_new_rule_would_have_rung_before_it_was_made_is_past(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T12:00:00")
    world.clock.set("2026-11-23T10:30:00Z")
    await world.defaults(ann, HOUR, TEN)
    await world.sweep_at("2026-11-23T10:40:00Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-23T10:50:00Z")
    assert world.subjects == ["Review"]
    assert await world.armed(ann, event) is None


async def test_what_becomes_due_between_the_change_and_the_job_rings(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00")
    world.clock.set("2026-11-23T09:59:00Z")
    await world.defaults(ann, HOUR)
    await world.sweep_at("2026-11-23T10:00:30Z")
    assert world.subjects == ["Review"], "late by half a minute, not lost"


async def test_every_write_of_the_job_is_small(world: World, monkeypatch):
    sizes: list[int] = []
    world.table.before_write = lambda changes: sizes.append(len(changes))
    ann = await world.person()
    await many(world, ann, 120)
    await world.defaults(ann, HOUR)
    await world.sweep()
    assert max(sizes) <= 20 < MAX_CHANGES
    (items,) = await world.disk.query(Range(keys.job(ann, "").part))
    assert [decode(item.body, Job).kind for item in items] == [rearming.REARM]
