"""All-day as Exchange writes it: from midnight to midnight of a zone, and what the series says in UTC beside it."""

from __future__ import annotations

from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_merge import merged
from aurora_time.domain.icalendar_writer import write_calendar
from aurora_time.domain.moment import Window, parse_instant, print_date
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import zone

FRESH = Fresh("c", 1_795_000_000, lambda uid: uid)
ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"


def event(*lines):
    return ("BEGIN:VEVENT", "UID:u", "DTSTAMP:20261101T080000Z", *lines, "END:VEVENT")


def days(first, after, tzid="W. Europe Standard Time"):
    return (f"DTSTART;TZID={tzid}:{first}T000000", f"DTEND;TZID={tzid}:{after}T000000", ALL_DAY)


def read(*lines):
    text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))
    (made,) = read_calendar(text, FRESH).objects
    assert read_calendar(write_calendar([made]), FRESH).objects == [made]
    return made


def shown(made):
    window = Window(parse_instant("2026-11-01T00:00:00Z"), parse_instant("2027-02-01T00:00:00Z"))
    return [(print_date(each.start.wall)[5:], each.event.summary) for each in occurrences_in(made, window, zone("UTC"))]


def plain(*named):
    return [(day, "") for day in named]


def test_a_series_ends_on_the_day_that_its_until_means():
    made = read(*event(*days("20261201", "20261202"), "RRULE:FREQ=DAILY;UNTIL=20261203T230000Z"))
    assert shown(made) == plain("12-01", "12-02", "12-03", "12-04")
    west = days("20261201", "20261202", "Pacific Standard Time")
    made = read(*event(*west, "RRULE:FREQ=DAILY;UNTIL=20261203T080000Z"))
    assert shown(made) == plain("12-01", "12-02", "12-03")


def test_the_day_that_is_meant_is_left_out():
    lines = ("RRULE:FREQ=DAILY;COUNT=4", "EXDATE;X-A=1:20261201T230000Z,20261203T000000", "RDATE:20261209T230000Z")
    made = read(*event(*days("20261201", "20261202"), *lines))
    assert shown(made) == plain("12-01", "12-04", "12-10")
    assert made.recurrence[1:] == ("EXDATE;X-A=1;VALUE=DATE:20261202,20261203", "RDATE;VALUE=DATE:20261210")


def test_the_occurrence_that_is_meant_is_changed():
    master = event(*days("20261201", "20261202"), "RRULE:FREQ=DAILY;COUNT=4")
    moved = event(*days("20261205", "20261206"), "RECURRENCE-ID:20261202T230000Z", "SUMMARY:Moved")
    timed = event(
        "DTSTART:20261202T120000Z", "DTEND:20261202T130000Z", "RECURRENCE-ID:20261201T230000Z", "SUMMARY:Timed"
    )
    made = read(*master, *moved, *timed)
    assert shown(made) == [("12-01", ""), ("12-02", "Timed"), ("12-04", ""), ("12-05", "Moved")]


def test_an_occurrence_alone_finds_its_day_in_a_series_that_is_there():
    series = read(*event(*days("20261201", "20261202"), "RRULE:FREQ=DAILY;COUNT=4"))
    alone = read(*event(*days("20261205", "20261206"), "RECURRENCE-ID:20261202T230000Z", "SUMMARY:Moved"))
    assert shown(merged(series, alone)) == [("12-01", ""), ("12-02", ""), ("12-04", ""), ("12-05", "Moved")]


def test_days_that_are_written_as_days_stay_as_they_are():
    made = read(*event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;UNTIL=20261203T230000Z"))
    assert made.recurrence == ("RRULE:FREQ=DAILY;UNTIL=20261203T230000Z",)
