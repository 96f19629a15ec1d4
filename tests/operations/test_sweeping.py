"""What is due is found over all shards: each item once, however many there are, and the oldest first."""

from __future__ import annotations

import random

import pytest

from aurora_time.operations import sweeping
from aurora_time.operations.sweeping import in_order
from aurora_time.ports import Item, Key, Put, Range
from aurora_time.store import keys
from tests.operations.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("shards", [1, 4, 32])
@pytest.mark.parametrize("count", [0, 1, 7, 64, 500])
@pytest.mark.parametrize("crowded", [False, True])
async def test_each_is_read_once_and_in_order_a_page_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch, shards: int, count: int, crowded: bool
) -> None:
    """``crowded``: most of it in one shard, as chance never does."""
    monkeypatch.setattr(sweeping, "SHARDS", shards)
    chance = random.Random(count)
    places = [0 if crowded and chance.random() < 0.9 else chance.randrange(shards) for _ in range(count)]
    instants = [int(world.clock.now()) - chance.randrange(100) for _ in places]
    made = [
        Key(f"due#{place:04d}", f"{keys.sortable(instant)}#{number:06d}#o:x")
        for number, (place, instant) in enumerate(zip(places, instants, strict=True))
    ]
    late = Key("due#0000", f"{keys.sortable(int(world.clock.now()) + 61)}#later")
    for key in [*made, late]:
        await world.table.write(Put(key, b"x", "1"))
    query, read = world.table.query, list[int]()

    async def counted(*ranges: Range) -> list[list[Item]]:
        found = await query(*ranges)
        read.append(sum(map(len, found)))
        return found

    monkeypatch.setattr(world.table, "query", counted)
    pages = [page async for page in in_order(world.services, 10, 60)]
    assert [item.key.sort for page in pages for item in page] == sorted(key.sort for key in made)
    assert [len(page) for page in pages[:-1]] == [10] * (len(pages) - 1)
    assert sum(read) == count
