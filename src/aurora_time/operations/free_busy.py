"""When somebody is busy: the events of a window, found by the time index, as bare periods."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.free_busy import Busy, free_busy, status_of
from aurora_time.domain.moment import DAY, Window, Zone
from aurora_time.domain.series import occurrences_in
from aurora_time.operations.errors import InvalidError, TooLargeError
from aurora_time.operations.listing import object_id
from aurora_time.operations.services import Services
from aurora_time.ports import Range
from aurora_time.store import keys, timeindex
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Stored

MAX_DAYS: Final = 366
MAX_OCCURRENCES: Final = 100_000
_AT_ONCE: Final = 2_000
"""Occurrences after which others get their turn: a dense series must not hold up everybody's requests."""


@dataclass(frozen=True, slots=True)
class Times:
    """Of whom, when, and in which zone dates and floating times are read."""

    owner: str
    window: Window
    home: Zone


@dataclass(frozen=True, slots=True)
class Found:
    """What takes time, and how many occurrences were looked at for it."""

    busy: list[Busy]
    looked_at: int


class _Shown(msgspec.Struct):
    """What of a single event's representation says how it takes its time."""

    status: str
    transparency: str


async def query_free_busy(services: Services, times: Times, calendar_ids: tuple[str, ...]) -> list[Busy]:
    """What of the window is busy, merged. Without ids all calendars count.

    Raises InvalidError for a calendar that is not there or too long a window, TooLargeError for too many occurrences.
    """
    if times.window.end - times.window.start > MAX_DAYS * DAY:
        raise InvalidError("/to", f"Ask for at most {MAX_DAYS} days.")
    live = await live_calendars(services, times.owner)
    for index, calendar_id in enumerate(calendar_ids):
        if calendar_id not in live:
            detail = "There is no calendar with this id here. GET /v1/calendars lists yours."
            raise InvalidError(f"/calendarIds/{index}", detail)
    found = await busy_times(services, times, frozenset(calendar_ids) or live)
    return free_busy(found.busy, times.window)


async def live_calendars(services: Services, owner: str) -> frozenset[str]:
    """The ids of the calendars that are there."""
    (items,) = await services.table.query(Range(keys.calendar(owner).part))
    return frozenset(item.key.sort for item in items if not decode(item.body, Calendar).deleted)


async def busy_times(services: Services, times: Times, calendars: frozenset[str]) -> Found:
    """What takes time in the window, in these calendars, as it is found. Raises TooLargeError."""
    results = await services.table.query(*timeindex.ranges(times.owner, times.window))
    found: list[Busy] = []
    events: list[Event] = []
    missing: list[str] = []
    for item in chain.from_iterable(results):
        card = decode(item.body, Card)
        if card.calendar_id not in calendars:
            continue
        if card.packed is not None:
            found += _single(card, card.wire(object_id(item), item.version), times)
        elif card.event is not None:
            events.append(card.event)
        else:
            missing.append(object_id(item))
    objects = await services.table.get(*(keys.object_(times.owner, object_id) for object_id in missing))
    events += [decode(item.body, Stored).event for item in objects if item]
    occurrences = chain.from_iterable(_occurrences(event, times) for event in events)
    seen = 0
    while some := list(islice(occurrences, _AT_ONCE)):
        found += (each for each in some if each is not None)
        seen += len(some)
        check_occurrences(seen)
        await asyncio.sleep(0)
    return Found(found, seen)


def check_occurrences(seen: int) -> None:
    """Raises TooLargeError for more than one question may cost."""
    if seen > MAX_OCCURRENCES:
        raise TooLargeError(f"More than {MAX_OCCURRENCES} occurrences lie here. Ask for a shorter window.")


def _single(card: Card, wire: bytes, times: Times) -> list[Busy]:
    shown = msgspec.json.decode(wire, type=_Shown)
    status = status_of(shown.status, shown.transparency)
    start, end = card.start.instant(times.home), card.end.instant(times.home)
    return [Busy(start, end, status)] if status and times.window.overlaps(start, end) else []


def _occurrences(event: Event, times: Times) -> Iterator[Busy | None]:
    """Each occurrence, which is what its own component says; None for one that takes no time."""
    if not event.overrides and status_of(event.status, event.transparency) is None:
        return
    for each in occurrences_in(event, times.window, times.home):
        status = status_of(each.event.status, each.event.transparency)
        yield Busy(each.start.instant(times.home), each.end.instant(times.home), status) if status else None
