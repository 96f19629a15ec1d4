"""The due index, what is known of an object's reminders, and the ledger."""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import print_compact
from aurora_time.domain.reminders import Trigger
from aurora_time.domain.series import Occurrence
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode

SHARDS: Final = 4
"""How many parts new due items are spread over. It may grow: each armed item holds the key it wrote."""

LEDGER_KEPT: Final = 400 * 86_400
"""Seconds for which the ledger remembers a reminder."""

OBJECT: Final = "o:"
STANDING: Final = "s:"
AGAIN: Final = "r:"
JOB: Final = "j:"


class Armed(msgspec.Struct, frozen=True, array_like=True):
    """The reminders of what may ring: of an object, by its id; or of a single one, by its target.

    All that is due up to ``after`` is handled; ``due`` is when it next wants attention. While a sender has it
    (``leased``), ``due`` is the end of the lease, and the due item stays where it was found: to move it there and
    back would be half of what a reminder costs. ``attempts`` counts the tries of what is due. ``handed`` is the
    instant until which a queue has it (see operations/handing_over.py); whatever is written here next forgets it.
    """

    after: int
    due: int
    part: str
    sort: str
    attempts: int = 0
    leased: bool = False
    handed: int = 0

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)

    def in_hand(self, now: int) -> bool:
        """Whether a sender has it at an instant."""
        return self.leased and self.due > now


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
    """A reminder in the ledger. The sent one bears the Message-ID that the mail has.

    ``instant`` is what its alarm says, and its place in the ledger; ``due`` when it rings, if that is another.
    ``event_id`` is an event's or a task's, or the target of a standing reminder. ``snoozes`` counts how often it was
    snoozed before; the one that rings after a snooze is another, whose place in the ledger is ``next``. ``start`` is
    the wall of the original start of a series' occurrence, and ``alarm`` what it rings by, which may be the event's
    ``own``.
    """

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
    rule_id: str = ""
    due: int | None = None
    snoozes: int = 0
    next: tuple[int, str] | None = None
    alarm: Alarm | None = None
    start: int | None = None
    own: bool = False

    @property
    def rings_at(self) -> int:
        """The instant at which it rings, or was to."""
        return self.instant if self.due is None else self.due

    @property
    def late_from(self) -> int:
        """The instant after which it is late."""
        return max(self.instant, self.rings_at)

    @property
    def armed_id(self) -> str:
        """Under which id what makes it ring is armed."""
        return again((self.instant, self.id)) if self.snoozes else self.event_id

    @property
    def name(self) -> str:
        """What the API calls it: from this alone it is found, in the ledger or in what is planned."""
        if self.is_standing:
            return self.event_id.removeprefix(STANDING)
        return f"{self.event_id.removeprefix(STANDING)}.{self.instant}.{self.id}"

    @property
    def is_standing(self) -> bool:
        """Whether it is a standing reminder itself, not what rings after that was snoozed."""
        return self.event_id.startswith(STANDING) and not self.snoozes


class Standing(msgspec.Struct, frozen=True):
    """A reminder of its own, at an instant. ``id`` is the API's; what it rings by is an event of no length."""

    id: str
    at: int
    text: str
    channel: str
    created: int
    updated: int

    @property
    def target(self) -> str:
        return STANDING + self.id

    @property
    def event(self) -> Event:
        at, alarms = Time(self.at, "UTC"), (Alarm(self.channel, 0),)
        return Event(self.target, "", self.id, self.text, at, at, self.created, self.updated, alarms=alarms)

    def entry(self, owner: str) -> Entry:
        """What the ledger will say of it at first."""
        event, at = self.event, self.event.start.moment
        return new_entry(
            owner, event, Trigger(self.at, self.at, Alarm(self.channel, 0), Occurrence(at, at, event)), "planned"
        )


def target_of(armed_id: str) -> str:
    """What a due item leads to, by the id under which that is armed."""
    return armed_id if ":" in armed_id else OBJECT + armed_id


def again(place: tuple[int, str]) -> str:
    """The target of what rings after a snooze, by its place in the ledger."""
    return f"{AGAIN}{place[0]}.{place[1]}"


def place_of(target: str) -> tuple[int, str]:
    """The place in the ledger of what rings after a snooze."""
    instant, _, id_ = target.removeprefix(AGAIN).partition(".")
    return int(instant), id_


def due_key(owner: str, target: str, instant: int) -> Key:
    return keys.due(zlib.crc32(f"{owner}{target}".encode()) % SHARDS, instant, owner, target)


def arm(owner: str, object_id: str, state: State, old: tuple[Armed, str] | None, version: str) -> list[Change]:
    """Let an object want attention: ``old`` is what is armed now, with its version."""
    key = old[0].due_key if old and state.leased else due_key(owner, target_of(object_id), state.due)
    armed = Armed(state.after, state.due, key.part, key.sort, state.attempts, state.leased)
    expect = old[1] if old else ABSENT
    changes: list[Change] = [Put(keys.armed(owner, object_id), encode(armed), version, expect)]
    if old is None or old[0].due_key != key:
        if old is not None:
            changes.append(Delete(old[0].due_key))
        changes.append(Put(key, encode(Due(owner, target_of(object_id))), version))
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

    A moved event has other instants and so rings again; nothing else does, but what is snoozed, which is another.
    What was split off a series keeps the names that its reminders had there.
    """
    alarm: Alarm = trigger.alarm
    start = trigger.occurrence.start
    return keys.digest(
        owner,
        event.origin or event.id,
        trigger.occurrence.recurrence_id or print_compact(start.wall, is_date=start.is_date),
        alarm.channel,
        f"{alarm.minutes_before}/{alarm.days_before}/{alarm.at}",
        str(trigger.instant),
    )


def new_entry(owner: str, event: Event, trigger: Trigger, status: str, error: str | None = None) -> Entry:
    """What the ledger says of a trigger at first."""
    occurrence = trigger.occurrence
    return Entry(
        id=reminder_id(owner, event, trigger),
        event_id=event.id,
        recurrence_id=occurrence.recurrence_id,
        channel=trigger.alarm.channel,
        instant=trigger.instant,
        status=status,
        error=error,
        text=occurrence.event.summary,
        rule_id=trigger.rule_id,
        due=None if trigger.due == trigger.instant else trigger.due,
        alarm=trigger.alarm,
        start=occurrence.original,
        own=occurrence.event.alarms is not None,
    )


def ledger_put(owner: str, entry: Entry, version: str, expect: str | None) -> Put:
    return Put(
        keys.ledger(owner, entry.instant, entry.id),
        encode(entry),
        version,
        expect,
        max(entry.instant, entry.rings_at) + LEDGER_KEPT,
    )
