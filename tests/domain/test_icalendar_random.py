"""Random components through the writer and back, and random texts through the reader: equal, never a crash."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aurora_time.domain.component import Alarm, Attendee, Event, Task, Time
from aurora_time.domain.content_lines import (
    escape,
    folded,
    parameter_value,
    parse_line,
    split_text,
    unescape,
    unfold,
)
from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_report import Report
from aurora_time.domain.icalendar_writer import Heading, write_calendar
from aurora_time.domain.moment import DAY, parse_wall
from tests.domain.steps import steps

FRESH = Fresh("c", 1_795_000_000, lambda uid: f"id of {uid}", "ann@example.org")
HEADING = Heading(address="ann@example.org")
ZONES = ("Europe/Berlin", "Asia/Ho_Chi_Minh", "America/New_York", "UTC", "Australia/Lord_Howe", "")
NO_CONTROLS = st.characters(exclude_categories=("Cs", "Cc"))
TEXT = st.text(NO_CONTROLS | st.sampled_from("\n\\;,:^\"' "), max_size=200)
LINE = st.text(NO_CONTROLS, max_size=120)
WORD = st.text(NO_CONTROLS | st.sampled_from(",;\\"), min_size=1, max_size=30).map(str.strip).filter(bool)
WALLS = st.integers(parse_wall("1990-01-01T00:00:00"), parse_wall("2090-01-01T00:00:00"))
INSTANTS = st.integers(0, 4_000_000_000)
NAMES = st.from_regex(r"\AX-[A-Z]{3,9}\Z").filter(lambda name: not name.startswith("X-AURORA"))
ADDRESSES = st.from_regex(r"\A[a-z0-9.+]{1,10}@[a-z]{1,8}\.org\Z")
PEOPLE = st.builds(
    Attendee,
    ADDRESSES,
    st.text(NO_CONTROLS | st.just('"'), max_size=40).map(lambda name: " ".join(name.split())),
    st.sampled_from(("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")),
    st.sampled_from(("CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT")),
    st.booleans(),
)
CHANNELS = st.sampled_from(("email", "browser"))
MINUTES = st.builds(Alarm, CHANNELS, st.integers(0, 366 * 1440))
BY_CLOCK = st.builds(Alarm, CHANNELS, st.none(), st.integers(0, 366), st.integers(0, DAY - 1))


@st.composite
def times(draw):
    wall = draw(WALLS)
    if draw(st.booleans()):
        return Time(wall - wall % DAY, "", True)
    return Time(wall, draw(st.sampled_from(ZONES)))


@st.composite
def unknown_lines(draw):
    """Properties and subcomponents that no field stands for."""
    found = []
    for name in draw(st.lists(NAMES, max_size=3)):
        parameter = draw(st.sampled_from(("", ";X-P=1", ';X-Q="a;b:c"', ";X-R=d,e")))
        found.append(f"{name}{parameter}:{draw(LINE)}")
    if draw(st.booleans()):
        found += ["BEGIN:X-PART", f"X-INNER:{draw(LINE)}", "BEGIN:VALARM", "END:VALARM", "END:X-PART"]
    return tuple(found)


def unique(alarms):
    return tuple(dict.fromkeys(alarms))


@st.composite
def events(draw, uid, original=None):
    start = draw(times())
    length = draw(st.integers(0, 40 * DAY))
    end = Time(
        start.wall + (length // DAY + 1) * DAY if start.is_date else start.wall + length, start.tzid, start.is_date
    )
    alarms = draw(st.none() | st.lists(BY_CLOCK if start.is_date else MINUTES | BY_CLOCK, max_size=5).map(unique))
    people = draw(st.lists(PEOPLE, max_size=3, unique_by=lambda person: person.email))
    rule = ("RRULE:FREQ=WEEKLY;INTERVAL=2",) if original is None and draw(st.booleans()) else ()
    return Event(
        f"id of {uid}", "c", uid, draw(TEXT), start, end, draw(INSTANTS), draw(INSTANTS),
        description=draw(TEXT), location=draw(TEXT), url=draw(st.sampled_from((None, "https://example.org/a,b;c"))),
        recurrence=rule, alarms=alarms, attendees=tuple(people), organizer=draw(st.none() | PEOPLE),
        status=draw(st.sampled_from(("TENTATIVE", "CONFIRMED", "CANCELLED"))),
        transparency=draw(st.sampled_from(("OPAQUE", "TRANSPARENT"))),
        visibility=draw(st.sampled_from(("DEFAULT", "PUBLIC", "PRIVATE", "CONFIDENTIAL"))),
        color=draw(st.none() | st.from_regex(r"\A#[0-9a-f]{6}\Z")),
        categories=tuple(draw(st.lists(WORD, max_size=3, unique=True))), sequence=draw(st.integers(0, 99)),
        recurrence_id=original, extra=draw(unknown_lines()),
    )  # fmt: skip


@st.composite
def series(draw):
    uid = draw(WORD)
    master = draw(events(uid))
    if not master.recurrence:
        return master
    walls = sorted(draw(st.sets(st.integers(0, 20), max_size=3)))
    originals = [msgspec.structs.replace(master.start, wall=master.start.wall + week * 14 * DAY) for week in walls]
    return msgspec.structs.replace(master, overrides=tuple(draw(events(uid, original)) for original in originals))


@st.composite
def tasks(draw):
    uid = draw(WORD)
    due, start = draw(st.none() | times()), None
    if due is not None and draw(st.booleans()):
        start = msgspec.structs.replace(due, wall=due.wall - draw(st.integers(0, 9)) * DAY)
    anchor = due or start
    alarms = None
    if anchor is not None:
        alarms = draw(st.none() | st.lists(BY_CLOCK if anchor.is_date else MINUTES | BY_CLOCK, max_size=3).map(unique))
    done = draw(st.none() | INSTANTS)
    return Task(
        f"id of {uid}", "c", uid, draw(TEXT), draw(INSTANTS), draw(INSTANTS), due=due, start=start, completed=done,
        description=draw(TEXT), percent=draw(st.integers(0, 100)), priority=draw(st.integers(0, 9)),
        status="COMPLETED" if done is not None else draw(st.sampled_from(("NEEDS-ACTION", "IN-PROCESS"))),
        recurrence=("RRULE:FREQ=DAILY",) if anchor is not None and draw(st.booleans()) else (), alarms=alarms,
        categories=tuple(draw(st.lists(WORD, max_size=3, unique=True))), extra=draw(unknown_lines()),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(series() | tasks())
def test_what_is_written_reads_back_equal(made):
    written = write_calendar([made], HEADING)
    reading = read_calendar(written, FRESH)
    assert reading.report == ()
    assert reading.objects == [made]
    assert write_calendar(reading.objects, HEADING) == written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(tasks(), min_size=2, max_size=4, unique_by=lambda task: task.uid))
def test_subtasks_find_their_parents(made):
    family = [made[0], *(msgspec.structs.replace(task, parent_id=made[0].id) for task in made[1:])]
    assert read_calendar(write_calendar(family, HEADING), FRESH).objects == family
    alone = write_calendar(family[1:2], Heading(address="ann@example.org", parents={made[0].id: made[0].uid}))
    assert f"RELATED-TO:{escape(made[0].uid)}" in alone.replace("\r\n ", "")


PIECES = st.sampled_from((
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTODO", "END:VTODO", "BEGIN:VALARM",
    "END:VALARM", "BEGIN:VTIMEZONE", "TZID:Here", "END:VTIMEZONE", "BEGIN:STANDARD", "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0100", "END:STANDARD", "UID:a", "UID:b", "DTSTART:20261124T090000Z", "DTSTART;VALUE=DATE:20261124",
    "DTSTART;TZID=Here:20261124T090000", "DTSTART;TZID=Europe/Berlin;X-A=1:20261124T090000", "DTEND:20261125",
    "DTEND;TZID=Here:20261124T080000", "DURATION:PT1H", "DUE:20261124T100000", "RRULE:FREQ=DAILY", "RRULE:FREQ=",
    "RECURRENCE-ID:20261125T090000Z", "RECURRENCE-ID;VALUE=DATE:20261125", "EXDATE:20261126T090000Z", "EXDATE:x",
    "SUMMARY;LANGUAGE=en:Hi", "SUMMARY:", "ACTION:EMAIL", "TRIGGER:-PT5M", "TRIGGER;RELATED=END:PT0S",
    "ATTENDEE;CN=x:mailto:a@b", "ATTENDEE:urn:x", "ORGANIZER;X=1:mailto:a@b", "ORGANIZER:x", "RELATED-TO:b",
    "RELATED-TO;RELTYPE=CHILD:a", "STATUS:COMPLETED", "COMPLETED:20261124T090000Z", "COLOR:red", "COLOR:odd",
    "CATEGORIES;X=1:a,b", "CATEGORIES:c", "X-AURORA-ALARMS:NONE", " folded", "odd line", "", "X-B;C=\"d:1", ":", ";:",
))  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | LINE, max_size=40))
def test_any_text_is_read_and_what_was_read_comes_back(lines):
    reading = read_calendar("\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines]), FRESH)
    written = write_calendar(reading.objects, HEADING)
    again = read_calendar(written, FRESH)
    assert again.errors == ()
    assert again.objects == reading.objects


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(data):
    for text in (data, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261124T090000Z\n" + data + b"\nEND:VEVENT"):
        reading = read_calendar(text, FRESH)
        assert read_calendar(write_calendar(reading.objects, HEADING), FRESH).objects == reading.objects


@given(TEXT)
def test_text_survives_escaping_folding_and_quoting(text):
    assert unescape(escape(text)) == text
    lines = folded(f"X:{escape(text)}")
    assert all(len(line.encode()) <= 75 for line in lines.split("\r\n"))
    ((_, line),) = unfold(lines, Report())
    assert line == f"X:{escape(text)}"
    assert parse_line(1, f"X;A={parameter_value(text)};B=1:v").parameters == {"A": text, "B": "1"}


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_lists_of_text_survive(texts):
    assert split_text(",".join(map(escape, texts))) == texts


EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261124T090000Z\r\n{1}END:VEVENT\r\n"


HOSTILE = {
    "one line folded into many": lambda n: EVENT.format(1, "SUMMARY:" + "a\r\n " * n + "\r\n"),
    "a line that goes on without blanks": lambda n: EVENT.format(1, "SUMMARY:\r\n" + "?\r\n" * n),
    "blank lines": lambda n: EVENT.format(1, "\r\n" * n),
    "deep nesting": lambda n: EVENT.format(1, "BEGIN:X\r\n" * n),
    "deep nesting of many kinds, each end missing": lambda n: EVENT.format(
        1, "".join(f"BEGIN:X{i}\r\n" for i in range(n // 2)) + "END:Y\r\n" * (n // 2)
    ),
    "events without an end": lambda n: "BEGIN:VEVENT\r\nDTSTART:20261124T090000Z\r\n" * (n // 4),
    "overrides of one series": lambda n: "".join(
        EVENT.format(1, f"RECURRENCE-ID:{20260101 + i % 28}T{i % 24:02}{i // 24 % 60:02}00Z\r\n") for i in range(n // 5)
    ),
    "copies of one event": lambda n: EVENT.format(1, "") * (n // 5),
    "attendees": lambda n: "".join(
        EVENT.format(i, "".join(f"ATTENDEE:mailto:a{j}@b\r\n" for j in range(999))) for i in range(n // 1000)
    ),
    "dates that are left out": lambda n: EVENT.format(
        1, "RRULE:FREQ=DAILY\r\nEXDATE:" + ",".join(["20261124T090000Z"] * (n // 4)) + "\r\n"
    ),
    "parameters": lambda n: EVENT.format(1, "X-A" + ";B=1" * n + ":c\r\n"),
    "quotes that are never closed": lambda n: EVENT.format(1, 'X-A;B="' * 3 + '"x' * n + "\r\n"),
    "backslashes": lambda n: EVENT.format(1, "CATEGORIES:" + "\\," * n + "\r\n"),
    "alarms": lambda n: EVENT.format(1, "BEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n" * (n // 4)),
    "zones of its own": lambda n: "".join(
        f"BEGIN:VTIMEZONE\r\nTZID:Z{i}\r\nEND:VTIMEZONE\r\n"
        f"BEGIN:VEVENT\r\nUID:{i}\r\nDTSTART;TZID=Z{i}:20261124T090000\r\nEND:VEVENT\r\n"
        for i in range(n // 7)
    ),
    "unknown zones": lambda n: "".join(
        f"BEGIN:VEVENT\r\nUID:{i}\r\nDTSTART;TZID=No{i}:20261124T090000\r\nEND:VEVENT\r\n" for i in range(n // 4)
    ),
    "a long zone that cannot be read, in every event": lambda n: (
        "BEGIN:VTIMEZONE\r\nTZID:Ship\r\n" + "X-A:b\r\n" * (n // 2) + "END:VTIMEZONE\r\n"
        + "".join(
            f"BEGIN:VEVENT\r\nUID:{i}\r\nDTSTART;TZID=Ship:20261124T090000\r\nEND:VEVENT\r\n" for i in range(n // 8)
        )
    ),
}  # fmt: skip
WITHIN_A_LINE = ("one line folded into many", "parameters", "quotes that are never closed", "backslashes")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_costs_what_its_length_says(kind):
    small, large = (f"BEGIN:VCALENDAR\r\n{HOSTILE[kind](n)}END:VCALENDAR\r\n" for n in (1_000, 10_000))
    read_calendar(small, FRESH)  # so that what is read once and kept is not counted
    few, many = (steps(lambda text=text: read_calendar(text, FRESH)) for text in (small, large))
    assert many < 13 * max(few, 10_000), f"{few:,} steps, then {many:,}"
    assert len(read_calendar(large, FRESH).report) <= 1_001


@pytest.mark.parametrize("kind", WITHIN_A_LINE)
def test_long_lines_are_read_at_all(kind):
    """What costs more than its length says within a regular expression would not end before the test's time is up."""
    read_calendar(f"BEGIN:VCALENDAR\r\n{HOSTILE[kind](500_000)}END:VCALENDAR\r\n", FRESH)
