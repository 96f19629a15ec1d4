"""The Gregorian calendar in whole numbers.

A *day* counts from 1970-01-01 (day 0, may be negative); a *month* is ``year * 12 + month - 1``; a *weekday*
is 0 for Monday to 6 for Sunday; a *span* is a first day and the first one after. Years run from 1 to 9999.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()
FIRST_DAY: Final = date.min.toordinal() - _EPOCH
LAST_DAY: Final = date.max.toordinal() - _EPOCH
LAST_MONTH: Final = 9999 * 12 + 11


def day_of(year: int, month: int, month_day: int) -> int:
    """The day of a date. Raises ValueError when the calendar has no such date."""
    return date(year, month, month_day).toordinal() - _EPOCH


def date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def weekday_of(day: int) -> int:
    return (day + 3) % 7


def month_of(day: int) -> int:
    found = date_of(day)
    return found.year * 12 + found.month - 1


def year_span(year: int) -> tuple[int, int]:
    """The first day of a year and the first day after it."""
    first = day_of(year, 1, 1)
    return first, first + 365 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def month_span(month: int) -> tuple[int, int]:
    """The first day of a month and the first day after it."""
    first = day_of(month // 12, month % 12 + 1, 1)
    if month == LAST_MONTH:
        return first, LAST_DAY + 1
    return first, day_of((month + 1) // 12, (month + 1) % 12 + 1, 1)


def first_week(year: int, week_start: int) -> int:
    """The first day of week number one: the first with four days or more in the year (RFC 5545 3.3.10)."""
    fourth = day_of(1, 1, 4) + 365 * (year - 1) + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    return fourth - (weekday_of(fourth) - week_start) % 7


def nth_weekdays(span: tuple[int, int], weekday: int, ordinal: int) -> range:
    """The nth such weekday of a span, from its end when negative; every one for ordinal 0."""
    first, end = span
    if ordinal < 0:
        day = end - 1 - (weekday_of(end - 1) - weekday) % 7 + 7 * (ordinal + 1)
        return range(day, day + (day >= first))
    day = first + (weekday - weekday_of(first)) % 7
    if ordinal == 0:
        return range(day, end, 7)
    day += 7 * (ordinal - 1)
    return range(day, day + (day < end))


def numbered_days(span: tuple[int, int], numbers: Iterable[int], skip: int) -> set[int]:
    """The days of a span by their number, from its end when negative.

    A number the span does not have is left out; with ``skip`` 1 it becomes the next day that exists, with -1
    the one before (RFC 7529 SKIP), which may lie just outside the span.
    """
    first, end = span
    days = set()
    for number in numbers:
        day = first + number - 1 if number > 0 else end + number
        if not first <= day < end:
            if not skip:
                continue
            forward, backward = (end, end - 1) if number > 0 else (first, first - 1)
            day = forward if skip > 0 else backward
        if FIRST_DAY <= day <= LAST_DAY:
            days.add(day)
    return days
