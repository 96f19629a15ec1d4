"""Eight writers at once on one calendar, over HTTP: nothing is lost, and the log has no gap."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.chaos import invariants
from tests.chaos.storm import event_body
from tools.lean_http import Answer, Connection
from tools.running import HomeProcess, SinkProcess
from tools.visitor import newcomer

pytestmark = pytest.mark.chaos
WRITERS = 8


async def act(connection: Connection, held: dict[str, str], body: dict[str, Any], chance: random.Random) -> Answer:
    """Create an event; or, now and then, change or delete one of one's own."""
    what = chance.random()
    if held and what < 0.2:
        event_id = chance.choice(sorted(held))
        answer = await connection.request("PATCH", f"/v1/events/{event_id}", msgspec.json.encode(body))
        held[event_id] = body["summary"]
    elif held and what < 0.3:
        event_id = chance.choice(sorted(held))
        answer = await connection.request("DELETE", f"/v1/events/{event_id}")
        del held[event_id]
    else:
        answer = await connection.request("POST", "/v1/events", msgspec.json.encode(body))
        held[msgspec.json.decode(answer.body)["id"]] = body["summary"]
    return answer


async def writer(port: int, token: str, number: int, count: int) -> tuple[dict[str, str], int]:
    """The summaries by id of what must be there in the end, and how many writes were acknowledged."""
    connection, chance = await Connection.connect(port, token), random.Random(number)
    held: dict[str, str] = {}
    try:
        for each in range(count):
            due = int(time.time()) + 3600 if each % 2 else None
            answer = await act(connection, held, event_body(f"{number}/{each}", due), chance)
            assert answer.status in (200, 201, 204), answer
    finally:
        connection.close()
    return held, count


async def write_at_once(port: int, token: str, count: int) -> list[tuple[dict[str, str], int]]:
    return await asyncio.gather(*(writer(port, token, number, count) for number in range(WRITERS)))


def test_eight_writers_on_one_calendar_lose_nothing_and_leave_no_gap(
    home: HomeProcess, sink: SinkProcess, tmp_path: Path, effort: int
) -> None:
    home.start()
    token = newcomer(home.url, sink.folder, "an@example.org")
    results = asyncio.run(write_at_once(home.port, token, 50 * effort))
    assert home.stop() == 0

    expected = {event_id: summary for held, _ in results for event_id, summary in held.items()}
    snapshot = invariants.Snapshot(invariants.copied(home.database, tmp_path / "copy"))
    stored = {item.sort: invariants.decode(item.body, invariants.Stored) for _, item in snapshot.owned("object")}
    assert {event_id: each.event.summary for event_id, each in stored.items()} == expected
    first_calendar = 1
    assert len(list(snapshot.owned("log"))) == first_calendar + sum(count for _, count in results)
    assert invariants.broken(home.database, tmp_path / "copy", int(time.time())) == []
