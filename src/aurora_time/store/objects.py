"""The pure core of storing: from an object's old and new value to every change that one write makes.

So an event, its place in every index, the owner's log and its next reminder change together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import msgspec

from aurora_time.domain.component import MAX_ALARMS, MAX_LEAD_DAYS, Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, Zone
from aurora_time.domain.reminders import Trigger, alarms_of, next_trigger, trigger_instant
from aurora_time.domain.series import occurrences_in
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import calendars, keys, reminders, timeindex
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import encode
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import Armed, State

CARD_MAX_WIRE = 4_000
"""Bytes of an event, or of its representation, up to which a listing finds it in the index."""


class Stored(msgspec.Struct, frozen=True):
    """A calendar object as it is stored. ``index`` holds the keys it wrote; deletion uses those and no others."""

    event: Event
    index: tuple[tuple[str, str], ...] = ()
    href: str = ""


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What the time index holds of an event, enough to list it.

    A single event has its representation (``wire``), a series itself (``event``); what is too large has neither and
    is read from its object.
    """

    calendar_id: str
    start: Time
    end: Time
    wire: bytes | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Old:
    """An object as it was read, with the versions that a write replaces."""

    stored: Stored
    version: str
    armed: tuple[Armed, str] | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a write needs to know beside the object: whose it is, the head, the clock and the new version.

    ``now`` is an instant. ``wire`` is the event's representation with the new version as its ETag.
    """

    owner: str
    held: Held
    now: int
    version: str
    home: Zone
    defaults: tuple[Alarm, ...]
    wire: bytes = b""


def card(event: Event, wire: bytes) -> Card:
    if event.recurrence:
        small = len(msgspec.msgpack.encode(event)) <= CARD_MAX_WIRE
        return Card(event.calendar_id, event.start, event.end, None, event if small else None)
    return Card(event.calendar_id, event.start, event.end, wire if len(wire) <= CARD_MAX_WIRE else None)


def changes(old: Old | None, new: Event | None, context: Context) -> tuple[list[Change], Held]:
    """Every change of storing ``new`` in the place of ``old``; either may be None, not both.

    With the held head for the owner's next write. What it answers is one write: all of it, or nothing.
    """
    before = old.stored.event if old else None
    event = new or before
    if event is None:
        raise ValueError("an object comes from nothing, or goes to nothing, not both")
    noted = Changed("event", event.id, new is None, event.calendar_id)
    growth = Growth(events=(new is not None) - (old is not None))
    log, held = calendars.advance(context.owner, context.held, context.version, LogItem(context.now, (noted,)), growth)
    result = [*_object(old, new, context), *log]
    result += _reminders(old, new, context)
    return result, held


def _object(old: Old | None, new: Event | None, context: Context) -> list[Change]:
    owner = context.owner
    old_keys = {Key(*pair) for pair in old.stored.index} if old else set()
    result: list[Change] = []
    if new is None:
        if old is not None:
            result.append(Delete(keys.object_(owner, old.stored.event.id), old.version))
        return [*result, *(Delete(key) for key in sorted(old_keys))]
    uid = keys.uid(owner, new.calendar_id, new.uid)
    time = timeindex.index_key(owner, new, context.home)
    href = old.stored.href if old else ""
    pointers = [uid, *([keys.href(owner, new.calendar_id, href)] if href else [])]
    stored = Stored(new, tuple((key.part, key.sort) for key in (time, *pointers)), href)
    expect = old.version if old else ABSENT
    result.append(Put(keys.object_(owner, new.id), encode(stored), context.version, expect))
    result.append(Put(time, encode(card(new, context.wire)), context.version))
    body = encode(Pointer(new.id))
    result += [Put(pointer, body, context.version, ABSENT) for pointer in pointers if pointer not in old_keys]
    return [*result, *(Delete(key) for key in sorted(old_keys - {time, *pointers}))]


def handled_through(armed: tuple[Armed, str] | None, now: int) -> int:
    """From when on triggers count: what is overdue and not yet rung still does, what was never to come does not."""
    if armed is not None and armed[0].due <= now:
        return armed[0].after
    return now


def _reminders(old: Old | None, new: Event | None, context: Context) -> list[Change]:
    armed = old.armed if old else None
    event = new or (old.stored.event if old else None)
    if new is None or event is None:
        return reminders.disarm(context.owner, event.id if event else "", armed)
    return rearm(new, armed, context) + (_skipped(new, context) if old is None else [])


def rearm(event: Event, armed: tuple[Armed, str] | None, context: Context) -> list[Change]:
    """Let the due item stand at the event's earliest trigger that is not yet handled."""
    return reminders.move(context.owner, event.id, _state(event, armed, context), armed, context.version)


def _state(event: Event, armed: tuple[Armed, str] | None, context: Context) -> State | None:
    held = armed[0] if armed else None
    if held is not None and held.leased and held.due > context.now:
        # A sender has it. The new version tells it to read the event anew when it is done, and it arms that then.
        return State(held.after, held.due, held.attempts, True)
    after = handled_through(armed, context.now)
    due = next_trigger(event, alarms_of(event, context.defaults), after, context.home)
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
        for alarm in alarms_of(event, context.defaults):
            trigger = Trigger(trigger_instant(alarm, occurrence, context.home), alarm, occurrence)
            if trigger.instant <= context.now:
                entry = reminders.new_entry(context.owner, event, trigger, "suppressed", reason)
                result.setdefault(entry.id, reminders.ledger_put(context.owner, entry, context.version, None))
    return list(result.values())[:MAX_ALARMS]
