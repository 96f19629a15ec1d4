"""What the writes of the store touch, named once for all endpoints that make them."""

from __future__ import annotations

from typing import Final

WRITE_EVENT: Final = (
    "person: get",
    "calendar: get check",
    "object: put",
    "uid: put",
    "time: put",
    "head: get put",
    "log: put",
    "armed: put",
    "due: put",
)
MOVE_EVENT: Final = (
    *WRITE_EVENT,
    "object: get",
    "uid: put delete",
    "href: put delete",
    "time: put delete",
    "armed: get delete",
    "due: delete",
)
DELETE_EVENT: Final = (
    "person: get",
    "calendar: get",
    "object: get delete",
    "uid: delete",
    "href: delete",
    "time: delete",
    "head: get put",
    "log: put",
    "armed: get delete",
    "due: delete",
)
LIST_EVENTS: Final = ("person: get", "calendar: query", "time: query", "object: get query")
WRITE_CALENDAR: Final = ("person: get", "calendar: put", "head: get put", "log: put")
START_JOB: Final = ("job: put", "due: put")
