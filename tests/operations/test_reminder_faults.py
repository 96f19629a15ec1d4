"""What the field gets wrong about reminders, each fault by its name in PRODUCT.md."""

import pytest

from aurora_time.domain.moment import Window, parse_instant, print_instant
from aurora_time.operations import retrying
from aurora_time.operations.changes import list_changes
from aurora_time.operations.ledger import find_reminder, list_reminders
from aurora_time.operations.reminders import dismiss_reminder, snooze_reminder
from aurora_time.ports import MailUnavailableError, UnavailableError, UncertainError
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio
MONTH = Window(parse_instant("2026-11-22T00:00:00Z"), parse_instant("2026-12-22T00:00:00Z"))


async def rung(world: World, owner: str) -> list[str]:
    """When each reminder was sent."""
    return [print_instant(int(entry.sent_at)) for entry in await world.ledger(owner) if entry.sent_at is not None]


class TestNeverSent:
    async def test_nobody_was_there_when_it_was_due(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.sweep_at("2026-11-23T08:20:00Z")
        assert world.subjects == ["late Review"]

    async def test_the_mail_server_was_away(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

        def away(_) -> None:
            raise MailUnavailableError("nothing listens")

        world.mailbox.trouble = away
        await world.sweep_at("2026-11-23T07:50:00Z")
        world.mailbox.trouble = lambda _: None
        await world.sweep_at("2026-11-23T07:50:05Z")
        assert world.subjects == ["Review"]

    @pytest.mark.parametrize("die_at", range(1, 14))
    async def test_the_process_died_while_sending(self, world: World, die_at: int):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        world.clock.set("2026-11-23T07:50:00Z")
        world.process.restart(die_at)
        try:
            await world.sweep()
        except Crash:
            await world.restart()
        await world.sweep()
        assert set(world.subjects) == {"Review"}


async def test_sent_six_times(world: World):
    """Edits, renamed rules, other devices, restarts and sweeps that look again: the same reminder rings once."""
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T12:00:00", minutes=[10])
    await world.sweep_at("2026-11-23T10:50:00Z")
    for number in range(6):
        world.clock.time += 20
        await world.edit(ann, event, summary=f"Renamed {number}")
        await world.move(ann, event, "2026-11-23T13:00:00")
        await world.move(ann, event, "2026-11-23T12:00:00")
        await world.settings(
            ann, locale="vi" if number % 2 else "en", time_zone="Europe/Paris" if number % 2 else "Europe/Berlin"
        )
        await world.restart()
        await world.sweep()
    assert len(world.mailbox.sent) == 1


class TestLostWhenAnEventIsEdited:
    async def test_renamed(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
        for day in (23, 24, 25):
            await world.edit(ann, event, summary=f"Review {day}")
            await world.sweep_at(f"2026-11-{day}T07:50:00Z")
        assert world.subjects == ["Review 23", "Review 24", "Review 25"]

    async def test_in_the_very_second_in_which_it_is_due(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        world.clock.set("2026-11-23T07:50:00Z")
        await world.edit(ann, event, summary="Renamed")
        await world.sweep_at("2026-11-23T07:50:01Z")
        assert world.subjects == ["Renamed"]

    async def test_moved_it_rings_for_its_new_time(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.sweep_at("2026-11-23T07:50:00Z")
        await world.move(ann, event, "2026-11-24T09:00:00")
        await world.sweep_at("2026-11-24T07:50:00Z")
        assert await rung(world, ann) == ["2026-11-23T07:50:00Z", "2026-11-24T07:50:00Z"]

    async def test_snoozed_and_then_edited(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.sweep_at("2026-11-23T07:50:00Z")
        ((entry, _),) = await list_reminders(world.services, ann, MONTH)
        await snooze_reminder(world.services, ann, entry.name, parse_instant("2026-11-23T07:55:00Z"))
        await world.edit(ann, event, summary="Renamed")
        await world.sweep_at("2026-11-23T07:55:00Z")
        assert world.subjects == ["Review", "Renamed"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"])
async def test_all_day_events_ringing_at_23_50_the_day_before(world: World, zone: str):
    """With the settings that everybody starts with, a day rings on that day, at eight, wherever its reader is."""
    ann = await world.person(zone=zone)
    await world.event(ann, "2026-11-25")
    ((entry, _),) = await list_reminders(world.services, ann, MONTH)
    person_day = {"Europe/Berlin": "25T07", "America/Los_Angeles": "25T16", "Asia/Ho_Chi_Minh": "25T01"}
    assert print_instant(entry.rings_at) == f"2026-11-{person_day.get(zone, '24T18')}:00:00Z"


async def test_dismissals_that_do_not_sync(world: World):
    """What one device dismisses is dismissed for all: in the ledger, in the change feed, and in what rings."""
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 20])
    (first, _), _ = await list_reminders(world.services, ann, MONTH)
    scopes = frozenset({"reminders:read"})
    before = await list_changes(world.services, ann, scopes, "now", 100)
    await dismiss_reminder(world.services, ann, first.name)
    assert (await find_reminder(world.services, ann, first.name)).entry.status == "dismissed"
    told = await list_changes(world.services, ann, scopes, before.token, 100)
    assert [(each.kind, each.id, each.deleted) for each in told.items] == [("reminder", first.name, False)]
    assert b'"status":"dismissed"' in bytes(told.items[0].resource)
    await world.restart()
    await world.sweep_at("2026-11-23T07:40:00Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert world.subjects == ["Review"], "the other one of the event rings"


async def test_wrong_hour_after_a_dst_change(world: World):
    """A weekly nine o'clock is reminded of at ten to nine by the clock on the wall, before and after clocks change."""
    ann = await world.person()
    world.clock.set("2027-03-20T00:00:00Z")
    await world.event(ann, "2027-03-22T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    await world.event(ann, "2027-03-28", summary="Clocks change")
    for time in ("22T07:50", "28T06:00", "29T06:50"):
        before = parse_instant(f"2027-03-{time}:00Z") - 1
        count = len(world.mailbox.sent)
        world.clock.time = float(before)
        await world.sweep()
        assert len(world.mailbox.sent) == count
        world.clock.time += 1
        await world.sweep()
        assert len(world.mailbox.sent) == count + 1


async def test_a_table_out_of_reach_when_a_mail_was_sent_is_waited_for_and_the_mail_is_not_sent_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as DynamoDB, throttled for longer than one write is tried again."""
    monkeypatch.setattr(retrying, "INSISTING", (0.0, 0.0, 0.0))
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    away = [UnavailableError("throttled"), UncertainError("lost"), UnavailableError("throttled")]

    def fail(_: object) -> None:
        if world.mailbox.sent and away:
            raise away.pop()

    world.table.before_write = fail
    assert [entry.status for entry in await world.sweep_at("2026-11-23T07:50:00Z")] == ["sent"]
    await world.sweep_at("2026-11-23T07:53:00Z")
    assert (world.subjects, away) == (["Review"], [])


async def test_a_table_that_stays_out_of_reach_is_told_and_the_reminder_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "INSISTING", (0.0,))
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

    def fail(_: object) -> None:
        if world.mailbox.sent:
            raise UnavailableError("throttled")

    world.table.before_write = fail
    with pytest.raises(UnavailableError):
        await world.sweep_at("2026-11-23T07:50:00Z")
    world.table.before_write = lambda _: None
    await world.sweep_at("2026-11-23T07:53:00Z")
    assert {mail.message_id for mail in world.mailbox.sent} == {world.mailbox.sent[0].message_id}
    assert len(await world.due_items()) == 0
