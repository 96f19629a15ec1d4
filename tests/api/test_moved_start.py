"""Who moves a start alone moves the event: its length is kept, as a person sees it on the clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_occurrences import series, shown
from tests.api.world import Json, World, day, pointers, problem_of, timed

BERLIN = "Europe/Berlin"
SAIGON = "Asia/Ho_Chi_Minh"


def at(text: str, zone: str | None = BERLIN) -> Json:
    return timed(f"{text}:00", zone)


MOVED = {
    "to another hour": (
        (at("2026-11-23T09:00"), at("2026-11-23T09:45")), at("2026-11-24T14:30"), at("2026-11-24T15:15"),
    ),
    "by its local time alone": (
        (at("2026-11-23T09:00"), at("2026-11-23T10:00")), {"dateTime": "2026-11-23T11:00:00"}, at("2026-11-23T12:00"),
    ),
    "earlier": ((at("2026-11-23T09:00"), at("2026-11-23T11:00")), at("2026-11-23T08:00"), at("2026-11-23T10:00")),
    "of no length": ((at("2026-11-23T09:00"), at("2026-11-23T09:00")), at("2026-11-25T09:00"), at("2026-11-25T09:00")),
    "three days": ((day("2026-11-23"), day("2026-11-26")), day("2026-12-30"), day("2027-01-02")),
    "days over the change to winter time, away": (
        (at("2026-10-24T09:00"), at("2026-10-26T09:00")), at("2026-11-24T09:00"), at("2026-11-26T09:00"),
    ),
    "days onto the change to winter time": (
        (at("2026-11-24T09:00"), at("2026-11-26T09:00")), at("2026-10-24T09:00"), at("2026-10-26T09:00"),
    ),
    "hours onto the change to summer time": (
        (at("2026-11-24T23:00"), at("2026-11-25T03:00")), at("2026-03-28T23:00"), at("2026-03-29T04:00"),
    ),
    "hours away from the change to summer time": (
        (at("2026-03-28T23:00"), at("2026-03-29T04:00")), at("2026-11-24T23:00"), at("2026-11-25T03:00"),
    ),
    "into an hour that is left out": (
        (at("2026-11-24T09:00"), at("2026-11-24T09:30")), at("2026-03-29T02:30"), at("2026-03-29T04:00"),
    ),
    "to another zone": (
        (at("2026-11-24T09:00"), at("2026-11-25T10:00")),
        at("2026-11-24T09:00", SAIGON), at("2026-11-25T10:00", SAIGON),
    ),
    "to another zone alone": (
        (at("2026-11-24T09:00"), at("2026-11-24T10:00")), {"timeZone": SAIGON}, at("2026-11-24T10:00", SAIGON),
    ),
    "a flight": (
        (at("2026-11-24T09:00", SAIGON), at("2026-11-24T16:00")),
        at("2026-11-25T10:00", SAIGON), at("2026-11-25T17:00"),
    ),
    "to a day": ((at("2026-11-23T09:00"), at("2026-11-23T11:00")), day("2026-11-24"), day("2026-11-25")),
    "to an hour": ((day("2026-11-23"), day("2026-11-26")), at("2026-11-24T09:00"), at("2026-11-24T10:00")),
}  # fmt: skip


@pytest.mark.parametrize(("times", "start", "end"), MOVED.values(), ids=MOVED)
async def test_the_end_goes_along_and_the_same_patch_again_changes_nothing(
    world: World, times: tuple[Json, Json], start: Json, end: Json
) -> None:
    event = await world.ann.event(start=times[0], end=times[1])
    path = f"/v1/events/{event['id']}"
    first = await world.ann.change(path, start=start)
    whole = start if "date" in {**start, **times[0]} else {**times[0], **start}
    assert (first["start"], first["end"]) == (whole, end)
    again = await world.ann.change(path, start=start)
    assert (again["start"], again["end"], again["sequence"]) == (first["start"], first["end"], first["sequence"])
    if ("date" in start) == ("date" in times[0]):
        back = await world.ann.change(path, start=times[0])
        assert (back["start"], back["end"]) == times, "there and back it is as it was"


async def test_who_names_the_end_gets_it_and_null_is_the_default_length(world: World) -> None:
    event = await world.ann.event(start=at("2026-11-23T09:00"), end=at("2026-11-23T12:00"))
    path = f"/v1/events/{event['id']}"
    longer = await world.ann.change(path, start=at("2026-11-23T08:00"), end=at("2026-11-23T12:00"))
    assert longer["end"] == at("2026-11-23T12:00")
    hour = await world.ann.change(path, start=at("2026-11-23T09:00"), end=None)
    assert hour["end"] == at("2026-11-23T10:00")
    put = await world.ann.ask("PUT", path, {"summary": "x", "start": at("2026-11-23T06:00")}, if_match="*")
    assert put.json()["end"] == at("2026-11-23T07:00"), "a PUT says all: what it leaves out has its default"


async def test_a_moved_series_keeps_its_length_and_so_does_an_occurrence(world: World) -> None:
    path, _ = await series(world, end=timed("2026-11-23T09:20:00"))
    await world.ann.change(f"{path}_20261124T090000", end=timed("2026-11-24T09:50:00"))
    one = await world.ann.change(f"{path}/occurrences/20261124T090000", start=timed("2026-11-24T13:00:00"))
    assert one["end"] == timed("2026-11-24T13:50:00")
    by_id = await world.ann.change(f"{path}_20261126T090000", start=timed("2026-11-26T07:00:00"))
    assert by_id["end"] == timed("2026-11-26T07:20:00")
    whole = await world.ann.change(path, start=timed("2026-11-23T10:00:00"))
    assert whole["end"] == timed("2026-11-23T10:20:00")
    ends = [each["end"]["dateTime"][5:16] for each in await listed(world)]
    assert ends == ["11-23T10:20", "11-24T13:50", "11-25T10:20", "11-26T07:20", "11-27T10:20"]


async def listed(world: World) -> list[Json]:
    items: list[Json] = (await world.ann.get("/v1/events", from_="2026-11-20", to="2026-12-20"))["items"]
    return items


async def follow(world: World, path: str, name: str, **patch: Any) -> Json:
    return await world.ann.change(f"{path}/occurrences/{name}?scope=following", **patch)


async def test_this_and_following_keep_their_length(world: World) -> None:
    path, _ = await series(world, end=timed("2026-11-23T09:20:00"))
    answer = await follow(world, path, "20261125T090000", start=timed("2026-11-25T15:00:00"))
    assert answer["newSeries"]["end"] == timed("2026-11-25T15:20:00")
    assert answer["series"]["end"] == timed("2026-11-23T09:20:00")
    days = await follow(world, f"/v1/events/{answer['newSeries']['id']}", "20261126T150000", start=day("2026-11-26"))
    assert days["newSeries"]["end"] == day("2026-11-27")
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T15:00", "11-26", "11-27"]


class TestFollowingOneThatWasChanged:
    """What a person sees is one occurrence; "this and following" changes what he sees, whatever was changed before."""

    async def moved(self, world: World) -> str:
        path, _ = await series(world, end=timed("2026-11-23T09:20:00"))
        times = {"start": timed("2026-11-25T12:00:00"), "end": timed("2026-11-25T13:00:00")}
        await world.ann.change(f"{path}_20261125T090000", summary="Changed", location="There", **times)
        return path

    @pytest.mark.parametrize("with_end", [True, False])
    async def test_it_moves_itself_too(self, world: World, with_end: bool) -> None:
        path = await self.moved(world)
        end = {"end": timed("2026-11-25T16:00:00")} if with_end else {}
        await follow(world, path, "20261125T090000", start=timed("2026-11-25T15:00:00"), **end)
        found = [(each["start"]["dateTime"][5:16], each["end"]["dateTime"][11:16]) for each in await listed(world)]
        assert found[2:] == [("11-25T15:00", "16:00"), ("11-26T15:00", "16:00"), ("11-27T15:00", "16:00")]

    async def test_made_longer_the_time_that_is_seen_is_that_of_all(self, world: World) -> None:
        path = await self.moved(world)
        await follow(world, path, "20261125T090000", end=timed("2026-11-25T13:30:00"))
        found = [(each["start"]["dateTime"][5:16], each["end"]["dateTime"][11:16]) for each in await listed(world)]
        assert found[2:] == [("11-25T12:00", "13:30"), ("11-26T12:00", "13:30"), ("11-27T12:00", "13:30")]

    async def test_it_is_renamed_itself_too_and_keeps_what_is_not_in_the_patch(self, world: World) -> None:
        path = await self.moved(world)
        await follow(world, path, "20261125T090000", summary="Else")
        assert (await shown(world))[2:] == ["11-25T12:00Else", "11-26T09:00Else", "11-27T09:00Else"]
        assert [each["location"] for each in await listed(world)] == ["", "", "There", "", ""]

    async def test_set_back_to_what_the_series_says_it_is_so_itself(self, world: World) -> None:
        path = await self.moved(world)
        await follow(world, path, "20261125T090000", summary="Something")
        assert (await shown(world))[2:] == ["11-25T12:00", "11-26T09:00", "11-27T09:00"]


FLOATING = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//X//EN
BEGIN:VEVENT
UID:floating@example.org
DTSTAMP:20261101T000000Z
DTSTART:20261123T090000
DTEND:20261123T093000
RRULE:FREQ=DAILY;COUNT=5
SUMMARY:Something
END:VEVENT
BEGIN:VTODO
UID:todo@example.org
DTSTAMP:20261101T000000Z
DTSTART:20261123T090000
DUE:20261123T170000
SUMMARY:Something
END:VTODO
END:VCALENDAR
"""


class TestFloating:
    """What is at nine wherever its reader is stays so, until somebody gives it a zone."""

    async def path(self, world: World) -> str:
        assert (await world.ann.ask("POST", "/v1/import", FLOATING, content_type="text/calendar")).status_code == 200
        (item,) = (await world.ann.get("/v1/events"))["items"]
        return f"/v1/events/{item['id']}"

    async def test_renamed_and_moved_it_floats_on(self, world: World) -> None:
        path = await self.path(world)
        renamed = await world.ann.change(path, summary="Else")
        assert (renamed["start"], renamed["sequence"]) == ({"dateTime": "2026-11-23T09:00:00"}, 0)
        await world.ann.change(f"{path}_20261124T090000", summary="One")
        moved = await world.ann.change(path, start={"dateTime": "2026-11-23T10:00:00"})
        assert moved["end"] == {"dateTime": "2026-11-23T10:30:00"}
        answer = await follow(world, path, "20261126T100000", start={"dateTime": "2026-11-26T11:00:00"})
        assert answer["newSeries"]["end"] == {"dateTime": "2026-11-26T11:30:00"}
        await world.ann.change("/v1/me", timeZone="Asia/Tokyo")
        assert await shown(world) == [
            "11-23T10:00Else", "11-24T10:00One", "11-25T10:00Else", "11-26T11:00Else", "11-27T11:00Else",
        ]  # fmt: skip
        assert not [each for each in await listed(world) if "timeZone" in {**each["start"], **each["end"]}]

    async def test_put_back_as_it_was_read_it_floats_on(self, world: World) -> None:
        path = await self.path(world)
        event = await world.ann.get(path)
        put = (await world.ann.ask("PUT", path, event, if_match="*")).json()
        assert {**put, "etag": "", "updated": ""} == {**event, "etag": "", "updated": ""}

    async def test_with_a_zone_it_floats_no_more(self, world: World) -> None:
        path = await self.path(world)
        zoned = await world.ann.change(path, start=at("2026-11-23T09:00"))
        assert (zoned["start"], zoned["end"]) == (at("2026-11-23T09:00"), at("2026-11-23T09:30"))

    async def test_a_task_floats_on_too(self, world: World) -> None:
        await self.path(world)
        (task,) = (await world.ann.get("/v1/tasks"))["items"]
        changed = await world.ann.change(f"/v1/tasks/{task['id']}", summary="Else")
        assert (changed["start"], changed["due"], changed["sequence"]) == (task["start"], task["due"], 0)


class TestTasks:
    """A start and a due time are two times, not a length: each stays, but a start never hinders a due time."""

    async def task(self, world: World) -> str:
        body = {"summary": "x", "start": at("2026-11-23T09:00"), "due": at("2026-11-27T17:00")}
        return f"/v1/tasks/{(await world.ann.make('/v1/tasks', body))['id']}"

    @pytest.mark.parametrize(
        ("due", "start"),
        [
            (at("2026-12-04T17:00"), at("2026-11-23T09:00")),
            (at("2026-11-20T17:00"), at("2026-11-16T09:00")),
            (day("2026-11-30"), day("2026-11-26")),
            (None, at("2026-11-23T09:00")),
        ],
    )
    async def test_the_start_goes_along_only_where_it_must(self, world: World, due: Json | None, start: Json) -> None:
        path = await self.task(world)
        for _ in range(2):
            moved = await world.ann.change(path, due=due)
            assert (moved["due"], moved["start"]) == (due, start)

    async def test_a_due_time_never_moves_by_itself(self, world: World) -> None:
        path = await self.task(world)
        before = world.content()
        problem = await world.ann.refused(422, "PATCH", path, {"start": at("2026-11-30T09:00")})
        assert pointers(problem) == ["/start"]
        assert world.content() == before


LAST_WORKDAY = ["RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"]


async def test_a_start_that_the_rule_cannot_follow_is_refused_and_changes_nothing(world: World) -> None:
    """Moved half, the series would be on its old days and, once, on the new one."""
    times = {"start": timed("2026-11-30T09:00:00"), "end": timed("2026-11-30T10:00:00")}
    path, made = await series(world, recurrence=LAST_WORKDAY, **times)
    answer = await world.ann.ask("PATCH", path, {"start": timed("2026-11-29T09:00:00")}, if_match="*")
    assert pointers(problem_of(answer, 422)) == ["/start"]
    assert "Change how it repeats, too" in answer.json()["errors"][0]["detail"]
    assert (await world.ann.get(path))["etag"] == made["etag"]
    later = await world.ann.change(path, start=timed("2026-11-30T11:00:00"))
    assert later["recurrence"] == LAST_WORKDAY, "at another hour it stays the last workday"
    both = {"start": timed("2026-11-29T09:00:00"), "recurrence": ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=3"]}
    assert (await world.ann.change(path, **both))["start"] == both["start"]


async def test_what_never_fitted_its_rule_may_be_moved(world: World) -> None:
    """RFC 5545 leaves such a start undefined; calendars have them all the same."""
    path, _ = await series(world, recurrence=LAST_WORKDAY)
    moved = await world.ann.change(path, start=timed("2026-11-24T09:00:00"))
    assert moved["recurrence"] == LAST_WORKDAY
