"""The agenda of a day by mail: what is in it, once a day and on time, and what happens when something goes wrong."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from aurora_time.domain.agenda import AgendaMail
from aurora_time.operations import retrying, tasks
from aurora_time.operations.agenda_mail import DUTIES, EVENTS, SKIPPED, last_told
from aurora_time.operations.restored import NOT_SENT, put_restored
from aurora_time.operations.suppression import BOUNCED, note_bounce
from aurora_time.operations.task_resources import TaskInput
from aurora_time.ports import ConflictError, Delete, MailRefusedError, MailUnavailableError, Put, UnavailableError
from aurora_time.store import keys
from aurora_time.store.agenda import AGENDA
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio

SEVEN = AgendaMail(True)
SUNDAY = "2026-11-22T12:00:00Z"
MONDAY_SEVEN = "2026-11-23T06:00:00Z"
TUESDAY_SEVEN = "2026-11-24T06:00:00Z"


async def somebody(world: World, wanted: AgendaMail = SEVEN, **settings: object) -> str:
    """Who asked on Sunday for an agenda at seven in Berlin, and has something to do on Monday."""
    world.clock.set(SUNDAY)
    ann = await world.person()
    await world.settings(ann, agenda_mail=wanted, **settings)
    await world.event(ann, "2026-11-23T09:00:00", minutes=[])
    return ann


async def task(world: World, owner: str, summary: str, **fields: object) -> None:
    body = msgspec.convert({"summary": summary, "reminders": {"useDefault": False}, **fields}, TaskInput)
    await tasks.create_task(world.services, owner, body)


async def told(world: World, owner: str) -> list[tuple[str, str]]:
    disk = dataclasses.replace(world.services, table=world.disk)  # which is there when the process is dead
    return [(day, each.status) for day, each in await last_told(disk, owner, 10)]


# --- when -------------------------------------------------------------------------------------------------------------
async def test_it_comes_at_seven_and_once(world: World):
    ann = await somebody(world)
    await world.sweep_at("2026-11-23T05:59:59Z")
    assert world.subjects == []
    await world.sweep_at(MONDAY_SEVEN)
    assert world.subjects == ["Mon 23 Nov: 1 event"]
    await world.sweep_at("2026-11-23T20:00:00Z")
    assert len(world.subjects) == 1
    assert await told(world, ann) == [("2026-11-23", "sent")]


async def test_who_did_not_ask_gets_none_and_who_asks_no_more_neither(world: World):
    ann = await somebody(world, AgendaMail())
    assert await world.due_items() == []
    await world.settings(ann, agenda_mail=SEVEN)
    assert len(await world.due_items()) == 1
    await world.settings(ann, agenda_mail=AgendaMail(False))
    assert await world.due_items() == []
    await world.sweep_at(MONDAY_SEVEN)
    assert world.subjects == []


async def test_a_day_with_nothing_in_it_has_no_mail(world: World):
    ann = await somebody(world)
    await world.sweep_at(MONDAY_SEVEN)
    world.process.restart()
    await world.sweep_at(TUESDAY_SEVEN)
    assert len(world.subjects) == 1
    assert await told(world, ann) == [("2026-11-24", "empty"), ("2026-11-23", "sent")]
    assert world.process.labels.count("before write") == 1


async def test_only_on_the_days_that_were_chosen(world: World):
    ann = await somebody(world, AgendaMail(True, 7 * 3600, ("TU",)))
    await world.event(ann, "2026-11-24T09:00:00", minutes=[])
    await world.sweep_at(MONDAY_SEVEN)
    assert world.subjects == []
    await world.sweep_at(TUESDAY_SEVEN)
    assert world.subjects == ["Tue 24 Nov: 1 event"]


async def test_at_seven_on_the_wall_on_both_sides_of_a_change_of_clocks(world: World):
    world.clock.set("2026-03-27T12:00:00Z")
    ann = await world.person()
    await world.settings(ann, agenda_mail=SEVEN)
    await world.event(ann, "2026-03-28T12:00:00", minutes=[], recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    for instant in ("2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z"):
        before = len(world.subjects)
        world.clock.set(instant)
        world.clock.time -= 1
        await world.sweep()
        assert len(world.subjects) == before
        await world.sweep_at(instant)
        assert len(world.subjects) == before + 1


async def test_another_time_on_the_same_day_sends_no_second_one(world: World):
    ann = await somebody(world)
    await world.sweep_at(MONDAY_SEVEN)
    await world.settings(ann, agenda_mail=AgendaMail(True, 9 * 3600))
    await world.event(ann, "2026-11-24T09:00:00", minutes=[])
    await world.sweep_at("2026-11-23T08:00:00Z")
    assert len(world.subjects) == 1
    await world.sweep_at("2026-11-24T08:00:00Z")
    assert world.subjects == ["Mon 23 Nov: 1 event", "Tue 24 Nov: 1 event"]


async def test_who_flies_west_on_that_day_gets_it_once_and_the_next_on_the_new_clock(world: World):
    ann = await somebody(world)
    await world.sweep_at(MONDAY_SEVEN)
    await world.settings(ann, time_zone="America/Los_Angeles")
    await world.event(ann, "2026-11-24T09:00:00", minutes=[], zone="America/Los_Angeles")
    await world.sweep_at("2026-11-23T15:00:00Z")
    assert len(world.subjects) == 1, "seven on Monday once more, in Los Angeles"
    await world.sweep_at("2026-11-24T15:00:00Z")
    assert world.subjects[1:] == ["Tue 24 Nov: 1 event"]


async def test_late_is_better_than_never_but_not_for_long(world: World):
    ann = await somebody(world)
    await world.event(ann, "2026-11-24T09:00:00", minutes=[])
    await world.sweep_at("2026-11-23T10:00:00Z")
    assert world.subjects == ["Mon 23 Nov: 1 event"]
    await world.sweep_at("2026-11-24T10:00:01Z")
    assert len(world.subjects) == 1
    assert await told(world, ann) == [("2026-11-24", "skipped"), ("2026-11-23", "sent")]
    assert (await last_told(world.services, ann, 1))[0][1].error == SKIPPED


async def test_after_days_without_a_server_the_days_missed_are_one_and_today_is_sent(world: World):
    ann = await somebody(world)
    await world.event(ann, "2026-11-26T09:00:00", minutes=[])
    await world.sweep_at("2026-11-26T06:30:00Z")
    assert world.subjects == ["Thu 26 Nov: 1 event"]
    assert await told(world, ann) == [("2026-11-26", "sent"), ("2026-11-23", "skipped")]


# --- what -------------------------------------------------------------------------------------------------------------
async def test_all_day_events_first_then_by_time_then_what_is_due_then_what_is_overdue(world: World):
    ann = await somebody(world)
    await world.event(ann, "2026-11-23T08:00:00", summary="Early", minutes=[])
    await world.event(ann, "2026-11-22", end="2026-11-25", summary="Fair", minutes=[])
    await world.event(ann, "2026-11-22T23:00:00", hours=2, summary="Party", minutes=[])
    await world.event(ann, "2026-11-23T10:00:00", summary="Called off", minutes=[], status="CANCELLED")
    await world.event(ann, "2026-11-24", summary="Tomorrow", minutes=[])
    await task(world, ann, "Pay rent", due={"date": "2026-11-23"})
    await task(world, ann, "Old", due={"dateTime": "2026-11-20T10:00:00", "timeZone": "Europe/Berlin"})
    await task(world, ann, "Done", due={"date": "2026-11-23"}, status="COMPLETED")
    await task(world, ann, "Later", due={"date": "2026-11-24"})
    await task(world, ann, "Whenever")
    await world.sweep_at(MONDAY_SEVEN)
    (mail,) = world.mailbox.sent
    assert mail.subject == "Mon 23 Nov: 4 events, 2 tasks"
    order = [mail.text.index(each) for each in ("Fair", "Party", "Early", "Review", "Pay rent", "Old")]
    assert order == sorted(order)
    for absent in ("Called off", "Tomorrow", "Done", "Later", "Whenever"):
        assert absent not in mail.text
    assert "- All day, day 2 of 3  Fair" in mail.text
    assert "- until 01:00  Party" in mail.text
    assert "- 09:00–10:00  Review" in mail.text
    assert "- Old (since Fri 20 Nov)" in mail.text


async def test_a_series_shows_its_occurrence_of_the_day_on_the_persons_clock(world: World):
    ann = await somebody(world, time_zone="Asia/Ho_Chi_Minh")
    await world.event(
        ann, "2026-10-05T09:00:00", summary="Standup", minutes=[], recurrence=["RRULE:FREQ=WEEKLY"], zone="Europe/Paris"
    )
    await world.sweep_at("2026-11-23T00:00:00Z")
    (mail,) = world.mailbox.sent
    assert "- 15:00–16:00  Standup" in mail.text


async def test_a_full_day_is_cut_and_says_so(world: World):
    ann = await somebody(world)
    for number in range(EVENTS + 1):
        await world.event(ann, "2026-11-23T09:00:00", summary=f"Number {number}", minutes=[])
    for number in range(DUTIES + 1):
        await task(world, ann, f"Task {number}", due={"date": "2026-11-22"})
    await world.sweep_at(MONDAY_SEVEN)
    (mail,) = world.mailbox.sent
    assert mail.subject == f"Mon 23 Nov: {EVENTS}+ events, {DUTIES}+ tasks"
    assert "And more, which Aurora Time shows you." in mail.text


async def test_a_day_of_many_events_counts_its_tasks_exactly(world: World):
    ann = await somebody(world)
    for number in range(EVENTS):
        await world.event(ann, "2026-11-23T09:00:00", summary=f"Number {number}", minutes=[])
    await task(world, ann, "Pay rent", due={"date": "2026-11-23"})
    await world.sweep_at(MONDAY_SEVEN)
    assert world.subjects == [f"Mon 23 Nov: {EVENTS}+ events, 1 task"]


async def test_it_can_be_unsubscribed_from(world: World):
    await somebody(world, locale="vi")
    await world.sweep_at(MONDAY_SEVEN)
    (mail,) = world.mailbox.sent
    (name, value), *_ = mail.headers
    assert name == "List-Unsubscribe"
    assert value.startswith("<http://home.test:8080/r/")
    assert value[1:-1] in mail.text
    assert "http://home.test:8080/settings/notifications" in mail.text
    assert mail.subject == "Thứ Hai, 23/11: 1 sự kiện"


# --- when something goes wrong ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("die_at", range(1, 25))
async def test_killed_at_each_step_it_comes_once_and_only_one_point_repeats_it(world: World, die_at):
    ann = await somebody(world)
    world.clock.set(MONDAY_SEVEN)
    world.process.restart(die_at)
    crashed = False
    try:
        await world.sweep()
    except Crash:
        crashed = True
    handed_over = len(world.mailbox.sent)
    settled = await told(world, ann) == [("2026-11-23", "sent")] if handed_over else False
    await world.restart()
    await world.sweep()
    assert await told(world, ann) == [("2026-11-23", "sent")]
    repeated = crashed and handed_over == 1 and not settled
    assert len(world.mailbox.sent) == 1 + repeated
    assert len({mail.message_id for mail in world.mailbox.sent}) == 1
    assert len(await world.due_items()) == 1


async def test_a_lease_runs_out_by_itself(world: World):
    ann = await somebody(world)
    world.clock.set(MONDAY_SEVEN)
    world.process.restart()
    world.mailbox.trouble = lambda _: (_ for _ in ()).throw(Crash("here"))
    with pytest.raises(Crash):
        await world.sweep()
    world.mailbox.trouble = lambda _: None
    await world.sweep()
    assert world.subjects == []
    world.clock.time += 121
    await world.sweep()
    assert await told(world, ann) == [("2026-11-23", "sent")]


async def test_a_mail_server_that_is_away_is_tried_again_and_given_up_after_hours(world: World):
    ann = await somebody(world)
    world.clock.set(MONDAY_SEVEN)

    def away(_):
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    tries = []
    for _ in range(200):
        await world.sweep()
        tries.append(world.mailbox.tries)
        (item,) = await world.due_items()
        world.clock.time = float(keys.unsortable(item.key.sort[:12]))
        if (await told(world, ann))[0] == ("2026-11-23", "failed"):
            break
    assert 15 < tries[-1] < 30
    assert (await last_told(world.services, ann, 1))[0][1].error == "nothing listens"


async def test_a_mail_server_that_comes_back_gets_it(world: World):
    ann = await somebody(world)
    world.mailbox.trouble = lambda _: (_ for _ in ()).throw(MailUnavailableError("nothing listens"))
    await world.sweep_at(MONDAY_SEVEN)
    assert await told(world, ann) == [("2026-11-23", "sending")]
    world.mailbox.trouble = lambda _: None
    world.clock.time += 6
    await world.sweep()
    assert await told(world, ann) == [("2026-11-23", "sent")]
    assert len(world.subjects) == 1


async def test_a_mail_that_is_refused_has_failed_and_tomorrow_is_another_day(world: World):
    ann = await somebody(world)
    await world.event(ann, "2026-11-24T09:00:00", minutes=[])
    world.mailbox.trouble = lambda _: (_ for _ in ()).throw(MailRefusedError("no such user"))
    await world.sweep_at(MONDAY_SEVEN)
    assert await told(world, ann) == [("2026-11-23", "failed")]
    world.mailbox.trouble = lambda _: None
    await world.sweep_at(TUESDAY_SEVEN)
    assert world.subjects == ["Tue 24 Nov: 1 event"]


@pytest.mark.parametrize("answers", [True, False])
async def test_who_changes_the_wish_while_it_is_sent_keeps_what_was_wished(world: World, answers):
    ann = await somebody(world)

    async def meanwhile(_):
        await world.settings(ann, agenda_mail=AgendaMail(True, 9 * 3600))
        if not answers:
            raise MailUnavailableError("gone")

    world.mailbox.trouble = meanwhile
    await world.sweep_at(MONDAY_SEVEN)
    world.mailbox.trouble = lambda _: None
    assert await told(world, ann) == [("2026-11-23", "sent" if answers else "failed")]
    assert len(await world.due_items()) == 1
    await world.sweep_at("2026-11-23T08:00:00Z")
    assert len(world.subjects) == int(answers)


async def test_an_agenda_that_was_sent_is_written_down_when_the_table_is_within_reach_again(world: World, monkeypatch):
    monkeypatch.setattr(retrying, "INSISTING", (0.0,))
    ann = await somebody(world)
    away = [UnavailableError("throttled")]

    def fail(_) -> None:
        if world.mailbox.sent and away:
            raise away.pop()

    world.table.before_write = fail
    await world.sweep_at(MONDAY_SEVEN)
    assert await told(world, ann) == [("2026-11-23", "sent")]
    await world.sweep_at("2026-11-23T06:03:00Z")
    assert len(world.subjects) == 1


async def test_of_two_sweeps_one_sends(world: World):
    ann = await somebody(world)
    world.clock.set(MONDAY_SEVEN)

    def faster(_) -> None:
        world.table.before_write = lambda _: None
        raise ConflictError(keys.agenda(ann))

    world.table.before_write = faster
    await world.sweep()
    assert world.subjects == ["Mon 23 Nov: 1 event"]


async def test_held_addresses_get_no_agenda(world: World):
    ann = await somebody(world)
    for time in ("2026-11-22T00:00:00Z", "2026-11-22T01:00:00Z", "2026-11-23T02:00:00Z"):
        world.clock.set(time)
        await note_bounce(world.services, "ann@example.org", "permanent")
    await world.sweep_at(MONDAY_SEVEN)
    ((_, outcome),) = await last_told(world.services, ann, 1)
    assert (outcome.status, outcome.error) == ("suppressed", BOUNCED)
    assert world.subjects == []


async def test_a_restored_backup_does_not_send_what_it_may_have_sent(world: World):
    ann = await somebody(world)
    world.clock.set("2026-11-23T06:30:00Z")
    await world.disk.write(put_restored(world.services.now, "v"))
    await world.sweep()
    ((_, outcome),) = await last_told(world.services, ann, 1)
    assert (outcome.status, outcome.error) == ("suppressed", NOT_SENT)
    assert world.subjects == []


async def test_an_account_that_is_gone_gets_nothing(world: World):
    ann = await somebody(world)
    await world.disk.write(Delete(keys.person(ann)))
    await world.sweep_at(MONDAY_SEVEN)
    assert world.subjects == []
    assert await world.due_items() == []


async def test_a_due_item_behind_which_nothing_stands_is_removed(world: World):
    ann = await somebody(world)
    (real,) = await world.due_items()
    stray = keys.due(0, world.services.now, ann, AGENDA)
    await world.disk.write(Put(stray, real.body, "v"))
    await world.sweep()
    assert world.subjects == []
    assert await world.due_items() == [real]
