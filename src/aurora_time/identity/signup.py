"""Signing up: nothing is made of an address until the code mailed to it comes back.

A sign-up is a *flow*, known only to the browser that began it: whoever gives an address of somebody else
cannot have its owner confirm a password which the owner did not choose. For an address that has an account
the flow is a decoy: all looks the same, but no code is right, and the owner gets another mail.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from aurora_time.identity import accounts, invitations, mails
from aurora_time.identity.context import Account, Provider, hashed
from aurora_time.identity.guessing import SlowDownError, count, mail_counters
from aurora_time.ports import ABSENT, ConflictError, Delete
from aurora_time.store import keys

CODE_MINUTES: Final = 15
TRIES: Final = 5
"""Per code."""
CODES: Final = 5
"""Per flow; then one has to begin again."""
RESEND_AFTER: Final = 60
"""Seconds to the second code; twice as many to each further one."""
FLOW_AGE: Final = 86_400
"""Seconds an unconfirmed sign-up is kept."""

Refusal = Literal["wrong", "expired", "used_up", "gone", "taken"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody filled in; ``next`` is where he was going, ``invitation`` what let him in, if he needed it."""

    email: str
    name: str
    password: str
    time_zone: str
    locale: str
    next: str
    invitation: str = ""


class SignUp(msgspec.Struct, frozen=True):
    """A flow that waits for its code. Times in epoch seconds; no ``code_hash`` is right for a decoy.

    ``invitation`` is the SHA-256 of the one that the account will use up.
    """

    account: Account
    password_hash: str
    next: str
    began: float
    code_hash: str
    code_made: float
    tries: int = 0
    codes: int = 1
    decoy: bool = False
    invitation: str = ""

    @property
    def resend_from(self) -> float:
        return self.code_made + (RESEND_AFTER << (self.codes - 1))


@dataclass(frozen=True, slots=True)
class Confirmed:
    subject: str
    next: str


async def begin(provider: Provider, draft: Draft, network: str) -> str:
    """Mail a code; returns the flow's secret. Raises SlowDownError, MailRefusedError,
    MailUnavailableError.
    """
    await count(provider, mail_counters(draft.email, network))
    password_hash = await provider.passwords.hash(draft.password)
    decoy = await accounts.find(provider, draft.email) is not None
    flow, now = provider.ids.secret(), provider.clock.now()
    code = new_code(provider)
    account = Account(provider.ids.new(), draft.email, draft.name, draft.time_zone, draft.locale)
    invitation = hashed(draft.invitation) if draft.invitation else ""
    code_hash = _code_hash(flow, code)
    waiting = SignUp(account, password_hash, draft.next, now, code_hash, now, decoy=decoy, invitation=invitation)
    await provider.table.write(provider.put(keys.sign_up(hashed(flow)), waiting, expect=ABSENT, expires=now + FLOW_AGE))
    await _send(provider, waiting, code)
    return flow


async def find(provider: Provider, flow: str) -> tuple[SignUp, str] | None:
    """A waiting flow and its version."""
    return await provider.load(keys.sign_up(hashed(flow)), SignUp)


async def resend(provider: Provider, flow: str) -> Refusal | None:
    """Mail a new code, which the old one makes way for. Raises SlowDownError, MailRefusedError,
    MailUnavailableError.
    """
    found = await find(provider, flow)
    if found is None:
        return "gone"
    waiting, version = found
    now = provider.clock.now()
    if waiting.codes >= CODES:
        return "used_up"
    if now < waiting.resend_from:
        raise SlowDownError(max(1, round(waiting.resend_from - now)))
    code = new_code(provider)
    renewed = msgspec.structs.replace(
        waiting, code_hash=_code_hash(flow, code), code_made=now, tries=0, codes=waiting.codes + 1
    )
    change = provider.put(keys.sign_up(hashed(flow)), renewed, expect=version, expires=waiting.began + FLOW_AGE)
    try:
        await provider.table.write(change)
    except ConflictError:  # pressed twice: the other one sends
        raise SlowDownError(RESEND_AFTER) from None
    await _send(provider, renewed, code)
    return None


async def confirm(provider: Provider, flow: str, code: str) -> Confirmed | Refusal:
    """Make the account if the code is right. Every wrong try is counted before it is answered."""
    while True:
        try:
            return await _confirm_once(provider, flow, code)
        except ConflictError:  # another try was counted first: judge anew
            continue


async def _confirm_once(provider: Provider, flow: str, code: str) -> Confirmed | Refusal:
    found = await find(provider, flow)
    if found is None:
        return "gone"
    waiting, version = found
    if waiting.tries >= TRIES:
        return "used_up"
    if provider.clock.now() >= waiting.code_made + CODE_MINUTES * 60:
        return "expired"
    key = keys.sign_up(hashed(flow))
    if waiting.decoy or not hmac.compare_digest(waiting.code_hash, _code_hash(flow, code)):
        counted = msgspec.structs.replace(waiting, tries=waiting.tries + 1)
        await provider.table.write(provider.put(key, counted, expect=version, expires=waiting.began + FLOW_AGE))
        return "wrong"
    if await accounts.find(provider, waiting.account.email) is not None:  # made in another browser meanwhile
        return "taken"
    used = await invitations.use(provider, waiting.invitation)
    if used is None:
        return "gone"
    made = accounts.creation(provider, waiting.account, waiting.password_hash)
    await provider.table.write(Delete(key, version), *made, *used)
    return Confirmed(waiting.account.subject, waiting.next)


async def _send(provider: Provider, waiting: SignUp, code: str) -> None:
    if waiting.decoy:
        await mails.send_already_registered(provider, waiting.account.email, waiting.account.locale)
        return
    provider.notice(waiting.account.email, code)
    await mails.send_code(provider, waiting.account, code, CODE_MINUTES)


def new_code(provider: Provider) -> str:
    """Six digits out of 160 random bits; the most likely code is 2^-140 likelier than the least."""
    number = int.from_bytes(hashlib.sha256(provider.ids.secret().encode()).digest())
    return f"{number % 1_000_000:06d}"


def _code_hash(flow: str, code: str) -> str:
    """The flow's secret, which the table does not hold, keeps six digits from being found by trying."""
    return hashed(f"{flow}:{code}")
