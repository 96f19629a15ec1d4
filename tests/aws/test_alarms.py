"""A day on which no reminder gets out: the figures that alarms watch pass what is still well (aws/metrics.py)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from itertools import groupby

import pytest
from msgspec.structs import replace

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.aws.metrics import WELL
from aurora_time.aws.ring import Ringer
from aurora_time.aws.sweep import Sweeper
from aurora_time.operations import jobs, rearming
from aurora_time.operations.booking_mail import News, start_mails
from aurora_time.operations.ringing import MISTAKE, Compose, Ring
from aurora_time.ports import Mail, MailThrottledError, MailUnavailableError, Message, UnavailableError
from aurora_time.run.gate import Gate
from aurora_time.store.people import AgendaMail
from tests.operations.test_booking_mail import BOOKING
from tests.operations.world import SetClock, World

pytestmark = pytest.mark.anyio


_VISIBLE = 360


class Sqs:
    """A queue whose messages are read when their delay is over, by ``ring``, if anybody reads; what failed comes again
    for ever, so nothing is a dead letter here.
    """

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, str]] = []

    async def send(self, *messages: Message) -> list[Message]:
        self._waiting += ((self._clock.now() + each.delay, each.body) for each in messages)
        return []

    async def read(self, ring: Ringer) -> None:
        while ready := sorted(pair for pair in self._waiting if pair[0] <= self._clock.now())[:10]:
            records = [{"messageId": str(number), "body": body} for number, (_, body) in enumerate(ready)]
            answer = await ring({"Records": records})
            failed = {int(each["itemIdentifier"]) for each in answer["batchItemFailures"]}
            for number, pair in enumerate(ready):
                self._waiting.remove(pair)
                if number in failed:
                    self._waiting.append((self._clock.now() + _VISIBLE, pair[1]))


class Day:
    """Minute by minute, as EventBridge calls; ``told`` are the figures that CloudWatch would have."""

    def __init__(self, world: World, clock: SetClock, read_out: Callable[[], str]) -> None:
        self.world, self._clock, self._read_out = world, clock, read_out
        self.people: list[str] = []
        self.told: dict[str, list[tuple[int, float]]] = {}
        self._minutes = 0
        self._queue = Sqs(clock)
        gate = Gate(world.services.table)
        self._sweep, self.ring = Sweeper(world.services, gate, self._queue), Ringer(world.services, gate, self._queue)

    async def pass_by(self, minutes: int, *, ring: bool = True) -> None:
        for _ in range(minutes):
            await self._sweep()
            for _ in range(12):
                if ring:
                    await self._queue.read(self.ring)
                self._clock.time += 5
            self._note()

    def _note(self) -> None:
        self._minutes += 1
        for line in self._read_out().splitlines():
            said = json.loads(line)
            for name in WELL.keys() & said.keys():
                self.told.setdefault(name, []).append((self._minutes, said[name]))

    def is_late(self) -> bool:
        """As the alarm sees it: three minutes on end above what is well."""
        above = [value > WELL["OldestOverdue"] for _, value in self.told["OldestOverdue"]]
        return max((len([*run]) for is_above, run in groupby(above) if is_above), default=0) >= 3

    def failed_within_an_hour(self, from_: int = 0) -> float:
        """At most, from a minute on."""
        told = self.told.get("ErrandsFailed", [])
        return max(
            (sum(value for at, value in told if first <= at < first + 60) for first, _ in told if first >= from_),
            default=0,
        )


@pytest.fixture
async def day(capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Day]:
    clock = SetClock("2026-11-23T07:45:00Z")
    table = SqliteTable.open(":memory:", clock)
    yield Day(World(table, clock), clock, lambda: capsys.readouterr().out)
    await table.close()


async def with_reminders(day: Day, count: int) -> None:
    ann = await day.world.person()
    day.people.append(ann)
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
    assert day.failed_within_an_hour() > WELL["ErrandsFailed"]


async def test_when_no_mail_can_be_made_that_is_seen_and_the_reminders_say_so(day: Day, monkeypatch) -> None:
    """As after a release with a mistake in the words of a mail: nothing is sent, refused, overdue or dead."""

    def broken(_ring: Ring) -> Mail:
        raise KeyError("a word")

    async def composer() -> Compose:
        return broken

    monkeypatch.setattr(day.ring, "_composer", composer)
    await with_reminders(day, 1)
    await day.pass_by(60)
    assert day.failed_within_an_hour() > WELL["ErrandsFailed"]
    await day.pass_by(30)
    (owner,) = day.people
    assert [(each.status, each.error) for each in await day.world.ledger(owner)] == [("failed", MISTAKE)]


async def test_a_job_that_always_goes_wrong_is_seen_as_long_as_it_does(day: Day, monkeypatch) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("a mistake in a job")

    monkeypatch.setitem(jobs._PAGES, rearming.REARM, broken)
    await with_reminders(day, 0)
    await day.world.settings(day.people[0], time_zone="Asia/Tokyo")
    await day.pass_by(180)
    assert day.failed_within_an_hour() > WELL["ErrandsFailed"]
    assert day.failed_within_an_hour(from_=120) > WELL["ErrandsFailed"]


@pytest.mark.parametrize("kind", ["agenda", "booking"])
async def test_when_ses_refuses_agenda_or_booking_mails_that_is_seen(day: Day, kind: str) -> None:
    def refuse(_mail: object) -> None:
        raise MailUnavailableError("Amazon SES: AccessDeniedException")

    day.world.mailbox.trouble = refuse
    ann = await day.world.person()
    if kind == "agenda":
        await day.world.settings(ann, agenda_mail=AgendaMail(True, 8 * 3600 + 50 * 60))
        await day.world.event(ann, "2026-11-23T12:00:00", minutes=[])
    else:
        news = News("cancelled", replace(BOOKING, end=int(day.world.clock.time) + 86_400))
        await day.world.table.write(*start_mails(day.world.services, ann, news))
    await day.pass_by(60)
    assert day.world.mailbox.tries > 2
    assert day.failed_within_an_hour() > WELL["ErrandsFailed"]


async def test_when_the_table_is_out_of_reach_for_a_while_that_is_no_mistake_of_ours(day: Day) -> None:
    def refuse(_changes: object) -> None:
        raise UnavailableError("throttled")

    await with_reminders(day, 5)
    await day.pass_by(5)
    day.world.table.before_write = refuse
    with contextlib.suppress(UnavailableError):
        await day.pass_by(1)
    day.world.table.before_write = lambda _: None
    await day.pass_by(20)
    assert len(day.world.mailbox.sent) == 5
    assert day.failed_within_an_hour() == 0


async def test_more_than_ses_takes_at_one_second_all_go_out_within_minutes_and_nobody_is_woken(day: Day) -> None:
    """Also where nobody has told the sweep how many that are: 60 at once, of which SES takes one a second."""
    begun, clock = day.world.clock.time, day.world.clock

    def only_one_a_second(_mail: object) -> None:
        if len(day.world.mailbox.sent) > clock.time - begun - 300:
            raise MailThrottledError("Amazon SES: TooManyRequestsException: Maximum sending rate exceeded.")

    day.world.mailbox.trouble = only_one_a_second
    await with_reminders(day, 60)
    await day.pass_by(9)
    assert len(day.world.mailbox.sent) == 60
    assert day.failed_within_an_hour() == 0
    assert not day.is_late()


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
