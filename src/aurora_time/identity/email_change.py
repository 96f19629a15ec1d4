"""A new e-mail address: the password first, then the code mailed to the new address, then everything in one write.

Somebody else's address is not told apart: the pages and the work are the same, no code is right, and its owner gets
another mail.
"""

from __future__ import annotations

import dataclasses
import hmac
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from aurora_time.identity import accounts, credentials, mails
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.context import Provider, hashed
from aurora_time.identity.credentials import Attempt
from aurora_time.identity.guessing import count, mail_counters
from aurora_time.identity.signup import new_code
from aurora_time.ports import ABSENT, Change, ConflictError, Delete
from aurora_time.store import keys

CODE_MINUTES: Final = 60
TRIES: Final = 5
_ATTEMPTS: Final = 20

Refusal = Literal["wrong", "used_up", "gone", "taken"]


class Waiting(msgspec.Struct, frozen=True):
    """A change that waits for its code; no code is right for a decoy. It is over when the password changes."""

    email: str
    code_hash: str
    password_changed: float
    expires: float
    decoy: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    email: str


async def begin(provider: Provider, attempt: Attempt, email: str) -> str | None:
    """Mail a code to the new address; returns the flow's secret, None for a wrong password.

    Raises SlowDownError, MailRefusedError, MailUnavailableError.
    """
    found = await credentials.sign_in(provider, attempt)
    if found is None:
        return None
    await count(provider, mail_counters(email, attempt.network))
    stored = found[0]
    decoy = await _is_anothers(provider, stored, email)
    flow, expires = provider.ids.secret(), provider.clock.now() + CODE_MINUTES * 60
    code = new_code(provider)
    waiting = Waiting(email, _code_hash(flow, code), stored.password_changed, expires, decoy)
    key = keys.email_change(stored.account.subject, hashed(flow))
    await provider.table.write(provider.put(key, waiting, expect=ABSENT, expires=expires))
    if decoy:
        await mails.send_address_taken(provider, email, stored.account.locale)
    else:
        provider.notice(email, code)
        await mails.send_new_address(provider, _moved(stored, email).account, code, CODE_MINUTES)
    return flow


async def _is_anothers(provider: Provider, stored: StoredAccount, email: str) -> bool:
    """Whether an account, or a person who came by another issuer, has this address."""
    if _is_same(stored, email):
        return False
    return (await provider.table.get(keys.login(email), keys.email(email))) != [None, None]


def _is_same(stored: StoredAccount, email: str) -> bool:
    """Whether only the case differs, which counts for nothing."""
    return email.casefold() == stored.account.email.casefold()


def _moved(stored: StoredAccount, email: str) -> StoredAccount:
    return msgspec.structs.replace(stored, account=dataclasses.replace(stored.account, email=email))


def _code_hash(flow: str, code: str) -> str:
    """The flow's secret, which the table does not hold, keeps six digits from being found by trying."""
    return hashed(f"{flow}:{code}")


async def find(provider: Provider, subject: str, flow: str) -> tuple[Waiting, str] | None:
    """A change of this account that waits, and its version."""
    return await provider.load(keys.email_change(subject, hashed(flow)), Waiting)


async def confirm(provider: Provider, subject: str, flow: str, code: str) -> Changed | Refusal:
    """Change the address if the code is right. Every wrong try is counted before it is answered.

    Raises ConflictError when others are faster all the time.
    """
    for _ in range(_ATTEMPTS):
        with suppress(ConflictError):  # another try, or another change, was first: judge anew
            return await _confirm_once(provider, subject, flow, code)
    raise ConflictError(keys.account(subject))


async def _confirm_once(provider: Provider, subject: str, flow: str, code: str) -> Changed | Refusal:
    found, account = await find(provider, subject, flow), await accounts.load(provider, subject)
    if found is None or account is None or account[0].password_changed != found[0].password_changed:
        return "gone"
    waiting, version = found
    if waiting.tries >= TRIES:
        return "used_up"
    key = keys.email_change(subject, hashed(flow))
    if waiting.decoy or not hmac.compare_digest(waiting.code_hash, _code_hash(flow, code)):
        counted = msgspec.structs.replace(waiting, tries=waiting.tries + 1)
        await provider.table.write(provider.put(key, counted, expect=version, expires=waiting.expires))
        return "wrong"
    stored = account[0]
    if await _is_anothers(provider, stored, waiting.email):
        return "taken"
    changes = [Delete(key, version), *_changes(provider, account, waiting.email)]
    if provider.on_email_change is None:
        await provider.table.write(*changes)
    else:
        await provider.on_email_change(stored.account, waiting.email, changes)
    await mails.tell(provider, stored.account, "email_changed")
    return Changed(waiting.email)


def _changes(provider: Provider, account: tuple[StoredAccount, str], email: str) -> list[Change]:
    """The account and what it signs in with: the old address is nobody's from then on."""
    stored, version = account
    subject, old, new = stored.account.subject, keys.login(stored.account.email), keys.login(email)
    put = provider.put(keys.account(subject), _moved(stored, email), expect=version)
    if old == new:
        return [put]
    return [put, Delete(old), accounts.login_put(provider, email, subject)]
