"""What an event becomes when it is created: defaults, times, zones, recurrence, reminders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World, day, pointers, timed

RULE = "RRULE:FREQ=WEEKLY;BYDAY=MO"


async def test_summary_and_start_are_enough(world: World) -> None:
    event = await world.ann.event(summary="Dentist")
    assert event["calendarId"] == await world.primary(world.ann)
    assert event["start"] == timed("2026-11-23T09:00:00")
    assert event["end"] == timed("2026-11-23T10:00:00")
    assert event["reminders"] == {"useDefault": True, "overrides": []}
    assert event["uid"] == f"{event['id']}@aurora-time"
    assert (event["sequence"], event["created"], event["updated"]) == (
        0,
        "2026-11-20T02:00:00Z",
        "2026-11-20T02:00:00Z",
    )
    assert (event["status"], event["transparency"], event["visibility"]) == ("CONFIRMED", "OPAQUE", "DEFAULT")
    assert (event["recurrence"], event["attendees"], event["categories"]) == ([], [], [])
    assert await world.ann.get(f"/v1/events/{event['id']}") == event


async def test_an_all_day_event_lasts_a_day(world: World) -> None:
    event = await world.ann.event(start=day("2026-12-24"))
    assert (event["start"], event["end"]) == (day("2026-12-24"), day("2026-12-25"))


async def test_a_time_without_a_zone_is_on_the_persons_clock(world: World) -> None:
    event = await world.ann.event(start=timed("2026-11-23T09:00", None))
    assert event["start"] == timed("2026-11-23T09:00:00")


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        (timed("2026-11-23T09:00:00+01:00", None), timed("2026-11-23T15:00:00")),
        (timed("2026-11-23T02:00:00Z", None), timed("2026-11-23T09:00:00")),
        (timed("2026-11-23T02:00:00Z", "Europe/Berlin"), timed("2026-11-23T03:00:00", "Europe/Berlin")),
        (timed("2026-11-23T09:00:00", "europe/berlin"), timed("2026-11-23T09:00:00", "Europe/Berlin")),
        (timed("2026-11-23T09:00:00", "Z"), timed("2026-11-23T09:00:00", "UTC")),
        (timed("2026-10-25T00:30:00Z", "Europe/Berlin"), timed("2026-10-25T02:30:00", "Europe/Berlin")),
        (timed("2026-10-25T01:30:00Z", "Europe/Berlin"), timed("2026-10-25T01:30:00", "UTC")),
    ],
    ids=["offset", "utc", "offset and zone", "case", "Z", "first pass", "second pass keeps the instant"],
)
async def test_a_time_with_an_offset_is_that_instant_on_the_clock(world: World, start: Any, shown: Any) -> None:
    assert (await world.ann.event(start=start))["start"] == shown


async def test_an_end_without_a_zone_is_on_the_clock_of_the_start(world: World) -> None:
    event = await world.ann.event(
        start=timed("2026-11-23T09:00:00", "Europe/Berlin"), end=timed("2026-11-23T11:00:00", None)
    )
    assert event["end"] == timed("2026-11-23T11:00:00", "Europe/Berlin")


async def test_start_and_end_may_be_in_two_zones(world: World) -> None:
    flight = await world.ann.event(
        start=timed("2026-11-23T23:00:00"), end=timed("2026-11-24T06:00:00", "Europe/Berlin")
    )
    assert flight["end"] == timed("2026-11-24T06:00:00", "Europe/Berlin")
    listed = await world.ann.get("/v1/events", from_="2026-11-24T04:59:59Z", to="2026-11-24T05:00:00Z")
    assert [each["id"] for each in listed["items"]] == [flight["id"]]
    listed = await world.ann.get("/v1/events", from_="2026-11-24T05:00:00Z", to="2026-11-24T06:00:00Z")
    assert listed["items"] == []


async def test_the_default_hour_is_an_hour_also_across_a_change_of_the_clock(world: World) -> None:
    """02:30 does not exist that night: it is 03:30, and the event does not shrink to nothing."""
    event = await world.ann.event(start=timed("2026-03-29T02:30:00", "Europe/Berlin"))
    assert event["end"] == timed("2026-03-29T04:30:00", "Europe/Berlin")


async def test_everything_that_can_be_set_comes_back(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    fields = {
        "summary": "Đánh giá tuần",
        "description": "Line 1\nLine 2\twith a tab",
        "location": "Room 4",
        "url": "https://example.org/a?b=c#d",
        "calendarId": work["id"],
        "uid": "an-uid@example.org",
        "start": timed("2026-11-23T09:00:00"),
        "end": timed("2026-11-23T09:30:00"),
        "recurrence": [RULE, "EXDATE;TZID=Asia/Ho_Chi_Minh:20261130T090000", "RDATE:20261125T090000"],
        "reminders": {
            "useDefault": False,
            "overrides": [
                {"channel": "email", "minutesBefore": 10},
                {"channel": "email", "daysBefore": 1, "at": "18:00"},
            ],
        },
        "attendees": [
            {"email": "sam@example.org", "name": "Sam", "partstat": "ACCEPTED", "role": "CHAIR", "rsvp": True}
        ],
        "organizer": {
            "email": "ann@example.org",
            "name": "",
            "partstat": "NEEDS-ACTION",
            "role": "REQ-PARTICIPANT",
            "rsvp": False,
        },
        "status": "TENTATIVE",
        "transparency": "TRANSPARENT",
        "visibility": "PRIVATE",
        "color": "#12aBf0",
        "categories": ["work", "weekly"],
    }
    event = await world.ann.event(**fields)
    assert {name: event[name] for name in fields} == fields


async def test_an_event_that_names_its_calendar_goes_there(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(calendarId=work["id"])
    listed = await world.ann.get("/v1/events", calendarId=work["id"])
    assert [each["id"] for each in listed["items"]] == [event["id"]]
    assert (await world.ann.get("/v1/events", calendarId=await world.primary(world.ann)))["items"] == []


async def test_the_same_uid_twice_in_a_calendar_is_a_clash(world: World) -> None:
    await world.ann.event(uid="one@example.org")
    before = world.content()
    body = {"summary": "Again", "start": day("2026-11-23"), "uid": "one@example.org"}
    problem = await world.ann.refused(409, "POST", "/v1/events", body)
    assert "`uid`" in problem["detail"]
    assert world.content() == before
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    assert (await world.ann.event(uid="one@example.org", calendarId=work["id"]))["uid"] == "one@example.org"
    assert (await world.bob.event(uid="one@example.org"))["uid"] == "one@example.org"


async def test_an_overlong_event_is_too_large_and_a_full_one_is_not(world: World) -> None:
    attendees = [{"email": f"{'x' * 300}{n}@example.org"} for n in range(1_000)]
    body = {"summary": "Crowd", "start": day("2026-11-23"), "attendees": attendees, "description": "y" * 100_000}
    before = world.content()
    problem = await world.ann.refused(413, "POST", "/v1/events", body)
    assert "350000 bytes" in problem["detail"]
    assert world.content() == before
    assert len((await world.ann.event(description="\u1ea1" * 100_000))["description"]) == 100_000


async def test_reminders_that_are_the_same_ring_once(world: World) -> None:
    twice = {"useDefault": False, "overrides": [{"minutesBefore": 10}, {"minutesBefore": 10, "channel": "email"}]}
    event = await world.ann.event(reminders=twice)
    assert event["reminders"]["overrides"] == [{"channel": "email", "minutesBefore": 10}]


async def test_an_all_day_event_may_ring_at_an_hour_of_the_day(world: World) -> None:
    reminders = {"useDefault": False, "overrides": [{"daysBefore": 0, "at": "07:30"}, {"at": "06:00"}]}
    event = await world.ann.event(start=day("2026-11-23"), reminders=reminders)
    assert event["reminders"]["overrides"] == [
        {"channel": "email", "daysBefore": 0, "at": "07:30"},
        {"channel": "email", "daysBefore": 0, "at": "06:00"},
    ]


@pytest.mark.parametrize(
    "recurrence",
    [
        ["RRULE:FREQ=DAILY;UNTIL=99991231T235959Z"],
        ["RRULE:FREQ=DAILY;UNTIL=00010101T000000Z"],
        ["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"],
        ["RRULE:FREQ=SECONDLY;COUNT=5"],
        ["RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"],
        ["RRULE:FREQ=MINUTELY;INTERVAL=1000000;COUNT=1000000"],
        ["RRULE:FREQ=DAILY;COUNT=999999999"],
        ["RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=-1"],
        ["EXDATE:20261123T090000"],
        ["RDATE;VALUE=PERIOD:20261124T090000/PT1H,20261125T090000/20261125T110000"],
        ["RDATE;VALUE=DATE:20261124"],
        ["rrule:freq=daily;count=3"],
    ],
)
async def test_odd_rules_are_taken_and_can_be_read_and_listed(world: World, recurrence: list[str]) -> None:
    event = await world.ann.event(recurrence=recurrence)
    assert (await world.ann.get(f"/v1/events/{event['id']}"))["recurrence"] == recurrence
    await world.ann.get("/v1/events", from_="2026-11-23", to="2026-11-24", limit=5)
    await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-24")
    await world.ann.remove(f"/v1/events/{event['id']}")


async def test_a_problem_points_at_the_recurrence_line(world: World) -> None:
    body = {"summary": "x", "start": day("2026-11-23"), "recurrence": [RULE, "RRULE:FREQ=SOMETIMES"]}
    problem = await world.ann.refused(422, "POST", "/v1/events", body)
    assert pointers(problem) == ["/recurrence/1"]
