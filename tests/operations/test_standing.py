"""Standing reminders: they belong to no event, and ring once, at their time."""

import asyncio
import contextlib

import pytest

from aurora_time.domain.moment import Window, parse_instant
from aurora_time.domain.quiet_hours import Quiet, QuietHours
from aurora_time.operations import ringing, sweeping
from aurora_time.operations.errors import ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import find_reminder, list_reminders
from aurora_time.operations.reminders import (
    dismiss_reminder,
    snooze_reminder,
)
from aurora_time.operations.standing import NewStanding, create_standing, delete_standing, update_standing
from aurora_time.ports import Delete
from aurora_time.store import keys
from tests.operations.world import Crash, World, compose

pytestmark = pytest.mark.anyio
NOON, LATER = parse_instant("2026-11-23T12:00:00Z"), parse_instant("2026-11-23T15:00:00Z")
DAY = Window(parse_instant("2026-11-23T00:00:00Z"), parse_instant("2026-11-24T00:00:00Z"))


async def standing(world: World, owner: str, at: int = NOON, text: str = "Call the bank") -> str:
    entry, _ = await create_standing(world.services, owner, NewStanding(at, text, "email"))
    return entry.name


async def statuses(world: World, owner: str) -> list[tuple[str, str]]:
    return [(entry.name, entry.status) for entry, _ in await list_reminders(world.services, owner, DAY)]


async def change(world: World, owner: str, name: str, at: int, text: str = "Call the bank"):
    return await update_standing(world.services, owner, name, lambda *_: NewStanding(at, text, "email"))


async def test_it_rings_once_at_its_time(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    assert await statuses(world, ann) == [(name, "planned")]
    assert world.nudged[-1] == NOON
    await world.sweep_at("2026-11-23T11:59:59Z")
    assert world.mailbox.sent == []
    await world.sweep_at("2026-11-23T12:00:00Z")
    await world.sweep_at("2026-11-23T13:00:00Z")
    assert world.subjects == ["Call the bank"]
    assert await statuses(world, ann) == [(name, "sent")]
    assert await world.due_items() == []
    assert (await find_reminder(world.services, ann, name)).entry.status == "sent"


async def test_quiet_hours_do_not_hold_what_was_asked_for_to_the_minute(world: World):
    ann = await world.person()
    await world.settings(ann, quiet=Quiet(QuietHours(12 * 3600, 15 * 3600)))
    await standing(world, ann)
    await world.sweep()
    await world.sweep_at("2026-11-23T12:00:00Z")
    assert world.subjects == ["Call the bank"]


async def test_moved_and_renamed_it_rings_then(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    entry, _ = await change(world, ann, name, LATER, "Call them")
    assert (entry.name, entry.rings_at) == (name, LATER)
    await world.sweep_at("2026-11-23T14:59:59Z")
    assert world.mailbox.sent == []
    await world.sweep_at("2026-11-23T15:00:00Z")
    assert world.subjects == ["Call them"]


async def test_an_outage_does_not_lose_it(world: World):
    ann = await world.person()
    await standing(world, ann)
    await world.sweep_at("2026-11-23T20:00:00Z")
    assert world.subjects == ["late Call the bank"]
    name = await standing(world, ann, parse_instant("2026-11-23T21:00:00Z"))
    await world.sweep_at("2026-11-25T20:00:00Z")
    assert (await find_reminder(world.services, ann, name)).entry.status == "suppressed", "days later it helps nobody"


async def test_taken_back_it_does_not_ring(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    await delete_standing(world.services, ann, name, lambda _: None)
    assert await world.due_items() == []
    assert await statuses(world, ann) == []
    for gone in (name, "nobody"):
        with pytest.raises(NotFoundError):
            await delete_standing(world.services, ann, gone, lambda _: None)
        with pytest.raises(NotFoundError):
            await change(world, ann, gone, LATER)


async def test_dismissed_or_snoozed_before_it_rings(world: World):
    ann = await world.person()
    first, second = await standing(world, ann), await standing(world, ann, text="Water the plants")
    await dismiss_reminder(world.services, ann, first)
    await snooze_reminder(world.services, ann, second, LATER)
    await world.sweep_at("2026-11-23T12:00:00Z")
    assert world.mailbox.sent == []
    await world.sweep_at("2026-11-23T15:00:00Z")
    assert world.subjects == ["Water the plants"]
    found = await statuses(world, ann)
    assert dict(found[:2]) == {first: "dismissed", second: "snoozed"}
    assert found[2][1] == "sent"
    assert found[2][0].startswith(f"{second}."), "what rings after a snooze has a name of its own"


async def test_what_has_rung_stays(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    await world.sweep_at("2026-11-23T12:00:00Z")
    with pytest.raises(ClashError, match="rung"):
        await change(world, ann, name, LATER)
    with pytest.raises(ClashError, match="rung"):
        await delete_standing(world.services, ann, name, lambda _: None)


async def test_no_time_that_is_past(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    for at in (parse_instant("2026-11-23T07:00:00Z"), parse_instant("9000-01-01T00:00:00Z")):
        with pytest.raises(InvalidError):
            await standing(world, ann, at)
        with pytest.raises(InvalidError):
            await change(world, ann, name, at)


async def test_changed_while_it_is_being_sent_is_refused_and_it_rings_once(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    arrived = asyncio.Event()
    world.mailbox.trouble = lambda _: arrived.wait()
    world.clock.set("2026-11-23T12:00:00Z")
    sweeping = asyncio.create_task(world.sweep())
    await world.mailbox.begun.wait()
    with pytest.raises(ClashError):
        await change(world, ann, name, LATER)
    arrived.set()
    await sweeping
    await world.sweep_at("2026-11-23T15:00:00Z")
    assert world.subjects == ["Call the bank"]


async def test_two_changes_at_once_leave_one_time(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    await asyncio.gather(*(change(world, ann, name, LATER + number) for number in range(5)))
    assert len(await world.due_items()) == 1
    await world.sweep_at("2026-11-23T16:00:00Z")
    assert len(world.mailbox.sent) == 1


@pytest.mark.parametrize("die_at", range(1, 18))
async def test_killed_at_any_step_it_rings_once(world: World, die_at: int):
    ann = await world.person()
    await standing(world, ann)
    world.clock.set("2026-11-23T12:00:00Z")
    world.process.restart(die_at)
    with contextlib.suppress(Crash):
        await world.sweep()
    unrecorded = len(world.mailbox.sent) == 1 and "sending" in await world.statuses(ann)
    await world.restart()
    await world.sweep()
    assert len(world.mailbox.sent) == 1 + unrecorded
    assert await world.statuses(ann) == ["sent"]
    assert await world.due_items() == []


async def test_one_that_is_gone_while_it_is_due_rings_nothing(world: World):
    ann = await world.person()
    name = await standing(world, ann)
    await world.disk.write(Delete(keys.standing(ann, name)))
    world.clock.set("2026-11-23T12:00:00Z")
    (due,) = await sweeping.find_due(world.services, 9)
    assert await ringing.attend(world.services, due, compose) == []
    assert await world.due_items() == []
