"""Work that touches more than one write can hold: a durable item, found through the due index until it is done.

What a person asked for is kept for a while when it is done, so that its end can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from aurora_time.ports import ABSENT, Change, Check, Delete, Item, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import JOB, Due, due_key

KEPT: Final = 30 * 86_400
"""Seconds for which a job can be read after its end."""

State = Literal["waiting", "running", "done", "failed"]


class Job(msgspec.Struct, frozen=True):
    """``cursor`` is where the next page begins; ``due`` when the job wants attention, under the key it wrote.

    ``done`` counts the things that it has dealt with, of ``total`` if that is known. ``started`` and ``finished`` are
    instants. ``error`` says why it failed; ``report`` is JSON, what its kind has to tell. ``attempts`` counts
    how often its page went wrong in a way that nobody foresaw.
    """

    id: str
    kind: str
    argument: str
    created: int
    due: int
    part: str
    sort: str
    cursor: str = ""
    done: int = 0
    total: int | None = None
    started: int | None = None
    finished: int | None = None
    error: str = ""
    report: bytes = b""
    attempts: int = 0

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)

    @property
    def state(self) -> State:
        if self.finished is not None:
            return "failed" if self.error else "done"
        return "waiting" if self.started is None else "running"


@dataclass(frozen=True, slots=True)
class Step:
    """What a page did. ``cursor`` is where the next begins, None when all is done; ``done`` adds to the job's own.

    ``total`` and ``report`` None leave those of the job as they are. ``pause`` is seconds before the next page. What it
    did is written down only if all ``checks`` hold, else the page is taken up again.
    """

    cursor: str | None
    done: int = 0
    total: int | None = None
    report: bytes | None = None
    pause: int = 0
    checks: tuple[Check, ...] = ()

    def of(self, job: Job) -> Job:
        """The job after this step."""
        return msgspec.structs.replace(
            job,
            cursor=self.cursor or "",
            done=job.done + self.done,
            total=job.total if self.total is None else self.total,
            report=job.report if self.report is None else self.report,
            attempts=0,
        )


def new_job(owner: str, job_id: str, kind: str, argument: str, now: int) -> Job:
    key = due_key(owner, JOB + job_id, now)
    return Job(job_id, kind, argument, now, now, key.part, key.sort)


def start(owner: str, job: Job, version: str) -> list[Change]:
    return [
        Put(keys.job(owner, job.id), encode(job), version, ABSENT),
        Put(job.due_key, encode(Due(owner, JOB + job.id)), version),
    ]


def begin_anew(owner: str, job: Job, old: Item | None, version: str) -> list[Change]:
    """Start the one job that there is of its id; what it had done counts for nothing. ``old`` is its item, if any."""
    changes: list[Change] = [
        Put(keys.job(owner, job.id), encode(job), version, old.version if old else ABSENT),
        Put(job.due_key, encode(Due(owner, JOB + job.id)), version),
    ]
    left = decode(old.body, Job).due_key if old else job.due_key
    return [*changes, Delete(left)] if left != job.due_key else changes


def move_on(owner: str, job: Job, due: int, versions: tuple[str, str]) -> tuple[Job, list[Change]]:
    """The job with another due instant; ``versions`` are the one it has and the one it gets."""
    key = due_key(owner, JOB + job.id, due)
    moved = msgspec.structs.replace(job, due=due, part=key.part, sort=key.sort)
    changes: list[Change] = [Put(keys.job(owner, job.id), encode(moved), versions[1], versions[0])]
    if key != job.due_key:
        changes += [Delete(job.due_key), Put(key, encode(Due(owner, JOB + job.id)), versions[1])]
    return moved, changes


def finish(owner: str, job: Job, version: str) -> list[Change]:
    """The end of a job that nobody reads."""
    return [Delete(keys.job(owner, job.id), version), Delete(job.due_key)]


def keep(owner: str, job: Job, versions: tuple[str, str]) -> list[Change]:
    """The end of a job, which stays to be read for a while; ``versions`` are the one it has and the one it gets."""
    put = Put(keys.job(owner, job.id), encode(job), versions[1], versions[0], (job.finished or 0) + KEPT)
    return [put, Delete(job.due_key)]
