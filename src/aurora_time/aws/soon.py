"""A hint after a write that makes something due before the next sweep."""

from __future__ import annotations

import structlog

from aurora_time.operations.errands import AHEAD, LOOK
from aurora_time.ports import Clock, Queue

_log = structlog.get_logger("aws")


class Soon:
    """Sends somebody to look, after what was written makes something due before the next sweep."""

    def __init__(self, clock: Clock, queue: Queue | None) -> None:
        self._clock = clock
        self._queue = queue
        self._is_near = False

    def nudge(self, instant: int) -> None:
        self._is_near |= instant <= self._clock.now() + AHEAD

    async def tell(self) -> None:
        """A hint, the table is the truth: what is not taken is found by the next sweep."""
        is_near, self._is_near = self._is_near, False
        if is_near and self._queue is not None and await self._queue.send(LOOK):
            _log.warning("the queue did not take a hint; the next sweep finds what is due")
