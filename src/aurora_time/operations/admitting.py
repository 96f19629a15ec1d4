"""Who may come in where another issuer signs people in: whom this home knows, and who is new as its policy says.

An invitation is of an address here, since the issuer's pages know nothing of our links; that the address is theirs is
verified by the issuer.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final, Literal

import msgspec

from aurora_time.operations.address_notice import start_notice
from aurora_time.operations.addresses import AddressTakenError, follow, let_go
from aurora_time.operations.errors import ChangedError, OperationError
from aurora_time.operations.people import NewPerson, ensure_person
from aurora_time.operations.services import Services
from aurora_time.ports import ConflictError, Delete, Put, UnavailableError
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Person, Subject, SubjectName

Policy = Literal["open", "invite", "closed"]
INVITED_DAYS: Final = 7
_DAY: Final = 86_400
REFUSED: Final[dict[Policy, str]] = {
    "open": "",
    "invite": "This home of Aurora Time takes only who is invited. Ask whoever runs it to invite this very address. / "
    "Máy chủ Aurora Time này chỉ nhận người được mời. Hãy nhờ người quản trị mời đúng địa chỉ này.",
    "closed": "This home of Aurora Time takes no new accounts. Ask whoever runs it. / "
    "Máy chủ Aurora Time này không nhận tài khoản mới. Hãy hỏi người quản trị.",
}
"""Said where nobody knows the person's language yet, so in both."""


CLOSED: Final = (
    "This account was closed and is being deleted. Sign up anew in some minutes. / "
    "Tài khoản này đã đóng và đang được xóa. Hãy đăng ký lại sau vài phút."
)


class NotTakenError(OperationError):
    """The home takes nobody new, or not this one; the message is for the person."""


class Invited(msgspec.Struct, frozen=True):
    """An address that may come in. ``by_hand``: the operator made its account at the issuer, which is good under any
    policy, as ``aurora user add`` is on one machine. ``made`` is an instant.
    """

    email: str
    made: int
    by_hand: bool = False


async def invite(services: Services, email: str, *, by_hand: bool = False) -> bool:
    """Let an address in within a week; False when it is somebody's here already, who needs no invitation."""
    (known,) = await services.table.get(keys.email(email))
    if known is not None:
        return False
    made = encode(Invited(email, services.now, by_hand))
    until = services.now + INVITED_DAYS * _DAY
    await services.table.write(Put(keys.invited(email), made, services.ids.new(), None, until))
    return True


async def check(services: Services, policy: Policy, email: str) -> None:
    """Raises NotTakenError for who may not come in."""
    if policy == "open":
        return
    known, invited = await services.table.get(keys.email(email), keys.invited(email))
    if known is not None:
        return
    if invited is None or (policy == "closed" and not decode(invited.body, Invited).by_hand):
        raise NotTakenError(REFUSED[policy])


async def admit(services: Services, policy: Policy, subject: tuple[str, str], new: NewPerson) -> str:
    """The person behind (issuer, subject); ``new.email`` is verified, and theirs from now on.

    Raises NotTakenError, AddressTakenError. What let them in is used up after the person is made: where that fails,
    what is left leads only to the same address again.
    """
    (known,) = await services.table.get(keys.subject(*subject))
    if known is not None:
        return await _back(services, SubjectName(*subject), decode(known.body, Subject), new.email)
    await let_go(services, new.email)
    await check(services, policy, new.email)
    person_id = await ensure_person(services, *subject, new)
    if policy != "open":
        await services.table.write(Delete(keys.invited(new.email)))
    return person_id


async def _back(services: Services, name: SubjectName, known: Subject, email: str) -> str:
    """Somebody who was here before, perhaps with another address since. Where that cannot be theirs they come in all
    the same, the address that they have here is told of it, and the next sign-in tries again.
    """
    if not known.id:
        raise NotTakenError(CLOSED)
    if known.email != email:
        with suppress(ChangedError, UnavailableError):
            try:
                await follow(services, name, email)
            except AddressTakenError:
                await _tell_of_refused(services, name, email)
    return known.id


async def _tell_of_refused(services: Services, name: SubjectName, email: str) -> None:
    """Once for each address: whoever has taken an account over at the issuer must not go on in it unseen."""
    (item,) = await services.table.get(keys.subject(name.issuer, name.subject))
    known = decode(item.body, Subject) if item else Subject("")
    (person,) = await services.table.get(keys.person(known.id)) if known.id else [None]
    if item is None or person is None or known.refused == email:
        return
    put = Put(item.key, encode(msgspec.structs.replace(known, refused=email)), services.ids.new(), item.version)
    with suppress(ConflictError):  # told by another sign-in just now, or changed, and the next one looks again
        await services.table.write(put, *start_notice(services, decode(person.body, Person), email, "other_sign_in"))
        services.nudge(services.now)
