"""Bookings of a schedule."""

from __future__ import annotations

import msgspec

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit, When, read_window
from aurora_time.domain.moment import DAY, Window
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import bookings
from aurora_time.operations.people import read_person
from aurora_time.operations.schedule_resources import BookingInput, BookingResource, booking_resource
from aurora_time.operations.services import Services

_AHEAD = 400 * DAY
"""Nothing can be booked further ahead."""


class BookingQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """What overlaps the window; without `from` and `to` all that is not over."""

    from_: When | None = None
    to: When | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class BookingList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[BookingResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/schedules/{scheduleId}/bookings",
    needs=("person: get", "schedule: get", "booking: query"),
    scope="schedules:read",
    shape=Shape(query=BookingQuery, answer=BookingList, problems=(NOT_FOUND,)),
)
async def list_bookings(services: Services, request: Request) -> Reply:
    """List the bookings of a schedule, by start."""
    query: BookingQuery = request.query
    owner, schedule_id = request.caller.person_id, request.parameters["scheduleId"]
    person, _ = await read_person(services, owner)
    now = services.now
    window = read_window(query.from_, query.to, person.home) or Window(now, now + _AHEAD)
    question = f"{schedule_id}/{query.from_}/{query.to}"
    (after,) = read_cursor(query.cursor, question, tuple[str]) if query.cursor else ("",)
    found, last = await bookings.list_bookings(services, owner, schedule_id, window, (query.limit, after))
    items = [booking_resource(booking, version) for booking, version in found]
    return json_reply(BookingList(items, make_cursor(question, last) if last else None))


@endpoint(
    "POST",
    "/v1/schedules/{scheduleId}/bookings",
    needs=(
        *(need for need in needs.WRITE_EVENT if need != "calendar: get check"),
        *needs.START_JOB,
        "schedule: get",
        "calendar: query",
        "time: query",
        "object: get",
        "ledger: put",
        "booking: query put",
        "bookingplace: put",
        "bookinglink: put",
        "strangers: get put",
    ),
    scope="schedules:write",
    shape=Shape(
        body=BookingInput, answer=BookingResource, status=201, problems=(INVALID, NOT_FOUND, CONFLICT, TOO_LARGE)
    ),
)
async def create_booking(services: Services, request: Request) -> Reply:
    """Book a free slot for a guest, who gets a mail. A slot is taken at most once; it becomes an event of yours."""
    owner, schedule_id = request.caller.person_id, request.parameters["scheduleId"]
    booked = await bookings.create_booking(services, owner, schedule_id, request.body)
    location = f"/v1/schedules/{schedule_id}/bookings/{booked.booking.id}"
    return json_reply(booking_resource(booked.booking, booked.version), booked.version, 201, location)


@endpoint(
    "GET",
    "/v1/schedules/{scheduleId}/bookings/{bookingId}",
    needs=("schedule: get", "bookingplace: get", "booking: get"),
    scope="schedules:read",
    shape=Shape(answer=BookingResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_booking(services: Services, request: Request) -> Reply:
    """Read a booking."""
    parameters = request.parameters
    booking, version = await bookings.read_booking(
        services, request.caller.person_id, parameters["scheduleId"], parameters["bookingId"]
    )
    return read_reply(request, booking_resource(booking, version), version)


@endpoint(
    "DELETE",
    "/v1/schedules/{scheduleId}/bookings/{bookingId}",
    needs=(
        *(need for need in needs.DELETE_EVENT if need != "calendar: get"),
        *needs.START_JOB,
        "schedule: get",
        "bookingplace: get delete",
        "booking: get delete",
        "bookinglink: delete",
    ),
    scope="schedules:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_booking(services: Services, request: Request) -> Reply:
    """Cancel a booking and delete its event. The guest gets a mail, unless it is over."""
    parameters = request.parameters
    await bookings.cancel_booking(
        services,
        request.caller.person_id,
        parameters["scheduleId"],
        parameters["bookingId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return NO_CONTENT
