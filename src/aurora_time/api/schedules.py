"""Schedules and their free slots."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from aurora_time.api.parameters import Cursor, Limit, When, read_window
from aurora_time.domain.availability import MAX_SLOT_MINUTES, Schedule
from aurora_time.domain.moment import Window
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import schedules
from aurora_time.operations.availability import Position, SlotQuestion
from aurora_time.operations.availability import list_slots as list_slots_of
from aurora_time.operations.people import read_person
from aurora_time.operations.schedule_resources import (
    SCHEDULE_READ_ONLY,
    ScheduleInput,
    ScheduleResource,
    SlotResource,
    schedule_resource,
    slot_resource,
)
from aurora_time.operations.services import Services

_WRITE: Final = ("person: get", "calendar: query", "head: get put", "log: put")


class ScheduleList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[ScheduleResource]
    next_cursor: str | None


class SlotQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Slots that start from `from` to before `to`; with `explain=true` also those that are refused, and why."""

    from_: When
    to: When
    minutes: Annotated[int, Meta(ge=5, le=MAX_SLOT_MINUTES)] | None = None
    explain: bool = False
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class SlotList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[SlotResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/schedules",
    needs=("schedule: query",),
    scope="schedules:read",
    shape=Shape(answer=ScheduleList),
)
async def list_schedules(services: Services, request: Request) -> Reply:
    """List your schedules, the oldest first. There are at most 100, so this is one page."""
    found = await schedules.list_schedules(services, request.caller.person_id)
    return json_reply(ScheduleList([schedule_resource(schedule, version) for schedule, version in found], None))


@endpoint(
    "POST",
    "/v1/schedules",
    needs=(*_WRITE, "schedule: query put", "slug: put"),
    scope="schedules:write",
    shape=Shape(body=ScheduleInput, answer=ScheduleResource, status=201, problems=(INVALID, CONFLICT, TOO_LARGE)),
)
async def create_schedule(services: Services, request: Request) -> Reply:
    """Create a schedule. Needed is a `name`; the hours are those of an office unless told."""
    schedule, version = await schedules.create_schedule(services, request.caller.person_id, request.body)
    return json_reply(schedule_resource(schedule, version), version, 201, f"/v1/schedules/{schedule.id}")


@endpoint(
    "GET",
    "/v1/schedules/{scheduleId}",
    needs=("schedule: get",),
    scope="schedules:read",
    shape=Shape(answer=ScheduleResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_schedule(services: Services, request: Request) -> Reply:
    """Read a schedule."""
    owner, schedule_id = request.caller.person_id, request.parameters["scheduleId"]
    schedule, version = await schedules.read_schedule(services, owner, schedule_id)
    return read_reply(request, schedule_resource(schedule, version), version)


@endpoint(
    "PATCH",
    "/v1/schedules/{scheduleId}",
    needs=(*_WRITE, "schedule: get put", "slug: put delete"),
    scope="schedules:write",
    shape=Shape(
        body=ScheduleInput, answer=ScheduleResource, problems=(INVALID, NOT_FOUND, PRECONDITION_FAILED, CONFLICT)
    ),
)
async def update_schedule(services: Services, request: Request) -> Reply:
    """Change a schedule by a JSON merge patch. What is booked already stays as it is."""

    def change(schedule: Schedule, version: str) -> ScheduleInput:
        check_if_match(request.if_match, version)
        current: dict[str, Any] = msgspec.to_builtins(schedule_resource(schedule, version))
        return convert(apply_patch(current, request.body, SCHEDULE_READ_ONLY), ScheduleInput)

    owner, schedule_id = request.caller.person_id, request.parameters["scheduleId"]
    schedule, version = await schedules.update_schedule(services, owner, schedule_id, change)
    return json_reply(schedule_resource(schedule, version), version)


@endpoint(
    "DELETE",
    "/v1/schedules/{scheduleId}",
    needs=("schedule: get delete", "slug: delete", "head: get put", "log: put"),
    scope="schedules:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_schedule(services: Services, request: Request) -> Reply:
    """Delete a schedule and its public page. What was booked stays in your calendar, and guests can still cancel it."""
    await schedules.delete_schedule(
        services,
        request.caller.person_id,
        request.parameters["scheduleId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return NO_CONTENT


@endpoint(
    "GET",
    "/v1/schedules/{scheduleId}/slots",
    needs=("person: get", "schedule: get", "calendar: query", "time: query", "object: get", "booking: query"),
    scope="schedules:read",
    shape=Shape(query=SlotQuery, answer=SlotList, problems=(NOT_FOUND, TOO_LARGE)),
)
async def list_slots(services: Services, request: Request) -> Reply:
    """List free slots in a window of at most 366 days. Dates of the window are read in your zone."""
    query: SlotQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    schedule, _ = await schedules.read_schedule(services, owner, request.parameters["scheduleId"])
    window = read_window(query.from_, query.to, person.home) or Window(0, 0)
    question = f"{schedule.id}/{query.from_}/{query.to}/{query.minutes}/{query.explain}"
    after = Position(*read_cursor(query.cursor, question, tuple[int, int])) if query.cursor else None
    asked = SlotQuestion(window, query.minutes, query.explain, after)
    page = await list_slots_of(services, person, schedule, asked, query.limit)
    cursor = make_cursor(question, *page.next) if page.next else None
    return json_reply(SlotList([slot_resource(slot, schedule) for slot in page.items], cursor))
