"""Listing events: by a window of time, as occurrences or as series, in order, page by page.

The window is walked in growing steps until the page is full, so a page costs what it shows however wide the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, UTC, Window, Zone
from aurora_time.domain.series import occurrences_in
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


class Listed(NamedTuple):
    """One thing to show: its place in the order, and its JSON."""

    position: Position
    json: bytes


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


async def list_events(services: Services, question: Question, limit: int, after: Position | None) -> Page:
    """The next ``limit`` things that start at or after the position, by (start, id)."""
    calendars = await _calendars(services, question)
    start = max(question.window.start, after.start) if after else question.window.start
    found: list[Listed] = []
    step = _FIRST_STEP
    while start < question.window.end or start == question.window.start == question.window.end:
        end = min(start + step, question.window.end)
        last = end >= question.window.end
        part = await _part(services, question, Window(start, end), calendars)
        seen = found[-1].position if found else after
        # What started before this step began was listed by an earlier step, or is behind the cursor.
        found += sorted(each for each in part if seen is None or each.position > seen)
        if len(found) > limit or last:
            break
        start, step = end, step * 2
    more = len(found) > limit
    return Page([each.json for each in found[:limit]], found[limit - 1].position if more else None)


async def _calendars(services: Services, question: Question) -> frozenset[str]:
    (items,) = await services.table.query(Range(keys.calendar(question.owner).part))
    live = frozenset(item.key.sort for item in items if not decode(item.body, Calendar).deleted)
    if question.calendar_ids is None:
        return live
    unknown = question.calendar_ids - live
    if unknown:
        raise InvalidError("?calendarId", f"There is no calendar {min(unknown)!r} here. GET /v1/calendars lists yours.")
    return question.calendar_ids


async def _part(services: Services, question: Question, window: Window, calendars: frozenset[str]) -> list[Listed]:
    results = await services.table.query(*timeindex.ranges(question.owner, window))
    found: list[Listed] = []
    missing: list[str] = []
    for items in results:
        for item in items:
            card = decode(item.body, Card)
            if card.calendar_id not in calendars:
                continue
            if card.wire is not None:
                found += _single(card, item, window, question.home)
            elif card.event is not None:
                found += _series(card.event, item.version, window, question)
            else:
                missing.append(_object_id(item))
    objects = await services.table.get(*(keys.object_(question.owner, object_id) for object_id in missing))
    for object_ in objects:
        if object_ is not None:
            found += _series(decode(object_.body, Stored).event, object_.version, window, question)
    return found


def _object_id(item: Item) -> str:
    return item.key.sort.split("#", 2)[2]


def _single(card: Card, item: Item, window: Window, home: Zone) -> list[Listed]:
    start = card.start.instant(home)
    # The end matters only for what started before the window, which saves half of the conversions.
    if card.wire is None or start >= window.end or (start < window.start and card.end.instant(home) <= window.start):
        return []
    return [Listed(Position(start, _object_id(item)), card.wire)]


def _series(event: Event, version: str, window: Window, question: Question) -> Iterator[Listed]:
    for count, occurrence in enumerate(occurrences_in(event, window, question.home)):
        position = Position(occurrence.start.instant(question.home), f"{event.id}_{occurrence.recurrence_id or ''}")
        if not question.expand:
            yield Listed(Position(position.start, event.id), msgspec.json.encode(event_resource(event, version)))
            return
        if count >= MAX_OCCURRENCES:
            detail = f"An event has more than {MAX_OCCURRENCES} occurrences here. Ask for a shorter window."
            raise InvalidError("?to", detail)
        yield Listed(position, msgspec.json.encode(event_resource(event, version, occurrence)))


async def list_objects(services: Services, owner: str, limit: int, after: str) -> tuple[list[bytes], str | None]:
    """All events as they are stored, by id, from behind ``after``."""
    part = keys.object_(owner, "").part
    live = await _calendars(services, Question(owner, Window(0, 0), UTC))
    (items,) = await services.table.query(Range(part, f"{after}\x00" if after else "", limit=limit + 1))
    shown = items[:limit]
    found = ((decode(item.body, Stored).event, item.version) for item in shown)
    encoded = [
        msgspec.json.encode(event_resource(event, version)) for event, version in found if event.calendar_id in live
    ]
    return encoded, shown[-1].key.sort if len(items) > limit else None
