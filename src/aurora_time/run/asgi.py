"""The carrier for one process: declared endpoints as ASGI, problems for all that goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

import structlog
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from aurora_time.http.dispatch import MAX_BODY_BYTES, RawRequest, Wired, answer, problem_reply
from aurora_time.http.endpoint import Reply
from aurora_time.http.problem import INTERNAL, METHOD_NOT_ALLOWED, TOO_LARGE, Problem

_log = structlog.get_logger("http")
_SECURITY: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class PathApp:
    """All methods of one path."""

    def __init__(self, wired: dict[str, Wired], new_id: Callable[[], str]) -> None:
        self._wired = wired
        self._new_id = new_id
        self._allow = ", ".join(sorted({*wired, "OPTIONS", *(["HEAD"] if "GET" in wired else [])}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = self._new_id()
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        wired = self._wired.get(method)
        if wired is None:
            reply = self._other_method(scope["method"], request_id)
        else:
            reply = await _reply(wired, scope, receive, request_id)
        await send_reply(send, reply, request_id, with_body=scope["method"] != "HEAD")

    def _other_method(self, method: str, request_id: str) -> Reply:
        if method == "OPTIONS":
            return Reply(204, headers={"allow": self._allow})
        problem = Problem(METHOD_NOT_ALLOWED, f"Use one of {self._allow} here.", headers={"allow": self._allow})
        return problem_reply(problem, request_id)


async def _reply(wired: Wired, scope: Scope, receive: Receive, request_id: str) -> Reply:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = b""
    if wired.endpoint.shape.body is not None:
        read = await _body(receive)
        if read is None:
            return problem_reply(Problem(TOO_LARGE, f"A body has at most {MAX_BODY_BYTES} bytes."), request_id)
        body = read
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=100)
    raw = RawRequest(scope.get("path_params", {}), query, headers, body, request_id)
    try:
        return await answer(wired, raw)
    except Exception:
        # The edge: whatever was not foreseen is logged here, and told without its inside.
        _log.exception("request failed", request_id=request_id, operation=wired.endpoint.operation_id)
        detail = "This is our mistake, not yours, and it is in the log with this request's id."
        return problem_reply(Problem(INTERNAL, detail), request_id)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, None when it is larger than any may be."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


async def send_reply(send: Send, reply: Reply, request_id: str, *, with_body: bool = True) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    if "cache-control" not in reply.headers:
        headers += _SECURITY
    else:
        headers += _SECURITY[1:]
    headers.append((b"request-id", request_id.encode()))
    if reply.body:
        headers.append((b"content-type", reply.media_type.encode()))
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body if with_body else b""})


def api_routes(wired: Iterable[Wired], new_id: Callable[[], str]) -> list[BaseRoute]:
    """A route for each path, in the order of the declarations."""
    by_path: dict[str, dict[str, Wired]] = {}
    for each in wired:
        by_path.setdefault(each.endpoint.path, {})[each.endpoint.method] = each
    apps: dict[str, Any] = {path: PathApp(methods, new_id) for path, methods in by_path.items()}
    return [Route(path, app) for path, app in apps.items()]
