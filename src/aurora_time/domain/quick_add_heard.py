"""From the phrases of a sentence to one meaning: which of them count, and what each is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from aurora_time.domain.component import Alarm
from aurora_time.domain.quick_add_clock import Clock, Clocks, Length, Scene
from aurora_time.domain.quick_add_dates import Day
from aurora_time.domain.quick_add_reading import (
    Ahead,
    AllDay,
    DayPart,
    Due,
    Found,
    InZone,
    Kind,
    Reminder,
    Repeat,
    Soon,
    Times,
    Until,
    Value,
    Without,
)
from aurora_time.domain.quick_add_text import Text
from aurora_time.domain.quick_add_words import Words

_NEAR: Final = 24
"""How far before a date the word that says what it is for is looked for."""
_NAMING: Final = re.compile(r"(?<!\w)(?:with|at|in|my|mr|mrs|dr)\.? $")
"""After these Sun and Sat are names."""
_ORDINAL: Final = re.compile(r"(?:the )?\d+[a-z]")
_ALSO: Final = re.compile(r",? (?:and|&|và|va) |, ?")
_DAYS: Final = frozenset({"day", "loose_pair"})
_NOUNS: Final = frozenset({"deadline", "hạn chót", "hạn", "han chot", "han"})
"""Words that lead to a date and may be all that a sentence is about."""
_MEANINGS: Final = {
    "clock": "time", "late": "time", "point": "time", "loose_point": "time", "range": "time", "for": "duration",
    "loose_length": "duration", "every": "repeat", "adverb": "repeat", "workdays": "repeat", "weekends": "repeat",
    "except": "repeat", "each": "repeat", "listed": "repeat", "loose_pair": "repeat", "span": "repeat",
    "without": "repeat", "every_part": "repeat", "nth": "repeat", "monthly": "repeat",
    "times": "until", "ahead": "reminder", "remind_before": "reminder", "remind_at": "reminder",
    "no_reminder": "reminder", "task": "kind", "must": "kind", "event": "kind", "command": "kind", "zone": "zone",
}  # fmt: skip


class Part(NamedTuple):
    """A part of the text that was understood; ``shown`` in the title too, where it is a mere adjective."""

    start: int
    end: int
    meaning: str
    shown: bool = False


@dataclass(slots=True)
class Heard:
    """What a sentence says, before it is known when it begins. Days count from 1970-01-01; alarms None: none said.

    ``more`` are the other times of each day of a series. ``last``: what was said last of the end, its ``day`` or its
    ``clock``, while the other may follow; ``ends_on``: both were said.
    """

    today: int
    repeats: bool
    kind: str = ""
    rings: bool = False
    is_due: bool = False
    is_all_day: bool = False
    day: Day | None = None
    clocks: Clocks | None = None
    ends_on: bool = False
    more: tuple[Clock, ...] = ()
    part: DayPart | None = None
    soon: Soon | None = None
    length: Length | None = None
    repeat: Repeat | None = None
    until: int | None = None
    times: int | None = None
    alarms: tuple[Alarm, ...] | None = None
    zone: str = ""
    last: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def has_time(self) -> bool:
        return any((self.day, self.clocks, self.part, self.soon, self.length, self.repeat, self.is_all_day))


def choose(found: Iterable[Found], text: Text, words: Words) -> list[Found]:
    """Of phrases that overlap the first, and of those the longest; loose ones only where nothing goes on."""
    ordered = sorted(found, key=lambda each: (each.start, -each.end))
    firm = {each.start for each in ordered if not each.loose}
    days = {each.start for each in ordered if each.reader in _DAYS and _stands(each, text, words, firm)}
    near = firm, firm | days  # at 9 Fri
    chosen: list[Found] = []
    end = 0
    for each in ordered:
        if each.start < end or (each.loose and not _stands(each, text, words, near[each.reader == "point"])):
            continue
        if each.reader == "zone" and not _follows_clock(each, chosen):
            continue
        if each.reader == "late" and not _follows_day(each, chosen, text):
            continue
        chosen.append(each)
        end = each.end
    return chosen


def _follows_clock(each: Found, chosen: list[Found]) -> bool:
    last = chosen[-1] if chosen else None
    return last is not None and each.start - last.end <= 1 and any(isinstance(value, Clocks) for value in last.values)


def _follows_day(each: Found, chosen: list[Found], text: Text) -> bool:
    """Whether a day or days stand right before: a week or a month may as well have hours, as in ``weekly 15h``."""
    if not chosen or text.low[chosen[-1].end : each.start].strip(" ,"):
        return False
    days = [value for value in chosen[-1].values if isinstance(value, Day | Repeat)]
    return any(isinstance(value, Day) or value.frequency == "DAILY" or value.by for value in days)


def _stands(each: Found, text: Text, words: Words, firm: set[int]) -> bool:
    """Whether a loose phrase is one: something known comes next, or nothing; or it is how the sentence begins."""
    rest = text.low[each.end : each.end + _NEAR].lstrip()
    place = each.end + text.low.startswith(" ", each.end)
    if each.reader not in ("loose_feast", "point") and _NAMING.search(text.low[max(0, each.start - 6) : each.start]):
        return False
    word = re.match(r"[^\W\d_]+|@", rest)
    goes_on = word is None or word[0] not in words.closers
    if not rest or place in firm or rest[0] in ",.;!?)-":
        return True
    if each.start or each.reader not in _DAYS:
        return not goes_on
    return goes_on and not text.capital(place) and not _ORDINAL.match(text.low)


def lead_of(found: Found, text: Text, scene: Scene, low: int) -> tuple[int, str]:
    """Where a date or time begins with the words that lead to it, and what they say that it is for."""
    start, role = found.start, ""
    searched = text.bare if scene.grammar.without_marks else text.low
    while True:
        near = max(low, start - _NEAR)
        match = scene.grammar.leads.search(searched[near:start])
        if match is None:
            return start, role
        role = role or scene.grammar.words.leads[match[1]]
        if match[1] in _NOUNS and near + match.start() == 0:
            return start, role
        start = near + match.start()


def hear(found: list[Found], text: Text, scene: Scene) -> Heard:
    """Everything that the phrases say together. What cannot be told is left for the title."""
    heard = Heard(scene.today, any(isinstance(value, Repeat) for each in found for value in each.values))
    is_told = any(isinstance(value, Day | Clocks | DayPart) for each in found for value in each.values)
    before: Found | None = None
    for each in found:
        if each.reader == "after" and is_told:
            continue  # 9h, sau 30 phút: after something else, not from now
        is_when = any(isinstance(value, Day | Clocks | DayPart | Soon) for value in each.values)
        start, role = lead_of(each, text, scene, before.end if before else 0) if is_when else (each.start, "")
        touches = before is not None and not text.low[before.end : start].strip(" ,(")
        if role == "to" and not touches:
            start, role = each.start, ""
        if before is not None and _adds_time(heard, each, between := text.low[before.end : start]):
            heard.parts.append(Part(start - len(between.lstrip(" ,")), each.end, "time"))
            before = each
            continue
        taken = [_take(heard, value, role, touches=touches) for value in each.values]
        if any(taken):
            ends = (role == "until" and heard.until is not None) or isinstance(each.values[0], Until)
            meaning = "until" if ends else _MEANINGS.get(each.reader, "date")
            is_adverb = each.reader == "adverb" and not _stands_alone(each, text, found, scene.grammar.words)
            heard.parts.append(Part(start, each.end, meaning, shown=is_adverb))
            before = each
    return heard


def _adds_time(heard: Heard, each: Found, between: str) -> bool:
    """Whether this is one more time of each day, at the same minute of the hour: ``daily at 8am and 8pm``."""
    value = each.values[0]
    if not (heard.repeats and heard.clocks and isinstance(value, Clocks) and _ALSO.fullmatch(between)):
        return False
    is_one = value.end is None and heard.clocks.end is None
    if is_one and (value.start.minute - heard.clocks.start.minute) % 60 == 0:
        heard.more = (*heard.more, value.start)
        return True
    return False


def _stands_alone(each: Found, text: Text, found: list[Found], words: Words) -> bool:
    """Whether an adverb belongs to nothing: in ``daily standup`` it does."""
    near = text.low[each.end : each.end + _NEAR]
    rest = near.lstrip(" ,")
    if not rest or rest.split(" ")[0] in words.closers:
        return True
    return any(other.start == each.end + len(near) - len(rest) for other in found)


def _take(heard: Heard, value: Value, role: str, *, touches: bool) -> bool:
    """Whether a value had its place in what was heard."""
    if isinstance(value, Due):
        heard.is_due, heard.day = True, value.day
        return True
    if isinstance(value, Day):
        return _take_day(heard, value, role, touches=touches)
    if isinstance(value, Clocks):
        return _take_clocks(heard, value, role, touches=touches)
    if isinstance(value, Repeat):
        if heard.repeat is not None and not heard.repeat.adverb:
            return value == heard.repeat._replace(by="")  # "t3 t5 18h hàng tuần" says the same twice
        heard.repeat = value
        return True
    if isinstance(value, Reminder):
        heard.alarms = (*(heard.alarms or ()), *((value.alarm,) if value.alarm else ()))
        return True
    return _take_other(heard, value)


def _take_other(heard: Heard, value: Value) -> bool:
    if isinstance(value, Without):
        is_daily = heard.repeat is not None and heard.repeat._replace(adverb=False) == Repeat("DAILY")
        heard.repeat = value.rest if is_daily else heard.repeat
        return is_daily
    if isinstance(value, Kind):
        heard.kind, heard.rings = value.name, value.rings
        return True
    if isinstance(value, AllDay):
        heard.is_all_day = True
        return True
    if isinstance(value, Ahead):
        heard.alarms = (value.alarm,) if heard.rings else heard.alarms
        return heard.rings
    if isinstance(value, Until):
        heard.until = value.day if heard.repeats else None
        return heard.repeats
    for name, type_, held in _FIELDS:
        if isinstance(value, type_) and not getattr(heard, name) and (heard.repeats or name != "times"):
            setattr(heard, name, getattr(value, held) if held else value)
            return True
    return False


_FIELDS: Final = (
    ("part", DayPart, ""),
    ("soon", Soon, ""),
    ("length", Length, ""),
    ("times", Times, "number"),
    ("zone", InZone, "name"),
)


def _take_day(heard: Heard, day: Day, role: str, *, touches: bool) -> bool:
    if role == "until" and heard.day is not None and heard.day.each and not heard.repeats:
        heard.repeat, heard.until = Repeat("WEEKLY"), day.last
        return True
    if role in ("until", "to"):
        _take_last_day(heard, day)
        heard.last = "day"
        return True
    if touches and _is_last_day(heard, day):
        heard.ends_on = heard.ends_on or heard.last == "clock"
        _take_last_day(heard, day)
        heard.last = "day"
        return True
    if role == "due":
        heard.is_due = True
    if role == "every" and day.has_month and heard.repeat is None:
        heard.repeat = Repeat("YEARLY")
    if heard.day is not None:
        if touches and day.exact > heard.day.exact:
            heard.day = day
        elif touches and day.exact == heard.day.exact == 1 and day.first != heard.day.first:
            is_next = day.first == heard.day.last + 1
            heard.day = heard.day._replace(last=day.last) if is_next else heard.day
            return is_next
        return touches or day.first == heard.day.first
    heard.day = day
    return True


def _is_last_day(heard: Heard, day: Day) -> bool:
    """Whether a day beside the end tells when that is: the day of its time, or the date of ``Sat 5 Dec``."""
    if heard.day is None or heard.repeats:
        return False
    return heard.last == "clock" or (heard.last == "day" and day.exact > 1)


def _take_last_day(heard: Heard, day: Day) -> None:
    if heard.repeats:
        heard.until = day.last
        return
    first, exact = (heard.day.first, heard.day.exact) if heard.day else (heard.today, 3)
    last = day.last + (7 if day.last < first and day.exact < 3 else 0)
    if heard.last == "day" and exact <= 2 < day.exact and last > first:
        first += (last - first) // 7 * 7  # Fri to Sun 13 Dec
    heard.day = Day(first, max(first, last), max(exact, 2))


def _take_clocks(heard: Heard, clocks: Clocks, role: str, *, touches: bool) -> bool:
    if heard.clocks is not None:
        is_last = role in ("until", "to")
        is_of_last_day = touches and heard.last == "day" and clocks.end is None and not heard.repeats
        if heard.clocks.end is not None or not (is_last or is_of_last_day):
            return False
        heard.clocks = Clocks(heard.clocks.start, clocks.start)
        heard.ends_on = is_of_last_day
        heard.last = "" if is_of_last_day else "clock"
        return True
    heard.is_due = heard.is_due or role in ("due", "until")
    heard.clocks = clocks
    if heard.day is not None and clocks.end is not None and clocks.end.minute < clocks.start.minute:
        heard.last = "clock"  # 8pm to 2am Sat
    return True


def gaps(parts: Iterable[Part], length: int) -> Iterator[tuple[int, int]]:
    """The stretches of the text that no part covers."""
    end = 0
    for part in sorted(parts):
        if not part.shown:
            if part.start > end:
                yield end, part.start
            end = max(end, part.end)
    if end < length:
        yield end, length
