"""What a reader of iCalendar text has to say about it: which line, what, and why."""

from __future__ import annotations

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


class Report:
    """Collects notes, of errors and warnings together at most MAX_NOTES and one that counts the rest."""

    __slots__ = ("_notes", "_said", "_unsaid")

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._said: set[str] = set()
        self._unsaid = 0

    def warn(self, line: int, what: str, why: str) -> None:
        self._add(Note(line, "warning", what, why))

    def once(self, line: int, what: str, why: str) -> None:
        """Warn of what a text does again and again only where it does it first."""
        if why not in self._said:
            self._said.add(why)
            self.warn(line, what, why)

    def refuse(self, error: UnreadableError) -> None:
        self._add(Note(error.line, "error", error.what, error.why))

    def _add(self, note: Note) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(note)
        else:
            self._unsaid += 1

    def notes(self) -> tuple[Note, ...]:
        """All that was said, by line."""
        told = sorted(self._notes, key=lambda note: note.line)
        if self._unsaid:
            told.append(Note(told[-1].line, "warning", "report", f"There are {self._unsaid:,} more notes."))
        return tuple(told)


def shown(text: str) -> str:
    """A text as it may stand in a note: quoted, and cut if long."""
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")
