"""Every minute: hands over what is due before the next one, and tells how long the oldest has waited."""

from __future__ import annotations

import dataclasses
import os
from functools import cache

from aurora_time.aws.carrier import Event, run
from aurora_time.aws.metrics import emit
from aurora_time.aws.needs import SWEEP, WRITE
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import LateQueue, make_services, make_table
from aurora_time.http.guard import GuardedTable
from aurora_time.operations import canary
from aurora_time.operations.handing_over import sweep
from aurora_time.operations.services import Services
from aurora_time.ports import Queue
from aurora_time.run.gate import Gate


class Sweeper:
    """``mails``: how many a second SES takes, 0 where it is not said."""

    def __init__(self, services: Services, gate: Gate, queue: Queue, mails: int = 0) -> None:
        self._services = dataclasses.replace(services, table=GuardedTable(services.table, SWEEP | WRITE, set()))
        self._gate = gate
        self._queue = queue
        self._mails = mails
        self._has_canary = False

    async def __call__(self) -> int:
        """How much was handed over. Raises UnavailableError, NotTakenError: what is left is found by the next one."""
        if not await self._gate.may_send():
            return 0
        if not self._has_canary:
            self._has_canary = await canary.age(self._services) is not None
        if not self._has_canary:
            await canary.start(self._services)
        handed = await sweep(self._services, self._queue, mails=self._mails, tell=self._tell)
        emit(self._services.clock, {"HandedOver": handed})
        return handed

    def _tell(self, overdue: int) -> None:
        """Before anything is handed over, which may fail."""
        emit(self._services.clock, {"OldestOverdue": overdue})


@cache
def _sweeper() -> Sweeper:
    settings = read_settings(os.environ)
    table, gate = make_table(settings)
    return Sweeper(make_services(settings, table), gate, LateQueue(settings.queue), settings.mails)


async def _sweep() -> int:
    return await _sweeper()()


def handler(_event: Event, _context: object) -> dict[str, int]:
    """What Lambda calls."""
    return {"handed": run(_sweep())}
