"""A task as the API shows and takes it, and what an input means; fields map one to one to a VTODO's."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from aurora_time.domain.component import MAX_OBJECT_BYTES, Task, Time
from aurora_time.domain.moment import DAY, Moment, MomentError, Zone, parse_instant, print_compact, print_instant
from aurora_time.operations.drafts import SCRIPTS, Fresh, floats, read_alarms, read_recurrence, read_time
from aurora_time.operations.errors import InvalidError, TooLargeError
from aurora_time.operations.representation import (
    DateOrTime,
    Id,
    Line,
    Reminders,
    Summary,
    Text,
    Uri,
    reminder_override,
    time_value,
)

Status = Literal["NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED"]
_WORD: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_TEXT: Final = "Text without control characters."
_Word = Annotated[str, Meta(min_length=1, max_length=100, pattern=_WORD, description=_TEXT)]


class TaskInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A task as a client writes it. Only `summary` cannot be guessed. `completed` is RFC 3339 with an offset; with it
    `status` is COMPLETED and `percent` 100, and each of the three sets the others. `priority` 1 is the highest, 0 none.
    """

    summary: Summary
    due: DateOrTime | None = None
    # UNSET, which no document says: a patch that moves the due time and says nothing of the start.
    start: DateOrTime | UnsetType | None = None
    calendar_id: Id | None = None
    uid: Annotated[str, Meta(min_length=1, max_length=1_000, pattern=_WORD, description=_TEXT)] | None = None
    description: Text = ""
    location: Line = ""
    url: Uri | None = None
    completed: Annotated[str, Meta(max_length=40)] | None = None
    status: Status = "NEEDS-ACTION"
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    priority: Annotated[int, Meta(ge=0, le=9)] = 0
    recurrence: Annotated[tuple[str, ...], Meta(max_length=2_000)] = ()
    reminders: Reminders = Reminders()
    categories: Annotated[tuple[_Word, ...], Meta(max_length=50)] = ()
    parent_id: Id | None = None


TASK_READ_ONLY: Final = frozenset({"id", "seriesId", "recurrenceId", "sequence", "created", "updated", "etag"})


class TaskResource(msgspec.Struct, frozen=True, rename="camel"):
    """A task. `parentId` is the task that it is a part of. One that was done once of a series has the series' id as
    `seriesId`, and as `recurrenceId` the local time at which it was due.
    """

    id: str
    calendar_id: str
    uid: str
    summary: str
    description: str
    location: str
    url: str | None
    due: DateOrTime | None
    start: DateOrTime | None
    completed: str | None
    status: str
    percent: int
    priority: int
    recurrence: tuple[str, ...]
    reminders: Reminders
    categories: tuple[str, ...]
    parent_id: str | None
    series_id: str | None
    recurrence_id: str | None
    sequence: int
    created: str
    updated: str
    etag: str


def task_resource(task: Task, version: str) -> TaskResource:
    alarms, was = task.alarms, task.recurrence_id
    return TaskResource(
        id=task.id,
        calendar_id=task.calendar_id,
        uid=task.uid,
        summary=task.summary,
        description=task.description,
        location=task.location,
        url=task.url,
        due=time_value(task.due) if task.due else None,
        start=time_value(task.start) if task.start else None,
        completed=None if task.completed is None else print_instant(task.completed),
        status=task.status,
        percent=task.percent,
        priority=task.priority,
        recurrence=task.recurrence,
        reminders=Reminders() if alarms is None else Reminders(False, tuple(map(reminder_override, alarms))),
        categories=task.categories,
        parent_id=task.parent_id,
        series_id=task.series_id,
        recurrence_id=print_compact(was.wall, is_date=was.is_date) if was else None,
        sequence=task.sequence,
        created=print_instant(task.created),
        updated=print_instant(task.updated),
        etag=version,
    )


def read_task(body: TaskInput, fresh: Fresh, old: Task | None = None) -> Task:
    """The task that an input means; with ``old`` its next version. Raises InvalidError or TooLargeError."""
    start, due = _times(body, fresh, old)
    at = due or start
    _check_recurrence(body, at, old)
    if body.url and body.url.partition(":")[0].lower() in SCRIPTS:
        raise InvalidError("/url", "A link that runs a script is not taken. Give one like `https://example.org/a`.")
    status, completed, percent = _state(body, fresh.now, old)
    task = Task(
        id=fresh.id,
        calendar_id=body.calendar_id or (old.calendar_id if old else fresh.calendar_id),
        uid=body.uid or fresh.uid,
        summary=body.summary,
        created=old.created if old else fresh.now,
        updated=fresh.now,
        due=Time.of(due) if due else None,
        start=Time.of(start) if start else None,
        completed=completed,
        description=body.description,
        location=body.location,
        url=body.url,
        percent=percent,
        priority=body.priority,
        status=status,
        recurrence=read_recurrence(body.recurrence, at) if at else (),
        alarms=read_alarms(body.reminders, at is not None and at.is_date),
        categories=body.categories,
        parent_id=body.parent_id,
        sequence=old.sequence if old else 0,
        recurrence_id=old.recurrence_id if old else None,
        overrides=old.overrides if old else (),
        extra=old.extra if old else (),
        series_id=old.series_id if old else None,
    )
    if len(msgspec.json.encode(task)) > MAX_OBJECT_BYTES:
        raise TooLargeError(f"A task has at most {MAX_OBJECT_BYTES} bytes; shorten its description.")
    if old is not None and _is_significant(old, task):
        task = msgspec.structs.replace(task, sequence=old.sequence + 1)
    return task


def _check_recurrence(body: TaskInput, at: Moment | None, old: Task | None) -> None:
    """A series of tasks moves on, and rules count from where it stands: only a rule alone means the same again.

    What was imported stays as it is.
    """
    if body.recurrence and at is None:
        raise InvalidError("/recurrence", "A task that recurs has a time to recur from. Give `due`.")
    if old is not None and body.recurrence == old.recurrence:
        return
    names = [line.lstrip().upper() for line in body.recurrence if not line.lstrip().upper().startswith("EXDATE")]
    if len(names) > 1 and any(name.startswith("RRULE") for name in names):
        raise InvalidError("/recurrence", "A task recurs by one RRULE, or by RDATEs. Make a second task of the rest.")


def _times(body: TaskInput, fresh: Fresh, old: Task | None) -> tuple[Moment | None, Moment | None]:
    old = old or Task("", "", "", "", 0, 0)
    due = read_time(body.due, "/due", fresh.home, floats=floats(old.due)) if body.due else None
    clock = due.zone if due and due.zone else fresh.home
    if body.start is UNSET:
        start = _along(old, due, fresh.home)
    else:
        start = read_time(body.start, "/start", clock, floats=floats(old.start)) if body.start else None
    if start is not None and due is not None:
        if start.is_date != due.is_date:
            raise InvalidError("/start", "`start` and `due` are either both dates or both times.")
        if start.instant(fresh.home) > due.instant(fresh.home):
            raise InvalidError(
                "/start", "A task starts at the latest when it is due. Who moves the start sends `due` too."
            )
    return start, due


def _along(old: Task, due: Moment | None, home: Zone) -> Moment | None:
    """The start of a task whose due time alone is moved: as it was, unless it would lie after that or be of another
    kind; then it goes along.
    """
    if old.start is None or old.due is None or due is None:
        return old.start.moment if old.start else None
    start = old.start.moment
    if start.is_date == due.is_date and start.instant(home) <= due.instant(home):
        return start
    before = old.due.wall - old.start.wall
    return Moment(due.wall - (before - before % DAY if due.is_date else before), due.zone, due.is_date)


def _state(body: TaskInput, now: int, old: Task | None) -> tuple[str, int | None, int]:
    """Status, completed and percent, which say the same in three ways: whichever was changed counts."""
    before = old or Task("", "", "", "", 0, 0)
    was_done = before.status == "COMPLETED"
    completed = _completed(body.completed)
    if body.status != before.status:
        done = body.status == "COMPLETED"
    elif (completed is None) != (before.completed is None):
        done = completed is not None
    elif body.percent != before.percent:
        done = body.percent == 100
    else:
        done = was_done
    if done:
        return "COMPLETED", now if completed is None else completed, 100
    status = "NEEDS-ACTION" if body.status == "COMPLETED" else body.status
    return status, None, 0 if body.percent == 100 else body.percent


def _completed(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except MomentError as error:
        raise InvalidError("/completed", f"{error}.") from None


def _is_significant(old: Task, new: Task) -> bool:
    return (old.start, old.due, old.recurrence, old.status) != (new.start, new.due, new.recurrence, new.status)
