"""When rules occur: DTSTART, COUNT, UNTIL, SKIP, windows at any age, rules that never occur. Walls are naive."""

import datetime as dt
import sys
from itertools import islice

import pytest

from aurora_time.domain.recurrence import (
    COUNTED_LOOKS,
    END,
    last_occurrence,
    next_after,
    occurrences,
    parse_rule,
)
from aurora_time.domain.rule_blocks import Grid

DAY = 86_400


def wall(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def first(rule: str, start: str, number: int = 5) -> list[str]:
    """The first walls of a rule, as dates where they are midnights."""
    found = islice(occurrences(parse_rule(rule), wall(start), -(10**12), END), number)
    texts = [dt.datetime.fromtimestamp(each, dt.UTC).isoformat()[:19] for each in found]
    return [text.removesuffix("T00:00:00") for text in texts]


# DTSTART


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", ["2026-11-25", "2026-11-30", "2026-12-07"]),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", ["2026-11-25", "2026-11-30", "2026-12-07"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2", ["2026-11-25", "2026-12-01"]),
        ("FREQ=DAILY;BYMONTH=12;COUNT=2", ["2026-11-25", "2026-12-01"]),
        ("FREQ=HOURLY;BYHOUR=9;COUNT=2", ["2026-11-25", "2026-11-25T09:00:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=1", ["2026-11-25"]),
        ("FREQ=WEEKLY;COUNT=1", ["2026-11-25"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=4", ["2026-11-25"]),
        ("FREQ=DAILY;BYHOUR=5;BYSETPOS=2;COUNT=4", ["2026-11-25"]),
        ("FREQ=WEEKLY;BYDAY=WE,FR;BYSETPOS=2", ["2026-11-25", "2026-11-27", "2026-12-04"]),
    ],
)
def test_dtstart_is_the_first_occurrence_even_where_the_rule_does_not_name_it(rule, expected):
    assert first(rule, "2026-11-25", 3) == expected


def test_bysetpos_counts_from_the_first_day_of_a_week_that_dtstart_cuts():
    """Monday is the first of the week's set, so its second day is the Wednesday of DTSTART."""
    assert first("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "2026-11-25", 2) == ["2026-11-25", "2026-12-02"]


# What the RFC leaves open


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=1MO,WE", "2026-11-02", ["2026-11-02", "2026-11-04", "2026-11-11", "2026-11-18"]),
        ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-13", ["2026-05-13", "2027-05-19", "2028-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,SU", "2026-01-04", ["2026-01-04", "2027-01-04", "2027-01-10"]),
        ("FREQ=YEARLY;BYWEEKNO=53", "2026-12-31", ["2026-12-31", "2032-12-30", "2037-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=-53;BYDAY=TH", "2026-01-01", ["2026-01-01", "2032-01-01", "2037-01-01"]),
        ("FREQ=YEARLY;BYDAY=53TH", "2026-12-31", ["2026-12-31", "2032-12-30", "2037-12-31"]),
        ("FREQ=YEARLY;BYDAY=-53TH", "2026-01-01", ["2026-01-01", "2032-01-01", "2037-01-01"]),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=5TH", "2026-12-31", ["2026-12-31", "2027-12-30"]),
        ("FREQ=YEARLY;BYMONTHDAY=13", "2026-11-13", ["2026-11-13", "2026-12-13", "2027-01-13"]),
        ("FREQ=MONTHLY;BYMONTHDAY=8,9;BYDAY=2MO,2TU", "2026-11-09", ["2026-11-09", "2026-12-08", "2027-02-08"]),
        ("FREQ=MONTHLY;BYSECOND=60", "2026-11-01", ["2026-11-01", "2026-11-01T00:00:59", "2026-12-01T00:00:59"]),
        ("FREQ=MINUTELY;BYSECOND=59,60", "2026-11-01T00:00:59", ["2026-11-01T00:00:59", "2026-11-01T00:01:59"]),
        ("FREQ=SECONDLY;BYSECOND=60", "2026-11-01T00:00:59", ["2026-11-01T00:00:59", "2026-11-01T00:01:59"]),
        ("FREQ=DAILY;INTERVAL=3;BYDAY=MO", "2026-11-23", ["2026-11-23", "2026-12-14", "2027-01-04"]),
        ("FREQ=SECONDLY;BYMINUTE=0;BYSETPOS=-1", "2026-11-01", ["2026-11-01", "2026-11-01T00:00:01"]),
        ("FREQ=SECONDLY;BYMINUTE=0;BYSETPOS=2", "2026-11-01", ["2026-11-01"]),
    ],
)
def test_what_is_left_open_is_decided(rule, start, expected):
    assert first(rule, start, len(expected) + 1)[: len(expected)] == expected


# SKIP


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;SKIP=OMIT", "2026-01-31", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("FREQ=MONTHLY;SKIP=BACKWARD", "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("FREQ=MONTHLY;SKIP=FORWARD", "2026-01-31", ["2026-01-31", "2026-03-01", "2026-03-31", "2026-05-01"]),
        ("FREQ=MONTHLY;INTERVAL=13;SKIP=FORWARD", "2026-01-31", ["2026-01-31", "2027-03-01", "2028-03-31"]),
        ("FREQ=YEARLY;SKIP=OMIT", "2024-02-29", ["2024-02-29", "2028-02-29"]),
        ("FREQ=YEARLY;SKIP=BACKWARD", "2024-02-29", ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("FREQ=YEARLY;SKIP=FORWARD", "2024-02-29", ["2024-02-29", "2025-03-01", "2026-03-01"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;SKIP=FORWARD", "2026-03-01", ["2026-03-01", "2027-03-01"]),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=FORWARD", "2024-12-31", ["2024-12-31", "2026-01-01", "2027-01-01"]),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=BACKWARD", "2024-12-31", ["2024-12-31", "2025-12-31"]),
        ("FREQ=YEARLY;BYYEARDAY=-366;SKIP=BACKWARD", "2024-12-31", ["2024-12-31", "2025-12-31", "2026-12-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD", "2026-01-01", ["2026-01-01", "2026-01-31", "2026-03-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=FORWARD", "2026-01-01", ["2026-01-01", "2026-02-01", "2026-03-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=30,31;SKIP=BACKWARD", "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD", "2026-04-01", ["2026-04-01", "2026-05-01", "2026-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR;SKIP=FORWARD", "2026-05-01", ["2026-05-01", "2026-07-31"]),
        ("FREQ=DAILY;BYMONTHDAY=31;SKIP=FORWARD", "2026-01-31", ["2026-01-31", "2026-03-31"]),
        ("FREQ=WEEKLY;BYDAY=SA;SKIP=FORWARD", "2026-01-31", ["2026-01-31", "2026-02-07"]),
    ],
)
def test_skip_moves_a_date_that_does_not_exist(rule, start, expected):
    assert first(f"{rule};RSCALE=GREGORIAN", start, len(expected)) == expected


def test_days_that_skip_moves_together_count_once():
    rule = "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD;COUNT=6"
    assert first(rule, "2026-04-01", 9) == [
        "2026-04-01",
        "2026-05-01",
        "2026-05-31",
        "2026-06-01",
        "2026-07-01",
        "2026-07-31",
    ]


def test_bysetpos_keeps_what_two_months_move_to_one_day():
    rule = "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;BYHOUR=8,12;BYSETPOS=1,-1;SKIP=FORWARD"
    assert first(rule, "2026-04-01T08:00:00", 4) == [
        "2026-04-01T08:00:00",
        "2026-05-01T08:00:00",
        "2026-05-01T12:00:00",
        "2026-05-31T12:00:00",
    ]


@pytest.mark.parametrize("part", ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1,12"])
def test_skip_does_not_leave_the_calendar(part):
    rule = parse_rule(f"{part};RSCALE=GREGORIAN;SKIP=FORWARD")
    found = list(occurrences(rule, wall("9996-12-31"), wall("9996-01-01"), END + DAY))
    assert found[0] == wall("9996-12-31")
    assert found[-1] < END


# COUNT, UNTIL, windows


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;COUNT=10", "2026-12-02T09:00:00"),
        ("FREQ=DAILY;BYDAY=MO,TU;COUNT=3", "2026-11-30T09:00:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", "2026-12-02T09:00:00"),
        ("FREQ=MONTHLY;BYDAY=-1MO;COUNT=3", "2026-12-28T09:00:00"),
        ("FREQ=HOURLY;BYHOUR=9,10;COUNT=4", "2026-11-24T10:00:00"),
        ("FREQ=MINUTELY;INTERVAL=7;COUNT=1000000", "2040-03-15T11:33:00"),
        ("FREQ=MONTHLY;UNTIL=20270923T085959", "2027-08-23T09:00:00"),
        ("FREQ=MONTHLY;UNTIL=20270923T090000", "2027-09-23T09:00:00"),
        ("FREQ=MONTHLY;UNTIL=20270923T090000Z", "2027-09-23T09:00:00"),
        ("FREQ=MONTHLY;UNTIL=20270923", "2027-09-23T09:00:00"),
        ("FREQ=YEARLY;UNTIL=20461231", "2046-11-23T09:00:00"),
        ("FREQ=WEEKLY;UNTIL=20261123T090000", "2026-11-23T09:00:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", "2026-11-23T09:00:00"),
    ],
)
def test_the_last_occurrence(rule, last):
    start = wall("2026-11-23T09:00:00")
    assert last_occurrence(parse_rule(rule), start) == wall(last)
    assert next_after(parse_rule(rule), start, wall(last)) is None
    assert list(occurrences(parse_rule(rule), start, wall(last), END)) == [wall(last)]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=2147483647", "FREQ=WEEKLY;UNTIL=20261122", "FREQ=DAILY;UNTIL=99991231"]
)
def test_no_last_occurrence_of_a_rule_that_goes_on_or_is_empty(rule):
    assert last_occurrence(parse_rule(rule), wall("2026-11-23T09:00:00")) is None


def test_until_given_by_the_caller_counts_instead_of_the_one_written():
    """UNTIL=20261201T170000Z is the local midnight of December 2 in Ho Chi Minh City."""
    rule, start = parse_rule("FREQ=DAILY;UNTIL=20261201T170000Z"), wall("2026-12-01")
    until = wall("2026-12-02")
    assert list(occurrences(rule, start, start, END, until)) == [start, until]
    assert next_after(rule, start, start, until) == until
    assert next_after(rule, start, until, until) is None
    assert last_occurrence(rule, start, until) == until


def test_until_before_dtstart_leaves_nothing():
    rule, start = parse_rule("FREQ=DAILY;UNTIL=20261122T000000"), wall("2026-11-23")
    assert list(occurrences(rule, start, 0, END)) == []
    assert next_after(rule, start, 0) is None


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=MONTHLY", "FREQ=HOURLY;BYHOUR=0"])
def test_a_window_is_half_open_and_may_be_empty(rule):
    parsed, start = parse_rule(rule), wall("2026-11-23")
    later = next_after(parsed, start, start)
    assert list(occurrences(parsed, start, start, later)) == [start]
    assert list(occurrences(parsed, start, start + 1, later)) == []
    assert list(occurrences(parsed, start, later, start)) == []
    assert list(occurrences(parsed, start, start - 9 * DAY, start)) == []
    assert next_after(parsed, start, start - 400 * DAY) == start


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "FREQ=WEEKLY;BYMONTH=1,12", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=HOURLY;INTERVAL=6;BYHOUR=0,12"],
)
def test_a_rule_ends_with_the_year_9999(rule):
    start = wall("9998-12-31")
    found = list(occurrences(parse_rule(rule), start, start, END + 10**12))
    assert found[0] == start
    assert END - 32 * DAY < found[-1] < END
    assert next_after(parse_rule(rule), start, END) is None


def test_a_rule_may_begin_with_the_year_1():
    assert first("FREQ=WEEKLY;BYMONTH=1;BYDAY=SU,MO", "0001-01-01", 3) == ["0001-01-01", "0001-01-07", "0001-01-08"]
    assert first("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD", "0001-01-01", 2) == ["0001-01-01", "0001-02-01"]


def test_a_count_too_long_to_count_goes_on():
    rule = parse_rule(f"FREQ=HOURLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;COUNT={COUNTED_LOOKS + 9}")
    assert last_occurrence(rule, wall("2026-11-23")) is None
    assert next_after(rule, wall("2026-11-23"), wall("2126-11-23")) == wall("2126-11-23T01:00:00")


# The cost


def lines_run(function) -> int:
    """How many lines of the engine run: a measure that no other load on the machine changes."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if "aurora_time" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=MO,WE",
        "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=500000",
        "FREQ=DAILY;INTERVAL=7;COUNT=900000",
        "FREQ=SECONDLY;INTERVAL=70007;COUNT=9000000",
        "FREQ=WEEKLY;BYMONTH=1,2,3,11,12",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=DAILY;BYMONTHDAY=1,5",
        "FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
        "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD",
    ],
)
def test_a_window_costs_the_same_at_any_age(rule):
    parsed, start = parse_rule(rule), wall("2000-11-06")

    def cost(low: int) -> int:
        list(occurrences(parsed, start, low, low + 1))  # what is kept of a series is no part of the jump
        return lines_run(lambda: list(occurrences(parsed, start, low, low + 7 * DAY)))

    # The Gregorian calendar repeats after 400 years: the same window, once nearly new and once very old.
    assert cost(wall("2401-12-03")) <= cost(wall("2001-12-03")) + 12
    assert cost(wall("2001-12-03")) < 600


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=SECONDLY;BYMONTH=12", "2027-12-01T00:00:00"),
        ("FREQ=SECONDLY;INTERVAL=7;BYMONTH=6;BYMONTHDAY=9;BYHOUR=23", "2027-06-09T23:00:05"),
        ("FREQ=MINUTELY;BYYEARDAY=100;BYHOUR=17", "2027-04-10T17:00:00"),
        ("FREQ=SECONDLY;INTERVAL=2147483647;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12", "2094-12-11T03:14:07"),
        ("FREQ=SECONDLY;INTERVAL=7", "2027-01-01T00:00:04"),
    ],
)
def test_short_periods_jump_over_what_is_not_let_through(rule, expected):
    parsed, start, after = parse_rule(rule), wall("2026-11-23"), wall("2026-12-31T23:59:59")
    assert next_after(parsed, start, after) == wall(expected)
    assert lines_run(lambda: next_after(parsed, start, after)) < 2_000


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU;BYMONTH=5",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=2",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=HOURLY;INTERVAL=168;BYDAY=TU",
        "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "FREQ=HOURLY;INTERVAL=48;BYMINUTE=5;BYHOUR=0;BYMONTH=3;BYSETPOS=2",
        "FREQ=HOURLY;INTERVAL=21;BYHOUR=0;BYDAY=TU",
    ],
)
def test_a_rule_that_never_occurs_says_so_soon(rule):
    parsed, start = parse_rule(rule), wall("2026-11-23")
    assert lines_run(lambda: next_after(parsed, start, start)) < 300_000
    assert next_after(parsed, start, start) is None
    assert list(occurrences(parsed, start, start, END)) == [start]


@pytest.mark.parametrize("count", [5_000, 100_001, 2_147_483_647])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;RSCALE=GREGORIAN;SKIP=FORWARD",
        "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=397;BYMONTH=2",
        "FREQ=MINUTELY;INTERVAL=61;BYMINUTE=0",
        "FREQ=HOURLY;INTERVAL=397;BYHOUR=0;BYMONTHDAY=29",
    ],
)
def test_a_great_count_is_not_counted_for_ever(rule, count):
    parsed, start = parse_rule(f"{rule};COUNT={count}"), wall("2026-11-13")
    assert lines_run(lambda: last_occurrence(parsed, start)) < 500_000
    assert last_occurrence(parsed, start) is None


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=SECONDLY;UNTIL=20271231T235959", "2027-12-31T23:59:59"),
        ("FREQ=SECONDLY;BYMONTH=1;UNTIL=20271231T235959", "2027-01-31T23:59:59"),
        ("FREQ=SECONDLY;BYMONTH=1;BYDAY=SU;BYHOUR=7;UNTIL=20271231T235959", "2027-01-31T07:59:59"),
    ],
)
def test_the_last_of_millions_is_found_without_telling_all(rule, last):
    parsed, start = parse_rule(rule), wall("2026-11-23")
    assert last_occurrence(parsed, start) == wall(last)
    assert lines_run(lambda: last_occurrence(parsed, start)) < 20_000


def test_a_rule_is_over_when_patience_is():
    """One second earlier each day: five o'clock comes again after 86,400 days, which is further than we look."""
    rule = parse_rule("FREQ=SECONDLY;INTERVAL=86399;BYHOUR=5;BYMINUTE=0;BYSECOND=0")
    ten, five = wall("2026-11-23T10:00:00"), wall("2026-11-23T05:00:00")
    assert next_after(rule, ten, ten) == ten + 5 * 3600 * 86_399
    assert next_after(rule, five, five) is None


def test_a_rule_of_millions_of_walls_keeps_none_of_them():
    hours, every = (",".join(map(str, range(number))) for number in (24, 60))
    rule = parse_rule(
        f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={hours};BYMINUTE={every};BYSECOND={every};BYSETPOS=-1,366"
    )
    start = wall("2026-11-23")
    found = list(occurrences(rule, start, start, wall("2028-01-01")))
    assert found == [start, *map(wall, ["2026-12-31T23:59:59", "2027-01-01T00:06:05", "2027-12-31T23:59:59"])]


def test_a_grid_is_the_sequence_of_its_sums():
    grid = Grid((0, 100), (10, 20), (1, 2, 3))
    assert list(grid) == [grid[place] for place in range(len(grid))]
    assert list(grid) == [11, 12, 13, 21, 22, 23, 111, 112, 113, 121, 122, 123]
    assert grid[-1] == 123
    assert grid[9:] == [121, 122, 123]
    with pytest.raises(IndexError):
        grid[12]
