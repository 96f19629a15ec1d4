"""The parts of a task: whose part a task may be, and what becomes of the parts when it is deleted.

They are deleted with it: by a job, since there may be more of them than one write holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aurora_time.operations.errors import InvalidError
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Check
from aurora_time.store import jobs, keys, taskindex
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored

DELETE_PARTS: Final = "delete-parts"
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


async def parts_too(services: Services, owner: str, stored: Stored) -> list[Change]:
    """What the deletion of a thing has to add, so that its parts go too: the start of a job, if it has any."""
    if stored.task is None:
        return []
    (items,) = await services.table.query(replace(taskindex.parts_of(owner, stored.task.id), limit=1))
    if not items:
        return []
    job = jobs.new_job(owner, services.ids.new(), DELETE_PARTS, stored.task.id, services.now)
    return jobs.start(owner, job, services.ids.new())
