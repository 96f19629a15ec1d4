"""Random lives of series against a model that keeps a plain list of occurrences; every index is held to it.

The seed is printed; AURORA_TEST_SEED=<number> lives the same lives again.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aurora_time.domain.moment import DAY, Window, parse_date, parse_wall, print_compact, print_date, print_wall
from aurora_time.domain.reminders import Preferences
from aurora_time.operations.people import read_person
from tests.api.world import ZONE, Json, World
from tests.store.index_invariants import check_due, check_names, check_time, stored_events

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
HOUR = 3600
LIVES = 8
DEEDS = 25


@dataclass
class Once:
    """An occurrence: its original start, and what is its own: start, summary, location."""

    original: int
    own: dict[str, Any] = field(default_factory=dict)


@dataclass
class Series:
    """What all occurrences say that do not say otherwise, and the list of them."""

    says: dict[str, Any]
    calendar: str
    is_date: bool
    list: list[Once]

    def told(self) -> list[tuple[int, str, str, str]]:
        said = [{"start": each.original, **self.says, **each.own} for each in self.list]
        return [(each["start"], each["summary"], each["location"], self.calendar) for each in said]

    def settle(self) -> None:
        """What is no difference is none."""
        for each in self.list:
            same = {"start": each.original, **self.says}
            each.own = {name: value for name, value in each.own.items() if value != same[name]}

    def name(self, once: Once) -> str:
        return print_compact(once.original, is_date=self.is_date)

    def time(self, wall: int) -> Json:
        return {"date": print_date(wall)} if self.is_date else {"dateTime": print_wall(wall), "timeZone": ZONE}

    def times(self, wall: int) -> Json:
        return {"start": self.time(wall), "end": self.time(wall + (DAY if self.is_date else HOUR))}


class Life:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.rng = world, random.Random(seed)
        self.there: dict[str, Series] = {}
        self.trash: dict[str, Series] = {}
        self.before: tuple[dict[str, Series], dict[str, Series]] = ({}, {})
        self.token = ""
        self.story: list[str] = []
        self.calendars: list[str] = []

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """A write, which must succeed; what was before it is remembered."""
        self.before = copy.deepcopy((self.there, self.trash))
        self.story.append(f"{method} {path} {body}")
        answer = await self.world.ann.ask(method, path, body)
        assert answer.status_code < 300, answer.text
        self.token = answer.headers["undo-token"]
        read: Json = answer.json() if answer.content else {}
        return read

    async def begin(self) -> None:
        rng = self.rng
        is_date, count = rng.random() < 0.3, rng.randint(1, 8)
        start = parse_date("2026-11-25") if is_date else parse_wall("2026-11-25T09:00:00")
        step = rng.choice((1, 2, 7))
        says, calendar = {"summary": "S", "location": "L"}, rng.choice(self.calendars)
        rule = f"RRULE:FREQ=DAILY;INTERVAL={step};" + rng.choice((
            f"COUNT={count}", f"UNTIL={print_compact(start + (count - 1) * step * DAY, is_date=is_date)}",
        ))  # fmt: skip
        made = Series(says, calendar, is_date, [Once(start + number * step * DAY) for number in range(count)])
        body = {**says, **made.times(start), "recurrence": [rule], "calendarId": calendar,
                "reminders": {"useDefault": False, "overrides": [{"daysBefore": 0, "at": "08:00"}]}}  # fmt: skip
        event = await self.ask("POST", "/v1/events", body)
        self.there[event["id"]] = made

    def some(self) -> tuple[str, Series, Once]:
        event_id = self.rng.choice(sorted(self.there))
        return event_id, self.there[event_id], self.rng.choice(self.there[event_id].list)

    def patch(self) -> Json:
        rng = self.rng
        return {name: rng.choice("ab") + name for name in ("summary", "location") if rng.random() < 0.5}

    def shift(self, series: Series) -> int:
        return self.rng.choice((0, 0, DAY, -DAY, *((HOUR, 5 * HOUR, -20 * HOUR) if not series.is_date else ())))

    def times(self, series: Series, wall: int) -> Json:
        """Start and end; sometimes the start alone, with which the end goes along."""
        return series.times(wall) if self.rng.random() < 0.5 else {"start": series.time(wall)}

    async def this(self) -> None:
        event_id, series, once = self.some()
        says, by = self.patch(), self.shift(series) * 3
        start = once.own.get("start", once.original) + by
        body = {**says, **(self.times(series, start) if by else {})}
        await self.ask("PATCH", f"/v1/events/{event_id}/occurrences/{series.name(once)}", body)
        once.own |= says | ({"start": start} if by else {})

    async def whole(self) -> None:
        event_id, series, _ = self.some()
        says, by = self.patch(), self.shift(series)
        current = await self.world.ann.get(f"/v1/events/{event_id}")
        start = current["start"].get("dateTime") or current["start"]["date"]
        wall = (parse_wall(start) if "T" in start else parse_date(start)) + by
        await self.ask("PATCH", f"/v1/events/{event_id}", {**says, **(self.times(series, wall) if by else {})})
        self.change(series, says, by)

    def change(self, series: Series, says: Json, by: int) -> None:
        series.settle()
        series.says |= says
        for each in series.list:
            each.original += by

    async def following(self) -> None:
        event_id, series, once = self.some()
        says, by = self.patch(), self.shift(series)
        at = once.own.get("start", once.original)  # what a client sees, and moves
        body = {**says, **(self.times(series, at + by) if by else {})}
        answer = await self.ask("PATCH", f"/v1/events/{event_id}/occurrences/{series.name(once)}?scope=following", body)
        first, last = self.divided(series, once)
        new_id = answer["newSeries"]["id"] if answer["newSeries"] else event_id
        assert (new_id == event_id) == (not first)
        new = Series(dict(series.says), series.calendar, series.is_date, last)
        shown = {**series.says, **once.own}
        says = {name: value for name, value in says.items() if value != shown[name]}  # sent as it was seen: no change
        changed = {*says, *(["start"] if by else [])}  # of all, so of this one too
        once.own = {name: value for name, value in once.own.items() if name not in changed}
        self.change(new, says, at + by - once.original if by else 0)
        series.list = first
        self.there[new_id] = new

    def divided(self, series: Series, once: Once) -> tuple[list[Once], list[Once]]:
        first = [each for each in series.list if each.original < once.original]
        return first, [each for each in series.list if each.original >= once.original]

    async def delete_this(self) -> None:
        event_id, series, once = self.some()
        await self.ask("DELETE", f"/v1/events/{event_id}_{series.name(once)}")
        if len(series.list) == 1:
            self.trash[event_id] = self.there.pop(event_id)
        else:
            series.list.remove(once)

    async def delete_following(self) -> None:
        event_id, series, once = self.some()
        await self.ask("DELETE", f"/v1/events/{event_id}/occurrences/{series.name(once)}?scope=following")
        first, _ = self.divided(series, once)
        if first:
            series.list = first
        else:
            self.trash[event_id] = self.there.pop(event_id)

    async def delete(self) -> None:
        event_id, _, _ = self.some()
        await self.ask("DELETE", f"/v1/events/{event_id}")
        self.trash[event_id] = self.there.pop(event_id)

    async def restore(self) -> None:
        if self.trash:
            event_id = self.rng.choice(sorted(self.trash))
            await self.ask("POST", f"/v1/events/{event_id}/restore")
            self.there[event_id] = self.trash.pop(event_id)

    async def move(self) -> None:
        event_id, series, _ = self.some()
        series_calendar = self.rng.choice(self.calendars)
        await self.ask("PATCH", f"/v1/events/{event_id}", {"calendarId": series_calendar})
        series.calendar = series_calendar

    async def undo(self) -> None:
        if not self.token:
            return
        now = copy.deepcopy((self.there, self.trash))
        answer = await self.world.ann.ask("POST", "/v1/undo", {"token": self.token})
        self.story.append("undo")
        assert answer.status_code == 200, answer.text
        (self.there, self.trash), self.before = self.before, now
        self.token = answer.headers["undo-token"]

    async def check(self) -> None:
        world, told = self.world, "\n".join([f"seed {SEED}", *self.story])
        for series in self.there.values():
            series.settle()
        page = await world.ann.get("/v1/events", from_="2026-06-01", to="2027-12-31", limit=1000)
        seen = sorted(
            (self.wall(each), each["summary"], each["location"], each["calendarId"]) for each in page["items"]
        )
        lasting = {self.wall(each, "end") - self.wall(each) for each in page["items"]}
        assert lasting <= {DAY, HOUR}, told
        assert seen == sorted(each for series in self.there.values() for each in series.told()), told
        assert {each["id"] for each in (await world.ann.get("/v1/trash"))["items"]} == self.trash.keys(), told
        person, _ = await read_person(world.services, world.ann.id)
        await self.check_indexes(person.preferences)

    def wall(self, listed: Json, end: str = "start") -> int:
        start = listed[end]
        return parse_date(start["date"]) if "date" in start else parse_wall(start["dateTime"])

    async def check_indexes(self, preferences: Preferences) -> None:
        world, owner = self.world, self.world.ann.id
        start = parse_date("2026-11-25") + self.rng.randint(-5, 60) * DAY
        windows = [Window(start, start + HOUR), Window(start, start + 7 * DAY)]
        await check_time(world.table, owner, windows, preferences)
        await check_names(world.table, owner)
        stored = await stored_events(world.table, owner)
        events = {event_id: each.event for event_id, each in stored.items()}
        await check_due(world.table, owner, events, (int(world.clock.time), preferences))


async def live(world: World, seed: int) -> Life:
    life = Life(world, seed)
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    life.calendars = [await world.primary(world.ann), work["id"]]
    for _ in range(DEEDS):
        deeds: list[Callable[[], Awaitable[None]]] = [life.begin]
        if life.there:
            deeds += [life.this] * 6 + [life.whole] * 3 + [life.following] * 5 + [life.undo] * 4
            deeds += [life.delete_this] * 3 + [life.delete_following, life.delete, life.move]
        deeds.append(life.restore)
        await life.rng.choice(deeds)()
        await life.check()
        world.clock.time += 1
    return life


async def test_a_series_lives_as_a_plain_list_of_occurrences_would(effort: int) -> None:
    print(f"AURORA_TEST_SEED={SEED}")
    done = 0
    for number in range(LIVES * effort):
        async with World() as world:
            done += len((await live(world, SEED + number)).story)
    assert done > LIVES * effort * DEEDS // 2
