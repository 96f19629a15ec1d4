"""The same home with one thing chosen otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tools.costs.usage import LAMBDAS_LINES, LOGGED_BYTES, Choices

PLAN: Final = Choices()
"""As PRODUCT.md counts: Cognito's plan apart, what is deployed unless somebody chooses otherwise."""
ESSENTIALS: Final = "Cognito Essentials (managed login, passkeys), as deployed"
BIGGER_MB, SMALLER_MB = 1_769, 512
LEVERS: Final[dict[str, Choices]] = {
    ESSENTIALS: replace(PLAN, cognito="essentials"),
    "Cognito Plus (threat protection)": replace(PLAN, cognito="plus"),
    "SES Essentials, the default of a new account": replace(PLAN, ses="mail_essentials"),
    "SES Pro (addresses of one's own)": replace(PLAN, ses="mail_pro"),
    "SnapStart for every function": replace(PLAN, snapstart=True),
    "digests: one mail in the morning for the five reminders": replace(PLAN, digests=True),
    "the app is shown for eight hours a day": replace(PLAN, shown_hours=8),
    "the same, and asks each quarter of an hour": replace(PLAN, shown_hours=8, gap=15),
    "requests go to the gateway, not by way of CloudFront": replace(PLAN, at_the_edge=False),
    "answers not compressed": replace(PLAN, compressed=False),
    "Lambda's own log lines on": replace(PLAN, logged_bytes=LOGGED_BYTES + LAMBDAS_LINES),
    f"{SMALLER_MB:,} MB a function": replace(PLAN, memory_mb=SMALLER_MB),
    f"{BIGGER_MB:,} MB a function: a whole processor": replace(PLAN, memory_mb=BIGGER_MB),
    "a second queue read by Lambda (feedback)": replace(PLAN, queues=2),
    "a canary each minute": replace(PLAN, canary_seconds=60),
    "no free tier (used up by something else)": replace(PLAN, free_tiers=False),
}

NEXT: Final = replace(PLAN, at_the_edge=False, memory_mb=SMALLER_MB)
"""What would come next (decision 0027): the gateway as the one address, smaller functions."""


def users_for(dollars: float, price: Callable[[int], float]) -> int:
    """The most users whose month costs no more than so many dollars. ``price`` grows with them."""
    low, high = 0, 1
    while price(high) <= dollars:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if price(middle) <= dollars else (low, middle)
    return low
