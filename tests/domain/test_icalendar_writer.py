"""What is written of an object that was changed after it was read, and of what iCalendar has no words for."""

from __future__ import annotations

import random

import msgspec
import pytest

from aurora_time.domain.component import Alarm, Attendee, Event, Task, Time
from aurora_time.domain.css_colors import hex_of, nearest
from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_writer import CalendarWriter, Heading, write_calendar
from aurora_time.domain.moment import DAY, Window, parse_instant, parse_wall
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.vtimezone import zone_from_vtimezone
from aurora_time.domain.zones import zone

NOW = 1_795_000_000
FRESH = Fresh("c", NOW, lambda uid: uid)
NINE = parse_wall("2026-11-24T09:00:00")


def read_one(*lines, kind="VEVENT", start="DTSTART:20261124T090000Z"):
    body = "\r\n".join([f"BEGIN:{kind}", "UID:u", "DTSTAMP:20261101T080000Z", start, *lines, f"END:{kind}"])
    reading = read_calendar(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}\r\nEND:VCALENDAR\r\n", FRESH)
    (made,) = reading.objects
    return made


def written(made, **changes):
    text = write_calendar([msgspec.structs.replace(made, **changes)])
    lines = text.replace("\r\n ", "").split("\r\n")
    return lines[lines.index("BEGIN:VEVENT" if isinstance(made, Event) else "BEGIN:VTODO") + 1 : -3]


def event(start="20261124T090000", tz="Europe/Berlin", hours=1, **fields):
    wall = parse_wall(f"{start[:4]}-{start[4:6]}-{start[6:8]}T{start[9:11]}:{start[11:13]}:00")
    return Event("e", "c", "u", "Review", Time(wall, tz), Time(wall + hours * 3600, tz), NOW, NOW, **fields)


class TestOriginalWording:
    def test_stays_while_it_says_what_the_field_says(self):
        made = read_one("SUMMARY;LANGUAGE=en:Tea\\, at five", 'LOCATION;ALTREP="cid:1":Quay')
        assert "SUMMARY;LANGUAGE=en:Tea\\, at five" in written(made)
        assert 'LOCATION;ALTREP="cid:1":Quay' in written(made, summary="Coffee")

    def test_goes_with_the_value_that_it_was_about(self):
        lines = written(read_one("SUMMARY;LANGUAGE=en:Tea"), summary="Coffee")
        assert "SUMMARY:Coffee" in lines
        assert not any("Tea" in line for line in lines)

    def test_of_a_text_that_is_too_long_is_the_whole_text(self):
        made = read_one("SUMMARY:" + "x" * 1500)
        assert len(made.summary) == 1000
        assert "SUMMARY:" + "x" * 1500 in written(made)
        assert "SUMMARY:short" in written(made, summary="short")

    def test_of_a_link_that_nobody_may_follow_is_kept_until_there_is_another(self):
        made = read_one("URL:javascript:alert(1)")
        assert made.url is None
        assert "URL:javascript:alert(1)" in written(made)
        lines = written(made, url="https://example.org/")
        assert [line for line in lines if line.startswith("URL")] == ["URL:https://example.org/"]

    def test_of_a_time_keeps_its_parameters_until_it_moves(self):
        made = read_one(start="DTSTART;X-WAS=noon;TZID=W. Europe Standard Time:20261124T090000")
        assert "DTSTART;X-WAS=noon;TZID=Europe/Berlin:20261124T090000" in written(made)
        moved = written(made, start=Time(NINE + 3600, "Europe/Berlin"))
        assert "DTSTART;TZID=Europe/Berlin:20261124T100000" in moved
        assert not any("X-WAS" in line for line in moved)

    def test_of_categories_in_several_lines(self):
        made = read_one("CATEGORIES;X-A=1:one", "X-BETWEEN:1", "CATEGORIES:two")
        assert made.categories == ("one", "two")
        kept = [line for line in written(made) if line.startswith(("CAT", "X-B"))]
        assert kept == ["CATEGORIES;X-A=1:one", "X-BETWEEN:1", "CATEGORIES:two"]
        assert "CATEGORIES:two" in written(made, categories=("two",))

    def test_of_a_colour(self):
        made = read_one("COLOR;X-A=1:red")
        assert made.color == "#ff0000"
        assert "COLOR;X-A=1:red" in written(made)
        assert "COLOR:blue" in written(made, color="#0000ff")


class TestPeople:
    LINES = (
        'ORGANIZER;SENT-BY="mailto:o@example.org":mailto:ann@example.org',
        "ATTENDEE;CUTYPE=ROOM:urn:uuid:1",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;X-N=2:MAILTO:Ben@example.org",
        "ATTENDEE;CN=Cy;PARTSTAT=ACCEPTED:mailto:cy@example.org",
    )

    def people(self, **changes):
        made = read_one(*self.LINES)
        return [line for line in written(made, **changes) if line.startswith(("ATT", "ORG"))]

    def test_unchanged_are_as_they_were(self):
        assert sorted(self.people()) == sorted(self.LINES)

    def test_an_answer_keeps_what_else_was_said_of_him(self):
        made = read_one(*self.LINES)
        ben = msgspec.structs.replace(made.attendees[0], partstat="ACCEPTED", rsvp=False)
        lines = self.people(attendees=(ben, *made.attendees[1:]))
        assert "ATTENDEE;PARTSTAT=ACCEPTED;CUTYPE=INDIVIDUAL;X-N=2:MAILTO:Ben@example.org" in lines

    def test_who_is_taken_out_is_out_and_a_room_stays(self):
        lines = self.people(attendees=(), organizer=None)
        assert lines == ["ATTENDEE;CUTYPE=ROOM:urn:uuid:1"]

    def test_another_organizer_takes_nothing_over(self):
        lines = self.people(organizer=Attendee("di@example.org", "Di"))
        assert "ORGANIZER;CN=Di:mailto:di@example.org" in lines
        assert not any("SENT-BY" in line for line in lines)

    def test_names_are_quoted_and_encoded(self):
        made = event(attendees=(Attendee("a@example.org", 'Doe, "Jo"; ^2', role="CHAIR"),))
        assert "ATTENDEE;CN=\"Doe, ^'Jo^'; ^^2\";ROLE=CHAIR;PARTSTAT=NEEDS-ACTION:mailto:a@example.org" in written(made)


class TestAlarms:
    MAILED = ("BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER:-PT15M", "X-ACK:1", "END:VALARM")
    SHOWN = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:x", "END:VALARM")

    def test_a_mailed_one_with_more_to_say_is_kept_while_it_counts(self):
        made = read_one(*self.MAILED, *self.SHOWN)
        assert made.alarms == (Alarm("email", 15),)
        assert written(made)[-10:] == [*self.MAILED, *self.SHOWN]

    def test_changed_alarms_replace_the_mailed_ones_only(self):
        made = read_one(*self.MAILED, *self.SHOWN)
        lines = written(made, alarms=(Alarm("email", 30),))
        assert "X-ACK:1" not in lines
        assert "TRIGGER:-PT30M" in lines
        assert "ACTION:DISPLAY" in lines

    def test_defaults_instead_of_a_mailed_one(self):
        lines = written(read_one(*self.MAILED, *self.SHOWN), alarms=None)
        assert "ACTION:EMAIL" not in lines
        assert "ACTION:DISPLAY" in lines

    def test_none_at_all_is_said_and_stays_so(self):
        lines = written(read_one(*self.MAILED, *self.SHOWN), alarms=())
        assert "X-AURORA-ALARMS:NONE" in lines
        assert "ACTION:EMAIL" not in lines
        assert "ACTION:DISPLAY" in lines
        assert written(event(alarms=())).count("X-AURORA-ALARMS:NONE") == 1

    def test_by_the_wall_clock_others_get_a_trigger_as_near_as_can_be(self):
        lines = written(event(alarms=(Alarm("email", None, 1, 18 * 3600),)))
        assert "TRIGGER;X-AURORA-AT=180000;X-AURORA-DAYS-BEFORE=1:-PT15H" in lines

    def test_of_a_day_count_from_its_midnight(self):
        made = Event("e", "c", "u", "Day", Time(NINE - 9 * 3600, "", True), Time(NINE + 15 * 3600, "", True), 0, 0,
                     alarms=(Alarm("email", None, 1, 18 * 3600), Alarm("email", None, 0, 8 * 3600)))  # fmt: skip
        assert [line for line in written(made) if "TRIGGER" in line] == ["TRIGGER:-PT6H", "TRIGGER:PT8H"]

    def test_what_the_web_app_shows_is_shown_by_other_clients_too_and_comes_back_as_ours(self):
        ours = Alarm("browser", 15), Alarm("browser", None, 1, 18 * 3600), Alarm("email", 15)
        text = write_calendar([event(alarms=ours)], Heading(address="ann@example.org"))
        assert "ACTION:DISPLAY\r\nTRIGGER;X-AURORA-CHANNEL=BROWSER:-PT15M\r\nDESCRIPTION:" in text
        made = read_calendar(text, Fresh("c", NOW, lambda uid: uid, "ann@example.org")).objects[0]
        assert (made.alarms, made.extra) == (ours, ())
        assert read_one(*self.SHOWN).alarms is None

    def test_of_a_task_count_from_when_it_is_due(self):
        made = Task("t", "c", "u", "Essay", 0, 0, due=Time(NINE, "UTC"), start=Time(NINE - DAY, "UTC"),
                    alarms=(Alarm("email", 60),))  # fmt: skip
        assert "TRIGGER;RELATED=END:-PT1H" in written(made)
        assert "TRIGGER:-PT1H" in written(made, due=None)
        assert not any("TRIGGER" in line for line in written(made, due=None, start=None))

    def test_the_address_that_is_mailed_stands_in_them(self):
        text = write_calendar([event(alarms=(Alarm("email", 5),))], Heading(address="ann@example.org"))
        assert "ATTENDEE:mailto:ann@example.org\r\n" in text
        own = Fresh("c", NOW, lambda uid: uid, "ann@example.org")
        assert read_calendar(text, own).objects[0].extra == ()
        assert read_calendar(text, FRESH).objects[0].extra != ()

    def test_more_than_twenty_are_kept_in_the_text(self):
        blocks = [
            line for n in range(25) for line in ("BEGIN:VALARM", "ACTION:EMAIL", f"TRIGGER:-PT{n}M", "END:VALARM")
        ]
        made = read_one(*blocks)
        assert len(made.alarms) == 20
        assert written(made).count("BEGIN:VALARM") == 25


class TestTasks:
    def family(self):
        parent = Task("p", "c", "parent@x", "Refit", 0, 0)
        return parent, Task("k", "c", "child@x", "Rudder", 0, 0, parent_id="p")

    def test_name_their_parents_by_uid(self):
        parent, child = self.family()
        assert "RELATED-TO:parent@x\r\n" in write_calendar([child, parent])
        assert "RELATED-TO" not in write_calendar([child])
        assert "RELATED-TO:parent@x\r\n" in write_calendar([child], Heading(parents={"p": "parent@x"}))

    def test_done_once_of_a_series_name_the_series(self):
        series = Task("s", "c", "series@x", "Ferns", 0, 0, due=Time(NINE, "UTC"), recurrence=("RRULE:FREQ=DAILY",))
        done = Task("d", "c", "done@x", "Ferns", 0, 0, due=Time(NINE - DAY, "UTC"), status="COMPLETED", completed=NINE,
                    recurrence_id=Time(NINE - DAY, "UTC"), series_id="s")  # fmt: skip
        text = write_calendar([series, done])
        assert "RELATED-TO;RELTYPE=X-AURORA-SERIES:series@x\r\n" in text
        fresh = Fresh("c", NOW, {"series@x": "s", "done@x": "d"}.__getitem__)
        assert read_calendar(text, fresh).objects == [series, done]

    def test_page_by_page_they_find_parents_that_are_known(self):
        parent, child = self.family()
        writer = CalendarWriter()
        writer.know([parent])
        writer.add(child)
        writer.add(parent)
        assert "RELATED-TO:parent@x\r\n" in writer.text()

    def test_other_relations_stay_and_another_parent_takes_the_place_of_the_old(self):
        child = read_one("RELATED-TO;RELTYPE=CHILD:kid@x", "RELATED-TO:old@x", kind="VTODO", start="SUMMARY:Rudder")
        assert "RELATED-TO:old@x" in written(child)
        text = write_calendar([msgspec.structs.replace(child, parent_id="p")], Heading(parents={"p": "parent@x"}))
        assert "RELATED-TO:parent@x\r\n" in text
        assert "RELATED-TO;RELTYPE=CHILD:kid@x\r\n" in text
        assert "old@x" not in text

    def test_the_wording_of_a_parent_is_kept_while_he_is_the_parent(self):
        text = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
            + "".join(
                f"BEGIN:VTODO\r\nUID:{uid}\r\nDTSTAMP:20261101T080000Z\r\n{more}END:VTODO\r\n"
                for uid, more in (("p", ""), ("k", "RELATED-TO;RELTYPE=PARENT;X-GAP=P1D:p\r\n"))
            )
            + "END:VCALENDAR\r\n"
        )
        objects = read_calendar(text, FRESH).objects
        assert objects[1].parent_id == "p"
        again = write_calendar(objects)
        assert again.count("RELATED-TO") == 1
        assert "RELATED-TO;RELTYPE=PARENT;X-GAP=P1D:p\r\n" in again


class TestZones:
    @pytest.mark.parametrize("tzid", ["Europe/Berlin", "Africa/Casablanca", "America/Sao_Paulo", "Australia/Lord_Howe"])
    def test_each_has_a_vtimezone_that_is_true_for_what_is_written(self, tzid):
        made = event(tz=tzid, recurrence=("RRULE:FREQ=WEEKLY",), start="20200106T090000")
        text = write_calendar([made])
        told = zone_from_vtimezone(text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")])
        window = Window(parse_instant("2020-01-01T00:00:00Z"), parse_instant("2050-01-01T00:00:00Z"))
        starts = [each.start for each in occurrences_in(made, window, zone("UTC"))]
        assert len(starts) > 1500
        assert all(told.instant(start.wall) == zone(tzid).instant(start.wall) for start in starts)

    def test_of_times_that_stand_in_unknown_lines_too(self):
        made = read_one("X-LANDS;TZID=Asia/Tokyo:20261124T200000", "X-WHERE;TZID=Nowhere:20261124T200000")
        text = write_calendar([made])
        assert "TZID:Asia/Tokyo\r\n" in text
        assert "TZID:Nowhere" not in text

    def test_under_the_name_that_the_line_uses(self):
        text = write_calendar([read_one('X-LANDS;TZID="Tokyo Standard Time":20261124T200000')])
        assert "TZID:Tokyo Standard Time\r\n" in text

    def test_are_not_needed_for_utc_dates_and_floating_times(self):
        assert "VTIMEZONE" not in write_calendar([event(tz="UTC"), event(tz="")])

    def test_span_all_that_uses_them(self):
        text = write_calendar([event(start="20300101T090000"), event(start="19800615T090000")])
        assert text.count("BEGIN:VTIMEZONE") == 1
        told = zone_from_vtimezone(text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")])
        for wall in random.Random(1).sample(
            range(parse_wall("1980-06-15T09:00:00"), parse_wall("2030-01-01T00:00:00")), 300
        ):
            assert told.instant(wall) == zone("Europe/Berlin").instant(wall)


class TestHeading:
    def test_says_who_wrote_it_and_what_it_is(self):
        heading = Heading(
            "Work; mine", "REQUEST", ("X-WR-CALDESC:All", "REFRESH-INTERVAL;VALUE=DURATION:P1D"), stamp=NOW
        )
        lines = write_calendar([event()], heading).split("\r\n")
        assert lines[:9] == [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Aurora Time//Aurora Time//EN", "CALSCALE:GREGORIAN",
            "METHOD:REQUEST", "NAME:Work\\; mine", "X-WR-CALNAME:Work\\; mine", "X-WR-CALDESC:All",
            "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        ]  # fmt: skip
        reading = read_calendar("\r\n".join(lines), FRESH)
        assert (reading.name, reading.method) == ("Work; mine", "REQUEST")

    def test_nothing_can_break_out_of_its_line(self):
        made = event(url="https://x/\r\nATTACH:evil", location="a\r\nATTACH:evil", status="CONFIRMED\nATTACH:evil")
        lines = write_calendar([made], Heading("a\r\nATTACH:evil", lines=("X-A:b\r\nATTACH:evil",))).split("\r\n")
        assert not any(line.startswith("ATTACH") for line in lines)

    def test_an_empty_calendar_is_one(self):
        assert read_calendar(write_calendar([]), FRESH).report == ()


class TestColours:
    def test_names_are_known_in_any_case_and_near_ones_found(self):
        assert hex_of("MidnightBlue") == "#191970"
        assert hex_of("#2F9E44") == "#2F9E44"
        assert hex_of("octarine") is None
        assert nearest("#191971") == "midnightblue"

    def test_what_another_program_changed_counts(self):
        made = read_one("COLOR;X-AURORA-RGB=2f9e44:red")
        assert made.color == "#ff0000"
        assert read_one("COLOR;X-AURORA-RGB=2f9e44:seagreen").color == "#2f9e44"
