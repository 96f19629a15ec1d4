"""Components as they are stored: fields named as in RFC 5545 and RFC 7986, every value plain and frozen."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from aurora_time.domain.moment import Moment, Zone
from aurora_time.domain.zones import zone

MAX_ALARMS: Final = 20
MAX_LEAD_DAYS: Final = 366
MAX_ATTENDEES: Final = 1_000
MAX_OBJECT_BYTES: Final = 350_000
MAX_EVENTS: Final = 1_000_000
"""Events and tasks of an account."""


_zone = lru_cache(maxsize=1024)(zone)
"""A listing asks for the zone of every event that it shows."""


class Time(msgspec.Struct, frozen=True, array_like=True):
    """A Moment as it is stored: wall seconds and the zone's name, empty for a date and for floating time."""

    wall: int
    tzid: str = ""
    is_date: bool = False

    @property
    def moment(self) -> Moment:
        return Moment(self.wall, _zone(self.tzid) if self.tzid else None, self.is_date)

    def instant(self, home: Zone) -> int:
        """Seconds since the epoch; dates and floating times are read in ``home``."""
        return (_zone(self.tzid) if self.tzid else home).instant(self.wall)

    @classmethod
    def of(cls, moment: Moment) -> Time:
        return cls(moment.wall, moment.zone.id if moment.zone else "", moment.is_date)


BROWSER: Final = "browser"
"""The channel of what an open app shows; the other, ``email``, is mailed."""


class Alarm(msgspec.Struct, frozen=True, array_like=True):
    """When to remind: minutes before the start, or (``minutes_before`` None) some days before at a wall-clock time.

    ``at`` is seconds since midnight in the reader's zone.
    """

    channel: str
    minutes_before: int | None = None
    days_before: int = 0
    at: int = 0

    @property
    def is_wall_clock(self) -> bool:
        return self.minutes_before is None


class Attendee(msgspec.Struct, frozen=True, array_like=True):
    """RFC 5545 ATTENDEE or ORGANIZER: who, and what he answered."""

    email: str
    name: str = ""
    partstat: str = "NEEDS-ACTION"
    role: str = "REQ-PARTICIPANT"
    rsvp: bool = False


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A VEVENT. ``end`` is exclusive; ``recurrence`` holds RRULE, RDATE and EXDATE lines as they were written.

    ``alarms`` None means that the person's default reminders count. ``created`` and ``updated`` are instants.
    ``overrides`` are whole events that stand for single occurrences: each has the series' id and UID, a
    ``recurrence_id`` (the original start) and neither recurrence nor overrides of its own. ``extra`` holds the
    unfolded content lines that no field stands for, unknown subcomponents too, so that nothing read is lost.
    ``origin`` is the id of the series that this one was split off: its reminders keep their names in the ledger.
    ``continued_by`` is the id of the series that was last split off this one. ``booked`` names the booking for which
    it stands, as ``schedule#booking``.
    """

    id: str
    calendar_id: str
    uid: str
    summary: str
    start: Time
    end: Time
    created: int
    updated: int
    description: str = ""
    location: str = ""
    url: str | None = None
    recurrence: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] | None = None
    attendees: tuple[Attendee, ...] = ()
    organizer: Attendee | None = None
    status: str = "CONFIRMED"
    transparency: str = "OPAQUE"
    visibility: str = "DEFAULT"
    color: str | None = None
    categories: tuple[str, ...] = ()
    sequence: int = 0
    recurrence_id: Time | None = None
    overrides: tuple[Event, ...] = ()
    extra: tuple[str, ...] = ()
    origin: str = ""
    continued_by: str = ""
    booked: str = ""

    @property
    def is_all_day(self) -> bool:
        return self.start.is_date


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """A VTODO. ``completed``, ``created`` and ``updated`` are instants; ``parent_id`` is the task that it is a part of.

    ``recurrence``, ``alarms``, ``overrides`` and ``extra`` are as an event's; reminders count back from ``due``, or
    from ``start`` where there is no due time. ``series_id`` is the series of which this was once done: see
    ``domain/tasks.py``.
    """

    id: str
    calendar_id: str
    uid: str
    summary: str
    created: int
    updated: int
    due: Time | None = None
    start: Time | None = None
    completed: int | None = None
    description: str = ""
    location: str = ""
    url: str | None = None
    percent: int = 0
    priority: int = 0
    status: str = "NEEDS-ACTION"
    recurrence: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] | None = None
    categories: tuple[str, ...] = ()
    parent_id: str | None = None
    sequence: int = 0
    recurrence_id: Time | None = None
    overrides: tuple[Task, ...] = ()
    extra: tuple[str, ...] = ()
    series_id: str | None = None
