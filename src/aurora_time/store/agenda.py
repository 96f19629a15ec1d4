"""The agenda mail of a person: when the next one is due, and what became of each day's."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.agenda import AgendaDay, next_agenda
from aurora_time.domain.moment import print_date
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.people import Person
from aurora_time.store.reminders import Due, due_key

AGENDA: Final = "a:"
"""The target of a person's due item; there is one."""
KEPT: Final = 400 * 86_400
"""Seconds for which it is remembered what became of a day's agenda."""


class Planned(msgspec.Struct, frozen=True, array_like=True):
    """The next agenda: of ``day`` (the wall of a midnight), wanting attention at the instant ``due``.

    While a sender has it (``leased``), ``due`` is the end of the lease. ``attempts`` counts the tries of this day.
    """

    day: int
    due: int
    part: str
    sort: str
    attempts: int = 0
    leased: bool = False

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)


class Told(msgspec.Struct, frozen=True):
    """What became of a day's agenda: sending, sent, empty, skipped, suppressed or failed."""

    status: str
    attempts: int = 0
    sent_at: float | None = None
    error: str | None = None
    message_id: str = ""


def planned(owner: str, next_: AgendaDay, attempts: int = 0, *, leased: bool = False) -> Planned:
    key = due_key(owner, AGENDA, next_.due)
    return Planned(next_.day, next_.due, key.part, key.sort, attempts, leased)


def plan(owner: str, new: Planned | None, old: tuple[Planned, str] | None, version: str) -> list[Change]:
    """Let the agenda want attention as ``new`` says, or no more; ``old`` is what is planned now, with its version."""
    key = keys.agenda(owner)
    if new is None:
        return [Delete(key, old[1]), Delete(old[0].due_key)] if old else []
    changes: list[Change] = [Put(key, encode(new), version, old[1] if old else ABSENT)]
    if old is None or old[0].due_key != new.due_key:
        if old is not None:
            changes.append(Delete(old[0].due_key))
        changes.append(Put(new.due_key, encode(Due(owner, AGENDA)), version))
    return changes


def plan_anew(person: Person, now: int, old: tuple[Planned, str] | None, version: str) -> list[Change]:
    """What follows when a person's zone or wish changes: the first agenda from now on."""
    first = next_agenda(person.agenda_mail, person.home, now)
    return plan(person.id, planned(person.id, first) if first else None, old, version)


def tell(owner: str, day: int, told: Told, due: int, version: str) -> Put:
    """What became of a day's agenda."""
    return Put(keys.agenda(owner, print_date(day)), encode(told), version, None, due + KEPT)
