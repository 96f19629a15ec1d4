"""The ledger as a person sees it: what was sent or failed, and what is still to ring.

Either costs what is shown: the ledger is read by the page, and what is planned is computed as far as it is asked for.
"""

from __future__ import annotations

import dataclasses
import heapq
import sys
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import Window
from aurora_time.domain.reminders import alarms_of, triggers_after
from aurora_time.operations.people import read_person
from aurora_time.operations.services import Services
from aurora_time.ports import Item, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Armed, Entry, new_entry

OVER: Final = frozenset({"sent", "failed", "suppressed"})
_ITEMS: Final = 250
"""How many items of the ledger are read at once."""
_EVENTS: Final = 50
"""How many events are read at once."""

Shown = tuple[Entry, str]
"""An entry and its version."""


@dataclass(frozen=True, slots=True)
class Page:
    """At most ``limit`` reminders, those after a position: an instant and an id."""

    limit: int = sys.maxsize
    after: tuple[int, str] | None = None


WHOLE: Final = Page()


async def list_reminders(
    services: Services, owner: str, window: Window, status: str | None = None, page: Page = WHOLE
) -> list[Shown]:
    """A page of the reminders due in the window, by instant and id. Planned ones are computed, not in the ledger."""
    if page.after:
        window = Window(min(max(window.start, page.after[0]), window.end), window.end)
    found: list[Shown] = []
    if status != "planned":
        statuses = None if status is None else frozenset({status})
        found = await _read(services, owner, _span(owner, window, page), statuses, page.limit)
    if status in (None, "planned"):
        if len(found) == page.limit:
            window = Window(window.start, found[-1][0].instant + 1)
        found += [(entry, "planned") for entry in await _plan(services, owner, window, page)]
    return sorted(found, key=lambda pair: _position(pair[0]))[: page.limit]


async def last_reminders(services: Services, owner: str, window: Window, limit: int) -> list[Entry]:
    """What was sent or could not be, the newest first."""
    span = dataclasses.replace(_span(owner, window, WHOLE), reverse=True)
    return [entry for entry, _ in await _read(services, owner, span, OVER, limit)]


def _position(entry: Entry) -> tuple[int, str]:
    return entry.instant, entry.id


def _span(owner: str, window: Window, page: Page) -> Range:
    """Where a page is in the ledger, whose keys are positions."""
    low = keys.sortable(window.start)
    if page.after:
        low = max(low, f"{keys.ledger(owner, *page.after).sort}\x00")
    return Range(keys.ledger(owner, 0, "").part, low, keys.sortable(window.end), _ITEMS)


async def _read(
    services: Services, owner: str, span: Range, statuses: frozenset[str] | None, limit: int
) -> list[Shown]:
    """The first of a span in the ledger that have one of the statuses."""
    found: list[Shown] = []
    while True:
        (items,) = await services.table.query(span)
        shown = await _as_they_stand(services, owner, items)
        found += [pair for pair in shown if statuses is None or pair[0].status in statuses]
        if len(found) >= limit or len(items) < _ITEMS:
            return found[:limit]
        last = items[-1].key.sort
        low, high = (span.low, last) if span.reverse else (f"{last}\x00", span.high)
        span = dataclasses.replace(span, low=low, high=high)


async def _as_they_stand(services: Services, owner: str, items: Sequence[Item]) -> list[Shown]:
    """A mail that waited to be tried again when its event was deleted or moved is not being sent any more."""
    entries = [decode(item.body, Entry) for item in items]
    sending = sorted({entry.event_id for entry in entries if entry.status == "sending"})
    armed: dict[str, Armed] = {}
    if sending:
        held = await services.table.get(*(keys.armed(owner, event_id) for event_id in sending))
        armed = {item.key.sort: decode(item.body, Armed) for item in held if item is not None}
    return [(_as_it_stands(entry, armed), item.version) for entry, item in zip(entries, items, strict=True)]


def _as_it_stands(entry: Entry, armed: dict[str, Armed]) -> Entry:
    if entry.status != "sending":
        return entry
    state = armed.get(entry.event_id)
    if state is not None and entry.instant > state.after:
        return entry
    error = entry.error or "The event was changed before it could be sent."
    return msgspec.structs.replace(entry, status="suppressed", error=error)


async def _plan(services: Services, owner: str, window: Window, page: Page) -> list[Entry]:
    """The first that are planned, and those at the instant of the last of them."""
    person, _ = await read_person(services, owner)
    (in_hand,) = await services.table.query(Range(keys.armed(owner, "").part))
    armed = ((item.key.sort, decode(item.body, Armed)) for item in in_hand)
    firsts = ((max(_earliest(state, services.now), window.start), object_id) for object_id, state in armed)
    waiting = deque(sorted(pair for pair in firsts if pair[0] < window.end))
    if not waiting:
        return []
    settled = Range(keys.ledger(owner, 0, "").part, keys.sortable(waiting[0][0]), keys.sortable(window.end))
    in_ledger, held = await services.table.query(settled, Range(keys.calendar(owner).part))
    known = {decode(item.body, Entry).id for item in in_ledger}
    calendars = frozenset(item.key.sort for item in held if not decode(item.body, Calendar).deleted)
    found: dict[str, Entry] = {}
    last = window.start
    async with aclosing(_planned(services, person, calendars, waiting, window.end)) as planned:
        async for entry in planned:
            if len(found) >= page.limit and entry.instant > last:
                break
            if entry.id not in known and (page.after is None or _position(entry) > page.after):
                found[entry.id] = entry
                last = entry.instant
    return list(found.values())


def _earliest(state: Armed, now: int) -> int:
    """No trigger that is still to ring is earlier.

    What is tried again, or waits for its turn, is due later than its trigger was.
    """
    return state.after + 1 if state.leased or state.attempts or state.due <= now else state.due


async def _planned(
    services: Services, person: Person, calendars: frozenset[str], waiting: deque[tuple[int, str]], end: int
) -> AsyncGenerator[Entry, None]:
    """All that is planned before ``end``, by instant. ``waiting`` says from when on each object may ring, ascending;
    an object is read when all that rings before is told.
    """
    heads: list[tuple[int, str, Entry, Iterator[Entry]]] = []

    def go_on(object_id: str, entries: Iterator[Entry]) -> None:
        for entry in entries:
            heapq.heappush(heads, (entry.instant, object_id, entry, entries))
            return

    while waiting or heads:
        if waiting and (not heads or waiting[0][0] <= heads[0][0]):
            batch = [waiting.popleft() for _ in range(min(_EVENTS, len(waiting)))]
            objects = await services.table.get(*(keys.object_(person.id, object_id) for _, object_id in batch))
            for (first, object_id), item in zip(batch, objects, strict=True):
                event = decode(item.body, Stored).event if item else None
                if event is not None and event.calendar_id in calendars:
                    go_on(object_id, _entries(person, event, first, end))
        else:
            _, object_id, entry, entries = heapq.heappop(heads)
            yield entry
            go_on(object_id, entries)


def _entries(person: Person, event: Event, first: int, end: int) -> Iterator[Entry]:
    triggers = triggers_after(event, alarms_of(event, person.default_alarms), first - 1, person.home)
    within = takewhile(lambda trigger: trigger.instant < end, triggers)
    return (new_entry(person.id, event, trigger, "planned") for trigger in within)
