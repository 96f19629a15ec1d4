"""Whether the service lives, is ready, and what it counts."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from aurora_time import __version__
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply
from aurora_time.http.problem import NOT_FOUND, UNAVAILABLE, Problem, not_found
from aurora_time.operations import canary
from aurora_time.operations.meter import MEDIA_TYPE, Labels, metric, single
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import list_due
from aurora_time.store.agenda import AGENDA
from aurora_time.store.reminders import JOB, OBJECT

_STALLED: Final = 300
_COUNTED: Final = 1_000
"""Due items that are looked at to say how many wait."""
_WAITING: Final = {OBJECT: "object", JOB: "job", AGENDA: "agenda", canary.CANARY: "canary"}


def _unwell(what: str) -> Problem:
    """A 503 for whoever watches over the service."""
    detail = f"{what}. If that stays so, look into the log of the server, and start it again."
    return Problem(UNAVAILABLE, detail, headers={"retry-after": "30"})


class Health(msgspec.Struct, frozen=True, rename="camel"):
    """`oldestOverdueSeconds`: for how long the reminder that waits longest has been due (0: none waits)."""

    status: str
    oldest_overdue_seconds: int


@endpoint(
    "GET",
    "/healthz",
    needs=("due: query",),
    scope=None,
    shape=Shape(answer=Health, problems=(UNAVAILABLE,)),
)
async def get_health(services: Services, _request: Request) -> Reply:
    """Whether the service answers, reads its data and rings its reminders."""
    overdue = await canary.oldest_overdue(services)
    if overdue > _STALLED:
        raise _unwell(f"The oldest reminder has been due for {overdue} s")
    return json_reply(Health("ok", overdue))


class Readiness(msgspec.Struct, frozen=True, rename="camel"):
    """`canarySeconds`: how long ago the canary went through the loop and was written down."""

    status: str
    canary_seconds: int


@endpoint(
    "GET",
    "/readyz",
    needs=("canary: get",),
    scope=None,
    shape=Shape(answer=Readiness, problems=(UNAVAILABLE,)),
)
async def get_readiness(services: Services, _request: Request) -> Reply:
    """Whether requests may be sent here: the data is read, was written a moment ago, and the loop that rings runs."""
    age = await canary.age(services)
    if age is None:
        raise _unwell("The loop that rings has not been started")
    if age > canary.stale(services):
        raise _unwell(f"The loop that rings has written nothing for {age:.0f} s")
    return json_reply(Readiness("ready", int(age)))


@endpoint(
    "GET",
    "/metrics",
    needs=("due: query", "canary: get"),
    scope=None,
    shape=Shape(answer=str, media_type="text/plain", problems=(NOT_FOUND, UNAVAILABLE)),
)
async def get_metrics(services: Services, request: Request) -> Reply:
    """What is counted, for Prometheus. On a home that only its own machine reaches it is open; elsewhere it is for who
    bears the token of `AURORA_METRICS_TOKEN`. Nothing in it names a person.
    """
    if not services.meter.admits(request.headers.get("authorization", "")):
        raise not_found()
    waiting = Counter(dict.fromkeys(_WAITING.values(), 0))
    for item in await list_due(services, _COUNTED):
        waiting[_WAITING.get(item.key.sort.rsplit("#", 1)[1][:2], "other")] += 1
    overdue, age = await canary.oldest_overdue(services), await canary.age(services)
    counted: dict[Labels, float] = {(("kind", kind),): count for kind, count in waiting.items()}
    lines = [
        *metric("aurora_build_info", "gauge", "The version.", {(("version", __version__),): 1}),
        *metric("aurora_due", "gauge", f"What is due now, of {_COUNTED} looked at.", counted),
        *metric("aurora_oldest_overdue_seconds", "gauge", "How long what waits longest has been due.", single(overdue)),
        *services.meter.lines(),
    ]
    if age is not None:
        lines += metric("aurora_canary_age_seconds", "gauge", "Since the canary was attended to.", single(age))
    return Reply(200, ("\n".join(lines) + "\n").encode(), media_type=MEDIA_TYPE)
