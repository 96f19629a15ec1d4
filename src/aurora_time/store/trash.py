"""What was deleted and can be restored: one item by its id, which holds it all, and one that leads there.

What was deleted by itself is found by when that was. What went along with something (the events of a calendar, the
parts of a task) is found by that whole, and waits with it: it counts its 30 days from the same instant.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from aurora_time.domain.component import Event, Task
from aurora_time.ports import Change, Delete, Key, Put, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import encode
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import Armed

KEPT: Final = 30 * 86_400
"""Seconds for which what was deleted can be restored."""
GRACE: Final = 86_400
"""Seconds for which what belongs to a whole is kept beyond: a restore that began in time finds it all."""
Kind = Literal["event", "task", "calendar"]


class Bin(msgspec.Struct, frozen=True, array_like=True):
    """Where in the trash something lies: the instant from which its time counts, and the whole that it went along with,
    if any: the id of a calendar or a task. It has not rung since ``silent``, an instant; None: since it is there.
    """

    deleted: int
    whole: str = ""
    silent: int | None = None

    @property
    def expires(self) -> int:
        """The instant from which on it is gone for good."""
        return self.deleted + KEPT

    @property
    def kept_until(self) -> int:
        """When its items expire."""
        return self.expires + (GRACE if self.whole else 0)

    def place(self, owner: str, id_: str) -> Key:
        """The item that leads to what lies there."""
        if self.whole:
            return keys.trash_of_whole(owner, self.whole, id_)
        return keys.trash_by_time(owner, self.deleted, id_)


class Trashed(msgspec.Struct, frozen=True):
    """A deleted event, task or calendar. ``deleted`` is an instant; ``armed`` is what was known of its reminders then.

    ``whole`` and ``silent`` are as of its bin; without ``silent``, it has not rung since ``deleted``. ``job`` is the
    one that brings a calendar back.
    """

    deleted: int
    own: Event | None = msgspec.field(name="event", default=None)
    href: str = ""
    armed: Armed | None = None
    task: Task | None = None
    calendar: Calendar | None = None
    whole: str = ""
    silent: int | None = None
    job: str = ""

    @property
    def thing(self) -> Event | Task | Calendar:
        found = self.own or self.task or self.calendar
        if found is None:
            raise ValueError("the trash holds an event, a task or a calendar")
        return found

    @property
    def component(self) -> Event | Task | None:
        """None for a calendar."""
        return self.own or self.task

    @property
    def kind(self) -> Kind:
        return "event" if self.own else "task" if self.task else "calendar"

    @property
    def bin(self) -> Bin:
        return Bin(self.deleted, self.whole)

    @property
    def quiet(self) -> int:
        """The instant since which it has not rung."""
        return self.deleted if self.silent is None else self.silent

    @property
    def handled(self) -> int:
        """The instant through which its reminders were handled when it came here."""
        if self.armed is not None and not self.armed.leased and self.armed.due <= self.quiet:
            return self.armed.after
        return self.quiet

    def is_over(self, now: int) -> bool:
        """Whether its time is over; what a job is bringing back comes back."""
        return self.bin.expires <= now and not self.job


def throw_away(owner: str, trashed: Trashed, version: str, expect: str | None = None) -> list[Change]:
    """The items that keep it. Their version names the write that deleted it; ``expect`` is the one that it replaces."""
    id_, until = trashed.thing.id, trashed.bin.kept_until
    return [
        Put(keys.trash(owner, id_), encode(trashed), version, expect, until),
        Put(trashed.bin.place(owner, id_), encode(Pointer(id_)), version, None, until),
    ]


def take_out(owner: str, trashed: Trashed, version: str) -> list[Change]:
    """What a write adds that puts it back, if it is still there."""
    id_ = trashed.thing.id
    return [Delete(keys.trash(owner, id_), version), Delete(trashed.bin.place(owner, id_))]


def put_elsewhere(owner: str, trashed: Trashed, versions: tuple[str, str], bin_: Bin) -> list[Change]:
    """Let it lie in another bin; ``versions`` are the one that it has and the one that it gets."""
    moved = msgspec.structs.replace(trashed, deleted=bin_.deleted, whole=bin_.whole, silent=trashed.quiet)
    changes = throw_away(owner, moved, versions[1], versions[0])
    old = trashed.bin.place(owner, trashed.thing.id)
    return changes if old in {each.key for each in changes} else [*changes, Delete(old)]


def by_time(owner: str, before: str, limit: int) -> Range:
    """What was deleted by itself, the newest first, behind a sort (empty: from the newest on)."""
    part, prefix = keys.trash_by_time(owner, 0, "").part, keys.TRASH_BY_TIME
    return Range(part, prefix, before or f"{prefix}{keys.LAST}", limit, reverse=True)


def of_whole(owner: str, whole: str, after: str, limit: int) -> Range:
    """What was deleted along with a calendar or a task, behind a sort (empty: from the first on)."""
    part, prefix = keys.trash_of_whole(owner, whole, "")
    return Range(part, f"{after}\x00" if after else prefix, f"{prefix}{keys.LAST}", limit)
