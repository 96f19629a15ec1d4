"""From names to zones, and zones against datetime with zoneinfo."""

from __future__ import annotations

import random
from datetime import UTC as DATETIME_UTC
from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from aurora_time.domain import windows_zones
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, UTC, FixedZone, MomentError, parse_wall
from aurora_time.domain.zones import UnknownZoneError, modern, names, places, resolve, zone

HOSTILE = [
    "",
    " ",
    ".",
    "..",
    "../etc/passwd",
    "/etc/passwd",
    "Europe",
    "Europe/",
    "/",
    "//",
    "Europe/../UTC",
]
HOSTILE += ["x" * 10_000, "UTC\0", "Europe/Berlin\0.tab", "\udcff", "__init__.py", "Europe\\Berlin", "zones"]
HOSTILE += ["/" * 10_000, "tzone://Microsoft/Custom", "(UTC+01:00) Nowhere", "(" * 10_000, "CEST", "None"]
HOSTILE += ["Europe/Berlin/", "K" + "+14", "GMT+25", "GMT+0160", "UTC+1:2", "+"]

EPOCH = datetime(1970, 1, 1, tzinfo=DATETIME_UTC)
YEAR_1900, YEAR_2200 = parse_wall("1900-01-01T00:00:00"), parse_wall("2200-01-01T00:00:00")
SAMPLE = random.Random(20261123).sample(sorted(available_timezones() & set(names())), 60)


def rules(name: str) -> ZoneInfo:
    """The zone as datetime knows it, from the same tzdata; the machine's own may differ."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data)


def seconds(duration: timedelta | None) -> int:
    assert duration is not None
    return duration // timedelta(seconds=1)


class TestAgainstDatetime:
    @pytest.mark.parametrize("name", SAMPLE)
    def test_walls_and_instants(self, name):
        ours, theirs, chance = zone(name), rules(name), random.Random(name)
        for _ in range(200):
            instant = chance.randrange(YEAR_1900, YEAR_2200)
            local = (EPOCH + timedelta(seconds=instant)).astimezone(theirs)
            wall = ours.wall(instant)
            assert wall == instant + seconds(local.utcoffset())
            assert ours.instant(wall) == seconds(local.replace(fold=0).astimezone(DATETIME_UTC) - EPOCH)

    @settings(max_examples=500)
    @given(st.sampled_from(names()), st.integers(YEAR_1900, YEAR_2200))
    def test_an_instant_comes_back_unless_it_is_in_the_second_pass_of_an_overlap(self, name, instant):
        ours = zone(name)
        back = ours.instant(ours.wall(instant))
        assert back <= instant
        assert ours.wall(back) == ours.wall(instant)
        if back != instant:
            assert (EPOCH + timedelta(seconds=instant)).astimezone(rules(name)).fold == 1

    @settings(max_examples=500)
    @given(st.sampled_from(names()), st.integers(YEAR_1900, YEAR_2200))
    def test_a_wall_comes_back_unless_it_is_in_a_gap(self, name, wall):
        ours = zone(name)
        shown = ours.wall(ours.instant(wall))
        assert shown >= wall
        if shown != wall:
            assert ours.wall(ours.instant(wall) - (shown - wall)) < wall


class TestRange:
    @pytest.mark.parametrize("name", ["America/New_York", "Pacific/Kiritimati", "UTC"])
    @pytest.mark.parametrize("seconds", [MIN_WALL - 90_000, MAX_WALL + 90_000, 10**30, -(10**30)])
    def test_only_the_years_1_to_9999(self, name, seconds):
        with pytest.raises(MomentError, match="years 1 to 9999"):
            zone(name).instant(seconds)
        with pytest.raises(MomentError, match="years 1 to 9999"):
            zone(name).wall(seconds)

    def test_the_first_and_last_day(self):
        for wall in (MIN_WALL + DAY, MAX_WALL - DAY):
            for name in ("America/New_York", "Pacific/Kiritimati", "UTC"):
                assert zone(name).wall(zone(name).instant(wall)) == wall


class TestStrictNames:
    @pytest.mark.parametrize(
        ("name", "canonical"),
        [
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("AMERICA/NEW_YORK", "America/New_York"),
            ("Asia/Saigon", "Asia/Saigon"),
            ("Etc/GMT-2", "Etc/GMT-2"),
            ("utc", "UTC"),
            ("Z", "UTC"),
            ("Etc/UTC", "UTC"),
        ],
    )
    def test_any_case_gives_iana_s_spelling(self, name, canonical):
        assert zone(name).id == canonical
        assert zone(name) is zone(canonical)

    def test_utc_is_the_one_utc(self):
        assert zone("Etc/UTC") is UTC

    @pytest.mark.parametrize("name", [*HOSTILE, "W. Europe Standard Time", "GMT+0200", " Europe/Berlin"])
    def test_anything_else_is_unknown(self, name):
        with pytest.raises(UnknownZoneError, match="use an IANA name such as Europe/Berlin") as raised:
            zone(name)
        assert raised.value.name == name
        assert len(str(raised.value)) < 400

    def test_every_name_listed_can_be_loaded(self):
        assert len(names()) > 500
        for name in names():
            assert zone(name).id == name

    def test_it_says_which_zone_it_is(self):
        assert repr(zone("europe/berlin")) == "zone('Europe/Berlin')"


class TestForeignNames:
    @pytest.mark.parametrize(
        ("name", "means"),
        [
            ("Europe/Berlin", "Europe/Berlin"),
            (' "europe/berlin" ', "Europe/Berlin"),
            ("America/New York", "America/New_York"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("w. europe standard time", "Europe/Berlin"),
            ("SE Asia Standard Time", "Asia/Bangkok"),
            ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("Eastern Time (US & Canada)", "America/New_York"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
            ("(UTC+02:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
            ("(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", "Europe/Berlin"),
            ("Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
            ("(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London"),
            ("(UTC+07:00) Bangkok, Hanoi, Jakarta", "Asia/Bangkok"),
            ("(UTC-03:00) Brasilia", "America/Sao_Paulo"),
            ("(UTC) Coordinated Universal Time", "UTC"),
            ("tzone://Microsoft/Utc", "UTC"),
            ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Tzfile/America/New_York", "America/New_York"),
            ("/freeassociation.sourceforge.net/Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh"),
            ("/softwarestudio.org/Olson_20011030_5/America/Indiana/Knox", "America/Indiana/Knox"),
            ("/example.org/GMT", "GMT"),
            ("Etc/GMT+5", "Etc/GMT+5"),
            ("UTC+12", "Etc/GMT-12"),
            ("UTC-11", "Etc/GMT+11"),
        ],
    )
    def test_means(self, name, means):
        assert resolve(name) is zone(means)

    @pytest.mark.parametrize(
        ("name", "hours"),
        [
            ("GMT+0200", 2),
            ("UTC+02:00", 2),
            ("GMT+2", 2),
            ("utc +02:00", 2),
            ("+0200", 2),
            ("GMT-0500", -5),
            ("UTC-05:00", -5),
            ("UTC+05:30", 5.5),
            ("GMT-13", -13),
            ("GMT+0000", 0),
            ("+14:00", 14),
        ],
    )
    def test_an_offset_is_ahead_of_utc_as_written(self, name, hours):
        assert resolve(name).wall(0) == hours * 3600
        assert resolve(resolve(name).id) == resolve(name)

    def test_an_offset_of_whole_hours_bears_the_iana_name(self):
        assert resolve("GMT+0200").id == "Etc/GMT-2"
        assert resolve("UTC+05:30").id == "UTC+05:30"

    @pytest.mark.parametrize("name", HOSTILE)
    def test_what_is_not_known_is_never_guessed(self, name):
        with pytest.raises(UnknownZoneError, match="unknown time zone"):
            resolve(name)

    def test_the_file_s_own_vtimezone_is_used_for_a_name_that_is_not_known(self):
        own = FixedZone("Customized Time Zone", 5_400)
        assert resolve("Customized Time Zone", {"Customized Time Zone": own}) is own
        assert resolve(' "Customized Time Zone"', {"Customized Time Zone": own}) is own

    def test_a_known_name_wins_over_the_file_s_own_vtimezone(self):
        own = FixedZone("x", 5_400)
        for name in ("Europe/Berlin", "W. Europe Standard Time", "/mozilla.org/1/Europe/Berlin"):
            assert resolve(name, {name: own}) is zone("Europe/Berlin")

    def test_the_file_s_own_vtimezone_wins_over_a_bare_offset(self):
        own = FixedZone("GMT+0100", 5_400)
        assert resolve("GMT+0100", {"GMT+0100": own}) is own


class TestWindowsNames:
    @pytest.mark.parametrize("name", sorted(WINDOWS_TO_OLSON))
    def test_each_is_the_zone_that_cldr_gives(self, name):
        ours, cldr = resolve(name), zone(WINDOWS_TO_OLSON[name])
        week = 7 * 86_400
        for instant in range(parse_wall("2000-01-01T00:00:00"), parse_wall("2040-01-01T00:00:00"), week):
            assert ours.wall(instant) == cldr.wall(instant)

    def test_no_name_is_missing_or_too_many(self):
        assert {row.split("|")[0] for row in windows_zones.ROWS.splitlines()} == set(WINDOWS_TO_OLSON)

    def test_each_has_a_display_name_and_no_display_name_means_two_zones(self):
        means: dict[str, str] = {}
        for windows_id, iana, *shown in (row.split("|") for row in windows_zones.ROWS.splitlines()):
            assert shown
            for text in shown:
                assert means.setdefault(text, windows_id) == windows_id
                assert resolve(f"(UTC+01:00) {text}") is zone(iana)


def test_a_name_that_browsers_still_report_becomes_the_name_of_today():
    assert modern("Asia/Saigon") == "Asia/Ho_Chi_Minh"
    assert modern("Europe/Berlin") == "Europe/Berlin"


def test_renamed_zones_keep_the_same_time():
    for old in ("Asia/Saigon", "Asia/Calcutta", "Europe/Kiev", "Pacific/Truk", "America/Godthab", "America/Louisville"):
        for instant in range(1_600_000_000, 1_900_000_000, 5_000_000):
            assert zone(old).wall(instant) == zone(modern(old)).wall(instant)


def test_what_is_to_choose_from_are_places_by_their_names_of_today():
    offered = places("Europe/Berlin")
    assert {"Asia/Ho_Chi_Minh", "Europe/Kyiv", "America/Kentucky/Louisville", "UTC"} <= set(offered)
    assert not {"ROC", "W-SU", "US/Indiana-Starke", "Asia/Saigon", "America/Louisville"} & set(offered)
    assert offered == sorted(set(offered))
    assert {modern(name) for name in offered} == set(offered) <= set(names())


def test_what_is_chosen_stays_to_choose_from_if_it_is_a_zone_at_all():
    assert "Asia/Saigon" in places("Asia/Saigon")
    assert places("../../etc/passwd") == places("UTC")
