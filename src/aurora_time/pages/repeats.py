"""How an event repeats, in words; a rule that would need too many of them is shown as it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Moment, Zone
from aurora_time.domain.recurrence_lines import parse_recurrence
from aurora_time.domain.rule_text import Frequency, Rule, Until, print_rule
from aurora_time.mail.wording import Locale, Wall, date_text
from aurora_time.pages.catalogue import WORDS
from aurora_time.pages.words import Words

if TYPE_CHECKING:
    from aurora_time.pages.view import Mine


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line about repeating; ``rule`` is the RRULE that words do not say, or empty."""

    text: str
    rule: str = ""


def repeats_of(view: Mine, event: Event) -> list[Repeat]:
    """The rules of a series, and how many dates are left out of it or added."""
    return repeats_in(event.recurrence, event.start.moment, view.home, view.locale)


def repeats_in(recurrence_lines: tuple[str, ...], start: Moment, home: Zone, locale: Locale) -> list[Repeat]:
    """The same of the lines of a series that starts then. Raises RecurrenceError."""
    words = WORDS[locale]
    recurrence = parse_recurrence(recurrence_lines, start)
    lines = [_rule(rule, start.zone or home, locale) for rule in recurrence.rules]
    left_out = len(recurrence.exdates) + len(recurrence.exdays)
    for count, one, many in (
        (left_out, words.left_out_one, words.left_out),
        (len(recurrence.rdates), words.added_date_one, words.added_dates),
    ):
        if count:
            lines.append(Repeat(one if count == 1 else many.format(count=count)))
    return lines


def _rule(rule: Rule, zone: Zone, locale: Locale) -> Repeat:
    words = WORDS[locale]
    days = _days(rule, words)
    if days is None:
        return Repeat(words.repeat_own, f"RRULE:{print_rule(rule)}")
    every = words.repeat_every if rule.interval == 1 else words.repeat_every_few
    text = every[rule.frequency.name].format(count=rule.interval)
    text = f"{text} {days}" if days else text
    if rule.count is not None:
        text += f", {words.repeat_once if rule.count == 1 else words.repeat_times.format(count=rule.count)}"
    if rule.until is not None:
        last = date_text(Wall(_last_wall(rule.until, zone)).day, locale)
        text += f", {words.repeat_until.format(date=last)}"
    return Repeat(text)


def _days(rule: Rule, words: Words) -> str | None:
    """The days that a rule names, empty if it names none; None if it says more than there are words for."""
    plain = replace(rule, interval=1, count=None, until=None, by_month_day=(), by_day=(), week_start=0)
    if plain != Rule(rule.frequency) or rule.frequency.name not in words.repeat_every:
        return None
    if not rule.by_day and not rule.by_month_day:
        return ""
    if rule.frequency is Frequency.WEEKLY:
        return words.repeat_on.format(days=", ".join(words.weekdays[day.weekday] for day in rule.by_day))
    return _day_of_month(rule, words) if rule.frequency is Frequency.MONTHLY else None


def _day_of_month(rule: Rule, words: Words) -> str | None:
    if len(rule.by_day) + len(rule.by_month_day) > 1:
        return None
    for date in rule.by_month_day:
        return words.repeat_on_date.format(date=date) if date > 0 else None
    (day,) = rule.by_day
    nth = words.repeat_nth.get(day.ordinal)
    return nth.format(day=words.weekdays[day.weekday]) if nth else None


def _last_wall(until: Until, zone: Zone) -> int:
    """UNTIL on the clock of the event; so close to the years 1 and 9999 no clock is asked."""
    if until.is_utc and MIN_WALL + 2 * DAY < until.wall < MAX_WALL - 2 * DAY:
        return zone.wall(until.wall)
    return until.wall
