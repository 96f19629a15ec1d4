"""The VTIMEZONE component (RFC 5545 3.6.5): a zone from its text, and the text of a zone."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice, pairwise
from typing import Final, NamedTuple

from aurora_time.domain.moment import (
    DAY,
    MIN_WALL,
    MomentError,
    Zone,
    check_range,
    parse_compact,
    parse_date,
    print_compact,
    print_date,
)
from aurora_time.domain.recurrence import Frequency, Rule, RuleError, occurrences, parse_rule
from aurora_time.domain.rule_text import WEEKDAYS

_HORIZON: Final = parse_date("2200-01-01")
"""So far the rules of a VTIMEZONE from elsewhere are followed; the last offset then stays."""
_MOST_ONSETS: Final = 20_000
_MOST_RULES: Final = 50
_LINE: Final = re.compile(r'([A-Za-z-]+)(?:;(?:[^":]|"[^"]*")*)?:(.*)')
_UTC_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)

_FIRST_YEAR: Final = 1850
"""Before it every place kept its own sun's time, so a zone has nothing to tell."""
_LAST_RULE_YEAR: Final = 2100
_TAIL_YEARS: Final = 12
"""So many years after the end show which yearly rules go on: every date falls on every weekday."""
_SHORT_RUN: Final = 2
_LOOK_EVERY: Final = 3 * DAY
"""No offset was ever kept for less than 6 days and 23 hours: in Brazil in October 2000."""
_LAST: Final = -1


class _Observance(NamedTuple):
    """A STANDARD or DAYLIGHT part: at which walls of the offset ``before`` the offset ``after`` sets in."""

    start: int
    before: int
    after: int
    rules: tuple[Rule, ...]
    dates: tuple[int, ...]

    def onsets(self) -> Iterator[int]:
        yield self.start
        yield from self.dates
        for rule in self.rules:
            until = rule.until.wall + self.before if rule.until is not None and rule.until.is_utc else None
            yield from occurrences(rule, self.start, self.start, _HORIZON, until)


class _FileZone:
    """A zone as a table: from ``_instants[i]``, and from ``_walls[i]``, the offset is ``_offsets[i + 1]``."""

    __slots__ = ("_instants", "_offsets", "_walls", "id")

    def __init__(self, tzid: str, first: int, changes: list[tuple[int, int]]) -> None:
        self.id = tzid
        self._instants = [instant for instant, _ in changes]
        self._offsets = [first, *(after for _, after in changes)]
        # With the greater offset, a gap lies before the change and the first pass of an overlap does too.
        greater = map(max, pairwise(self._offsets))
        self._walls = [instant + offset for instant, offset in zip(self._instants, greater, strict=True)]

    def instant(self, wall: int) -> int:
        return check_range(wall) - self._offsets[bisect_right(self._walls, wall)]

    def wall(self, instant: int) -> int:
        return check_range(instant + self._offsets[bisect_right(self._instants, instant)])

    def __repr__(self) -> str:
        return f"<VTIMEZONE {self.id!r}>"


@lru_cache(maxsize=64)
def zone_from_vtimezone(text: str) -> Zone:
    """The zone that the lines of one VTIMEZONE describe, up to the year 2200. One text is one zone.

    Before the first onset the offset is its TZOFFSETFROM. Raises MomentError if the text cannot be read, has
    more than 50 rules, or one that is not yearly or has BYSETPOS, or more than 20,000 onsets.
    """
    tzid, observances = _read(text)
    onsets = ((wall - part.before, part) for part in observances for wall in part.onsets())
    found = list(islice(onsets, _MOST_ONSETS + 1))
    if len(found) > _MOST_ONSETS:
        raise MomentError(f"the VTIMEZONE {tzid[:60]!r} changes its offset too often")
    found.sort(key=lambda onset: onset[0])
    first = offset = found[0][1].before
    changes: list[tuple[int, int]] = []
    for instant, part in found:
        if part.after != offset:
            changes.append((instant, part.after))
            offset = part.after
    return _FileZone(tzid, first, changes)


def _read(text: str) -> tuple[str, list[_Observance]]:
    tzid, observances = "", list[_Observance]()
    lines: list[tuple[str, str]] | None = None
    for line in re.split(r"\r\n|\n|\r", re.sub(r"(?:\r\n|\n|\r)[ \t]", "", text)):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].upper(), match[2].strip()
        edge = name in ("BEGIN", "END") and value.upper() in ("STANDARD", "DAYLIGHT")
        if edge and name == "BEGIN":
            lines = []
        elif edge and lines is not None:
            observances.append(_observance(lines))
            lines = None
        elif lines is not None:
            lines.append((name, value))
        elif name == "TZID":
            tzid = re.sub(r"\\([\\,;])", r"\1", value)
    if not tzid or not observances:
        raise MomentError("a VTIMEZONE needs a TZID and a STANDARD or DAYLIGHT part")
    rules = list(chain.from_iterable(part.rules for part in observances))
    # No program writes other rules; these would let a hostile file cost seconds.
    if len(rules) > _MOST_RULES or any(rule.frequency < Frequency.YEARLY or rule.by_set_pos for rule in rules):
        raise MomentError(f"a VTIMEZONE has at most {_MOST_RULES} rules, all FREQ=YEARLY and without BYSETPOS")
    return tzid, observances


def _observance(lines: list[tuple[str, str]]) -> _Observance:
    values = dict(lines)
    for needed in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
        if needed not in values:
            raise MomentError(f"a part of a VTIMEZONE lacks its {needed}")
    try:
        rules = tuple(parse_rule(value) for name, value in lines if name == "RRULE")
    except RuleError as error:
        raise MomentError(f"a part of a VTIMEZONE has an RRULE that cannot be read: {error}") from None
    dates = chain.from_iterable(value.split(",") for name, value in lines if name == "RDATE")
    return _Observance(
        _onset(values["DTSTART"]),
        _utc_offset(values["TZOFFSETFROM"]),
        _utc_offset(values["TZOFFSETTO"]),
        rules,
        tuple(_onset(text) for text in dates),
    )


def _onset(text: str) -> int:
    """An onset is local; a Z, which some files add, says nothing."""
    return parse_compact(text.strip().removesuffix("Z"))[0]


def _utc_offset(text: str) -> int:
    match = _UTC_OFFSET.fullmatch(text)
    if match is None:
        raise MomentError(f"{text[:60]!r} is not a UTC offset like +0100")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    return -seconds if match[1] == "-" else seconds


def vtimezone(zone: Zone, start: int, end: int) -> str:
    """The VTIMEZONE of a zone, in CRLF lines, true from ``start`` to ``end`` (instants).

    After the end, and after 2100, the last yearly rules go on; before 1850 the first offset does. Raises
    MomentError outside the years 1 to 9999.
    """
    # A day earlier, since the first of January begins in some zones while the year before still runs in others.
    first = min(max(int(print_date(max(start - DAY, MIN_WALL))[:4]), _FIRST_YEAR), 9980)
    wanted = min(int(print_date(end)[:4]) + _TAIL_YEARS, _LAST_RULE_YEAR)
    return _text(zone, first, min(max(wanted, first + _TAIL_YEARS), 9998))


@lru_cache(maxsize=512)
def _text(zone: Zone, first_year: int, last_year: int) -> str:
    start = parse_date(f"{first_year}-01-01")
    low, high = zone.instant(start), zone.instant(parse_date(f"{last_year + 1}-01-01"))
    offset = start - low
    changes = _changes(zone, low, high)
    initial = _Change(low, offset, offset, _is_summer_first(changes, low))
    parts = [(start, _part(initial, ()))]
    runs = _runs(changes)
    ruled = [run for run in runs if len(run.changes) > _SHORT_RUN]
    parts.extend((run.changes[0].wall, _part(run.changes[0], (run.rule(last_year),))) for run in ruled)
    parts.extend(_singles([run.changes for run in runs if len(run.changes) <= _SHORT_RUN]))
    tzid = re.sub(r"([\\,;])", r"\\\1", zone.id)
    lines = chain.from_iterable(part for _, part in sorted(parts))
    return "".join(f"{line}\r\n" for line in ("BEGIN:VTIMEZONE", f"TZID:{tzid}", *lines, "END:VTIMEZONE"))


class _Change(NamedTuple):
    """At ``instant`` the offset becomes ``after``; ``is_summer`` if only for some months."""

    instant: int
    before: int
    after: int
    is_summer: bool

    @property
    def wall(self) -> int:
        return self.instant + self.before

    @property
    def day(self) -> date:
        return date.fromisoformat(print_date(self.wall))


@dataclass(slots=True)
class _Run:
    """The same change year after year; ``places`` are those that all its days have in common."""

    changes: list[_Change]
    places: frozenset[int]

    def rule(self, last_year: int) -> str:
        first, last = self.changes[0].day, self.changes[-1]
        until = "" if last.day.year >= last_year else f"UNTIL={print_compact(last.instant)}Z;"
        weekday = WEEKDAYS[first.weekday()]
        nth = next((place for place in (1, 8, 15, 22) if place in self.places), 0)
        if _LAST in self.places:
            by_day = f"BYDAY=-1{weekday}"
        elif nth:
            by_day = f"BYDAY={nth // 7 + 1}{weekday}"
        else:
            low = min(self.places)
            by_day = f"BYMONTHDAY={','.join(map(str, range(low, low + 7)))};BYDAY={weekday}"
        return f"RRULE:FREQ=YEARLY;{until}BYMONTH={first.month};{by_day}"


def _runs(changes: list[_Change]) -> list[_Run]:
    runs: list[_Run] = []
    newest: dict[tuple[int, ...], _Run] = {}
    for change in changes:
        day, places = change.day, _places(change.day)
        key = (change.before, change.after, day.month, day.weekday(), change.wall % DAY)
        run = newest.get(key)
        if run and run.changes[-1].day.year == day.year - 1 and run.places & places:
            run.changes.append(change)
            run.places &= places
        else:
            run = newest[key] = _Run([change], places)
            runs.append(run)
    return runs


def _places(day: date) -> frozenset[int]:
    """The first days of the sevens of days a date lies in, and _LAST in the last seven days of its month."""
    length = monthrange(day.year, day.month)[1]
    sevens = range(max(1, day.day - 6), min(day.day, length - 6) + 1)
    return frozenset(sevens) | (frozenset((_LAST,)) if day.day + 7 > length else frozenset())


def _singles(runs: list[list[_Change]]) -> Iterator[tuple[int, list[str]]]:
    """Changes that follow no rule, one part for all of the same kind."""
    kinds: dict[tuple[int, int, bool], list[_Change]] = {}
    for change in sorted(chain.from_iterable(runs)):
        kinds.setdefault(change[1:], []).append(change)
    for first, *others in kinds.values():
        dates = tuple(f"RDATE:{print_compact(change.wall)}" for change in others)
        yield first.wall, _part(first, dates)


def _part(change: _Change, more: tuple[str, ...]) -> list[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{print_compact(change.wall)}",
        f"TZOFFSETFROM:{_print_offset(change.before)}",
        f"TZOFFSETTO:{_print_offset(change.after)}",
        *more,
        f"END:{kind}",
    ]


def _print_offset(offset: int) -> str:
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02}{minutes % 60:02}"
    return text + f"{seconds:02}" * bool(seconds)


def _changes(zone: Zone, low: int, high: int) -> list[_Change]:
    """The changes of offset from ``low`` to ``high``; a rise is to summer time if a fall follows soon."""
    found = list(_offsets(zone, low, high))
    found.append((high, found[-1][2], found[-1][1]) if found else (high, 0, 0))
    return [
        _Change(instant, before, after, before < after > later and until - instant < 366 * DAY)
        for (instant, before, after), (until, _, later) in pairwise(found)
    ]


def _is_summer_first(changes: list[_Change], low: int) -> bool:
    """Whether summer time is on at the start: it ends within the year, and comes again."""
    return len(changes) > 1 and changes[1].is_summer and changes[0].instant - low < 366 * DAY


def _offsets(zone: Zone, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """(instant, offset before, offset after), found by looks at short intervals, then by halving."""
    before = zone.wall(low) - low
    while low < high:
        later = min(low + _LOOK_EVERY, high)
        if zone.wall(later) - later == before:
            low = later
            continue
        while later - low > 1:
            middle = (low + later) // 2
            low, later = (middle, later) if zone.wall(middle) - middle == before else (low, middle)
        after = zone.wall(later) - later
        yield later, before, after
        low, before = later, after
