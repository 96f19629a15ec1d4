"""Quick-add: a sentence becomes an event or a task."""

from __future__ import annotations

from aurora_time.api import needs
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply, with_undo
from aurora_time.http.problem import INVALID, TOO_LARGE
from aurora_time.operations import quick_adding
from aurora_time.operations.quick_adding import QuickAdded, QuickAddInput
from aurora_time.operations.services import Services


@endpoint(
    "POST",
    "/v1/quick-add",
    needs=needs.QUICK_ADD,
    scope="events:write tasks:write",
    shape=Shape(body=QuickAddInput, answer=QuickAdded, problems=(INVALID, TOO_LARGE), undo=True),
)
async def quick_add(services: Services, request: Request) -> Reply:
    """Make an event or a task of a sentence. The answer tells what each word meant; with `dryRun` nothing is made."""
    shown, undo = await quick_adding.quick_add(services, request.caller.person_id, request.body)
    return with_undo(json_reply(shown), undo) if undo else json_reply(shown)
