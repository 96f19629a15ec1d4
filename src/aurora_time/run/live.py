"""``/live``: a stream of server-sent events that says when something of a person's has changed, and never what.

Whoever hears it asks ``/v1/changes`` or reads again. A hint, as the bell of the reminder loop is one: writes of another
process are not heard, so clients look now and then all the same.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from aurora_time.http.dispatch import Authenticate
from aurora_time.http.problem import FORBIDDEN_SCOPE, MEDIA_TYPE, TOO_MANY, UNAUTHORIZED, Problem
from aurora_time.operations.services import Services

PATH: Final = "/live"
SCOPE: Final = "changes:read"
BEAT: Final = 20.0
"""Seconds of silence after which a comment is sent, so that nothing between takes the connection for dead."""
LONGEST: Final = 600.0
"""Seconds after which a stream ends and its client asks again with a token that is good then."""
MOST: Final = 20
"""Streams that one person may have open."""
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


class Live:
    """``route`` serves the streams, ``stop`` ends them all."""

    def __init__(self, services: Services, authenticate: Authenticate) -> None:
        self._services = services
        self._authenticate = authenticate
        self._open: Counter[str] = Counter()
        self._stopping = asyncio.Event()

    def route(self) -> Route:
        return Route(PATH, self._answer, methods=["GET"])

    def stop(self) -> None:
        self._stopping.set()

    async def _answer(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        caller = await self._authenticate(token.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            return self._refused(Problem(UNAUTHORIZED, "Send `Authorization: Bearer <token>` with a token valid now."))
        if SCOPE not in caller.scopes:
            return self._refused(Problem(FORBIDDEN_SCOPE, f"This needs the scope `{SCOPE}`."))
        if self._open[caller.person_id] >= MOST:
            return self._refused(Problem(TOO_MANY, f"At most {MOST} streams are open at once; close one."))
        told = self._stream(caller.person_id, token.strip())
        return StreamingResponse(told, headers=_HEADERS, media_type="text/event-stream")

    def _refused(self, problem: Problem) -> Response:
        document = problem.document(self._services.ids.new())
        return Response(document, problem.kind.status, media_type=MEDIA_TYPE)

    async def _stream(self, person_id: str, token: str) -> AsyncIterator[str]:
        """Until whose it is was signed out: the last word is then that something changed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        self._open[person_id] += 1
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            with self._services.writers.watch(person_id) as written:
                yield "retry: 2000\n\n"
                while loop.time() < until and not self._stopping.is_set():
                    await _first(written, stopping)
                    if not written.is_set():
                        yield ": still here\n\n"
                        continue
                    written.clear()
                    yield "event: change\ndata: {}\n\n"
                    if await self._authenticate(token) is None:
                        return
        finally:
            stopping.cancel()
            self._open[person_id] -= 1
            if not self._open[person_id]:
                del self._open[person_id]


async def _first(written: asyncio.Event, stopping: asyncio.Task[Literal[True]]) -> None:
    """Until something is written, the server stops or it is time for a beat. Its task goes with whoever hangs up."""
    waiting = asyncio.ensure_future(written.wait())
    try:
        await asyncio.wait([waiting, stopping], timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
