"""What a series makes of RRULE, RDATE and EXDATE, case by case."""

from itertools import islice

import pytest

from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import DAY, Moment, Window, parse_compact, parse_instant, print_instant
from aurora_time.domain.recurrence_lines import RecurrenceError, parse_recurrence
from aurora_time.domain.series import last_end, occurrences_from, occurrences_in, occurrences_since
from aurora_time.domain.zones import zone

BERLIN = zone("Europe/Berlin")
EVER = Window(parse_instant("1990-01-01T00:00:00Z"), parse_instant("2060-01-01T00:00:00Z"))


def event(start: str, *lines: str, end: str | None = None, tz: str = "Europe/Berlin", hours: int = 1) -> Event:
    wall, is_date = parse_compact(start)
    until = parse_compact(end)[0] if end else wall + (DAY if is_date else hours * 3600)
    tz = "" if is_date else tz
    first, last = Time(wall, tz, is_date), Time(until, tz, is_date)
    return Event("e", "c", "u", "Review", first, last, 0, 0, recurrence=lines)


def window(start: str, end: str) -> Window:
    return Window(parse_instant(f"{start}:00Z"), parse_instant(f"{end}:00Z"))


def ids(made: Event, within: Window = EVER, home=BERLIN) -> list[str | None]:
    return [each.recurrence_id for each in occurrences_in(made, within, home)]


def instants(made: Event, within: Window = EVER, home=BERLIN) -> list[str]:
    return [print_instant(each.start.instant(home)) for each in occurrences_in(made, within, home)]


def lengths(made: Event, within: Window = EVER, home=BERLIN) -> list[int]:
    return [each.end.instant(home) - each.start.instant(home) for each in occurrences_in(made, within, home)]


class TestRdate:
    def test_dates_beside_the_start(self):
        made = event("20261123T090000", "RDATE:20261125T100000,20261124T110000")
        assert ids(made) == ["20261123T090000", "20261124T110000", "20261125T100000"]

    def test_in_utc_and_in_another_zone(self):
        made = event("20261123T090000", "RDATE:20261125T080000Z", "RDATE;TZID=Asia/Ho_Chi_Minh:20261126T160000")
        assert ids(made) == ["20261123T090000", "20261125T090000", "20261126T100000"]

    def test_a_date_of_a_timed_event_takes_the_time_of_its_start(self):
        assert ids(event("20261123T090000", "RDATE;VALUE=DATE:20261130")) == ["20261123T090000", "20261130T090000"]

    def test_a_period_with_an_end_or_a_duration_has_its_own_length(self):
        periods = "20261124T090000/20261124T120000,20261125T090000/PT30M,20261126T090000/P1D"
        made = event("20261123T090000", f"RDATE;VALUE=PERIOD:{periods}")
        assert lengths(made) == [3600, 3 * 3600, 1800, DAY]

    def test_a_period_at_the_start_of_the_rule_has_its_own_length(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2", "RDATE;VALUE=PERIOD:20261124T090000/PT2H")
        assert lengths(made) == [3600, 7200]

    def test_a_period_of_dates(self):
        made = event("20261123", "RDATE;VALUE=PERIOD:20261201/P3D")
        assert lengths(made) == [DAY, 3 * DAY]

    @pytest.mark.parametrize(
        "value", ["20261124T090000/20261124T080000", "20261124T090000/-PT1H", "20261124T090000/", "99991231T000000/P9D"]
    )
    def test_a_period_that_ends_before_it_starts_or_after_all_years_is_an_error(self, value):
        with pytest.raises(RecurrenceError):
            parse_recurrence((f"RDATE;VALUE=PERIOD:{value}",), Moment(0, BERLIN))

    def test_an_hour_that_the_clock_shows_twice_is_refused_not_moved(self):
        start = Moment(parse_compact("20261001T023000")[0], BERLIN)
        assert parse_recurrence(("RDATE:20261025T003000Z",), start).rdates[0].wall % DAY == 9000
        with pytest.raises(RecurrenceError, match="twice"):
            parse_recurrence(("RDATE:20261025T013000Z",), start)


class TestExdate:
    def test_in_utc_against_a_local_start_on_both_sides_of_a_change(self):
        made = event("20261019T090000", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261019T070000Z,20261026T080000Z")
        assert ids(made) == ["20261102T090000", "20261109T090000"]

    def test_a_date_takes_out_all_of_its_day(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;BYHOUR=9,15;COUNT=6", "EXDATE;VALUE=DATE:20261124")
        assert ids(made) == ["20261123T090000", "20261123T150000", "20261125T090000", "20261125T150000"]

    def test_the_start_and_an_rdate_can_be_taken_out(self):
        made = event(
            "20261123T090000", "RDATE:20261124T090000,20261125T090000", "EXDATE:20261123T090000,20261125T090000"
        )
        assert ids(made) == ["20261124T090000"]

    def test_of_an_all_day_event_by_date_or_time(self):
        made = event("20261123", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20261124", "EXDATE:20261125T000000")
        assert ids(made) == ["20261123", "20261126"]

    def test_by_the_time_that_the_clock_shows_for_a_start_in_a_gap(self):
        made = event("20260327T023000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260329T013000Z")
        assert ids(made) == ["20260327T023000", "20260328T023000", "20260330T023000"]

    def test_the_second_pass_of_an_overlap_is_no_start_of_ours(self):
        made = event("20261024T023000", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20261025T013000Z")
        assert ids(made) == ["20261024T023000", "20261025T023000"]


class TestRules:
    def test_several_rules_and_dates_are_one_series_each_start_once(self):
        rules = ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3", "RRULE:FREQ=DAILY;COUNT=2", "RDATE:20261124T090000")
        assert ids(event("20261123T090000", *rules)) == [
            "20261123T090000", "20261124T090000", "20261130T090000", "20261207T090000",
        ]  # fmt: skip

    @pytest.mark.parametrize("rule", ["RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2", "RRULE:FREQ=WEEKLY;UNTIL=20200101T000000Z"])
    def test_the_start_always_counts(self, rule):
        assert ids(event("20261123T090000", rule))[0] == "20261123T090000"

    def test_until_in_utc_across_a_change_of_the_clock(self):
        """UNTIL names the last start exactly, in summer time at 07:00Z, in winter time at 08:00Z."""
        for until, count in (("20261018T070000Z", 1), ("20261025T080000Z", 2), ("20261025T075959Z", 1)):
            assert len(ids(event("20261018T090000", f"RRULE:FREQ=WEEKLY;UNTIL={until}"))) == count

    @pytest.mark.parametrize(("until", "count"), [("T003000Z", 1), ("T005959Z", 1), ("T010000Z", 1), ("T002959Z", 0)])
    def test_until_in_utc_in_the_hour_that_comes_twice(self, until, count):
        made = event("20261024T023000", f"RRULE:FREQ=DAILY;UNTIL=20261025{until}")
        assert len(ids(made)) == 1 + count

    def test_until_as_a_date_holds_to_the_end_of_that_day(self):
        assert len(ids(event("20261123T230000", "RRULE:FREQ=DAILY;UNTIL=20261125"))) == 3

    def test_until_in_utc_of_an_all_day_event(self):
        assert ids(event("20261123", "RRULE:FREQ=DAILY;UNTIL=20261124T235959Z")) == ["20261123", "20261124"]

    @pytest.mark.parametrize("until", ["99991231T235959Z", "99991231", "99991231T235959"])
    def test_until_at_the_end_of_all_years_is_for_ever(self, until):
        made = event("20261123T090000", f"RRULE:FREQ=WEEKLY;UNTIL={until}", tz="America/New_York")
        assert last_end(made, BERLIN) is None
        assert len(ids(made, window("2026-11-23T00:00", "2026-12-07T00:00"))) == 2

    def test_times_of_day_mean_nothing_to_a_date(self):
        assert ids(event("20261123", "RRULE:FREQ=DAILY;BYHOUR=9,10;COUNT=2")) == ["20261123", "20261124"]
        with pytest.raises(RecurrenceError, match="HOURLY"):
            parse_recurrence(("RRULE:FREQ=HOURLY",), Moment(0, is_date=True))

    @pytest.mark.parametrize(
        ("lines", "line"),
        [(("RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY"), 1), (("",), 0), (("RRULE:FREQ=NEVER",), 0), (("RDATE:x",), 0),
         (("EXDATE;TZID=Mars/Base:20261123T090000",), 0), (("RRULE:FREQ=DAILY",) * 2001, 2000)],
    )  # fmt: skip
    def test_a_line_that_cannot_be_read_is_named(self, lines, line):
        with pytest.raises(RecurrenceError) as caught:
            parse_recurrence(lines, Moment(0, BERLIN))
        assert caught.value.line == line


class TestHourlyAcrossChanges:
    def test_no_instant_twice_where_an_hour_is_missing(self):
        made = event("20260329T003000", "RRULE:FREQ=HOURLY;COUNT=5")
        assert instants(made) == [f"2026-03-{day}:30:00Z" for day in ("28T23", "29T00", "29T01", "29T02")]
        assert ids(made)[2] == "20260329T033000"

    def test_no_instant_twice_where_an_hour_comes_twice(self):
        made = event("20261025T003000", "RRULE:FREQ=HOURLY;COUNT=4")
        assert instants(made) == ["2026-10-24T22:30:00Z", "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z",
                                  "2026-10-25T02:30:00Z"]  # fmt: skip

    def test_what_the_gap_moves_behind_others_is_told_in_order(self):
        made = event("20260329T014500", "RRULE:FREQ=MINUTELY;INTERVAL=25;COUNT=8")
        found = instants(made)
        assert found == sorted(set(found))
        assert len(found) == 8

    def test_several_times_a_day_fall_together_in_the_gap(self):
        made = event("20260328T023000", "RRULE:FREQ=DAILY;BYHOUR=2,3;COUNT=4")
        assert ids(made) == ["20260328T023000", "20260328T033000", "20260329T033000"]

    def test_a_day_that_a_country_skipped(self):
        made = event("20111229T090000", "RRULE:FREQ=DAILY;COUNT=3", tz="Pacific/Apia")
        assert instants(made) == ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"]

    def test_a_window_that_begins_where_the_gap_ends_shows_what_fell_into_it(self):
        made = event("20260301T023000", "RRULE:FREQ=DAILY")
        within = window("2026-03-29T01:15", "2026-03-29T02:00")
        assert ids(made, within) == ["20260329T023000"]
        first = next(occurrences_since(made, within.start, BERLIN))
        assert first.recurrence_id == "20260329T023000"
        assert next(occurrences_from(made, parse_compact("20260329T023000")[0], BERLIN)) == first


class TestLength:
    def test_exact_across_a_change_of_the_clock(self):
        """RFC 5545 3.8.5.3: DTEND means an exact duration."""
        made = event("20261018T010000", "RRULE:FREQ=WEEKLY;COUNT=2", hours=4)
        assert lengths(made) == [4 * 3600] * 2
        ends = [each.end for each in occurrences_in(made, EVER, BERLIN)]
        assert [end.wall % DAY // 3600 for end in ends] == [5, 4]

    def test_an_end_in_the_second_pass_is_told_in_utc(self):
        made = event("20261024T023000", "RRULE:FREQ=DAILY;COUNT=2")
        assert lengths(made) == [3600] * 2
        assert [each.end.zone.id for each in occurrences_in(made, EVER, BERLIN)] == ["Europe/Berlin", "UTC"]

    def test_an_end_in_the_gap_is_shown_as_the_clock_does(self):
        made = event("20260328T013000", "RRULE:FREQ=DAILY;COUNT=2")
        assert [each.end.wall % DAY // 60 for each in occurrences_in(made, EVER, BERLIN)] == [150, 210]

    @pytest.mark.parametrize("home", ["Pacific/Kiritimati", "Pacific/Apia", "America/Adak", "Europe/Berlin"])
    def test_all_day_events_a_day_early_or_late(self, home):
        made = event("20111228", "RRULE:FREQ=DAILY;COUNT=120", end="20111230")
        for number, each in enumerate(occurrences_in(made, EVER, zone(home))):
            assert (each.start.is_date, each.end.is_date) == (True, True)
            assert each.start.wall == made.start.wall + number * DAY
            assert each.end.wall == each.start.wall + 2 * DAY

    def test_a_floating_event_keeps_its_hours_on_the_wall(self):
        made = event("20260328T000000", "RRULE:FREQ=DAILY;COUNT=3", tz="", hours=6)
        assert [each.end.wall - each.start.wall for each in occurrences_in(made, EVER, BERLIN)] == [6 * 3600] * 3
        assert lengths(made) == [6 * 3600, 5 * 3600, 6 * 3600]


class TestWindow:
    def test_what_began_long_before_is_there_while_it_lasts(self):
        made = event("20260101T000000", "RRULE:FREQ=MONTHLY", hours=24 * 20)
        assert ids(made, window("2026-03-20T12:00", "2026-03-20T13:00")) == ["20260301T000000"]
        assert ids(made, window("2026-03-22T12:00", "2026-03-22T13:00")) == []

    def test_half_open_at_both_ends(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY")
        assert ids(made, window("2026-11-24T07:00", "2026-11-24T08:00")) == []
        assert ids(made, window("2026-11-24T09:00", "2026-11-24T10:00")) == []
        assert ids(made, window("2026-11-24T08:59", "2026-11-24T09:00")) == ["20261124T090000"]

    def test_an_event_of_no_length_is_where_it_starts(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY", hours=0)
        assert ids(made, window("2026-11-24T08:00", "2026-11-24T09:00")) == ["20261124T090000"]
        assert ids(made, window("2026-11-24T07:00", "2026-11-24T08:00")) == []

    def test_a_single_event(self):
        made = event("20261123T090000")
        assert ids(made) == [None]
        assert ids(made, window("2026-11-23T09:00", "2026-11-24T10:00")) == []
        assert list(occurrences_from(made, made.start.wall, BERLIN)) == list(occurrences_in(made, EVER, BERLIN))
        assert list(occurrences_from(made, made.start.wall + 1, BERLIN)) == []
        assert last_end(made, BERLIN) == parse_instant("2026-11-23T09:00:00Z")


class TestEdgesOfTime:
    def test_the_year_one_and_the_year_9999(self):
        first = event("00010101T030000", "RRULE:FREQ=DAILY;COUNT=3", tz="Asia/Ho_Chi_Minh")
        assert len(list(islice(occurrences_from(first, first.start.wall, BERLIN), 9))) == 3
        last = event("99991228T233000", "RRULE:FREQ=DAILY")
        found = list(occurrences_from(last, last.start.wall, BERLIN))
        assert 1 <= len(found) <= 3
        assert list(occurrences_since(last, found[-1].start.instant(BERLIN) + 1, BERLIN)) == []

    def test_an_event_of_every_second_is_looked_at_only_where_it_is_asked_for(self):
        made = event("20000101T000000", "RRULE:FREQ=SECONDLY")
        at = parse_instant("2026-03-29T01:00:00Z")
        found = [each.start.instant(BERLIN) for each in islice(occurrences_since(made, at, BERLIN), 4)]
        assert found == [at, at + 1, at + 2, at + 3]
