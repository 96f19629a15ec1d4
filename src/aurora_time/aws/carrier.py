"""The edge of every function: one event loop for a process, and a log line for whatever was not foreseen."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeVar

import structlog

from aurora_time.http.dispatch import RawRequest, Wired, answer
from aurora_time.http.endpoint import Reply
from aurora_time.http.path import broken
from aurora_time.run.logs import configure_logs

T = TypeVar("T")
Event = dict[str, Any]
"""As AWS hands it to a function: decoded JSON."""

_log = structlog.get_logger("aws")


@cache
def _runner() -> asyncio.Runner:
    configure_logs("info")
    return asyncio.Runner()


def run(work: Coroutine[Any, Any, T]) -> T:
    """In the loop of this process, to which its connections belong. Between two calls the process may be frozen."""
    try:
        return _runner().run(work)
    finally:
        if not gc.isenabled():
            gc.freeze()  # what was loaded stays
            gc.enable()


async def reply_to(wired: Wired, raw: RawRequest) -> Reply:
    """As ``answer``, also where something goes wrong that nobody foresaw."""
    try:
        return await answer(wired, raw)
    except Exception:
        _log.exception("request failed", request_id=raw.id, operation=wired.endpoint.operation_id)
        return broken(wired, raw.id)


async def failure_of(
    name: str, work: Callable[[], Coroutine[Any, Any, object]], told: str = "not done; it is tried again"
) -> Exception | None:
    """Do one of several things; one that fails in whatever way must not keep the others from being done."""
    try:
        await work()
    except Exception as error:
        _log.exception(told, message=name)
        return error
    return None
