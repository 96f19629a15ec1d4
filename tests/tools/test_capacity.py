"""What the operations cost, held to their budgets on a real account; and that its age and size cost nothing."""

from __future__ import annotations

import asyncio
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from tools.capacity.account import fill, furnish, singles
from tools.capacity.events import list_week, move_event
from tools.capacity.home import Home
from tools.capacity.measuring import Cost, Report, cost, measure
from tools.capacity.page import BUDGETS, Budget, page, spent
from tools.capacity.stage import Stage

GENERATED = Path(__file__).parents[2] / "docs" / "generated"


@cache
def report() -> Report:
    return asyncio.run(measure())


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.name)
def test_an_operation_stays_within_its_budget_with_the_read_for_the_token(budget: Budget):
    for operation in budget.operations:
        assert spent(report(), budget, operation) <= budget.most, report().operations[operation]


def test_the_budgets_are_those_that_were_promised():
    assert {budget.name: (budget.most, budget.unit) for budget in BUDGETS} == {
        "create": (20, "writes"), "update": (20, "writes"), "list a week": (12, "reads"), "sync": (4, "reads"),
        "fire": (12, "writes"),
    }  # fmt: skip


def test_every_request_reads_one_item_to_know_whose_it_is_and_the_loop_none():
    costs = report().operations
    alone = {name for name, each in costs.items() if each.authentication == 0}
    assert alone == {"rearm", "sweep_nothing", "sweep_ten", "sweep_for_queue", "hand_over", "fire", "fire_of_series",
                     "agenda_mail", "canary_minute", "import_hundred"}  # fmt: skip
    assert {each.authentication for each in costs.values()} == {0, 1}


def test_what_is_committed_is_what_is_measured():
    kept = msgspec.json.decode((GENERATED / "capacity.json").read_bytes(), type=Report)
    assert kept == report(), "run `make generate`"
    assert (GENERATED / "capacity.md").read_text(encoding="utf-8") == page(kept)


async def costs_as_it_grows(*counts: int) -> tuple[list[int], Cost]:
    """Units of listing the week with so many single events in the account; and a move with all of them."""
    listed, filled = [], 0
    async with Home() as home:
        stage = Stage(home, await furnish(home, 0))
        for count in counts:
            await fill(home, islice(singles(count, stage.calendar_ids), filled, None))
            filled = count
            await list_week.do(stage)
            listed.append(cost("", home.last).reads)
        await move_event.do(stage)
        return listed, cost("", home.last)


def check_flat(*counts: int) -> None:
    listed, moved = asyncio.run(costs_as_it_grows(*counts))
    assert listed == [report().operations["list_week"].reads] * len(counts)
    assert (moved.reads, moved.writes) == (report().operations["move_event"].reads, 18)


def test_a_week_of_ten_thousand_events_costs_what_a_week_of_a_thousand_does():
    check_flat(1_000, 10_000)


@pytest.mark.slow
def test_a_week_of_a_hundred_thousand_events_costs_what_a_week_of_a_thousand_does():
    check_flat(1_000, 100_000)
