"""What takes place when clocks are changed is shown where the clock shows it, and keeps its name and its instants."""

from __future__ import annotations

import pytest

from tests.api.world import Json, World, timed

BERLIN = "Europe/Berlin"
SKIPPED = "20270328T023000"
"""In the hour that Berlin's clocks leave out."""


async def medicine(world: World) -> Json:
    made: Json = await world.ann.event(
        summary="Medicine",
        start=timed("2027-03-26T02:30:00", BERLIN),
        end=timed("2027-03-26T03:15:00", BERLIN),
        recurrence=["RRULE:FREQ=DAILY;COUNT=5"],
    )
    return made


async def starts(world: World, event_id: str) -> list[str]:
    path = f"/v1/events/{event_id}/occurrences"
    found = await world.ann.get(path, from_="2027-03-01", to="2027-05-01")
    return [each["start"]["dateTime"] for each in found["items"]]


STARTS = [f"2027-03-{day}:00" for day in ("26T02:30", "27T02:30", "28T03:30", "29T02:30", "30T02:30")]


async def test_an_hour_that_is_skipped_is_shown_where_the_clock_shows_it(world: World) -> None:
    made = await medicine(world)
    listed = await world.ann.get("/v1/events", from_="2027-03-28", to="2027-03-29")
    one = await world.ann.get(f"/v1/events/{made['id']}/occurrences/{SKIPPED}")
    for shown in (listed["items"][0], one):
        assert shown["recurrenceId"] == SKIPPED
        assert shown["start"] == timed("2027-03-28T03:30:00", BERLIN)
        assert shown["end"] == timed("2027-03-28T04:15:00", BERLIN)
    assert await starts(world, made["id"]) == STARTS


@pytest.mark.parametrize("said", ["all", "title"])
async def test_what_was_read_of_it_can_be_given_back_and_moves_nothing(world: World, said: str) -> None:
    made = await medicine(world)
    path = f"/v1/events/{made['id']}/occurrences/{SKIPPED}"
    read = await world.ann.get(path)
    await world.ann.change(path, **({**read, "summary": "Pill"} if said == "all" else {"summary": "Pill"}))
    assert (await world.ann.get(path))["start"] == read["start"]
    assert await starts(world, made["id"]) == STARTS
    await world.ann.change(path, **{**await world.ann.get(path), "summary": "Medicine"})
    assert b"RECURRENCE-ID" not in (await world.ann.ask("GET", "/v1/export")).content  # it differs in nothing again


async def test_this_and_following_from_it_on_keep_their_hour(world: World) -> None:
    made = await medicine(world)
    path = f"/v1/events/{made['id']}/occurrences/{SKIPPED}"
    read = await world.ann.get(path)
    halves = await world.ann.change(f"{path}?scope=following", **{**read, "summary": "Pill"})
    assert await starts(world, halves["series"]["id"]) == STARTS[:2]
    assert await starts(world, halves["newSeries"]["id"]) == STARTS[2:]
