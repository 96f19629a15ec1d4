"""The parts of a task: whose part a task may be, and that they follow it into the trash and back.

There may be more of them than one write holds, so a job does it, of which there is one a task: see part_jobs.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from aurora_time.domain.component import Event, Task
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.services import Services
from aurora_time.operations.writing import WHOLE, About, Step, write_steps
from aurora_time.ports import Change, Check, ConflictError
from aurora_time.store import jobs, keys, taskindex, trash
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Old, Stored
from aurora_time.store.people import Person

FOLLOW: Final = "follow-task"
"""The kind of the job; behind the task's id its argument may say LATE."""
LATE: Final = "late"
"""A deletion was undone: what was due meanwhile rings after all."""
MAX_LEVELS: Final = 8
"""How many tasks may stand above a part."""


async def parent_checks(services: Services, owner: str, task_id: str, parent_id: str) -> list[Change]:
    """That a task may become a part of another, and that nothing above that changes until it does.

    Raises InvalidError for a parent that is not there, for a circle, and for too many levels.
    """
    checks: list[Change] = []
    above: str | None = parent_id
    while above is not None:
        if above == task_id:
            raise InvalidError("/parentId", "A task is no part of itself, nor of its own parts. Choose another.")
        if len(checks) == MAX_LEVELS:
            raise InvalidError("/parentId", f"At most {MAX_LEVELS} tasks stand above a part. Choose one further up.")
        (item,) = await services.table.get(keys.object_(owner, above))
        task = decode(item.body, Stored).task if item else None
        if item is None or task is None or not await _is_there(services, owner, task.calendar_id):
            if checks:
                return checks  # what was above is gone
            raise InvalidError("/parentId", "There is no task with this id here. GET /v1/tasks lists yours.")
        checks.append(Check(item.key, item.version))
        above = task.parent_id
    return checks


async def _is_there(services: Services, owner: str, calendar_id: str) -> bool:
    (item,) = await services.table.get(keys.calendar(owner, calendar_id))
    return item is not None and not decode(item.body, Calendar).deleted


async def has_parts(services: Services, owner: str, task_id: str) -> bool:
    """Whether it has parts, here or in the trash."""
    here, kept = await services.table.query(
        replace(taskindex.parts_of(owner, task_id), limit=1), trash.of_whole(owner, task_id, "", 1)
    )
    return bool(here or kept)


async def parts_follow(services: Services, owner: str, thing: Event | Task | None, how: str = "") -> list[Change]:
    """What a write that deletes a task, or brings it back, has to add so that its parts follow; nothing without any."""
    if not isinstance(thing, Task):
        return []
    job_id = f"{FOLLOW}-{thing.id}"
    (item,) = await services.table.get(keys.job(owner, job_id))
    if item is None and not await has_parts(services, owner, thing.id):
        return []
    job = jobs.new_job(owner, job_id, FOLLOW, f"{thing.id} {how}".rstrip(), services.now)
    return jobs.begin_anew(owner, job, item, services.ids.new())


async def delete_with_parts(
    services: Services, person: Person, step: Step, checks: Sequence[Change], about: About = WHOLE
) -> str:
    """Write a step that deletes something; if it is a task, its parts follow. Answers the version."""
    thing = step.old.stored.component if isinstance(step.old, Old) else None
    follow = await parts_follow(services, person.id, thing)
    version, _ = await write_steps(services, person, [step], [*checks, *follow], about)
    # Who made a part meanwhile saw the task still there; who makes one from now on does not.
    late = [] if follow else await parts_follow(services, person.id, thing)
    if late:
        with suppress(ConflictError):  # somebody else has just started the job
            await services.table.write(*late)
        services.nudge(services.now)
    return version
