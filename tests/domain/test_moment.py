"""Dates, times and durations: their texts, and what they are as instants."""

from __future__ import annotations

import copy
from datetime import UTC as DATETIME_UTC
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.domain.moment import (
    DAY,
    MAX_WALL,
    MIN_WALL,
    UTC,
    Duration,
    FixedZone,
    Moment,
    MomentError,
    Window,
    parse_compact,
    parse_date,
    parse_instant,
    parse_wall,
    print_compact,
    print_date,
    print_instant,
    print_wall,
)
from aurora_time.domain.zones import zone

walls = st.integers(MIN_WALL, MAX_WALL)
BERLIN = zone("Europe/Berlin")
HANOI = zone("Asia/Ho_Chi_Minh")
NEW_YORK = zone("America/New_York")


class TestTexts:
    @given(walls)
    def test_a_printed_wall_is_read_back(self, wall):
        assert parse_wall(print_wall(wall)) == wall
        assert parse_compact(print_compact(wall)) == (wall, False)
        assert parse_instant(print_instant(wall)) == wall

    @given(walls)
    def test_a_wall_prints_as_datetime_does(self, wall):
        expected = datetime(1970, 1, 1, tzinfo=DATETIME_UTC) + timedelta(seconds=wall)
        assert print_wall(wall) + "+00:00" == expected.isoformat()

    @given(walls)
    def test_a_date_is_the_midnight_it_begins_with(self, wall):
        midnight = parse_date(print_date(wall))
        assert midnight == wall // DAY * DAY
        assert parse_compact(print_compact(wall, is_date=True)) == (midnight, True)

    @pytest.mark.parametrize(
        ("text", "wall"),
        [
            ("1970-01-01T00:00:00", 0),
            ("2026-11-23T09:00:00", 1_795_424_400),
            ("2026-11-23T09:00", 1_795_424_400),
            ("2026-11-23t09:00:00.999", 1_795_424_400),
            ("2024-02-29T23:59:60", 1_709_251_199),
            ("0001-01-01T00:00:00", MIN_WALL),
            ("9999-12-31T23:59:59", MAX_WALL),
        ],
    )
    def test_local_times(self, text, wall):
        assert parse_wall(text) == wall

    @pytest.mark.parametrize(
        ("text", "instant"),
        [
            ("2026-11-23T02:00:00Z", "2026-11-23T02:00:00Z"),
            ("2026-11-23t02:00:00.123z", "2026-11-23T02:00:00Z"),
            ("2026-11-23T09:00:00+07:00", "2026-11-23T02:00:00Z"),
            ("2026-11-22T22:30:00-03:30", "2026-11-23T02:00:00Z"),
            ("2026-11-23T02:00:00-00:00", "2026-11-23T02:00:00Z"),
        ],
    )
    def test_rfc_3339(self, text, instant):
        assert print_instant(parse_instant(text)) == instant

    @pytest.mark.parametrize(
        ("read", "text", "mend"),
        [
            (parse_wall, "2026-11-23 09:00:00", "2026-11-23T09:00:00"),
            (parse_wall, "2026-11-23T09:00:00Z", "local time"),
            (parse_wall, "2026-02-29T09:00:00", "not a day of the calendar"),
            (parse_wall, "0000-01-01T00:00:00", "not a day of the calendar"),
            (parse_wall, "2026-11-23T24:00:00", "no such time of day"),
            (parse_wall, "2026-11-23T23:60:00", "no such time of day"),
            (parse_wall, "2026-11-23T23:00:61", "no such time of day"),
            (parse_wall, "", "not a time"),
            (parse_wall, "2026-11-23T09:00:00\n", "not a time"),
            (parse_wall, "２０２６-11-23T09:00:00", "not a time"),
            (parse_date, "20261123", "2026-11-23"),
            (parse_date, "2026-13-01", "not a day of the calendar"),
            (parse_instant, "2026-11-23T09:00:00", "no offset"),
            (parse_instant, "2026-11-23T09:00:00 07:00", "%2B"),
            (parse_instant, "2026-11-23T09:00:00+24:00", "no clock keeps"),
            (parse_instant, "2026-11-23T09:00:00+07:60", "no clock keeps"),
            (parse_instant, "0001-01-01T00:00:00+07:00", "years 1 to 9999"),
            (parse_compact, "20261123T090000Z", "20261123T090000"),
            (parse_compact, "20261131", "not a day of the calendar"),
            (parse_compact, "x" * 10_000, "..."),
        ],
    )
    def test_what_cannot_be_read_says_how_to_mend_it(self, read, text, mend):
        with pytest.raises(MomentError) as raised:
            read(text)
        assert mend in str(raised.value)
        assert len(str(raised.value)) < 200

    @pytest.mark.parametrize("wall", [MIN_WALL - 1, MAX_WALL + 1, 10**30, -(10**30)])
    def test_only_the_years_1_to_9999(self, wall):
        with pytest.raises(MomentError, match="years 1 to 9999"):
            print_wall(wall)
        with pytest.raises(MomentError, match="years 1 to 9999"):
            Moment(wall)
        with pytest.raises(MomentError, match="years 1 to 9999"):
            UTC.instant(wall)


class TestMoment:
    @pytest.mark.parametrize("text", ["20261123", "20261123T090000", "20261123T090000Z"])
    def test_icalendar_text_comes_back_as_it_was(self, text):
        assert Moment.from_ical(text).ical() == text

    @pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T09:00:00", "2026-11-23T09:00:00Z"])
    def test_iso_text_comes_back_as_it_was(self, text):
        assert Moment.from_iso(text).iso() == text

    def test_a_zone_stands_beside_the_text(self):
        moment = Moment.from_ical("20261123T090000", HANOI)
        assert moment == Moment.from_iso("2026-11-23T09:00:00", HANOI)
        assert moment.ical() == "20261123T090000"
        assert print_instant(moment.instant(BERLIN)) == "2026-11-23T02:00:00Z"

    def test_a_z_wins_over_the_zone(self):
        assert Moment.from_ical("20261123T090000Z", HANOI).zone == UTC

    def test_a_date_has_no_zone(self):
        assert Moment.from_ical("20261123", HANOI) == Moment.from_iso("2026-11-23", HANOI)
        assert Moment.from_ical("20261123", HANOI).zone is None
        with pytest.raises(MomentError, match="neither"):
            Moment(0, HANOI, is_date=True)
        with pytest.raises(MomentError, match="neither"):
            Moment(1, is_date=True)

    def test_an_offset_without_a_zone_is_utc(self):
        assert Moment.from_iso("2026-11-23T09:00:00+07:00").iso() == "2026-11-23T02:00:00Z"

    def test_an_offset_with_a_zone_is_on_the_clock_of_the_zone(self):
        moment = Moment.from_iso("2026-11-23T02:00:00Z", HANOI)
        assert (moment.iso(), moment.zone) == ("2026-11-23T09:00:00", HANOI)

    def test_the_second_pass_of_an_overlap_is_refused_not_moved_by_an_hour(self):
        assert Moment.from_iso("2026-10-25T02:30:00+02:00", BERLIN).iso() == "2026-10-25T02:30:00"
        with pytest.raises(MomentError, match="twice: give the time in UTC"):
            Moment.from_iso("2026-10-25T02:30:00+01:00", BERLIN)

    @pytest.mark.parametrize("text", ["2026-11-23T09:00:00", "20261123T0900", "20261123T090000+0700", ""])
    def test_text_that_is_not_icalendar(self, text):
        with pytest.raises(MomentError, match="20261123T090000Z"):
            Moment.from_ical(text)

    @pytest.mark.parametrize("home", [BERLIN, HANOI, NEW_YORK, UTC, zone("Pacific/Kiritimati")])
    def test_an_all_day_date_never_shifts_a_day(self, home):
        for first in range(parse_date("2026-01-01"), parse_date("2027-01-01"), DAY):
            date = Moment(first, is_date=True)
            assert print_date(home.wall(date.instant(home))) == date.iso()
            assert Moment.from_ical(date.ical()) == Moment.from_iso(date.iso()) == date

    @pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T00:00:00"])
    def test_dates_and_floating_times_are_read_in_the_reader_s_zone(self, text):
        moment = Moment.from_iso(text)
        assert print_instant(moment.instant(HANOI)) == "2026-11-22T17:00:00Z"
        assert print_instant(moment.instant(NEW_YORK)) == "2026-11-23T05:00:00Z"

    def test_a_copy_is_equal_and_a_moment_can_be_a_key(self):
        moment = Moment.from_iso("2026-11-23T09:00:00", HANOI)
        assert copy.deepcopy(moment) == moment
        assert {moment: 1}[copy.copy(moment)] == 1


class TestFixedZone:
    def test_it_is_ahead_of_utc(self):
        india = FixedZone("UTC+05:30", 19_800)
        assert print_instant(india.instant(parse_wall("2026-11-23T05:30:00"))) == "2026-11-23T00:00:00Z"
        assert print_wall(india.wall(parse_instant("2026-11-23T00:00:00Z"))) == "2026-11-23T05:30:00"

    def test_its_clock_ends_with_the_year_9999(self):
        with pytest.raises(MomentError):
            FixedZone("UTC+05:30", 19_800).wall(MAX_WALL)


class TestWindow:
    @pytest.mark.parametrize(
        ("start", "end", "inside"),
        [
            (0, 10, False),
            (0, 11, True),
            (19, 30, True),
            (20, 30, False),
            (0, 30, True),
            (12, 13, True),
            (10, 10, True),
            (15, 15, True),
            (9, 9, False),
            (20, 20, False),
        ],
    )
    def test_overlap_is_half_open(self, start, end, inside):
        assert Window(10, 20).overlaps(start, end) is inside

    def test_it_cannot_end_before_it_starts(self):
        with pytest.raises(MomentError, match="before the start"):
            Window(20, 10)


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "days", "seconds", "printed"),
        [
            ("P1D", 1, 0, "P1D"),
            ("P1W", 7, 0, "P1W"),
            ("P14D", 14, 0, "P2W"),
            ("-P1D", -1, 0, "-P1D"),
            ("-PT15M", 0, -900, "-PT15M"),
            ("+PT1H", 0, 3600, "PT1H"),
            ("PT24H", 0, 86_400, "PT24H"),
            ("P1DT12H", 1, 43_200, "P1DT12H"),
            ("P15DT5H0M20S", 15, 18_020, "P15DT5H20S"),
            ("-P0DT0H30M0S", 0, -1800, "-PT30M"),
            ("pt5m", 0, 300, "PT5M"),
            ("P0D", 0, 0, "PT0S"),
        ],
    )
    def test_texts(self, text, days, seconds, printed):
        duration = Duration.parse(text)
        assert duration == Duration(days, seconds)
        assert duration.print() == printed

    @given(st.integers(-100_000, 100_000), st.integers(0, 10**8))
    def test_a_printed_duration_is_read_back(self, days, seconds):
        duration = Duration(days, seconds if days >= 0 else -seconds)
        assert Duration.parse(duration.print()) == duration

    @pytest.mark.parametrize(
        "text",
        ["", "P", "PT", "P1DT", "1D", "PT1.5H", "P1H", "PT1D", "--P1D", "P1Y", "P1D ", "P" + "9" * 10_000],
    )
    def test_what_is_not_a_duration(self, text):
        with pytest.raises(MomentError, match="not a duration like"):
            Duration.parse(text)

    def test_limits(self):
        with pytest.raises(MomentError, match="same sign"):
            Duration(1, -1)
        with pytest.raises(MomentError, match="years"):
            Duration.parse("P999999999D")

    @pytest.mark.parametrize(
        ("start", "duration", "end"),
        [
            ("2026-03-28T12:00:00", "P1D", "2026-03-29T12:00:00"),
            ("2026-03-28T12:00:00", "PT24H", "2026-03-29T13:00:00"),
            ("2026-10-24T12:00:00", "P1D", "2026-10-25T12:00:00"),
            ("2026-10-24T12:00:00", "PT24H", "2026-10-25T11:00:00"),
            ("2026-03-28T12:00:00", "P1DT24H", "2026-03-30T12:00:00"),
            ("2026-03-29T12:00:00", "-PT24H", "2026-03-28T11:00:00"),
        ],
    )
    def test_days_are_the_wall_s_and_hours_are_exact_when_summer_time_begins_and_ends(self, start, duration, end):
        begin = Moment.from_iso(start, BERLIN)
        finish = Duration.parse(duration).after(begin)
        assert finish == Moment.from_iso(end, BERLIN)
        assert finish.instant(HANOI) == Duration.parse(duration).instant_after(begin.wall, BERLIN)

    def test_an_end_in_the_second_pass_of_an_overlap_is_not_the_start(self):
        start = Moment.from_iso("2026-10-25T02:30:00", BERLIN)
        end = Duration.parse("PT1H").after(start)
        assert end.instant(HANOI) - start.instant(HANOI) == 3600
        assert end.iso() == "2026-10-25T01:30:00Z"

    @pytest.mark.parametrize(
        ("start", "duration", "end"),
        [
            ("2026-11-23", "P1D", "2026-11-24"),
            ("2026-11-23", "PT24H", "2026-11-24"),
            ("2026-11-23", "PT1H", "2026-11-24"),
            ("2026-11-23", "-PT1H", "2026-11-22"),
            ("2026-11-23", "P1W", "2026-11-30"),
            ("2026-11-23T09:00:00", "P1DT1H", "2026-11-24T10:00:00"),
            ("2026-11-23T09:00:00Z", "P1DT1H", "2026-11-24T10:00:00Z"),
        ],
    )
    def test_the_end_is_of_the_kind_of_the_start(self, start, duration, end):
        assert Duration.parse(duration).after(Moment.from_iso(start)) == Moment.from_iso(end)

    def test_between(self):
        def moment(text):
            return Moment.from_iso(text, None if len(text) == 10 else BERLIN)

        days = Duration.between(moment("2026-03-28"), moment("2026-03-30"), BERLIN)
        exact = Duration.between(moment("2026-03-28T12:00:00"), moment("2026-03-29T12:00:00"), HANOI)
        mixed = Duration.between(moment("2026-03-29"), moment("2026-03-29T12:00:00"), BERLIN)
        assert (days, exact, mixed) == (Duration(2), Duration(0, 23 * 3600), Duration(0, 11 * 3600))
