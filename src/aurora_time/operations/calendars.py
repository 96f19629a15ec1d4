"""Calendars: create, read, change, delete. Deleting one is a tombstone at once, and a job that throws all that is in it
into the trash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from aurora_time.operations.drafts import read_zone
from aurora_time.operations.errors import ChangedError, ClashError, NotFoundError, TooLargeError
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import CalendarInput
from aurora_time.operations.retrying import BUSY
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, ConflictError, Delete, Range
from aurora_time.store import calendar_links, calendars, keys
from aurora_time.store import jobs as job_items
from aurora_time.store.calendars import Calendar, Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.trash import Trashed, throw_away

MAX_CALENDARS: Final = 1_000
COLORS: Final = ("#3b5bdb", "#2f9e44", "#e8590c", "#ae3ec9", "#0c8599", "#c2255c", "#f08c00", "#495057")
"""Those that the app offers, in its order."""
DELETE_CALENDAR: Final = "delete-calendar"
RESTORE_CALENDAR: Final = "restore-calendar"
"""Kinds of jobs: see calendar_trash.py."""


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
        body.color or await _next_color(services, owner),
        read_zone(body.time_zone, "/timeZone").id if body.time_zone else person.time_zone,
    )
    return calendar, await _put(services, owner, calendar, ABSENT)


async def _next_color(services: Services, owner: str) -> str:
    """The first colour that the fewest of somebody's calendars have, so that a new one can be told from the others."""
    used = Counter(calendar.color.lower() for calendar, _ in await list_calendars(services, owner))
    return min(COLORS, key=lambda color: used[color])


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
            color=body.color or old.color,
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
    """Gone for its owner at once, its events too; answers the job that puts them into the trash, and its version.

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
    trashed = Trashed(now, calendar=calendar)
    left, linked = await services.table.get(keys.trash(owner, calendar_id), keys.calendar_link(owner, calendar_id))
    # ``left`` is of a restore that has not come to its end.
    stale = [Delete(decode(left.body, Trashed).bin.place(owner, calendar_id))] if left else []
    unlinked = calendar_links.ending(owner, calendar_id, linked)
    job = job_items.new_job(owner, services.ids.new(), DELETE_CALENDAR, calendar_id, now)

    def build(held: Held) -> tuple[list[Change], Held]:
        noted = LogItem(now, (Changed("calendar", calendar_id, True),))
        log, after = calendars.advance(owner, held, new_version, noted, Growth(calendars=-1))
        put = calendars.calendar_put(owner, tombstone, new_version, version)
        kept = throw_away(owner, trashed, new_version)
        old = [each for each in stale if each.key not in {change.key for change in kept}]
        return [put, *log, *kept, *old, *unlinked, *job_items.start(owner, job, new_version)], after

    try:
        await services.writers.commit(services.table, owner, build)
    except ConflictError:
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    services.nudge(now)
    return job, new_version
