"""Standing reminders: each belongs to no event, and rings once, at an instant that somebody named.

One that is snoozed can be changed and taken back like one that has not rung: what is to ring in its place then changes,
or does not ring. What it did before stays in the ledger.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from aurora_time.operations.drafts import EARLIEST, LATEST, OUT_OF_YEARS
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import Found, Shown, find_reminder
from aurora_time.operations.reminders import (
    Chain,
    Check_,
    armed_again,
    commit,
    read_chain,
    snoozed_until,
    taken_back,
    write,
)
from aurora_time.operations.retrying import BUSY, TRIES
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, Check, ConflictError, Delete, Key, Put
from aurora_time.store import keys, reminders
from aurora_time.store.calendars import Changed
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import LEDGER_KEPT, STANDING, Armed, Entry, Standing, State

_WHY: Final = {
    "sent": "It has rung.",
    "sending": "It is just being sent, and so has as good as rung.",
    "dismissed": "It was dismissed.",
    "failed": "It could not be sent.",
    "suppressed": "It was not sent, and its time is past.",
}
"""What is in the way of a change, by what the ledger says."""


@dataclass(frozen=True, slots=True)
class NewStanding:
    """``at`` is an instant."""

    at: int
    text: str
    channel: str


Change_ = Callable[[Standing, Found], NewStanding]
"""From a standing reminder, with the instant at which it now is to ring, and what is shown; may raise."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A standing reminder that is still to ring: itself, its item's version, how it was snoozed, and how it is armed.

    ``snoozed`` is what rings in its place, None where it was not snoozed.
    """

    standing: Standing
    version: str
    chain: Chain
    snoozed: Found | None
    armed: tuple[Armed, str] | None

    @property
    def as_it_rings(self) -> Standing:
        return self.standing if self.snoozed is None else replace(self.standing, at=self.snoozed.entry.instant)


async def create_standing(services: Services, owner: str, new: NewStanding) -> Shown:
    """Make a reminder that belongs to no event. Raises InvalidError for a time that is past."""
    _check_at(services, new.at)
    standing = Standing(services.ids.new(), new.at, new.text, new.channel, services.now, services.now)
    version = services.ids.new()
    changes = [_put(owner, standing, version, ABSENT), *_arm(services, owner, standing, None, version)]
    await commit(services, owner, (Changed("reminder", standing.id),), changes, version)
    services.nudge(new.at)
    return standing.entry(owner), version


async def update_standing(services: Services, owner: str, name: str, change: Change_) -> Shown:
    """Change a standing reminder that is still to ring, by its name or by that of what rings after a snooze.

    Raises NotFoundError, ClashError for one that has rung, InvalidError.
    """
    for _ in range(TRIES):
        ahead = await _ahead(services, owner, name)
        wanted = change(ahead.as_it_rings, ahead.chain.asked)
        if wanted.at != ahead.as_it_rings.at:
            _check_at(services, wanted.at)
        try:
            shown = await (_change if ahead.snoozed is None else _change_snoozed)(services, owner, ahead, wanted)
        except ConflictError:
            continue
        services.nudge(wanted.at)
        found = await find_reminder(services, owner, shown)
        return found.entry, found.etag
    raise ChangedError(BUSY)


async def _change(services: Services, owner: str, ahead: _Ahead, wanted: NewStanding) -> str:
    """Answers the name of what to show. Raises ConflictError."""
    standing, version = ahead.standing, services.ids.new()
    changed = replace(standing, at=wanted.at, text=wanted.text, channel=wanted.channel, updated=services.now)
    changes = [
        _not_rung(owner, standing),
        _put(owner, changed, version, ahead.version),
        *_arm(services, owner, changed, ahead.armed, version),
    ]
    await commit(services, owner, (Changed("reminder", standing.id),), changes, version)
    return standing.id


async def _change_snoozed(services: Services, owner: str, ahead: _Ahead, wanted: NewStanding) -> str:
    """What rings in its place tells the new text; another time is as if it had been snoozed until then.

    Answers the name of what to show. Raises ConflictError.
    """
    pending, last, asked = ahead.snoozed, ahead.chain.last, ahead.chain.asked.entry.name
    if pending is None:
        raise ValueError("it was not snoozed")
    changed = replace(ahead.standing, text=wanted.text, channel=wanted.channel, updated=services.now)
    put = _put(owner, changed, services.ids.new(), ahead.version, wanted.at)
    if wanted.at == pending.entry.instant:
        noted = Changed("reminder", changed.id), Changed("reminder", pending.entry.name)
        still = Check(keys.ledger(owner, pending.entry.instant, pending.entry.id), pending.expect)
        await commit(services, owner, noted, [still, put], services.ids.new())
        return asked
    snoozed, again = snoozed_until(last, wanted.at)
    arming = armed_again(owner, again[0], services.ids.new())
    changes = [put, *await taken_back(services, owner, pending), *arming]
    await write(services, owner, [snoozed, again], changes, pending)
    return again[0].name if asked == pending.entry.name else asked


async def delete_standing(services: Services, owner: str, name: str, check: Check_) -> None:
    """Take back a standing reminder that is still to ring; ``check`` sees its ETag, and may raise.

    Raises NotFoundError, ClashError for one that has rung.
    """
    for _ in range(TRIES):
        ahead = await _ahead(services, owner, name)
        check(ahead.chain.asked.etag)
        try:
            await (_delete if ahead.snoozed is None else _delete_snoozed)(services, owner, ahead)
        except ConflictError:
            continue
        return
    raise ChangedError(BUSY)


async def _delete(services: Services, owner: str, ahead: _Ahead) -> None:
    """Raises ConflictError."""
    standing = ahead.standing
    changes: list[Change] = [_not_rung(owner, standing), Delete(keys.standing(owner, standing.id), ahead.version)]
    changes += reminders.disarm(owner, standing.target, ahead.armed)
    await commit(services, owner, (Changed("reminder", standing.id, deleted=True),), changes, services.ids.new())


async def _delete_snoozed(services: Services, owner: str, ahead: _Ahead) -> None:
    """What was to ring in its place does not; the ledger keeps what it did before. Raises ConflictError."""
    pending, last, standing = ahead.snoozed, ahead.chain.last, ahead.standing
    changes = await taken_back(services, owner, pending)
    did = _did(last.entry)
    if did is not None:
        await write(services, owner, [(replace(last.entry, status=did, next=None), last.expect)], changes, pending)
        return
    place = keys.ledger(owner, last.entry.instant, last.entry.id)
    changes += [Delete(place, last.expect), Delete(keys.standing(owner, standing.id), ahead.version)]
    changes += reminders.disarm(owner, standing.target, ahead.armed)
    names = [standing.id, *([pending.entry.name] if pending else [])]
    noted = tuple(Changed("reminder", each, deleted=True) for each in names)
    await commit(services, owner, noted, changes, services.ids.new())


def _did(snoozed: Entry) -> str | None:
    """What had become of a reminder before it was snoozed; None if it was still to ring."""
    if snoozed.sent_at is not None:
        return "sent"
    if snoozed.error is None:
        return None
    return "failed" if snoozed.attempts else "suppressed"


def _check_at(services: Services, at: int) -> None:
    if at <= services.now:
        raise InvalidError("/at", "This is already past. Give a later time.")
    if not EARLIEST <= at < LATEST:
        raise InvalidError("/at", OUT_OF_YEARS)


def _put(owner: str, standing: Standing, version: str, expect: str, rings: int = 0) -> Put:
    """``rings`` is when it does, if it is snoozed."""
    return Put(
        keys.standing(owner, standing.id), encode(standing), version, expect, max(standing.at, rings) + LEDGER_KEPT
    )


def _place(owner: str, standing: Standing) -> Key:
    entry = standing.entry(owner)
    return keys.ledger(owner, entry.instant, entry.id)


def _not_rung(owner: str, standing: Standing) -> Check:
    return Check(_place(owner, standing), ABSENT)


def _arm(
    services: Services, owner: str, standing: Standing, armed: tuple[Armed, str] | None, version: str
) -> list[Change]:
    return reminders.arm(owner, standing.target, State(services.now, standing.at), armed, version)


async def _ahead(services: Services, owner: str, name: str) -> _Ahead:
    """Raises NotFoundError, ClashError for one that rings no more, and says why."""
    chain = await read_chain(services, owner, name)
    standing_id = chain.asked.entry.event_id.removeprefix(STANDING)
    key = keys.standing(owner, standing_id)
    item, armed = await services.table.get(key, keys.armed(owner, STANDING + standing_id))
    if item is None:
        raise NotFoundError
    pending = chain.pending
    if chain.last is chain.asked and chain.asked.entry.snoozes and chain.asked.entry.status == "planned":
        ahead = await _ahead(services, owner, standing_id)
        return dataclasses.replace(ahead, chain=dataclasses.replace(ahead.chain, asked=chain.asked))
    status = (pending or chain.last).entry.status
    if chain.asked.expect != ABSENT and (pending is None or status != "planned"):
        raise ClashError(f"{_WHY.get(status, _WHY['sent'])} Make another one.")
    held = (decode(armed.body, Armed), armed.version) if armed else None
    return _Ahead(decode(item.body, Standing), item.version, chain, pending, held)
