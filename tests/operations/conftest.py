"""Every test here gets a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from tests.operations.world import SetClock, World


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """It is 2026-11-23 08:00 in Berlin."""
    clock = SetClock("2026-11-23T07:00:00Z")
    table = SqliteTable.open(":memory:", clock)
    try:
        yield World(table, clock)
    finally:
        await table.close()
