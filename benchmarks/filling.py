"""Homes full of events, filled directly through the operations: what is measured is serving them, not filling."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from aurora_time.domain.moment import DAY, print_wall
from aurora_time.operations.events import create_event
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.operations.representation import DateOrTime, EventInput, ReminderOverride, Reminders
from aurora_time.operations.services import Services
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds

FIRST_MONDAY = 1_262_563_200
"""2010-01-04T00:00:00, as a wall clock and as an instant in UTC."""

A_WEEK = 40
_AT_ONCE = 500
_CALIBRATION = 500


class PastClock:
    """Stands still in the past, so that everything that is filled in is still to come."""

    def __init__(self, at: float) -> None:
        self._at = at

    def now(self) -> float:
        return self._at


@asynccontextmanager
async def services_of(data: Path, now: float) -> AsyncIterator[Services]:
    home = make_home(Settings(data), "http://127.0.0.1:8820", PastClock(now), RandomIds())
    try:
        yield home.services
    finally:
        await home.close()


async def newcomer(services: Services, name: str) -> tuple[str, str]:
    """The id of a new person in UTC, and an API token."""
    person = await ensure_person(services, "bench", name, NewPerson(f"{name}@example.org", name, "UTC", "en"))
    _, _, secret = await create_token(services, person, "bench", SCOPES, None)
    return person, secret


async def create_all(services: Services, bodies: Iterable[tuple[str, EventInput]]) -> None:
    """Create events, each given with whose it is; many at once, so that they share commits."""
    waiting = iter(bodies)
    while chunk := list(islice(waiting, _AT_ONCE)):
        await asyncio.gather(*(create_event(services, owner, body) for owner, body in chunk))


def event(summary: str, wall: int, reminders: Reminders) -> EventInput:
    return EventInput(
        summary=summary,
        start=DateOrTime(date_time=print_wall(wall), time_zone="UTC"),
        end=DateOrTime(date_time=print_wall(wall + 1800), time_zone="UTC"),
        location="Room 12",
        description="What we decided last time, and what is still open. Bring the figures of the month.",
        reminders=reminders,
    )


def weekly_forty(owner: str, count: int) -> Iterator[tuple[str, EventInput]]:
    """Single events, 40 in each week from FIRST_MONDAY on; past ones ring no more."""
    for number in range(count):
        week, place = divmod(number, A_WEEK)
        wall = FIRST_MONDAY + week * 7 * DAY + place * 4 * 3600
        yield owner, event(f"Event {number}", wall, Reminders(False, ()))


def fill_calendar(data: Path, count: int) -> str:
    """One person with so many single events; an API token."""

    async def go() -> str:
        async with services_of(data, time.time()) as services:
            owner, token = await newcomer(services, "an")
            await create_all(services, weekly_forty(owner, count))
            return token

    return asyncio.run(go())


def fill_reminders(data: Path, offsets: list[int], people: int) -> tuple[int, str]:
    """An event for each offset, which rings so many seconds after the returned instant; with one person's token.

    The instant lies some seconds after the filling is done.
    """

    async def go() -> tuple[int, str]:
        async with services_of(data, time.time() - DAY) as services:
            owners = [await newcomer(services, f"person{number}") for number in range(people)]
            began = time.time()
            far = (
                (owners[0][0], event("far", int(began) + 400 * DAY, Reminders(False, ()))) for _ in range(_CALIBRATION)
            )
            await create_all(services, far)
            each = (time.time() - began) / _CALIBRATION
            zero = int(time.time() + 2 * each * len(offsets)) + 10
            ring = Reminders(False, (ReminderOverride(minutes_before=0),))
            bodies = (
                (owners[number % people][0], event(f"Event {number}", zero + offset, ring))
                for number, offset in enumerate(offsets)
            )
            await create_all(services, bodies)
            return zero, owners[0][1]

    return asyncio.run(go())
