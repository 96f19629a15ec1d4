"""Which days a rule names in one year, month or week: the table of RFC 5545 3.3.10, cell by cell.

Days, months and spans are those of ``calendar_days``. What a rule leaves unsaid comes from ``start``, the day
of DTSTART. A day that SKIP moves may lie just outside its month or year.
"""

from __future__ import annotations

from collections.abc import Iterable

from aurora_time.domain.calendar_days import (
    FIRST_DAY,
    LAST_DAY,
    date_of,
    first_week,
    month_of,
    month_span,
    nth_weekdays,
    numbered_days,
    weekday_of,
    year_span,
)
from aurora_time.domain.rule_text import Frequency, Rule

Span = tuple[int, int]


def days_in_week(rule: Rule, first: int, start: int) -> list[int]:
    """FREQ=WEEKLY: BYDAY expands, BYMONTH limits. ``first`` is the week's first day."""
    weekdays = {weekday for _, weekday in rule.by_day} or {weekday_of(start)}
    days = sorted(first + (weekday - rule.week_start) % 7 for weekday in weekdays)
    if not rule.by_month:
        return days
    return [day for day in days if FIRST_DAY <= day <= LAST_DAY and date_of(day).month in rule.by_month]


def days_in_month(rule: Rule, month: int, start: int) -> list[int]:
    """FREQ=MONTHLY: BYMONTHDAY expands; BYDAY expands alone and limits beside it; BYMONTH limits."""
    if rule.by_month and month % 12 + 1 not in rule.by_month:
        return []
    span = month_span(month)
    if rule.by_day and not rule.by_month_day:
        return sorted(_weekdays(rule, span))
    numbers = rule.by_month_day or (date_of(start).day,)
    return sorted(_on_weekdays(rule, numbered_days(span, numbers, rule.skip.value)))


def days_in_year(rule: Rule, year: int, start: int) -> list[int]:
    """FREQ=YEARLY: a part expands where it stands alone and narrows beside others; BYDAY as in note 2."""
    named = _named_in_year(rule, year)
    spans = _month_spans(rule, year) if rule.by_month else [year_span(year)]
    if named is None and rule.by_day:
        return sorted({day for span in spans for day in _weekdays(rule, span)})
    anchor = date_of(start)
    if named is None:
        months = spans if rule.by_month else [month_span(year * 12 + anchor.month - 1)]
        return sorted(_in_months(months, (anchor.day,), rule.skip.value))
    if rule.by_week_no and not (rule.by_day or rule.by_year_day or rule.by_month_day):
        named = {day for day in named if weekday_of(day) == weekday_of(start)}
    return sorted(_on_weekdays(rule, named))


def days_limited(rule: Rule, month: int) -> list[int]:
    """FREQ=DAILY and below: the days of a month that BYMONTH, BYYEARDAY, BYMONTHDAY and BYDAY let through."""
    if rule.by_month and month % 12 + 1 not in rule.by_month:
        return []
    span = month_span(month)
    days: Iterable[int] = range(*span)
    if rule.by_month_day:
        days = numbered_days(span, rule.by_month_day, 0)
    if rule.by_year_day:
        days = numbered_days(year_span(month // 12), rule.by_year_day, 0).intersection(days)
    return sorted(_on_weekdays(rule, days))


def _named_in_year(rule: Rule, year: int) -> set[int] | None:
    """The days on which BYWEEKNO, BYYEARDAY, BYMONTHDAY and BYMONTH agree; None without the first three."""
    sets: list[set[int]] = []
    if rule.by_month_day:
        sets.append(_in_months(_month_spans(rule, year), rule.by_month_day, rule.skip.value))
    if rule.by_year_day:
        sets.append(numbered_days(year_span(year), rule.by_year_day, rule.skip.value))
    if rule.by_week_no:
        sets.append(_in_weeks(rule, year))
    if not sets:
        return None
    named = set.intersection(*sets)
    if rule.by_month and not rule.by_month_day:
        return {day for day in named if month_of(day) % 12 + 1 in rule.by_month}
    return named


def _month_spans(rule: Rule, year: int) -> list[Span]:
    return [month_span(year * 12 + month - 1) for month in rule.by_month or range(1, 13)]


def _in_months(spans: Iterable[Span], numbers: Iterable[int], skip: int) -> set[int]:
    return {day for span in spans for day in numbered_days(span, numbers, skip)}


def _in_weeks(rule: Rule, year: int) -> set[int]:
    """The days of the calendar year in the numbered weeks; its edges may lie in weeks of other years."""
    first, end = year_span(year)
    days: set[int] = set()
    for week_year in (year - 1, year, year + 1):
        week_one, after = (first_week(week_year + more, rule.week_start) for more in (0, 1))
        for number in rule.by_week_no:
            begin = week_one + 7 * (number - 1) if number > 0 else after + 7 * number
            if week_one <= begin < after:
                days.update(range(max(begin, first), min(begin + 7, end)))
    return days


def _weekdays(rule: Rule, span: Span) -> set[int]:
    return {day for ordinal, weekday in rule.by_day for day in nth_weekdays(span, weekday, ordinal)}


def _on_weekdays(rule: Rule, days: Iterable[int]) -> Iterable[int]:
    """The days that BYDAY lets through where it limits."""
    if not rule.by_day:
        return days
    plain = {weekday for ordinal, weekday in rule.by_day if not ordinal}
    if len(plain) == len(rule.by_day):
        return [day for day in days if weekday_of(day) in plain]
    return [day for day in days if day in _weekdays(rule, _span_of(rule, day))]


def _span_of(rule: Rule, day: int) -> Span:
    """Where the ordinals of BYDAY count: the year, or the month if FREQ or BYMONTH speak of months."""
    if rule.frequency is Frequency.YEARLY and not rule.by_month:
        return year_span(date_of(day).year)
    return month_span(month_of(day))
