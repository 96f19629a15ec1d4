"""The lines that say when something recurs: RRULE, RDATE and EXDATE, read on the clock of its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.domain.moment import DAY, UTC, Duration, Moment, MomentError
from aurora_time.domain.recurrence import for_dates
from aurora_time.domain.rule_text import Rule, RuleError, parse_rule
from aurora_time.domain.zones import UnknownZoneError, zone

MAX_LINES: Final = 2_000


class RecurrenceError(ValueError):
    """A recurrence line that cannot be read; ``line`` is its index."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Period:
    """An RDATE: its start on the event's own clock, and the length if it has one of its own."""

    wall: int
    length: Duration | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The parsed lines of an event, on the clock of its start. ``exdays`` (midnights) are out whatever the hour."""

    start: Moment
    rules: tuple[Rule, ...] = ()
    rdates: tuple[Period, ...] = ()
    exdates: frozenset[int] = frozenset()
    exdays: frozenset[int] = frozenset()


def parse_recurrence(lines: tuple[str, ...], start: Moment) -> Recurrence:
    """Read the lines of an event that starts at ``start``. Raises RecurrenceError."""
    if len(lines) > MAX_LINES:
        raise RecurrenceError(MAX_LINES, f"an event has at most {MAX_LINES} recurrence lines")
    rules: list[Rule] = []
    rdates: list[Period] = []
    exdates: list[Moment] = []
    for index, line in enumerate(lines):
        name, parameters, value = split_line(line)
        try:
            if name == "RRULE":
                rule = parse_rule(value)
                rules.append(for_dates(rule) if start.is_date else rule)
            elif name == "RDATE":
                rdates += [read_period(text, parameters, start) for text in value.split(",")]
            elif name == "EXDATE":
                exdates += [read_moment(text, parameters) for text in value.split(",")]
            else:
                raise RecurrenceError(index, f"{name or line[:40]} is not known here: use RRULE, RDATE or EXDATE")
        except (RuleError, MomentError, UnknownZoneError) as error:
            raise RecurrenceError(index, str(error)) from None
    days = frozenset(each.wall for each in exdates if each.is_date)
    times = (on_clock(each, start) for each in exdates if start.is_date or not each.is_date)
    walls = frozenset(wall for wall in times if wall is not None)
    rdates.sort(key=lambda period: period.wall)
    return Recurrence(start, tuple(rules), tuple(rdates), walls, frozenset() if start.is_date else days)


def split_line(line: str) -> tuple[str, dict[str, str], str]:
    """The name, the parameters and the value of a line; names in capitals."""
    head, _, value = line.strip().partition(":")
    name, *parameters = head.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.upper(), {key.upper(): text.strip('"') for key, _, text in pairs}, value


def read_moment(text: str, parameters: dict[str, str]) -> Moment:
    """A value of a line with these parameters. Raises MomentError, UnknownZoneError."""
    tzid = parameters.get("TZID")
    return Moment.from_ical(text.strip().upper(), zone(tzid) if tzid else None)


def on_clock(moment: Moment, start: Moment) -> int | None:
    """A moment's wall on the clock of ``start``; a floating or unzoned one is taken to be on it already.

    None for the second pass of an overlap, which that clock cannot name.
    """
    if start.is_date:
        return moment.wall - moment.wall % DAY
    if moment.is_date:
        return moment.wall + start.wall % DAY
    if moment.zone is None or start.zone is None or moment.zone == start.zone:
        return moment.wall
    instant = moment.zone.instant(moment.wall)
    wall = start.zone.wall(instant)
    return wall if start.zone.instant(wall) == instant else None


def read_period(text: str, parameters: dict[str, str], start: Moment) -> Period:
    """A value of an RDATE, on the clock of ``start``. Raises MomentError, UnknownZoneError."""
    first, slash, rest = text.partition("/")
    begin = read_moment(first, parameters)
    wall = on_clock(begin, start)
    if wall is None:
        raise MomentError(f"{first} is an hour that the event's own clock shows twice; it names the first one only")
    if not slash:
        return Period(wall)
    if rest.strip().upper().startswith(("P", "+P")):
        length = Duration.parse(rest.strip())
    else:
        length = Duration.between(begin, read_moment(rest, parameters), start.zone or UTC)
    if length.days < 0 or length.seconds < 0:
        raise MomentError(f"the period {text!r} ends before it starts")
    length.after(Moment(wall, start.zone, start.is_date))  # which must not lie beyond the year 9999
    return Period(wall, length)
