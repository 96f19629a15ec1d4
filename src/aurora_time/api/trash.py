"""The trash, where what was deleted is kept for 30 days, and undoing."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from aurora_time.api import needs
from aurora_time.api.jobs import JobResource, job_reply
from aurora_time.api.parameters import Cursor, Limit
from aurora_time.domain.component import Event, Task
from aurora_time.domain.moment import print_instant
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import Caller, Reply, Request, Shape, endpoint, json_reply, with_undo
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import (
    ANSWER_NOT_KEPT,
    CONFLICT,
    FORBIDDEN_SCOPE,
    NOT_FOUND,
    PRECONDITION_FAILED,
    TOO_LARGE,
    Problem,
)
from aurora_time.operations import calendar_trash, trash, undoing
from aurora_time.operations.kinds import EventItem, TaskItem, event_item, task_item
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import (
    CalendarResource,
    EventResource,
    Id,
    calendar_resource,
    event_resource,
)
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TaskResource, task_resource
from aurora_time.store.jobs import Job
from aurora_time.store.trash import Kind, Trashed

_READ: Final[dict[Kind, str]] = {"event": "events:read", "task": "tasks:read", "calendar": "calendars:read"}
_TASKS: Final = "tasks:write"


class TrashQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The newest first. With `deletedWith`, the id of a deleted calendar or task, what was deleted along with it: what
    was in the calendar, or the parts of the task.
    """

    deleted_with: Id | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class TrashItem(msgspec.Struct, frozen=True, rename="camel"):
    """Something deleted, under the name of its `kind`; from `expires` on it is gone for good. `deletedWith` is the
    calendar or task that it went along with; `job` is bringing a calendar back.
    """

    kind: Literal["event", "task", "calendar"]
    id: str
    deleted: str
    expires: str
    deleted_with: str | None
    job: str | None
    event: EventResource | None
    task: TaskResource | None
    calendar: CalendarResource | None


class TrashList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[TrashItem]
    next_cursor: str | None


class UndoInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` is the `Undo-Token` that the answer to a write had."""

    token: Annotated[str, Meta(min_length=1, max_length=300)]


class Undone(msgspec.Struct, frozen=True, rename="camel"):
    """The events and tasks as they are again, told apart by `kind`; none where the write had made them."""

    items: list[EventItem | TaskItem]


def _item(trashed: Trashed, version: str) -> TrashItem:
    return TrashItem(
        trashed.kind,
        trashed.thing.id,
        print_instant(trashed.deleted),
        print_instant(trashed.bin.expires),
        trashed.whole or None,
        trashed.job or None,
        event_resource(trashed.own, version) if trashed.own else None,
        task_resource(trashed.task, version) if trashed.task else None,
        calendar_resource(trashed.calendar, version, "") if trashed.calendar else None,
    )


@endpoint(
    "GET",
    "/v1/trash",
    needs=("trash: get query",),
    scope="events:read",
    shape=Shape(query=TrashQuery, answer=TrashList),
)
async def list_trash(services: Services, request: Request) -> Reply:
    """List what was deleted in the last 30 days, the newest first.

    A deleted calendar stands there once, as does a task with its parts; ask for `deletedWith` to see what went along.
    Each can be restored by itself, too. Tasks and calendars are shown to tokens with the scopes to read them; so a page
    may have fewer items than asked for: as long as there is a `nextCursor`, go on.
    """
    query: TrashQuery = request.query
    owner, whole = request.caller.person_id, query.deleted_with
    question = f"trash/{whole or ''}"
    (behind,) = read_cursor(query.cursor, question, tuple[str]) if query.cursor else ("",)
    found, last = await trash.list_trash(services, owner, query.limit, behind, whole)
    items = [_item(each, version) for each, version in found if _READ[each.kind] in request.caller.scopes]
    return json_reply(TrashList(items, make_cursor(question, last) if last else None))


@endpoint(
    "POST",
    "/v1/events/{eventId}/restore",
    needs=needs.RESTORE_EVENT,
    scope="events:write",
    shape=Shape(answer=EventResource, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, TOO_LARGE), undo=True),
)
async def restore_event(services: Services, request: Request) -> Reply:
    """Restore a deleted event, or by the id of a listed occurrence one that was deleted from its series.

    Its calendar gets it back, or your first one where that is gone. Reminders that were due meanwhile are not sent, but
    shown as suppressed. What is there already is answered as it is.
    """
    written = await trash.restore_event(
        services,
        request.caller.person_id,
        request.parameters["eventId"],
        lambda version: check_if_match(request.if_match, version),
    )
    reply = json_reply(written.resource, written.version)
    return with_undo(reply, written.undo) if written.undo else reply


@endpoint(
    "POST",
    "/v1/tasks/{taskId}/restore",
    needs=needs.RESTORE_TASK,
    scope="tasks:write",
    shape=Shape(answer=TaskResource, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, TOO_LARGE), undo=True),
)
async def restore_task(services: Services, request: Request) -> Reply:
    """Restore a deleted task, and within moments all its parts that were deleted with it.

    Where what it was a part of is gone, it is a part of nothing; all else is as with an event.
    """
    written = await trash.restore_task(
        services,
        request.caller.person_id,
        request.parameters["taskId"],
        lambda version: check_if_match(request.if_match, version),
    )
    reply = json_reply(written.resource, written.version)
    return with_undo(reply, written.undo) if written.undo else reply


@endpoint(
    "POST",
    "/v1/calendars/{calendarId}/restore",
    needs=needs.RESTORE_CALENDAR,
    scope="calendars:write",
    shape=Shape(
        answer=CalendarResource,
        accepted=JobResource,
        problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED, TOO_LARGE),
    ),
)
async def restore_calendar(services: Services, request: Request) -> Reply:
    """Restore a deleted calendar with all that was deleted with it.

    It is there again at once, under its id, or as soon as it has been cleared away where that is still going on; a job
    brings back what was in it. Reminders that were due meanwhile are not sent, but shown as suppressed. What has its
    `uid` taken by then stays in the trash by itself, and the job's report names it. A calendar that is all there is
    answered as it is.
    """
    owner = request.caller.person_id
    found, version = await calendar_trash.restore_calendar(
        services,
        owner,
        request.parameters["calendarId"],
        lambda version: check_if_match(request.if_match, version),
    )
    if isinstance(found, Job):
        return job_reply(found, version)
    person, _ = await read_person(services, owner)
    return json_reply(calendar_resource(found, version, person.first_calendar), version)


@endpoint(
    "POST",
    "/v1/undo",
    needs=needs.UNDO,
    scope="events:write",
    shape=Shape(body=UndoInput, answer=Undone, problems=(NOT_FOUND, CONFLICT, ANSWER_NOT_KEPT, TOO_LARGE), undo=True),
)
async def undo(services: Services, request: Request) -> Reply:
    """Undo a write of events or tasks by its `Undo-Token`: within ten minutes, and while nothing of it has changed.

    What the write made is gone as if it had never been, and is not in the trash. The answer's own token undoes the
    undo. For tasks the scope `tasks:write` is needed too. A token of nothing that is yours is a 404; one that can no
    longer be undone a 409.
    """
    done = await undoing.undo(services, request.caller.person_id, request.body.token, _allows(request.caller))
    items = [task_item(each) if isinstance(each, TaskResource) else event_item(each) for each in done.resources]
    return with_undo(json_reply(Undone(items)), done.token)


def _allows(caller: Caller) -> undoing.Allow:
    def allow(thing: Event | Task) -> None:
        if isinstance(thing, Task) and _TASKS not in caller.scopes:
            raise Problem(FORBIDDEN_SCOPE, f"To undo a write of tasks needs the scope `{_TASKS}` too.")

    return allow
