"""A hint after a write that makes something due before the next sweep."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from aurora_time.operations.errands import FAR, LOOK
from aurora_time.ports import Clock, Queue

_log = structlog.get_logger("aws")
_PATIENCE: Final = 1.5
"""Seconds that the answer of a write that is done waits for a hint to be taken."""


class Soon:
    """Sends somebody to look, after what was written makes something due before the next sweep."""

    def __init__(self, clock: Clock, queue: Queue | None) -> None:
        self._clock = clock
        self._queue = queue
        self._is_near = False

    def nudge(self, instant: int) -> None:
        self._is_near |= instant <= self._clock.now() + FAR

    async def tell(self) -> None:
        """A hint, the table is the truth: what is not taken is found by the next sweep, so no answer waits for it."""
        is_near, self._is_near = self._is_near, False
        if is_near and self._queue is not None and not await _is_taken(self._queue):
            _log.warning("the queue did not take a hint; the next sweep finds what is due")


async def _is_taken(queue: Queue) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            return not await queue.send(LOOK)
    except TimeoutError:
        return False
