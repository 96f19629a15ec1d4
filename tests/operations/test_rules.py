"""Reminder rules at work: what rings by them, what a preview says of it, and that one agrees with the other."""

import asyncio

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import parse_instant, print_instant
from aurora_time.domain.quiet_hours import Quiet, QuietHours
from aurora_time.domain.reminder_rules import MAX_RULES, ReminderRule
from aurora_time.operations import calendars, preview, rules
from aurora_time.operations.errors import InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.preview import Page, preview_rule
from aurora_time.operations.representation import ReminderOverride
from aurora_time.operations.rules import MatchValue, RuleInput
from tests.operations.world import World

pytestmark = pytest.mark.anyio
HOUR = ReminderOverride(minutes_before=60)
EVENING = ReminderOverride(days_before=1, at="18:00")


def wanted(*triggers: ReminderOverride, name: str = "Early", enabled: bool = True, **match: object) -> RuleInput:
    return RuleInput(name, triggers, MatchValue(**match), enabled)


async def rule(world: World, owner: str, *triggers: ReminderOverride, **more: object) -> ReminderRule:
    made = await rules.create_rule(world.services, owner, wanted(*triggers, **more))
    await world.sweep()
    return made


async def previewed(world: World, owner: str, by: ReminderRule, limit: int = 99) -> list[tuple[str, str]]:
    found = await preview_rule(world.services, owner, by, Page(limit))
    return [(print_instant(each.entry.rings_at), each.entry.text) for each in found]


async def test_it_rings_beside_the_defaults_and_says_so(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00", summary="Dentist")
    await world.event(ann, "2026-11-23T12:30:00", summary="Lunch")
    made = await rule(world, ann, HOUR, words=("dentist",))
    for time in ("09:59:59", "10:00:00", "10:50:00", "11:20:00"):
        await world.sweep_at(f"2026-11-23T{time}Z")
    assert world.subjects == ["Dentist", "Dentist", "Lunch"]
    assert [entry.rule_id for entry in await world.ledger(ann)] == [made.id, "", ""]


async def test_renaming_one_rings_nothing_again_and_starts_no_job(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00")
    made = await rule(world, ann, HOUR)
    await world.sweep_at("2026-11-23T10:00:00Z")
    await world.sweep_at("2026-11-23T10:01:01Z")
    changed = await rules.update_rule(world.services, ann, made.id, lambda _: wanted(HOUR, name="Renamed"))
    assert (changed.name, changed.version == made.version) == ("Renamed", False)
    assert [item for item in await world.due_items() if "#j:" in item.key.sort] == []
    await rules.update_rule(world.services, ann, made.id, lambda _: wanted(HOUR, EVENING, name="Renamed"))
    await world.sweep()
    assert world.subjects == ["Review"]


async def test_taken_away_turned_off_or_silenced_nothing_rings(world: World):
    ann = await world.person()
    await world.defaults(ann)
    await world.event(ann, "2026-11-23T12:00:00")
    made = await rule(world, ann, HOUR)
    await rules.update_rule(world.services, ann, made.id, lambda _: wanted(HOUR, enabled=False))
    await world.sweep_at("2026-11-23T10:00:00Z")
    await rules.update_rule(world.services, ann, made.id, lambda _: wanted(ReminderOverride(minutes_before=30)))
    silence = await rule(world, ann, words=("review",))
    await world.sweep_at("2026-11-23T10:30:00Z")
    await rules.delete_rule(world.services, ann, silence.id, lambda _: None)
    await rules.update_rule(world.services, ann, made.id, lambda _: wanted(ReminderOverride(minutes_before=15)))
    await rules.delete_rule(world.services, ann, made.id, lambda _: None)
    await world.sweep_at("2026-11-23T10:45:00Z")
    assert world.subjects == []
    assert await rules.list_rules(world.services, ann) == ()


async def test_a_task_rings_by_a_rule_for_tasks(world: World):
    ann = await world.person()
    await world.defaults(ann)
    due = {"dateTime": "2026-11-23T12:00:00", "timeZone": "Europe/Berlin"}
    await world.task(ann, summary="Pay", due=due)
    await world.event(ann, "2026-11-23T12:00:00")
    made = await rule(world, ann, HOUR, EVENING, kind="task")
    assert await previewed(world, ann, made) == [("2026-11-23T10:00:00Z", "Pay")]
    await world.sweep_at("2026-11-23T10:00:00Z")
    assert world.subjects == ["Pay"]


async def test_the_preview_is_what_rings(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    await world.settings(ann, quiet=Quiet(QuietHours(22 * 3600, 7 * 3600)))
    await world.event(ann, "2026-11-23T12:00:00", summary="Team", calendarId=work, recurrence=["RRULE:FREQ=DAILY"])
    await world.event(ann, "2026-11-26T06:00:00", summary="Early flight", calendarId=work)
    await world.event(ann, "2026-11-27", summary="Fair", calendarId=work)
    await world.event(ann, "2026-11-24T12:00:00", summary="Private")
    await world.event(ann, "2026-11-24T12:00:00", summary="Own", calendarId=work, minutes=[5])
    made = await rule(world, ann, HOUR, ReminderOverride(minutes_before=10), EVENING, calendar_id=(work,))
    end = parse_instant("2026-11-28T00:00:00Z")
    told = [pair for pair in await previewed(world, ann, made) if parse_instant(pair[0]) < end]
    assert ("2026-11-25T20:59:59Z", "Early flight") in told
    assert ("2026-11-26T17:00:00Z", "Fair") in told
    while world.clock.time < end - 1:
        world.clock.time = min(
            [*[parse_instant(at) for at, _ in told if parse_instant(at) > world.clock.time], end - 1]
        )
        await world.sweep()
    asked = {Alarm("email", 60), Alarm("email", 10), Alarm("email", days_before=1, at=18 * 3600)}
    sent = [entry for entry in await world.ledger(ann) if entry.alarm in asked and entry.text not in ("Private", "Own")]
    assert sorted((print_instant(entry.rings_at), entry.text) for entry in sent) == sorted(told)


async def test_a_rule_that_is_not_stored_is_previewed_as_it_would_be(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00")
    draft = await rules.read_rule_input(world.services, ann, wanted(HOUR, ReminderOverride(minutes_before=10)))
    found = await preview_rule(world.services, ann, draft, Page(9))
    assert [(print_instant(each.entry.rings_at), each.entry.rule_id) for each in found] == [
        ("2026-11-23T10:00:00Z", preview.UNSAVED),
        ("2026-11-23T10:50:00Z", ""),
    ]
    assert await rules.list_rules(world.services, ann) == ()


async def test_a_rule_that_silences_shows_what_it_takes_away(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T12:00:00", summary="Standup", recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    await world.event(ann, "2026-11-23T12:00:00", summary="Review")
    silence = await rule(world, ann, words=("standup",))
    found = await preview_rule(world.services, ann, silence, Page(9))
    assert [(each.entry.text, each.silenced) for each in found] == [("Standup", True)] * 2


async def test_a_long_preview_comes_in_pages_that_add_up(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(preview, "_EVENTS", 3)
    ann = await world.person()
    for number in range(8):
        lines = ["RRULE:FREQ=HOURLY;COUNT=9"] if number % 3 == 0 else []
        await world.event(ann, f"2026-11-2{number % 4 + 4}T1{number}:00:00", summary=f"{number}", recurrence=lines)
    made = await rule(world, ann, HOUR, ReminderOverride(minutes_before=0))
    whole = await preview_rule(world.services, ann, made, Page(999))
    assert len(whole) == 2 * (5 + 27)
    paged, after = [], None
    while found := await preview_rule(world.services, ann, made, Page(7, after)):
        paged += found
        after = (found[-1].entry.rings_at, found[-1].entry.id)
    assert paged == whole


async def test_what_is_over_or_far_away_is_not_previewed(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-22T12:00:00", summary="Over")
    await world.event(ann, "2027-01-22T12:00:00", summary="Far")
    await world.event(ann, "2026-12-24T12:00:00", summary="Near enough")
    made = await rule(world, ann, ReminderOverride(days_before=2, at="18:00"))
    assert await previewed(world, ann, made) == [("2026-12-22T17:00:00Z", "Near enough")]


async def test_what_makes_no_sense_is_refused_and_says_where(world: World):
    ann, bob = await world.person(), await world.person("bob@example.org")
    theirs = await world.calendar(bob)
    for body, pointer in (
        (wanted(HOUR, calendar_id=(theirs,)), "/match/calendarId/0"),
        (wanted(HOUR, words=("ok", "\u0301")), "/match/words/1"),
        (wanted(HOUR, all_day=True), "/triggers"),
        (wanted(EVENING, ReminderOverride()), "/triggers/1"),
        (wanted(ReminderOverride(minutes_before=5, at="18:00")), "/triggers/0"),
    ):
        with pytest.raises(InvalidError) as refused:
            await rules.create_rule(world.services, ann, body)
        assert refused.value.pointer == pointer
    for asked in ("nobody", ""):
        with pytest.raises(NotFoundError):
            await rules.read_rule(world.services, ann, asked)
        with pytest.raises(NotFoundError):
            await rules.update_rule(world.services, ann, asked, lambda _: wanted(HOUR))
        with pytest.raises(NotFoundError):
            await rules.delete_rule(world.services, ann, asked, lambda _: None)


async def test_a_rule_is_put_before_another_where_that_is_wished(world: World):
    ann, bob = await world.person(), await world.person("bob@example.org")
    await rule(world, ann, HOUR, name="first")
    last = await rule(world, ann, HOUR, name="last")
    await rules.create_rule(world.services, ann, wanted(HOUR, name="between"), last.id)
    assert [each.name for each in await rules.list_rules(world.services, ann)] == ["first", "between", "last"]
    theirs = await rule(world, bob, HOUR)
    for nobody in (theirs.id, "nobody"):
        with pytest.raises(InvalidError) as refused:
            await rules.create_rule(world.services, ann, wanted(HOUR), nobody)
        assert refused.value.pointer == "?before"


async def test_at_most_fifty_and_all_made_at_once_are_there(world: World):
    ann = await world.person()
    bodies = [wanted(HOUR, name=f"Rule {number}") for number in range(4)]
    await asyncio.gather(*(rules.create_rule(world.services, ann, body) for body in bodies))
    for number in range(4, MAX_RULES):
        await rules.create_rule(world.services, ann, wanted(HOUR, name=f"Rule {number}"))
    assert {each.name for each in await rules.list_rules(world.services, ann)} == {
        f"Rule {n}" for n in range(MAX_RULES)
    }
    with pytest.raises(TooLargeError, match="Delete one"):
        await rules.create_rule(world.services, ann, wanted(HOUR))


async def test_a_calendar_that_is_gone_may_stay_in_a_rule(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    made = await rule(world, ann, HOUR, calendar_id=(work,))
    await calendars.delete_calendar(world.services, ann, work)
    body = wanted(HOUR, name="Renamed", calendar_id=(work,))
    assert (await rules.update_rule(world.services, ann, made.id, lambda _: body)).name == "Renamed"
    assert await previewed(world, ann, made) == []
