"""Accounts: what is stored of them, finding, making and changing them."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from aurora_time.identity.context import Account, Provider
from aurora_time.ports import ABSENT, Change, ConflictError
from aurora_time.store import keys

_ATOM: Final = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_MAX_EMAIL: Final = 254
_MAX_LOCAL: Final = 64


class SecondFactor(msgspec.Struct, frozen=True):
    """An authenticator app. ``secret`` is base32, as it has to be read; ``recovery`` are SHA-256 of the codes left.

    ``used`` is the step of the code that was used last: neither it nor an earlier one is good again.
    """

    secret: str
    since: float
    used: int
    recovery: tuple[str, ...] = ()


class StoredAccount(msgspec.Struct, frozen=True):
    """An account with what its owner signs in with. Times in epoch seconds.

    ``welcomed`` says that the product was told of it and need not be told again.
    """

    account: Account
    password_hash: str
    created: float
    password_changed: float
    welcomed: bool = False
    factor: SecondFactor | None = None


class _Owner(msgspec.Struct, frozen=True):
    subject: str


def well_formed(email: str) -> bool:
    """Whether a mail server could take this address (RFC 5321, in ASCII)."""
    return (
        len(email) <= _MAX_EMAIL and len(email.partition("@")[0]) <= _MAX_LOCAL and _EMAIL.fullmatch(email) is not None
    )


async def find(provider: Provider, email: str) -> tuple[StoredAccount, str] | None:
    """The account with this address, and its version."""
    owner = await provider.load(keys.login(email), _Owner)
    return None if owner is None else await load(provider, owner[0].subject)


async def load(provider: Provider, subject: str) -> tuple[StoredAccount, str] | None:
    return await provider.load(keys.account(subject), StoredAccount)


async def existing(provider: Provider, subject: str) -> tuple[StoredAccount, str]:
    """An account that was there a moment ago. Raises ConflictError if it is gone."""
    found = await load(provider, subject)
    if found is None:
        raise ConflictError(keys.account(subject))
    return found


def creation(provider: Provider, account: Account, password_hash: str) -> list[Change]:
    """What makes an account; the write is refused where the address has one already."""
    now = provider.clock.now()
    stored = StoredAccount(account, password_hash, created=now, password_changed=now)
    return [
        provider.put(keys.account(account.subject), stored, expect=ABSENT),
        login_put(provider, account.email, account.subject),
    ]


def login_put(provider: Provider, email: str, subject: str) -> Change:
    """What lets an address sign in; refused where it does already."""
    return provider.put(keys.login(email), _Owner(subject), expect=ABSENT)


async def create(provider: Provider, account: Account, password: str) -> StoredAccount:
    """An account made by the operator, whose word for the address is enough.

    Raises ConflictError if the address is taken.
    """
    changes = creation(provider, account, await provider.passwords.hash(password))
    await provider.table.write(*changes)
    return (await welcome(provider, await existing(provider, account.subject)))[0]


async def welcome(provider: Provider, found: tuple[StoredAccount, str]) -> tuple[StoredAccount, str]:
    """Tell the product of a confirmed account, unless that was done; returns the account as it is then.

    Called at each sign-in, so that what a crash cut off is made up for. Raises ConflictError when the account
    changed since it was read.
    """
    stored, version = found
    if stored.welcomed:
        return found
    await provider.on_confirmed(stored.account)
    told = msgspec.structs.replace(stored, welcomed=True)
    put = provider.put(keys.account(stored.account.subject), told, expect=version)
    await provider.table.write(put)
    return told, put.version


def with_password(provider: Provider, stored: StoredAccount, password_hash: str) -> StoredAccount:
    """The account after its owner chose a new password."""
    return msgspec.structs.replace(stored, password_hash=password_hash, password_changed=provider.clock.now())
