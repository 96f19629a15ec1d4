"""The change feed, by which a client keeps a copy of all that it may read."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from aurora_time.api.parameters import Limit
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply
from aurora_time.http.paging import DEFAULT_LIMIT
from aurora_time.http.problem import GONE
from aurora_time.operations import changes
from aurora_time.operations.changes import Change
from aurora_time.operations.services import Services

SyncToken = Annotated[
    str, Meta(max_length=2_000, description="`nextToken` of the page before; `now` for the token of this moment.")
]


class ChangeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `since` the feed begins with all there is."""

    since: SyncToken | None = None
    limit: Limit = DEFAULT_LIMIT


class ChangeList(msgspec.Struct, frozen=True, rename="camel"):
    """`more`: ask again at once with `nextToken`; else keep it for the next time."""

    items: list[Change]
    next_token: str
    more: bool


@endpoint(
    "GET",
    "/v1/changes",
    needs=("head: get", "restored: get", "log: get query", *changes.NEEDS),
    scope="changes:read",
    shape=Shape(query=ChangeQuery, answer=ChangeList, problems=(GONE,)),
)
async def list_changes(services: Services, request: Request) -> Reply:
    """List what changed since a sync token, each thing once and as it is now. Begin without a token: first comes all
    there is, then what changed meanwhile. Apply the items in their order. Told are the kinds that your token may read:
    `me`, `calendar`, `event`, `task`, `schedule`, `rule`, and `reminder`: those that belong to no event, and what is
    done with others (snoozed, dismissed). After a 410 begin anew.
    """
    query: ChangeQuery = request.query
    page = await changes.list_changes(
        services, request.caller.person_id, request.caller.scopes, query.since, query.limit
    )
    return json_reply(ChangeList(page.items, page.token, page.more))
