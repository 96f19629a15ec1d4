"""Events and tasks -> iCalendar text (RFC 5545, 7986), with a VTIMEZONE for each zone that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aurora_time.domain.component import Alarm, Event, Task, Time
from aurora_time.domain.content_lines import Line, escape, folded, parse_line, unescape
from aurora_time.domain.icalendar_alarms import (
    NO_ALARMS,
    Block,
    anchor_of,
    print_alarm,
    read_alarm,
    read_alarms,
    without_alarms,
)
from aurora_time.domain.icalendar_component import EVENT_NAMES, SERIES, TASK_NAMES, relation
from aurora_time.domain.icalendar_fields import EVENT_FIELDS, TASK_FIELDS, print_instant, read_field
from aurora_time.domain.icalendar_people import print_people, read_attendee
from aurora_time.domain.icalendar_report import Report, UnreadableError
from aurora_time.domain.icalendar_values import Context, print_time, read_time
from aurora_time.domain.icalendar_zones import FileZones, OwnZones
from aurora_time.domain.moment import DAY, MAX_WALL, MIN_WALL, MomentError
from aurora_time.domain.vtimezone import vtimezone
from aurora_time.domain.zones import UnknownZoneError, resolve

PRODID: Final = "-//Aurora Time//Aurora Time//EN"
_AHEAD: Final = 30 * 366 * DAY
"""For so long after it was last changed, a VTIMEZONE is exact for what repeats."""
_EDGE: Final = 3 * DAY
_TIME_FIELDS: Final = {"DTSTART": "start", "DTEND": "end", "DUE": "due", "RECURRENCE-ID": "recurrence_id"}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a text says of the whole: ``stamp`` is the instant of an iTIP message, ``parents`` gives UIDs by id.

    ``address`` is where reminders are mailed; ``lines`` are further content lines of the calendar, unfolded. Without
    ``alarms`` none is written.
    """

    name: str = ""
    method: str = ""
    lines: tuple[str, ...] = ()
    address: str = ""
    alarms: bool = True
    stamp: int | None = None
    parents: Mapping[str, str] = field(default_factory=dict)


def write_calendar(objects: Iterable[Event | Task], heading: Heading = Heading()) -> str:
    """The text of objects with their overrides. What stands in ``extra`` is written back as it was read."""
    writer = CalendarWriter(heading)
    kept = list(objects)
    writer.know(kept)
    for each in kept:
        writer.add(each)
    return writer.text()


class CalendarWriter:
    """Takes objects one by one, so that a large calendar can be written page by page."""

    def __init__(self, heading: Heading = Heading()) -> None:
        self._heading = heading
        self._parents: dict[str, str] = dict(heading.parents)
        self._pieces: list[str] = []
        self._zones: dict[str, tuple[int, int]] = {}

    def know(self, objects: Iterable[Event | Task]) -> None:
        """Tasks may name these as their parents."""
        self._parents.update((each.id, each.uid) for each in objects if isinstance(each, Task))

    def add(self, made: Event | Task) -> None:
        """Write an object and its overrides."""
        self._add(made)
        for override in made.overrides:
            self._add(override)

    def text(self) -> str:
        """The whole calendar; the text ends with it."""
        heading = self._heading
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN"]
        if heading.method:
            lines.append(f"METHOD:{heading.method}")
        if heading.name:
            lines += (f"NAME:{escape(heading.name)}", f"X-WR-CALNAME:{escape(heading.name)}")
        lines += heading.lines
        zones = (_zone_text(tzid, *span) for tzid, span in sorted(self._zones.items()))
        return "".join((*map(folded, lines), *zones, *self._pieces, "END:VCALENDAR\r\n"))

    def _add(self, made: Event | Task) -> None:
        if not self._heading.alarms:
            made = without_alarms(made)
        stamp = made.updated if self._heading.stamp is None else self._heading.stamp
        lines = [print_instant("DTSTAMP", stamp)]
        lines += _event(made) if isinstance(made, Event) else _task(made, self._parents)
        alarms = made.alarms
        if made.extra:
            lines, alarms = _merged(made, lines)
        lines += self._alarms(made, alarms)
        kind = "VEVENT" if isinstance(made, Event) else "VTODO"
        self._pieces.append(f"BEGIN:{kind}\r\n{''.join(map(folded, lines))}END:{kind}\r\n")
        self._note_zones(made)

    def _alarms(self, made: Event | Task, alarms: tuple[Alarm, ...] | None) -> list[str]:
        if alarms is None:
            return []
        if not alarms:
            return [NO_ALARMS]
        anchor = anchor_of(made)
        if anchor is None:
            return []
        words = (made.summary, self._heading.address)
        return [line for alarm in alarms for line in print_alarm(alarm, anchor, words)]

    def _note_zones(self, made: Event | Task) -> None:
        times = (made.start, made.end if isinstance(made, Event) else made.due, made.recurrence_id)
        zoned = [time for time in times if time is not None and time.tzid and time.tzid != "UTC"]
        named = [tzid for line in (*made.recurrence, *made.extra) if "TZID=" in line and (tzid := _tzid(line))]
        if not zoned and not named:
            return
        walls = [time.wall for time in times if time is not None] or [made.updated]
        low, high = min(walls) - DAY, max(walls) + DAY
        if made.recurrence:
            high = max(high, made.updated) + _AHEAD
        for tzid in (*(time.tzid for time in zoned), *named):
            known = self._zones.get(tzid)
            self._zones[tzid] = (min(low, known[0]), max(high, known[1])) if known else (low, high)


def _tzid(line: str) -> str:
    return parse_line(0, line).parameters.get("TZID", "")


def _zone_text(tzid: str, low: int, high: int) -> str:
    """The VTIMEZONE under this very name; none where nobody knows the zone."""
    try:
        found = resolve(tzid)
        text = vtimezone(found, max(low, MIN_WALL + _EDGE), min(high, MAX_WALL - _EDGE))
    except (UnknownZoneError, MomentError):
        return ""
    lines = text.splitlines()
    lines[1] = f"TZID:{escape(tzid)}"
    return "".join(map(folded, lines))


def _name(line: str) -> str:
    return line.partition(":")[0].partition(";")[0]


# --- our own lines ----------------------------------------------------------------------------------------------------
_ALWAYS: Final = object()
_DEFAULTS: Final[dict[str, object]] = {
    "summary": "", "description": "", "location": "", "url": None, "categories": (), "transparency": "OPAQUE",
    "visibility": "DEFAULT", "color": None, "priority": 0, "percent": 0, "completed": None,
}  # fmt: skip
_EVENT_LINES: Final = tuple(
    (each.attribute, each.write, _DEFAULTS.get(each.attribute, _ALWAYS)) for each in EVENT_FIELDS.values()
)
_TASK_LINES: Final = tuple(
    (each.attribute, each.write, _DEFAULTS.get(each.attribute, _ALWAYS)) for each in TASK_FIELDS.values()
)


def _event(made: Event) -> list[str]:
    lines = [print_time("DTSTART", made.start)]
    if made.end != made.start:
        lines.append(print_time("DTEND", made.end))
    for attribute, write, default in _EVENT_LINES:
        value = getattr(made, attribute)
        if value != default:
            lines.append(write(value))
    lines += made.recurrence
    if made.recurrence_id is not None:
        lines.append(print_time("RECURRENCE-ID", made.recurrence_id))
    if made.organizer is not None:
        lines += print_people("ORGANIZER", (made.organizer,), ())
    if made.attendees:
        lines += print_people("ATTENDEE", made.attendees, ())
    return lines


def _task(made: Task, parents: Mapping[str, str]) -> list[str]:
    times = (("DTSTART", made.start), ("DUE", made.due), ("RECURRENCE-ID", made.recurrence_id))
    lines = [print_time(name, time) for name, time in times if time is not None]
    for attribute, write, default in _TASK_LINES:
        value = getattr(made, attribute)
        if value != default:
            lines.append(write(value))
    lines += made.recurrence
    for other, reltype in ((made.parent_id, ""), (made.series_id, f";RELTYPE={SERIES}")):
        if other is not None and other in parents:
            lines.append(f"RELATED-TO{reltype}:{escape(parents[other])}")
    return lines


# --- the original wording ---------------------------------------------------------------------------------------------
def _merged(made: Event | Task, ours: list[str]) -> tuple[list[str], tuple[Alarm, ...] | None]:
    """Our lines with those of ``extra``, and the alarms that are still to be written."""
    wording = _Wording(made)
    plain, kept = wording.properties(ours)
    blocks, alarms = wording.alarms()
    if alarms is not None and not alarms:
        plain, alarms = [*plain, NO_ALARMS], None
    return [*plain, *kept, *(text for block in blocks for _, text in block)], alarms


class _Wording:
    """What ``extra`` holds of an object: property lines in their order, those of known names again, subcomponents."""

    def __init__(self, made: Event | Task) -> None:
        self._made = made
        self._fields = EVENT_FIELDS if isinstance(made, Event) else TASK_FIELDS
        self._names = EVENT_NAMES if isinstance(made, Event) else TASK_NAMES
        self._lines: list[Line] = []
        self._named: dict[str, list[Line]] = {}
        self._blocks: list[Block] = []
        block: list[tuple[int, str]] = []
        depth = 0
        for text in made.extra:
            edge = text[:6].upper()
            depth += edge == "BEGIN:"
            if not depth:
                self._property(parse_line(0, text))
                continue
            block.append((0, text))
            depth -= edge[:4] == "END:"
            if not depth:
                self._blocks.append(tuple(block))
                block = []

    def _property(self, line: Line) -> None:
        self._lines.append(line)
        if line.name in self._names:
            self._named.setdefault(line.name, []).append(line)

    def properties(self, ours: Sequence[str]) -> tuple[list[str], list[str]]:
        """Our lines but those that give way, and the lines that are written instead and beside them."""
        named = dict(self._named)
        people = named.pop("ATTENDEE", [])
        related = _related(named.pop("RELATED-TO", []), ours)
        instead = {name: self._instead(name, lines) for name, lines in named.items()}
        instead["RELATED-TO"] = [line.text for line in related]
        gone = {name for name, texts in instead.items() if texts and name != "RELATED-TO"}
        kept = [
            line.text for line in self._lines if line.name not in self._names or line.text in instead.get(line.name, ())
        ]
        if people and isinstance(self._made, Event):
            gone.add("ATTENDEE")
            kept += print_people("ATTENDEE", self._made.attendees, people)
        said = {(relation(line), _uid(line)) for line in related}
        return [text for text in ours if _name(text) not in gone and not _is_said(text, said)], kept

    def _instead(self, name: str, lines: Sequence[Line]) -> Sequence[str]:
        """Those of the lines that still say what the object says; they are written instead of ours."""
        texts = [line.text for line in lines]
        if name == "ORGANIZER" and isinstance(self._made, Event):
            return texts if read_attendee(lines[0]) == self._made.organizer else ()
        if name in self._fields:
            field = self._fields[name]
            value, _ = read_field(name, field, lines)
            return texts if value == getattr(self._made, field.attribute) else ()
        if name in _TIME_FIELDS:
            return texts if _read(lines[0]) == getattr(self._made, _TIME_FIELDS[name]) else ()
        return texts if name == "RRULE" and anchor_of(self._made) is None else ()

    def alarms(self) -> tuple[list[Block], tuple[Alarm, ...] | None]:
        """The subcomponents to write, and the alarms that none of them says."""
        anchor, made = anchor_of(self._made), self._made
        if anchor is None:
            return self._blocks, made.alarms
        others = [block for block in self._blocks if read_alarm(block, anchor) is None]
        if len(others) < len(self._blocks) and read_alarms(self._blocks, anchor) == made.alarms:
            return self._blocks, None
        return others, made.alarms


def _read(line: Line) -> Time | None:
    try:
        return read_time(line, Context(FileZones({}, OwnZones(0)), Report()))
    except UnreadableError:
        return None


def _related(lines: Sequence[Line], ours: Sequence[str]) -> list[Line]:
    """Relations that we know nothing of; and of a parent or series the wording where it still is that one."""
    own = {relation(line): line for text in ours if text.startswith("RELATED-TO") and (line := parse_line(0, text))}
    return [line for line in lines if relation(line) not in own or _uid(line) == _uid(own[relation(line)])]


def _is_said(text: str, said: set[tuple[str | None, str]]) -> bool:
    if not said or not text.startswith("RELATED-TO"):
        return False
    line = parse_line(0, text)
    return (relation(line), _uid(line)) in said


def _uid(line: Line) -> str:
    return unescape(line.value).strip()
