"""A year in the lives of many people: they make, move, rename and delete events, change their rules, quiet hours and
zones, snooze and dismiss, while mails fail, clocks change, and the process is killed at every step of what it does.

An oracle (oracle.py) computes from the facts what must ring. No reminder is lost, none is early but just before quiet
hours, nothing rings that should not, and a mail repeats only where the process died between the mail server's 250 and
our record of it. ``make soak`` does it with 1,000 people.
"""

import contextlib
import heapq
import os
import random
from collections import Counter
from dataclasses import dataclass, field

import msgspec
import pytest

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Window, print_wall
from aurora_time.domain.quiet_hours import QuietHours
from aurora_time.domain.reminder_rules import Match, ReminderRule
from aurora_time.operations import events, sweeping
from aurora_time.operations.errors import ClashError, OperationError
from aurora_time.operations.ledger import Page, list_reminders
from aurora_time.operations.people import read_person, update_person
from aurora_time.operations.reminders import dismiss_reminder, snooze_reminder
from aurora_time.ports import MailUnavailableError
from aurora_time.store.people import Person
from tests.operations.oracle import Facts, facts_of, night_of, rings_between
from tests.operations.world import Crash, World

pytestmark = [pytest.mark.anyio, pytest.mark.soak, pytest.mark.timeout(3600)]
PEOPLE, ACTIONS, YEAR = 50, 40, 365 * 86_400
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Santiago")
LINES = ((), (), (), ("RRULE:FREQ=WEEKLY",), ("RRULE:FREQ=DAILY;COUNT=6",), ("RRULE:FREQ=WEEKLY;COUNT=8",))
_HOURS = dict(zip(ZONES, (1, -5, 10, 7, -4), strict=True))
"""About how far each is from UTC."""
WORDS = ("team", "dentist", "flight", "lunch")
TRIGGERS = (Alarm("email", 15), Alarm("email", 600), Alarm("email", days_before=1, at=18 * 3600),
            Alarm("email", days_before=0, at=6 * 3600))  # fmt: skip
QUIET = (
    None,
    QuietHours(22 * 3600, 7 * 3600),
    QuietHours(23 * 3600, 6 * 3600 + 1800),
    QuietHours(12 * 3600, 14 * 3600),
)


@dataclass
class Life:
    """A person as the oracle sees them: the facts of each event, and since when they are so."""

    owner: str
    known: dict[str, tuple[Facts, int]] = field(default_factory=dict)


class Year:
    """One run; all chance comes from ``seed``."""

    def __init__(self, world: World, seed: int, people: int) -> None:
        self.world, self.rng, self.count = world, random.Random(seed), people
        self.lives: list[Life] = []
        self.zones: list[str] = []
        self.moments: list[tuple[int, int, bool]] = []
        self.must: dict[tuple[str, int], str] = {}
        self.may: set[tuple[str, int]] = set()
        self.excused: set[tuple[str, int]] = set()
        self.held: dict[tuple[str, int], int] = {}
        self.crashes: Counter[str] = Counter()
        self.unrecorded = 0
        self.dismissed: set[str] = set()
        world.mailbox.trouble = self.trouble

    def trouble(self, _) -> None:
        if self.rng.random() < 0.03:
            raise MailUnavailableError("try again")

    @property
    def now(self) -> int:
        return int(self.world.clock.time)

    async def begin(self) -> None:
        for number in range(self.count):
            self.zones.append(self.rng.choice(ZONES))
            owner = await self.world.person(f"p{number}@example.org", self.zones[-1])
            await update_person(self.world.services, owner, lambda person, _: self.other_hours(person))
            life = Life(owner)
            self.lives.append(life)
            for _ in range(2):
                await self.new_event(life)
            await self.look(life)

    # --- what people do ----------------------------------------------------------------------------------------------
    async def new_event(self, life: Life) -> None:
        start, day = self.start(), self.rng.random() < 0.2
        more = {} if day or self.rng.random() < 0.6 else {"minutes": [self.rng.choice((0, 10, 60, 480, 600))]}
        summary = f"{self.rng.choice(WORDS)} {self.rng.randrange(9)}"
        lines = list(self.rng.choice(LINES))
        zone, when = self.rng.choice(ZONES), start[:10] if day else start
        await self.world.event(life.owner, when, zone=zone, summary=summary, recurrence=lines, **more)

    def start(self) -> str:
        return print_wall(self.now // 60 * 60 + self.rng.randint(0, 20 * 86_400) // 60 * 60)

    async def act(self, life: Life) -> None:
        ids, rng = sorted(life.known), self.rng
        if not ids:
            await self.new_event(life)
            return
        event_id, choice = rng.choice(ids), rng.random()
        if choice < 0.25:
            await self.new_event(life)
        elif choice < 0.4:
            await self.world.move(life.owner, event_id, self.start(), zone=rng.choice(ZONES))
        elif choice < 0.5:
            await self.world.edit(life.owner, event_id, description=f"Renamed {rng.random()}")
        elif choice < 0.6:
            await self.world.delete(life.owner, event_id)
        elif choice < 0.7:
            await self.reminder(life, "snooze")
        elif choice < 0.78:
            await self.reminder(life, "dismiss")
        else:
            await update_person(self.world.services, life.owner, lambda person, _: self.changed(person))

    async def change_hours_when_something_is_held(self, number: int) -> None:
        """Come back at a time at which quiet hours will hold something, and change them then."""
        soon = Window(self.now, self.now + 5 * 86_400)
        found = await list_reminders(self.world.services, self.lives[number].owner, soon, "planned", Page(20))
        held = [entry for entry, _ in found if self.now < entry.instant < entry.rings_at - 60]
        if held:
            entry = self.rng.choice(held)
            heapq.heappush(self.moments, (self.rng.randrange(entry.instant, entry.rings_at), number, True))

    async def set_hours(self, life: Life) -> None:
        await update_person(self.world.services, life.owner, lambda person, _: self.other_hours(person))

    def other_hours(self, person: Person) -> Person:
        return msgspec.structs.replace(
            person, quiet=msgspec.structs.replace(person.quiet, hours=self.rng.choice(QUIET))
        )

    def changed(self, person: Person) -> Person:
        choice, rng = self.rng.random(), self.rng
        if choice < 0.3:
            number = rng.randrange(3)
            words = rng.choice(((), *((word,) for word in WORDS)))
            triggers = tuple(rng.sample(TRIGGERS, rng.choice((0, 1, 1, 2))))
            rule = ReminderRule(f"r{number}", "Rule", Match(words=words), triggers, rng.random() < 0.9)
            others = tuple(each for each in person.rules if each.id != rule.id)
            return msgspec.structs.replace(person, rules=(*others, rule))
        if choice < 0.65:
            return self.other_hours(person)
        if choice < 0.85:
            return msgspec.structs.replace(person, default_alarms=tuple(rng.sample(TRIGGERS, 2)))
        return msgspec.structs.replace(person, time_zone=rng.choice(ZONES))

    async def reminder(self, life: Life, how: str) -> None:
        window = Window(self.now - 86_400, self.now + 3 * 86_400)
        found = await list_reminders(self.world.services, life.owner, window, None, Page(20))
        known = [entry for entry, _ in found if entry.status in ("sent", "planned", "snoozed")]
        if not known:
            return
        entry = self.rng.choice(known)
        if how == "snooze":
            until = self.now + self.rng.choice((600, 3600, 86_400, 5 * 86_400))
            with contextlib.suppress(ClashError):  # its event is gone
                await snooze_reminder(self.world.services, life.owner, entry.name, until)
                self.dismissed.discard(entry.id)
        else:
            gone, _ = await dismiss_reminder(self.world.services, life.owner, entry.name)
            if gone.sent_at is None:
                self.dismissed.add(gone.id)

    # --- what the oracle makes of it ---------------------------------------------------------------------------------
    async def look(self, life: Life) -> None:
        """The facts as they now are; what rang by those that were is judged."""
        person, _ = await read_person(self.world.services, life.owner)
        ids = set(life.known) | await self.listed(life)
        for event_id in sorted(ids):
            try:
                event = (await events.load(self.world.services, life.owner, event_id)).stored.event
            except OperationError:
                facts = None
            else:
                facts = facts_of(person, event)
            was = life.known.get(event_id)
            if was is not None and was[0] == facts:
                continue
            if was is not None:
                self.judge(event_id, *was, facts)
                del life.known[event_id]
            if facts is not None:
                life.known[event_id] = facts, self.now
                self.at_once(event_id, facts)

    async def listed(self, life: Life) -> set[str]:
        part = f"object#{life.owner}"
        found = self.world.disk._reader.execute("SELECT sort FROM items WHERE part = ?", (part,))
        return {sort for (sort,) in found}

    def judge(self, event_id: str, was: Facts, since: int, now_is: Facts | None) -> None:
        """What was due by facts that counted until now must have rung; what they held may, or must when they end."""
        only_quiet = now_is is not None and was._replace(quiet=now_is.quiet) == now_is
        if not only_quiet:  # what was still held by hours that were changed since goes with what the event was
            held = [key for key, until in self.held.items() if key[0] == event_id and until > self.now]
            self.must = {key: why for key, why in self.must.items() if key not in held} if held else self.must
        for rings in rings_between(was, since, self.now):
            key = event_id, rings.instant
            if rings.instant > since and since < rings.due <= self.now:
                self.must[key] = f"due {rings.due} by {was}"
            elif rings.instant <= self.now < rings.due or rings.instant <= since < rings.due <= self.now:
                self.may.add(key)
                if only_quiet and rings.instant > since:
                    self.held[key] = self.now + 86_400
                    self.must[key] = f"held when the quiet hours changed at {self.now}: {was}"
            elif rings.due <= self.now:
                self.may.add(key)

    def at_once(self, event_id: str, facts: Facts) -> None:
        """What was to ring just before the night that it now is, and is for later in it, rings now."""
        if night_of(facts, self.now + 1) is None:
            return
        for rings in rings_between(facts, self.now, self.now):
            if rings.due <= self.now < rings.instant:
                self.may.add((event_id, rings.instant))

    # --- how it goes on ----------------------------------------------------------------------------------------------
    async def mortal(self, action, life: Life | None = None) -> None:
        """Do it; sometimes the process is killed at a step of it, and comes back."""
        self.world.process.restart(self.rng.randint(1, 30) if self.rng.random() < 0.08 else None)
        try:
            await action()
        except Crash:
            process = self.world.process
            self.crashes[process.labels[(process.die_at or 0) - 1]] += 1
            await self.count_unrecorded()
            await self.world.restart()
        self.world.process.die_at = None
        if life is not None:
            self.world.process.restart()
            await self.look(life)
        await self.world.sweep()

    async def count_unrecorded(self) -> None:
        sent = {mail.message_id for mail in self.world.mailbox.sent[-8:]}
        for life in self.lives:
            for entry in await self.world.ledger_near(life.owner, self.now):
                self.unrecorded += entry.message_id in sent and entry.status == "sending"

    async def excuse(self, life: Life) -> None:
        """What could not be sent yet and waits to be tried again may end with a change."""
        for entry in await self.world.ledger_near(life.owner, self.now):
            if entry.status in ("sending", "planned"):
                self.may.add((entry.event_id, entry.instant))
                self.excused.add((entry.event_id, entry.instant))

    def moment(self, end: int) -> tuple[int, int, bool]:
        """When somebody does something, and who: every other time in the night."""
        number, at = self.rng.randrange(self.count), self.rng.randint(self.now, end - 86_400)
        if self.rng.random() < 0.5:
            at = at // 86_400 * 86_400 + (23 - _HOURS[self.zones[number]]) * 3600 + self.rng.randrange(8 * 3600)
        return max(at, self.now), number, False

    async def act_just_then(self) -> None:
        """Somebody edits something in the very second in which it is due, before it rings."""
        (item, *_) = await sweeping.find_due(self.world.services, 1)
        _, owner, target = item.key.sort.split("#")
        life = next((each for each in self.lives if each.owner == owner), None)
        if life is None or target.removeprefix("o:") not in life.known:
            return
        await self.world.edit(owner, target.removeprefix("o:"), description=f"Edited {self.rng.random()}")
        await self.look(life)

    async def run(self) -> None:
        await self.begin()
        end = self.now + YEAR
        self.moments = sorted([*(self.moment(end) for _ in range(self.count * ACTIONS)), (end, 0, False)])
        while self.moments:
            moment, number, is_about_hours = heapq.heappop(self.moments)
            while (due := await sweeping.next_due(self.world.services)) is not None and due < moment:
                self.world.clock.time = float(max(due, self.now))
                if self.rng.random() < 0.1:
                    await self.act_just_then()
                await self.mortal(self.world.sweep)
            self.world.clock.time = float(max(moment, self.now))
            if moment == end:
                break
            life = self.lives[number]
            await self.excuse(life)
            action = self.set_hours if is_about_hours else self.act
            await self.mortal(lambda life=life, action=action: action(life), life)
            await self.change_hours_when_something_is_held(number)
        self.world.mailbox.trouble = lambda _: None
        await self.world.sweep()
        for life in self.lives:
            for event_id, (facts, since) in life.known.items():
                self.judge(event_id, facts, since, None)


async def test_a_year_of_edits_rules_quiet_hours_and_crashes_loses_no_reminder(world: World, effort: int):
    seed = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"AURORA_TEST_SEED={seed}")
    year = Year(world, seed, PEOPLE * effort)
    await year.run()
    told: dict[tuple[str, int], set[str]] = {}
    sent, moved, again, early, unasked, unrung = 0, 0, 0, [], [], []
    for life in year.lives:
        for entry in await world.ledger(life.owner):
            if entry.snoozes:
                again += entry.status == "sent"
                if entry.status in ("planned", "sending") and entry.rings_at < year.now:
                    unrung.append(entry)
                continue
            told.setdefault((entry.event_id, entry.instant), set()).add(entry.status)
            sent += entry.sent_at is not None
            moved += entry.due is not None
            if entry.sent_at is not None and entry.sent_at < entry.rings_at:
                early.append(entry)
            if entry.sent_at is not None and (entry.event_id, entry.instant) not in year.must.keys() | year.may:
                unasked.append(entry)
    lost = [
        (key, why, told.get(key))
        for key, why in year.must.items()
        if not told.get(key, set()) & {"sent", "snoozed", "dismissed"} and key not in year.excused
    ]
    mails = Counter(mail.message_id for mail in world.mailbox.sent)
    repeated = mails.total() - len(mails)
    print(
        f"{len(year.must)} must ({len(year.must.keys() & year.excused)} excused), {sent} sent, {again} after a snooze"
    )
    held = sum(why.startswith("held") for why in year.must.values())
    print(f"{held} held when quiet hours changed, {len(year.dismissed)} dismissed before they rang")
    assert year.dismissed.isdisjoint(name.strip("<>").partition("@")[0] for name in mails)
    print(f"{moved} moved by quiet hours, {year.crashes.total()} crashes, {repeated} repeated by them")
    assert not unrung, unrung[:3]
    assert again > PEOPLE
    assert not lost, lost[:3]
    assert not early, early[:3]
    assert not unasked, unasked[:3]
    assert repeated <= year.unrecorded
    assert len(year.must) > 40 * PEOPLE
    assert moved > PEOPLE
    assert {"get", "query", "before write", "after write", "before 250", "after 250"} == set(year.crashes)
