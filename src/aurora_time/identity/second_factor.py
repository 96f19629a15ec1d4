"""Two-step sign-in: after the password a code of an authenticator app, or a recovery code.

A code is good once: the step it stands for, or the recovery code itself, is used up in the write that lets somebody
in. Guessing is slowed as for passwords, but counted for the account alone and not for each network, since whoever gets
as far as here has the password.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.identity import accounts, mails, totp
from aurora_time.identity.accounts import SecondFactor, StoredAccount
from aurora_time.identity.context import Provider, hashed
from aurora_time.identity.guessing import count, forgive, second_step_counters, waits
from aurora_time.ports import ABSENT, Change, Delete
from aurora_time.store import keys

FLOW_SECONDS: Final = 600
"""For which the second step of a sign-in waits."""
_FLOW: Final = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")

Found = tuple[StoredAccount, str]
"""An account and its version."""


class _HalfWay(msgspec.Struct, frozen=True):
    """A sign-in whose password was right; in this browser alone, and while the password is what it was."""

    browser: str
    password_changed: float
    next: str


@dataclass(frozen=True, slots=True)
class Step:
    """A second step that waits: of which account, and where to go then."""

    found: Found
    next: str
    changes: tuple[Change, ...]


# --- the second step of a sign-in ---------------------------------------------------------------------------
async def begin(provider: Provider, account: StoredAccount, browser: str, next_: str) -> str:
    """Remember that the password was right; returns the flow's secret."""
    secret, subject = provider.ids.secret(), account.account.subject
    half = _HalfWay(hashed(browser), account.password_changed, next_)
    expires = provider.clock.now() + FLOW_SECONDS
    key = keys.second_step(subject, hashed(secret))
    await provider.table.write(provider.put(key, half, expect=ABSENT, expires=expires))
    return f"{subject}.{secret}"


async def find(provider: Provider, flow: str, browser: str) -> Step | None:
    """What waits for a code in this browser; None when it is over, or never was."""
    match = _FLOW.fullmatch(flow)
    if match is None:
        return None
    key = keys.second_step(match[1], hashed(match[2]))
    half = await provider.load(key, _HalfWay)
    found = await accounts.load(provider, match[1])
    if half is None or found is None or not hmac.compare_digest(half[0].browser, hashed(browser)):
        return None
    if found[0].password_changed != half[0].password_changed:
        return None
    return Step(found, half[0].next, (Delete(key, half[1]),))


async def check(provider: Provider, found: Found, code: str, browser: str, *also: Change) -> Found | None:
    """The account after a right code was used up, with the changes ``also`` in the same write; None for a wrong one.

    Raises SlowDownError, and ConflictError when the account changed meanwhile, also by this very code.
    """
    stored, version = found
    subject = stored.account.subject
    (known,) = await provider.table.get(keys.device(subject, hashed(browser)))
    counters = second_step_counters(subject, browser if known else "")
    await count(provider, counters)
    factor = _used(provider, stored.factor, code)
    if factor is None:
        if await waits(provider, counters):
            await mails.tell(provider, stored.account, "guessing")
        return None
    after = msgspec.structs.replace(stored, factor=factor)
    put = provider.put(keys.account(subject), after, expect=version)
    await provider.table.write(put, *also)
    await forgive(provider, counters)
    if stored.factor is not None and len(factor.recovery) < len(stored.factor.recovery):
        await mails.tell(provider, stored.account, "recovery_used", str(len(factor.recovery)))
    return after, put.version


def _used(provider: Provider, factor: SecondFactor | None, code: str) -> SecondFactor | None:
    """The factor without the code, None if the code is not good."""
    if factor is None:
        return None
    secret = totp.read_secret(factor.secret)
    digits = "".join(code.split())
    step = totp.matching_step(secret, digits, provider.clock.now(), factor.used) if secret else None
    if step is not None:
        return msgspec.structs.replace(factor, used=step)
    recovery = totp.recovery_hash(code)
    if recovery is None or recovery not in factor.recovery:
        return None
    return msgspec.structs.replace(factor, recovery=tuple(each for each in factor.recovery if each != recovery))


# --- on, off, and new recovery codes ------------------------------------------------------------------------
async def turn_on(provider: Provider, found: Found, secret: str, code: str) -> list[str] | None:
    """The recovery codes, which are not shown again; None when the code is not one of this secret's.

    Raises ConflictError when the account changed meanwhile.
    """
    stored, version = found
    now, raw = provider.clock.now(), totp.read_secret(secret)
    step = totp.matching_step(raw, "".join(code.split()), now, 0) if raw else None
    if step is None:
        return None
    codes = _new_codes(provider)
    factor = SecondFactor(secret, now, step, _hashes(codes))
    await _write(provider, stored, version, factor)
    await mails.tell(provider, stored.account, "factor_on")
    return codes


async def turn_off(provider: Provider, found: Found) -> None:
    """For who gave password and code. Raises ConflictError."""
    stored, version = found
    await _write(provider, stored, version, None)
    await mails.tell(provider, stored.account, "factor_off")


async def renew_codes(provider: Provider, found: Found) -> list[str]:
    """New recovery codes in the place of all old ones, for who gave password and code. Raises ConflictError."""
    stored, version = found
    assert stored.factor is not None, "a code of it was checked"
    codes = _new_codes(provider)
    await _write(provider, stored, version, msgspec.structs.replace(stored.factor, recovery=_hashes(codes)))
    await mails.tell(provider, stored.account, "recovery_renewed")
    return codes


async def _write(provider: Provider, stored: StoredAccount, version: str, factor: SecondFactor | None) -> None:
    changed = msgspec.structs.replace(stored, factor=factor)
    await provider.table.write(provider.put(keys.account(stored.account.subject), changed, expect=version))


def _new_codes(provider: Provider) -> list[str]:
    return [totp.new_recovery_code(provider.ids.secret()) for _ in range(totp.RECOVERY_CODES)]


def _hashes(codes: list[str]) -> tuple[str, ...]:
    return tuple(str(totp.recovery_hash(code)) for code in codes)
