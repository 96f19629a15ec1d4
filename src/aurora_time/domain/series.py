"""A recurring event: its RRULE, RDATE and EXDATE lines, and the occurrences that they make.

Starts are computed on the wall's clock of the event's own zone and only then become instants (RFC 5545 3.3.10), so a
daily nine o'clock stays nine o'clock across a change to summer time. A start that falls into a gap comes later on the
clock (3.3.5): onto another start, and then it is that one, or even behind it, so what is told is in order of instants.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import (
    DAY,
    MAX_WALL,
    MIN_WALL,
    UTC,
    Duration,
    Moment,
    MomentError,
    Window,
    Zone,
    print_compact,
)
from aurora_time.domain.recurrence import for_dates, last_occurrence, occurrences
from aurora_time.domain.rule_text import Rule, RuleError, parse_rule
from aurora_time.domain.zones import UnknownZoneError, steady_offset, zone

MAX_LINES: Final = 2_000
_EDGE: Final = 2 * DAY
"""So close to the years 1 and 9999 no zone is asked what its clock shows: the answer may lie beyond them."""


class RecurrenceError(ValueError):
    """A recurrence line that cannot be read; ``line`` is its index."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class Occurrence(msgspec.Struct, frozen=True):
    """One time that an event takes place. ``original`` is the wall of its original start, None for a single event."""

    start: Moment
    end: Moment
    original: int | None = None

    @property
    def recurrence_id(self) -> str | None:
        """The original local start: ``20261123T090000``, or ``20261123``; None for a single event."""
        return None if self.original is None else print_compact(self.original, is_date=self.start.is_date)


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
        name, parameters, value = _split(line)
        try:
            if name == "RRULE":
                rule = parse_rule(value)
                rules.append(for_dates(rule) if start.is_date else rule)
            elif name == "RDATE":
                rdates += [_period(text, parameters, start) for text in value.split(",")]
            elif name == "EXDATE":
                exdates += [_moment(text, parameters) for text in value.split(",")]
            else:
                raise RecurrenceError(index, f"{name or line[:40]} is not known here: use RRULE, RDATE or EXDATE")
        except (RuleError, MomentError, UnknownZoneError) as error:
            raise RecurrenceError(index, str(error)) from None
    days = frozenset(each.wall for each in exdates if each.is_date)
    times = (_on_clock(each, start) for each in exdates if start.is_date or not each.is_date)
    walls = frozenset(wall for wall in times if wall is not None)
    rdates.sort(key=lambda period: period.wall)
    return Recurrence(start, tuple(rules), tuple(rdates), walls, frozenset() if start.is_date else days)


def _split(line: str) -> tuple[str, dict[str, str], str]:
    head, _, value = line.strip().partition(":")
    name, *parameters = head.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.upper(), {key.upper(): text.strip('"') for key, _, text in pairs}, value


def _moment(text: str, parameters: dict[str, str]) -> Moment:
    tzid = parameters.get("TZID")
    return Moment.from_ical(text.strip().upper(), zone(tzid) if tzid else None)


def _on_clock(moment: Moment, start: Moment) -> int | None:
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


def _period(text: str, parameters: dict[str, str], start: Moment) -> Period:
    first, slash, rest = text.partition("/")
    begin = _moment(first, parameters)
    wall = _on_clock(begin, start)
    if wall is None:
        raise MomentError(f"{first} is an hour that the event's own clock shows twice; it names the first one only")
    if not slash:
        return Period(wall)
    if rest.strip().upper().startswith(("P", "+P")):
        length = Duration.parse(rest.strip())
    else:
        length = Duration.between(begin, _moment(rest, parameters), start.zone or UTC)
    if length.days < 0 or length.seconds < 0:
        raise MomentError(f"the period {text!r} ends before it starts")
    length.after(Moment(wall, start.zone, start.is_date))  # which must not lie beyond the year 9999
    return Period(wall, length)


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A rule, the last wall it may give, and where UNTIL is in UTC the instant that counts near that wall."""

    rule: Rule
    until: int | None = None
    instant: int | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a window needs to know of a series: computed once, since the same few series are read again and again.

    ``longest`` is the most seconds on the wall that an occurrence lasts, and a day for changes of the clock; no start
    is at ``over`` or later. ``exdays`` are the recurrence's, ascending.
    """

    recurrence: Recurrence
    length: Duration
    longest: int
    rules: tuple[_Bounded, ...]
    over: int
    exdays: tuple[int, ...]


@lru_cache(maxsize=20_000)
def _plan(lines: tuple[str, ...], start: Time, end: Time) -> _Plan:
    recurrence = parse_recurrence(lines, start.moment)
    length = _length(recurrence.start, end.moment)
    lengths = [length, *(period.length for period in recurrence.rdates if period.length)]
    longest = max(each.days * DAY + each.seconds for each in lengths) + DAY
    rules = tuple(_bounded(rule, recurrence.start) for rule in recurrence.rules)
    room = MAX_WALL - length.days * DAY - length.seconds - _EDGE
    last = max((start.wall, *(period.wall for period in recurrence.rdates)))
    return _Plan(recurrence, length, longest, rules, max(room, last) + 1, tuple(sorted(recurrence.exdays)))


def _length(start: Moment, end: Moment) -> Duration:
    """How long each occurrence lasts: whole days, or exact seconds (RFC 5545 3.8.5.3); floating ones on the wall."""
    return Duration.between(start, end, start.zone or UTC)


def _bounded(rule: Rule, start: Moment) -> _Bounded:
    """DTSTART always counts, even when UNTIL lies before it."""
    until = rule.until
    if until is None or until.wall > MAX_WALL - _EDGE:
        return _Bounded(rule, None if until is None else MAX_WALL)
    wall = until.wall
    if start.is_date:
        wall -= wall % DAY
    elif until.is_utc and start.zone is not None:
        instant = max(wall, start.zone.instant(start.wall))
        return _Bounded(rule, _wall_before(start.zone, instant + 1) - 1, instant)
    elif until.is_date:
        wall += DAY - 1  # the whole of that day, as its writer meant
    return _Bounded(rule, max(wall, start.wall))


def recurrence_of(event: Event) -> Recurrence:
    """The parsed recurrence of a stored event."""
    return _plan(event.recurrence, event.start, event.end).recurrence


_Start = tuple[int, int, Duration | None]
"""An instant, the wall it has on the event's clock, and the length of an RDATE's period."""


def _rule_walls(plan: _Plan, bounded: _Bounded, low: int, high: int) -> Iterator[int]:
    """The walls of a rule, none on a day that is out; near an UNTIL in UTC each is held against that instant."""
    start = plan.recurrence.start
    walls = chain.from_iterable(
        occurrences(bounded.rule, start.wall, begin, end, bounded.until)
        for begin, end in _around(plan.exdays, low, high)
    )
    clock, until, instant = start.zone, bounded.until, bounded.instant
    if instant is None or clock is None or until is None or high <= until - _EDGE:
        return walls
    return (wall for wall in walls if wall <= until - _EDGE or clock.instant(wall) <= instant)


def _around(exdays: tuple[int, ...], low: int, high: int) -> Iterator[tuple[int, int]]:
    """The stretches of [low, high) between the days that are out: of such a day not every second is walked."""
    for place in range(bisect_left(exdays, low - DAY + 1), len(exdays)):
        if exdays[place] >= high:
            break
        if low < exdays[place]:
            yield low, exdays[place]
        low = exdays[place] + DAY
    yield low, high


def _walls(plan: _Plan, low: int, high: int) -> Iterator[tuple[int, Duration | None]]:
    """The walls that the lines name, ascending, each once, and periods that may last until ``low``; EXDATEs too."""
    recurrence = plan.recurrence
    start = recurrence.start
    if len(plan.rules) == 1 and not recurrence.rdates:
        yield from ((wall, None) for wall in _rule_walls(plan, plan.rules[0], low, high))
        return
    extra = [(each.wall, each.length) for each in recurrence.rdates if each.wall < high and _lasts(each, low)]
    if low <= start.wall < high:
        extra.append((start.wall, None))
    streams: list[Iterator[tuple[int, Duration | None]]] = [iter(sorted(extra, key=lambda pair: pair[0]))]
    streams += [((wall, None) for wall in _rule_walls(plan, rule, low, high)) for rule in plan.rules]
    previous: int | None = None
    for wall, length in heapq.merge(*streams, key=lambda pair: pair[0]):
        if wall != previous:
            previous = wall
            yield wall, length


def _lasts(period: Period, low: int) -> bool:
    """Whether a period begins at ``low`` or later, or has a length of its own and may last until then."""
    length = period.length
    return period.wall >= low or (length is not None and period.wall + length.days * DAY + length.seconds > low - _EDGE)


def _starts(plan: _Plan, low: int, high: int, clock: Zone) -> Iterator[_Start]:
    """The starts of the walls from ``low`` to before ``high``, by instant, each once; perhaps without end."""
    recurrence = plan.recurrence
    walls = _walls(plan, low, min(high, plan.over))
    if recurrence.start.is_date:
        return ((clock.instant(wall), wall, length) for wall, length in walls if wall not in recurrence.exdates)
    return _by_instant(recurrence, walls, clock)


def _askable(instant: int) -> int:
    """The instant, or where the years end the nearest at which a zone can be asked for its clock."""
    return min(max(instant, MIN_WALL + _EDGE), MAX_WALL - _EDGE)


def _wall_from(clock: Zone, instant: int) -> int:
    """The first wall that can be at the instant or later: one in a gap comes later on the clock than it says."""
    steady = steady_offset(clock, instant - instant % DAY)
    if steady is not None:
        return instant + steady
    near = _askable(instant)
    shown = clock.wall(near)
    missing = 2 * DAY - (clock.instant(shown + DAY) - clock.instant(shown - DAY))
    if missing > 0 and clock.instant(shown - missing) >= near:
        shown -= missing
    return instant + shown - near


def _wall_before(clock: Zone, instant: int) -> int:
    """All walls before the instant are before this one: in a second pass, those of the whole first one are."""
    near = _askable(instant)
    return instant + clock.wall(near) - clock.instant(clock.wall(near))


def _by_instant(recurrence: Recurrence, walls: Iterator[tuple[int, Duration | None]], clock: Zone) -> Iterator[_Start]:
    exdates, exdays = recurrence.exdates, recurrence.exdays
    late: list[_Start] = []  # starts in a gap wait here for those that the clock shows sooner
    for wall, length in walls:
        steady = steady_offset(clock, wall - wall % DAY)
        instant = clock.instant(wall) if steady is None else wall - steady
        shown = clock.wall(instant) if steady is None and MIN_WALL + _EDGE < wall < MAX_WALL - _EDGE else wall
        if (exdates and (wall in exdates or shown in exdates)) or (exdays and wall - wall % DAY in exdays):
            continue
        if shown != wall:
            heapq.heappush(late, (instant, wall, length))
            continue
        while late and late[0][0] <= instant:
            moved = heapq.heappop(late)
            if moved[0] < instant:
                yield moved
        yield instant, wall, length
    yield from sorted(late, key=lambda start: start[0])


def _occurrence(plan: _Plan, start: _Start) -> Occurrence:
    _, wall, own = start
    first, length = plan.recurrence.start, own or plan.length
    begin = Moment(wall, first.zone, first.is_date)
    if first.zone is None or length.days or length.seconds > DAY:
        return Occurrence(begin, length.after(begin), wall)
    if wall < MIN_WALL + _EDGE or steady_offset(first.zone, wall - wall % DAY) is not None:
        # The plain case: the clock does not change between start and end, and three conversions are saved.
        return Occurrence(begin, Moment(wall + length.seconds, first.zone), wall)
    return Occurrence(begin, length.after(begin), wall)


def occurrences_in(event: Event, window: Window, home: Zone, since: int = MIN_WALL) -> Iterator[Occurrence]:
    """The occurrences of an event that overlap the window and start at ``since`` or later, by start.

    Dates and floating times are read in ``home``.
    """
    if not event.recurrence:
        start, end = event.start.moment, event.end.moment
        if window.overlaps(start.instant(home), end.instant(home)) and start.instant(home) >= since:
            yield Occurrence(start, end)
        return
    plan = _plan(event.recurrence, event.start, event.end)
    clock = plan.recurrence.start.zone or home
    exact = plan.length.seconds if plan.recurrence.start.zone else 0  # what floats lasts as the wall shows it
    on_wall = plan.length.days * DAY + plan.length.seconds - exact
    low = max(_wall_from(clock, window.start - exact) - on_wall, _wall_from(clock, since))
    for start_ in _starts(plan, low, _wall_before(clock, window.end), clock):
        instant = start_[0]
        if since <= instant < window.end and (instant >= window.start or _end(plan, start_, clock) > window.start):
            yield _occurrence(plan, start_)


def _end(plan: _Plan, start: _Start, clock: Zone) -> int:
    """The instant at which an occurrence ends, without what it takes to show it."""
    instant, wall, own = start
    first, length = plan.recurrence.start, own or plan.length
    if first.zone is None:
        return length.after(Moment(wall, None, first.is_date)).instant(clock)
    return length.instant_after(wall, clock) if length.days else instant + length.seconds


def occurrences_since(event: Event, instant: int, home: Zone) -> Iterator[Occurrence]:
    """The occurrences that start at an instant or later, by start; perhaps without end."""
    if not event.recurrence:
        if event.start.moment.instant(home) >= instant:
            yield Occurrence(event.start.moment, event.end.moment)
        return
    plan = _plan(event.recurrence, event.start, event.end)
    clock = event.start.moment.zone or home
    for start in _starts(plan, _wall_from(clock, instant), MAX_WALL + 1, clock):
        if start[0] >= instant:
            yield _occurrence(plan, start)


def occurrences_from(event: Event, wall: int, home: Zone) -> Iterator[Occurrence]:
    """The occurrences that start at ``wall`` (on the event's own clock) or later; perhaps without end."""
    return occurrences_since(event, (event.start.moment.zone or home).instant(wall), home)


def last_end(event: Event, home: Zone) -> int | None:
    """An instant by which an event is over for good, at most days after it is; None when it never is.

    Also None after very many occurrences, which nobody counts.
    """
    if not event.recurrence:
        return event.end.moment.instant(home)
    plan = _plan(event.recurrence, event.start, event.end)
    start = plan.recurrence.start
    walls = [start.wall, *(period.wall for period in plan.recurrence.rdates)]
    for bounded in plan.rules:
        last = last_occurrence(bounded.rule, start.wall, bounded.until)
        if last is None:
            return None
        walls.append(last)
    return min(Moment(max(walls), start.zone, start.is_date).instant(home) + plan.longest, MAX_WALL)
