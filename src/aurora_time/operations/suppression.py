"""Addresses that take no mail: counted, then left alone for a while, and told about where their owner looks.

An address is held after three refusals for good within a week of which the last came a day or more after the first:
a mail server that is set up wrongly for an hour holds nobody. It is held for 30 days, and then tried again. Somebody
who complains is held at once, and so is an address of which a mail service says that it is none. Held addresses get no
reminders and no agenda. Mails about signing in go out also to them, but for the day after a refusal: who mends a
mailbox must get in, and who guesses addresses must not make us knock for ever.

Once let through, an address is not held by what comes back of a mail that was sent before.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from aurora_time.operations.services import Services
from aurora_time.ports import (
    ABSENT,
    Change,
    ConflictError,
    Delete,
    Item,
    Mail,
    MailRefusedError,
    MailUnavailableError,
    Put,
    Range,
    RecipientRefusedError,
    UnavailableError,
)
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Person

BounceKind = Literal["permanent", "bounced", "complaint", "transient"]
"""``permanent``: a mail server refused it, perhaps since it is set up wrongly just now. ``bounced``: a mail service
that tries for us has judged that there is no such mailbox."""
REFUSALS: Final = 3
WITHIN: Final = 7 * 86_400
APART: Final = 86_400
HELD: Final = 30 * 86_400
HELD_BY_COMPLAINT: Final = 400 * 86_400
HARD: Final = 86_400
"""Seconds after a refusal for which a held address gets no mail at all."""
_TRIES: Final = 5

TURNED_OFF: Final = "Reminder mails are turned off in the settings."
BOUNCED: Final = "Mail to this address was refused too often. Check the address, and let mails through in the settings."
COMPLAINED: Final = "A mail to this address was marked as spam. Mails can be let through again in the settings."


class Refusals(msgspec.Struct, frozen=True, array_like=True):
    """So many refusals since an instant, the last at another; the address is held until ``held``, an instant.

    It was let through at ``released``: nothing that was refused before counts.
    """

    count: int
    since: int
    last: int
    held: int = 0
    complained: bool = False
    released: int = 0


class Held(msgspec.Struct, frozen=True, array_like=True):
    """For the operator's list: an address that is held, since the refusal or complaint at an instant."""

    address: str
    since: int
    until: int
    complained: bool


async def note_bounce(services: Services, address: str, kind: BounceKind, sent_at: int | None = None) -> None:
    """Count that a mail to the address came back, or that its owner complained. What passes by itself is no matter, nor
    is what was sent before the address was let through; who complains means it, whenever the mail was sent.
    """
    if kind == "transient":
        return
    key = keys.refusals(address)
    for _ in range(_TRIES):
        (item,) = await services.table.get(key)
        old = decode(item.body, Refusals) if item else None
        if old is not None and sent_at is not None and sent_at < old.released and kind != "complaint":
            return
        noted = replace(_counted(old, services.now, kind), released=old.released if old else 0)
        until = max(noted.held, noted.since + WITHIN)
        expect = item.version if item else ABSENT
        version = services.ids.new()
        changes: list[Change] = [Put(key, encode(noted), version, expect, until)]
        if noted.held > services.now:
            listed = Held(address, noted.last, noted.held, noted.complained)
            changes.append(Put(keys.held(address), encode(listed), version, None, noted.held))
        try:
            await services.table.write(*changes)
        except ConflictError:  # another mail was refused just now
            continue
        return


def _counted(old: Refusals | None, now: int, kind: BounceKind) -> Refusals:
    if kind == "complaint":
        count, since = (old.count, old.since) if old else (0, now)
        return Refusals(count, since, now, now + HELD_BY_COMPLAINT, True)
    if kind == "bounced":
        before = old or Refusals(0, now, now)
        return Refusals(before.count + 1, before.since, now, max(before.held, now + HELD), before.complained)
    if old is None or (old.held <= now and (not old.count or now - old.since > WITHIN)):
        return Refusals(1, now, now)
    count, held = old.count + 1, old.held
    if count >= REFUSALS and now - old.since >= APART:
        held = max(held, now + HELD)
    return Refusals(count, old.since, now, held, old.complained)


async def find_held(services: Services, address: str) -> Refusals | None:
    """Why an address is held now; None if it is not."""
    (item,) = await services.table.get(keys.refusals(address))
    return _held(item, services.now)


def _held(item: Item | None, now: int) -> Refusals | None:
    noted = decode(item.body, Refusals) if item else None
    return noted if noted and noted.held > now else None


async def why_not(services: Services, person: Person, *, reminder: bool) -> str | None:
    """Why no reminder (or else no agenda) is mailed to this person now, in one sentence; None if it is."""
    if reminder and not person.reminder_mail:
        return TURNED_OFF
    held = await find_held(services, person.email)
    return None if held is None else COMPLAINED if held.complained else BOUNCED


async def list_held(services: Services) -> list[Held]:
    """The addresses that are held now, the last refused first."""
    (items,) = await services.table.query(Range(keys.held().part))
    return sorted((decode(item.body, Held) for item in items), key=lambda each: (-each.since, each.address))


async def let_through(services: Services, address: str) -> None:
    """Forget all that was counted: the next mail is sent. When that was is known for some days, as mail servers try for
    hours before they give a mail back.
    """
    now = services.now
    nothing = encode(Refusals(0, now, now, released=now))
    forgotten = Put(keys.refusals(address), nothing, services.ids.new(), None, now + WITHIN)
    await services.table.write(forgotten, Delete(keys.held(address)))


class CarefulMailer:
    """A Mailer that counts what becomes of mails, and leaves alone for a day who refused them for good."""

    def __init__(self, services: Services) -> None:
        """``services.mailer`` is the one that sends."""
        self._services = services

    async def send(self, mail: Mail) -> None:
        """Raises MailRefusedError, MailUnavailableError."""
        services, outcomes = self._services, self._services.meter.mails
        held = await self._find(mail.to)
        if held is not None and not held.complained and services.now - held.last < HARD:
            outcomes["held"] += 1
            raise MailRefusedError("mail to this address was refused too often")
        try:
            await services.mailer.send(mail)
        except MailRefusedError as error:
            outcomes["refused"] += 1
            if isinstance(error, RecipientRefusedError):
                await self._note(mail.to)
            raise
        except MailUnavailableError:
            outcomes["unavailable"] += 1
            raise
        outcomes["sent"] += 1

    async def _find(self, address: str) -> Refusals | None:
        try:
            return await find_held(self._services, address)
        except UnavailableError:
            return None  # it may be sent all the same: a mail matters more than a count

    async def _note(self, address: str) -> None:
        try:
            await note_bounce(self._services, address, "permanent")
        except UnavailableError:
            return
