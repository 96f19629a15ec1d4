"""The example week: events to look at in a calendar of their own, and a reminder that rings within a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec import structs
from starlette.responses import Response

from aurora_time.domain.moment import DAY, print_date, print_wall
from aurora_time.operations.calendars import create_calendar, delete_calendar, list_calendars
from aurora_time.operations.events import create_event
from aurora_time.operations.representation import (
    CalendarInput,
    DateOrTime,
    EventInput,
    ReminderOverride,
    Reminders,
)
from aurora_time.pages.example_words import EXAMPLES, ExampleWords
from aurora_time.pages.view import PLAIN, Mine

_NOTES: Final = frozenset(words.note for words in EXAMPLES.values())
_COLOR: Final = "#0c8599"
_COLORS: Final = (_COLOR, "#e8590c", "#3b5bdb", "#d6336c", "#2f9e44", "#7048e8", "#3b5bdb", _COLOR)
"""Of its events, in order."""
_LEAD: Final = 10
"""Minutes before its start at which the first event rings."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Makes events of a week that begins today, on the person's clock."""

    calendar_id: str
    today: int
    zone: str

    def timed(self, summary: str, day: int, start: tuple[int, int], minutes: int, location: str = "") -> EventInput:
        wall = self.today + day * DAY + start[0] * 3600 + start[1] * 60
        first, last = self._clock(wall), self._clock(wall + minutes * 60)
        return EventInput(summary, first, last, self.calendar_id, location=location)

    def days(self, summary: str, day: int, count: int = 1, location: str = "") -> EventInput:
        wall = self.today + day * DAY
        first, last = (DateOrTime(date=print_date(each)) for each in (wall, wall + count * DAY))
        return EventInput(summary, first, last, self.calendar_id, location=location)

    def _clock(self, wall: int) -> DateOrTime:
        return DateOrTime(date_time=print_wall(wall), time_zone=self.zone)

    def first(self, words: ExampleWords, now_wall: int) -> EventInput:
        """At a whole minute, so soon that its reminder comes within the next minute or so."""
        start = -(-(now_wall + _LEAD * 60 + 2) // 60) * 60
        first, last = self._clock(start), self._clock(start + 1800)
        reminders = Reminders(False, (ReminderOverride(minutes_before=_LEAD),))
        return EventInput(
            words.first, first, last, self.calendar_id, description=words.first_notes, reminders=reminders
        )


def _week(words: ExampleWords, plan: _Plan, now_wall: int) -> list[EventInput]:
    review = plan.timed(words.review, 1, (9, 0), 30)
    birthday = plan.days(words.birthday, 2)
    abroad = _Plan(plan.calendar_id, plan.today, "Europe/Berlin")
    events = [
        plan.first(words, now_wall),
        plan.timed(words.lunch, 1, (12, 0), 60, words.lunch_place),
        structs.replace(review, recurrence=("RRULE:FREQ=WEEKLY",)),
        structs.replace(birthday, recurrence=("RRULE:FREQ=YEARLY",)),
        plan.timed(words.yoga, 2, (18, 0), 90, words.yoga_place),
        plan.timed(words.train, 3, (21, 40), 500, words.train_place),
        abroad.timed(words.call, 4, (9, 30), 45),
        plan.days(words.trip, 5, 2, words.trip_place),
    ]
    return [structs.replace(event, color=color) for event, color in zip(events, _COLORS, strict=True)]


async def find(view: Mine) -> str | None:
    """The id of the person's example calendar: the one that says of itself that it is."""
    calendars = await list_calendars(view.services, view.person.id)
    return next((calendar.id for calendar, _ in calendars if calendar.description in _NOTES), None)


async def add(view: Mine) -> Response:
    if await find(view) is None:
        words = EXAMPLES[view.locale]
        body = CalendarInput(words.calendar, words.note, _COLOR)
        calendar, _ = await create_calendar(view.services, view.person.id, body)
        plan = _Plan(calendar.id, view.today, view.person.time_zone)
        for event in _week(words, plan, view.home.wall(view.services.now)):
            await create_event(view.services, view.person.id, event)
    return view.done(PLAIN, "example")


async def remove(view: Mine) -> Response:
    """Gone at once, with all that is in it; a job clears up behind."""
    calendar_id = await find(view)
    if calendar_id is not None:
        await delete_calendar(view.services, view.person.id, calendar_id)
    return view.done(PLAIN, "example-removed")
