"""From what a client wrote to a component: defaults filled in, everything checked, errors that point."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

import msgspec
from msgspec import UNSET

from aurora_time.domain.component import MAX_OBJECT_BYTES, Alarm, Attendee, Event, Time
from aurora_time.domain.moment import DAY, Duration, Moment, MomentError, Window, Zone, end_along, parse_date
from aurora_time.domain.quiet_hours import LONGEST, QuietHours
from aurora_time.domain.recurrence_lines import RecurrenceError, parse_recurrence
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.series_edit import UnfitError, whole
from aurora_time.domain.zones import UnknownZoneError, zone
from aurora_time.operations.errors import InvalidError, TooLargeError
from aurora_time.operations.representation import (
    AttendeeValue,
    DateOrTime,
    EventInput,
    QuietHoursValue,
    ReminderOverride,
    Reminders,
    clock_seconds,
    time_value,
)

_DEFAULT_LENGTH: Final = Duration(seconds=3600)
"""Of an event without an end; of an all-day one it is a day, since dates have no hours."""
SCRIPTS: Final = frozenset({"javascript", "vbscript", "data"})
"""Schemes of links that a browser would run in the page that shows them."""

LONGEST_DAYS: Final = 3_660
MAX_AT_ONCE: Final = 4_000
"""Occurrences of one event that run at the same time; a daily one may last ten years."""
EARLIEST: Final = parse_date("1000-01-01")
LATEST: Final = parse_date("9000-01-01")
OUT_OF_YEARS: Final = "Only the years 1000 to 8999 are kept here."
"""Wide enough for anybody, and what is counted on from there stays within the four digits that a year has."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What the server adds to an input: ids, the instant, the zone for times without one, and the first calendar."""

    id: str
    uid: str
    now: int
    home: Zone
    calendar_id: str


def read_zone(name: str, pointer: str) -> Zone:
    """An IANA zone by name. Raises InvalidError."""
    try:
        return zone(name)
    except UnknownZoneError as error:
        raise InvalidError(pointer, f"{error}.") from None


def read_time(value: DateOrTime, pointer: str, home: Zone, *, floats: bool = False) -> Moment:
    """A date or a time on the clock of its zone, ``home`` unless told. Raises InvalidError.

    With ``floats`` a local time without a zone stays in none.
    """
    moment = _moment(value, pointer, home, floats)
    if not EARLIEST <= moment.wall < LATEST:
        raise InvalidError(pointer, OUT_OF_YEARS)
    return moment


def _moment(value: DateOrTime, pointer: str, home: Zone, floats: bool) -> Moment:
    if (value.date is None) == (value.date_time is None):
        raise InvalidError(pointer, "Give either `date` (all-day) or `dateTime`.")
    try:
        if value.date is not None:
            if value.time_zone is not None:
                raise InvalidError(f"{pointer}/timeZone", "A date has no time zone. Leave `timeZone` out.")
            return Moment(parse_date(value.date), is_date=True)
        if value.time_zone is not None:
            return _on_clock(value.date_time or "", read_zone(value.time_zone, f"{pointer}/timeZone"), floats=False)
        return _on_clock(value.date_time or "", home, floats=floats)
    except MomentError as error:
        place = "date" if value.date is not None else "dateTime"
        raise InvalidError(f"{pointer}/{place}", f"{error}.") from None


def _on_clock(text: str, clock: Zone, *, floats: bool) -> Moment:
    """A local time as it is written; one with an offset as the clock shows that instant.

    An hour that comes twice is the first on a clock (RFC 5545 3.3.5), so an instant in the second is kept in UTC.
    """
    read = Moment.from_iso(text)
    if read.is_date:
        raise MomentError(f"{text!r} has no time of day: give it as `date`, or write it like 2026-11-23T09:00:00")
    if read.zone is None:
        return Moment(read.wall, None if floats else clock)
    wall = clock.wall(read.wall)
    return Moment(wall, clock) if clock.instant(wall) == read.wall else read


def read_alarm(value: ReminderOverride, pointer: str) -> Alarm:
    """Raises InvalidError unless it has either minutes, or days and a time of day."""
    if value.minutes_before is not None:
        if value.days_before is not None or value.at is not None:
            raise InvalidError(pointer, "Give either `minutesBefore`, or `daysBefore` with `at`.")
        return Alarm(value.channel, value.minutes_before)
    if value.at is None:
        raise InvalidError(pointer, "Give `minutesBefore`, or `daysBefore` with `at` (a time of day like 18:00).")
    return Alarm(value.channel, None, value.days_before or 0, clock_seconds(value.at))


def read_quiet_hours(value: QuietHoursValue | None, pointer: str) -> QuietHours | None:
    """Raises InvalidError for hours of no length, or so long that nothing would ever ring in time."""
    if value is None:
        return None
    hours = QuietHours(clock_seconds(value.from_), clock_seconds(value.to))
    if not 0 < hours.length <= LONGEST:
        raise InvalidError(pointer, f"Quiet hours last at least a minute and at most {LONGEST // 3600} hours a day.")
    return hours


def read_alarms(reminders: Reminders, is_date: bool) -> tuple[Alarm, ...] | None:
    """None: the person's defaults. ``is_date``: of what has no time of day. Raises InvalidError."""
    if reminders.use_default:
        if reminders.overrides:
            raise InvalidError("/reminders", "Give either `useDefault` true or `overrides`, not both.")
        return None
    alarms = []
    for index, override in enumerate(reminders.overrides):
        pointer = f"/reminders/overrides/{index}"
        alarm = read_alarm(override, pointer)
        if is_date and not alarm.is_wall_clock:
            detail = "An all-day event has no time of day to count minutes from: use `daysBefore` and `at`."
            raise InvalidError(pointer, detail)
        alarms.append(alarm)
    return tuple(dict.fromkeys(alarms))


def floats(time: Time | None) -> bool:
    """Whether a time is in no zone, as only what was imported can be."""
    return time is not None and not (time.tzid or time.is_date)


def with_end(body: EventInput, was: tuple[Moment, Moment], home: Zone) -> EventInput:
    """What a patch means that moves the start alone: the end goes along. ``was``: start and end before.

    From a date to a time, or back, it is the default length. Raises InvalidError.
    """
    if body.end is not UNSET:
        return body
    start = read_time(body.start, "/start", home, floats=floats(Time.of(was[0])))
    end = end_along(*was, start, home)
    return msgspec.structs.replace(body, end=time_value(Time.of(end)) if end else None)


def _named_as_before(start: Moment, was: Moment) -> Moment:
    """Where the clock skips an occurrence's start, what was read is the time after: given back, it is no other."""
    zone = was.zone
    same = zone is not None and start.zone == zone and zone.instant(start.wall) == zone.instant(was.wall)
    return was if same else start


def _end(body: EventInput, start: Moment, home: Zone) -> Moment:
    if not body.end:
        return _DEFAULT_LENGTH.after(start)
    end = read_time(body.end, "/end", start.zone or home, floats=start.zone is None)
    if end.is_date != start.is_date:
        raise InvalidError("/end", "Start and end are either both dates or both times.")
    first, last = start.instant(home), end.instant(home)
    if last < first or (start.is_date and end.wall <= start.wall):
        rule = "at the earliest the day after the start" if start.is_date else "not before the start"
        raise InvalidError("/end", f"The end is exclusive: it must be {rule}.")
    if last - first > LONGEST_DAYS * DAY:
        raise InvalidError("/end", f"An event lasts at most {LONGEST_DAYS} days.")
    return end


def read_recurrence(lines: tuple[str, ...], start: Moment) -> tuple[str, ...]:
    """The recurrence lines of what starts (or is due) then. Raises InvalidError."""
    if not lines:
        return ()
    try:
        read = parse_recurrence(lines, start)
    except RecurrenceError as error:
        raise InvalidError(f"/recurrence/{error.line}", f"{error}.") from None
    for period in read.rdates:
        length = period.length
        if not EARLIEST <= period.wall < LATEST:
            raise InvalidError("/recurrence", OUT_OF_YEARS)
        if length is not None and length.days * DAY + length.seconds > LONGEST_DAYS * DAY:
            raise InvalidError("/recurrence", f"An occurrence lasts at most {LONGEST_DAYS} days.")
    return tuple(line.strip() for line in lines)


def check_overlap(event: Event, home: Zone) -> None:
    """Raises InvalidError for what would be there thousands of times at once, and make every listing slow."""
    if not event.recurrence:
        return
    during = occurrences_in(event, Window(event.start.instant(home), event.end.instant(home)), home)
    if next(islice(during, MAX_AT_ONCE, None), None) is not None:
        detail = f"More than {MAX_AT_ONCE} occurrences would run at once. Make them shorter, or rarer."
        raise InvalidError("/recurrence", detail)


def attendee(value: AttendeeValue) -> Attendee:
    return msgspec.convert(value, Attendee, from_attributes=True)


def read_event(body: EventInput, fresh: Fresh, old: Event | None = None) -> Event:
    """The event that an input means; with ``old`` its next version. Raises InvalidError or TooLargeError."""
    if old is not None:
        body = with_end(body, (old.start.moment, old.end.moment), fresh.home)
    start = read_time(body.start, "/start", fresh.home, floats=old is not None and floats(old.start))
    if old is not None and old.recurrence_id is not None:
        start = _named_as_before(start, old.start.moment)
    if body.url and body.url.partition(":")[0].lower() in SCRIPTS:
        raise InvalidError(
            "/url", "A link that runs a script is not taken. Give one like `https://example.org/agenda`."
        )
    end = _end(body, start, fresh.home)
    event = Event(
        id=fresh.id,
        calendar_id=body.calendar_id or (old.calendar_id if old else fresh.calendar_id),
        uid=body.uid or fresh.uid,
        summary=body.summary,
        start=Time.of(start),
        end=Time.of(end),
        created=old.created if old else fresh.now,
        updated=fresh.now,
        description=body.description,
        location=body.location,
        url=body.url,
        recurrence=read_recurrence(body.recurrence, start),
        alarms=read_alarms(body.reminders, start.is_date),
        attendees=tuple(map(attendee, body.attendees)),
        organizer=attendee(body.organizer) if body.organizer else None,
        status=body.status,
        transparency=body.transparency,
        visibility=body.visibility,
        color=body.color,
        categories=body.categories,
        sequence=old.sequence if old else 0,
        recurrence_id=old.recurrence_id if old else None,
        extra=old.extra if old else (),
        origin=old.origin if old else "",
        continued_by=old.continued_by if old else "",
        booked=old.booked if old else "",
    )
    if old is not None:
        event = _as_whole(old, event, fresh.home)
    check_overlap(event, fresh.home)
    check_size(event)
    if old is not None and _is_significant(old, event):
        event = msgspec.structs.replace(event, sequence=old.sequence + 1)
    return event


def _as_whole(old: Event, event: Event, home: Zone) -> Event:
    """The event with its overrides, as they are after a change of it. Raises InvalidError."""
    if old.recurrence_id is not None and event.recurrence:
        raise InvalidError("/recurrence", "This is one occurrence of a series. Copy it, and let the copy recur.")
    try:
        return whole(old, event, home)
    except UnfitError as error:
        raise InvalidError("/start", str(error)) from None


def check_size(event: Event) -> None:
    """Raises TooLargeError for what one item cannot hold, its overrides included."""
    if len(msgspec.json.encode(event)) > MAX_OBJECT_BYTES:
        mend = "change fewer occurrences one by one" if event.overrides else "shorten its description"
        raise TooLargeError(f"An event has at most {MAX_OBJECT_BYTES} bytes; {mend}.")


def _is_significant(old: Event, new: Event) -> bool:
    """Whether attendees would have to look again (RFC 5546 section 2.1.4)."""
    return (old.start, old.end, old.recurrence, old.status) != (
        new.start,
        new.end,
        new.recurrence,
        new.status,
    )
