"""Import of iCalendar text: the whole text is read and checked first, then each object is written as a whole.

What one write can hold is done at once; more is a job, stored in one write with the chunks that its pages take. A page
that runs twice finds what the first run made by the ids that were given when the text was read.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.domain.component import MAX_EVENTS
from aurora_time.domain.icalendar import Note
from aurora_time.operations.errors import InvalidError, NotFoundError, OperationError, TooLargeError
from aurora_time.operations.import_plan import Plan, Planned, Reader, read_plan, with_ids
from aurora_time.operations.import_writing import (
    FULL,
    IMPORT,
    Counts,
    ImportReport,
    batches_of,
    calendar_checks,
    compare,
    count,
    report_of,
    write,
)
from aurora_time.operations.people import read_person
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, MAX_CHANGES, MAX_WRITE_BYTES, Change, Put
from aurora_time.store import jobs, keys
from aurora_time.store.calendars import Head
from aurora_time.store.codec import decode, encode
from aurora_time.store.jobs import Job
from aurora_time.store.people import Person, Pointer

MAX_TEXT: Final = 10_000_000
"""Bytes of a text to import."""
MAX_LINES: Final = 500_000
"""Its lines: each takes some hundred bytes while it is read. What calendars write has 400,000 in ten megabytes."""
AT_ONCE: Final = 50
"""Objects up to which a text may be written at once, if one write holds them; others are read and written in pages."""
PAGE: Final = 500
_PAGE_BYTES: Final = 300_000
_INLINE: Final = 100_000
"""Bytes of text up to which reading is so short that the event loop may wait for it."""
_MAX_STORED: Final = MAX_WRITE_BYTES - 400_000
"""Bytes of all chunks and the job, deflated; the rest is for keys and a kept answer."""
_UNREADABLE: Final = (
    "Nothing was imported, as what stands in these lines cannot be read or kept. Mend them, and send the text again."
)
_CHUNKS_KEPT: Final = 30 * 86_400
_READING: Final = ThreadPoolExecutor(1, "reading")
"""Long texts are read one after the other, so that their memory is not needed at once."""


class ImportRefusedError(OperationError):
    """Nothing of the text is imported; ``errors`` say why, by line."""

    def __init__(self, notes: Sequence[Note]) -> None:
        super().__init__(_UNREADABLE)
        self.errors = [note for note in notes if note.severity == "error"]


@dataclass(frozen=True, slots=True)
class Wish:
    """How to import. With ``dry_run`` nothing is written, with ``strict`` nothing unless all can be."""

    calendar_id: str | None = None
    dry_run: bool = False
    strict: bool = False


async def import_text(services: Services, owner: str, text: bytes, wish: Wish) -> ImportReport | tuple[Job, str]:
    """Import a text, or start the job that does.

    Raises InvalidError, ImportRefusedError, TooLargeError for more lines than are read or an account holds.
    """
    if max(text.count(b"\n"), text.count(b"\r")) > MAX_LINES:
        raise TooLargeError(f"A text has at most {MAX_LINES:,} lines. Split it, by year for example.")
    person, _ = await read_person(services, owner)
    calendar_id = wish.calendar_id or person.first_calendar
    try:
        await calendar_checks(services, person, calendar_id)
    except NotFoundError:
        detail = "There is no calendar with this id here. GET /v1/calendars lists yours."
        raise InvalidError("?calendarId", detail) from None
    plan = await _plan(services, person, calendar_id, text)
    if (wish.strict and plan.failed) or (plan.failed and not plan.planned):
        raise ImportRefusedError(plan.notes)
    planned = await _with_ids(services, person.id, calendar_id, plan.planned)
    counts = Counts(failed=plan.failed, notes=list(plan.notes))
    if wish.dry_run or wish.strict:
        found = await _compared(services, person, calendar_id, planned, counts)
        if wish.strict and found.failed:
            raise ImportRefusedError(found.notes)
        if wish.dry_run:
            return report_of(calendar_id, found, dry_run=True)
    if len(planned) <= AT_ONCE:
        compared = await compare(services, person.id, calendar_id, planned)
        if len(batches_of(services, person, compared)) <= 1:
            await write(services, person, calendar_id, compared, counts)
            return report_of(calendar_id, counts)
    return await _start(services, person, calendar_id, planned, counts)


async def _plan(services: Services, person: Person, calendar_id: str, text: bytes) -> Plan:
    reader = Reader(calendar_id, services.now, person.home, person.email)
    if len(text) > _INLINE:
        return await asyncio.get_running_loop().run_in_executor(_READING, read_plan, text, reader)
    return read_plan(text, reader)


async def _with_ids(services: Services, owner: str, calendar_id: str, planned: Sequence[Planned]) -> list[Planned]:
    """With the ids of what is there already, and new ones for the rest. Raises TooLargeError if that is too many."""
    ids: dict[str, str] = {}
    for first in range(0, len(planned), PAGE):
        uids = [each.made.uid for each in planned[first : first + PAGE]]
        items = await services.table.get(*(keys.uid(owner, calendar_id, uid) for uid in uids))
        ids |= {uid: decode(item.body, Pointer).id for uid, item in zip(uids, items, strict=True) if item}
    (head,) = await services.table.get(keys.head(owner))
    if (decode(head.body, Head).events if head else 0) + len(planned) - len(ids) > MAX_EVENTS:
        raise TooLargeError(FULL)

    return with_ids(planned, ids, services.ids.new)


async def _compared(
    services: Services, person: Person, calendar_id: str, planned: Sequence[Planned], counts: Counts
) -> Counts:
    """What would become of all that is planned beside what is there, in addition to what is counted."""
    found = dataclasses.replace(counts, notes=[*counts.notes])
    for first in range(0, len(planned), PAGE):
        count(found, await compare(services, person.id, calendar_id, planned[first : first + PAGE]))
        await asyncio.sleep(0)
    return found


# --- as a job ---------------------------------------------------------------------------------------------------------
async def _start(
    services: Services, person: Person, calendar_id: str, planned: Sequence[Planned], counts: Counts
) -> tuple[Job, str]:
    """Store what is to be done in chunks, then the job that does it."""
    job = jobs.new_job(person.id, services.ids.new(), IMPORT, calendar_id, services.now)
    report = msgspec.json.encode(report_of(calendar_id, counts))
    job, version = msgspec.structs.replace(job, total=len(planned), report=report), services.ids.new()
    until = services.now + _CHUNKS_KEPT
    chunks: list[Change] = [
        Put(keys.import_(person.id, job.id, number), encode(chunk), version, ABSENT, until)
        for number, chunk in enumerate(_chunks(planned))
    ]
    changes = [*chunks, *jobs.start(person.id, job, version)]
    if len(changes) >= MAX_CHANGES or sum(len(each.body) for each in changes if isinstance(each, Put)) > _MAX_STORED:
        raise TooLargeError("This is more than one import can take. Split the text, by year for example.")
    await services.table.write(*changes)
    services.nudge(services.now)
    return job, version


def _chunks(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Objects in their order, so many together as one page writes and one item holds."""
    chunks: list[list[Planned]] = [[]]
    size = 0
    for each in planned:
        own = len(msgspec.msgpack.encode(each))
        if chunks[-1] and (len(chunks[-1]) == PAGE or size + own > _PAGE_BYTES):
            chunks.append([])
            size = 0
        chunks[-1].append(each)
        size += own
    return chunks
