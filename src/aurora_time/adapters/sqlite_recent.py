"""Items read lately, so that what every request needs (a token, a person, a calendar) is not asked of SQLite each time.

Only the process that owns the file may keep them: every write passes here, and while it is under way, what it changes
is read from the file. For one event loop; nothing here waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from aurora_time.ports import Change, Item, Key

_ITEMS: Final = 4_096
_BODY: Final = 4_096
"""Bytes of the largest body that is kept: all of them together are at most 16 MB, and 2 MB as a rule."""


class Recent:
    """The last version of some items, as it is for every reader."""

    def __init__(self) -> None:
        self._items: dict[Key, Item] = {}
        self._changing: Counter[Key] = Counter()

    def get(self, key: Key, now: float) -> Item | None:
        """The item if it is known; what has expired by ``now`` (an instant) is not."""
        item = self._items.get(key)
        if item is not None and item.expires is not None and item.expires <= now:
            del self._items[key]
            return None
        return item

    def keep(self, item: Item) -> None:
        """Remember what was just read from the file."""
        if item.key in self._changing or len(item.body) > _BODY:
            return
        if len(self._items) >= _ITEMS:
            self._items.clear()
        self._items[item.key] = item

    def forget(self, changes: tuple[Change, ...], done: asyncio.Future[None]) -> None:
        """Until a write is ``done``, however it ends, nobody knows what its items are but the file."""
        keys = [change.key for change in changes]
        for key in keys:
            self._items.pop(key, None)
            self._changing[key] += 1

        def settled(_done: asyncio.Future[None]) -> None:
            for key in keys:
                self._changing[key] -= 1
                if not self._changing[key]:
                    del self._changing[key]

        done.add_done_callback(settled)
