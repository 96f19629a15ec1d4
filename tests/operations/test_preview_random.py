"""What is planned and what a rule's preview says, against what then rings for 30 days: people, events, tasks, rules and
quiet hours at random.
"""

import os
import random

import pytest

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import DAY, Window, print_date, print_wall
from aurora_time.domain.quiet_hours import Quiet, QuietHours
from aurora_time.domain.reminder_rules import ReminderRule
from aurora_time.operations import rules, sweeping
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.preview import Page, preview_rule
from aurora_time.operations.representation import ReminderOverride
from aurora_time.operations.rules import MatchValue, RuleInput, rule_resource
from tests.operations.world import World

pytestmark = pytest.mark.anyio
STARTS = ("2026-10-10T00:00:00Z", "2027-03-10T00:00:00Z", "2026-11-23T03:00:00Z", "2027-04-01T00:00:00Z")
"""Before a change of clocks in one part of the world or the other, and before none."""
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Santiago")
WORDS = ("Họp nhóm", "HỌP tuần", "hop", "Đi chợ", "di bo", "Café", "cafe noir", "Straße", "Zahnarzt")
LINES = ((), (), (), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=WEEKLY;BYDAY=MO,SA",), ("RRULE:FREQ=HOURLY;INTERVAL=7",))
QUIET = (None, None, QuietHours(22 * 3600, 7 * 3600), QuietHours(1 * 3600, 4 * 3600 + 1800), QuietHours(43_200, 50_400))
MINUTES = (0, 10, 30, 600, 1440)
CLOCKS = ((0, "08:00"), (0, "02:30"), (1, "18:00"), (2, "23:45"))


class Life:
    """Somebody with things to be reminded of; all chance comes from ``rng``."""

    def __init__(self, world: World, rng: random.Random, email: str) -> None:
        self.world, self.rng, self.email = world, rng, email

    async def begin(self) -> None:
        rng, self.owner = self.rng, await self.world.person(self.email, self.rng.choice(ZONES))
        self.work = await self.world.calendar(self.owner)
        alarms = rng.sample((Alarm("email", 15), Alarm("email", 60), Alarm("email", None, 0, 28_800)), 2)
        await self.world.settings(self.owner, default_alarms=tuple(alarms), quiet=Quiet(rng.choice(QUIET)))
        for _ in range(8):
            await self.thing()
        for _ in range(rng.randint(1, 4)):
            await self.rule()
        await self.world.sweep()

    def wall(self) -> int:
        return int(self.world.clock.time) + self.rng.randrange(-2 * DAY, 33 * DAY, 300)

    async def thing(self) -> None:
        rng, wall, summary = self.rng, self.wall(), " ".join(self.rng.sample(WORDS, 2))
        if rng.random() < 0.2:
            due = {"date": print_date(wall // DAY * DAY)}
            if rng.random() < 0.5:
                due = {"dateTime": print_wall(wall), "timeZone": rng.choice(ZONES)}
            await self.world.task(self.owner, summary=summary, due=due)
            return
        day, more = rng.random() < 0.3, {"calendarId": rng.choice((None, self.work))}
        if not day and rng.random() < 0.2:
            more["minutes"] = rng.sample(MINUTES, 2)
        lines = list(rng.choice(LINES[:5] if day else LINES))
        start = print_date(wall // DAY * DAY) if day else print_wall(wall)
        more |= {"categories": rng.sample(("Work", "Thể thao"), rng.randint(0, 1)), "recurrence": lines}
        await self.world.event(self.owner, start, zone=rng.choice(ZONES), summary=summary, hours=1, **more)

    async def rule(self) -> None:
        rng = self.rng
        day = rng.choice((None, None, True, False))
        triggers = [ReminderOverride(days_before=days, at=at) for days, at in rng.sample(CLOCKS, rng.randint(0, 2))]
        if day is not True:
            triggers += [ReminderOverride(minutes_before=count) for count in rng.sample(MINUTES, rng.randint(0, 2))]
        match = MatchValue(
            calendar_id=rng.choice(((), (self.work,))),
            categories=rng.choice(((), (), ("the thao",))),
            words=tuple(word.split()[0] for word in rng.sample(WORDS, rng.choice((0, 1, 3)))),
            all_day=day,
            kind=rng.choice(("any", "any", "event", "task")),
        )
        body = RuleInput("Rule", tuple(triggers), match, rng.random() < 0.8)
        await rules.create_rule(self.world.services, self.owner, body)


async def rings_until(world: World, end: int) -> None:
    while (due := await sweeping.next_due(world.services)) is not None and due < end:
        world.clock.time = float(max(due, world.services.now))
        await world.sweep()


async def planned(life: Life) -> set[tuple[str, int]]:
    now = life.world.services.now
    found = await list_reminders(life.world.services, life.owner, Window(now, now + 30 * DAY), "planned")
    return {(entry.id, entry.rings_at) for entry, _ in found}


async def toggled(life: Life, rule: ReminderRule) -> set[tuple[str, int]]:
    """What is planned when the rule is on instead of off, or off instead of on."""
    for enabled in (not rule.enabled, rule.enabled):
        body = rule_resource(rule)
        wanted = RuleInput(body.name, body.triggers, body.match, enabled)
        await rules.update_rule(life.world.services, life.owner, rule.id, lambda _, wanted=wanted: wanted)
        await life.world.sweep()
        if enabled is not rule.enabled:
            found = await planned(life)
    return found


async def previewed(life: Life, rule: ReminderRule) -> set[tuple[str, int]]:
    found = await preview_rule(life.world.services, life.owner, rule, Page(10_000))
    assert [each.entry.rings_at for each in found] == sorted(each.entry.rings_at for each in found)
    assert {each.silenced for each in found} <= {not rule.triggers}
    # what is due this very second is in the preview, and has been rung by the last sweep
    return {(each.entry.id, each.entry.rings_at) for each in found if each.entry.rings_at > life.world.services.now}


@pytest.mark.parametrize("start", STARTS)
async def test_what_is_planned_and_previewed_is_what_rings(world: World, effort: int, start: str):
    seed = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"AURORA_TEST_SEED={seed}")
    world.clock.set(start)
    rng, count = random.Random(f"{seed}/{start}"), 0
    lives = [Life(world, rng, f"{number}@example.org") for number in range(4 * effort)]
    expected: dict[str, set[tuple[str, int]]] = {}
    for life in lives:
        await life.begin()
        before = expected[life.owner] = await planned(life)
        for rule in await rules.list_rules(world.services, life.owner):
            told, other = await previewed(life, rule), await toggled(life, rule)
            assert await planned(life) == before, "turned off and on again nothing is lost or new"
            on, off = (before, other) if rule.enabled else (other, before)
            count += len(told)
            if not rule.triggers:
                assert told == off - on, f"{rule} silences"
            else:
                assert on - off <= told <= on, f"{rule} rings"
    world.mailbox.sent.clear()
    end = world.services.now + 30 * DAY
    await rings_until(world, end)
    for life in lives:
        sent = {(each.id, each.rings_at) for each in await world.ledger(life.owner) if each.status == "sent"}
        assert sent == expected[life.owner]
    told = {each.message_id for life in lives for each in await world.ledger(life.owner) if each.status == "sent"}
    assert sorted(mail.message_id for mail in world.mailbox.sent) == sorted(told), "each mail once"
    assert count
