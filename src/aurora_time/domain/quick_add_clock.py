"""Times of day and lengths of time, from words. Minutes count from midnight; 1440 is the midnight that ends the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from aurora_time.domain.calendar_days import DAY
from aurora_time.domain.quick_add_words import Grammar, Part

NOON: Final = 720
MIDNIGHT: Final = 1440
UNITS: Final = {
    "minute": ("minute", 1), "hour": ("minute", 60), "day": ("day", 1), "week": ("day", 7), "fortnight": ("day", 14),
    "month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12),
}  # fmt: skip
_HALF: Final = re.compile(r" and a half(?= |$)| r(?:ưỡ|ưở|uo)i(?= |$)")
_PAST: Final = {"half": 30, "quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20}
_LONGEST_MONTHS: Final = 1_200
_WRITTEN: Final = re.compile(r" ?(?:giờ|gio|[gh:.])")
_LAST_MORNING_HOUR: Final = 6
"""An hour up to this, with nothing that says which, is one of the afternoon: few people meet at three in the night."""


@dataclass(frozen=True, slots=True)
class Scene:
    """When and how a sentence is said: ``now`` is on the wall of the person's clock; whether 12/5 is in December."""

    now: int
    month_first: bool
    grammar: Grammar

    @property
    def today(self) -> int:
        """The day, counted from 1970-01-01."""
        return self.now // DAY


class Clock(NamedTuple):
    """A time of day. ``open``: it was not said whether before or after noon. ``written``: as a clock of 24 hours shows
    it, ``9:30``, ``9h``, ``9 giờ``.
    """

    minute: int
    open: bool = False
    today: bool = False
    written: bool = False

    def within(self, part: Part) -> Clock:
        """The same on the clock's face, in a part of the day, if it can be there."""
        if self.open:
            for minute in (self.minute % NOON + half * NOON for half in range(3)):
                if part.first * 60 <= minute < (part.last + 1) * 60:
                    return Clock(minute if minute <= MIDNIGHT else minute - MIDNIGHT, today=self.today)
        return self

    def settled(self) -> Clock:
        """With nothing else known: one to six are in the afternoon."""
        is_early = self.open and self.minute < (_LAST_MORNING_HOUR + 1) * 60
        return Clock(self.minute + NOON if is_early else self.minute, today=self.today)

    def after(self, start: int) -> int:
        """The first minute after a start that this can mean; perhaps of the next day."""
        step = NOON if self.open else MIDNIGHT
        return start + ((self.minute - start) % step or step)


class Clocks(NamedTuple):
    """From one time of day, perhaps to another."""

    start: Clock
    end: Clock | None = None


class Length(NamedTuple):
    """How long: whole months and days on the calendar, and minutes."""

    months: int = 0
    days: int = 0
    minutes: int = 0


def read_clock(text: str, scene: Scene) -> Clock | None:
    """A time of day; also a bare hour. None for what no clock shows."""
    found = scene.grammar.whole("clock", text)
    if found is None:
        match = re.fullmatch(r"(?P<h>\d+(?=h$)|[^\W_]+)h?(?:\.(?P<m>\d\d))?(?: (?P<part>.+))?", text)
        return None if match is None else _hour(match, scene)
    name, match = found
    if name == "named":
        return Clock(NOON if match["noon"] else MIDNIGHT)
    return _past(match, scene) if name == "past" else _hour(match, scene)


def _past(match: re.Match[str], scene: Scene) -> Clock | None:
    minutes = _PAST.get(match["minutes"]) or int(match["minutes"])
    hour = _on_the_hour(match["h"], match["meridiem"], scene)
    if hour is None or minutes > 59:
        return None
    return hour._replace(minute=(hour.minute + (minutes if match["way"] == "past" else -minutes)) % MIDNIGHT)


def _on_the_hour(text: str, meridiem: str | None, scene: Scene) -> Clock | None:
    number = int(text) if text.isdigit() else scene.grammar.words.numbers.get(text, -1)
    hour = int(number)
    if hour != number or not 0 <= hour <= 24:
        return None
    if meridiem:
        return Clock((hour % 12 + 12 * (meridiem[0] == "p")) * 60) if 1 <= hour <= 12 else None
    return Clock(hour * 60, open=1 <= hour <= 12 and not text.startswith("0"))


def _hour(match: re.Match[str], scene: Scene) -> Clock | None:
    groups = match.groupdict()
    numbers, parts = scene.grammar.words.numbers, scene.grammar.words.parts
    clock = _on_the_hour(groups["h"], groups.get("meridiem"), scene)
    said, less = groups.get("m") or "0", groups.get("less") or "0"
    minutes = 30 if groups.get("half") else int(said) if said.isdigit() else int(numbers[said])
    minutes -= int(less) if less.isdigit() else int(numbers[less])
    if clock is None or not -60 < minutes < 60 or not 0 <= clock.minute + minutes <= MIDNIGHT:
        return None
    part = groups.get("part")
    is_written = _WRITTEN.match(match.string, match.end("h")) is not None
    clock = Clock(clock.minute + minutes, clock.open, bool(groups.get("today")), is_written)
    return clock.within(parts[part]) if part else clock


def read_clocks(first: str, last: str, scene: Scene) -> Clocks | None:
    """From one time of day to another, either of which may say for both whether before or after noon."""
    start, end = read_clock(first, scene), read_clock(last, scene)
    if start is None or end is None:
        return None
    if start.open and not end.open:
        over = end.minute + (MIDNIGHT if end.minute <= start.minute % NOON else 0)
        early = start.minute % NOON
        start = Clock(early + NOON if early + NOON < over else early, today=end.today)
    elif end.open and end.written:
        start = start._replace(written=True)
    return Clocks(start, end)


def read_length(text: str, scene: Scene) -> Length | None:
    """``1 hour 30 minutes``, ``an hour and a half``, ``2 tiếng rưỡi``, ``1h30``; None for no time, or a century."""
    grammar = scene.grammar
    half = _HALF.search(text)
    text = _HALF.sub("", text)
    amounts = dict.fromkeys(("month", "day", "minute"), 0.0)
    for place, match in enumerate(grammar.amount.finditer(text)):
        kind, factor = UNITS[grammar.words.units[match["unit"]]]
        said = match["n"].replace(",", ".")
        number = float(said) if said[0].isdigit() else grammar.words.numbers[said]
        amounts[kind] += factor * (number + (0.5 if half and not place else 0))
    if minutes := re.search(r"h ?(\d{2})$", text):
        amounts["minute"] += int(minutes[1])
    length = Length(int(amounts["month"]), int(amounts["day"]), round(amounts["minute"]))
    return length if any(length) and length.months <= _LONGEST_MONTHS else None
