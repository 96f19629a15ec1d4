"""``aurora move``: opens both homes, shows how far it is, and says at the end what was moved and how fast."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from aurora_time.operations.moving import Move, Moved, MovingError, give_up, run
from aurora_time.ports import Clock
from aurora_time.run.places import SQLITE, Opening, name_of, opened
from aurora_time.run.world import RandomIds
from aurora_time.store.moves import Amount, Mark

_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """From where to where, as the operator says it.

    ``is_stopped``: no server runs on the source; ``makes_table``: the target's table may be made.
    """

    source: str
    target: str
    accounts: bool = True
    is_stopped: bool = False
    makes_table: bool = False


class StillClock:
    """Stands still while a home is moved: what expires meanwhile is shown, or hidden, in both places alike."""

    def __init__(self, at: float) -> None:
        self._at = at

    def now(self) -> float:
        return self._at


# --- the work ---------------------------------------------------------------------------------------------------------
async def move_home(wanted: Wanted, clock: Clock, progress: Told) -> Moved:
    """Raises MovingError, StorageError, UnavailableError; but for the first, the same call goes on later."""
    if name_of(wanted.source) == name_of(wanted.target):
        raise MovingError(f"{name_of(wanted.source)} cannot be moved to itself: name another place.")
    if not any(name_of(place).startswith(SQLITE) for place in (wanted.source, wanted.target)):
        raise MovingError("One of the two places must be a file, which one `aurora move` can have for itself.")
    still = StillClock(clock.now())
    async with AsyncExitStack() as stack:
        how = Opening(still, is_stopped=wanted.is_stopped)
        source = await stack.enter_async_context(opened(wanted.source, how))
        how = Opening(still, may_make=True, may_make_table=wanted.makes_table)
        target = await stack.enter_async_context(opened(wanted.target, how))
        pause = progress.pause
        return await run(Move(source, target, clock, RandomIds(), progress, pause, wanted.accounts))


async def give_up_move(wanted: Wanted, clock: Clock) -> Mark:
    """Make the source live again. Raises MovingError, StorageError, UnavailableError."""
    how = Opening(StillClock(clock.now()))
    async with opened(wanted.source, how) as source:
        return await give_up(source, lambda: opened(wanted.target, how), RandomIds())


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
                for before in self.bar.tasks:  # one whose total was not known is at its end, too
                    self.bar.update(before.id, total=before.completed)
                self.steps[step] = self.bar.add_task(step, speed="", amount="", total=None)
            seconds, amount = self.done_in(step)
            self.bar.update(
                self.steps[step],
                completed=done.items,
                total=None if total is None else total.items,
                amount=f"{done.items:,} items, {done.bytes / _MEGABYTE:,.0f} MB" if done.items else "",
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
