"""The secret link of a calendar: who has it reads, and nobody else; and what its owner does with it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from aurora_time.operations import erasing
from aurora_time.ports import Range
from tests.api.link_scenarios import a_link, at
from tests.api.test_rate import limited
from tests.api.transfer_texts import imported
from tests.api.world import Json, World, problem_of

NOTHING = {"secretUrl": None, "created": None, "etag": "none"}
ALARMED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:flight
DTSTAMP:20261101T080000Z
DTSTART:20261123T090000Z
SUMMARY:Flight
X-SEAT:12A
BEGIN:VALARM
ACTION:AUDIO
TRIGGER:-PT5M
END:VALARM
BEGIN:VALARM
ACTION:EMAIL
TRIGGER:-PT90M
SUMMARY:Flight
DESCRIPTION:Flight
ATTENDEE:mailto:ann@example.org
END:VALARM
END:VEVENT
END:VCALENDAR
"""


async def read(world: World, path: str, **headers: str) -> httpx.Response:
    """Without any token."""
    return await world.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def text_of(world: World, path: str) -> str:
    answer = await read(world, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return answer.text


async def work(world: World) -> str:
    made: Json = await world.ann.make("/v1/calendars", {"name": "Work, and more"})
    return str(made["id"])


async def test_who_has_the_link_reads_that_calendar_and_no_other(world: World) -> None:
    calendar = await work(world)
    await world.ann.event(summary="Board", calendarId=calendar, visibility="PRIVATE", location="Room 4")
    await world.ann.make("/v1/tasks", {"summary": "Slides", "calendarId": calendar})
    await world.ann.event(summary="Dentist")
    text = await text_of(world, await a_link(world.ann, calendar))
    assert "X-WR-CALNAME:Work\\, and more" in text
    assert "NAME:Work\\, and more" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "SUMMARY:Board" in text
    assert "LOCATION:Room 4" in text
    assert "SUMMARY:Slides" in text
    assert "Dentist" not in text


async def test_reminders_are_nobodys_but_the_owners(world: World) -> None:
    calendar = await world.primary(world.ann)
    await imported(world.ann, ALARMED)
    await world.ann.event(reminders={"useDefault": False, "overrides": []})
    await world.ann.event(reminders={"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 7}]})
    text = await text_of(world, await a_link(world.ann, calendar))
    assert "X-SEAT:12A" in text
    assert text.count("BEGIN:VEVENT") == 3
    for word in ("VALARM", "TRIGGER", "X-AURORA-ALARMS", "ann@example.org"):
        assert word not in text
    assert "VALARM" in (await world.ann.ask("GET", "/v1/export")).text, "the owner's own export has them"


async def test_a_program_that_asks_again_is_told_that_nothing_changed(world: World) -> None:
    calendar = await work(world)
    path = await a_link(world.ann, calendar)
    first = await read(world, path)
    again = await read(world, path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    tags = {first.headers["etag"]}
    event = await world.ann.event(calendarId=calendar)
    tags.add((await read(world, path)).headers["etag"])
    await world.ann.change(f"/v1/events/{event['id']}", summary="Moved")
    tags.add((await read(world, path)).headers["etag"])
    await world.ann.change(f"/v1/calendars/{calendar}", name="Office")
    changed = await read(world, path, if_none_match=first.headers["etag"])
    assert "X-WR-CALNAME:Office" in changed.text
    assert len(tags | {changed.headers["etag"]}) == 4


async def test_what_is_written_while_it_is_read_is_read_the_next_time(world: World, monkeypatch: Any) -> None:
    """The version is older than the text or the same, never newer."""
    calendar = await work(world)
    path = await a_link(world.ann, calendar)
    query = world.table.query

    async def slow(*ranges: Range) -> Any:
        found = await query(*ranges)
        monkeypatch.setattr(world.table, "query", query)
        await world.ann.event(summary="Just now", calendarId=calendar)
        return found

    monkeypatch.setattr(world.table, "query", slow)
    first = await read(world, path)
    assert "Just now" not in first.text
    assert "Just now" in (await read(world, path, if_none_match=first.headers["etag"])).text


async def test_the_owner_is_shown_it_again_and_a_new_one_ends_the_old(world: World) -> None:
    calendar = await work(world)
    assert await world.ann.get(at(calendar)) == NOTHING
    made = (await world.ann.ask("POST", at(calendar))).json()
    assert made["secretUrl"].startswith(f"{world.services.public_url}/ical/")
    assert len(made["secretUrl"].rsplit("/", 1)[1].removesuffix(".ics")) == 27, "160 bits"
    assert await world.ann.get(at(calendar)) == made
    old, new = httpx.URL(made["secretUrl"]).path, await a_link(world.ann, calendar)
    assert new != old
    problem_of(await read(world, old), 404)
    await text_of(world, new)
    assert (await world.ann.ask("DELETE", at(calendar))).status_code == 204
    assert (await world.ann.ask("DELETE", at(calendar))).status_code == 204
    assert await world.ann.get(at(calendar)) == NOTHING


async def test_a_link_that_is_void_cannot_be_told_from_one_that_never_was(world: World) -> None:
    calendar = await work(world)
    path = await a_link(world.ann, calendar)
    assert (await world.ann.ask("DELETE", at(calendar))).status_code == 204
    void, never = await read(world, path), await read(world, f"/ical/{'A' * 27}.ics")
    for answer in (void, never):
        problem_of(answer, 404)
        answer.headers.pop("request-id")
    assert void.headers == never.headers
    problem_of(await read(world, path.removesuffix(".ics")), 404)


async def test_two_who_make_it_at_once_leave_one(world: World) -> None:
    calendar = await work(world)
    paths = await asyncio.gather(*(a_link(world.ann, calendar) for _ in range(5)))
    kept = httpx.URL((await world.ann.get(at(calendar)))["secretUrl"]).path
    good = [path for path in paths if (await read(world, path)).status_code == 200]
    assert good == [kept]
    assert len([part for part, _ in world.content() if part.startswith("ical#")]) == 1


async def test_it_ends_with_its_calendar_and_a_restored_one_has_none(world: World) -> None:
    calendar = await work(world)
    path = await a_link(world.ann, calendar)
    await world.ann.event(calendarId=calendar)
    await world.ann.remove(f"/v1/calendars/{calendar}")
    problem_of(await read(world, path), 404)
    assert not {part for part, _ in world.content() if part.startswith(("ical#", "calendarlink#"))}
    await world.ann.ask("POST", f"/v1/calendars/{calendar}/restore")
    await world.attend()
    problem_of(await read(world, path), 404)
    await world.ann.refused(404, "GET", at("nobodys"))


async def test_it_ends_at_once_with_the_account_and_leaves_no_trace(world: World) -> None:
    mai = await world.somebody("mai")
    path = await a_link(mai, await world.primary(mai))
    secret = path.rsplit("/", 1)[1].removesuffix(".ics").encode()
    await text_of(world, path)
    assert (await mai.ask("DELETE", "/v1/me")).status_code == 202
    problem_of(await read(world, path), 404)
    await world.attend()
    world.clock.time += erasing.PAUSES[erasing.AT_LAST]
    await world.attend()
    assert not [key for key, (body, _) in world.content().items() if secret in body or key[0].startswith("ical#")]


async def test_the_table_is_asked_by_a_hash_and_an_answer_with_a_secret_is_not_kept(world: World) -> None:
    calendar = await work(world)
    answer = await world.ann.ask("POST", at(calendar), idempotency_key="once")
    secret = answer.json()["secretUrl"].rsplit("/", 1)[1].removesuffix(".ics")
    assert not [key for key in world.content() if secret in "".join(key)]
    holding = [part for (part, _), (body, _) in world.content().items() if secret.encode() in body]
    assert [part.partition("#")[0] for part in holding] == ["calendarlink"]


async def test_a_token_that_may_not_read_events_gets_no_link(world: World) -> None:
    calendar = await work(world)
    client = world.client(await world.token(world.ann.id, ("calendars:read", "calendars:write", "tasks:read")))
    problem_of(await client.get(at(calendar)), 403)
    problem_of(await client.post(at(calendar)), 403)
    problem_of(await world.bob.ask("POST", at(calendar)), 404)


async def test_each_link_may_be_read_so_often_and_no_other_waits_for_it(world: World) -> None:
    first = await a_link(world.ann, await work(world))
    second = await a_link(world.bob, await world.primary(world.bob))
    limited(world, 40)
    assert [(await read(world, first)).status_code for _ in range(3)] == [200, 200, 429]
    assert (await read(world, second)).status_code == 200
    assert (await read(world, "/healthz")).status_code == 200
