"""Ten thousand reminders at one instant, over the real due index; and the sums about a million."""

from __future__ import annotations

import asyncio

import pytest

from tools.capacity.rules import query_units
from tools.costs.measuring import capacity_units
from tools.hour import keeping, limits
from tools.hour.keeping import DIVISOR, MILLION, SAMPLES
from tools.hour.page import page
from tools.hour.simulation import Hour, Outcome, Plan, scaled

SMALL = Plan(1_000, 50, shards=4, shard_units=20, people=50)


def play(plan: Plan) -> Outcome:
    return asyncio.run(Hour(plan).run())


def test_ten_thousand_ring_once_each_and_as_fast_as_the_mails_are_taken():
    """The sample that is kept: its time is what the rate alone makes of it, so sweeps and shards hold up nothing."""
    outcome = play(SAMPLES["held"])
    assert outcome == keeping.read().samples["held"], "run `python -m tools.hour --samples`"
    assert outcome.plan.count == 10_000
    assert outcome.last_after <= 10_000 / outcome.plan.mails_a_second * 1.01
    assert (outcome.idle_messages, outcome.refused) == (0, 0)
    assert outcome.first_after == 0


def test_a_reminder_costs_the_writes_of_the_capacity_report_and_those_of_handing_it_over():
    units = capacity_units()
    outcome = play(SMALL)
    sent = outcome.writes - SMALL.count * units["hand_over"][1]
    assert units["fire"][1] < sent / SMALL.count < units["fire_of_series"][1]
    series = (sent - SMALL.count * units["fire"][1]) / 2
    assert 0.3 < series / SMALL.count < 0.5
    assert query_units([outcome.due_bytes] * 24) == 1


def test_where_the_sweep_does_not_know_the_rate_ses_refuses_and_yet_all_go_out_soon():
    held, all_ = (play(Plan(800, 2, shard_units=1_000, people=50, paced=paced)) for paced in (True, False))
    assert (held.refused, held.messages) == (0, 800)
    assert 800 < all_.refused < 20 * 800
    assert held.last_after <= 400 < all_.last_after < 800


def test_more_shards_let_more_ring_in_a_minute():
    four, sixteen = play(SMALL), play(Plan(1_000, 50, shards=16, shard_units=20, people=50))
    assert sixteen.last_after < four.last_after


def test_the_sample_is_the_million_with_all_rates_lower():
    small = scaled(keeping.HELD, DIVISOR)
    assert (small.count, small.mails_a_second, small.shard_units, small.paced) == (10_000, 5, 10, True)
    assert keeping.HELD.count == MILLION


def test_the_limits_come_in_order_and_each_says_what_helps():
    found = limits.limits()
    assert [limit.a_minute for limit in found] == sorted(limit.a_minute for limit in found)
    assert all(limit.mend and limit.because for limit in found)


@pytest.mark.parametrize(
    ("part", "expected"),
    [("mails", 16_667), ("shards", 46.7), ("writes", 196_667), ("reads", 150_000)],
)
def test_what_a_million_in_a_minute_asks_by_hand(part, expected):
    """Handed over by one WRU, on no shard; six of ten are sent by 10 and 2, four by 12 and 4; all read 8 and 1."""
    assert limits.needed(MILLION)[part] == pytest.approx(expected, rel=1e-3)


def test_a_million_mails_are_nearly_all_of_what_a_million_reminders_cost():
    found = limits.dollars(MILLION)
    assert found["SES, à la carte"] == pytest.approx(100)
    assert found["DynamoDB"] == pytest.approx(11.8 * 0.625 + 9 * 0.125)
    assert sum(found.values()) < 120


def test_the_page_that_is_committed_is_made_of_what_is_kept():
    committed = keeping.KEPT.with_suffix(".md").read_text(encoding="utf-8")
    assert committed == page(keeping.read()), "run `make generate`"
