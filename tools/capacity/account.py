"""A person's account as it might be: what is in it decides what an operation costs, so it is the same in every run.

28 single events a week, five on a working day, as far back as there are so many; 40 series, of which some are over and
some are birthdays; tasks, rules, tokens, a schedule. A tenth of the events is long, most are short.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import msgspec

from aurora_time.operations.drafts import Fresh, read_event
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EventInput, event_resource
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Head, Held
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context
from tools.capacity.home import ZONE, Home

Json = dict[str, Any]

MONDAY: Final = date(2026, 11, 23)
"""Of the week that is listed: 28 single events and 12 occurrences."""
PER_WEEKDAY: Final = (5, 5, 5, 5, 5, 2, 1)
WEEKS_AHEAD: Final = 8
_AT_ONCE: Final = 12
"""Events of one write: seven items each, and a write has at most 100."""

_SUMMARIES: Final = (
    "Team meeting", "Lunch with Lan", "Product review with the design team", "Dentist", "Họp phụ huynh lớp 3A",
    "Call with the Berlin office", "Gym", "Pick up the kids", "1:1 Minh / Sam", "Đi chợ và nấu cơm tối",
)  # fmt: skip
_LOCATIONS: Final = ("", "Meeting room 4B", "", "", "Trường Tiểu học Nguyễn Huệ", "", "", "12 Lê Lợi, Quận 1", "", "")
_AGENDA: Final = (
    "Agenda: last week's numbers, what is blocked, who takes what until Friday. "
    "Notes: https://docs.example.org/d/1pJxQ7"
)


def timed(day: date, hour: int, minute: int = 0) -> Json:
    return {"dateTime": f"{day}T{hour:02}:{minute:02}:00", "timeZone": ZONE}


def typical(number: int, day: date, hour: int, calendar_id: str) -> Json:
    """The body with which an event is made."""
    kind = number % 10
    body: Json = {
        "summary": _SUMMARIES[kind],
        "start": timed(day, hour),
        "end": timed(day, hour, 45),
        "calendarId": calendar_id,
    }
    if _LOCATIONS[kind]:
        body["location"] = _LOCATIONS[kind]
    if kind in (0, 2, 5):
        body["description"] = _AGENDA
        body["categories"] = ["work"]
    if kind in (3, 7):
        body["reminders"] = {"useDefault": False, "overrides": [{"minutesBefore": 60}]}
    if kind == 2:
        guests = ("lan.nguyen", "sam.taylor", "jonas.weber")
        body["attendees"] = [{"email": f"{name}@example.org", "rsvp": True} for name in guests]
    return body


def _days_back() -> Iterator[tuple[date, int]]:
    """Each day and the hour of each single event on it, from some weeks ahead into the past."""
    day = MONDAY + timedelta(weeks=WEEKS_AHEAD)
    while True:
        for number in range(PER_WEEKDAY[day.weekday()]):
            yield day, 9 + 2 * number
        day -= timedelta(days=1)


def singles(count: int, calendar_ids: list[str]) -> Iterator[Json]:
    for number, (day, hour) in enumerate(islice(_days_back(), count)):
        yield typical(number, day, hour, calendar_ids[number % len(calendar_ids)])


def series(calendar_ids: list[str]) -> Iterator[Json]:
    """Forty: nine that have occurrences in the week, six monthly, ten birthdays, fifteen that are over."""
    home, work, family = calendar_ids
    start = MONDAY - timedelta(weeks=60)
    daily = {"summary": "Stand-up", "calendarId": work, "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"]}
    yield daily | {"start": timed(start, 8, 45), "end": timed(start, 9)}
    for number in range(8):
        rule = "RRULE:FREQ=WEEKLY;INTERVAL=2" if number > 5 else "RRULE:FREQ=WEEKLY"
        day = start + timedelta(days=number % 5, weeks=number - 6 if number > 5 else 0)
        yield typical(number, day, 19, work) | {"recurrence": [rule]}
    for number in range(6):
        yield typical(number, start + timedelta(days=40 + number), 20, home) | {"recurrence": ["RRULE:FREQ=MONTHLY"]}
    for number in range(10):
        born = f"{1950 + 5 * number}-{1 + (10 + number) % 12:02}-{11 + number}"
        yearly = {"summary": f"Birthday {number}", "calendarId": family, "recurrence": ["RRULE:FREQ=YEARLY"]}
        yield yearly | {"start": {"date": born}}
    for number in range(15):
        over = typical(number, MONDAY - timedelta(weeks=100), 18, work)
        yield over | {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={20 + number}"]}


async def fill(home: Home, bodies: Iterator[Json]) -> None:
    """Write events as an import does, a dozen at once."""
    while some := list(islice(bodies, _AT_ONCE)):
        await _write(home, some)


async def _write(home: Home, bodies: list[Json]) -> None:
    services, owner = home.services, home.owner
    person, _ = await read_person(services, owner)
    (item,) = await services.table.get(keys.head(owner))
    held = Held(decode(item.body, Head), item.version) if item else Held()
    version, made = services.ids.new(), []
    for body in bodies:
        event_id = services.ids.new()
        fresh = Fresh(event_id, f"{event_id}@aurora-time", services.now, person.home, person.first_calendar)
        event = read_event(msgspec.convert(body, EventInput), fresh)
        made.append((None, event, msgspec.json.encode(event_resource(event, version))))
    context = Context(owner, held, services.now, version, person.preferences)
    changes, _ = objects.several(made, context)
    await services.table.write(*changes)


async def furnish(home: Home, events: int = 2_000) -> list[str]:
    """All that the account holds; the ids of its three calendars."""
    work = (await home.make("/v1/calendars", {"name": "Work", "timeZone": ZONE}))["id"]
    family = (await home.make("/v1/calendars", {"name": "Family"}))["id"]
    first = msgspec.json.decode((await home.ask("GET", "/v1/calendars")).body)["items"]
    primary = next(each["id"] for each in first if each["primary"])
    ids = [primary, work, family]
    await fill(home, singles(events, ids))
    await fill(home, series(ids))
    for number in range(30):
        body: Json = {"summary": f"{_SUMMARIES[number % 10]}: prepare"}
        if number % 3:
            body["due"] = timed(MONDAY + timedelta(days=number % 20), 17)
        task = await home.make("/v1/tasks", body)
        if number % 3 == 0:
            await home.patch(f"/v1/tasks/{task['id']}", status="COMPLETED")
    for name in ("Laptop", "Script"):
        await home.make("/v1/tokens", {"name": name, "scopes": ["events:read", "events:write"]})
    for minutes, word in ((30, "dentist"), (120, "flight")):
        rule = {"name": f"Before a {word}", "match": {"words": [word]}, "triggers": [{"minutesBefore": minutes}]}
        await home.make("/v1/reminder-rules", rule)
    home.clock.time += 1
    await home.finish_jobs()
    return ids
