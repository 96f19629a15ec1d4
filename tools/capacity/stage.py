"""Where a case is played, and how one is noted: a line of the capacity table each.

A case does what has to be done before, and then one request, sweep or attendance: that one is measured.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Final

from tools.capacity.account import MONDAY, Json, typical
from tools.capacity.home import Home

TUESDAY: Final = MONDAY + timedelta(days=1)
WEEKLY: Final = ["RRULE:FREQ=WEEKLY"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A furnished home; its calendars are the first, and two more."""

    home: Home
    calendar_ids: list[str]

    def body(self, hour: int = 14, calendar: int = 0, **more: object) -> Json:
        """Of a new event on the Tuesday of the week: neither the shortest nor the longest."""
        return typical(5, TUESDAY, hour, self.calendar_ids[calendar]) | more

    async def event(self, hour: int = 14, calendar: int = 0, **more: object) -> Json:
        return await self.home.make("/v1/events", self.body(hour, calendar, **more))


Do = Callable[[Stage], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Case:
    """What is done, in words, and doing it. One that only ``reads`` leaves the account as it found it."""

    words: str
    do: Do
    reads: bool


def case(words: str, *, reads: bool = False) -> Callable[[Do], Case]:
    def note(do: Do) -> Case:
        return Case(words, do, reads)

    return note


def cases_of(*modules: ModuleType) -> dict[str, Case]:
    """All cases of some modules by their names, in the order in which they stand there."""
    return {name: each for module in modules for name, each in vars(module).items() if isinstance(each, Case)}
