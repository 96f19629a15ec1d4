"""Free/busy over REST: when somebody is busy, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_time.operations import free_busy
from tests.api.world import Json, Somebody, World, day, pointers, timed

WEEK = {"from": "2026-11-23", "to": "2026-11-30"}


async def busy(who: Somebody, **fields: Any) -> list[tuple[str, str, str]]:
    asked = await who.ask("POST", "/v1/free-busy", {**WEEK, **fields})
    assert asked.status_code == 200, asked.text
    assert set(asked.json()) == {"busy"}
    return [(each["start"][5:16], each["end"][5:16], each["status"]) for each in asked.json()["busy"]]


async def test_what_overlaps_is_one_and_what_may_be_gives_way(world: World) -> None:
    await world.ann.event(start=timed("2026-11-23T09:00:00"), end=timed("2026-11-23T10:00:00"))
    await world.ann.event(start=timed("2026-11-23T09:30:00"), end=timed("2026-11-23T10:30:00"))
    await world.ann.event(start=timed("2026-11-23T10:00:00"), end=timed("2026-11-23T12:00:00"), status="TENTATIVE")
    await world.ann.event(start=timed("2026-11-23T14:00:00"), status="CANCELLED")
    await world.ann.event(start=timed("2026-11-23T15:00:00"), transparency="TRANSPARENT")
    await world.ann.event(start=timed("2026-11-23T16:00:00"), end=timed("2026-11-23T16:00:00"))
    assert await busy(world.ann) == [
        ("11-23T02:00", "11-23T03:30", "BUSY"),
        ("11-23T03:30", "11-23T05:00", "BUSY-TENTATIVE"),
    ]
    assert await busy(world.bob) == []


async def test_series_and_what_is_too_large_for_the_index_count(world: World) -> None:
    await world.ann.event(recurrence=["RRULE:FREQ=DAILY;COUNT=2", "RDATE;TZID=Asia/Ho_Chi_Minh:20261126T100000"])
    await world.ann.event(start=timed("2026-11-27T08:00:00"), description="x" * 5_000)
    await world.ann.event(start=timed("2026-11-28T08:00:00"), description="x" * 5_000, recurrence=["RRULE:FREQ=YEARLY"])
    assert [start for start, _, _ in await busy(world.ann)] == [
        "11-23T02:00", "11-24T02:00", "11-26T03:00", "11-27T01:00", "11-28T01:00"
    ]  # fmt: skip


async def test_a_day_is_one_of_the_persons_own_or_of_the_zone_that_is_asked_for(world: World) -> None:
    await world.ann.event(start=day("2026-11-24"))
    assert await busy(world.ann) == [("11-23T17:00", "11-24T17:00", "BUSY")]
    assert await busy(world.ann, timeZone="Europe/Berlin") == [("11-23T23:00", "11-24T23:00", "BUSY")]


async def test_only_the_window_is_told(world: World) -> None:
    await world.ann.event(start=day("2026-11-20"), end=day("2026-12-20"))
    window = {"from": "2026-11-24T00:00:00Z", "to": "2026-11-24T07:00:00+01:00"}
    assert await busy(world.ann, **window) == [("11-24T00:00", "11-24T06:00", "BUSY")]
    assert await busy(world.ann, **{"from": "2026-11-24", "to": "2026-11-24"}) == []


async def test_calendars_can_be_named(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.event(start=timed("2026-11-23T09:00:00"))
    await world.ann.event(start=timed("2026-11-24T09:00:00"), calendarId=work["id"])
    both = [await world.primary(world.ann), work["id"]]
    assert [start for start, _, _ in await busy(world.ann, calendarIds=[work["id"]])] == ["11-24T02:00"]
    assert len(await busy(world.ann, calendarIds=both)) == len(await busy(world.ann)) == 2
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    assert [start for start, _, _ in await busy(world.ann)] == ["11-23T02:00"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"from": "x"}, "/from"),
        ({"to": "2026-11-22"}, "/to"),
        ({"to": "2027-11-25"}, "/to"),
        ({"from": "0001-01-01"}, "/from"),
        ({"timeZone": "Nowhere"}, "/timeZone"),
        ({"calendarIds": ["nobody's"]}, "/calendarIds/0"),
        ({"calendarIds": ["x"] * 201}, "/calendarIds"),
        ({"window": 1}, "/window"),
    ],
)
async def test_bad_input_is_refused_at_its_place(world: World, fields: Json, pointer: str) -> None:
    refused = await world.ann.refused(422, "POST", "/v1/free-busy", {**WEEK, **fields})
    assert pointers(refused) == [pointer]


async def test_anothers_calendar_cannot_be_asked_about(world: World) -> None:
    anns = await world.primary(world.ann)
    refused = await world.bob.refused(422, "POST", "/v1/free-busy", {**WEEK, "calendarIds": [anns]})
    nobodys = await world.bob.refused(422, "POST", "/v1/free-busy", {**WEEK, "calendarIds": ["x"]})
    assert refused["errors"] == nobodys["errors"]


async def test_very_many_occurrences_are_refused_rather_than_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(free_busy, "MAX_OCCURRENCES", 5_000)
    await world.ann.event(end=timed("2026-11-23T09:01:00"), recurrence=["RRULE:FREQ=MINUTELY;INTERVAL=2"])
    assert len(await busy(world.ann, to="2026-11-25")) == 1_170
    refused = await world.ann.refused(413, "POST", "/v1/free-busy", {"from": "2026-11-23", "to": "2026-12-30"})
    assert "shorter window" in refused["detail"]


async def test_single_occurrences_take_the_time_that_they_say(world: World) -> None:
    series = await world.ann.event(recurrence=["RRULE:FREQ=DAILY;COUNT=4"])
    path = f"/v1/events/{series['id']}/occurrences"
    moved = {"start": timed("2026-11-24T15:00:00"), "end": timed("2026-11-24T16:00:00")}
    await world.ann.change(f"{path}/20261124T090000", **moved)
    await world.ann.change(f"{path}/20261125T090000", status="TENTATIVE")
    await world.ann.change(f"{path}/20261126T090000", transparency="TRANSPARENT")
    assert await busy(world.ann) == [
        ("11-23T02:00", "11-23T03:00", "BUSY"),
        ("11-24T08:00", "11-24T09:00", "BUSY"),
        ("11-25T02:00", "11-25T03:00", "BUSY-TENTATIVE"),
    ]
