"""What is done by somebody without an account, or to one, is counted, gently: over a limit one waits, and counters
forget.

Counted is before it is done or with it, in one conditional write, so what is tried at once counts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.operations.errors import OperationError
from aurora_time.operations.services import Services
from aurora_time.ports import ABSENT, Change, ConflictError, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

BOOKINGS_AHEAD: Final = 3
"""Of one guest's address in one schedule."""
_HOUR: Final = 3_600
_TRIES: Final = 20
"""How often a count that met another one is made again."""


class SlowDownError(OperationError):
    """Too many tries: the next counts in ``wait`` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many tries. Wait {wait} s.")
        self.wait = wait


class _Count(msgspec.Struct, frozen=True, array_like=True):
    """So many since the first, all forgotten at the instant ``until``."""

    count: int
    until: int


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within so many seconds from the first."""

    key: Key
    most: int
    seconds: int


def booking_limits(schedule_id: str, email: str, network: str) -> tuple[Limit, ...]:
    """For a stranger's booking: nobody fills a calendar by script, or a mailbox that is somebody else's."""
    return (
        Limit(keys.strangers("booking network", network), 20, _HOUR),
        Limit(keys.strangers("booking address", email.casefold()), 10, 24 * _HOUR),
        Limit(keys.strangers("booking schedule", schedule_id), 60, _HOUR),
    )


def guest_limits(owner: str, email: str) -> tuple[Limit, ...]:
    """For guests whom the owner books: each gets a mail that nobody may have asked for."""
    return (
        Limit(keys.strangers("booking owner", owner), 200, 24 * _HOUR),
        Limit(keys.strangers("booking address", email.casefold()), 10, 24 * _HOUR),
    )


async def count(services: Services, limits: tuple[Limit, ...]) -> None:
    """Count one try under each limit. Raises SlowDownError where one is reached; then nothing is counted."""
    for _ in range(_TRIES):
        try:
            await services.table.write(*await counted(services, limits))
        except ConflictError:  # another try was counted just now
            continue
        return
    raise SlowDownError(1)


async def counted(services: Services, limits: tuple[Limit, ...]) -> list[Change]:
    """What counts one try under each limit, to be written with what is tried. Raises SlowDownError."""
    now, version = services.now, services.ids.new()
    items = await services.table.get(*(limit.key for limit in limits))
    changes: list[Change] = []
    for limit, item in zip(limits, items, strict=True):
        before = decode(item.body, _Count) if item else _Count(0, now + limit.seconds)
        if before.count >= limit.most:
            raise SlowDownError(max(1, before.until - now))
        body = encode(_Count(before.count + 1, before.until))
        changes.append(Put(limit.key, body, version, item.version if item else ABSENT, before.until))
    return changes
