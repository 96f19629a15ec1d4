"""Every text in tests/ics, by name: what is read of it, and that it comes back the same.

tests/ics/readings.json says what each text is read as; UPDATE_READINGS=1 writes it anew, for eyes to go over.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from aurora_time.domain.component import Event
from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_writer import write_calendar

ICS = Path(__file__).parents[1] / "ics"
READINGS = ICS / "readings.json"
NAMES = sorted(path.stem for path in ICS.glob("*.ics"))
FRESH = Fresh("calendar", 1_795_000_000, lambda uid: f"id of {uid}")
OURS = re.compile(
    r"(BEGIN|END|UID|SUMMARY|DESCRIPTION|LOCATION|URL|STATUS|TRANSP|CLASS|CATEGORIES|COLOR|SEQUENCE|CREATED|DTSTAMP|"
    r"LAST-MODIFIED|DTSTART|DTEND|DUE|DURATION|COMPLETED|PERCENT-COMPLETE|RECURRENCE-ID|RRULE|RDATE|EXDATE|ORGANIZER|"
    r"RELATED-TO|X-AURORA-ALARMS)\b",
    re.IGNORECASE,
)
"""Properties that fields stand for; ATTENDEE and PRIORITY are among them only for one kind of component."""


def bytes_of(name: str) -> bytes:
    return (ICS / f"{name}.ics").read_bytes()


def shown_time(time):
    return None if time is None else time.moment.ical() + (f" {time.tzid}" if time.tzid else "")


def shown(made):
    """What a person would look at, without what is not there."""
    last = made.end if isinstance(made, Event) else made.due
    alarms = made.alarms
    said = {
        "kind": type(made).__name__,
        "uid": made.uid[:60],
        "summary": made.summary[:60],
        "start": shown_time(made.start),
        "end": shown_time(last),
        "recurrence": list(made.recurrence),
        "recurrenceId": shown_time(made.recurrence_id),
        "status": made.status,
        "alarms": None if alarms is None else [list(alarm.__rich_repr__()) for alarm in alarms],
        "attendees": [each.email for each in getattr(made, "attendees", ())],
        "parent": getattr(made, "parent_id", None),
        "extra": len(made.extra),
        "overrides": [shown(each) for each in made.overrides],
    }
    if alarms:
        said["alarms"] = [f"{a.days_before} days, at {a.at}" if a.is_wall_clock else a.minutes_before for a in alarms]
    elif alarms is not None:
        said["alarms"] = "none"
    return {key: value for key, value in said.items() if value not in (None, [], 0)}


def reading_of(name):
    reading = read_calendar(bytes_of(name), FRESH)
    notes = [f"{note.line} {note.severity} {note.what}: {note.why}" for note in reading.report]
    return {"objects": [shown(each) for each in reading.objects], "notes": notes}


def unfolded(data: bytes) -> list[str]:
    text = data.decode().replace("\r\n ", "").replace("\r\n\t", "")
    return [line for line in text.split("\r\n") if line]


def within_components(lines: list[str]) -> list[str]:
    """The lines of VEVENT and VTODO that no field stands for, and those of their subcomponents but mailed alarms."""
    found: list[str] = []
    depth = 0
    for line in lines:
        if line.startswith(("BEGIN:VEVENT", "BEGIN:VTODO")):
            depth = 1
        elif line.startswith(("END:VEVENT", "END:VTODO")):
            depth = 0
        elif depth:
            depth += line.startswith("BEGIN:") - line.startswith("END:")
            if not OURS.match(line) or depth > 1:
                found.append(line)
    return found


def test_there_are_two_hundred_texts():
    assert len(NAMES) >= 200


def test_the_readings_are_as_they_were_gone_over():
    found = {name: reading_of(name) for name in NAMES}
    if os.environ.get("UPDATE_READINGS"):
        READINGS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    expected = json.loads(READINGS.read_text())
    assert found.keys() == expected.keys()
    different = [name for name in NAMES if found[name] != expected[name]]
    assert different == []


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_the_same(name):
    reading = read_calendar(bytes_of(name), FRESH)
    written = write_calendar(reading.objects)
    again = read_calendar(written, FRESH)
    assert again.objects == reading.objects
    assert write_calendar(again.objects) == written
    # What we write has nothing to mend, save what stands in it because it was in the text before.
    assert {note.what for note in again.report} <= {note.what for note in reading.report}
    assert again.errors == ()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_keeps_the_form(name):
    written = write_calendar(read_calendar(bytes_of(name), FRESH).objects)
    assert written.endswith("END:VCALENDAR\r\n")
    assert "\n" not in written.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    zones = set(re.findall(r"TZID:(.*)\r\n", written))
    used = {match.strip('"') for match in re.findall(r";TZID=(\"[^\"]*\"|[^;:]*)[;:]", written.replace("\r\n ", ""))}
    assert used == zones
    if name == "broken_alarm_without_trigger":
        return  # what cannot be read of an alarm stays as it was
    components = icalendar.Calendar.from_ical(written).walk()
    assert all("DTSTAMP" in each and "UID" in each for each in components if each.name in ("VEVENT", "VTODO"))


LEFT_OUT = ("broken_", "invitation_", "lotus_notes_meeting", "zone_that_nobody_keeps_series")
WHOLE = [name for name in NAMES if not name.startswith(LEFT_OUT)]


@pytest.mark.parametrize("name", WHOLE)
def test_unknown_lines_come_back_byte_for_byte(name):
    data = bytes_of(name)
    kept = Counter(unfolded(write_calendar(read_calendar(data, FRESH).objects).encode()))
    lost = Counter(within_components(unfolded(data))) - kept
    ours = re.compile(r"ATTENDEE|PRIORITY|ACTION:EMAIL|TRIGGER|SUMMARY|DESCRIPTION")
    assert {line for line in lost if not ours.match(line)} == set()


def moment(value):
    """A date, a floating time or an instant, as the oracle read it."""
    if isinstance(value, datetime):
        return value.timestamp() if value.tzinfo else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def spans(text):
    """Summary, start and end of every event, as the oracle reads them."""
    found = []
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        start = event.decoded("DTSTART")
        end = event.decoded("DTEND") if "DTEND" in event else None
        if end is None:
            none = timedelta(0 if isinstance(start, datetime) else 1)
            end = start + (event.decoded("DURATION") if "DURATION" in event else none)
        found.append((str(event.get("SUMMARY", "")), moment(start), moment(end)))
    return sorted(found, key=str)


def is_for_the_oracle(name):
    """It reads one calendar a text, knows no zone's other names, and takes 24 hours for a day."""
    return name.startswith(
        ("rfc", "google", "thunderbird_e", "fastmail_e", "zoom", "school", "sports", "train", "airline")
    )


@pytest.mark.parametrize("name", [name for name in WHOLE if is_for_the_oracle(name)])
def test_another_library_reads_the_same_of_both_texts(name):
    data = bytes_of(name)
    written = write_calendar(read_calendar(data, FRESH).objects)

    assert spans(written) == spans(data)
