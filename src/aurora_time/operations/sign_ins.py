"""Where a person is signed in: the devices, and ending one or all of them.

A sign-in is an item of the subject that signed in. Every access token of ours names its sign-in, and whoever verifies
one reads that item: so a deleted one ends its tokens with the next request. Of another issuer's tokens only the time
of issue is known: for these the mark of the subject says from when on they are good again; and that issuer is told, as
it would go on renewing them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from aurora_time.operations.errors import NotFoundError
from aurora_time.operations.people import delete_token, list_tokens, read_person
from aurora_time.operations.services import Services
from aurora_time.ports import MAX_CHANGES, ConflictError, Delete, Item, Key, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import EMBEDDED, Subject, SubjectName
from aurora_time.store.sign_ins import StoredSession


@dataclass(frozen=True, slots=True)
class SignIn:
    """One device. ``version`` is that of its item."""

    id: str
    session: StoredSession
    version: str


async def subjects_of(services: Services, person_id: str) -> list[SubjectName]:
    """What each issuer calls this person. Raises NotFoundError when the account is gone."""
    (items,) = await services.table.query(Range(keys.subjects(person_id).part))
    names = [decode(item.body, SubjectName) for item in items]
    if any(name.issuer == EMBEDDED for name in names):
        return names
    # An account from before the names were noted: the embedded provider knows it by its address.
    person, _ = await read_person(services, person_id)
    (login,) = await services.table.get(keys.login(person.email))
    return [*names, SubjectName(EMBEDDED, decode(login.body, _Owner).subject)] if login else names


class _Owner(msgspec.Struct, frozen=True):
    subject: str


async def _items(services: Services, person_id: str) -> list[Item]:
    """The sign-ins of all subjects, and those that our own pages began for another issuer's subject."""
    subjects = [name.subject for name in await subjects_of(services, person_id)]
    ranges = (Range(keys.session(subject, "").part) for subject in dict.fromkeys([*subjects, person_id]))
    found = await services.table.query(*ranges)
    return [item for items in found for item in items]


async def list_sign_ins(services: Services, person_id: str) -> list[SignIn]:
    """All that are good now, the last used first."""
    found = [
        SignIn(item.key.sort, decode(item.body, StoredSession), item.version)
        for item in await _items(services, person_id)
    ]
    return sorted(found, key=lambda each: (-each.session.seen, each.id))


async def _find(services: Services, person_id: str, session_id: str) -> Item:
    found = [item for item in await _items(services, person_id) if item.key.sort == session_id]
    if not found:
        raise NotFoundError
    return found[0]


async def read_sign_in(services: Services, person_id: str, session_id: str) -> SignIn:
    item = await _find(services, person_id, session_id)
    return SignIn(item.key.sort, decode(item.body, StoredSession), item.version)


async def end_sign_in(services: Services, person_id: str, session_id: str) -> None:
    """Sign out one device: what was issued to it is good no more. Raises NotFoundError."""
    item = await _find(services, person_id, session_id)
    await services.table.write(Delete(item.key))
    services.writers.tell(person_id)


async def end_all_sign_ins(services: Services, person_id: str, *, keep: str = "", tokens: bool = False) -> None:
    """Sign out everywhere but in the sign-in ``keep``; with ``tokens`` the API tokens end as well.

    What is being begun by a sign-in that ends here is refused by its own check of it. Another issuer is asked to renew
    nothing any more, which spares none of its sign-ins. It may refuse: so who signed in there is out only when that is
    done, and can ask again. Raises UnavailableError.
    """
    if tokens:
        await _end_tokens(services, person_id)
    names = await subjects_of(services, person_id)
    for name in names:
        if name.issuer == services.issuer:
            await services.accounts.sign_out(name.subject)
    while ending := [item.key for item in await _items(services, person_id) if item.key.sort != keep]:
        await services.table.write(*(Delete(key) for key in ending[:MAX_CHANGES]))
    for name in names:
        await _mark(services, keys.subject(name.issuer, name.subject), services.now + 1)
    if tokens:  # whoever was signed in until now may have made another meanwhile
        await _end_tokens(services, person_id)
    services.writers.tell(person_id)


async def _end_tokens(services: Services, person_id: str) -> None:
    for token, _ in await list_tokens(services, person_id):
        with suppress(NotFoundError):  # its owner ends it just now
            await delete_token(services, person_id, token.id)


async def end_before_password(services: Services, name: SubjectName) -> None:
    """The home's issuer has taken another password of this subject: whoever signed in before is out, here and there.

    Who is led straight in by the new one may come in the same second, and counts. Both are tried, whichever fails.
    Raises UnavailableError.
    """
    mark = _mark(services, keys.subject(name.issuer, name.subject), services.now)
    did = await asyncio.gather(mark, services.accounts.sign_out(name.subject), return_exceptions=True)
    for failed in (each for each in did if each is not None):
        raise failed


async def _mark(services: Services, key: Key, since: int) -> None:
    """From now on only those of the other issuer's tokens are good whose sign-in was at ``since`` or later."""
    while True:
        (item,) = await services.table.get(key)
        known = decode(item.body, Subject) if item else Subject("")
        if item is None or not known.id or known.not_before >= since:
            return  # nobody's (any more), or signed out later already
        marked = msgspec.structs.replace(known, not_before=since)
        try:
            await services.table.write(Put(key, encode(marked), services.ids.new(), item.version))
        except ConflictError:
            continue
        return
