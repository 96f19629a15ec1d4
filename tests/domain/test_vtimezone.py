"""VTIMEZONE texts as programs write them, read; and ours, read back by us and by another library."""

from __future__ import annotations

import random
from bisect import bisect_right

import icalendar
import pytest

from aurora_time.domain import vtimezone as module
from aurora_time.domain.moment import (
    DAY,
    MAX_WALL,
    MIN_WALL,
    UTC,
    FixedZone,
    MomentError,
    parse_instant,
    parse_wall,
    print_wall,
)
from aurora_time.domain.vtimezone import vtimezone, zone_from_vtimezone
from aurora_time.domain.zones import names, resolve, zone

YEAR_2000, YEAR_2026, YEAR_2040 = (parse_instant(f"{year}-01-01T00:00:00Z") for year in (2000, 2026, 2040))
YEAR_1970, YEAR_2060 = (parse_instant(f"{year}-01-01T00:00:00Z") for year in (1970, 2060))


def observance(kind, start, offsets, *more):
    before, after = offsets.split()
    lines = [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *more]
    return [*lines, f"END:{kind}"]


def component(tzid, *parts, more=()):
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}", *more, *(line for part in parts for line in part)]
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


OUTLOOK = component(
    "W. Europe Standard Time",
    observance("STANDARD", "16011028T030000", "+0200 +0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
    observance("DAYLIGHT", "16010325T020000", "+0100 +0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
)
EXCHANGE = component(
    "Romance Standard Time",
    observance("STANDARD", "16010101T030000", "+0200 +0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10"),
    observance("DAYLIGHT", "16010101T020000", "+0100 +0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3"),
)
GOOGLE = component(
    "America/New_York",
    observance("DAYLIGHT", "20070311T020000", "-0500 -0400", "TZNAME:EDT", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    observance("STANDARD", "20071104T020000", "-0400 -0500", "TZNAME:EST", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
    more=["X-LIC-LOCATION:America/New_York"],
)
APPLE = component(
    "America/New_York",
    observance(
        "DAYLIGHT",
        "19870405T020000",
        "-0500 -0400",
        "TZNAME:EDT",
        "RRULE:FREQ=YEARLY;UNTIL=20060402T070000Z;BYMONTH=4;BYDAY=1SU",
    ),
    observance(
        "STANDARD",
        "19871025T020000",
        "-0400 -0500",
        "TZNAME:EST",
        "RRULE:FREQ=YEARLY;UNTIL=20061029T060000Z;BYMONTH=10;BYDAY=-1SU",
    ),
    observance("DAYLIGHT", "20070311T020000", "-0500 -0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    observance("STANDARD", "20071104T020000", "-0400 -0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
)
LORD_HOWE_SUMMER = observance("DAYLIGHT", "20081005T020000", "+1030 +1100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU")
HALF_HOUR = component(
    "Lord Howe",
    observance("STANDARD", "20080406T020000", "+1100 +1030", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
    LORD_HOWE_SUMMER,
)
DENSE = component(
    "Place",
    observance("STANDARD", "19700101T000000", "+0100 +0100", "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
)
DATES = component(
    "Brasilia",
    observance("STANDARD", "19700101T000000", "-0300 -0300"),
    observance("DAYLIGHT", "20161016T000000", "-0300 -0200", "RDATE:20171015T000000,20181104T000000"),
    observance("STANDARD", "20170219T000000", "-0200 -0300", "RDATE:20180218T000000", "RDATE:20190217T000000"),
)
NO_SUMMER = component(
    "SE Asia Standard Time",
    observance("STANDARD", "16010101T000000", "+0700 +0700"),
    observance("DAYLIGHT", "16010101T000000", "+0700 +0700"),
)
SHAPES = [
    pytest.param(OUTLOOK, "Europe/Berlin", 2000, id="Outlook"),
    pytest.param(EXCHANGE, "Europe/Paris", 2000, id="Exchange"),
    pytest.param(GOOGLE, "America/New_York", 2007, id="Google"),
    pytest.param(APPLE, "America/New_York", 2000, id="Apple"),
    pytest.param(HALF_HOUR, "Australia/Lord_Howe", 2009, id="half an hour"),
    pytest.param(DATES, "America/Sao_Paulo", 2017, id="RDATE"),
    pytest.param(NO_SUMMER, "Asia/Bangkok", 2000, id="no summer time"),
]


def same(ours, theirs, low, high, *, seed=1):
    """Both tell the same time: at random, and at each second around each change and its gap or overlap."""
    chance = random.Random(seed)
    instants = [chance.randrange(low, high) for _ in range(500)]
    for change, before, after in module._offsets(theirs, low, high):
        instants += [change + step for step in (-1, 0, 1, before - after, after - before)]
    return all(
        ours.wall(instant) == theirs.wall(instant) and ours.instant(instant + shift) == theirs.instant(instant + shift)
        for instant in instants
        for shift in (0, theirs.wall(instant) - instant)
    )


class TestReading:
    @pytest.mark.parametrize(("text", "name", "year"), SHAPES)
    def test_texts_of_others_tell_the_time_of_the_iana_zone(self, text, name, year):
        ours = zone_from_vtimezone(text)
        low = parse_instant(f"{year}-01-02T00:00:00Z")
        assert same(ours, zone(name), low, YEAR_2040)

    def test_it_bears_the_name_the_file_gave_and_one_text_is_one_zone(self):
        text = component(r"(UTC+01:00) Here\, there", observance("STANDARD", "19700101T000000", "+0100 +0100"))
        ours = zone_from_vtimezone(text)
        assert ours.id == "(UTC+01:00) Here, there"
        assert repr(ours) == "<VTIMEZONE '(UTC+01:00) Here, there'>"
        assert zone_from_vtimezone(text) is ours
        assert resolve("(UTC+01:00) Here, there", {ours.id: ours}) is ours

    def test_lower_case_folded_lines_parameters_bare_newlines_and_a_z(self):
        text = (
            'begin:vtimezone\ntzid;x-a="b:c":Pla\n ce\nlast-modified:20260101T000000Z\nnoise\n'
            "begin:standard\ndtstart;value=date-time:19700101T000000Z\ntzoffsetfrom:+0545\n"
            "tzoffsetto:+054530\nx-note:END\nend:standard\nbegin:x-other\nend:x-other\nend:vtimezone"
        )
        place = zone_from_vtimezone(text)
        assert (place.id, place.wall(YEAR_2026) - YEAR_2026) == ("Place", 20_730)

    def test_before_its_first_onset_the_offset_is_the_one_it_came_from(self):
        zone_ = zone_from_vtimezone(GOOGLE)
        assert print_wall(zone_.wall(parse_instant("1990-07-01T12:00:00Z"))) == "1990-07-01T07:00:00"

    def test_a_local_until_is_read_on_the_clock(self):
        rule = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20270328T020000"
        text = component(
            "Place",
            observance("DAYLIGHT", "20260329T020000", "+0100 +0200", rule),
            observance("STANDARD", "20261025T030000", "+0200 +0100", rule.replace("=3;", "=10;")),
        )
        place = zone_from_vtimezone(text)
        offsets = [
            place.wall(instant) - instant
            for instant in map(parse_instant, ("2026-07-01T00:00:00Z", "2027-07-01T00:00:00Z", "2028-07-01T00:00:00Z"))
        ]
        assert offsets == [7200, 7200, 7200]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "needs a TZID"),
            (component("Place"), "needs a TZID and a STANDARD or DAYLIGHT part"),
            (component("", observance("STANDARD", "19700101T000000", "+0100 +0100")), "needs a TZID"),
            (OUTLOOK.replace("TZOFFSETFROM:+0100\r\n", ""), "lacks its TZOFFSETFROM"),
            (OUTLOOK.replace("DTSTART:16010325T020000\r\n", ""), "lacks its DTSTART"),
            (OUTLOOK.replace("+0100", "1"), "not a UTC offset like"),
            (OUTLOOK.replace("16010325T020000", "soon"), "20261123T090000"),
            (OUTLOOK.replace("FREQ=YEARLY", "FREQ=SOMETIMES"), "has an RRULE that cannot be read"),
            (OUTLOOK.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=SECONDLY"), "all FREQ=YEARLY"),
            (OUTLOOK.replace("BYDAY=-1SU", "BYDAY=SU;BYSETPOS=-1"), "without BYSETPOS"),
            (DENSE, "too often"),
            (component("Place", *[LORD_HOWE_SUMMER] * 51), "at most 50 rules"),
        ],
    )
    def test_what_cannot_be_read(self, text, problem):
        with pytest.raises(MomentError, match=problem):
            zone_from_vtimezone(text)

    def test_only_the_years_1_to_9999(self):
        for seconds in (MIN_WALL - 2 * DAY, MAX_WALL + 2 * DAY):
            with pytest.raises(MomentError, match="years 1 to 9999"):
                zone_from_vtimezone(OUTLOOK).wall(seconds)
            with pytest.raises(MomentError, match="years 1 to 9999"):
                zone_from_vtimezone(OUTLOOK).instant(seconds)


# The zones of the tables, the shortest times an offset was kept, days that "last Sunday" cannot name.
HARD = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "Africa/Casablanca"]
HARD += [
    "America/Sao_Paulo",
    "America/Noronha",
    "Asia/Gaza",
    "Africa/Cairo",
    "America/Nuuk",
    "Asia/Jerusalem",
]
HARD += ["Europe/Dublin", "Antarctica/Troll", "Pacific/Apia", "America/Santiago", "Asia/Kathmandu"]
SAMPLE = HARD + random.Random(20261122).sample(sorted(set(names()) - set(HARD)), 30)


def read_by_icalendar(text, instants):
    """The offsets that the icalendar library finds in a VTIMEZONE, by its own expansion of the onsets."""
    found = icalendar.Timezone.from_ical(text)
    changes, info = found.get_transitions()
    starts = [parse_wall(change.isoformat()) for change in changes]
    return [int(info[max(0, bisect_right(starts, at) - 1)][0].total_seconds()) for at in instants]


class TestWriting:
    @pytest.mark.parametrize("name", SAMPLE)
    def test_what_we_write_we_read_as_the_same_zone(self, name):
        text = vtimezone(zone(name), YEAR_1970, YEAR_2060)
        ours = zone_from_vtimezone(text)
        assert ours.id == name
        assert same(ours, zone(name), YEAR_1970, YEAR_2060)

    @pytest.mark.parametrize("name", HARD)
    def test_what_we_write_another_library_reads_as_the_same_zone(self, name):
        text = vtimezone(zone(name), YEAR_2000, YEAR_2026)
        chance = random.Random(name)
        instants = [chance.randrange(YEAR_2000 + DAY, YEAR_2026) for _ in range(300)]
        expected = [zone(name).wall(instant) - instant for instant in instants]
        assert read_by_icalendar(text, instants) == expected

    @pytest.mark.parametrize("name", ["Europe/Berlin", "America/Nuuk", "Asia/Jerusalem", "America/Santiago"])
    def test_after_the_end_the_yearly_rules_go_on(self, name):
        text = vtimezone(zone(name), YEAR_2026, YEAR_2026)
        assert same(zone_from_vtimezone(text), zone(name), YEAR_2026, parse_instant("2190-01-01T00:00:00Z"))

    def test_a_common_zone_is_as_short_as_one_would_write_it(self):
        assert vtimezone(zone("Europe/Berlin"), YEAR_2026 + DAY, YEAR_2026 + DAY) == component(
            "Europe/Berlin",
            observance("STANDARD", "20260101T000000", "+0100 +0100"),
            observance("DAYLIGHT", "20260329T020000", "+0100 +0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
            observance("STANDARD", "20261025T030000", "+0200 +0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
        )

    def test_it_begins_before_an_event_on_the_last_evening_of_a_year(self):
        text = vtimezone(zone("America/New_York"), parse_instant("2026-01-01T00:30:00Z"), YEAR_2026 + DAY)
        assert "DTSTART:20250101T000000" in text

    def test_summer_time_at_the_start_is_called_so(self):
        text = vtimezone(zone("Australia/Sydney"), YEAR_2026, YEAR_2026)
        assert text.index("BEGIN:DAYLIGHT") < text.index("BEGIN:STANDARD")

    @pytest.mark.parametrize("fixed", [UTC, FixedZone("UTC+05:30", 19_800), FixedZone(r"a\, b;c", -12_345)])
    def test_a_zone_without_changes_is_one_standard_part(self, fixed):
        text = vtimezone(fixed, YEAR_2026, YEAR_2060)
        assert text.count("BEGIN:") == 2
        ours = zone_from_vtimezone(text)
        assert ours.id == fixed.id
        assert ours.wall(YEAR_2026) == fixed.wall(YEAR_2026)

    def test_a_zone_from_a_file_can_be_written_again(self):
        first = zone_from_vtimezone(HALF_HOUR)
        again = zone_from_vtimezone(vtimezone(first, YEAR_2026, YEAR_2040))
        assert same(again, first, YEAR_2026, YEAR_2040)

    @pytest.mark.parametrize(
        ("start", "end"),
        [("0001-01-02", "0002-01-01"), ("9999-01-01", "9999-12-30"), ("1700-01-01", "9999-12-30")],
    )
    def test_the_ends_of_the_calendar(self, start, end):
        low, high = parse_instant(f"{start}T00:00:00Z"), parse_instant(f"{end}T00:00:00Z")
        assert vtimezone(zone("Europe/Berlin"), low, high).startswith("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n")

    @pytest.mark.parametrize("name", HARD)
    def test_looking_for_changes_misses_none(self, name):
        by_day = []
        for instant in range(YEAR_1970, YEAR_2060, DAY):
            offset = zone(name).wall(instant) - instant
            if not by_day or by_day[-1] != offset:
                by_day.append(offset)
        assert [after for _, _, after in module._offsets(zone(name), YEAR_1970, YEAR_2060)] == by_day[1:]
