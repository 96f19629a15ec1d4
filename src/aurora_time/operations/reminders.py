"""Single reminders: snoozed and dismissed; and standing reminders, which belong to no event.

A reminder that is snoozed stays in the ledger as "snoozed", and another, armed by itself, rings in its place: once, for
what its event then is, whatever happens to the event's own reminders meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.moment import DAY
from aurora_time.operations.drafts import EARLIEST, LATEST, OUT_OF_YEARS
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import Found, Shown, find_reminder, subject_key
from aurora_time.operations.retrying import BUSY, TRIES
from aurora_time.operations.services import Build, Services
from aurora_time.operations.subjects import GONE, OPEN
from aurora_time.ports import ABSENT, Change, Check, ConflictError, Delete, Key, Put
from aurora_time.store import calendars, keys, reminders
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import LEDGER_KEPT, Armed, Entry, Standing, State

MAX_SNOOZE_DAYS: Final = 366
MAX_SNOOZES: Final = 50
"""How often one reminder is snoozed; each is a step to the one that rings."""
Check_ = Callable[[str], None]
"""Sees the version of what is to be changed, and may raise."""
_RUNG: Final = "It has rung, or is just being sent. Make another one."


@dataclass(frozen=True, slots=True)
class _Chain:
    """A reminder as far as it was snoozed: ``asked`` for, the ``last`` that was, and what is to ring in its place."""

    asked: Found
    last: Found
    pending: Found | None


@dataclass(frozen=True, slots=True)
class NewStanding:
    """``at`` is an instant."""

    at: int
    text: str
    channel: str


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
        chain = await _chain(services, owner, reminder_id)
        check(chain.asked.etag)
        last, pending = chain.last, chain.pending
        if pending is not None and pending.entry.instant == until:
            return last.entry, last.etag
        if (await services.table.get(subject_key(owner, last.entry.event_id))) == [None]:
            raise ClashError(f"{GONE} So there is nothing to snooze. Dismiss it.")
        if last.entry.snoozes >= MAX_SNOOZES:
            raise ClashError(f"It was snoozed {MAX_SNOOZES} times. Make a reminder of its own: POST /v1/reminders.")
        again = _again(last.entry, until)
        snoozed = replace(last.entry, status="snoozed", next=(until, again.id))
        changes = [*await _taken_back(services, owner, pending), *_armed(owner, again, services.ids.new())]
        try:
            version = await _write(services, owner, [(snoozed, last.expect), (again, None)], changes, pending)
        except ConflictError:
            continue
        services.nudge(until)
        return snoozed, version
    raise ChangedError(BUSY)


async def dismiss_reminder(services: Services, owner: str, reminder_id: str, check: Check_ = accept) -> Shown:
    """Be done with a reminder: a planned one does not ring, nor what was to ring after a snooze.

    Raises NotFoundError.
    """
    for _ in range(TRIES):
        chain = await _chain(services, owner, reminder_id)
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
            version = await _write(services, owner, done, changes)
        except ConflictError:
            continue
        return done[-1][0], version
    raise ChangedError(BUSY)


async def create_standing(services: Services, owner: str, new: NewStanding) -> Shown:
    """Make a reminder that belongs to no event. Raises InvalidError for a time that is past."""
    _check_at(services, new.at)
    standing = Standing(services.ids.new(), new.at, new.text, new.channel, services.now, services.now)
    version = services.ids.new()
    changes = [_put(owner, standing, version, ABSENT), *_arm_standing(services, owner, standing, None, version)]
    await _commit(services, owner, (Changed("reminder", standing.id),), changes, version)
    services.nudge(new.at)
    return standing.entry(owner), version


async def update_standing(
    services: Services, owner: str, reminder_id: str, change: Callable[[Standing, str], NewStanding]
) -> Shown:
    """Change a standing reminder that has not rung; ``change`` sees it with its version, and may raise.

    Raises NotFoundError, ClashError for one that has rung, InvalidError.
    """
    for _ in range(TRIES):
        standing, version, armed = await _unrung(services, owner, reminder_id)
        wanted = change(standing, version)
        if wanted.at != standing.at:
            _check_at(services, wanted.at)
        changed = replace(standing, at=wanted.at, text=wanted.text, channel=wanted.channel, updated=services.now)
        new_version = services.ids.new()
        changes = [
            _not_rung(owner, standing),
            _put(owner, changed, new_version, version),
            *_arm_standing(services, owner, changed, armed, new_version),
        ]
        try:
            await _commit(services, owner, (Changed("reminder", standing.id),), changes, new_version)
        except ConflictError:
            continue
        services.nudge(changed.at)
        return changed.entry(owner), new_version
    raise ChangedError(BUSY)


async def delete_standing(services: Services, owner: str, reminder_id: str, check: Check_) -> None:
    """Take back a standing reminder that has not rung; ``check`` sees its version, and may raise.

    Raises NotFoundError, ClashError for one that has rung.
    """
    for _ in range(TRIES):
        standing, version, armed = await _unrung(services, owner, reminder_id)
        check(version)
        changes: list[Change] = [_not_rung(owner, standing), Delete(keys.standing(owner, standing.id), version)]
        changes += reminders.disarm(owner, standing.target, armed)
        try:
            noted = (Changed("reminder", standing.id, deleted=True),)
            await _commit(services, owner, noted, changes, services.ids.new())
        except ConflictError:
            continue
        return
    raise ChangedError(BUSY)


async def _chain(services: Services, owner: str, name: str) -> _Chain:
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
    return _Chain(asked, last, pending)


def _again(entry: Entry, until: int) -> Entry:
    """What rings in the place of a reminder that is snoozed."""
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


def _armed(owner: str, again: Entry, version: str) -> list[Change]:
    return reminders.arm(owner, again.armed_id, State(again.instant - 1, again.instant), None, version)


async def _disarmed(services: Services, owner: str, again: Entry) -> list[Change]:
    (item,) = await services.table.get(keys.armed(owner, again.armed_id))
    return reminders.disarm(owner, again.armed_id, (decode(item.body, Armed), item.version) if item else None)


async def _taken_back(services: Services, owner: str, pending: Found | None) -> list[Change]:
    """What was to ring after an earlier snooze does not, and leaves nothing."""
    if pending is None:
        return []
    place = keys.ledger(owner, pending.entry.instant, pending.entry.id)
    return [Delete(place, pending.expect), *await _disarmed(services, owner, pending.entry)]


async def _write(
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
    await _commit(services, owner, tuple(noted), [*puts, *changes], version)
    return version


async def _commit(
    services: Services, owner: str, noted: tuple[Changed, ...], changes: Sequence[Change], version: str
) -> None:
    await services.writers.commit(services.table, owner, _build(services.now, owner, noted, changes, version))


def _build(now: int, owner: str, noted: tuple[Changed, ...], changes: Sequence[Change], version: str) -> Build:
    def build(held: Held) -> tuple[list[Change], Held]:
        log, after = calendars.advance(owner, held, version, LogItem(now, noted), Growth())
        return [*changes, *log], after

    return build


# --- standing reminders -----------------------------------------------------------------------------------------------
def _check_at(services: Services, at: int) -> None:
    if at <= services.now:
        raise InvalidError("/at", "This is already past. Give a later time.")
    if not EARLIEST <= at < LATEST:
        raise InvalidError("/at", OUT_OF_YEARS)


def _put(owner: str, standing: Standing, version: str, expect: str) -> Put:
    return Put(keys.standing(owner, standing.id), encode(standing), version, expect, standing.at + LEDGER_KEPT)


def _place(owner: str, standing: Standing) -> Key:
    entry = standing.entry(owner)
    return keys.ledger(owner, entry.instant, entry.id)


def _not_rung(owner: str, standing: Standing) -> Check:
    return Check(_place(owner, standing), ABSENT)


def _arm_standing(
    services: Services, owner: str, standing: Standing, armed: tuple[Armed, str] | None, version: str
) -> list[Change]:
    return reminders.arm(owner, standing.target, State(services.now, standing.at), armed, version)


async def _unrung(services: Services, owner: str, standing_id: str) -> tuple[Standing, str, tuple[Armed, str] | None]:
    """A standing reminder that is still to ring, its version, and how it is armed."""
    (item,) = await services.table.get(keys.standing(owner, standing_id))
    if item is None:
        raise NotFoundError
    standing = decode(item.body, Standing)
    rung, armed = await services.table.get(_place(owner, standing), keys.armed(owner, standing.target))
    if rung is not None:
        raise ClashError(_RUNG)
    return standing, item.version, (decode(armed.body, Armed), armed.version) if armed else None
