"""What the last writes replaced, for as long as they can be undone.

A write that makes something needs no such item, since its undo is a deletion; nor does one that deletes, since the
trash keeps what it took away.
"""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.ports import MAX_BODY, Change, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.reminders import Armed

KEPT: Final = 600
"""Seconds for which a write can be undone."""


class Before(msgspec.Struct, frozen=True, array_like=True):
    """One event before a write: None where the write made it; ``armed`` is what was known of its reminders."""

    id: str
    event: Event | None = None
    armed: Armed | None = None


class Undo(msgspec.Struct, frozen=True):
    """All that one write replaced; each of it now has the version that names the write. Nothing: it was too much."""

    before: tuple[Before, ...]


def undo_put(owner: str, undo: Undo, version: str, now: int) -> Change:
    """Two of the largest events are more than an item holds: of them it only says that they cannot come back."""
    body = encode(undo)
    return Put(
        keys.undo(owner, version), body if len(body) <= MAX_BODY else encode(Undo(())), version, None, now + KEPT
    )
