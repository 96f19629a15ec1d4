"""Jobs: starting one with the write that calls for it, and running one page by page until it is done.

A page may run twice (a crash falls between its work and its cursor), so every page's work can be repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.operations.services import Build, Services
from aurora_time.ports import Change, Check, ConflictError, Delete, Key, Range
from aurora_time.store import jobs, keys, objects
from aurora_time.store.calendars import Held
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.objects import Context, Old, Stored
from aurora_time.store.people import Person, Pointer
from aurora_time.store.reminders import Armed

DELETE_CALENDAR: Final = "delete-calendar"
REARM: Final = "rearm"
PAGE: Final = 100
LEASE: Final = 60
"""Seconds after which a page whose runner died is taken up again."""

Page = Callable[[Services, str, Job], Awaitable[str | None]]
"""Does the page at the job's cursor; answers the next cursor, or None when all is done."""


async def start_with(services: Services, owner: str, kind: str, *changes: Change, argument: str = "") -> None:
    """Do ``changes`` and start the job in one write. Raises ConflictError."""
    job = jobs.new_job(owner, services.ids.new(), kind, argument, services.now)
    await services.table.write(*changes, *jobs.start(owner, job, services.ids.new()))
    services.nudge(services.now)


async def run_page(services: Services, owner: str, job_id: str, due_key: Key) -> bool:
    """Run one page of a job under a lease. False when no job stands behind this due item."""
    (item,) = await services.table.get(keys.job(owner, job_id))
    job, version = decode(item.body, Job) if item else None, services.ids.new()
    if item is None or job is None or job.due_key != due_key:
        return False
    try:
        job, changes = jobs.move_on(owner, job, services.now + LEASE, (item.version, version))
        await services.table.write(*changes)
        cursor = await _PAGES[job.kind](services, owner, job)
        if cursor is None:
            await services.table.write(*jobs.finish(owner, job, version))
        else:
            job = msgspec.structs.replace(job, cursor=cursor, done=job.done + PAGE)
            _, changes = jobs.move_on(owner, job, services.now, (version, services.ids.new()))
            await services.table.write(*changes)
    except ConflictError:
        return True  # somebody else has taken the job, and goes on with it
    return True


async def release(services: Services, owner: str, job_id: str) -> bool:
    """Make due at once a job whose runner died; only where there is no other runner."""
    (item,) = await services.table.get(keys.job(owner, job_id))
    if item is None:
        return False
    _, changes = jobs.move_on(owner, decode(item.body, Job), services.now, (item.version, services.ids.new()))
    await services.table.write(*changes)
    return True


async def _person(services: Services, owner: str) -> Person | None:
    (item,) = await services.table.get(keys.person(owner))
    return decode(item.body, Person) if item else None


async def _delete_calendar(services: Services, owner: str, job: Job) -> str | None:
    """Delete the events of a tombstoned calendar, found by their UID items; at last the tombstone itself."""
    part, prefix = keys.uid(owner, "", "").part, f"{job.argument}#"
    (items,) = await services.table.query(Range(part, prefix, prefix + keys.LAST, limit=PAGE))
    person = await _person(services, owner)
    if not items or person is None:
        await services.table.write(Delete(keys.calendar(owner, job.argument)))
        return None
    ids = [decode(item.body, Pointer).id for item in items]
    await asyncio.gather(*(_delete_object(services, person, object_id) for object_id in ids))
    return "more"


async def _delete_object(services: Services, person: Person, object_id: str) -> None:
    while True:
        item, armed = await services.table.get(keys.object_(person.id, object_id), keys.armed(person.id, object_id))
        if item is None:
            return
        held = (decode(armed.body, Armed), armed.version) if armed else None
        old = Old(decode(item.body, Stored), item.version, held)
        try:
            await services.writers.commit(services.table, person.id, _deletion(services, person, old))
        except ConflictError:
            continue
        return


def _deletion(services: Services, person: Person, old: Old) -> Build:
    version = services.ids.new()

    def build(held: Held) -> tuple[list[Change], Held]:
        context = Context(person.id, held, services.now, version, person.home, person.default_alarms)
        return objects.changes(old, None, context)

    return build


async def _rearm(services: Services, owner: str, job: Job) -> str | None:
    """Let every event stand in the due index as the person's zone and defaults now say."""
    part = keys.object_(owner, "").part
    (items,) = await services.table.query(Range(part, job.cursor, limit=PAGE))
    person = await _person(services, owner)
    if person is None:
        return None
    await asyncio.gather(*(_rearm_object(services, person, item.key.sort) for item in items))
    return f"{items[-1].key.sort}\x00" if len(items) == PAGE else None


async def _rearm_object(services: Services, person: Person, object_id: str) -> None:
    while True:
        item, armed = await services.table.get(keys.object_(person.id, object_id), keys.armed(person.id, object_id))
        if item is None:
            return
        event = decode(item.body, Stored).event
        context = Context(person.id, Held(), services.now, services.ids.new(), person.home, person.default_alarms)
        changes = objects.rearm(event, (decode(armed.body, Armed), armed.version) if armed else None, context)
        try:
            if changes:
                await services.table.write(Check(item.key, item.version), *changes)
        except ConflictError:
            continue
        return


_PAGES: Final[dict[str, Page]] = {DELETE_CALENDAR: _delete_calendar, REARM: _rearm}
