"""Where a task stands in its owner's index: the open ones by when they are due, those never due behind them, then the
done ones; and once more under the task that it is a part of. Due times are walls on the task's own clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from aurora_time.domain.component import Task, Time
from aurora_time.domain.moment import DAY, Window
from aurora_time.domain.tasks import OVER
from aurora_time.ports import Key, Range
from aurora_time.store import keys

OPEN: Final = "0"
DONE: Final = "1"
NEVER: Final = "~"
"""Sorts behind every number."""
_WIDE: Final = 2 * DAY
"""A clock on the wall is at most a day from any other; and so may be the zone in which a date was read."""
MAX_WIRE: Final = 4_000
"""Bytes of a representation up to which a listing finds it in the index."""


class TaskCard(msgspec.Struct, frozen=True, array_like=True):
    """What the index holds of a task; one whose ``wire`` is too large is read from its object."""

    calendar_id: str
    due: Time | None
    wire: bytes | None
    done: bool = False


def card(task: Task, wire: bytes) -> TaskCard:
    return TaskCard(task.calendar_id, task.due, wire if len(wire) <= MAX_WIRE else None, task.status in OVER)


def index_keys(owner: str, task: Task) -> list[Key]:
    """The items of the index that a task has."""
    due = keys.sortable(task.due.wall) if task.due else NEVER
    found = [keys.task(owner, DONE if task.status in OVER else OPEN, due, task.id)]
    if task.parent_id is not None:
        found.append(keys.subtask(owner, task.parent_id, due, task.id))
    return found


def ranges(owner: str, states: Sequence[str], window: Window | None) -> list[Range]:
    """The ranges in which the tasks of some states lie, those that are due in a window and a little around it."""
    part = keys.task(owner, "", "", "").part
    if window is None:
        return [Range(part, f"{state}#", f"{state}#{keys.LAST}") for state in states]
    low, high = keys.sortable(window.start - _WIDE), keys.sortable(window.end + _WIDE)
    return [Range(part, f"{state}#{low}", f"{state}#{high}") for state in states]


def parts_of(owner: str, parent_id: str) -> Range:
    """The range of a task's parts, by when they are due."""
    prefix = f"{parent_id}#"
    return Range(keys.subtask(owner, "", "", "").part, prefix, prefix + keys.LAST)


def task_id(sort: str) -> str:
    """Whose item of the index this is."""
    return sort.rsplit("#", 1)[1]
