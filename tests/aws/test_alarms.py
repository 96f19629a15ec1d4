"""A day on which no reminder gets out: the figures that alarms watch pass what is still well (aws/metrics.py)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from itertools import groupby

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.aws.metrics import WELL
from aurora_time.aws.ring import Ringer
from aurora_time.aws.sweep import Sweeper
from aurora_time.ports import MailUnavailableError, Message
from aurora_time.run.gate import Gate
from tests.operations.world import SetClock, World

pytestmark = pytest.mark.anyio


class Sqs:
    """A queue whose messages are read when their delay is over, by ``ring``, if anybody reads."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, str]] = []

    async def send(self, *messages: Message) -> list[Message]:
        self._waiting += ((self._clock.now() + each.delay, each.body) for each in messages)
        return []

    async def read(self, ring: Ringer) -> None:
        while ready := sorted(pair for pair in self._waiting if pair[0] <= self._clock.now())[:10]:
            records = [{"messageId": str(number), "body": body} for number, (_, body) in enumerate(ready)]
            assert await ring({"Records": records}) == {"batchItemFailures": []}
            for pair in ready:
                self._waiting.remove(pair)


class Day:
    """Minute by minute, as EventBridge calls; ``told`` are the figures that CloudWatch would have."""

    def __init__(self, world: World, clock: SetClock, read_out: Callable[[], str]) -> None:
        self.world, self._clock, self._read_out = world, clock, read_out
        self.told: dict[str, list[tuple[int, float]]] = {}
        self._queue = Sqs(clock)
        gate = Gate(world.services.table)
        self._sweep, self._ring = Sweeper(world.services, gate, self._queue), Ringer(world.services, gate, self._queue)

    async def pass_by(self, minutes: int, *, ring: bool = True) -> None:
        for minute in range(minutes):
            await self._sweep()
            for _ in range(12):
                if ring:
                    await self._queue.read(self._ring)
                self._clock.time += 5
            self._note(minute)

    def _note(self, minute: int) -> None:
        for line in self._read_out().splitlines():
            said = json.loads(line)
            for name in WELL.keys() & said.keys():
                self.told.setdefault(name, []).append((minute, said[name]))

    def is_late(self) -> bool:
        """As the alarm sees it: three minutes on end above what is well."""
        above = [value > WELL["OldestOverdue"] for _, value in self.told["OldestOverdue"]]
        return max((len([*run]) for is_above, run in groupby(above) if is_above), default=0) >= 3

    def failed_within_an_hour(self) -> float:
        told = self.told.get("RemindersFailed", [])
        return max((sum(value for at, value in told if first <= at < first + 60) for first, _ in told), default=0)


@pytest.fixture
async def day(capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Day]:
    clock = SetClock("2026-11-23T07:45:00Z")
    table = SqliteTable.open(":memory:", clock)
    yield Day(World(table, clock), clock, lambda: capsys.readouterr().out)
    await table.close()


async def with_reminders(day: Day, count: int) -> None:
    ann = await day.world.person()
    for _ in range(count):
        await day.world.event(ann, "2026-11-23T09:00:00", minutes=[10])  # rings at 7:50


async def test_a_day_on_which_all_is_well_wakes_nobody(day: Day) -> None:
    await with_reminders(day, 3)
    await day.pass_by(120)
    assert len(day.world.mailbox.sent) == 3
    assert not day.is_late()
    assert day.failed_within_an_hour() == 0


async def test_when_nobody_reads_the_queue_what_is_late_is_seen(day: Day) -> None:
    await with_reminders(day, 3)
    await day.pass_by(20, ring=False)
    assert day.is_late()


async def test_when_nobody_reads_the_queue_that_is_seen_also_while_nobody_has_reminders(day: Day) -> None:
    await day.pass_by(30, ring=False)
    assert day.is_late()


@pytest.mark.parametrize("count", [1, 20])
async def test_when_ses_refuses_all_day_that_is_seen_although_nothing_waits(day: Day, count: int) -> None:
    def refuse(_mail: object) -> None:
        raise MailUnavailableError("Amazon SES: AccessDeniedException")

    await with_reminders(day, count)
    day.world.mailbox.trouble = refuse
    await day.pass_by(120)
    assert not day.is_late(), "each try moves what is due: so lateness alone tells nothing"
    assert day.failed_within_an_hour() > WELL["RemindersFailed"]


async def test_when_ses_refuses_for_a_minute_nobody_is_woken(day: Day) -> None:
    def refuse(_mail: object) -> None:
        raise MailUnavailableError("Amazon SES: TooManyRequestsException")

    await with_reminders(day, 20)
    await day.pass_by(5)
    day.world.mailbox.trouble = refuse
    await day.pass_by(1)
    day.world.mailbox.trouble = lambda _: None
    await day.pass_by(20)
    assert len(day.world.mailbox.sent) == 20
    assert day.failed_within_an_hour() == 0
