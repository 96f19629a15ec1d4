"""Snoozed and dismissed: each rings again exactly once or not at all, whatever happens to its event meanwhile."""

import asyncio

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations import calendars, reminders, ringing, sweeping
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import find_reminder, list_reminders
from aurora_time.operations.reminders import (
    dismiss_reminder,
    snooze_reminder,
)
from aurora_time.operations.restored import put_restored
from aurora_time.operations.standing import NewStanding, create_standing, delete_standing, update_standing
from aurora_time.ports import ConflictError, MailUnavailableError
from aurora_time.store import keys
from tests.operations.world import Crash, World, compose

pytestmark = pytest.mark.anyio
DAY = Window(parse_instant("2026-11-23T00:00:00Z"), parse_instant("2026-11-24T00:00:00Z"))
EVENING = "2026-11-23T18:00:00Z"


async def shown(world: World, owner: str) -> list[tuple[str, str]]:
    """(status, name) of all of the day, by when they ring."""
    return [(entry.status, entry.name) for entry, _ in await list_reminders(world.services, owner, DAY)]


async def statuses(world: World, owner: str) -> list[str]:
    return [status for status, _ in await shown(world, owner)]


async def rung(world: World, **more: object) -> tuple[str, str, str]:
    """A person, an event at nine and the reminder that was sent ten minutes before."""
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10], **more)
    await world.sweep_at("2026-11-23T07:50:00Z")
    (sent,) = [name for status, name in await shown(world, ann) if status == "sent"]
    return ann, event, sent


async def snooze(world: World, owner: str, name: str, until: str = EVENING):
    return await snooze_reminder(world.services, owner, name, parse_instant(until))


async def test_what_was_sent_rings_again_once(world: World):
    ann, _, sent = await rung(world)
    entry, _ = await snooze(world, ann, sent)
    assert (entry.status, entry.next and entry.next[0]) == ("snoozed", parse_instant(EVENING))
    assert await statuses(world, ann) == ["snoozed", "planned"]
    await world.sweep_at("2026-11-23T17:59:59Z")
    assert len(world.mailbox.sent) == 1
    await world.sweep_at(EVENING)
    await world.sweep_at("2026-11-24T18:00:00Z")
    assert len(world.mailbox.sent) == 2
    assert len({mail.message_id for mail in world.mailbox.sent}) == 2, "no mail program takes it for the same"
    assert await statuses(world, ann) == ["snoozed", "sent"]
    assert await world.due_items() == []
    assert world.nudged[-1] == parse_instant(EVENING)


async def test_what_is_planned_does_not_ring_until_then(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 20])
    (_, first), (_, second) = await shown(world, ann)
    await snooze(world, ann, first)
    await world.sweep_at("2026-11-23T07:40:00Z")
    assert world.mailbox.sent == []
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert len(world.mailbox.sent) == 1, "the other one does"
    await world.sweep_at(EVENING)
    assert len(world.mailbox.sent) == 2
    assert (await find_reminder(world.services, ann, second)).entry.status == "sent"


async def test_snoozed_anew_it_rings_at_the_new_time_only(world: World):
    ann, _, sent = await rung(world)
    await snooze(world, ann, sent)
    await snooze(world, ann, sent)  # the same again changes nothing
    await snooze(world, ann, sent, "2026-11-23T20:00:00Z")
    assert await statuses(world, ann) == ["snoozed", "planned"]
    await world.sweep_at("2026-11-23T19:59:59Z")
    assert len(world.mailbox.sent) == 1
    await world.sweep_at("2026-11-23T20:00:00Z")
    assert len(world.mailbox.sent) == 2


async def test_from_the_first_mail_the_one_that_rang_after_it_is_snoozed(world: World):
    ann, _, sent = await rung(world)
    await snooze(world, ann, sent)
    await world.sweep_at(EVENING)
    entry, _ = await snooze(world, ann, sent, "2026-11-23T20:00:00Z")
    assert entry.name != sent
    assert await statuses(world, ann) == ["snoozed", "snoozed", "planned"]
    await world.sweep_at("2026-11-23T20:00:00Z")
    assert len({mail.message_id for mail in world.mailbox.sent}) == 3


async def test_it_follows_its_event_when_that_is_moved_or_renamed(world: World):
    ann, event, sent = await rung(world)
    await snooze(world, ann, sent)
    await world.edit(ann, event, summary="Renamed")
    await world.move(ann, event, "2026-11-23T23:00:00")
    await world.sweep_at(EVENING)
    assert world.subjects == ["Review", "Renamed"]
    assert world.mailbox.sent[1].text == str(parse_instant("2026-11-23T23:00:00Z"))
    await world.sweep_at("2026-11-23T21:50:00Z")
    assert len(world.mailbox.sent) == 3, "and the moved event rings by itself"


async def test_it_rings_though_its_event_is_over(world: World):
    ann, _, sent = await rung(world)
    await snooze(world, ann, sent)
    await world.sweep_at("2026-11-23T18:30:00Z")
    assert world.subjects == ["Review", "late Review"]


@pytest.mark.parametrize("how", ["deleted", "cancelled", "calendar"])
async def test_it_does_not_ring_for_what_is_gone(world: World, how: str):
    ann = await world.person()
    work = await world.calendar(ann)
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10], calendarId=work)
    await world.sweep_at("2026-11-23T07:50:00Z")
    ((_, sent),) = await shown(world, ann)
    await snooze(world, ann, sent)
    if how == "deleted":
        await world.delete(ann, event)
        assert await statuses(world, ann) == ["snoozed", "suppressed"], "and that is seen at once"
        with pytest.raises(ClashError, match="no longer there"):
            await snooze(world, ann, sent, "2026-11-23T20:00:00Z")
    elif how == "cancelled":
        await world.edit(ann, event, status="CANCELLED")
    else:
        await calendars.delete_calendar(world.services, ann, work)
    await world.sweep_at(EVENING)
    assert len(world.mailbox.sent) == 1
    assert await statuses(world, ann) == ["snoozed", "suppressed"]
    assert await world.due_items() == []


async def test_an_occurrence_of_a_series_is_the_one_that_rings_again(world: World):
    ann, event, sent = await rung(world, recurrence=["RRULE:FREQ=DAILY"])
    await snooze(world, ann, sent, "2026-11-24T07:55:00Z")
    await world.sweep_at("2026-11-24T07:50:00Z")
    await world.sweep_at("2026-11-24T07:55:00Z")
    starts = [int(mail.text) for mail in world.mailbox.sent]
    assert [starts[0], starts[1] - 86_400, starts[2]] == [starts[0]] * 3
    await snooze(world, ann, sent, "2026-11-24T12:00:00Z")
    await world.edit(ann, event, recurrence=["RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20261123T090000"])
    await world.sweep_at("2026-11-24T12:00:00Z")
    assert len(world.mailbox.sent) == 3, "the occurrence was taken out"


async def test_a_task_that_is_done_does_not_ring_again(world: World):
    ann = await world.person()
    due = {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
    task = await world.task(ann, due=due, reminders={"useDefault": False, "overrides": [{"minutesBefore": 10}]})
    await world.sweep_at("2026-11-23T07:50:00Z")
    ((_, sent),) = await shown(world, ann)
    await snooze(world, ann, sent)
    await world.finish(ann, task)
    await world.sweep_at(EVENING)
    assert len(world.mailbox.sent) == 1


@pytest.mark.parametrize("die_at", range(1, 18))
async def test_killed_at_any_step_it_rings_once(world: World, die_at: int):
    ann, _, sent = await rung(world)
    world.process.restart(die_at)
    try:
        await snooze(world, ann, sent)
    except Crash:
        await world.restart()
        await snooze(world, ann, sent)
    world.clock.set(EVENING)
    world.process.restart(die_at)
    label = ""
    try:
        await world.sweep()
    except Crash as crash:
        label = str(crash)
    unrecorded = len(world.mailbox.sent) == 2 and "sending" in await world.statuses(ann)
    await world.restart()
    await world.sweep()
    assert await statuses(world, ann) == ["snoozed", "sent"], f"killed at {label}"
    assert len({mail.message_id for mail in world.mailbox.sent}) == 2
    assert len(world.mailbox.sent) == 2 + unrecorded
    assert await world.due_items() == []


async def test_a_restored_backup_rings_none_of_its_past_and_all_of_its_future(world: World):
    ann, _, sent = await rung(world)
    await snooze(world, ann, sent)
    world.clock.set("2026-11-23T19:00:00Z")
    await world.disk.write(put_restored(parse_instant("2026-11-23T19:00:00Z"), "v"))
    await world.sweep()
    assert await statuses(world, ann) == ["snoozed", "suppressed"]
    await snooze(world, ann, sent, "2026-11-23T20:00:00Z")
    await world.sweep_at("2026-11-23T20:00:00Z")
    assert len(world.mailbox.sent) == 2


async def test_what_may_not_be_is_refused(world: World, monkeypatch: pytest.MonkeyPatch):
    ann, _, sent = await rung(world)
    bob = await world.person("bob@example.org")
    for until in ("2026-11-23T07:50:00Z", "2027-11-25T07:50:00Z"):
        with pytest.raises(InvalidError):
            await snooze(world, ann, sent, until)
    for name in (sent[:-1], "x" + sent[1:], f"{sent}.x", "a.b.c", "a.1.b", "a.9999999999999.b", "nobody", ""):
        with pytest.raises(NotFoundError):
            await snooze(world, ann, name)
        with pytest.raises(NotFoundError):
            await dismiss_reminder(world.services, ann, name)
    with pytest.raises(NotFoundError):
        await snooze(world, bob, sent)
    monkeypatch.setattr(reminders, "MAX_SNOOZES", 1)
    await snooze(world, ann, sent)
    await world.sweep_at(EVENING)
    with pytest.raises(ClashError, match="of its own"):
        await snooze(world, ann, sent, "2026-11-23T20:00:00Z")


class TestDismissed:
    async def test_it_does_not_ring_and_the_others_of_its_event_do(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 20, 30], recurrence=["RRULE:FREQ=DAILY"])
        (_, first), *_ = await shown(world, ann)
        for _ in range(2):
            entry, _ = await dismiss_reminder(world.services, ann, first)
            assert entry.status == "dismissed"
        for minute in (30, 40, 50):
            await world.sweep_at(f"2026-11-23T07:{minute}:00Z")
        assert await statuses(world, ann) == ["dismissed", "sent", "sent"]
        await world.sweep_at("2026-11-24T07:30:00Z")
        assert len(world.mailbox.sent) == 3

    async def test_an_edit_does_not_bring_it_back(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        ((_, name),) = await shown(world, ann)
        await dismiss_reminder(world.services, ann, name)
        await world.edit(ann, event, summary="Renamed")
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.mailbox.sent == []
        assert await statuses(world, ann) == ["dismissed"]

    async def test_what_was_snoozed_does_not_ring_again(self, world: World):
        ann, _, sent = await rung(world)
        await snooze(world, ann, sent)
        await dismiss_reminder(world.services, ann, sent)
        assert await statuses(world, ann) == ["dismissed", "dismissed"]
        assert await world.due_items() == []
        await world.sweep_at(EVENING)
        assert len(world.mailbox.sent) == 1
        await snooze(world, ann, sent, "2026-11-23T20:00:00Z")
        await world.sweep_at("2026-11-23T20:00:00Z")
        assert len(world.mailbox.sent) == 2, "who snoozes it after all, wants it"

    async def test_what_waits_after_a_snooze_is_dismissed_by_its_own_name(self, world: World):
        ann, _, sent = await rung(world)
        await snooze(world, ann, sent)
        (waiting,) = [name for status, name in await shown(world, ann) if status == "planned"]
        await dismiss_reminder(world.services, ann, waiting)
        await world.sweep_at(EVENING)
        assert len(world.mailbox.sent) == 1

    async def test_what_waits_to_be_tried_again_is_not(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

        def away(_) -> None:
            raise MailUnavailableError("nothing listens")

        world.mailbox.trouble = away
        await world.sweep_at("2026-11-23T07:50:00Z")
        ((status, name),) = await shown(world, ann)
        assert status == "sending"
        await dismiss_reminder(world.services, ann, name)
        world.mailbox.trouble = lambda _: None
        await world.sweep_at("2026-11-23T07:55:00Z")
        assert world.mailbox.sent == []
        assert await world.due_items() == []

    @pytest.mark.parametrize("how", ["dismissed", "snoozed"])
    async def test_while_its_mail_is_on_its_way_the_mail_arrives_and_what_was_said_stays(self, world: World, how: str):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
        (_, name) = (await shown(world, ann))[0]
        arrived = asyncio.Event()
        world.mailbox.trouble = lambda _: arrived.wait()
        world.clock.set("2026-11-23T07:50:00Z")
        sweeping = asyncio.create_task(world.sweep())
        await world.mailbox.begun.wait()
        if how == "dismissed":
            await dismiss_reminder(world.services, ann, name)
        else:
            await snooze(world, ann, name)
        arrived.set()
        await sweeping
        found = await find_reminder(world.services, ann, name)
        assert (found.entry.status, found.entry.sent_at) == (how, world.clock.now())
        await world.sweep_at(EVENING)
        assert len(world.mailbox.sent) == 1 + (how == "snoozed")
        await world.sweep_at("2026-11-24T07:50:00Z")
        assert len(world.mailbox.sent) == 2 + (how == "snoozed"), "the next day rings"

    async def test_as_it_is_being_claimed_it_does_not_ring(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        ((_, name),) = await shown(world, ann)
        world.clock.set("2026-11-23T07:50:00Z")
        (due,) = await sweeping.find_due(world.services, 9)
        write, done = world.table.write, False

        async def dismiss_then_write(*changes):
            nonlocal done
            if not done and any(each.key.part == keys.ledger(ann, 0, "").part for each in changes):
                done = True
                await dismiss_reminder(world.services, ann, name)
            await write(*changes)

        world.table.write = dismiss_then_write
        assert await ringing.attend(world.services, due, compose) == []
        await world.sweep()
        assert done
        assert world.mailbox.sent == []
        assert await world.due_items() == []

    async def test_a_default_changed_for_another_is_another_reminder(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00")
        ((_, name),) = await shown(world, ann)
        await dismiss_reminder(world.services, ann, name)
        await world.defaults(ann, Alarm("email", minutes_before=5))
        await world.sweep()
        await world.sweep_at("2026-11-23T07:55:00Z")
        assert len(world.mailbox.sent) == 1


async def test_who_is_always_too_slow_is_told(world: World):
    ann, _, sent = await rung(world)
    standing, _ = await create_standing(world.services, ann, NewStanding(parse_instant(EVENING), "Call", "email"))

    async def never(*changes):
        raise ConflictError(changes[0].key)

    world.table.write = never
    with pytest.raises(ChangedError):
        await snooze(world, ann, sent)
    with pytest.raises(ChangedError):
        await dismiss_reminder(world.services, ann, sent)
    with pytest.raises(ChangedError):
        await update_standing(
            world.services, ann, standing.name, lambda *_: NewStanding(parse_instant(EVENING), "B", "email")
        )
    with pytest.raises(ChangedError):
        await delete_standing(world.services, ann, standing.name, lambda _: None)


async def test_two_devices_at_once_come_to_one_end(world: World):
    ann, _, sent = await rung(world)
    until = parse_instant(EVENING)
    await asyncio.gather(*(snooze_reminder(world.services, ann, sent, until + number) for number in range(6)))
    assert await statuses(world, ann) == ["snoozed", "planned"]
    await world.sweep_at("2026-11-23T18:01:00Z")
    assert len(world.mailbox.sent) == 2
