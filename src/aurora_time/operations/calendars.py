"""Calendars: create, read, change, delete. Deleting one is a tombstone at once, and a job that clears it away."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from aurora_time.operations import jobs
from aurora_time.operations.drafts import read_zone
from aurora_time.operations.errors import ChangedError, ClashError, NotFoundError, TooLargeError
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import CalendarInput
from aurora_time.operations.retrying import BUSY
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, ConflictError, Range
from aurora_time.store import calendars, keys
from aurora_time.store import jobs as job_items
from aurora_time.store.calendars import Calendar, Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job

MAX_CALENDARS = 1_000


async def read_calendar(services: Services, owner: str, calendar_id: str) -> tuple[Calendar, str]:
    """The calendar and its version. Raises NotFoundError, also for one that is being deleted."""
    (item,) = await services.table.get(keys.calendar(owner, calendar_id))
    calendar = decode(item.body, Calendar) if item else None
    if item is None or calendar is None or calendar.deleted:
        raise NotFoundError
    return calendar, item.version


async def list_calendars(services: Services, owner: str) -> list[tuple[Calendar, str]]:
    """All calendars, the oldest first."""
    (items,) = await services.table.query(Range(keys.calendar(owner).part))
    found = ((decode(item.body, Calendar), item.version) for item in items)
    return sorted((pair for pair in found if not pair[0].deleted), key=lambda pair: (pair[0].created, pair[0].id))


async def create_calendar(services: Services, owner: str, body: CalendarInput) -> tuple[Calendar, str]:
    """Raises InvalidError for an unknown zone, TooLargeError for one calendar too many."""
    person, _ = await read_person(services, owner)
    now = services.now
    calendar = Calendar(
        services.ids.new(),
        body.name,
        now,
        now,
        body.description,
        body.color,
        read_zone(body.time_zone, "/timeZone").id if body.time_zone else person.time_zone,
    )
    return calendar, await _put(services, owner, calendar, ABSENT)


async def update_calendar(
    services: Services, owner: str, calendar_id: str, change: Callable[[Calendar, str], CalendarInput]
) -> tuple[Calendar, str]:
    for _ in range(5):
        old, version = await read_calendar(services, owner, calendar_id)
        body = change(old, version)
        calendar = msgspec.structs.replace(
            old,
            name=body.name,
            description=body.description,
            color=body.color,
            time_zone=read_zone(body.time_zone, "/timeZone").id if body.time_zone else "",
            updated=services.now,
        )
        try:
            return calendar, await _put(services, owner, calendar, version)
        except ConflictError:
            continue
    raise ChangedError(BUSY)


async def _put(services: Services, owner: str, calendar: Calendar, expect: str) -> str:
    version = services.ids.new()
    is_new = expect == ABSENT

    def build(held: Held) -> tuple[list[Change], Held]:
        if is_new and held.head.calendars >= MAX_CALENDARS:
            raise TooLargeError(f"An account holds at most {MAX_CALENDARS} calendars; delete one.")
        noted = LogItem(services.now, (Changed("calendar", calendar.id),))
        log, after = calendars.advance(owner, held, version, noted, Growth(calendars=int(is_new)))
        return [calendars.calendar_put(owner, calendar, version, expect), *log], after

    await services.writers.commit(services.table, owner, build)
    return version


async def delete_calendar(
    services: Services, owner: str, calendar_id: str, check: Callable[[str], None] = lambda _: None
) -> tuple[Job, str]:
    """Gone for its owner at once, its events too; answers the job that removes them, and its version.

    Raises NotFoundError, and ClashError for the first calendar.
    """
    person, _ = await read_person(services, owner)
    calendar, version = await read_calendar(services, owner, calendar_id)
    check(version)
    if calendar_id == person.first_calendar:
        raise ClashError(
            "This is the primary calendar: events that name no calendar go there. Delete its events instead."
        )
    new_version, now = services.ids.new(), services.now
    tombstone = msgspec.structs.replace(calendar, deleted=True, updated=now)
    job = job_items.new_job(owner, services.ids.new(), jobs.DELETE_CALENDAR, calendar_id, now)

    def build(held: Held) -> tuple[list[Change], Held]:
        noted = LogItem(now, (Changed("calendar", calendar_id, True),))
        log, after = calendars.advance(owner, held, new_version, noted, Growth(calendars=-1))
        put = calendars.calendar_put(owner, tombstone, new_version, version)
        return [put, *log, *job_items.start(owner, job, new_version)], after

    try:
        await services.writers.commit(services.table, owner, build)
    except ConflictError:
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    services.nudge(now)
    return job, new_version
