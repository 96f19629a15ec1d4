"""Jobs: starting one with the write that calls for it, and running one page by page until it is done.

A page may run twice (a crash falls between its work and its cursor), so every page's work can be repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.operations import (
    address_notice,
    booking_mail,
    calendar_trash,
    calendars,
    erasing,
    import_writing,
    part_jobs,
    rearming,
)
from aurora_time.operations.errors import JobFailedError, NotFoundError
from aurora_time.operations.retrying import back_off
from aurora_time.operations.services import Services
from aurora_time.operations.task_parts import FOLLOW
from aurora_time.ports import Change, ConflictError, Key, MailUnavailableError, Range, UnavailableError
from aurora_time.store import jobs, keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job, Step

PAGE: Final = 100
LEASE: Final = 60
"""Seconds after which a page whose runner died is taken up again; longer than a function has for an errand."""
_FORESEEN: Final = (ConflictError, MailUnavailableError, UnavailableError)

Page = Callable[[Services, str, Job], Awaitable[Step | str | None]]
"""Does the page at the job's cursor; answers what it did, or only the next cursor, None when all is done.

Raises JobFailedError when it can never be done.
"""


async def start_with(
    services: Services, owner: str, kind: str, *changes: Change, argument: str = ""
) -> tuple[Job, str]:
    """Do ``changes`` and start the job in one write; answers the job and its version. Raises ConflictError."""
    job, version = jobs.new_job(owner, services.ids.new(), kind, argument, services.now), services.ids.new()
    await services.table.write(*changes, *jobs.start(owner, job, version))
    services.nudge(services.now)
    return job, version


async def read_job(services: Services, owner: str, job_id: str) -> tuple[Job, str]:
    """A job that is shown, and its version. Raises NotFoundError."""
    (item,) = await services.table.get(keys.job(owner, job_id))
    job = decode(item.body, Job) if item else None
    if item is None or job is None or job.kind in HIDDEN:
        raise NotFoundError
    return job, item.version


async def list_jobs(services: Services, owner: str) -> list[tuple[Job, str]]:
    """The jobs that wait, run or ended in the last 30 days, the newest first."""
    (items,) = await services.table.query(Range(keys.job(owner, "").part))
    found = ((decode(item.body, Job), item.version) for item in items)
    shown = (pair for pair in found if pair[0].kind not in HIDDEN)
    return sorted(shown, key=lambda pair: (-pair[0].created, pair[0].id))


async def run_page(services: Services, owner: str, job_id: str, due_key: Key) -> bool:
    """Run one page of a job under a lease. False when no job stands behind this due item.

    What nobody foresaw is raised when it is written down that the page is tried again, each time after a longer pause:
    a job never ends by that, as much of what it does can be left half done by nobody.
    """
    (item,) = await services.table.get(keys.job(owner, job_id))
    job = decode(item.body, Job) if item else None
    if item is None or job is None or job.finished is not None or job.due_key != due_key:
        return False
    started = services.now if job.started is None else job.started
    try:
        version = services.ids.new()
        leased = msgspec.structs.replace(job, started=started)
        job, changes = jobs.move_on(owner, leased, services.now + LEASE, (item.version, version))
        await services.table.write(*changes)
        (did,) = await asyncio.gather(_run(services, owner, job, version), return_exceptions=True)
        if isinstance(did, BaseException):
            if isinstance(did, Exception) and not isinstance(did, _FORESEEN):
                await services.table.write(*_again(services, owner, job, version))
            raise did
        await services.table.write(*did)
    except ConflictError:
        return True  # somebody else has taken the job, and goes on with it
    except MailUnavailableError:
        return True  # it is tried again when its lease is over
    return True


async def _run(services: Services, owner: str, job: Job, version: str) -> list[Change]:
    """Do a page; answers the changes that write down what it did."""
    try:
        did = await _PAGES[job.kind](services, owner, job)
    except JobFailedError as error:
        return _end(services, owner, msgspec.structs.replace(job, error=str(error)), version)
    step = did if isinstance(did, Step) else Step(did, 0 if did is None else PAGE)
    after = step.of(job)
    if step.cursor is None:
        return [*_end(services, owner, after, version), *step.checks]
    due = services.now + (step.pause or erasing.PAUSES.get(step.cursor, 0))
    return [*jobs.move_on(owner, after, due, (version, services.ids.new()))[1], *step.checks]


def _again(services: Services, owner: str, job: Job, version: str) -> list[Change]:
    attempts = job.attempts + 1
    tried = msgspec.structs.replace(job, attempts=attempts)
    return jobs.move_on(owner, tried, services.now + back_off(attempts), (version, services.ids.new()))[1]


def _end(services: Services, owner: str, job: Job, version: str) -> list[Change]:
    if job.kind in HIDDEN:
        return jobs.finish(owner, job, version)
    return jobs.keep(owner, msgspec.structs.replace(job, finished=services.now), (version, services.ids.new()))


async def release(services: Services, owner: str, job_id: str) -> bool:
    """Make due at once a job whose runner died; only where there is no other runner."""
    (item,) = await services.table.get(keys.job(owner, job_id))
    job = decode(item.body, Job) if item else None
    if item is None or job is None or job.finished is not None:
        return False
    _, changes = jobs.move_on(owner, job, services.now, (item.version, services.ids.new()))
    await services.table.write(*changes)
    return True


_PAGES: Final[dict[str, Page]] = {
    calendars.DELETE_CALENDAR: calendar_trash.delete_page,
    calendars.RESTORE_CALENDAR: calendar_trash.restore_page,
    rearming.REARM: rearming.page,
    FOLLOW: part_jobs.page,
    erasing.DELETE_ACCOUNT: erasing.page,
    import_writing.IMPORT: import_writing.page,
    booking_mail.BOOKING_MAILS: booking_mail.send_mails,
    address_notice.ADDRESS_NOTICE: address_notice.send_notice,
}
HIDDEN: Final = frozenset({FOLLOW, erasing.DELETE_ACCOUNT, booking_mail.BOOKING_MAILS, address_notice.ADDRESS_NOTICE})
"""Kinds that follow from something else: they are not shown, and nothing is kept of them."""
