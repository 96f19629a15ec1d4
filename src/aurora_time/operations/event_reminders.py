"""Reminders of an event or a task by themselves: one more of them, or one less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from aurora_time.domain.component import MAX_ALARMS, Alarm, Event, Task
from aurora_time.domain.reminders import Preferences, alarms_of, triggers_after
from aurora_time.domain.tasks import anchor, as_event
from aurora_time.operations import events, tasks
from aurora_time.operations.errors import ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import Shown, as_planned, find_reminder
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EVENT_READ_ONLY, EventInput, event_resource, reminder_override
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TASK_READ_ONLY, TaskInput, task_resource
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.reminders import Entry, new_entry

_NOBODY: Final = "There is no event or task with this id here."

T = TypeVar("T")
Alarms = Callable[[Event], tuple[Alarm, ...]]
"""From an event (or a task seen as one) as it is to the alarms that it is to have; may raise."""


async def add_reminder(services: Services, owner: str, event_id: str, alarm: Alarm) -> Shown:
    """One more reminder of an event or a task, beside those that ring now, which become its own; the next of them.

    Raises InvalidError.
    """
    person, _ = await read_person(services, owner)
    wanted = person.preferences

    def more(event: Event) -> tuple[Alarm, ...]:
        if event.is_all_day and not alarm.is_wall_clock:
            detail = "An all-day event has no time of day to count minutes from: use `daysBefore` and `at`."
            raise InvalidError("/minutesBefore", detail)
        alarms = tuple(dict.fromkeys((*alarms_of(event, wanted), alarm)))
        if len(alarms) > MAX_ALARMS:
            raise InvalidError("", f"An event has at most {MAX_ALARMS} reminders. Delete one of them first.")
        if _next(services, owner, event, alarm, wanted) is None:
            raise InvalidError("/eventId", "This would never ring: it is past, or the event is cancelled.")
        return alarms

    try:
        event = await _change_alarms(services, owner, event_id, more)
    except NotFoundError:
        raise InvalidError("/eventId", f"{_NOBODY} GET /v1/events lists yours.") from None
    entry = _next(services, owner, event, alarm, wanted)
    if entry is None:
        raise ClashError("The event was changed by somebody else, and is over. Read it again.")
    return as_planned(entry)


async def remove_reminder(services: Services, owner: str, name: str, check: Callable[[str], None]) -> None:
    """Take a reminder that is planned from its event's own, at all its occurrences; ``check`` sees its version.

    Raises NotFoundError, ClashError for one that is not the event's own.
    """
    found = await find_reminder(services, owner, name)
    check(found.etag)
    entry = found.entry
    if not found.is_computed or entry.alarm is None:
        raise ClashError("It is not planned any more, so it stays in the list. To be done with it, dismiss it.")

    def less(event: Event) -> tuple[Alarm, ...]:
        if event.alarms is None or entry.alarm not in event.alarms:
            detail = "It comes from a rule, from the default reminders or from a single occurrence."
            raise ClashError(f"{detail} Change that, or dismiss this one reminder.")
        return tuple(each for each in event.alarms if each != entry.alarm)

    await _change_alarms(services, owner, entry.event_id, less)


def _next(services: Services, owner: str, event: Event, alarm: Alarm, wanted: Preferences) -> Entry | None:
    """The next reminder by an alarm of an event that has it alone."""
    if event.status == "CANCELLED":
        return None
    alone = msgspec.structs.replace(event, alarms=(alarm,), overrides=())
    first = next(triggers_after(alone, wanted, services.now), None)
    return None if first is None else new_entry(owner, event, first, "planned")


async def _change_alarms(services: Services, owner: str, object_id: str, alarms: Alarms) -> Event:
    """Write an event or a task with other alarms; answers it, as an event. Raises NotFoundError."""
    (item,) = await services.table.get(keys.object_(owner, object_id))
    if item is None:
        raise NotFoundError

    def event_input(event: Event, version: str) -> EventInput:
        shown = msgspec.to_builtins(event_resource(event, version))
        return _with_alarms(shown, alarms(event), EVENT_READ_ONLY, EventInput)

    def task_input(task: Task, version: str) -> TaskInput:
        if anchor(task) is None:
            raise InvalidError("/eventId", "This task is never due, so nothing can ring before that. Give it a `due`.")
        shown = msgspec.to_builtins(task_resource(task, version))
        return _with_alarms(shown, alarms(as_event(task)), TASK_READ_ONLY, TaskInput)

    if decode(item.body, Stored).task is not None:
        return as_event((await tasks.update_task(services, owner, object_id, task_input)).task)
    return (await events.update_event(services, owner, object_id, event_input)).event


def _with_alarms(shown: dict[str, object], alarms: tuple[Alarm, ...], read_only: frozenset[str], type_: type[T]) -> T:
    overrides = [msgspec.to_builtins(reminder_override(alarm)) for alarm in alarms]
    wanted = {name: value for name, value in shown.items() if name not in read_only}
    return msgspec.convert({**wanted, "reminders": {"useDefault": False, "overrides": overrides}}, type_)
