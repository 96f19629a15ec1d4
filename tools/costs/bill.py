"""The bill of a month: quantities of each price, and their dollars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from tools.costs import usage
from tools.costs.prices import PRICES, Price
from tools.costs.usage import Choices, Units, Work

Amounts = dict[str, float]
"""How much of each price, by its name."""


class Line(msgspec.Struct, frozen=True):
    """A quantity of one price, and what it comes to. Nothing is rounded: AWS rounds the sum to a cent."""

    service: str
    unit: str
    quantity: float
    dollars: float


def cost(price: Price, quantity: float, *, free: bool = True) -> float:
    """Dollars for a quantity: each tier for itself, the free units the first."""
    spared, begun, dollars = price.free if free else 0.0, 0.0, 0.0
    for end, each in price.tiers:
        dollars += max(0.0, min(quantity, end) - max(begun, spared)) * each
        begun = end
    return dollars


def quantities(users: int, choices: Choices, units: Units, functions: int) -> Amounts:
    """How much of each price ``users`` and the home itself take in a month. ``functions``: how many there are."""
    amounts: Amounts = defaultdict(float)
    for work in choices.daily():
        _add(amounts, work, users * work.times * usage.DAYS, choices, units)
    _add(amounts, usage.SWEEP, usage.MINUTES, choices, units)
    _add(amounts, usage.CANARY, usage.MONTH_SECONDS / choices.canary_seconds, choices, units)
    mails = sum(users * work.times * work.mails * usage.DAYS for work in choices.daily())
    reads, writes = units["hand_over"]
    amounts["rru"] += mails * reads
    amounts["wru"] += mails * writes
    amounts["compute"] += mails * usage.hand_over_ms(choices.memory_mb) / 1000 * choices.memory_mb / 1024
    amounts["queue"] += mails * usage.QUEUE_REQUESTS_A_MAIL + _empty_receives(choices)
    amounts["clock"] = usage.MINUTES
    amounts[choices.ses] = mails
    amounts["pro_plan"] = int(choices.ses == "mail_pro")
    amounts[choices.cognito] = users
    amounts["stored"] = amounts["recovery"] = users * usage.STORED_MB / 1024
    amounts["edge"] += users * usage.APP_MB / 1024
    amounts["edge_requests"] += users * usage.APP_FILES
    amounts["edge_function"] = users * usage.PAGES
    amounts["metrics"], amounts["alarms"] = usage.OWN_METRICS, usage.ALARMS
    amounts["files"] = usage.FILES_GB
    if choices.snapstart:
        _snapstart(amounts, choices, functions)
    return amounts


def _add(amounts: Amounts, work: Work, times: float, choices: Choices, units: Units) -> None:
    reads, writes = units[work.capacity]
    cold = 0.0 if choices.snapstart else usage.COLD_SHARE * usage.at_share(usage.COLD_MS, choices.memory_mb)
    billed = work.milliseconds(choices.memory_mb) + cold
    new = {
        "rru": times * reads,
        "wru": times * writes,
        "requests": times,
        "compute": times * billed / 1000 * choices.memory_mb / 1024,
        "logs": times * _logged(work, choices) / 1024**3,
    }
    if work.is_request:
        new["http"] = times
        # To CloudFront nothing is paid for, from there to the browser its own price.
        new["edge" if choices.at_the_edge else "out"] = times * work.bytes_out / 1024**3
        if choices.at_the_edge:
            new["edge_requests"] = times
    for name, amount in new.items():
        amounts[name] += amount


def _logged(work: Work, choices: Choices) -> int:
    """Bytes of a call in the logs: what Lambda itself writes is a matter of all functions."""
    beyond = choices.logged_bytes - usage.LOGGED_BYTES
    return choices.logged_bytes if work.is_request else usage.FIGURES_BYTES + beyond


def _empty_receives(choices: Choices) -> float:
    """What Lambda asks of queues in which nothing is."""
    return choices.queues * usage.HELD_POLLERS * usage.MONTH_SECONDS / usage.POLL_SECONDS


def _snapstart(amounts: Amounts, choices: Choices, functions: int) -> None:
    gigabytes = choices.memory_mb / 1024
    amounts["snapshot"] = functions * gigabytes * usage.MONTH_SECONDS
    amounts["restored"] = amounts["requests"] * usage.COLD_SHARE * gigabytes


def bill(users: int, choices: Choices, units: Units, functions: int) -> list[Line]:
    """A line for each price that is used, in the order of the price list."""
    amounts = quantities(users, choices, units, functions)
    return [
        Line(price.service, price.unit, amounts[name], cost(price, amounts[name], free=choices.free_tiers))
        for name, price in PRICES.items()
        if amounts.get(name)
    ]


def total(lines: Iterable[Line]) -> float:
    return sum(line.dollars for line in lines)


def by_service(lines: Iterable[Line]) -> dict[str, float]:
    services: dict[str, float] = {}
    for line in lines:
        services[line.service] = services.get(line.service, 0.0) + line.dollars
    return services
