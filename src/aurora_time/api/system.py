"""Whether the service lives."""

from __future__ import annotations

import msgspec

from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply
from aurora_time.http.problem import UNAVAILABLE
from aurora_time.operations.ringing import next_due
from aurora_time.operations.services import Services
from aurora_time.ports import UnavailableError

_STALLED: int = 300


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
    due = await next_due(services)
    overdue = max(0, services.now - due) if due is not None else 0
    if overdue > _STALLED:
        raise UnavailableError(f"the oldest reminder has been due for {overdue} s", 30)
    return json_reply(Health("ok", overdue))
