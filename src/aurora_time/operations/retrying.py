"""Trying again: a write when somebody else was faster, a mail when the mail server was away."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from aurora_time.operations.errors import ChangedError
from aurora_time.ports import UnavailableError

T = TypeVar("T")

TRIES: Final = 8
BUSY: Final = "It is being changed by somebody else all the time. Try again."
_BACK_OFF: Final = (5, 15, 60, 300, 900)
_ROOM_SOON: Final = 10
_ROOM_LATE: Final = 300


async def until_done(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do it again when somebody else was faster. Raises ChangedError when that is so all the time."""
    for _ in range(TRIES):
        try:
            return await attempt()
        except ChangedError:
            continue
    raise ChangedError(BUSY)


INSISTING: Final = (1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds to wait each time for a table that is out of reach, within what a lease has left when a mail was sent."""


async def insist(write_down: Callable[[], Awaitable[T]]) -> T:
    """Write down that a mail was sent though the table is out of reach for a while: else it would be sent twice.

    ``write_down`` may have been done when it is called again. Raises UnavailableError.
    """
    for pause in INSISTING:
        try:
            return await write_down()
        except UnavailableError:
            await asyncio.sleep(pause)
    return await write_down()


def back_off(attempts: int) -> int:
    """Seconds to wait for a mail after so many tries of it."""
    return _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]


def until_room(name: str, now: int, late: int) -> int:
    """Seconds to wait for a mail service that had no room at ``now``: at most as long again as the mail is ``late``.

    Another wait for each ``name`` and each try: were they the same, all that were refused would come back at once.
    """
    longest = min(max(late, _ROOM_SOON), _ROOM_LATE)
    return 1 + zlib.crc32(f"{name}{now}".encode()) % longest
