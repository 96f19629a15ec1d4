"""Each test of this folder has a second home of its own, and runs in a loop of its own."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from aurora_time.run.logs import configure_logs
from tests.aws.cloud import Cloud


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    """As the functions have it."""
    configure_logs("info")


@pytest.fixture
def cloud(aws: Any) -> Cloud:
    return Cloud(aws)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(_story(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names}))
    return True


async def _story(test: Any, arguments: dict[str, Any]) -> None:
    clouds = [value for value in arguments.values() if isinstance(value, Cloud)]
    for cloud in clouds:
        await cloud.open()
    try:
        await test(**arguments)
    finally:
        for cloud in clouds:
            await cloud.close()
