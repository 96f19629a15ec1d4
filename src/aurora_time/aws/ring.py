"""Runs errands of the queue: rings reminders, sends agenda mails, does pages of jobs.

The messages of a batch are run at once, and only those that failed are handed out again (a partial batch response);
what fails too often goes to the dead-letter queue, and meanwhile holds up nobody.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
from functools import cache, partial
from typing import Final

from aurora_time.aws.carrier import Event, failure_of, run
from aurora_time.aws.metrics import emit
from aurora_time.aws.needs import RING, WRITE
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import LateMailer, LateQueue, make_services, make_table
from aurora_time.domain.component import BROWSER
from aurora_time.http.guard import GuardedTable
from aurora_time.operations.handing_over import NotTakenError, run_errand
from aurora_time.operations.links import home_signer
from aurora_time.operations.meter import PATIENCE
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import Compose
from aurora_time.operations.services import Services
from aurora_time.ports import Queue, UnavailableError
from aurora_time.run.gate import Gate
from aurora_time.store.reminders import Entry

_ERRAND: Final = 45.0
"""Seconds for an errand. One that takes longer is left where it is, as if its process had died: its lease runs out. The
others of its batch are done by then, and the function has some seconds left."""
_HEALS: Final = (UnavailableError, NotTakenError)
"""What the table or the queue does on a bad day: all is found again, and what is late is seen to be late."""


def came_to_nothing(entry: Entry, now: int) -> bool:
    """Whether it failed for good, or is to be tried again and late already: each such try counts, so that what SES
    refuses again and again is seen, while what passes within minutes is not.
    """
    if entry.channel == BROWSER:
        return False  # no open app showed it: nobody's failure
    return entry.status == "failed" or (entry.status == "sending" and now - entry.late_from >= PATIENCE)


class Ringer:
    def __init__(self, services: Services, gate: Gate, queue: Queue, mails: int = 0) -> None:
        """``mails``: how many a second SES takes, 0 where it is not said."""
        guard = GuardedTable(services.table, RING | WRITE, set())
        self._services = dataclasses.replace(services, table=guard)
        self._gate = gate
        self._queue = queue
        self._mails = mails
        self._compose: Compose | None = None

    async def __call__(self, event: Event) -> Event:
        """What is to be handed out again, as SQS wants to be told."""
        records, meter = event["Records"], self._services.meter
        in_vain = meter.in_vain
        failures = await asyncio.gather(
            *(failure_of(record["messageId"], partial(self._run, record["body"])) for record in records)
        )
        broken = sum(each is not None and not isinstance(each, _HEALS) for each in failures)
        emit(self._services.clock, {"ErrandsFailed": broken + meter.in_vain - in_vain or []})
        ids = [record["messageId"] for record, failure in zip(records, failures, strict=True) if failure]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in ids]}

    async def _run(self, body: str) -> None:
        """Raises UnavailableError while the home is being moved: errands wait, as reminders do elsewhere."""
        async with asyncio.timeout(_ERRAND):
            await self._attend(body)

    async def _attend(self, body: str) -> None:
        if not await self._gate.may_send():
            raise UnavailableError("this home is being moved")
        decided = await run_errand(self._services, self._queue, body, await self._composer(), self._mails)
        sent = [max(0.0, each.sent_at - each.late_from) for each in decided if each.sent_at is not None]
        failed = sum(came_to_nothing(each, self._services.now) for each in decided)
        emit(self._services.clock, {"Lateness": sent, "RemindersFailed": failed or [], "ErrandsFailed": failed or []})

    async def _composer(self) -> Compose:
        if self._compose is None:
            self._compose = composer(self._services.public_url, await home_signer(self._services))
        return self._compose


@cache
def _ringer() -> Ringer:
    settings = read_settings(os.environ)
    table, gate = make_table(settings)
    services = make_services(settings, table, LateMailer(settings))
    return Ringer(services, gate, LateQueue(settings.queue), settings.mails)


async def _ring(event: Event) -> Event:
    return await _ringer()(event)


def handler(event: Event, _context: object) -> Event:
    """What Lambda calls."""
    return run(_ring(event))
