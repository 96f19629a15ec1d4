"""Many writers at once, over HTTP, that remember what was acknowledged to them."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tools.lean_http import Connection

NO_REMINDERS = {"useDefault": False, "overrides": []}
AT_START = {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 0}]}


@dataclass(frozen=True)
class Made:
    """An event whose creation was acknowledged. ``due`` is the instant of its reminder, if it has one."""

    id: str
    summary: str
    start: str
    due: int | None


def _utc(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


def event_body(summary: str, due: int | None) -> dict[str, Any]:
    """An event that rings at its start, ``due``; or one far off that does not ring."""
    start = datetime.fromtimestamp(due if due is not None else int(time.time()) + 86_400, UTC)
    return {
        "summary": summary,
        "start": _utc(start),
        "end": _utc(start + timedelta(minutes=30)),
        "reminders": NO_REMINDERS if due is None else AT_START,
    }


async def write_until_lost(port: int, token: str, name: str, chance: random.Random) -> list[Made]:
    """Create events one after another until the server is gone; every third rings in a second or two."""
    connection = await Connection.connect(port, token)
    made: list[Made] = []
    try:
        for number in itertools.count():
            due = int(time.time()) + chance.choice((2, 2, 3)) if number % 3 == 0 else None
            body = event_body(f"{name}/{number}", due)
            answer = await connection.request("POST", "/v1/events", msgspec.json.encode(body))
            assert answer.status == 201, answer
            event = msgspec.json.decode(answer.body)
            rings = due is not None and event["created"] < f"{datetime.fromtimestamp(due, UTC):%Y-%m-%dT%H:%M:%SZ}"
            made.append(Made(event["id"], body["summary"], body["start"]["dateTime"], due if rings else None))
            await asyncio.sleep(chance.random() * 0.008)
    except ConnectionResetError:
        return made
    finally:
        connection.close()
    return made


async def storm(port: int, token: str, name: str, kill: Callable[[], Any], seed: int) -> list[Made]:
    """Four writers, until ``kill`` (an awaitable's maker) is done and has taken the server away."""
    writers = [
        asyncio.create_task(write_until_lost(port, token, f"{name}/{number}", random.Random(seed + number)))
        for number in range(4)
    ]
    await kill()
    return [each for made in await asyncio.gather(*writers) for each in made]


async def missing(port: int, token: str, made: list[Made]) -> list[Made]:
    """Those that the server does not give back as they were acknowledged."""
    connections = [await Connection.connect(port, token) for _ in range(4)]

    async def read(connection: Connection, mine: list[Made]) -> list[Made]:
        lost = []
        for each in mine:
            answer = await connection.request("GET", f"/v1/events/{each.id}")
            event = msgspec.json.decode(answer.body)
            if answer.status != 200 or (event["summary"], event["start"]["dateTime"]) != (each.summary, each.start):
                lost.append(each)
        return lost

    try:
        found = await asyncio.gather(*(read(connection, made[n::4]) for n, connection in enumerate(connections)))
    finally:
        for connection in connections:
            connection.close()
    return [each for lost in found for each in lost]
