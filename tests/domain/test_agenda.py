"""When the agenda of a day is due: once a day, on the person's own clock, whatever that clock does."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.domain.agenda import WEEKDAYS, AgendaMail, next_agenda
from aurora_time.domain.moment import DAY, parse_date, parse_instant, print_date, print_instant
from aurora_time.domain.zones import zone

SEVEN = AgendaMail(True)
BERLIN = zone("Europe/Berlin")


def first(wanted: AgendaMail, after: str, home=BERLIN, last: str | None = None) -> tuple[str, str] | None:
    found = next_agenda(wanted, home, parse_instant(after), parse_date(last) if last else None)
    return found and (print_date(found.day), print_instant(found.due))


def test_it_is_due_today_if_that_is_still_to_come_else_tomorrow():
    assert first(SEVEN, "2026-11-23T05:00:00Z") == ("2026-11-23", "2026-11-23T06:00:00Z")
    assert first(SEVEN, "2026-11-23T06:00:00Z") == ("2026-11-24", "2026-11-24T06:00:00Z")


def test_a_day_that_was_dealt_with_is_over():
    assert first(SEVEN, "2026-11-23T05:00:00Z", last="2026-11-23") == ("2026-11-24", "2026-11-24T06:00:00Z")
    assert first(SEVEN, "2026-11-23T05:00:00Z", last="2026-11-20") == ("2026-11-23", "2026-11-23T06:00:00Z")


def test_only_on_the_days_that_were_chosen():
    weekly = AgendaMail(True, 8 * 3600, ("SA",))
    assert first(weekly, "2026-11-23T05:00:00Z") == ("2026-11-28", "2026-11-28T07:00:00Z")
    assert first(weekly, "2026-11-28T07:00:00Z") == ("2026-12-05", "2026-12-05T07:00:00Z")


@pytest.mark.parametrize("wanted", [AgendaMail(), AgendaMail(False, 0), AgendaMail(True, 0, ())])
def test_who_wants_none_gets_none(wanted):
    assert first(wanted, "2026-11-23T05:00:00Z") is None


def test_a_time_that_the_clocks_skip_is_after_the_gap_and_one_they_show_twice_is_the_first():
    half_past_two = AgendaMail(True, 2 * 3600 + 1800)
    assert first(half_past_two, "2026-03-28T12:00:00Z") == ("2026-03-29", "2026-03-29T01:30:00Z")
    assert first(half_past_two, "2026-10-24T12:00:00Z") == ("2026-10-25", "2026-10-25T00:30:00Z")
    assert first(half_past_two, "2026-10-25T00:30:00Z") == ("2026-10-26", "2026-10-26T01:30:00Z")


def test_a_day_that_a_zone_left_out_has_none():
    """Samoa had no 30 December 2011."""
    samoa = zone("Pacific/Apia")
    days, after = [], parse_instant("2011-12-28T20:00:00Z")
    for _ in range(3):
        found = next_agenda(SEVEN, samoa, after)
        assert found
        days.append(print_date(found.day))
        after = found.due
    assert days == ["2011-12-29", "2011-12-31", "2012-01-01"]


@given(
    st.sampled_from(["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "Pacific/Chatham"]),
    st.integers(0, 1439),
    st.integers(1_700_000_000, 1_900_000_000),
)
@settings(max_examples=50, deadline=None)
def test_every_day_has_exactly_one_at_its_own_time(name, minute, start):
    home, wanted = zone(name), AgendaMail(True, minute * 60)
    found = next_agenda(wanted, home, start)
    chain = []
    for _ in range(400):
        assert found
        chain.append(found)
        found = next_agenda(wanted, home, found.due, found.day)
    assert chain[0].due > start
    assert all(after.day - before.day == DAY and after.due > before.due for before, after in pairwise(chain))
    off = [each for each in chain if home.wall(each.due) != each.day + wanted.at]
    assert len(off) <= 2, "only where the clocks skip that time"


def test_the_week_is_named_as_in_rfc_5545():
    names = [first(AgendaMail(True, 0, (day,)), "2026-11-22T12:00:00Z") for day in WEEKDAYS]
    assert [found and found[0] for found in names] == [f"2026-11-{day}" for day in range(23, 30)]
