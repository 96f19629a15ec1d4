"""What the reader makes of single things: the report, names, zones of a text's own, values as the field writes them."""

from __future__ import annotations

import pytest

from aurora_time.domain import icalendar_zones
from aurora_time.domain.component import MAX_ATTENDEES, Time
from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_report import MAX_NOTES
from aurora_time.domain.icalendar_zones import MAX_OWN_ZONES
from aurora_time.domain.moment import parse_wall
from aurora_time.domain.vtimezone import zone_from_vtimezone
from aurora_time.domain.zones import zone

NOW = 1_795_000_000
FRESH = Fresh("c", NOW, lambda uid: f"id of {uid}")


def calendar(*lines):
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def event(*lines, uid="u"):
    return ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T080000Z", *lines, "END:VEVENT")


def read(*lines):
    return read_calendar(calendar(*lines), FRESH)


def read_one(*lines):
    reading = read(*event(*lines))
    (made,) = reading.objects
    return made, [f"{note.what}: {note.why}" for note in reading.report]


def own_zone(tzid, standard="+0100", summer=""):
    parts = ["BEGIN:STANDARD", "DTSTART:19701025T030000", f"TZOFFSETFROM:{summer or standard}"]
    parts += [
        f"TZOFFSETTO:{standard}",
        *(["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"] if summer else []),
        "END:STANDARD",
    ]
    if summer:
        parts += ["BEGIN:DAYLIGHT", "DTSTART:19700329T020000", f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{summer}"]
        parts += ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT"]
    return ("BEGIN:VTIMEZONE", f"TZID:{tzid}", *parts, "END:VTIMEZONE")


class TestReport:
    def test_names_the_physical_line(self):
        text = calendar(*event("SUMMARY:folded", " over", " three lines", "DTSTART:20261124T090000Z", "DTEND:never"))
        (note,) = read_calendar(text, FRESH).report
        assert (note.line, note.severity, note.what) == (10, "error", "DTEND")
        assert text.split("\r\n")[note.line - 1] == "DTEND:never"

    def test_is_in_the_order_of_the_text_and_bounded(self):
        reading = read(*(line for n in range(MAX_NOTES + 200) for line in event("SUMMARY:x", uid=str(n))))
        assert len(reading.report) == MAX_NOTES + 1
        assert reading.report[-1].why == "There are 200 more notes."
        lines = [note.line for note in reading.report]
        assert lines == sorted(lines)

    def test_says_what_is_left_out(self):
        reading = read(*event("SUMMARY:x"), *event("DTSTART:20261124T090000Z", uid="v"))
        assert [note.what for note in reading.errors] == ["VEVENT"]
        assert [made.uid for made in reading.objects] == ["v"]
        assert reading.lines == [8]


class TestUid:
    def test_made_of_the_content_is_the_same_whenever_it_is_read(self):
        lines = ("BEGIN:VEVENT", "DTSTART:20261124T090000Z", "SUMMARY:x", "DTSTAMP:{}", "END:VEVENT")
        first, second = (
            read(*(line.format(stamp) for line in lines)).objects[0]
            for stamp in ("20261101T080000Z", "20261102T080000Z")
        )
        assert first.uid == second.uid
        assert first.uid.endswith("@aurora-time")
        assert first.id == f"id of {first.uid}"

    def test_an_id_is_asked_for_once(self):
        asked = []
        fresh = Fresh("c", NOW, lambda uid: asked.append(uid) or uid)
        lines = (*event("DTSTART:20261124T090000Z", "RRULE:FREQ=DAILY"),
                 *event("DTSTART:20261125T100000Z", "RECURRENCE-ID:20261125T090000Z"))  # fmt: skip
        read_calendar(calendar(*lines), fresh)
        assert asked == ["u"]

    def test_copies_with_changes_of_their_own_keep_them(self):
        lines = (
            *event("DTSTART:20261124T090000Z", "SUMMARY:one"),
            *event("DTSTART:20261125T090000Z", "SUMMARY:two"),
            *event("DTSTART:20261126T090000Z", "RECURRENCE-ID:20261125T090000Z"),
        )
        first, second = read(*lines).objects
        assert (first.uid, first.summary, len(first.overrides)) == ("u", "two", 1)
        assert second.uid != "u"


class TestZones:
    def test_of_the_texts_own_are_kept_as_what_keeps_their_time(self):
        reading = read(*own_zone("Haus", "+0100", "+0200"), *event("DTSTART;TZID=Haus:20260701T090000"))
        assert reading.objects[0].start == Time(parse_wall("2026-07-01T09:00:00"), "Europe/Berlin")

    def test_that_no_one_keeps_are_kept_in_utc(self):
        reading = read(*own_zone("Ship", "+0217"), *event("DTSTART;TZID=Ship:20260701T090000"))
        assert reading.objects[0].start == Time(parse_wall("2026-07-01T06:43:00"), "UTC")
        assert "kept in UTC" in reading.report[0].why

    @pytest.mark.parametrize(
        "line", ["RRULE:FREQ=DAILY", "RDATE;TZID=Ship:20260702T090000", "EXDATE;TZID=Ship:20260702T090000"]
    )
    def test_that_no_one_keeps_cannot_repeat(self, line):
        reading = read(*own_zone("Ship", "+0217"), *event("DTSTART;TZID=Ship:20260701T090000", line))
        assert reading.objects == []
        assert "none of IANA's" in reading.errors[0].why

    def test_exceptions_in_another_zone_that_no_one_keeps(self):
        lines = ("DTSTART;TZID=Europe/Berlin:20260701T090000", "RRULE:FREQ=DAILY", "EXDATE;TZID=Ship:20260702T090000")
        assert read(*own_zone("Ship", "+0217"), *event(*lines)).errors[0].what == "EXDATE"

    def test_an_instant_that_the_likeness_differs_on_is_kept_in_utc(self):
        # It keeps Berlin's time now, but had no summer time in 1970 to 1979 as Berlin had none; in 1960 it differs.
        reading = read(*own_zone("Haus", "+0100", "+0200"), *event("DTSTART;TZID=Haus:19750701T090000"))
        assert reading.objects[0].start == Time(parse_wall("1975-07-01T07:00:00"), "UTC")

    def test_only_so_many_of_its_own_may_a_text_use(self):
        names = [f"Z{n}" for n in range(MAX_OWN_ZONES + 1)]
        zones = [line for name in names for line in own_zone(name)]
        events = [line for name in names for line in event(f"DTSTART;TZID={name}:20261124T090000", uid=name)]
        reading = read(*zones, *events)
        assert len(reading.objects) == MAX_OWN_ZONES
        assert "at most 16 time zones" in reading.errors[0].why

    def test_the_limit_is_of_the_whole_text_however_many_calendars_it_has(self):
        names = [f"Z{n}" for n in range(MAX_OWN_ZONES + 4)]
        parts = [calendar(*own_zone(name), *event(f"DTSTART;TZID={name}:20261124T090000", uid=name)) for name in names]
        reading = read_calendar("".join(parts), FRESH)
        assert (len(reading.objects), len(reading.errors)) == (MAX_OWN_ZONES, 4)
        same = [calendar(*own_zone("Haus"), *event("DTSTART;TZID=Haus:20261124T090000", uid=name)) for name in names]
        assert len(read_calendar("".join(same), FRESH).objects) == len(names)

    def test_each_is_read_once_whatever_comes_of_it(self, monkeypatch):
        asked = []

        def count(text):
            asked.append(text)
            return zone_from_vtimezone(text)

        monkeypatch.setattr(icalendar_zones, "zone_from_vtimezone", count)
        broken = ("BEGIN:VTIMEZONE", "TZID:Ship", "END:VTIMEZONE")
        whole = own_zone("Haus", "+0100", "+0200")
        events = [
            line
            for n in range(20)
            for tzid in ("Ship", "Haus")
            for line in event(f"DTSTART;TZID={tzid}:20261124T090000", uid=f"{tzid}{n}")
        ]
        reading = read_calendar(calendar(*broken, *whole, *events) + calendar(*broken, *whole, *events[:5]), FRESH)
        assert len(reading.errors) == 20
        assert len(asked) == 2

    def test_in_utc_by_name_are_in_utc(self):
        made, notes = read_one(
            "DTSTART;TZID=Etc/UTC:20261124T090000", "RRULE:FREQ=DAILY", "EXDATE;TZID=UTC:20261125T090000"
        )
        assert made.start.tzid == "UTC"
        assert made.recurrence == ("RRULE:FREQ=DAILY", "EXDATE:20261125T090000Z")
        assert notes == []

    def test_of_exceptions_get_names_of_today(self):
        made, _ = read_one(
            "DTSTART;TZID=Pacific Standard Time:20261124T090000",
            "RRULE:FREQ=DAILY",
            'EXDATE;X-A=1;TZID="Pacific Standard Time":20261125T090000',
        )
        assert made.recurrence[1] == "EXDATE;X-A=1;TZID=America/Los_Angeles:20261125T090000"

    def test_unknown_ones_of_exceptions_are_errors(self):
        reading = read(*event("DTSTART:20261124T090000Z", "RRULE:FREQ=DAILY", "EXDATE;TZID=Mars:20261125T090000"))
        assert reading.errors[0].what == "EXDATE"


class TestOccurrences:
    MASTER = event("DTSTART;TZID=America/New_York:20261101T013000", "RRULE:FREQ=DAILY")

    def original(self, line, start="DTSTART:20261124T090000Z"):
        (made,) = read(*self.MASTER, *event(line, start)).objects
        return made.overrides[0].recurrence_id

    def test_are_named_on_the_clock_of_their_series(self):
        expected = Time(parse_wall("2026-11-05T01:30:00"), "America/New_York")
        assert self.original("RECURRENCE-ID:20261105T063000Z") == expected
        assert self.original("RECURRENCE-ID:20261105T013000") == expected
        assert self.original("RECURRENCE-ID;VALUE=DATE:20261105") == expected
        assert self.original("RECURRENCE-ID;TZID=Europe/Berlin:20261105T073000") == expected

    def test_in_the_second_pass_of_an_hour_stay_in_utc(self):
        assert self.original("RECURRENCE-ID:20261101T063000Z") == Time(parse_wall("2026-11-01T06:30:00"), "UTC")

    def test_of_days_are_days_and_of_floating_times_float(self):
        lines = event("DTSTART;VALUE=DATE:20261101", "RRULE:FREQ=DAILY")
        (made,) = read(*lines, *event("RECURRENCE-ID:20261105T090000Z", "DTSTART;VALUE=DATE:20261106")).objects
        assert made.overrides[0].recurrence_id == Time(parse_wall("2026-11-05T00:00:00"), "", True)
        lines = event("DTSTART:20261101T090000", "RRULE:FREQ=DAILY")
        (made,) = read(*lines, *event("RECURRENCE-ID;TZID=UTC:20261105T090000", "DTSTART:20261106T100000")).objects
        assert made.overrides[0].recurrence_id == Time(parse_wall("2026-11-05T09:00:00"))

    def test_of_tasks_count_from_when_they_are_due(self):
        lines = ("BEGIN:VTODO", "UID:t", "DTSTAMP:20261101T080000Z", "DUE;TZID=Europe/Berlin:20261102T090000")
        change = ("BEGIN:VTODO", "UID:t", "DTSTAMP:20261101T080000Z", "RECURRENCE-ID:20261109T080000Z", "SUMMARY:x")
        (made,) = read(*lines, "RRULE:FREQ=WEEKLY", "END:VTODO", *change, "END:VTODO").objects
        assert made.overrides[0].recurrence_id == Time(parse_wall("2026-11-09T09:00:00"), "Europe/Berlin")

    def test_the_newer_version_of_one_counts_wherever_it_stands(self):
        older = event(
            "RECURRENCE-ID;TZID=America/New_York:20261105T013000", "DTSTART:20261124T090000Z", "SUMMARY:older"
        )
        newer = event("RECURRENCE-ID:20261105T063000Z", "DTSTART:20261124T090000Z", "SEQUENCE:1", "SUMMARY:newer")
        for order in ((older, newer), (newer, older)):
            (made,) = read(*self.MASTER, *order[0], *order[1]).objects
            assert [each.summary for each in made.overrides] == ["newer"]


class TestLimits:
    def test_attendees(self):
        people = [f"ATTENDEE:mailto:a{n}@example.org" for n in range(MAX_ATTENDEES + 1)]
        reading = read(*event("DTSTART:20261124T090000Z", *people))
        assert reading.objects == []
        assert reading.errors[0].line == 6 + MAX_ATTENDEES + 1

    def test_categories(self):
        made, notes = read_one("DTSTART:20261124T090000Z", "CATEGORIES:" + ",".join(f"c{n}" for n in range(60)))
        assert len(made.categories) == 50
        assert "first 50" in notes[0]
        made, _ = read_one("DTSTART:20261124T090000Z", f"CATEGORIES:{'x' * 101},y")
        assert made.categories == ("y",)

    @pytest.mark.parametrize(
        ("lines", "count"),
        [
            (("DTSTART:99991231T235959Z", "DURATION:P400D"), 1),
            (("DTSTART;VALUE=DATE:99991231",), 0),
            (("DTSTART:99991231T240000",), 0),
            (("DTSTART;TZID=Asia/Tokyo:00010101T000000", "RRULE:FREQ=DAILY;COUNT=2"), 1),
            (("DTSTART:20261124T090000Z", "RDATE:99991231T000000Z/P5D"), 0),
        ],
    )
    def test_years(self, lines, count):
        reading = read(*event(*lines))
        assert (len(reading.objects), len(reading.errors)) == (count, 1 - count)

    def test_years_of_an_occurrence_in_another_zone(self):
        master = event("DTSTART;TZID=America/New_York:20261124T090000", "RRULE:FREQ=DAILY")
        reading = read(*master, *event("RECURRENCE-ID:00010101T000000Z", "DTSTART:20261124T090000Z"))
        assert reading.objects == []
        assert "years 1 to 9999" in reading.errors[0].why

    def test_recurrence_lines(self):
        reading = read(*event("DTSTART:20261124T090000Z", *(["RDATE:20261125T090000Z"] * 2_001)))
        assert "at most 2000" in reading.errors[0].why


class TestTimes:
    @pytest.mark.parametrize(
        ("lines", "start", "end"),
        [
            (("DTSTART:20261124T090000+0100",), "2026-11-24T08:00:00Z", "2026-11-24T08:00:00Z"),
            (("DTSTART:20261124Z",), "2026-11-24", "2026-11-25"),
            (("DTSTART:2026-11-24",), "2026-11-24", "2026-11-25"),
            (("DTSTART;VALUE=DATE:20261124", "DURATION:PT36H"), "2026-11-24", "2026-11-26"),
            (("DTSTART;VALUE=DATE:20261124", "DURATION:PT0S"), "2026-11-24", "2026-11-25"),
            (("DTSTART:20261124T090000Z", "DURATION:P1W"), "2026-11-24T09:00:00Z", "2026-12-01T09:00:00Z"),
            (("DTSTART:20261124T090000", "DTEND:20261124T080000Z"), "2026-11-24T09:00:00", "2026-11-24T09:00:00"),
        ],
    )
    def test_are_read_as_meant(self, lines, start, end):
        made, _ = read_one(*lines)
        assert (made.start.moment.iso(), made.end.moment.iso()) == (start, end)

    def test_flagged_as_all_day_but_not_from_midnight_to_midnight_stay_times(self):
        made, _ = read_one("DTSTART:20261124T090000Z", "DTEND:20261125T000000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
        assert not made.is_all_day

    def test_created_and_updated_stand_for_each_other(self):
        made, _ = read_one("DTSTART:20261124T090000Z", "CREATED:20261001T080000Z")
        assert (made.created, made.updated) == (1_790_841_600, 1_793_520_000)
        (made,) = read("BEGIN:VEVENT", "UID:u", "DTSTART:20261124T090000Z", "END:VEVENT").objects
        assert (made.created, made.updated) == (NOW, NOW)

    def test_stamps_in_zones_are_read_in_them(self):
        made, notes = read_one("DTSTART:20261124T090000Z", "CREATED;TZID=Europe/Berlin:20261001T100000")
        assert made.created == zone("Europe/Berlin").instant(parse_wall("2026-10-01T10:00:00"))
        assert notes[0].startswith("CREATED")


class TestTasks:
    def task(self, *lines):
        reading = read("BEGIN:VTODO", "UID:t", "DTSTAMP:20261101T080000Z", *lines, "END:VTODO")
        (made,) = reading.objects
        return made

    def test_done_without_a_status_is_done(self):
        assert self.task("COMPLETED:20261102T080000Z").status == "COMPLETED"

    def test_done_without_an_instant_was_done_when_it_was_changed(self):
        assert self.task("STATUS:COMPLETED").completed == 1_793_520_000

    def test_of_floating_start_in_a_zone_by_its_due_time(self):
        made = self.task("DTSTART:20261102T080000", "DUE;TZID=Europe/Berlin:20261103T080000")
        assert made.start.tzid == "Europe/Berlin"

    def test_that_is_its_own_parent_has_none(self):
        made = self.task("RELATED-TO:t")
        assert made.parent_id is None
        assert made.extra == ("RELATED-TO:t",)


class TestText:
    def test_as_str_with_a_mark(self):
        reading = read_calendar("\ufeff" + calendar(*event("DTSTART:20261124T090000Z")), FRESH)
        assert len(reading.objects) == 1
        assert reading.report[0].what == "encoding"

    def test_undefined_in_windows_1252_is_latin_1(self):
        data = calendar(*event("DTSTART:20261124T090000Z", "SUMMARY:@")).encode().replace(b"@", b"\x81\xe9")
        assert read_calendar(data, FRESH).objects[0].summary == "\x81é"

    def test_of_nothing_but_a_zone_has_no_objects_and_no_error(self):
        assert read(*own_zone("Haus")).report == ()
