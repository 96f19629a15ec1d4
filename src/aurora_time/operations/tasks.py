"""Tasks: create, read, change, finish and delete, each in one write with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from aurora_time.domain.component import Task
from aurora_time.domain.moment import Zone
from aurora_time.domain.tasks import anchor, moved_on
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.drafts import Fresh
from aurora_time.operations.errors import NotFoundError
from aurora_time.operations.events import calendar_checks
from aurora_time.operations.people import read_person
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.operations.task_parts import delete_with_parts, parent_checks
from aurora_time.operations.task_resources import TaskInput, TaskResource, read_task
from aurora_time.operations.writing import Step, load_object, undo_token, write_steps
from aurora_time.ports import Change
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Old, Stored
from aurora_time.store.people import Person

Change_ = Callable[[Task, str], TaskInput]
"""From a task and its version to what shall be instead; may raise, and then nothing is changed."""


@dataclass(frozen=True, slots=True)
class WrittenTask:
    """A task as it now is, and as the API shows it. With ``undo`` the write can be undone for ten minutes."""

    task: Task
    version: str
    resource: TaskResource
    undo: str


async def _load(services: Services, owner: str, task_id: str) -> tuple[Old, Task]:
    """A task with all that a write of it needs. Raises NotFoundError, also while its calendar is being deleted."""
    old = await load_object(services, owner, task_id)
    if old.stored.task is None:
        raise NotFoundError
    await read_calendar(services, owner, old.stored.task.calendar_id)
    return old, old.stored.task


async def read_task_by_id(services: Services, owner: str, task_id: str) -> tuple[Task, str]:
    """The task and its version. Raises NotFoundError, also while its calendar is being deleted."""
    (item,) = await services.table.get(keys.object_(owner, task_id))
    task = decode(item.body, Stored).task if item else None
    if item is None or task is None:
        raise NotFoundError
    await read_calendar(services, owner, task.calendar_id)
    return task, item.version


async def create_task(services: Services, owner: str, body: TaskInput) -> WrittenTask:
    """Make a task. Raises InvalidError, TooLargeError, ClashError for the UID."""
    person, _ = await read_person(services, owner)
    task_id = services.ids.new()
    fresh = Fresh(task_id, f"{task_id}@aurora-time", services.now, person.home, person.first_calendar)
    task = read_task(body, fresh)

    async def attempt() -> WrittenTask:
        checks = await _checks(services, person, task, None)
        return await write_task(services, person, [Step(None, task)], checks)

    return await until_done(attempt)


async def _checks(services: Services, person: Person, task: Task, before: Task | None) -> list[Change]:
    stays = (
        before is not None and before.calendar_id == task.calendar_id
    )  # then nothing has to be checked: see events.py
    checks = [] if stays else await calendar_checks(services, person, task.calendar_id)
    if task.parent_id is not None and (before is None or before.parent_id != task.parent_id):
        checks += await parent_checks(services, person.id, task.id, task.parent_id)
    return checks


async def update_task(services: Services, owner: str, task_id: str, change: Change_) -> WrittenTask:
    """Change a task; to finish one of a series moves the series on. ``change`` is asked again when it was changed."""
    person, _ = await read_person(services, owner)

    async def attempt() -> WrittenTask:
        old, before = await _load(services, owner, task_id)
        fresh = Fresh(task_id, before.uid, services.now, person.home, before.calendar_id)
        task = read_task(change(before, old.version), fresh, before)
        checks = await _checks(services, person, task, before)
        is_finished = task.status == "COMPLETED" != before.status
        steps = _one_done(services, old, task, person.home) if is_finished else [Step(old, task)]
        return await write_task(services, person, steps, checks)

    return await until_done(attempt)


def _one_done(services: Services, old: Old, task: Task, home: Zone) -> list[Step]:
    """A task that was finished: of a series the one that is done, and the series at its next time."""
    series = moved_on(task, home)
    if series is None:
        return [Step(old, task)]
    done_id = services.ids.new()
    done = replace(
        task,
        id=done_id,
        uid=f"{done_id}@aurora-time",
        created=task.updated,
        recurrence=(),
        series_id=task.id,
        recurrence_id=anchor(task),
        sequence=0,
    )
    return [Step(old, series), Step(None, done)]


async def delete_task(
    services: Services, owner: str, task_id: str, check: Callable[[str], None] = lambda _: None
) -> str:
    """Put a task into the trash, with its reminders and its parts; answers how to undo it.

    ``check`` sees the version, and may raise. Raises NotFoundError.
    """
    person, _ = await read_person(services, owner)

    async def attempt() -> str:
        old, _task = await _load(services, owner, task_id)
        check(old.version)
        version = await delete_with_parts(services, person, Step(old, None), [])
        return undo_token(task_id, version)

    return await until_done(attempt)


async def write_task(
    services: Services, person: Person, steps: Sequence[Step], checks: Sequence[Change]
) -> WrittenTask:
    """Write a task, which is of the first step, and what comes with it. Raises ChangedError, ClashError."""
    version, (resource, *_) = await write_steps(services, person, steps, checks)
    task = steps[0].new
    if not isinstance(task, Task) or not isinstance(resource, TaskResource):
        raise NotFoundError
    return WrittenTask(task, version, resource, undo_token(task.id, version))
