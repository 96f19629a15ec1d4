"""What the API shows, told apart by its kind where things of several kinds stand in one list."""

from __future__ import annotations

from typing import Final

from aurora_time.operations.representation import CalendarResource, EventResource
from aurora_time.operations.task_resources import TaskResource

_KIND: Final = "kind"


class EventItem(EventResource, frozen=True, rename="camel", tag_field=_KIND, tag="event"):
    """An event, in a list of several kinds."""


class TaskItem(TaskResource, frozen=True, rename="camel", tag_field=_KIND, tag="task"):
    """A task, in a list of several kinds."""


class CalendarItem(CalendarResource, frozen=True, rename="camel", tag_field=_KIND, tag="calendar"):
    """A calendar, in a list of several kinds."""


def event_item(event: EventResource) -> EventItem:
    return EventItem(**{name: getattr(event, name) for name in event.__struct_fields__})


def task_item(task: TaskResource) -> TaskItem:
    return TaskItem(**{name: getattr(task, name) for name in task.__struct_fields__})


def calendar_item(calendar: CalendarResource) -> CalendarItem:
    return CalendarItem(**{name: getattr(calendar, name) for name in calendar.__struct_fields__})
