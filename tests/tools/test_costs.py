"""The bill, by worked examples: free units, tiers, and what follows from them."""

from __future__ import annotations

from functools import cache
from math import inf
from pathlib import Path

import msgspec
import pytest

from aurora_time.aws.functions import functions
from infra import sizes
from tools.costs import usage
from tools.costs.bill import bill, by_service, cost, total
from tools.costs.levers import LEVERS, NEXT, PLAN, users_for
from tools.costs.measuring import Costs, capacity_units, function_count, measure
from tools.costs.page import GOAL_100, GOAL_EACH, GOAL_IDLE, money, page
from tools.costs.prices import PRICES, Price
from tools.costs.usage import Choices, Work

GENERATED = Path(__file__).parents[2] / "docs" / "generated"


@cache
def costs() -> Costs:
    return measure()


def dollars(users: int, choices: Choices = PLAN) -> float:
    return total(bill(users, choices, capacity_units(), function_count()))


@pytest.mark.parametrize(
    ("name", "quantity", "expected"),
    [
        ("lite", 10_000, 0),
        ("lite", 10_001, 0.0055),
        ("lite", 50_000, 40_000 * 0.0055),
        ("lite", 950_000, 90_000 * 0.0055 + 850_000 * 0.0046),  # the example on AWS's own page
        ("essentials", 50_000, 600),
        ("plus", 1, 0.02),
        ("requests", 3_000_000, 0.40),
        ("compute", 400_000, 0),
        ("queue", 1_000_001, 0.0000004),
        ("clock", 43_830, 0),
        ("http", 300_000_000, 300),
        ("http", 301_000_000, 300.90),
        ("mail", 15_000, 1.50),
        ("mail_essentials", 20_000_000, 10e6 * 0.00016 + 10e6 * 0.00014),
        ("out", 100, 0),
        ("out", 10_241, 10_140 * 0.09 + 0.085),
        ("logs", 6, 0.50),
        ("alarms", 12, 0.20),
        ("wru", 1_000_000, 0.625),
    ],
)
def test_each_tier_is_paid_for_itself_and_the_free_units_come_first(name, quantity, expected):
    assert cost(PRICES[name], quantity) == pytest.approx(expected)


def test_free_units_may_reach_over_more_than_one_tier():
    price = Price("Nothing", "thing", ((10, 1.0), (20, 0.5), (inf, 0.25)), 15, "", "one")
    assert [cost(price, quantity) for quantity in (0, 15, 16, 20, 24)] == [0, 0, 0.5, 2.5, 3.5]
    assert cost(price, 16, free=False) == 13


def test_every_price_has_a_source_and_its_tiers_go_up_without_end():
    for price in PRICES.values():
        ends = [end for end, _ in price.tiers]
        assert price.source
        assert ends == sorted(ends)
        assert ends[-1] == inf


def test_more_memory_makes_a_function_faster_until_it_has_a_whole_processor():
    work = Work(1, "sync", cpu_ms=2, calls=5, read_steps=2, writes=1)
    assert work.milliseconds(1_769) == pytest.approx(2 + 5 * 0.8 + 2 * 5 + 15)
    assert work.milliseconds(3_538) == work.milliseconds(1_769)
    assert work.milliseconds(884) == pytest.approx(6 * 1_769 / 884 + 25)


def test_a_hundred_people_by_hand():
    """Mails, Cognito and the writes of DynamoDB, computed here once more."""
    services = by_service(bill(100, PLAN, capacity_units(), function_count()))
    assert services["SES"] == pytest.approx(100 * 5 * 30.4375 * 0.0001)
    assert services["Cognito"] == 0
    daily = 3 * 16 + 18 + 14 + 16 + 3 * (1 + 10) + 2 * (1 + 12)
    lines = {line.unit: line for line in bill(100, PLAN, capacity_units(), function_count())}
    home = 6 * 30.4375 * 96
    assert lines["write unit"].quantity == pytest.approx(100 * daily * 30.4375 + home)


def test_who_asks_less_often_pays_for_fewer_requests():
    def requests(choices: Choices) -> float:
        lines = bill(1_000, choices, capacity_units(), function_count())
        return next(line.quantity for line in lines if line.service == "API Gateway")

    shown_long = LEVERS["the app is shown for eight hours a day"]
    assert requests(shown_long) - requests(PLAN) == pytest.approx(1_000 * 420 * 30.4375)


@pytest.mark.parametrize(("gap", "hours", "polls"), [(1, 1, 80), (1, 8, 500), (15, 8, 40), (60, 8, 20)])
def test_the_app_asks_when_somebody_comes_and_then_as_long_as_it_is_shown(gap, hours, polls):
    assert Choices(gap=gap, shown_hours=hours).polls == polls


def test_as_many_functions_are_paid_for_as_are_deployed():
    assert costs().functions == len(functions())
    assert f"{len(functions())} functions" in page(costs())


def test_the_app_asks_as_often_as_is_paid_for():
    said = (GENERATED.parents[1] / "web" / "src" / "state" / "live.ts").read_text(encoding="utf-8")
    assert f"POLL_MS = {usage.GAP_MINUTES * 60}_000" in said


def test_every_request_is_paid_for_at_the_gateway_and_before_it_at_cloudfront():
    lines = {line.unit: line.quantity for line in bill(1_000, PLAN, capacity_units(), function_count())}
    pages = 1_000 * usage.APP_FILES
    assert lines["HTTPS request"] == pytest.approx(lines["HTTP API request (512 kB)"] + pages)


def test_a_line_of_the_log_is_as_long_as_the_one_that_is_deployed():
    longer = sum(len(value) - len(f"$context.{name}") for name, value in usage._TYPICAL.items())
    assert len(sizes.ACCESS) + longer == usage.LOGGED_BYTES - 26


def test_an_idle_home_costs_less_than_ten_cents_and_would_not_with_a_canary_each_minute():
    assert dollars(0) < GOAL_IDLE < dollars(0, LEVERS["a canary each minute"])
    assert dollars(0, LEVERS["a second queue read by Lambda (feedback)"]) > GOAL_IDLE
    assert dollars(0, LEVERS["SnapStart for every function"]) > 40


def test_the_goals_that_are_met_and_the_one_that_is_not():
    assert dollars(100) <= GOAL_100
    assert dollars(1_000) <= GOAL_EACH * 1_000
    for users in (50_000, 100_000, 300_000, 1_000_000, 10_000_000):
        assert dollars(users, NEXT) < dollars(users)
        assert dollars(users) > GOAL_EACH * users


def test_so_many_users_are_the_most_that_a_sum_pays_for():
    most = users_for(16, dollars)
    assert dollars(most) <= 16 < dollars(most + 1)
    assert costs().users_for["16"] == most


def test_every_operation_of_the_bill_is_one_of_the_capacity_report():
    works = (*PLAN.daily(), *LEVERS["digests: one mail in the morning for the five reminders"].daily())
    assert {work.capacity for work in (*works, usage.SWEEP, usage.CANARY)} <= capacity_units().keys()


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "$0.00"), (0.0344, "$0.034"), (0.1, "$0.10"), (25.774, "$25.77"), (3584.3, "$3,584")]
)
def test_money_is_shown_as_finely_as_it_matters(amount, shown):
    assert money(amount) == shown


def test_what_is_committed_is_what_is_computed():
    assert msgspec.json.decode((GENERATED / "costs.json").read_bytes(), type=Costs) == costs(), "run `make generate`"
    assert (GENERATED / "costs.md").read_text(encoding="utf-8") == page(costs())
