"""One occurrence of a series: changed, set back, deleted, brought back, whatever the series does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_time.domain.moment import DAY
from aurora_time.store import keys
from aurora_time.store.calendars import Changed, LogItem
from aurora_time.store.codec import decode
from tests.api.world import Json, World, day, pointers, timed

DAILY = ["RRULE:FREQ=DAILY;COUNT=5"]
WINDOW = {"from_": "2026-11-20", "to": "2026-12-20"}


async def shown(world: World, **query: Any) -> list[str]:
    """Local start, and the summary where it is another one."""
    page = await world.ann.get("/v1/events", **WINDOW | query)
    return [
        (each["start"].get("dateTime") or each["start"]["date"])[5:16] + each["summary"].removeprefix("Something")
        for each in page["items"]
    ]


async def series(world: World, **fields: Any) -> tuple[str, Json]:
    event = await world.ann.event(**{"recurrence": DAILY} | fields)
    return f"/v1/events/{event['id']}", event


async def changes(world: World) -> tuple[Changed, ...]:
    """What the last write noted."""
    (head,) = await world.table.get(keys.head(world.ann.id))
    assert head is not None
    number = decode(head.body, list)[0]
    (item,) = await world.table.get(keys.log(world.ann.id, number))
    assert item is not None
    return decode(item.body, LogItem).changed


async def test_this_changes_one_occurrence_and_no_other(world: World) -> None:
    path, event = await series(world, location="Room 4", attendees=[{"email": "sam@example.org"}])
    patch = {"summary": "Else", "start": timed("2026-11-24T15:00:00"), "end": timed("2026-11-24T16:00:00")}
    one = await world.ann.change(f"{path}/occurrences/20261124T090000", **patch)
    assert (one["id"], one["eventId"], one["recurrenceId"]) == (
        f"{event['id']}_20261124T090000",
        event["id"],
        "20261124T090000",
    )
    assert (one["location"], one["attendees"][0]["email"], one["recurrence"]) == ("Room 4", "sam@example.org", DAILY)
    assert await shown(world) == ["11-23T09:00", "11-24T15:00Else", "11-25T09:00", "11-26T09:00", "11-27T09:00"]
    assert await world.ann.get(f"{path}/occurrences/20261124T090000") == one
    assert await world.ann.get(f"{path}_20261124T090000") == one
    assert (await world.ann.get(path))["summary"] == "Something"
    listed = await world.ann.get(f"{path}/occurrences", from_="2026-11-24", to="2026-11-25")
    assert listed["items"] == [one]
    assert await changes(world) == (Changed("event", event["id"], False, event["calendarId"], "20261124T090000"),)


async def test_an_occurrence_moved_to_another_year_is_found_there_and_only_there(world: World) -> None:
    path, _ = await series(world)
    await world.ann.change(
        f"{path}_20261124T090000", start=timed("2028-05-01T09:00:00"), end=timed("2028-05-01T10:00:00")
    )
    assert await shown(world, from_="2028-04-01", to="2028-06-01") == ["05-01T09:00"]
    assert len(await shown(world)) == 4
    await world.ann.change(
        f"{path}_20261125T090000", start=timed("2024-05-01T09:00:00"), end=timed("2024-05-01T10:00:00")
    )
    assert await shown(world, from_="2024-04-01", to="2024-06-01") == ["05-01T09:00"]
    assert (await world.ann.get("/v1/events", from_="2024-01-01", to="2029-01-01", expand=False))["items"][0][
        "id"
    ] in path


async def test_a_birthday_with_a_changed_year_is_still_there_each_year(world: World) -> None:
    path, _ = await series(world, start=day("2020-06-01"), recurrence=["RRULE:FREQ=YEARLY"])
    await world.ann.change(f"{path}_20270601", start=day("2027-06-05"), end=day("2027-06-06"), summary="Party")
    assert await shown(world, from_="2026-01-01", to="2029-01-01") == ["06-01", "06-05Party", "06-01"]


async def test_what_is_set_back_follows_the_series_again(world: World) -> None:
    path, _ = await series(world)
    one = f"{path}_20261124T090000"
    before = await world.ann.get(one)
    await world.ann.change(one, summary="Else", location="There", reminders={"useDefault": False})
    back = await world.ann.change(one, **{name: before[name] for name in ("summary", "location", "reminders")})
    assert back["summary"] == "Something"
    await world.ann.change(path, summary="New name")
    assert (await world.ann.get(one))["summary"] == "New name"


async def test_an_override_keeps_what_it_changed_and_follows_in_the_rest(world: World) -> None:
    path, _ = await series(world)
    await world.ann.change(f"{path}_20261124T090000", location="Room 4")
    await world.ann.change(path, summary="Moved", start=timed("2026-11-24T10:00:00"), end=timed("2026-11-24T11:00:00"))
    one = await world.ann.get(f"{path}_20261125T100000")
    assert (one["summary"], one["location"], one["start"]) == ("Moved", "Room 4", timed("2026-11-25T10:00:00"))
    assert len(await shown(world)) == 5


async def test_a_deleted_occurrence_is_gone_and_can_be_restored(world: World) -> None:
    path, event = await series(world)
    await world.ann.remove(f"{path}/occurrences/20261124T090000")
    assert await changes(world) == (Changed("event", event["id"], True, event["calendarId"], "20261124T090000"),)
    await world.ann.remove(f"{path}_20261125T090000")
    assert await shown(world) == ["11-23T09:00", "11-26T09:00", "11-27T09:00"]
    for method in ("GET", "DELETE"):
        await world.ann.refused(404, method, f"{path}_20261124T090000")
    back = await world.ann.ask("POST", f"{path}_20261124T090000/restore")
    assert (back.status_code, back.json()["recurrenceId"]) == (200, "20261124T090000")
    assert len(await shown(world)) == 4
    again = await world.ann.ask("POST", f"{path}_20261124T090000/restore")
    assert (again.status_code, again.json()) == (200, back.json()), "asked twice it answers the same"


async def test_a_cancelled_occurrence_is_not_listed(world: World) -> None:
    path, _ = await series(world)
    one = await world.ann.change(f"{path}_20261124T090000", status="CANCELLED")
    assert (one["status"], one["recurrenceId"]) == ("CANCELLED", "20261124T090000")
    assert len(await shown(world)) == 4
    await world.ann.refused(404, "GET", f"{path}_20261124T090000")
    assert (await world.ann.ask("POST", f"{path}_20261124T090000/restore")).status_code == 200
    assert len(await shown(world)) == 5


async def test_with_the_last_occurrence_the_series_goes_into_the_trash(world: World) -> None:
    path, event = await series(world, recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    for name in ("20261123T090000", "20261124T090000"):
        await world.ann.remove(f"{path}_{name}")
    await world.ann.refused(404, "GET", path)
    assert [each["id"] for each in (await world.ann.get("/v1/trash"))["items"]] == [event["id"]]


async def test_all_day_occurrences_have_dates_as_names(world: World) -> None:
    path, _ = await series(world, start=day("2026-11-23"))
    await world.ann.change(
        f"{path}/occurrences/20261124", start=timed("2026-11-24T18:00:00"), end=timed("2026-11-24T19:00:00")
    )
    assert await shown(world) == ["11-23", "11-24T18:00", "11-25", "11-26", "11-27"]
    assert (await world.ann.get(f"{path}_20261124"))["recurrenceId"] == "20261124"
    await world.ann.refused(404, "GET", f"{path}_20261124T000000")


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"recurrence": ["RRULE:FREQ=WEEKLY"]}, "/recurrence"),
        ({"calendarId": "other"}, "/calendarId"),
        ({"uid": "other"}, "/uid"),
        ({"recurrenceId": "20261125T090000"}, "/recurrenceId"),
        ({"eventId": "other"}, "/eventId"),
        ({"end": timed("2026-11-24T08:00:00")}, "/end"),
        ({"nonsense": 1}, "/nonsense"),
    ],
)
async def test_what_an_occurrence_cannot_have_of_its_own(world: World, patch: Json, pointer: str) -> None:
    path, _ = await series(world)
    before = world.content()
    problem = await world.ann.refused(422, "PATCH", f"{path}/occurrences/20261124T090000", patch)
    assert pointers(problem) == [pointer]
    assert world.content() == before


async def test_what_was_read_may_be_sent_back_whole(world: World) -> None:
    path, _ = await series(world)
    one = await world.ann.get(f"{path}_20261124T090000")
    before = (await world.ann.get(path))["recurrence"]
    assert (await world.ann.change(f"{path}_20261124T090000", **one))["summary"] == "Something"
    assert (await world.ann.get(path))["recurrence"] == before


async def test_names_that_are_none(world: World) -> None:
    path, _ = await series(world)
    single = await world.ann.event()
    for place in (f"{path}/occurrences/20261124T100000", f"{path}/occurrences/20261128T090000", f"{path}/occurrences/x",
                  f"/v1/events/{single['id']}/occurrences/20261123T090000"):  # fmt: skip
        for method, body in (("GET", None), ("PATCH", {"summary": "x"}), ("DELETE", None)):
            await world.ann.refused(404, method, place, body)
            if method != "GET":
                await world.ann.refused(404, method, f"{place}?scope=following", body)
    await world.ann.refused(400, "DELETE", f"{path}/occurrences/20261124T090000?scope=all")
    for name in ("x", f"{single['id']}_20261123T090000", f"{single['id']}_x"):
        await world.ann.refused(404, "POST", f"/v1/events/{name}/restore")


async def test_if_match_holds_the_series_version(world: World) -> None:
    path, event = await series(world)
    for place in (f"{path}/occurrences/20261124T090000", f"{path}_20261124T090000",
                  f"{path}/occurrences/20261124T090000?scope=following"):  # fmt: skip
        for method, body in (("PATCH", {"summary": "x"}), ("DELETE", None)):
            await world.ann.refused(412, method, place, body, if_match='"old"')
    changed = await world.ann.ask("PATCH", f"{path}_20261124T090000", {"summary": "x"}, if_match=f'"{event["etag"]}"')
    assert changed.status_code == 200
    assert changed.headers["etag"] != f'"{event["etag"]}"'


async def test_many_writers_of_one_series_lose_nothing(world: World) -> None:
    path, _ = await series(world)
    names = [f"202611{number}T090000" for number in range(23, 28)]
    answers = await asyncio.gather(*(world.ann.ask("PATCH", f"{path}_{name}", {"summary": name}) for name in names))
    assert {each.status_code for each in answers} == {200}
    assert [text[11:] for text in await shown(world)] == names


async def test_more_changes_than_one_object_holds_are_refused(world: World) -> None:
    path, _ = await series(world, recurrence=["RRULE:FREQ=DAILY"], description="x" * 99_000)
    for number in (23, 24):
        await world.ann.change(f"{path}_202611{number}T090000", location="There")
    problem = await world.ann.refused(413, "PATCH", f"{path}_20261125T090000", {"location": "There"})
    assert "fewer occurrences" in problem["detail"]


async def test_free_busy_sees_what_an_override_says(world: World) -> None:
    path, _ = await series(world)
    await world.ann.change(f"{path}_20261124T090000", transparency="TRANSPARENT")
    await world.ann.change(
        f"{path}_20261125T090000", start=timed("2026-11-25T12:00:00"), end=timed("2026-11-25T13:00:00")
    )
    answer = await world.ann.ask("POST", "/v1/free-busy", {"from": "2026-11-24", "to": "2026-11-26"})
    assert [each["start"] for each in answer.json()["busy"]] == ["2026-11-25T05:00:00Z"]


async def test_each_occurrence_rings_by_its_own_reminders(world: World) -> None:
    path, _ = await series(world)
    patch = {"summary": "Late", "start": timed("2026-11-24T15:00:00"), "end": timed("2026-11-24T16:00:00")}
    an_hour = {"useDefault": False, "overrides": [{"minutesBefore": 60}]}
    await world.ann.change(f"{path}_20261124T090000", **patch, reminders=an_hour)
    await world.ann.change(f"{path}_20261125T090000", reminders={"useDefault": False, "overrides": []})
    world.at("2026-11-23T00:00:00Z")
    planned = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-30"))["items"]
    assert [(each["due"], each["text"], each["recurrenceId"]) for each in planned] == [
        ("2026-11-23T01:50:00Z", "Something", "20261123T090000"),
        ("2026-11-24T07:00:00Z", "Late", "20261124T090000"),
        ("2026-11-26T01:50:00Z", "Something", "20261126T090000"),
        ("2026-11-27T01:50:00Z", "Something", "20261127T090000"),
    ]
    for hours in range(5 * 24):
        world.clock.time = 1_795_392_000 + hours * 3600 + 300
        await world.attend()
    subjects = [mail.subject.partition(" –")[0] for mail in world.mailbox.mails]
    assert subjects == ["Something", "Late", "Something", "Something"]


async def test_reminders_are_not_lost_when_one_occurrence_is_edited(world: World) -> None:
    """The ids of untouched occurrences stay, so that nothing rings twice and nothing is forgotten."""
    path, _ = await series(world)
    window = {"from_": "2026-11-23", "to": "2026-11-30"}
    before = {each["id"]: each["due"] for each in (await world.ann.get("/v1/reminders", **window))["items"]}
    await world.ann.change(f"{path}_20261124T090000", location="Room 4")
    await world.ann.remove(f"{path}_20261125T090000")
    after = {each["id"]: each["due"] for each in (await world.ann.get("/v1/reminders", **window))["items"]}
    gone = {due for id_, due in before.items() if id_ not in after}
    assert gone == {"2026-11-25T01:50:00Z"}
    assert after.items() <= before.items()
    assert len(before) == DAY // 86_400 * 5


FLIGHT = {
    "start": timed("2026-11-24T10:00:00", "Europe/Berlin"),
    "end": timed("2026-11-24T13:00:00", "America/New_York"),
    "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"],
}


async def test_an_occurrence_ends_on_the_clock_on_which_its_series_does(world: World) -> None:
    path, _ = await series(world, **FLIGHT)
    ends = [timed(f"2026-{day_}T13:00:00", "America/New_York") for day_ in ("11-24", "12-01")]
    listed = (await world.ann.get("/v1/events", **WINDOW))["items"]
    assert [each["end"] for each in listed] == ends
    assert (await world.ann.get(f"{path}/occurrences", **WINDOW))["items"] == listed
    one = await world.ann.get(f"{path}/occurrences/20261201T100000")
    assert (one["end"], one["start"]) == (ends[1], timed("2026-12-01T10:00:00", "Europe/Berlin"))
    named = await world.ann.change(f"{path}/occurrences/20261201T100000", summary="By night")
    assert (named["end"], named["start"]) == (one["end"], one["start"])
    await world.ann.change(f"{path}/occurrences/20261201T100000", summary=one["summary"])
    kept = await world.ann.ask("GET", "/v1/export", accept="text/calendar")
    assert "RECURRENCE-ID" not in kept.text, "set back, it is no change any more"


async def test_a_deletion_of_an_occurrence_tells_the_version_of_what_is_left(world: World) -> None:
    path, _ = await series(world)
    for place in ("20261124T090000?scope=this", "20261126T090000?scope=following"):
        gone = await world.ann.ask("DELETE", f"{path}/occurrences/{place}")
        assert (gone.status_code, gone.headers["etag"]) == (204, f'"{(await world.ann.get(path))["etag"]}"')
    listed = await world.ann.get("/v1/events", **WINDOW)
    gone = await world.ann.ask("DELETE", f"/v1/events/{listed['items'][0]['id']}")
    assert gone.headers["etag"] == f'"{(await world.ann.get(path))["etag"]}"', "by the id of a listing, too"


@pytest.mark.parametrize("place", ["20261123T090000", "20261123T090000?scope=following"])
async def test_a_deletion_that_leaves_nothing_tells_no_version(world: World, place: str) -> None:
    path, _ = await series(world, recurrence=["RRULE:FREQ=DAILY;COUNT=1"])
    gone = await world.ann.ask("DELETE", f"{path}/occurrences/{place}")
    assert gone.status_code == 204
    assert "etag" not in gone.headers
