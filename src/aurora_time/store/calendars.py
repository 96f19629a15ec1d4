"""Calendars, and the owner's head and log: the sequence of all that changed."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.ports import ABSENT, Change, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode

LOG_KEPT: Final = 400 * 86_400
"""Seconds for which the change feed can be followed."""


class Calendar(msgspec.Struct, frozen=True):
    """A calendar collection. With ``deleted`` it is a tombstone while a job clears it away; ids are never reused."""

    id: str
    name: str
    created: int
    updated: int
    description: str = ""
    color: str = "#3b5bdb"
    time_zone: str = ""
    deleted: bool = False


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The last sequence of an owner's log, and how much the owner has."""

    sequence: int = 0
    calendars: int = 0
    events: int = 0


class Held(msgspec.Struct, frozen=True):
    """A head with the version that the next write replaces (ABSENT for an owner's first)."""

    head: Head = Head()
    version: str = ABSENT


class Changed(msgspec.Struct, frozen=True, array_like=True):
    """One thing that a write changed: what the change feed tells.

    With a ``recurrence_id`` only this occurrence of the series was changed, or ``deleted``. ``left`` is the calendar
    from which it was moved.
    """

    kind: str
    id: str
    deleted: bool = False
    calendar_id: str = ""
    recurrence_id: str = ""
    left: str = ""


class LogItem(msgspec.Struct, frozen=True, array_like=True):
    """All that one sequence changed, and when."""

    at: int
    changed: tuple[Changed, ...]


class Growth(msgspec.Struct, frozen=True, array_like=True):
    """What a write adds to the counts of the head; negative when it takes away."""

    calendars: int = 0
    events: int = 0


def advance(owner: str, held: Held, version: str, item: LogItem, growth: Growth) -> tuple[list[Change], Held]:
    """The next sequence: the head moves on and the log gets its item, in the write that they describe."""
    sequence = held.head.sequence + 1
    head = Head(sequence, held.head.calendars + growth.calendars, held.head.events + growth.events)
    changes: list[Change] = [
        Put(keys.head(owner), encode(head), version, held.version),
        Put(keys.log(owner, sequence), encode(item), version, ABSENT, item.at + LOG_KEPT),
    ]
    return changes, Held(head, version)


def calendar_put(owner: str, calendar: Calendar, version: str, expect: str) -> Put:
    return Put(keys.calendar(owner, calendar.id), encode(calendar), version, expect)
