"""Async tests run in a loop of their own, with whatever of ``kind`` they ask for open around them."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import pytest


def stories_with(kind: type[AbstractAsyncContextManager[Any]]) -> Callable[[pytest.Function], bool | None]:
    """The hook of a conftest.py, to be named ``pytest_pyfunc_call`` there."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
        if not inspect.iscoroutinefunction(pyfuncitem.obj):
            return None
        names = inspect.signature(pyfuncitem.obj).parameters
        asyncio.run(_story(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names}, kind))
        return True

    return pytest_pyfunc_call


async def _story(test: Any, arguments: dict[str, Any], kind: type[AbstractAsyncContextManager[Any]]) -> None:
    async with AsyncExitStack() as stack:
        for value in arguments.values():
            if isinstance(value, kind):
                await stack.enter_async_context(value)
        await test(**arguments)
