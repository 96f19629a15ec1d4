"""Example bodies of the OpenAPI document, by operationId; tests hold them against the declared types."""

from __future__ import annotations

from typing import Any, Final

_ZONE: Final = "Asia/Ho_Chi_Minh"

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "createEvent": {
        "summary": "Weekly review",
        "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": _ZONE},
        "end": {"dateTime": "2026-11-23T09:30:00", "timeZone": _ZONE},
        "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO"],
        "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 10}]},
    },
    "replaceEvent": {"summary": "Day off", "start": {"date": "2026-12-24"}, "end": {"date": "2026-12-25"}},
    "updateEvent": {"summary": "Weekly review, shorter", "location": "Room 4"},
    "createCalendar": {"name": "Family", "color": "#2f9e44"},
    "updateCalendar": {"color": "#e8590c"},
    "updateMe": {"timeZone": "Europe/Berlin", "defaultReminders": [{"channel": "email", "minutesBefore": 30}]},
    "createToken": {"name": "Home script", "scopes": ["events:read", "events:write"]},
}
