"""The trash: what was deleted, for 30 days; putting it back; and undoing the last write."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.component import Event
from aurora_time.domain.moment import MomentError, parse_compact
from aurora_time.domain.series_edit import with_occurrence
from aurora_time.operations.errors import ClashError, InvalidError, NotFoundError
from aurora_time.operations.events import (
    About,
    Step,
    Written,
    calendar_checks,
    commit,
    load,
    load_live,
    read_event_by_id,
    undo_token,
    write,
)
from aurora_time.operations.occurrences import Place, find
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import event_resource
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Item
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Heir
from aurora_time.store.people import Person, Pointer
from aurora_time.store.trash import Trashed, by_time, take_out
from aurora_time.store.undo import KEPT, Before, Undo

_GONE: Final = (
    "This can no longer be undone: what it changed was changed again since, ten minutes have passed, or it was more "
    "than is kept. "
    "What was deleted can be restored from the trash."
)


# --- the trash --------------------------------------------------------------------------------------------------------
async def list_trash(
    services: Services, owner: str, limit: int, after: str
) -> tuple[list[tuple[Trashed, str]], str | None]:
    """What was deleted, the newest first, with versions, and where the next page goes on."""
    (items,) = await services.table.query(by_time(owner, after, limit + 1))
    page = items[:limit]
    found = await services.table.get(*(keys.trash(owner, decode(item.body, Pointer).id) for item in page))
    shown = [(decode(item.body, Trashed), item.version) for item in found if item is not None]
    return shown, page[-1].key.sort if len(items) > limit else None


async def restore_event(services: Services, owner: str, event_id: str) -> Written:
    """Take an event out of the trash; the id of a listed occurrence brings that one back into its series.

    Its reminders that were due meanwhile are shown as suppressed. Where its calendar is gone it comes into the first
    one. What is there already is answered as it is, so that it can be asked for twice. Raises NotFoundError, and
    ClashError when the calendar has its UID again.
    """
    person, _ = await read_person(services, owner)

    async def attempt() -> Written:
        (item,) = await services.table.get(keys.trash(owner, event_id))
        if item is None:
            return await _restore_other(services, person, event_id)
        trashed = decode(item.body, Trashed)
        event, checks = await _housed(services, person, replace(trashed.event, updated=services.now))
        step = Step(Heir(trashed.armed, trashed.href, trashed.handled), event)
        return await write(services, person, step, [*checks, *take_out(owner, trashed, item.version)])

    return await until_done(attempt)


async def _housed(services: Services, person: Person, event: Event) -> tuple[Event, list[Change]]:
    """The event in its calendar, or in the first one where that is gone."""
    try:
        return event, await calendar_checks(services, person, event.calendar_id)
    except InvalidError:
        first = person.first_calendar
        parts = tuple(replace(each, calendar_id=first) for each in event.overrides)
        return replace(event, calendar_id=first, overrides=parts), []


async def _restore_other(services: Services, person: Person, named: str) -> Written:
    """What is not in the trash: an event that is there, or an occurrence that was taken out of its series."""
    try:
        event, version = await read_event_by_id(services, person.id, named)
    except NotFoundError:
        place = Place.of(named)
        if place is None:
            raise
        return await _restore_occurrence(services, person, place)
    return Written(event, version, event_resource(event, version), "")


async def _restore_occurrence(services: Services, person: Person, place: Place) -> Written:
    old, series = await load_live(services, person.id, place.event_id)
    try:
        original, is_date = parse_compact(place.recurrence_id)
    except MomentError:
        raise NotFoundError from None
    back = with_occurrence(series, original, person.home) if is_date == series.start.is_date else None
    if back is None:
        found = find(series, old.version, place.recurrence_id, person.home)
        return Written(series, old.version, found.resource, "")
    event = replace(back, updated=services.now)
    version, _ = await commit(services, person, [Step(old, event)], [], About(place.recurrence_id))
    shown = find(event, version, place.recurrence_id, person.home)
    return Written(event, version, shown.resource, undo_token(event.id, version))


# --- undo -------------------------------------------------------------------------------------------------------------
async def undo(services: Services, owner: str, token: str) -> list[Written]:
    """Put back what a write changed, as it was before; answers what is there now (nothing, where it was made).

    Raises ClashError when something changed since, or the token is too old, or none of this person's.
    """
    person, _ = await read_person(services, owner)
    event_id, _, version = token.partition(".")
    if not event_id or not version:
        raise ClashError(_GONE)
    object_, trash, kept = await services.table.get(
        keys.object_(owner, event_id), keys.trash(owner, event_id), keys.undo(owner, version)
    )
    if trash is not None and trash.version == version:
        return await _undo_deletion(services, person, trash)
    if kept is not None:
        return await _undo_change(services, person, decode(kept.body, Undo).before, version)
    if object_ is not None and object_.version == version:
        return await _undo_creation(services, person, event_id, version)
    raise ClashError(_GONE)


async def _undo_deletion(services: Services, person: Person, item: Item) -> list[Written]:
    trashed = decode(item.body, Trashed)
    if trashed.deleted + KEPT <= services.now:
        raise ClashError(_GONE)
    event, checks = await _housed(services, person, replace(trashed.event, updated=services.now))
    step = Step(Heir(trashed.armed, trashed.href), event)
    return [await write(services, person, step, [*checks, *take_out(person.id, trashed, item.version)])]


async def _undo_creation(services: Services, person: Person, event_id: str, version: str) -> list[Written]:
    old = await load(services, person.id, event_id)
    event = old.stored.event
    if old.version != version or event.created != event.updated or event.updated + KEPT <= services.now:
        raise ClashError(_GONE)
    await commit(services, person, [Step(old, None)], [])
    return []


async def _undo_change(services: Services, person: Person, kept: Sequence[Before], version: str) -> list[Written]:
    if not kept:
        raise ClashError(_GONE)
    steps: list[Step] = []
    checks: dict[str, list[Change]] = {}
    for before in kept:
        try:
            old = await load(services, person.id, before.id)
        except NotFoundError:
            raise ClashError(_GONE) from None
        if old.version != version:
            raise ClashError(_GONE)
        new = before.event
        if new is not None:
            new, needed = await _housed(services, person, new)
            checks[new.calendar_id] = needed
            now_there = old.stored.event
            new = replace(new, updated=services.now, sequence=max(new.sequence, now_there.sequence + 1))
        steps.append(Step(dataclasses.replace(old, was_armed=before.armed), new))
    needed_all = [each for some in checks.values() for each in some]
    made, resources = await commit(services, person, steps, needed_all)
    token = undo_token(kept[0].id, made)
    events = [step.new for step in steps if step.new]
    return [Written(each, made, shown, token) for each, shown in zip(events, resources, strict=True)]
