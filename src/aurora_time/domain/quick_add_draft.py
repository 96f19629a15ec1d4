"""When what was heard begins and ends, how it repeats and when it rings: the draft of an event or a task."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from aurora_time.domain.calendar_days import weekday_of
from aurora_time.domain.component import Alarm, Time
from aurora_time.domain.moment import DAY, Duration, Moment, Zone, parse_date, print_compact
from aurora_time.domain.quick_add_clock import Clock, Clocks, Length, Scene
from aurora_time.domain.quick_add_dates import Day, later
from aurora_time.domain.quick_add_heard import Heard
from aurora_time.domain.quick_add_reading import Repeat
from aurora_time.domain.quick_add_words import Part
from aurora_time.domain.recurrence import next_after
from aurora_time.domain.rule_text import WEEKDAYS, parse_rule
from aurora_time.domain.zones import zone

_EARLIEST: Final = parse_date("1000-01-01")
_LATEST: Final = parse_date("8999-01-01")
_MORNING: Final = 8 * 3600
_NO_EVENING: Final = 9 * 60
"""Who says only "at 8" when that is past may mean the evening; from nine on it is tomorrow's morning."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of what was typed, from ``start`` to before ``end``, and what they mean."""

    start: int
    end: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An event or a task that a sentence means. An event has a start and an end, a task perhaps ``due``.

    ``meaning`` of a span is one of title, date, time, duration, place, repeat, until, reminder, zone, kind.
    """

    language: str
    summary: str
    location: str = ""
    spans: tuple[Span, ...] = ()
    kind: str = "task"
    start: Time | None = None
    end: Time | None = None
    due: Time | None = None
    recurrence: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] | None = None


@dataclass(frozen=True, slots=True)
class _When:
    """A start: a day, and the minute of it if it is not all day."""

    day: int
    minute: int | None

    @property
    def wall(self) -> int:
        return self.day * DAY + (self.minute or 0) * 60


def drafted(heard: Heard, scene: Scene, draft: Draft, home: Zone) -> Draft:
    """The draft with its kind, times, recurrence and reminders."""
    is_task = heard.kind == "task" or (heard.kind != "event" and (heard.is_due or not heard.has_time))
    kind = "task" if is_task else "event"
    if is_task and heard.repeat is not None and heard.repeat.adverb and heard.is_due:
        heard.repeat = None
    if not heard.has_time and is_task:
        return replace(draft, kind=kind, alarms=heard.alarms)
    clock = zone(heard.zone) if heard.zone else home
    if heard.day is not None and heard.day.each and heard.clocks is not None and not (heard.repeat or is_task):
        heard.repeat, heard.times = Repeat("DAILY"), heard.day.last - heard.day.first + 1
    if heard.more:
        _settle_hours(heard, scene, draft.summary)
    when = _start(heard, scene, draft.summary)
    end = _end(heard, when, clock)
    if not (when.wall >= _EARLIEST and end.wall < _LATEST):
        return replace(draft, kind="task", alarms=heard.alarms)
    start = _moment(when.wall, when, clock)
    recurrence = _recurrence(heard, when, start, clock)
    alarms = _alarms(heard, when)
    if is_task:
        return replace(draft, kind=kind, due=Time.of(start), recurrence=recurrence, alarms=alarms)
    return replace(draft, kind=kind, start=Time.of(start), end=Time.of(end), recurrence=recurrence, alarms=alarms)


def _moment(wall: int, when: _When, clock: Zone) -> Moment:
    return Moment(wall, is_date=True) if when.minute is None else Moment(wall, clock)


def _start(heard: Heard, scene: Scene, summary: str) -> _When:
    if heard.soon is not None:
        return _soon(heard.soon.length, scene)
    habit = _habit(scene, summary)
    clock = _clock(heard, scene, habit)
    if clock is None and heard.repeat is not None and heard.repeat.frequency == "HOURLY":
        clock = Clock((scene.now % DAY // 3600 + 1) * 60)
    if clock is None and heard.length is not None and heard.length.minutes and heard.day is None:
        clock = Clock((scene.now % DAY // 3600 + 1) * 60)
    minute = None if clock is None else clock.minute
    day = heard.day.first if heard.day else scene.today
    if heard.repeat is not None and (_by(heard) or heard.more):
        return _first(heard, _When(day, minute), scene)
    if minute is not None and _When(day, minute).wall < scene.now - scene.now % 60:
        return _next(heard, _When(day, minute), scene, habit)
    return _carried(day, minute)


def _carried(day: int, minute: int | None) -> _When:
    """The midnight that ends a day begins the next."""
    return _When(day, minute) if minute is None else _When(day + minute // 1440, minute % 1440)


def _soon(length: Length, scene: Scene) -> _When:
    day = later(scene.today, length.months) + length.days
    wall = scene.now - scene.now % 60 + length.minutes * 60 + (day - scene.today) * DAY
    return _When(wall // DAY, wall % DAY // 60)


def _habit(scene: Scene, summary: str) -> Part | None:
    """The part of the day in which people do this."""
    words = scene.grammar.words
    meal = scene.grammar.meal.search(summary.lower())
    return words.parts[words.meals[meal[1]]] if meal else None


def _clock(heard: Heard, scene: Scene, habit: Part | None) -> Clock | None:
    """The time of day: as it was said, else by the part of the day, else by what people do at that time."""
    words = scene.grammar.words
    if heard.is_all_day:
        return None
    part = words.parts.get(heard.part.name) if heard.part else None
    if heard.clocks is None:
        return None if part is None else Clock(part.hour * 60)
    return _settled(heard.clocks.start, part, habit)


def _settled(clock: Clock, part: Part | None, habit: Part | None) -> Clock:
    if part is not None:
        return clock.within(part)
    return clock.within(habit).settled() if habit else clock.settled()


def _settle_hours(heard: Heard, scene: Scene, summary: str) -> None:
    """The times of each day in their order; of what repeats by the hour, or is all day, there are none."""
    if heard.clocks is None or heard.is_all_day or (heard.repeat and heard.repeat.frequency == "HOURLY"):
        heard.more = ()
        return
    part = scene.grammar.words.parts.get(heard.part.name) if heard.part else None
    habit = _habit(scene, summary)
    clocks = (_settled(clock, part, habit) for clock in (heard.clocks.start, *heard.more))
    first, *others = sorted({Clock(clock.minute % 1440) for clock in clocks})
    heard.clocks, heard.more = Clocks(first), tuple(others)


def _next(heard: Heard, when: _When, scene: Scene, habit: Part | None) -> _When:
    """What would be past: the next time, or that evening if said so loosely; but as it is if the day was said."""
    day, minute = when.day, when.minute or 0
    is_today = bool((heard.part and heard.part.today) or (heard.clocks and heard.clocks.start.today))
    is_weekday = heard.day is not None and (heard.day.exact == 1 or (heard.ends_on and heard.day.exact == 2))
    if is_weekday and day == scene.today:
        return _carried(day + 7, minute)
    if heard.day is not None or is_today:
        return _carried(day, minute)
    said = heard.clocks.start if heard.clocks else None
    is_fixed = said is None or not said.open or said.written or heard.repeat is not None
    is_open = not (is_fixed or heard.part or habit)
    if is_open and minute < _NO_EVENING and when.wall + DAY // 2 > scene.now:
        return _carried(day, minute + 720)
    return _carried(day + 1, minute)


def _by(heard: Heard) -> str:
    """The days of the rule: its own, or those of the day that was said beside it."""
    repeat, day = heard.repeat, heard.day
    if repeat is None or repeat.by or day is None or day.exact == 0:
        return repeat.by if repeat else ""
    if repeat.frequency == "WEEKLY" and day.exact <= 2:
        last = day.last if day.each else day.first
        return ";BYDAY=" + ",".join(WEEKDAYS[weekday_of(each)] for each in range(day.first, last + 1))
    if repeat.frequency == "MONTHLY" and day.has_month:
        return f";BYMONTHDAY={int(print_compact(day.first * DAY, is_date=True)[6:])}"
    return ""


def _hours(heard: Heard) -> str:
    if heard.clocks is None or not heard.more:
        return ""
    return ";BYHOUR=" + ",".join(str(clock.minute // 60) for clock in (heard.clocks.start, *heard.more))


def _first(heard: Heard, when: _When, scene: Scene) -> _When:
    """The first time that a rule names, from the day that was said, or from now."""
    by = _by(heard)
    frequency = heard.repeat.frequency if heard.repeat and by else "DAILY"
    rule = parse_rule(f"FREQ={frequency}{by}{_hours(heard)}")
    after = when.wall - 1
    if when.minute is not None and (heard.day is None or heard.day.exact == 1):
        after = max(after, scene.now - scene.now % 60 - 1)
    found = next_after(rule, when.wall - DAY, after)
    wall = when.wall if found is None else found
    return _When(wall // DAY, None if when.minute is None else wall % DAY // 60)


def _end(heard: Heard, when: _When, clock: Zone) -> Moment:
    start = _moment(when.wall, when, clock)
    length = None if heard.repeat and heard.length and not heard.length.minutes else heard.length
    last = _last_day(heard, when)
    if when.minute is None:
        if length is not None and (length.days or length.months):
            last = max(last, later(when.day, length.months) + length.days - 1)
        return Moment((last + 1) * DAY, is_date=True)
    if heard.clocks is not None and heard.clocks.end is not None:
        until = last * DAY + _last_minute(heard.clocks, when) * 60
        if heard.ends_on and until > when.wall:
            return Moment(until, clock)
        return Moment(last * DAY + heard.clocks.end.after(when.minute) * 60, clock)
    if length is not None:
        later_ = Moment((later(last, length.months) + length.days) * DAY + when.minute * 60, clock)
        return Duration(seconds=length.minutes * 60).after(later_)
    return Duration(seconds=3600).after(_moment(start.wall + (last - when.day) * DAY, when, clock))


def _last_minute(clocks: Clocks, when: _When) -> int:
    """The time at which the last day ends it: as written, if that of the first day was taken as written."""
    if clocks.end is None or (clocks.end.written and clocks.start.minute % 1440 == when.minute):
        return clocks.end.minute if clocks.end else 0
    return clocks.end.settled().minute


def _last_day(heard: Heard, when: _When) -> int:
    day: Day | None = heard.day
    return when.day if day is None or heard.repeat is not None else max(when.day, when.day + day.last - day.first)


def _recurrence(heard: Heard, when: _When, start: Moment, clock: Zone) -> tuple[str, ...]:
    repeat: Repeat | None = heard.repeat
    if repeat is None:
        return ()
    interval = f";INTERVAL={repeat.interval}" if repeat.interval > 1 else ""
    return (f"RRULE:FREQ={repeat.frequency}{interval}{_by(heard)}{_hours(heard)}{_limit(heard, when, start, clock)}",)


def _limit(heard: Heard, when: _When, start: Moment, clock: Zone) -> str:
    """COUNT, or UNTIL with its whole day; ``for 6 weeks`` of something that repeats is until then."""
    if heard.times is not None:
        return f";COUNT={heard.times}"
    until, length = heard.until, heard.length
    if until is None and length is not None and not length.minutes:
        until = later(when.day, length.months) + length.days - 1
    if until is None:
        return ""
    if start.is_date:
        return f";UNTIL={print_compact(until * DAY, is_date=True)}"
    return f";UNTIL={print_compact(clock.instant((until + 1) * DAY - 1), is_date=False)}Z"


def _alarms(heard: Heard, when: _When) -> tuple[Alarm, ...] | None:
    """As they were said; a day has no minutes before it, so they become a day before, at eight."""
    if heard.alarms is None:
        return (Alarm("email", 0),) if heard.rings and when.minute is not None else None
    if when.minute is not None:
        return heard.alarms
    return tuple(
        alarm if alarm.minutes_before is None else Alarm("email", None, alarm.minutes_before // 1440, _MORNING)
        for alarm in heard.alarms
    )
