"""The ledger as a person sees it: what was sent or failed, and what is still to ring.

Either costs what is shown: the ledger is read by the page, and what is planned is computed as far as it is asked for.
All is in the order in which it rings, or was to; its place in the ledger is by the instant that the alarm says, which
quiet hours may move, so the ledger is read a day around what is asked for.
"""

from __future__ import annotations

import heapq
import sys
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final, NamedTuple

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.moment import Window
from aurora_time.domain.quiet_hours import OFF, REACH
from aurora_time.domain.reminders import Preferences, triggers_after, triggers_at
from aurora_time.operations.errors import NotFoundError
from aurora_time.operations.people import read_person
from aurora_time.operations.services import Services
from aurora_time.operations.subjects import GONE, OPEN, Subject, follow
from aurora_time.ports import ABSENT, Item, Key, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import AGAIN, STANDING, Armed, Entry, Standing, new_entry

OVER: Final = frozenset({"sent", "failed", "suppressed"})
_ITEMS: Final = 250
"""How many items of the ledger are read at once."""
_EVENTS: Final = 50
"""How many events are read at once."""
_CHANGED: Final = "The event was changed before it could be sent."

Shown = tuple[Entry, str]
"""An entry and its ETag."""


class Found(NamedTuple):
    """An entry, the version that a write of it to the ledger replaces (ABSENT: it is not there), and its ETag."""

    entry: Entry
    expect: str
    etag: str

    @property
    def is_computed(self) -> bool:
        """Whether it is planned of an event or a task, and so stored nowhere."""
        return self.expect == ABSENT and not self.entry.is_standing


@dataclass(frozen=True, slots=True)
class Page:
    """At most ``limit`` reminders, those after a position: when one rings, and its id."""

    limit: int = sys.maxsize
    after: tuple[int, str] | None = None


WHOLE: Final = Page()


def as_planned(entry: Entry) -> Shown:
    """A reminder that is not in the ledger: its ETag is of what it says, since no write gives it a version."""
    return entry, _computed(entry, "planned")


def _computed(entry: Entry, version: str) -> str:
    """The ETag of an entry that says more than the item with this version."""
    return keys.digest(version, msgspec.json.encode(entry).decode())


@dataclass(frozen=True, slots=True)
class _Span:
    """What is asked of the ledger: what rings in the window, behind a position, with one of the statuses."""

    owner: str
    window: Window
    page: Page
    statuses: frozenset[str] | None = None
    reverse: bool = False

    def wants(self, entry: Entry) -> bool:
        if not self.window.start <= entry.rings_at < self.window.end:
            return False
        if self.page.after is not None and _position(entry) <= self.page.after:
            return False
        return self.statuses is None or entry.status in self.statuses

    def is_whole(self, found: Sequence[Shown], last: Item) -> bool:
        """Whether what is behind the last item read cannot be on the page any more."""
        seen = keys.unsortable(last.key.sort[:12])
        if self.reverse:
            return sum(entry.rings_at > seen + REACH for entry, _ in found) >= self.page.limit
        return sum(entry.rings_at < seen - REACH for entry, _ in found) >= self.page.limit


async def list_reminders(
    services: Services, owner: str, window: Window, status: str | None = None, page: Page = WHOLE
) -> list[Shown]:
    """A page of the reminders that ring in the window, by when and id. Planned ones are computed, not in the ledger."""
    if page.after:
        window = Window(min(max(window.start, page.after[0]), window.end), window.end)
    statuses = None if status is None else frozenset({status})
    found = await _read(services, _Span(owner, window, page, statuses))
    if status in (None, "planned"):
        if len(found) == page.limit:
            window = Window(window.start, found[-1][0].rings_at + 1)
        found += await _plan(services, owner, window, page)
    return sorted(found, key=lambda pair: _position(pair[0]))[: page.limit]


async def last_reminders(services: Services, owner: str, window: Window, limit: int) -> list[Entry]:
    """What was sent or could not be, the newest first."""
    return [entry for entry, _ in await _read(services, _Span(owner, window, Page(limit), OVER, reverse=True))]


def _position(entry: Entry) -> tuple[int, str]:
    return entry.rings_at, entry.id


async def _read(services: Services, span: _Span) -> list[Shown]:
    """The first of a span in the ledger."""
    part = keys.ledger(span.owner, 0, "").part
    low, high = keys.sortable(span.window.start - REACH), keys.sortable(span.window.end + REACH)
    found: list[Shown] = []
    while True:
        (items,) = await services.table.query(Range(part, low, high, _ITEMS, span.reverse))
        shown = await _as_they_stand(services, span.owner, items)
        found += [pair for pair in shown if span.wants(pair[0])]
        if len(items) < _ITEMS or span.is_whole(found, items[-1]):
            found.sort(key=lambda pair: _position(pair[0]), reverse=span.reverse)
            return found[: span.page.limit]
        last = items[-1].key.sort
        low, high = (low, last) if span.reverse else (f"{last}\x00", high)


async def find_reminder(services: Services, owner: str, name: str) -> Found:
    """A reminder by what the API calls it. Raises NotFoundError."""
    event_id, place = _parsed(name)
    if place is None:
        return await _find_standing(services, owner, event_id)
    (item,) = await services.table.get(keys.ledger(owner, *place))
    if item is None:
        entry, etag = as_planned(await _read_planned(services, owner, event_id, place))
        return Found(entry, ABSENT, etag)
    ((entry, etag),) = await _as_they_stand(services, owner, [item])
    if entry.name != name:
        raise NotFoundError
    return Found(entry, item.version, etag)


def _parsed(name: str) -> tuple[str, tuple[int, str] | None]:
    """A name is an event's id, the instant and the reminder's own id; or only the id of a standing reminder."""
    event_id, *place = name.split(".")
    if not place:
        return event_id, None
    if len(place) != 2 or not place[0].removeprefix("-").isdecimal() or len(place[0]) > 12:
        raise NotFoundError
    return event_id, (int(place[0]), place[1])


async def _find_standing(services: Services, owner: str, standing_id: str) -> Found:
    (item,) = await services.table.get(keys.standing(owner, standing_id))
    if item is None:
        raise NotFoundError
    entry = decode(item.body, Standing).entry(owner)
    (rung,) = await services.table.get(keys.ledger(owner, entry.instant, entry.id))
    if rung is None:
        return Found(entry, ABSENT, item.version)
    ((entry, etag),) = await _as_they_stand(services, owner, [rung])
    return Found(entry, rung.version, etag)


async def _read_planned(services: Services, owner: str, event_id: str, place: tuple[int, str]) -> Entry:
    item, armed = await services.table.get(keys.object_(owner, event_id), keys.armed(owner, event_id))
    if item is None or armed is None:
        raise NotFoundError
    person, _ = await read_person(services, owner)
    event = decode(item.body, Stored).event
    (calendar,) = await services.table.get(keys.calendar(owner, event.calendar_id))
    if calendar is not None and not decode(calendar.body, Calendar).deleted:
        earliest = _earliest(decode(armed.body, Armed), services.now)
        for trigger in triggers_at(event, person.preferences, place[0]):
            entry = new_entry(owner, event, trigger, "planned")
            if entry.id == place[1] and trigger.due >= earliest:
                return entry
    raise NotFoundError


async def _as_they_stand(services: Services, owner: str, items: Sequence[Item]) -> list[Shown]:
    """A mail that waited to be tried again when its event was deleted or moved is not being sent any more, and what is
    snoozed tells its event as that now is.
    """
    entries = [decode(item.body, Entry) for item in items]
    still_open = [entry for entry in entries if entry.status in OPEN]
    held: dict[Key, Item] = {}
    if still_open:
        found = await services.table.get(*sorted({keys.armed(owner, entry.armed_id) for entry in still_open}))
        held = {item.key: item for item in found if item is not None}
    told = await _told_now(services, owner, entries)
    stand = [_as_it_stands(owner, entry, held, told) for entry in entries]
    return [
        (entry, item.version if entry == was else _computed(entry, item.version))
        for entry, was, item in zip(stand, entries, items, strict=True)
    ]


async def _told_now(services: Services, owner: str, entries: Sequence[Entry]) -> dict[str, str]:
    """What is told, by the ids of entries, of what was snoozed and is still to ring; nothing of what is gone."""
    snoozed = [entry for entry in entries if _is_snoozed(entry, services.now)]
    if not snoozed:
        return {}
    person, _ = await read_person(services, owner)

    async def read(name: str) -> Subject | None:
        (item,) = await services.table.get(subject_key(owner, name))
        return Subject(_event_of(item), person, person.preferences, None) if item else None

    found = [(entry.id, await follow(entry, read)) for entry in snoozed]
    return {id_: pair[1].event.summary for id_, pair in found if pair is not None}


def _is_snoozed(entry: Entry, now: int) -> bool:
    """Whether it is what rings after a snooze, or was snoozed and that has not yet rung."""
    if entry.snoozes and entry.status in OPEN:
        return True
    return entry.status == "snoozed" and entry.next is not None and entry.next[0] > now


def _event_of(item: Item) -> Event:
    """What rings of a stored thing."""
    if item.key.part.startswith(keys.standing("").part):
        return decode(item.body, Standing).event
    return decode(item.body, Stored).event


def subject_key(owner: str, armed_id: str) -> Key:
    """Where what a reminder is for is stored."""
    if armed_id.startswith(STANDING):
        return keys.standing(owner, armed_id.removeprefix(STANDING))
    return keys.object_(owner, armed_id)


def _as_it_stands(owner: str, entry: Entry, held: dict[Key, Item], told: dict[str, str]) -> Entry:
    entry = msgspec.structs.replace(entry, text=told.get(entry.id, entry.text))
    if entry.status not in OPEN:
        return entry
    armed = held.get(keys.armed(owner, entry.armed_id))
    if entry.snoozes:
        stands, reason = armed is not None and entry.id in told, GONE
    else:
        stands, reason = armed is not None and entry.rings_at > decode(armed.body, Armed).after, _CHANGED
    return entry if stands else msgspec.structs.replace(entry, status="suppressed", error=reason)


async def _plan(services: Services, owner: str, window: Window, page: Page) -> list[Shown]:
    """The first that are planned, and those that ring with the last of them."""
    person, _ = await read_person(services, owner)
    (in_hand,) = await services.table.query(Range(keys.armed(owner, "").part))
    armed = ((item.key.sort, decode(item.body, Armed)) for item in in_hand if not item.key.sort.startswith(AGAIN))
    firsts = ((max(_earliest(state, services.now), window.start), armed_id) for armed_id, state in armed)
    waiting = deque(sorted(pair for pair in firsts if pair[0] < window.end))
    if not waiting:
        return []
    low, high = keys.sortable(waiting[0][0] - REACH), keys.sortable(window.end + REACH)
    settled = Range(keys.ledger(owner, 0, "").part, low, high)
    in_ledger, held = await services.table.query(settled, Range(keys.calendar(owner).part))
    known = {decode(item.body, Entry).id for item in in_ledger}
    calendars = frozenset(item.key.sort for item in held if not decode(item.body, Calendar).deleted)
    found: dict[str, Shown] = {}
    last = window.start
    async with aclosing(_planned(services, person, calendars, waiting, window.end)) as planned:
        async for entry, version in planned:
            if len(found) >= page.limit and entry.rings_at > last:
                break
            if entry.id not in known and (page.after is None or _position(entry) > page.after):
                found[entry.id] = entry, version
                last = entry.rings_at
    return list(found.values())


def _earliest(state: Armed, now: int) -> int:
    """No trigger that is still to ring is due earlier.

    What is tried again, or waits for its turn, is due later than its trigger was.
    """
    return state.after + 1 if state.leased or state.attempts or state.due <= now else state.due


async def _planned(
    services: Services, person: Person, calendars: frozenset[str], waiting: deque[tuple[int, str]], end: int
) -> AsyncGenerator[Shown, None]:
    """All that is planned before ``end``, by when it rings. ``waiting`` says from when on each may ring, ascending;
    what it is about is read when all that rings before is told.
    """
    heads: list[tuple[int, str, Shown, Iterator[Shown]]] = []

    def go_on(armed_id: str, shown: Iterator[Shown]) -> None:
        for each in shown:
            heapq.heappush(heads, (each[0].rings_at, armed_id, each, shown))
            return

    while waiting or heads:
        if waiting and (not heads or waiting[0][0] <= heads[0][0]):
            batch = [waiting.popleft() for _ in range(min(_EVENTS, len(waiting)))]
            objects = await services.table.get(*(subject_key(person.id, armed_id) for _, armed_id in batch))
            for (first, armed_id), item in zip(batch, objects, strict=True):
                if item is not None:
                    go_on(armed_id, _entries(person, item, calendars, Window(first, end)))
        else:
            _, armed_id, each, shown = heapq.heappop(heads)
            yield each
            go_on(armed_id, shown)


def _entries(person: Person, item: Item, calendars: frozenset[str], window: Window) -> Iterator[Shown]:
    event, preferences = _ringing(person, item, calendars)
    if event is None:
        return iter(())
    triggers = triggers_after(event, preferences, window.start - 1)
    within = takewhile(lambda trigger: trigger.due < window.end, triggers)
    entries = (new_entry(person.id, event, trigger, "planned") for trigger in within)
    if item.key.part == keys.standing(person.id).part:
        return ((entry, item.version) for entry in entries)
    return map(as_planned, entries)


def _ringing(person: Person, item: Item, calendars: frozenset[str]) -> tuple[Event | None, Preferences]:
    """What rings of a stored thing, and by what; None of what is in no calendar any more."""
    event = _event_of(item)
    if event.id.startswith(STANDING):
        return event, replace(person.preferences, quiet=OFF)
    return event if event.calendar_id in calendars else None, person.preferences
