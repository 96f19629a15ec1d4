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
from aurora_time.domain.search import contains, matches, texts_of
from aurora_time.domain.series import Occurrence, is_series, occurrences_in
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
EXAMINED: Final = 5_000
"""Events that a page of a search looks at: with fewer found than asked for, it ends, and its cursor goes on."""


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
    """What is asked for: events that overlap the window, of these calendars (None: of all), with all the words."""

    owner: str
    window: Window
    home: Zone
    calendar_ids: frozenset[str] | None = None
    expand: bool = True
    words: tuple[str, ...] = ()


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
    calendars = await live_calendars(services, question)
    asked = _Asked(question, calendars, after)
    start = max(question.window.start, after.start) if after else question.window.start
    found: list[_Listed] = []
    step, examined = _FIRST_STEP, 0
    while start < question.window.end or start == question.window.start == question.window.end:
        end = min(start + step, question.window.end)
        last = end >= question.window.end
        # What started before this step began was listed by an earlier step, or is behind the cursor.
        part, count = await _part(services, asked, Window(start, end))
        found += islice(part, limit + 1 - len(found))
        examined += count
        asked = replace(asked, seen=_position(found[-1]) if found else after)
        if len(found) > limit or last:
            break
        if question.words and examined >= EXAMINED:
            return Page([_json(each) for each in found], Position(end, ""))
        start, step = end, step * (4 if question.words else 2)
    more = len(found) > limit
    return Page([_json(each) for each in found[:limit]], _position(found[limit - 1]) if more else None)


async def live_calendars(services: Services, question: Question) -> frozenset[str]:
    """The ids of the calendars that are asked for. Raises InvalidError for one that is not there."""
    (items,) = await services.table.query(Range(keys.calendar(question.owner).part))
    live = frozenset(item.key.sort for item in items if not decode(item.body, Calendar).deleted)
    if question.calendar_ids is None:
        return live
    unknown = question.calendar_ids - live
    if unknown:
        raise InvalidError("?calendarId", f"There is no calendar {min(unknown)!r} here. GET /v1/calendars lists yours.")
    return question.calendar_ids


async def _part(services: Services, asked: _Asked, window: Window) -> tuple[Iterator[_Listed], int]:
    """What overlaps this step's window and is behind ``asked.seen``, in order; a series computes what is taken.

    And how many events were looked at.
    """
    owner, words = asked.question.owner, asked.question.words
    results = await services.table.query(*timeindex.ranges(owner, window))
    singles: list[_Listed] = []
    series: list[Iterator[_Listed]] = []
    missing: list[str] = []
    home, calendars = asked.question.home, asked.calendars
    for item in chain.from_iterable(results):
        card = decode(item.body, Card)
        if card.calendar_id not in calendars:
            continue
        if card.packed is not None:
            start = card.start.instant(home)
            # The end matters only for what started before the window, which saves half of the conversions.
            if start < window.end and (start >= window.start or card.end.instant(home) > window.start):
                wire = card.wire(event_id := object_id(item), item.version)
                if not words or says(wire, words):
                    singles.append((start, event_id, wire, None))
        elif card.event is not None:
            series.append(_stored(card.event, item.version, window, asked))
        else:
            missing.append(object_id(item))
    objects = await services.table.get(*(keys.object_(owner, object_id) for object_id in missing))
    series += [_stored(decode(each.body, Stored).event, each.version, window, asked) for each in objects if each]
    singles.sort()
    merged = heapq.merge(singles, *series, key=_position) if series else iter(singles)
    seen = asked.seen
    behind = merged if seen is None else (each for each in merged if _position(each) > seen)
    return behind, sum(map(len, results))


def object_id(item: Item) -> str:
    """Whose item of the time index this is."""
    return item.key.sort.split("#", 2)[2]


class _Person(msgspec.Struct):
    email: str
    name: str


class _Said(msgspec.Struct, rename="camel"):
    """What of a single event's representation is searched."""

    summary: str
    description: str
    location: str
    categories: tuple[str, ...]
    attendees: tuple[_Person, ...]
    organizer: _Person | None


_READER: Final = msgspec.json.Decoder(_Said)


def says(wire: bytes, words: tuple[str, ...]) -> bool:
    """Whether a representation has all the words."""
    said = _READER.decode(wire)
    people = [*said.attendees, *([said.organizer] if said.organizer else [])]
    named = (text for person in people for text in (person.name, person.email))
    return contains((said.summary, said.description, said.location, *said.categories, *named), words)


def _saying(event: Event, window: Window, asked: _Asked) -> Iterator[Occurrence]:
    """The occurrences of a series that overlap the window and have the words."""
    home, words = asked.question.home, asked.question.words
    # What runs since before the position that was seen is not even computed: it may be thousands.
    since = asked.seen.start if asked.seen else MIN_WALL
    if not words:
        return occurrences_in(event, window, home, since)
    if contains(texts_of(event), words):
        found = occurrences_in(event, window, home, since)
        return (each for each in found if each.event is event or contains(texts_of(each.event), words))
    alone = (each for each in event.overrides if contains(texts_of(each), words))
    shown = [each for part in alone for each in occurrences_in(part, window, home, since)]
    return iter(sorted(shown, key=lambda each: (each.start.instant(home), each.original or 0)))


def _stored(event: Event, version: str, window: Window, asked: _Asked) -> Iterator[_Listed]:
    home, words = asked.question.home, asked.question.words
    if asked.question.expand and is_series(event):
        for each in _saying(event, window, asked):
            yield each.start.instant(home), f"{event.id}_{each.recurrence_id}", b"", (event, version, each)
        return
    if words and not matches(event, words):
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
    calendars = await live_calendars(services, question)
    encoded: list[bytes] = []
    while True:
        (items,) = await services.table.query(Range(part, f"{after}\x00" if after else "", limit=limit + 1))
        for item in items:
            event = decode(item.body, Stored).own
            if event is None or event.calendar_id not in calendars:
                continue
            if len(encoded) == limit:
                return encoded, after
            encoded.append(msgspec.json.encode(event_resource(event, item.version)))
            after = event.id
        if len(items) <= limit:
            return encoded, None
        after = items[-1].key.sort
