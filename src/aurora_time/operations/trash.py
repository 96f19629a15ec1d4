"""The trash: what was deleted, for 30 days, and putting it back."""

from __future__ import annotations

from msgspec.structs import replace

from aurora_time.domain.component import Event, Task
from aurora_time.domain.moment import MomentError, parse_compact
from aurora_time.domain.series_edit import with_occurrence
from aurora_time.operations.errors import InvalidError, NotFoundError
from aurora_time.operations.events import (
    Check_,
    Written,
    accept,
    calendar_checks,
    commit,
    load_live,
    read_event_by_id,
    write,
)
from aurora_time.operations.occurrences import Place, find
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import event_resource
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.operations.task_parts import LATE, parent_checks, parts_follow
from aurora_time.operations.task_resources import task_resource
from aurora_time.operations.tasks import WrittenTask, read_task_by_id, write_task
from aurora_time.operations.writing import About, Step, undo_token
from aurora_time.ports import Change, Item
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Heir
from aurora_time.store.people import Person, Pointer
from aurora_time.store.trash import Trashed, by_time, of_whole, take_out
from aurora_time.store.undo import Before


# --- what is there ----------------------------------------------------------------------------------------------------
async def list_trash(
    services: Services, owner: str, limit: int, after: str, whole: str | None = None
) -> tuple[list[tuple[Trashed, str]], str | None]:
    """What was deleted, the newest first, with versions, and where the next page goes on.

    With ``whole`` what was deleted along with this calendar or task. Raises InvalidError when that is not in the trash.
    """
    if whole is None:
        range_ = by_time(owner, after, limit + 1)
    else:
        range_ = of_whole(owner, whole, after, limit + 1)
        (item,) = await services.table.get(keys.trash(owner, whole))
        if item is None or decode(item.body, Trashed).is_over(services.now):
            raise InvalidError("?deletedWith", "There is no calendar or task with this id in the trash.")
    (items,) = await services.table.query(range_)
    page = items[:limit]
    found = await services.table.get(*(keys.trash(owner, decode(item.body, Pointer).id) for item in page))
    shown = [(decode(item.body, Trashed), item.version) for item in found if item is not None]
    return shown, page[-1].key.sort if len(items) > limit else None


# --- putting it back --------------------------------------------------------------------------------------------------
async def restore_event(services: Services, owner: str, event_id: str, check: Check_ = accept) -> Written:
    """Take an event out of the trash; the id of a listed occurrence brings that one back into its series.

    Its reminders that were due meanwhile are shown as suppressed. Where its calendar is gone it comes into the first
    one. What is there already is answered as it is, so that it can be asked for twice. ``check`` sees the version of
    what is to come back, and may raise. Raises NotFoundError, and ClashError when the calendar has its UID again.
    """
    person, _ = await read_person(services, owner)

    async def attempt() -> Written:
        item = await _find(services, owner, event_id, "event")
        if item is None:
            return await _restore_other(services, person, event_id, check)
        check(item.version)
        step, more = await way_back(services, person, item)
        return await write(services, person, step, more)

    return await until_done(attempt)


async def restore_task(services: Services, owner: str, task_id: str, check: Check_ = accept) -> WrittenTask:
    """Take a task out of the trash, as ``restore_event``; its parts follow. Where what it was a part of is gone, it is
    a part of nothing.
    """
    person, _ = await read_person(services, owner)

    async def attempt() -> WrittenTask:
        item = await _find(services, owner, task_id, "task")
        if item is None:
            task, version = await read_task_by_id(services, owner, task_id)
            check(version)
            return WrittenTask(task, version, task_resource(task, version), "")
        check(item.version)
        step, more = await way_back(services, person, item)
        return await write_task(services, person, [step], more)

    return await until_done(attempt)


async def _find(services: Services, owner: str, id_: str, kind: str) -> Item | None:
    (item,) = await services.table.get(keys.trash(owner, id_))
    if item is None:
        return None
    trashed = decode(item.body, Trashed)
    return None if trashed.kind != kind or trashed.is_over(services.now) else item


async def way_back(services: Services, person: Person, item: Item, how: str = "") -> tuple[Step, list[Change]]:
    """The step that takes an event or a task out of the trash, and what else its write needs.

    With LATE, what was due meanwhile rings after all. Raises NotFoundError for a calendar.
    """
    trashed = decode(item.body, Trashed)
    if trashed.component is None:
        raise NotFoundError
    back, checks = await housed(services, person, replace(trashed.component, updated=services.now))
    heir = Heir(trashed.armed, trashed.href, None if how == LATE else trashed.handled)
    follow = await parts_follow(services, person.id, back, how)
    step = Step(heir, back, before=Before(back.id, trashed=trashed))
    return step, [*checks, *take_out(person.id, trashed, item.version), *follow]


async def housed(services: Services, person: Person, thing: Event | Task) -> tuple[Event | Task, list[Change]]:
    """An event or a task in its calendar, or in the first one where that is gone; and what is to hold when it is
    written. A task is a part of nothing where it can no longer be the part that it was.
    """
    try:
        checks = await calendar_checks(services, person, thing.calendar_id)
    except InvalidError:
        checks, first = [], person.first_calendar
        overrides = tuple(replace(each, calendar_id=first) for each in thing.overrides)
        thing = replace(thing, calendar_id=first, overrides=overrides)
    if isinstance(thing, Task) and thing.parent_id is not None:
        try:
            checks += await parent_checks(services, person.id, thing.id, thing.parent_id)
        except InvalidError:
            thing = replace(thing, parent_id=None)
    return thing, checks


async def _restore_other(services: Services, person: Person, named: str, check: Check_) -> Written:
    """What is not in the trash: an event that is there, or an occurrence that was taken out of its series."""
    try:
        event, version = await read_event_by_id(services, person.id, named)
    except NotFoundError:
        place = Place.of(named)
        if place is None:
            raise
        return await _restore_occurrence(services, person, place, check)
    check(version)
    return Written(event, version, event_resource(event, version), "")


async def _restore_occurrence(services: Services, person: Person, place: Place, check: Check_) -> Written:
    old, series = await load_live(services, person.id, place.event_id)
    try:
        original, is_date = parse_compact(place.recurrence_id)
    except MomentError:
        raise NotFoundError from None
    back = with_occurrence(series, original, person.home) if is_date == series.start.is_date else None
    if back is None:
        found = find(series, old.version, place.recurrence_id, person.home)
        check(old.version)
        return Written(series, old.version, found.resource, "")
    check(old.version)
    event = replace(back, updated=services.now)
    version, _ = await commit(services, person, [Step(old, event)], [], About(place.recurrence_id))
    shown = find(event, version, place.recurrence_id, person.home)
    return Written(event, version, shown.resource, undo_token(event.id, version))
