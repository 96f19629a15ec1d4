"""What the API shows and takes of schedules, slots, bookings and free/busy times."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from aurora_time.domain.availability import (
    MAX_BUFFER_MINUTES,
    MAX_HORIZON_DAYS,
    MAX_SLOT_MINUTES,
    DayHours,
    Hours,
    Refusal,
    Schedule,
    Slot,
    Weekly,
)
from aurora_time.domain.free_busy import Busy
from aurora_time.domain.moment import DAY, print_date, print_instant, print_wall
from aurora_time.operations.representation import Address, Clock, Id, Name
from aurora_time.store.schedules import Booking

MAX_OVERRIDES: Final = 366
MAX_CALENDARS: Final = 200
SLUG: Final = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(?!\n)$"
Until = Annotated[
    str,
    Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](?!\n)$|^24:00(?!\n)$",
        description="A wall-clock time, like `17:00`; the end of the day is `24:00`.",
    ),
]
Slug = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=60,
        pattern=SLUG,
        description="Small letters, digits and hyphens, like `an-first-talk`.",
    ),
]
Day = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
Minutes = Annotated[int, Meta(ge=5, le=MAX_SLOT_MINUTES)]
Buffer = Annotated[int, Meta(ge=0, le=MAX_BUFFER_MINUTES)]
PersonName = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$",
        description="A name, on one line.",
    ),
]
Note = Annotated[
    str,
    Meta(
        max_length=2_000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
        description="Text without control characters.",
    ),
]


class HoursValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """On one day; over midnight, write it as two."""

    from_: Clock
    to: Until


class WeeklyValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """The same hours on some days of the week."""

    days: Annotated[tuple[Day, ...], Meta(min_length=1, max_length=7)]
    from_: Clock
    to: Until


class DateOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What replaces a date's usual hours; with none of them it is a day off."""

    date: Annotated[str, Meta(max_length=10)]
    hours: Annotated[tuple[HoursValue, ...], Meta(max_length=20)] = ()


_OFFICE: Final = (WeeklyValue(("MO", "TU", "WE", "TH", "FR"), "09:00", "17:00"),)


class ScheduleInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A schedule as a client writes it: only `name` cannot be guessed. Buffers and notice are minutes.

    Busy are the events of `busyCalendarIds`, or of all your calendars without any. A slot starts at least
    `minimumNotice` and at most `horizonDays` from now. With a `slug` everybody can book at `/book/{slug}`.
    """

    name: Name
    time_zone: str | None = None
    weekly: Annotated[tuple[WeeklyValue, ...], Meta(max_length=50)] = _OFFICE
    overrides: Annotated[tuple[DateOverride, ...], Meta(max_length=MAX_OVERRIDES)] = ()
    busy_calendar_ids: Annotated[tuple[Id, ...], Meta(max_length=MAX_CALENDARS)] = ()
    slot_minutes: Minutes = 30
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    minimum_notice: Annotated[int, Meta(ge=0, le=MAX_HORIZON_DAYS * 24 * 60)] = 240
    horizon_days: Annotated[int, Meta(ge=1, le=MAX_HORIZON_DAYS)] = 60
    slug: Slug | None = None


SCHEDULE_READ_ONLY: Final = frozenset({"id", "created", "updated", "etag"})


class ScheduleResource(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    time_zone: str
    weekly: tuple[WeeklyValue, ...]
    overrides: tuple[DateOverride, ...]
    busy_calendar_ids: tuple[str, ...]
    slot_minutes: int
    buffer_before: int
    buffer_after: int
    minimum_notice: int
    horizon_days: int
    slug: str | None
    created: str
    updated: str
    etag: str


class SlotResource(msgspec.Struct, frozen=True, rename="camel"):
    """A start of the schedule: `local` is its time on the schedule's clock. Free ones have no `refusal`.

    A refused one says why, never what is in the way: `skipped` (the clock skips this time), `outsideHours`, `tooSoon`,
    `tooFar`, `busy`, or `buffer` (too close to what is busy).
    """

    start: str
    end: str
    local: str
    refusal: Refusal | None
    detail: str


class BookingInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A guest's booking: `start` is one of the free slots', RFC 3339 with an offset.

    `minutes` are the schedule's own unless told; `timeZone` and `locale` are how the guest is written to.
    """

    start: Annotated[str, Meta(max_length=40)]
    name: PersonName
    email: Address
    minutes: Minutes | None = None
    note: Note = ""
    time_zone: str | None = None
    locale: Literal["en", "vi"] | None = None


class BookingResource(msgspec.Struct, frozen=True, rename="camel"):
    """A slot that is taken, and the event that stands for it in your calendar."""

    id: str
    schedule_id: str
    event_id: str
    start: str
    end: str
    name: str
    email: str
    note: str
    time_zone: str
    locale: str
    created: str
    etag: str


class FreeBusyInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={
    "from_": "from", "calendar_ids": "calendarIds", "time_zone": "timeZone",
}):  # fmt: skip
    """`from` and `to` are instants or dates; dates and all-day events are read in `timeZone`, yours unless told.

    Without `calendarIds` all your calendars count.
    """

    from_: Annotated[str, Meta(max_length=40)]
    to: Annotated[str, Meta(max_length=40)]
    calendar_ids: Annotated[tuple[Id, ...], Meta(max_length=MAX_CALENDARS)] = ()
    time_zone: str | None = None


class BusyValue(msgspec.Struct, frozen=True):
    start: str
    end: str
    status: Literal["BUSY", "BUSY-TENTATIVE"]


class FreeBusyResource(msgspec.Struct, frozen=True):
    """When you are busy inside of the window, each moment at most once; everything else is free."""

    busy: list[BusyValue]


_DETAILS: Final[dict[Refusal, str]] = {
    "skipped": "The clock skips this time on that day.",
    "outsideHours": "It would go on after the hours of this schedule end.",
    "tooSoon": "Bookings are taken at least {schedule.minimum_notice} minutes ahead.",
    "tooFar": "Bookings are taken at most {schedule.horizon_days} days ahead.",
    "busy": "Something else takes this time.",
    "buffer": "It is too close to something else.",
}


def detail_of(refusal: Refusal | None, schedule: Schedule) -> str:
    """A sentence about a refusal; empty for a free slot."""
    return _DETAILS[refusal].format(schedule=schedule) if refusal else ""


def slot_resource(slot: Slot, schedule: Schedule) -> SlotResource:
    return SlotResource(
        print_instant(slot.start),
        print_instant(slot.end),
        print_wall(slot.wall),
        slot.refusal,
        detail_of(slot.refusal, schedule),
    )


def _clock(seconds: int) -> str:
    return "24:00" if seconds == DAY else print_wall(seconds)[11:16]


def _hours(hours: Hours) -> HoursValue:
    return HoursValue(_clock(hours.start), _clock(hours.end))


def _weekly(weekly: Weekly) -> WeeklyValue:
    days = msgspec.convert(weekly.days, tuple[Day, ...])
    return WeeklyValue(days, _clock(weekly.hours.start), _clock(weekly.hours.end))


def _override(day: DayHours) -> DateOverride:
    return DateOverride(print_date(day.date), tuple(map(_hours, day.hours)))


def schedule_resource(schedule: Schedule, version: str) -> ScheduleResource:
    return ScheduleResource(
        schedule.id,
        schedule.name,
        schedule.time_zone,
        tuple(map(_weekly, schedule.weekly)),
        tuple(map(_override, schedule.overrides)),
        schedule.busy_calendar_ids,
        schedule.slot_minutes,
        schedule.buffer_before,
        schedule.buffer_after,
        schedule.minimum_notice,
        schedule.horizon_days,
        schedule.slug or None,
        print_instant(schedule.created),
        print_instant(schedule.updated),
        version,
    )


def booking_resource(booking: Booking, version: str) -> BookingResource:
    return BookingResource(
        booking.id,
        booking.schedule_id,
        booking.event_id,
        print_instant(booking.start),
        print_instant(booking.end),
        booking.name,
        booking.email,
        booking.note,
        booking.time_zone,
        booking.locale,
        print_instant(booking.created),
        version,
    )


def busy_value(busy: Busy) -> BusyValue:
    return BusyValue(print_instant(busy.start), print_instant(busy.end), busy.status)
