"""What a reader of iCalendar text has to say about it: which line, what, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

MAX_NOTES: Final = 1_000
"""So many notes are kept; of the others only the number is told."""
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Note:
    """``line`` is the physical line, from 1. After an error the thing is left out; after a warning it was mended.

    ``what`` names a property, a component or the text itself; ``why`` is a sentence.
    """

    line: int
    severity: Literal["error", "warning"]
    what: str
    why: str


class UnreadableError(ValueError):
    """A component cannot be taken: the line, what, and why."""

    def __init__(self, line: int, what: str, why: str) -> None:
        super().__init__(f"line {line}: {what}: {why}")
        self.line = line
        self.what = what
        self.why = why


def most_telling(notes: Iterable[Note]) -> tuple[Note, ...]:
    """At most MAX_NOTES of them, of errors rather than of warnings, by line."""
    by_line = sorted(notes, key=lambda note: note.line)
    left = {"error": MAX_NOTES, "warning": max(MAX_NOTES - sum(note.severity == "error" for note in by_line), 0)}
    told = []
    for note in by_line:
        left[note.severity] -= 1
        if left[note.severity] >= 0:
            told.append(note)
    return tuple(told)


class Report:
    """Collects notes: at most MAX_NOTES, errors before warnings, and one that counts the rest.

    ``refused`` counts what is left out, whether there is a note of it or not.
    """

    __slots__ = ("_notes", "_said", "_warned", "refused")

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._said: set[str] = set()
        self._warned = 0
        self.refused = 0

    def warn(self, line: int, what: str, why: str) -> None:
        self._warned += 1
        if self._warned <= MAX_NOTES:
            self._notes.append(Note(line, "warning", what, why))

    def once(self, line: int, what: str, why: str) -> None:
        """Warn of what a text does again and again only where it does it first."""
        if why not in self._said:
            self._said.add(why)
            self.warn(line, what, why)

    def refuse(self, error: UnreadableError) -> None:
        self.refused += 1
        if self.refused <= MAX_NOTES:
            self._notes.append(Note(error.line, "error", error.what, error.why))

    def notes(self) -> tuple[Note, ...]:
        """What was said, by line."""
        told = most_telling(self._notes)
        unsaid = self.refused + self._warned - len(told)
        if not unsaid:
            return told
        return (*told, Note(told[-1].line, "warning", "report", f"There are {unsaid:,} more notes."))


def shown(text: str) -> str:
    """A text as it may stand in a note: quoted, and cut if long."""
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")
