# ruff: noqa: DTZ001 - dateutil counts on the clock of the wall, which has no zone
"""Random series through the reader and the writer: at the instants that ``icalendar`` and ``dateutil`` make of both."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rruleset, rrulestr

from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.icalendar_writer import write_calendar
from aurora_time.domain.moment import Window, parse_instant
from aurora_time.domain.series import occurrences_in
from aurora_time.domain.zones import resolve, zone

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
FRESH = Fresh("c", 1_795_000_000, lambda uid: uid)
HOME = "Europe/Berlin"
WINDOW = Window(parse_instant("2025-12-01T00:00:00Z"), parse_instant("2027-12-01T00:00:00Z"))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Ho_Chi_Minh", "Australia/Lord_Howe", "America/Sao_Paulo",
         "W. Europe Standard Time", "Eastern Standard Time")  # fmt: skip
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=DAILY;INTERVAL=3", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=-1FR",
         "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYMONTHDAY=15,-1")  # fmt: skip
MONTHS = (1, 3, 3, 6, 10, 10, 11)


class Writing:
    """How the times of a series are written: in a zone, in UTC, floating or as days."""

    def __init__(self, rng):
        self.kind = rng.choice(("zone", "zone", "utc", "floating", "day"))
        self.tzid = rng.choice(ZONES)
        self.parameter = {"zone": f";TZID={self.tzid}", "day": ";VALUE=DATE"}.get(self.kind, "")

    def value(self, time):
        if self.kind == "day":
            return f"{time:%Y%m%d}"
        return f"{time:%Y%m%dT%H%M%S}{'Z' if self.kind == 'utc' else ''}"

    def line(self, name, *times):
        return f"{name}{self.parameter}:{','.join(map(self.value, times))}"

    def in_utc(self, time):
        """As UNTIL has it, and RECURRENCE-ID of some programs: in UTC, where there is a zone."""
        if self.kind != "zone":
            return self.value(time)
        return f"{time.replace(tzinfo=ZoneInfo(resolve(self.tzid).id)).astimezone(UTC):%Y%m%dT%H%M%S}Z"


def component(*lines):
    return ("BEGIN:VEVENT", "UID:u", "DTSTAMP:20261101T080000Z", *lines, "END:VEVENT")


def random_series(rng):
    writing = Writing(rng)
    start = datetime(2026, rng.choice(MONTHS), rng.randint(1, 28), rng.randint(3, 23), rng.choice((0, 15, 30)))
    rule = rng.choice(RULES)
    limits = ["", f";UNTIL={writing.in_utc(start + timedelta(days=rng.randint(1, 200)))}"]
    if "BY" not in rule:  # where the start is none of the rule's, peers differ on whether COUNT counts it
        limits.append(f";COUNT={rng.randint(1, 30)}")
    lines = [writing.line("DTSTART", start), f"RRULE:{rule}{rng.choice(limits)}"]
    for name in ("EXDATE", "RDATE"):
        days = [start + timedelta(days=rng.randint(0, 40)) for _ in range(rng.randint(0, 4))]
        lines += [writing.line(name, *days)] if days else []
    changes = []
    for original in {start + timedelta(days=7 * rng.randint(0, 8)) for _ in range(rng.randint(0, 2))}:
        named = rng.choice((f"RECURRENCE-ID:{writing.in_utc(original)}", writing.line("RECURRENCE-ID", original)))
        if writing.kind == "day":
            named = writing.line("RECURRENCE-ID", original)
        moved = writing.line("DTSTART", original + timedelta(days=rng.randint(-20, 20)))
        changes += component(named, moved, rng.choice(("STATUS:CONFIRMED", "STATUS:CANCELLED")))
    text = ("BEGIN:VCALENDAR", "VERSION:2.0", *component(*lines), *changes, "END:VCALENDAR", "")
    return "\r\n".join(text)


def instant(value, tz=None):
    time = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return int((time if time.tzinfo else time.replace(tzinfo=tz or ZoneInfo(HOME))).timestamp())


def wall(value, tz):
    """On the clock of the series, as dateutil is to count."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return (value.astimezone(tz) if tz and value.tzinfo else value).replace(tzinfo=None)


def listed(lines):
    found = [] if lines is None else lines if isinstance(lines, list) else [lines]
    return [each.dt for line in found for each in line.dts]


def theirs(text):
    master, *changes = icalendar.Calendar.from_ical(text).walk("VEVENT")
    start = master.decoded("DTSTART")
    tz = start.tzinfo if isinstance(start, datetime) else None
    rule = icalendar.vRecur(master["RRULE"])
    if "UNTIL" in rule:
        rule["UNTIL"] = [wall(rule["UNTIL"][0], tz)]
    found = rruleset()
    found.rdate(wall(start, tz))
    found.rrule(rrulestr(rule.to_ical().decode(), dtstart=wall(start, tz)))
    for each in listed(master.get("RDATE")):
        found.rdate(wall(each, tz))
    for each in listed(master.get("EXDATE")):
        found.exdate(wall(each, tz))
    changed = {instant(each.decoded("RECURRENCE-ID")): each for each in changes}
    given = {instant(each, tz) for each in found.between(datetime(2025, 1, 1), datetime(2028, 6, 1))}
    moved = {instant(each.decoded("DTSTART")) for each in changes if each["STATUS"] != "CANCELLED"}
    return sorted(each for each in given - changed.keys() | moved if WINDOW.start <= each < WINDOW.end)


def ours(objects):
    (made,) = objects
    home = zone(HOME)
    starts = {each.start.instant(home) for each in occurrences_in(made, WINDOW, home)}
    return sorted(each for each in starts if each >= WINDOW.start)


def test_series_are_when_other_libraries_say_before_and_after(effort: int):
    print(f"AURORA_TEST_SEED={SEED}")
    rng = random.Random(SEED)
    for _ in range(100 * effort):
        text = random_series(rng)
        reading = read_calendar(text, FRESH)
        assert reading.report == (), text
        told = f"seed {SEED}:\n{text}"
        assert ours(reading.objects) == theirs(text), told
        assert theirs(write_calendar(reading.objects)) == theirs(text), told
