"""Tasks."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit, When, read_window, whole_times
from aurora_time.domain.component import Task
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
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import task_listing, tasks
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import Id
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TASK_READ_ONLY, TaskInput, TaskResource, task_resource


class TaskQuery(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"from_": "from", "calendar_id": "calendarId", "parent_id": "parentId"},
):
    """With `from` and `to` what is due in the window; open tasks by their due time, then the done ones."""

    from_: When | None = None
    to: When | None = None
    completed: bool | None = None
    calendar_id: str | list[str] | None = None
    parent_id: Id | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class TaskList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[TaskResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/tasks",
    needs=needs.LIST_TASKS,
    scope="tasks:read",
    shape=Shape(query=TaskQuery, answer=TaskList),
)
async def list_tasks(services: Services, request: Request) -> Reply:
    """List tasks: the open ones by when they are due, then those never due, then the done ones."""
    query: TaskQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    asked = [query.calendar_id] if isinstance(query.calendar_id, str) else query.calendar_id
    question = f"{query.from_}/{query.to}/{query.completed}/{sorted(asked or [])}/{query.parent_id}"
    window = read_window(query.from_, query.to, person.home)
    calendars = None if asked is None else frozenset(asked)
    asks = task_listing.TaskQuestion(owner, person.home, window, query.completed, calendars, query.parent_id)
    (behind,) = read_cursor(query.cursor, question, tuple[str]) if query.cursor else ("",)
    items, last = await task_listing.list_tasks(services, asks, query.limit, behind)
    cursor = msgspec.json.encode(make_cursor(question, last) if last else None)
    return raw_json_reply(b'{"items":[%b],"nextCursor":%b}' % (b",".join(items), cursor))


@endpoint(
    "POST",
    "/v1/tasks",
    needs=needs.CREATE_TASK,
    scope="tasks:write",
    shape=Shape(body=TaskInput, answer=TaskResource, status=201, problems=(INVALID, CONFLICT, TOO_LARGE), undo=True),
)
async def create_task(services: Services, request: Request) -> Reply:
    """Create a task. Only `summary` is needed; with a `parentId` it is a part of that task."""
    written = await tasks.create_task(services, request.caller.person_id, request.body)
    reply = json_reply(written.resource, written.version, 201, f"/v1/tasks/{written.task.id}")
    return with_undo(reply, written.undo)


@endpoint(
    "GET",
    "/v1/tasks/{taskId}",
    needs=("object: get", "calendar: get"),
    scope="tasks:read",
    shape=Shape(answer=TaskResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_task(services: Services, request: Request) -> Reply:
    """Read a task."""
    task, version = await tasks.read_task_by_id(services, request.caller.person_id, request.parameters["taskId"])
    return read_reply(request, task_resource(task, version), version)


@endpoint(
    "PATCH",
    "/v1/tasks/{taskId}",
    needs=needs.UPDATE_TASK,
    scope="tasks:write",
    shape=Shape(
        body=TaskInput,
        answer=TaskResource,
        problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE),
        undo=True,
    ),
)
async def update_task(services: Services, request: Request) -> Reply:
    """Change a task by a JSON merge patch. To finish it send `completed`, or `status` COMPLETED, or `percent` 100; null
    opens it again. A finished task that recurs moves on to its next time, which is what the answer shows; what was done
    stays in the list as a task with `seriesId`. A `due` without a `start` leaves the start as it is, unless that would
    come after it or be of another kind: then it keeps its distance.
    """

    def change(task: Task, version: str) -> TaskInput:
        check_if_match(request.if_match, version)
        current: dict[str, Any] = msgspec.to_builtins(task_resource(task, version))
        patch = whole_times(request.body, "due", "start")
        body = convert(apply_patch(current, patch, TASK_READ_ONLY), TaskInput)
        return replace(body, start=UNSET) if "due" in patch and "start" not in patch else body

    written = await tasks.update_task(services, request.caller.person_id, request.parameters["taskId"], change)
    return with_undo(json_reply(written.resource, written.version), written.undo)


@endpoint(
    "DELETE",
    "/v1/tasks/{taskId}",
    needs=needs.DELETE_TASK,
    scope="tasks:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED), undo=True),
)
async def delete_task(services: Services, request: Request) -> Reply:
    """Delete a task with its reminders and, within moments, all its parts; for 30 days it can be restored with them."""
    undo = await tasks.delete_task(
        services,
        request.caller.person_id,
        request.parameters["taskId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return with_undo(NO_CONTENT, undo)
