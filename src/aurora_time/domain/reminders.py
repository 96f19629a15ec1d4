"""From an event and what its owner wants to triggers: the instants at which somebody is to be reminded.

A trigger has two: ``instant`` is what the alarm says, and tells one reminder from another for good; ``due`` is when it
rings, which quiet hours may move. All streams are in the order of ``due``.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, Zone
from aurora_time.domain.quiet_hours import OFF, REACH, Quiet
from aurora_time.domain.reminder_rules import ReminderRule, matches
from aurora_time.domain.series import Occurrence, occurrences_since

MAX_AT_ONCE: Final = 20
"""Reminders of one alarm that quiet hours move to the same instant; what is more of them does not ring."""
_EDGE: Final = 2 * DAY
"""So close to the years 1 and 9999 no clock is asked."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person wants of reminders. ``home`` is the zone of their clock."""

    home: Zone
    defaults: tuple[Alarm, ...]
    rules: tuple[ReminderRule, ...] = ()
    quiet: Quiet = OFF


class Source(NamedTuple):
    """An alarm that counts for an event, and the rule that says so; "" for one of its own or of the defaults."""

    alarm: Alarm
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One alarm of one occurrence: for an instant, and due at one. ``rule_id`` is as its source's."""

    instant: int
    due: int
    alarm: Alarm
    occurrence: Occurrence
    rule_id: str = ""

    @property
    def late_from(self) -> int:
        """The instant after which it is late. What rings before its time, because of quiet hours, is not."""
        return max(self.instant, self.due)


def sources_of(event: Event, preferences: Preferences) -> tuple[Source, ...]:
    """The alarms that count for an event: its own, else the defaults of its sort and all rules that match.

    Minutes are for timed events only: "10 minutes before" a day would ring at 23:50 the day before, which nobody means.
    Times on the clock are, as defaults, for all-day ones only; a rule may have them for both. A rule that matches and
    has no triggers silences the event. The same alarm of two sources counts once, as the first's.
    """
    if event.status == "CANCELLED":
        return ()
    if event.alarms is not None:
        return tuple(map(Source, dict.fromkeys(event.alarms)))
    found = {alarm: Source(alarm) for alarm in preferences.defaults if alarm.is_wall_clock == event.is_all_day}
    for rule in preferences.rules:
        if not rule.enabled or not matches(rule.match, event):
            continue
        if not rule.triggers:
            return ()
        for alarm in rule.triggers:
            if alarm.is_wall_clock or not event.is_all_day:
                found.setdefault(alarm, Source(alarm, rule.id))
    return tuple(found.values())


def alarms_of(event: Event, preferences: Preferences) -> tuple[Alarm, ...]:
    """The alarms that count for an event, whatever they come from."""
    return tuple(source.alarm for source in sources_of(event, preferences))


def trigger_of(source: Source, occurrence: Occurrence, preferences: Preferences) -> Trigger:
    """The trigger of an alarm for an occurrence. Wall-clock alarms count days back from its date, on the own clock."""
    alarm, home = source.alarm, preferences.home
    if alarm.minutes_before is not None:
        instant = occurrence.start.instant(home) - alarm.minutes_before * 60
    else:
        instant = _at_wall_clock(alarm, _day(occurrence, home), home)
    return _trigger(instant, source, occurrence, preferences)


def _trigger(instant: int, source: Source, occurrence: Occurrence, preferences: Preferences) -> Trigger:
    due = instant
    if not preferences.quiet.is_off:
        deadline = occurrence.start.instant(preferences.home)
        if instant > deadline:  # it is for while the event goes on
            deadline = occurrence.end.instant(preferences.home) - 1
        due = preferences.quiet.moved(instant, deadline, preferences.home)
    return Trigger(instant, due, source.alarm, occurrence, source.rule_id)


def _day(occurrence: Occurrence, home: Zone) -> int:
    """The midnight of the day on which an occurrence begins, as its reader sees it."""
    start = occurrence.start
    wall = start.wall if start.is_date or start.zone is None else home.wall(start.zone.instant(start.wall))
    return wall - wall % DAY


def _at_wall_clock(alarm: Alarm, day: int, home: Zone) -> int:
    return home.instant(max(day - alarm.days_before * DAY, MIN_WALL) + alarm.at)


@dataclass(frozen=True, slots=True)
class _Series:
    """One alarm over all occurrences of an event. Overrides may come to it by another rule, or (None) go without."""

    event: Event
    source: Source
    changed: dict[Time | None, Source | None]
    preferences: Preferences

    @property
    def lead(self) -> int:
        """Seconds before the start."""
        return (self.source.alarm.minutes_before or 0) * 60

    def occurrences(self, since: int) -> Iterator[tuple[Occurrence, Source]]:
        """Those that start at an instant or later and have the alarm."""
        for occurrence in occurrences_since(self.event, since, self.preferences.home):
            source = self.source
            if self.changed:
                of = self.changed.get(occurrence.event.recurrence_id, source)
                if of is None:
                    continue
                source = of
            yield occurrence, source


def _series_of(event: Event, preferences: Preferences) -> Iterator[_Series]:
    """One for each alarm of the event, and for each that only an override has one of that override alone."""
    sources = sources_of(event, preferences)
    own = {
        each.recurrence_id: {source.alarm: source for source in sources_of(each, preferences)}
        for each in event.overrides
    }
    for source in sources:
        changed = {key: found.get(source.alarm) for key, found in own.items()}
        yield _Series(event, source, changed, preferences)
    known = {source.alarm for source in sources}
    for override in event.overrides:
        for alarm, source in own[override.recurrence_id].items():
            if alarm not in known:
                yield _Series(override, source, {}, preferences)


def _triggers_of(series: _Series, after: int) -> Iterator[Trigger]:
    quiet = series.preferences.quiet
    if series.source.alarm.is_wall_clock:
        found = _daily_triggers(series, after if quiet.is_off else after - REACH)
        return (trigger for trigger in found if trigger.due > after)
    return _lead_triggers(series, after + 1) if quiet.is_off else _moved_triggers(series, after)


def _lead_triggers(series: _Series, since: int) -> Iterator[Trigger]:
    """The triggers for ``since`` or later, by their instants."""
    home = series.preferences.home
    for occurrence, source in series.occurrences(since + series.lead):
        yield _trigger(occurrence.start.instant(home) - series.lead, source, occurrence, series.preferences)


def _moved_triggers(series: _Series, after: int) -> Iterator[Trigger]:
    """What quiet hours make of them: still in order, as no reminder of one alarm overtakes another."""
    since: int | None = _first_due_after(series, after)
    while since is not None:
        stream, since, at_once, last = _lead_triggers(series, since), None, 0, after
        for trigger in stream:
            at_once = at_once + 1 if trigger.due == last else 0
            last = trigger.due
            if at_once == MAX_AT_ONCE:
                since = _first_due_after(series, last)
                break
            yield trigger


def _first_due_after(series: _Series, after: int) -> int:
    """The first instant for which a trigger would be due after another."""
    lead, quiet, home = series.lead, series.preferences.quiet, series.preferences.home

    def due(instant: int) -> int:
        return quiet.moved(instant, instant + lead, home)

    if due(after) <= after < due(after + 1):
        return after + 1
    around = range(after - REACH, after + REACH)
    return around[bisect_right(around, after, key=due)]


def _daily_triggers(series: _Series, after: int) -> Iterator[Trigger]:
    """An alarm at a wall-clock time rings once for all occurrences of a day: for the first of them.

    So an event of every second costs, and rings, no more than one of every day.
    """
    alarm, home = series.source.alarm, series.preferences.home
    if not MIN_WALL + _EDGE < after < MAX_WALL - (367 * DAY + _EDGE):
        return
    now = home.wall(after)
    day = now - now % DAY + (alarm.days_before - 1) * DAY
    while _at_wall_clock(alarm, day, home) <= after:
        day += DAY
    found = _first_from(series, day)
    while found is not None:
        occurrence, source = found
        day = _day(occurrence, home)
        yield _trigger(_at_wall_clock(alarm, day, home), source, occurrence, series.preferences)
        found = _first_from(series, day + DAY)


def _first_from(series: _Series, day: int) -> tuple[Occurrence, Source] | None:
    home = series.preferences.home
    if day > MAX_WALL:
        return None
    return next((each for each in series.occurrences(home.instant(day)) if _day(each[0], home) >= day), None)


def triggers_after(event: Event, preferences: Preferences, after: int) -> Iterator[Trigger]:
    """Every trigger that is due later than ``after``, in that order; without end for a series that has none."""
    streams = [_triggers_of(series, after) for series in _series_of(event, preferences)]
    return heapq.merge(*streams, key=lambda trigger: trigger.due)


def next_due(event: Event, preferences: Preferences, after: int) -> int | None:
    """When the first trigger that is due later than ``after`` is due, None when there is none."""
    first = next(triggers_after(event, preferences, after), None)
    return None if first is None else first.due


def triggers_at(event: Event, preferences: Preferences, instant: int) -> Iterator[Trigger]:
    """The triggers for an instant, whenever they are due."""
    for series in _series_of(event, preferences):
        is_daily = series.source.alarm.is_wall_clock
        found = _daily_triggers(series, instant - 1) if is_daily else _lead_triggers(series, instant)
        yield from takewhile(lambda trigger: trigger.instant == instant, found)


def triggers_between(
    event: Event, preferences: Preferences, between: tuple[int, int], limit: int = 100
) -> list[Trigger]:
    """The triggers due in (between[0], between[1]], the earliest first.

    At most ``limit`` and those due with the last of them, so that what is left comes later than all of them.
    """
    after, until = between
    found: list[Trigger] = []
    for trigger in triggers_after(event, preferences, after):
        if trigger.due > until or (len(found) >= limit and trigger.due > found[-1].due):
            break
        found.append(trigger)
    return found


def counts_from(event: Event, preferences: Preferences, now: int) -> int:
    """From which instant on what is due counts for an event that is new, or changed, at ``now``: what is past does not.

    But what was to ring just before the quiet hours that last now, and is for later, rings at once: nobody could know.
    """
    hours = preferences.quiet.hours
    around = hours.around(now + 1, preferences.home) if hours else None
    if around is None:
        return now
    for trigger in triggers_after(event, preferences, around[0] - 2):
        if trigger.due > now:
            break
        if trigger.instant > now:
            return trigger.due - 1
    return now
