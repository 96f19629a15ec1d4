"""From due items to mails: find what is due, decide anew what rings, claim it, send, and write down what became of it.

Two writes a reminder: the claim, which says "sending" in the ledger, and the outcome. Delivery is at least once: only a
crash between the mail server's 250 and the second write can repeat a mail, and then with the same Message-ID. What is
overdue is found like what is due, so a missed sweep heals itself.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from aurora_time.domain.component import Event
from aurora_time.domain.reminders import Trigger, alarms_of, next_trigger, triggers_between
from aurora_time.operations import jobs
from aurora_time.operations.restored import NOT_SENT, restored_at
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
"""Seconds a sender has before another may take over."""

SENDING: Final = 30
"""Seconds of a lease in which a mail may still be begun: the rest is for mails that wait for the mail server."""

LATE: Final = 15 * 60
"""Seconds after which a reminder is told to be late, and one whose event is over is no longer sent."""

GIVE_UP: Final = 24 * 3600
"""Seconds after its trigger for which a reminder is tried again."""

_BACK_OFF: Final = (5, 15, 60, 300, 900)
_PAGE: Final = 4
"""Reminders of one object sent in one claim, and at most repeated after a crash; what is left is due again at once."""

_AHEAD: Final = 64
"""Triggers of one object looked at in one claim: with some of them waiting to be tried again, others still ring."""


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
class Subject:
    """An event as it is, whose it is, and its calendar: what a reminder is about.

    If the home was restored from a backup, what was due up to ``restored_at`` (an instant) may have been sent.
    """

    event: Event
    person: Person
    calendar_name: str
    restored_at: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A trigger that is due and not yet settled, with what the ledger says of it, or will."""

    trigger: Trigger
    entry: Entry


@dataclass(frozen=True, slots=True)
class Claimed:
    """An object that this sender looks after, and its armed item.

    Of the triggers up to ``horizon`` (an instant) ``waiting`` are not settled; those on the ``page`` are sent now.
    """

    owner: str
    object_id: str
    armed: Armed
    version: str
    subject: Subject | None
    waiting: tuple[Waiting, ...] = ()
    page: tuple[Waiting, ...] = ()
    horizon: int = 0


async def find_due(services: Services, limit: int) -> list[Item]:
    """Due items up to now, overdue ones included, the oldest first."""
    high = keys.sortable(services.now + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", "", high, limit) for shard in range(SHARDS)))
    return sorted((item for items in found for item in items), key=lambda item: item.key.sort)[:limit]


async def next_due(services: Services, after: int | None = None) -> int | None:
    """The instant of the earliest due item, of those later than ``after`` if that is given."""
    low = "" if after is None else keys.sortable(after + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, limit=1) for shard in range(SHARDS)))
    return min((keys.unsortable(items[0].key.sort[:12]) for items in found if items), default=None)


async def release_leases(services: Services) -> int:
    """Make due at once what a sender had when the process died; only for a home of one process, at its start."""
    low, high = keys.sortable(services.now), keys.sortable(services.now + LEASE + 1)
    found = await services.table.query(*(Range(f"due#{shard:04d}", low, high) for shard in range(SHARDS)))
    released = 0
    for item in (item for items in found for item in items):
        due = decode(item.body, Due)
        if due.target.startswith(JOB):
            released += await jobs.release(services, due.owner, due.target.removeprefix(JOB))
            continue
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
        if not await jobs.run_page(services, due.owner, due.target.removeprefix(JOB), item.key):
            await _drop(services, item)
        return []
    object_id = due.target.removeprefix(OBJECT)
    (armed_item,) = await services.table.get(keys.armed(due.owner, object_id))
    armed = decode(armed_item.body, Armed) if armed_item else None
    if armed_item is None or armed is None or armed.due_key != item.key:
        await _drop(services, item)
        return []
    claimed = await _claim(services, await _look(services, due.owner, object_id, (armed, armed_item.version)))
    if claimed is None:
        return []
    outcomes, failure = await _send_page(services, claimed, compose)
    await _settle(services, claimed, outcomes)
    if failure is not None:
        raise failure
    return outcomes


async def _drop(services: Services, item: Item) -> None:
    """Remove a due item that nothing stands behind, unless it was just put there anew."""
    try:
        await services.table.write(Delete(item.key, item.version))
    except ConflictError:
        return


async def _subject(services: Services, owner: str, object_id: str) -> Subject | None:
    """What there is to ring about now; None when there is nothing any more."""
    object_, person, restored = await services.table.get(
        keys.object_(owner, object_id), keys.person(owner), keys.restored()
    )
    if object_ is None or person is None:
        return None
    event = decode(object_.body, Stored).event
    (calendar_item,) = await services.table.get(keys.calendar(owner, event.calendar_id))
    calendar = decode(calendar_item.body, Calendar) if calendar_item else None
    if calendar is None or calendar.deleted:
        return None
    return Subject(event, decode(person.body, Person), calendar.name, restored_at(restored))


async def _look(services: Services, owner: str, object_id: str, held: tuple[Armed, str]) -> Claimed:
    """Decide anew what rings: by the event and the person as they are now, less what the ledger has settled."""
    armed, version = held
    subject = await _subject(services, owner, object_id)
    now = services.now
    if subject is None:
        return Claimed(owner, object_id, armed, version, None)
    event, person = subject.event, subject.person
    alarms = alarms_of(event, person.default_alarms)
    triggers = triggers_between(event, alarms, (armed.after, now), person.home, _AHEAD)
    names = [reminders.reminder_id(owner, event, trigger) for trigger in triggers]
    wanted = [keys.ledger(owner, trigger.instant, name) for trigger, name in zip(triggers, names, strict=True)]
    items = await services.table.get(*wanted)
    waiting = []
    for trigger, item in zip(triggers, items, strict=True):
        entry = decode(item.body, Entry) if item else reminders.new_entry(owner, event, trigger, "planned")
        if entry.status in ("planned", "sending"):
            waiting.append(Waiting(trigger, entry))
    horizon = triggers[-1].instant if len(triggers) >= _AHEAD else now
    return Claimed(owner, object_id, armed, version, subject, tuple(waiting), horizon=horizon)


async def _claim(services: Services, seen: Claimed) -> Claimed | None:
    """One write: a lease, so that nobody else takes it meanwhile, and "sending" in the ledger.

    None if somebody was faster, or changed the event since it was read.
    """
    if not seen.waiting:
        return seen  # nothing is sent, so there is nothing to keep others from
    now, version = services.now, services.ids.new()
    state = State(seen.armed.after, now + LEASE, seen.armed.attempts + 1, True)
    # What was tried least comes first, so that nothing waits behind what always fails.
    first = sorted(seen.waiting, key=lambda each: each.entry.attempts)[:_PAGE]
    page = tuple(Waiting(each.trigger, _begun(services, each.entry)) for each in first)
    changes = reminders.arm(seen.owner, seen.object_id, state, (seen.armed, seen.version), version)
    changes += [reminders.ledger_put(seen.owner, each.entry, version, None) for each in page]
    try:
        await services.table.write(*changes)
    except ConflictError:
        return None
    key = reminders.due_key(seen.owner, OBJECT + seen.object_id, state.due)
    armed = Armed(state.after, state.due, key.part, key.sort, state.attempts, True)
    return dataclasses.replace(seen, armed=armed, version=version, page=page)


def _begun(services: Services, entry: Entry) -> Entry:
    host = urlsplit(services.public_url).hostname or "localhost"
    message_id = f"<{entry.id}@{'localhost' if ':' in host else host}>"
    return replace(entry, status="sending", attempts=entry.attempts + 1, message_id=message_id)


async def _send_page(
    services: Services, claimed: Claimed, compose: Compose
) -> tuple[list[Entry], BaseException | None]:
    """Send one after the other, as long as the lease is sure to outlast it: (what became of each, what went wrong).

    What nobody foresaw must not lose what became of the others, so it is told when that is written down.
    """
    outcomes: list[Entry] = []
    failure: BaseException | None = None
    begin_by = claimed.armed.due - LEASE + SENDING
    for waiting in claimed.page:
        if claimed.subject is None or services.now > begin_by:
            break
        (outcome,) = await asyncio.gather(_send(services, claimed.subject, waiting, compose), return_exceptions=True)
        if isinstance(outcome, BaseException):
            failure = outcome
        else:
            outcomes.append(outcome)
    return outcomes, failure


async def _send(services: Services, subject: Subject, waiting: Waiting, compose: Compose) -> Entry:
    """Send one reminder, unless it is too late for that; an entry that stays "sending" is tried again."""
    trigger, entry, now = waiting.trigger, waiting.entry, services.now
    if subject.restored_at is not None and trigger.instant <= subject.restored_at:
        return replace(entry, status="suppressed", error=NOT_SENT)
    late = now - trigger.instant
    if late > LATE and trigger.occurrence.end.instant(subject.person.home) <= now:
        if entry.error is not None:
            return replace(entry, status="failed")
        return replace(entry, status="suppressed", error="Missed: the event was over before it could ring.")
    ring = Ring(subject.person, subject.event, subject.calendar_name, trigger, now, entry.message_id)
    try:
        await services.mailer.send(compose(ring))
    except MailRefusedError as error:
        return replace(entry, status="failed", error=str(error))
    except MailUnavailableError as error:
        return replace(entry, status="failed" if late > GIVE_UP else "sending", error=str(error))
    return replace(entry, status="sent", sent_at=services.clock.now(), error=None)


async def _settle(services: Services, claimed: Claimed, outcomes: Sequence[Entry]) -> None:
    """One write: the ledger says what became of each reminder, and the due item moves to the next trigger.

    If somebody edited the event meanwhile, it is read again. If the object is no longer this sender's (deleted, or
    the lease ran out and another took over), only what was sent is written down.
    """
    subject = claimed.subject
    held: tuple[Armed, str] | None = (claimed.armed, claimed.version)
    while True:
        version = services.ids.new()
        changes: list[Change] = []
        if held is not None and held[0].due_key == claimed.armed.due_key:
            state = _rest(services.now, claimed, outcomes, subject)
            changes += reminders.move(claimed.owner, claimed.object_id, state, held, version)
            changes += [reminders.ledger_put(claimed.owner, entry, version, None) for entry in outcomes]
        else:
            sent = (entry for entry in outcomes if entry.status == "sent")
            changes += [reminders.ledger_put(claimed.owner, entry, version, None) for entry in sent]
        if not changes:
            return
        try:
            await services.table.write(*changes)
        except ConflictError:
            if not claimed.armed.leased:
                return  # it was changed after all: the next sweep looks anew
            (item,) = await services.table.get(keys.armed(claimed.owner, claimed.object_id))
            held = (decode(item.body, Armed), item.version) if item else None
            subject = await _subject(services, claimed.owner, claimed.object_id)
            continue
        return


def _rest(now: int, claimed: Claimed, outcomes: Sequence[Entry], subject: Subject | None) -> State | None:
    """What to arm when a page is done: what is left of it, the next try, or the next trigger, whichever is sooner.

    An object that is due again at once takes its turn behind all that is due now, so that no event, however often it
    rings, holds up the others.
    """
    if subject is None:
        return None
    done = {entry.id for entry in outcomes if entry.status != "sending"}
    again = [each for each in claimed.page if each.entry.id not in done]
    open_ = [each for each in claimed.waiting if each.entry.id not in done]
    after = open_[0].trigger.instant - 1 if open_ else claimed.horizon
    attempts = claimed.armed.attempts if again else 0
    wanted = []
    if again:
        wanted.append(now + _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1])
    elif open_:
        wanted.append(now)
    alarms = alarms_of(subject.event, subject.person.default_alarms)
    following = next_trigger(subject.event, alarms, claimed.horizon, subject.person.home)
    if following is not None and (following > now or not again):
        wanted.append(max(following, now))
    return State(max(after, claimed.armed.after), min(wanted), attempts) if wanted else None
