"""What is done with tasks: seen as an event that rings, finished, and of a series moved on to its next time.

A series of tasks is one task that stands at the first time that is not done. Finishing it leaves a finished task of
its own behind (``series_id``, and ``recurrence_id`` for when it was due) and moves the series on.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.component import Event, Task, Time
from aurora_time.domain.moment import DAY, Duration, Moment, Zone
from aurora_time.domain.series import occurrences_from

OVER: Final = frozenset({"COMPLETED", "CANCELLED"})
"""Statuses of a task that wants nothing more."""
_COUNT: Final = re.compile(r"(COUNT=)(\d+)", re.IGNORECASE)


def anchor(task: Task) -> Time | None:
    """When a task is: when it is due, else when it starts. Its recurrence and its reminders count from this."""
    return task.due or task.start


class TaskEvent(Event, frozen=True):
    """A task seen as an event."""


def as_event(component: Event | Task) -> Event:
    """What rings: an event; or a task seen as one that starts and ends when it is due, and is cancelled once done.

    One that is never due has no alarms. A date lasts its day.
    """
    if isinstance(component, Event):
        return component
    task, at = component, anchor(component)
    when = at or Time(task.created, "UTC")
    return TaskEvent(
        id=task.id,
        calendar_id=task.calendar_id,
        uid=task.uid,
        summary=task.summary,
        start=when,
        end=Time.of(Duration(days=1).after(when.moment)) if when.is_date else when,
        created=task.created,
        updated=task.updated,
        description=task.description,
        location=task.location,
        url=task.url,
        recurrence=task.recurrence if at else (),
        alarms=task.alarms if at else (),
        status="CANCELLED" if task.status in OVER else "CONFIRMED",
        categories=task.categories,
    )


def moved_on(task: Task, home: Zone) -> Task | None:
    """A series at its next time after the one that it stands at; None when there is none, or it is no series."""
    at = anchor(task)
    if at is None or not task.recurrence:
        return None
    found = next(occurrences_from(as_event(task), at.wall + 1, home), None)
    if found is None:
        return None
    passed = _passed(task, at.wall, found.start.wall, home)
    lines = tuple(
        _COUNT.sub(lambda match: f"{match[1]}{max(int(match[2]) - passed, 1)}", line) for line in task.recurrence
    )
    return replace(_at_time(task, found.start), recurrence=lines, status="NEEDS-ACTION", completed=None, percent=0)


def _passed(task: Task, wall: int, following: int, home: Zone) -> int:
    """How many times of its rule lie from one wall to before another: COUNT counts those that are left out too."""
    rules = tuple(line for line in task.recurrence if line.strip().upper().startswith("RRULE"))
    times = occurrences_from(replace(as_event(task), recurrence=rules), wall, home)
    return sum(1 for _ in takewhile(lambda each: each.start.wall < following, times))


def _at_time(task: Task, when: Moment) -> Task:
    """The task due at another time; its start keeps its distance on the wall."""
    at = anchor(task)
    if at is None or task.due is None or task.start is None:
        return replace(task, **{"due" if task.due else "start": Time.of(when)})
    shift = when.wall - at.wall
    if task.start.is_date:
        shift -= shift % DAY
    return replace(task, due=Time.of(when), start=replace(task.start, wall=task.start.wall + shift))
