"""Events and their occurrences."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from aurora_time.api import needs
from aurora_time.api.occurrences import change_this, delete_this, show_occurrence
from aurora_time.api.parameters import Cursor, Limit, When, patched, read_window, whole_times
from aurora_time.domain.component import Event
from aurora_time.domain.moment import Window
from aurora_time.domain.search import MAX_WORDS, words_of
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
    with_undo,
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
from aurora_time.operations import events, listing, searching
from aurora_time.operations.errors import InvalidError, NotFoundError
from aurora_time.operations.occurrences import Place
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EVENT_READ_ONLY, EventInput, EventResource, event_resource
from aurora_time.operations.services import Services

T = TypeVar("T")


Words = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="Words that all stand in the summary, description, location, categories or people of an event, "
        "whatever their case and their marks.",
    ),
]


class EventQuery(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"from_": "from", "calendar_id": "calendarId"},
):
    """With `from` and `to` what overlaps the window, by start; without, all events as they are stored. With `q` those
    only in which all its words stand.
    """

    from_: When | None = None
    to: When | None = None
    calendar_id: str | list[str] | None = None
    q: Words | None = None
    expand: bool = True
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class EventList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[EventResource]
    next_cursor: str | None


def _listed(items: list[bytes], cursor: str | None) -> Reply:
    return raw_json_reply(b'{"items":[%b],"nextCursor":%b}' % (b",".join(items), msgspec.json.encode(cursor)))


@endpoint(
    "GET",
    "/v1/events",
    needs=needs.LIST_EVENTS,
    scope="events:read",
    shape=Shape(query=EventQuery, answer=EventList),
)
async def list_events(services: Services, request: Request) -> Reply:
    """List events: the occurrences in a window (`expand=false`: the series themselves), or all that are stored.

    A search without a window tells what is to come by its next start, then what was, the latest first; a series stands
    there once. A page of a search may have fewer items than asked for; as long as there is a `nextCursor`, go on.
    """
    query: EventQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    window = read_window(query.from_, query.to, person.home)
    asked = [query.calendar_id] if isinstance(query.calendar_id, str) else query.calendar_id
    words = _words(query.q)
    asks = listing.Question(
        owner, window or Window(0, 0), person.home, None if asked is None else frozenset(asked), query.expand, words
    )
    cursor = _Cursor(query.cursor, f"{query.from_}/{query.to}/{sorted(asked or [])}/{query.expand}/{words}")
    if window is not None:
        return await _in_window(services, asks, query.limit, cursor)
    return await (_search if words else _all)(services, asks, query.limit, cursor)


def _words(query: str | None) -> tuple[str, ...]:
    words = words_of(query or "")
    if len(words) > MAX_WORDS or (query and not words):
        raise InvalidError("?q", f"Give 1 to {MAX_WORDS} words.")
    return words


class _Cursor(NamedTuple):
    """Where a listing goes on, if it does, and the question to which that belongs."""

    text: str | None
    question: str

    def read(self, type_: type[T]) -> T | None:
        return read_cursor(self.text, self.question, type_) if self.text else None

    def reply(self, items: list[bytes], *position: str | int) -> Reply:
        return _listed(items, make_cursor(self.question, *position) if position else None)


async def _in_window(services: Services, asks: listing.Question, limit: int, cursor: _Cursor) -> Reply:
    after = cursor.read(tuple[int, str])
    page = await listing.list_events(services, asks, limit, listing.Position(*after) if after else None)
    return cursor.reply(page.items, *(page.next or ()))


async def _all(services: Services, asks: listing.Question, limit: int, cursor: _Cursor) -> Reply:
    (behind,) = cursor.read(tuple[str]) or ("",)
    items, last = await listing.list_objects(services, asks, limit, behind)
    return cursor.reply(items, *([last] if last else []))


async def _search(services: Services, asks: listing.Question, limit: int, cursor: _Cursor) -> Reply:
    read = cursor.read(tuple[int, bool, int, str])
    place = searching.Place(read[0], listing.Position(*read[2:]), read[1]) if read else searching.Place(services.now)
    page = await searching.search_events(services, asks, limit, place)
    following = page.next
    if following is None or following.after is None:
        return cursor.reply(page.items)
    return cursor.reply(page.items, following.now, following.past, *following.after)


@endpoint(
    "POST",
    "/v1/events",
    needs=(*needs.WRITE_EVENT, "ledger: put"),
    scope="events:write",
    shape=Shape(
        body=EventInput,
        answer=EventResource,
        status=201,
        problems=(INVALID, CONFLICT, TOO_LARGE),
        undo=True,
    ),
)
async def create_event(services: Services, request: Request) -> Reply:
    """Create an event. Needed are `summary` and `start`; the rest has defaults."""
    written = await events.create_event(services, request.caller.person_id, request.body)
    reply = json_reply(written.resource, written.version, 201, f"/v1/events/{written.event.id}")
    return with_undo(reply, written.undo)


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
        place = Place.of(wanted)
        if place is None:
            raise
        return await show_occurrence(services, request, place)
    return read_reply(request, event_resource(event, version), version)


@endpoint(
    "PUT",
    "/v1/events/{eventId}",
    needs=needs.MOVE_EVENT,
    scope="events:write",
    shape=Shape(
        body=EventInput,
        answer=EventResource,
        problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, PRECONDITION_REQUIRED, TOO_LARGE),
        undo=True,
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
        body=EventInput,
        answer=EventResource,
        problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE),
        undo=True,
    ),
)
async def update_event(services: Services, request: Request) -> Reply:
    """Change an event by a JSON merge patch (RFC 7396): send what changes; null takes a field away.

    A `start` without an `end` moves the event: it lasts as many days on the clock, and hours and minutes, as before, in
    another zone too. From a time to a day or back, it lasts one day or one hour.

    Of a series all is changed. Moving its start moves its UNTIL, RDATEs and EXDATEs (lines that are sent anew are taken
    as they are) and what was changed of single occurrences. These take over what they did not change themselves, and
    are dropped where the recurrence gives no such occurrence any more. The id of a listed occurrence changes that one.
    """

    def change(event: Event, version: str) -> EventInput:
        check_if_match(request.if_match, version)
        current: dict[str, Any] = msgspec.to_builtins(event_resource(event, version))
        body = whole_times(request.body, "start", "end")
        return patched(apply_patch(current, body, EVENT_READ_ONLY), body)

    try:
        return await _update(services, request, change)
    except NotFoundError:
        place = Place.of(request.parameters["eventId"])
        if place is None:
            raise
        return await change_this(services, request, place)


async def _update(services: Services, request: Request, change: events.Change_) -> Reply:
    written = await events.update_event(services, request.caller.person_id, request.parameters["eventId"], change)
    return with_undo(json_reply(written.resource, written.version), written.undo)


@endpoint(
    "DELETE",
    "/v1/events/{eventId}",
    needs=needs.DELETE_OCCURRENCE,
    scope="events:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, TOO_LARGE), undo=True, leaves=True),
)
async def delete_event(services: Services, request: Request) -> Reply:
    """Delete an event and its reminders; for 30 days it can be restored. The id of a listed occurrence deletes that."""
    try:
        undo = await events.delete_event(
            services,
            request.caller.person_id,
            request.parameters["eventId"],
            lambda version: check_if_match(request.if_match, version),
        )
    except NotFoundError:
        place = Place.of(request.parameters["eventId"])
        if place is None:
            raise
        return await delete_this(services, request, place)
    return with_undo(NO_CONTENT, undo)
