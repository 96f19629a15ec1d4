"""One VEVENT or VTODO: from its lines to an Event or a Task, and what of the lines is kept beside the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from aurora_time.domain.component import MAX_ATTENDEES, Alarm, Attendee, Event, Task, Time
from aurora_time.domain.content_lines import Line, parse_line, unescape
from aurora_time.domain.icalendar_alarms import (
    NO_ALARMS,
    Anchor,
    Block,
    anchor_of,
    is_alarm,
    is_plain,
    read_alarm,
    read_alarms,
)
from aurora_time.domain.icalendar_fields import EVENT_FIELDS, TASK_FIELDS, Field, read_field, says_more
from aurora_time.domain.icalendar_people import is_plain as is_plain_person
from aurora_time.domain.icalendar_people import read_attendee
from aurora_time.domain.icalendar_report import UnreadableError
from aurora_time.domain.icalendar_times import RECURRENCE, event_times, recurrence, task_times
from aurora_time.domain.icalendar_values import Context, day_of, kept_time, read_instant, read_time

EMPTY_ALARMS: Final = NO_ALARMS.partition(":")[0]
_TIMES: Final = frozenset(
    ("DTSTART", "DTEND", "DUE", "DURATION", "RECURRENCE-ID", "DTSTAMP", "RRULE", "RDATE", "EXDATE", EMPTY_ALARMS)
)
EVENT_NAMES: Final = frozenset({*EVENT_FIELDS, *_TIMES, "ATTENDEE", "ORGANIZER"} - {"DUE"})
TASK_NAMES: Final = frozenset({*TASK_FIELDS, *_TIMES, "RELATED-TO"} - {"DTEND"})


@dataclass(slots=True)
class Component:
    """The lines of a VEVENT or VTODO; ``parts`` are its subcomponents, and ``number`` is its first line."""

    kind: str
    number: int
    properties: list[tuple[int, str]] = field(default_factory=list)
    parts: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Origin:
    """What text does not say of an object. ``now`` is an instant; ``parent`` gives the id of a task in the same text.

    ``address`` is where its reminders are mailed, so that an alarm that says so says nothing new.
    """

    id: str
    calendar_id: str
    uid: str
    now: int
    address: str = ""
    parent: Callable[[str], str | None] = lambda _: None


@dataclass(slots=True)
class Draft:
    """A component on its way: its lines by name, the fields read, and by number the lines that are kept.

    ``midnights`` is the zone whose midnights its days were told as; None where they were not, or it has none.
    """

    component: Component
    lines: list[Line]
    named: dict[str, list[Line]]
    values: dict[str, Any] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    midnights: str | None = None

    def keep(self, lines: list[Line]) -> None:
        for line in lines:
            self.kept[line.number] = line.text

    def kept_lines(self, names: frozenset[str], blocks: list[Block]) -> tuple[str, ...]:
        """Properties in their order but attendees, who are written together; then subcomponents."""
        found, people = list[str](), list[str]()
        for line in self.lines:
            if line.name not in names:
                found.append(line.text)
            elif line.number in self.kept:
                (people if line.name == "ATTENDEE" else found).append(self.kept[line.number])
        found += people
        found += [text for block in blocks for _, text in block]
        return tuple(found)


def draft_of(component: Component) -> Draft:
    lines = [parse_line(*each) for each in component.properties]
    named: dict[str, list[Line]] = {}
    for line in lines:
        named.setdefault(line.name, []).append(line)
    return Draft(component, lines, named)


def read_component(draft: Draft, context: Context, origin: Origin) -> Event | Task:
    """The component without its overrides; ``recurrence_id`` is as it was written. Raises UnreadableError."""
    if draft.component.kind == "VEVENT":
        return _event(draft, context, origin)
    return _task(draft, context, origin)


def _event(draft: Draft, context: Context, origin: Origin) -> Event:
    _fields(draft, EVENT_FIELDS, context)
    start, end, draft.midnights = event_times(draft.named, draft.component.number, context)
    _keep_times(draft, {"DTSTART": start, "DTEND": end})
    rules = _recurrence(draft, start, context)
    original = _recurrence_id(draft, context)
    if original is not None and draft.midnights is not None:
        original = day_of(original, draft.midnights)
    alarms, blocks = _alarms(draft, Anchor(start), origin.address)
    people = _attendees(draft, context)
    return Event(
        **_common(draft, context, origin),
        start=start,
        end=end,
        recurrence=rules,
        alarms=alarms,
        attendees=people,
        organizer=_organizer(draft),
        recurrence_id=original,
        extra=draft.kept_lines(EVENT_NAMES, blocks),
    )


def _task(draft: Draft, context: Context, origin: Origin) -> Task:
    _fields(draft, TASK_FIELDS, context)
    start, due = task_times(draft.named, context)
    _keep_times(draft, {"DTSTART": start, "DUE": due})
    recurrence_id = _recurrence_id(draft, context)
    began = start or due
    if began is None and "RRULE" in draft.named:
        why = "A task that repeats needs a DTSTART or a DUE; it is kept but not repeated."
        context.report.warn(draft.named["RRULE"][0].number, "RRULE", why)
        draft.keep(draft.named["RRULE"])
    made = Task(
        **_common(draft, context, origin),
        start=start,
        due=due,
        recurrence=_recurrence(draft, began, context) if began else (),
        recurrence_id=recurrence_id,
        **_relations(draft, origin),
    )
    alarms, blocks = _alarms(draft, anchor_of(made), origin.address)
    return _finished(made, alarms, draft.kept_lines(TASK_NAMES, blocks))


def _finished(made: Task, alarms: tuple[Alarm, ...] | None, extra: tuple[str, ...]) -> Task:
    """With what follows from COMPLETED: some programs write only it, others only the status."""
    values: dict[str, Any] = {"alarms": alarms, "extra": extra}
    if made.completed is not None and made.status == "NEEDS-ACTION":
        values["status"] = "COMPLETED"
    if made.completed is None and made.status == "COMPLETED":
        values["completed"] = made.updated
    return msgspec.structs.replace(made, **values)


def _fields(draft: Draft, fields: Mapping[str, Field], context: Context) -> None:
    for name, lines in draft.named.items():
        known = fields.get(name)
        if known is None:
            continue
        why = ""
        if lines[0].value or len(lines) > 1:
            value, why = read_field(name, known, lines)
            draft.values[known.attribute] = value
        if why:
            context.report.warn(lines[0].number, name, why)
        if (why and known.is_kept) or says_more(known, lines):
            draft.keep(lines)


def _common(draft: Draft, context: Context, origin: Origin) -> dict[str, Any]:
    """The fields of every component, with what stands for those that are not there."""
    values = draft.values
    if "DTSTAMP" not in draft.named:
        context.report.once(draft.component.number, "DTSTAMP", "Components without a DTSTAMP are taken as new.")
    updated = values.get("updated")
    if updated is None and "DTSTAMP" in draft.named:
        updated, _ = read_instant(draft.named["DTSTAMP"][0])
    if updated is None:
        updated = origin.now if values.get("created") is None else values["created"]
    if values.get("created") is None:
        values["created"] = updated
    values["updated"] = updated
    values.setdefault("summary", "")
    values.update(id=origin.id, calendar_id=origin.calendar_id, uid=origin.uid)
    return values


def _keep_times(draft: Draft, times: Mapping[str, Time | None]) -> None:
    """Of lines with parameters that we do not know: as we write them, with those parameters."""
    for name, time in times.items():
        for line in draft.named.get(name, ())[:1]:
            if time is not None and line.parameters and (text := kept_time(line, time)):
                draft.kept[line.number] = text


def _recurrence_id(draft: Draft, context: Context) -> Time | None:
    lines = draft.named.get("RECURRENCE-ID")
    if not lines:
        return None
    if lines[0].parameters.get("RANGE", "").upper() == "THISANDFUTURE":
        why = "RANGE=THISANDFUTURE is read as a change of this occurrence alone."
        context.report.warn(lines[0].number, "RECURRENCE-ID", why)
    return read_time(lines[0], context)


def _recurrence(draft: Draft, start: Time, context: Context) -> tuple[str, ...]:
    named = draft.named
    if "EXRULE" in named:
        why = "This is no part of iCalendar any more: it is kept, but nothing is left out for it."
        context.report.warn(named["EXRULE"][0].number, "EXRULE", why)
    if not any(name in named for name in RECURRENCE):
        return ()
    if "RECURRENCE-ID" in named:
        line = next(named[name][0] for name in RECURRENCE if name in named)
        context.report.warn(line.number, line.name, "A single occurrence does not repeat; this is left out.")
        return ()
    line = named["DTSTART" if "DTSTART" in named else "DUE"][0]
    if start.tzid == "UTC" and "TZID" in line.parameters and not line.value.strip().upper().endswith("Z"):
        _check_zone(line, context)
    return recurrence(named, start, context, draft.midnights)


def _check_zone(line: Line, context: Context) -> None:
    """A series needs a zone that we can store; for a single time the instant in UTC is enough."""
    if not context.zones.find(line.parameters["TZID"]).name:
        raise UnreadableError(line.number, line.name, "It repeats in a time zone that is none of IANA's.")


def _alarms(draft: Draft, anchor: Anchor | None, address: str) -> tuple[tuple[Alarm, ...] | None, list[Block]]:
    """The alarms that we mail, and the subcomponents to keep."""
    parts = draft.component.parts
    none: tuple[Alarm, ...] | None = () if EMPTY_ALARMS in draft.named else None
    if not parts or anchor is None:
        return none, parts
    mailed = [is_alarm(block) and read_alarm(block, anchor) is not None for block in parts]
    alarms = read_alarms(parts, anchor)
    if not alarms:
        return none, parts
    summary = draft.values.get("summary", "")
    ours = [block for block, is_mailed in zip(parts, mailed, strict=True) if is_mailed]
    if len(ours) == len(alarms) and all(is_plain(block, summary, address) for block in ours):
        return alarms, [block for block, is_mailed in zip(parts, mailed, strict=True) if not is_mailed]
    return alarms, parts


def _attendees(draft: Draft, context: Context) -> tuple[Attendee, ...]:
    lines = draft.named.get("ATTENDEE", [])
    if len(lines) > MAX_ATTENDEES:
        why = f"An event has at most {MAX_ATTENDEES:,} attendees."
        raise UnreadableError(lines[MAX_ATTENDEES].number, "ATTENDEE", why)
    found: dict[str, Attendee] = {}
    for line in lines:
        person = read_attendee(line)
        if person is None:
            draft.kept[line.number] = line.text
        elif person.email.lower() in found:
            context.report.warn(line.number, "ATTENDEE", "This address is named twice; the first counts.")
        else:
            found[person.email.lower()] = person
            if not is_plain_person(line, person):
                draft.kept[line.number] = line.text
    return tuple(found.values())


def _organizer(draft: Draft) -> Attendee | None:
    lines = draft.named.get("ORGANIZER")
    if not lines:
        return None
    person = read_attendee(lines[0])
    if person is None or not is_plain_person(lines[0], person):
        draft.kept[lines[0].number] = lines[0].text
    return person


SERIES: Final = "X-AURORA-SERIES"
"""The RELTYPE of a task that was once done of a series, to that series."""
_RELATIONS: Final = {"PARENT": "parent_id", SERIES: "series_id"}


def relation(line: Line) -> str | None:
    """The field that a RELATED-TO stands for, if any."""
    return _RELATIONS.get(line.parameters.get("RELTYPE", "PARENT").upper())


def _relations(draft: Draft, origin: Origin) -> dict[str, Any]:
    """The task that this is a part of, and the series of which it was once done, where they stand in the same text.

    Every other relation is kept as it is.
    """
    found: dict[str, str] = {}
    for line in draft.named.get("RELATED-TO", ()):
        field = relation(line)
        other = origin.parent(unescape(line.value).strip()) if field is not None and field not in found else None
        if field is None or other is None or other == origin.id:
            draft.kept[line.number] = line.text
            continue
        found[field] = other
        if not line.parameters.keys() <= {"RELTYPE", "VALUE"}:
            draft.kept[line.number] = line.text
    return found
