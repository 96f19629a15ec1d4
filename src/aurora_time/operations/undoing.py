"""Undoing the last write of events and tasks, and undoing that."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from msgspec.structs import replace

from aurora_time.domain.component import Event, Task
from aurora_time.operations.calendars import read_calendar
from aurora_time.operations.errors import ClashError, NotFoundError
from aurora_time.operations.people import read_person
from aurora_time.operations.retrying import until_done
from aurora_time.operations.services import Services
from aurora_time.operations.task_parts import LATE, has_parts, parts_follow
from aurora_time.operations.trash import housed, way_back
from aurora_time.operations.writing import Resource, Step, load_object, undo_token, write_steps
from aurora_time.ports import Change, Item
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Heir, Old
from aurora_time.store.people import Person
from aurora_time.store.trash import Trashed
from aurora_time.store.undo import KEPT, Before, undo_of, undo_puts

_TOKEN: Final = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")
_GONE: Final = (
    "This can no longer be undone: what it changed was changed again since, or ten minutes have passed, or it was "
    "never an `Undo-Token`. What was deleted can be restored from the trash."
)
Allow = Callable[[Event | Task], None]
"""Sees each thing that an undo changes, and may raise."""


class Undone(NamedTuple):
    """What is there now of what was written, as the API shows it; and the token that undoes the undo."""

    resources: tuple[Resource, ...]
    token: str


class _Inverse(NamedTuple):
    step: Step
    more: list[Change]


async def undo(services: Services, owner: str, token: str, allow: Allow) -> Undone:
    """Put back what a write changed, as it was before.

    Raises ClashError when something changed since or the token is too old, NotFoundError when it is of nothing that is
    this person's.
    """
    person, _ = await read_person(services, owner)
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise NotFoundError
    id_, version = match.groups()

    async def attempt() -> Undone:
        inverses = await _inverses(services, person, id_, version)
        for each in inverses:
            allow(_thing(each.step))
        more = {change.key: change for each in inverses for change in each.more}
        made = await write_steps(services, person, [each.step for each in inverses], [*more.values()])
        return Undone(made.resources, undo_token(_thing(inverses[0].step).id, made.version))

    return await until_done(attempt)


def _thing(step: Step) -> Event | Task:
    if step.new is not None:
        return step.new
    if not isinstance(step.old, Old):
        raise ValueError("a step makes something of something")
    return step.old.stored.component


async def _inverses(services: Services, person: Person, id_: str, version: str) -> list[_Inverse]:
    object_, item = await services.table.get(keys.object_(person.id, id_), keys.trash(person.id, id_))
    if item is not None and item.version == version:
        return [await _of_deletion(services, person, item)]
    (kept,) = await services.table.query(undo_of(person.id, version))
    before = [decode(each.body, Before) for each in kept]
    if id_ in {each.id for each in before}:
        return [await _of_change(services, person, each, version) for each in before]
    if object_ is not None and object_.version == version:
        return [await _of_creation(services, person, id_, version)]
    if object_ is None and item is None:
        raise NotFoundError
    raise ClashError(_GONE)


async def _of_deletion(services: Services, person: Person, item: Item) -> _Inverse:
    trashed = decode(item.body, Trashed)
    if trashed.component is None or trashed.quiet + KEPT <= services.now:
        raise ClashError(_GONE)
    return _Inverse(*await way_back(services, person, item, LATE))


async def _of_creation(services: Services, person: Person, id_: str, version: str) -> _Inverse:
    """What was made is not thrown into the trash, but as if it had never been. That its token is used up is noted."""
    old = await _unchanged(services, person, id_, version)
    thing = old.stored.component
    if thing.created != thing.updated or thing.updated + KEPT <= services.now:
        raise ClashError(_GONE)
    return _Inverse(Step(old, None, is_undone=True), undo_puts(person.id, [Before(id_)], version, services.now))


async def _of_change(services: Services, person: Person, before: Before, version: str) -> _Inverse:
    was = before.component
    if was is not None and before.is_gone:
        (there,) = await services.table.get(keys.object_(person.id, before.id))
        if there is not None:
            raise ClashError(_GONE)
        back, checks = await housed(services, person, replace(was, updated=services.now))
        return _Inverse(Step(Heir(before.armed, before.href), back), checks)
    stays = was is not None or before.trashed is not None
    old = await _unchanged(services, person, before.id, version, may_have_parts=stays)
    now_there = old.stored.component
    if was is not None:
        back, checks = await housed(services, person, was)
        sequence = max(back.sequence, now_there.sequence + 1)
        back = replace(back, updated=services.now, sequence=sequence)
        return _Inverse(Step(dataclasses.replace(old, was_armed=before.armed), back), checks)
    if before.trashed is not None:
        return _Inverse(Step(old, None, before.trashed), await parts_follow(services, person.id, now_there))
    return _Inverse(Step(old, None, is_undone=True), [])


async def _unchanged(
    services: Services, person: Person, id_: str, version: str, *, may_have_parts: bool = False
) -> Old:
    """What a write has left, as it is still. Raises ClashError if it is another by now, or has parts since."""
    try:
        old = await load_object(services, person.id, id_)
        await read_calendar(services, person.id, old.stored.component.calendar_id)
    except NotFoundError:
        raise ClashError(_GONE) from None
    is_task = old.stored.task is not None
    if old.version != version or (is_task and not may_have_parts and await has_parts(services, person.id, id_)):
        raise ClashError(_GONE)
    return old
