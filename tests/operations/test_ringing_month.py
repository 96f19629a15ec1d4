"""A month with twenty people who make, edit, move and delete events, while mails fail and the process is killed.

An oracle keeps the events as plain values and computes, minute by minute, what must have rung: none is lost, none is
early, and a mail repeats only where the process died between the mail server's 250 and our record of it.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from itertools import takewhile

import pytest

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.moment import print_wall
from aurora_time.domain.reminders import triggers_after
from aurora_time.operations import events, people
from aurora_time.ports import MailUnavailableError
from aurora_time.store.people import Person
from tests.operations.world import Crash, World

pytestmark = pytest.mark.anyio
PEOPLE, DAYS, STEP = 20, 30, 300
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Santiago")
RULES = ((), (), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR",), ("RRULE:FREQ=HOURLY;COUNT=30",))
DEFAULTS = (Alarm("email", minutes_before=15), Alarm("email", days_before=0, at=8 * 3600))
OTHERS = (Alarm("email", minutes_before=45), Alarm("email", days_before=1, at=18 * 3600))


class Month:
    """One run of the simulation; all chance comes from ``seed``."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.rng = world, random.Random(seed)
        self.owned: dict[str, list[str]] = {}
        self.expected: set[tuple[str, int]] = set()
        self.unrecorded = self.crashes = 0
        world.mailbox.trouble = self.mail_trouble

    def mail_trouble(self, _) -> None:
        if self.rng.random() < 0.1:
            raise MailUnavailableError("try again")

    async def people(self) -> None:
        for number in range(PEOPLE):
            owner = await self.world.person(f"p{number}@example.org", self.rng.choice(ZONES))
            await self.world.defaults(owner, *DEFAULTS)
            self.owned[owner] = []

    def start(self) -> str:
        ahead = self.rng.randint(0, 4 * 86_400) // 60 * 60
        return print_wall(int(self.world.clock.time) + ahead)

    async def act(self) -> None:
        """Something a person does; a crash within it counts as not acknowledged, but may have happened."""
        owner = self.rng.choice(list(self.owned))
        mine, choice = self.owned[owner], self.rng.random()
        if choice < 0.35 or not mine:
            start, day = self.start(), self.rng.random() < 0.2
            more = {} if day or self.rng.random() < 0.5 else {"minutes": [self.rng.choice((0, 5, 10, 60, 1440))]}
            rule = self.rng.choice(RULES[:4] if day else RULES)
            made = await self.world.event(
                owner, start[:10] if day else start, zone=self.rng.choice(ZONES), recurrence=list(rule), **more
            )
            mine.append(made)
        elif choice < 0.6:
            moved = self.rng.choice(mine)
            await self.excuse(owner, [moved])
            await self.world.move(owner, moved, self.start(), zone=self.rng.choice(ZONES))
        elif choice < 0.75:
            await self.world.edit(owner, self.rng.choice(mine), summary=f"Renamed {self.rng.random()}")
        elif choice < 0.92:
            gone = mine.pop(self.rng.randrange(len(mine)))
            await self.excuse(owner, [gone])
            await self.world.delete(owner, gone)
        elif choice < 0.97:
            await self.excuse(owner, mine)
            await self.world.settings(owner, time_zone=self.rng.choice(ZONES))
        else:
            await self.excuse(owner, mine)
            await self.world.defaults(owner, *self.rng.choice((DEFAULTS, OTHERS)))

    async def excuse(self, owner: str, changed: list[str]) -> None:
        """What could not be sent yet and waits to be tried again ends with a change that takes its trigger away."""
        waiting = {(each.event_id, each.instant) for each in await self.world.ledger(owner) if each.status == "sending"}
        self.expected -= {key for key in waiting if key[0] in changed}

    async def mortal(self, action) -> None:
        """Do it; sometimes the process is killed at a step of it, and comes back."""
        self.world.process.restart(self.rng.randint(1, 40) if self.rng.random() < 0.1 else None)
        try:
            await action()
        except Crash:
            self.crashes += 1
            self.unrecorded += await self.sent_but_not_recorded()
            await self.world.restart()
            await self.world.sweep()
        self.world.process.die_at = None

    async def sent_but_not_recorded(self) -> int:
        sent = {mail.message_id for mail in self.world.mailbox.sent}
        entries = [entry for owner in self.owned for entry in await self.world.ledger(owner)]
        return sum(entry.message_id in sent and entry.status == "sending" for entry in entries)

    async def events(self) -> AsyncIterator[tuple[Person, Event]]:
        for owner, ids in self.owned.items():
            person, _ = await people.read_person(self.world.services, owner)
            for event_id in ids:
                old = await events.load(self.world.services, owner, event_id)
                yield person, old.stored.event

    async def expect(self, after: int, until: int) -> None:
        """What rings from ``after`` to ``until`` as everything is now, and stays until then."""
        async for person, event in self.events():
            found = triggers_after(event, person.preferences, after)
            for trigger in takewhile(lambda each: each.instant <= until, found):
                self.expected.add((event.id, trigger.instant))

    async def forget_deleted(self) -> None:
        for owner, ids in self.owned.items():
            for event_id in list(ids):
                try:
                    await events.load(self.world.services, owner, event_id)
                except events.NotFoundError:
                    ids.remove(event_id)


async def run_month(world: World, seed: int, days: int) -> Month:
    month = Month(world, seed)
    await month.people()
    await world.sweep()
    for _ in range(days * 86_400 // STEP // 12):
        for _ in range(month.rng.randint(0, 2)):
            await month.mortal(month.act)
        await month.forget_deleted()
        await world.sweep()
        now = int(world.clock.time)
        await month.expect(now, now + STEP * 12)
        for _ in range(12):
            world.clock.time += STEP
            await month.mortal(world.sweep)
    world.mailbox.trouble = lambda _: None
    for _ in range(8):  # what waits to be tried again
        world.clock.time += STEP
        await world.sweep()
    return month


async def test_a_month_of_edits_failures_and_crashes_loses_no_reminder(world: World, effort: int):
    seed = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"AURORA_TEST_SEED={seed}")
    month = await run_month(world, seed, DAYS * effort)
    rung: dict[tuple[str, int], set[str]] = {}
    for owner in month.owned:
        for entry in await world.ledger(owner):
            rung.setdefault((entry.event_id, entry.instant), set()).add(entry.status)
            assert entry.sent_at is None or entry.sent_at >= entry.instant, f"early: {entry}"
            assert entry.sent_at is None or entry.sent_at - entry.instant < (entry.attempts + 1) * STEP, (
                f"late: {entry}"
            )
    lost = [key for key in month.expected if "sent" not in rung.get(key, ())]
    sent = Counter(mail.message_id for mail in world.mailbox.sent)
    repeated = sent.total() - len(sent)
    print(f"{len(month.expected)} due, {sent.total()} mails, {month.crashes} crashes, {repeated} repeated by them")
    assert not lost
    assert repeated <= month.unrecorded
    assert len(month.expected) > 500
    assert month.crashes > 50
