"""Sign-ins: of browsers (a cookie) and of native clients. Whatever was issued on one ends with it."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.requests import Request

from aurora_time.http.page import same_origin
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.browser import SESSION_COOKIE, csrf_matches, csrf_token, read_cookie
from aurora_time.identity.context import Provider, hashed
from aurora_time.ports import ABSENT, MAX_CHANGES, Change, Check, ConflictError, Delete, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode

DAY: Final = 86_400
IDLE: Final = 30 * DAY
"""Seconds a sign-in lives without being used."""
ABSOLUTE: Final = 180 * DAY
"""Seconds it lives at most; the cookie's age too, for the table decides about the rest."""
_TOUCH: Final = DAY
_COOKIE: Final = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")
_AGENT_LENGTH: Final = 200


class StoredSession(msgspec.Struct, frozen=True):
    """One sign-in. ``secret`` is the SHA-256 of the cookie's, empty for a native client; times in epoch
    seconds.
    """

    secret: str
    signed_in: float
    seen: float
    agent: str
    client_id: str = ""

    @property
    def expires(self) -> float:
        return min(self.seen + IDLE, self.signed_in + ABSOLUTE)


@dataclass(frozen=True, slots=True)
class Session:
    """The sign-in a request came with. ``signed_in`` is when the password was given, in epoch seconds."""

    id: str
    subject: str
    email: str
    name: str
    time_zone: str
    locale: str
    csrf: str
    signed_in: float


@dataclass(frozen=True, slots=True)
class NewSession:
    """The cookie value to set."""

    id: str
    cookie: str


def _parts(provider: Provider, request: Request) -> tuple[str, str, str] | None:
    match = _COOKIE.fullmatch(read_cookie(provider, request, SESSION_COOKIE))
    return None if match is None else (match[1], match[2], match[3])


async def current_session(provider: Provider, request: Request) -> Session | None:
    """Who is signed in in this browser; using a sign-in makes it last."""
    parts = _parts(provider, request)
    if parts is None:
        return None
    subject, session_id, secret = parts
    key = keys.session(subject, session_id)
    item, account_item = await provider.table.get(key, keys.account(subject))
    if item is None or account_item is None:
        return None
    stored = decode(item.body, StoredSession)
    if not hmac.compare_digest(stored.secret, hashed(secret)):
        return None
    await touch(provider, subject, session_id, (stored, item.version))
    account = decode(account_item.body, StoredAccount).account
    return Session(
        id=session_id,
        subject=subject,
        email=account.email,
        name=account.name,
        time_zone=account.time_zone,
        locale=account.locale,
        csrf=csrf_token(secret),
        signed_in=stored.signed_in,
    )


def csrf_ok(provider: Provider, request: Request, submitted: str) -> bool:
    """Whether a form posted by a signed-in browser comes from a page of ours, made for this sign-in."""
    parts = _parts(provider, request)
    return parts is not None and same_origin(request, provider.issuer) and csrf_matches(parts[2], submitted)


async def touch(provider: Provider, subject: str, session_id: str, found: tuple[StoredSession, str]) -> None:
    """Make a sign-in that is used last; written at most once a day."""
    stored, version = found
    now = provider.clock.now()
    if now - stored.seen < _TOUCH:
        return
    seen = msgspec.structs.replace(stored, seen=now)
    try:
        await provider.table.write(
            provider.put(keys.session(subject, session_id), seen, expect=version, expires=seen.expires)
        )
    except ConflictError:  # another request was first, or it ended: both are well
        return


async def start(provider: Provider, request: Request, account: tuple[StoredAccount, str], browser: str) -> NewSession:
    """Begin a sign-in: the browser becomes a known device, and what was signed in there before ends.

    Signing in again to the same account keeps the sign-in's id, so clients keep what they were granted.
    Raises ConflictError when the account changed since it was read (a new password): verify anew.
    """
    stored, version = account
    subject, now = stored.account.subject, provider.clock.now()
    old = _parts(provider, request)
    same = await _still(provider, old) if old is not None and old[0] == subject else None
    session_id, secret = same or provider.ids.new(), provider.ids.secret()
    agent = request.headers.get("user-agent", "")[:_AGENT_LENGTH]
    made = StoredSession(secret=hashed(secret), signed_in=now, seen=now, agent=agent)
    changes: list[Change] = [
        Check(keys.account(subject), version),
        provider.put(keys.session(subject, session_id), made, expect=None, expires=made.expires),
        provider.put(keys.device(subject, hashed(browser)), now, expect=None, expires=now + 400 * DAY),
    ]
    if old is not None and same is None and await _still(provider, old):
        changes.append(Delete(keys.session(old[0], old[1])))
    await provider.table.write(*changes)
    return NewSession(session_id, f"{subject}.{session_id}.{secret}")


async def _still(provider: Provider, parts: tuple[str, str, str]) -> str | None:
    """The id of the sign-in a cookie belongs to, if it is still there."""
    found = await provider.load(keys.session(parts[0], parts[1]), StoredSession)
    if found is None or not hmac.compare_digest(found[0].secret, hashed(parts[2])):
        return None
    return parts[1]


def native_session(provider: Provider, subject: str, client_id: str, signed_in: float) -> tuple[str, Change]:
    """The id of a sign-in of a native client, and the change that begins it."""
    session_id = provider.ids.new()
    made = StoredSession(secret="", signed_in=signed_in, seen=provider.clock.now(), agent="", client_id=client_id)
    return session_id, provider.put(keys.session(subject, session_id), made, expect=ABSENT, expires=made.expires)


async def end(provider: Provider, subject: str, session_id: str) -> None:
    await provider.table.write(Delete(keys.session(subject, session_id)))


async def end_all(provider: Provider, subject: str) -> None:
    """Sign out everywhere: browsers and native clients, and with them all their tokens."""
    part = keys.session(subject, "").part
    while True:
        (items,) = await provider.table.query(Range(part, limit=MAX_CHANGES))
        if not items:
            return
        await provider.table.write(*(Delete(item.key) for item in items))
