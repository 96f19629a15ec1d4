"""Quiet hours: what is held until they end, what rings just before they begin, and what a change of them does."""

import os
import random
from itertools import islice, pairwise

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, parse_compact, parse_instant, print_instant
from aurora_time.domain.quiet_hours import OFF, Quiet, QuietHours
from aurora_time.domain.reminders import (
    MAX_AT_ONCE,
    Preferences,
    counts_from,
    next_due,
    sources_of,
    trigger_of,
    triggers_after,
)
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone

BERLIN = zone("Europe/Berlin")
NIGHT = QuietHours(22 * 3600, 7 * 3600)
NOW = parse_instant("2026-11-20T12:00:00Z")


def event(start: str, *alarms: Alarm, lines: tuple[str, ...] = (), hours: float = 1) -> Event:
    wall, is_date = parse_compact(start)
    tz = "" if is_date else "Europe/Berlin"
    first, last = Time(wall, tz, is_date), Time(wall + (DAY if is_date else int(hours * 3600)), tz, is_date)
    return Event("e", "c", "u", "Review", first, last, 0, 0, recurrence=lines, alarms=alarms)


def minutes(count: int) -> Alarm:
    return Alarm("email", minutes_before=count)


def clock(hour: int, days: int = 0) -> Alarm:
    return Alarm("email", days_before=days, at=hour * 3600)


def wanting(hours: QuietHours | None = NIGHT, home=BERLIN) -> Preferences:
    return Preferences(home, (), quiet=Quiet(hours))


def dues(made: Event, preferences: Preferences | None = None, after: int = NOW, count: int = 9) -> list[str]:
    found = islice(triggers_after(made, preferences or wanting(), after), count)
    return [print_instant(trigger.due) for trigger in found]


def test_a_reminder_in_the_night_is_held_until_the_morning():
    assert dues(event("20261123T120000", minutes(12 * 60))) == ["2026-11-23T06:00:00Z"]


def test_an_event_that_begins_in_the_night_rings_just_before_the_quiet_hours():
    assert dues(event("20261123T060000", minutes(30))) == ["2026-11-22T20:59:59Z"]


def test_an_event_that_begins_as_they_end_rings_then():
    assert dues(event("20261123T070000", minutes(10))) == ["2026-11-23T06:00:00Z"]


def test_what_is_outside_rings_when_it_says():
    assert dues(event("20261123T090000", minutes(10))) == ["2026-11-23T07:50:00Z"]
    assert dues(event("20261123T071000", minutes(10))) == ["2026-11-23T06:00:00Z"], "as they end they are over"
    assert dues(event("20261123T220000", minutes(1))) == ["2026-11-23T20:59:00Z"]
    assert dues(event("20261123T230000", minutes(60))) == ["2026-11-23T20:59:59Z"], "as they begin they have begun"


def test_a_reminder_on_the_day_of_an_all_day_event_waits_for_the_morning_and_never_rings_the_evening_before():
    assert dues(event("20261123", clock(6))) == ["2026-11-23T06:00:00Z"]


def test_the_evening_before_an_all_day_event_is_not_put_off_to_the_day_itself():
    assert dues(event("20261123", clock(23, days=1))) == ["2026-11-22T20:59:59Z"]


def test_a_reminder_for_while_an_event_goes_on_rings_before_if_it_would_be_over():
    late = event("20261122T210000", clock(23), hours=3)
    assert dues(late) == ["2026-11-22T20:59:59Z"]
    assert dues(event("20261122T210000", clock(23), hours=20)) == ["2026-11-23T06:00:00Z"]


@pytest.mark.parametrize(
    ("start", "held"),
    [
        ("20261025T120000", "2026-10-25T06:00:00Z"),  # the clock goes back at 03:00, to 02:00
        ("20270328T120000", "2027-03-28T05:00:00Z"),  # and forward at 02:00, to 03:00
    ],
)
def test_they_end_by_the_clock_also_in_the_night_in_which_it_changes(start, held):
    after = parse_instant("2026-10-20T00:00:00Z")
    assert dues(event(start, minutes(9 * 60)), after=after) == [held]


def test_they_may_begin_in_an_hour_that_is_missing_or_comes_twice():
    small = QuietHours(2 * 3600 + 900, 2 * 3600 + 2700)
    for day in ("20261025", "20270328"):
        after = parse_instant("2026-10-20T00:00:00Z")
        found = list(triggers_after(event(f"{day}T000000", minutes(0), lines=("RRULE:FREQ=MINUTELY;COUNT=300",)),
                                    wanting(small), after))  # fmt: skip
        assert [each.due for each in found] == sorted(each.due for each in found)


def test_daytime_quiet_hours_do_not_cross_midnight():
    siesta = wanting(QuietHours(12 * 3600, 15 * 3600))
    assert dues(event("20261123T160000", minutes(120)), siesta) == ["2026-11-23T14:00:00Z"]
    assert dues(event("20261123T143000", minutes(60)), siesta) == ["2026-11-23T10:59:59Z"]


def test_nothing_moves_without_quiet_hours():
    assert dues(event("20261123T060000", minutes(30)), wanting(None)) == ["2026-11-23T04:30:00Z"]
    assert OFF.is_off
    assert not Quiet(NIGHT).is_off


def test_an_event_of_every_minute_rings_at_most_so_often_at_once():
    dense = event("20261123T000000", minutes(0), lines=("RRULE:FREQ=SECONDLY",))
    evening, morning = parse_instant("2026-11-23T20:59:59Z"), parse_instant("2026-11-24T06:00:00Z")
    found = islice(triggers_after(dense, wanting(), evening - 3), 2 + MAX_AT_ONCE + 2)
    expected = [evening - 2, evening - 1, *[evening] * MAX_AT_ONCE, morning, morning + 1]
    assert [each.due for each in found] == expected


class TestWhenTheyAreChanged:
    def changed(self, *steps: tuple[str, QuietHours | None]) -> Preferences:
        quiet = Quiet(steps[0][1])
        for at, hours in steps[1:]:
            quiet = quiet.changed(hours, "Europe/Berlin", parse_instant(at))
        return Preferences(BERLIN, (), quiet=quiet)

    def test_what_is_held_rings_at_once_when_they_are_taken_away(self):
        wanted = self.changed(("", NIGHT), ("2026-11-23T04:00:00Z", None))
        made = event("20261123T120000", minutes(12 * 60))
        assert dues(made, wanted) == ["2026-11-23T04:00:01Z"]

    def test_what_is_held_is_held_by_the_new_ones_if_they_last_longer(self):
        wanted = self.changed(("", NIGHT), ("2026-11-23T04:00:00Z", QuietHours(22 * 3600, 8 * 3600)))
        assert dues(event("20261123T120000", minutes(12 * 60)), wanted) == ["2026-11-23T07:00:00Z"]

    def test_what_had_rung_is_not_to_ring_again(self):
        wanted = self.changed(("", NIGHT), ("2026-11-22T22:00:00Z", None))
        assert dues(event("20261123T060000", minutes(30)), wanted) == ["2026-11-22T20:59:59Z"]

    def test_what_a_second_change_finds_still_held_by_the_first_is_not_lost(self):
        steps = (("", NIGHT), ("2026-11-23T04:00:00Z", QuietHours(22 * 3600, 9 * 3600)), ("2026-11-23T06:30:00Z", None))
        assert dues(event("20261123T120000", minutes(12 * 60)), self.changed(*steps)) == ["2026-11-23T06:30:01Z"]

    def test_another_zone_is_a_change_too(self):
        quiet = Quiet(NIGHT).changed(NIGHT, "Europe/Berlin", parse_instant("2026-11-23T04:00:00Z"))
        wanted = Preferences(zone("America/New_York"), (), quiet=quiet)
        assert dues(event("20261123T140000", minutes(14 * 60)), wanted) == ["2026-11-23T12:00:00Z"]

    def test_old_changes_are_forgotten(self):
        quiet = Quiet(NIGHT)
        for number in range(20):
            quiet = quiet.changed(NIGHT, "UTC", NOW + number)
        assert len(quiet.before) == 8
        assert quiet.changed(None, "UTC", NOW + 9 * DAY).before[0].until == NOW + 9 * DAY
        assert Quiet().changed(None, "UTC", NOW).is_off, "there was nothing by which anything could be held"

    def test_what_rang_before_there_were_any_is_not_held_by_them(self):
        wanted = self.changed(("", None), ("2026-11-22T22:30:00Z", NIGHT))
        assert dues(event("20261123T120000", minutes(13 * 60)), wanted) == ["2026-11-22T22:00:00Z"]
        assert dues(event("20261123T120000", minutes(12 * 60)), wanted) == ["2026-11-23T06:00:00Z"]

    def test_turned_on_within_them_they_hold_the_rest_of_the_night(self):
        wanted = self.changed(("", None), ("2026-11-22T22:30:00Z", NIGHT))
        assert dues(event("20261123T060000", minutes(30)), wanted) == ["2026-11-23T06:00:00Z"]
        hourly = event("20261123T000000", minutes(0), lines=("RRULE:FREQ=HOURLY;COUNT=9",))
        assert dues(hourly, wanted, after=parse_instant("2026-11-22T22:30:00Z")) == [
            *["2026-11-23T06:00:00Z"] * 8, "2026-11-23T07:00:00Z"
        ]  # fmt: skip

    def test_from_the_next_night_on_what_begins_in_it_rings_just_before(self):
        wanted = self.changed(("", None), ("2026-11-22T22:30:00Z", NIGHT))
        assert dues(event("20261124T060000", minutes(30)), wanted) == ["2026-11-23T20:59:59Z"]

    def test_made_longer_within_them_nothing_rings_before_they_end(self):
        longer = QuietHours(22 * 3600, 9 * 3600)
        wanted = self.changed(("", NIGHT), ("2026-11-23T02:00:00Z", longer))
        assert dues(event("20261123T083000", minutes(30)), wanted) == ["2026-11-23T08:00:00Z"]
        assert dues(event("20261123T083000", minutes(9 * 60)), wanted) == ["2026-11-23T08:00:00Z"]

    def test_begun_earlier_on_the_same_evening_they_hold_what_is_left_of_it(self):
        early = QuietHours(20 * 3600, 7 * 3600)
        wanted = self.changed(("", NIGHT), ("2026-11-22T19:30:00Z", early))
        after = parse_instant("2026-11-22T19:30:00Z")
        assert dues(event("20261122T213000", minutes(15)), wanted, after=after) == ["2026-11-23T06:00:00Z"]

    def test_made_shorter_they_end_when_the_new_ones_do(self):
        wanted = self.changed(("", NIGHT), ("2026-11-23T02:00:00Z", QuietHours(22 * 3600, 5 * 3600)))
        assert dues(event("20261123T120000", minutes(12 * 60)), wanted) == ["2026-11-23T04:00:00Z"]
        wanted = self.changed(("", NIGHT), ("2026-11-23T02:00:00Z", QuietHours(22 * 3600, 2 * 3600)))
        assert dues(event("20261123T120000", minutes(12 * 60)), wanted) == ["2026-11-23T02:00:01Z"]

    def test_off_and_on_again_in_one_night_holds_what_has_not_rung(self):
        wanted = self.changed(("", NIGHT), ("2026-11-23T02:00:00Z", None), ("2026-11-23T02:00:00Z", NIGHT))
        assert dues(event("20261123T120000", minutes(12 * 60)), wanted) == ["2026-11-23T06:00:00Z"]
        later = self.changed(("", NIGHT), ("2026-11-23T02:00:00Z", None), ("2026-11-23T02:10:00Z", NIGHT))
        assert dues(event("20261123T120000", minutes(12 * 60)), later) == ["2026-11-23T02:00:01Z"], "it has rung"


class TestWhatIsNewWithinThem:
    def test_it_rings_at_once_as_the_time_before_them_is_past(self):
        at = parse_instant("2026-11-22T23:00:00Z")
        made = event("20261123T060000", minutes(30))
        assert next_due(made, wanting(), at) is None
        assert counts_from(made, wanting(), at) == parse_instant("2026-11-22T20:59:58Z")

    def test_what_is_past_by_its_own_time_does_not(self):
        at = parse_instant("2026-11-23T04:45:00Z")
        assert counts_from(event("20261123T060000", minutes(30)), wanting(), at) == at
        assert counts_from(event("20261123T060000", minutes(30)), wanting(None), at) == at

    def test_what_is_held_is_held(self):
        at = parse_instant("2026-11-22T22:30:00Z")
        made = event("20261123T120000", minutes(12 * 60))
        assert next_due(made, wanting(), counts_from(made, wanting(), at)) == parse_instant("2026-11-23T06:00:00Z")


def test_a_reminder_is_never_moved_by_a_day_and_all_are_in_order(effort: int):
    """Random hours, zones, series and alarms against the definition, each trigger by itself."""
    seed = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"AURORA_TEST_SEED={seed}")
    rng = random.Random(seed)
    zones = [zone(name) for name in ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh")]
    rules = ((), ("RRULE:FREQ=DAILY",), ("RRULE:FREQ=HOURLY;INTERVAL=5",), ("RRULE:FREQ=WEEKLY;BYDAY=SU,MO",))
    for _ in range(150 * effort):
        home, first = rng.choice(zones), rng.randrange(0, DAY, 60)
        quiet = Quiet(QuietHours(first, (first + rng.randrange(60, 20 * 3600, 60)) % DAY))
        after = parse_instant(rng.choice(("2026-10-22T00:00:00Z", "2027-03-26T00:00:00Z", "2027-03-11T00:00:00Z")))
        for at in sorted(rng.randrange(3 * DAY) for _ in range(rng.randint(0, 2))):
            quiet = quiet.changed(rng.choice((None, NIGHT)), home.id, after + at)
        wanted = Preferences(home, (), quiet=quiet)
        alarms = tuple(rng.sample((minutes(0), minutes(30), minutes(700), clock(3), clock(19, 1), clock(8)), 3))
        start = f"{print_instant(after)[:10].replace('-', '')}T{rng.randrange(24):02}1500"
        made = event(start, *alarms, lines=rng.choice(rules))
        found = []
        for trigger in triggers_after(made, wanted, after):
            if trigger.due > after + 6 * DAY:
                break
            found.append(trigger)
        assert all(one.due <= other.due for one, other in pairwise(found))
        assert all(abs(each.due - each.instant) < DAY for each in found)
        told = {(each.due, each.instant, each.alarm) for each in found}
        wide = occurrences_in(made, Window(after - 3 * DAY, after + 12 * DAY), home)
        by_itself = [trigger_of(each, one, wanted) for one in wide for each in sources_of(made, wanted)]
        must = {(each.due, each.instant, each.alarm) for each in by_itself if after < each.due <= after + 6 * DAY}
        assert told <= must
        crowded = len(must - told)
        assert all(each[2].is_wall_clock for each in must - told), f"{crowded} lost of {made} by {wanted}"
        inner = range(after + DAY, after + 5 * DAY)
        assert {each[1:] for each in told if each[1] in inner} == {each[1:] for each in must if each[1] in inner}


def test_an_override_rings_by_its_own_alarms():
    series = event("20261123T090000", minutes(10), lines=("RRULE:FREQ=DAILY;COUNT=3",))
    was = Time(parse_compact("20261124T090000")[0], "Europe/Berlin")
    moved = replace(
        event("20261124T150000", minutes(10), minutes(60)), recurrence_id=was
    )  # fmt: skip
    quiet = event("20261125T090000")
    silent = replace(quiet, recurrence_id=quiet.start)
    both = replace(series, overrides=(moved, silent))
    assert dues(both) == ["2026-11-23T07:50:00Z", "2026-11-24T13:00:00Z", "2026-11-24T13:50:00Z"]
    only = replace(both, recurrence=("RRULE:FREQ=DAILY",), alarms=())
    assert dues(only) == ["2026-11-24T13:00:00Z", "2026-11-24T13:50:00Z"], "and an endless series does not hang"
