"""What a due item makes ring: an event, a task, a standing reminder, or one that was snoozed; as it is now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.quiet_hours import OFF
from aurora_time.domain.reminders import Preferences, Trigger, next_due, triggers_between
from aurora_time.domain.series import Occurrence, is_series, occurrence_at
from aurora_time.operations.restored import restored_at
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Item
from aurora_time.store import keys, reminders
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import AGAIN, STANDING, Armed, Entry, Standing

AHEAD: Final = 64
"""Triggers of one object looked at in one claim: with some of them waiting to be tried again, others still ring."""
OPEN: Final = frozenset({"planned", "sending"})
"""What the ledger says of a reminder that is still to ring."""
GONE: Final = "What it was for is no longer there, or was cancelled."
_HALVES: Final = 16
"""How often a series may have been divided since a reminder of it was snoozed."""
_TASK_LASTS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Subject:
    """An event (or what is seen as one) as it is, whose it is, and its calendar: what a reminder is about.

    If the home was restored from a backup, what was due up to ``restored_at`` (an instant) may have been sent.
    """

    event: Event
    person: Person
    preferences: Preferences
    restored_at: int | None
    calendar_name: str = ""
    is_task: bool = False

    def over_at(self, occurrence: Occurrence) -> int:
        """The instant from which on a late reminder of it helps nobody any more.

        A task is not over when it is due, but a day later; a standing reminder is as one.
        """
        lasts = _TASK_LASTS if self.is_task or self.event.id.startswith(STANDING) else 0
        return occurrence.end.instant(self.person.home) + lasts

    def rule_name(self, rule_id: str) -> str:
        """The name of the rule that rings, empty where none does."""
        return next((rule.name for rule in self.person.rules if rule.id == rule_id), "") if rule_id else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A trigger that is due and not yet settled, with what the ledger says of it, or will, and that item's version."""

    trigger: Trigger
    entry: Entry
    version: str = ABSENT


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to do about something that is due. ``subject`` is None when there is nothing any more.

    Of what is due up to ``horizon`` (an instant) ``waiting`` is not settled. ``given_up`` rings no more.
    """

    subject: Subject | None
    waiting: tuple[Waiting, ...] = ()
    given_up: tuple[tuple[Entry, str], ...] = ()
    horizon: int = 0

    def following(self, subject: Subject) -> int | None:
        """When the next reminder behind the horizon is due; of one that was snoozed there is none."""
        if self.is_single:
            return None
        return next_due(subject.event, subject.preferences, self.horizon)

    @property
    def is_single(self) -> bool:
        return bool(self.given_up) or any(each.entry.snoozes for each in self.waiting)


async def read_subject(services: Services, owner: str, armed_id: str) -> Subject | None:
    """What there is to ring about now, of an object or a standing reminder; None when there is nothing any more."""
    is_standing = armed_id.startswith(STANDING)
    key = keys.standing(owner, armed_id.removeprefix(STANDING)) if is_standing else keys.object_(owner, armed_id)
    item, person_item, restored = await services.table.get(key, keys.person(owner), keys.restored())
    if item is None or person_item is None:
        return None
    person, at = decode(person_item.body, Person), restored_at(restored)
    if is_standing:
        # Somebody named the very minute: quiet hours are for what comes by itself.
        asked = replace(person.preferences, quiet=OFF)
        return Subject(decode(item.body, Standing).event, person, asked, at)
    stored = decode(item.body, Stored)
    event = stored.event
    (calendar_item,) = await services.table.get(keys.calendar(owner, event.calendar_id))
    calendar = decode(calendar_item.body, Calendar) if calendar_item else None
    if calendar is None or calendar.deleted:
        return None
    return Subject(event, person, person.preferences, at, calendar.name, stored.task is not None)


async def look(services: Services, owner: str, armed_id: str, armed: Armed) -> Seen:
    """Decide anew what rings: by the event and the person as they are now, less what the ledger has settled."""
    if armed_id.startswith(AGAIN):
        return await _look_again(services, owner, armed_id)
    subject = await read_subject(services, owner, armed_id)
    now = services.now
    if subject is None:
        return Seen(None)
    event = subject.event
    triggers = triggers_between(event, subject.preferences, (armed.after, now), AHEAD)
    fresh = [reminders.new_entry(owner, event, trigger, "planned") for trigger in triggers]
    items = await services.table.get(*(keys.ledger(owner, entry.instant, entry.id) for entry in fresh))
    found = zip(triggers, fresh, items, strict=True)
    waiting = [_waiting(trigger, entry, item) for trigger, entry, item in found]
    horizon = triggers[-1].due if len(triggers) >= AHEAD else now
    return Seen(subject, tuple(each for each in waiting if each.entry.status in OPEN), horizon=horizon)


def _waiting(trigger: Trigger, fresh: Entry, item: Item | None) -> Waiting:
    return Waiting(trigger, decode(item.body, Entry), item.version) if item else Waiting(trigger, fresh)


async def _look_again(services: Services, owner: str, armed_id: str) -> Seen:
    """One that was snoozed rings for what its event is now, also when that is over: somebody asked for it."""
    (item,) = await services.table.get(keys.ledger(owner, *reminders.place_of(armed_id)))
    entry = decode(item.body, Entry) if item else None
    if item is None or entry is None or entry.status not in OPEN:
        return Seen(None)
    found = await follow(entry, partial(read_subject, services, owner))
    if found is None or entry.alarm is None:
        given_up = msgspec.structs.replace(entry, status="suppressed", error=entry.error or GONE)
        return Seen(None, given_up=((given_up, item.version),))
    subject, occurrence = found
    trigger = Trigger(entry.instant, entry.instant, entry.alarm, occurrence, entry.rule_id)
    return Seen(subject, (Waiting(trigger, entry, item.version),), horizon=services.now)


async def follow(entry: Entry, read: Callable[[str], Awaitable[Subject | None]]) -> tuple[Subject, Occurrence] | None:
    """What a reminder is for, as ``read`` finds it, and the occurrence; of a series that was divided since, in the half
    that has it.
    """
    name = entry.event_id
    for _ in range(_HALVES):
        subject = await read(name)
        if subject is None:
            return None
        occurrence = occurrence_of(subject.event, entry, subject)
        if occurrence is not None:
            return subject, occurrence
        name = subject.event.continued_by
        if not name:
            return None
    return None


def occurrence_of(event: Event, entry: Entry, subject: Subject) -> Occurrence | None:
    """What a reminder is for, where its event now has it; None when it is gone or cancelled."""
    if event.status == "CANCELLED":
        return None
    if entry.start is None and not is_series(event):
        return Occurrence(event.start.moment, event.end.moment, event)
    original = event.start.wall if entry.start is None else entry.start
    return occurrence_at(event, original, subject.person.home)
