"""The address of somebody who signs in at another issuer: it is changed there, and the person follows it.

An address leads to a person as long as the issuer says so. Whoever has it next must not come to that person's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import msgspec

from aurora_time.operations.address_notice import start_notice
from aurora_time.operations.errors import ChangedError, ClashError
from aurora_time.operations.people import noted, read_person
from aurora_time.operations.retrying import BUSY
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, ConflictError, Item, Key, Put, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Head, Held
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import EMBEDDED, Person, Pointer, Subject, SubjectName, moved

_TRIES: Final = 5
_LEFT: Final = 5
"""So many are moved for one who takes an address, each to the one that the next has left at the issuer."""
_NONE: Final = "The sign-in service has no verified address of yours. Verify it there, and ask again."


class AddressTakenError(ClashError):
    """Another person here has the address, and keeps it."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else here has this address, so here yours is still the one before. Change it to another one at "
            "the sign-in service, or ask whoever runs this home."
        )


async def follow_issuer(services: Services, person_id: str) -> None:
    """Ask the issuer which address the person has now, and take it, in one write at most.

    Raises NotFoundError, ClashError where the address is not kept there, AddressTakenError, UnavailableError.
    """
    await read_person(services, person_id)
    if services.issuer == EMBEDDED:
        raise ClashError(f"This home keeps your address itself: change it at {services.public_url}/email.")
    found = [(name, address) for name, address in await _addresses(services, person_id) if address]
    if not found:
        raise ClashError(_NONE)
    for name, address in found:
        if await follow(services, name, address):
            return


async def follow(services: Services, name: SubjectName, email: str) -> bool:
    """What the issuer has verified for a subject is the person's address, if it is new for that subject; also where
    somebody else here has it, and at the issuer no more. Answers whether it was new: who comes by two subjects with an
    address each (Google is one) thus keeps the one that was changed last. Raises AddressTakenError, UnavailableError.
    """
    (item,) = await services.table.get(keys.subject(name.issuer, name.subject))
    known = decode(item.body, Subject) if item else Subject("")
    if not known.id or known.email == email:
        return False
    await _move(services, name, email)
    return True


async def let_go(services: Services, email: str) -> None:
    """Whoever has this address here, and at the issuer another one by now, has that one here, too.

    Whom the issuer knows no more keeps it. Raises AddressTakenError, UnavailableError.
    """
    (pointer,) = await services.table.get(keys.email(email))
    if pointer is None:
        return
    left = await _left(services, decode(pointer.body, Pointer).id, email)
    if left is not None:
        await _move(services, *left)


async def _left(services: Services, person_id: str, email: str) -> tuple[SubjectName, str] | None:
    """Which address somebody has at the issuer in the place of this one; None where they have it still, or none."""
    found = await _addresses(services, person_id)
    if any(address.casefold() == email.casefold() for _, address in found):
        return None
    return next((pair for pair in found if pair[1]), None)


async def _addresses(services: Services, person_id: str) -> list[tuple[SubjectName, str]]:
    """What the issuer calls the person, each time with the address that it has verified, which may be none."""
    (items,) = await services.table.query(Range(keys.subjects(person_id).part))
    names = [name for item in items if (name := decode(item.body, SubjectName)).issuer == services.issuer]
    return [(name, await services.accounts.address(name.subject)) for name in names]


class _Move(NamedTuple):
    """Somebody gets the address that the issuer has verified for ``name``: the items that say what was until then."""

    email: str
    subject: Item
    person: Item
    pointer: Item | None

    @property
    def who(self) -> str:
        return decode(self.subject.body, Subject).id

    @property
    def holder(self) -> str:
        """Who has that address here."""
        return decode(self.pointer.body, Pointer).id if self.pointer else ""


async def _move(services: Services, name: SubjectName, email: str) -> None:
    """In one write the person, what is noted of the subject, that the old address is told, and the same of all who
    have to leave an address for it that they have left at the issuer.
    """
    for _ in range(_TRIES):
        try:
            row = await _row(services, name, email)
            if row:
                await _write(services, row)
        except ConflictError:
            continue
        return
    raise ChangedError(BUSY)


async def _row(services: Services, name: SubjectName, email: str) -> list[_Move]:
    """Each gets the address that the next one leaves; the last one's is nobody's here, or the first one's, where they
    changed addresses with each other. Of an account that is closed, nothing. Raises AddressTakenError.
    """
    row: list[_Move] = []
    while True:
        move = await _read(services, name, email)
        if move is None and row:
            raise AddressTakenError  # until the account of who had it is closed, which it is being just now
        if move is None:
            return []
        row.append(move)
        people = [each.who for each in row]
        if move.holder in ("", people[0], people[-1]):
            return row
        left = await _left(services, move.holder, email)
        if left is None or move.holder in people or len(row) > _LEFT:
            raise AddressTakenError
        name, email = left


async def _read(services: Services, name: SubjectName, email: str) -> _Move | None:
    subject, pointer = await services.table.get(keys.subject(name.issuer, name.subject), keys.email(email))
    known = decode(subject.body, Subject).id if subject else ""
    (person,) = await services.table.get(keys.person(known)) if known else [None]
    return _Move(email, subject, person, pointer) if subject and person else None


async def _write(services: Services, row: list[_Move]) -> None:
    """Raises ConflictError."""
    version, also = services.ids.new(), list[Change]()
    first, *others = row
    for each in others:
        (head,) = await services.table.get(keys.head(each.who))
        held = Held(decode(head.body, Head), head.version) if head else Held()
        also += noted(services, each.who, version, *_changes(services, each, version))(held)[0]
    changes = [*_changes(services, first, version), *also]
    had = {keys.email(each.email): each.pointer for each in row}
    build = noted(services, first.who, version, *(fit for each in changes for fit in _fitted(each, had)))
    await services.writers.commit(services.table, first.who, build)
    services.nudge(services.now)
    for each in others:
        services.writers.tell(each.who)


def _changes(services: Services, move: _Move, version: str) -> list[Change]:
    person, known = decode(move.person.body, Person), decode(move.subject.body, Subject)
    noted_there = encode(msgspec.structs.replace(known, email=move.email))
    return [
        *moved(person, move.person.version, move.email, services.now, version),
        Put(move.subject.key, noted_there, version, move.subject.version),
        *start_notice(services, person, move.email),
    ]


def _fitted(change: Change, had: Mapping[Key, Item | None]) -> list[Change]:
    """What leads from an address goes over to who gets it, in one change; who leaves it would have it deleted."""
    if change.key not in had:
        return [change]
    before = had[change.key]
    return [replace(change, expect=before.version if before else ABSENT)] if isinstance(change, Put) else []
