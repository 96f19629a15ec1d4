"""ATTENDEE and ORGANIZER (RFC 5545 3.8.4): from lines to people and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from aurora_time.domain.component import Attendee
from aurora_time.domain.content_lines import Line, parameter_value, without

MAX_NAME: Final = 200
_ADDRESS: Final = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
_MAX_ADDRESS: Final = 320
_KNOWN: Final = frozenset({"CN", "PARTSTAT", "ROLE", "RSVP"})
_PARTSTATS: Final = frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})
_ROLES: Final = frozenset({"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"})
_PLAIN: Final = Attendee("")


def read_attendee(line: Line) -> Attendee | None:
    """Who it is; None for one without an e-mail address, such as a room known by its URN."""
    email = _address(line)
    if email is None:
        return None
    given = line.parameters
    partstat, role = given.get("PARTSTAT", "").upper(), given.get("ROLE", "").upper()
    return Attendee(
        email,
        " ".join(given.get("CN", "").split())[:MAX_NAME],
        partstat if partstat in _PARTSTATS else _PLAIN.partstat,
        role if role in _ROLES else _PLAIN.role,
        given.get("RSVP", "").upper() == "TRUE",
    )


def _address(line: Line) -> str | None:
    value = line.value.strip()
    found = value[7:] if value[:7].lower() == "mailto:" else line.parameters.get("EMAIL", value)
    found = found.strip().strip("<>")
    return found if len(found) <= _MAX_ADDRESS and _ADDRESS.fullmatch(found) else None


def is_plain(line: Line, attendee: Attendee) -> bool:
    """Whether our own line for this person says all that this one does."""
    parameters = line.parameters
    if not parameters.keys() <= _KNOWN or line.value != f"mailto:{attendee.email}":
        return False
    said = (parameters.get("CN", ""), parameters.get("PARTSTAT", _PLAIN.partstat), parameters.get("ROLE", _PLAIN.role))
    return said == (attendee.name, attendee.partstat, attendee.role)


def print_person(name: str, attendee: Attendee, more: str = "", address: str = "") -> str:
    """The line of a person: ``more`` are further parameters, ``address`` what stands there instead of a mailto."""
    parts = [name]
    if attendee.name:
        parts.append(f";CN={parameter_value(attendee.name)}")
    if attendee.role != _PLAIN.role:
        parts.append(f";ROLE={attendee.role}")
    if attendee.partstat != _PLAIN.partstat or name == "ATTENDEE":
        parts.append(f";PARTSTAT={attendee.partstat}")
    if attendee.rsvp:
        parts.append(";RSVP=TRUE")
    return f"{''.join(parts)}{more}:{address or f'mailto:{attendee.email}'}"


def print_people(name: str, people: Iterable[Attendee], wordings: Sequence[Line]) -> list[str]:
    """The lines of people. A wording of one who is still there keeps what no field stands for.

    Wordings of what has no address are always kept, each at its place among the others.
    """
    result: list[str] = []
    kept: dict[str, tuple[Line, list[str]]] = {}
    before: list[str] = []
    for line in wordings:
        read = read_attendee(line)
        if read is None:
            before.append(line.text)
        elif read.email.lower() not in kept:
            kept[read.email.lower()] = line, before
            before = []
    for person in people:
        wording, others = kept.get(person.email.lower(), (None, []))
        result += others
        others.clear()
        if wording is None:
            result.append(print_person(name, person))
        elif read_attendee(wording) == person:
            result.append(wording.text)
        else:
            result.append(print_person(name, person, without(wording.text, _KNOWN), wording.value))
    return [*result, *(text for _, others in kept.values() for text in others), *before]
