"""What a call to DynamoDB costs, by the rules that AWS publishes; docs/data-model.md names the pages and the date.

Pure: from sizes to request units. One unit reads up to 4 KB with strong consistency, or writes up to 1 KB.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aurora_time.ports import Item, Key

KB: Final = 1024
READ_STEP: Final = 4 * KB
WRITE_STEP: Final = KB
QUERY_PAGE: Final = 1024 * KB
"""A query reads so much at most before it answers; what is behind that is another request."""
STORAGE_OVERHEAD: Final = 100
"""Bytes that are billed for each item beside its own."""
PARTITION_READS: Final = 3_000
PARTITION_WRITES: Final = 1_000
"""Units a second that one partition gives, whatever the table does."""

PART: Final = "p"
SORT: Final = "s"
BODY: Final = "b"
VERSION: Final = "v"
EXPIRES: Final = "x"
WRITE: Final = "w"
"""The attributes of an item: names count like values."""
WRITE_ID: Final = 22
"""Characters of what tells a write that was tried again from somebody else's."""


def text(name: str, value: str) -> int:
    return len(name) + len(value.encode())


def number(name: str, value: int) -> int:
    """A byte for two significant digits and one more; zeros at either end are none."""
    digits = len(str(abs(value)).strip("0"))
    return len(name) + (digits + 1) // 2 + 1


def item_size(item: Item) -> int:
    """Bytes of an item as the adapter stores it."""
    return sized(item.key, item.body, item.version, item.expires)


def sized(key: Key, body: bytes, version: str, expires: int | None) -> int:
    size = text(PART, key.part) + text(SORT, key.sort) + len(BODY) + len(body) + text(VERSION, version)
    return size + len(WRITE) + WRITE_ID + (0 if expires is None else number(EXPIRES, expires))


def get_units(size: int) -> int:
    """One item, alone or in a batch, where each is rounded by itself. One that is not there (0) costs a unit too."""
    return max(1, -(-size // READ_STEP))


def query_units(sizes: Iterable[int]) -> int:
    """All that lies in the range is added up and rounded once a page; an empty range costs a unit."""
    units = page = 0
    for size in sizes:
        page += size
        if page >= QUERY_PAGE:
            units += get_units(page)
            page = 0
    return units + get_units(page) if page or not units else units


def write_units(size: int, *, in_transaction: bool) -> int:
    """One item that is put, deleted or checked: ``size`` is the larger of what was there and what is put.

    A transaction writes each item twice, to prepare and to commit; a check that changes nothing counts like a write.
    """
    units = max(1, -(-size // WRITE_STEP))
    return 2 * units if in_transaction else units
