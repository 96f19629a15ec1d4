"""A server on a table that others can reach learns that its home is being moved, within WATCHED seconds.

It then sends nothing new, a little later writes nothing (503), and when the home has left it stops. On a file this is
not needed: as long as a server has it, nobody else can.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aurora_time.ports import Change, Item, Key, Range, Table, UnavailableError
from aurora_time.run.world import uptime
from aurora_time.store import keys
from aurora_time.store.moves import WATCHED, Mark, mark_of

_COME_BACK: Final = 60
"""Seconds after which a write that was refused may be tried again: a move takes minutes, or was given up."""


class Gate:
    """What is known of the home's mark; never older than WATCHED, as the mover counts on that."""

    def __init__(self, table: Table, seconds: Callable[[], float] = uptime) -> None:
        """``seconds`` is a clock that never jumps, and never stands still: a machine may sleep while a home moves."""
        self._table = table
        self._seconds = seconds
        self._known: Mark | None = None
        self._until = float("-inf")

    async def mark(self) -> Mark | None:
        """Raises UnavailableError when the mark cannot be read."""
        now = self._seconds()
        if now >= self._until:
            (item,) = await self._table.get(keys.moving())
            self._known, self._until = mark_of(item), now + WATCHED
        return self._known

    async def may_send(self) -> bool:
        """Whether something new may be sent."""
        return await self.mark() is None

    async def until_left(self) -> Mark:
        """The mark, once the home is nothing that can be served."""
        while True:
            try:
                mark = await self.mark()
            except UnavailableError:
                mark = None  # whoever writes meets it too, and says so
            if mark is not None and mark.state in ("left", "arriving"):
                return mark
            await asyncio.sleep(WATCHED)


class GatedTable:
    """The table of a server: nothing is written while its home is closed."""

    def __init__(self, table: Table, gate: Gate) -> None:
        self._table = table
        self._gate = gate

    async def get(self, *keys: Key) -> list[Item | None]:
        return await self._table.get(*keys)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        return await self._table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        mark = await self._gate.mark()
        if mark is not None and mark.state != "leaving":
            raise UnavailableError("this home is being moved, and cannot be changed until that is done", _COME_BACK)
        await self._table.write(*changes)
