"""Single reminders: snoozed and dismissed.

A reminder that is snoozed stays in the ledger as "snoozed", and another, armed by itself, rings in its place: once, for
what its event then is, whatever happens to the event's own reminders meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.moment import DAY
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError
from aurora_time.operations.ledger import Found, Shown, find_reminder, subject_key
from aurora_time.operations.retrying import BUSY, TRIES
from aurora_time.operations.services import Build, Services
from aurora_time.operations.subjects import GONE, OPEN
from aurora_time.ports import Change, ConflictError, Delete, Put
from aurora_time.store import calendars, keys, reminders
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.reminders import LEDGER_KEPT, STANDING, Armed, Entry, State

MAX_SNOOZE_DAYS: Final = 366
MAX_SNOOZES: Final = 50
"""How often one reminder is snoozed; each is a step to the one that rings."""
Check_ = Callable[[str], None]
"""Sees the version of what is to be changed, and may raise."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A reminder as far as it was snoozed: ``asked`` for, the ``last`` that was, and what is to ring in its place."""

    asked: Found
    last: Found
    pending: Found | None


def accept(_version: str) -> None:
    """A Check_ that takes any version."""


async def snooze_reminder(
    services: Services, owner: str, reminder_id: str, until: int, check: Check_ = accept
) -> Shown:
    """Let a reminder, sent or planned, ring again at an instant, exactly once; (as it now is, its version).

    ``reminder_id`` is the API's. One that is snoozed already is snoozed until then instead; one that rang after it was
    snoozed is followed to that. Raises NotFoundError, InvalidError for ``until``, ClashError.
    """
    if until <= services.now:
        raise InvalidError("/until", "This is already past. Give a later time.")
    if until > services.now + MAX_SNOOZE_DAYS * DAY:
        raise InvalidError("/until", f"A reminder is snoozed for at most {MAX_SNOOZE_DAYS} days.")
    for _ in range(TRIES):
        chain = await read_chain(services, owner, reminder_id)
        check(chain.asked.etag)
        last, pending = chain.last, chain.pending
        if pending is not None and pending.entry.instant == until:
            return last.entry, last.etag
        (subject,) = await services.table.get(subject_key(owner, last.entry.event_id))
        if subject is None:
            raise ClashError(f"{GONE} So there is nothing to snooze. Dismiss it.")
        if last.entry.snoozes >= MAX_SNOOZES:
            raise ClashError(f"It was snoozed {MAX_SNOOZES} times. Make a reminder of its own: POST /v1/reminders.")
        snoozed, again = snoozed_until(last, until)
        changes = [*await taken_back(services, owner, pending), *armed_again(owner, again[0], services.ids.new())]
        if last.entry.event_id.startswith(STANDING):  # it is to be there when it rings
            kept = until + LEDGER_KEPT
            changes.append(Put(subject.key, subject.body, services.ids.new(), subject.version, kept))
        try:
            await write(services, owner, [snoozed, again], changes, pending)
        except ConflictError:
            continue
        services.nudge(until)
        found = await find_reminder(services, owner, snoozed[0].name)
        return found.entry, found.etag
    raise ChangedError(BUSY)


async def dismiss_reminder(services: Services, owner: str, reminder_id: str, check: Check_ = accept) -> Shown:
    """Be done with a reminder: a planned one does not ring, nor what was to ring after a snooze.

    Raises NotFoundError.
    """
    for _ in range(TRIES):
        chain = await read_chain(services, owner, reminder_id)
        check(chain.asked.etag)
        if chain.asked.entry.status == "dismissed":
            return chain.asked.entry, chain.asked.etag
        open_ = {each.entry.id: each for each in (chain.pending, chain.last, chain.asked) if each is not None}
        done = [(replace(each.entry, status="dismissed", next=None), each.expect) for each in open_.values()]
        changes: list[Change] = []
        for each in open_.values():
            if each.entry.snoozes:
                changes += await _disarmed(services, owner, each.entry)
        try:
            version = await write(services, owner, done, changes)
        except ConflictError:
            continue
        return done[-1][0], version
    raise ChangedError(BUSY)


async def read_chain(services: Services, owner: str, name: str) -> Chain:
    asked = last = await find_reminder(services, owner, name)
    pending: Found | None = None
    while last.entry.status == "snoozed" and last.entry.next is not None:
        (item,) = await services.table.get(keys.ledger(owner, *last.entry.next))
        if item is None:
            break
        following = Found(decode(item.body, Entry), item.version, item.version)
        if following.entry.status in OPEN:
            pending = following
            break
        last = following
    return Chain(asked, last, pending)


def snoozed_until(last: Found, until: int) -> tuple[tuple[Entry, str], tuple[Entry, None]]:
    """What becomes of a reminder that is snoozed, and what rings in its place; each with what it replaces."""
    again = _again(last.entry, until)
    return (replace(last.entry, status="snoozed", next=(until, again.id)), last.expect), (again, None)


def _again(entry: Entry, until: int) -> Entry:
    return replace(
        entry,
        id=keys.digest(entry.id, str(until)),
        instant=until,
        due=None,
        status="planned",
        attempts=0,
        sent_at=None,
        error=None,
        message_id="",
        snoozes=entry.snoozes + 1,
        next=None,
    )


def armed_again(owner: str, again: Entry, version: str) -> list[Change]:
    return reminders.arm(owner, again.armed_id, State(again.instant - 1, again.instant), None, version)


async def _disarmed(services: Services, owner: str, again: Entry) -> list[Change]:
    (item,) = await services.table.get(keys.armed(owner, again.armed_id))
    return reminders.disarm(owner, again.armed_id, (decode(item.body, Armed), item.version) if item else None)


async def taken_back(services: Services, owner: str, pending: Found | None) -> list[Change]:
    """What was to ring after an earlier snooze does not, and leaves nothing."""
    if pending is None:
        return []
    place = keys.ledger(owner, pending.entry.instant, pending.entry.id)
    return [Delete(place, pending.expect), *await _disarmed(services, owner, pending.entry)]


async def write(
    services: Services,
    owner: str,
    entries: Sequence[tuple[Entry, str | None]],
    changes: Sequence[Change],
    gone: Found | None = None,
) -> str:
    """One write: the ledger's entries, each in the place of a version, and the rest; all devices are told."""
    version = services.ids.new()
    puts = [reminders.ledger_put(owner, entry, version, expect) for entry, expect in entries]
    noted = [Changed("reminder", entry.name) for entry, _ in entries]
    if gone is not None:
        noted.append(Changed("reminder", gone.entry.name, deleted=True))
    await commit(services, owner, tuple(noted), [*puts, *changes], version)
    return version


async def commit(
    services: Services, owner: str, noted: tuple[Changed, ...], changes: Sequence[Change], version: str
) -> None:
    await services.writers.commit(services.table, owner, _build(services.now, owner, noted, changes, version))


def _build(now: int, owner: str, noted: tuple[Changed, ...], changes: Sequence[Change], version: str) -> Build:
    def build(held: Held) -> tuple[list[Change], Held]:
        log, after = calendars.advance(owner, held, version, LogItem(now, noted), Growth())
        return [*changes, *log], after

    return build
