"""The job that lets the parts of a task follow it: into the trash when it is deleted, and back when it is restored.

There is one for each task, and it goes by how the task is just now. So it does not matter which came last, or what was
half done: whoever deletes or restores the task lets the job begin anew, and it ends only upon what it has seen.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from aurora_time.domain.component import Event, Task
from aurora_time.operations.along import PAGE, Seen, bring, leave, settle, throw
from aurora_time.operations.errors import TooLargeError
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Check, Item
from aurora_time.store import keys, taskindex
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job, Step
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person, Pointer
from aurora_time.store.trash import Bin, Trashed, of_whole

_SETTLED: Final = "settled"
"""The cursor behind the last of what lay in the trash already."""
_PAUSE: Final = 2
"""Seconds to wait for the task itself, where its calendar is being cleared away."""


async def page(services: Services, owner: str, job: Job) -> Step:
    """Let some parts follow."""
    task_id, _, how = job.argument.partition(" ")
    object_, item, profile = await services.table.get(
        keys.object_(owner, task_id), keys.trash(owner, task_id), keys.person(owner)
    )
    if profile is None:
        return Step(None)
    person = decode(profile.body, Person)
    task = decode(object_.body, Stored).task if object_ else None
    if object_ is None or task is None:
        return await _away(services, person, task_id, item, job.cursor)
    (calendar,) = await services.table.get(keys.calendar(owner, task.calendar_id))
    if calendar is None:
        return Step(None)
    if decode(calendar.body, Calendar).deleted:
        return Step("", pause=_PAUSE)
    seen = Check(object_.key, object_.version), Check(calendar.key, calendar.version)
    return await _back(services, person, task_id, seen, how)


async def _back(services: Services, person: Person, task_id: str, seen: Seen, how: str) -> Step:
    (items,) = await services.table.query(of_whole(person.id, task_id, "", PAGE))
    if not items:
        return Step(None, checks=seen)

    async def one(part_id: str) -> None:
        try:
            await bring(services, person, part_id, seen, how)
        except TooLargeError as error:
            await leave(services, person.id, part_id, str(error))

    await asyncio.gather(*(one(decode(item.body, Pointer).id) for item in items))
    return Step("", len(items))


async def _away(services: Services, person: Person, task_id: str, item: Item | None, cursor: str) -> Step:
    """After a task that is in the trash; parts of one that is nowhere go there by themselves."""
    whole = decode(item.body, Trashed) if item else None
    if whole is not None and cursor != _SETTLED:
        following = await settle(services, person.id, whole, cursor)
        if following is not None:
            return Step(following)
    seen = (Check(keys.object_(person.id, task_id), ABSENT),)
    (items,) = await services.table.query(replace(taskindex.parts_of(person.id, task_id), limit=PAGE))
    if not items:
        return Step(None, checks=seen)

    async def where(part: Event | Task) -> Bin | None:
        if not isinstance(part, Task) or part.parent_id != task_id:
            return None
        if whole is None:
            return Bin(services.now)
        # Of a calendar that was deleted with both, the part was as silent as the task.
        return Bin(whole.deleted, task_id, whole.quiet if whole.whole == part.calendar_id else None)

    parts = (taskindex.task_id(each.key.sort) for each in items)
    await asyncio.gather(*(throw(services, person, part_id, seen, where) for part_id in parts))
    return Step(_SETTLED, len(items))
