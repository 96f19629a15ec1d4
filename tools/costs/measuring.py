"""The bills of all sizes and levers: plain values, ready to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from aurora_time.aws.functions import functions as aws_functions
from tools.capacity.measuring import Report
from tools.costs.bill import Line, bill, by_service, total
from tools.costs.levers import LEVERS, NEXT, PLAN, users_for
from tools.costs.prices import READ_ON, REGION
from tools.costs.usage import USERS, Choices, Units

CAPACITY: Final = Path(__file__).parents[2] / "docs" / "generated" / "capacity.json"
PLANNED: Final = (16.0, 50.0)
"""Dollars a month, of the plan that the product was begun with."""


class Costs(msgspec.Struct, frozen=True):
    """Dollars a month. ``services`` and ``levers`` by number of users; ``idle`` is the home without anybody."""

    prices_read_on: str
    region: str
    functions: int
    services: dict[int, dict[str, float]]
    levers: dict[str, dict[int, float]]
    idle: list[Line]
    idle_levers: dict[str, float]
    users_for: dict[str, int]


def capacity_units() -> Units:
    """From the committed report: read and write units by operation."""
    report = msgspec.json.decode(CAPACITY.read_bytes(), type=Report)
    return {name: (each.reads, each.writes) for name, each in report.operations.items()}


def function_count() -> int:
    return len(aws_functions())


def measure() -> Costs:
    units, functions = capacity_units(), function_count()

    def lines(users: int, choices: Choices = PLAN) -> list[Line]:
        return bill(users, choices, units, functions)

    def at_all_sizes(choices: Choices) -> dict[int, float]:
        return {users: _cents(total(lines(users, choices))) for users in USERS}

    named: Mapping[str, Choices] = {"as planned": PLAN, **LEVERS, "next": NEXT}
    return Costs(
        READ_ON,
        REGION,
        functions,
        {users: {name: _cents(each) for name, each in by_service(lines(users)).items()} for users in USERS},
        {name: at_all_sizes(choices) for name, choices in named.items()},
        [Line(each.service, each.unit, round(each.quantity, 1), _cents(each.dollars)) for each in lines(0)],
        {name: _cents(total(lines(0, choices))) for name, choices in named.items()},
        {f"{dollars:.0f}": users_for(dollars, lambda users: total(lines(users))) for dollars in PLANNED},
    )


def _cents(dollars: float) -> float:
    """To a hundredth of a cent: the files that are kept must not depend on the last bit."""
    return round(dollars, 4)
