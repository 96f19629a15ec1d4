"""The carrier for one process: declared endpoints as ASGI, problems for all that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aurora_time.http.dispatch import RawRequest, Wired, answer
from aurora_time.http.endpoint import Reply
from aurora_time.http.path import NewId, Path, broken, by_path, head_of, nowhere, read_query
from aurora_time.http.problem import TOO_LARGE, Problem
from aurora_time.operations.meter import Meter

_log = structlog.get_logger("http")
_STRICT: Final = (b"strict-transport-security", b"max-age=31536000")


class PathApp:
    """All methods of one path."""

    def __init__(self, path: Path, new_id: NewId, meter: Meter) -> None:
        self._path = path
        self._new_id = new_id
        self._noted = {method: meter.operation(each.endpoint.operation_id) for method, each in path.wired.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = self._new_id()
        wired = self._path.find(scope["method"])
        if wired is None:
            reply = self._path.other_method(scope["method"], request_id)
        else:
            begun = perf_counter()
            try:
                reply = await _reply(wired, scope, receive, request_id)
            except ClientDisconnect:
                return  # nobody is there to be answered, and half a body is no request
            self._noted[wired.endpoint.method].note(reply.status, perf_counter() - begun)
        await send_reply(send, self._path.completed(reply), request_id, with_body=scope["method"] != "HEAD")


class Nowhere:
    """What no endpoint has."""

    def __init__(self, new_id: NewId, policy: Mapping[str, str]) -> None:
        self._new_id = new_id
        self._policy = policy

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        request_id = self._new_id()
        await send_reply(send, nowhere(request_id, self._policy), request_id, with_body=scope["method"] != "HEAD")


class OnlyHttps:
    """Around everything of a home that has https: browsers come by nothing else from then on (RFC 6797)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _STRICT]
            await send(message)

        await self._app(scope, receive, with_header)


class LastCarrier:
    """Around pages: what was not foreseen is logged with the request's id, and told without its inside.

    ``broken(scope, request_id)`` makes the page.
    """

    def __init__(self, app: ASGIApp, new_id: Callable[[], str], broken: Callable[[Scope, str], Response]) -> None:
        self._app = app
        self._new_id = new_id
        self._broken = broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except HTTPException:
            raise  # a wrong method: Starlette answers it further out
        except Exception:
            request_id = self._new_id()
            _log.exception("page failed", request_id=request_id, route=getattr(scope.get("route"), "path", ""))
            if started:
                raise  # the server ends the connection: half a page must not look like a whole one
            await self._broken(scope, request_id)(scope, receive, send)


async def _reply(wired: Wired, scope: Scope, receive: Receive, request_id: str) -> Reply:
    try:
        return await answer(wired, await _raw(wired, scope, receive, request_id))
    except ClientDisconnect:
        raise
    except Exception:
        # The edge: whatever was not foreseen is logged here, and told without its inside.
        _log.exception("request failed", request_id=request_id, operation=wired.endpoint.operation_id)
        return broken(wired, request_id)


async def _raw(wired: Wired, scope: Scope, receive: Receive, request_id: str) -> RawRequest:
    shape = wired.endpoint.shape
    query: list[tuple[str, str]] = []
    body, refused = b"", None
    try:
        body = await _body(receive, shape.max_body) if shape.body is not None else b""
        query = read_query(scope["query_string"].decode("latin-1"))
    except Problem as problem:
        refused = problem
    return RawRequest(scope.get("path_params", {}), query, _headers(scope), body, request_id, refused)


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; lines of one name are one list (RFC 9110 section 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _body(receive: Receive, most: int) -> bytes:
    """The whole body. Raises Problem 413, and ClientDisconnect when the client went away in its midst."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise Problem(TOO_LARGE, f"A body has at most {most:,} bytes here. Send less at once.")
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


async def send_reply(send: Send, reply: Reply, request_id: str, *, with_body: bool = True) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in head_of(reply, request_id)]
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body if with_body else b""})


def api_routes(wired: Iterable[Wired], new_id: NewId, meter: Meter | None = None) -> list[BaseRoute]:
    """A route for each path, in the order of the declarations; what else lies under /v1 is not there.

    ``meter`` counts the requests.
    """
    meter = meter or Meter()
    paths = by_path(wired)
    apps: dict[str, Any] = {path: PathApp(each, new_id, meter) for path, each in paths.items()}
    policy = next((each.policy for each in paths.values()), {})
    apps |= dict.fromkeys(("/v1", "/v1/{rest:path}", "/ical/{rest:path}"), Nowhere(new_id, policy))
    return [Route(path, app) for path, app in apps.items()]
