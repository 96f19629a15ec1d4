"""The loop that rings: sleeps until something is due, then hands it to as many senders as the mail server bears."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from aurora_time.domain.component import BROWSER
from aurora_time.operations.ringing import Compose, attend
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import find_due, next_due
from aurora_time.ports import Clock, Item, Key, UnavailableError

_log = structlog.get_logger("reminders")
HEARTBEAT: Final = 1.0
"""Seconds after which the loop looks again whatever it was told: the clock may jump, the machine may have slept."""
SENDERS: Final = 16
"""Objects in hand at once, each with one mail at a time: so many mails at most wait for the mail server, and even one
that takes its full 20 s for each on four connections is done with them within the lease."""
_BATCH: Final = 256
_SHUNNED: Final = 300
"""Seconds for which an item that failed in a way nobody foresaw is left alone, so that it cannot hold up the others."""


class Bell:
    """Wakes the loop when something is due sooner than it knows: a hint, the table is the truth."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.rung = asyncio.Event()

    def nudge(self, instant: int) -> None:
        if instant <= self._clock.now() + HEARTBEAT:
            self.rung.set()


async def always() -> bool:
    """Where nobody can move the home while it runs."""
    return True


class ReminderLoop:
    """``run`` until ``stop``. While ``may_send`` says no, nothing new is taken in hand."""

    def __init__(
        self, services: Services, compose: Compose, bell: Bell, may_send: Callable[[], Awaitable[bool]] = always
    ) -> None:
        self._services = services
        self._compose = compose
        self._wake = bell.rung
        self._may_send = may_send
        self._stopping = False
        self._found: deque[Item] = deque()
        self._busy: dict[Key, asyncio.Task[None]] = {}
        self._shunned: dict[Key, float] = {}
        self._is_away = False

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Returns when it was stopped and all that was being sent is written down."""
        while not self._stopping:
            if self._is_away:
                await self._rest()
            self._wake.clear()
            looked = self._services.now  # before looking: what becomes due between the two reads is not slept over
            try:
                await self._find()
                self._start()
                pause = await self._pause(looked)
            except Exception:
                # The edge: the table may be out of reach for a while; reminders wait, the loop goes on.
                _log.exception("the due index cannot be read; trying again")
                pause = HEARTBEAT
            await self._sleep(pause)
        if self._busy:
            await asyncio.wait(self._busy.values())

    async def _rest(self) -> None:
        """The table was out of reach: let it be for a heartbeat, and then look anew."""
        self._found.clear()
        await asyncio.sleep(HEARTBEAT)
        self._is_away = False

    async def _find(self) -> None:
        """Look for what is due when all that was found is in hand."""
        if not await self._may_send():
            self._found.clear()
            return
        if self._found:
            return
        now = asyncio.get_running_loop().time()  # which never jumps
        self._shunned = {key: until for key, until in self._shunned.items() if until > now}
        known = self._busy.keys() | self._shunned.keys()
        found = await find_due(self._services, _BATCH + len(known))
        self._found.extend(item for item in found if item.key not in known)

    def _start(self) -> None:
        while self._found and len(self._busy) < SENDERS:
            item = self._found.popleft()
            self._busy[item.key] = asyncio.create_task(self._attend(item))

    async def _attend(self, item: Item) -> None:
        try:
            for entry in await attend(self._services, item, self._compose):
                lateness = None if entry.sent_at is None else entry.sent_at - entry.late_from
                self._services.meter.reminder(entry.status, lateness)
                if entry.status != "sent" and entry.channel != BROWSER:
                    _log.warning("reminder not sent", reminder=entry.id, status=entry.status, error=entry.error)
        except UnavailableError as error:
            self._is_away = True
            _log.warning("the table is out of reach; trying again", reason=error.reason)
        except Exception:
            # The edge: one item that cannot be attended to must not keep the others from ringing.
            self._shunned[item.key] = asyncio.get_running_loop().time() + _SHUNNED
            _log.exception("due item failed", due=item.key.sort)
        finally:
            self._busy.pop(item.key, None)
            self._wake.set()

    async def _pause(self, looked: int) -> float:
        """Until the next is due that was not when we looked; whoever is done wakes the loop before."""
        if len(self._busy) >= SENDERS:
            return HEARTBEAT
        due = await next_due(self._services, looked)
        if due is None:
            return HEARTBEAT
        return min(HEARTBEAT, max(0.0, due - self._services.clock.now()))

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
