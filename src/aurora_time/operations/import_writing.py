"""Import, the writing half: objects are held against what is there, and written in as few writes as can hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import msgspec

from aurora_time.domain.component import MAX_EVENTS, Event, Task
from aurora_time.domain.icalendar import Note
from aurora_time.domain.icalendar_merge import merged
from aurora_time.domain.icalendar_report import MAX_NOTES, most_telling
from aurora_time.operations import booked
from aurora_time.operations.errors import ClashError, JobFailedError, NotFoundError, TooLargeError
from aurora_time.operations.import_plan import Planned
from aurora_time.operations.representation import event_resource
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import task_resource
from aurora_time.ports import MAX_CHANGES, MAX_WRITE_BYTES, Change, Check, ConflictError, Delete, Put
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Calendar, Held
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job, Step
from aurora_time.store.objects import Context, Old, Stored
from aurora_time.store.people import Person, Pointer
from aurora_time.store.reminders import Armed

IMPORT: Final = "import"
_SPARE: Final = 4
"""Changes of a write that are no object's own: head, log, the check of the calendar, and a kept answer."""
_TRIES: Final = 8
_BUSY: Final = "It is being changed by somebody else all the time; import the text again."
FULL: Final = f"An account holds at most {MAX_EVENTS:,} events and tasks; this would be more. Delete some first."


class ImportNote(msgspec.Struct, frozen=True, rename="camel"):
    """After an error the thing is left out, after a warning it was mended. `line` is the text's, from 1."""

    line: int
    severity: Literal["error", "warning"]
    what: str
    why: str


class ImportReport(msgspec.Struct, frozen=True, rename="camel"):
    """What became of a text. `unchanged`: already here, as new or newer. `failed`: left out, the notes say why."""

    calendar_id: str
    dry_run: bool
    created: int
    updated: int
    unchanged: int
    failed: int
    notes: tuple[ImportNote, ...]


class Compared(NamedTuple):
    """A planned object beside what is there: ``new`` is what to write, None if nothing."""

    planned: Planned
    what: Literal["created", "updated", "unchanged", "failed"]
    old: Old | None = None
    new: Event | Task | None = None


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    notes: list[Note] = field(default_factory=list)

    def add(self, compared: Sequence[Compared]) -> None:
        for each in compared:
            setattr(self, each.what, getattr(self, each.what) + 1)

    def fail(self, planned: Planned, why: str) -> None:
        self.failed += 1
        self.notes.append(Note(planned.line, "error", "UID", why))


async def calendar_checks(services: Services, person: Person, calendar_id: str) -> list[Change]:
    """That the calendar is there, and still is when something is written into it. Raises NotFoundError."""
    key = keys.calendar(person.id, calendar_id)
    (item,) = await services.table.get(key)
    if item is None or decode(item.body, Calendar).deleted:
        raise NotFoundError
    return [] if calendar_id == person.first_calendar else [Check(key, item.version)]


# --- beside what is there ---------------------------------------------------------------------------------------------
async def compare(services: Services, owner: str, calendar_id: str, planned: Sequence[Planned]) -> list[Compared]:
    """What becomes of each object beside what is here under its UID."""
    found = await services.table.get(*(keys.uid(owner, calendar_id, each.made.uid) for each in planned))
    ids = [decode(item.body, Pointer).id if item else "" for item in found]
    there = [object_id for object_id in ids if object_id]
    items = await services.table.get(*(keys.object_(owner, each) for each in there))
    armed = await services.table.get(*(keys.armed(owner, each) for each in there))
    olds: dict[str, Old] = {}
    for object_id, item, arm in zip(there, items, armed, strict=True):
        if item is not None:
            held = (decode(arm.body, Armed), arm.version) if arm else None
            olds[object_id] = Old(decode(item.body, Stored), item.version, held)
    return [_beside(each, olds.get(object_id)) for each, object_id in zip(planned, ids, strict=True)]


def _beside(planned: Planned, old: Old | None) -> Compared:
    if old is None:
        return Compared(planned, "created", None, planned.made)
    if planned.is_new and old.stored.component.id == planned.made.id:
        return Compared(planned, "created", old)  # by this page when it ran before
    after = _after(planned, old.stored)
    if isinstance(after, str):
        return Compared(planned, "failed", old)
    return Compared(planned, "unchanged" if after is None else "updated", old, after)


def _after(planned: Planned, there: Stored) -> Event | Task | Literal["another kind"] | None:
    if planned.event is not None and there.own is not None:
        return merged(there.own, planned.event)
    if planned.task is not None and there.task is not None:
        return merged(there.task, planned.task)
    return "another kind"


def _wire(made: Event | Task, version: str) -> bytes:
    resource = task_resource(made, version) if isinstance(made, Task) else event_resource(made, version)
    return msgspec.json.encode(resource)


def _context(services: Services, person: Person, held: Held, version: str) -> Context:
    return Context(person.id, held, services.now, version, person.preferences)


def batches_of(services: Services, person: Person, compared: Sequence[Compared]) -> list[list[Compared]]:
    """What is to be written, in as few writes as can hold it."""
    batches: list[list[Compared]] = []
    changes, size = MAX_CHANGES, 0
    context = _context(services, person, Held(), "-" * 22)
    for each in compared:
        if each.new is None:
            continue
        made, _ = objects.several([(each.old, each.new, _wire(each.new, context.version))], context)
        weight = sum(len(change.body) + 1_000 for change in made if isinstance(change, Put))
        own = len(made) - 2  # without head and log, which all share
        own += booked.MOST_CHANGES * len(booked.turns([(each.old, each.new, b"")], person.home))
        if changes + own > MAX_CHANGES - _SPARE or size + weight > MAX_WRITE_BYTES:
            batches.append([])
            changes = size = 0
        batches[-1].append(each)
        changes, size = changes + own, size + weight
    return batches


# --- writing ----------------------------------------------------------------------------------------------------------
async def write(
    services: Services, person: Person, calendar_id: str, compared: Sequence[Compared], counts: Counts
) -> None:
    """Write what is to be written, and count. What somebody else changed meanwhile is compared anew."""
    for _ in range(_TRIES):
        checks = await calendar_checks(services, person, calendar_id)
        late: list[Planned] = []
        for batch in batches_of(services, person, compared):
            if not await _commit(services, person, batch, checks):
                late += [each.planned for each in batch]
        waiting = {id(each) for each in late}
        count(counts, [each for each in compared if id(each.planned) not in waiting])
        if not late:
            return
        compared = await compare(services, person.id, calendar_id, late)
    for each in compared:
        counts.fail(each.planned, _BUSY)


def count(counts: Counts, compared: Sequence[Compared]) -> None:
    for each in compared:
        if each.what == "failed":
            counts.fail(each.planned, "Its UID belongs to something of another kind in this calendar.")
    counts.add([each for each in compared if each.what != "failed"])


async def _commit(services: Services, person: Person, batch: Sequence[Compared], checks: list[Change]) -> bool:
    """One write; False when something of it was changed meanwhile."""
    version = services.ids.new()
    wired = [(each.old, each.new, _wire(each.new, version) if each.new else b"") for each in batch]
    new = sum(each.old is None for each in batch)
    earliest: list[int] = []
    turned = booked.turns(wired, person.home)
    try:
        follow = await booked.follow(services, person.id, turned)
    except ClashError:
        return False

    def build(held: Held) -> tuple[list[Change], Held]:
        if new and held.head.events + new > MAX_EVENTS:
            raise TooLargeError(FULL)
        made, after = objects.several(wired, _context(services, person, held, version))
        earliest[:] = [keys.unsortable(each.key.sort[:12]) for each in made if each.key.part.startswith("due#")]
        return [*made, *checks, *follow], after

    try:
        await services.writers.commit(services.table, person.id, build)
    except ConflictError:
        return False
    if earliest or turned:
        services.nudge(min(earliest, default=services.now))
    return True


def report_of(calendar_id: str, counts: Counts, *, dry_run: bool = False) -> ImportReport:
    told = counts.notes if len(counts.notes) <= MAX_NOTES + 1 else most_telling(counts.notes)
    notes = tuple(ImportNote(note.line, note.severity, note.what, note.why) for note in told)
    return ImportReport(calendar_id, dry_run, counts.created, counts.updated, counts.unchanged, counts.failed, notes)


async def page(services: Services, owner: str, job: Job) -> Step:
    """Import a chunk. Raises JobFailedError when the calendar is gone, or the account full."""
    number = int(job.cursor or 0)
    item, before, profile, calendar = await services.table.get(
        keys.import_(owner, job.id, number),
        keys.import_(owner, job.id, max(number - 1, 0)),
        keys.person(owner),
        keys.calendar(owner, job.argument),
    )
    if before is not None and number:
        await services.table.write(Delete(before.key))
    if item is None or profile is None:
        return Step(None)
    if calendar is None or decode(calendar.body, Calendar).deleted:
        raise JobFailedError("The calendar was deleted in the meantime.")
    person = decode(profile.body, Person)
    counts = _counts_of(msgspec.json.decode(job.report, type=ImportReport))
    planned = decode(item.body, list[Planned])
    try:
        compared = await compare(services, owner, job.argument, planned)
        await write(services, person, job.argument, compared, counts)
    except (NotFoundError, TooLargeError) as error:
        raise JobFailedError(str(error)) from None
    return Step(str(number + 1), len(planned), report=msgspec.json.encode(report_of(job.argument, counts)))


def _counts_of(report: ImportReport) -> Counts:
    notes = [Note(note.line, note.severity, note.what, note.why) for note in report.notes]
    return Counts(report.created, report.updated, report.unchanged, report.failed, notes)
