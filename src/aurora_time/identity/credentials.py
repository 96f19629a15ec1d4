"""Signing in with a password, changing it, and getting back in after losing it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.identity import accounts, mails, sessions
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.context import Account, Provider, hashed
from aurora_time.identity.guessing import (
    Counter,
    count,
    device_counters,
    forgive,
    mail_counters,
    sign_in_counters,
)
from aurora_time.identity.passwords import DUMMY, outdated
from aurora_time.ports import (
    ABSENT,
    Change,
    ConflictError,
    Delete,
    MailRefusedError,
    MailUnavailableError,
)
from aurora_time.store import keys

RESET_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's try to sign in; ``browser`` is the secret of his browser's cookie, ``network`` where it
    stands.
    """

    email: str
    password: str
    network: str
    browser: str


class _Reset(msgspec.Struct, frozen=True):
    """A mailed token; it ends when the password or the address was changed since. No subject for an address without
    an account.
    """

    subject: str
    password_changed: float
    email: str = ""


async def sign_in(provider: Provider, attempt: Attempt) -> tuple[StoredAccount, str] | None:
    """The account and its version, or None: the answer and its time do not tell whether there is one.

    The version is of the account whose password was verified: begin the sign-in only if it still holds.
    Raises SlowDownError, and ConflictError when the account changed meanwhile.
    """
    found = await accounts.find(provider, attempt.email)
    subject = found[0].account.subject if found else "nobody"
    counters = await _counters(provider, attempt, subject)
    await count(provider, counters)
    right = await provider.passwords.verify(found[0].password_hash if found else DUMMY, attempt.password)
    if found is None or not right:
        return None
    await forgive(provider, counters)
    if outdated(found[0].password_hash):
        found = await _rehash(provider, found, attempt.password)
    return await accounts.welcome(provider, found)


async def _counters(provider: Provider, attempt: Attempt, subject: str) -> list[Counter]:
    (known,) = await provider.table.get(keys.device(subject, hashed(attempt.browser)))
    if known is not None:
        return device_counters(subject, attempt.browser)
    return sign_in_counters(attempt.email, attempt.network)


async def _rehash(provider: Provider, found: tuple[StoredAccount, str], password: str) -> tuple[StoredAccount, str]:
    """Store the same password with today's costs."""
    stored, version = found
    renewed = msgspec.structs.replace(stored, password_hash=await provider.passwords.hash(password))
    put = provider.put(keys.account(stored.account.subject), renewed, expect=version)
    await provider.table.write(put)
    return renewed, put.version


# --- a lost password ----------------------------------------------------------------------------------------
async def forgot(provider: Provider, email: str, network: str) -> tuple[Account, str] | None:
    """Make a token to mail to the account with this address, if there is one; the work is the same if there
    is none.

    Raises SlowDownError.
    """
    await count(provider, mail_counters(email, network))
    found = await accounts.find(provider, email)
    token = provider.ids.secret()
    reset = _reset_for(found[0]) if found else _Reset("", 0.0)
    expires = provider.clock.now() + RESET_MINUTES * 60
    await provider.table.write(provider.put(keys.password_reset(hashed(token)), reset, expect=ABSENT, expires=expires))
    return (found[0].account, token) if found else None


def _reset_for(stored: StoredAccount) -> _Reset:
    return _Reset(stored.account.subject, stored.password_changed, stored.account.email)


async def reset_account(provider: Provider, token: str) -> Account | None:
    """Whose password a token may set; None when it was used, is over, or never was."""
    found = await _read_reset(provider, token)
    return None if found is None else found[1][0].account


async def _read_reset(provider: Provider, token: str) -> tuple[tuple[_Reset, str], tuple[StoredAccount, str]] | None:
    reset = await provider.load(keys.password_reset(hashed(token)), _Reset)
    if reset is None:
        return None
    found = await accounts.load(provider, reset[0].subject)
    if found is None or found[0].password_changed != reset[0].password_changed:
        return None
    if found[0].account.email != reset[0].email:
        return None
    return reset, found


async def reset_password(provider: Provider, token: str, password: str) -> bool:
    """Set a new password, once; every sign-in of the account ends. False when the token is not good (any
    more).
    """
    read = await _read_reset(provider, token)
    if read is None:
        return False
    (_, version), found = read
    return await _set_password(provider, found, password, Delete(keys.password_reset(hashed(token)), version))


# --- a new password -----------------------------------------------------------------------------------------
async def change_password(provider: Provider, attempt: Attempt, new_password: str) -> bool:
    """Set a new password for who knows the old one; every sign-in of the account ends, this one too.

    False when the old one is wrong. Raises SlowDownError.
    """
    found = await sign_in(provider, attempt)
    if found is None:
        return False
    return await _set_password(provider, found, new_password)


async def _set_password(provider: Provider, found: tuple[StoredAccount, str], password: str, *also: Change) -> bool:
    stored, version = found
    subject = stored.account.subject
    renewed = accounts.with_password(provider, stored, await provider.passwords.hash(password))
    try:
        put = provider.put(keys.account(subject), renewed, expect=version)
        await provider.table.write(put, *also, *await sessions.ends(provider, subject))
    except ConflictError:  # the token was used, or the password changed, just now
        return False
    await sessions.end_all(provider, subject)
    with suppress(MailRefusedError, MailUnavailableError):  # the change stands, with or without its mail
        await mails.send_password_changed(provider, stored.account)
    return True
