"""What the last writes replaced, for as long as they can be undone: an item for each thing that a write wrote.

A write that makes something needs no such item, since its undo is a deletion; nor does one that deletes, since the
trash keeps what it took away. An undo has them always, as it is undone to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from aurora_time.domain.component import Event, Task
from aurora_time.ports import Change, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.reminders import Armed
from aurora_time.store.trash import Trashed

KEPT: Final = 600
"""Seconds for which a write can be undone."""


class Before(msgspec.Struct, frozen=True, array_like=True):
    """One thing before a write. Without ``event`` and ``task`` it was not there: the write made it, or took it out of
    the trash, where it lay as ``trashed``. Now it has the version that names the write, unless it ``is_gone``.

    ``armed`` is what was known of its reminders, ``href`` the CalDAV address of what is gone.
    """

    id: str
    event: Event | None = None
    task: Task | None = None
    armed: Armed | None = None
    href: str = ""
    trashed: Trashed | None = None
    is_gone: bool = False

    @property
    def component(self) -> Event | Task | None:
        return self.event or self.task


def undo_puts(owner: str, before: Sequence[Before], version: str, now: int) -> list[Change]:
    """What lets the write that gave a version be undone."""
    return [
        Put(keys.undo(owner, version, number), encode(each), version, None, now + KEPT)
        for number, each in enumerate(before)
    ]


def undo_of(owner: str, version: str) -> Range:
    """All that a write replaced."""
    part, prefix = keys.undo(owner, version, 0).part, f"{version}#"
    return Range(part, prefix, f"{prefix}{keys.LAST}")
