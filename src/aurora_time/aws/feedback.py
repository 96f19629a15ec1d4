"""What became of mails that SES has sent: events of its configuration set, by way of SNS.

A bounce that is permanent holds the address at once, since SES has asked the other side already; a complaint does too.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from email.utils import parseaddr
from functools import cache
from typing import Any

import msgspec
import structlog

from aurora_time.aws.carrier import Event, run
from aurora_time.aws.needs import FEEDBACK, WRITE
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import make_services, make_table
from aurora_time.http.guard import GuardedTable
from aurora_time.operations.services import Services
from aurora_time.operations.suppression import BounceKind, note_bounce

_log = structlog.get_logger("aws")


def told(message: dict[str, Any]) -> Iterator[tuple[str, BounceKind]]:
    """The addresses that an event is about, and what it says of them; of most events nothing."""
    kind = message.get("eventType")
    if kind == "Bounce":
        bounce = message["bounce"]
        what: BounceKind = "bounced" if bounce.get("bounceType") == "Permanent" else "transient"
        for each in bounce.get("bouncedRecipients", ()):
            yield parseaddr(each["emailAddress"])[1], what
    elif kind == "Complaint":
        for each in message["complaint"].get("complainedRecipients", ()):
            yield parseaddr(each["emailAddress"])[1], "complaint"


class Listener:
    def __init__(self, services: Services) -> None:
        guard = GuardedTable(services.table, FEEDBACK | WRITE, set())
        self._services = dataclasses.replace(services, table=guard)

    async def __call__(self, event: Event) -> None:
        """Raises UnavailableError: SNS brings it again."""
        for record in event["Records"]:
            for address, kind in told(_read(record["Sns"]["Message"])):
                await note_bounce(self._services, address, kind)


def _read(message: str) -> dict[str, Any]:
    """Of what is no event nothing is left but a line of the log: SES's first message is a sentence in plain words."""
    try:
        return msgspec.json.decode(message, type=dict[str, Any])
    except msgspec.DecodeError:
        _log.info("no event of a mail", message=message[:200])
        return {}


@cache
def _listener() -> Listener:
    settings = read_settings(os.environ)
    return Listener(make_services(settings, make_table(settings)[0]))


async def _listen(event: Event) -> None:
    await _listener()(event)


def handler(event: Event, _context: object) -> None:
    """What Lambda calls."""
    run(_listen(event))
