"""The reminders that a person sees: planned, skipped, sent."""

from __future__ import annotations

from aurora_time.domain.moment import parse_instant, print_instant
from tests.api.world import Json, World, day, pointers, timed


async def statuses(world: World, **query: object) -> list[tuple[str, str]]:
    found = await world.ann.get("/v1/reminders", **query)
    return [(each["due"], each["status"]) for each in found["items"]]


async def test_planned_then_sent(world: World) -> None:
    event = await world.ann.event()
    (planned,) = (await world.ann.get("/v1/reminders"))["items"]
    assert planned == {
        "id": planned["id"], "eventId": event["id"], "recurrenceId": None, "ruleId": None, "channel": "email",
        "due": "2026-11-23T01:50:00Z", "status": "planned", "attempts": 0, "sentAt": None, "error": None,
        "cause": "default", "trigger": {"channel": "email", "minutesBefore": 10}, "movedFrom": None,
        "snoozedUntil": None, "text": "Something", "etag": planned["etag"],
    }  # fmt: skip
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    (sent,) = (await world.ann.get("/v1/reminders"))["items"]
    assert (sent["id"], sent["status"], sent["attempts"]) == (planned["id"], "sent", 1)
    assert sent["sentAt"] == "2026-11-23T01:50:00.000Z"
    assert len(world.mailbox.mails) == 1


async def test_what_was_past_at_creation_is_shown_and_not_rung(world: World) -> None:
    await world.ann.event(start=timed("2026-11-20T09:05:00"))
    (skipped,) = (await world.ann.get("/v1/reminders"))["items"]
    assert (skipped["due"], skipped["status"]) == ("2026-11-20T01:55:00Z", "suppressed")
    assert skipped["error"]
    await world.attend()
    assert world.mailbox.mails == []


async def test_an_event_decides_what_rings(world: World) -> None:
    event = await world.ann.event(
        reminders={"useDefault": False, "overrides": [{"minutesBefore": 60}, {"daysBefore": 1, "at": "18:00"}]}
    )
    path = f"/v1/events/{event['id']}"
    assert await statuses(world) == [("2026-11-22T11:00:00Z", "planned"), ("2026-11-23T01:00:00Z", "planned")]
    await world.ann.change(path, start={"dateTime": "2026-11-24T09:00:00"}, end={"dateTime": "2026-11-24T10:00:00"})
    assert await statuses(world) == [("2026-11-23T11:00:00Z", "planned"), ("2026-11-24T01:00:00Z", "planned")]
    await world.ann.change(path, status="CANCELLED")
    assert await statuses(world) == []
    await world.ann.change(path, status="CONFIRMED", reminders={"useDefault": True, "overrides": []})
    assert await statuses(world) == [("2026-11-24T01:50:00Z", "planned")]
    await world.ann.change(path, reminders={"useDefault": False})
    assert await statuses(world) == []


async def test_a_day_rings_in_the_morning_and_never_at_night(world: World) -> None:
    await world.ann.event(start=day("2026-11-23"))
    assert await statuses(world) == [("2026-11-23T01:00:00Z", "planned")]


async def test_windows_and_statuses(world: World) -> None:
    await world.ann.event(recurrence=["RRULE:FREQ=DAILY;COUNT=5"])
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    sent, planned = ("2026-11-23T01:50:00Z", "sent"), ("2026-11-24T01:50:00Z", "planned")
    assert await statuses(world, from_="2026-11-23", to="2026-11-25") == [sent, planned]
    assert await statuses(world, from_="2026-11-23", to="2026-11-25", status="sent") == [sent]
    assert await statuses(world, from_="2026-11-23", to="2026-11-25", status="planned") == [planned]
    assert await statuses(world, from_="2026-11-23", to="2026-11-25", status="failed") == []
    assert await statuses(world, from_="2026-11-23T01:50:01Z", to="2026-11-24T01:50:00Z") == []
    assert await statuses(world, from_="2026-11-24T01:50:00Z", to="2026-11-24T01:50:01Z") == [planned]
    assert len(await statuses(world)) == 5


async def test_pages_add_up(world: World) -> None:
    for _ in range(3):
        await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])
    query: Json = {"from_": "2026-11-22", "to": "2026-12-22"}
    whole = (await world.ann.get("/v1/reminders", **query))["items"]
    assert len(whole) == 29 * 3
    paged: list[Json] = []
    cursor: Json = {}
    while True:
        page = await world.ann.get("/v1/reminders", **query, **cursor, limit=7)
        paged += page["items"]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert paged == whole
    problem = await world.ann.refused(
        400, "GET", f"/v1/reminders?from=2026-11-22&to=2026-12-21&cursor={cursor['cursor']}"
    )
    assert pointers(problem) == ["?cursor"]


async def test_no_reminder_is_left_out_however_many_there_are(world: World) -> None:
    await world.ann.event(
        start=timed("2026-12-01T00:00:00"),
        recurrence=["RRULE:FREQ=MINUTELY"],
        reminders={"useDefault": False, "overrides": [{"minutesBefore": 0}]},
    )
    query: Json = {"from_": "2026-12-02", "to": "2026-12-05", "limit": 1000}
    due: list[str] = []
    cursor: Json = {}
    sizes = []
    while True:
        page = await world.ann.get("/v1/reminders", **query, **cursor)
        due += [each["due"] for each in page["items"]]
        sizes.append(len(page["items"]))
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert sizes == [1000, 1000, 1000, 1000, 320]
    first = parse_instant("2026-12-01T17:00:00Z")
    assert due == [print_instant(first + minute * 60) for minute in range(4_320)]


async def test_health_tells_of_reminders_that_wait_too_long(world: World) -> None:
    await world.ann.event()
    assert (await world.http.get("/healthz")).json() == {"status": "ok", "oldestOverdueSeconds": 0}
    world.at("2026-11-23T01:55:00Z")
    assert (await world.http.get("/healthz")).json() == {"status": "ok", "oldestOverdueSeconds": 300}
    world.at("2026-11-23T01:55:01Z")
    stalled = await world.http.get("/healthz")
    assert (stalled.status_code, stalled.headers["retry-after"]) == (503, "30")
    assert stalled.headers["content-type"] == "application/problem+json"
