"""A recurring event: its RRULE, RDATE and EXDATE lines and its overrides, and the occurrences that they make.

An override stands for the occurrence whose original start it names, wherever it was moved; also when the lines no
longer give that start. One that is cancelled leaves nothing. An object may be all that is known of a series, as in an
invitation to a single occurrence: then it has a recurrence-id itself, and no lines.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Moment, Window, Zone, print_compact
from aurora_time.domain.recurrence_lines import Recurrence
from aurora_time.domain.series_plan import (
    EDGE,
    Plan,
    Start,
    end_of,
    last_wall,
    original_of,
    plain_plan,
    plan_of,
    starts,
    wall_before,
    wall_from,
    walls_of,
)
from aurora_time.domain.zones import steady_offset


class Occurrence(msgspec.Struct, frozen=True):
    """One time that an event takes place, and the component that says what: the series itself or an override.

    ``original`` is the wall of its original start, None for a single event.
    """

    start: Moment
    end: Moment
    event: Event
    original: int | None = None

    @property
    def recurrence_id(self) -> str | None:
        """The original local start: ``20261123T090000``, or ``20261123``; None for a single event."""
        if self.original is None:
            return None
        named = self.event.recurrence_id
        return print_compact(self.original, is_date=self.start.is_date if named is None else named.is_date)


def is_series(event: Event) -> bool:
    """Whether its occurrences have recurrence-ids, so that each is one of several."""
    return bool(event.recurrence or event.overrides) or event.recurrence_id is not None


def recurrence_of(event: Event) -> Recurrence:
    """The parsed recurrence of a stored event."""
    return plain_plan(event).recurrence


def _occurrence(event: Event, plan: Plan, start: Start) -> Occurrence:
    _, wall, own = start
    first, length = plan.recurrence.start, own or plan.length
    begin = Moment(wall, first.zone, first.is_date)
    if first.zone is None or length.days or length.seconds > DAY or plan.ends is not None:
        return Occurrence(begin, length.after(begin).on(plan.ends), event, wall)
    if wall < MIN_WALL + EDGE or steady_offset(first.zone, wall - wall % DAY) is not None:
        # The plain case: the clock does not change between start and end, and three conversions are saved.
        return Occurrence(begin, Moment(wall + length.seconds, first.zone), event, wall)
    return Occurrence(begin, length.after(begin), event, wall)


def occurrences_in(event: Event, window: Window, home: Zone, since: int = MIN_WALL) -> Iterator[Occurrence]:
    """The occurrences of an event that overlap the window and start at ``since`` or later, by start.

    Dates and floating times are read in ``home``.
    """
    if not event.overrides and event.recurrence_id is None:
        return _given_in(event, window, home, since)
    found = [
        pair
        for pair in _changed(event, home, (window.start, window.end))
        if since <= pair[0] and window.overlaps(pair[0], pair[1].end.instant(home))
    ]
    return _together(found, _given_in(event, window, home, since), home)


def _given_in(event: Event, window: Window, home: Zone, since: int) -> Iterator[Occurrence]:
    if not event.recurrence and not event.overrides:
        start, end = event.start.moment, event.end.moment
        if (
            event.recurrence_id is None
            and window.overlaps(start.instant(home), end.instant(home))
            and start.instant(home) >= since
        ):
            yield Occurrence(start, end, event)
        return
    if event.recurrence_id is not None:
        return
    plan = plan_of(event)
    clock = plan.recurrence.start.zone or home
    exact = plan.length.seconds if plan.recurrence.start.zone else 0  # what floats lasts as the wall shows it
    on_wall = plan.length.days * DAY + plan.length.seconds - exact
    low = max(wall_from(clock, window.start - exact) - on_wall, wall_from(clock, since))
    for start_ in starts(plan, low, wall_before(clock, window.end), clock):
        instant = start_[0]
        if since <= instant < window.end and (instant >= window.start or end_of(plan, start_, clock) > window.start):
            yield _occurrence(event, plan, start_)


def occurrences_since(event: Event, instant: int, home: Zone) -> Iterator[Occurrence]:
    """The occurrences that start at an instant or later, by start; perhaps without end."""
    if not event.overrides and event.recurrence_id is None:
        return _given_since(event, instant, home)
    found = [pair for pair in _changed(event, home, (instant, MAX_WALL)) if pair[0] >= instant]
    return _together(found, _given_since(event, instant, home), home)


def _given_since(event: Event, instant: int, home: Zone) -> Iterator[Occurrence]:
    if event.recurrence_id is not None:
        return
    if not event.recurrence and not event.overrides:
        if event.start.moment.instant(home) >= instant:
            yield Occurrence(event.start.moment, event.end.moment, event)
        return
    plan = plan_of(event)
    clock = event.start.moment.zone or home
    for start in starts(plan, wall_from(clock, instant), MAX_WALL + 1, clock):
        if start[0] >= instant:
            yield _occurrence(event, plan, start)


_Changed = tuple[int, Occurrence]
"""The instant at which an occurrence starts that an override stands for."""


def _changed(event: Event, home: Zone, about: tuple[int, int]) -> list[_Changed]:
    """What overrides make of occurrences that may lie between two instants; nothing of those that are cancelled."""
    low, high = about[0] - EDGE, about[1] + EDGE
    parts = event.overrides if event.recurrence_id is None else (event, *event.overrides)
    return [
        (each.start.instant(home), Occurrence(each.start.moment, each.end.moment, each, original_of(each, event)))
        for each in parts
        if each.status != "CANCELLED" and each.start.wall < high and each.end.wall > low
    ]


def _together(changed: list[_Changed], given: Iterator[Occurrence], home: Zone) -> Iterator[Occurrence]:
    """All by start and, of those at the same instant, by original start."""

    def place(pair: _Changed) -> tuple[int, int]:
        return pair[0], pair[1].original or 0

    changed.sort(key=place)
    rest = ((each.start.instant(home), each) for each in given)
    return (pair[1] for pair in heapq.merge(changed, rest, key=place))


def occurrences_from(event: Event, wall: int, home: Zone) -> Iterator[Occurrence]:
    """The occurrences that start at ``wall`` (on the event's own clock) or later; perhaps without end."""
    return occurrences_since(event, (event.start.moment.zone or home).instant(wall), home)


def occurrence_at(event: Event, original: int, home: Zone) -> Occurrence | None:
    """The occurrence with this original start (a wall on the series' clock), wherever it is now; None without one."""
    parts = event.overrides if event.recurrence_id is None else (event, *event.overrides)
    for each in parts:
        if original_of(each, event) == original:
            moved = Occurrence(each.start.moment, each.end.moment, each, original)
            return None if each.status == "CANCELLED" else moved
    return given_at(event, original, home) if is_series(event) else None


def given_at(event: Event, original: int, home: Zone) -> Occurrence | None:
    """The occurrence that the lines of a series give at a wall, whatever its overrides say; None if they do not."""
    if event.recurrence_id is not None or not MIN_WALL + EDGE < original < MAX_WALL - EDGE:
        return None
    plan = plain_plan(event)
    if not any(wall == original for wall, _ in walls_of(plan, original, min(original + 1, plan.over))):
        return None
    clock = event.start.moment.zone or home
    at = clock.instant(original)
    for start in starts(plan, wall_from(clock, at), original + DAY, clock):
        if start[0] == at and start[1] == original:
            return _occurrence(event, plan, start)
        if start[0] > at:
            break
    return None


def last_end(event: Event, home: Zone) -> int | None:
    """An instant by which an event is over for good, at most days after it is; None when it never is.

    Also None after very many occurrences, which nobody counts.
    """
    if not is_series(event):
        return event.end.moment.instant(home)
    ends = [each.end.instant(home) for each in event.overrides]
    if event.recurrence_id is not None:
        return max(event.end.instant(home), *ends) if ends else event.end.instant(home)
    plan = plan_of(event)
    wall = last_wall(plan)
    if wall is None:
        return None
    start = plan.recurrence.start
    own = Moment(wall, start.zone, start.is_date).instant(home) + plan.longest
    return min(max(own, *ends) if ends else own, MAX_WALL)


def last_start(event: Event, home: Zone) -> int | None:
    """The instant at which an event starts for the last time, EXDATEs not counted; None when it never does."""
    starts_ = [each.start.instant(home) for each in event.overrides]
    if not is_series(event) or event.recurrence_id is not None:
        return max(event.start.instant(home), *starts_) if starts_ else event.start.instant(home)
    plan = plan_of(event)
    wall = last_wall(plan)
    if wall is None:
        return None
    return max((plan.recurrence.start.zone or home).instant(wall), *starts_, MIN_WALL)
