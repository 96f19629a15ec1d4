"""A table that writes down what each call touches, and what that would cost on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aurora_time.adapters.dynamodb_items import write_request
from aurora_time.ports import Change, Delete, Item, Key, Put, Range, Table
from tools.capacity import rules

READS = frozenset({"get", "query"})


@dataclass(frozen=True, slots=True)
class Touch:
    """One item, or one range of a query: ``items`` and ``size`` are what lies in it, ``units`` what it costs."""

    verb: str
    key: Key
    items: int
    size: int
    units: int

    @property
    def kind(self) -> str:
        return self.key.part.partition("#")[0]

    @property
    def is_read(self) -> bool:
        return self.verb in READS


def _verb(change: Change) -> str:
    return "put" if isinstance(change, Put) else "delete" if isinstance(change, Delete) else "check"


class MeteringTable:
    """Passes every call on to ``table``, and notes it in ``touched``; ``parts`` are all that were ever written to."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.touched: list[Touch] = []
        self.parts: set[str] = set()

    def take(self) -> list[Touch]:
        """What was touched since this was last asked."""
        touched, self.touched = self.touched, []
        return touched

    async def get(self, *keys: Key) -> list[Item | None]:
        items = await self._table.get(*keys)
        for key, item in zip(keys, items, strict=True):
            size = rules.item_size(item) if item else 0
            self.touched.append(Touch("get", key, int(item is not None), size, rules.get_units(size)))
        return items

    async def query(self, *ranges: Range) -> list[list[Item]]:
        found = await self._table.query(*ranges)
        for range_, items in zip(ranges, found, strict=True):
            sizes = [rules.item_size(item) for item in items]
            key = Key(range_.part, range_.low)
            self.touched.append(Touch("query", key, len(items), sum(sizes), rules.query_units(sizes)))
        return found

    async def write(self, *changes: Change) -> None:
        before = await self._table.get(*(change.key for change in changes))
        await self._table.write(*changes)
        in_transaction = write_request("", changes, 0.0, "")[0] == "TransactWriteItems"
        for change, old in zip(changes, before, strict=True):
            self.parts.add(change.key.part)
            size = max(rules.item_size(old) if old else 0, rules.put_size(change) if isinstance(change, Put) else 0)
            units = rules.write_units(size, in_transaction=in_transaction)
            self.touched.append(Touch(_verb(change), change.key, 1, size, units))


def units(touched: Iterable[Touch], *, reads: bool) -> int:
    return sum(touch.units for touch in touched if touch.is_read == reads)
