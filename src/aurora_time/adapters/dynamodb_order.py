"""Writes that touch the same items, one after another in the order in which they were handed over.

Whoever writes an owner's things hands over the next write before the one before is done, built upon what that will
leave. SQLite's one writer keeps the order anyway; over a network the second could overtake the first, or both collide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aurora_time.ports import Key


class InOrder:
    """For one event loop. A write waits only for earlier ones, so that no two ever wait for each other."""

    def __init__(self) -> None:
        self._last: dict[Key, asyncio.Task[None]] = {}

    def run(self, keys: set[Key], work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Start ``work`` when all earlier work on any of these keys has ended, however it did."""
        before = {self._last[key] for key in keys if key in self._last}

        async def turn() -> None:
            if before:
                await asyncio.wait(before)
            await work()

        def ended(task: asyncio.Task[None]) -> None:
            for key in keys:
                if self._last.get(key) is task:
                    del self._last[key]
            if not task.cancelled():
                task.exception()  # whoever asked may be gone; then nobody else looks at it

        task = asyncio.create_task(turn())
        task.add_done_callback(ended)
        self._last.update(dict.fromkeys(keys, task))
        return task

    async def drain(self) -> None:
        """Until all that was handed over has ended."""
        while self._last:
            await asyncio.wait(set(self._last.values()))
