"""Ten thousand reminders at one instant, over the real due index; and the sums about a million."""

from __future__ import annotations

import asyncio

import pytest

from tools.costs.measuring import capacity_units
from tools.hour import keeping, limits
from tools.hour.keeping import DIVISOR, MILLION, SAMPLES
from tools.hour.page import page
from tools.hour.simulation import Hour, Outcome, Plan, scaled

SMALL = Plan(2_000, 100, shards=4, shard_units=20, people=50)


def play(plan: Plan) -> Outcome:
    return asyncio.run(Hour(plan).run())


def test_ten_thousand_ring_once_each_and_as_fast_as_the_mails_are_taken():
    """The sample that is kept: its time is what the rate alone makes of it, so sweeps and shards hold up nothing."""
    outcome = play(SAMPLES["held"])
    assert outcome == keeping.read().samples["held"], "run `python -m tools.hour --samples`"
    assert outcome.plan.count == 10_000
    assert outcome.last_after <= 10_000 / outcome.plan.mails_a_second * 1.01
    assert outcome.busiest_shard_units <= outcome.plan.shard_units
    assert outcome.idle_messages < 0.01 * outcome.plan.count


def test_a_reminder_costs_the_writes_of_the_capacity_report():
    units = capacity_units()
    outcome = play(SMALL)
    assert units["fire"][1] < outcome.writes / SMALL.count < units["fire_of_series"][1]
    series = (outcome.writes - SMALL.count * units["fire"][1]) / 2
    assert 0.3 < series / SMALL.count < 0.5


def test_where_a_sweep_hands_over_all_that_waits_the_queue_fills_with_what_is_there_already():
    everything = play(SMALL)
    held = play(Plan(2_000, 20, shards=4, shard_units=20, people=50, hands_over=1_200))
    assert everything.idle_messages > held.idle_messages
    assert everything.messages == everything.plan.count + everything.idle_messages


def test_more_shards_let_more_ring_in_a_minute():
    four, sixteen = play(SMALL), play(Plan(2_000, 100, shards=16, shard_units=20, people=50))
    assert sixteen.last_after < four.last_after
    # Two or four units a reminder: four shards of 20 send 20 to 40 of them in a second.
    assert 2_000 / 40 <= four.last_after <= 2_000 / 20


def test_the_sample_is_the_million_with_all_rates_lower():
    small = scaled(keeping.HELD, DIVISOR)
    assert (small.count, small.mails_a_second, small.shard_units, small.hands_over) == (10_000, 10, 10, 600)
    assert keeping.HELD.count == MILLION


def test_the_limits_come_in_order_and_each_says_what_helps():
    found = limits.limits()
    assert [limit.a_minute for limit in found] == sorted(limit.a_minute for limit in found)
    assert all(limit.mend and limit.because for limit in found)


@pytest.mark.parametrize(
    ("part", "expected"),
    [("mails", 16_667), ("shards", 46.7), ("writes", 180_000), ("reads", 150_000)],
)
def test_what_a_million_in_a_minute_asks_by_hand(part, expected):
    """Six of ten cost 10 WRU and 2 on their shard, four cost 12 and 4; all read 8, and 1 to be found."""
    assert limits.needed(MILLION)[part] == pytest.approx(expected, rel=1e-3)


def test_a_million_mails_are_nearly_all_of_what_a_million_reminders_cost():
    found = limits.dollars(MILLION)
    assert found["SES, à la carte"] == pytest.approx(100)
    assert found["DynamoDB"] == pytest.approx(10.8 * 0.625 + 9 * 0.125)
    assert sum(found.values()) < 115


def test_the_page_that_is_committed_is_made_of_what_is_kept():
    committed = keeping.KEPT.with_suffix(".md").read_text(encoding="utf-8")
    assert committed == page(keeping.read()), "run `make generate`"
