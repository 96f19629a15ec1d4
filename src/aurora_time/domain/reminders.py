"""From an event and its alarms to triggers: the instants at which somebody is to be reminded."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Zone
from aurora_time.domain.series import Occurrence, occurrences_since

_EDGE: Final = 2 * DAY
"""So close to the years 1 and 9999 no clock is asked."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One alarm of one occurrence, at an instant."""

    instant: int
    alarm: Alarm
    occurrence: Occurrence


def trigger_instant(alarm: Alarm, occurrence: Occurrence, home: Zone) -> int:
    """When an alarm of an occurrence rings. Wall-clock alarms count days back from its date and ring in ``home``."""
    if alarm.minutes_before is not None:
        return occurrence.start.instant(home) - alarm.minutes_before * 60
    return _at_wall_clock(alarm, _day(occurrence, home), home)


def _day(occurrence: Occurrence, home: Zone) -> int:
    """The midnight of the day on which an occurrence begins, as its reader sees it."""
    start = occurrence.start
    wall = start.wall if start.is_date or start.zone is None else home.wall(start.zone.instant(start.wall))
    return wall - wall % DAY


def _at_wall_clock(alarm: Alarm, day: int, home: Zone) -> int:
    return home.instant(max(day - alarm.days_before * DAY, MIN_WALL) + alarm.at)


def alarms_of(event: Event, defaults: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """The alarms that count for an event: its own, else the defaults of its sort.

    Defaults in minutes are for timed events, those at a wall-clock time for all-day ones: "10 minutes before" a day
    would ring at 23:50 the day before, which nobody means.
    """
    if event.status == "CANCELLED":
        return ()
    if event.alarms is not None:
        return event.alarms
    return tuple(alarm for alarm in defaults if alarm.is_wall_clock == event.is_all_day)


def _triggers_of(event: Event, alarm: Alarm, after: int, home: Zone) -> Iterator[Trigger]:
    if alarm.minutes_before is None:
        yield from _daily_triggers(event, alarm, after, home)
        return
    lead = alarm.minutes_before * 60
    for occurrence in occurrences_since(event, after + lead + 1, home):
        yield Trigger(occurrence.start.instant(home) - lead, alarm, occurrence)


def _daily_triggers(event: Event, alarm: Alarm, after: int, home: Zone) -> Iterator[Trigger]:
    """An alarm at a wall-clock time rings once for all occurrences of a day: for the first of them.

    So an event of every second costs, and rings, no more than one of every day.
    """
    if not MIN_WALL + _EDGE < after < MAX_WALL - (367 * DAY + _EDGE):
        return
    now = home.wall(after)
    day = now - now % DAY + (alarm.days_before - 1) * DAY
    while _at_wall_clock(alarm, day, home) <= after:
        day += DAY
    occurrence = _first_from(event, day, home)
    while occurrence is not None:
        day = _day(occurrence, home)
        yield Trigger(_at_wall_clock(alarm, day, home), alarm, occurrence)
        occurrence = _first_from(event, day + DAY, home)


def _first_from(event: Event, day: int, home: Zone) -> Occurrence | None:
    if day > MAX_WALL:
        return None
    found = occurrences_since(event, home.instant(day), home)
    return next((each for each in found if _day(each, home) >= day), None)


def triggers_after(event: Event, alarms: tuple[Alarm, ...], after: int, home: Zone) -> Iterator[Trigger]:
    """Every trigger later than ``after``, ascending; without end for a series that has none."""
    streams = (_triggers_of(event, alarm, after, home) for alarm in dict.fromkeys(alarms))
    return heapq.merge(*streams, key=lambda trigger: trigger.instant)


def next_trigger(event: Event, alarms: tuple[Alarm, ...], after: int, home: Zone) -> int | None:
    """The instant of the first trigger later than ``after``, None when there is none."""
    first = next(triggers_after(event, alarms, after, home), None)
    return None if first is None else first.instant


def triggers_between(
    event: Event, alarms: tuple[Alarm, ...], between: tuple[int, int], home: Zone, limit: int = 100
) -> list[Trigger]:
    """The triggers in (between[0], between[1]], the earliest first.

    At most ``limit`` and those at the same instant as the last, so that what is left comes later than all of them.
    """
    after, until = between
    found: list[Trigger] = []
    for trigger in triggers_after(event, alarms, after, home):
        if trigger.instant > until or (len(found) >= limit and trigger.instant > found[-1].instant):
            break
        found.append(trigger)
    return found
