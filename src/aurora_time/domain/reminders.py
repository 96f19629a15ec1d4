"""From an event and its alarms to triggers: the instants at which somebody is to be reminded."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.moment import DAY, Zone
from aurora_time.domain.series import Occurrence, occurrences_from

_SLACK: Final = 2 * DAY
"""Between a wall clock anywhere and the instant it shows, plus what a change of summer time adds."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One alarm of one occurrence, at an instant."""

    instant: int
    alarm: Alarm
    occurrence: Occurrence


def trigger_instant(alarm: Alarm, occurrence: Occurrence, home: Zone) -> int:
    """When an alarm of an occurrence rings. Wall-clock alarms count days back from its date and ring in ``home``."""
    start = occurrence.start.instant(home)
    if alarm.minutes_before is not None:
        return start - alarm.minutes_before * 60
    wall = occurrence.start.wall if occurrence.start.is_date else home.wall(start)
    midnight = wall - wall % DAY
    return home.instant(midnight - alarm.days_before * DAY + alarm.at)


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
    lead = alarm.minutes_before * 60 if alarm.minutes_before is not None else alarm.days_before * DAY - alarm.at
    for occurrence in occurrences_from(event, after + lead - _SLACK, home):
        instant = trigger_instant(alarm, occurrence, home)
        if instant > after:
            yield Trigger(instant, alarm, occurrence)


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
    """The triggers in (between[0], between[1]], at most ``limit`` of them, the earliest first."""
    after, until = between
    found = takewhile(lambda trigger: trigger.instant <= until, triggers_after(event, alarms, after, home))
    return list(islice(found, limit))
