"""The page of one event, to which mails lead, and deleting it."""

from __future__ import annotations

from starlette.responses import Response

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.moment import print_wall
from aurora_time.domain.reminders import alarms_of
from aurora_time.mail.wording import Span, Wall, before_text, days_before_text, span_text, zone_text
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.events import delete_event, read_event_by_id
from aurora_time.pages.repeats import repeats_of
from aurora_time.pages.view import PLAIN, Mine


async def show(view: Mine) -> Response:
    event, _ = await read_event_by_id(view.services, view.person.id, view.parameter("event_id"))
    calendar, _ = await read_calendar(view.services, view.person.id, event.calendar_id)
    alarms = alarms_of(event, view.person.preferences)
    values: dict[str, object] = {
        "event": event,
        "summary": event.summary or view.words.untitled,
        "when": view.span_text(event.start.moment, event.end.moment),
        "elsewhere": _elsewhere(view, event),
        "recurrence": repeats_of(view, event),
        "calendar": calendar,
        "color": event.color or calendar.color,
        "reminders": [_alarm_text(view, alarm) for alarm in alarms],
        "link": event.url if event.url and event.url.startswith(("https://", "http://")) else "",
    }
    return view.page("event.html", values)


async def ask_delete(view: Mine) -> Response:
    event, _ = await read_event_by_id(view.services, view.person.id, view.parameter("event_id"))
    words, repeats = view.words, bool(event.recurrence)
    text = words.delete_series if repeats else words.delete_event
    values: dict[str, object] = {
        "title": words.delete_series_title if repeats else words.delete_event_title,
        "text": text.format(summary=event.summary or words.untitled),
        "button": words.delete_series_button if repeats else words.delete,
        "event_id": event.id,
    }
    return view.page("delete.html", values)


async def delete(view: Mine) -> Response:
    """A series only from the page that asks: ``whole`` says that somebody has read it."""
    event_id = view.parameter("event_id")
    event, _ = await read_event_by_id(view.services, view.person.id, event_id)
    if event.recurrence and not view.form.get("whole"):
        return await ask_delete(view)
    await delete_event(view.services, view.person.id, event_id)
    return view.done(PLAIN, "deleted")


def _elsewhere(view: Mine, event: Event) -> str:
    """When it is on the clock of its own zone, if that is another one."""
    start, end = event.start.moment, event.end.moment
    zone = start.zone
    if zone is None or zone.id == view.home.id:
        return ""
    span = Span(*(Wall(zone.wall(each.instant(zone)), zone.id) for each in (start, end)))
    return f"{span_text(span, view.locale)} {view.words.in_zone.format(zone=zone_text(zone.id))}"


def _alarm_text(view: Mine, alarm: Alarm) -> str:
    if alarm.minutes_before is not None:
        return before_text(alarm.minutes_before, view.locale)
    return days_before_text(alarm.days_before, print_wall(alarm.at)[11:16], view.locale)
