"""Each engine behind the Table port, for the one suite that says what the port promises."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.adapters.dynamodb_table import create_table
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import Clock, Table


@dataclass
class SetClock:
    """Stands still until a test moves it."""

    time: float = 1_800_000_000.0

    def now(self) -> float:
        return self.time


@contextlib.asynccontextmanager
async def memory(_request, _folder: Path, clock: Clock) -> AsyncIterator[Table]:
    table = SqliteTable.open(":memory:", clock)
    try:
        yield table
    finally:
        await table.close()


@contextlib.asynccontextmanager
async def file(_request, folder: Path, clock: Clock) -> AsyncIterator[Table]:
    table = SqliteTable.open(folder / "table.db", clock)
    try:
        yield table
    finally:
        await table.close()


@contextlib.asynccontextmanager
async def dynamodb(request, _folder: Path, clock: Clock, *, lean: bool = False) -> AsyncIterator[Table]:
    """A table of the emulated AWS."""
    aws = request.getfixturevalue("aws")
    name = aws.table_name()
    client = aws.client()
    create_table(client, name)
    table = DynamoTable(LeanDynamo(aws.environ) if lean else client, name, clock)
    try:
        yield table
    finally:
        client.delete_table(TableName=name)
        await table.close()


Engine = Callable[[Path, Clock], contextlib.AbstractAsyncContextManager[Table]]
ENGINES = {"memory": memory, "file": file, "dynamodb": dynamodb, "lean": partial(dynamodb, lean=True)}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=sorted(ENGINES))
def engine(request) -> Engine:
    return partial(ENGINES[request.param], request)


@pytest.fixture
async def table(engine, tmp_path, clock) -> AsyncIterator[Table]:
    async with engine(tmp_path, clock) as table:
        yield table
