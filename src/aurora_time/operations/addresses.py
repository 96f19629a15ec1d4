"""The address of somebody who signs in at another issuer: it is changed there, and the person follows it.

An address leads to a person as long as the issuer says so. Whoever has it next must not come to that person's data.
"""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.operations.errors import ChangedError, ClashError
from aurora_time.operations.people import move_person, read_person
from aurora_time.operations.retrying import BUSY
from aurora_time.operations.services import Services
from aurora_time.ports import ConflictError, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import EMBEDDED, Pointer, Subject, SubjectName

_TRIES: Final = 5
_NONE: Final = "The sign-in service has no verified address of yours. Verify it there, and ask again."


class AddressTakenError(ClashError):
    """Another person here has the address."""

    def __init__(self) -> None:
        super().__init__("Somebody else here has this address. Yours stays as it was; use another one.")


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
        if await _take(services, name, address):
            return


async def follow(services: Services, name: SubjectName, email: str) -> None:
    """What the issuer has verified for a subject is the person's address, if it is new for that subject; also where
    somebody else here has it, and at the issuer no more. Raises AddressTakenError, UnavailableError.
    """
    try:
        await _take(services, name, email)
    except AddressTakenError:
        await let_go(services, email)
        await _take(services, name, email)


async def _take(services: Services, name: SubjectName, email: str) -> bool:
    """Whether it was new for the subject. Who comes by two subjects with an address each (Google is one) thus keeps the
    one that was changed last. Raises AddressTakenError.
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
    found = await _addresses(services, decode(pointer.body, Pointer).id)
    if any(address.casefold() == email.casefold() for _, address in found):
        return
    for name, address in found:
        if address:
            await _move(services, name, address)
            return


async def _addresses(services: Services, person_id: str) -> list[tuple[SubjectName, str]]:
    """What the issuer calls the person, each time with the address that it has verified, which may be none."""
    (items,) = await services.table.query(Range(keys.subjects(person_id).part))
    names = [name for item in items if (name := decode(item.body, SubjectName)).issuer == services.issuer]
    return [(name, await services.accounts.address(name.subject)) for name in names]


async def _move(services: Services, name: SubjectName, email: str) -> None:
    """The person and what is noted of the subject, in one write."""
    key = keys.subject(name.issuer, name.subject)
    for _ in range(_TRIES):
        (item,) = await services.table.get(key)
        if item is None or not (known := decode(item.body, Subject)).id:
            return
        noted = Put(key, encode(msgspec.structs.replace(known, email=email)), services.ids.new(), item.version)
        try:
            await move_person(services, name, email, noted)
        except ConflictError:
            (pointer,) = await services.table.get(keys.email(email))
            if pointer is not None and decode(pointer.body, Pointer).id != known.id:
                raise AddressTakenError from None
        else:
            return
    raise ChangedError(BUSY)
