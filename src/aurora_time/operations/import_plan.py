"""From a text to what an import has to do: read, checked and given ids before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from aurora_time.domain.component import MAX_OBJECT_BYTES, Event, Task, Time
from aurora_time.domain.icalendar import Fresh, Note, Report, UnreadableError, read_calendar
from aurora_time.domain.icalendar_fields import MAX_DESCRIPTION
from aurora_time.domain.moment import DAY, MomentError, Zone
from aurora_time.domain.recurrence_lines import RecurrenceError
from aurora_time.domain.series import recurrence_of
from aurora_time.domain.tasks import as_event
from aurora_time.operations.drafts import EARLIEST, LATEST, LONGEST_DAYS, OUT_OF_YEARS, check_overlap
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.task_parts import MAX_LEVELS

_ANSWERS: Final = frozenset({"REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"})
"""iTIP messages that say something of an invitation and are no events to keep (RFC 5546 1.4)."""


class Planned(msgspec.Struct, frozen=True):
    """An object to import, and the line where it begins; ``is_new`` if nothing was here under its UID."""

    line: int
    event: Event | None
    task: Task | None = None
    is_new: bool = True

    @property
    def made(self) -> Event | Task:
        made = self.event or self.task
        if made is None:
            raise ValueError("what is planned is an event or a task")
        return made


@dataclass(frozen=True, slots=True)
class Plan:
    """``failed`` counts the objects that are left out; ``notes`` are the reader's and ours, by line."""

    planned: list[Planned]
    notes: list[Note]
    failed: int


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a text is read: the calendar, the instant, the zone of dates, and where reminders are mailed."""

    calendar_id: str
    now: int
    home: Zone
    address: str


def read_plan(text: bytes, reader: Reader) -> Plan:
    """Read and check a whole text. Ids are UIDs still: see ``with_ids``. Raises InvalidError for iTIP's answers."""
    report = Report()
    reading = read_calendar(text, Fresh(reader.calendar_id, reader.now, lambda uid: uid, reader.address), report)
    if reading.method in _ANSWERS:
        detail = f"This is the {reading.method} of an invitation, not events to keep. Open it where it was sent to."
        raise InvalidError("", detail)
    kept: list[Planned] = []
    uids: set[str] = set()
    for line, made in zip(reading.lines, reading.objects, strict=True):
        why = refusal(made, reader.home)
        if why is None and made.uid in uids:
            why = "Its UID belongs to something else in this text already."
        if why is None:
            uids.add(made.uid)
            kept.append(
                Planned(line, made if isinstance(made, Event) else None, made if isinstance(made, Task) else None)
            )
        else:
            report.refuse(UnreadableError(line, "VTODO" if isinstance(made, Task) else "VEVENT", why))
    planned = list(_with_parents(kept, report))
    return Plan(planned, list(report.notes()), report.refused)


def refusal(made: Event | Task, home: Zone) -> str | None:
    """Why an object cannot be kept here, for its times or its size; None if it can."""
    size = len(msgspec.json.encode(made))
    if size > MAX_OBJECT_BYTES:
        # A text too long to be shown is kept whole beside what is shown of it, so also a smaller file can be too large.
        twice = f"of a text of more than {MAX_DESCRIPTION:,} characters, what is shown counts again"
        return f"It takes {size:,} bytes as it is kept here, and at most {MAX_OBJECT_BYTES:,} are; {twice}."
    for each in (made, *made.overrides):
        times = (each.start, each.end if isinstance(each, Event) else each.due, each.recurrence_id)
        if not all(EARLIEST <= time.wall < LATEST for time in times if time is not None):
            return OUT_OF_YEARS
        why = _length_refusal(as_event(each), home)
        if why is not None:
            return why
    return None


def _length_refusal(event: Event, home: Zone) -> str | None:
    if _instant(event.end, home) - _instant(event.start, home) > LONGEST_DAYS * DAY:
        return f"An event lasts at most {LONGEST_DAYS:,} days."
    if not event.recurrence:
        return None
    try:
        read = recurrence_of(event)
        for period in read.rdates:
            length = period.length
            if not EARLIEST <= period.wall < LATEST:
                return OUT_OF_YEARS
            if length is not None and length.days * DAY + length.seconds > LONGEST_DAYS * DAY:
                return f"An occurrence lasts at most {LONGEST_DAYS:,} days."
        check_overlap(event, home)
    except (InvalidError, RecurrenceError, MomentError) as error:
        return str(error)
    return None


def _instant(time: Time, home: Zone) -> int:
    return time.instant(home)


def _with_parents(kept: Sequence[Planned], report: Report) -> Iterator[Planned]:
    """Tasks as parts of others only where those are kept, without circles and not too deep."""
    parents = {each.task.id: each.task.parent_id for each in kept if each.task is not None}
    for each in kept:
        task = each.task
        if task is None:
            yield each
            continue
        if task.series_id is not None and task.series_id not in parents:
            task = replace(task, series_id=None)
        if task.parent_id is not None and not _may_be_part(task.id, parents):
            why = (
                f"It is kept as no part of another: that is left out, or there is a circle or over {MAX_LEVELS} levels."
            )
            report.warn(each.line, "RELATED-TO", why)
            parents[task.id] = None
            task = replace(task, parent_id=None)
        yield each if task is each.task else Planned(each.line, None, task)


def _may_be_part(task_id: str, parents: dict[str, str | None]) -> bool:
    above = parents[task_id]
    for _ in range(MAX_LEVELS):
        if above is None:
            return True
        if above == task_id or above not in parents:
            return False
        above = parents[above]
    return above is None


def with_ids(planned: Iterable[Planned], known: dict[str, str], new_id: Callable[[], str]) -> list[Planned]:
    """The objects with ids in the place of the UIDs that stand for them; ``known`` are those of what is here."""
    made = dict(known)

    def id_for(uid: str) -> str:
        if uid not in made:
            made[uid] = new_id()
        return made[uid]

    return [_with_id(each, id_for, is_new=each.made.uid not in known) for each in planned]


def _with_id(planned: Planned, id_for: Callable[[str], str], *, is_new: bool) -> Planned:
    event, task = planned.event, planned.task
    if event is not None:
        made = id_for(event.id)
        overrides = tuple(replace(each, id=made) for each in event.overrides)
        event = replace(event, id=made, overrides=overrides)
    if task is not None:
        made = id_for(task.id)
        parent = id_for(task.parent_id) if task.parent_id else None
        series = id_for(task.series_id) if task.series_id else None
        parts = tuple(replace(each, id=made) for each in task.overrides)
        task = replace(task, id=made, parent_id=parent, series_id=series, overrides=parts)
    return Planned(planned.line, event, task, is_new)
