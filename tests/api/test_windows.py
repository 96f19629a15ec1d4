"""`from` and `to`, wherever they are taken: an instant or a date in the user's zone, half-open, by overlap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest

from aurora_time.api import ENDPOINTS
from tests.api.schedule_scenarios import a_booking, a_schedule
from tests.api.world import World, pointers, problem_of, timed

NIGHT = {"start": timed("2026-11-24T00:30:00"), "end": timed("2026-11-24T01:30:00")}
"""Of the 24th where its owner lives; at Greenwich it is the 23rd."""
BOOKED = "2026-11-23T17:30:00Z"
HOURS = {
    "weekly": [{"days": ["TU"], "from": "00:30", "to": "01:30"}],
    "slotMinutes": 60,
    "overrides": [{"date": "2026-12-01", "hours": []}],
}


async def an_event(world: World) -> str:
    await world.ann.event(**NIGHT)
    return "/v1/events"


async def a_series(world: World) -> str:
    event = await world.ann.event(**NIGHT, recurrence=["RRULE:FREQ=YEARLY"])
    return f"/v1/events/{event['id']}/occurrences"


async def a_task(world: World) -> str:
    await world.ann.make("/v1/tasks", {"summary": "x", "due": NIGHT["start"]})
    return "/v1/tasks"


async def a_reminder(world: World) -> str:
    await world.ann.make("/v1/reminders", {"at": "2026-11-24T00:30:00", "text": "x"})
    return "/v1/reminders"


async def a_slot(world: World) -> str:
    return f"/v1/schedules/{(await a_schedule(world, **HOURS))['id']}/slots"


async def something_booked(world: World) -> str:
    schedule = await a_schedule(world, **HOURS)
    await a_booking(world, schedule, start=BOOKED)
    return f"/v1/schedules/{schedule['id']}/bookings"


async def busy(world: World) -> str:
    await world.ann.event(**NIGHT)
    return "/v1/free-busy"


class Windowed(NamedTuple):
    """An endpoint with a window; what is made there lasts an hour, or is an instant."""

    operation: str
    make: Callable[[World], Awaitable[str]]
    lasts: bool = True
    is_needed: bool = False


WINDOWED = [
    Windowed("listEvents", an_event),
    Windowed("listOccurrences", a_series, is_needed=True),
    Windowed("listTasks", a_task, lasts=False),
    Windowed("listReminders", a_reminder, lasts=False),
    Windowed("listSlots", a_slot, lasts=False, is_needed=True),
    Windowed("listBookings", something_booked),
    Windowed("queryFreeBusy", busy, is_needed=True),
]


async def ask(world: World, path: str, **window: str) -> Any:
    named = {name.rstrip("_"): value for name, value in window.items()}
    if path == "/v1/free-busy":
        return await world.ann.ask("POST", path, named)
    return await world.ann.http.get(path, params=named)


async def count(world: World, path: str, start: str, end: str) -> int:
    answer = await ask(world, path, from_=start, to=end)
    assert answer.status_code == 200, answer.text
    return len(answer.json().get("busy", answer.json().get("items")))


def test_every_endpoint_that_takes_a_window_is_here() -> None:
    shapes = {each.operation_id: (each.shape.query, each.shape.body) for each in ENDPOINTS}
    taking = {
        name for name, types in shapes.items() for type_ in types if "from_" in getattr(type_, "__struct_fields__", ())
    }
    assert {each.operation for each in WINDOWED} == taking


@pytest.mark.parametrize("case", WINDOWED, ids=lambda case: case.operation)
async def test_a_window_is_half_open_and_takes_instants_and_dates(world: World, case: Windowed) -> None:
    path = await case.make(world)

    async def found(start: str, end: str) -> int:
        return await count(world, path, start, end)

    zone = "+07:00"
    assert await found(f"2026-11-24T00:00:00{zone}", f"2026-11-24T00:30:00{zone}") == 0, "it ends where it begins"
    assert await found(f"2026-11-24T00:00:00{zone}", f"2026-11-24T00:30:01{zone}") == 1
    assert await found("2026-11-23T17:30:00Z", "2026-11-23T18:00:00Z") == 1, "another way to say the same instant"
    later = "00:59:59" if case.lasts else "00:30:00"
    assert await found(f"2026-11-24T{later}{zone}", f"2026-11-24T02:00:00{zone}") == 1
    after = "01:30:00" if case.lasts else "00:30:01"
    assert await found(f"2026-11-24T{after}{zone}", f"2026-11-24T02:00:00{zone}") == 0, "it is over when it begins"
    assert await found("2026-11-24", "2026-11-25") == 1, "a date is of the user's zone"
    assert await found("2026-11-23", "2026-11-24") == 0
    assert await found("2026-11-25", "2026-11-26") == 0
    assert await found("2026-11-24", "2026-11-24T00:30:01+07:00") == 1, "one may be a date, and the other an instant"


@pytest.mark.parametrize("case", WINDOWED, ids=lambda case: case.operation)
async def test_a_window_that_is_none_is_refused(world: World, case: Windowed) -> None:
    path = await case.make(world)
    status, mark = (422, "/") if path == "/v1/free-busy" else (400, "?")
    for start, end, where in (
        ("2026-11-24", "2026-11-23", "to"),
        ("tomorrow", "2026-11-24", "from"),
        ("2026-11-24", "2026-11-31", "to"),
        ("2026-11-24T09:00:00", "2026-11-25", "from"),
        ("0001-01-01", "2026-11-25", "from"),
    ):
        problem = problem_of(await ask(world, path, from_=start, to=end), status)
        assert pointers(problem) == [f"{mark}{where}"], (start, end)
    for given, missing in (("from_", "to"), ("to", "from")):
        problem = problem_of(await ask(world, path, **{given: "2026-11-24"}), status)
        assert pointers(problem) == [f"{mark}{missing}"]
    alone = await ask(world, path)
    assert alone.status_code == (status if case.is_needed else 200), alone.text
