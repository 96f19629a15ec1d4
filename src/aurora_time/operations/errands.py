"""What is handed to the queue of a home in which no process waits: see handing_over.py."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.ports import Message

AHEAD: Final = 75
"""Seconds that a sweep looks ahead for what is not marked as handed over: the next one comes in 60, and may be late."""
FAR: Final = 150
"""Seconds that it looks ahead for reminders, which are marked and so handed over once: one sweep may fail."""


class Errand(msgspec.Struct, frozen=True, array_like=True):
    """The key of a due item, and when it is due; without a key, to look for what is due soon."""

    part: str = ""
    sort: str = ""
    due: int = 0

    def after(self, delay: int) -> Message:
        """The message that brings it."""
        return Message(msgspec.json.encode(self).decode(), delay)


LOOK: Final = Errand().after(0)
"""Sent with a write that makes something due before the next sweep."""


def read_errand(body: str) -> Errand:
    """Raises msgspec.DecodeError for what is none."""
    return msgspec.json.decode(body, type=Errand)
