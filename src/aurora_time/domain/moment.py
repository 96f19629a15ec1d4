"""DATE, floating, zoned and UTC time, durations between them, and the one conversion to instants.

Two counts of seconds are used all over the domain. *Wall* seconds run from 1970-01-01T00:00:00 on the clock
on the wall, in no zone; *instants* run from 1970-01-01T00:00:00Z. Only a Zone turns one into the other.
Both cover the years 1 to 9999.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC as _DATETIME_UTC
from datetime import date, datetime, timedelta
from typing import Final, Protocol

import msgspec

DAY: Final = 86_400
MIN_WALL: Final = -62_135_596_800
"""0001-01-01T00:00:00"""
MAX_WALL: Final = 253_402_300_799
"""9999-12-31T23:59:59"""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=_DATETIME_UTC).replace(tzinfo=None)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_DURATION: Final = re.compile(
    r"([+-]?)P(?=[0-9T])(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)


class MomentError(ValueError):
    """A date, time or duration that cannot be read, or lies outside the years 1 to 9999."""


class Zone(Protocol):
    """A resolved time zone. Zones that are equal keep the same time and bear the same name."""

    def __hash__(self) -> int: ...

    @property
    def id(self) -> str:
        """The name to show and to store: an IANA id where one is known."""
        ...

    def instant(self, wall: int) -> int:
        """RFC 5545 3.3.5: a time in a gap is read with the offset before, one that comes twice is the first.

        Raises MomentError outside the years 1 to 9999.
        """
        ...

    def wall(self, instant: int) -> int:
        """What the clock on the wall shows at an instant. Raises MomentError outside the years 1 to 9999."""
        ...


def check_range(seconds: int) -> int:
    """Give the wall seconds or instant back if its year is 1 to 9999, else raise MomentError."""
    if not MIN_WALL <= seconds <= MAX_WALL:
        raise MomentError("the time lies outside the years 1 to 9999")
    return seconds


@dataclass(frozen=True, slots=True)
class FixedZone:
    """Always ``offset`` seconds ahead of UTC."""

    id: str
    offset: int

    def instant(self, wall: int) -> int:
        return check_range(wall) - self.offset

    def wall(self, instant: int) -> int:
        return check_range(instant + self.offset)


UTC: Final[Zone] = FixedZone("UTC", 0)


class Moment(msgspec.Struct, frozen=True):
    """An RFC 5545 DATE or DATE-TIME as it was written.

    A date has ``is_date``, its midnight as ``wall``, and no zone. Without a zone a time floats. A time in UTC
    has the zone UTC. Raises MomentError for anything else.
    """

    wall: int
    zone: Zone | None = None
    is_date: bool = False

    def __post_init__(self) -> None:
        if not MIN_WALL <= self.wall <= MAX_WALL:  # as check_range says it, without the call: listings make thousands
            check_range(self.wall)
        if self.is_date and (self.zone is not None or self.wall % DAY):
            raise MomentError("a date has neither a time of day nor a time zone")

    def instant(self, home: Zone) -> int:
        """Seconds since the epoch; dates and floating times are read in ``home``, the reader's zone."""
        zone = self.zone
        return home.instant(self.wall) if zone is None else zone.instant(self.wall)

    def on(self, clock: Zone | None) -> Moment:
        """The same instant on another clock, where that can name it; a date, and what floats, as it is."""
        if clock is None or self.zone is None or clock == self.zone:
            return self
        instant = self.zone.instant(self.wall)
        wall = clock.wall(instant)
        return Moment(wall, clock) if clock.instant(wall) == instant else self

    @classmethod
    def from_ical(cls, text: str, zone: Zone | None = None) -> Moment:
        """Read ``20261123``, ``20261123T090000`` (in ``zone``; floating without) or ``20261123T090000Z``.

        A Z wins over the zone, which RFC 5545 does not allow beside it. Raises MomentError.
        """
        match = _COMPACT.fullmatch(text)
        if match is None:
            raise MomentError(f"{_shown(text)} is not like 20261123, 20261123T090000 or 20261123T090000Z")
        if match[4] is None:
            return cls(_seconds(match), is_date=True)
        return cls(_seconds(match), UTC if match[7] else zone)

    def ical(self) -> str:
        """The iCalendar value; a zone that is not UTC goes into the TZID parameter, which is the writer's."""
        return print_compact(self.wall, is_date=self.is_date) + ("Z" if self.zone == UTC else "")

    @classmethod
    def from_iso(cls, text: str, zone: Zone | None = None) -> Moment:
        """Read ``2026-11-23``, ``2026-11-23T09:00:00`` (in ``zone``; floating without), or with an offset.

        With an offset (RFC 3339) it is that instant: on the clock of ``zone``, or in UTC without one. Raises
        MomentError, also for an instant in the second pass of an overlap, which the clock cannot name.
        """
        if _DATE.fullmatch(text):
            return cls(parse_date(text), is_date=True)
        match = _iso(text)
        if match[7] is None:
            return cls(_seconds(match), zone)
        instant = parse_instant(text)
        if zone is None:
            return cls(instant, UTC)
        wall = zone.wall(instant)
        if zone.instant(wall) != instant:
            raise MomentError(f"in {zone.id} the clock shows {print_wall(wall)} twice: give the time in UTC")
        return cls(wall, zone)

    def iso(self) -> str:
        """``2026-11-23``, ``2026-11-23T09:00:00``, or ``2026-11-23T09:00:00Z`` in UTC."""
        if self.is_date:
            return print_date(self.wall)
        return print_wall(self.wall) + ("Z" if self.zone == UTC else "")


@dataclass(frozen=True, slots=True)
class Window:
    """The instants from ``start`` to before ``end``. Raises MomentError if it ends before it starts."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise MomentError("the end lies before the start")

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a part of ``start`` to before ``end`` lies inside; of no length, whether its start does."""
        return start < self.end and (end > self.start or start >= self.start)


@dataclass(frozen=True, slots=True)
class Duration:
    """RFC 5545 3.3.6: ``days`` are days on the wall's clock, whatever their length; ``seconds`` are exact.

    Both have the same sign, or one is zero; otherwise, or beyond 10,000 years, raises MomentError.
    """

    days: int = 0
    seconds: int = 0

    def __post_init__(self) -> None:
        if self.days * self.seconds < 0:
            raise MomentError("the days and the seconds of a duration have the same sign")
        if abs(self.days) * DAY + abs(self.seconds) > MAX_WALL - MIN_WALL:
            raise MomentError("the duration is longer than 9,999 years")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read ``P1D``, ``-PT15M``, ``P1W``, ``P1DT12H``. Raises MomentError."""
        match = _DURATION.fullmatch(text.upper())
        if match is None:
            raise MomentError(f"{_shown(text)} is not a duration like P1D, PT1H30M or -PT15M")
        sign = -1 if match[1] == "-" else 1
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        return cls(sign * (weeks * 7 + days), sign * (hours * 3600 + minutes * 60 + seconds))

    def print(self) -> str:
        """The iCalendar value: ``P1W`` for whole weeks, ``PT0S`` for none."""
        sign = "-" if self.days < 0 or self.seconds < 0 else ""
        days, exact = abs(self.days), abs(self.seconds)
        if days and not exact and days % 7 == 0:
            return f"{sign}P{days // 7}W"
        minutes, seconds = divmod(exact, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
        time = "".join(f"{count}{unit}" for count, unit in parts if count)
        date_part = f"{days}D" if days else ""
        if not time and not date_part:
            return "PT0S"
        return f"{sign}P{date_part}" + (f"T{time}" if time else "")

    def instant_after(self, wall: int, zone: Zone) -> int:
        """The instant this long after (before, if negative) a wall time in a zone: days, then seconds."""
        return zone.instant(wall + self.days * DAY) + self.seconds

    def after(self, start: Moment) -> Moment:
        """The moment this long after the start, of the same kind as the start.

        On a date, a part of a day counts as a whole one, since dates have no hours. An end that falls into
        the second pass of an overlap is given in UTC: the zone's clock could not tell it from the first.
        """
        if start.is_date:
            exact = -(-abs(self.seconds) // DAY) * (-1 if self.seconds < 0 else 1)
            return Moment(start.wall + (self.days + exact) * DAY, is_date=True)
        if start.zone is None or not self.seconds:
            return Moment(start.wall + self.days * DAY + self.seconds, start.zone)
        instant = self.instant_after(start.wall, start.zone)
        wall = start.zone.wall(instant)
        if start.zone.instant(wall) != instant:
            return Moment(instant, UTC)
        return Moment(wall, start.zone)

    @classmethod
    def between(cls, start: Moment, end: Moment, home: Zone) -> Duration:
        """From start to end: in days between dates, else exact, as RFC 5545 3.8.5.3 has it for DTEND."""
        if start.is_date and end.is_date:
            return cls(days=(end.wall - start.wall) // DAY)
        return cls(seconds=end.instant(home) - start.instant(home))

    @classmethod
    def by_days(cls, start: Moment, end: Moment, home: Zone) -> Duration:
        """From start to end in whole days on the clock of the start, and what is left over in exact seconds.

        What floats is read on the wall. The end does not lie before the start.
        """
        clock = start.zone or (UTC if end.zone is None else home)
        instant = end.instant(home if start.zone else clock)
        days = max((clock.wall(instant) - start.wall) // DAY, 0)
        if days and clock.instant(start.wall + days * DAY) > instant:
            days -= 1  # that day's clock shows the hour of the start only after the end
        return cls(days, instant - clock.instant(start.wall + days * DAY))


def end_along(start: Moment, end: Moment, moved: Moment, home: Zone) -> Moment | None:
    """The end that goes along when a start is moved; None between a date and a time, which have no length in common.

    Whole days are days on the clock, and what is left over is exact. An end on a clock of its own stays on that.
    """
    if moved == start:
        return end
    if not moved.is_date == start.is_date == end.is_date:
        return None
    there = Duration.by_days(start, end, home).after(moved)
    return there.on(end.zone if end.zone not in (start.zone, UTC) else moved.zone)


def parse_date(text: str) -> int:
    """The wall seconds of the midnight with which ``2026-11-23`` begins. Raises MomentError."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise MomentError(f"{_shown(text)} is not a date like 2026-11-23")
    return _seconds(match)


def print_date(wall: int) -> str:
    """``2026-11-23``: the date on which the wall seconds lie."""
    return print_wall(wall)[:10]


def parse_wall(text: str) -> int:
    """Wall seconds of ``2026-11-23T09:00:00``; no seconds are 0, a fraction is dropped. MomentError else."""
    match = _iso(text)
    if match[7] is not None:
        raise MomentError(f"{_shown(text)} has an offset: write a local time like 2026-11-23T09:00:00")
    return _seconds(match)


def print_wall(wall: int) -> str:
    """``2026-11-23T09:00:00``"""
    return (_EPOCH + timedelta(0, check_range(wall))).isoformat()


def parse_instant(text: str) -> int:
    """The instant of RFC 3339 text, ``2026-11-23T09:00:00+07:00`` or ``...Z``. Raises MomentError."""
    match = _iso(text)
    offset = match[7]
    if offset is None:
        raise MomentError(f"{_shown(text)} has no offset: write it like 2026-11-23T02:00:00Z or with +07:00")
    if offset in "Zz":
        return _seconds(match)
    hours, minutes = int(offset[1:3]), int(offset[4:])
    if hours > 23 or minutes > 59:
        raise MomentError(f"{_shown(text)} has an offset that no clock keeps: {offset}")
    ahead = (hours * 60 + minutes) * 60
    return check_range(_seconds(match) + (ahead if offset[0] == "-" else -ahead))


def print_instant(instant: int) -> str:
    """``2026-11-23T02:00:00Z``"""
    return print_wall(instant) + "Z"


def parse_compact(text: str) -> tuple[int, bool]:
    """Wall seconds of ``20261123T090000`` or ``20261123`` (a recurrence-id), and whether it is a date.

    Raises MomentError, also for a Z: a recurrence-id is a local start.
    """
    match = _COMPACT.fullmatch(text)
    if match is None or match[7]:
        raise MomentError(f"{_shown(text)} is not like 20261123T090000 or 20261123")
    return _seconds(match), match[4] is None


def print_compact(wall: int, *, is_date: bool = False) -> str:
    """``20261123T090000``, or ``20261123`` for a date."""
    text = print_wall(wall).replace("-", "").replace(":", "")
    return text[:8] if is_date else text


def _iso(text: str) -> re.Match[str]:
    match = _ISO.fullmatch(text)
    if match is None:
        hint = " (in a URL, write + as %2B)" if " " in text[10:] else ""
        raise MomentError(f"{_shown(text)} is not a time like 2026-11-23T09:00:00{hint}")
    return match


def _seconds(match: re.Match[str]) -> int:
    """Wall seconds of a match whose first groups are year, month, day and perhaps hour, minute, second."""
    fields = match.groups()
    try:
        days = date(int(fields[0]), int(fields[1]), int(fields[2])).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        raise MomentError(f"{_shown(match[0])} is not a day of the calendar") from None
    if len(fields) == 3 or fields[3] is None:
        return days * DAY
    hour, minute, second = int(fields[3]), int(fields[4]), int(fields[5] or 0)
    if hour > 23 or minute > 59 or second > 60:
        raise MomentError(f"{_shown(match[0])} has no such time of day")
    # RFC 5545 3.3.12: who keeps no leap seconds reads second 60 as 59.
    return days * DAY + hour * 3600 + minute * 60 + min(second, 59)


def _shown(text: str) -> str:
    """The text as it may stand in a message: quoted, and cut if long."""
    return repr(text if len(text) <= 60 else text[:60] + "...")
