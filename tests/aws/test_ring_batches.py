"""Errands in batches: what goes wrong with one is nobody else's matter, and nothing that was due is lost."""

from __future__ import annotations

import contextlib
import random
import time

import pytest

from aurora_time.adapters.dynamodb_calls import Pace
from aurora_time.ports import Message, UnavailableError
from tests.adapters.dynamo_faults import Faults, faulty
from tests.aws.cloud import Cloud, batch
from tests.aws.test_reminder_by_queue import make_event

pytestmark = pytest.mark.aws


async def test_of_a_batch_with_a_poisoned_message_only_that_one_fails_and_ends_with_the_dead_letters(cloud: Cloud):
    _, token = await cloud.somebody("an")
    due = int(time.time()) + 6
    for number in range(3):
        await make_event(cloud, token, due + 600, summary=f"Meeting {number}")
    await cloud.queue.send(Message("this is no errand"))
    await cloud.sweep()
    dead: list[str] = []

    def is_done() -> bool:
        dead.extend(each["Body"] for each in cloud.waiting(0, cloud.dead))
        return bool(dead) and len(cloud.mails("an")) == 3

    await cloud.run(is_done)
    subjects = sorted(mail["Subject"][:9] for mail in cloud.mails("an"))
    assert subjects == ["Meeting 0", "Meeting 1", "Meeting 2"]
    assert dead == ["this is no errand"]


async def test_a_message_that_comes_twice_rings_once(cloud: Cloud):
    _, token = await cloud.somebody("an")
    await make_event(cloud, token, int(time.time()) + 606)
    await cloud.sweep()
    found = []
    while not found:
        found = [each for each in cloud.waiting(5) if "#o:" in each["Body"]]
    for messages in ([*found, *found], found):
        assert await cloud.ring(batch(*messages)) == {"batchItemFailures": []}
    assert len(cloud.mails("an")) == 1


async def test_a_throttled_table_loses_nothing(cloud: Cloud, effort: int, monkeypatch: pytest.MonkeyPatch):
    """A third of all calls is refused, some are cut: reminders come late, some perhaps twice, but they come."""
    monkeypatch.setattr("aurora_time.operations.handing_over.HANDED", 8)
    monkeypatch.setattr("aurora_time.operations.ringing.LEASE", 4)
    wanted = {f"Meeting {number:02}" for number in range(3 if effort == 1 else 30)}
    _, token = await cloud.somebody("an")
    due = int(time.time()) + 6
    for summary in wanted:
        await make_event(cloud, token, due + 600, summary=summary)
    faults = Faults(throttled=0.3, cut=0.03, broken=0.02, chance=random.Random(effort))
    swept = 0
    with faulty(cloud.aws.port, faults) as url:
        cloud.through(url, Pace(budget=3.0))
        while swept < 60 and rung(cloud) < wanted:
            with contextlib.suppress(UnavailableError):
                await cloud.sweep()
            swept += 1
            await cloud.run(lambda: rung(cloud) == wanted, 2)
    assert rung(cloud) == wanted
    assert faults.done["throttled"] > 5


def rung(cloud: Cloud) -> set[str]:
    return {mail["Subject"][:10] for mail in cloud.mails("an")}


async def test_what_the_queue_did_not_take_is_found_again(cloud: Cloud, monkeypatch):
    """The sweep marks what is due before it sends the errand; where that is lost, it rings when it is found again."""
    _, token = await cloud.somebody("an")
    await make_event(cloud, token, int(time.time()) + 601)
    monkeypatch.setattr("aurora_time.operations.handing_over.HANDED", 2)

    async def refuse(*messages: Message) -> list[Message]:
        return list(messages)

    taking = cloud.queue.send
    monkeypatch.setattr(cloud.queue, "send", refuse)
    with pytest.raises(Exception, match="did not take"):
        await cloud.sweep()
    monkeypatch.setattr(cloud.queue, "send", taking)
    until = time.monotonic() + 20
    while time.monotonic() < until and not cloud.mails("an"):
        await cloud.sweep()
        await cloud.run(lambda: bool(cloud.mails("an")), 1)
    assert len(cloud.mails("an")) == 1
