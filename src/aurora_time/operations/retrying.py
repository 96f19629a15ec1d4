"""Trying again: a write when somebody else was faster, a mail when the mail server was away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aurora_time.operations.errors import ChangedError

T = TypeVar("T")

TRIES: Final = 8
BUSY: Final = "It is being changed by somebody else all the time. Try again."
_BACK_OFF: Final = (5, 15, 60, 300, 900)


async def until_done(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do it again when somebody else was faster. Raises ChangedError when that is so all the time."""
    for _ in range(TRIES):
        try:
            return await attempt()
        except ChangedError:
            continue
    raise ChangedError(BUSY)


def back_off(attempts: int) -> int:
    """Seconds to wait for a mail after so many tries of it."""
    return _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]
