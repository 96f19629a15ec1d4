"""The one way in which an owner's things are written: in turn, each upon the head of the one before."""

import asyncio

import pytest

from aurora_time.domain.moment import parse_instant
from aurora_time.operations import services as services_module
from aurora_time.operations.services import Writers
from aurora_time.ports import ABSENT, ConflictError, Put, Range, UnavailableError
from aurora_time.store import calendars, keys
from aurora_time.store.calendars import Changed, Growth, Held, LogItem
from aurora_time.store.codec import encode
from tests.operations.world import World

pytestmark = pytest.mark.anyio
NOW = parse_instant("2026-11-23T08:00:00Z")


def note(owner: str, name: str, version: str, expect: str | None = None):
    def build(held: Held):
        noted = LogItem(NOW, (Changed("event", name),))
        log, after = calendars.advance(owner, held, version, noted, Growth(events=1))
        return [*log, Put(keys.object_(owner, name), encode(name), version, expect)], after

    return build


async def sequences(world: World, owner: str) -> list[str]:
    (items,) = await world.disk.query(Range(keys.log(owner, 0).part))
    return [item.key.sort for item in items]


async def test_many_writers_at_once_leave_no_gap_in_the_log(world: World):
    writers = Writers()
    await asyncio.gather(
        *(writers.commit(world.disk, f"p{number % 3}", note(f"p{number % 3}", f"{number}", f"v{number}"))
          for number in range(90))
    )  # fmt: skip
    for owner in ("p0", "p1", "p2"):
        assert await sequences(world, owner) == [f"{number:012d}" for number in range(1, 31)]


async def test_writers_of_two_processes_build_on_each_other(world: World):
    two = (Writers(), Writers())
    for number in range(20):
        await two[number % 2].commit(world.disk, "ann", note("ann", f"{number}", f"v{number}"))
    assert len(await sequences(world, "ann")) == 20


async def test_a_conflict_of_its_own_is_told_and_the_others_go_on(world: World):
    writers = Writers()

    def name(number: int) -> str:
        return "the same" if number % 2 else f"{number}"

    results = await asyncio.gather(
        *(writers.commit(world.disk, "ann", note("ann", name(number), f"v{number}", ABSENT))
          for number in range(10)),
        return_exceptions=True,
    )  # fmt: skip
    assert sum(isinstance(each, ConflictError) for each in results) == 4
    assert sum(each is None for each in results) == 6
    assert len(await sequences(world, "ann")) == 6


async def test_a_writer_that_gives_up_waiting_leaves_the_head_right(world: World):
    writers = Writers()
    task = asyncio.create_task(writers.commit(world.disk, "ann", note("ann", "a", "v1")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await writers.commit(world.disk, "ann", note("ann", "b", "v2"))
    found = await sequences(world, "ann")
    assert found == [f"{number:012d}" for number in range(1, len(found) + 1)]


async def test_a_head_that_never_holds_still_is_unavailable_not_an_endless_loop(world: World):
    writers = Writers()

    class Restless:
        async def get(self, *wanted):
            return [None]

        async def write(self, *changes):
            raise ConflictError(keys.head("ann"))

    with pytest.raises(UnavailableError):
        await writers.commit(Restless(), "ann", note("ann", "a", "v1"))


async def test_it_remembers_only_so_many_owners(world: World, monkeypatch):
    monkeypatch.setattr(services_module, "_HEADS_KEPT", 3)
    writers = Writers()
    for number in range(20):
        await writers.commit(world.disk, f"p{number % 7}", note(f"p{number % 7}", f"{number}", f"v{number}"))
    assert len(writers._heads) <= 3
    assert len(writers._locks) <= 4
