"""The one writer: a thread that groups the writes waiting for it into one durable commit."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from aurora_time.adapters.sqlite_file import reason
from aurora_time.ports import ABSENT, Change, Clock, ConflictError, Delete, Key, Put, UnavailableError

_GROUP_WRITES: Final = 256
_GROUP_BYTES: Final = 8_000_000
"""Where a group ends, so that one commit neither keeps its first writer waiting nor fills the WAL."""
SWEEP_ITEMS: Final = 200
_SWEEP_PAUSE: Final = 0.05
"""Seconds between batches of expired items, for the writes that came meanwhile."""

_PUT: Final = """
INSERT INTO items (part, sort, body, version, expires) VALUES {rows}
ON CONFLICT (part, sort) DO UPDATE
SET body = excluded.body, version = excluded.version, expires = excluded.expires
"""
_PUT_NEW: Final = _PUT + "WHERE items.expires <= ?"
_ROW: Final = "(?, ?, ?, ?, ?)"
_PUT_OVER: Final = """
UPDATE items SET body = ?, version = ?, expires = ?
WHERE part = ? AND sort = ? AND version = ? AND (expires IS NULL OR expires > ?)
"""
_VERSION: Final = "SELECT version FROM items WHERE part = ? AND sort = ? AND (expires IS NULL OR expires > ?)"
_DELETE: Final = "DELETE FROM items WHERE part = ? AND sort = ?"
_SWEEP: Final = """
DELETE FROM items WHERE rowid IN (SELECT rowid FROM items WHERE expires <= ? ORDER BY expires LIMIT ?)
"""

_MISTAKES: Final = (
    ValueError,
    OverflowError,
    sqlite3.ProgrammingError,
)
"""Raised for values that SQLite cannot store: a mistake of that write's caller, and nobody else's."""

Outcome = BaseException | None


@dataclass(slots=True)
class Stats:
    """Since the table was opened.

    ``writes`` were acknowledged, in ``groups`` commits; ``conflicts`` were refused; ``failures`` could not be
    done; ``expired`` items were removed.
    """

    writes: int = 0
    groups: int = 0
    conflicts: int = 0
    failures: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A write that waits; ``now``, when it was asked for, decides what has expired for its conditions."""

    changes: tuple[Change, ...]
    now: float
    done: asyncio.Future[None]

    def size(self) -> int:
        return sum(len(change.body) for change in self.changes if isinstance(change, Put))


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Remove all that has expired; ``done`` gets how many items that were."""

    done: asyncio.Future[int]


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """Once what was handed over before is done, leave ``connection`` alone from ``done`` on until ``go_on``."""

    done: asyncio.Future[None]
    go_on: threading.Event


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """The last thing the writer reads; what was handed over before it is still written."""

    done: asyncio.Future[None]


class Writer:
    """Its thread alone writes to ``connection`` from ``start`` to ``join``, and holds ``lock`` to do so."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        lock: contextlib.AbstractContextManager[object],
        sweep_every: float,
    ) -> None:
        self.stats = Stats()
        self.connection = connection
        self._clock = clock
        self._lock = lock
        self._sweep_every = sweep_every
        self._next_sweep = time.monotonic() + sweep_every
        self._queue: queue.SimpleQueue[Job | Sweep | Pause | Stop] = queue.SimpleQueue()
        self.is_scrubbed = False
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def hand_over(self, task: Job | Sweep | Pause | Stop) -> None:
        """Writes are done in the order in which they are handed over."""
        self._queue.put(task)

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        while True:
            jobs, then = self._gather()
            if jobs:
                outcomes = self._commit(jobs)
                _wake((job.done, None, outcome) for job, outcome in zip(jobs, outcomes, strict=True))
            if isinstance(then, Stop):
                _wake([(then.done, None, None)])
                return
            if isinstance(then, Sweep):
                _wake([(then.done, self._sweep_all(), None)])
            if isinstance(then, Pause):
                _wake([(then.done, None, None)])
                then.go_on.wait()
            if time.monotonic() >= self._next_sweep:
                self._sweep_batch()

    def _gather(self) -> tuple[list[Job], Sweep | Pause | Stop | None]:
        """The writes that wait, up to a group's size, and what came next; nothing if it is time to sweep."""
        jobs: list[Job] = []
        size = 0
        with contextlib.suppress(queue.Empty):
            task = self._queue.get(timeout=max(0.0, self._next_sweep - time.monotonic()))
            while isinstance(task, Job):
                jobs.append(task)
                size += task.size()
                if len(jobs) == _GROUP_WRITES or size >= _GROUP_BYTES:
                    return jobs, None
                task = self._queue.get_nowait()
            return jobs, task
        return jobs, None

    def _commit(self, jobs: list[Job]) -> list[Outcome]:
        """One transaction for all; when it returns, whatever has no error in the list is on the disk."""
        with self._lock:
            try:
                outcomes = self._all_at_once(jobs) or self._one_by_one(jobs)
            except (sqlite3.Error, MemoryError) as error:
                self._roll_back()
                self.stats.failures += len(jobs)
                return [UnavailableError(reason(error)) for _ in jobs]
        written = outcomes.count(None)
        self.stats.writes += written
        self.stats.groups += written > 0
        self.stats.conflicts += len(jobs) - written
        return outcomes

    def _all_at_once(self, jobs: list[Job]) -> list[Outcome] | None:
        """The usual case, in which every condition is met, in few statements; None, and nothing done, if one is not."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            done = all(_apply_together(self.connection, job) for job in jobs)
        except _MISTAKES:
            done = False
        self.connection.execute("COMMIT" if done else "ROLLBACK")
        return [None] * len(jobs) if done else None

    def _one_by_one(self, jobs: list[Job]) -> list[Outcome]:
        self.connection.execute("BEGIN IMMEDIATE")
        outcomes = [self._attempt(job) for job in jobs]
        self.connection.execute("COMMIT")
        return outcomes

    def _attempt(self, job: Job) -> Outcome:
        """One write in its savepoint: a conflict undoes only this one. Other errors are the group's."""
        self.connection.execute("SAVEPOINT attempt")
        outcome: Outcome = None
        try:
            unmet = self._apply_all(job)
            if unmet is not None:
                outcome = ConflictError(unmet)
        except _MISTAKES as error:
            outcome = error
        if outcome is not None:
            self.connection.execute("ROLLBACK TO attempt")
        self.connection.execute("RELEASE attempt")
        return outcome

    def _apply_all(self, job: Job) -> Key | None:
        """Do the changes of a write up to the first whose condition is not met, and name its key."""
        for change in job.changes:
            if not _apply(self.connection, change, job.now):
                return change.key
        return None

    def _roll_back(self) -> None:
        # After a full disk or an I/O error SQLite may have rolled back by itself.
        if self.connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    def _empty_wal(self) -> bool:
        """Bring all that was committed into the file, and the WAL to nothing; False if a reader is in the way."""
        busy, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def _sweep_all(self) -> int:
        removed = batch = self._sweep_batch()
        while batch == SWEEP_ITEMS:
            batch = self._sweep_batch()
            removed += batch
        return removed

    def _sweep_batch(self) -> int:
        """Remove some expired items; an error is left to the next write, which meets and reports it."""
        removed = 0
        with self._lock, contextlib.suppress(sqlite3.Error):
            removed = self.connection.execute(_SWEEP, (self._clock.now(), SWEEP_ITEMS)).rowcount
            if self.is_scrubbed:  # what asked for it has removed itself since
                self.is_scrubbed = not self._empty_wal()
        self.stats.expired += removed
        pause = _SWEEP_PAUSE if removed == SWEEP_ITEMS else self._sweep_every
        self._next_sweep = time.monotonic() + pause
        return removed


def _apply(connection: sqlite3.Connection, change: Change, now: float) -> bool:
    """Do one change; False if its condition is not met. What has expired is absent."""
    part, sort = change.key
    if isinstance(change, Put):
        row = (part, sort, change.body, change.version, change.expires)
        if change.expect is None:
            return connection.execute(_put(_PUT, 1), row).rowcount == 1
        if change.expect == ABSENT:
            return connection.execute(_put(_PUT_NEW, 1), (*row, now)).rowcount == 1
        over = (change.body, change.version, change.expires, part, sort, change.expect, now)
        return connection.execute(_PUT_OVER, over).rowcount == 1
    if change.expect is not None:
        found = connection.execute(_VERSION, (part, sort, now)).fetchone()
        if change.expect != (found[0] if found else ABSENT):
            return False
    if isinstance(change, Delete):
        connection.execute(_DELETE, (part, sort))
    return True


@lru_cache(maxsize=256)
def _put(statement: str, count: int) -> str:
    return statement.format(rows=", ".join([_ROW] * count))


def _apply_together(connection: sqlite3.Connection, job: Job) -> bool:
    """Do a whole write; False if any condition is not met.

    SQLite gives the interpreter's lock back for each statement, and then waits for it: the puts of a write that need
    nothing of what is there are one statement, those that must be new another.
    """
    anyhow: list[object] = []
    new: list[object] = []
    for change in job.changes:
        if isinstance(change, Put) and not change.expect:
            rows = anyhow if change.expect is None else new
            rows += (*change.key, change.body, change.version, change.expires)
        elif not _apply(connection, change, job.now):
            return False
    count = len(new) // 5
    if count and connection.execute(_put(_PUT_NEW, count), (*new, job.now)).rowcount != count:
        return False
    if anyhow:
        connection.execute(_put(_PUT, len(anyhow) // 5), anyhow)
    return True


_Waiting = tuple[asyncio.Future[Any], Any, Outcome]
"""A future, what it gets, and the error it gets instead."""


def _wake(waiting: Iterable[_Waiting]) -> None:
    """Settle the futures: one call into each event loop, however many tasks wait there."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = defaultdict(list)
    for future, result, error in waiting:
        by_loop[future.get_loop()].append((future, result, error))
    for loop, settled in by_loop.items():
        # A loop that was closed meanwhile has nobody left to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, settled)


def _settle(waiting: list[_Waiting]) -> None:
    for future, result, error in waiting:
        if future.done():  # its task was cancelled
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
