"""Calendars: what they are, their limits, and how one goes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from aurora_time.operations.calendars import COLORS
from aurora_time.ports import Put
from aurora_time.store import keys
from aurora_time.store.calendars import Head
from aurora_time.store.codec import decode, encode
from tests.api.world import World, day


async def grown(world: World, head: Head) -> None:
    """As if Ann had as much as this head says."""
    (item,) = await world.table.get(keys.head(world.ann.id))
    assert item is not None
    sequence = decode(item.body, Head).sequence
    full = Head(sequence, head.calendars, head.events)
    await world.table.write(Put(item.key, encode(full), "full", item.version))
    world.services.writers._heads.clear()


async def test_the_first_calendar(world: World) -> None:
    (only,) = (await world.ann.get("/v1/calendars"))["items"]
    assert (only["name"], only["primary"], only["timeZone"]) == ("Personal", True, "Asia/Ho_Chi_Minh")
    assert await world.ann.get(f"/v1/calendars/{only['id']}") == only


async def test_a_calendar_is_made_changed_and_listed_the_oldest_first(world: World) -> None:
    world.clock.time += 1
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    assert (work["primary"], work["color"], work["timeZone"]) == (False, "#2f9e44", "Asia/Ho_Chi_Minh")
    path = f"/v1/calendars/{work['id']}"
    read = await world.ann.ask("GET", path)
    assert (await world.ann.ask("GET", path, if_none_match=read.headers["etag"])).status_code == 304
    world.clock.time += 1
    changed = await world.ann.change(path, **{**work, "color": "#e8590c", "timeZone": "europe/berlin", "name": "Job"})
    assert (changed["color"], changed["timeZone"], changed["name"]) == ("#e8590c", "Europe/Berlin", "Job")
    assert changed["created"] < changed["updated"]
    assert (await world.ann.change(path, timeZone=None, description=None))["timeZone"] is None
    names = [each["name"] for each in (await world.ann.get("/v1/calendars"))["items"]]
    assert names == ["Personal", "Job"]


async def test_a_calendar_made_without_a_colour_gets_one_that_no_other_has(world: World) -> None:
    async def made(**says: str) -> str:
        world.clock.time += 1
        return str((await world.ann.make("/v1/calendars", {"name": "Copy", **says}))["color"])

    assert await made(color="#2F9E44") == "#2F9E44"
    assert [await made() for _ in range(6)] == list(COLORS[2:])
    assert await made() == COLORS[0], "all are taken: the first again"
    assert await made() == COLORS[1]
    bob = await world.bob.make("/v1/calendars", {"name": "Copy"})
    assert bob["color"] == COLORS[1], "whatever others have"
    kept = await world.bob.change(f"/v1/calendars/{bob['id']}", color=None, name="Work")
    assert (kept["color"], kept["name"]) == (COLORS[1], "Work")


def test_the_colours_are_those_of_the_app() -> None:
    swatches = (Path(__file__).parents[2] / "web/src/views/swatches.tsx").read_text(encoding="utf-8")
    (line,) = re.findall(r"^export const COLORS = \[(.+)\]$", swatches, re.MULTILINE)
    assert re.findall(r"'(#[0-9a-f]{6})'", line) == list(COLORS)


async def test_the_primary_calendar_cannot_be_deleted(world: World) -> None:
    before = world.content()
    problem = await world.ann.refused(409, "DELETE", f"/v1/calendars/{await world.primary(world.ann)}")
    assert "primary" in problem["detail"]
    assert world.content() == before


async def test_a_deleted_calendar_is_gone_at_once_and_cleared_away_later(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    path = f"/v1/calendars/{work['id']}"
    for number in range(120):
        await world.ann.event(calendarId=work["id"], start=day(f"2026-12-{1 + number % 28:02}"))
    await world.ann.refused(412, "DELETE", path, if_match='"x"')
    begun = await world.ann.ask("DELETE", path)
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {"name": "x"})):
        await world.ann.refused(404, method, path, body)
    body = {"summary": "x", "start": day("2026-11-23"), "calendarId": work["id"]}
    await world.ann.refused(422, "POST", "/v1/events", body)
    assert len((await world.ann.get("/v1/calendars"))["items"]) == 1
    await world.attend()
    kinds = {part.partition("#")[0] for part, _ in world.content()}
    assert kinds.isdisjoint({"object", "time", "uid", "armed", "due"})
    job = await world.ann.get(begun.headers["location"])
    assert (job["kind"], job["state"], job["done"]) == ("delete-calendar", "done", 120)
    assert world.mailbox.mails == []


async def test_a_calendar_may_be_deleted_twice_at_once(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    answers = await asyncio.gather(*(world.ann.ask("DELETE", f"/v1/calendars/{work['id']}") for _ in range(3)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 202
    assert set(statuses[1:]) <= {404, 409}


async def test_concurrent_changes_of_a_calendar_both_hold(world: World) -> None:
    path = f"/v1/calendars/{await world.primary(world.ann)}"
    await asyncio.gather(world.ann.change(path, name="Mine"), world.ann.change(path, description="All of it"))
    read = await world.ann.get(path)
    assert (read["name"], read["description"]) == ("Mine", "All of it")


async def test_a_thousand_calendars_at_most(world: World) -> None:
    await grown(world, Head(0, 999, 0))
    await world.ann.make("/v1/calendars", {"name": "The last"})
    before = world.content()
    problem = await world.ann.refused(413, "POST", "/v1/calendars", {"name": "One too many"})
    assert "1000 calendars" in problem["detail"]
    assert world.content() == before


async def test_a_million_events_at_most(world: World) -> None:
    await grown(world, Head(0, 1, 999_999))
    event = await world.ann.event()
    before = world.content()
    problem = await world.ann.refused(413, "POST", "/v1/events", {"summary": "x", "start": day("2026-11-23")})
    assert "1000000 events" in problem["detail"]
    assert world.content() == before
    await world.ann.change(f"/v1/events/{event['id']}", summary="A full account can still be changed")
    await world.ann.remove(f"/v1/events/{event['id']}")
    await world.ann.event()
