"""When a component is: DTSTART with DTEND, DUE or DURATION, and its RRULE, RDATE and EXDATE lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aurora_time.domain.component import Time
from aurora_time.domain.content_lines import Line, parse_line, without
from aurora_time.domain.icalendar_report import UnreadableError
from aurora_time.domain.icalendar_values import ODD, Context, day_of, read_time, read_wall
from aurora_time.domain.moment import DAY, Duration, MomentError, print_compact
from aurora_time.domain.recurrence_lines import RecurrenceError, parse_recurrence
from aurora_time.domain.zones import UnknownZoneError, zone

Lines = Mapping[str, Sequence[Line]]
"""The lines of a component by name."""

RECURRENCE: Final = ("RRULE", "RDATE", "EXDATE")
_ALL_DAY_FLAGS: Final = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
_SEVERAL: Final = "It stands here more than once; the first counts."
_REGULAR: Final = re.compile(r"\d{8}(?:T\d{6}Z?)?(?:,\d{8}(?:T\d{6}Z?)?)*+", re.ASCII)
_EMPTY_PART: Final = re.compile(r"(?:^|;)[A-Za-z-]+=(?=;|$)")
_LOCAL: Final = re.compile(r"(T\d{6})(?!\d|Z)", re.ASCII)
_AT_A_TIME: Final = re.compile(r"(?<!\d)\d{8}T\d{6}Z?", re.ASCII)


def only(lines: Lines, name: str, context: Context) -> Line | None:
    """The first line of this name that has a value."""
    found = lines.get(name)
    if not found:
        return None
    if len(found) > 1:
        context.report.warn(found[1].number, name, _SEVERAL)
    if not found[0].value.strip():
        context.report.warn(found[0].number, name, "It is empty; it is read as if it were not there.")
        return None
    return found[0]


# --- events -----------------------------------------------------------------------------------------------------------
def event_times(lines: Lines, number: int, context: Context) -> tuple[Time, Time, str | None]:
    """Start and exclusive end; ``number`` is the component's line. Raises UnreadableError.

    Of days that were written as midnights also the name of the zone whose midnights those were.
    """
    first = only(lines, "DTSTART", context)
    if first is None:
        raise UnreadableError(number, "VEVENT", "It has no DTSTART, so nobody knows when it is.")
    start = read_time(first, context)
    last = only(lines, "DTEND", context)
    if last is not None:
        end = _matching(read_time(last, context), start, last, context)
    else:
        end = _after(start, lines, context)
    if not start.is_date and any(_is_true(lines[name][0]) for name in _ALL_DAY_FLAGS if name in lines):
        return _whole_days(start, end, first, context)
    return start, end, None


def _is_true(line: Line) -> bool:
    return line.value.strip().upper() in ("TRUE", "1")


def _matching(end: Time, start: Time, line: Line, context: Context) -> Time:
    """The end as one of a start of this kind: a date or a time, in a zone or floating, and not before it."""
    warn = context.report.warn
    if end.is_date != start.is_date:
        warn(
            line.number, line.name, "Start and end are not both dates or both times; the end is taken as the start is."
        )
        end = Time(end.wall, start.tzid) if end.is_date else Time(-(-end.wall // DAY) * DAY, "", True)
    elif bool(end.tzid) != bool(start.tzid):
        warn(line.number, line.name, "Of start and end only one has a time zone; the end is taken as the start is.")
        end = Time(end.wall, start.tzid)
    least = DAY if start.is_date else 0
    if start.is_date and end.wall == start.wall:
        warn(line.number, line.name, "The end of a day is the day after; it is taken to last one day.")
        return Time(start.wall + DAY, "", True)
    if _seconds(start, end) < least:
        warn(line.number, line.name, "It ends before it starts; it is taken to end as soon as it can.")
        return Time(start.wall + least, start.tzid, start.is_date)
    return end


def _seconds(start: Time, end: Time) -> int:
    on_wall = end.wall - start.wall
    if start.tzid == end.tzid and (not start.tzid or not 0 <= on_wall < DAY):
        return on_wall
    # Also on one clock: a start in the hour that is left out in spring is later than the clock shows.
    return zone(end.tzid).instant(end.wall) - zone(start.tzid).instant(start.wall)


def _after(start: Time, lines: Lines, context: Context) -> Time:
    """The end by DURATION; without one a day, or no time at all (RFC 5545 3.6.1)."""
    line = only(lines, "DURATION", context)
    length = Duration(days=1) if start.is_date else Duration()
    if line is None:
        return Time.of(length.after(start.moment))
    try:
        read = Duration.parse(line.value.strip())
        if read.days < 0 or read.seconds < 0 or (start.is_date and read == Duration()):
            raise MomentError("it is negative, or none")
        return Time.of(read.after(start.moment))
    except MomentError as error:
        context.report.warn(line.number, line.name, f"It cannot be followed and is passed over: {error}.")
        return Time.of(length.after(start.moment))


def _whole_days(start: Time, end: Time, line: Line, context: Context) -> tuple[Time, Time, str | None]:
    """What Exchange calls all-day: from midnight to midnight."""
    if start.wall % DAY or end.wall % DAY or end.wall <= start.wall or start.tzid != end.tzid:
        return start, end, None
    context.report.warn(line.number, line.name, "It is marked as all-day and lasts from midnight to midnight: a date.")
    return Time(start.wall, "", True), Time(end.wall, "", True), start.tzid


# --- tasks ------------------------------------------------------------------------------------------------------------
def task_times(lines: Lines, context: Context) -> tuple[Time | None, Time | None]:
    """Start and due time, if there are any. Raises UnreadableError."""
    first, last = only(lines, "DTSTART", context), only(lines, "DUE", context)
    start = read_time(first, context) if first else None
    due = read_time(last, context) if last else None
    if start is None or first is None:
        return None, due
    if due is None or last is None:
        return start, _after(start, lines, context) if "DURATION" in lines else None
    if start.is_date != due.is_date or bool(start.tzid) != bool(due.tzid):
        context.report.warn(first.number, "DTSTART", "It is not of the kind that DUE is; it is taken as DUE is.")
        start = Time(start.wall - start.wall % DAY, "", True) if due.is_date else Time(start.wall, due.tzid)
    if _seconds(start, due) < 0:
        context.report.warn(first.number, "DTSTART", "It lies after DUE; the task is taken to start when it is due.")
        start = due
    return start, due


# --- recurrence -------------------------------------------------------------------------------------------------------
def recurrence(lines: Lines, start: Time, context: Context, midnights: str | None = None) -> tuple[str, ...]:
    """The lines as they are stored: in zones that we know. Raises UnreadableError for what cannot be followed.

    ``midnights`` is as ``event_times`` gives it: times in the lines are then days of that zone, too.
    """
    found = sorted((line for name in RECURRENCE for line in lines.get(name, ())), key=lambda line: line.number)
    if midnights is not None:
        found = [_in_days(line, midnights) for line in found]
    kept = [(line, text) for line in found if (text := _stored(line, context))]
    if not kept:
        return ()
    texts = tuple(text for _, text in kept)
    try:
        parse_recurrence(texts, start.moment)
    except RecurrenceError as error:
        line = kept[min(error.line, len(kept) - 1)][0]
        raise UnreadableError(line.number, line.name, f"{error}.") from None
    except MomentError as error:
        raise UnreadableError(kept[0][0].number, kept[0][0].name, f"{error}.") from None
    return texts


def _in_days(line: Line, midnights: str) -> Line:
    """An UNTIL, an RDATE or EXDATE with the day that begins at a time, in the place of that time."""
    value = _AT_A_TIME.sub(lambda match: _day(match[0], midnights), line.value)
    if value == line.value or "/" in value:
        return line
    more = "" if line.name == "RRULE" else f"{without(line.text, ('VALUE', 'TZID'))};VALUE=DATE"
    return parse_line(line.number, f"{line.name}{more}:{value}")


def _day(text: str, midnights: str) -> str:
    try:
        read = read_wall(text)
        day = day_of(Time(read.wall, "UTC" if read.is_utc else ""), midnights)
    except MomentError:
        return text  # whoever reads the line says why
    return print_compact(day.wall, is_date=True)


def _stored(line: Line, context: Context) -> str:
    """One line; an empty text if it says nothing."""
    value = line.value.strip()
    if line.name == "RRULE":
        mended = _EMPTY_PART.sub("", value).lstrip(";")
    elif _REGULAR.fullmatch(value) or "/" in value:
        mended = value
    else:
        mended = _mended_dates(line)
    if mended != value:
        context.report.warn(line.number, line.name, ODD)
    if not mended:
        return ""
    zoned = _zoned(line, mended, context)
    is_as_written = mended == line.value and line.text.startswith(line.name)
    return zoned or (line.text if is_as_written else f"{line.name}{without(line.text, ())}:{mended}")


def _mended_dates(line: Line) -> str:
    pieces = []
    for text in filter(None, (each.strip() for each in line.value.split(","))):
        try:
            read = read_wall(text)
        except MomentError as error:
            raise UnreadableError(line.number, line.name, f"{error}.") from None
        pieces.append(print_compact(read.wall, is_date=read.is_date) + "Z" * (read.is_utc and not read.is_date))
    return ",".join(pieces)


def _zoned(line: Line, value: str, context: Context) -> str | None:
    """The line with the name of today for its zone; None where it has none, or that one."""
    tzid = line.parameters.get("TZID")
    if not tzid:
        return None
    try:
        name = context.zones.find(tzid).name
    except (UnknownZoneError, MomentError) as error:
        raise UnreadableError(line.number, line.name, f"{error}.") from None
    if not name:
        raise UnreadableError(line.number, line.name, "It repeats in a time zone that is none of IANA's.")
    if name == tzid != "UTC" and not line.text.startswith(f'{line.name};TZID="'):
        return None
    more = without(line.text, ("TZID",))
    if name == "UTC":
        in_utc = _LOCAL.sub(r"\1Z", value)
        return f"{line.name}{more}:{in_utc}"
    return f"{line.name}{more};TZID={name}:{value}"
