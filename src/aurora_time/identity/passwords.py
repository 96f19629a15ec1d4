"""Passwords: which are good enough, and argon2id off the event loop."""

from __future__ import annotations

import asyncio
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 256
AT_ONCE: Final = 2
"""Hashes worked on at the same time; each takes 19 MiB and a core for some 20 ms."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
DUMMY: Final = "$argon2id$v=19$m=19456,t=2,p=1$bmcfi/BI8D21S49xcoJIlQ$gAvZIO+X03+PfWdupivjLEF1sQiXSDboYaQIdLTE5xY"
"""Verified when there is no account, so that an answer takes as long as for one that is there."""

Weakness = Literal["too_short", "too_long", "is_email", "too_common"]

_FEWEST_DIFFERENT: Final = 4
"""Characters; ``aaaaaaaaaa`` and ``1212121212`` have fewer."""


def normalised(password: str) -> str:
    """One form for what looks the same (NIST SP 800-63B section 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, email: str) -> Weakness | None:
    """What is wrong with a new password, if anything."""
    text = normalised(password)
    if len(text) < MIN_LENGTH:
        return "too_short"
    if len(text) > MAX_LENGTH:
        return "too_long"
    if text.casefold() == email.casefold():
        return "is_email"
    if text.casefold() in _common() or len(set(text)) < _FEWEST_DIFFERENT:
        return "too_common"
    return None


def outdated(hashed: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(hashed)


@cache
def _common() -> frozenset[str]:
    """The commonest passwords that are long enough, in lower case."""
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split())


class Passwords:
    """Hashes and verifies in worker threads, so many at a time as do not starve the rest."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(_HASHER.hash, normalised(password))

    async def verify(self, hashed: str, password: str) -> bool:
        """``DUMMY`` as the hash takes the usual time and is never right."""
        if len(password) > MAX_LENGTH * 4:
            return False
        async with self._turn:
            return await asyncio.to_thread(_verify, hashed, normalised(password))


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
