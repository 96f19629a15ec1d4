"""How often somebody may ask: a minute's requests at once, then as fast as they come back; never a lock."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.http.problem import Problem
from aurora_time.http.rate_limit import RateLimit


class Clock:
    def __init__(self) -> None:
        self.time = 1_795_312_200.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told(headers: object) -> tuple[int, int]:
    """What is left, and after how many seconds all is there again."""
    found = re.fullmatch(r'"default";r=(\d+);t=(\d+)', dict(headers)["ratelimit"])  # type: ignore[call-overload]
    assert found, headers
    return int(found[1]), int(found[2])


def refused(take: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        take()
    assert caught.value.kind.status == 429
    return caught.value


def test_a_minutes_requests_at_once_and_then_twenty_a_second(clock: Clock) -> None:
    limit = RateLimit(1_200, clock)
    assert limit.policy == {"ratelimit-policy": '"default";q=1200;w=60'}
    seen = [told(limit.take("ann")) for _ in range(1_200)]
    assert [left for left, _ in seen] == list(range(1_199, -1, -1))
    assert (seen[0], seen[-1]) == ((1_199, 1), (0, 60))
    problem = refused(lambda: limit.take("ann"))
    assert told(problem.headers) == (0, 60)
    assert problem.headers["retry-after"] == "1"
    assert "1200 times a minute" in problem.detail
    clock.time += 1
    for _ in range(20):
        limit.take("ann")
    refused(lambda: limit.take("ann"))


def test_everybody_has_his_own(clock: Clock) -> None:
    limit = RateLimit(1, clock)
    limit.take("ann")
    assert refused(lambda: limit.take("ann")).headers["retry-after"] == "60"
    limit.take("bob")


def test_retry_after_is_when_it_is_good_again(clock: Clock) -> None:
    limit = RateLimit(7, clock)
    for _ in range(7):
        limit.take("ann")
    wait = int(refused(lambda: limit.take("ann")).headers["retry-after"])
    clock.time += wait - 1
    refused(lambda: limit.take("ann"))
    clock.time += 1
    limit.take("ann")


def test_a_clock_that_is_put_back_locks_nobody_out(clock: Clock) -> None:
    limit = RateLimit(1_200, clock)
    for _ in range(1_200):
        limit.take("ann")
    clock.time -= 86_400
    refused(lambda: limit.take("ann"))
    clock.time += 1
    limit.take("ann")


def test_no_limit_is_told_as_none(clock: Clock) -> None:
    limit = RateLimit(0, clock)
    assert [dict(limit.take("ann")) for _ in range(3)] == [{}, {}, {}]
    assert limit.policy == {}


def test_who_is_long_gone_is_forgotten_and_who_is_not_is_held(clock: Clock) -> None:
    limit = RateLimit(2, clock)
    for number in range(10_000):
        limit.take(f"gone-{number}")
    clock.time += 61
    limit.take("ann")
    limit.take("ann")
    assert len(limit._full) == 1
    refused(lambda: limit.take("ann"))


@settings(max_examples=50, deadline=None)
@given(quota=st.integers(1, 300), steps=st.lists(st.floats(0, 20), max_size=200))
def test_never_more_than_the_quota_and_what_came_back(quota: int, steps: list[float]) -> None:
    """By a count of its own: what a bucket of the quota that fills evenly would give."""
    clock = Clock()
    limit = RateLimit(quota, clock)
    bucket = float(quota)
    for step in steps:
        clock.time += step
        bucket = min(quota, bucket + step * quota / 60)
        try:
            left, _ = told(limit.take("ann"))
        except Problem:
            assert bucket < 1 + 1e-3
        else:
            assert bucket > 1 - 1e-3
            bucket -= 1
            assert abs(left - bucket) <= 1 + 1e-3
