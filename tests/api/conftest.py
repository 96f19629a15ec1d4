"""Async tests of the API run in a loop of their own, with their world open."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.api.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that bring things into the trash and back do two of them a page."""
    for module in ("along", "calendar_trash", "part_jobs"):
        monkeypatch.setattr(f"aurora_time.operations.{module}.PAGE", 2)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(_story(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names}))
    return True


async def _story(test: Any, arguments: dict[str, Any]) -> None:
    async with AsyncExitStack() as stack:
        for value in arguments.values():
            if isinstance(value, World):
                await stack.enter_async_context(value)
        await test(**arguments)
