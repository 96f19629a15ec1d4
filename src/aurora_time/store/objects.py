"""The pure core of storing: from an object's old and new value to every change that one write makes.

So an event, its place in every index, the owner's log and its next reminder change together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from aurora_time.domain.component import MAX_ALARMS, MAX_LEAD_DAYS, Event, Task, Time
from aurora_time.domain.moment import DAY, Window, Zone
from aurora_time.domain.reminders import (
    Preferences,
    counts_from,
    next_due,
    sources_of,
    trigger_of,
    triggers_between,
)
from aurora_time.domain.series import is_series, occurrences_in
from aurora_time.domain.tasks import as_event
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import calendars, keys, reminders, taskindex, timeindex
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import encode
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import Armed, State
from aurora_time.store.trash import Bin, Trashed, throw_away
from aurora_time.store.wire import pack, unpack

CARD_MAX_WIRE = 4_000
"""Bytes of an event, or of its representation, up to which a listing finds it in the index."""


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A calendar object as it is stored: an event of its own, or a task.

    ``index`` holds the keys it wrote; deletion uses those and no others.
    """

    own: Event | None = msgspec.field(name="event")
    index: tuple[tuple[str, str], ...] = ()
    href: str = ""
    task: Task | None = None

    @property
    def event(self) -> Event:
        """What rings: the event, or the task seen as one."""
        return as_event(self.component)

    @property
    def component(self) -> Event | Task:
        found = self.own or self.task
        if found is None:
            raise ValueError("an object is an event or a task")
        return found


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What the time index holds of an event, enough to list it.

    A single event has its representation (``packed``: see store/wire.py), a series itself (``event``); what is too
    large has neither and is read from its object.
    """

    calendar_id: str
    start: Time
    end: Time
    packed: bytes | None = None
    event: Event | None = None

    def wire(self, event_id: str, version: str) -> bytes:
        """The representation of a single event, by its id and its item's version."""
        return unpack(self.packed or b"", (event_id, self.calendar_id, self.start.tzid, version))


@dataclass(frozen=True, slots=True)
class Old:
    """An object as it was read, with the versions that a write replaces.

    ``was_armed`` is what was known of the reminders of what it becomes again, where a write is undone. If it is
    deleted, it goes into ``bin``, or lies in the trash again as it did; None: it goes nowhere.
    """

    stored: Stored
    version: str
    armed: tuple[Armed, str] | None
    was_armed: Armed | None = None
    bin: Bin | Trashed | None = None


@dataclass(frozen=True, slots=True)
class Heir:
    """What is new, and yet takes over: from the series that it is split off, or from itself in the trash.

    ``armed`` is what was known of the reminders there, and they go on as if nothing had been; but with ``missed_from``
    (an instant) those that were due since are not rung but shown. ``href`` is the CalDAV address that it had.
    """

    armed: Armed | None = None
    href: str = ""
    missed_from: int | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a write needs to know beside the object: whose it is, the head, the clock and the new version.

    ``now`` is an instant. ``wire`` is the event's representation with the new version as its ETag. ``occurrence`` is
    the recurrence-id of the single one that a write changes, or with ``takes_out`` deletes.
    """

    owner: str
    held: Held
    now: int
    version: str
    preferences: Preferences
    wire: bytes = b""
    occurrence: str = ""
    takes_out: bool = False

    @property
    def home(self) -> Zone:
        return self.preferences.home


def card(event: Event, wire: bytes, version: str) -> Card:
    """``version`` is the one that the representation shows, and that the item gets."""
    if is_series(event):
        small = len(msgspec.msgpack.encode(event)) <= CARD_MAX_WIRE
        return Card(event.calendar_id, event.start, event.end, None, event if small else None)
    about = (event.id, event.calendar_id, event.start.tzid, version)
    packed = pack(wire, about) if len(wire) <= CARD_MAX_WIRE else None
    return Card(event.calendar_id, event.start, event.end, packed)


def changes(old: Old | None, new: Event | Task | None, context: Context) -> tuple[list[Change], Held]:
    """Every change of storing ``new`` in the place of ``old``; either may be None, not both.

    With the held head for the owner's next write. What it answers is one write: all of it, or nothing.
    """
    return several([(old, new, context.wire)], context)


Replaced = tuple[Old | Heir | None, Event | Task | None, bytes]
"""What there was (None: nothing), what is to be in its place, and its representation."""


def several(replaced: Sequence[Replaced], context: Context) -> tuple[list[Change], Held]:
    """Every change of storing several things (old, new, wire) in one write and under one sequence."""
    made: list[Change] = []
    noted: list[Changed] = []
    events = 0
    for old, new, wire in replaced:
        before = old if isinstance(old, Old) else None
        noted.append(_noted(before, new, context))
        events += (new is not None) - (before is not None)
        made += _object(old, new, wire, context) + _reminders(old, as_event(new) if new else None, context)
    item = LogItem(context.now, tuple(noted))
    log, held = calendars.advance(context.owner, context.held, context.version, item, Growth(events=events))
    return [*made, *log], held


def _noted(old: Old | None, new: Event | Task | None, context: Context) -> Changed:
    """What the change feed tells of one thing."""
    before = old.stored.component if old else None
    component = new or before
    if component is None:
        raise ValueError("an object comes from nothing, or goes to nothing, not both")
    kind = "task" if isinstance(component, Task) else "event"
    left = before.calendar_id if before and before.calendar_id != component.calendar_id else ""
    gone = new is None or context.takes_out
    return Changed(kind, component.id, gone, component.calendar_id, context.occurrence if new else "", left)


def _indexed(new: Event | Task, wire: bytes, context: Context) -> dict[Key, bytes]:
    """The items by which a listing finds it."""
    if isinstance(new, Task):
        shown = encode(taskindex.card(new, wire))
        return dict.fromkeys(taskindex.index_keys(context.owner, new), shown)
    return {timeindex.index_key(context.owner, new, context.home): encode(card(new, wire, context.version))}


def _object(old: Old | Heir | None, new: Event | Task | None, wire: bytes, context: Context) -> list[Change]:
    owner = context.owner
    if new is None:
        return _removed(old, context) if isinstance(old, Old) else []
    old_keys = {Key(*pair) for pair in old.stored.index} if isinstance(old, Old) else set()
    uid = keys.uid(owner, new.calendar_id, new.uid)
    index = _indexed(new, wire, context)
    href = old.stored.href if isinstance(old, Old) else old.href if old else ""
    pointers = [uid, *([keys.href(owner, new.calendar_id, href)] if href else [])]
    written = tuple((key.part, key.sort) for key in (*index, *pointers))
    stored = Stored(None, written, href, new) if isinstance(new, Task) else Stored(new, written, href)
    expect = old.version if isinstance(old, Old) else ABSENT
    result: list[Change] = [Put(keys.object_(owner, new.id), encode(stored), context.version, expect)]
    result += [Put(key, body, context.version) for key, body in index.items()]
    body = encode(Pointer(new.id))
    result += [Put(pointer, body, context.version, ABSENT) for pointer in pointers if pointer not in old_keys]
    return [*result, *(Delete(key) for key in sorted(old_keys - {*index, *pointers}))]


def _removed(old: Old, context: Context) -> list[Change]:
    stored = old.stored
    result: list[Change] = [Delete(keys.object_(context.owner, stored.component.id), old.version)]
    result += [Delete(Key(*pair)) for pair in sorted(stored.index)]
    if old.bin is not None:
        result += throw_away(context.owner, _trashed(old, old.bin, context.now), context.version)
    return result


def _trashed(old: Old, bin_: Bin | Trashed, now: int) -> Trashed:
    stored, armed = old.stored, old.armed[0] if old.armed else None
    if isinstance(bin_, Trashed):
        return msgspec.structs.replace(bin_, armed=armed, silent=now)
    silent = now if bin_.silent is None else bin_.silent
    return Trashed(bin_.deleted, stored.own, stored.href, armed, stored.task, whole=bin_.whole, silent=silent)


def handled_through(event: Event, armed: tuple[Armed, str] | None, now: int, preferences: Preferences) -> int:
    """From when on triggers count: what is overdue and not yet rung still does, what was never to come does not."""
    if armed is not None and armed[0].due <= now:
        return armed[0].after
    return counts_from(event, preferences, now)


def _reminders(old: Old | Heir | None, new: Event | None, context: Context) -> list[Change]:
    if isinstance(old, Heir):
        return _inherited(old, new, context) if new else []
    armed = old.armed if old else None
    event = new or (old.stored.event if old else None)
    if new is None or event is None:
        return reminders.disarm(context.owner, event.id if event else "", armed)
    if old is None:
        return rearm(new, None, context) + _skipped(new, context)
    state = _state(new, armed, context, old.was_armed)
    return reminders.move(context.owner, new.id, state, armed, context.version)


def _inherited(heir: Heir, new: Event, context: Context) -> list[Change]:
    armed = (heir.armed, "") if heir.armed and heir.missed_from is None else None
    state = _state(new, armed, context)
    changes = reminders.move(context.owner, new.id, state, None, context.version)
    return changes if heir.missed_from is None else changes + _missed(new, heir.missed_from, context)


def rearm(event: Event, armed: tuple[Armed, str] | None, context: Context) -> list[Change]:
    """Let the due item stand at the event's earliest trigger that is not yet handled."""
    return reminders.move(context.owner, event.id, _state(event, armed, context), armed, context.version)


def _state(
    event: Event, armed: tuple[Armed, str] | None, context: Context, was_armed: Armed | None = None
) -> State | None:
    held = armed[0] if armed else None
    if held is not None and held.in_hand(context.now):
        # A sender has it. The new version tells it to read the event anew when it is done, and it arms that then.
        return State(held.after, held.due, held.attempts, True)
    after = handled_through(event, armed, context.now, context.preferences)
    if was_armed is not None:  # what was due meanwhile rings after all; the ledger knows what has rung
        after = min(after, handled_through(event, (was_armed, ""), context.now, context.preferences))
    due = next_due(event, context.preferences, after)
    if held is not None and held.attempts and held.due > context.now:
        # A mail that could not be sent waits: it is tried again when it was to be, or when the next one rings.
        return State(held.after, held.due if due is None else min(due, held.due), held.attempts)
    return None if due is None else State(after, due)


def _skipped(event: Event, context: Context) -> list[Change]:
    """Ledger items for the triggers of a new event that are past although it is not over: shown, never rung.

    Of a series the next occurrences count, as far as the limit of reminders goes; its past ones are nobody's loss.
    """
    reason = "It was already past when the event was made."
    ahead = Window(context.now, context.now + (MAX_LEAD_DAYS + 1) * DAY)
    result: dict[str, Change] = {}
    for occurrence in islice(occurrences_in(event, ahead, context.home), MAX_ALARMS):
        for source in sources_of(occurrence.event, context.preferences):
            trigger = trigger_of(source, occurrence, context.preferences)
            if max(trigger.instant, trigger.due) <= context.now:
                entry = reminders.new_entry(context.owner, event, trigger, "suppressed", reason)
                result.setdefault(entry.id, reminders.ledger_put(context.owner, entry, context.version, None))
    return list(result.values())[:MAX_ALARMS]


def _missed(event: Event, since: int, context: Context) -> list[Change]:
    """Ledger items for what was due while the event lay in the trash, the first of it: shown, never rung."""
    reason = "It was in the trash when it was due."
    found = triggers_between(event, context.preferences, (since, context.now), MAX_ALARMS)[:MAX_ALARMS]
    entries = [reminders.new_entry(context.owner, event, trigger, "suppressed", reason) for trigger in found]
    return [reminders.ledger_put(context.owner, entry, context.version, None) for entry in entries]
