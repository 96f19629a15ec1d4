"""What rings, when, and what is shown of it; the faults that PRODUCT.md says the field has, each by name."""

import asyncio

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.operations import calendars, rearming, ringing, sweeping
from aurora_time.ports import Delete, MailUnavailableError, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.reminders import Due, State, arm
from tests.operations.world import World, compose

pytestmark = pytest.mark.anyio


async def test_a_reminder_rings_once_at_its_instant_and_never_before(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    assert await world.sweep_at("2026-11-23T07:49:59Z") == []
    await world.sweep_at("2026-11-23T07:50:00Z")
    for minute in range(51, 60):
        await world.sweep_at(f"2026-11-23T07:{minute}:00Z")
    assert world.subjects == ["Review"]
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.attempts, entry.sent_at) == ("sent", 1, 1795420200.0)
    assert await world.due_items() == []


async def test_reminders_are_not_sent_six_times_though_every_sweep_finds_the_same_item(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    (item,) = await sweeping.find_due(world.services, 10)
    await asyncio.gather(*(ringing.attend(world.services, item, compose) for _ in range(6)))
    assert world.subjects == ["Review"]


async def test_two_sweepers_at_once_never_send_twice(world: World):
    ann = await world.person()
    for hour in range(9, 19):
        await world.event(ann, f"2026-11-23T{hour:02}:00:00", minutes=[10, 10 + 60 * (hour - 9)])
    world.clock.set("2026-11-23T07:50:00Z")
    world.mailbox.trouble = lambda _: asyncio.sleep(0)
    await asyncio.gather(world.sweep(), world.sweep())
    assert len(world.subjects) == len({mail.message_id for mail in world.mailbox.sent}) == 10


async def test_all_day_events_ringing_at_23_50_the_day_before(world: World):
    ann = await world.person()
    await world.defaults(ann, Alarm("email", minutes_before=10), Alarm("email", days_before=0, at=8 * 3600))
    await world.sweep()
    await world.event(ann, "2026-11-25")
    await world.sweep_at("2026-11-25T06:59:59Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-25T07:00:00Z")
    assert world.subjects == ["Review"]


async def test_an_all_day_event_rings_by_the_clock_of_the_persons_zone_wherever_he_moves(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-25")
    await world.settings(ann, time_zone="Asia/Ho_Chi_Minh")
    await world.sweep()
    await world.sweep_at("2026-11-25T00:59:59Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-25T01:00:00Z")
    assert world.subjects == ["Review"]


async def test_a_weekly_nine_o_clock_rings_at_the_right_hour_after_a_change_to_winter_time(world: World):
    world.clock.set("2026-10-19T00:00:00Z")
    ann = await world.person()
    await world.event(ann, "2026-10-20T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=WEEKLY"])
    await world.sweep_at("2026-10-20T06:49:59Z")
    assert world.subjects == []
    await world.sweep_at("2026-10-20T06:50:00Z")
    assert world.subjects == ["Review"]
    await world.sweep_at("2026-10-27T07:49:59Z")
    assert world.subjects == ["Review"]
    await world.sweep_at("2026-10-27T07:50:00Z")
    assert world.subjects == ["Review"] * 2


class TestRemindersLostWhenAnEventIsEdited:
    async def test_moved_later_before_it_was_due(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.move(ann, event, "2026-11-23T10:00:00")
        await world.sweep_at("2026-11-23T08:49:59Z")
        assert world.subjects == []
        await world.sweep_at("2026-11-23T08:50:00Z")
        assert world.subjects == ["Review"]

    async def test_moved_earlier_before_it_was_due(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T12:00:00", minutes=[10])
        await world.move(ann, event, "2026-11-23T09:00:00")
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == ["Review"]

    async def test_edited_when_due_but_not_yet_claimed(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        world.clock.set("2026-11-23T07:50:30Z")
        await world.edit(ann, event, summary="Renamed")
        await world.sweep()
        assert world.subjects == ["Renamed"]

    @pytest.mark.parametrize("start", ["2026-11-23T10:00:00", "2026-11-24T09:00:00"])
    async def test_moved_while_it_is_sent_rings_again_at_its_new_time(self, world: World, start):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        world.mailbox.trouble = lambda _: world.move(ann, event, start) if world.mailbox.tries == 1 else None
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == ["Review"]
        armed = await world.armed(ann, event)
        assert armed is not None
        assert not armed.leased
        await world.sweep_at(f"{start[:10]}T{int(start[11:13]) - 2:02}:50:00Z")
        assert world.subjects == ["Review"] * 2
        assert await world.statuses(ann) == ["sent", "sent"]

    async def test_edited_while_leased_and_the_mail_fails_it_is_tried_again(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

        async def edit_and_fail() -> None:
            await world.edit(ann, event, summary="Renamed")
            raise MailUnavailableError("no connection")

        world.mailbox.trouble = lambda _: edit_and_fail() if world.mailbox.tries == 1 else None
        await world.sweep_at("2026-11-23T07:50:00Z")
        await world.sweep_at("2026-11-23T07:50:05Z")
        assert world.subjects == ["Renamed"]

    async def test_moved_after_it_was_sent_rings_again_and_moved_back_it_does_not(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.sweep_at("2026-11-23T07:50:00Z")
        await world.move(ann, event, "2026-11-23T11:00:00")
        await world.move(ann, event, "2026-11-23T09:00:00")
        await world.sweep_at("2026-11-23T07:59:00Z")
        assert world.subjects == ["Review"]
        await world.move(ann, event, "2026-11-23T11:00:00")
        await world.sweep_at("2026-11-23T09:50:00Z")
        assert world.subjects == ["Review"] * 2

    async def test_deleted_before_it_is_due_it_does_not_ring(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.delete(ann, event)
        assert await world.due_items() == []
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == []

    async def test_deleted_while_it_is_sent_the_ledger_still_says_so(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10, 5])
        world.mailbox.trouble = lambda _: world.delete(ann, event)
        await world.sweep_at("2026-11-23T07:50:00Z")
        await world.sweep_at("2026-11-23T07:55:00Z")
        assert world.subjects == ["Review"]
        assert await world.statuses(ann) == ["sent"]
        assert await world.due_items() == []

    async def test_cancelled_it_does_not_ring_and_confirmed_again_it_does(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[30, 10])
        await world.edit(ann, event, status="CANCELLED")
        await world.sweep_at("2026-11-23T07:30:00Z")
        assert world.subjects == []
        await world.edit(ann, event, status="CONFIRMED")
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == ["Review"]


class TestWhenTheSettingsChange:
    async def test_an_old_rule_never_rings_though_the_job_has_not_come_to_the_event(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T10:00:00")
        await world.defaults(ann, Alarm("email", minutes_before=5))
        world.clock.set("2026-11-23T08:50:00Z")
        for item in await sweeping.find_due(world.services, 10):
            if "#o:" in item.key.sort:  # the job is left alone
                await ringing.attend(world.services, item, compose)
        assert world.subjects == []
        await world.sweep_at("2026-11-23T08:55:00Z")
        assert world.subjects == ["Review"]

    async def test_new_defaults_ring_events_that_had_no_reminder(self, world: World):
        ann = await world.person()
        await world.defaults(ann)
        await world.sweep()
        event = await world.event(ann, "2026-11-23T10:00:00")
        assert await world.armed(ann, event) is None
        await world.defaults(ann, Alarm("email", minutes_before=60))
        await world.sweep()
        await world.sweep_at("2026-11-23T08:00:00Z")
        assert world.subjects == ["Review"]

    async def test_more_events_than_a_page_are_all_armed_anew(self, world: World, monkeypatch):
        monkeypatch.setattr(rearming, "PAGE", 3)
        ann = await world.person()
        made = [await world.event(ann, f"2026-11-23T{hour}:00:00") for hour in range(10, 20)]
        await world.defaults(ann, Alarm("email", minutes_before=1))
        await world.sweep()
        for hour, event in enumerate(made, 10):
            armed = await world.armed(ann, event)
            assert armed is not None
            assert armed.due == world.clock.now() + (hour - 8) * 3600 - 60
        assert len([item for item in await world.due_items() if "#o:" in item.key.sort]) == len(made)


class TestLate:
    async def test_a_missed_sweep_heals_itself_late_but_not_over_is_rung_and_says_so(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10], hours=2)
        await world.sweep_at("2026-11-23T08:30:00Z")
        assert world.subjects == ["late Review"]

    async def test_over_is_missed_and_shown_as_suppressed(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.sweep_at("2026-11-23T09:00:00Z")
        assert world.subjects == []
        (entry,) = await world.ledger(ann)
        assert entry.status == "suppressed"
        assert entry.error is not None
        assert "Missed" in entry.error

    async def test_a_week_off_rings_only_what_is_not_over(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
        await world.sweep_at("2026-11-29T08:30:00Z")
        assert world.subjects == ["late Review"]
        assert await world.statuses(ann) == ["suppressed"] * 6 + ["sent"]

    async def test_already_past_at_creation_is_not_rung_but_shown(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T08:05:00", minutes=[10, 2])
        (entry,) = await world.ledger(ann)
        assert entry.status == "suppressed"
        await world.sweep_at("2026-11-23T07:03:00Z")
        assert world.subjects == ["Review"]
        assert await world.statuses(ann) == ["suppressed", "sent"]

    async def test_already_past_of_the_next_occurrence_of_a_series_is_shown(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-16T08:05:00", minutes=[10], recurrence=["RRULE:FREQ=WEEKLY"])
        assert await world.statuses(ann) == ["suppressed"]
        await world.sweep_at("2026-11-30T06:55:00Z")
        assert world.subjects == ["Review"]

    async def test_what_becomes_due_while_the_event_is_being_made_rings(self, world: World):
        ann = await world.person()
        get = world.table.get

        async def slowly(*wanted):
            found = await get(*wanted)
            world.clock.time += any(key.part.startswith("calendar#") for key in wanted)
            return found

        world.table.get = slowly
        await world.event(ann, "2026-11-23T08:00:01", minutes=[0])
        assert world.clock.time == 1795417201
        world.table.get = get
        await world.sweep()
        assert world.subjects == ["Review"]

    async def test_an_event_that_is_over_when_it_is_made_is_nobodys_loss(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-20T08:00:00", minutes=[10])
        assert await world.ledger(ann) == []
        assert await world.due_items() == []


class TestWhatIsGone:
    async def test_an_event_in_a_deleted_calendar_never_rings(self, world: World):
        ann = await world.person()
        work = await world.calendar(ann)
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10], calendarId=work)
        await calendars.delete_calendar(world.services, ann, work)
        world.clock.set("2026-11-23T07:50:00Z")
        for item in await sweeping.find_due(world.services, 10):
            if "#o:" in item.key.sort:  # before its job has come to it
                await ringing.attend(world.services, item, compose)
        await world.sweep()
        assert world.subjects == []
        assert await world.due_items() == []

    async def test_nothing_rings_for_a_person_who_is_gone(self, world: World):
        ann = await world.person()
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        await world.disk.write(Delete(keys.person(ann)))
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == []
        assert await world.due_items() == []

    async def test_a_due_item_with_nothing_behind_it_is_removed(self, world: World):
        ann = await world.person()
        for target in ("o:gone", "j:gone"):
            body = encode(Due(ann, target))
            await world.disk.write(Put(keys.due(1, int(world.clock.time), ann, target), body, "v"))
        await world.sweep()
        assert await world.due_items() == []

    async def test_a_due_item_that_was_just_put_there_anew_is_not_taken_for_an_orphan(self, world: World):
        ann = await world.person()
        event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
        armed = await world.armed(ann, event)
        (stale,) = await world.due_items()
        await world.move(ann, event, "2026-11-23T12:00:00")
        moved_back = False

        def move_back(changes) -> None:
            nonlocal moved_back
            moved_back = moved_back or isinstance(changes[0], Delete)

        # Between the look at the armed item and the removal of the due item, the event is moved back.
        get = world.table.get

        async def get_then_move(*wanted):
            found = await get(*wanted)
            if wanted == (keys.armed(ann, event),):
                world.table.get = get
                await world.move(ann, event, "2026-11-23T09:00:00")
            return found

        world.table.before_write = move_back
        world.table.get = get_then_move
        world.clock.set("2026-11-23T07:49:00Z")
        await ringing.attend(world.services, stale, compose)
        assert moved_back
        assert armed is not None
        assert [item.key for item in await world.due_items()] == [armed.due_key]
        await world.sweep_at("2026-11-23T07:50:00Z")
        assert world.subjects == ["Review"]


async def test_an_event_of_every_second_rings_page_by_page_and_holds_up_nobody(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:00:01", minutes=[0], recurrence=["RRULE:FREQ=SECONDLY"])
    other = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:05Z")
    every_second, _ = await sweeping.find_due(world.services, 10)
    steps = world.process.steps
    await ringing.attend(world.services, every_second, compose)
    assert world.process.steps - steps < 25
    assert len(world.subjects) <= 4
    next_up, last = await sweeping.find_due(world.services, 10)
    assert next_up.key.sort.endswith(other)
    assert not last.key.sort.endswith(other), "after its turn it stands behind what is due"


async def test_more_alarms_at_one_instant_than_a_page_all_ring(world: World):
    ann = await world.person()
    days = [{"daysBefore": 0, "at": "08:30"}] + [{"minutesBefore": 30 + 1440 * day} for day in range(7)]
    reminders = {"useDefault": False, "overrides": days}
    rule = ["RRULE:FREQ=DAILY"]
    await world.event(ann, "2026-11-23T09:00:00", reminders=reminders, recurrence=rule)
    await world.sweep_at("2026-11-23T07:30:00Z")
    assert len(world.mailbox.sent) == len({mail.message_id for mail in world.mailbox.sent}) == 7
    assert (await world.statuses(ann)).count("sent") == 8, "two are for the same occurrence: one mail tells of both"


async def test_leases_of_a_dead_process_are_released_at_the_start(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    (item,) = await world.disk.get(keys.armed(ann, event))
    assert item is not None
    armed = await world.armed(ann, event)
    assert armed is not None
    lease = State(armed.after, int(world.clock.time) + sweeping.LEASE, 1, True)
    await world.disk.write(*arm(ann, event, lease, (armed, item.version), "leased"))
    assert await world.sweep() == []
    assert await sweeping.release_leases(world.services) == 1
    await world.sweep()
    assert world.subjects == ["Review"]


async def test_next_due_is_the_earliest_over_all_shards(world: World):
    assert await sweeping.next_due(world.services) is None
    ann = await world.person()
    for hour in range(20, 8, -1):
        await world.event(ann, f"2026-11-23T{hour:02}:00:00", minutes=[10])
    assert await sweeping.next_due(world.services) == 1795420200
    assert await sweeping.next_due(world.services, 1795420200) == 1795420200 + 3600
