"""Where a home can be: ``sqlite:FOLDER`` or ``dynamodb:TABLE``; opened for moving it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import InUseError, MissingError, explained
from aurora_time.operations.copying import Movable
from aurora_time.operations.moving import MovingError, Place
from aurora_time.ports import Change, Clock, Item, Key, Range, StorageError, UnavailableError
from aurora_time.run.control import in_use_by
from aurora_time.run.tables import HomeTable, without_boto3
from aurora_time.run.world import uptime

SQLITE: Final = "sqlite:"
DYNAMODB: Final = "dynamodb:"
_PATIENCE: Final = 300.0
"""Seconds for which DynamoDB is asked again: a new table is throttled until it has grown to what is put into it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """``may_make``: a file that is not there yet is made; ``may_make_table``: a table, too.

    ``is_stopped``: no server runs on it, as the operator says; a file tells that by itself.
    """

    clock: Clock
    may_make: bool = False
    may_make_table: bool = False
    is_stopped: bool = False


def name_of(place: str) -> str:
    """The one name of a place, however it was written. Raises MovingError."""
    if place.startswith(DYNAMODB) and place != DYNAMODB:
        return place
    return f"{SQLITE}{_database_of(place)}"


def _database_of(place: str) -> Path:
    """The file of a home that is named by its folder, or by the file itself. Raises MovingError."""
    if not place.startswith(SQLITE) or place == SQLITE:
        raise MovingError(f"{place!r} is no place: name it like sqlite:/var/lib/aurora-time or dynamodb:aurora.")
    path = Path(place.removeprefix(SQLITE)).expanduser().absolute()
    is_file = path.suffix in (".sqlite", ".db") and not path.is_dir()
    return path if is_file else path / "aurora.sqlite"


@asynccontextmanager
async def opened(place: str, how: Opening) -> AsyncIterator[Place]:
    """A home, for moving it. Raises MovingError, StorageError."""
    name = name_of(place)
    on_file = name.startswith(SQLITE)
    table = _open_file(place, how) if on_file else _open_dynamodb(place.removeprefix(DYNAMODB), how)
    try:
        yield Place(name, Named(name, table), is_alone=on_file or how.is_stopped)
    finally:
        await table.close()


def _open_file(place: str, how: Opening) -> SqliteTable:
    path = _database_of(place)
    if how.may_make:
        with explained(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not path.exists():
        raise MissingError(path)
    try:
        return SqliteTable.open(path, how.clock)
    except InUseError as error:
        raise StorageError(in_use_by(path.parent) or str(error)) from None


def _open_dynamodb(name: str, how: Opening) -> HomeTable:
    try:
        from aurora_time.adapters.dynamodb_calls import Pace
        from aurora_time.adapters.dynamodb_table import open_table
    except ModuleNotFoundError as error:
        raise without_boto3(error) from None
    return open_table(name, how.clock, create=how.may_make and how.may_make_table, pace=Pace(_PATIENCE, uptime))


class Named:
    """A table whose troubles say which of two it is that has them."""

    def __init__(self, name: str, table: Movable) -> None:
        self._name, self._table = name, table

    async def get(self, *keys: Key) -> list[Item | None]:
        try:
            return await self._table.get(*keys)
        except UnavailableError as error:
            raise self._told(error, "read") from error

    async def query(self, *ranges: Range) -> list[list[Item]]:
        try:
            return await self._table.query(*ranges)
        except UnavailableError as error:
            raise self._told(error, "read") from error

    async def scan(self, after: Key | None, limit: int) -> tuple[list[Item], Key | None]:
        try:
            return await self._table.scan(after, limit)
        except UnavailableError as error:
            raise self._told(error, "read") from error

    async def write(self, *changes: Change) -> None:
        try:
            await self._table.write(*changes)
        except UnavailableError as error:
            raise self._told(error, "written") from error

    async def fill(self, items: list[Item]) -> None:
        try:
            await self._table.fill(items)
        except UnavailableError as error:
            raise self._told(error, "written") from error

    def _told(self, error: UnavailableError, done: str) -> UnavailableError:
        why = error.reason.rstrip(".")
        return UnavailableError(f"{self._name} cannot be {done} now: {why}. The same command goes on later.")
