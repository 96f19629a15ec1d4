"""How a rule unfolds, block by block, from any wall on: the arithmetic that jumps to a window.

A *block* is a base and the ascending offsets from it of the walls a rule names there. Three shapes make them:
``Even`` repeats one block for ever, ``Calendar`` asks for the days of each year, month or week, and ``Hours``
goes hour by hour through the days let through. They know no COUNT and no UNTIL, and may begin before DTSTART.
A look in vain is a block without offsets, so that who counts can tell what it costs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import gcd
from typing import Final, overload

from aurora_time.domain.calendar_days import DAY, FIRST_DAY, LAST_DAY, date_of, month_of, month_span, weekday_of
from aurora_time.domain.rule_days import days_in_month, days_in_week, days_in_year, days_limited
from aurora_time.domain.rule_text import Frequency, Rule, Skip

HOUR: Final = 3_600
MINUTE: Final = 60
_UNIT: Final = {
    Frequency.SECONDLY: 1,
    Frequency.MINUTELY: MINUTE,
    Frequency.HOURLY: HOUR,
    Frequency.DAILY: DAY,
    Frequency.WEEKLY: 7 * DAY,
}

# After so many looks in vain a rule is taken to be over. The calendar repeats itself after 400 years, so for
# years and months this is certain; below them it is a budget that no sensible rule meets (decision 0002).
PATIENCE_YEARS: Final = 400
PATIENCE_MONTHS: Final = 4_800
PATIENCE_WEEKS: Final = 2_000
PATIENCE_DAYS: Final = 10_000
PATIENCE_HOURS: Final = 20_000

Block = tuple[int, Sequence[int]]


class Grid(Sequence[int]):
    """Every sum of one number from each axis, ascending, in the memory of the axes alone.

    An axis ascends in steps wider than what the axes after it can sum to.
    """

    def __init__(self, *axes: Sequence[int]) -> None:
        self._axes = axes
        self._size = 1
        for axis in axes:
            self._size *= len(axis)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[int]:
        return map(sum, product(*self._axes))

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._size))]
        total, rest = 0, range(self._size)[index]
        for axis in reversed(self._axes):
            rest, place = divmod(rest, len(axis))
            total += axis[place]
        return total


def _sums(*axes: Sequence[int]) -> Sequence[int]:
    """The grid of the axes, spelt out when it is small: a file can ask for 31 million seconds of a year."""
    grid = Grid(*axes)
    return tuple(grid) if len(grid) <= 64 else grid


def _chosen(rule: Rule, walls: Sequence[int]) -> Sequence[int]:
    """What BYSETPOS leaves of the set of one period."""
    if not rule.by_set_pos:
        return walls
    size = len(walls)
    places = {place - 1 if place > 0 else size + place for place in rule.by_set_pos}
    return [walls[place] for place in sorted(places) if 0 <= place < size]


def _times(rule: Rule, start: int) -> list[Sequence[int]]:
    """The seconds a period (at most a day) expands to, by axis; what the rule leaves unsaid is DTSTART's."""
    axes: list[Sequence[int]] = []
    if rule.frequency >= Frequency.DAILY:
        axes.append([hour * HOUR for hour in rule.by_hour] or [start % DAY // HOUR * HOUR])
    if rule.frequency >= Frequency.HOURLY:
        axes.append([minute * MINUTE for minute in rule.by_minute] or [start % HOUR // MINUTE * MINUTE])
    if rule.frequency >= Frequency.MINUTELY:
        axes.append(_seconds(rule) or [start % MINUTE])
    return axes


def _seconds(rule: Rule) -> list[int]:
    """BYSECOND without leap seconds: 60 is 59 (RFC 5545 3.3.12)."""
    return sorted({min(second, 59) for second in rule.by_second})


def shape(rule: Rule, start: int) -> Even | Calendar | Hours:
    """How a rule with DTSTART at the wall ``start`` unfolds."""
    frequency = rule.frequency
    months = rule.by_month or rule.by_month_day
    if frequency >= Frequency.MONTHLY or (frequency >= Frequency.DAILY and months):
        return Calendar(rule, start)
    if frequency is Frequency.WEEKLY:
        return _even_weeks(rule, start)
    if frequency is Frequency.DAILY:
        return _even_days(rule, start)
    limiting_times = (rule.by_hour, rule.by_minute, rule.by_second)[: Frequency.DAILY - frequency]
    if months or rule.by_year_day or rule.by_day or any(limiting_times):
        return Hours(rule, start)
    unit = _UNIT[frequency]
    return Even(start // unit * unit, rule.interval * unit, _chosen(rule, _sums(*_times(rule, start))))


def _even_weeks(rule: Rule, start: int) -> Even:
    today = start // DAY
    first = today - (weekday_of(today) - rule.week_start) % 7
    days = [(day - first) * DAY for day in days_in_week(rule, first, today)]
    return Even(first * DAY, rule.interval * 7 * DAY, _chosen(rule, _sums(days, *_times(rule, start))))


def _even_days(rule: Rule, start: int) -> Even:
    """With BYDAY the weekdays come round after seven intervals."""
    first = start // DAY
    days: Sequence[int] = (0,)
    if rule.by_day:
        weekdays = {weekday for _, weekday in rule.by_day}
        steps = range(0, 7 * rule.interval, rule.interval)
        days = [step * DAY for step in steps if weekday_of(first + step) in weekdays]
    length = rule.interval * (7 if rule.by_day else 1) * DAY
    return Even(first * DAY, length, _sums(days, _chosen(rule, _sums(*_times(rule, start)))))


class Even:
    """The same block again and again: no part of the rule looks at the calendar."""

    def __init__(self, base: int, length: int, offsets: Sequence[int]) -> None:
        self.base, self.length, self.offsets = base, length, offsets

    def blocks(self, low: int, high: int) -> Iterator[Block]:
        """The blocks that meet [low, high); ``low`` is not before DTSTART."""
        if self.offsets:
            first = self.base + (low - self.base) // self.length * self.length
            for base in range(first, high, self.length):
                yield base, self.offsets


class Calendar:
    """Years, months and weeks of days that the calendar decides. FREQ=DAILY finds its days month by month."""

    def __init__(self, rule: Rule, start: int) -> None:
        self.rule, self.start, self.step = rule, start // DAY, rule.interval
        self.times = _times(rule, start)
        self.index: Callable[[int], int] = month_of
        self.days: Callable[[int], Sequence[int]] = self._in_month
        self.patience = PATIENCE_MONTHS
        if rule.frequency is Frequency.YEARLY:
            self.index, self.days, self.patience = _year_of, self._in_year, PATIENCE_YEARS
        elif rule.frequency is Frequency.WEEKLY:
            self.index, self.days, self.patience = self._week_of, self._in_week, PATIENCE_WEEKS
        elif rule.frequency is Frequency.DAILY:
            # BYSETPOS chooses within the day, before its days gather in a month.
            self.rule, self.step, self.days = replace(rule, by_set_pos=()), 1, self._aligned_in_month
            self.times = [_chosen(rule, _sums(*self.times))]

    def blocks(self, low: int, high: int) -> Iterator[Block]:
        """The blocks that meet [low, high); ``low`` is not before DTSTART."""
        if self.rule.skip is Skip.OMIT:
            return self._blocks(low, high)
        return _joined(self._blocks(low - DAY, high + DAY))

    def _blocks(self, low: int, high: int) -> Iterator[Block]:
        first = self.index(self.start)
        behind = self.index(max(low // DAY, FIRST_DAY)) - first
        begin = first + -(-behind // self.step) * self.step
        last = self.index(min((high - 1) // DAY, LAST_DAY))
        quiet = 0
        for period in range(begin, last + 1, self.step):
            days = [day * DAY for day in self.days(period)]
            walls = _chosen(self.rule, _sums(days, *self.times)) if days else ()
            quiet = 0 if walls else quiet + 1
            yield 0, walls
            if quiet > self.patience:
                return

    def _in_year(self, year: int) -> Sequence[int]:
        return days_in_year(self.rule, year, self.start)

    def _in_month(self, month: int) -> Sequence[int]:
        return days_in_month(self.rule, month, self.start)

    def _aligned_in_month(self, month: int) -> Sequence[int]:
        days = days_limited(self.rule, month)
        return [day for day in days if (day - self.start) % self.rule.interval == 0]

    def _in_week(self, week: int) -> Sequence[int]:
        return days_in_week(self.rule, week * 7 - 3 + self.rule.week_start, self.start)

    def _week_of(self, day: int) -> int:
        return (day + 3 - self.rule.week_start) // 7


def _year_of(day: int) -> int:
    return date_of(day).year


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """SKIP may move a day into the period beside its own: blocks that touch become one, without doubles."""
    held: Sequence[int] = ()
    for _, walls in blocks:
        if held and walls and walls[0] <= held[-1]:
            held = sorted({*held, *walls})
            continue
        yield 0, held
        held = walls
    yield 0, held


class Hours:
    """FREQ below DAILY with parts that limit: the days let through, their hours, the steps within an hour."""

    def __init__(self, rule: Rule, start: int) -> None:
        self.rule, self.unit = rule, _UNIT[rule.frequency]
        self.step = rule.interval * self.unit
        self.phase = start // self.unit * self.unit
        self.hours = rule.by_hour or range(24)
        self.expanded = _chosen(rule, _sums(*_times(rule, start)))
        self.within = _within_hour(rule)

    def blocks(self, low: int, high: int) -> Iterator[Block]:
        """The blocks that meet [low, high), one an hour; ``low`` is not before DTSTART."""
        quiet = 0
        for base in self._looks(low, high) if self._possible() else ():
            slots = self._slots(base, self.step)
            quiet = 0 if slots else quiet + 1
            yield base, _sums(slots, self.expanded) if slots else ()
            if quiet > PATIENCE_HOURS:
                return

    def _looks(self, low: int, high: int) -> Iterator[int]:
        """The hours to look into."""
        for day in self._days(low // DAY, min((high - 1) // DAY, LAST_DAY)):
            for hour in self.hours:
                base = day * DAY + hour * HOUR
                if low < base + HOUR and base < high:
                    yield base

    def _days(self, day: int, last: int) -> Iterator[int]:
        """The days up to the last that are let through and that INTERVAL does not pass over."""
        month, days, quiet = -1, [0], 0
        while quiet <= PATIENCE_DAYS:
            quiet += 1
            day = (day * DAY + self._first(day * DAY, self.step)) // DAY
            if day > last:
                return
            if month_of(day) != month:
                month = month_of(day)
                days = days_limited(self.rule, month)
            place = bisect_left(days, day)
            if place == len(days):
                day = month_span(month)[1]
            elif days[place] > day:
                day = days[place]
            else:
                yield day
                day, quiet = day + 1, 0

    def _first(self, base: int, step: int) -> int:
        """How long after a wall the next period begins."""
        return (self.phase - base) % step

    def _slots(self, base: int, step: int) -> Sequence[int]:
        """When in an hour the periods begin that are let through."""
        first = self._first(base, step)
        slots = range(first, HOUR, step)
        if not slots or self.within is None:
            return slots
        return [slot for slot in self.within if slot >= first and (slot - first) % step == 0]

    def _possible(self) -> bool:
        """Whether INTERVAL, however the weeks fall, ever meets a time of the week that is let through."""
        common = gcd(self.step, 7 * DAY)
        weekdays = {weekday for _, weekday in self.rule.by_day} or range(7)
        midnights = [(weekday - weekday_of(0)) * DAY for weekday in weekdays]
        hours = (midnight + hour * HOUR for midnight in midnights for hour in self.hours)
        return bool(self.expanded) and any(self._slots(base, common) for base in hours)


def _within_hour(rule: Rule) -> Sequence[int] | None:
    """The seconds of an hour at which BYMINUTE and BYSECOND let a period begin; None for all."""
    minutes = [minute * MINUTE for minute in rule.by_minute] or range(0, HOUR, MINUTE)
    if rule.frequency is Frequency.MINUTELY and rule.by_minute:
        return minutes
    if rule.frequency is Frequency.SECONDLY and (rule.by_minute or rule.by_second):
        return Grid(minutes, _seconds(rule) or range(MINUTE))
    return None
