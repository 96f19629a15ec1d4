"""A calendar goes into the trash with all that is in it, and comes back: the start of it, and the pages of the jobs.

Its own item says how it stands. Deleted, it is a tombstone until a job has cleared it away; then it is not there at
all, and the trash has it. Restored, it is there at once, and a job brings back what was in it, which waits under its
id. Each thing moves on the condition that the calendar has not changed since, so it does not matter who else is at it:
one that is restored while it is being cleared away is cleared to the end first, and one that is deleted while things
come back takes along what is there and what still lies in the trash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import msgspec

from aurora_time.domain.component import Event, Task
from aurora_time.operations.along import PAGE, Left, bring, settle, throw
from aurora_time.operations.calendars import MAX_CALENDARS, RESTORE_CALENDAR, read_calendar
from aurora_time.operations.errors import ChangedError, JobFailedError, TooLargeError
from aurora_time.operations.people import read_person
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, Check, ConflictError, Delete, Item, Put, Range
from aurora_time.store import calendars, jobs, keys
from aurora_time.store.calendars import Calendar, Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode, encode
from aurora_time.store.jobs import Job, Step
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person, Pointer
from aurora_time.store.trash import Bin, Trashed, of_whole, take_out

_CLEAR: Final = "clear"
_AGAIN: Final = "again"
_MOST_TOLD: Final = 100


class RestoreReport(msgspec.Struct, frozen=True, rename="camel"):
    """What could not come back and is in the trash by itself now: how many things, and the first of them."""

    left: int = 0
    things: tuple[Left, ...] = ()

    def and_(self, more: list[Left]) -> RestoreReport:
        return RestoreReport(self.left + len(more), (*self.things, *more)[:_MOST_TOLD])


# --- to begin ---------------------------------------------------------------------------------------------------------
async def restore_calendar(
    services: Services, owner: str, calendar_id: str, check: Callable[[str], None] = lambda _: None
) -> tuple[Calendar, str] | tuple[Job, str]:
    """Bring a calendar back; answers the job that brings back what was in it, or the calendar where that is done.

    ``check`` sees the version of what is to come back, and may raise. Raises NotFoundError, and TooLargeError for one
    calendar too many.
    """
    await read_person(services, owner)

    async def attempt() -> tuple[Calendar, str] | tuple[Job, str]:
        there, item = await services.table.get(keys.calendar(owner, calendar_id), keys.trash(owner, calendar_id))
        trashed = decode(item.body, Trashed) if item else None
        if item is None or trashed is None or trashed.calendar is None or trashed.is_over(services.now):
            calendar, version = await read_calendar(services, owner, calendar_id)
            check(version)
            return calendar, version
        check(item.version)
        running = await _running(services, owner, trashed.job)
        if running is not None:
            return running
        return await _begin(services, owner, trashed.calendar, there, (trashed, item.version))

    return await until_done(attempt)


async def _running(services: Services, owner: str, job_id: str) -> tuple[Job, str] | None:
    """The job that is bringing a calendar back, unless there was none or it failed."""
    (item,) = await services.table.get(keys.job(owner, job_id)) if job_id else [None]
    job = decode(item.body, Job) if item else None
    return (job, item.version) if item is not None and job is not None and job.finished is None else None


async def _begin(
    services: Services, owner: str, calendar: Calendar, there: Item | None, old: tuple[Trashed, str]
) -> tuple[Job, str]:
    now, version = services.now, services.ids.new()
    job = jobs.new_job(owner, services.ids.new(), RESTORE_CALENDAR, calendar.id, now)
    trashed, was = old
    is_new = not trashed.job
    wanted = msgspec.structs.replace(trashed, job=job.id)
    until = Bin(trashed.deleted, calendar.id).kept_until

    def build(held: Held) -> tuple[list[Change], Held]:
        if is_new and held.head.calendars >= MAX_CALENDARS:
            raise TooLargeError(f"An account holds at most {MAX_CALENDARS} calendars; delete one.")
        growth, noted = Growth(calendars=int(is_new)), LogItem(now, (Changed("calendar", calendar.id),))
        log, after = calendars.advance(owner, held, version, noted, growth)
        changes = [Put(keys.trash(owner, calendar.id), encode(wanted), version, was, until), *log]
        if there is None:
            changes.append(calendars.calendar_put(owner, _back(calendar, now), version, ABSENT))
        return [*changes, *jobs.start(owner, job, version)], after

    try:
        await services.writers.commit(services.table, owner, build)
    except ConflictError:
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    services.nudge(now)
    return job, version


def _back(calendar: Calendar, now: int) -> Calendar:
    return msgspec.structs.replace(calendar, deleted=False, updated=now)


# --- into the trash ---------------------------------------------------------------------------------------------------
async def delete_page(services: Services, owner: str, job: Job) -> Step:
    """Throw some of what is in a tombstoned calendar into the trash; at last take the tombstone away."""
    calendar, item, person = await _read(services, owner, job.argument)
    if calendar is None or not decode(calendar.body, Calendar).deleted:
        return Step(None)  # all was cleared away, and it may be back
    if person is None:
        await services.table.write(Delete(calendar.key))
        return Step(None)
    tombstone = decode(calendar.body, Calendar)
    # Its item in the trash is gone where this was begun more than 30 days ago.
    trashed = decode(item.body, Trashed) if item else Trashed(tombstone.updated, calendar=tombstone)
    if job.cursor != _CLEAR:
        following = await settle(services, owner, trashed, job.cursor)
        if following is not None:
            return Step(following)
    count = await _clear(services, person, calendar, trashed)
    if count:
        return Step(_CLEAR, count)
    try:
        await services.table.write(Delete(calendar.key, calendar.version))
    except ConflictError:
        return Step(_CLEAR)
    return Step(None)


async def _read(services: Services, owner: str, calendar_id: str) -> tuple[Item | None, Item | None, Person | None]:
    """A calendar, what the trash has of it, and whose it is."""
    calendar, item, profile = await services.table.get(
        keys.calendar(owner, calendar_id), keys.trash(owner, calendar_id), keys.person(owner)
    )
    return calendar, item, decode(profile.body, Person) if profile else None


async def _clear(services: Services, person: Person, tombstone: Item, trashed: Trashed) -> int:
    """Throw a page of what is in a calendar, found by its UID items, into the trash; answers how many that were."""
    calendar_id = tombstone.key.sort
    part, prefix = keys.uid(person.id, "", "").part, f"{calendar_id}#"
    (items,) = await services.table.query(Range(part, prefix, prefix + keys.LAST, limit=PAGE))

    async def where(thing: Event | Task) -> Bin | None:
        if thing.calendar_id != calendar_id:
            return None  # it was moved away when the calendar was deleted
        whole = await _whole_of(services, person.id, thing, trashed.deleted)
        return Bin(trashed.deleted, whole, trashed.deleted)

    seen = (Check(tombstone.key, tombstone.version),)
    ids = (decode(item.body, Pointer).id for item in items)
    await asyncio.gather(*(throw(services, person, each, seen, where) for each in ids))
    return len(items)


async def _whole_of(services: Services, owner: str, thing: Event | Task, deleted: int) -> str:
    """What a thing in a deleted calendar goes along with: the task that it is a part of, if that goes too, since it or
    something above it is in the calendar.
    """
    parent = above = thing.parent_id if isinstance(thing, Task) else None
    while parent is not None and above is not None:
        there, thrown = await services.table.get(keys.object_(owner, above), keys.trash(owner, above))
        task = decode(there.body, Stored).task if there else None
        if task is None and thrown is not None:
            trashed = decode(thrown.body, Trashed)
            task = trashed.task if trashed.deleted == deleted else None
        if task is not None and task.calendar_id == thing.calendar_id:
            return parent
        above = task.parent_id if task is not None else None
    return thing.calendar_id


# --- and back ---------------------------------------------------------------------------------------------------------
async def restore_page(services: Services, owner: str, job: Job) -> Step:
    """Bring back some of what was in a restored calendar; one that is being cleared away is cleared to the end first.

    Raises JobFailedError when the calendar was deleted again, or the account is full.
    """
    calendar, item, person = await _read(services, owner, job.argument)
    if person is None or item is None:
        return Step(None)
    trashed = decode(item.body, Trashed)
    if trashed.job != job.id:
        raise JobFailedError("The calendar was deleted again in the meantime.")
    is_there = calendar is not None and not decode(calendar.body, Calendar).deleted
    if calendar is not None and is_there:
        return await _bring_page(services, person, job, calendar, item)
    if calendar is None or not await _clear(services, person, calendar, trashed):
        await _appear(services, owner, trashed, calendar.version if calendar else ABSENT)
    return Step(_AGAIN)


async def _appear(services: Services, owner: str, trashed: Trashed, expect: str) -> None:
    """Let a calendar be there again that was restored before it was cleared away."""
    if trashed.calendar is None:
        return
    calendar, version, now = _back(trashed.calendar, services.now), services.ids.new(), services.now

    def build(held: Held) -> tuple[list[Change], Held]:
        log, after = calendars.advance(
            owner, held, version, LogItem(now, (Changed("calendar", calendar.id),)), Growth()
        )
        return [calendars.calendar_put(owner, calendar, version, expect), *log], after

    try:
        await services.writers.commit(services.table, owner, build)
    except ConflictError:
        return  # the tombstone was just taken away: the next page looks anew


async def _bring_page(services: Services, person: Person, job: Job, calendar: Item, item: Item) -> Step:
    (items,) = await services.table.query(of_whole(person.id, job.argument, "", PAGE))
    if not items:
        return await _end(services, person.id, item)
    seen = (Check(calendar.key, calendar.version),)
    ids = (decode(each.body, Pointer).id for each in items)
    try:
        found = await asyncio.gather(*(bring(services, person, each, seen) for each in ids))
    except TooLargeError as error:
        raise JobFailedError(
            f"{error} What is not back yet is in the trash; restore the calendar again then."
        ) from None
    left = [each for each in found if each is not None]
    if not left:
        return Step(_AGAIN, len(items))
    report = msgspec.json.decode(job.report, type=RestoreReport) if job.report else RestoreReport()
    return Step(_AGAIN, len(items) - len(left), report=msgspec.json.encode(report.and_(left)))


async def _end(services: Services, owner: str, item: Item) -> Step:
    """All is back: the trash has nothing of it any more."""
    try:
        await services.table.write(*take_out(owner, decode(item.body, Trashed), item.version))
    except ConflictError:
        return Step(_AGAIN)
    return Step(None)
