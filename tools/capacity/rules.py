"""What a call to DynamoDB costs, by the rules that AWS publishes; docs/data-model.md names the pages and the date.

Pure: from what the adapter stores to bytes, and from these to request units. One unit reads up to 4 KB with strong
consistency, or writes up to 1 KB.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aurora_time.adapters.dynamodb_items import Attributes, attributes_of, new_write_id
from aurora_time.ports import Item, Put

KB: Final = 1024
READ_STEP: Final = 4 * KB
WRITE_STEP: Final = KB
QUERY_PAGE: Final = 1024 * KB
"""A query reads so much at most before it answers; what is behind that is another request."""
STORAGE_OVERHEAD: Final = 100
"""Bytes that are billed for each item beside its own."""

_SOME_WRITE_ID: Final = new_write_id()
"""All are as long."""


def number(digits: str) -> int:
    """A byte for two significant digits and one more; zeros at either end are none."""
    return (len(digits.lstrip("-").strip("0")) + 1) // 2 + 1


def stored_size(attributes: Attributes) -> int:
    """Bytes of an item: of the names of its attributes, and of their values."""
    size = 0
    for name, value in attributes.items():
        ((kind, content),) = value.items()
        own = number(content) if kind == "N" else len(content.encode() if kind == "S" else content)
        size += len(name.encode()) + own
    return size


def item_size(item: Item) -> int:
    """Bytes of an item as the adapter stores it."""
    return put_size(Put(item.key, item.body, item.version, None, item.expires))


def put_size(put: Put) -> int:
    return stored_size(attributes_of(put, _SOME_WRITE_ID))


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
