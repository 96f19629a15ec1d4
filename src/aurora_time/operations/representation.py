"""What the API shows and takes: resources as PRODUCT names them, one to one with iCalendar.

Resources are what is answered; inputs are what is taken, where an unknown field is refused. ``Time`` and the other
stored values become these by the functions below.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from aurora_time.domain.agenda import AgendaMail
from aurora_time.domain.component import Alarm, Attendee, Event, Time
from aurora_time.domain.moment import DAY, Moment, parse_wall, print_compact, print_date, print_instant, print_wall
from aurora_time.domain.quiet_hours import QuietHours
from aurora_time.domain.rule_text import WEEKDAYS
from aurora_time.domain.series import Occurrence
from aurora_time.domain.zones import steady_offset
from aurora_time.store.calendars import Calendar
from aurora_time.store.people import Assumed, Person, Token

_PLAIN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters, which iCalendar does not take (RFC 5545 3.3.11), but tabs and new lines."""

# ``(?!\n)$`` is the very end, in Python as in ECMAScript: ``$`` alone would let a new line through.
_TEXT: Final = "Text without control characters."
Summary = Annotated[str, Meta(max_length=1_000, pattern=_PLAIN, description=_TEXT)]
Text = Annotated[str, Meta(max_length=100_000, pattern=_PLAIN, description=_TEXT)]
Line = Annotated[str, Meta(max_length=2_000, pattern=_PLAIN, description=_TEXT)]
Name = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        description="A name, on one line.",
    ),
]
Id = Annotated[str, Meta(max_length=128)]
Clock = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](?!\n)$", description="A wall-clock time, like `18:00`.")
]
Color = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}(?!\n)$", description="A colour, like `#2f9e44`.")]
Channel = Annotated[
    str,
    Meta(
        pattern=r"^(email|browser)(?!\n)$",
        description="How a reminder comes: by `email`, or `browser`: the web app shows it wherever it is open.",
    ),
]
Address = Annotated[
    str,
    Meta(
        max_length=320,
        pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+(?!\n)$",
        description="An e-mail address, like `sam@example.org`.",
    ),
]
Uri = Annotated[
    str,
    Meta(
        max_length=2_000,
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+(?!\n)$",
        description="A link with its scheme, like `https://example.org/agenda`.",
    ),
]
MAX_MINUTES: Final = 366 * 24 * 60
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class DateOrTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """All-day: `date`. Timed: `dateTime`, local where `timeZone` stands beside it, else RFC 3339 with an offset."""

    date: str | None = None
    date_time: str | None = None
    time_zone: str | None = None


class ReminderOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """`minutesBefore` the start; or, for all-day events, `daysBefore` at the wall-clock time `at`."""

    # By a factory: a plain default is left out of an answer or not, as it happens to be the same string in memory.
    channel: Channel = msgspec.field(default_factory=lambda: "email")
    minutes_before: Annotated[int, Meta(ge=0, le=MAX_MINUTES)] | None = None
    days_before: Annotated[int, Meta(ge=0, le=366)] | None = None
    at: Clock | None = None


class Reminders(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """With `useDefault` the person's own defaults ring, and there are no `overrides`."""

    use_default: bool = True
    overrides: Annotated[tuple[ReminderOverride, ...], Meta(max_length=20)] = ()


class AttendeeValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    email: Address
    name: Annotated[str, Meta(max_length=200, pattern=_PLAIN, description=_TEXT)] = ""
    partstat: Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"] = "NEEDS-ACTION"
    role: Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"] = "REQ-PARTICIPANT"
    rsvp: bool = False


class EventInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """An event as a client writes it. Only `summary` and `start` cannot be guessed."""

    # No document says UNSET: it is a patch that moves the start and says nothing of the end, which goes along.
    summary: Summary
    start: DateOrTime
    end: DateOrTime | UnsetType | None = None
    calendar_id: Id | None = None
    uid: Annotated[str, Meta(min_length=1, max_length=1_000, pattern=_PLAIN, description=_TEXT)] | None = None
    description: Text = ""
    location: Line = ""
    url: Uri | None = None
    recurrence: Annotated[tuple[str, ...], Meta(max_length=2_000)] = ()
    reminders: Reminders = Reminders()
    attendees: Annotated[tuple[AttendeeValue, ...], Meta(max_length=1_000)] = ()
    organizer: AttendeeValue | None = None
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"] = "CONFIRMED"
    transparency: Literal["OPAQUE", "TRANSPARENT"] = "OPAQUE"
    visibility: Literal["DEFAULT", "PUBLIC", "PRIVATE", "CONFIDENTIAL"] = "DEFAULT"
    color: Color | None = None
    categories: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=100, pattern=_PLAIN, description=_TEXT)], ...],
        Meta(max_length=50),
    ] = ()


EVENT_READ_ONLY: Final = frozenset({"id", "recurrenceId", "sequence", "created", "updated", "etag"})


class EventResource(msgspec.Struct, frozen=True, rename="camel"):
    """An event, or an occurrence of one: that has `eventId` and `recurrenceId` too."""

    id: str
    calendar_id: str
    uid: str
    summary: str
    description: str
    location: str
    url: str | None
    start: DateOrTime
    end: DateOrTime
    recurrence: tuple[str, ...]
    reminders: Reminders
    attendees: tuple[AttendeeValue, ...]
    organizer: AttendeeValue | None
    status: str
    transparency: str
    visibility: str
    color: str | None
    categories: tuple[str, ...]
    sequence: int
    created: str
    updated: str
    etag: str
    event_id: str | UnsetType = UNSET
    recurrence_id: str | UnsetType = UNSET


_COLOR_OF_ITS_OWN: Final = (
    "A colour, like `#2f9e44`. Without one a new calendar gets the first of the app's colours that the fewest of your "
    "calendars have, and any other keeps its own."
)


class CalendarInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    name: Name
    description: Annotated[str, Meta(max_length=5_000, pattern=_PLAIN, description=_TEXT)] = ""
    color: Annotated[Color | None, Meta(description=_COLOR_OF_ITS_OWN)] = None
    time_zone: str | None = None


CALENDAR_READ_ONLY: Final = frozenset({"id", "created", "updated", "etag", "primary"})


class CalendarResource(msgspec.Struct, frozen=True, rename="camel"):
    """A calendar. The `primary` one takes events that name no calendar; it cannot be deleted."""

    id: str
    name: str
    description: str
    color: str
    time_zone: str | None
    primary: bool
    created: str
    updated: str
    etag: str


class QuietHoursValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """From one wall-clock time to another in the person's zone, across midnight too; at most 20 hours. What would ring
    in them is held until they end, or rings just before they begin if the event starts in them.
    """

    from_: Clock
    to: Clock


class AgendaMailValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The agenda of the day by mail: on `days`, `at` a wall-clock time in your zone. An empty day sends none."""

    enabled: bool = False
    at: Clock = msgspec.field(default_factory=lambda: "07:00")
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class PersonInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """What a person may change of himself."""

    name: Annotated[str, Meta(max_length=200, pattern=_PLAIN, description=_TEXT)] = ""
    time_zone: str
    locale: Literal["en", "vi"]
    week_start: Literal["MO", "SA", "SU"]
    default_reminders: Annotated[tuple[ReminderOverride, ...], Meta(max_length=20)]
    reminder_mail: bool = True
    agenda_mail: AgendaMailValue = AgendaMailValue()
    quiet_hours: QuietHoursValue | None = None


PERSON_READ_ONLY: Final = frozenset({"id", "email", "assumed", "created", "updated", "etag"})


class PersonResource(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody's settings. While `reminderMail` is false, reminders are not mailed, but shown as suppressed. `assumed`
    names `timeZone` and `locale` as long as nobody has said them, as some identity providers do: a client that knows
    them, by its device, sets them once.
    """

    id: str
    email: str
    name: str
    time_zone: str
    locale: str
    week_start: str
    default_reminders: tuple[ReminderOverride, ...]
    reminder_mail: bool
    agenda_mail: AgendaMailValue
    quiet_hours: QuietHoursValue | None
    assumed: list[Assumed]
    created: str
    updated: str
    etag: str


class TokenInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """`expires` is RFC 3339 with an offset; without it the token never ends."""

    name: Name
    scopes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=50)]
    expires: str | None = None


class TokenResource(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """An API token. `secret` is shown once, in the answer that makes it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    etag: str
    expires: str | None = None
    secret: str | UnsetType = UNSET


def time_value(time: Time) -> DateOrTime:
    if time.is_date:
        return DateOrTime(date=print_date(time.wall))
    return DateOrTime(date_time=print_wall(time.wall), time_zone=time.tzid or None)


def reminder_override(alarm: Alarm) -> ReminderOverride:
    if alarm.minutes_before is not None:
        return ReminderOverride(alarm.channel, alarm.minutes_before)
    at = print_wall(alarm.at)[11:16]
    return ReminderOverride(alarm.channel, None, alarm.days_before, at)


def clock_seconds(text: str) -> int:
    """Seconds since midnight of ``HH:MM``."""
    return parse_wall(f"1970-01-01T{text}:00")


def _attendee(attendee: Attendee) -> AttendeeValue:
    return msgspec.convert(attendee, AttendeeValue, from_attributes=True)


def _on_clock(moment: Moment) -> Time:
    """A time as the clock of its zone shows it: 02:30 where that is skipped is 03:30 (RFC 5545 3.3.5)."""
    zone = moment.zone
    if zone is None or steady_offset(zone, moment.wall - moment.wall % DAY) is not None:
        return Time.of(moment)
    return Time(zone.wall(zone.instant(moment.wall)), zone.id)


def event_resource(event: Event, version: str, occurrence: Occurrence | None = None) -> EventResource:
    """An event as the API shows it, or one occurrence of it: with its own start and end, and what its override says."""
    part = occurrence.event if occurrence else event
    start = _on_clock(occurrence.start) if occurrence else event.start
    end = _on_clock(occurrence.end) if occurrence else event.end
    alarms = part.alarms
    recurrence_id = occurrence.recurrence_id if occurrence else None
    named = event.recurrence_id
    return EventResource(
        id=f"{event.id}_{recurrence_id}" if recurrence_id else event.id,
        calendar_id=event.calendar_id,
        uid=event.uid,
        summary=part.summary,
        description=part.description,
        location=part.location,
        url=part.url,
        start=time_value(start),
        end=time_value(end),
        recurrence=event.recurrence,
        reminders=Reminders() if alarms is None else Reminders(False, tuple(map(reminder_override, alarms))),
        attendees=tuple(map(_attendee, part.attendees)),
        organizer=_attendee(part.organizer) if part.organizer else None,
        status=part.status,
        transparency=part.transparency,
        visibility=part.visibility,
        color=part.color,
        categories=part.categories,
        sequence=part.sequence,
        created=print_instant(part.created),
        updated=print_instant(part.updated),
        etag=version,
        event_id=event.id if recurrence_id else UNSET,
        recurrence_id=recurrence_id or (print_compact(named.wall, is_date=named.is_date) if named else UNSET),
    )


def calendar_resource(calendar: Calendar, version: str, primary: str) -> CalendarResource:
    return CalendarResource(
        calendar.id,
        calendar.name,
        calendar.description,
        calendar.color,
        calendar.time_zone or None,
        calendar.id == primary,
        print_instant(calendar.created),
        print_instant(calendar.updated),
        version,
    )


def person_resource(person: Person, version: str) -> PersonResource:
    return PersonResource(
        person.id,
        person.email,
        person.name,
        person.time_zone,
        person.locale,
        person.week_start,
        tuple(map(reminder_override, person.default_alarms)),
        person.reminder_mail,
        agenda_mail_value(person.agenda_mail),
        quiet_hours_value(person.quiet.hours),
        list(person.assumed),
        print_instant(person.created),
        print_instant(person.updated),
        version,
    )


def quiet_hours_value(hours: QuietHours | None) -> QuietHoursValue | None:
    return QuietHoursValue(*(print_wall(each)[11:16] for each in (hours.start, hours.end))) if hours else None


def agenda_mail_value(wanted: AgendaMail) -> AgendaMailValue:
    at = print_wall(wanted.at)[11:16]
    return msgspec.convert({"enabled": wanted.enabled, "at": at, "days": wanted.days}, AgendaMailValue)


def read_agenda_mail(value: AgendaMailValue) -> AgendaMail:
    """As it is stored: each day once, in the order of the week."""
    return AgendaMail(value.enabled, clock_seconds(value.at), tuple(day for day in WEEKDAYS if day in value.days))


def token_resource(token: Token, version: str, secret: str | UnsetType = UNSET) -> TokenResource:
    expires = print_instant(token.expires) if token.expires else None
    return TokenResource(token.id, token.name, token.scopes, print_instant(token.created), version, expires, secret)
