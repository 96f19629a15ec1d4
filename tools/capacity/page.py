"""The report as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tools.capacity import rules
from tools.capacity.measuring import Cost, Report


class Budget(NamedTuple):
    """The most that some operations may cost: ``unit`` is reads (with authentication) or writes."""

    name: str
    most: int
    unit: str
    operations: tuple[str, ...]


BUDGETS: Final = (
    Budget("create", 20, "writes", ("create_event", "create_event_elsewhere", "create_event_once", "create_series")),
    Budget("update", 20, "writes", ("update_event", "move_event", "move_event_over", "update_occurrence")),
    Budget("list a week", 12, "reads", ("list_week",)),
    Budget("sync", 4, "reads", ("sync",)),
    Budget("fire", 12, "writes", ("fire", "fire_of_series")),
)
_HEAD: Final = """\
# What each operation costs on DynamoDB

Made by `make generate`, held by `make check`, explained in [the data model](../data-model.md). Every line is the real
endpoint, run on a real account: 2,000 single events (28 a week), 40 series, tasks, rules, tokens. The units come from
the bytes of the items that it touched. Those of reads include the one by which it is known whose the request is (*of it
for the token*). A process that was just started is measured: it reads the head, too.

In *reads* `time 51 in 5` are 51 items in five ranges of the time index; in *writes* `-` is a deletion, `?` a check.
"""


def page(report: Report) -> str:
    return "\n".join([_HEAD, *_budgets(report), "", *_operations(report), "", *_account(report), ""])


def _budgets(report: Report) -> Iterable[str]:
    yield "| budget | at most | dearest now |"
    yield "| --- | --- | --- |"
    for budget in BUDGETS:
        dearest = max(budget.operations, key=lambda name: spent(report, budget, name))
        unit = "RRU" if budget.unit == "reads" else "WRU"
        words = report.operations[dearest].words
        yield f"| {budget.name} | {budget.most} {unit} | {spent(report, budget, dearest)}: {words} |"


def spent(report: Report, budget: Budget, operation: str) -> int:
    cost = report.operations[operation]
    return cost.reads if budget.unit == "reads" else cost.writes


def _operations(report: Report) -> Iterable[str]:
    yield "| operation | RRU | of it for the token | WRU | reads | writes |"
    yield "| --- | ---: | ---: | ---: | --- | --- |"
    for cost in report.operations.values():
        reads, writes = ", ".join(_reads(cost)), ", ".join(_writes(cost))
        yield f"| {cost.words} | {cost.reads:,} | {cost.authentication} | {cost.writes} | {reads} | {writes} |"


def _times(kinds: dict[str, int], sign: str = "") -> Iterable[str]:
    return (f"{sign}{kind}" if count == 1 else f"{count:,} {sign}{kind}" for kind, count in kinds.items())


def _reads(cost: Cost) -> Iterable[str]:
    yield from _times(cost.touched.get("get", {}))
    for kind, count in cost.ranges.items():
        yield f"{kind} {cost.found[kind]:,} in {count}"


def _writes(cost: Cost) -> Iterable[str]:
    yield from _times(cost.touched.get("put", {}))
    yield from _times(cost.touched.get("delete", {}), "-")
    yield from _times(cost.touched.get("check", {}), "?")


def _account(report: Report) -> Iterable[str]:
    yield f"What the account holds; beside its own bytes each item is billed with {rules.STORAGE_OVERHEAD} more."
    yield ""
    yield "| kind | items | bytes an item | kB |"
    yield "| --- | ---: | ---: | ---: |"
    for kind, held in report.account.items():
        yield f"| {kind} | {held.items:,} | {held.bytes // held.items:,} | {held.bytes / 1000:,.1f} |"
    items = sum(held.items for held in report.account.values())
    size = sum(held.bytes for held in report.account.values())
    yield f"| all | {items:,} | {size // items:,} | {size / 1000:,.1f} |"
