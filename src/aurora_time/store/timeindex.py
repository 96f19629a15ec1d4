"""Where an event stands in its owner's time index, and which ranges of it a window needs.

A single event of up to 32 days lies in one of three duration classes, sorted by the wall time of its start; the class
says how far before the window a start may lie. Whatever recurs, or is longer, is one span item sorted by its end (that
of its last occurrence or override), so that what is over costs nothing. A plain yearly series (a birthday) is sorted by
month and day. Sorts are wall times of the event's own zone, so a window is widened by a day, and the reader filters
exactly.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Window, Zone
from aurora_time.domain.rule_text import Frequency, Rule
from aurora_time.domain.series import last_end, recurrence_of
from aurora_time.ports import Key, Range
from aurora_time.store import keys

CLASS_DAYS: Final = (1, 8, 32)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _date(wall: int) -> datetime:
    return _EPOCH + timedelta(seconds=wall)


def _plain_yearly(rule: Rule) -> bool:
    """Whether a rule gives the month and day of its start, each so many years, without end."""
    return rule == Rule(frequency=Frequency.YEARLY, interval=rule.interval, week_start=rule.week_start)


def index_key(owner: str, event: Event, home: Zone) -> Key:
    """The one item of the time index that an event has. ``home`` reads its dates and floating times."""
    wall, length = event.start.wall, event.end.wall - event.start.wall
    if event.start.tzid != event.end.tzid:
        length = MAX_WALL  # two clocks: their difference says nothing
    if not (event.recurrence or event.overrides):
        for class_, days in enumerate(CLASS_DAYS):
            if length <= days * DAY:
                return keys.time_single(owner, class_, wall, event.id)
    elif not event.overrides:
        recurrence = recurrence_of(event)
        plain = len(recurrence.rules) == 1 and not recurrence.rdates and _plain_yearly(recurrence.rules[0])
        if plain and length <= DAY:
            return keys.time_yearly(owner, f"{_date(wall):%m%d}", event.id)
    end = last_end(event, home)
    return keys.time_span(owner, MAX_WALL if end is None else end, event.id)


def ranges(owner: str, window: Window) -> list[Range]:
    """The ranges of the time index in which everything lies that may overlap the window."""
    part = keys.time_single(owner, 0, 0, "").part
    low, high = window.start - DAY, window.end + DAY
    singles = [
        Range(
            part,
            f"{class_}#{keys.sortable(low - days * DAY)}",
            f"{class_}#{keys.sortable(high)}",
        )
        for class_, days in enumerate(CLASS_DAYS)
    ]
    # Its end was computed for the zone in which its owner then read dates: two zones may lie more than a day apart.
    spans = Range(part, f"s#{keys.sortable(low - DAY)}", f"s#{keys.LAST}")
    return [*singles, spans, *_yearly_ranges(part, low - DAY, high)]


def _yearly_ranges(part: str, low: int, high: int) -> list[Range]:
    whole = [Range(part, "y#", f"y#{keys.LAST}")]
    if high - low >= 360 * DAY or low < MIN_WALL or high > MAX_WALL:
        return whole
    first, last = f"{_date(low):%m%d}", f"{_date(high):%m%d}"
    if first <= last:
        return [Range(part, f"y#{first}", f"y#{last}#{keys.LAST}")]
    return [Range(part, f"y#{first}", f"y#{keys.LAST}"), Range(part, "y#", f"y#{last}#{keys.LAST}")]
