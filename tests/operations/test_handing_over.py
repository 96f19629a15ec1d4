"""Handing over what is due to a queue: nothing is lost, whatever is edited or goes wrong between sweep and sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from aurora_time.operations import handing_over
from aurora_time.operations.errands import LOOK
from aurora_time.operations.handing_over import HANDED, NotTakenError, run_errand
from aurora_time.operations.sweeping import LEASE
from aurora_time.ports import MAX_DELAY, Change, MailUnavailableError, Message, Put, UnavailableError
from aurora_time.store import keys
from tests.operations.world import Crash, World, compose

pytestmark = pytest.mark.anyio

DUE = "2026-11-23T07:50:00Z"
SWEPT = "2026-11-23T07:49:10Z"


@dataclass
class Queue:
    """As SQS: a message is handed out when its delay is over, and again until it was run; ``takes`` may refuse."""

    world: World
    takes: bool = True
    waiting: list[tuple[float, Message]] = field(default_factory=list)

    async def send(self, *messages: Message) -> list[Message]:
        self.world.process.step("queue")
        if not self.takes:
            return list(messages)
        assert all(0 <= each.delay <= MAX_DELAY for each in messages)
        self.waiting += ((self.world.clock.now() + each.delay, each) for each in messages)
        return []

    async def run(self) -> int:
        """Everything that may be handed out now; how many messages that were."""
        ran = 0
        while True:
            ready = [pair for pair in self.waiting if pair[0] <= self.world.clock.now()]
            if not ready:
                return ran
            for pair in ready:
                await run_errand(self.world.services, self, pair[1].body, compose)
                self.waiting.remove(pair)
                ran += 1

    async def sweep(self, tell: Callable[[int], None] = lambda _: None, mails: int = 0) -> int:
        return await handing_over.sweep(self.world.services, self, tell=tell, mails=mails)


@pytest.fixture
def queue(world: World) -> Queue:
    return Queue(world)


async def ann_with_event(world: World, **more: object) -> tuple[str, str]:
    ann = await world.person()
    return ann, await world.event(ann, "2026-11-23T09:00:00", minutes=[10], **more)


async def test_a_reminder_is_handed_over_once_before_it_is_due_and_rings_on_time(world: World, queue: Queue):
    ann, _ = await ann_with_event(world)
    assert await queue.sweep() == 0
    world.clock.set(SWEPT)
    assert [await queue.sweep(), await queue.sweep()] == [1, 0]
    assert [at for at, _ in queue.waiting] == [world.clock.now() + 50]
    assert await queue.run() == 0
    world.clock.set(DUE)
    await queue.run()
    assert await world.statuses(ann) == ["sent"]
    assert await world.due_items() == []


async def test_handing_over_is_one_small_write_and_leaves_the_due_item_where_it_is(world: World, queue: Queue):
    """One item by itself, upon its version: DynamoDB takes one unit for it, and nothing of the due index's shard."""
    ann, event = await ann_with_event(world)
    world.clock.set(SWEPT)
    before = await world.due_items()
    written: list[Change] = []
    world.table.before_write = written.extend
    await queue.sweep()
    assert [(change.key, type(change)) for change in written] == [(keys.armed(ann, event), Put)]
    assert isinstance(written[0], Put)
    assert written[0].expect
    assert await world.due_items() == before


async def test_what_waits_in_the_queue_for_long_is_seen_to_be_overdue(world: World, queue: Queue):
    await ann_with_event(world)
    world.clock.set(DUE)
    await queue.sweep()
    world.clock.time += 90
    overdue: list[int] = []
    await queue.sweep(overdue.append)
    assert overdue == [90]
    await queue.run()
    await queue.sweep(overdue.append)
    assert overdue == [90, 0]


async def test_when_a_sender_dies_its_reminder_is_handed_over_again_as_soon_as_its_lease_is_over(
    world: World, queue: Queue
):
    await ann_with_event(world)
    world.clock.set(DUE)
    await queue.sweep()

    def die(_mail: object) -> None:
        world.process.dead = True

    world.mailbox.trouble = die
    with pytest.raises(Crash):
        await queue.run()
    world.process.restart()
    world.mailbox.trouble = lambda _: None
    queue.waiting.clear()
    world.clock.time += LEASE - 1
    assert await queue.sweep() == 0
    world.clock.time += 1
    assert await queue.sweep() == 1
    await queue.run()
    assert set(world.subjects) == {"Review"}


async def test_an_event_that_is_moved_to_an_earlier_time_after_it_was_handed_over_rings_then(
    world: World, queue: Queue
):
    ann, event = await ann_with_event(world)
    world.clock.set(SWEPT)
    await queue.sweep()
    await world.move(ann, event, "2026-11-23T08:59:30")
    await queue.send(LOOK)
    await queue.run()
    world.clock.set("2026-11-23T07:49:30Z")
    await queue.run()
    assert world.subjects == ["Review"]
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == ["Review"]


async def test_an_edit_between_sweep_and_sender_loses_no_reminder(world: World, queue: Queue):
    ann, event = await ann_with_event(world)
    world.clock.set(SWEPT)
    await queue.sweep()
    world.clock.set("2026-11-23T07:50:01Z")
    await world.edit(ann, event, summary="Renamed")
    await queue.run()
    assert world.subjects == ["Renamed"]


async def test_an_event_that_is_moved_after_it_was_handed_over_rings_when_it_is_now(world: World, queue: Queue):
    ann, event = await ann_with_event(world)
    world.clock.set(SWEPT)
    await queue.sweep()
    await world.move(ann, event, "2026-11-23T10:00:00")
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == []
    world.clock.set("2026-11-23T08:50:00Z")
    await queue.sweep()
    await queue.run()
    assert world.subjects == ["Review"]


async def test_what_is_deleted_after_it_was_handed_over_does_not_ring(world: World, queue: Queue):
    ann, event = await ann_with_event(world)
    world.clock.set(SWEPT)
    await queue.sweep()
    await world.delete(ann, event)
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == []
    assert await world.due_items() == []


async def test_two_events_that_move_to_the_sweeps_past_are_found_by_a_look(world: World, queue: Queue):
    ann = await world.person()
    world.clock.set(SWEPT)
    await queue.sweep()
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await queue.send(LOOK)
    await queue.run()
    world.clock.set(DUE)
    await queue.run()
    assert world.subjects == ["Review"]


async def test_a_message_that_comes_twice_rings_once(world: World, queue: Queue):
    await ann_with_event(world)
    world.clock.set(DUE)
    await queue.sweep()
    queue.waiting *= 3
    await queue.run()
    assert world.subjects == ["Review"]


async def test_where_the_queue_makes_wait_for_hours_the_first_errand_that_comes_rings(world: World, queue: Queue):
    await ann_with_event(world)
    world.clock.set(DUE)
    for _ in range(3):
        await queue.sweep()
        world.clock.time += HANDED + 1
    assert len(queue.waiting) == 3
    del queue.waiting[1:]
    await queue.run()
    assert world.subjects == ["late Review"]


async def test_an_errand_that_the_queue_did_not_take_at_first_is_sent_once_more_and_rings_on_time(world: World):
    class Busy(Queue):
        async def send(self, *messages: Message) -> list[Message]:
            self.takes = not self.takes
            return await super().send(*messages)

    queue = Busy(world)
    await ann_with_event(world)
    world.clock.set(DUE)
    assert await queue.sweep() == 1
    await queue.run()
    assert world.subjects == ["Review"]


async def test_a_sweep_that_takes_long_stops_before_it_is_killed_and_the_next_goes_on(
    world: World, queue: Queue, monkeypatch
):
    monkeypatch.setattr(handing_over, "PAGE", 2)
    ann = await world.person()
    for _ in range(5):
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    world.clock.set(DUE)

    def slow(_changes: object) -> None:
        world.clock.time += 15

    world.table.before_write = slow
    assert await queue.sweep() == 4, "two writes a page, so half a minute each"
    world.table.before_write = lambda _: None
    assert await queue.sweep() == 1


async def test_an_errand_that_the_queue_did_not_take_is_handed_over_again(world: World, queue: Queue):
    await ann_with_event(world)
    world.clock.set(DUE)
    queue.takes = False
    with pytest.raises(NotTakenError):
        await queue.sweep()
    queue.takes = True
    world.clock.time += HANDED
    await queue.sweep()
    await queue.run()
    assert world.subjects == ["Review"]


@pytest.mark.parametrize("die_at", range(1, 22))
async def test_killed_at_each_step_between_sweep_and_mail_no_reminder_is_lost(world: World, queue: Queue, die_at: int):
    ann, _ = await ann_with_event(world)
    world.clock.set(DUE)
    world.process.restart(die_at)
    try:
        await queue.sweep()
        await queue.run()
    except Crash:
        pass
    world.process.restart()
    for _ in range(3):
        world.clock.time += HANDED
        await queue.sweep()
        await queue.run()
    assert await world.statuses(ann) == ["sent"]
    assert set(world.subjects) == {"Review"}
    assert len(world.subjects) <= 2
    assert len({mail.message_id for mail in world.mailbox.sent}) == 1
    assert await world.due_items() == []


@pytest.mark.parametrize("fails_at", range(1, 8))
async def test_whichever_write_is_refused_no_reminder_is_lost(world: World, queue: Queue, fails_at: int):
    """As a throttled table does when its patience is over."""
    ann = await world.person()
    for hour in (9, 9, 9):
        await world.event(ann, f"2026-11-23T{hour:02}:00:00", minutes=[10])
    world.clock.set(DUE)
    count = 0

    def refuse(_changes: object) -> None:
        nonlocal count
        count += 1
        if count == fails_at:
            raise UnavailableError("throttled")

    world.table.before_write = refuse
    for _ in range(4):
        for step in (queue.sweep, queue.run):
            try:
                await step()
            except UnavailableError:
                continue
        world.clock.time += HANDED
    assert await world.statuses(ann) == ["sent"] * 3
    assert 3 <= len(world.subjects) <= 4


async def test_while_the_mail_service_is_away_reminders_wait_in_the_queue(world: World, queue: Queue):
    def away(_mail: object) -> None:
        raise MailUnavailableError("throttled")

    ann, _ = await ann_with_event(world)
    world.clock.set(DUE)
    world.mailbox.trouble = away
    await queue.sweep()
    await queue.run()
    assert await world.statuses(ann) == ["sending"]
    assert queue.waiting, "it is tried again before the next sweep"
    world.mailbox.trouble = lambda _: None
    world.clock.time += 60
    await queue.run()
    assert await world.statuses(ann) == ["sent"]


async def test_a_job_runs_page_after_page_without_waiting_for_the_next_sweep(world: World, queue: Queue, monkeypatch):
    monkeypatch.setattr("aurora_time.operations.rearming.PAGE", 2)
    ann = await world.person()
    for day in range(24, 29):
        await world.event(ann, f"2026-11-{day}T09:00:00")
    await world.settings(ann, time_zone="Asia/Tokyo")
    await queue.sweep()
    ran = await queue.run()
    assert ran == 3
