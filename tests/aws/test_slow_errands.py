"""What is slow holds up nobody: neither the others of its batch, nor the answer of a write that is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.aws.ring import Ringer
from aurora_time.aws.soon import Soon
from aurora_time.operations.handing_over import HANDED, sweep
from aurora_time.operations.sweeping import LEASE
from aurora_time.ports import Mail, Message
from aurora_time.run.gate import Gate
from tests.aws.gateway import Line
from tests.operations.world import SetClock, World

pytestmark = pytest.mark.anyio


class Kept(Line):
    """It hands out what it was handed, all at once."""

    def batch(self) -> dict[str, list[dict[str, str]]]:
        records = [{"messageId": str(number), "body": each.body} for number, each in enumerate(self.messages)]
        self.messages = []
        return {"Records": records}


class Deaf:
    """A queue that never answers."""

    async def send(self, *_: Message) -> list[Message]:
        await asyncio.Event().wait()
        return []


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = SetClock("2026-11-23T07:45:00Z")
    table = SqliteTable.open(":memory:", clock)
    yield World(table, clock)
    await table.close()


async def test_an_errand_that_hangs_is_let_go_before_the_function_is_killed_and_rings_later(
    world: World, monkeypatch, capsys
):
    monkeypatch.setattr("aurora_time.aws.ring._ERRAND", 0.5)
    ann = await world.person()
    for _ in range(3):
        await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    queue, slow = Kept(), asyncio.Event()
    ring = Ringer(world.services, Gate(world.services.table), queue)

    def hang(_mail: Mail) -> object:
        return slow.wait() if world.mailbox.tries == 1 else None

    world.mailbox.trouble = hang
    world.clock.set("2026-11-23T07:50:00Z")
    await sweep(world.services, queue)
    async with asyncio.timeout(10):
        answer = await ring(queue.batch())
    assert len(answer["batchItemFailures"]) == 1
    assert sorted(await world.statuses(ann)) == ["sending", "sent", "sent"]
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(each.get("ErrandsFailed", 0) for each in told) == 1
    world.clock.time += LEASE
    await sweep(world.services, queue)
    await ring(queue.batch())
    assert await world.statuses(ann) == ["sent"] * 3
    assert len(world.subjects) == 3
    assert LEASE < HANDED


async def test_a_queue_that_does_not_answer_keeps_no_answer_of_a_write_waiting(monkeypatch):
    monkeypatch.setattr("aurora_time.aws.soon._PATIENCE", 0.05)
    clock = SetClock("2026-11-23T07:45:00Z")
    soon = Soon(clock, Deaf())
    soon.nudge(int(clock.time) + 5)
    with capture_logs() as lines:
        async with asyncio.timeout(5):
            await soon.tell()
    assert [each["log_level"] for each in lines] == ["warning"]


@pytest.mark.parametrize(("ahead", "is_told"), [(0, True), (140, True), (200, False)])
async def test_a_hint_is_sent_of_what_is_due_before_a_sweep_that_may_fail(ahead: int, is_told: bool):
    clock, queue = SetClock("2026-11-23T07:45:00Z"), Kept()
    soon = Soon(clock, queue)
    soon.nudge(int(clock.time) + ahead)
    await soon.tell()
    assert bool(queue.messages) == is_told
