"""Busy time merged: held against a list of seconds, one by one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.domain.free_busy import BUSY, TENTATIVE, Busy, Period, free_busy, merge, status_of
from aurora_time.domain.moment import Window

periods = st.tuples(st.integers(-5, 45), st.integers(0, 15)).map(lambda pair: Period(pair[0], pair[0] + pair[1]))
taken = st.tuples(periods, st.sampled_from([BUSY, TENTATIVE])).map(lambda pair: Busy(*pair[0], pair[1]))


@given(st.lists(periods, max_size=12))
def test_merged_periods_are_the_same_time_apart_and_in_order(found: list[Period]) -> None:
    merged = merge(found)
    seconds = {second for start, end in found for second in range(start, end)}
    assert seconds == {second for start, end in merged for second in range(start, end)}
    assert all(start < end for start, end in merged)
    assert all(one.end < other.start for one, other in itertools.pairwise(merged))


@given(st.lists(taken, max_size=12))
def test_each_second_is_busy_once_and_sure_counts_more_than_perhaps(found: list[Busy]) -> None:
    def told(second: int, among: list[Busy]) -> set[str]:
        return {each.status for each in among if each.start <= second < each.end}

    answer = free_busy(found, Window(0, 40))
    for second in range(-10, 70):
        wanted = told(second, found) if 0 <= second < 40 else set()
        assert told(second, answer) == ({BUSY} if BUSY in wanted else wanted)
    assert answer == sorted(answer)
    assert all(0 <= each.start < each.end <= 40 for each in answer)


@pytest.mark.parametrize(
    ("status", "transparency", "taken_as"),
    [
        ("CONFIRMED", "OPAQUE", "BUSY"),
        ("TENTATIVE", "OPAQUE", "BUSY-TENTATIVE"),
        ("CANCELLED", "OPAQUE", None),
        ("CONFIRMED", "TRANSPARENT", None),
        ("TENTATIVE", "TRANSPARENT", None),
    ],
)
def test_what_an_event_takes(status: str, transparency: str, taken_as: str | None) -> None:
    assert status_of(status, transparency) == taken_as
