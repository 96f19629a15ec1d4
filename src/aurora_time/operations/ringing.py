"""From due items to mails: find what is due, claim it, decide anew what rings, send, and write down what became of it.

Delivery is at least once: only a crash between the mail server's 250 and the ledger's "sent" can repeat a mail, and
then with the same Message-ID. What is overdue is found like what is due, so a missed sweep heals itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.domain.component import Event
from aurora_time.domain.reminders import Trigger, alarms_of, next_trigger, triggers_between
from aurora_time.operations import jobs
from aurora_time.operations.services import Services
from aurora_time.ports import (
    Change,
    ConflictError,
    Delete,
    Item,
    Mail,
    MailRefusedError,
    MailUnavailableError,
    Range,
)
from aurora_time.store import keys, reminders
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import JOB, OBJECT, SHARDS, Armed, Due, Entry, State

LEASE: Final = 120
"""Seconds a sender has before another may take over: longer than the mail server's time-out."""

LATE: Final = 15 * 60
"""Seconds after which a reminder is told to be late, and one whose event is over is no longer sent."""

GIVE_UP: Final = 24 * 3600
"""Seconds after its trigger for which a reminder is tried again."""

_BACK_OFF: Final = (5, 15, 60, 300, 900)
_PAGE: Final = 20
"""Triggers of one object handled in one claim, well within its lease; what is left is due at once again."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One reminder to send: everything its mail is made of. ``now`` is the instant of sending."""

    person: Person
    event: Event
    calendar_name: str
    trigger: Trigger
    now: int
    message_id: str


Compose = Callable[[Ring], Mail]


@dataclass(frozen=True, slots=True)
class Claimed:
    """An object that this sender has, through ``until`` (an instant), and the version of its armed item."""

    owner: str
    object_id: str
    armed: Armed
    version: str
    until: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one trigger: its ledger item, and whether it is to be tried again."""

    entry: Entry
    retry: bool


async def find_due(services: Services, limit: int) -> list[Item]:
    """Due items up to now, overdue ones included, the oldest first."""
    high = keys.sortable(services.now + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", "", high, limit) for shard in range(SHARDS)))
    return sorted((item for items in found for item in items), key=lambda item: item.key.sort)[:limit]


async def next_due(services: Services) -> int | None:
    """The instant of the earliest due item."""
    found = await services.table.query(*(Range(f"due#{shard:04d}", limit=1) for shard in range(SHARDS)))
    return min((keys.unsortable(items[0].key.sort[:12]) for items in found if items), default=None)


async def release_leases(services: Services) -> int:
    """Make due at once what a sender had when the process died; only for a home of one process, at its start."""
    low, high = keys.sortable(services.now), keys.sortable(services.now + LEASE + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, high) for shard in range(SHARDS)))
    released = 0
    for item in (item for items in found for item in items):
        due = decode(item.body, Due)
        object_id = due.target.removeprefix(OBJECT)
        (held,) = await services.table.get(keys.armed(due.owner, object_id))
        armed = decode(held.body, Armed) if held else None
        if held is not None and armed is not None and armed.leased and armed.due_key == item.key:
            state = State(armed.after, services.now, armed.attempts)
            await services.table.write(
                *reminders.arm(due.owner, object_id, state, (armed, held.version), services.ids.new())
            )
            released += 1
    return released


async def attend(services: Services, item: Item, compose: Compose) -> list[Entry]:
    """Do what a due item calls for; answers what was decided about each reminder. Nobody else's claim is touched."""
    due = decode(item.body, Due)
    if due.target.startswith(JOB):
        if not await jobs.run_page(services, due.owner, due.target.removeprefix(JOB)):
            await _drop_orphan(services, item, due)
        return []
    claimed = await _claim(services, item, due)
    return await _ring(services, claimed, compose) if claimed else []


async def _drop_orphan(services: Services, item: Item, due: Due) -> None:
    (job,) = await services.table.get(keys.job(due.owner, due.target.removeprefix(JOB)))
    if job is None:
        await services.table.write(Delete(item.key, item.version))


async def _claim(services: Services, item: Item, due: Due) -> Claimed | None:
    """Move the due item to the end of a lease, so that nobody else takes it meanwhile; None if somebody has."""
    object_id = due.target.removeprefix(OBJECT)
    (armed_item,) = await services.table.get(keys.armed(due.owner, object_id))
    armed = decode(armed_item.body, Armed) if armed_item else None
    if armed_item is None or armed is None or armed.due_key != item.key:
        await services.table.write(Delete(item.key))
        return None
    now, version = services.now, services.ids.new()
    state = State(armed.after, now + LEASE, armed.attempts + 1, True)
    try:
        await services.table.write(*reminders.arm(due.owner, object_id, state, (armed, armed_item.version), version))
    except ConflictError:
        return None
    key = reminders.due_key(due.owner, due.target, state.due)
    leased = Armed(state.after, state.due, key.part, key.sort, state.attempts, True)
    return Claimed(due.owner, object_id, leased, version, now)


async def _read(services: Services, owner: str, object_id: str) -> tuple[Event, Person, Calendar] | None:
    """The event as it is now, whose it is and its calendar; None when there is nothing to ring about any more."""
    object_, person = await services.table.get(keys.object_(owner, object_id), keys.person(owner))
    if object_ is None or person is None:
        return None
    event = decode(object_.body, Stored).event
    (calendar_item,) = await services.table.get(keys.calendar(owner, event.calendar_id))
    calendar = decode(calendar_item.body, Calendar) if calendar_item else None
    return None if calendar is None or calendar.deleted else (event, decode(person.body, Person), calendar)


async def _ring(services: Services, claimed: Claimed, compose: Compose) -> list[Entry]:
    read = await _read(services, claimed.owner, claimed.object_id)
    if read is None:
        await _settle(services, claimed, None, [])
        return []
    event, person, calendar = read
    between = (claimed.armed.after, claimed.until)
    triggers = triggers_between(event, alarms_of(event, person.default_alarms), between, person.home, _PAGE)
    known = await _known(services, event, claimed.owner, triggers)
    sends = []
    for trigger in triggers:
        name = reminders.reminder_id(claimed.owner, event, trigger)
        entry = known.get(name) or reminders.new_entry(claimed.owner, event, trigger, "planned")
        if entry.status in ("planned", "sending"):
            ring = Ring(person, event, calendar.name, trigger, services.now, _message_id(services, name))
            sends.append(_send(services, claimed, ring, entry, compose))
    outcomes = await asyncio.gather(*sends)
    handled = triggers[-1].instant if len(triggers) == _PAGE else claimed.until
    await _settle(services, claimed, handled, outcomes)
    return [outcome.entry for outcome in outcomes]


def _message_id(services: Services, name: str) -> str:
    host = services.public_url.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    return f"<{name}@{host}>"


async def _known(services: Services, event: Event, owner: str, triggers: Iterable[Trigger]) -> dict[str, Entry]:
    wanted = [keys.ledger(owner, trigger.instant, reminders.reminder_id(owner, event, trigger)) for trigger in triggers]
    items = await services.table.get(*wanted)
    entries = [decode(item.body, Entry) for item in items if item is not None]
    return {entry.id: entry for entry in entries}


async def _send(services: Services, claimed: Claimed, ring: Ring, entry: Entry, compose: Compose) -> Outcome:
    """Send one reminder, with "sending" in the ledger before it goes out."""
    replace = msgspec.structs.replace
    over = ring.trigger.occurrence.end.instant(ring.person.home) <= ring.now
    if over and ring.now - ring.trigger.instant > LATE:
        return Outcome(
            replace(entry, status="suppressed", error="Missed: the event was over before it could ring."),
            False,
        )
    entry = replace(entry, status="sending", attempts=entry.attempts + 1, message_id=ring.message_id, error=None)
    await services.table.write(reminders.ledger_put(claimed.owner, entry, services.ids.new(), None))
    try:
        await services.mailer.send(compose(ring))
    except MailRefusedError as error:
        return Outcome(replace(entry, status="failed", error=str(error)), False)
    except MailUnavailableError as error:
        if ring.now - ring.trigger.instant > GIVE_UP:
            return Outcome(replace(entry, status="failed", error=str(error)), False)
        return Outcome(replace(entry, status="sending", error=str(error)), True)
    return Outcome(replace(entry, status="sent", sent_at=services.clock.now()), False)


def _back_off(attempts: int) -> int:
    return _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]


def _rest(event: Event | None, person: Person | None, after: int, retry: tuple[int, int] | None) -> State | None:
    """What to arm when a claim is done: the next trigger, or the next try (at, attempts), if that is sooner."""
    due = None
    if event is not None and person is not None:
        due = next_trigger(event, alarms_of(event, person.default_alarms), after, person.home)
    if retry is None:
        return None if due is None else State(after, due)
    at, attempts = retry
    return State(after, at if due is None else min(at, max(due, after)), attempts)


async def _settle(services: Services, claimed: Claimed, handled: int | None, outcomes: Sequence[Outcome]) -> None:
    """One write: the ledger says what became of each reminder, and the due item moves to the next trigger.

    Somebody may have edited the event meanwhile, so it is read again, and again if the write still meets a change.
    """
    retry = any(outcome.retry for outcome in outcomes)
    while True:
        version = services.ids.new()
        changes: list[Change] = [
            reminders.ledger_put(claimed.owner, outcome.entry, version, None) for outcome in outcomes
        ]
        (item,) = await services.table.get(keys.armed(claimed.owner, claimed.object_id))
        armed = (decode(item.body, Armed), item.version) if item else None
        if armed is not None:
            read = await _read(services, claimed.owner, claimed.object_id) if handled is not None else None
            event, person = (read[0], read[1]) if read else (None, None)
            again = (services.now + _back_off(claimed.armed.attempts), claimed.armed.attempts)
            after = claimed.armed.after if retry or handled is None else handled
            state = _rest(event, person, after, again if retry and read else None)
            changes += (
                reminders.disarm(claimed.owner, claimed.object_id, armed)
                if state is None
                else reminders.arm(claimed.owner, claimed.object_id, state, armed, version)
            )
        if not changes:
            return
        try:
            await services.table.write(*changes)
        except ConflictError:
            continue
        return
