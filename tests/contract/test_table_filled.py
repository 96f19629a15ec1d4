"""Filling a table with the items of another, as a move does, on each engine."""

from __future__ import annotations

import pytest

from aurora_time.ports import MAX_BODY, Item, Key

pytestmark = pytest.mark.anyio


async def whole(table) -> list[Item]:
    items, after = await table.scan(None, 1_000)
    while after is not None:
        more, after = await table.scan(after, 1_000)
        items += more
    return sorted(items)


async def test_what_was_filled_in_is_there_however_often_that_is_done(table):
    items = [
        Item(Key(f"p{n % 5}", f"{n:03d}"), b"x" * n, f"v{n}", 1_900_000_000 + n if n % 3 else None) for n in range(130)
    ]
    await table.fill(items[:60])
    await table.fill(items[40:])
    await table.fill(items)
    assert await whole(table) == sorted(items)


async def test_filling_replaces_what_is_there_and_nothing_is_no_error(table):
    key = Key("p", "a")
    await table.fill([])
    await table.fill([Item(key, b"old", "v1")])
    assert await table.get(key) == [Item(key, b"old", "v1")]
    await table.fill([Item(key, b"new", "v2")])
    assert await table.get(key) == [Item(key, b"new", "v2")]


async def test_many_of_the_largest_items_can_be_filled_in_at_once(table):
    items = [Item(Key("large", f"{n:02d}"), bytes([n]) * MAX_BODY, "v") for n in range(28)]
    await table.fill(items)
    assert await whole(table) == items
