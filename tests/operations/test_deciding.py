"""What depends on all that an owner has: decided while nothing else of the owner is written, or decided anew."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.domain.moment import parse_instant
from aurora_time.operations.services import Writers
from aurora_time.ports import ABSENT, ConflictError, Put, UnavailableError
from aurora_time.store import calendars, keys
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import encode
from tests.operations.world import World

pytestmark = pytest.mark.anyio
NOW = parse_instant("2026-11-23T08:00:00Z")


def note(name: str, held: Held, expect: str | None = None):
    log, after = calendars.advance("ann", held, f"v-{name}", LogItem(NOW, (Changed("event", name),)), Growth())
    return [*log, Put(keys.object_("ann", name), encode(name), f"v-{name}", expect)], after


async def test_it_sees_what_was_handed_over_before_and_what_comes_after_waits(world: World):
    writers, order = Writers(), []

    async def write(name: str) -> None:
        await writers.commit(world.disk, "ann", lambda held: note(name, held))
        order.append(name)

    async def decide(held: Held):
        (seen,) = await world.disk.get(keys.object_("ann", "before"))
        assert seen is not None
        assert held.head.sequence == 1
        later = asyncio.create_task(write("after"))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not later.done()
        return note("decided", held)

    before = asyncio.create_task(write("before"))
    await asyncio.sleep(0)
    await writers.commit_decided(world.disk, "ann", decide)
    order.append("decided")
    await before
    await writers.commit(world.disk, "ann", lambda held: note("last", held))
    assert order == ["before", "decided", "after"]
    (after,) = await world.disk.get(keys.log("ann", 3))
    assert after is not None


async def test_another_process_that_is_faster_makes_it_decide_anew(world: World):
    writers, other, heads = Writers(), Writers(), []

    async def decide(held: Held):
        heads.append(held.head.sequence)
        if len(heads) < 3:
            await other.commit(world.disk, "ann", lambda head: note(f"other-{len(heads)}", head))
        return note("decided", held)

    await writers.commit_decided(world.disk, "ann", decide)
    assert heads == [0, 1, 2]
    await writers.commit(world.disk, "ann", lambda held: note("next", held))
    assert (await world.disk.get(keys.log("ann", 4)))[0] is not None


async def test_its_own_conflict_is_told(world: World):
    writers = Writers()
    await writers.commit(world.disk, "ann", lambda held: note("there", held))

    async def decide(held: Held):
        return note("there", held, ABSENT)

    with pytest.raises(ConflictError):
        await writers.commit_decided(world.disk, "ann", decide)
    await writers.commit(world.disk, "ann", lambda held: note("next", held))


async def test_what_it_raises_is_told_and_lets_the_others_go_on(world: World):
    writers = Writers()

    async def decide(_: Held):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await writers.commit_decided(world.disk, "ann", decide)
    await writers.commit(world.disk, "ann", lambda held: note("next", held))


async def test_a_head_that_never_holds_still_is_unavailable(world: World):
    class Restless:
        async def get(self, *_):
            return [None]

        async def write(self, *_):
            raise ConflictError(keys.head("ann"))

    async def decide(held: Held):
        return note("decided", held)

    with pytest.raises(UnavailableError):
        await Writers().commit_decided(Restless(), "ann", decide)


async def test_who_gives_up_waiting_leaves_the_head_right(world: World):
    writers = Writers()

    async def decide(held: Held):
        return note("decided", held)

    task = asyncio.create_task(writers.commit_decided(world.disk, "ann", decide))
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await writers.commit(world.disk, "ann", lambda held: note("next", held))
    found = await world.disk.get(keys.object_("ann", "next"), keys.log("ann", 1))
    assert all(found)
