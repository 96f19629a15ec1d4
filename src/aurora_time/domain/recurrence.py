"""When a recurrence rule occurs (RFC 5545 3.3.10, RFC 7529 SKIP), at a cost that no age of a series raises.

Time here is the *wall*: seconds since 1970-01-01T00:00:00 in no zone, perhaps negative; a DATE is its
midnight. Which instants these are is for the caller to say. Contested: docs/decisions/0002-recurrence.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Final

from aurora_time.domain.calendar_days import DAY, LAST_DAY
from aurora_time.domain.rule_blocks import Even, Hours, shape
from aurora_time.domain.rule_text import (
    Frequency,
    Rule,
    RuleError,
    Skip,
    Until,
    WeekdayNum,
    parse_rule,
    print_rule,
)

__all__ = [
    "COUNTED",
    "COUNTED_LOOKS",
    "END",
    "Frequency",
    "Rule",
    "RuleError",
    "Skip",
    "Until",
    "WeekdayNum",
    "for_dates",
    "last_occurrence",
    "next_after",
    "occurrences",
    "parse_rule",
    "print_rule",
]

END: Final = (LAST_DAY + 1) * DAY
"""The first wall after the year 9999; no rule goes on beyond it."""

COUNTED: Final = 100_000
COUNTED_LOOKS: Final = 20_000
"""How far a COUNT that no arithmetic gives is counted, in occurrences and in hours, weeks, months or years looked at.

Of weeks and longer fewer the more values the rule lists, since each look costs as much more; and 400 years at most.
A rule that goes further is taken to go on.
"""
_CYCLE: Final = 146_097 * DAY
"""After 400 years the calendar has repeated itself: what has not come by then does not come."""


class _Series:
    """A rule and its DTSTART, always its first occurrence. By COUNT it is over at the wall ``end``."""

    def __init__(self, rule: Rule, start: int) -> None:
        self.rule, self.start = rule, start
        self.shape = shape(rule, start)
        self.end = END if rule.count is None else self._nth_after_start(rule.count - 1) + 1

    def walk(self, low: int, high: int) -> Iterator[int]:
        """The walls in [low, high)."""
        if low <= self.start:
            if self.start < high:
                yield self.start
            low = self.start + 1
        if low >= high:
            return
        for base, offsets in self.shape.blocks(low, high):
            for place in range(bisect_left(offsets, low - base), len(offsets)):
                wall = base + offsets[place]
                if wall >= high:
                    return
                yield wall

    def _nth_after_start(self, nth: int) -> int:
        """The wall of the nth occurrence after DTSTART; the last there is if there are fewer."""
        if isinstance(self.shape, Even):
            return _nth_after(self.shape, self.start, nth)
        if nth > COUNTED:
            return END
        last, high = self.start, min(self.start + _CYCLE, END)
        blocks = self.shape.blocks(self.start + 1, high)
        for base, offsets in islice(blocks, self._looks()):
            passed = bisect_right(offsets, self.start - base)
            if passed + nth <= len(offsets):
                return base + offsets[passed + nth - 1] if nth else self.start
            nth -= len(offsets) - passed
            last = max(last, base + offsets[-1]) if offsets else last
        is_over = (high == END or last == self.start) and next(blocks, None) is None
        return last if is_over else END

    def _looks(self) -> int:
        """How many blocks may be looked at to count."""
        if isinstance(self.shape, Hours):
            return COUNTED_LOOKS
        rule = self.rule
        lists = (rule.by_day, rule.by_month_day, rule.by_year_day, rule.by_week_no, rule.by_month)
        return COUNTED_LOOKS // (1 + sum(map(len, lists)))


def _nth_after(even: Even, start: int, nth: int) -> int:
    """Where each block is like the first, the nth wall after ``start`` is a division away."""
    if not nth or not even.offsets:
        return start
    blocks, place = divmod(bisect_right(even.offsets, start - even.base) + nth - 1, len(even.offsets))
    return even.base + blocks * even.length + even.offsets[place]


@lru_cache(maxsize=4_096)
def _series(rule: Rule, start: int) -> _Series:
    return _Series(rule, start)


def _over(series: _Series, rule: Rule, until: int | None) -> int:
    """The wall from which on there is nothing more."""
    if until is None:
        if rule.until is None:
            return min(series.end, END)
        until = rule.until.wall + (DAY - 1 if rule.until.is_date else 0)
    return min(until + 1, series.end, END)


def occurrences(rule: Rule, start: int, low: int, high: int, until: int | None = None) -> Iterator[int]:
    """The walls in [low, high), ascending, each once.

    ``start`` is DTSTART's wall, ``until`` is UNTIL as a wall of DTSTART's zone (inclusive). Without it UNTIL
    is taken as written: a DATE includes its whole day, and a UTC time is read as if it were local.
    """
    series = _series(rule, start)
    return series.walk(low, min(high, _over(series, rule, until)))


def names_start(rule: Rule, start: int) -> bool:
    """Whether a rule names its own DTSTART, which is an occurrence in any case."""
    blocks = shape(rule, start).blocks(start, start + 1)
    return any(start - base in offsets for base, offsets in blocks)


def next_after(rule: Rule, start: int, wall: int, until: int | None = None) -> int | None:
    """The first occurrence after a wall; None when there is none, or none within the engine's patience."""
    series = _series(rule, start)
    return next(series.walk(wall + 1, _over(series, rule, until)), None)


def last_occurrence(rule: Rule, start: int, until: int | None = None) -> int | None:
    """The last occurrence of a rule with COUNT or UNTIL; None for one that goes on, or has none at all."""
    series = _series(rule, start)
    over = _over(series, rule, until)
    if over >= END:
        return None
    span, last = DAY, None
    while last is None and over - span > start:
        last = next(series.walk(over - span, over), None)
        span *= 4
    if last is None:
        last = next(series.walk(start, over), None)
    return None if last is None else _last_of(series, last, over)


def _last_of(series: _Series, last: int, over: int) -> int:
    """The last wall before ``over``, from an earlier one on by halves: there may be one each second for months."""
    while over - last > 1:
        middle = (last + over) // 2
        found = next(series.walk(middle, over), None)
        if found is None:
            over = middle
        else:
            last = found
    return last


def for_dates(rule: Rule) -> Rule:
    """The rule as it holds for a DTSTART that is a DATE: BYHOUR, BYMINUTE and BYSECOND are ignored (3.3.10).

    Raises RuleError for a FREQ below DAILY, which a DATE cannot follow.
    """
    if rule.frequency < Frequency.DAILY:
        raise RuleError("FREQ", f"{rule.frequency.name} needs a start with a time; for a date use DAILY or longer")
    if not (rule.by_hour or rule.by_minute or rule.by_second):
        return rule
    days = rule.by_month or rule.by_week_no or rule.by_year_day or rule.by_month_day or rule.by_day
    places = rule.by_set_pos if days else ()
    return replace(rule, by_hour=(), by_minute=(), by_second=(), by_set_pos=places)
