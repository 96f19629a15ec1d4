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
from aurora_time.store.sign_ins import DAY, StoredSession

_TOUCH: Final = 3_600
"""Seconds from one note of use to the next: so exactly it is known when a sign-in was used last."""
_COOKIE: Final = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")
_AGENT_LENGTH: Final = 200
_WITH_OTHERS: Final = MAX_CHANGES - 10


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


@dataclass(frozen=True, slots=True)
class Begun:
    """The sign-in a cookie belongs to: whose it is, a subject's of ours, or a person's who came by another issuer."""

    owner: str
    id: str
    csrf: str
    stored: StoredSession


async def begun(provider: Provider, request: Request) -> Begun | None:
    """The sign-in of this browser; using one makes it last."""
    parts = _parts(provider, request)
    found = await provider.load(keys.session(parts[0], parts[1]), StoredSession) if parts else None
    if parts is None or found is None or not hmac.compare_digest(found[0].secret, hashed(parts[2])):
        return None
    await touch(provider, parts[0], parts[1], found)
    return Begun(parts[0], parts[1], csrf_token(parts[2]), found[0])


async def current_session(provider: Provider, request: Request) -> Session | None:
    """Who is signed in in this browser."""
    sign_in = await begun(provider, request)
    found = await provider.load(keys.account(sign_in.owner), StoredAccount) if sign_in else None
    if sign_in is None or found is None:
        return None
    account = found[0].account
    return Session(
        id=sign_in.id,
        subject=account.subject,
        email=account.email,
        name=account.name,
        time_zone=account.time_zone,
        locale=account.locale,
        csrf=sign_in.csrf,
        signed_in=sign_in.stored.signed_in,
    )


def csrf_ok(provider: Provider, request: Request, submitted: str) -> bool:
    """Whether a form posted by a signed-in browser comes from a page of ours, made for this sign-in."""
    parts = _parts(provider, request)
    return parts is not None and same_origin(request, provider.issuer) and csrf_matches(parts[2], submitted)


async def touch(provider: Provider, subject: str, session_id: str, found: tuple[StoredSession, str]) -> None:
    """Make a sign-in that is used last; written at most once an hour."""
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
    """Begin a sign-in of an account; raises ConflictError when it changed since it was read (a new password)."""
    subject = account[0].account.subject
    return await begin(provider, request, subject, browser, Check(keys.account(subject), account[1]))


async def begin(provider: Provider, request: Request, owner: str, browser: str, check: Check) -> NewSession:
    """Begin a sign-in: the browser becomes a known device, and what was signed in there before ends.

    Signing in again to the same account keeps the sign-in's id, so clients keep what they were granted.
    Raises ConflictError when ``check`` does not hold any more: verify anew.
    """
    now, old = provider.clock.now(), _parts(provider, request)
    same = await _still(provider, old) if old is not None and old[0] == owner else None
    session_id, secret = same or provider.ids.new(), provider.ids.secret()
    agent = request.headers.get("user-agent", "")[:_AGENT_LENGTH]
    made = StoredSession(secret=hashed(secret), signed_in=now, seen=now, agent=agent)
    changes: list[Change] = [
        check,
        provider.put(keys.session(owner, session_id), made, expect=None, expires=made.expires),
        provider.put(keys.device(owner, hashed(browser)), now, expect=None, expires=now + 400 * DAY),
    ]
    if old is not None and same is None and await _still(provider, old):
        changes.append(Delete(keys.session(old[0], old[1])))
    await provider.table.write(*changes)
    return NewSession(session_id, f"{owner}.{session_id}.{secret}")


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


async def ends(provider: Provider, subject: str) -> list[Change]:
    """What ends the sign-ins that there are now, as many as fit into a write with something else: for ``end_all`` is
    not done when a crash comes between.
    """
    (items,) = await provider.table.query(Range(keys.session(subject, "").part, limit=_WITH_OTHERS))
    return [Delete(item.key) for item in items]


async def end_all(provider: Provider, subject: str) -> None:
    """Sign out everywhere: browsers and native clients, and with them all their tokens."""
    part = keys.session(subject, "").part
    while True:
        (items,) = await provider.table.query(Range(part, limit=MAX_CHANGES))
        if not items:
            return
        await provider.table.write(*(Delete(item.key) for item in items))
