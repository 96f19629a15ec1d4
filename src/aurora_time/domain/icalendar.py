"""iCalendar text (RFC 5545, 7986) -> events and tasks, leniently and without loss; icalendar_writer is the way back.

Whatever a reader can mend it mends, and says so in the report: the line, what, and why. What it cannot is left out as
a whole object, master and overrides, and is an error there. Nothing here grows faster than the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.domain.component import Event, Task, Time
from aurora_time.domain.content_lines import decode, parse_line, unescape, unfold
from aurora_time.domain.icalendar_component import Draft, Origin, draft_of, read_component
from aurora_time.domain.icalendar_fields import made_uid, read_uid
from aurora_time.domain.icalendar_parts import Calendar, parse
from aurora_time.domain.icalendar_report import Note, Report, UnreadableError, shown
from aurora_time.domain.icalendar_values import Context, day_of, on_clock_of
from aurora_time.domain.icalendar_zones import FileZones, OwnZones
from aurora_time.domain.moment import MomentError

__all__ = ["Fresh", "Note", "Reading", "Report", "UnreadableError", "read_calendar"]

_VOLATILE: Final = frozenset({"DTSTAMP", "LAST-MODIFIED", "CREATED", "UID"})

Object = Event | Task


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a text does not say. ``now`` is an instant, ``id_for`` the id of the object with a UID.

    ``address`` is where the reader's reminders are mailed.
    """

    calendar_id: str
    now: int
    id_for: Callable[[str], str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. ``lines`` has the first line of each object; ``properties`` are the calendar's own lines."""

    objects: list[Object]
    lines: list[int]
    report: tuple[Note, ...]
    properties: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the calendar calls itself; empty if it does not."""
        return unescape(self._value("NAME") or self._value("X-WR-CALNAME")).strip()

    @property
    def method(self) -> str:
        """The iTIP method (RFC 5546) in upper case; empty where the text is no message."""
        return self._value("METHOD").strip().upper()

    @property
    def errors(self) -> tuple[Note, ...]:
        return tuple(note for note in self.report if note.severity == "error")

    def _value(self, name: str) -> str:
        lines = (parse_line(0, text) for text in self.properties)
        return next((line.value for line in lines if line.name == name), "")


@dataclass(frozen=True, slots=True)
class _Read:
    """One component: the line where it begins, what it is, and what its draft says of its midnights."""

    number: int
    made: Object
    midnights: str | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Of two versions of the same thing the one with the higher rank counts (RFC 5546 2.1.5)."""
        return self.made.sequence, self.made.updated


@dataclass(frozen=True, slots=True)
class _Found:
    """A component that is not read yet, and whose it is."""

    draft: Draft
    uid: str
    context: Context

    @property
    def kind(self) -> str:
        return self.draft.component.kind


def read_calendar(text: str | bytes, fresh: Fresh, report: Report | None = None) -> Reading:
    """Read a text of any size; the caller bounds it. Bytes are UTF-8, or what they seem to be.

    ``report`` is for who has more to say of the same text.
    """
    report = report or Report()
    lines = unfold(decode(text, report) if isinstance(text, bytes) else text, report)
    calendars = parse(lines, report)
    if not any(calendar.properties or calendar.components or calendar.zones for calendar in calendars):
        report.refuse(UnreadableError(1, "text", "There is no calendar in it: it must begin with BEGIN:VCALENDAR."))
    zones = OwnZones(fresh.now)
    found = [each for calendar in calendars for each in _components(calendar, report, zones)]
    read = list(_objects(found, fresh, report))
    properties = tuple(text for calendar in calendars[:1] for _, text in calendar.properties)
    return Reading([each.made for each in read], [each.number for each in read], report.notes(), properties)


def _components(calendar: Calendar, report: Report, zones: OwnZones) -> Iterator[_Found]:
    context = Context(FileZones(calendar.zones, zones), report)
    for component in calendar.components:
        draft = draft_of(component)
        yield _Found(draft, _uid(draft, report), context)


def _uid(draft: Draft, report: Report) -> str:
    lines = draft.named.get("UID")
    uid = str(read_uid(lines)[0]) if lines else ""
    if not uid:
        number = lines[0].number if lines else draft.component.number
        report.warn(number, "UID", "There is none; one is made of the content.")
        content = (line.text for line in draft.lines if line.name not in _VOLATILE)
        uid = made_uid("\n".join(sorted(content)))
    return uid


def _objects(found: list[_Found], fresh: Fresh, report: Report) -> Iterator[_Read]:
    """The objects of a text, in the order in which they first appear: all of an object, or nothing of it."""
    groups: dict[tuple[str, str], list[_Found]] = {}
    for each in found:
        groups.setdefault((each.kind, each.uid), []).append(each)
    found.clear()  # of a large text the lines go as its objects come
    ids: dict[str, str] = {}
    parents = {uid for kind, uid in groups if kind == "VTODO"}

    def id_of(uid: str) -> str:
        if uid not in ids:
            ids[uid] = fresh.id_for(uid)
        return ids[uid]

    def parent(uid: str) -> str | None:
        return id_of(uid) if uid in parents else None

    for key in list(groups):
        group, (_, uid) = groups.pop(key), key
        origin = Origin(id_of(uid), fresh.calendar_id, uid, fresh.now, fresh.address, parent)
        number = group[0].draft.component.number
        try:
            read = [_read(each, origin) for each in group]
            gathered = list(_gathered(read, id_of, report))
        except UnreadableError as error:
            report.refuse(error)
        except MomentError as error:  # at the very edge of the years
            report.refuse(UnreadableError(number, key[0], f"{error}."))
        else:
            yield from gathered


def _read(found: _Found, origin: Origin) -> _Read:
    made = read_component(found.draft, found.context, origin)
    return _Read(found.draft.component.number, made, found.draft.midnights)


def _gathered(read: list[_Read], id_of: Callable[[str], str], report: Report) -> Iterator[_Read]:
    """The master with its overrides; of overrides without a master the first stands for it."""
    if len(read) == 1 and read[0].made.recurrence_id is None:
        yield read[0]
        return
    masters = [each for each in read if each.made.recurrence_id is None]
    others = [each for each in read if each.made.recurrence_id is not None]
    newest = _newest(masters, report)
    overrides = _overrides(others, newest[0] if newest else None, report)
    if len(newest) > 1 and not overrides:
        yield from (_apart(each, id_of, report) for each in sorted(newest, key=lambda each: each.number))
        return
    first, *rest = newest or overrides
    made = msgspec.structs.replace(first.made, overrides=tuple(each.made for each in (overrides if newest else rest)))
    yield _Read(first.number, made)
    if newest:
        yield from (_apart(each, id_of, report) for each in rest)


def _apart(each: _Read, id_of: Callable[[str], str], report: Report) -> _Read:
    """One of several that only share a UID, with one of its own that is the same whenever it is read."""
    made = each.made
    why = f"The UID {shown(made.uid)} belongs to another one too; this one gets its own."
    report.warn(each.number, "UID", why)
    time = _clock(made)
    uid = made_uid(f"{made.uid}\n{time and (time.wall, time.tzid)}\n{made.summary}")
    return _Read(each.number, msgspec.structs.replace(made, id=id_of(uid), uid=uid))


def _newest(masters: list[_Read], report: Report) -> list[_Read]:
    """The version that counts, and behind it what only shares its UID: as new, but at another time."""
    if not masters:
        return []
    best = max(reversed(masters), key=lambda each: each.rank)  # of equals the last
    separate: dict[Time | None, _Read] = {}
    for each in masters:
        if each is best:
            continue
        if each.rank == best.rank and each.made.start != best.made.start:
            separate[each.made.start] = each
        else:
            report.warn(
                each.number,
                "UID",
                f"There is another version of {shown(each.made.uid)}, as new or newer; that one counts.",
            )
    return [best, *separate.values()]


def _clock(made: Object) -> Time | None:
    return made.start or made.due if isinstance(made, Task) else made.start


def _overrides(others: list[_Read], master: _Read | None, report: Report) -> list[_Read]:
    """The overrides by their original starts, each one once."""
    newest: dict[Time, _Read] = {}
    clock = _clock(master.made) if master else None
    for each in others:
        original = each.made.recurrence_id
        if original is None:
            continue
        if master is not None and master.midnights is not None:
            original = day_of(original, master.midnights)
        if clock is not None:
            if original.is_date != clock.is_date:
                why = "It is not of the kind that the start of its series is; it is taken as that one is."
                report.warn(each.number, "RECURRENCE-ID", why)
            original = on_clock_of(original, clock)
        held = newest.get(original)
        moved = _Read(each.number, msgspec.structs.replace(each.made, recurrence_id=original))
        if held is not None:
            older = held if moved.rank >= held.rank else moved
            report.warn(
                older.number,
                "RECURRENCE-ID",
                "There is another version of this occurrence, as new or newer; that one counts.",
            )
            moved = moved if older is held else held
        newest[original] = moved
    return [newest[key] for key in sorted(newest, key=lambda time: (time.wall, time.tzid, time.is_date))]
