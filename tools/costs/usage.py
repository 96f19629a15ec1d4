"""What a person does in a month, and what the home does for itself: every assumption of the bill, in one place.

The person is the one of docs/data-model.md, rather busy. The units of an operation are those of
docs/generated/capacity.json, which the real endpoints were measured for. Left out: what the user pool asks of our
function at a sign-in, two a month, less than a thousandth of a cent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Final

from infra import sizes

DAYS: Final = 365.25 / 12
MINUTES: Final = DAYS * 1440
MONTH_SECONDS: Final = DAYS * 86_400
USERS: Final = (100, 1_000, 100_000, 10_000_000)

VISITS: Final = 20
"""Times a day that somebody comes to the app: each time to look at a week. Then it asks what is new."""
SHOWN_HOURS: Final = 1
"""Hours a day in which it is to be seen: three minutes each time. Hidden, it asks nothing. An assumption that weighs
much, so the levers show a person whose calendar stands on a screen all day.
"""
GAP_MINUTES: Final = 1
"""After which it asks again (web/src/state/live.ts)."""
MAILS_A_DAY: Final = 5
"""PRODUCT.md: five reminder mails a day."""
STORED_MB: Final = 3.7
"""Of a person after a year: docs/data-model.md."""
APP_MB: Final = 0.4
"""What a browser takes of the web app in a month, compressed: three versions of about 130 kB (web/dist here)."""
APP_FILES: Final = 60
FILES_GB: Final = 0.05
"""The web app in its last versions, and what imports and exports leave for a day."""
PAGES: Final = 200
"""Of the app's pages and of what is no file, at which the function at the edge looks."""
_EVENT_BYTES: Final = 26
"""That CloudWatch adds to each line."""
_TYPICAL: Final = {
    "requestId": "JKJaXmPLvHcESHA=",
    "routeKey": "ANY /v1/events/{eventId}",
    "httpMethod": "GET",
    "status": "200",
    "responseLatency": "31",
    "integrationLatency": "27",
}
LOGGED_BYTES: Final = _EVENT_BYTES + len(re.sub(r"\$context\.(\w+)", lambda found: _TYPICAL[found[1]], sizes.ACCESS))
"""A request in the log: the gateway's line. A function writes none of its own where all is well."""
LAMBDAS_LINES: Final = 450
"""The three lines of Lambda itself, which are off (system log level WARN)."""
FIGURES_BYTES: Final = 330
"""What a call of sweep or ring tells CloudWatch of itself (aws/metrics.py)."""
MAIL_SHARE_OF_SERIES: Final = 0.4
"""Of the reminders, those of a series, which ring again."""
COLD_SHARE: Final = 0.02
"""Of the requests, those that meet a function that sleeps. Assumed; at few users more, where it is free anyway."""
COLD_MS: Final = 350
"""Of the processor: decision 0027. The start is billed like running (since August 2025)."""

HELD_POLLERS: Final = 5
POLL_SECONDS: Final = 20
"""Lambda asks a queue all the time, with five pollers where a maximum concurrency is set (AWS's developer guide,
"Configuring scaling behavior for SQS event source mappings"), each 20 s at most."""
OWN_METRICS: Final = 10
ALARMS: Final = 10
QUEUE_REQUESTS_A_MAIL: Final = 3
"""Sent, received, deleted, each by itself; a batch of ten would be a tenth."""

VCPU_MB: Final = 1_769
"""Memory at which a function has one whole processor (AWS's developer guide)."""
CALL_MS: Final = 0.8
"""Of the processor, a call of DynamoDB without boto3, with which it was 1.6 (decision 0017): half of it, measured side
by side (decision 0027)."""
READ_WAIT_MS: Final = 5
WRITE_WAIT_MS: Final = 15
SES_WAIT_MS: Final = 50
"""Waiting for a step of reads, for a transaction, for SES: assumed, there is no AWS here."""


@dataclass(frozen=True, slots=True)
class Work:
    """An operation of Lambda: ``times`` a day, its name in the capacity report, milliseconds of the processor of our
    own code (measured here, 29 November 2026), calls of DynamoDB, steps of reads and writes that wait for each other,
    and bytes of the answer. ``is_request``: it comes through the gateway.
    """

    times: float
    capacity: str
    cpu_ms: float
    calls: int
    read_steps: int
    writes: int
    bytes_out: int = 500
    is_request: bool = True
    mails: int = 0

    def milliseconds(self, memory_mb: int) -> float:
        """How long it runs, warm. More memory is more of a processor, up to one."""
        waits = self.read_steps * READ_WAIT_MS + self.writes * WRITE_WAIT_MS + self.mails * SES_WAIT_MS
        return at_share(self.cpu_ms + self.calls * CALL_MS, memory_mb) + waits


def at_share(cpu_ms: float, memory_mb: int) -> float:
    """How long so much work of a whole processor takes with the share that so much memory gives of one."""
    return cpu_ms / min(1.0, memory_mb / VCPU_MB)


def hand_over_ms(memory_mb: int) -> float:
    """Of the function that sweeps, for each reminder: a write, and its share of a read and of a batch to the
    queue. The waits of a page are waited for together.
    """
    return at_share((1 + 1 / 100 + 1 / 10) * CALL_MS, memory_mb)


LIST_BYTES, LIST_BYTES_PACKED = 29_830, 3_060
"""The week of 40 as JSON, and as http/packing.py packs it: measured on the account of the capacity report."""


def works(polls: float, mails: float, list_bytes: int = LIST_BYTES) -> tuple[Work, ...]:
    """What one person brings about in a day; of the ``polls``, five find that something is new."""
    new = min(5.0, polls)
    series = mails * MAIL_SHARE_OF_SERIES
    return (
        Work(3, "create_event_elsewhere", 1.3, 5, 3, 1, 900),
        Work(1, "move_event", 1.5, 6, 3, 1, 900),
        Work(1, "create_task", 1.2, 5, 3, 1),
        Work(1, "complete_task", 1.3, 6, 3, 1),
        Work(VISITS, "list_week", 1.6, 8, 4, 0, list_bytes),
        Work(3, "get_me", 0.6, 2, 2, 0),
        Work(polls - new, "sync", 0.6, 3, 2, 0, 150),
        Work(new, "sync_one", 0.8, 7, 4, 0, 900),
        Work(mails - series, "fire", 1.5, 7, 4, 2, is_request=False, mails=1),
        Work(series, "fire_of_series", 1.5, 7, 4, 2, is_request=False, mails=1),
    )


AGENDA: Final = Work(1, "agenda_mail", 3.0, 12, 6, 2, is_request=False, mails=1)
"""The lever of digests: one mail in the morning in the place of the five."""
SWEEP: Final = Work(0, "sweep_for_queue", 0.3, 5, 2, 0, is_request=False)
CANARY: Final = Work(0, "canary_minute", 0.3, 2, 1, 1, is_request=False)


@dataclass(frozen=True, slots=True)
class Choices:
    """What an operator may choose. ``gap``: minutes after which the app asks what is new while it is shown, which is
    for ``shown_hours`` a day. ``queues`` are read by Lambda, with a maximum concurrency. ``at_the_edge``: requests come
    by way of CloudFront.
    """

    cognito: str = "lite"
    ses: str = "mail"
    snapstart: bool = False
    digests: bool = False
    gap: float = GAP_MINUTES
    shown_hours: float = SHOWN_HOURS
    canary_seconds: int = sizes.CANARY_EVERY
    queues: int = 1
    memory_mb: int = sizes.MEMORY_MB
    compressed: bool = True
    logged_bytes: int = LOGGED_BYTES
    at_the_edge: bool = True
    free_tiers: bool = True

    @property
    def polls(self) -> float:
        """How often a day it is asked what is new: when somebody comes, and then as long as it is shown."""
        return VISITS * (1 + floor(self.shown_hours * 60 / VISITS / self.gap))

    def daily(self) -> tuple[Work, ...]:
        size = LIST_BYTES_PACKED if self.compressed else LIST_BYTES
        if self.digests:
            return (*works(self.polls, 0, size), AGENDA)
        return works(self.polls, MAILS_A_DAY, size)


Units = Mapping[str, tuple[int, int]]
"""Read and write units of each operation of the capacity report."""
