"""A schedule's free slots: what is busy is read from the owner's calendars and from the bookings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from aurora_time.domain.availability import (
    MAX_SLOT_MINUTES,
    Schedule,
    Slot,
    Taken,
    Wanted,
    held_by,
    reach,
    slot_at,
    slots,
)
from aurora_time.domain.free_busy import Period, merge
from aurora_time.domain.moment import DAY, Window
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.free_busy import MAX_DAYS, Times, busy_times, check_occurrences, live_calendars
from aurora_time.operations.services import Services
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from aurora_time.store.schedules import Booking

_STEP: Final = 14 * DAY
"""Seconds of a window that are read and judged at once: a page costs what it shows, however wide the window."""


class Position(NamedTuple):
    """Where a listing goes on: after the slot with this start instant and this wall."""

    start: int
    wall: int


@dataclass(frozen=True, slots=True)
class SlotQuestion:
    """Slots that start in the window, of the schedule's length unless told; with ``explain`` refused ones too."""

    window: Window
    minutes: int | None = None
    explain: bool = False
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class SlotPage:
    """Some slots in order, and where the next page goes on (None: this was the last)."""

    items: list[Slot]
    next: Position | None


async def list_slots(
    services: Services, person: Person, schedule: Schedule, question: SlotQuestion, limit: int
) -> SlotPage:
    """The next ``limit`` slots. Raises InvalidError for too long a window, TooLargeError for too much in it."""
    if question.window.end - question.window.start > MAX_DAYS * DAY:
        raise InvalidError("?to", f"Ask for at most {MAX_DAYS} days.")
    minutes, now, after = question.minutes or schedule.slot_minutes, services.now, question.after
    rest = _worth_asking(schedule, question, now)
    found: list[Slot] = []
    seen = 0
    while rest.start < rest.end and len(found) <= limit:
        part = Window(rest.start, min(rest.start + _STEP, rest.end))
        taken, looked_at = await taken_in(services, person, schedule, reach(schedule, part, minutes))
        seen += looked_at
        check_occurrences(seen)
        shown = (
            slot
            for slot in slots(schedule, taken, Wanted(part, minutes, now))
            if (question.explain or slot.refusal is None) and (after is None or slot.wall > after.wall)
        )
        found += islice(shown, limit + 1 - len(found))
        rest = Window(part.end, rest.end)
        await asyncio.sleep(0)  # others get their turn
    last = found[limit - 1] if len(found) > limit else None
    return SlotPage(found[:limit], Position(last.start, last.wall) if last else None)


def _worth_asking(schedule: Schedule, question: SlotQuestion, now: int) -> Window:
    """The part of the window that the page can come from: what is too soon or too far is only ever explained."""
    start, end = question.window.start, question.window.end
    if question.after is not None:
        start = max(start, question.after.start)
    if not question.explain:
        start = max(start, now + schedule.minimum_notice * 60)
        end = min(end, now + schedule.horizon_days * DAY + 1)
    return Window(start, max(start, end))


async def find_slot(services: Services, person: Person, schedule: Schedule, start: int, minutes: int) -> Slot | None:
    """The slot that starts at this instant, free or refused; None where the schedule has no such start."""
    only = Window(start, start + 1)
    taken, _ = await taken_in(services, person, schedule, reach(schedule, only, minutes))
    return slot_at(schedule, taken, Wanted(only, minutes, services.now))


async def taken_in(services: Services, person: Person, schedule: Schedule, window: Window) -> tuple[Taken, int]:
    """What is not free in the window, and how many occurrences were looked at for it.

    A calendar that is gone is no reason to call everything free.
    """
    live = await live_calendars(services, person.id)
    calendars = (frozenset(schedule.busy_calendar_ids) & live) or live
    found = await busy_times(services, Times(person.id, window, person.home), calendars)
    booked = await _booked(services, person.id, schedule, window)
    periods = [*(Period(each.start, each.end) for each in found.busy), *booked]
    return Taken(merge(periods), merge(held_by(schedule, each) for each in booked)), found.looked_at


async def _booked(services: Services, owner: str, schedule: Schedule, window: Window) -> list[Period]:
    """The bookings that may lie, with their buffers, in the window."""
    low = window.start - (MAX_SLOT_MINUTES + schedule.buffer_after) * 60
    high = window.end + schedule.buffer_before * 60
    part, first = keys.booking(owner, schedule.id, low, "")
    (items,) = await services.table.query(Range(part, first, keys.booking(owner, schedule.id, high, "").sort))
    found = (decode(item.body, Booking) for item in items)
    return [Period(each.start, each.end) for each in found]
