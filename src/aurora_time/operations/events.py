"""Events: create, read, change and delete, each in one write with everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from aurora_time.domain.component import Event
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.drafts import Fresh, read_event
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import EventInput, EventResource, event_resource
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Check, ConflictError
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Held
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context, Old, Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Armed

MAX_EVENTS = 1_000_000
_TRIES = 8
_BUSY = "It is being changed by somebody else all the time. Try again."


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it now is, and as the API shows it."""

    event: Event
    version: str
    resource: EventResource


Change_ = Callable[[Event, str], EventInput]
"""From an event and its version to what shall be instead; may raise, and then nothing is changed."""


async def load(services: Services, owner: str, event_id: str) -> Old:
    """An object with all that a write of it needs. Raises NotFoundError."""
    item, armed = await services.table.get(keys.object_(owner, event_id), keys.armed(owner, event_id))
    if item is None:
        raise NotFoundError
    held = (decode(armed.body, Armed), armed.version) if armed else None
    return Old(decode(item.body, Stored), item.version, held)


async def create_event(services: Services, owner: str, body: EventInput) -> Written:
    """Make an event. Raises InvalidError, TooLargeError, ClashError for the UID."""
    person, _ = await read_person(services, owner)
    event_id = services.ids.new()
    fresh = Fresh(event_id, f"{event_id}@aurora-time", services.now, person.home, person.first_calendar)
    event = read_event(body, fresh)
    for _ in range(_TRIES):
        checks = await _calendar_checks(services, person, event.calendar_id)
        try:
            return await _write(services, person, None, event, checks)
        except ChangedError:
            continue
    raise ChangedError(_BUSY)


async def _calendar_checks(services: Services, person: Person, calendar_id: str) -> list[Change]:
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
    event = decode(item.body, Stored).event
    await read_calendar(services, owner, event.calendar_id)
    return event, item.version


async def update_event(services: Services, owner: str, event_id: str, change: Change_) -> Written:
    """Change an event. ``change`` is asked again when somebody else was faster."""
    person, _ = await read_person(services, owner)
    for _ in range(_TRIES):
        old = await load(services, owner, event_id)
        before = old.stored.event
        await read_calendar(services, owner, before.calendar_id)
        fresh = Fresh(event_id, before.uid, services.now, person.home, before.calendar_id)
        event = read_event(change(before, old.version), fresh, before)
        checks = await _calendar_checks(services, person, event.calendar_id)
        try:
            return await _write(services, person, old, event, checks)
        except ChangedError:
            continue
    raise ChangedError(_BUSY)


async def delete_event(
    services: Services, owner: str, event_id: str, check: Callable[[str], None] = lambda _: None
) -> None:
    """Delete an event with its reminders. ``check`` sees the version, and may raise. Raises NotFoundError."""
    person, _ = await read_person(services, owner)
    for _ in range(_TRIES):
        old = await load(services, owner, event_id)
        await read_calendar(services, owner, old.stored.event.calendar_id)
        check(old.version)
        try:
            await _commit(services, person, old, None, [])
        except ChangedError:
            continue
        return
    raise ChangedError(_BUSY)


async def _write(services: Services, person: Person, old: Old | None, event: Event, checks: list[Change]) -> Written:
    version, resource = await _commit(services, person, old, event, checks)
    if resource is None:
        raise NotFoundError
    return Written(event, version, resource)


async def _commit(
    services: Services, person: Person, old: Old | None, event: Event | None, checks: list[Change]
) -> tuple[str, EventResource | None]:
    version = services.ids.new()
    resource = event_resource(event, version) if event else None
    wire = msgspec.json.encode(resource) if resource else b""
    # The instant at which it was asked for: what becomes due while it waits to be written is to ring, not past.
    now = event.updated if event else services.now
    earliest: list[int] = []

    def build(held: Held) -> tuple[list[Change], Held]:
        if old is None and held.head.events >= MAX_EVENTS:
            raise TooLargeError(f"An account holds at most {MAX_EVENTS} events; delete some.")
        context = Context(person.id, held, now, version, person.home, person.default_alarms, wire)
        made, after = objects.changes(old, event, context)
        earliest[:] = [keys.unsortable(each.key.sort[:12]) for each in made if each.key.part.startswith("due#")]
        return [*made, *checks], after

    try:
        await services.writers.commit(services.table, person.id, build)
    except ConflictError as conflict:
        if conflict.key.part == keys.uid(person.id, "", "").part:
            detail = "This calendar has an event with this `uid` already. Change that one, or choose another `uid`."
            raise ClashError(detail) from None
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    if earliest:
        services.nudge(min(earliest))
    return version, resource
