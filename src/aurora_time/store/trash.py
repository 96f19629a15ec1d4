"""What was deleted and can be restored: one item by its id, which holds it all, and one by when it was deleted."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.ports import Change, Delete, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import Armed

KEPT: Final = 30 * 86_400
"""Seconds for which what was deleted can be restored."""


class Trashed(msgspec.Struct, frozen=True):
    """A deleted event. ``deleted`` is an instant; ``armed`` is what was known of its reminders then."""

    event: Event
    deleted: int
    href: str = ""
    armed: Armed | None = None

    @property
    def expires(self) -> int:
        """The instant from which on it is gone for good."""
        return self.deleted + KEPT

    @property
    def handled(self) -> int:
        """The instant through which its reminders were handled when it was deleted."""
        if self.armed is not None and not self.armed.leased and self.armed.due <= self.deleted:
            return self.armed.after
        return self.deleted


def throw_away(owner: str, trashed: Trashed, version: str) -> list[Change]:
    """The items that keep it. Their version names the write that deleted it."""
    event_id = trashed.event.id
    by_time = keys.trash_by_time(owner, trashed.deleted, event_id)
    return [
        Put(keys.trash(owner, event_id), encode(trashed), version, None, trashed.expires),
        Put(by_time, encode(Pointer(event_id)), version, None, trashed.expires),
    ]


def take_out(owner: str, trashed: Trashed, version: str) -> list[Change]:
    """What a write adds that puts it back, if it is still there."""
    by_time = keys.trash_by_time(owner, trashed.deleted, trashed.event.id)
    return [Delete(keys.trash(owner, trashed.event.id), version), Delete(by_time)]


def by_time(owner: str, before: str, limit: int) -> Range:
    """What lies in the trash, the newest first, behind a sort (empty: from the newest on)."""
    part, prefix = keys.trash_by_time(owner, 0, "").part, keys.TRASH_BY_TIME
    return Range(part, prefix, before or f"{prefix}{keys.LAST}", limit, reverse=True)
