"""Work that touches more than one write can hold: a durable item, found through the due index until it is done."""

from __future__ import annotations

import msgspec

from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.reminders import JOB, Due, due_key


class Job(msgspec.Struct, frozen=True):
    """``cursor`` is where the next page begins; ``due`` when the job wants attention, under the key it wrote."""

    id: str
    kind: str
    argument: str
    created: int
    due: int
    part: str
    sort: str
    cursor: str = ""
    done: int = 0

    @property
    def due_key(self) -> Key:
        return Key(self.part, self.sort)


def new_job(owner: str, job_id: str, kind: str, argument: str, now: int) -> Job:
    key = due_key(owner, JOB + job_id, now)
    return Job(job_id, kind, argument, now, now, key.part, key.sort)


def start(owner: str, job: Job, version: str) -> list[Change]:
    return [
        Put(keys.job(owner, job.id), encode(job), version, ABSENT),
        Put(job.due_key, encode(Due(owner, JOB + job.id)), version),
    ]


def move_on(owner: str, job: Job, due: int, versions: tuple[str, str]) -> tuple[Job, list[Change]]:
    """The job with another due instant; ``versions`` are the one it has and the one it gets."""
    key = due_key(owner, JOB + job.id, due)
    moved = msgspec.structs.replace(job, due=due, part=key.part, sort=key.sort)
    changes: list[Change] = [Put(keys.job(owner, job.id), encode(moved), versions[1], versions[0])]
    if key != job.due_key:
        changes += [Delete(job.due_key), Put(key, encode(Due(owner, JOB + job.id)), versions[1])]
    return moved, changes


def finish(owner: str, job: Job, version: str) -> list[Change]:
    return [Delete(keys.job(owner, job.id), version), Delete(job.due_key)]
