"""The days from today on, each with what happens on it, in the person's own time and language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from aurora_time.domain.moment import DAY, Moment, Window
from aurora_time.mail.wording import Wall, date_text
from aurora_time.operations.calendars import list_calendars
from aurora_time.operations.drafts import read_time
from aurora_time.operations.listing import Question, list_events
from aurora_time.operations.representation import EventResource
from aurora_time.pages.view import Mine
from aurora_time.store.calendars import Calendar

DAYS: Final = 7
LIMIT: Final = 200
"""Occurrences shown at most: a page is for reading."""


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence as it stands on one day."""

    event_id: str
    summary: str
    time: str
    location: str
    color: str
    repeats: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day and its lines; ``near`` is Today, Tomorrow or nothing."""

    near: str
    date: str
    iso: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """``days`` are today and those on which something happens; ``is_cut`` if there is more than is shown."""

    days: tuple[Day, ...]
    is_empty: bool
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Placed:
    resource: EventResource
    start: Moment
    end: Moment
    first: int
    last: int
    """Wall seconds of the first moment, and of the last that it covers, on the person's clock."""


async def read_agenda(view: Mine) -> Agenda:
    """What happens in the seven days from today."""
    home, today = view.home, view.today
    window = Window(home.instant(today), home.instant(today + DAYS * DAY))
    page = await list_events(view.services, Question(view.person.id, window, home), LIMIT, None)
    placed = [_place(view, msgspec.json.decode(each, type=EventResource)) for each in page.items]
    calendars = {calendar.id: calendar for calendar, _ in await list_calendars(view.services, view.person.id)}
    days = [_day(view, today + number * DAY, placed, calendars) for number in range(DAYS)]
    shown = tuple(day for number, day in enumerate(days) if number == 0 or day.lines)
    return Agenda(shown, not placed, page.next is not None)


def _place(view: Mine, resource: EventResource) -> _Placed:
    home = view.home
    start, end = (read_time(each, "", home) for each in (resource.start, resource.end))
    first, last = (moment.wall if moment.is_date else home.wall(moment.instant(home)) for moment in (start, end))
    return _Placed(resource, start, end, first, max(first, last - 1))


def _day(view: Mine, midnight: int, placed: list[_Placed], calendars: dict[str, Calendar]) -> Day:
    on_it = [each for each in placed if each.first < midnight + DAY and each.last >= midnight]
    on_it.sort(key=lambda each: (not each.start.is_date, max(each.first, midnight)))
    near = {0: view.words.today, DAY: view.words.tomorrow}.get(midnight - view.today, "")
    wall = Wall(midnight)
    lines = tuple(_line(view, each, midnight, calendars) for each in on_it)
    return Day(near, date_text(wall.day, view.locale, year=False), wall.day.isoformat(), lines)


def _line(view: Mine, placed: _Placed, midnight: int, calendars: dict[str, Calendar]) -> Line:
    resource = placed.resource
    calendar = calendars.get(resource.calendar_id)
    now = view.home.wall(view.services.now)
    return Line(
        event_id=resource.id if isinstance(resource.event_id, msgspec.UnsetType) else resource.event_id,
        summary=resource.summary or view.words.untitled,
        time=_time(view, placed, midnight),
        location=resource.location,
        color=resource.color or (calendar.color if calendar else Calendar.__struct_defaults__[1]),
        repeats=bool(resource.recurrence),
        is_past=not placed.start.is_date and placed.last < now,
    )


def _time(view: Mine, placed: _Placed, midnight: int) -> str:
    """From when to when, as far as it concerns this day."""
    if placed.start.is_date or (placed.first < midnight and placed.last >= midnight + DAY):
        return view.words.all_day
    start, end = Wall(placed.first).clock, Wall(placed.last + 1).clock
    if placed.first < midnight:
        return view.words.until.format(time=end)
    return start if placed.last == placed.first else f"{start}–{end}"
