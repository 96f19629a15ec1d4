"""Export: a calendar, or all of them, as iCalendar text; the whole account as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

from aurora_time.domain.availability import Schedule
from aurora_time.domain.component import Task
from aurora_time.domain.icalendar_writer import CalendarWriter, Heading
from aurora_time.domain.moment import print_instant
from aurora_time.operations.calendars import list_calendars, read_calendar
from aurora_time.operations.kinds import CalendarItem, EventItem, TaskItem, calendar_item, event_item, task_item
from aurora_time.operations.people import list_tokens, read_person
from aurora_time.operations.reminder_resources import ReminderResource, reminder_resource
from aurora_time.operations.representation import (
    CalendarResource,
    EventResource,
    PersonResource,
    TokenResource,
    calendar_resource,
    event_resource,
    person_resource,
    token_resource,
)
from aurora_time.operations.rules import RuleResource, rule_resource
from aurora_time.operations.schedule_resources import (
    BookingResource,
    ScheduleResource,
    booking_resource,
    schedule_resource,
)
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TaskResource, task_resource
from aurora_time.ports import Item, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import Entry, Standing
from aurora_time.store.schedules import Booking
from aurora_time.store.trash import Trashed

_PAGE: Final = 500
VERSION: Final = 1
T = TypeVar("T")


class AccountExport(msgspec.Struct, frozen=True, rename="camel"):
    """Everything of an account, each thing as the API shows it. What iCalendar says of it beyond that, such as changed
    occurrences and unknown properties, is in `icalendar`: the text of each calendar by its id.
    """

    version: Annotated[int, Meta(description="Of this form; 1 so far.")]
    exported: str
    person: PersonResource
    calendars: list[CalendarResource]
    events: list[EventResource]
    tasks: list[TaskResource]
    reminder_rules: list[RuleResource]
    schedules: list[ScheduleResource]
    bookings: list[BookingResource]
    trash: Annotated[
        list[EventItem | TaskItem | CalendarItem],
        Meta(description="What was deleted and can be restored, with all that was in a deleted calendar."),
    ]
    reminders: Annotated[
        list[ReminderResource],
        Meta(description="What became of those of the last 400 days, and those to come that belong to no event."),
    ]
    tokens: Annotated[list[TokenResource], Meta(description="API tokens without their secrets.")]
    icalendar: dict[str, str]


async def export_calendar(services: Services, owner: str, calendar_id: str | None) -> str:
    """The text of a calendar, without an id of all. Raises NotFoundError."""
    person, _ = await read_person(services, owner)
    if calendar_id is None:
        calendars = [calendar for calendar, _ in await list_calendars(services, owner)]
        name = ""
    else:
        calendar, _ = await read_calendar(services, owner, calendar_id)
        calendars, name = [calendar], calendar.name
    writer = CalendarWriter(Heading(name, address=person.email))
    for calendar in calendars:
        await write_objects(services, owner, calendar, writer)
    return await asyncio.to_thread(writer.text)  # which makes a VTIMEZONE of each zone: up to 20 ms each


async def write_objects(services: Services, owner: str, calendar: Calendar, writer: CalendarWriter) -> None:
    """All objects of a calendar; tasks at last, so that each knows the UID of the one that it is a part of."""
    tasks: list[Task] = []
    async for items in _objects_of(services, owner, calendar.id):
        for item in items:
            made = decode(item.body, Stored).component
            if isinstance(made, Task):
                tasks.append(made)
            else:
                writer.add(made)
    writer.know(tasks)
    for task in tasks:
        writer.add(task)


async def _objects_of(services: Services, owner: str, calendar_id: str) -> AsyncIterator[list[Item]]:
    prefix = keys.uid(owner, calendar_id, "").sort.partition("#")[0] + "#"
    async for pointers in _pages(services, Range(keys.uid(owner, "", "").part, prefix, prefix + keys.LAST)):
        ids = [decode(item.body, Pointer).id for item in pointers]
        found = await services.table.get(*(keys.object_(owner, each) for each in ids))
        yield [item for item in found if item is not None]


async def _pages(services: Services, range_: Range) -> AsyncIterator[list[Item]]:
    """The items of a range, page by page; between two pages others have their turn."""
    low = range_.low
    while True:
        (items,) = await services.table.query(Range(range_.part, low, range_.high, _PAGE))
        yield items
        if len(items) < _PAGE:
            return
        low = f"{items[-1].key.sort}\x00"
        await asyncio.sleep(0)


async def _all(services: Services, range_: Range, type_: type[T], show: Callable[[T, str], Any]) -> list[Any]:
    """Every item of a range, as the API shows it."""
    found = [page async for page in _pages(services, range_)]
    return [show(decode(item.body, type_), item.version) for items in found for item in items]


def _trash(owner: str) -> Range:
    part, low = keys.trash(owner, "")
    return Range(part, low, low + keys.LAST)


def _trashed(trashed: Trashed, version: str) -> EventItem | TaskItem | CalendarItem:
    if trashed.own is not None:
        return event_item(event_resource(trashed.own, version))
    if trashed.task is not None:
        return task_item(task_resource(trashed.task, version))
    if trashed.calendar is not None:
        return calendar_item(calendar_resource(trashed.calendar, version, ""))
    raise ValueError("the trash holds an event, a task or a calendar")


def _standing(owner: str, standing: Standing, version: str) -> ReminderResource:
    return reminder_resource(standing.entry(owner), version)


async def export_account(services: Services, owner: str) -> bytes:
    """The whole account, as the JSON of an AccountExport."""
    person, version = await read_person(services, owner)
    found = await list_calendars(services, owner)
    events, tasks = await _components(services, owner, [calendar for calendar, _ in found])
    export = AccountExport(
        VERSION,
        print_instant(services.now),
        person_resource(person, version),
        [calendar_resource(calendar, own, person.first_calendar) for calendar, own in found],
        events,
        tasks,
        [rule_resource(rule) for rule in person.rules],
        await _all(services, Range(keys.schedule(owner).part), Schedule, schedule_resource),
        await _all(services, Range(keys.booking(owner, "", 0, "").part), Booking, booking_resource),
        await _all(services, _trash(owner), Trashed, _trashed),
        [
            *await _all(services, Range(keys.ledger(owner, 0, "").part), Entry, reminder_resource),
            *await _all(services, Range(keys.standing(owner).part), Standing, partial(_standing, owner)),
        ],
        [token_resource(token, own) for token, own in await list_tokens(services, owner)],
        {calendar.id: await export_calendar(services, owner, calendar.id) for calendar, _ in found},
    )
    return msgspec.json.encode(export)


async def _components(
    services: Services, owner: str, calendars: Sequence[Calendar]
) -> tuple[list[EventResource], list[TaskResource]]:
    events: list[EventResource] = []
    tasks: list[TaskResource] = []
    for calendar in calendars:
        async for items in _objects_of(services, owner, calendar.id):
            for item in items:
                made = decode(item.body, Stored).component
                if isinstance(made, Task):
                    tasks.append(task_resource(made, item.version))
                else:
                    events.append(event_resource(made, item.version))
    return events, tasks
