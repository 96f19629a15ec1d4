"""When alarms ring: kinds of triggers, zones, lead times, and a brute-force oracle over random events."""

import os
import random
from itertools import islice

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, parse_compact, parse_instant, print_instant
from aurora_time.domain.reminders import (
    Preferences,
    Source,
    alarms_of,
    next_due,
    trigger_of,
    triggers_after,
    triggers_between,
)
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone
from tests.domain.steps import steps

BERLIN, SAIGON = zone("Europe/Berlin"), zone("Asia/Ho_Chi_Minh")
NOW = parse_instant("2026-11-01T00:00:00Z")


def event(start: str, *lines: str, tz: str = "Europe/Berlin", **more: object) -> Event:
    wall, is_date = parse_compact(start)
    tz = "" if is_date else tz
    first, last = Time(wall, tz, is_date), Time(wall + (DAY if is_date else 3600), tz, is_date)
    return Event("e", "c", "u", "Review", first, last, 0, 0, recurrence=lines, **more)


def rings(made: Event, *alarms: Alarm, after: int = NOW, home=BERLIN, count: int = 3) -> list[str]:
    found = triggers_after(replace(made, alarms=alarms), Preferences(home, ()), after)
    return [print_instant(each.instant) for each in islice(found, count)]


def wanting(made: Event, *alarms: Alarm, home=BERLIN) -> tuple[Event, Preferences]:
    return replace(made, alarms=alarms), Preferences(home, ())


def counting(made: Event, *defaults: Alarm) -> tuple[Alarm, ...]:
    return alarms_of(made, Preferences(BERLIN, defaults))


def minutes(count: int) -> Alarm:
    return Alarm("email", minutes_before=count)


def clock(hour: int, days: int = 0) -> Alarm:
    return Alarm("email", days_before=days, at=hour * 3600)


def test_minutes_before_the_start():
    assert rings(event("20261123T090000"), minutes(10)) == ["2026-11-23T07:50:00Z"]


def test_at_the_start_itself():
    assert rings(event("20261123T090000"), minutes(0)) == ["2026-11-23T08:00:00Z"]


@pytest.mark.parametrize(("home", "instant"), [(BERLIN, "2026-11-23T07:00:00Z"), (SAIGON, "2026-11-23T01:00:00Z")])
def test_an_all_day_event_rings_at_a_wall_clock_time_in_the_persons_zone(home, instant):
    assert rings(event("20261123"), clock(8), home=home) == [instant]


def test_all_day_events_ringing_at_23_50_the_day_before():
    """The default "10 minutes before" is for events that have a time; those of a day ring at eight."""
    defaults = (minutes(10), clock(8))
    assert counting(event("20261123"), *defaults) == (clock(8),)
    assert counting(event("20261123T090000"), *defaults) == (minutes(10),)


def test_the_evening_before_of_a_timed_event_is_by_the_readers_calendar():
    """Nine in the evening in New York is already the next day in Berlin."""
    late = event("20261123T210000", tz="America/New_York")
    assert rings(late, clock(18, days=1)) == ["2026-11-23T17:00:00Z"]
    assert rings(late, clock(18, days=1), home=zone("America/New_York")) == ["2026-11-22T23:00:00Z"]


def test_the_wrong_hour_after_a_change_to_winter_or_summer_time():
    weekly = event("20261020T090000", "RRULE:FREQ=WEEKLY")
    after = parse_instant("2026-10-19T00:00:00Z")
    assert rings(weekly, minutes(10), after=after, count=2) == ["2026-10-20T06:50:00Z", "2026-10-27T07:50:00Z"]
    daily = event("20270327", "RRULE:FREQ=DAILY")
    after = parse_instant("2027-03-26T12:00:00Z")
    assert rings(daily, clock(8), after=after, count=2) == ["2027-03-27T07:00:00Z", "2027-03-28T06:00:00Z"]


def test_a_wall_clock_time_that_is_missing_that_day_rings_an_hour_later():
    at = Alarm("email", days_before=0, at=2 * 3600 + 1800)
    assert rings(event("20270328"), at) == ["2027-03-28T01:30:00Z"]


def test_a_year_and_a_day_ahead():
    made = event("20271123T090000")
    assert rings(made, minutes(366 * 1440)) == ["2026-11-22T08:00:00Z"]
    assert rings(event("20271123"), clock(18, days=366)) == ["2026-11-22T17:00:00Z"]


def test_a_cancelled_event_does_not_ring():
    assert counting(event("20261123T090000", status="CANCELLED", alarms=(minutes(10),)), minutes(5)) == ()


def test_its_own_alarms_win_even_when_there_are_none():
    assert counting(event("20261123T090000", alarms=(minutes(1),)), minutes(5)) == (minutes(1),)
    assert counting(event("20261123T090000", alarms=()), minutes(5)) == ()


def test_the_same_alarm_twice_rings_once_and_many_ring_in_order():
    made = event("20261123T090000")
    assert len(rings(made, minutes(10), minutes(10))) == 1
    found = rings(made, *(minutes(count) for count in range(20)), clock(7), count=99)
    assert found == sorted(found)
    assert len(found) == 21


def test_a_wall_clock_alarm_rings_once_for_all_occurrences_of_a_day():
    hourly = event("20261123T000000", "RRULE:FREQ=HOURLY")
    assert rings(hourly, clock(8)) == [f"2026-11-{day}T07:00:00Z" for day in (23, 24, 25)]


def test_a_page_never_ends_within_an_instant():
    made = event("20261123T090000", "RRULE:FREQ=DAILY")
    alarms = [minutes(1440 * day) for day in range(5)]
    found = triggers_between(*wanting(made, *alarms), (NOW, NOW + 99 * DAY), limit=14)
    assert len(found) == 15
    last = found[-1].instant
    assert last < next_due(*wanting(made, *alarms), last)


def test_nothing_more_to_ring():
    made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2")
    assert next_due(*wanting(made, minutes(10), clock(8)), NOW + 99 * DAY) is None
    assert next_due(*wanting(made), NOW) is None
    assert triggers_between(*wanting(made, minutes(10)), (NOW, NOW)) == []


def test_at_the_ends_of_time_nothing_breaks():
    last = event("99991230", "RRULE:FREQ=DAILY")
    after = parse_instant("9999-12-25T00:00:00Z")
    assert len(rings(last, clock(8), after=parse_instant("9998-01-01T00:00:00Z"), count=9)) <= 2
    assert rings(last, clock(8), after=after) == []
    assert rings(event("00010101T000000"), clock(8), minutes(5), after=parse_instant("0001-01-01T00:00:00Z")) == []


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=SECONDLY;BYHOUR=3;BYMONTH=2"])
@pytest.mark.parametrize("alarm", [minutes(0), minutes(366 * 1440), clock(8), clock(18, 366)])
def test_an_event_of_every_second_costs_no_more_than_one_of_every_day(rule, alarm):
    def next_twenty(rule):
        made = event("20000101T000000", f"RRULE:{rule}")
        assert len(list(islice(triggers_after(*wanting(made, alarm), NOW), 20))) == 20

    often, daily = (steps(lambda rule=rule: next_twenty(rule)) for rule in (rule, "FREQ=DAILY"))
    assert often < 6 * daily, f"{often:,} steps, daily {daily:,}"


SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "America/Havana", "UTC")
RULES = ((), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE",), ("RRULE:FREQ=HOURLY;INTERVAL=7",),
         ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "RDATE:20261024T013000,20261025T023000"))  # fmt: skip


def brute_force(made: Event, alarms: tuple[Alarm, ...], between: tuple[int, int], home) -> set[tuple[int, Alarm]]:
    """Every alarm of every occurrence in years around, by the definition of a trigger."""
    around = Window(between[0] - 3 * DAY, between[1] + 370 * DAY)
    found = {
        (trigger_of(Source(alarm), occurrence, Preferences(home, ())).instant, alarm)
        for occurrence in occurrences_in(made, around, home)
        for alarm in alarms
    }
    return {each for each in found if between[0] < each[0] <= between[1]}


def test_random_events_ring_when_each_alarm_of_each_occurrence_says(effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    for _ in range(120 * effort):
        day = f"2026{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        if rng.random() < 0.3:
            made = event(day, *rng.choice(RULES[:3]))
        else:
            made = event(f"{day}T{rng.randint(0, 23):02}3000", *rng.choice(RULES), tz=rng.choice(ZONES))
        home = zone(rng.choice(ZONES))
        choices = (minutes(0), minutes(10), minutes(rng.randint(1, 366 * 1440)), clock(8), clock(23, 1), clock(2, 366))
        alarms = tuple(rng.sample(choices, 3))
        after = parse_instant("2026-01-01T00:00:00Z") + rng.randint(0, 360 * DAY)
        between = (after, after + 20 * DAY)
        wanted = brute_force(made, alarms, between, home)
        found = triggers_between(*wanting(made, *alarms, home=home), between, 10_000)
        told = f"seed {SEED}: {made} {alarms} in {home}"
        assert [each.instant for each in found] == sorted(each.instant for each in found), told
        assert {(each.instant, each.alarm) for each in found} == wanted, told
        following = next_due(*wanting(made, *alarms, home=home), after)
        assert following is None or following > after, told
        if wanted:
            assert following == min(wanted, key=lambda pair: pair[0])[0], told
