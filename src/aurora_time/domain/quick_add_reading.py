"""What the phrases of a sentence mean, each by itself; ``quick_add.py`` puts the meanings together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from aurora_time.domain.calendar_days import weekday_of
from aurora_time.domain.component import MAX_LEAD_DAYS, Alarm
from aurora_time.domain.quick_add_clock import Clocks, Length, Scene, read_clock, read_clocks, read_length
from aurora_time.domain.quick_add_dates import Day, month_days, read_day, yearly_day
from aurora_time.domain.quick_add_text import Text
from aurora_time.domain.rule_text import WEEKDAYS

WORKDAYS: Final = ";BYDAY=MO,TU,WE,TH,FR"
_FREQUENCIES: Final = {
    "hour": ("HOURLY", 1), "day": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1), "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1),
}  # fmt: skip
_ADVERBS: Final = {
    "hourly": "hour", "daily": "day", "weekly": "week", "biweekly": "fortnight", "fortnightly": "fortnight",
    "monthly": "month", "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip
_MANY: Final = 5
_EVENING_BEFORE: Final = 18 * 60


class Repeat(NamedTuple):
    """A recurrence rule in the making; ``by`` as ``;BYDAY=MO``. A mere ``adverb`` also belongs to the title."""

    frequency: str
    interval: int = 1
    by: str = ""
    adverb: bool = False


class Without(NamedTuple):
    """What is left of every day where some are excepted later: ``every day at 7 except Sunday``."""

    rest: Repeat


class Until(NamedTuple):
    day: int


class Times(NamedTuple):
    number: int


class DayPart(NamedTuple):
    """The morning, the evening; of today if told."""

    name: str
    today: bool = False


class Soon(NamedTuple):
    """So long from now, some minutes at least."""

    length: Length


class Reminder(NamedTuple):
    """None: not at all."""

    alarm: Alarm | None


class AllDay(NamedTuple):
    """Without a time of day."""


class Ahead(NamedTuple):
    """So much before; a reminder where one was asked for."""

    alarm: Alarm


class Kind(NamedTuple):
    """``event`` or ``task``; ``rings`` when due."""

    name: str
    rings: bool = False


class Due(NamedTuple):
    """By when a task is to be done."""

    day: Day


class InZone(NamedTuple):
    name: str


Value = (
    Without
    | Day
    | Clocks
    | Length
    | Repeat
    | Until
    | Times
    | DayPart
    | Soon
    | Reminder
    | Ahead
    | AllDay
    | Kind
    | Due
    | InZone
)


class Found(NamedTuple):
    """A phrase at its place in the text, and what it means. A ``loose`` one counts only where nothing goes on."""

    start: int
    end: int
    reader: str
    values: tuple[Value, ...]
    loose: bool = False


class Hit(NamedTuple):
    """A match that is to be read."""

    match: re.Match[str]
    text: Text
    scene: Scene

    def group(self, name: str) -> str:
        """What a named group holds; empty where it has nothing, or the pattern no such group."""
        return self.match.groupdict().get(name) or ""

    def is_name(self, name: str) -> bool:
        """Whether a group begins with a capital, though it does not begin the sentence."""
        start = self.match.start(name)
        return start > 0 and self.text.capital(start) and not self.text.shown.isupper()

    def number(self, name: str) -> int | None:
        """A group's number, None for one that is not whole."""
        said = self.group(name)
        number = int(said) if said.isdigit() else self.scene.grammar.words.numbers.get(said, 1)
        return int(number) if number == int(number) else None


Reader = Callable[[Hit], tuple[Value, ...] | None]


def _day(hit: Hit) -> tuple[Value, ...] | None:
    day = read_day(hit.group("day"), hit.scene)
    if day is None or (hit.group("day") == "mai" and hit.is_name("day")):
        return None
    name = hit.group("part") or hit.match[0]
    return (day, DayPart(name)) if name in hit.scene.grammar.words.parts else (day,)


def _clock(hit: Hit) -> tuple[Value, ...] | None:
    clock = read_clock(hit.group("clock"), hit.scene)
    return None if clock is None else (Clocks(clock),)


def _feast(hit: Hit) -> tuple[Value, ...]:
    month, number = hit.scene.grammar.words.feasts[hit.group("feast")].split("-")
    return (yearly_day(int(month), int(number), hit.scene),)


def _range(hit: Hit) -> tuple[Value, ...] | None:
    clocks = read_clocks(hit.group("from"), hit.group("to"), hit.scene)
    return None if clocks is None else (clocks,)


def _part(hit: Hit) -> tuple[Value, ...]:
    return (DayPart(hit.group("part"), bool(hit.group("today"))),)


def _soon(hit: Hit) -> tuple[Value, ...] | None:
    length = read_length(hit.group("length") or hit.group("later"), hit.scene)
    return (Soon(length),) if length is not None and length.minutes else None


def _length(hit: Hit) -> tuple[Value, ...] | None:
    """Not with a capital: 60 Minutes is a programme."""
    said = hit.text.shown[hit.match.start("length") + 1 : hit.match.end()]
    if said != said.lower():
        return None
    length = read_length(hit.group("length"), hit.scene)
    return None if length is None else (length,)


def _every(hit: Hit) -> tuple[Value, ...] | None:
    number = 2 if hit.group("other") else hit.number("n")
    frequency = _FREQUENCIES.get(hit.scene.grammar.words.units[hit.group("unit")])
    if frequency is None or not number:
        return None
    return (Repeat(frequency[0], frequency[1] * number),)


def _adverb(hit: Hit) -> tuple[Value, ...]:
    return (Repeat(*_FREQUENCIES[_ADVERBS[hit.group("adverb")]], adverb=True),)


def _by_days(days: set[int], interval: int = 1) -> Repeat:
    return Repeat("WEEKLY", interval, ";BYDAY=" + ",".join(WEEKDAYS[day] for day in sorted(days)))


def _workdays(_: Hit) -> tuple[Value, ...]:
    return (Repeat("WEEKLY", 1, WORKDAYS),)


def _weekends(_: Hit) -> tuple[Value, ...]:
    return (_by_days({5, 6}),)


def _each(hit: Hit) -> tuple[Value, ...]:
    repeat = _by_days(_days(hit), 2 if hit.group("other") else 1)
    return (repeat, DayPart(hit.group("part"))) if hit.group("part") else (repeat,)


def _listed(hit: Hit) -> tuple[Value, ...] | None:
    """Three days and more are those of every week; but a few that follow one another may be one stay."""
    days = _days(hit)
    return None if len(days) < _MANY and max(days) - min(days) < len(days) else _each(hit)


def _pair(hit: Hit) -> tuple[Value, ...] | None:
    """Two days are those of every week, like ``tue/thu``; but two in a row are only these."""
    days = _days(hit)
    firsts = [day for day in days if (day + 1) % 7 in days]
    if len(days) != 2 or not firsts:
        return _each(hit) if len(days) == 2 else None
    first = hit.scene.today + (firsts[0] - weekday_of(hit.scene.today)) % 7
    return (Day(first, first + 1, 1, each=True),)


def _days(hit: Hit) -> set[int]:
    """Of ``thứ hai, tư, 6`` each, also without its first word."""
    table = hit.scene.grammar.words.weekdays
    shorts = {name.removeprefix("thứ ").removeprefix("thu "): day for name, day in table.items()}
    pattern = "|".join(sorted({*table, *shorts}, key=len, reverse=True))
    named = re.findall(rf"(?<!\w)({pattern})(?:s|(?=\W|$))", hit.group("list"))
    return {shorts.get(name, table.get(name, 0)) for name in named}


def _except(hit: Hit) -> tuple[Value, ...] | None:
    days = set(range(7)) - ({5, 6} if hit.group("weekend") else _days(hit))
    return (_by_days(days),) if days else None


def _without(hit: Hit) -> tuple[Value, ...] | None:
    rest = _except(hit)
    return tuple(Without(each) for each in rest or () if isinstance(each, Repeat)) or None


def _span(hit: Hit) -> tuple[Value, ...]:
    table = hit.scene.grammar.words.weekdays
    final = hit.group("final")
    first, last = table[hit.group("first")], int(final) - 2 if final.isdigit() else table[final]
    repeat = _by_days({day % 7 for day in range(first, last + 1 + (7 if last < first else 0))})
    return (repeat, DayPart(hit.group("part"))) if hit.group("part") else (repeat,)


def _every_part(hit: Hit) -> tuple[Value, ...]:
    return Repeat("DAILY"), DayPart(hit.group("part"))


def _nth(hit: Hit) -> tuple[Value, ...]:
    words = hit.scene.grammar.words
    nth = words.ordinals[hit.group("nth") or hit.group("nth_too")]
    weekday = words.weekdays.get(hit.group("weekday"))
    if weekday is None:
        return (Repeat("MONTHLY", 1, f";BYMONTHDAY={nth}"),)
    return (Repeat("MONTHLY", 1, f";BYDAY={nth}{WEEKDAYS[weekday]}"),)


def _monthly(hit: Hit) -> tuple[Value, ...] | None:
    number = hit.number("d")
    return (Repeat("MONTHLY", 1, f";BYMONTHDAY={number}"),) if number and number <= 31 else None


def _times(hit: Hit) -> tuple[Value, ...] | None:
    count = hit.number("n")
    return (Times(count),) if count else None


def _month(hit: Hit) -> tuple[Value, ...] | None:
    """``until June``: its first day; ``through June``, ``by the end of June``: its last."""
    span = month_days(hit.scene.grammar.words.months[hit.group("month")], hit.group("y"), hit.scene)
    if span is None:
        return None
    day = span[1] if hit.group("last") or hit.group("through") else span[0]
    return (Due(Day(day, day, 4)),) if hit.group("due") else (Until(day),)


def _remind_before(hit: Hit) -> tuple[Value, ...] | None:
    """``10 minutes before``; days before with a clock, or a day before at six in the evening, are on the wall."""
    clock = _minute_of(hit, "clock")
    if hit.group("clock") and clock is None:
        return None
    if not hit.group("length"):
        return (Reminder(Alarm("email", None, 1, (_EVENING_BEFORE if clock is None else clock) * 60)),)
    alarms = [_alarm(said, clock, hit.scene) for said in (hit.group("length"), hit.group("also")) if said]
    return None if None in alarms else tuple(map(Reminder, alarms))


def _alarm(said: str, clock: int | None, scene: Scene) -> Alarm | None:
    length = read_length(said, scene)
    if length is None:
        return None
    days = length.days + length.months * 30
    if clock is not None and days and not length.minutes:
        return Alarm("email", None, days, clock * 60) if days <= MAX_LEAD_DAYS else None
    minutes = length.minutes + days * 1440
    return Alarm("email", minutes) if minutes <= MAX_LEAD_DAYS * 1440 else None


def _ahead(hit: Hit) -> tuple[Value, ...] | None:
    if not re.match(r"(?:hãy |please )?(?:remind|nh[ắa]c)", hit.text.low):
        return None
    values = _remind_before(hit)
    return tuple(Ahead(value.alarm) for value in values or () if isinstance(value, Reminder) and value.alarm) or None


def _remind_at(hit: Hit) -> tuple[Value, ...] | None:
    minute = _minute_of(hit, "clock")
    if minute is None or hit.match.start() == 0:
        return None  # a sentence that begins so says when the thing itself is
    return (Reminder(Alarm("email", None, 0, minute * 60)),)


def _minute_of(hit: Hit, name: str) -> int | None:
    clock = read_clock(hit.group(name), hit.scene) if hit.group(name) else None
    return None if clock is None else min((clock.settled() if clock.minute < 360 else clock).minute, 1439)


def _must(hit: Hit) -> tuple[Value, ...] | None:
    """Not before a capital: Cần Thơ is a city."""
    return None if hit.text.capital(hit.match.end() + 1) else (Kind("task"),)


def _zone(hit: Hit) -> tuple[Value, ...]:
    return (InZone(hit.scene.grammar.words.zones[hit.group("zone")]),)


_READERS: Final[dict[str, Reader]] = {
    "day": _day, "day_part": _day, "clock": _clock, "point": _clock, "loose_point": _clock, "late": _clock,
    "range": _range, "loose_feast": _feast, "part": _part, "moment": _soon, "after": _soon, "for": _length,
    "loose_length": _length, "every": _every, "adverb": _adverb, "workdays": _workdays, "weekends": _weekends,
    "except": _except, "without": _without, "each": _each, "listed": _listed, "loose_pair": _pair, "span": _span,
    "every_part": _every_part, "nth": _nth,
    "monthly": _monthly, "times": _times, "month": _month, "remind_before": _remind_before,
    "ahead": _ahead, "remind_at": _remind_at, "no_reminder": lambda _: (Reminder(None),),
    "task": lambda _: (Kind("task"),), "all_day": lambda _: (AllDay(),), "must": _must,
    "event": lambda _: (Kind("event"),), "command": lambda _: (Kind("task", rings=True),), "zone": _zone,
}  # fmt: skip


def find_all(text: Text, scene: Scene, *, alone: bool) -> Iterator[Found]:
    """Every phrase of a language in the text, overlapping ones too. ``alone``: the whole text is of that language."""
    grammar = scene.grammar
    for phrase, pattern in grammar.phrases:
        if phrase.alone and not alone:
            continue
        for match in pattern.finditer(text.bare if grammar.without_marks else text.low):
            hit = Hit(match, text, scene)
            values = _READERS[phrase.reader](hit)
            if values:
                yield Found(match.start(), match.end(), phrase.reader, values, _is_loose(phrase.reader, hit))


def _is_loose(reader: str, hit: Hit) -> bool:
    if reader == "point":  # at 10 Downing Street
        return hit.text.capital(hit.match.end() + 1)
    said = hit.match[0]
    return reader.startswith("loose") or (reader == "day" and bool(hit.scene.grammar.loose.fullmatch(said)))
