"""Reminders: the ledger of what was sent and what is planned."""

from __future__ import annotations

from typing import Literal

import msgspec

from aurora_time.api.parameters import Cursor, Limit, When, read_window
from aurora_time.domain.moment import DAY, Window
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.ledger import Page
from aurora_time.operations.ledger import list_reminders as list_ledger
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import ReminderResource, reminder_resource
from aurora_time.operations.services import Services

_LONGEST_DAYS = 366


class ReminderQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """By the due instant; without `from` and `to` the last day and the next 30."""

    from_: When | None = None
    to: When | None = None
    status: Literal["planned", "sending", "sent", "failed", "suppressed"] | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class ReminderList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[ReminderResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/reminders",
    needs=("person: get", "calendar: query", "ledger: query", "armed: get query", "object: get"),
    scope="reminders:read",
    shape=Shape(query=ReminderQuery, answer=ReminderList),
)
async def list_reminders(services: Services, request: Request) -> Reply:
    """List reminders: what was sent, failed or left out, and what is planned."""
    query: ReminderQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    now = services.now
    window = read_window(query.from_, query.to, person.home) or Window(now - DAY, now + 30 * DAY)
    if window.end - window.start > _LONGEST_DAYS * DAY:
        raise InvalidError("?to", f"Ask for at most {_LONGEST_DAYS} days.")
    question = f"{query.from_}/{query.to}/{query.status}"
    after = read_cursor(query.cursor, question, tuple[int, str]) if query.cursor else None
    found = await list_ledger(services, owner, window, query.status, Page(query.limit + 1, after))
    shown = found[: query.limit]
    last = shown[-1][0] if len(found) > query.limit else None
    cursor = make_cursor(question, last.instant, last.id) if last else None
    return json_reply(ReminderList([reminder_resource(entry, version) for entry, version in shown], cursor))
