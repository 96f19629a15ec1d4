"""What may go wrong with reminders and rules in ways that nobody would think of at first, each by its name."""

import pytest

from aurora_time.domain.agenda import AgendaMail
from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Window, parse_instant
from aurora_time.domain.quiet_hours import Quiet, QuietHours
from aurora_time.operations import rules
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.reminders import dismiss_reminder
from aurora_time.operations.representation import ReminderOverride
from aurora_time.operations.rules import MatchValue, RuleInput
from aurora_time.ports import MailUnavailableError
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio
HOUR = ReminderOverride(minutes_before=60)
DAY = Window(parse_instant("2026-11-23T00:00:00Z"), parse_instant("2026-11-24T00:00:00Z"))
NIGHT = Quiet(QuietHours(22 * 3600, 7 * 3600))


def hour(*, enabled: bool = True) -> RuleInput:
    return RuleInput("An hour before", (HOUR,), MatchValue(), enabled)


async def a_rule(world: World, owner: str, body: RuleInput | None = None) -> str:
    made = await rules.create_rule(world.services, owner, body or hour())
    await world.sweep()
    return made.id


def away(_) -> None:
    raise MailUnavailableError("nothing listens")


class TestSeveralTriggersThatMeet:
    async def test_at_one_instant_one_mail_tells_of_the_event(self, world: World):
        ann = await world.person()
        await world.defaults(ann, Alarm("email", 60))
        await world.event(ann, "2026-11-23T18:00:00")
        await a_rule(world, ann)
        await a_rule(world, ann, RuleInput("At five", (ReminderOverride(days_before=0, at="17:00"),), MatchValue()))
        await world.sweep_at("2026-11-23T16:00:00Z")
        assert world.subjects == ["Review"]
        entries = await world.ledger(ann)
        assert [entry.status for entry in entries] == ["sent", "sent"]
        assert {entry.message_id for entry in entries} == {world.mailbox.sent[0].message_id}

    async def test_held_by_quiet_hours_until_they_end_they_are_one_mail(self, world: World):
        ann = await world.person()
        await world.settings(ann, quiet=NIGHT)
        await world.event(ann, "2026-11-24T07:30:00", minutes=[35, 45, 60])
        await world.sweep_at("2026-11-24T06:00:00Z")
        assert world.subjects == ["Review"]
        assert await world.statuses(ann) == ["sent"] * 3

    async def test_two_occurrences_are_two_mails(self, world: World):
        ann = await world.person()
        await world.settings(ann, quiet=NIGHT)
        await world.event(ann, "2026-11-24T07:15:00", minutes=[60], recurrence=["RRULE:FREQ=MINUTELY;COUNT=2"])
        await world.sweep_at("2026-11-24T06:00:00Z")
        assert len(world.subjects) == 2

    async def test_a_mail_server_that_is_away_gets_one_mail_later(self, world: World):
        ann = await world.person()
        await world.event(
            ann,
            "2026-11-23T18:00:00",
            reminders={"overrides": [{"minutesBefore": 60}, {"at": "17:00"}], "useDefault": False},
        )
        world.mailbox.trouble = away
        await world.sweep_at("2026-11-23T16:00:00Z")
        assert world.mailbox.tries == 1
        assert await world.statuses(ann) == ["sending"] * 2
        world.mailbox.trouble = lambda _: None
        await world.sweep_at("2026-11-23T16:01:00Z")
        assert world.subjects == ["Review"]
        assert await world.statuses(ann) == ["sent"] * 2

    @pytest.mark.parametrize("die_at", range(1, 16))
    async def test_killed_at_any_step_none_is_lost_and_a_repeated_mail_has_its_message_id(
        self, world: World, die_at: int
    ):
        ann = await world.person()
        await world.event(
            ann,
            "2026-11-23T18:00:00",
            reminders={"overrides": [{"minutesBefore": 60}, {"at": "17:00"}], "useDefault": False},
        )
        world.clock.set("2026-11-23T16:00:00Z")
        world.process.restart(die_at)
        crashed = False
        try:
            await world.sweep()
        except Crash:
            crashed = True
        unrecorded = crashed and len(world.mailbox.sent) == 1 and "sending" in await world.statuses(ann)
        await world.restart()
        await world.sweep()
        assert await world.statuses(ann) == ["sent"] * 2
        assert len(world.mailbox.sent) == 1 + unrecorded
        assert len({mail.message_id for mail in world.mailbox.sent}) == 1

    async def test_of_one_that_is_dismissed_the_other_still_rings(self, world: World):
        ann = await world.person()
        await world.event(
            ann,
            "2026-11-23T18:00:00",
            reminders={"overrides": [{"minutesBefore": 60}, {"at": "17:00"}], "useDefault": False},
        )
        (first, _), _second = await list_reminders(world.services, ann, DAY)
        await dismiss_reminder(world.services, ann, first.name)
        await world.sweep_at("2026-11-23T16:00:00Z")
        assert world.subjects == ["Review"]
        assert sorted(await world.statuses(ann)) == ["dismissed", "sent"]


class TestRulesThatChangeWhileTheyRing:
    async def test_deleted_while_a_mail_is_on_its_way_that_arrives_and_nothing_else_rings(self, world: World):
        ann = await world.person()
        await world.defaults(ann)
        await world.event(ann, "2026-11-23T12:00:00", recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
        rule = await a_rule(world, ann)

        async def delete(_):
            await rules.delete_rule(world.services, ann, rule, lambda _: None)

        world.mailbox.trouble = delete
        await world.sweep_at("2026-11-23T10:00:00Z")
        world.mailbox.trouble = lambda _: None
        for later in ("2026-11-23T10:02:00Z", "2026-11-24T10:00:00Z", "2026-11-25T12:00:00Z"):
            await world.sweep_at(later)
        assert world.subjects == ["Review"]
        assert await world.statuses(ann) == ["sent"]
        assert await world.due_items() == []

    async def test_deleted_while_a_mail_waits_to_be_tried_again_it_is_not_sent_and_that_is_shown(self, world: World):
        ann = await world.person()
        await world.defaults(ann)
        await world.event(ann, "2026-11-23T12:00:00")
        rule = await a_rule(world, ann)
        world.mailbox.trouble = away
        await world.sweep_at("2026-11-23T10:00:00Z")
        await rules.delete_rule(world.services, ann, rule, lambda _: None)
        await world.sweep()
        world.mailbox.trouble = lambda _: None
        await world.sweep_at("2026-11-23T10:10:00Z")
        assert world.subjects == []
        ((entry, _),) = await list_reminders(world.services, ann, DAY)
        assert entry.status == "suppressed"
        assert await world.due_items() == []

    async def test_off_and_on_again_what_was_due_meanwhile_is_past_and_the_rest_rings(self, world: World):
        ann = await world.person()
        await world.defaults(ann)
        await world.event(ann, "2026-11-23T12:00:00", summary="Meanwhile")
        await world.event(ann, "2026-11-23T13:00:00", summary="Later")
        rule = await a_rule(world, ann)
        await rules.update_rule(world.services, ann, rule, lambda _: hour(enabled=False))
        await world.sweep_at("2026-11-23T10:10:00Z")
        await rules.update_rule(world.services, ann, rule, lambda _: hour())
        for time in ("10:10:01", "10:20:00", "11:00:00"):
            await world.sweep_at(f"2026-11-23T{time}Z")
        assert world.subjects == ["Later"]


async def test_turned_off_and_on_again_what_was_due_meanwhile_is_shown_and_the_rest_rings(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00", minutes=[60, 30])
    await world.settings(ann, reminder_mail=False)
    await world.sweep_at("2026-11-23T10:00:00Z")
    await world.settings(ann, reminder_mail=True)
    await world.sweep_at("2026-11-23T10:30:00Z")
    assert await world.statuses(ann) == ["suppressed", "sent"]
    assert len(world.subjects) == 1


async def test_quiet_hours_do_not_hold_the_agenda_whose_time_somebody_chose(world: World):
    ann = await world.person()
    await world.settings(ann, agenda_mail=AgendaMail(True, 6 * 3600), quiet=NIGHT)
    await world.event(ann, "2026-11-24T12:00:00", minutes=[])
    await world.sweep_at("2026-11-24T04:59:59Z")
    assert world.subjects == []
    await world.sweep_at("2026-11-24T05:00:00Z")
    assert world.subjects == ["Tue 24 Nov: 1 event"]
