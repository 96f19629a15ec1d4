"""``aurora user add``: an account by the operator's word, and a token for scripts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from aurora_time.domain import zones
from aurora_time.identity import accounts, credentials
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.passwords import weakness
from aurora_time.identity.provider import Account
from aurora_time.identity.words import WORDS
from aurora_time.operations.people import LANGUAGES, SCOPES, create_token, find_person_id
from aurora_time.ports import ConflictError
from aurora_time.run.control import OperatorError
from aurora_time.run.mail_address import check_address
from aurora_time.run.wiring import Home
from aurora_time.store.people import EMBEDDED

_TOKEN_NAME: Final = "aurora user add"  # noqa: S105  a name that is shown among the tokens, no secret
_TRIES: Final = 3


class NewUser(msgspec.Struct, frozen=True):
    """What the operator asks for. Without a password, one is chosen later through a link."""

    email: str
    name: str
    time_zone: str
    locale: str
    token: bool = False
    password: str | None = None


class UserAdded(msgspec.Struct, frozen=True):
    """What became of it; ``token`` is its secret, ``link`` leads to where a password is chosen."""

    created: bool
    token: str | None = None
    link: str | None = None


async def add_user(home: Home, new: NewUser) -> UserAdded:
    """Make the account unless it is there, then the token or the link. Raises OperatorError, UnavailableError."""
    _check(new)
    if home.settings.issuer is not None:
        raise OperatorError(f"Accounts come from {home.settings.issuer.url}; sign in there and make a token.")
    created, stored = await _ensure_account(home, new)
    if not created:
        await _check_same_password(home, stored, new)
    if new.token:
        return UserAdded(created, token=await _token(home, stored.account.subject))
    if created and new.password is None:
        return UserAdded(created, link=await _link(home, new.email))
    return UserAdded(created)


def _check(new: NewUser) -> None:
    check_address(new.email)
    try:
        zones.zone(new.time_zone)
    except zones.UnknownZoneError as error:
        raise OperatorError(f"--time-zone: {error}.") from None
    if new.locale not in LANGUAGES:
        raise OperatorError(f"--locale must be one of {', '.join(LANGUAGES)}, not {new.locale!r}.")
    weak = weakness(new.password, new.email) if new.password is not None else None
    if weak:
        raise OperatorError(f"This password is not taken: {getattr(WORDS['en'], weak)}")


async def _ensure_account(home: Home, new: NewUser) -> tuple[bool, StoredAccount]:
    """The account of this address, and whether it was made here."""
    provider = home.provider
    # Nobody knows this secret: until a password is chosen, there is none to sign in with.
    password = provider.ids.secret() if new.password is None else new.password
    for _ in range(_TRIES):
        try:
            found = await accounts.find(provider, new.email)
            if found is not None:
                return False, (await accounts.welcome(provider, found))[0]
            account = Account(provider.ids.new(), new.email, new.name, new.time_zone, new.locale)
            return True, await accounts.create(provider, account, password)
        except ConflictError:  # somebody signs up or in with this address just now
            continue
    raise OperatorError(f"The account of {new.email} is being changed by somebody else; try again.")


async def _check_same_password(home: Home, stored: StoredAccount, new: NewUser) -> None:
    if new.password is None or await home.provider.passwords.verify(stored.password_hash, new.password):
        return
    raise OperatorError(
        f"{new.email} has an account with another password, which stays; a lost one is replaced at "
        f"{home.public_url}/password/forgot."
    )


async def _token(home: Home, subject: str) -> str:
    person_id = await find_person_id(home.services, EMBEDDED, subject)
    assert person_id is not None, "who is welcomed is a person"
    _, _, secret = await create_token(home.services, person_id, _TOKEN_NAME, SCOPES, None)
    return secret


async def _link(home: Home, email: str) -> str:
    try:
        found = await credentials.forgot(home.provider, email, "operator")
    except SlowDownError:
        found = None
    if found is None:
        return f"{home.public_url}/password/forgot"
    return f"{home.public_url}/password/reset?token={quote(found[1])}"


# --- what this machine knows of its user --------------------------------------------------------------------
def machine_time_zone(environ: Mapping[str, str], localtime: Path = Path("/etc/localtime")) -> str:
    """The IANA name of this machine's zone, UTC if it cannot be told."""
    named = environ.get("TZ", "").removeprefix(":")
    linked = os.path.realpath(localtime).partition("/zoneinfo/")[2]
    for name in (named, linked):
        try:
            zones.zone(name)
        except zones.UnknownZoneError:
            continue
        return name
    return "UTC"


def machine_locale(environ: Mapping[str, str]) -> str:
    """The language of this shell, if Aurora Time speaks it; English otherwise."""
    language = (environ.get("LC_ALL") or environ.get("LANG") or "")[:2].lower()
    return language if language in LANGUAGES else "en"
