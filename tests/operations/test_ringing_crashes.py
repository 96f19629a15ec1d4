"""A process that is killed at any step of a send, an edit or a job, and another that goes on where it stopped."""

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.operations import calendar_trash, calendars, rearming
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio


async def steps_of_a_sweep(world: World) -> list[str]:
    """What one reminder takes when nothing goes wrong."""
    world.process.restart()
    await world.sweep()
    return list(world.process.labels)


@pytest.mark.parametrize("die_at", range(1, 16))
async def test_killed_at_each_step_of_a_send_no_reminder_is_lost_and_only_one_point_repeats_it(world: World, die_at):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    world.process.restart(die_at)
    label, crashed = "", False
    try:
        await world.sweep()
    except Crash as crash:
        label, crashed = str(crash), True
    handed_over = len(world.mailbox.sent)
    settled = await world.statuses(ann) == ["sent"]
    await world.restart()
    await world.sweep()
    assert await world.statuses(ann) == ["sent"], f"killed at {label}"
    assert await world.due_items() == []
    repeated = crashed and handed_over == 1 and not settled
    assert len(world.mailbox.sent) == 1 + repeated
    assert len({mail.message_id for mail in world.mailbox.sent}) == 1


async def test_the_repeating_point_lies_between_the_250_and_the_second_write(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    labels = await steps_of_a_sweep(world)
    assert labels.count("before write") == 2, "a reminder costs two durable writes"
    sent = labels.index("after 250")
    assert labels[sent + 1] == "before write"
    assert labels.index("before write") < labels.index("before 250")


@pytest.mark.parametrize("restarts", [True, False])
async def test_without_a_restart_the_lease_runs_out_and_the_next_sweep_takes_over(world: World, restarts):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")

    def kill(_) -> None:
        world.process.die_at = world.process.steps + 1
        world.process.step("killed")

    world.mailbox.trouble = kill
    with pytest.raises(Crash):
        await world.sweep()
    world.mailbox.trouble = lambda _: None
    if restarts:
        await world.restart()
        await world.sweep()
    else:
        world.process.restart()
        assert await world.sweep_at("2026-11-23T07:51:59Z") == []
        await world.sweep_at("2026-11-23T07:52:00Z")
    assert world.subjects == ["Review"]


async def _until_dead_and_again(world: World, die_at: int) -> None:
    world.process.restart(die_at)
    try:
        await world.sweep()
    except Crash:
        await world.restart()
    world.process.die_at = None
    await world.sweep()


@pytest.mark.parametrize("die_at", range(1, 60, 3))
async def test_deleting_a_calendar_goes_on_after_a_crash_at_any_step(world: World, monkeypatch, die_at):
    monkeypatch.setattr(calendar_trash, "PAGE", 2)
    ann = await world.person()
    work = await world.calendar(ann)
    for hour in range(10, 15):
        await world.event(ann, f"2026-11-23T{hour}:00:00", minutes=[10], calendarId=work)
    kept = await world.event(ann, "2026-11-23T16:00:00", minutes=[10], summary="Kept")
    await calendars.delete_calendar(world.services, ann, work)
    await _until_dead_and_again(world, die_at)
    armed = await world.armed(ann, kept)
    assert armed is not None
    assert [item.key for item in await world.due_items()] == [armed.due_key]
    await world.sweep_at("2026-11-23T14:50:00Z")
    assert world.subjects == ["Kept"]


@pytest.mark.parametrize("die_at", range(1, 50, 3))
async def test_arming_anew_goes_on_after_a_crash_at_any_step(world: World, monkeypatch, die_at):
    monkeypatch.setattr(rearming, "PAGE", 2)
    ann = await world.person()
    for hour in range(10, 15):
        await world.event(ann, f"2026-11-23T{hour}:00:00")
    await world.defaults(ann, Alarm("email", minutes_before=30))
    await _until_dead_and_again(world, die_at)
    for hour in range(10, 15):
        await world.sweep_at(f"2026-11-23T{hour - 2:02}:29:59Z")
        assert len(world.subjects) == hour - 10
        await world.sweep_at(f"2026-11-23T{hour - 2:02}:30:00Z")
        assert len(world.subjects) == hour - 9


@pytest.mark.parametrize("die_at", range(1, 12))
async def test_killed_while_an_event_is_moved_it_rings_at_its_old_or_its_new_time(world: World, die_at):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.process.restart(die_at)
    try:
        await world.move(ann, event, "2026-11-23T10:00:00")
    except Crash:
        await world.restart()
    world.process.die_at = None
    await world.sweep_at("2026-11-23T07:50:00Z")
    await world.sweep_at("2026-11-23T08:50:00Z")
    assert world.subjects == ["Review"]
