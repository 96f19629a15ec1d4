"""Listing events: by a window of time, as occurrences or as series, in order, page by page.

The window is walked in growing steps until the page is full, and the series in it only as far as the page goes, so a
page costs what it shows however wide the window and however dense a series.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final, NamedTuple

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, MIN_WALL, Window, Zone
from aurora_time.domain.series import Occurrence, occurrences_in
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.representation import event_resource
from aurora_time.operations.services import Services
from aurora_time.ports import Item, Range
from aurora_time.store import keys, timeindex
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Stored

MAX_OCCURRENCES: Final = 10_000
_FIRST_STEP: Final = 35 * DAY


class Position(NamedTuple):
    """Where a listing goes on: after the thing with this start instant and this id."""

    start: int
    id: str


_Source = tuple[Event, str] | tuple[Event, str, Occurrence]

_Listed = tuple[int, str, bytes, _Source | None]
"""One thing to show: its place in the order (two fields), and its JSON, or what that is made of once it is shown.

A plain tuple, as every event of the window becomes one: it sorts by its place, which no other thing has.
"""


def _position(listed: _Listed) -> Position:
    return Position(listed[0], listed[1])


def _json(listed: _Listed) -> bytes:
    source = listed[3]
    return listed[2] if source is None else msgspec.json.encode(event_resource(*source))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: events that overlap the window, of these calendars (None: of all)."""

    owner: str
    window: Window
    home: Zone
    calendar_ids: frozenset[str] | None = None
    expand: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """JSON of each thing, and where the next page goes on (None: this was the last)."""

    items: list[bytes]
    next: Position | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on its way: which calendars that is, and up to where it was answered."""

    question: Question
    calendars: frozenset[str]
    seen: Position | None


async def list_events(services: Services, question: Question, limit: int, after: Position | None) -> Page:
    """The next ``limit`` things that start at or after the position, by (start, id)."""
    calendars = await _calendars(services, question)
    asked = _Asked(question, calendars, after)
    start = max(question.window.start, after.start) if after else question.window.start
    found: list[_Listed] = []
    step = _FIRST_STEP
    while start < question.window.end or start == question.window.start == question.window.end:
        end = min(start + step, question.window.end)
        last = end >= question.window.end
        # What started before this step began was listed by an earlier step, or is behind the cursor.
        found += islice(await _part(services, asked, Window(start, end)), limit + 1 - len(found))
        asked = replace(asked, seen=_position(found[-1]) if found else after)
        if len(found) > limit or last:
            break
        start, step = end, step * 2
    more = len(found) > limit
    return Page([_json(each) for each in found[:limit]], _position(found[limit - 1]) if more else None)


async def _calendars(services: Services, question: Question) -> frozenset[str]:
    (items,) = await services.table.query(Range(keys.calendar(question.owner).part))
    live = frozenset(item.key.sort for item in items if not decode(item.body, Calendar).deleted)
    if question.calendar_ids is None:
        return live
    unknown = question.calendar_ids - live
    if unknown:
        raise InvalidError("?calendarId", f"There is no calendar {min(unknown)!r} here. GET /v1/calendars lists yours.")
    return question.calendar_ids


async def _part(services: Services, asked: _Asked, window: Window) -> Iterator[_Listed]:
    """What overlaps this step's window and is behind ``asked.seen``, in order; a series computes what is taken."""
    owner = asked.question.owner
    results = await services.table.query(*timeindex.ranges(owner, window))
    singles: list[_Listed] = []
    series: list[Iterator[_Listed]] = []
    missing: list[str] = []
    home, calendars = asked.question.home, asked.calendars
    for item in chain.from_iterable(results):
        card = decode(item.body, Card)
        if card.calendar_id not in calendars:
            continue
        if card.wire is not None:
            start = card.start.instant(home)
            # The end matters only for what started before the window, which saves half of the conversions.
            if start < window.end and (start >= window.start or card.end.instant(home) > window.start):
                singles.append((start, _object_id(item), card.wire, None))
        elif card.event is not None:
            series.append(_stored(card.event, item.version, window, asked))
        else:
            missing.append(_object_id(item))
    objects = await services.table.get(*(keys.object_(owner, object_id) for object_id in missing))
    series += [_stored(decode(each.body, Stored).event, each.version, window, asked) for each in objects if each]
    singles.sort()
    merged = heapq.merge(singles, *series, key=_position) if series else iter(singles)
    seen = asked.seen
    return merged if seen is None else (each for each in merged if _position(each) > seen)


def _object_id(item: Item) -> str:
    return item.key.sort.split("#", 2)[2]


def _stored(event: Event, version: str, window: Window, asked: _Asked) -> Iterator[_Listed]:
    home = asked.question.home
    if asked.question.expand and event.recurrence:
        # What runs since before the position that was seen is not even computed: it may be thousands.
        since = asked.seen.start if asked.seen else MIN_WALL
        for each in occurrences_in(event, window, home, since):
            yield each.start.instant(home), f"{event.id}_{each.recurrence_id}", b"", (event, version, each)
        return
    # A series stands once, at its first occurrence in the whole window, whichever step finds it.
    first = next(occurrences_in(event, asked.question.window, home), None)
    if first is not None and first.start.instant(home) < window.end:
        yield first.start.instant(home), event.id, b"", (event, version)


async def list_objects(
    services: Services, question: Question, limit: int, after: str
) -> tuple[list[bytes], str | None]:
    """The calendars' events as they are stored, by id, from behind ``after``, and where the next page goes on."""
    part = keys.object_(question.owner, "").part
    calendars = await _calendars(services, question)
    encoded: list[bytes] = []
    while True:
        (items,) = await services.table.query(Range(part, f"{after}\x00" if after else "", limit=limit + 1))
        for item in items:
            event = decode(item.body, Stored).event
            if event.calendar_id not in calendars:
                continue
            if len(encoded) == limit:
                return encoded, after
            encoded.append(msgspec.json.encode(event_resource(event, item.version)))
            after = event.id
        if len(items) <= limit:
            return encoded, None
        after = items[-1].key.sort
