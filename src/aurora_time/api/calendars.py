"""Calendars."""

from __future__ import annotations

from typing import Any

import msgspec

from aurora_time.api import needs
from aurora_time.api.jobs import JobResource, job_reply
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import calendars
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import (
    CALENDAR_READ_ONLY,
    CalendarInput,
    CalendarResource,
    calendar_resource,
)
from aurora_time.operations.services import Services
from aurora_time.store.calendars import Calendar


class CalendarList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[CalendarResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/calendars",
    needs=("person: get", "calendar: query"),
    scope="calendars:read",
    shape=Shape(answer=CalendarList),
)
async def list_calendars(services: Services, request: Request) -> Reply:
    """List your calendars, the oldest first. There are at most 1,000, so this is one page."""
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    found = await calendars.list_calendars(services, owner)
    items = [calendar_resource(calendar, version, person.first_calendar) for calendar, version in found]
    return json_reply(CalendarList(items, None))


@endpoint(
    "POST",
    "/v1/calendars",
    needs=(*needs.WRITE_CALENDAR, "calendar: query"),
    scope="calendars:write",
    shape=Shape(body=CalendarInput, answer=CalendarResource, status=201, problems=(INVALID, TOO_LARGE)),
)
async def create_calendar(services: Services, request: Request) -> Reply:
    """Create a calendar."""
    owner = request.caller.person_id
    calendar, version = await calendars.create_calendar(services, owner, request.body)
    return json_reply(calendar_resource(calendar, version, ""), version, 201, f"/v1/calendars/{calendar.id}")


@endpoint(
    "GET",
    "/v1/calendars/{calendarId}",
    needs=("person: get", "calendar: get"),
    scope="calendars:read",
    shape=Shape(answer=CalendarResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_calendar(services: Services, request: Request) -> Reply:
    """Read a calendar."""
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    calendar, version = await calendars.read_calendar(services, owner, request.parameters["calendarId"])
    return read_reply(request, calendar_resource(calendar, version, person.first_calendar), version)


@endpoint(
    "PATCH",
    "/v1/calendars/{calendarId}",
    needs=(*needs.WRITE_CALENDAR, "calendar: get"),
    scope="calendars:write",
    shape=Shape(
        body=CalendarInput, answer=CalendarResource, problems=(INVALID, NOT_FOUND, PRECONDITION_FAILED, CONFLICT)
    ),
)
async def update_calendar(services: Services, request: Request) -> Reply:
    """Change a calendar by a JSON merge patch."""
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)

    def change(calendar: Calendar, version: str) -> CalendarInput:
        check_if_match(request.if_match, version)
        resource = calendar_resource(calendar, version, person.first_calendar)
        current: dict[str, Any] = msgspec.to_builtins(resource)
        return convert(apply_patch(current, request.body, CALENDAR_READ_ONLY), CalendarInput)

    calendar, version = await calendars.update_calendar(services, owner, request.parameters["calendarId"], change)
    return json_reply(calendar_resource(calendar, version, person.first_calendar), version)


@endpoint(
    "DELETE",
    "/v1/calendars/{calendarId}",
    needs=needs.DELETE_CALENDAR,
    scope="calendars:write",
    shape=Shape(answer=JobResource, status=202, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_calendar(services: Services, request: Request) -> Reply:
    """Delete a calendar with all that is in it; for 30 days it can be restored. The primary one stays.

    It is gone at once; a job puts what is in it into the trash.
    """
    job, version = await calendars.delete_calendar(
        services,
        request.caller.person_id,
        request.parameters["calendarId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return job_reply(job, version)
