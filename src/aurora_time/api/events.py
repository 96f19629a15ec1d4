"""Events and their occurrences."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

import msgspec

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit, When, read_window
from aurora_time.domain.component import Event
from aurora_time.domain.moment import MomentError, Window, parse_compact
from aurora_time.domain.series import occurrences_from, occurrences_in
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import (
    NO_CONTENT,
    Reply,
    Request,
    Shape,
    endpoint,
    json_reply,
    raw_json_reply,
    read_reply,
)
from aurora_time.http.merge_patch import apply_patch, convert, strip_read_only
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import (
    CONFLICT,
    INVALID,
    NOT_FOUND,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
    TOO_LARGE,
)
from aurora_time.operations import events, listing
from aurora_time.operations.errors import InvalidError, NotFoundError
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EVENT_READ_ONLY, EventInput, EventResource, event_resource
from aurora_time.operations.services import Services

MAX_OCCURRENCES: Final = listing.MAX_OCCURRENCES


class EventQuery(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"from_": "from", "calendar_id": "calendarId"},
):
    """With `from` and `to` what overlaps the window, by start; without, all events as they are stored."""

    from_: When | None = None
    to: When | None = None
    calendar_id: str | list[str] | None = None
    expand: bool = True
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class EventList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[EventResource]
    next_cursor: str | None


class OccurrenceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    from_: When
    to: When


def _listed(items: list[bytes], cursor: str | None) -> Reply:
    return raw_json_reply(b'{"items":[%b],"nextCursor":%b}' % (b",".join(items), msgspec.json.encode(cursor)))


@endpoint(
    "GET",
    "/v1/events",
    needs=needs.LIST_EVENTS,
    scope="events:read",
    shape=Shape(query=EventQuery, answer=EventList, problems=(INVALID,)),
)
async def list_events(services: Services, request: Request) -> Reply:
    """List events: the occurrences in a window (`expand=false`: the series themselves), or all that are stored."""
    query: EventQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    window = read_window(query.from_, query.to, person.home)
    asked = [query.calendar_id] if isinstance(query.calendar_id, str) else query.calendar_id
    question = f"{query.from_}/{query.to}/{sorted(asked or [])}/{query.expand}"
    asks = listing.Question(
        owner, window or Window(0, 0), person.home, None if asked is None else frozenset(asked), query.expand
    )
    if window is None:
        (behind,) = read_cursor(query.cursor, question, tuple[str]) if query.cursor else ("",)
        items, last = await listing.list_objects(services, asks, query.limit, behind)
        return _listed(items, make_cursor(question, last) if last else None)
    after = listing.Position(*read_cursor(query.cursor, question, tuple[int, str])) if query.cursor else None
    page = await listing.list_events(services, asks, query.limit, after)
    return _listed(page.items, make_cursor(question, *page.next) if page.next else None)


@endpoint(
    "POST",
    "/v1/events",
    needs=(*needs.WRITE_EVENT, "ledger: put"),
    scope="events:write",
    shape=Shape(body=EventInput, answer=EventResource, status=201, problems=(INVALID, CONFLICT, NOT_FOUND, TOO_LARGE)),
)
async def create_event(services: Services, request: Request) -> Reply:
    """Create an event. Needed are `summary` and `start`; the rest has defaults."""
    written = await events.create_event(services, request.caller.person_id, request.body)
    return json_reply(written.resource, written.version, 201, f"/v1/events/{written.event.id}")


@endpoint(
    "GET",
    "/v1/events/{eventId}",
    needs=("person: get", "object: get", "calendar: get"),
    scope="events:read",
    shape=Shape(answer=EventResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_event(services: Services, request: Request) -> Reply:
    """Read an event as it is stored: a series is one event. The `id` of a listed occurrence reads that occurrence."""
    owner, wanted = request.caller.person_id, request.parameters["eventId"]
    try:
        event, version = await events.read_event_by_id(services, owner, wanted)
    except NotFoundError:
        event_id, separator, recurrence_id = wanted.rpartition("_")
        if not separator:
            raise
        return await _occurrence(services, request, event_id, recurrence_id)
    return read_reply(request, event_resource(event, version), version)


async def _occurrence(services: Services, request: Request, event_id: str, recurrence_id: str) -> Reply:
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    event, version = await events.read_event_by_id(services, owner, event_id)
    try:
        wall, _is_date = parse_compact(recurrence_id)
    except MomentError:
        raise NotFoundError from None
    first = next(occurrences_from(event, wall, person.home), None)
    if first is None or first.recurrence_id != recurrence_id:
        raise NotFoundError
    return read_reply(request, event_resource(event, version, first), version)


@endpoint(
    "PUT",
    "/v1/events/{eventId}",
    needs=needs.MOVE_EVENT,
    scope="events:write",
    shape=Shape(
        body=EventInput,
        answer=EventResource,
        problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, PRECONDITION_REQUIRED, TOO_LARGE),
    ),
)
async def replace_event(services: Services, request: Request) -> Reply:
    """Replace an event; what is left out gets its default. If-Match is required."""

    def change(event: Event, version: str) -> EventInput:
        check_if_match(request.if_match, version, required=True)
        current: dict[str, Any] = msgspec.to_builtins(event_resource(event, version))
        return convert(strip_read_only(request.body, current, EVENT_READ_ONLY), EventInput)

    return await _update(services, request, change)


@endpoint(
    "PATCH",
    "/v1/events/{eventId}",
    needs=needs.MOVE_EVENT,
    scope="events:write",
    shape=Shape(
        body=EventInput, answer=EventResource, problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE)
    ),
)
async def update_event(services: Services, request: Request) -> Reply:
    """Change an event by a JSON merge patch (RFC 7396): send what changes; null takes a field away."""

    def change(event: Event, version: str) -> EventInput:
        check_if_match(request.if_match, version)
        current: dict[str, Any] = msgspec.to_builtins(event_resource(event, version))
        return convert(apply_patch(current, _whole_times(request.body), EVENT_READ_ONLY), EventInput)

    return await _update(services, request, change)


def _whole_times(patch: dict[str, Any]) -> dict[str, Any]:
    """A patch where `start` and `end` say which of their fields go: from a date to a time, and back."""
    gone = {"date": {"dateTime": None, "timeZone": None}, "dateTime": {"date": None}}
    result = dict(patch)
    for name in ("start", "end"):
        value = patch.get(name)
        if isinstance(value, dict):
            clears = next((gone[kind] for kind in gone if value.get(kind) is not None), {})
            result[name] = {**clears, **value}
    return result


async def _update(services: Services, request: Request, change: events.Change_) -> Reply:
    written = await events.update_event(services, request.caller.person_id, request.parameters["eventId"], change)
    return json_reply(written.resource, written.version)


@endpoint(
    "DELETE",
    "/v1/events/{eventId}",
    needs=needs.DELETE_EVENT,
    scope="events:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_event(services: Services, request: Request) -> Reply:
    """Delete an event and its reminders."""
    await events.delete_event(
        services,
        request.caller.person_id,
        request.parameters["eventId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return NO_CONTENT


@endpoint(
    "GET",
    "/v1/events/{eventId}/occurrences",
    needs=("person: get", "object: get", "calendar: get"),
    scope="events:read",
    shape=Shape(query=OccurrenceQuery, answer=EventList, problems=(NOT_FOUND,)),
)
async def list_occurrences(services: Services, request: Request) -> Reply:
    """List the occurrences of one event that overlap the window."""
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    event, version = await events.read_event_by_id(services, owner, request.parameters["eventId"])
    window = read_window(request.query.from_, request.query.to, person.home) or Window(0, 0)
    found = list(islice(occurrences_in(event, window, person.home), MAX_OCCURRENCES + 1))
    if len(found) > MAX_OCCURRENCES:
        raise InvalidError("?to", f"More than {MAX_OCCURRENCES} occurrences lie here. Ask for a shorter window.")
    return json_reply(EventList([event_resource(event, version, each) for each in found], None))


@endpoint(
    "GET",
    "/v1/events/{eventId}/occurrences/{recurrenceId}",
    needs=("person: get", "object: get", "calendar: get"),
    scope="events:read",
    shape=Shape(answer=EventResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_occurrence(services: Services, request: Request) -> Reply:
    """Read one occurrence by its original local start, like `20261123T090000` (a date for all-day events)."""
    return await _occurrence(services, request, request.parameters["eventId"], request.parameters["recurrenceId"])
