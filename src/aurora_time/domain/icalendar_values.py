"""Values of iCalendar properties that several fields share: dates and times as the field writes them, and as we do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from aurora_time.domain.component import Time
from aurora_time.domain.content_lines import Line, without
from aurora_time.domain.icalendar_report import Report, UnreadableError, shown
from aurora_time.domain.icalendar_zones import FileZones
from aurora_time.domain.moment import DAY, MomentError, check_range, parse_compact, print_compact
from aurora_time.domain.zones import UnknownZoneError, resolve, zone

ODD: Final = "This is not written as iCalendar asks; it is read as it is meant."
_ODD_TIME: Final = re.compile(
    r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)"
    r"(?:[T ]*(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(?:(Z)|([+-])(\d\d):?(\d\d)|))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a component needs beside its lines."""

    zones: FileZones
    report: Report


class Wall(NamedTuple):
    """A date or time as it stands in a value: ``is_odd`` if its writing had to be mended."""

    wall: int
    is_date: bool
    is_utc: bool
    is_odd: bool = False


def read_wall(text: str) -> Wall:
    """``20261123``, ``20261123T090000``, ``...Z``, or what programs write instead. Raises MomentError."""
    is_utc = text[-1:] == "Z"
    try:
        wall, is_date = parse_compact(text[:-1] if is_utc else text)
    except MomentError:
        return _mended(text)
    return Wall(wall, is_date, is_utc, is_date and is_utc)


def _mended(text: str) -> Wall:
    """ISO 8601's extended form, no seconds, fractions, the hour 24, an offset, small letters, blanks."""
    match = _ODD_TIME.fullmatch(text.strip().upper())
    if match is None:
        raise MomentError(f"{shown(text)} is not a date or a time")
    year, month, day, hour, minute, second, utc, sign, ahead_hours, ahead_minutes = match.groups()
    if hour is None:
        return Wall(parse_compact(f"{year}{month}{day}")[0], True, False, True)
    late = hour == "24" and minute == "00" and second in (None, "00")
    clock = "000000" if late else f"{hour}{minute}{second or '00'}"
    wall = parse_compact(f"{year}{month}{day}T{clock}")[0] + (DAY if late else 0)
    if sign is None:
        return Wall(check_range(wall), False, utc is not None, True)
    offset = (int(ahead_hours) * 60 + int(ahead_minutes)) * 60
    return Wall(check_range(wall - (offset if sign == "+" else -offset)), False, True, True)


def read_time(line: Line, context: Context) -> Time:
    """The value of DTSTART and its like. Raises UnreadableError, also for a zone that nobody knows."""
    given, line = line, _colon_in_zone(line)
    if line is not given:
        context.report.warn(line.number, line.name, "A TZID with a colon must be quoted; it is read as if it were.")
    try:
        read = read_wall(line.value.strip())
        time = _placed(read, line, context)
    except UnknownZoneError as error:
        raise UnreadableError(line.number, line.name, f"{error}, or send its VTIMEZONE.") from None
    except MomentError as error:
        raise UnreadableError(line.number, line.name, f"{error}.") from None
    if read.is_odd:
        context.report.warn(line.number, line.name, ODD)
    return time


def _placed(read: Wall, line: Line, context: Context) -> Time:
    parameters = line.parameters
    if read.is_date:
        if "VALUE" not in parameters and not read.is_odd:
            context.report.once(line.number, line.name, "A date needs VALUE=DATE; it is read as if it had it.")
        return Time(read.wall, "", True)
    if parameters.get("VALUE", "").upper() == "DATE":
        context.report.warn(line.number, line.name, "A date has no time of day; the time is left out.")
        return Time(read.wall - read.wall % DAY, "", True)
    tzid = parameters.get("TZID")
    if read.is_utc:
        if tzid is not None:
            context.report.warn(line.number, line.name, "A time in UTC has no TZID; it is read as UTC.")
        return Time(read.wall, "UTC")
    if tzid is None:
        return Time(read.wall)
    if not tzid.strip():
        context.report.warn(line.number, line.name, "Its TZID is empty; the time is read as a floating one.")
        return Time(read.wall)
    known = context.zones.find(tzid)
    if known.own is not None:
        kept = f"kept as {known.name}, which keeps its time" if known.name else "no zone of IANA's; it is kept in UTC"
        context.report.once(line.number, line.name, f"The time zone {shown(tzid)} is {kept}.")
    return context.zones.time(read.wall, tzid)


def _colon_in_zone(line: Line) -> Line:
    """Outlook's ``TZID=(UTC+01:00) Berlin:2026...`` without quotes: the value begins behind the last colon."""
    if line.value[:1].isdigit() and "(" not in line.parameters.get("TZID", ""):
        return line
    head, _, value = line.text.rpartition(":")
    tzid = re.search(r";TZID=([^;]*)", head, re.IGNORECASE)
    if tzid is None or value == line.value or not value[:1].isdigit():
        return line
    return line._replace(value=value, parameters={**line.parameters, "TZID": tzid[1].strip('"')})


def read_instant(line: Line) -> tuple[int | None, str]:
    """An instant, which iCalendar writes in UTC, and what was odd about it; None if it cannot be read."""
    try:
        read = read_wall(line.value.strip())
        if read.is_utc:
            return read.wall, ODD if read.is_odd else ""
        tzid = line.parameters.get("TZID", "UTC")
        return resolve(tzid).instant(read.wall), "It must be in UTC; it is read as if it were, or in its own zone."
    except (MomentError, UnknownZoneError) as error:
        return None, f"It is passed over: {error}."


def print_time(name: str, time: Time, more: str = "") -> str:
    """The line of a property whose value is a date or time; ``more`` are further parameters, each with its ``;``."""
    if time.is_date:
        return f"{name}{more};VALUE=DATE:{print_compact(time.wall, is_date=True)}"
    if time.tzid == "UTC":
        return f"{name}{more}:{print_compact(time.wall)}Z"
    if time.tzid:
        return f"{name}{more};TZID={time.tzid}:{print_compact(time.wall)}"
    return f"{name}{more}:{print_compact(time.wall)}"


def kept_time(line: Line, time: Time) -> str | None:
    """The line as we write it, with the parameters that we do not know; None where there are none."""
    more = without(line.text, ("VALUE", "TZID"))
    return print_time(line.name, time, more) if more else None


def in_zone(time: Time, tzid: str) -> Time:
    """The same instant on another zone's clock, or as it is where that clock shows it twice."""
    clock = zone(tzid)
    instant = zone(time.tzid).instant(time.wall)
    wall = clock.wall(instant)
    return Time(wall, tzid) if clock.instant(wall) == instant else time


def day_of(time: Time, midnights: str) -> Time:
    """The day in which a time lies on the clock of a zone; of a floating one, or where that floats, its own day."""
    if time.tzid and midnights:
        time = Time(zone(midnights).wall(zone(time.tzid).instant(time.wall)))
    return Time(time.wall - time.wall % DAY, "", True)


def on_clock_of(time: Time, start: Time) -> Time:
    """A RECURRENCE-ID as the original start that it names, on the clock of its series."""
    if start.is_date:
        return Time(time.wall - time.wall % DAY, "", True)
    if time.is_date:
        return Time(time.wall + start.wall % DAY, start.tzid)
    if not start.tzid or time.tzid in ("", start.tzid):
        return Time(time.wall, start.tzid)
    return in_zone(time, start.tzid)
