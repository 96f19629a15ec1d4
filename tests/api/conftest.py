"""Async tests of the API run in a loop of their own, with their world open.

Its table is in memory. Those that carry the mark `aws` run once more with their table on an emulated AWS, and with
AURORA_TEST_TABLE=dynamodb (`make test-aws`) all do so and nothing else.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.api.world import World

ALL_ON_AWS = os.environ.get("AURORA_TEST_TABLE") == "dynamodb"


@pytest.fixture(scope="session", autouse=ALL_ON_AWS)
def all_on_aws(aws: Any) -> Iterator[None]:
    World.everywhere = aws
    yield
    World.everywhere = None


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    return World(request.getfixturevalue("aws") if getattr(request, "param", "") == "dynamodb" else None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" in metafunc.fixturenames and metafunc.definition.get_closest_marker("aws") and not ALL_ON_AWS:
        metafunc.parametrize("world", ["memory", "dynamodb"], indirect=True)


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
