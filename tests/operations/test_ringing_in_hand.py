"""While a sender has a reminder in hand, its due item stays where it was found, and everybody else passes it over."""

import asyncio

import pytest

from aurora_time.operations import ringing, sweeping
from aurora_time.ports import Mail, MailUnavailableError, Put
from aurora_time.store import keys
from tests.operations.world import World, compose

pytestmark = pytest.mark.anyio


async def test_what_a_sender_has_in_hand_hides_nothing_from_the_others(world: World):
    ann = await world.person()
    for minute in range(6):
        await world.event(ann, f"2026-11-23T09:0{minute}:00", minutes=[10 + minute])
    world.clock.set("2026-11-23T07:50:00Z")
    found: list[str] = []

    async def look_again(_: Mail) -> None:
        """While five are being sent, and then none."""
        for limit in (1, 2, 9):
            free = await sweeping.find_due(world.services, limit)
            found.append(f"{len(free)} of {limit}")

    world.mailbox.trouble = look_again
    first, *others = await sweeping.find_due(world.services, 9)
    await ringing.attend(world.services, first, compose)
    assert found == ["1 of 1", "2 of 2", "5 of 9"]
    assert len(others) == 5
    assert len(await world.sweep()) == 5
    assert len(world.subjects) == 6


async def test_a_sender_leaves_alone_what_another_has_in_hand(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set("2026-11-23T07:50:00Z")
    (item,) = await sweeping.find_due(world.services, 9)

    async def attend_too(_: Mail) -> None:
        world.mailbox.trouble = lambda _: None
        assert await ringing.attend(world.services, item, compose) == []
        assert [each.key for each in await world.due_items()] == [item.key], "it stays where it was found"

    world.mailbox.trouble = attend_too
    await ringing.attend(world.services, item, compose)
    assert world.subjects == ["Review"]


async def test_a_sender_that_lost_its_lease_leaves_alone_who_took_over(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    first_may_fail, second_has_it = asyncio.Event(), asyncio.Event()

    async def hang(_: Mail) -> None:
        if world.mailbox.tries == 1:
            await first_may_fail.wait()
            raise MailUnavailableError("timed out")
        second_has_it.set()
        first_may_fail.set()
        await first
        armed = await world.armed(ann, event)
        assert armed is not None
        assert (armed.leased, armed.due) == (True, int(world.clock.time) + sweeping.LEASE)

    world.mailbox.trouble = hang
    world.clock.set("2026-11-23T07:50:00Z")
    first = asyncio.create_task(world.sweep())
    await world.mailbox.begun.wait()
    await world.sweep_at("2026-11-23T07:52:00Z")
    assert second_has_it.is_set()
    assert world.subjects == ["Review"]
    assert await world.statuses(ann) == ["sent"]


@pytest.mark.parametrize(
    "body", [b"\x01\x00broken", b"\x63\x00\x90", b"\x01\x01broken"], ids=["torn", "newer", "deflated"]
)
async def test_what_cannot_be_read_hides_nothing_that_is_due(world: World, body: bytes):
    ann = await world.person()
    broken = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.event(ann, "2026-11-23T09:05:00", minutes=[15])
    world.clock.set("2026-11-23T07:50:00Z")
    await world.disk.write(Put(keys.armed(ann, broken), body, "torn"))
    await world.disk.write(Put(keys.due(0, int(world.clock.time) - 9, ann, "o:torn"), body, "torn"))
    assert len(await sweeping.find_due(world.services, 9)) == 3
    assert await sweeping.release_leases(world.services) == 0
