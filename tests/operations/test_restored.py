"""After a restore: what was due before it is shown and not sent, what comes after rings."""

from __future__ import annotations

import pytest

from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.restored import NOT_SENT, put_restored
from aurora_time.ports import MailUnavailableError
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio
DAILY = {"minutes": [10], "recurrence": ["RRULE:FREQ=DAILY"]}


async def restored(world: World, time: str) -> None:
    """What the world's table says is the copy; the home goes on with it from ``time``."""
    world.clock.set(time)
    await world.disk.write(put_restored(int(world.clock.now()), f"mark {time}"))
    await world.restart()


async def test_due_before_is_not_sent_but_shown_and_the_next_occurrence_rings(world: World) -> None:
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **DAILY)
    await restored(world, "2026-11-23T08:05:00Z")
    await world.sweep()
    assert world.subjects == []
    window = Window(parse_instant("2026-11-23T00:00:00Z"), parse_instant("2026-11-25T00:00:00Z"))
    shown = [(entry.status, entry.error) for entry, _ in await list_reminders(world.services, ann, window, None)]
    assert shown == [("suppressed", NOT_SENT), ("planned", None)]
    await world.sweep_at("2026-11-24T07:50:00Z")
    assert world.subjects == ["Review"]
    assert await world.statuses(ann) == ["suppressed", "sent"]


async def test_what_the_copy_knows_as_sent_stays_so(world: World) -> None:
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **DAILY)
    await world.sweep_at("2026-11-23T07:50:00Z")
    await restored(world, "2026-11-24T08:00:00Z")
    await world.sweep()
    assert world.subjects == ["Review"]
    assert await world.statuses(ann) == ["sent", "suppressed"]


@pytest.mark.parametrize("time", ["2026-11-23T08:05:00Z", "2026-11-23T12:00:00Z"])
async def test_what_waited_to_be_tried_again_may_have_been_sent_too(world: World, time: str) -> None:
    def away(_: object) -> None:
        raise MailUnavailableError("not now")

    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.mailbox.trouble = away
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert await world.statuses(ann) == ["sending"]
    world.mailbox.trouble = lambda _: None
    await restored(world, time)
    await world.sweep()
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error, world.subjects) == ("suppressed", NOT_SENT, [])
    assert await world.due_items() == []


async def test_the_instant_of_the_restore_is_the_border(world: World) -> None:
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10], summary="Before")
    await world.event(ann, "2026-11-23T09:00:01", minutes=[10], summary="After")
    await restored(world, "2026-11-23T07:50:00Z")
    await world.sweep_at("2026-11-23T07:50:01Z")
    assert world.subjects == ["After"]


async def test_a_late_start_rings_what_came_due_after_the_restore(world: World) -> None:
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 8, 6, 4, 2, 0])
    await restored(world, "2026-11-23T07:57:00Z")
    await world.sweep_at("2026-11-23T08:01:00Z")
    assert await world.statuses(ann) == ["suppressed"] * 4 + ["sent"] * 2
    assert world.subjects == ["Review"] * 2


async def test_a_later_restore_takes_the_place_of_an_earlier(world: World) -> None:
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", **DAILY)
    await restored(world, "2026-11-23T08:05:00Z")
    await restored(world, "2026-11-25T08:05:00Z")
    await world.sweep()
    assert await world.statuses(ann) == ["suppressed"] * 3
    await world.sweep_at("2026-11-26T07:50:00Z")
    assert world.subjects == ["Review"]


async def test_killed_at_any_step_after_a_restore_it_is_still_not_sent(world: World) -> None:
    ann = await world.person()
    for die_at in range(1, 12):
        world.clock.set(f"2026-11-{die_at + 10:02}T07:00:00Z")
        await world.event(ann, f"2026-11-{die_at + 10:02}T09:00:00", minutes=[10])
        await restored(world, f"2026-11-{die_at + 10:02}T08:05:00Z")
        world.process.restart(die_at)
        try:
            await world.sweep()
        except Crash:
            world.clock.time += 60
            await world.restart()
            await world.sweep()
        assert await world.statuses(ann) == ["suppressed"] * die_at
    assert world.subjects == []
