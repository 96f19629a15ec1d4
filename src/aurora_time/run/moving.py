"""``aurora move``: opens both homes, shows how far it is, and says at the end what was moved and how fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import InUseError, MissingError, explained
from aurora_time.operations.copying import Movable
from aurora_time.operations.moving import Move, Moved, MovingError, Place, give_up, run
from aurora_time.ports import Change, Clock, Item, Key, Range, StorageError, UnavailableError
from aurora_time.run.control import in_use_by
from aurora_time.run.world import RandomIds
from aurora_time.store.moves import Amount, Mark

SQLITE: Final = "sqlite:"
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """From where to where, as the operator says it; ``is_stopped``: the operator knows that no server runs on it."""

    source: str
    target: str
    accounts: bool = True
    is_stopped: bool = False


class StillClock:
    """Stands still while a home is moved, so that nothing expires between counting it here and counting it there."""

    def __init__(self, at: float) -> None:
        self._at = at

    def now(self) -> float:
        return self._at


# --- the two places ---------------------------------------------------------------------------------------------------
class _Named:
    """A table whose troubles say which of the two it is that has them."""

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

    def _told(self, error: UnavailableError, done: str) -> UnavailableError:
        why = error.reason.rstrip(".")
        return UnavailableError(f"{self._name} cannot be {done} now: {why}. The same command goes on later.")


def database_of(place: str) -> Path:
    """The file of a home that is named by its folder, or by the file itself. Raises MovingError."""
    if not place.startswith(SQLITE) or place == SQLITE:
        raise MovingError(f"{place!r} is no place: name it like sqlite:/var/lib/aurora-time.")
    path = Path(place.removeprefix(SQLITE)).expanduser().absolute()
    is_file = path.suffix in (".sqlite", ".db") and not path.is_dir()
    return path if is_file else path / "aurora.sqlite"


def name_of(place: str) -> str:
    """The one name of a place, however it was written. Raises MovingError."""
    return f"{SQLITE}{database_of(place)}"


@asynccontextmanager
async def opened(place: str, clock: Clock, *, is_target: bool) -> AsyncIterator[Place]:
    """A home that this process has for itself. Raises MovingError, StorageError."""
    path = database_of(place)
    if is_target:
        with explained(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not path.exists():
        raise MissingError(path)
    try:
        table = SqliteTable.open(path, clock)
    except InUseError as error:
        raise StorageError(in_use_by(path.parent) or str(error)) from None
    try:
        yield Place(name_of(place), _Named(name_of(place), table), is_alone=True)
    finally:
        await table.close()


# --- the work ---------------------------------------------------------------------------------------------------------
async def move_home(wanted: Wanted, clock: Clock, progress: Told) -> Moved:
    """Raises MovingError, StorageError, UnavailableError; but for the first, the same call goes on later."""
    if name_of(wanted.source) == name_of(wanted.target):
        raise MovingError(f"{name_of(wanted.source)} cannot be moved to itself: name another place.")
    still = StillClock(clock.now())
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(opened(wanted.source, still, is_target=False))
        target = await stack.enter_async_context(opened(wanted.target, still, is_target=True))
        pause = progress.pause
        return await run(Move(source, target, still, RandomIds(), progress, pause, wanted.accounts))


async def give_up_move(wanted: Wanted, clock: Clock) -> Mark:
    """Make the source live again. Raises MovingError, StorageError, UnavailableError."""
    still = StillClock(clock.now())
    async with opened(wanted.source, still, is_target=False) as source:
        return await give_up(source, lambda: opened(wanted.target, still, is_target=False), RandomIds())


@dataclass
class Told:
    """Shows how far it is, and remembers how fast it was. ``bar`` None: nothing is shown."""

    bar: Progress | None
    steps: dict[str, TaskID] = field(default_factory=dict)
    began: dict[str, tuple[float, Amount]] = field(default_factory=dict)
    ended: dict[str, tuple[float, Amount]] = field(default_factory=dict)

    def __call__(self, step: str, done: Amount, total: Amount | None) -> None:
        self.began.setdefault(step, (time.monotonic(), done))
        self.ended[step] = (time.monotonic(), done)
        if self.bar is not None:
            if step not in self.steps:
                self.steps[step] = self.bar.add_task(step, speed="", amount="", total=None)
            seconds, amount = self.done_in(step)
            self.bar.update(
                self.steps[step],
                completed=done.items,
                total=None if total is None else total.items,
                amount=f"{done.items:,} items, {done.bytes / _MEGABYTE:,.0f} MB",
                speed=f"{amount.items / seconds:,.0f}/s" if seconds else "",
            )

    def done_in(self, step: str) -> tuple[float, Amount]:
        """What was done of a step since it was begun here: seconds, and how much."""
        if step not in self.began:
            return 0.0, Amount()
        (began, before), (ended, after) = self.began[step], self.ended[step]
        return ended - began, Amount(after.items - before.items, after.bytes - before.bytes)

    async def pause(self, seconds: float) -> None:
        """Wait for what another server may have in hand."""
        self("Waiting for servers to end what they have in hand", Amount(), None)
        await asyncio.sleep(seconds)


def bar(errors: Console) -> Progress:
    """One line a step."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[amount]}"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=errors,
    )
