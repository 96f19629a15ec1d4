"""Example bodies of the OpenAPI document, by operationId; tests hold them against the declared types."""

from __future__ import annotations

from typing import Any, Final

_ZONE: Final = "Asia/Ho_Chi_Minh"

EXAMPLES: Final[dict[str, Any]] = {
    "createEvent": {
        "summary": "Weekly review",
        "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": _ZONE},
        "end": {"dateTime": "2026-11-23T09:30:00", "timeZone": _ZONE},
        "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO"],
        "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 10}]},
    },
    "replaceEvent": {"summary": "Day off", "start": {"date": "2026-12-24"}, "end": {"date": "2026-12-25"}},
    "updateOccurrence": {"summary": "Weekly review, with the board", "location": "Hall"},
    "undo": {"token": "5f3c0aXnQq2yV1bTz8kLmA.qW7rT2uYb0sEoPxN4cJdHg"},
    "updateEvent": {"summary": "Weekly review, shorter", "location": "Room 4"},
    "createTask": {"summary": "Pay the rent", "due": {"date": "2026-12-01"}, "recurrence": ["RRULE:FREQ=MONTHLY"]},
    "quickAdd": {"text": "Lunch with Sam tomorrow at noon", "timeZone": _ZONE, "dryRun": True},
    "updateTask": {"completed": "2026-11-30T08:15:00Z"},
    "createCalendar": {"name": "Family", "color": "#2f9e44"},
    "updateCalendar": {"color": "#e8590c"},
    "updateMe": {"timeZone": "Europe/Berlin", "defaultReminders": [{"channel": "email", "minutesBefore": 30}]},
    "createReminder": {"at": "2026-12-24T18:00:00", "text": "Call the grandparents"},
    "updateReminder": {"at": "2026-12-24T17:30:00"},
    "snoozeReminder": {"minutes": 10},
    "createReminderRule": {
        "name": "Doctors and dentists",
        "match": {"words": ["doctor", "dentist"], "kind": "event"},
        "triggers": [{"channel": "email", "minutesBefore": 60}, {"channel": "email", "daysBefore": 1, "at": "18:00"}],
    },
    "updateReminderRule": {"match": {"words": ["doctor", "dentist", "clinic"]}},
    "previewNewRule": {"name": "The evening before", "triggers": [{"daysBefore": 1, "at": "19:00"}]},
    "createSchedule": {
        "name": "First talk",
        "weekly": [{"days": ["MO", "TU", "WE", "TH"], "from": "09:00", "to": "12:00"}],
        "bufferAfter": 10,
        "slug": "an-first-talk",
    },
    "updateSchedule": {"minimumNotice": 60, "overrides": [{"date": "2026-12-24", "hours": []}]},
    "createBooking": {
        "start": "2026-11-25T10:00:00+07:00",
        "name": "Sam",
        "email": "sam@example.org",
        "note": "About the garden.",
        "timeZone": "Europe/Berlin",
    },
    "queryFreeBusy": {"from": "2026-11-23", "to": "2026-11-30"},
    "createToken": {"name": "Home script", "scopes": ["events:read", "events:write"]},
    "importCalendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nBEGIN:VEVENT\r\n"
    "UID:review@example.org\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261123T020000Z\r\nDURATION:PT30M\r\n"
    "SUMMARY:Weekly review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
}
