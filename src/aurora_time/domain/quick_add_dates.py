"""Dates from words: tomorrow, next Tuesday, 3 Dec, 12/5, cuối tuần, mùng 3."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from aurora_time.domain.calendar_days import date_of, day_of, month_of, month_span, weekday_of
from aurora_time.domain.quick_add_clock import UNITS, Scene

_FIRST: Final = day_of(1000, 1, 1)
_LAST: Final = day_of(8999, 12, 31)
_SATURDAY: Final = 5


class Day(NamedTuple):
    """Days from the first to the last, counted from 1970-01-01. Where two stand together the more ``exact`` counts.

    ``has_month``: the day of a month was said, not one of the week. ``each``: where a time is told, it is that of each.
    """

    first: int
    last: int
    exact: int = 0
    has_month: bool = False
    each: bool = False


def read_day(text: str, scene: Scene) -> Day | None:
    """What day that is; None for one that no calendar has, or of a year that we do not keep."""
    found = scene.grammar.whole("day", text)
    if found is None:
        return None
    try:
        day = _READERS[found[0]](found[1], scene)
    except ValueError:
        return None
    return day if day is not None and _FIRST <= day.first <= day.last <= _LAST else None


def _offset(match: re.Match[str], scene: Scene) -> Day:
    day = scene.today + scene.grammar.words.days[match["offset"]]
    return Day(day, day, 3)


def _weekday(match: re.Match[str], scene: Scene) -> Day:
    weekday = scene.grammar.words.weekdays[match["weekday"]]
    if match["week"]:
        day = scene.today - weekday_of(scene.today) + 7 + weekday
    else:
        day = scene.today + (weekday - weekday_of(scene.today)) % 7
    return Day(day, day, 2 if match["week"] else 1)


def _within(match: re.Match[str], scene: Scene) -> Day:
    words = scene.grammar.words
    number = int(match["n"]) if match["n"].isdigit() else int(words.numbers[match["n"]])
    kind, factor = UNITS[words.units[match["unit"].removesuffix("'s").rstrip("'")]]
    day = later(scene.today, number * factor) if kind == "month" else scene.today + number * factor
    return Day(day, day, 3)


def later(day: int, months: int) -> int:
    """The same day of a later month, or its last. Raises ValueError beyond the year 9999."""
    first, end = month_span(month_of(day) + months)
    return min(first + date_of(day).day - 1, end - 1)


def _date(match: re.Match[str], scene: Scene) -> Day:
    words = scene.grammar.words
    groups = match.groupdict()
    number = int(match["d"]) if match["d"].isdigit() else int(words.numbers[match["d"]])
    month = words.months[match["month"]]
    first = _of_year(groups.get("y"), month, number, scene)
    last = int(groups.get("d2") or 0)
    return Day(first, max(first, first + last - number) if last else first, 4, has_month=True)


def yearly_day(month: int, number: int, scene: Scene) -> Day:
    """That day of the first year in which it is still to come."""
    day = _of_year(None, month, number, scene)
    return Day(day, day, 4, has_month=True)


def _of_year(year: str | None, month: int, day: int, scene: Scene) -> int:
    """That day of the year, or without one of the first year in which it is still to come."""
    if year:
        return day_of(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date_of(scene.today).year
    for each in range(this, this + 9):
        try:
            found = day_of(each, month, day)
        except ValueError:
            continue  # 29 February
        if found >= scene.today:
            return found
    raise ValueError(f"no year has a day {day} in month {month}")


def _slash(match: re.Match[str], scene: Scene) -> Day:
    first, second = int(match["a"]), int(match["b"])
    is_month_first = (scene.month_first and first <= 12) or second > 12
    month, number = (first, second) if is_month_first else (second, first)
    day = _of_year(match["y"], month, number, scene)
    return Day(day, day, 4, has_month=True)


def month_days(month: int, year: str, scene: Scene) -> tuple[int, int] | None:
    """The first and the last day of a month: of that year, or of the next such month that is not over."""
    this = month_of(scene.today)
    number = int(year) * 12 + month - 1 if year else this + (month - 1 - this) % 12
    first, end = month_span(number) if 12_000 <= number < 108_000 else (0, 0)
    return (first, end - 1) if end else None


def _iso(match: re.Match[str], scene: Scene) -> Day:
    day = _of_year(match["y"], int(match["m"]), int(match["d"]), scene)
    return Day(day, day, 4, has_month=True)


def _month_day(match: re.Match[str], scene: Scene) -> Day | None:
    words, groups = scene.grammar.words, match.groupdict()
    number = int(match["d"] or words.numbers[groups["named"]])
    month = month_of(scene.today) + bool(match["which"])
    for each in range(month, month + 13):
        first, end = month_span(each)
        if 1 <= number <= end - first and first + number - 1 >= scene.today:
            return Day(first + number - 1, first + number - 1, 3, has_month=True)
    return None


def _vague(match: re.Match[str], scene: Scene) -> Day:
    name, count = scene.grammar.words.vague[match["vague"]].split()
    ahead, today = int(count), scene.today
    monday = today - weekday_of(today) + 7 * ahead
    if name == "weekend":
        return Day(max(monday + _SATURDAY, today), monday + _SATURDAY + 1)
    if name == "year":
        day = day_of(date_of(today).year + ahead, 1, 1)
    elif name == "year-end":
        day = day_of(date_of(today).year, 12, 31)
    elif name == "month":
        day = month_span(month_of(today) + ahead)[0]
    elif name == "month-end":
        day = month_span(month_of(today) + ahead)[1] - 1
    else:
        day = max(monday + (4 if name == "week-end" else 0), today)
    return Day(day, day)


_READERS: Final[dict[str, Callable[[re.Match[str], Scene], Day | None]]] = {
    "offset": _offset,
    "weekday": _weekday,
    "within": _within,
    "date": _date,
    "slash": _slash,
    "iso": _iso,
    "month_day": _month_day,
    "vague": _vague,
}
