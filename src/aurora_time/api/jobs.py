"""Jobs: what takes longer than a request, and how far it is."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from aurora_time.api.parameters import Cursor, Limit
from aurora_time.domain.moment import print_instant
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import NOT_FOUND
from aurora_time.operations import jobs
from aurora_time.operations.services import Services
from aurora_time.store.jobs import Job


class JobResource(msgspec.Struct, frozen=True, rename="camel"):
    """A job. It has dealt with `done` things, of `total` where that is known; `error` says why it failed. `report` is
    what its kind has to tell, shown where one job is read.
    """

    id: str
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    done: int
    total: int | None
    created: str
    started: str | None
    finished: str | None
    error: str | None
    etag: str
    report: Annotated[Raw, Meta(description="JSON; null as long as there is nothing to tell.")] | UnsetType = UNSET


class JobList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[JobResource]
    next_cursor: str | None


class JobQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


def job_resource(job: Job, version: str, *, with_report: bool = True) -> JobResource:
    return JobResource(
        job.id,
        job.kind,
        job.state,
        job.done,
        job.total,
        print_instant(job.created),
        None if job.started is None else print_instant(job.started),
        None if job.finished is None else print_instant(job.finished),
        job.error or None,
        version,
        Raw(job.report or b"null") if with_report else UNSET,
    )


def job_reply(job: Job, version: str) -> Reply:
    """202: it is begun, and there is where its end can be read."""
    return json_reply(job_resource(job, version), version, 202, f"/v1/jobs/{job.id}")


@endpoint(
    "GET",
    "/v1/jobs",
    needs=("job: query",),
    scope="jobs:read",
    shape=Shape(query=JobQuery, answer=JobList),
)
async def list_jobs(services: Services, request: Request) -> Reply:
    """List the jobs that wait, run, or ended in the last 30 days, the newest first."""
    query: JobQuery = request.query
    behind = read_cursor(query.cursor, "jobs", tuple[int, str]) if query.cursor else (-(2**60), "")
    found = await jobs.list_jobs(services, request.caller.person_id)
    rest = [pair for pair in found if (-pair[0].created, pair[0].id) > behind]
    shown = rest[: query.limit]
    last = shown[-1][0] if len(rest) > query.limit else None
    cursor = make_cursor("jobs", -last.created, last.id) if last else None
    return json_reply(JobList([job_resource(job, version, with_report=False) for job, version in shown], cursor))


@endpoint(
    "GET",
    "/v1/jobs/{jobId}",
    needs=("job: get",),
    scope="jobs:read",
    shape=Shape(answer=JobResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_job(services: Services, request: Request) -> Reply:
    """Read a job. It cannot be called back: what it does began with the request that started it."""
    job, version = await jobs.read_job(services, request.caller.person_id, request.parameters["jobId"])
    return read_reply(request, job_resource(job, version), version)
