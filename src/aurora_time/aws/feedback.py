"""What became of mails that SES has sent: events of its configuration set, by way of SNS.

A bounce that is permanent holds the address at once, since SES has asked the other side already; a complaint does too.
It may come hours after the mail was sent, and after the address was let through: then only the ledger learns of it.
Of a reminder whose mail came back the ledger says so.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from email.utils import parseaddr
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from aurora_time.aws.carrier import Event, run
from aurora_time.aws.metrics import emit
from aurora_time.aws.needs import FEEDBACK, WRITE
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import make_services, make_table
from aurora_time.domain.moment import MomentError, parse_instant
from aurora_time.http.guard import GuardedTable
from aurora_time.operations.came_back import note_came_back, place_of
from aurora_time.operations.services import Services
from aurora_time.operations.suppression import BounceKind, note_bounce

_LOST: Final = frozenset({"MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"})
"""Of what passes by itself, what says that this mail did not arrive; the rest may be sent by who is on holiday."""
_log = structlog.get_logger("aws")


class Report(NamedTuple):
    """What an event says of one address. ``came_back``: why the mail did not reach it; empty where it may have."""

    address: str
    kind: BounceKind
    came_back: str = ""


def told(message: dict[str, Any]) -> Iterator[Report]:
    """What an event says; most say nothing."""
    kind = message.get("eventType")
    if kind == "Bounce":
        bounce = message["bounce"]
        is_permanent = bounce.get("bounceType") == "Permanent"
        for each in bounce.get("bouncedRecipients", ()):
            why = str(each.get("diagnosticCode") or each.get("status") or bounce.get("bounceSubType") or "no reason")
            is_lost = is_permanent or bounce.get("bounceSubType") in _LOST
            address = parseaddr(each["emailAddress"])[1]
            yield Report(address, "bounced" if is_permanent else "transient", why if is_lost else "")
    elif kind == "Complaint":
        for each in message["complaint"].get("complainedRecipients", ()):
            yield Report(parseaddr(each["emailAddress"])[1], "complaint")


class Listener:
    def __init__(self, services: Services) -> None:
        guard = GuardedTable(services.table, FEEDBACK | WRITE, set())
        self._services = dataclasses.replace(services, table=guard)

    async def __call__(self, event: Event) -> None:
        """Raises UnavailableError: SNS brings it again."""
        for record in event["Records"]:
            message = _read(record["Sns"]["Message"])
            mail = message.get("mail", {})
            place, sent_at = place_of(mail.get("tags", {})), _sent_at(mail)
            for report in told(message):
                await note_bounce(self._services, report.address, report.kind, sent_at)
                if place is not None and report.came_back:
                    failed = await note_came_back(self._services, place, report.address, report.came_back)
                    emit(self._services.clock, {"RemindersCameBack": failed or []})


def _sent_at(mail: dict[str, Any]) -> int | None:
    """When SES took the mail; None where it does not say."""
    try:
        return parse_instant(str(mail.get("timestamp", "")))
    except MomentError:
        return None


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
