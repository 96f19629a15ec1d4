"""Tasks seen as events, and series of tasks that move on."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.domain.component import Alarm, Event, Task, Time
from aurora_time.domain.moment import DAY, parse_date, parse_wall, print_wall
from aurora_time.domain.series import occurrences_from
from aurora_time.domain.tasks import as_event, moved_on
from aurora_time.domain.zones import zone

HOME = zone("Europe/Berlin")
MONDAY = parse_date("2026-11-23")


def task(**fields: Any) -> Task:
    return Task("t", "home", "u", "Pay", 1, 2, **fields)


def at(text: str, tzid: str = "Europe/Berlin") -> Time:
    return Time(parse_wall(text), tzid)


def test_an_event_is_what_it_is() -> None:
    event = Event("e", "home", "u", "x", at("2026-11-23T09:00:00"), at("2026-11-23T10:00:00"), 1, 2)
    assert as_event(event) is event


def test_a_task_is_seen_at_its_due_time_else_at_its_start() -> None:
    due, start = at("2026-11-23T09:00:00"), at("2026-11-20T09:00:00")
    seen = as_event(task(due=due, start=start, alarms=(Alarm("email", 5),), recurrence=("RRULE:FREQ=DAILY",)))
    assert (seen.start, seen.end, seen.alarms, seen.recurrence) == (
        due, due, (Alarm("email", 5),), ("RRULE:FREQ=DAILY",),
    )  # fmt: skip
    assert (as_event(task(start=start)).start, seen.status) == (start, "CONFIRMED")
    assert (seen.id, seen.calendar_id, seen.uid, seen.summary) == ("t", "home", "u", "Pay")


def test_a_date_lasts_its_day_and_what_is_never_due_never_rings() -> None:
    seen = as_event(task(due=Time(MONDAY, is_date=True)))
    assert (seen.start.wall, seen.end.wall, seen.end.is_date) == (MONDAY, MONDAY + DAY, True)
    never = as_event(task())
    assert (never.alarms, never.recurrence) == ((), ())


@pytest.mark.parametrize(("status", "seen"), [("COMPLETED", "CANCELLED"), ("CANCELLED", "CANCELLED")])
def test_what_is_done_is_over(status: str, seen: str) -> None:
    assert as_event(task(due=at("2026-11-23T09:00:00"), status=status)).status == seen


def test_what_does_not_recur_or_is_never_due_does_not_move() -> None:
    assert moved_on(task(due=at("2026-11-23T09:00:00")), HOME) is None
    assert moved_on(task(recurrence=("RRULE:FREQ=DAILY",)), HOME) is None


def test_a_start_keeps_its_distance() -> None:
    moved = moved_on(
        task(
            due=at("2026-11-23T09:00:00"),
            start=at("2026-11-20T18:00:00"),
            recurrence=("RRULE:FREQ=WEEKLY",),
            status="COMPLETED",
            completed=7,
            percent=100,
        ),
        HOME,
    )
    assert moved is not None
    assert (moved.due, moved.start) == (at("2026-11-30T09:00:00"), at("2026-11-27T18:00:00"))
    assert (moved.status, moved.completed, moved.percent) == ("NEEDS-ACTION", None, 0)
    only_start = moved_on(task(start=at("2026-11-20T18:00:00"), recurrence=("RRULE:FREQ=WEEKLY",)), HOME)
    assert only_start is not None
    assert (only_start.due, only_start.start) == (None, at("2026-11-27T18:00:00"))


RULES = st.sampled_from(
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU", "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=2", "FREQ=YEARLY;BYMONTH=3,11;BYMONTHDAY=29",
        "FREQ=DAILY;UNTIL=20270215T000000Z",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(RULES, st.integers(0, 400), st.booleans(), st.sampled_from([None, 1, 4, 9]))
def test_a_series_that_moves_on_comes_by_all_its_times(rule: str, day: int, is_date: bool, count: int | None) -> None:
    """One by one it is done at the very times that the series had, and no more often."""
    if count is not None:
        rule = rule.partition(";UNTIL")[0] + f";COUNT={count}"
    if is_date:
        rule = rule.replace("T000000Z", "")
    first = Time(MONDAY + day * DAY, "", True) if is_date else Time(MONDAY + day * DAY + 9 * 3600, "Europe/Berlin")
    current: Task | None = task(due=first, recurrence=(f"RRULE:{rule}",))
    assert current is not None
    expected = [each.start.wall for each in islice(occurrences_from(as_event(current), first.wall, HOME), 12)]
    walls = []
    while current is not None and len(walls) < 12:
        assert current.due is not None
        walls.append(current.due.wall)
        current = moved_on(current, HOME)
    assert walls == expected


def walk(recurrence: tuple[str, ...]) -> list[str]:
    """When a series that begins on Monday at nine is due, time after time, until it is over."""
    standing: Task | None = task(due=at("2026-11-23T09:00:00"), recurrence=recurrence)
    seen = []
    while standing is not None and standing.due is not None:
        seen.append(print_wall(standing.due.wall))
        standing = moved_on(standing, HOME)
    return seen


@pytest.mark.parametrize("left_out", [(24,), (27,), (24, 25, 27)])
def test_a_count_counts_what_is_left_out(left_out: tuple[int, ...]) -> None:
    lines = ("RRULE:FREQ=DAILY;COUNT=5", *(f"EXDATE;TZID=Europe/Berlin:202611{day}T090000" for day in left_out))
    assert walk(lines) == [f"2026-11-{day}T09:00:00" for day in range(23, 28) if day not in left_out]
