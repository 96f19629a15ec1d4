"""The REST API. One file is one OpenAPI tag, and on AWS one Lambda function with one role.

A function of AWS imports its own file and no other: so ``ENDPOINTS`` is made when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aurora_time.http.endpoint import Endpoint

    ENDPOINTS: tuple[Endpoint, ...]
    """Of all files, in their order."""

FILES: Final = (
    "events",
    "occurrences",
    "trash",
    "tasks",
    "quick_add",
    "calendars",
    "links",
    "reminder_rules",
    "reminders",
    "schedules",
    "bookings",
    "free_busy",
    "transfer",
    "changes",
    "jobs",
    "account",
    "sessions",
    "system",
)


def endpoints_in(file: str) -> list[Endpoint]:
    """The declarations of one file."""
    from aurora_time.http.endpoint import endpoints_of

    return endpoints_of(import_module(f"{__name__}.{file}"))


def __getattr__(name: str) -> object:
    if name != "ENDPOINTS":
        raise AttributeError(name)
    made = globals()[name] = tuple(each for file in FILES for each in endpoints_in(file))
    return made
