"""Calls of DynamoDB: in threads of their own, and tried again as long as it makes sense."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from aurora_time.adapters.dynamodb_items import Request
from aurora_time.adapters.dynamodb_troubles import BUSY, Trouble, TroubleError, UnmetError
from aurora_time.ports import UnavailableError, UncertainError

THREADS: Final = 32
"""Calls at once; also the connections that the client keeps."""
_FIRST: Final = 0.025
_LONGEST: Final = 1.0
"""Seconds: a wait is a random part of a longest one, which doubles with each try from the first to this."""
_WRITES: Final = {"BatchWriteItem", "PutItem", "TransactWriteItems"}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one asks for the same, and what tells the time and the chance meanwhile.

    ``budget`` is in seconds, from the asking to the last try that is begun.
    """

    budget: float = 6.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class CallStats:
    """Since the table was opened: calls that were tried again, and what for."""

    throttled: int = 0
    retries: int = 0


@dataclass(slots=True)
class Patience:
    """What is left of one asking's time. ``lost``: the answer to a try is missing, so it may have been done."""

    pace: Pace
    stats: CallStats
    lost: bool = False
    tries: int = 0
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.deadline = self.pace.monotonic() + self.pace.budget

    def is_over(self) -> bool:
        return self.pace.monotonic() >= self.deadline

    async def wait(self, trouble: Trouble) -> None:
        """Until it is worth trying again. Raises UnavailableError when it is not."""
        self.lost |= trouble.kind == "lost"
        self.stats.throttled += trouble.kind == "throttled"
        delay = self.pace.chance() * min(_LONGEST, _FIRST * 2**self.tries)
        if trouble.kind == "refused" or self.pace.monotonic() + delay >= self.deadline:
            raise trouble.error()
        self.tries += 1
        self.stats.retries += 1
        await self.pace.sleep(delay)


class Asked(Protocol):
    """What reaches DynamoDB. It blocks, so it belongs in a worker thread, in several at once."""

    def ask(self, operation: str, request: Request) -> dict[str, Any]:
        """Once. Raises TroubleError, UnmetError; and what nobody foresaw, where the request is a mistake."""
        ...

    def close(self) -> None: ...


class LateError(Exception):
    """Its time was over before it was begun."""


class Calls:
    """The client of one table in its threads; ``close`` waits for the calls that are under way."""

    def __init__(self, client: Asked, pace: Pace) -> None:
        self.stats = CallStats()
        self._client = client
        self._pace = pace
        self._threads = ThreadPoolExecutor(THREADS, "dynamodb")

    def patience(self) -> Patience:
        return Patience(self._pace, self.stats)

    async def call(self, operation: str, request: Request, patience: Patience) -> dict[str, Any]:
        """The answer, however many tries it takes.

        Raises UnmetError, UnavailableError; UncertainError for a write that may have been done.
        """
        while True:
            try:
                return await self._once(operation, request, patience)
            except (TroubleError, UnmetError, LateError) as error:
                await self._go_on(operation, error, patience)

    async def _go_on(self, operation: str, error: TroubleError | UnmetError | LateError, patience: Patience) -> None:
        """Wait for the next try, or say why there is none."""
        if isinstance(error, UnmetError):
            error.doubtful = patience.lost
            raise error
        try:
            await patience.wait(error.trouble if isinstance(error, TroubleError) else BUSY)
        except UnavailableError as unavailable:
            if patience.lost and operation in _WRITES:
                raise UncertainError(unavailable.reason, unavailable.retry_after) from error
            raise unavailable from error

    async def _once(self, operation: str, request: Request, patience: Patience) -> dict[str, Any]:
        def call() -> dict[str, Any]:
            if patience.is_over():  # it waited for a thread all the time
                raise LateError
            return self._client.ask(operation, request)

        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        self._client.close()
