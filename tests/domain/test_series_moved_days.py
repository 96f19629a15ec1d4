"""A series that is moved to another day stays whole: the days that its rule names move along."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_time.domain.component import Time
from aurora_time.domain.moment import parse_wall
from aurora_time.domain.recurrence import occurrences
from aurora_time.domain.rule_text import parse_rule
from aurora_time.domain.series_lines import Shift

ZONE = "Europe/Berlin"


def moved(rule: str, old: str, new: str) -> str:
    line = f"RRULE:{rule}"
    (result,) = Shift(Time(parse_wall(old), ZONE), Time(parse_wall(new), ZONE)).lines((line,), frozenset({line}))
    return result.removeprefix("RRULE:")


def first_ten(rule: str, start: str) -> list[int]:
    found = occurrences(parse_rule(rule), parse_wall(start), parse_wall(start), parse_wall("2040-01-01T00:00:00"))
    return [wall for wall, _ in zip(found, range(10), strict=False)]


@pytest.mark.parametrize("days", [-9, -3, -1, 1, 2, 6, 7, 13])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=MO;COUNT=10",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=10",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=10",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU,SA;WKST=SU;COUNT=10",
        "FREQ=DAILY;COUNT=10",
        "FREQ=WEEKLY;COUNT=10",
    ],
)
def test_every_occurrence_moves_as_the_first_does(rule: str, days: int) -> None:
    old = "2026-12-07T09:00:00"
    new = f"{date.fromordinal(date(2026, 12, 7).toordinal() + days).isoformat()}T10:30:00"
    by = parse_wall(new) - parse_wall(old)
    assert first_ten(moved(rule, old, new), new) == [wall + by for wall in first_ten(rule, old)]


@pytest.mark.parametrize(
    ("rule", "new", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=7", "2026-12-08T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=8"),
        ("FREQ=MONTHLY;BYDAY=1MO", "2026-12-15T09:00:00", "FREQ=MONTHLY;BYDAY=3TU"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=+1MO", "2027-01-05T09:00:00", "FREQ=YEARLY;BYMONTH=1;BYDAY=1TU"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=7", "2026-11-30T09:00:00", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30"),
        ("FREQ=MONTHLY;BYMONTHDAY=7,20", "2026-12-08T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=8,21"),
        ("FREQ=MONTHLY;BYMONTHDAY=7,30", "2026-12-09T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=9,1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,7,-1", "2026-12-06T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=-1,6,-2"),
        ("FREQ=MONTHLY;BYMONTHDAY=7,-1", "2026-12-08T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=8,1"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=7,31", "2026-12-08T09:00:00", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=7,31"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=7,9", "2026-12-08T09:00:00", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8,10"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=7,31", "2026-12-08T09:00:00", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=7,31"),
        ("FREQ=MONTHLY;BYDAY=MO,WE", "2026-12-08T09:00:00", "FREQ=MONTHLY;BYDAY=TU,TH"),
        ("FREQ=DAILY;BYDAY=MO,TU", "2026-12-09T09:00:00", "FREQ=DAILY;BYDAY=WE,TH"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "2026-12-08T09:00:00", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1"),
        ("FREQ=DAILY;BYHOUR=9,20", "2026-12-07T11:30:00", "FREQ=DAILY;BYHOUR=11,22"),
        ("FREQ=DAILY;BYHOUR=9,20", "2026-12-07T14:00:00", "FREQ=DAILY;BYHOUR=1,14"),
        ("FREQ=WEEKLY;BYHOUR=9,20", "2026-12-07T14:00:00", "FREQ=WEEKLY;BYHOUR=9,20"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "2026-12-07T10:15:00", "FREQ=DAILY;BYHOUR=10;BYMINUTE=15"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-12-07T18:00:00", "FREQ=WEEKLY;BYDAY=MO"),
    ],
)
def test_of_a_months_days_the_one_that_is_the_starts_moves(rule: str, new: str, expected: str) -> None:
    assert moved(rule, "2026-12-07T09:00:00", new) == expected


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-10-31T09:00:00", "2026-11-30T09:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30T09:00:00", "2026-10-31T10:30:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-11-01T09:00:00", "2026-11-15T09:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-11-01T09:00:00", "2026-12-01T09:00:00"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-12-07T09:00:00", "2026-12-08T09:00:00"),
        ("FREQ=DAILY;BYHOUR=9,17", "2026-12-07T09:00:00", "2026-12-07T17:00:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T09:00:00", "2026-12-31T09:00:00"),
    ],
)
def test_what_names_its_new_start_only_begins_there(rule: str, old: str, new: str) -> None:
    assert moved(rule, old, new) == rule


def test_all_day_a_rule_has_no_hours() -> None:
    line = "RRULE:FREQ=DAILY;BYHOUR=8,20;COUNT=4"
    day = Time(parse_wall("2026-12-07T00:00:00"), is_date=True)
    (result,) = Shift(Time(parse_wall("2026-12-07T08:00:00"), ZONE), day).lines((line,), frozenset({line}))
    assert result == "RRULE:FREQ=DAILY;COUNT=4"
    (back,) = Shift(day, Time(parse_wall("2026-12-07T09:00:00"), ZONE)).lines((line,), frozenset({line}))
    assert back == "RRULE:FREQ=DAILY;COUNT=4"


def test_in_another_zone_the_hours_are_those_of_its_clock() -> None:
    """20:00 in Berlin is 02:00 in Ho Chi Minh City, and 08:00 is 14:00."""
    line = "RRULE:FREQ=DAILY;BYHOUR=8,20"
    there = Time(parse_wall("2026-12-08T02:00:00"), "Asia/Ho_Chi_Minh")
    (result,) = Shift(Time(parse_wall("2026-12-07T20:00:00"), ZONE), there).lines((line,), frozenset({line}))
    assert result == "RRULE:FREQ=DAILY;BYHOUR=2,14"


@pytest.mark.parametrize(("new", "expected"), [("30", "-2"), ("01", "1"), ("02", "2")])
def test_the_last_day_of_the_month_moves_too(new: str, expected: str) -> None:
    then = f"2026-12-{new}T09:00:00" if expected == "-2" else f"2027-01-{new}T09:00:00"
    rule = moved("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31T09:00:00", then)
    assert rule == f"FREQ=MONTHLY;BYMONTHDAY={expected}"


def test_the_last_weekday_stays_the_last() -> None:
    old, new = "2026-12-28T09:00:00", "2026-12-29T09:00:00"
    assert moved("FREQ=MONTHLY;BYDAY=-1MO", old, new) == "FREQ=MONTHLY;BYDAY=-1TU"
    assert moved("FREQ=MONTHLY;BYDAY=-1MO", old, "2026-12-22T09:00:00") == "FREQ=MONTHLY;BYDAY=4TU"
