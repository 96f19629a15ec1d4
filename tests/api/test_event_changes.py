"""Changing, replacing and deleting events: merge patches, ETags, sequences."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.world import Json, World, day, pointers, problem_of, timed

READ_ONLY: Json = {"id": "other", "sequence": 7, "created": "x", "updated": "x", "etag": "x"}


async def test_a_patch_changes_what_it_names_and_nothing_else(world: World) -> None:
    event = await world.ann.event(location="Room 4", categories=["work"])
    world.clock.time += 60
    changed = await world.ann.change(f"/v1/events/{event['id']}", summary="Else")
    different = {name for name in event if event[name] != changed[name]}
    assert different == {"summary", "updated", "etag"}
    assert changed["updated"] == "2026-11-20T02:01:00Z"
    assert await world.ann.get(f"/v1/events/{event['id']}") == changed


async def test_null_takes_a_field_away(world: World) -> None:
    event = await world.ann.event(
        location="Room 4",
        url="https://example.org",
        color="#aabbcc",
        categories=["work"],
        recurrence=["RRULE:FREQ=DAILY"],
        status="TENTATIVE",
        end=timed("2026-11-23T18:00:00"),
        reminders={"useDefault": False, "overrides": []},
        organizer={"email": "ann@example.org"},
    )
    names = (
        "location", "url", "color", "categories", "recurrence", "status", "end", "reminders", "organizer", "uid",
        "calendarId",
    )  # fmt: skip
    changed = await world.ann.change(f"/v1/events/{event['id']}", **dict.fromkeys(names))
    assert (changed["location"], changed["url"], changed["color"], changed["organizer"]) == ("", None, None, None)
    assert (changed["categories"], changed["recurrence"], changed["status"]) == ([], [], "CONFIRMED")
    assert changed["end"] == timed("2026-11-23T10:00:00")
    assert changed["reminders"]["useDefault"] is True
    assert (changed["uid"], changed["calendarId"]) == (event["uid"], event["calendarId"])


async def test_from_a_time_to_a_day_and_back(world: World) -> None:
    event = await world.ann.event()
    path = f"/v1/events/{event['id']}"
    whole = await world.ann.change(path, start=day("2026-11-23"), end=day("2026-11-24"))
    assert (whole["start"], whole["end"]) == (day("2026-11-23"), day("2026-11-24"))
    back = await world.ann.change(
        path, start=timed("2026-11-23T09:00:00", "Europe/Berlin"), end=timed("2026-11-23T10:00:00", None)
    )
    assert back["start"] == timed("2026-11-23T09:00:00", "Europe/Berlin")
    assert back["end"] == timed("2026-11-23T10:00:00", "Europe/Berlin")


async def test_a_patched_time_keeps_its_zone(world: World) -> None:
    event = await world.ann.event(start=timed("2026-11-23T09:00:00", "Europe/Berlin"))
    path = f"/v1/events/{event['id']}"
    changed = await world.ann.change(path, start={"dateTime": "2026-11-23T09:30:00"})
    assert changed["start"] == timed("2026-11-23T09:30:00", "Europe/Berlin")
    changed = await world.ann.change(path, start={"dateTime": "2026-11-23T08:15:00Z"})
    assert changed["start"] == timed("2026-11-23T09:15:00", "Europe/Berlin")


async def test_an_end_before_the_start_is_refused_and_changes_nothing(world: World) -> None:
    event = await world.ann.event()
    before = world.content()
    for patch in ({"end": timed("2026-11-23T08:59:59")}, {"start": timed("2026-11-24T09:00:00"), "end": event["end"]}):
        problem = await world.ann.refused(422, "PATCH", f"/v1/events/{event['id']}", patch)
        assert pointers(problem) == ["/end"]
    assert world.content() == before


async def test_what_was_read_may_be_sent_back_whole(world: World) -> None:
    event = await world.ann.event(recurrence=["RRULE:FREQ=DAILY"], attendees=[{"email": "sam@example.org"}])
    path = f"/v1/events/{event['id']}"
    patched = await world.ann.change(path, **{**event, "summary": "Patched"})
    assert patched["summary"] == "Patched"
    put = await world.ann.ask("PUT", path, {**patched, "summary": "Put"}, if_match=f'"{patched["etag"]}"')
    assert put.status_code == 200
    assert {**put.json(), "etag": "", "summary": ""} == {**patched, "etag": "", "summary": ""}


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize(("name", "value"), READ_ONLY.items())
async def test_a_changed_read_only_field_is_refused(world: World, method: str, name: str, value: Any) -> None:
    event = await world.ann.event()
    before = world.content()
    problem = await world.ann.refused(422, method, f"/v1/events/{event['id']}", {**event, name: value}, if_match="*")
    assert pointers(problem) == [f"/{name}"]
    assert world.content() == before


async def test_put_replaces_and_what_is_left_out_gets_its_default(world: World) -> None:
    event = await world.ann.event(location="Room 4", recurrence=["RRULE:FREQ=DAILY"], uid="kept@example.org")
    body = {"summary": "Day off", "start": day("2026-12-24")}
    put = await world.ann.ask("PUT", f"/v1/events/{event['id']}", body, if_match=f'"{event["etag"]}"')
    assert put.status_code == 200
    assert put.headers["etag"] == f'"{put.json()["etag"]}"'
    assert (put.json()["location"], put.json()["recurrence"]) == ("", [])
    assert put.json()["end"] == day("2026-12-25")
    assert put.json()["uid"] == "kept@example.org"
    assert put.json()["created"] == event["created"]


async def test_put_needs_if_match(world: World) -> None:
    event = await world.ann.event()
    before = world.content()
    problem = await world.ann.refused(
        428, "PUT", f"/v1/events/{event['id']}", {"summary": "x", "start": event["start"]}
    )
    assert "If-Match" in problem["detail"]
    assert world.content() == before


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_if_match_is_held_against_the_version(world: World, method: str) -> None:
    event = await world.ann.event()
    path, etag = f"/v1/events/{event['id']}", f'"{event["etag"]}"'
    body = None if method == "DELETE" else {"summary": "Else", "start": event["start"]}
    before = world.content()
    for stale in ('"stale"', f"W/{etag}", "", event["etag"]):
        problem = await world.ann.refused(412, method, path, body, if_match=stale)
        assert "Read it again" in problem["detail"]
    assert world.content() == before
    done = await world.ann.ask(method, path, body, if_match=f'"older", {etag}')
    assert done.status_code in (200, 204)


async def test_if_match_any(world: World) -> None:
    event = await world.ann.event()
    assert (await world.ann.ask("DELETE", f"/v1/events/{event['id']}", if_match="*")).status_code == 204


async def test_if_none_match_saves_the_answer(world: World) -> None:
    event = await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])
    for path in (f"/v1/events/{event['id']}", f"/v1/events/{event['id']}/occurrences/20261123T090000"):
        etag = (await world.ann.ask("GET", path)).headers["etag"]
        for header in (etag, f"W/{etag}", "*", f'"x", {etag}'):
            same = await world.ann.ask("GET", path, if_none_match=header)
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
            assert "content-type" not in same.headers
        assert (await world.ann.ask("GET", path, if_none_match='"x"')).status_code == 200
        await world.ann.change(f"/v1/events/{event['id']}", summary="Changed")
        assert (await world.ann.ask("GET", path, if_none_match=etag)).status_code == 200


async def test_the_sequence_grows_when_attendees_would_have_to_look_again(world: World) -> None:
    event = await world.ann.event()
    path = f"/v1/events/{event['id']}"
    assert (await world.ann.change(path, summary="Else", location="There"))["sequence"] == 0
    assert (await world.ann.change(path, end=timed("2026-11-23T11:00:00")))["sequence"] == 1
    assert (await world.ann.change(path, recurrence=["RRULE:FREQ=DAILY"]))["sequence"] == 2
    assert (await world.ann.change(path, status="CANCELLED"))["sequence"] == 3
    assert (await world.ann.change(path, status="CANCELLED"))["sequence"] == 3
    assert (await world.ann.change(path, start={"dateTime": "2026-11-23T08:00:00"}))["sequence"] == 4


async def test_an_event_moves_to_another_calendar(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(uid="one@example.org")
    moved = await world.ann.change(f"/v1/events/{event['id']}", calendarId=work["id"])
    assert moved["calendarId"] == work["id"]
    assert (await world.ann.event(uid="one@example.org"))["calendarId"] == event["calendarId"]
    problem = await world.ann.refused(409, "PATCH", f"/v1/events/{event['id']}", {"calendarId": event["calendarId"]})
    assert "`uid`" in problem["detail"]


async def test_a_deleted_event_is_gone(world: World) -> None:
    event = await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])
    path = f"/v1/events/{event['id']}"
    await world.ann.remove(path)
    for each in (path, f"{path}/occurrences/20261123T090000", f"{path}_20261123T090000"):
        await world.ann.refused(404, "GET", each)
    await world.ann.refused(404, "DELETE", path)
    await world.ann.refused(404, "PATCH", path, {"summary": "x"})
    assert (await world.ann.get("/v1/events", from_="2026-11-23", to="2026-11-30"))["items"] == []
    assert (await world.ann.get("/v1/reminders"))["items"] == []
    assert not any(part.startswith(("object#", "time#", "uid#", "armed#", "due#")) for part, _ in world.content())


async def test_concurrent_patches_of_different_fields_both_hold(world: World) -> None:
    event = await world.ann.event()
    path = f"/v1/events/{event['id']}"
    await asyncio.gather(*(world.ann.change(path, **{name: "both"}) for name in ("summary", "location", "description")))
    changed = await world.ann.get(path)
    assert (changed["summary"], changed["location"], changed["description"]) == ("both", "both", "both")


async def test_of_concurrent_changes_with_one_etag_one_wins(world: World) -> None:
    event = await world.ann.event()
    asked = (
        world.ann.ask("PATCH", f"/v1/events/{event['id']}", {"summary": str(n)}, if_match=f'"{event["etag"]}"')
        for n in range(4)
    )
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    for answer in answers:
        if answer.status_code == 412:
            problem_of(answer, 412)
