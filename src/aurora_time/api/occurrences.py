"""Single occurrences of a series, and "this and following"."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final, Literal

import msgspec

from aurora_time.api import needs
from aurora_time.api.parameters import When, patched, read_window, whole_times
from aurora_time.domain.component import Event
from aurora_time.domain.moment import Window
from aurora_time.domain.series import occurrences_in
from aurora_time.http.conditional import check_if_match, etag
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply, read_reply, with_undo
from aurora_time.http.merge_patch import apply_patch
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE, invalid
from aurora_time.operations import events, listing, occurrences
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.occurrences import Deleted, Found, Place
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EVENT_READ_ONLY, EventInput, EventResource, event_resource
from aurora_time.operations.services import Services

MAX_OCCURRENCES: Final = listing.MAX_OCCURRENCES
_NAMES: Final = EVENT_READ_ONLY | {"eventId", "recurrenceId"}
_OF_SERIES: Final = ("recurrence", "uid", "calendarId")
"""What a single occurrence has from its series and cannot have otherwise."""
_TIMES: Final = ("start", "end")


class OccurrenceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    from_: When
    to: When


class ScopeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`this`: this occurrence alone. `following`: this one and all that come after it."""

    scope: Literal["this", "following"] = "this"


class OccurrenceList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[EventResource]
    next_cursor: None


class Halves(msgspec.Struct, frozen=True, rename="camel"):
    """What became of a series: what comes before stays `series`, what follows is `newSeries`.

    From the first occurrence on all of the `series` is changed, and there is no `newSeries`.
    """

    series: EventResource
    new_series: EventResource | None


def place_of(request: Request) -> Place:
    return Place(request.parameters["eventId"], request.parameters["recurrenceId"])


@endpoint(
    "GET",
    "/v1/events/{eventId}/occurrences",
    needs=("person: get", "object: get", "calendar: get"),
    scope="events:read",
    shape=Shape(query=OccurrenceQuery, answer=OccurrenceList, problems=(NOT_FOUND,)),
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
    return json_reply(OccurrenceList([event_resource(event, version, each) for each in found], None))


@endpoint(
    "GET",
    "/v1/events/{eventId}/occurrences/{recurrenceId}",
    needs=("person: get", "object: get", "calendar: get"),
    scope="events:read",
    shape=Shape(answer=EventResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_occurrence(services: Services, request: Request) -> Reply:
    """Read one occurrence by its original local start, like `20261123T090000` (a date for all-day events)."""
    return await show_occurrence(services, request, place_of(request))


async def show_occurrence(services: Services, request: Request, place: Place) -> Reply:
    """The answer of a GET of one occurrence."""
    found = await occurrences.read_occurrence(services, request.caller.person_id, place)
    return read_reply(request, found.resource, found.version)


@endpoint(
    "PATCH",
    "/v1/events/{eventId}/occurrences/{recurrenceId}",
    needs=needs.MOVE_EVENT,
    scope="events:write",
    shape=Shape(
        body=EventInput,
        query=ScopeQuery,
        answer=EventResource | Halves,
        problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE),
        undo=True,
    ),
)
async def update_occurrence(services: Services, request: Request) -> Reply:
    """Change one occurrence, or this and all that follow. A JSON merge patch of the occurrence as GET shows it.

    `scope=this` answers the occurrence; what is set back to what the series says is no change any more.
    `scope=following` divides the series in one write and answers `series` and `newSeries`: dates, overrides and
    reminders go to their side, COUNT is divided, and what is not in the patch the new series has from the old one. What
    is in it holds for this occurrence too, also where it was changed by itself before; a new `start` or `end` brings
    both. A `start` without an `end` keeps the length, as with an event.
    """
    if request.query.scope == "this":
        return await change_this(services, request, place_of(request))
    body = whole_times(request.body, *_TIMES)

    def change(found: Found, after: Event) -> tuple[EventInput, frozenset[str]]:
        check_if_match(request.if_match, found.version)
        shown = _json(found.resource)
        wanted = apply_patch(shown, body, _NAMES)
        changed = {name for name in shown.keys() - _NAMES if wanted.get(name) != shown[name]}
        if changed & {*_TIMES}:
            changed |= {*_TIMES}  # a start and an end are one time: that of all is what this occurrence gets
        begun = _json(event_resource(after, found.version))
        merged = {name: wanted.get(name) if name in changed else begun[name] for name in shown.keys() - _NAMES}
        given = {name: value for name, value in merged.items() if value is not None}
        return patched(given, body if "start" in changed else {}), frozenset(changed)

    halves = await occurrences.change_following(services, request.caller.person_id, place_of(request), change)
    answer = Halves(halves.series.resource, halves.new.resource if halves.new else None)
    return with_undo(json_reply(answer, halves.series.version), halves.series.undo)


def _json(resource: EventResource) -> dict[str, Any]:
    """A resource as a client read it."""
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(resource))
    return read


async def change_this(services: Services, request: Request, place: Place) -> Reply:
    """The answer of a PATCH of one occurrence alone."""
    body = whole_times(request.body, *_TIMES)

    def change(found: Found) -> EventInput:
        check_if_match(request.if_match, found.version)
        shown = _json(found.resource)
        wanted = apply_patch(shown, body, _NAMES)
        for name in _OF_SERIES:
            if wanted.pop(name, None) != shown[name]:
                detail = f"An occurrence has its `{name}` from its series. Change that, or this and all that follow."
                raise invalid(f"/{name}", detail)
        return patched(wanted, body)

    written = await occurrences.change_occurrence(services, request.caller.person_id, place, change)
    return with_undo(json_reply(written.resource, written.version), written.undo)


@endpoint(
    "DELETE",
    "/v1/events/{eventId}/occurrences/{recurrenceId}",
    needs=needs.DELETE_OCCURRENCE,
    scope="events:write",
    shape=Shape(
        query=ScopeQuery,
        status=204,
        problems=(INVALID, NOT_FOUND, CONFLICT, PRECONDITION_FAILED, TOO_LARGE),
        undo=True,
        leaves=True,
    ),
)
async def delete_occurrence(services: Services, request: Request) -> Reply:
    """Delete one occurrence, or this and all that follow. With the last one its series goes into the trash.

    As long as something of the series is left, the ETag of the answer is that of the series as it is then.
    """
    if request.query.scope == "this":
        return await delete_this(services, request, place_of(request))
    deleted = await occurrences.delete_following(
        services,
        request.caller.person_id,
        place_of(request),
        lambda version: check_if_match(request.if_match, version),
    )
    return _left(deleted)


async def delete_this(services: Services, request: Request, place: Place) -> Reply:
    """The answer of a DELETE of one occurrence alone."""
    deleted = await occurrences.delete_occurrence(
        services, request.caller.person_id, place, lambda version: check_if_match(request.if_match, version)
    )
    return _left(deleted)


def _left(deleted: Deleted) -> Reply:
    version = deleted.version
    return with_undo(Reply(204, headers={} if version is None else {"etag": etag(version)}), deleted.undo)
