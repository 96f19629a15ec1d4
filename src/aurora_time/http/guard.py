"""Hands an endpoint only the items that it declared, so that a missing permission fails here and not on AWS."""

from __future__ import annotations

from aurora_time.http.endpoint import Need
from aurora_time.ports import Change, Delete, Item, Key, Put, Range, Table


class UndeclaredNeedError(Exception):
    """An endpoint touched a kind of item in a way that its declaration does not name."""


class GuardedTable:
    """The table port, narrowed to ``needs``; ``used`` collects what was really needed."""

    __slots__ = ("_needs", "_table", "used")

    def __init__(self, table: Table, needs: frozenset[Need], used: set[Need]) -> None:
        self._table = table
        self._needs = needs
        self.used = used

    def _need(self, part: str, verb: str) -> None:
        need = Need(part.split("#", 1)[0], verb)
        if need not in self._needs:
            raise UndeclaredNeedError(f"this endpoint does not declare that it needs {need.kind}: {verb}")
        self.used.add(need)

    async def get(self, *keys: Key) -> list[Item | None]:
        for key in keys:
            self._need(key.part, "get")
        return await self._table.get(*keys)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        for range_ in ranges:
            self._need(range_.part, "query")
        return await self._table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        for change in changes:
            verb = "put" if isinstance(change, Put) else "delete" if isinstance(change, Delete) else "check"
            self._need(change.key.part, verb)
        await self._table.write(*changes)
