"""The trash, where deleted events are kept for 30 days, and undoing."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit
from aurora_time.domain.moment import print_instant
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply, with_undo
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import ANSWER_NOT_KEPT, CONFLICT, NOT_FOUND, TOO_LARGE
from aurora_time.operations import trash
from aurora_time.operations.representation import EventResource, event_resource
from aurora_time.operations.services import Services


class TrashQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest first."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class TrashedEvent(msgspec.Struct, frozen=True, rename="camel"):
    """A deleted event; from `expires` on it is gone for good."""

    id: str
    deleted: str
    expires: str
    event: EventResource


class TrashList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[TrashedEvent]
    next_cursor: str | None


class UndoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` is the `Undo-Token` that the answer to a write had."""

    token: Annotated[str, Meta(min_length=1, max_length=300)]


class Undone(msgspec.Struct, frozen=True, rename="camel"):
    """The events as they are again; none where the write had made them."""

    items: list[EventResource]


@endpoint(
    "GET",
    "/v1/trash",
    needs=("trash: get query",),
    scope="events:read",
    shape=Shape(query=TrashQuery, answer=TrashList),
)
async def list_trash(services: Services, request: Request) -> Reply:
    """List what was deleted in the last 30 days, the newest first."""
    query: TrashQuery = request.query
    (behind,) = read_cursor(query.cursor, "trash", tuple[str]) if query.cursor else ("",)
    found, last = await trash.list_trash(services, request.caller.person_id, query.limit, behind)
    items = [
        TrashedEvent(
            each.event.id,
            print_instant(each.deleted),
            print_instant(each.expires),
            event_resource(each.event, version),
        )
        for each, version in found
    ]
    return json_reply(TrashList(items, make_cursor("trash", last) if last else None))


@endpoint(
    "POST",
    "/v1/events/{eventId}/restore",
    needs=needs.RESTORE_EVENT,
    scope="events:write",
    shape=Shape(answer=EventResource, problems=(NOT_FOUND, CONFLICT, TOO_LARGE), undo=True),
)
async def restore_event(services: Services, request: Request) -> Reply:
    """Restore a deleted event, or by the id of a listed occurrence one that was deleted from its series.

    Its calendar gets it back, or your first one where that is gone. Reminders that were due meanwhile are not sent, but
    shown as suppressed. What is there already is answered as it is.
    """
    written = await trash.restore_event(services, request.caller.person_id, request.parameters["eventId"])
    reply = json_reply(written.resource, written.version)
    return with_undo(reply, written.undo) if written.undo else reply


@endpoint(
    "POST",
    "/v1/undo",
    needs=needs.UNDO,
    scope="events:write",
    shape=Shape(body=UndoInput, answer=Undone, problems=(CONFLICT, ANSWER_NOT_KEPT, TOO_LARGE), undo=True),
)
async def undo(services: Services, request: Request) -> Reply:
    """Undo a write of events by its `Undo-Token`: within ten minutes, and while nothing of it was changed since."""
    written = await trash.undo(services, request.caller.person_id, request.body.token)
    reply = json_reply(Undone([each.resource for each in written]))
    return with_undo(reply, written[0].undo) if written else reply
