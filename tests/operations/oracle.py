"""What must ring, by the definitions alone: datetime and zoneinfo, a day at a time, none of the product's arithmetic.

It knows the shapes that the simulated year makes: single, daily and weekly events, timed and all-day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aurora_time.domain.component import Alarm, Event
from aurora_time.store.people import Person

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a wall, on no clock


class Rings(NamedTuple):
    """A reminder: what its alarm says, when it is to ring, and by what."""

    instant: int
    due: int
    alarm: Alarm


class Facts(NamedTuple):
    """All of an event and its owner that decides when it rings; the same facts, the same reminders."""

    start: int
    end: int
    tzid: str
    is_date: bool
    recurrence: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    home: str
    quiet: tuple[int, int] | None


def facts_of(person: Person, event: Event) -> Facts:
    hours = person.quiet.hours
    return Facts(
        event.start.wall,
        event.end.wall,
        event.start.tzid,
        event.start.is_date,
        event.recurrence,
        tuple(_alarms(person, event)),
        person.time_zone,
        (hours.start, hours.end) if hours else None,
    )


def _alarms(person: Person, event: Event) -> Iterator[Alarm]:
    if event.alarms is not None:
        yield from event.alarms
        return
    words = {*event.summary.lower().split()}
    rules = [rule for rule in person.rules if rule.enabled and (not rule.match.words or words & {*rule.match.words})]
    if any(not rule.triggers for rule in rules):
        return
    seen = [alarm for alarm in person.default_alarms if (alarm.minutes_before is None) == event.start.is_date]
    seen += [alarm for rule in rules for alarm in rule.triggers]
    for alarm in dict.fromkeys(seen):
        if not event.start.is_date or alarm.minutes_before is None:
            yield alarm


def instant(wall: datetime, zone: ZoneInfo) -> int:
    return int(wall.replace(tzinfo=zone).astimezone(UTC).timestamp())


def rings_between(facts: Facts, after: int, until: int) -> Iterator[Rings]:
    """All that is for an instant in (after - 2 days, until + 2 days], wherever quiet hours move it."""
    home = ZoneInfo(facts.home)
    low, high = after - 2 * 86_400, until + 2 * 86_400
    for first, last in _times(facts, low, high + 9 * 86_400):
        clock = home if facts.is_date else ZoneInfo(facts.tzid)
        start, end = instant(first, clock), instant(last, clock)
        for alarm in facts.alarms:
            at = _at(alarm, start, home)
            if low < at <= high:
                yield Rings(at, _moved(facts, at, start, end), alarm)


def _times(facts: Facts, low: int, high: int) -> Iterator[tuple[datetime, datetime]]:
    first, last = (EPOCH + timedelta(seconds=wall) for wall in (facts.start, facts.end))
    step, count = _rule(facts.recurrence)
    begin = max(0, (low - facts.start) // 86_400 // step - 1) if step else 0
    for number in range(begin, count):
        shift = timedelta(days=number * step)
        if facts.start + number * step * 86_400 > high:
            return
        yield first + shift, last + shift


def _rule(lines: tuple[str, ...]) -> tuple[int, int]:
    """Days between occurrences, and how many there are."""
    if not lines:
        return 0, 1
    parts = dict(part.split("=") for part in lines[0].removeprefix("RRULE:").split(";"))
    return {"DAILY": 1, "WEEKLY": 7}[parts["FREQ"]], int(parts.get("COUNT", 10**6))


def _at(alarm: Alarm, start: int, home: ZoneInfo) -> int:
    if alarm.minutes_before is not None:
        return start - alarm.minutes_before * 60
    day = datetime.fromtimestamp(start, home).date() - timedelta(days=alarm.days_before)
    return _on(day, alarm.at, home)


def _on(day: date, seconds: int, home: ZoneInfo) -> int:
    return instant(datetime.combine(day, clock_time()) + timedelta(seconds=seconds), home)


def night_of(facts: Facts, at: int) -> tuple[int, int] | None:
    """The quiet hours in which an instant lies."""
    if facts.quiet is None:
        return None
    home, (first, last) = ZoneInfo(facts.home), facts.quiet
    today = datetime.fromtimestamp(at, home).date()
    for day in (today, today - timedelta(days=1)):
        begin = _on(day, first, home)
        end = _on(day if first < last else day + timedelta(days=1), last, home)
        if begin <= at < end:
            return begin, end
    return None


def _moved(facts: Facts, at: int, start: int, end: int) -> int:
    night = night_of(facts, at)
    if night is None:
        return at
    deadline = start if at <= start else end - 1
    return night[1] if night[1] <= deadline else night[0] - 1
