"""What a person sees of reminders: past ones from the ledger, planned ones computed."""

import pytest

from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations import calendars
from aurora_time.operations.ledger import list_reminders
from aurora_time.ports import MailUnavailableError
from tests.operations.world import World

pytestmark = pytest.mark.anyio
WEEK = Window(parse_instant("2026-11-22T00:00:00Z"), parse_instant("2026-11-29T00:00:00Z"))


async def shown(world: World, owner: str, window: Window = WEEK, status: str | None = None) -> list[str]:
    return [entry.status for entry, _ in await list_reminders(world.services, owner, window, status)]


async def test_sent_suppressed_and_planned_stand_in_one_list_in_order(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:05:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert await shown(world, ann) == ["suppressed", "sent", *["planned"] * 5]
    assert await shown(world, ann, status="sent") == ["sent"]
    assert await shown(world, ann, Window(WEEK.end, WEEK.end + 2 * 86_400)) == ["planned"] * 2
    assert await shown(world, ann, Window(WEEK.start - 86_400, WEEK.start)) == []


async def test_what_was_planned_is_what_rings(world: World):
    ann = await world.person()
    for hour in range(10, 16):
        await world.event(ann, f"2026-11-23T{hour}:00:00", minutes=[10, 20])
    planned = {(entry.id, entry.instant) for entry, _ in await list_reminders(world.services, ann, WEEK, "planned")}
    for quarter in range(32, 80):
        await world.sweep_at(f"2026-11-23T{quarter // 4:02}:{quarter % 4 * 15:02}:00Z")
    sent = {(entry.id, entry.instant) for entry, _ in await list_reminders(world.services, ann, WEEK, "sent")}
    assert len(sent) == 12
    assert sent == planned


async def test_a_reminder_that_waits_to_be_tried_again_is_being_sent_until_its_event_is_gone(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

    def away(_) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert await shown(world, ann) == ["sending"]
    await world.delete(ann, event)
    assert await shown(world, ann) == ["suppressed"]


async def test_events_of_a_deleted_calendar_plan_nothing(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10], calendarId=work)
    await calendars.delete_calendar(world.services, ann, work)
    assert await shown(world, ann) == []
