"""The job that lets everything stand in the due index as a person's zone, defaults, rules and quiet hours now say.

There is one for each person: another change while it runs lets it begin anew. Until it comes to an event, that is armed
by what was; but who sends reads the person, so nothing rings by what was.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aurora_time.operations.services import Services
from aurora_time.ports import Change, Check, ConflictError, Item, Range
from aurora_time.store import jobs, keys, objects
from aurora_time.store.calendars import Head, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job, Step
from aurora_time.store.objects import Context, Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Armed

REARM: Final = "rearm"
PAGE: Final = 100
"""Objects a page."""
LANDED: Final = 60
"""Seconds after which a write that read the person before the change has landed, or never will."""
_AGAIN: Final = "~"
"""Behind all ids: with it begin the cursors of the second look, at what was written meanwhile."""


async def begin(services: Services, owner: str) -> list[Change]:
    """What starts the job, or lets it begin anew, for the write that calls for it; nudge when that is done."""
    item, head = await services.table.get(keys.job(owner, REARM), keys.head(owner))
    sequence = decode(head.body, Head).sequence if head else 0
    job, version = jobs.new_job(owner, REARM, REARM, str(sequence), services.now), services.ids.new()
    return jobs.begin_anew(owner, job, item, version)


async def page(services: Services, owner: str, job: Job) -> Step:
    """Arm some objects anew; at last, those that were written while the job ran, perhaps by who knew the old ways."""
    if await services.table.get(keys.person(owner)) == [None]:
        return Step(None)
    if job.cursor.startswith(_AGAIN):
        return await _second_look(services, owner, job)
    (items,) = await services.table.query(Range(keys.object_(owner, "").part, job.cursor, limit=PAGE))
    await asyncio.gather(*(_rearm(services, owner, item.key.sort) for item in items))
    if len(items) == PAGE:
        return Step(f"{items[-1].key.sort}\x00", len(items))
    return Step(f"{_AGAIN}{job.argument}", len(items), pause=LANDED)


async def _second_look(services: Services, owner: str, job: Job) -> Step:
    seen = int(job.cursor.removeprefix(_AGAIN))
    low, high = keys.log(owner, seen + 1), keys.log(owner, 10**12 - 1)
    (items,) = await services.table.query(Range(low.part, low.sort, high.sort, limit=PAGE))
    changed = {
        each.id
        for item in items
        for each in decode(item.body, LogItem).changed
        if each.kind in ("event", "task") and not each.deleted
    }
    await asyncio.gather(*(_rearm(services, owner, object_id) for object_id in sorted(changed)))
    return Step(f"{_AGAIN}{int(items[-1].key.sort)}" if len(items) == PAGE else None)


async def _rearm(services: Services, owner: str, object_id: str) -> None:
    """The person is read with the object, and is to be the same when it is written."""
    wanted = keys.object_(owner, object_id), keys.armed(owner, object_id), keys.person(owner)
    while True:
        item, armed, person = await services.table.get(*wanted)
        if item is None or person is None:
            return
        changes = _changes(services, item, armed, decode(person.body, Person))
        try:
            if changes:
                checks = (Check(item.key, item.version), Check(person.key, person.version))
                await services.table.write(*checks, *changes)
        except ConflictError:
            continue
        return


def _changes(services: Services, item: Item, armed: Item | None, person: Person) -> list[Change]:
    """As if it had been armed in the instant of the change, or of its last edit after that."""
    event = decode(item.body, Stored).event
    held = (decode(armed.body, Armed), armed.version) if armed else None
    at = max(person.rings_since, event.updated, held[0].after if held else 0)
    context = Context(person.id, Held(), at, services.ids.new(), person.preferences)
    return objects.rearm(event, held, context)
