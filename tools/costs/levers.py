"""The same home with one thing chosen otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tools.costs.usage import Choices

PLAN: Final = Choices()
"""What is deployed unless somebody chooses otherwise."""

QUIET_LOG: Final = 300
"""Bytes a request: without the three lines of Lambda itself (system log level WARN)."""

LEVERS: Final[dict[str, Choices]] = {
    "Cognito Essentials (managed login, passkeys)": replace(PLAN, cognito="essentials"),
    "Cognito Plus (threat protection)": replace(PLAN, cognito="plus"),
    "SES Essentials, the default of a new account": replace(PLAN, ses="mail_essentials"),
    "SES Pro (addresses of one's own)": replace(PLAN, ses="mail_pro"),
    "SnapStart for every function": replace(PLAN, snapstart=True),
    "digests: one mail in the morning for the five reminders": replace(PLAN, digests=True),
    "a client asks each 5 minutes": replace(PLAN, poll_minutes=5),
    "a client asks each hour": replace(PLAN, poll_minutes=60),
    "answers compressed": replace(PLAN, compressed=True),
    "Lambda's own log lines off": replace(PLAN, logged_bytes=QUIET_LOG),
    "1,024 MB a function": replace(PLAN, memory_mb=1024),
    "a third queue read by Lambda (feedback)": replace(PLAN, other_queues=2),
    "a canary each minute": replace(PLAN, canary_seconds=60),
    "no free tier (used up by something else)": replace(PLAN, free_tiers=False),
}

THRIFTY: Final = replace(PLAN, poll_minutes=60, compressed=True, logged_bytes=QUIET_LOG)
"""Three levers at once that take nothing from anybody."""


def users_for(dollars: float, price: Callable[[int], float]) -> int:
    """The most users whose month costs no more than so many dollars. ``price`` grows with them."""
    low, high = 0, 1
    while price(high) <= dollars:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if price(middle) <= dollars else (low, middle)
    return low
