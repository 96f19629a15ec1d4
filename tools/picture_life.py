"""Somebody's life around a Wednesday, as the pictures of the guides show it: made by the API, as any client would."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from tools.visitor import Api

ZONE: Final = "Europe/Berlin"
TALK: Final = "Design review"
"""The event that is opened for a picture."""
_WEEK: Final[tuple[tuple[str, str, int, str, str, dict[str, Any]], ...]] = (
    ("Work", "Standup", 0, "09:00", "09:15", {"recurrence": ["RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"]}),
    (
        "Work",
        TALK,
        2,
        "11:00",
        "12:00",
        {"location": "Room 12", "description": "The calendar on a phone: what is left?"},
    ),
    ("Work", "Quarterly figures", 2, "11:30", "12:30", {"status": "TENTATIVE"}),
    ("Work", "Focus: the booking page", 1, "10:00", "12:00", {}),
    ("Work", "One to one with Minh", 3, "14:00", "14:45", {}),
    ("Work", "Retrospective", 4, "15:00", "16:00", {"recurrence": ["RRULE:FREQ=WEEKLY;INTERVAL=2"]}),
    ("Personal", "Run along the river", 0, "07:45", "08:30", {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,FR"]}),
    ("Personal", "Lunch with Lan", 2, "13:00", "14:00", {"location": "Sun Inn"}),
    ("Personal", "Dentist", 3, "08:30", "09:15", {"location": "Lindenstraße 8"}),
    ("Personal", "Piano lesson", 1, "17:30", "18:30", {"recurrence": ["RRULE:FREQ=WEEKLY"]}),
    ("Family", "Pick up the children", 2, "16:15", "16:45", {}),
    ("Family", "Dinner at Hoa’s", 4, "18:30", "21:00", {"location": "Huế Street 4"}),
    ("Family", "Market and cooking", 5, "10:00", "12:30", {}),
)
"""Calendar, what, days after Monday, from, until, and what else there is to it."""
_TASKS: Final = (
    ("Water the plants", 2),
    ("Book the train to Huế", 3),
    ("Send the figures to Minh", 4),
    ("Renew the passport", 20),
)
_COLORS: Final = {"Work": "#0c8599", "Family": "#e8590c"}
_HOURS: Final = [{"days": ["MO", "TU", "WE", "TH", "FR"], "from": "09:00", "to": "17:00"}]


def live(api: Api, wednesday: date) -> None:
    monday = wednesday - timedelta(days=2)
    own = api.get("/v1/calendars")["items"][0]["id"]
    calendars = {"Personal": own}
    for name, color in _COLORS.items():
        calendars[name] = api.post("/v1/calendars", {"name": name, "color": color})["id"]
    for calendar, summary, day, start, end, more in _WEEK:
        times = {"start": _at(monday, day, start), "end": _at(monday, day, end)}
        api.post("/v1/events", {"summary": summary, "calendarId": calendars[calendar], **times, **more})
    trip = {"start": _on(monday, 5), "end": _on(monday, 7)}
    api.post("/v1/events", {"summary": "Weekend by the sea", "calendarId": calendars["Family"], **trip})
    for summary, day in _TASKS:
        api.post("/v1/tasks", {"summary": summary, "due": _on(monday, day)})
    triggers = [{"channel": "email", "minutesBefore": 30}]
    rule = {"name": "Out of the house", "match": {"words": ["Dentist", "Lunch"]}, "triggers": triggers}
    api.post("/v1/reminder-rules", rule)
    api.post("/v1/schedules", {"name": "First talk", "slug": "an-first-talk", "weekly": _HOURS, "slotMinutes": 30})


def _at(monday: date, day: int, time: str) -> dict[str, Any]:
    return {"dateTime": f"{monday + timedelta(days=day)}T{time}:00", "timeZone": ZONE}


def _on(monday: date, day: int) -> dict[str, Any]:
    return {"date": (monday + timedelta(days=day)).isoformat()}
