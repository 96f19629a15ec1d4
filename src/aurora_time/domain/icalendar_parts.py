"""From the lines of a text to its calendars and their components: BEGIN and END, and what programs forget of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from aurora_time.domain.content_lines import parse_line, unescape
from aurora_time.domain.icalendar_component import Component
from aurora_time.domain.icalendar_report import Report, UnreadableError, shown

_KINDS: Final = frozenset({"VEVENT", "VTODO"})
_WHOLE: Final = frozenset({"VEVENT", "VTODO", "VTIMEZONE", "VJOURNAL", "VFREEBUSY", "VCALENDAR"})
"""What stands in a calendar and never in a component: where it begins, a component that is open has lost its END."""


@dataclass(slots=True)
class Calendar:
    """A VCALENDAR: its own properties, its VTIMEZONEs by TZID, its events and tasks."""

    properties: list[tuple[int, str]] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)


class _Parser:
    """Takes lines one by one; ``_open`` are the kinds that are open within a calendar, outermost first."""

    def __init__(self, report: Report) -> None:
        self.calendars: list[Calendar] = []
        self._report = report
        self._calendar: Calendar | None = None
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._component = Component("", 0)
        self._part: list[tuple[int, str]] = []

    def take(self, line: tuple[int, str]) -> None:
        number, text = line
        edge = text[:6].upper() if text[0] in "BbEe" else ""
        if edge == "BEGIN:":
            self._begin(number, text, text[6:].strip().upper())
        elif edge[:4] == "END:":
            self._end(number, text, text[4:].strip().upper())
        elif len(self._open) == 1:
            self._component.properties.append(line)
        elif self._open:
            self._part.append(line)
        else:
            self._current(number).properties.append(line)

    def _current(self, number: int) -> Calendar:
        if self._calendar is None:
            self._report.once(number, "VCALENDAR", "There is no BEGIN:VCALENDAR; it is read as if there were.")
            self._calendar = Calendar()
            self.calendars.append(self._calendar)
        return self._calendar

    def _begin(self, number: int, text: str, kind: str) -> None:
        if self._open and kind in _WHOLE:
            self._close(number, f"BEGIN:{kind} comes before its END; it is taken to end here.")
        if kind == "VCALENDAR":
            self._calendar = Calendar()
            self.calendars.append(self._calendar)
        elif self._open:
            self._part.append((number, text))
            self._push(kind)
        else:
            self._current(number)
            self._component = Component(kind, number)
            self._push(kind)

    def _push(self, kind: str) -> None:
        self._open.append(kind)
        self._counts[kind] += 1

    def _pop(self) -> str:
        kind = self._open.pop()
        self._counts[kind] -= 1
        if not self._open:
            self._finish()
        elif len(self._open) == 1:
            self._component.parts.append(tuple(self._part))
            self._part = []
        return kind

    def _end(self, number: int, text: str, kind: str) -> None:
        if self._counts[kind]:
            while self._open[-1] != kind:
                self._lost_end(number)
            if len(self._open) > 1:
                self._part.append((number, text))
            self._pop()
        elif kind != "VCALENDAR":
            self._report.once(number, f"END:{kind[:60]}", "Nothing of this kind is open; it is passed over.")
        else:
            self._close(number, "END:VCALENDAR comes before its END; it is taken to end here.")
            self._calendar = None

    def _lost_end(self, number: int) -> None:
        self._report.once(number, self._open[-1][:60], "It has no END; it is taken to end here.")
        if len(self._open) > 1:
            self._part.append((number, f"END:{self._open[-1]}"))
        self._pop()

    def _close(self, number: int, why: str) -> None:
        if self._open:
            self._report.warn(number, self._open[0][:60], why)
        while len(self._open) > 1:
            self._lost_end(number)
        if self._open:
            self._pop()

    def _finish(self) -> None:
        component, calendar = self._component, self._current(self._component.number)
        if component.kind in _KINDS:
            calendar.components.append(component)
        elif component.kind == "VTIMEZONE":
            tzid, text = _zone_text(component)
            calendar.zones.setdefault(tzid, text)
        else:
            what = f"{shown(component.kind)} is not kept here: only events and tasks are."
            self._report.once(component.number, component.kind[:60], what)

    def finish(self, number: int) -> None:
        """The text ends at this line: what is still open was cut off, and is not taken."""
        if self._open:
            error = UnreadableError(
                self._component.number, self._open[0][:60], "The text ends within it, so it is left out."
            )
            self._report.refuse(error)
        elif self._calendar is not None:
            self._report.warn(number, "VCALENDAR", "There is no END:VCALENDAR; the text may have been cut off.")


def _zone_text(component: Component) -> tuple[str, str]:
    lines = [text for _, text in component.properties]
    tzid = next((parse_line(0, text).value for text in lines if text[:4].upper() == "TZID"), "")
    lines += [text for block in component.parts for _, text in block]
    return unescape(tzid.strip()), "\n".join(("BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"))


def _check_version(calendar: Calendar, number: int, report: Report) -> None:
    if not any(text[:8].upper() in ("VERSION:", "VERSION;") for _, text in calendar.properties):
        report.once(number, "VERSION", "It is missing; the text is read as version 2.0.")


def parse(lines: list[tuple[int, str]], report: Report) -> list[Calendar]:
    """The calendars of a text's logical lines, in a time that grows with their number alone."""
    parser = _Parser(report)
    take = parser.take
    for line in lines:
        take(line)
    parser.finish(lines[-1][0] if lines else 1)
    for calendar in parser.calendars:
        _check_version(calendar, lines[0][0], report)
    return parser.calendars
