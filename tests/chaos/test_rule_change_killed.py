"""A default rule changed over 10,000 events and killed half way: nothing rings by the old rule, and the job goes on.

``make test`` does it with 1,000 events, ``make chaos`` with 10,000.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.reminders import Armed, Entry
from tools.lean_http import Connection
from tools.running import HomeProcess, SinkProcess
from tools.visitor import newcomer

pytestmark = pytest.mark.chaos
OLD = {"channel": "email", "minutesBefore": 0}
NEW = {"channel": "email", "minutesBefore": 1440}


def body(summary: str, start: datetime) -> bytes:
    def at(when: datetime) -> dict[str, str]:
        return {"dateTime": f"{when:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}

    return msgspec.json.encode({"summary": summary, "start": at(start), "end": at(start + timedelta(hours=1))})


async def make(port: int, token: str, count: int, start: datetime) -> None:
    """So many events that begin then; and three that the new rule rings while we wait."""
    connections = [await Connection.connect(port, token) for _ in range(4)]

    async def some(connection: Connection, numbers: range) -> None:
        for number in numbers:
            made = await connection.request("POST", "/v1/events", body(f"Old {number}", start))
            assert made.status == 201, made

    await asyncio.gather(*(some(each, range(number, count, 4)) for number, each in enumerate(connections)))
    for number in range(3):
        await connections[0].request("POST", "/v1/events", body(f"New {number}", start + timedelta(days=1, seconds=3)))
    for each in connections:
        each.close()


async def change_defaults(port: int, token: str, *reminders: dict[str, Any]) -> None:
    connection = await Connection.connect(port, token)
    answer = await connection.request("PATCH", "/v1/me", msgspec.json.encode({"defaultReminders": reminders}))
    assert answer.status == 200, answer
    connection.close()


def bodies(home: HomeProcess, where: str) -> list[bytes]:
    """Items of the living file."""
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as file:
        return [body for (body,) in file.execute(f"SELECT body FROM items WHERE {where}")]


def job_of(home: HomeProcess) -> Job:
    (body,) = bodies(home, "part LIKE 'job#%' AND sort = 'rearm'")
    return decode(body, Job)


def dues(home: HomeProcess) -> list[int]:
    return [decode(body, Armed).due for body in bodies(home, "part LIKE 'armed#%'")]


def wait_until_under_way(home: HomeProcess, wanted: int) -> None:
    """Until the job has done so much."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        job = job_of(home)
        if job.finished is None and job.done >= wanted:
            return
        time.sleep(0.002)
    raise AssertionError("the job did not get so far")


def test_a_default_rule_changed_over_10_000_events_and_killed_half_way(
    home: HomeProcess, sink: SinkProcess, effort: int
) -> None:
    count = 10_000 if effort > 1 else 1_000
    home.start()
    token = newcomer(home.url, sink.folder, "an@example.org")
    asyncio.run(change_defaults(home.port, token, OLD))
    begun = time.monotonic()
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8 + count // 100)
    asyncio.run(make(home.port, token, count, start))
    before = len(sink.mails())
    print(f"{count} events made in {time.monotonic() - begun:.1f} s")
    asyncio.run(change_defaults(home.port, token, NEW))
    wait_until_under_way(home, count // 5)
    home.kill()
    sink.settle()
    left = sum(due == int(start.timestamp()) for due in dues(home))
    print(f"killed with {left} of {count} still armed by the old rule, after {job_of(home).done} of the job")
    assert 0 < left < count, "the kill came too early or too late to show anything"
    assert datetime.now(UTC) < start, "too slow: it was due before the kill"
    time.sleep(max(0.0, start.timestamp() + 1 - time.time()))  # due by the old rule, while nobody is there
    home.start()
    until = time.monotonic() + 60
    while time.monotonic() < until and any(due <= int(start.timestamp()) for due in dues(home)):
        time.sleep(0.2)
    time.sleep(3)
    ledger = {entry.id: entry for entry in (decode(body, Entry) for body in bodies(home, "part LIKE 'ledger#%'"))}
    told = [ledger[mail.message_id.strip("<>").partition("@")[0]].text for mail in sink.mails()[before:]]
    assert sorted(told) == ["New 0", "New 1", "New 2"], "and nothing by the old rule"
    assert not any(due <= time.time() for due in dues(home))
    assert job_of(home).done >= count, "the job went on to its end"
    assert home.stop() == 0
