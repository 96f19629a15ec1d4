"""Schedules: create, read, change, delete, and who has which public page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aurora_time.domain.availability import DayHours, Hours, Schedule, Weekly
from aurora_time.domain.moment import DAY, MomentError, parse_date
from aurora_time.operations.drafts import EARLIEST, LATEST, OUT_OF_YEARS, read_zone
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.free_busy import live_calendars
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import clock_seconds
from aurora_time.operations.retrying import until_done
from aurora_time.operations.schedule_resources import DateOverride, HoursValue, ScheduleInput, WeeklyValue
from aurora_time.operations.services import Services
from aurora_time.ports import Change, ConflictError, Range
from aurora_time.store import calendars, keys
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from aurora_time.store.schedules import Place, schedule_items

MAX_SCHEDULES: Final = 100

Change_ = Callable[[Schedule, str], ScheduleInput]
"""From a schedule and its version to what shall be instead; may raise, and then nothing is changed."""


async def read_schedule(services: Services, owner: str, schedule_id: str) -> tuple[Schedule, str]:
    """The schedule and its version. Raises NotFoundError."""
    (item,) = await services.table.get(keys.schedule(owner, schedule_id))
    if item is None:
        raise NotFoundError
    return decode(item.body, Schedule), item.version


async def list_schedules(services: Services, owner: str) -> list[tuple[Schedule, str]]:
    """All schedules, the oldest first."""
    (items,) = await services.table.query(Range(keys.schedule(owner).part))
    found = ((decode(item.body, Schedule), item.version) for item in items)
    return sorted(found, key=lambda pair: (pair[0].created, pair[0].id))


async def find_by_slug(services: Services, slug: str) -> tuple[Person, Schedule]:
    """Whose public page this is. Raises NotFoundError."""
    (item,) = await services.table.get(keys.slug(slug))
    if item is None:
        raise NotFoundError
    place = decode(item.body, Place)
    schedule, _ = await read_schedule(services, place.owner, place.schedule_id)
    person, _ = await read_person(services, place.owner)
    return person, schedule


async def create_schedule(services: Services, owner: str, body: ScheduleInput) -> tuple[Schedule, str]:
    """Raises InvalidError, ClashError for the slug, TooLargeError for one schedule too many."""
    person, _ = await read_person(services, owner)
    if len(await list_schedules(services, owner)) >= MAX_SCHEDULES:
        raise TooLargeError(f"An account holds at most {MAX_SCHEDULES} schedules; delete one.")
    now = services.now
    fresh = Schedule(services.ids.new(), body.name, person.time_zone, now, now)
    schedule = await _read(services, person, body, fresh)
    return schedule, await _commit(services, owner, None, schedule)


async def update_schedule(services: Services, owner: str, schedule_id: str, change: Change_) -> tuple[Schedule, str]:
    """Change a schedule. ``change`` is asked again when somebody else was faster."""
    person, _ = await read_person(services, owner)

    async def attempt() -> tuple[Schedule, str]:
        old, version = await read_schedule(services, owner, schedule_id)
        schedule = await _read(services, person, change(old, version), old)
        return schedule, await _commit(services, owner, (old, version), schedule)

    return await until_done(attempt)


async def delete_schedule(services: Services, owner: str, schedule_id: str, check: Callable[[str], None]) -> None:
    """Delete a schedule, and free its slug. What was booked stays booked. ``check`` sees the version, and may raise."""

    async def attempt() -> None:
        old, version = await read_schedule(services, owner, schedule_id)
        check(version)
        await _commit(services, owner, (old, version), None)

    await until_done(attempt)


async def _commit(services: Services, owner: str, old: tuple[Schedule, str] | None, new: Schedule | None) -> str:
    version, schedule = services.ids.new(), new or (old[0] if old else None)
    assert schedule is not None

    def build(held: Held) -> tuple[list[Change], Held]:
        noted = LogItem(services.now, (Changed("schedule", schedule.id, new is None),))
        log, after = calendars.advance(owner, held, version, noted, Growth())
        return [*schedule_items(owner, old, new, version), *log], after

    try:
        await services.writers.commit(services.table, owner, build)
    except ConflictError as conflict:
        if new is not None and conflict.key == keys.slug(new.slug):
            raise ClashError(f"The slug {new.slug!r} is taken. Choose another one.") from None
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    return version


async def _read(services: Services, person: Person, body: ScheduleInput, old: Schedule) -> Schedule:
    """The schedule that an input means, as the next version of ``old``. Raises InvalidError."""
    await _check_calendars(services, person.id, body, old)
    return Schedule(
        id=old.id,
        name=body.name,
        time_zone=read_zone(body.time_zone, "/timeZone").id if body.time_zone else person.time_zone,
        created=old.created,
        updated=services.now,
        weekly=tuple(_weekly(each, f"/weekly/{index}") for index, each in enumerate(body.weekly)),
        overrides=_overrides(body.overrides),
        busy_calendar_ids=tuple(dict.fromkeys(body.busy_calendar_ids)),
        slot_minutes=body.slot_minutes,
        buffer_before=body.buffer_before,
        buffer_after=body.buffer_after,
        minimum_notice=body.minimum_notice,
        horizon_days=body.horizon_days,
        slug=body.slug or "",
    )


async def _check_calendars(services: Services, owner: str, body: ScheduleInput, old: Schedule) -> None:
    """Raises InvalidError for a calendar that is not there; one that was named before may have been deleted since."""
    known = await live_calendars(services, owner) | set(old.busy_calendar_ids)
    for index, calendar_id in enumerate(body.busy_calendar_ids):
        if calendar_id not in known:
            detail = "There is no calendar with this id here. GET /v1/calendars lists yours."
            raise InvalidError(f"/busyCalendarIds/{index}", detail)


def _seconds(text: str) -> int:
    return DAY if text == "24:00" else clock_seconds(text)


def _hours(start: str, end: str, pointer: str) -> Hours:
    hours = Hours(_seconds(start), _seconds(end))
    if hours.end <= hours.start:
        detail = "`to` must be later than `from`. For hours over midnight write two: until 24:00, and from 00:00."
        raise InvalidError(f"{pointer}/to", detail)
    return hours


def _weekly(value: WeeklyValue, pointer: str) -> Weekly:
    return Weekly(tuple(dict.fromkeys(value.days)), _hours(value.from_, value.to, pointer))


def _overrides(values: Sequence[DateOverride]) -> tuple[DayHours, ...]:
    seen: set[int] = set()
    result = []
    for index, value in enumerate(values):
        pointer = f"/overrides/{index}"
        date = _date(value.date, f"{pointer}/date")
        if date in seen:
            raise InvalidError(f"{pointer}/date", "This date is there twice. Write all its hours in one place.")
        seen.add(date)
        result.append(DayHours(date, _hours_of_day(value.hours, pointer)))
    return tuple(sorted(result, key=lambda day: day.date))


def _hours_of_day(values: Sequence[HoursValue], pointer: str) -> tuple[Hours, ...]:
    return tuple(_hours(each.from_, each.to, f"{pointer}/hours/{place}") for place, each in enumerate(values))


def _date(text: str, pointer: str) -> int:
    try:
        date = parse_date(text)
    except MomentError as error:
        raise InvalidError(pointer, f"{error}.") from None
    if not EARLIEST <= date < LATEST:
        raise InvalidError(pointer, OUT_OF_YEARS)
    return date
