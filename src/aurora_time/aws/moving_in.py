"""Who comes from a home of one machine whose data was moved here: the pool asks us once, and knows them from then on.

With `aurora move` the accounts come too, unless they were left behind (`--no-accounts`). A password is held against the
account as the old home would; who has a second step there must not get by without it, and takes the way of a lost
password: a code to the verified address, for which nothing but the person is needed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aurora_time.operations.admitting import NotTakenError
from aurora_time.operations.services import Services
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import EMBEDDED, Person, Pointer, Subject

if TYPE_CHECKING:
    from aurora_time.identity.context import Account, Provider

_NOBODY: Final = "Incorrect username or password."
"""As the pool says it: an answer tells nobody who has an account."""
_SECOND_STEP: Final = (
    "Your second step did not move here. Choose a new password by “Forgot your password?”, then set it up anew."
    " / Bước xác minh thứ hai của bạn không được chuyển sang đây. Hãy chọn mật khẩu mới ở “Forgot your password?”,"
    " rồi thiết lập lại."
)
"""Told to who has the right password alone."""
_NETWORK: Final = "the user pool"
"""It does not say where somebody stands, so tries are counted for the address alone; a lost password needs none."""


async def attributes_of(services: Services, address: str, request: dict[str, Any]) -> dict[str, Any]:
    """The answer by which the pool makes its user. Raises NotTakenError for who is nobody here, or not this one."""
    person = await _person(services, address)
    password = request.get("password")
    if password is not None:
        account = await _account(services, address, password)
        if person is None or account is None or not await _is_theirs(services, account, person):
            raise NotTakenError(_NOBODY)
    if person is None:
        raise NotTakenError(_NOBODY)
    said = {"email": person.email, "email_verified": "true", "locale": person.locale, "zoneinfo": person.time_zone}
    named = {"name": person.name} if person.name else {}
    confirmed = {"finalUserStatus": "CONFIRMED"} if password is not None else {}
    return {"userAttributes": said | named, "messageAction": "SUPPRESS", **confirmed}


async def _person(services: Services, address: str) -> Person | None:
    (pointer,) = await services.table.get(keys.email(address))
    if pointer is None:
        return None
    (item,) = await services.table.get(keys.person(decode(pointer.body, Pointer).id))
    return decode(item.body, Person) if item else None


async def _account(services: Services, address: str, password: str) -> Account | None:
    """Whose password this is, and takes as long for an address that has no account. Raises NotTakenError where it is
    right and not enough.
    """
    from aurora_time.identity import accounts
    from aurora_time.identity.guessing import SlowDownError, count, forgive, sign_in_counters
    from aurora_time.identity.passwords import DUMMY

    provider = provider_of(services)
    counters = sign_in_counters(address, _NETWORK)[:1]
    try:
        await count(provider, counters)
    except SlowDownError:
        raise NotTakenError(_NOBODY) from None
    found = await accounts.find(provider, address)
    right = await provider.passwords.verify(found[0].password_hash if found else DUMMY, password)
    if found is None or not right:
        return None
    if found[0].factor is not None:
        raise NotTakenError(_SECOND_STEP)
    await forgive(provider, counters)
    return found[0].account


def provider_of(services: Services) -> Provider:
    """What reads the accounts; nobody signs in at it here."""
    from aurora_time.identity.context import Provider

    async def nobody_is_new(_account: Account) -> None:
        return

    return Provider(
        services.table,
        services.mailer,
        services.clock,
        services.ids,
        services.public_url,
        on_confirmed=nobody_is_new,
        notice=lambda _email, _code: None,
        signup="closed",
    )


async def _is_theirs(services: Services, account: Account, person: Person) -> bool:
    (item,) = await services.table.get(keys.subject(EMBEDDED, account.subject))
    return item is not None and decode(item.body, Subject).id == person.id
