"""Bad input: what is answered, where it points, and that it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import Json, World, day, pointers, timed

NINE = timed("2026-11-23T09:00:00")
EVENT = {"summary": "x", "start": NINE}


def event(**fields: Any) -> Json:
    return {**EVENT, **fields}


BAD_EVENTS: list[tuple[str, Json, str]] = [
    ("no start", {"summary": "x"}, "/start"),
    ("no summary", {"start": NINE}, "/summary"),
    ("unknown field", event(colour="#ffffff"), "/colour"),
    ("a name that needs escaping", event(**{"a/b~c": 1}), "/a~1b~0c"),
    ("a name with backticks", event(**{"`x`": 1}), "/`x`"),
    ("unknown inner field", event(start={**NINE, "zone": "x"}), "/start/zone"),
    ("wrong type", event(summary=5), "/summary"),
    ("null that cannot be", event(summary=None), "/summary"),
    ("neither date nor time", event(start={}), "/start"),
    ("date and time", event(start={**NINE, **day("2026-11-23")}), "/start"),
    ("date with a zone", event(start={"date": "2026-11-23", "timeZone": "Europe/Berlin"}), "/start/timeZone"),
    ("a zone alone", event(start={"timeZone": "Europe/Berlin"}), "/start"),
    ("no such day", event(start=day("2026-02-30")), "/start/date"),
    ("no such hour", event(start=timed("2026-11-23T25:00:00")), "/start/dateTime"),
    ("a date as dateTime", event(start=timed("2026-11-23", None)), "/start/dateTime"),
    ("not a date", event(start=day("tomorrow")), "/start/date"),
    ("unknown zone", event(start=timed("2026-11-23T09:00:00", "Mars/Olympus")), "/start/timeZone"),
    ("the year 1", event(start=day("0001-01-01")), "/start"),
    ("the year 9999", event(start=timed("9999-12-31T23:59:59")), "/start"),
    ("an end in the year 9999", event(end=timed("9999-12-31T23:59:59Z", None)), "/end/dateTime"),
    ("end before start", event(end=timed("2026-11-23T08:59:59")), "/end"),
    ("all-day end not after start", event(start=day("2026-11-23"), end=day("2026-11-23")), "/end"),
    ("date and time mixed", event(end=day("2026-11-24")), "/end"),
    ("too long", event(end=timed("2099-11-23T09:00:00")), "/end"),
    ("no such calendar", event(calendarId="nowhere"), "/calendarId"),
    ("overlong calendar id", event(calendarId="x" * 200), "/calendarId"),
    ("unknown line", event(recurrence=["DTSTART:20261123"]), "/recurrence/0"),
    ("broken rule", event(recurrence=["RRULE:FREQ=DAILY;COUNT=x"]), "/recurrence/0"),
    ("UNTIL and COUNT", event(recurrence=["RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101"]), "/recurrence/0"),
    ("hours of a date", event(start=day("2026-11-23"), recurrence=["RRULE:FREQ=HOURLY"]), "/recurrence/0"),
    ("unknown zone of an EXDATE", event(recurrence=["EXDATE;TZID=Mars:20261123T090000"]), "/recurrence/0"),
    ("RDATE out of range", event(recurrence=["RDATE:99991231T000000"]), "/recurrence"),
    ("RDATE too long", event(recurrence=["RDATE;VALUE=PERIOD:20261124T090000/P9000D"]), "/recurrence"),
    ("period backwards", event(recurrence=["RDATE:20261124T090000/20261123T090000"]), "/recurrence/0"),
    ("thousands at once", event(end=timed("2026-11-25T09:00:00"), recurrence=["RRULE:FREQ=SECONDLY"]), "/recurrence"),
    ("too many lines", event(recurrence=["RDATE:20261124T090000"] * 2_001), "/recurrence"),
    ("default and overrides", event(reminders={"useDefault": True, "overrides": [{"minutesBefore": 1}]}), "/reminders"),
    ("21 reminders", event(reminders={"overrides": [{"minutesBefore": n} for n in range(21)]}), "/reminders/overrides"),
    ("both sorts", event(reminders={"useDefault": False, "overrides": [{"minutesBefore": 1, "at": "18:00"}]}),
     "/reminders/overrides/0"),
    ("neither sort", event(reminders={"useDefault": False, "overrides": [{"daysBefore": 1}]}),
     "/reminders/overrides/0"),
    ("minutes before a day", event(start=day("2026-11-23"),
                                   reminders={"useDefault": False, "overrides": [{"minutesBefore": 1}]}),
     "/reminders/overrides/0"),
    ("early minutes", event(reminders={"useDefault": False, "overrides": [{"minutesBefore": 527_041}]}),
     "/reminders/overrides/0/minutesBefore"),
    ("25 o'clock", event(reminders={"useDefault": False, "overrides": [{"at": "25:00"}]}),
     "/reminders/overrides/0/at"),
    ("a clock with a new line", event(reminders={"useDefault": False, "overrides": [{"at": "18:00\n"}]}),
     "/reminders/overrides/0/at"),
    ("a clock in other digits", event(reminders={"useDefault": False, "overrides": [{"at": "1\u0668:00"}]}),
     "/reminders/overrides/0/at"),
    ("a fax", event(reminders={"useDefault": False, "overrides": [{"channel": "fax", "at": "18:00"}]}),
     "/reminders/overrides/0/channel"),
    ("not an address", event(attendees=[{"email": "nobody"}]), "/attendees/0/email"),
    ("an address with a new line", event(attendees=[{"email": "a@b\n"}]), "/attendees/0/email"),
    ("not a status", event(status="PERHAPS"), "/status"),
    ("not a colour", event(color="red"), "/color"),
    ("a colour with a new line", event(color="#aabbcc\n"), "/color"),
    ("not a URL", event(url="nowhere"), "/url"),
    ("a URL with a new line", event(url="https://example.org\n"), "/url"),
    ("a control character", event(summary="bell \u0007"), "/summary"),
    ("NUL", event(description="a\u0000b"), "/description"),
    ("an empty category", event(categories=[""]), "/categories/0"),
    ("51 categories", event(categories=["x"] * 51), "/categories"),
    ("read-only on create", event(id="mine"), "/id"),
    ("overlong summary", event(summary="x" * 1_001), "/summary"),
    ("not an object", [], ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "pointer"), [pytest.param(*each[1:], id=each[0]) for each in BAD_EVENTS])
async def test_a_bad_event_is_refused_with_a_pointer_and_changes_nothing(
    world: World, body: Json, pointer: str
) -> None:
    before = world.content()
    problem = await world.ann.refused(422, "POST", "/v1/events", body)
    assert pointers(problem) == [pointer]
    assert world.content() == before


FINE_PATCHES = ("no start", "no summary", "neither date nor time", "a zone alone")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_bad_change_changes_nothing(world: World, method: str) -> None:
    event = await world.ann.event()
    before = world.content()
    for name, body, pointer in BAD_EVENTS:
        if method == "PATCH" and name in FINE_PATCHES:
            continue
        sent = {"end": None, **body} if isinstance(body, dict) else body
        problem = await world.ann.refused(422, method, f"/v1/events/{event['id']}", sent, if_match="*")
        assert pointers(problem) == [pointer]
    assert world.content() == before


OTHERS: list[tuple[str, str, Any, str]] = [
    ("PATCH", "/v1/me", {"timeZone": "Mars/Olympus"}, "/timeZone"),
    ("PATCH", "/v1/me", {"timeZone": None}, "/timeZone"),
    ("PATCH", "/v1/me", {"locale": "tlh"}, "/locale"),
    ("PATCH", "/v1/me", {"weekStart": "TU"}, "/weekStart"),
    ("PATCH", "/v1/me", {"email": "eve@example.org"}, "/email"),
    ("PATCH", "/v1/me", {"quiet": True}, "/quiet"),
    ("PATCH", "/v1/me", {"defaultReminders": [{"daysBefore": 2}]}, "/defaultReminders/0"),
    ("PATCH", "/v1/me", {"defaultReminders": [{"minutesBefore": 1}] * 21}, "/defaultReminders"),
    ("PATCH", "/v1/me", [], ""),
    ("POST", "/v1/calendars", {"name": ""}, "/name"),
    ("POST", "/v1/calendars", {}, "/name"),
    ("POST", "/v1/calendars", {"name": "x", "timeZone": "Mars/Olympus"}, "/timeZone"),
    ("POST", "/v1/calendars", {"name": "x", "color": "green"}, "/color"),
    ("PATCH", "/v1/calendars/{primary}", {"primary": False}, "/primary"),
    ("PATCH", "/v1/calendars/{primary}", {"name": None}, "/name"),
    ("PATCH", "/v1/calendars/{primary}", {"timeZone": "nowhere"}, "/timeZone"),
    ("POST", "/v1/tokens", {"name": "x", "scopes": []}, "/scopes"),
    ("POST", "/v1/tokens", {"name": "x", "scopes": ["all"]}, "/scopes/0"),
    ("POST", "/v1/tokens", {"name": "x", "scopes": ["events:read"], "expires": "soon"}, "/expires"),
    ("POST", "/v1/tokens", {"name": "x", "scopes": ["events:read"], "expires": "2020-01-01T00:00:00Z"}, "/expires"),
    ("POST", "/v1/tokens", {"name": "x", "scopes": ["events:read"], "expires": "2027-01-01T00:00:00"}, "/expires"),
]


@pytest.mark.parametrize(("method", "path", "body", "pointer"), OTHERS)
async def test_other_bad_input(world: World, method: str, path: str, body: Any, pointer: str) -> None:
    before = world.content()
    problem = await world.ann.refused(422, method, path.format(primary=await world.primary(world.ann)), body)
    assert pointers(problem) == [pointer]
    assert world.content() == before


QUERIES: list[tuple[str, str]] = [
    ("/v1/events?from=2026-11-23", "?to"),
    ("/v1/events?to=2026-11-23", "?from"),
    ("/v1/events?from=2026-11-24&to=2026-11-23", "?to"),
    ("/v1/events?from=1000-01-02&to=2026-11-23", "?to"),
    ("/v1/events?from=0999-12-31&to=2026-11-23", "?from"),
    ("/v1/events?from=2026-11-23&to=9999-12-31", "?to"),
    ("/v1/events?from=0001-01-01T00:00:00%2B14:00&to=2026-11-23", "?from"),
    ("/v1/events?from=yesterday&to=2026-11-23", "?from"),
    ("/v1/events?from=2026-11-23T09:00:00&to=2026-11-24", "?from"),
    ("/v1/events?from=2026-11-23T09:00:00+07:00&to=2026-11-24", "?from"),
    ("/v1/events?from=2026-11-23&from=2026-11-24&to=2026-11-25", "?from"),
    ("/v1/events?from=&to=", "?from"),
    ("/v1/events?from=" + "2" * 41 + "&to=2026-11-25", "?from"),
    ("/v1/events?limit=0", "?limit"),
    ("/v1/events?limit=1001", "?limit"),
    ("/v1/events?limit=many", "?limit"),
    ("/v1/events?limit=99999999999999999999999999", "?limit"),
    ("/v1/events?limit=1&limit=2", "?limit"),
    ("/v1/events?expand=perhaps", "?expand"),
    ("/v1/events?calendarId=nowhere", "?calendarId"),
    ("/v1/events?calendarId=nowhere&from=2026-11-23&to=2026-11-24", "?calendarId"),
    ("/v1/events?calendarID=x", "?calendarID"),
    ("/v1/events?a%2Fb=x", "?a/b"),
    ("/v1/events?cursor=rubbish", "?cursor"),
    ("/v1/events?cursor=%F0%9F%98%80", "?cursor"),
    ("/v1/events?cursor=" + "x" * 501, "?cursor"),
    ("/v1/reminders?from=2026-11-23&to=2028-11-23", "?to"),
    ("/v1/reminders?status=lost", "?status"),
    ("/v1/reminders?cursor=WzFd", "?cursor"),
    ("/v1/calendars?limit=5", "?limit"),
    ("/v1/me?x=", "?x"),
    ("/v1/openapi.json?x=1", "?x"),
    ("/healthz?x", "?x"),
]


@pytest.mark.parametrize(("path", "pointer"), QUERIES)
async def test_a_bad_query_is_400_and_names_the_parameter(world: World, path: str, pointer: str) -> None:
    problem = await world.ann.refused(400, "GET", path)
    assert pointers(problem) == [pointer]
    assert pointer[1:] in problem["detail"]
