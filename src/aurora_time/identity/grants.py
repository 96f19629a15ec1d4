"""Authorization codes and what they become: grants, each a family of refresh tokens, one good at a time.

A token says where its grant is and holds two secrets: that of the family, which proves it was once ours, and
its own, of which only the newest is good. So a grant is one item however often it is refreshed, a used token
is known for what it is, and a made-up one does no harm.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.identity import sessions
from aurora_time.identity.clients import Client
from aurora_time.identity.context import Provider, hashed
from aurora_time.ports import ABSENT, Change, Check, ConflictError, Delete
from aurora_time.store import keys
from aurora_time.store.sign_ins import ABSOLUTE, IDLE, StoredSession

CODE_SECONDS: Final = 60
_CODE_KEPT: Final = 86_400
"""Seconds a used code is remembered, so that its second use is noticed."""
OFFLINE: Final = "offline_access"
_REFRESH: Final = re.compile(
    r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})"
)


class Code(msgspec.Struct, frozen=True):
    """What a code stands for. ``used`` is the id of the grant it became."""

    subject: str
    session_id: str
    signed_in: float
    client_id: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    nonce: str
    made: float
    used: str = ""


class Grant(msgspec.Struct, frozen=True):
    """What a client was allowed. ``family`` and ``newest`` are SHA-256; empty when there is nothing to
    refresh.
    """

    id: str
    subject: str
    session_id: str
    signed_in: float
    client_id: str
    scopes: tuple[str, ...]
    nonce: str
    made: float
    native: bool
    family: str = ""
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A grant as it is now, and the refresh token to hand out (empty if none)."""

    grant: Grant
    refresh_token: str


async def make_code(provider: Provider, code: Code) -> str:
    secret = provider.ids.secret()
    await provider.table.write(
        provider.put(keys.authorization_code(hashed(secret)), code, expect=ABSENT, expires=code.made + _CODE_KEPT)
    )
    return secret


async def find_code(provider: Provider, secret: str) -> tuple[Code, str] | None:
    """A code and its version; the second use of one ends what the first one issued."""
    found = await provider.load(keys.authorization_code(hashed(secret)), Code)
    if found is None:
        return None
    code = found[0]
    if code.used:
        await _revoke_by_id(provider, code.subject, code.used)
        return None
    return found if provider.clock.now() < code.made + CODE_SECONDS else None


async def exchange(provider: Provider, secret: str, found: tuple[Code, str], client: Client) -> Issued | None:
    """Turn a code into a grant, once. None when it was used just now, or the sign-in behind it is over."""
    code, version = found
    behind = keys.session(code.subject, code.session_id)
    sign_in = await provider.load(behind, StoredSession)
    if sign_in is None:
        return None
    grant_id, session_id = provider.ids.new(), code.session_id
    changes: list[Change] = [Check(behind, sign_in[1])]  # who is being signed out everywhere gets nothing any more
    if client.native:
        session_id, change = sessions.native_session(provider, code.subject, client.client_id, code.signed_in)
        changes.append(change)
    family, newest = (provider.ids.secret(), provider.ids.secret()) if OFFLINE in code.scopes else ("", "")
    grant = Grant(
        id=grant_id,
        subject=code.subject,
        session_id=session_id,
        signed_in=code.signed_in,
        client_id=client.client_id,
        scopes=code.scopes,
        nonce=code.nonce,
        made=provider.clock.now(),
        native=client.native,
        family=hashed(family) if family else "",
        newest=hashed(newest) if newest else "",
    )
    used = msgspec.structs.replace(code, used=grant_id)
    changes += [
        provider.put(keys.authorization_code(hashed(secret)), used, expect=version, expires=code.made + _CODE_KEPT),
        _put(provider, grant, ABSENT),
    ]
    try:
        await provider.table.write(*changes)
    except ConflictError:  # two uses at once: this is the second; or the sign-in was used, or ended, just now
        again = await find_code(provider, secret)
        return await exchange(provider, secret, again, client) if again else None
    return Issued(grant, f"{code.subject}.{grant_id}.{family}.{newest}" if family else "")


def _put(provider: Provider, grant: Grant, expect: str) -> Change:
    """A grant is kept while its newest token may be used, and never longer than a sign-in may last."""
    expires = min(provider.clock.now() + IDLE, grant.made + ABSOLUTE)
    return provider.put(keys.grant(grant.subject, grant.id), grant, expect=expect, expires=expires)


async def find_grant(provider: Provider, token: str, client_id: str) -> tuple[Grant, str, bool] | None:
    """The grant of a refresh token issued to this client, its version, and whether the token is the
    newest.
    """
    match = _REFRESH.fullmatch(token)
    if match is None:
        return None
    found = await provider.load(keys.grant(match[1], match[2]), Grant)
    if found is None:
        return None
    grant, version = found
    ours = hmac.compare_digest(grant.family, hashed(match[3])) and grant.client_id == client_id
    return (grant, version, hmac.compare_digest(grant.newest, hashed(match[4]))) if ours else None


async def refresh(provider: Provider, token: str, client_id: str) -> Issued | None:
    """The next token of the family. None for a token that is not good; a used one ends its whole family."""
    found = await find_grant(provider, token, client_id)
    if found is None:
        return None
    grant, version, newest = found
    if not newest:
        await revoke(provider, grant)
        return None
    session = await provider.load(keys.session(grant.subject, grant.session_id), StoredSession)
    if session is None:
        return None
    secret = provider.ids.secret()
    renewed = msgspec.structs.replace(grant, newest=hashed(secret), nonce="")
    try:
        await provider.table.write(_put(provider, renewed, version))
    except ConflictError:  # two uses at once: this one is the second use
        await revoke(provider, grant)
        return None
    await sessions.touch(provider, grant.subject, grant.session_id, session)
    return Issued(renewed, f"{token.rpartition('.')[0]}.{secret}")


async def revoke(provider: Provider, grant: Grant) -> None:
    """End a grant with all its tokens; a native client is signed out by it."""
    changes: list[Change] = [Delete(keys.grant(grant.subject, grant.id))]
    if grant.native:
        changes.append(Delete(keys.session(grant.subject, grant.session_id)))
    await provider.table.write(*changes)


async def _revoke_by_id(provider: Provider, subject: str, grant_id: str) -> None:
    found = await provider.load(keys.grant(subject, grant_id), Grant)
    if found is not None:
        await revoke(provider, found[0])
