"""Guessing slowed, without locking anybody out.

Each try is counted *before* it is judged, in one conditional write, so tries made at once count too. Counted
are the pair of account and network, and the network; a browser in which the account signed in before has a
counter of its own instead, so that nobody else's tries ever make its owner wait. Counters forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.identity.context import Provider, hashed
from aurora_time.ports import ABSENT, Change, ConflictError, Delete, Key
from aurora_time.store import keys
from aurora_time.store.codec import decode

_ATTEMPTS: Final = 20
"""How often a count that met another one is made again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``free`` tries without a wait, then one after ``first``, 2x, 4x ... ``longest`` seconds; all forgotten
    ``forget`` seconds after the last."""

    free: int
    first: int
    longest: int
    forget: int

    def wait(self, count: int) -> int:
        """Seconds to wait after so many tries."""
        if count < self.free:
            return 0
        return int(min(self.longest, self.first * 2 ** min(count - self.free, 30)))


ACCOUNT: Final = Pace(free=5, first=15, longest=900, forget=86_400)
NETWORK: Final = Pace(free=50, first=5, longest=300, forget=3_600)
MAILS: Final = Pace(free=3, first=60, longest=3_600, forget=86_400)
MAILS_NETWORK: Final = Pace(free=20, first=30, longest=600, forget=3_600)


class SlowDownError(Exception):
    """Too many tries: the next is judged in ``wait`` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait


class _Count(msgspec.Struct, frozen=True):
    tries: int
    until: float


@dataclass(frozen=True, slots=True)
class Counter:
    key: Key
    pace: Pace


def sign_in_counters(email: str, network: str) -> list[Counter]:
    return [
        Counter(keys.guesses("account", email.casefold(), network), ACCOUNT),
        Counter(keys.guesses("network", network), NETWORK),
    ]


def device_counters(subject: str, browser: str) -> list[Counter]:
    """For a browser in which the account signed in before."""
    return [Counter(keys.guesses("device", subject, hashed(browser)), ACCOUNT)]


def second_step_counters(subject: str, known_browser: str) -> list[Counter]:
    """For codes after a right password: the account's, or the own one of a browser in which it signed in before."""
    where = ("second-device", subject, hashed(known_browser)) if known_browser else ("second", subject)
    return [Counter(keys.guesses(*where), ACCOUNT)]


async def waits(provider: Provider, counters: list[Counter]) -> bool:
    """Whether the tries so far were just enough to make the next one wait."""
    (item,) = await provider.table.get(counters[0].key)
    return item is not None and decode(item.body, _Count).tries == counters[0].pace.free


def mail_counters(email: str, network: str) -> list[Counter]:
    """For mails that anybody can have sent to an address."""
    return [
        Counter(keys.guesses("mails", email.casefold(), network), MAILS),
        Counter(keys.guesses("mails-network", network), MAILS_NETWORK),
    ]


async def count(provider: Provider, counters: list[Counter]) -> None:
    """Count one try, before judging it. Raises SlowDownError when it comes too early; then it is not
    counted.
    """
    for _ in range(_ATTEMPTS):
        try:
            await _count_once(provider, counters)
        except ConflictError:  # another try was counted just now
            continue
        return
    raise SlowDownError(1)


async def _count_once(provider: Provider, counters: list[Counter]) -> None:
    items = await provider.table.get(*(counter.key for counter in counters))
    now = provider.clock.now()
    changes: list[Change] = []
    for counter, item in zip(counters, items, strict=True):
        before = _Count(0, 0.0) if item is None else decode(item.body, _Count)
        if now < before.until:
            raise SlowDownError(max(1, round(before.until - now)))
        after = _Count(before.tries + 1, now + counter.pace.wait(before.tries + 1))
        changes.append(
            provider.put(
                counter.key,
                after,
                expect=ABSENT if item is None else item.version,
                expires=now + counter.pace.forget,
            )
        )
    await provider.table.write(*changes)


async def forgive(provider: Provider, counters: list[Counter]) -> None:
    """After a right try: the first counter, the account's, begins anew; the others take this one back."""
    for _ in range(_ATTEMPTS):
        try:
            await _forgive_once(provider, counters)
        except ConflictError:
            continue
        return


async def _forgive_once(provider: Provider, counters: list[Counter]) -> None:
    items = await provider.table.get(*(counter.key for counter in counters[1:]))
    changes: list[Change] = [Delete(counters[0].key)]
    for counter, item in zip(counters[1:], items, strict=True):
        if item is None:
            continue
        tries = decode(item.body, _Count).tries - 1
        now = provider.clock.now()
        before = _Count(tries, now + counter.pace.wait(tries))
        changes.append(provider.put(counter.key, before, expect=item.version, expires=now + counter.pace.forget))
    await provider.table.write(*changes)
