"""The due index, what is known of an object's reminders, and the ledger."""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.moment import print_compact
from aurora_time.domain.reminders import Trigger
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode

SHARDS: Final = 4
"""How many parts new due items are spread over. It may grow: each armed item holds the key it wrote."""

LEDGER_KEPT: Final = 400 * 86_400
"""Seconds for which the ledger remembers a reminder."""

OBJECT: Final = "o:"
JOB: Final = "j:"


class Armed(msgspec.Struct, frozen=True, array_like=True):
    """An object's reminders. All triggers up to ``after`` are handled; ``due`` is when it next wants attention.

    While a sender has it (``leased``), ``due`` is the end of the lease. ``attempts`` counts the tries of what is due.
    """

    after: int
    due: int
    part: str
    sort: str
    attempts: int = 0
    leased: bool = False

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)


class State(msgspec.Struct, frozen=True, array_like=True):
    """What arming sets: see Armed."""

    after: int
    due: int
    attempts: int = 0
    leased: bool = False


class Due(msgspec.Struct, frozen=True, array_like=True):
    """A due item leads to what wants attention."""

    owner: str
    target: str


class Entry(msgspec.Struct, frozen=True):
    """A reminder in the ledger. ``instant`` is its trigger's; the sent one bears the Message-ID that the mail has."""

    id: str
    event_id: str
    recurrence_id: str | None
    channel: str
    instant: int
    status: str
    attempts: int = 0
    sent_at: float | None = None
    error: str | None = None
    text: str = ""
    message_id: str = ""


def due_key(owner: str, target: str, instant: int) -> Key:
    return keys.due(zlib.crc32(f"{owner}{target}".encode()) % SHARDS, instant, owner, target)


def arm(owner: str, object_id: str, state: State, old: tuple[Armed, str] | None, version: str) -> list[Change]:
    """Let an object want attention: ``old`` is what is armed now, with its version."""
    key = due_key(owner, OBJECT + object_id, state.due)
    armed = Armed(state.after, state.due, key.part, key.sort, state.attempts, state.leased)
    expect = old[1] if old else ABSENT
    changes: list[Change] = [Put(keys.armed(owner, object_id), encode(armed), version, expect)]
    if old is None or old[0].due_key != key:
        if old is not None:
            changes.append(Delete(old[0].due_key))
        changes.append(Put(key, encode(Due(owner, OBJECT + object_id)), version))
    return changes


def disarm(owner: str, object_id: str, old: tuple[Armed, str] | None) -> list[Change]:
    """Let an object want nothing more."""
    if old is None:
        return []
    return [Delete(keys.armed(owner, object_id), old[1]), Delete(old[0].due_key)]


def move(owner: str, object_id: str, state: State | None, old: tuple[Armed, str] | None, version: str) -> list[Change]:
    """Arm or, where there is nothing to want, disarm."""
    return disarm(owner, object_id, old) if state is None else arm(owner, object_id, state, old, version)


def reminder_id(owner: str, event: Event, trigger: Trigger) -> str:
    """The ledger's key: person, object, occurrence, alarm by content, channel, instant. The same reminder, the same id.

    A moved event has other instants and so rings again; nothing else does.
    """
    alarm: Alarm = trigger.alarm
    start = trigger.occurrence.start
    return keys.digest(
        owner,
        event.id,
        trigger.occurrence.recurrence_id or print_compact(start.wall, is_date=start.is_date),
        alarm.channel,
        f"{alarm.minutes_before}/{alarm.days_before}/{alarm.at}",
        str(trigger.instant),
    )


def new_entry(owner: str, event: Event, trigger: Trigger, status: str, error: str | None = None) -> Entry:
    """What the ledger says of a trigger at first."""
    return Entry(
        id=reminder_id(owner, event, trigger),
        event_id=event.id,
        recurrence_id=trigger.occurrence.recurrence_id,
        channel=trigger.alarm.channel,
        instant=trigger.instant,
        status=status,
        error=error,
        text=event.summary,
    )


def ledger_put(owner: str, entry: Entry, version: str, expect: str | None) -> Put:
    return Put(
        keys.ledger(owner, entry.instant, entry.id),
        encode(entry),
        version,
        expect,
        entry.instant + LEDGER_KEPT,
    )
