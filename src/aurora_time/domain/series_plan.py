"""What the lines of a series give, computed once: its starts from anywhere on, in order of instants.

Starts are computed on the wall's clock of the event's own zone and only then become instants (RFC 5545 3.3.10), so a
daily nine o'clock stays nine o'clock across a change to summer time. A start that falls into a gap comes later on the
clock (3.3.5): onto another start, and then it is that one, or even behind it, so what is told is in order of instants.
"""

from __future__ import annotations

import dataclasses
import heapq
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, UTC, Duration, Moment, Zone
from aurora_time.domain.recurrence import last_occurrence, occurrences
from aurora_time.domain.recurrence_lines import Period, Recurrence, on_clock, parse_recurrence
from aurora_time.domain.rule_text import Rule
from aurora_time.domain.zones import steady_offset

EDGE: Final = 2 * DAY
"""So close to the years 1 and 9999 no zone is asked what its clock shows: the answer may lie beyond them."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A rule, the last wall it may give, and where UNTIL is in UTC the instant that counts near that wall."""

    rule: Rule
    until: int | None = None
    instant: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a window needs to know of a series: computed once, since the same few series are read again and again.

    ``longest`` is the most seconds on the wall that an occurrence lasts, and a day for changes of the clock; no start
    is at ``over`` or later. ``exdays`` are the recurrence's, ascending. ``ends`` is the clock on which occurrences end,
    where they start on another.
    """

    recurrence: Recurrence
    length: Duration
    ends: Zone | None
    longest: int
    rules: tuple[Bounded, ...]
    over: int
    exdays: tuple[int, ...]


def plan_of(event: Event) -> Plan:
    """What the lines of an event give where no override stands."""
    replaced = tuple(original_of(each, event) for each in event.overrides) if event.overrides else ()
    return _plan(event.recurrence, event.start, event.end, replaced)


def plain_plan(event: Event) -> Plan:
    """What the lines of an event give, as if there were no overrides."""
    return _plan(event.recurrence, event.start, event.end, ())


def original_of(override: Event, series: Event) -> int:
    """The original start of an override as a wall on the clock of its series."""
    named = override.recurrence_id
    if named is None:
        return override.start.wall
    clock = series.start if series.recurrence_id is None else series.recurrence_id
    if named.tzid == clock.tzid and named.is_date == clock.is_date:
        return named.wall
    wall = on_clock(named.moment, clock.moment)
    return named.wall if wall is None else wall


@lru_cache(maxsize=20_000)
def _plan(lines: tuple[str, ...], start: Time, end: Time, replaced: tuple[int, ...]) -> Plan:
    recurrence = parse_recurrence(lines, start.moment)
    if replaced:
        recurrence = dataclasses.replace(recurrence, exdates=recurrence.exdates | frozenset(replaced))
    length = length_of(recurrence.start, end.moment)
    lengths = [length, *(period.length for period in recurrence.rdates if period.length)]
    longest = max(each.days * DAY + each.seconds for each in lengths) + DAY
    rules = tuple(_bounded(rule, recurrence.start) for rule in recurrence.rules)
    ends = end.moment.zone if end.tzid != start.tzid else None
    room = MAX_WALL - length.days * DAY - length.seconds - EDGE
    last = max((start.wall, *(period.wall for period in recurrence.rdates)))
    return Plan(recurrence, length, ends, longest, rules, max(room, last) + 1, tuple(sorted(recurrence.exdays)))


def length_of(start: Moment, end: Moment) -> Duration:
    """How long each occurrence lasts: whole days, or exact seconds (RFC 5545 3.8.5.3); floating ones on the wall."""
    return Duration.between(start, end, start.zone or UTC)


def _bounded(rule: Rule, start: Moment) -> Bounded:
    """DTSTART always counts, even when UNTIL lies before it."""
    until = rule.until
    if until is None or until.wall > MAX_WALL - EDGE:
        return Bounded(rule, None if until is None else MAX_WALL)
    wall = until.wall
    if start.is_date:
        wall -= wall % DAY
    elif until.is_utc and start.zone is not None:
        instant = max(wall, start.zone.instant(start.wall))
        return Bounded(rule, wall_before(start.zone, instant + 1) - 1, instant)
    elif until.is_date:
        wall += DAY - 1  # the whole of that day, as its writer meant
    return Bounded(rule, max(wall, start.wall))


Start = tuple[int, int, Duration | None]
"""An instant, the wall it has on the event's clock, and the length of an RDATE's period."""


def _rule_walls(plan: Plan, bounded: Bounded, low: int, high: int) -> Iterator[int]:
    """The walls of a rule, none on a day that is out; near an UNTIL in UTC each is held against that instant."""
    start = plan.recurrence.start
    walls = chain.from_iterable(
        occurrences(bounded.rule, start.wall, begin, end, bounded.until)
        for begin, end in _around(plan.exdays, low, high)
    )
    clock, until, instant = start.zone, bounded.until, bounded.instant
    if instant is None or clock is None or until is None or high <= until - EDGE:
        return walls
    return (wall for wall in walls if wall <= until - EDGE or clock.instant(wall) <= instant)


def _around(exdays: tuple[int, ...], low: int, high: int) -> Iterator[tuple[int, int]]:
    """The stretches of [low, high) between the days that are out: of such a day not every second is walked."""
    for place in range(bisect_left(exdays, low - DAY + 1), len(exdays)):
        if exdays[place] >= high:
            break
        if low < exdays[place]:
            yield low, exdays[place]
        low = exdays[place] + DAY
    yield low, high


def walls_of(plan: Plan, low: int, high: int) -> Iterator[tuple[int, Duration | None]]:
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
    return period.wall >= low or (length is not None and period.wall + length.days * DAY + length.seconds > low - EDGE)


def starts(plan: Plan, low: int, high: int, clock: Zone) -> Iterator[Start]:
    """The starts of the walls from ``low`` to before ``high``, by instant, each once; perhaps without end."""
    recurrence = plan.recurrence
    walls = walls_of(plan, low, min(high, plan.over))
    if recurrence.start.is_date:
        return ((clock.instant(wall), wall, length) for wall, length in walls if wall not in recurrence.exdates)
    return _by_instant(recurrence, walls, clock)


def _askable(instant: int) -> int:
    """The instant, or where the years end the nearest at which a zone can be asked for its clock."""
    return min(max(instant, MIN_WALL + EDGE), MAX_WALL - EDGE)


def wall_from(clock: Zone, instant: int) -> int:
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


def wall_before(clock: Zone, instant: int) -> int:
    """All walls before the instant are before this one: in a second pass, those of the whole first one are."""
    near = _askable(instant)
    return instant + clock.wall(near) - clock.instant(clock.wall(near))


def _by_instant(recurrence: Recurrence, walls: Iterator[tuple[int, Duration | None]], clock: Zone) -> Iterator[Start]:
    exdates, exdays = recurrence.exdates, recurrence.exdays
    late: list[Start] = []  # starts in a gap wait here for those that the clock shows sooner
    for wall, length in walls:
        steady = steady_offset(clock, wall - wall % DAY)
        instant = clock.instant(wall) if steady is None else wall - steady
        shown = clock.wall(instant) if steady is None and MIN_WALL + EDGE < wall < MAX_WALL - EDGE else wall
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


def end_of(plan: Plan, start: Start, clock: Zone) -> int:
    """The instant at which an occurrence ends, without what it takes to show it."""
    instant, wall, own = start
    first, length = plan.recurrence.start, own or plan.length
    if first.zone is None:
        return length.after(Moment(wall, None, first.is_date)).instant(clock)
    return length.instant_after(wall, clock) if length.days else instant + length.seconds


def last_wall(plan: Plan) -> int | None:
    """The last wall that the lines give, EXDATEs not counted; None when they go on."""
    start = plan.recurrence.start
    walls = [start.wall, *(period.wall for period in plan.recurrence.rdates)]
    for bounded in plan.rules:
        last = last_occurrence(bounded.rule, start.wall, bounded.until)
        if last is None:
            return None
        walls.append(last)
    return max(walls)
