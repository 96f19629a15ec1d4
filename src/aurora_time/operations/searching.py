"""Searching all events by words: first what is to come, by its next start; then what was, the latest first.

A series stands once. A page looks at a bounded number of events, and may end before it is full: its cursor goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, Window
from aurora_time.domain.search import matches
from aurora_time.domain.series import last_start, occurrences_in
from aurora_time.operations import listing
from aurora_time.operations.drafts import EARLIEST, LATEST
from aurora_time.operations.listing import EXAMINED, Position, Question, live_calendars, object_id, says
from aurora_time.operations.representation import event_resource
from aurora_time.operations.services import Services
from aurora_time.ports import Item
from aurora_time.store import keys, timeindex
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Stored

_FIRST_STEP: Final = 183 * DAY
_START: Final = Position(LATEST, "\U0010ffff")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on: from which instant on things are yet to come, and behind which of them.

    With ``past`` all that is to come was told, and ``after`` is the last of what was.
    """

    now: int
    after: Position | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    items: list[bytes]
    next: Place | None


async def search_events(services: Services, question: Question, limit: int, place: Place) -> Page:
    """The next events with all words of the question. Its window is not looked at."""
    items: list[bytes] = []
    if not place.past:
        ahead = replace(question, window=Window(place.now, LATEST), expand=False)
        page = await listing.list_events(services, ahead, limit, place.after)
        if page.next is not None:
            return Page(page.items, replace(place, after=page.next))
        items, place = page.items, Place(place.now, _START, True)
    if len(items) == limit:
        return Page(items, place)
    found, last = await _past(services, question, limit - len(items), place)
    return Page([*items, *found], last)


_Found = tuple[int, str, bytes]


async def _past(services: Services, question: Question, limit: int, place: Place) -> tuple[list[bytes], Place | None]:
    calendars = await live_calendars(services, question)
    seen = place.after or _START
    end = min(place.now, seen.start + 1)
    found: list[_Found] = []
    step, examined = _FIRST_STEP, 0
    while end > EARLIEST:
        window = Window(max(end - step, EARLIEST), end)
        part, count = await _over(services, replace(question, window=window, calendar_ids=calendars), place.now)
        found += sorted((each for each in part if each[:2] < seen), reverse=True)
        examined += count
        if len(found) > limit:
            last = Position(*found[limit - 1][:2])
            return [each[2] for each in found[:limit]], Place(place.now, last, True)
        end, step = window.start, step * 4
        if examined >= EXAMINED and end > EARLIEST:
            return [each[2] for each in found], Place(place.now, Position(end, ""), True)
    return [each[2] for each in found], None


async def _over(services: Services, question: Question, now: int) -> tuple[list[_Found], int]:
    """What is over, started for the last time in the window and has the words; and how many were looked at."""
    owner, home = question.owner, question.home
    results = await services.table.query(*timeindex.ranges(owner, question.window))
    found: list[_Found] = []
    events: list[tuple[Event, str]] = []
    missing: list[Item] = []
    for item in chain.from_iterable(results):
        card = decode(item.body, Card)
        if question.calendar_ids is not None and card.calendar_id not in question.calendar_ids:
            continue
        if card.event is not None:
            events.append((card.event, item.version))
        elif card.packed is None:
            missing.append(item)
        elif _ended(card, question, now):
            wire = card.wire(event_id := object_id(item), item.version)
            if says(wire, question.words):
                found.append((card.start.instant(home), event_id, wire))
    objects = await services.table.get(*(keys.object_(owner, object_id(item)) for item in missing))
    events += [(decode(item.body, Stored).event, item.version) for item in objects if item]
    found += [each for pair in events for each in _last_of(*pair, question, now)]
    return found, sum(map(len, results))


def _last_of(event: Event, version: str, question: Question, now: int) -> Iterator[_Found]:
    """An event that is over, if it has the words and started for the last time in the window."""
    start = last_start(event, question.home) if matches(event, question.words) else None
    if start is None or not question.window.start <= start < question.window.end:
        return
    if next(occurrences_in(event, Window(now, LATEST), question.home), None) is None:
        yield start, event.id, msgspec.json.encode(event_resource(event, version))


def _ended(card: Card, question: Question, now: int) -> bool:
    """Whether a single event starts in the window and is not among what is to come."""
    start = card.start.instant(question.home)
    within = question.window.start <= start < question.window.end
    return within and not Window(now, LATEST).overlaps(start, card.end.instant(question.home))
