"""Listings against brute force: random calendars, random windows, and pages that must add up to the whole."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from aurora_time.domain.component import Event
from aurora_time.domain.moment import (
    DAY,
    Window,
    Zone,
    parse_date,
    parse_instant,
    print_date,
    print_instant,
    print_wall,
)
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone
from aurora_time.operations import events
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person
from aurora_time.operations.representation import EventInput
from tests.api.world import Json, Somebody, World

ZONES = (
    "Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago",
    "Australia/Lord_Howe", "Asia/Kolkata", "UTC",
)  # fmt: skip
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;COUNT=5", "FREQ=DAILY;INTERVAL=9;UNTIL=20280401", "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=WEEKLY;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=7", "FREQ=YEARLY",
    "FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;COUNT=3", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
)  # fmt: skip
STARTS = tuple(map(parse_date, ("2027-12-20", "2028-02-20", "2028-03-20", "2028-10-20", "2024-02-29", "2027-06-01")))
HORIZON = Window(parse_date("2024-01-01"), parse_date("2031-01-01"))
LENGTHS = (0, 1, 900, 3600, DAY, 30 * 3600, 8 * DAY, 31 * DAY, 33 * DAY, 45 * DAY)


def random_event(rng: random.Random) -> Json:
    wall = rng.choice(STARTS) + rng.randrange(15) * DAY
    body: Json = {"summary": "x", "description": "d" * rng.choice((0, 0, 0, 4_500))}
    is_date = rng.random() < 0.35
    if is_date:
        body["start"] = {"date": print_date(wall)}
        if rng.random() < 0.5:
            body["end"] = {"date": print_date(wall + rng.choice((1, 2, 9, 32, 40)) * DAY)}
    else:
        wall += rng.randrange(96) * 900
        name = rng.choice(ZONES)
        body["start"] = {"dateTime": print_wall(wall), "timeZone": name}
        end = zone(name).instant(wall) + rng.choice(LENGTHS)
        other = name if rng.random() < 0.8 else rng.choice(ZONES)
        body["end"] = {"dateTime": print_instant(end), "timeZone": other}
    if rng.random() < 0.5:
        lines = [f"RRULE:{rng.choice(RULES)}"]
        if rng.random() < 0.3:
            lines.append("RDATE:" + print_date(wall + 11 * DAY).replace("-", "") + ("" if is_date else "T120000"))
        if rng.random() < 0.3:
            lines.append("EXDATE;VALUE=DATE:" + print_date(wall + 7 * DAY).replace("-", ""))
        body["recurrence"] = lines
    return body


def random_window(rng: random.Random, home: Zone) -> tuple[str, str, Window]:
    """As it is asked for, and the instants that it means."""
    first = rng.choice(STARTS) + rng.randrange(-10, 25) * DAY
    last = first + rng.choice((0, 1, 1, 7, 31, 120, 400)) * DAY
    if rng.random() < 0.5:
        return print_date(first), print_date(last), Window(home.instant(first), home.instant(last))
    first, last = first + rng.randrange(DAY), last + DAY
    return print_instant(first), print_instant(last), Window(first, last)


@dataclass
class Random:
    """Somebody with a random calendar."""

    who: Somebody
    home: Zone
    stored: list[Event]

    def __post_init__(self) -> None:
        """All occurrences there are: start, end, event, recurrence-id."""
        self.all = [
            (each.start.instant(self.home), each.end.instant(self.home), event.id, f"_{each.recurrence_id}")
            for event in self.stored
            for each in occurrences_in(event, HORIZON, self.home)
        ]
        self.recurring = {event.id for event in self.stored if event.recurrence}

    def expected(self, window: Window, *, expand: bool) -> list[str]:
        """The ids of what overlaps, by (start, id), from all that there is."""
        inside = [
            (start, event_id, suffix)
            for start, end, event_id, suffix in self.all
            if start < window.end and (end > window.start or start >= window.start)
        ]
        if expand:
            named = sorted((start, f"{id_}{suffix}" if id_ in self.recurring else id_) for start, id_, suffix in inside)
            return [name for _, name in named]
        firsts: dict[str, int] = {}
        for start, event_id, _ in inside:
            firsts[event_id] = min(start, firsts.get(event_id, start))
        return sorted(firsts, key=lambda event_id: (firsts[event_id], event_id))

    async def listed(self, **query: Any) -> list[str]:
        """All pages."""
        ids: list[str] = []
        cursor: Json = {}
        while True:
            page = await self.who.get("/v1/events", **query, **cursor)
            ids += [each["id"] for each in page["items"]]
            if page["nextCursor"] is None:
                return ids
            assert page["items"], "only a page that shows something has a next"
            cursor = {"cursor": page["nextCursor"]}


async def random_calendar(world: World, rng: random.Random, name: str, count: int) -> Random:
    home = rng.choice(ZONES)
    person_id = await ensure_person(world.services, "embedded", name, NewPerson(f"{name}@x.org", "", home, "en"))
    who = Somebody(person_id, world.client(await world.token(person_id, SCOPES)))
    made = [
        await events.create_event(world.services, person_id, msgspec.convert(random_event(rng), EventInput))
        for _ in range(count)
    ]
    return Random(who, zone(home), [written.event for written in made])


@pytest.mark.fuzz
async def test_listings_are_what_brute_force_finds(world: World, effort: int) -> None:
    for seed in range(100 * effort):
        rng = random.Random(seed)
        calendar = await random_calendar(world, rng, f"p{seed}", 8)
        for _ in range(2):
            start, end, window = random_window(rng, calendar.home)
            for expand in (True, False):
                wanted = calendar.expected(window, expand=expand)
                limit = rng.choice((2, 3, 7, 1000)) if len(wanted) < 20 else 60
                asked: Json = {"from_": start, "to": end, "expand": str(expand).lower(), "limit": limit}
                assert await calendar.listed(**asked) == wanted, (seed, asked)


async def test_pages_through_a_thousand_mixed_events_add_up(world: World) -> None:
    rng = random.Random(4)
    calendar = await random_calendar(world, rng, "many", 1_000)
    window = Window(parse_instant("2028-02-01T00:00:00Z"), parse_instant("2028-04-01T00:00:00Z"))
    wanted = calendar.expected(window, expand=True)
    asked = {"from_": "2028-02-01T00:00:00Z", "to": "2028-04-01T00:00:00Z"}
    assert len(wanted) > 3_000
    assert await calendar.listed(**asked, limit=997) == wanted
    series = calendar.expected(window, expand=False)
    assert await calendar.listed(**asked, expand="false", limit=83) == series
    stored = sorted(event.id for event in calendar.stored)
    assert await calendar.listed(limit=83) == stored
