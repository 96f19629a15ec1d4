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
CANCEL_BOOKING: Final = (
    "bookinggone: get put",
    "bookingplace: get delete",
    "booking: get delete",
    "bookinglink: delete",
    "job: put",
    "due: put",
)
"""What follows from the deletion of an event that stands for a booking."""
REBOOK: Final = (
    "bookinggone: get delete",
    "bookingplace: get put",
    "booking: put query",
    "bookinglink: put",
    "job: put",
    "due: put",
)
"""What follows when such an event comes back."""
MOVE_EVENT: Final = (
    *WRITE_EVENT,
    *CANCEL_BOOKING,
    *REBOOK,
    "object: get",
    "uid: put delete",
    "href: put delete",
    "time: put delete",
    "armed: get delete",
    "due: delete",
    "undo: put",
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
DELETE_OCCURRENCE: Final = (
    *DELETE_EVENT,
    *CANCEL_BOOKING,
    "object: put",
    "time: put",
    "armed: put",
    "due: put",
    "trash: put",
    "undo: put",
)
RESTORE_EVENT: Final = (
    *WRITE_EVENT,
    *REBOOK,
    "object: get",
    "href: put",
    "armed: get",
    "due: delete",
    "ledger: put",
    "trash: get delete",
    "undo: put",
)
LIST_EVENTS: Final = ("person: get", "calendar: query", "time: query", "object: get query")
CREATE_TASK: Final = (
    "person: get",
    "calendar: get check",
    "object: get put check",
    "uid: put",
    "task: put",
    "subtask: put",
    "head: get put",
    "log: put",
    "armed: put",
    "due: put",
    "ledger: put",
)
QUICK_ADD: Final = (
    "person: get",
    "calendar: get",
    "object: put",
    "uid: put",
    "time: put",
    "task: put",
    "head: get put",
    "log: put",
    "armed: put",
    "due: put",
    "ledger: put",
)
UPDATE_TASK: Final = (
    *CREATE_TASK[:-1],
    "uid: delete",
    "href: put delete",
    "task: delete",
    "subtask: delete",
    "armed: get delete",
    "due: delete",
    "undo: put",
)
DELETE_TASK: Final = (
    "person: get",
    "calendar: get",
    "object: get delete",
    "uid: delete",
    "href: delete",
    "task: delete",
    "subtask: query delete",
    "head: get put",
    "log: put",
    "armed: get delete",
    "due: put delete",
    "job: get put",
    "trash: query put",
)
RESTORE_TASK: Final = (
    *CREATE_TASK,
    "href: put",
    "subtask: query",
    "due: delete",
    "trash: get query delete",
    "undo: put",
    "job: get put",
)
UNDO: Final = (
    *MOVE_EVENT,
    *UPDATE_TASK,
    "object: delete",
    "subtask: query",
    "undo: query",
    "trash: get put delete query",
    "job: get put",
)
LIST_TASKS: Final = ("person: get", "calendar: query", "task: query", "subtask: query", "object: get")
WRITE_CALENDAR: Final = ("person: get", "calendar: put", "head: get put", "log: put")
DELETE_CALENDAR: Final = (
    *WRITE_CALENDAR,
    "calendar: get",
    "trash: get put delete",
    "calendarlink: get delete check",
    "ical: delete",
    "job: put",
    "due: put",
)
RESTORE_CALENDAR: Final = (*WRITE_CALENDAR, "calendar: get", "trash: get put", "job: get put", "due: put")
CLOSE_ACCOUNT: Final = (
    "person: get delete",
    "subjects: query delete",
    "subject: delete put",
    "login: get delete",
    "email: delete",
    "refusals: delete",
    "held: delete",
    "invited: delete",
    "account: delete",
    "tokens: query delete",
    "token: delete",
    "job: put",
    "due: put",
)
START_JOB: Final = ("job: put", "due: put")
IMPORT: Final = (
    "person: get",
    "calendar: get check",
    "object: get put",
    "uid: get put",
    "time: put delete",
    "task: put delete",
    "subtask: put delete",
    "head: get put",
    "log: put",
    "armed: get put delete",
    "due: put delete",
    "ledger: put",
    "import: put",
    "job: put",
    *CANCEL_BOOKING,
    *REBOOK,
)
EXPORT: Final = (
    "person: get",
    "calendar: get query",
    "uid: query",
    "object: get",
    "schedule: query",
    "booking: query",
    "trash: query",
    "ledger: query",
    "standing: query",
    "tokens: query",
)
LOG: Final = ("head: get put", "log: put")
CHANGE_PERSON: Final = ("person: get put", "job: get put", "due: put delete", *LOG)
MOVE_PERSON: Final = (
    "subjects: query",
    "subject: get put",
    "person: get put",
    "email: get put delete",
    "refusals: delete",
    "held: delete",
    *START_JOB,
    *LOG,
)
PREVIEW_RULE: Final = ("person: get", "calendar: query", "time: query", "task: query", "object: get")
LIST_REMINDERS: Final = (
    "person: get",
    "calendar: query",
    "ledger: query",
    "armed: get query",
    "object: get",
    "standing: get",
)
READ_REMINDER: Final = ("person: get", "calendar: get", "ledger: get", "armed: get", "object: get", "standing: get")
DISMISS_REMINDER: Final = (*READ_REMINDER, "ledger: put", "armed: delete", "due: delete", *LOG)
SHOW_REMINDER: Final = (*READ_REMINDER, "ledger: put", *LOG)
SNOOZE_REMINDER: Final = (*DISMISS_REMINDER, "ledger: delete", "standing: put", "armed: put", "due: put")
UPDATE_REMINDER: Final = (*SNOOZE_REMINDER, "ledger: check")
CHANGE_ALARMS: Final = (
    "person: get",
    "calendar: get",
    "object: get put",
    "time: put",
    "task: put",
    "subtask: put",
    "armed: get put",
    "due: put delete",
    "undo: put",
    *LOG,
)
CREATE_REMINDER: Final = (*CHANGE_ALARMS, "standing: put", "armed: put", "due: put", *LOG)
DELETE_REMINDER: Final = (
    *READ_REMINDER,
    *CHANGE_ALARMS,
    "standing: delete",
    "armed: delete",
    "due: delete",
    "ledger: check put delete",
)
