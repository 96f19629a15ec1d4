"""iCalendar text, beside the ``icalendar`` package: reading and writing a calendar of typical events."""

from __future__ import annotations

from collections.abc import Iterator

import icalendar

from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_writer import write_calendar
from benchmarks.measure import Figure, best

_EVENTS = 500
_PART = "iCalendar text"
_NOW = 1_795_000_000


def _event(number: int) -> Iterator[str]:
    """A meeting of 15 lines as calendars in the field write it."""
    day = f"2026{number % 12 + 1:02}{number % 28 + 1:02}"
    yield "BEGIN:VEVENT"
    yield f"UID:{number:08}-meeting@example.org"
    yield "DTSTAMP:20261101T080000Z"
    yield "CREATED:20261001T080000Z"
    yield "LAST-MODIFIED:20261101T080000Z"
    yield f"DTSTART;TZID=Europe/Berlin:{day}T{number % 9 + 8:02}0000"
    yield f"DTEND;TZID=Europe/Berlin:{day}T{number % 9 + 8:02}4500"
    yield f"SUMMARY:Weekly review no. {number}\\, with the northern team"
    yield r"DESCRIPTION:What we decided last time\, and what is still open.\nBring the figures"
    yield "  of the month."
    yield "LOCATION:Room 12"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:OPAQUE"
    yield f"SEQUENCE:{number % 3}"
    yield "CATEGORIES:WORK,REVIEW"
    yield "END:VEVENT"


def _text() -> str:
    heading = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar//EN")
    lines = (line for number in range(_EVENTS) for line in _event(number))
    return "\r\n".join((*heading, *lines, "END:VCALENDAR", ""))


def run() -> list[Figure]:
    text, fresh = _text(), Fresh("calendar", _NOW, lambda uid: uid)
    reading, theirs = read_calendar(text, fresh), icalendar.Calendar.from_ical(text)
    if len(reading.objects) != _EVENTS or reading.report:
        raise RuntimeError(f"{len(reading.objects)} events were read, with {len(reading.report)} notes")

    def read_theirs() -> None:
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
            _ = event.decoded("DTSTART"), event.decoded("DTEND")

    read = best(lambda: read_calendar(text, fresh)) / _EVENTS * 1e6
    peer_read = best(read_theirs) / _EVENTS * 1e6
    write = best(lambda: write_calendar(reading.objects)) / _EVENTS * 1e6
    peer_write = best(theirs.to_ical) / _EVENTS * 1e6
    return [
        Figure(_PART, "reading an event of 15 lines", read, "µs", 100, False, "icalendar", peer_read),
        Figure(_PART, "writing it", write, "µs", 20, False, "icalendar", peer_write),
    ]
