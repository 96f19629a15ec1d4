"""Two people take one slot at the same moment: always exactly one succeeds, whoever they are and however they come."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count, cycle, islice, pairwise
from pathlib import Path
from random import Random

import msgspec
import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.availability import MAX_HORIZON_DAYS
from aurora_time.domain.moment import DAY, UTC, Window, parse_instant, print_instant
from aurora_time.operations import events, people
from aurora_time.operations.bookings import Booked, Stranger, TakenError, create_booking, list_bookings
from aurora_time.operations.free_busy import Times, busy_times, live_calendars
from aurora_time.operations.schedule_resources import BookingInput, ScheduleInput
from aurora_time.operations.schedules import create_schedule
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Change, Item, Key, Mail, Range
from aurora_time.run.world import RandomIds
from aurora_time.store import keys
from aurora_time.store.calendars import LogItem
from aurora_time.store.codec import decode
from tests.operations.world import SetClock, event_input

pytestmark = pytest.mark.anyio
NOW = "2026-11-20T02:00:00Z"
MONDAY = parse_instant("2026-11-23T00:00:00Z")
SAMPLE = 50
WHOLE = 1_000


class NoMail:
    async def send(self, mail: Mail) -> None:
        raise AssertionError("no mail is sent in the write itself")


class Far:
    """A table that answers when it likes, as one over a network does."""

    def __init__(self, table: SqliteTable, random: Random) -> None:
        self.table, self.random = table, random

    async def _wait(self) -> None:
        for _ in range(self.random.randrange(4)):
            await asyncio.sleep(0)

    async def get(self, *wanted: Key) -> list[Item | None]:
        await self._wait()
        return await self.table.get(*wanted)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        await self._wait()
        return await self.table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        await self._wait()
        await self.table.write(*changes)
        await self._wait()


class Town:
    """Ann, who is always open, and one or two processes, which know nothing of each other but the table."""

    def __init__(self, table: SqliteTable, clock: SetClock, processes: int) -> None:
        far = Far(table, Random(processes))
        self.table = table
        self.processes = [
            Services(far, NoMail(), clock, RandomIds(), Writers(), "here", "http://home.test") for _ in range(processes)
        ]
        self.ann = ""
        self.guests = count()

    async def open(self) -> None:
        new = people.NewPerson("ann@example.org", "Ann", "UTC", "en")
        self.ann = await people.ensure_person(self.processes[0], "here", "ann", new)

    async def schedule(self, **fields: object) -> str:
        always = {"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "from": "00:00", "to": "24:00"}
        body = {"name": "Talk", "weekly": [always], "minimumNotice": 0, "horizonDays": MAX_HORIZON_DAYS, **fields}
        made, _ = await create_schedule(self.processes[0], self.ann, msgspec.convert(body, ScheduleInput))
        return made.id

    async def book(self, services: Services, schedule: str, start: int, minutes: int = 30) -> Booked | TakenError:
        guest = f"g{next(self.guests)}@example.org"
        body = BookingInput(print_instant(start), "Guest", guest, minutes)
        try:
            return await create_booking(services, self.ann, schedule, body, Stranger(10_000, services.ids.secret()))
        except TakenError as error:
            return error

    async def booked(self, *schedules: str) -> list[tuple[int, int]]:
        """What was booked, by start."""
        window = Window(MONDAY - DAY, MONDAY + 400 * DAY)
        found = [await list_bookings(self.processes[0], self.ann, each, window, (5_000, "")) for each in schedules]
        return sorted((each.start, each.end) for items, _ in found for each, _ in items)

    async def busy(self) -> list[tuple[int, int]]:
        """Ann's events, by start."""
        services = self.processes[-1]
        times = Times(self.ann, Window(MONDAY - DAY, MONDAY + 400 * DAY), UTC)
        found = await busy_times(services, times, await live_calendars(services, self.ann))
        return sorted((each.start, each.end) for each in found.busy)


@asynccontextmanager
async def town(path: Path, processes: int) -> AsyncIterator[Town]:
    clock = SetClock(NOW)
    table = SqliteTable.open(path / "aurora.sqlite", clock)
    try:
        made = Town(table, clock, processes)
        await made.open()
        yield made
    finally:
        await table.close()


def slots() -> Iterator[int]:
    """Free half hours, each once."""
    return (MONDAY + number * 1_800 for number in count())


def clear_of_each_other(periods: list[tuple[int, int]]) -> bool:
    return all(one[1] <= other[0] for one, other in pairwise(periods))


async def one_wins(path: Path, processes: int, times: int) -> None:
    async with town(path, processes) as made:
        schedule = await made.schedule()
        first, last = made.processes[0], made.processes[-1]
        starts = list(islice(slots(), times))
        for start in starts:
            both = await asyncio.gather(made.book(first, schedule, start), made.book(last, schedule, start))
            assert sorted(isinstance(each, Booked) for each in both) == [False, True], print_instant(start)
        assert [start for start, _ in await made.booked(schedule)] == starts
        assert [start for start, _ in await made.busy()] == starts, "each booking is one event"


@pytest.mark.parametrize("processes", [1, 2])
async def test_two_people_booking_one_slot_at_once(tmp_path: Path, processes: int) -> None:
    await one_wins(tmp_path, processes, SAMPLE)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
async def test_two_people_booking_one_slot_at_once_a_thousand_times(tmp_path: Path, processes: int) -> None:
    await one_wins(tmp_path, processes, WHOLE)


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_crowd_wants_a_morning_in_slots_of_all_lengths(tmp_path: Path, processes: int) -> None:
    random = Random(7)
    async with town(tmp_path, processes) as made:
        schedule = await made.schedule(slotMinutes=10, bufferBefore=5, bufferAfter=10)
        wishes = [(MONDAY + random.randrange(36) * 600, random.choice([10, 20, 30, 60])) for _ in range(60)]
        turns = cycle(made.processes)
        results = await asyncio.gather(*(made.book(next(turns), schedule, *wish) for wish in wishes))
        booked = await made.booked(schedule)
        assert len(booked) == sum(isinstance(each, Booked) for each in results) > 3
        # Ten minutes after one and five before the next are kept free; the two may be the same minutes.
        assert all(one[1] + 600 <= other[0] for one, other in pairwise(booked))


async def test_two_schedules_of_one_person_do_not_meet(tmp_path: Path) -> None:
    async with town(tmp_path, 2) as made:
        pair = [await made.schedule(), await made.schedule(slotMinutes=60)]
        for start in islice(slots(), 0, 12, 2):
            both = await asyncio.gather(*(made.book(*turn, start) for turn in zip(made.processes, pair, strict=True)))
            assert sum(isinstance(each, Booked) for each in both) == 1
        assert clear_of_each_other(await made.booked(*pair))


@pytest.mark.parametrize("processes", [1, 2])
async def test_an_event_that_is_written_first_is_never_booked_over(tmp_path: Path, processes: int) -> None:
    """The owner may always put an event; but who books after it sees it."""
    async with town(tmp_path, processes) as made:
        schedule = await made.schedule()
        won: list[tuple[str, str]] = []
        for start in islice(slots(), SAMPLE):
            body = event_input(print_instant(start)[:-1], zone="UTC", hours=0.5)
            put = events.create_event(made.processes[-1], made.ann, body)
            written, taken = await asyncio.gather(put, made.book(made.processes[0], schedule, start))
            if isinstance(taken, Booked):
                won.append((taken.booking.event_id, written.event.id))
        (log,) = await made.table.query(Range(keys.log(made.ann, 0).part))
        order = [changed.id for item in log for changed in decode(item.body, LogItem).changed]
        assert all(order.index(booked) < order.index(written) for booked, written in won)
        assert len(won) < SAMPLE


async def test_a_crowd_of_the_owners_own_writes_does_not_starve_a_booking(tmp_path: Path) -> None:
    async with town(tmp_path, 1) as made:
        schedule = await made.schedule()
        services = dataclasses.replace(made.processes[0], table=made.table)
        bodies = [event_input(f"2026-12-{day:02}T10:00:00", zone="UTC") for day in range(1, 31) for _ in range(10)]
        writes = [asyncio.create_task(events.create_event(services, made.ann, body)) for body in bodies]
        assert isinstance(await made.book(services, schedule, MONDAY), Booked)
        assert not all(write.done() for write in writes)
        await asyncio.gather(*writes)
        assert len(await made.busy()) == 301
