"""Random series of every kind (zones, days, BYSETPOS, RDATEs, ends on other clocks), and what each deed may change.

The seed is printed; AURORA_TEST_SEED=<number> does the same deeds again.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from aurora_time.domain.moment import DAY, parse_date, parse_wall, print_compact, print_date, print_wall
from aurora_time.domain.zones import zone
from tests.api.world import ZONE, Json, Somebody, World, day, timed

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
SERIES = 12
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", ZONE, "UTC")
CHANGES = ("2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2026-10-03", "2026-12-31")
"""Days about which clocks, or years, change."""
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=15,-1", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2,-2",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "FREQ=YEARLY;BYYEARDAY=100,200",
)  # fmt: skip
Seen = Counter[tuple[int, int, str]]
"""Start, end and summary of what is listed."""


def some_dates(rng: random.Random, start: int, low: int, later: int) -> list[int]:
    return sorted({start + rng.randint(low, 90) * DAY + rng.choice((0, 0, later)) for _ in range(3)})


def body(rng: random.Random) -> Json:
    is_date, tz = rng.random() < 0.3, rng.choice(ZONES)
    first = parse_date(rng.choice(CHANGES)) + rng.randint(-40, 1) * DAY
    start = first + (0 if is_date else rng.choice((0, 1800, 9000, 32_400, 84_600)))
    head = ";VALUE=DATE" if is_date else "" if tz == "UTC" else f";TZID={tz}"
    utc = "Z" if tz == "UTC" and not is_date else ""

    def printed(wall: int) -> str:
        return print_compact(wall, is_date=is_date)

    last = start + rng.randint(1, 300) * DAY
    limit = rng.choice(("", f";COUNT={rng.choice((1, 2, 9))}", f";UNTIL={printed(last)}{'' if is_date else 'Z'}"))
    lines = [f"RRULE:{rng.choice(RULES)}{limit}"] if rng.random() < 0.9 else []
    for name, low, later, chance in (
        ("RDATE", -20, 0 if is_date else 3600, 0.4 if lines else 1),
        ("EXDATE", 0, 0, 0.3),
    ):
        if rng.random() < chance:
            dates = some_dates(rng, start, low, later)
            lines.append(f"{name}{head}:{','.join(printed(each) + utc for each in dates)}")
    if is_date:
        times = {"start": day(print_date(start)), "end": day(print_date(start + rng.choice((1, 3)) * DAY))}
    else:
        length, there = rng.choice(((0, tz), (2700, tz), (26 * 3600, tz), (20 * 3600, rng.choice(ZONES))))
        times = {"start": timed(print_wall(start), tz), "end": timed(print_wall(start + length), there)}
    return {"summary": "S", **times, "recurrence": lines}


def instant(time: Json) -> int:
    if "date" in time:
        return parse_date(time["date"])
    return zone(time["timeZone"]).instant(parse_wall(time["dateTime"]))


def seen(items: list[Json]) -> Seen:
    return Counter((instant(each["start"]), instant(each["end"]), each["summary"]) for each in items)


def days(items: list[Json]) -> Counter[str]:
    """The days that the occurrences are named by; not of the last months, which a zone may move out of the window."""
    return Counter(each["recurrenceId"][:8] for each in items if each.get("recurrenceId", "9") < "202803")


class Deeds:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.ann, self.rng = world, world.ann, random.Random(seed)
        self.story = [f"seed {seed}"]
        self.token = ""

    @property
    def told(self) -> str:
        return "\n".join(self.story)

    async def ask(self, method: str, path: str, patch: Json | None = None) -> Json | None:
        """None where the series cannot be divided there, which is said and changes nothing."""
        self.story.append(f"{method} {path} {patch}")
        answer = await self.ann.ask(method, path, patch)
        if answer.status_code == 422 and "cannot be divided" in answer.text:
            return None
        assert answer.status_code < 300, f"{answer.text}\n{self.told}"
        self.token = answer.headers["undo-token"]
        return {} if not answer.content else dict(answer.json())

    async def listed(self, who: Somebody | None = None) -> list[Json]:
        page = await (who or self.ann).get("/v1/events", from_="2025-12-01", to="2028-06-01", limit=1000)
        items: list[Json] = page["items"]
        return items

    async def undone(self, before: Seen) -> None:
        undone = await self.ann.ask("POST", "/v1/undo", {"token": self.token})
        assert undone.status_code == 200, self.told
        assert seen(await self.listed()) == before, self.told

    async def one(self) -> Json | None:
        """One of the first occurrences that has a name."""
        named = [each for each in await self.listed() if "recurrenceId" in each][:40]
        return self.rng.choice(named) if named else None

    async def move_one(self) -> None:
        """Over others, or before the series' start: only this one moves, and the same again changes nothing."""
        chosen = await self.one()
        if chosen is None:
            return
        before, by = seen(await self.listed()), self.rng.choice((1, -1, 3, -12)) * DAY
        patch = {"start": moved(chosen["start"], by), "summary": self.rng.choice("AB")}
        for _ in range(2):
            await self.ask("PATCH", f"/v1/events/{chosen['id']}", patch)
            after = seen(await self.listed())
            assert ((before - after).total(), (after - before).total()) in ((1, 1), (0, 0)), self.told

    async def delete_one(self) -> None:
        chosen = await self.one()
        if chosen is not None:
            before = seen(await self.listed())
            await self.ask("DELETE", f"/v1/events/{chosen['id']}")
            assert before - seen(await self.listed()) == seen([chosen]), self.told
            if self.rng.random() < 0.5:
                await self.undone(before)

    async def from_one_on(self, method: str, patch: Json | None = None) -> tuple[list[Json], list[Json]] | None:
        """This and following: what was listed before, and which of it follows. None if nothing was done."""
        chosen = await self.one()
        if chosen is None:
            return None
        items, path = await self.listed(), f"/v1/events/{chosen['eventId']}/occurrences/{chosen['recurrenceId']}"
        if await self.ask(method, f"{path}?scope=following", patch) is None:
            return None
        own = [each for each in items if each.get("eventId") == chosen["eventId"]]
        return items, [each for each in own if each["recurrenceId"] >= chosen["recurrenceId"]]

    async def divide(self) -> None:
        """Nothing takes place at another time, and just what follows is changed."""
        room = f"Room {len(self.story)}"
        done = await self.from_one_on("PATCH", {"location": room})
        if done is not None:
            after = await self.listed()
            assert seen(after) == seen(done[0]), self.told
            assert seen([each for each in after if each["location"] == room]) == seen(done[1]), self.told

    async def end(self) -> None:
        done = await self.from_one_on("DELETE")
        if done is not None:
            assert seen(await self.listed()) == seen(done[0]) - seen(done[1]), self.told
            await self.undone(seen(done[0]))

    async def another_clock(self) -> None:
        """To another zone, to days, to times: on the same days as before."""
        for event in (await self.ann.get("/v1/events"))["items"]:
            items = await self.listed()
            start = noon(event["start"]) if "date" in event["start"] else {"timeZone": self.rng.choice(ZONES)}
            # A day on which one of two hours was taken out would be out as a day.
            if "date" not in event["start"] and "RDATE" not in self.told and self.rng.random() < 0.5:
                start = day(event["start"]["dateTime"][:10])
            await self.ask("PATCH", f"/v1/events/{event['id']}", {"start": start})
            after = days(await self.listed())
            assert after.keys() == days(items).keys() if "date" in start else after == days(items), self.told
            await self.undone(seen(items))

    async def carry(self) -> None:
        """To another calendar, and as text to another account."""
        before = seen(await self.listed())
        work = await self.ann.make("/v1/calendars", {"name": "Work"})
        for event in (await self.ann.get("/v1/events"))["items"]:
            await self.ask("PATCH", f"/v1/events/{event['id']}", {"calendarId": work["id"]})
        assert seen(await self.listed()) == before, self.told
        text = await self.ann.http.get("/v1/export", params={"calendarId": work["id"]})
        for _ in range(2):
            report = await self.world.bob.ask("POST", "/v1/import", text.content, content_type="text/calendar")
            assert (report.status_code, report.json()["notes"]) == (200, []), self.told
        assert seen(await self.listed(self.world.bob)) == before, self.told


def moved(time: Json, by: int) -> Json:
    if "date" in time:
        return day(print_date(parse_date(time["date"]) + by))
    return {"dateTime": print_wall(parse_wall(time["dateTime"]) + by)}


def noon(time: Json) -> Json:
    return timed(f"{time['date']}T12:00:00", "Europe/Berlin")


async def test_each_deed_changes_what_it_says_and_nothing_else(effort: int) -> None:
    print(f"AURORA_TEST_SEED={SEED}")
    for number in range(SERIES * effort):
        async with World() as world:
            deeds = Deeds(world, SEED + number)
            event: dict[str, Any] = body(deeds.rng)
            made = await world.ann.ask("POST", "/v1/events", event)
            if made.status_code == 422:
                continue  # it ends before it starts, on another clock
            deeds.story.append(str(event))
            for _ in range(5):
                some: list[Callable[[], Any]] = [
                    deeds.move_one,
                    deeds.move_one,
                    deeds.delete_one,
                    deeds.divide,
                    deeds.end,
                ]
                await deeds.rng.choice(some)()
            if await deeds.listed():
                await deeds.another_clock()
                await deeds.carry()
