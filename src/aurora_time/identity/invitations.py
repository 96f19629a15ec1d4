"""Invitations: a mailed link with which one address may sign up, once, within a week.

The link holds 160 random bits, of which the table has the SHA-256: a signature would add nothing to that.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import msgspec

from aurora_time.identity import accounts
from aurora_time.identity.context import Provider, hashed
from aurora_time.ports import ABSENT, Change, Delete
from aurora_time.store import keys

DAYS: Final = 7


class Invitation(msgspec.Struct, frozen=True):
    email: str
    made: float


async def invite(provider: Provider, email: str) -> str | None:
    """The address of the page where ``email`` can sign up; None when it has an account already."""
    if await accounts.find(provider, email) is not None:
        return None
    token, now = provider.ids.secret(), provider.clock.now()
    made, expires = Invitation(email, now), now + DAYS * 86_400
    await provider.table.write(provider.put(keys.invitation(hashed(token)), made, expect=ABSENT, expires=expires))
    return f"{provider.issuer}/signup?invitation={quote(token)}"


async def find(provider: Provider, token: str) -> Invitation | None:
    """Whom a link invites; None when it was used, is over, or never was."""
    found = await provider.load(keys.invitation(hashed(token)), Invitation) if token else None
    return found[0] if found else None


async def use(provider: Provider, hashed_token: str) -> list[Change] | None:
    """What uses an invitation up, in the write that makes the account; None when it is not there any more."""
    if not hashed_token:
        return []
    found = await provider.load(keys.invitation(hashed_token), Invitation)
    return None if found is None else [Delete(keys.invitation(hashed_token), found[1])]
