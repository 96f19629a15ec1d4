"""A recurring event: its RRULE, RDATE and EXDATE lines, and the occurrences that they make.

Starts are computed on the wall's clock of the event's own zone and only then become instants (RFC 5545 3.3.10), so a
daily nine o'clock stays nine o'clock across a change to summer time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Duration, Moment, MomentError, Window, Zone, print_compact
from aurora_time.domain.recurrence import last_occurrence, next_after, occurrences
from aurora_time.domain.rule_text import Frequency, Rule, RuleError, parse_rule
from aurora_time.domain.zones import UnknownZoneError, zone

MAX_LINES: Final = 2_000
_WIDEST_OFFSET: Final = DAY
"""No zone is further from UTC than this, in either direction."""


class RecurrenceError(ValueError):
    """A recurrence line that cannot be read; ``line`` is its index."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place. ``recurrence_id`` is its original local start, None for a single event."""

    start: Moment
    end: Moment
    recurrence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """An RDATE: its start on the event's own clock, and the length if it has one of its own."""

    wall: int
    length: Duration | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The parsed lines of an event, on the clock of its start."""

    start: Moment
    rules: tuple[Rule, ...] = ()
    rdates: tuple[Period, ...] = ()
    exdates: frozenset[int] = frozenset()

    @property
    def clock(self) -> Zone | None:
        return self.start.zone


def parse_recurrence(lines: tuple[str, ...], start: Moment) -> Recurrence:
    """Read the lines of an event that starts at ``start``. Raises RecurrenceError."""
    if len(lines) > MAX_LINES:
        raise RecurrenceError(MAX_LINES, f"an event has at most {MAX_LINES} recurrence lines")
    rules: list[Rule] = []
    rdates: list[Period] = []
    exdates: set[int] = set()
    for index, line in enumerate(lines):
        name, parameters, value = _split(line)
        try:
            if name == "RRULE":
                rules.append(parse_rule(value))
            elif name == "RDATE":
                rdates += [_period(text, parameters, start) for text in value.split(",")]
            elif name == "EXDATE":
                exdates |= {_on_clock(_moment(text, parameters), start) for text in value.split(",")}
            else:
                raise RecurrenceError(index, f"{name or line[:40]} is not known here: use RRULE, RDATE or EXDATE")
        except (RuleError, MomentError, UnknownZoneError) as error:
            raise RecurrenceError(index, str(error)) from None
    return Recurrence(start, tuple(rules), tuple(sorted(rdates, key=lambda period: period.wall)), frozenset(exdates))


def _split(line: str) -> tuple[str, dict[str, str], str]:
    head, _, value = line.strip().partition(":")
    name, *parameters = head.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.upper(), {key.upper(): text.strip('"') for key, _, text in pairs}, value


def _moment(text: str, parameters: dict[str, str]) -> Moment:
    tzid = parameters.get("TZID")
    return Moment.from_ical(text.strip(), zone(tzid) if tzid else None)


def _on_clock(moment: Moment, start: Moment) -> int:
    """A moment's wall on the clock of ``start``; a floating or unzoned one is taken to be on it already."""
    if start.is_date:
        return moment.wall - moment.wall % DAY
    if moment.is_date:
        return moment.wall + start.wall % DAY
    if moment.zone is None or start.zone is None or moment.zone == start.zone:
        return moment.wall
    return start.zone.wall(moment.zone.instant(moment.wall))


def _period(text: str, parameters: dict[str, str], start: Moment) -> Period:
    first, slash, rest = text.partition("/")
    begin = _moment(first, parameters)
    wall = _on_clock(begin, start)
    if not slash:
        return Period(wall)
    home = start.zone or zone("UTC")
    if rest.strip().upper().startswith(("P", "+P")):
        length = Duration.parse(rest.strip())
    else:
        length = Duration.between(begin, _moment(rest, parameters), home)
    if length.days < 0 or length.seconds < 0:
        raise MomentError(f"the period {text!r} ends before it starts")
    return Period(wall, length)


@lru_cache(maxsize=20_000)
def _parsed(lines: tuple[str, ...], start: Time) -> Recurrence:
    return parse_recurrence(lines, start.moment)


def recurrence_of(event: Event) -> Recurrence:
    """The parsed recurrence of a stored event; kept, since the same few series are read again and again."""
    return _parsed(event.recurrence, event.start)


def length_of(event: Event, home: Zone) -> Duration:
    """How long each occurrence lasts: whole days, or exact seconds (RFC 5545 3.8.5.3)."""
    return Duration.between(event.start.moment, event.end.moment, home)


def _until(rule: Rule, recurrence: Recurrence) -> tuple[int | None, int | None]:
    """The last wall time that the engine may give, and the exact instant it is held against near that time."""
    until = rule.until
    if until is None:
        return None, None
    if until.is_utc and recurrence.start.is_date:
        return until.wall - until.wall % DAY, None
    if until.is_utc and recurrence.clock is not None:
        return recurrence.clock.wall(until.wall) + DAY, until.wall
    if until.is_date and not recurrence.start.is_date:
        return until.wall + DAY - 1, None  # the whole of that day, as its writer meant
    return until.wall, None


def _rule_starts(rule: Rule, recurrence: Recurrence, low: int, high: int) -> Iterator[int]:
    until, instant = _until(rule, recurrence)
    clock = recurrence.clock
    for wall in occurrences(rule, recurrence.start.wall, low, high, until):
        near = until is not None and wall > until - 3 * DAY
        if near and instant is not None and clock is not None and clock.instant(wall) > instant:
            if wall == recurrence.start.wall:
                yield wall  # DTSTART always counts
            return
        yield wall


def starts(recurrence: Recurrence, low: int, high: int) -> Iterator[tuple[int, Duration | None]]:
    """Wall starts from ``low`` to before ``high``, ascending, each once, with the length of an RDATE's period."""
    streams: list[Iterator[tuple[int, Duration | None]]] = [
        ((wall, None) for wall in _rule_starts(rule, recurrence, low, high)) for rule in recurrence.rules
    ]
    extra = [(period.wall, period.length) for period in recurrence.rdates if low <= period.wall < high]
    if not recurrence.rules and low <= recurrence.start.wall < high:
        extra.insert(0, (recurrence.start.wall, None))
    if extra:
        streams.append(iter(sorted(extra, key=lambda pair: pair[0])))
    merged = streams[0] if len(streams) == 1 else heapq.merge(*streams, key=lambda pair: pair[0])
    previous: int | None = None
    for wall, length in merged:
        if wall != previous and wall not in recurrence.exdates and not _doubled(recurrence, wall):
            previous = wall
            yield wall, length


def _doubled(recurrence: Recurrence, wall: int) -> bool:
    """Whether a start in a gap falls onto the start that the rule has an hour later anyway (HOURLY and below)."""
    clock = recurrence.clock
    if clock is None or not any(rule.frequency < Frequency.DAILY for rule in recurrence.rules):
        return False
    moved = clock.wall(clock.instant(wall))
    return moved != wall and any(
        next(_rule_starts(rule, recurrence, moved, moved + 1), None) is not None for rule in recurrence.rules
    )


def occurrences_in(event: Event, window: Window, home: Zone) -> Iterator[Occurrence]:
    """The occurrences of an event that overlap the window, by start. Dates and floating times are read in ``home``."""
    if not event.recurrence:
        start, end = event.start.moment, event.end.moment
        if window.overlaps(start.instant(home), end.instant(home)):
            yield Occurrence(start, end)
        return
    recurrence = recurrence_of(event)
    length = length_of(event, home)
    longest = _longest(recurrence, length)
    low = window.start - longest - _WIDEST_OFFSET
    for wall, own in starts(recurrence, low, window.end + _WIDEST_OFFSET):
        found = _occurrence(recurrence.start, wall, own or length)
        if window.overlaps(found.start.instant(home), found.end.instant(home)):
            yield found


def _longest(recurrence: Recurrence, length: Duration) -> int:
    lengths = [length, *(period.length for period in recurrence.rdates if period.length)]
    return max(each.days * DAY + each.seconds for each in lengths) + DAY


def _occurrence(start: Moment, wall: int, length: Duration) -> Occurrence:
    begin = Moment(wall, start.zone, start.is_date)
    return Occurrence(begin, length.after(begin), print_compact(wall, is_date=start.is_date))


def occurrences_from(event: Event, wall: int, home: Zone) -> Iterator[Occurrence]:
    """The occurrences that start at ``wall`` (on the event's own clock) or later; perhaps without end."""
    if not event.recurrence:
        if event.start.wall >= wall:
            yield Occurrence(event.start.moment, event.end.moment)
        return
    recurrence = recurrence_of(event)
    length = length_of(event, home)
    at: int | None = wall
    while at is not None:
        for found, own in starts(recurrence, at, at + 1):
            yield _occurrence(recurrence.start, found, own or length)
        at = _next(recurrence, at)


def _next(recurrence: Recurrence, wall: int) -> int | None:
    """The next wall start after ``wall``, of rules and RDATEs, before EXDATEs are taken out."""
    candidates = [period.wall for period in recurrence.rdates if period.wall > wall]
    if recurrence.start.wall > wall:
        candidates.append(recurrence.start.wall)
    for rule in recurrence.rules:
        found = next_after(rule, recurrence.start.wall, wall, _until(rule, recurrence)[0])
        if found is not None:
            candidates.append(found)
    return min(candidates, default=None)


def last_end(event: Event, home: Zone) -> int | None:
    """The instant at which an event is over for good; None when it never is, or only after very many occurrences."""
    if not event.recurrence:
        return event.end.moment.instant(home)
    recurrence = recurrence_of(event)
    walls = [recurrence.start.wall, *(period.wall for period in recurrence.rdates)]
    for rule in recurrence.rules:
        last = last_occurrence(rule, recurrence.start.wall, _until(rule, recurrence)[0])
        if last is None:
            return None
        walls.append(last)
    # A DST change may move an end by hours: the day that _longest adds covers it.
    start = Moment(max(walls), recurrence.start.zone, recurrence.start.is_date)
    return start.instant(home) + _longest(recurrence, length_of(event, home))
