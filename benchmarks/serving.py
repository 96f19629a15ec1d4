"""The server over HTTP: durable creates, and week listings of calendars of three sizes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import load
from benchmarks.filling import A_WEEK, fill_calendar
from benchmarks.load import Job
from benchmarks.measure import Figure, median, percentile
from tools.running import HomeProcess

_SECONDS = 5.0
_COMMITS = 300
SIZES = (1_000, 10_000, 100_000)


@contextmanager
def served(count: int) -> Iterator[tuple[HomeProcess, str]]:
    """A running server whose one person has so many events, and a token."""
    with TemporaryDirectory(prefix="aurora-bench-") as folder:
        data = Path(folder) / "data"
        token = fill_calendar(data, count)
        home = HomeProcess(data, AURORA_RATE_LIMIT="0")
        home.start()
        try:
            wait_for_backup(data)
            yield home, token
        finally:
            home.stop()


def wait_for_backup(data: Path) -> None:
    """The first start of a day copies the database: not what is measured here. Raises TimeoutError."""
    until = time.monotonic() + 60
    while not list(data.glob("backups/*.db")):
        if time.monotonic() > until:
            raise TimeoutError("the daily backup is not done after a minute")
        time.sleep(0.1)


def floor() -> float:
    """Seconds of the median durable commit of one row by SQLite on this disk."""
    with TemporaryDirectory(prefix="aurora-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, body BLOB)")
        times = []
        for number in range(_COMMITS):
            began = time.perf_counter()
            connection.execute("INSERT INTO rows VALUES (?, ?)", (number, b"x" * 500))
            times.append(time.perf_counter() - began)
        connection.close()
    return median(times)


def creating() -> list[Figure]:
    """Into a calendar that has 10,000 events."""
    beside = floor() * 1e3
    with served(10_000) as (home, token):
        one = load.run(home, Job(home.port, token, "create", 1, _SECONDS))
        eight = load.run(home, Job(home.port, token, "create", 8, _SECONDS))
        memory = home.peak_memory() / 1e6
    part = "Durable creates over HTTP, one person with 10,000 events"
    commit = "one durable SQLite commit here"
    return [
        Figure(part, "1 client, p50", median(one.times) * 1e3, "ms", 1.5, False, commit, beside),
        Figure(part, "1 client, p95", percentile(one.times, 95) * 1e3, "ms", 5),
        Figure(part, "1 client", one.rate, "/s", None, True),
        Figure(part, "8 clients", eight.rate, "/s", 1500, True),
        Figure(part, "8 clients, p50", median(eight.times) * 1e3, "ms"),
        Figure(part, "8 clients, p95", percentile(eight.times, 95) * 1e3, "ms"),
        Figure(part, "8 clients, the server's processor time for each", eight.cpu_each * 1e3, "ms"),
        Figure(part, "peak memory of the server", memory, "MB"),
    ]


def listing() -> list[Figure]:
    part = f"Week listings over HTTP, {A_WEEK} events each"
    figures: list[Figure] = []
    costs: list[float] = []
    for size in SIZES:
        with served(size) as (home, token):
            one = load.run(home, Job(home.port, token, "list", 1, _SECONDS, size))
            eight = load.run(home, Job(home.port, token, "list", 8, _SECONDS, size))
            memory = home.peak_memory() / 1e6
        costs.append(eight.cpu_each)
        goal = 5 if size == 10_000 else None
        figures += [
            Figure(part, f"{size:,} single events, 8 clients", eight.rate, "/s", 2000, True),
            Figure(part, f"{size:,} single events, 1 client, p95", percentile(one.times, 95) * 1e3, "ms", goal),
            Figure(part, f"{size:,} single events, processor time for each", eight.cpu_each * 1e3, "ms"),
        ]
    flat = costs[-1] / costs[0]
    what = f"processor time at {SIZES[-1]:,}, to that at {SIZES[0]:,}"
    figures.append(Figure(part, what, flat, "times", 1.3))
    figures.append(Figure(part, f"peak memory of the server at {SIZES[-1]:,}", memory, "MB"))
    return figures
