"""Events: create, read, change and delete, each in one write with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aurora_time.domain.component import Event
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.drafts import Fresh, read_event
from aurora_time.operations.errors import InvalidError, NotFoundError
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EventInput, EventResource
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.operations.writing import WHOLE, About, Step, load_object, undo_token, write_steps
from aurora_time.ports import Change, Check
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Old, Stored
from aurora_time.store.people import Person


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it now is, and as the API shows it. With ``undo`` the write can be undone for ten minutes."""

    event: Event
    version: str
    resource: EventResource
    undo: str


class Committed(NamedTuple):
    """The version that a write gave its events, and those that are there now, in its order, as the API shows them."""

    version: str
    resources: tuple[EventResource, ...]


Change_ = Callable[[Event, str], EventInput]
"""From an event and its version to what shall be instead; may raise, and then nothing is changed."""
Check_ = Callable[[str], None]
"""Sees the version of what is to be deleted, and may raise."""


async def load(services: Services, owner: str, event_id: str) -> Old:
    """An object with all that a write of it needs. Raises NotFoundError."""
    old = await load_object(services, owner, event_id)
    if old.stored.own is None:
        raise NotFoundError  # a task
    return old


async def load_live(services: Services, owner: str, event_id: str) -> tuple[Old, Event]:
    """As ``load``, and the event. Raises NotFoundError, also while its calendar is being deleted."""
    old = await load(services, owner, event_id)
    event = old.stored.own
    if event is None:
        raise NotFoundError
    await read_calendar(services, owner, event.calendar_id)
    return old, event


async def create_event(services: Services, owner: str, body: EventInput) -> Written:
    """Make an event. Raises InvalidError, TooLargeError, ClashError for the UID."""
    person, _ = await read_person(services, owner)
    event_id = services.ids.new()
    fresh = Fresh(event_id, f"{event_id}@aurora-time", services.now, person.home, person.first_calendar)
    event = read_event(body, fresh)

    async def attempt() -> Written:
        checks = await calendar_checks(services, person, event.calendar_id)
        return await write(services, person, Step(None, event), checks)

    return await until_done(attempt)


async def calendar_checks(services: Services, person: Person, calendar_id: str) -> list[Change]:
    """That the calendar is there, and still is when the event is written: one that is being deleted takes nothing.

    The first calendar is never deleted. Raises InvalidError when an event cannot go there.
    """
    try:
        _, version = await read_calendar(services, person.id, calendar_id)
    except NotFoundError:
        detail = "There is no calendar with this id here. GET /v1/calendars lists yours."
        raise InvalidError("/calendarId", detail) from None
    return [] if calendar_id == person.first_calendar else [Check(keys.calendar(person.id, calendar_id), version)]


async def read_event_by_id(services: Services, owner: str, event_id: str) -> tuple[Event, str]:
    """The event and its version. Raises NotFoundError, also while its calendar is being deleted."""
    (item,) = await services.table.get(keys.object_(owner, event_id))
    if item is None:
        raise NotFoundError
    event = decode(item.body, Stored).own
    if event is None:
        raise NotFoundError  # a task
    await read_calendar(services, owner, event.calendar_id)
    return event, item.version


async def update_event(services: Services, owner: str, event_id: str, change: Change_) -> Written:
    """Change an event, a series as a whole. ``change`` is asked again when somebody else was faster."""
    person, _ = await read_person(services, owner)

    async def attempt() -> Written:
        old, before = await load_live(services, owner, event_id)
        fresh = Fresh(event_id, before.uid, services.now, person.home, before.calendar_id)
        event = read_event(change(before, old.version), fresh, before)
        # Where it stays, nothing has to be checked: who deletes that calendar finds it, and then this write fails.
        stays = event.calendar_id == before.calendar_id
        checks = [] if stays else await calendar_checks(services, person, event.calendar_id)
        return await write(services, person, Step(old, event), checks)

    return await until_done(attempt)


def accept(_version: str) -> None:
    """A Check_ that takes any version."""


async def delete_event(services: Services, owner: str, event_id: str, check: Check_ = accept) -> str:
    """Put an event into the trash, with its reminders; answers how to undo it. Raises NotFoundError."""
    person, _ = await read_person(services, owner)

    async def attempt() -> str:
        old, _event = await load_live(services, owner, event_id)
        check(old.version)
        return undo_token(event_id, (await commit(services, person, [Step(old, None)], [])).version)

    return await until_done(attempt)


async def write(services: Services, person: Person, step: Step, checks: Sequence[Change]) -> Written:
    """Write one event. Raises ChangedError, ClashError, TooLargeError."""
    version, (resource,) = await commit(services, person, [step], checks)
    if not isinstance(step.new, Event):
        raise NotFoundError
    return Written(step.new, version, resource, undo_token(step.new.id, version))


async def commit(
    services: Services, person: Person, steps: Sequence[Step], checks: Sequence[Change], about: About = WHOLE
) -> Committed:
    """Write events in one write, with what is needed to undo it.

    Raises ChangedError when one of them was changed meanwhile, ClashError for a UID, TooLargeError.
    """
    version, shown = await write_steps(services, person, steps, checks, about)
    return Committed(version, tuple(each for each in shown if isinstance(each, EventResource)))
