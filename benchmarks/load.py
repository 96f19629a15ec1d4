"""The clients, in a process of their own: ``python -m benchmarks.load`` reads a Job from stdin, prints a Report."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Literal

import msgspec

from aurora_time.domain.moment import DAY, print_date, print_wall
from benchmarks.filling import A_WEEK, FIRST_MONDAY
from tools.lean_http import Connection
from tools.running import ROOT, HomeProcess, environment


class Job(msgspec.Struct, frozen=True):
    """For how many seconds so many clients do what; each sends its next request when the last is answered.

    ``events`` is how many the calendar has, 40 a week.
    """

    port: int
    token: str
    kind: Literal["create", "list"]
    clients: int
    seconds: float
    events: int = 0


class Report(msgspec.Struct, frozen=True):
    """The seconds that each request took, those that all took together, and the server's own on all cores."""

    seconds: float
    times: list[float]
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Seconds of the server's own for each request: what neighbours on the machine disturb least."""
        return self.cpu / len(self.times)


def creates(number: int) -> Iterator[tuple[str, str, bytes]]:
    chance = random.Random(number)
    while True:
        wall = int(time.time()) // 900 * 900 + chance.randrange(1, 365 * 96) * 900
        body = {
            "summary": "Weekly review",
            "start": {"dateTime": print_wall(wall), "timeZone": "Asia/Ho_Chi_Minh"},
            "end": {"dateTime": print_wall(wall + 1800), "timeZone": "Asia/Ho_Chi_Minh"},
            "location": "Room 12",
        }
        yield "POST", "/v1/events", msgspec.json.encode(body)


def weeks(number: int, events: int) -> Iterator[tuple[str, str, bytes]]:
    chance = random.Random(number)
    while True:
        monday = FIRST_MONDAY + chance.randrange(events // A_WEEK) * 7 * DAY
        yield "GET", f"/v1/events?from={print_date(monday)}&to={print_date(monday + 7 * DAY)}", b""


async def client(job: Job, number: int, until: float) -> list[float]:
    connection = await Connection.connect(job.port, job.token)
    requests = creates(number) if job.kind == "create" else weeks(number, job.events)
    good = 201 if job.kind == "create" else 200
    times: list[float] = []
    try:
        for method, path, body in requests:
            began = time.perf_counter()
            answer = await connection.request(method, path, body)
            ended = time.perf_counter()
            times.append(ended - began)
            if answer.status != good:
                raise RuntimeError(f"{method} {path} answered {answer.status}: {answer.body[:200]!r}")
            if number == 0 and len(times) == 1 and job.kind == "list" and answer.body.count(b'"etag"') != A_WEEK:
                raise RuntimeError(f"a week has not {A_WEEK} events but {answer.body.count(b'etag')}")
            if ended >= until:
                break
    finally:
        connection.close()
    return times


async def work(job: Job) -> Report:
    began = time.perf_counter()
    times = await asyncio.gather(*(client(job, number, began + job.seconds) for number in range(job.clients)))
    return Report(time.perf_counter() - began, [each for own in times for each in own])


def _in_a_process(job: Job) -> Report:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        env=environment(),
        input=msgspec.json.encode(job),
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Report)


def run(home: HomeProcess, job: Job) -> Report:
    """Let a process of its own do the job on a server, after a second of it to warm up."""
    _in_a_process(msgspec.structs.replace(job, seconds=1.0))
    before = home.cpu_seconds()
    report = _in_a_process(job)
    return msgspec.structs.replace(report, cpu=home.cpu_seconds() - before)


if __name__ == "__main__":
    import uvloop

    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(work(asked))))
