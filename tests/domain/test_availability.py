"""Free slots held against an oracle that looks at every minute, and what a change of the clock does to them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.domain.availability import (
    WEEKDAYS,
    DayHours,
    Hours,
    Schedule,
    Slot,
    Taken,
    Wanted,
    Weekly,
    first_showing,
    held_by,
    merge_hours,
    reach,
    slot_at,
    slots,
)
from aurora_time.domain.free_busy import Period, merge
from aurora_time.domain.moment import DAY, Window, parse_date, parse_instant, print_instant, print_wall
from aurora_time.domain.zones import zone

MINUTE, HOUR = 60, 3600
NOTHING = Taken([], [])
LONG_AGO = parse_instant("2000-01-01T00:00:00Z")


def schedule(**fields: object) -> Schedule:
    """Half hours from nine to ten in Berlin, each day, unless told."""
    made = {
        "id": "s", "name": "Talk", "time_zone": "Europe/Berlin", "created": 0, "updated": 0,
        "weekly": (Weekly(WEEKDAYS, Hours(9 * HOUR, 10 * HOUR)),), "horizon_days": 36_600,
    }  # fmt: skip
    return Schedule(**{**made, **fields})


def listed(schedule_: Schedule, start: str, end: str, taken: Taken = NOTHING, minutes: int = 30) -> list[Slot]:
    """The slots that start between two local midnights."""
    window = Window(*(schedule_.zone.instant(parse_date(text)) for text in (start, end)))
    return list(slots(schedule_, taken, Wanted(window, minutes, LONG_AGO)))


def told(found: list[Slot]) -> list[str]:
    """``09:00`` for a free slot, ``09:00 busy`` for another."""
    return [f"{print_wall(slot.wall)[11:16]} {slot.refusal or ''}".strip() for slot in found]


def at(text: str) -> int:
    return parse_instant(text)


# --- the oracle -------------------------------------------------------------------------------------------------------
@dataclass
class Oracle:
    """Every minute of some days on the clock of the world: what the clock shows, and whether hours are open."""

    schedule: Schedule
    taken: Taken
    first: int
    last: int

    def __post_init__(self) -> None:
        clock = self.schedule.zone
        self.minutes = range(self.first - self.first % MINUTE, self.last, MINUTE)
        self.walls = [clock.wall(minute) for minute in self.minutes]
        self.latest = list(accumulate(self.walls, max))
        self.open: set[int] = set()
        self.starts: dict[int, tuple[int, bool]] = {}
        for day in sorted({wall - wall % DAY for wall in self.walls} | {w - w % DAY - DAY for w in self.walls}):
            self._add_day(day)

    def first_at(self, wall: int) -> int:
        """The first minute whose clock shows this or later."""
        place = bisect_left(self.latest, wall)
        return self.minutes[place] if place < len(self.minutes) else self.last

    def _add_day(self, day: int) -> None:
        weekday = WEEKDAYS[(day // DAY + 3) % 7]
        given_ = {each.date: each.hours for each in self.schedule.overrides}
        hours = given_.get(day, tuple(each.hours for each in self.schedule.weekly if weekday in each.days))
        inside = sorted({s for one in hours for s in range(one.start, one.end, MINUTE)})
        for second in inside:
            opens, closes = self.first_at(day + second), self.first_at(day + second + MINUTE)
            self.open |= set(range(opens, closes, MINUTE))
            if second - MINUTE not in inside:
                begin = second
            if (second - begin) % (self.schedule.slot_minutes * MINUTE) == 0:
                shown = self.schedule.zone.wall(opens)
                self.starts[day + second] = (opens, shown == day + second)

    def busy(self, start: int, end: int, periods: list[Period]) -> bool:
        return any(one.start < end and one.end > start for one in periods)

    def refusal(self, start: int, end: int, now: int) -> str | None:
        own = self.schedule
        wide = (start - own.buffer_before * MINUTE, end + own.buffer_after * MINUTE)
        reasons = [
            ("outsideHours", any(minute not in self.open for minute in range(start, end, MINUTE))),
            ("tooSoon", start < now + own.minimum_notice * MINUTE),
            ("tooFar", start > now + own.horizon_days * DAY),
            ("busy", self.busy(start, end, self.taken.busy)),
            ("buffer", self.busy(*wide, self.taken.busy) or self.busy(start, end, self.taken.held)),
        ]
        return next((reason for reason, holds in reasons if holds), None)

    def slots(self, wanted: Wanted) -> list[Slot]:
        found = []
        for wall, (start, is_shown) in sorted(self.starts.items()):
            if wanted.window.start <= start < wanted.window.end:
                end = start + wanted.minutes * MINUTE
                refusal = self.refusal(start, end, wanted.now) if is_shown else "skipped"
                found.append(Slot(wall, start, end if is_shown else start, refusal))
        return found


AROUND = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/Sao_Paulo": ("2018-11-04", "2018-02-18"),
    "Australia/Lord_Howe": ("2026-10-04", "2026-04-05"),
    "Asia/Ho_Chi_Minh": ("2026-11-23", "2026-11-23"),
    "Pacific/Apia": ("2011-12-30", "2011-12-30"),
}
"""Days on which a clock changes: at night, at midnight, by half an hour, never, and by a whole day."""
quarters = st.integers(0, 96).map(lambda n: n * 15 * MINUTE)
hours = st.tuples(quarters, quarters).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Hours(*pair))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Schedule, Taken, Wanted]:
    name = draw(st.sampled_from(list(AROUND)))
    day = parse_date(draw(st.sampled_from(AROUND[name])))
    weekly = draw(st.lists(st.tuples(st.sets(st.sampled_from(WEEKDAYS)), hours), max_size=4))
    dates = draw(st.dictionaries(st.integers(-1, 1), st.lists(hours, max_size=2), max_size=2))
    made = schedule(
        time_zone=name,
        weekly=tuple(Weekly(tuple(days), each) for days, each in weekly),
        overrides=tuple(DayHours(day + number * DAY, tuple(each)) for number, each in dates.items()),
        slot_minutes=draw(st.sampled_from([15, 20, 30, 45, 60, 90, 150])),
        buffer_before=draw(st.sampled_from([0, 5, 60])),
        buffer_after=draw(st.sampled_from([0, 10, 45])),
        minimum_notice=draw(st.sampled_from([0, 120])),
        horizon_days=draw(st.sampled_from([1, 2, 366])),
    )
    noon = made.zone.instant(day + DAY // 2)
    near = st.integers(-40 * 12, 40 * 12).map(lambda n: noon + n * 5 * MINUTE)
    period = st.tuples(near, st.integers(1, 60)).map(lambda pair: Period(pair[0], pair[0] + pair[1] * 5 * MINUTE))
    busy, booked = draw(st.lists(period, max_size=4)), draw(st.lists(period, max_size=2))
    taken = Taken(merge([*busy, *booked]), merge(held_by(made, each) for each in booked))
    start, length = draw(st.integers(-30, 10)), draw(st.integers(0, 50))
    window = Window(noon + start * HOUR, noon + (start + length) * HOUR)
    wanted = Wanted(window, draw(st.sampled_from([5, 30, 90, 1440])), draw(near))
    return made, taken, wanted


@given(questions())
@settings(max_examples=60, deadline=None)
def test_slots_are_what_one_finds_who_looks_at_every_minute(question: tuple[Schedule, Taken, Wanted]) -> None:
    made, taken, wanted = question
    margin = 4 * DAY
    oracle = Oracle(made, taken, wanted.window.start - margin, wanted.window.end + margin)
    assert list(slots(made, taken, wanted)) == oracle.slots(wanted)


@given(questions())
@settings(max_examples=60, deadline=None)
def test_a_slot_is_judged_alone_as_in_its_list(question: tuple[Schedule, Taken, Wanted]) -> None:
    made, taken, wanted = question
    for slot in slots(made, taken, wanted):
        if slot.refusal != "skipped":
            alone = Wanted(Window(slot.start, slot.start + 9), wanted.minutes, wanted.now)
            assert slot_at(made, taken, alone) == slot


@given(questions(), st.integers(0, 80))
@settings(max_examples=60, deadline=None)
def test_two_windows_side_by_side_are_one(question: tuple[Schedule, Taken, Wanted], part: int) -> None:
    made, taken, wanted = question
    window = wanted.window
    middle = min(window.end, window.start + part * 37 * MINUTE)
    halves = [Window(window.start, middle), Window(middle, window.end)]
    apart = [each for half in halves for each in slots(made, taken, Wanted(half, wanted.minutes, wanted.now))]
    assert apart == list(slots(made, taken, wanted))


# --- by name ----------------------------------------------------------------------------------------------------------
def test_hours_of_a_week_become_slots_in_the_schedules_zone() -> None:
    made = schedule(weekly=(Weekly(("MO",), Hours(9 * HOUR, 11 * HOUR)),))
    found = listed(made, "2026-11-22", "2026-11-29")
    assert [print_instant(slot.start) for slot in found] == [
        "2026-11-23T08:00:00Z", "2026-11-23T08:30:00Z", "2026-11-23T09:00:00Z", "2026-11-23T09:30:00Z",
    ]  # fmt: skip
    assert all(slot.end - slot.start == 30 * MINUTE for slot in found)


def test_nine_o_clock_stays_nine_o_clock_across_a_change_of_the_clock() -> None:
    found = listed(schedule(), "2026-10-24", "2026-10-27")
    assert told(found) == ["09:00", "09:30"] * 3
    assert [print_instant(slot.start)[11:16] for slot in found[::2]] == ["07:00", "08:00", "08:00"]


@pytest.mark.parametrize(
    ("name", "day", "hours_", "expected"),
    [
        # from two to three there is nothing on this night
        ("Europe/Berlin", "2026-03-29", (1, 4), ["01:00", "01:30", "02:00 skipped", "02:30 skipped", "03:00", "03:30"]),
        # two o'clock comes twice, and is offered the first time
        ("Europe/Berlin", "2026-10-25", (1, 4), ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]),
        # the day begins at one
        ("America/Sao_Paulo", "2018-11-04", (0, 2), ["00:00 skipped", "00:30 skipped", "01:00", "01:30"]),
        # half an hour is skipped
        ("Australia/Lord_Howe", "2026-10-04", (1.5, 3), ["01:30", "02:00 skipped", "02:30"]),
        # a whole day is skipped
        ("Pacific/Apia", "2011-12-30", (9, 10), []),
        ("Asia/Ho_Chi_Minh", "2026-11-23", (9, 10), ["09:00", "09:30"]),
    ],
)
def test_a_change_of_the_clock(name: str, day: str, hours_: tuple[float, float], expected: list[str]) -> None:
    opened = Hours(int(hours_[0] * HOUR), int(hours_[1] * HOUR))
    made = schedule(time_zone=name, weekly=(Weekly(WEEKDAYS, opened),))
    following = print_wall(parse_date(day) + DAY)[:10]
    assert told(listed(made, day, following)) == expected


def test_a_slot_over_the_second_pass_of_an_hour_lasts_its_exact_minutes() -> None:
    made = schedule(weekly=(Weekly(WEEKDAYS, Hours(2 * HOUR, 4 * HOUR)),), slot_minutes=60)
    found = listed(made, "2026-10-25", "2026-10-26", minutes=120)
    assert [print_instant(slot.start) for slot in found] == ["2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"]
    assert [slot.refusal for slot in found] == [None, "outsideHours"]


def test_hours_that_end_in_a_gap_end_with_it() -> None:
    made = schedule(weekly=(Weekly(WEEKDAYS, Hours(HOUR, 2 * HOUR + 30 * MINUTE)),), slot_minutes=30)
    found = listed(made, "2026-03-29", "2026-03-30", minutes=45)
    assert told(found) == ["01:00", "01:30 outsideHours", "02:00 skipped"]


def test_the_hours_of_a_date_replace_those_of_its_weekday() -> None:
    off = DayHours(parse_date("2026-12-24"), ())
    late = DayHours(parse_date("2026-12-25"), (Hours(20 * HOUR, 21 * HOUR),))
    found = listed(schedule(overrides=(off, late)), "2026-12-23", "2026-12-27")
    days = [print_wall(slot.wall)[:16] for slot in found]
    assert days == [
        "2026-12-23T09:00", "2026-12-23T09:30", "2026-12-25T20:00", "2026-12-25T20:30",
        "2026-12-26T09:00", "2026-12-26T09:30",
    ]  # fmt: skip


def test_hours_that_touch_are_one_and_a_slot_may_run_over_midnight() -> None:
    night = Weekly(("MO",), Hours(23 * HOUR, DAY)), Weekly(("TU",), Hours(0, HOUR))
    made = schedule(weekly=night, slot_minutes=30)
    assert told(listed(made, "2026-11-23", "2026-11-25", minutes=60)) == [
        "23:00", "23:30", "00:00", "00:30 outsideHours"
    ]  # fmt: skip
    assert merge_hours([Hours(5, 9), Hours(0, 3), Hours(3, 4), Hours(6, 7)]) == (Hours(0, 4), Hours(5, 9))


def test_who_is_always_open_takes_slots_of_a_whole_day() -> None:
    always = schedule(weekly=(Weekly(WEEKDAYS, Hours(0, DAY)),), slot_minutes=12 * 60)
    assert told(listed(always, "2026-03-28", "2026-03-30", minutes=1440)) == ["00:00", "12:00"] * 2


def test_busy_and_what_is_near_it() -> None:
    made = schedule(
        weekly=(Weekly(WEEKDAYS, Hours(9 * HOUR, 13 * HOUR)),), slot_minutes=60, buffer_before=15, buffer_after=15
    )
    busy = Taken([Period(at("2026-11-23T09:00:00Z"), at("2026-11-23T10:00:00Z"))], [])
    assert told(listed(made, "2026-11-23", "2026-11-24", busy, 60)) == [
        "09:00 buffer", "10:00 busy", "11:00 buffer", "12:00"
    ]  # fmt: skip


def test_a_booking_keeps_its_buffer_from_the_next_though_that_has_none_before() -> None:
    made = schedule(weekly=(Weekly(WEEKDAYS, Hours(9 * HOUR, 12 * HOUR)),), slot_minutes=60, buffer_after=30)
    booked = Period(at("2026-11-23T08:00:00Z"), at("2026-11-23T09:00:00Z"))
    taken = Taken([booked], [held_by(made, booked)])
    assert told(listed(made, "2026-11-23", "2026-11-24", taken, 60)) == ["09:00 busy", "10:00 buffer", "11:00"]
    assert held_by(made, booked) == Period(booked.start, booked.end + 30 * MINUTE)


def test_not_too_soon_and_not_too_far_to_the_second() -> None:
    made = schedule(minimum_notice=60, horizon_days=1)
    first = at("2026-11-23T08:00:00Z")
    window = Window(first, first + 2 * DAY)
    cases = {
        first - HOUR: [None, None, "tooFar", "tooFar"],
        first - HOUR + 1: ["tooSoon", None, "tooFar", "tooFar"],
        first: ["tooSoon", "tooSoon", None, "tooFar"],
    }
    for now, expected in cases.items():
        assert [slot.refusal for slot in slots(made, NOTHING, Wanted(window, 30, now))] == expected


def test_only_its_starts_are_starts() -> None:
    made = schedule()
    for text, is_start in (("08:00", True), ("08:15", False), ("09:00", False)):
        start = at(f"2026-11-23T{text}:00Z")
        found = slot_at(made, NOTHING, Wanted(Window(start, start + 1), 30, LONG_AGO))
        assert (found is not None) == is_start
    skipped = at("2026-03-29T01:00:00Z")
    night = msgspec.structs.replace(made, weekly=(Weekly(WEEKDAYS, Hours(2 * HOUR, 3 * HOUR)),))
    assert slot_at(night, NOTHING, Wanted(Window(skipped, skipped + 1), 30, LONG_AGO)) is None


def test_the_clock_shows_a_wall_first() -> None:
    berlin = zone("Europe/Berlin")
    spring = at("2026-03-29T01:00:00Z")
    for minute in (0, 1, 30, 59):
        assert first_showing(berlin, parse_date("2026-03-29") + 2 * HOUR + minute * MINUTE) == spring
    assert first_showing(berlin, parse_date("2026-03-29") + 3 * HOUR) == spring
    assert first_showing(berlin, parse_date("2026-10-25") + 2 * HOUR) == at("2026-10-25T00:00:00Z")


def test_what_may_be_in_the_way_lies_as_far_as_the_buffers_reach() -> None:
    made = schedule(buffer_before=10, buffer_after=20)
    assert reach(made, Window(1000, 2000), 30) == Window(1000 - 600, 2000 + 50 * MINUTE)
