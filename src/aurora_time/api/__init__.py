"""The REST API. One file is one OpenAPI tag, and on AWS one Lambda function with one role."""

from __future__ import annotations

from typing import Final

from aurora_time.api import (
    account,
    bookings,
    calendars,
    changes,
    events,
    free_busy,
    jobs,
    occurrences,
    quick_add,
    reminder_rules,
    reminders,
    schedules,
    sessions,
    system,
    tasks,
    transfer,
    trash,
)
from aurora_time.http.endpoint import Endpoint, endpoints_of

ENDPOINTS: Final[tuple[Endpoint, ...]] = tuple(
    endpoints_of(
        events,
        occurrences,
        trash,
        tasks,
        quick_add,
        calendars,
        reminder_rules,
        reminders,
        schedules,
        bookings,
        free_busy,
        transfer,
        changes,
        jobs,
        account,
        sessions,
        system,
    )
)
