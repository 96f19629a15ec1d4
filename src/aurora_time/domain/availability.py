"""A schedule's hours and what is busy, and the slots that are free between them.

Hours are walls in the schedule's zone, so nine o'clock stays nine o'clock across a change to summer time. They are open
from the first instant at which the clock shows their start or later to the first at which it shows their end or later.
Starts stand on the wall too, every ``slot_minutes`` from where a day's hours begin: one that the clock skips is
refused, one that it shows twice is offered once, the first time (RFC 5545 section 3.3.5). A slot lasts exact minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import msgspec

from aurora_time.domain.free_busy import Period
from aurora_time.domain.moment import DAY, Window, Zone
from aurora_time.domain.rule_text import WEEKDAYS
from aurora_time.domain.zones import zone

MAX_SLOT_MINUTES: Final = 24 * 60
MAX_BUFFER_MINUTES: Final = 24 * 60
MAX_HORIZON_DAYS: Final = 366
_THURSDAY: Final = 3
"""The weekday of 1970-01-01."""

Refusal = Literal["skipped", "outsideHours", "tooSoon", "tooFar", "busy", "buffer"]
"""Why a slot is not free; never what is busy."""


class Hours(msgspec.Struct, frozen=True, array_like=True):
    """From ``start`` to before ``end``, in wall seconds since midnight; ``end`` is at most the next midnight."""

    start: int
    end: int


class Weekly(msgspec.Struct, frozen=True, array_like=True):
    """Hours of some weekdays, each named as in RFC 5545 (``MO``)."""

    days: tuple[str, ...]
    hours: Hours


class DayHours(msgspec.Struct, frozen=True, array_like=True):
    """The hours of one date (wall seconds of its midnight) instead of its weekday's; none of them: a day off."""

    date: int
    hours: tuple[Hours, ...]


class Schedule(msgspec.Struct, frozen=True):
    """When somebody can be booked, as it is stored.

    Buffers and notice are minutes: a buffer is kept free before or after each booking, and a slot begins at least the
    notice and at most ``horizon_days`` from now. ``created`` and ``updated`` are instants. Without a ``slug`` there is
    no public page.
    """

    id: str
    name: str
    time_zone: str
    created: int
    updated: int
    weekly: tuple[Weekly, ...] = ()
    overrides: tuple[DayHours, ...] = ()
    busy_calendar_ids: tuple[str, ...] = ()
    slot_minutes: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 0
    horizon_days: int = 60
    slug: str = ""

    @property
    def zone(self) -> Zone:
        return zone(self.time_zone)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is not free, each merged: ``busy`` time, and that which bookings hold with their buffers."""

    busy: list[Period]
    held: list[Period]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Slots of so many minutes that start in the window, as seen at the instant ``now``."""

    window: Window
    minutes: int
    now: int


class Slot(NamedTuple):
    """A possible booking. ``wall`` is its start on the schedule's clock; a skipped one has no length."""

    wall: int
    start: int
    end: int
    refusal: Refusal | None


def first_showing(clock: Zone, wall: int) -> int:
    """The first instant at which the clock shows this wall or a later one."""
    instant = clock.instant(wall)
    missing = clock.wall(instant) - wall
    if not missing:
        return instant
    low, high = instant - missing, instant  # the wall lies in a gap, and the gap between these two
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if clock.wall(middle) >= wall else (middle + 1, high)
    return low


def merge_hours(hours: Iterable[Hours]) -> tuple[Hours, ...]:
    """The hours of one day, sorted, where those that overlap or touch are one."""
    merged: list[Hours] = []
    for each in sorted(hours, key=lambda one: one.start):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Hours(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return tuple(merged)


class _Days:
    """The hours of any day, by the wall seconds of its midnight."""

    def __init__(self, schedule: Schedule) -> None:
        self._week = [
            merge_hours(each.hours for each in schedule.weekly if weekday in each.days) for weekday in WEEKDAYS
        ]
        self._dates = {each.date: merge_hours(each.hours) for each in schedule.overrides}

    def hours(self, day: int) -> tuple[Hours, ...]:
        return self._dates.get(day, self._week[(day // DAY + _THURSDAY) % 7])

    def closing(self, day: int, hours: Hours) -> int:
        """The wall at which hours of a day close: later than their end if the next day goes on at midnight."""
        end = day + hours.end
        while end % DAY == 0 and end - day < 3 * DAY:
            following = self.hours(end)
            if not following or following[0].start:
                break
            end += following[0].end
        return end


class _Sweep:
    """Whether merged periods meet others that are asked for in the order of their starts: one pass over all."""

    def __init__(self, periods: list[Period]) -> None:
        self._periods = periods
        self._place = 0

    def meets(self, start: int, end: int) -> bool:
        periods = self._periods
        while self._place < len(periods) and periods[self._place].end <= start:
            self._place += 1
        return self._place < len(periods) and periods[self._place].start < end


class _Judge:
    """Why a slot is not free, of slots in the order of their starts."""

    def __init__(self, schedule: Schedule, taken: Taken, now: int) -> None:
        self._earliest = now + schedule.minimum_notice * 60
        self._latest = now + schedule.horizon_days * DAY
        self._before, self._after = schedule.buffer_before * 60, schedule.buffer_after * 60
        self._busy, self._near, self._held = _Sweep(taken.busy), _Sweep(taken.busy), _Sweep(taken.held)

    def refusal(self, start: int, end: int, closes: int) -> Refusal | None:
        if end > closes:
            return "outsideHours"
        if start < self._earliest:
            return "tooSoon"
        if start > self._latest:
            return "tooFar"
        if self._busy.meets(start, end):
            return "busy"
        if self._near.meets(start - self._before, end + self._after) or self._held.meets(start, end):
            return "buffer"
        return None


def slots(schedule: Schedule, taken: Taken, wanted: Wanted) -> Iterator[Slot]:
    """Every start of the schedule that lies in the window, in order, free or with the reason why not.

    A skipped start stands at the instant at which the clock skips it.
    """
    clock, days, window = schedule.zone, _Days(schedule), wanted.window
    judge = _Judge(schedule, taken, wanted.now)
    first, last = clock.wall(window.start), clock.wall(window.end)
    for day in range(first - first % DAY - DAY, last + 1, DAY):
        for hours in days.hours(day):
            closes = first_showing(clock, days.closing(day, hours))
            for wall in range(day + hours.start, day + hours.end, schedule.slot_minutes * 60):
                start = first_showing(clock, wall)
                if not window.start <= start < window.end:
                    continue
                if clock.wall(start) != wall:
                    yield Slot(wall, start, start, "skipped")
                    continue
                end = start + wanted.minutes * 60
                yield Slot(wall, start, end, judge.refusal(start, end, closes))


def slot_at(schedule: Schedule, taken: Taken, wanted: Wanted) -> Slot | None:
    """The slot that starts just when the window does; None where the schedule has no start."""
    only = Wanted(Window(wanted.window.start, wanted.window.start + 1), wanted.minutes, wanted.now)
    return next((slot for slot in slots(schedule, taken, only) if slot.refusal != "skipped"), None)


def reach(schedule: Schedule, window: Window, minutes: int) -> Window:
    """Where busy time can be in the way of slots that start in the window."""
    last = (minutes + schedule.buffer_after) * 60
    return Window(window.start - schedule.buffer_before * 60, window.end + last)


def held_by(schedule: Schedule, booked: Period) -> Period:
    """The time that a booking keeps others from: its own with its buffers."""
    return Period(booked.start - schedule.buffer_before * 60, booked.end + schedule.buffer_after * 60)
