"""One file of the API as a function: events of an HTTP API (payload format 2.0) in, the declared answers out."""

from __future__ import annotations

import dataclasses
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from aurora_time.api import FILES, endpoints_in
from aurora_time.api.authentication import authenticator
from aurora_time.aws.carrier import Event, reply_to, run
from aurora_time.aws.needs import ADMIT, ADMITS, AUTHENTICATE, OPENAPI
from aurora_time.aws.settings import CloudSettings, read_settings
from aurora_time.aws.soon import Soon
from aurora_time.aws.tokens import Pool
from aurora_time.aws.world import CLOCK, LateQueue, make_services, make_table
from aurora_time.http.dispatch import RawRequest, Wired
from aurora_time.http.endpoint import Endpoint, Reply, endpoints_of
from aurora_time.http.guard import GuardedTable
from aurora_time.http.path import Path, by_path, head_of, nowhere, read_query
from aurora_time.http.problem import TOO_LARGE, Problem
from aurora_time.http.rate_limit import RateLimit
from aurora_time.operations.services import Services
from aurora_time.run.endpoints import wire_some


def endpoints_for(function: str) -> list[Endpoint]:
    """What a function answers."""
    if function == OPENAPI:
        return endpoints_of(import_module("aurora_time.run.openapi"))
    if function not in FILES:
        raise ValueError(f"there is no file api/{function}.py")
    return endpoints_in(function)


class RestFunction:
    """Answers one event after the other, as a process of Lambda gets them."""

    def __init__(self, wired: Sequence[Wired], services: Services, soon: Soon) -> None:
        self._paths = by_path(wired)
        self._policy = next((each.policy for each in self._paths.values()), {})
        self._new_id = services.ids.new
        self._soon = soon

    async def __call__(self, event: Event) -> Event:
        request_id, method = self._new_id(), event["requestContext"]["http"]["method"]
        path = self._paths.get(event["routeKey"].partition(" ")[2])
        if path is None:
            reply = nowhere(request_id, self._policy)
        else:
            reply = path.completed(await self._reply(path, method, event, request_id))
        await self._soon.tell()
        return response(reply, request_id, with_body=method != "HEAD")

    @staticmethod
    async def _reply(path: Path, method: str, event: Event, request_id: str) -> Reply:
        wired = path.find(method)
        if wired is None:
            return path.other_method(method, request_id)
        return await reply_to(wired, read_event(wired.endpoint, event, request_id))


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
        try:
            return made | {"body": reply.body.decode()}
        except UnicodeDecodeError:
            return made | {"body": b64encode(reply.body).decode(), "isBase64Encoded": True}
    if reply.body:
        made["headers"]["content-length"] = str(len(reply.body))
    return made


def make_function(settings: CloudSettings) -> RestFunction:
    table, _ = make_table(settings)
    soon = Soon(CLOCK, LateQueue(settings.queue) if settings.queue else None)
    services = dataclasses.replace(make_services(settings, table), nudge=soon.nudge)
    admits = settings.function == ADMITS
    guard = GuardedTable(table, AUTHENTICATE | (ADMIT if admits else frozenset()), set())
    known = dataclasses.replace(services, table=guard)
    pool = Pool(settings, known, CLOCK, admits=admits)
    limit = RateLimit(settings.rate_limit, CLOCK)
    authenticate = authenticator(known, pool, pool.find)
    return RestFunction(wire_some(endpoints_for(settings.function), services, authenticate, limit), services, soon)


@cache
def _function() -> RestFunction:
    return make_function(read_settings(os.environ))


async def _answer(event: Event) -> Event:
    return await _function()(event)


def handler(event: Event, _context: object) -> Event:
    """What Lambda calls."""
    return run(_answer(event))
