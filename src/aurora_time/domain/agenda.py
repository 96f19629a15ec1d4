"""When the mail with a day's agenda is sent: once on each day that a person chose, at a time of their own clock."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.moment import DAY, Zone
from aurora_time.domain.rule_text import WEEKDAYS

_THURSDAY: Final = 3
"""The weekday of 1970-01-01, from 0 for Monday."""
_LOOK: Final = 15
"""Days looked at: two weeks and one, since a zone may leave out a day."""


class AgendaMail(msgspec.Struct, frozen=True, array_like=True):
    """Whether somebody gets their agenda by mail, ``at`` how many seconds after midnight, and on which weekdays."""

    enabled: bool = False
    at: int = 7 * 3600
    days: tuple[str, ...] = WEEKDAYS


class AgendaDay(msgspec.Struct, frozen=True, array_like=True):
    """A day, as the wall of its midnight, and the instant at which its agenda is due."""

    day: int
    due: int


def next_agenda(wanted: AgendaMail, home: Zone, after: int, last: int | None = None) -> AgendaDay | None:
    """The first day later than the day ``last`` whose agenda is due later than the instant ``after``.

    A time that the clocks skip is the one after the gap, as with reminders; of a time that they show twice, the first.
    None if no agenda is wanted.
    """
    if not wanted.enabled or not wanted.days:
        return None
    today = home.wall(after) // DAY * DAY
    first = today - DAY if last is None else max(today - DAY, last + DAY)
    for day in range(first, first + _LOOK * DAY, DAY):
        due = home.instant(day + wanted.at)
        is_chosen = WEEKDAYS[(day // DAY + _THURSDAY) % 7] in wanted.days
        if is_chosen and due > after and home.wall(due) // DAY * DAY == day:
            return AgendaDay(day, due)
    return None
