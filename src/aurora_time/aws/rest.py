"""One file of the API as a function: events of an HTTP API (payload format 2.0) in, the declared answers out."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

from aurora_time.adapters.aws_traces import UNTRACED, Traces
from aurora_time.api import FILES, endpoints_in
from aurora_time.api.authentication import authenticator
from aurora_time.aws.carrier import Event, reply_to, run
from aurora_time.aws.large import Fitting
from aurora_time.aws.needs import ADMIT, ADMITS, AUTHENTICATE, OPENAPI
from aurora_time.aws.settings import CloudSettings, read_settings
from aurora_time.aws.soon import Soon
from aurora_time.aws.tokens import Pool
from aurora_time.aws.world import CLOCK, TRACES, LateQueue, LateShelf, make_services, make_table
from aurora_time.http.dispatch import RawRequest, Wired, problem_reply
from aurora_time.http.endpoint import Endpoint, Reply, endpoints_of
from aurora_time.http.guard import GuardedTable
from aurora_time.http.path import Path, by_path, head_of, nowhere, read_query
from aurora_time.http.problem import TOO_LARGE, UNAVAILABLE, Problem
from aurora_time.http.rate_limit import RateLimit
from aurora_time.operations.services import Services
from aurora_time.ports import Shelf
from aurora_time.run.endpoints import wire_some

_AS_TEXT: Final = 1_000_000
"""Bytes; more than that in Base64, of which it is known how much larger it is: JSON writes some characters as six."""
PATIENCE: Final = 25.0
"""Seconds for an export, which only reads: the gateway waits for 30, and says nothing of the reason."""
_TOO_LONG: Final = "This takes longer than an answer may. Ask for one calendar at a time (`calendarId`)."


def endpoints_for(function: str) -> list[Endpoint]:
    """What a function answers."""
    if function == OPENAPI:
        return endpoints_of(import_module("aurora_time.run.openapi"))
    if function not in FILES:
        raise ValueError(f"there is no file api/{function}.py")
    return endpoints_in(function)


class RestFunction:
    """Answers one event after the other, as a process of Lambda gets them."""

    def __init__(
        self,
        wired: Sequence[Wired],
        services: Services,
        soon: Soon,
        shelf: Shelf | None = None,
        traces: Traces = UNTRACED,
    ) -> None:
        self._paths = by_path(wired)
        self._policy = next((each.policy for each in self._paths.values()), {})
        self._new_id = services.ids.new
        self._soon = soon
        self._traces = traces
        self._fitting = Fitting(shelf, services.clock, services.ids)

    async def __call__(self, event: Event) -> Event:
        request_id, method = self._new_id(), event["requestContext"]["http"]["method"]
        path = self._paths.get(event["routeKey"].partition(" ")[2])
        wired = None if path is None else path.find(method)
        if path is None:
            reply = nowhere(request_id, self._policy)
        elif wired is None:
            reply = path.completed(path.other_method(method, request_id))
        else:
            named = wired.endpoint
            with self._traces.endpoint(named.operation_id, function=named.tag, request_id=request_id) as span:
                reply = await self._complete(path, wired, event, request_id)
                span.status = reply.status
        return response(reply, request_id, with_body=method != "HEAD")

    async def _complete(self, path: Path, wired: Wired, event: Event, request_id: str) -> Reply:
        reply = path.completed(await self._reply(wired, event, request_id))
        await self._soon.tell()
        if event["requestContext"]["http"]["method"] != "HEAD":
            reply = await self._fitting(reply, request_id)
        return reply

    @staticmethod
    async def _reply(wired: Wired, event: Event, request_id: str) -> Reply:
        answering = reply_to(wired, read_event(wired.endpoint, event, request_id))
        if not wired.endpoint.shape.large:
            return await answering
        try:
            return await asyncio.wait_for(answering, PATIENCE)
        except TimeoutError:
            return problem_reply(Problem(UNAVAILABLE, _TOO_LONG, headers={"retry-after": "60"}), request_id)


def read_event(endpoint: Endpoint, event: Event, request_id: str) -> RawRequest:
    """A request as every carrier hands it over; header names come in lower case, and lines of one name as one."""
    query: list[tuple[str, str]] = []
    body, refused = b"", None
    try:
        body = _body(endpoint, event)
        query = read_query(event.get("rawQueryString", ""))
    except Problem as problem:
        refused = problem
    return RawRequest(event.get("pathParameters") or {}, query, event.get("headers", {}), body, request_id, refused)


def _body(endpoint: Endpoint, event: Event) -> bytes:
    """Raises Problem 413."""
    text, most = event.get("body") or "", endpoint.shape.max_body
    if endpoint.shape.body is None:
        return b""
    body = b64decode(text) if event.get("isBase64Encoded") else text.encode()
    if len(body) > most:
        raise Problem(TOO_LARGE, f"A body has at most {most:,} bytes here. Send less at once.")
    return body


def response(reply: Reply, request_id: str, *, with_body: bool = True) -> Event:
    """The answer for the HTTP API, which sets Content-Length itself, but for what HEAD leaves out."""
    made: dict[str, Any] = {"statusCode": reply.status, "headers": dict(head_of(reply, request_id))}
    if reply.body and with_body:
        if len(reply.body) <= _AS_TEXT:
            with contextlib.suppress(UnicodeDecodeError):
                return made | {"body": reply.body.decode()}
        return made | {"body": b64encode(reply.body).decode(), "isBase64Encoded": True}
    if reply.body:
        made["headers"]["content-length"] = str(len(reply.body))
    return made


def make_function(settings: CloudSettings) -> RestFunction:
    table, _ = make_table(settings)
    soon = Soon(CLOCK, LateQueue(settings.queue, tries=1) if settings.queue else None)
    services = dataclasses.replace(make_services(settings, table), nudge=soon.nudge)
    admits = settings.function == ADMITS
    guard = GuardedTable(table, AUTHENTICATE | (ADMIT if admits else frozenset()), set())
    known = dataclasses.replace(services, table=guard)
    pool = Pool(settings, known, CLOCK, admits=admits, traces=TRACES)
    limit = RateLimit(settings.rate_limit, CLOCK)
    authenticate = authenticator(known, pool, pool.find)
    endpoints = endpoints_for(settings.function)
    is_large = settings.answers and any(each.shape.large for each in endpoints)
    shelf = LateShelf(settings.answers) if is_large else None
    return RestFunction(wire_some(endpoints, services, authenticate, limit), services, soon, shelf, TRACES)


@cache
def _function() -> RestFunction:
    return make_function(read_settings(os.environ))


async def _answer(event: Event) -> Event:
    return await _function()(event)


def handler(event: Event, _context: object) -> Event:
    """What Lambda calls."""
    return run(_answer(event))
