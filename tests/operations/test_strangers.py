"""Strangers are counted before they act, and counters forget."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.operations import strangers
from aurora_time.operations.strangers import Limit, SlowDownError, count
from aurora_time.ports import ConflictError
from aurora_time.store import keys
from tests.operations.world import World

pytestmark = pytest.mark.anyio


def limits(first: int = 3, second: int = 5) -> tuple[Limit, ...]:
    return (Limit(keys.strangers("a"), first, 60), Limit(keys.strangers("b"), second, 600))


async def test_over_a_limit_one_waits_until_it_forgets(world: World):
    for _ in range(3):
        await count(world.services, limits())
    world.clock.time += 20
    with pytest.raises(SlowDownError) as refused:
        await count(world.services, limits())
    assert refused.value.wait == 40
    world.clock.time += 40
    await count(world.services, limits())
    await count(world.services, limits())
    with pytest.raises(SlowDownError) as refused:
        await count(world.services, limits())
    assert refused.value.wait == 540, "the other counter has forgotten nothing yet"


async def test_what_is_refused_is_not_counted(world: World):
    for _ in range(3):
        await count(world.services, limits(3, 4))
    for _ in range(5):
        with pytest.raises(SlowDownError):
            await count(world.services, limits(3, 4))
    await count(world.services, limits(4, 4)[1:])


async def test_tries_at_once_count_each(world: World):
    tries = [count(world.services, limits()) for _ in range(8)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(each is None for each in results) == 3
    assert sum(isinstance(each, SlowDownError) for each in results) == 5


async def test_a_counter_that_never_holds_still_asks_to_wait(world: World, monkeypatch):
    async def never(*_):
        raise ConflictError(keys.strangers("a"))

    monkeypatch.setattr(strangers, "counted", never)
    with pytest.raises(SlowDownError):
        await count(world.services, limits())
