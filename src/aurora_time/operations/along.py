"""What goes along with a whole, one by one: into the trash when that is deleted, and back when that is restored.

A whole is a calendar, or a task that has parts. The pages of jobs call this for many things at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.domain.component import Event, Task
from aurora_time.operations.errors import ChangedError, ClashError, NotFoundError
from aurora_time.operations.services import Services
from aurora_time.operations.task_parts import delete_with_parts
from aurora_time.operations.trash import way_back
from aurora_time.operations.writing import BY_JOB, Step, load_object, write_steps
from aurora_time.ports import ABSENT, Check, ConflictError
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Person, Pointer
from aurora_time.store.trash import Bin, Trashed, of_whole, put_elsewhere

PAGE: Final = 100

Seen = tuple[Check, ...]
"""How the whole is: what is to hold when a thing goes along."""
Decide = Callable[[Event | Task], Awaitable[Bin | None]]
"""Where a thing goes; None: it stays."""


class Left(msgspec.Struct, frozen=True):
    """Something that could not come back, and is in the trash by itself now."""

    kind: str
    id: str
    summary: str
    why: str


async def throw(services: Services, person: Person, object_id: str, seen: Seen, decide: Decide) -> None:
    """Let one thing go along, as long as its whole is as it was seen; it may be gone already."""
    while await _holds(services, seen):
        try:
            old = await load_object(services, person.id, object_id)
        except NotFoundError:
            return
        bin_ = await decide(old.stored.component)
        if bin_ is None:
            return
        try:
            await delete_with_parts(services, person, Step(old, None, bin_), seen, BY_JOB)
        except ChangedError:
            continue
        return


async def bring(services: Services, person: Person, id_: str, seen: Seen, how: str = "") -> Left | None:
    """Bring one thing back, as long as its whole is as it was seen; it may be back already.

    What has its UID taken is left in the trash by itself. Raises TooLargeError when the account is full.
    """
    while await _holds(services, seen):
        (item,) = await services.table.get(keys.trash(person.id, id_))
        if item is None:
            return None
        step, more = await way_back(services, person, item, how)
        changes = {each.key: each for each in (*more, *seen)}
        try:
            await write_steps(services, person, [step], [*changes.values()], BY_JOB)
        except ChangedError:
            continue
        except ClashError as error:
            return await leave(services, person.id, id_, str(error))
        return None
    return None


async def _holds(services: Services, seen: Seen) -> bool:
    items = await services.table.get(*(each.key for each in seen))
    return [item.version if item else ABSENT for item in items] == [each.expect for each in seen]


async def leave(services: Services, owner: str, id_: str, why: str) -> Left | None:
    """Let a thing lie in the trash by itself; None when it is not there."""
    trashed = await _lay(services, owner, id_, lambda trashed: Bin(trashed.deleted))
    thing = trashed.component if trashed else None
    return Left(trashed.kind, id_, thing.summary, why) if trashed and thing else None


async def settle(services: Services, owner: str, whole: Trashed, after: str) -> str | None:
    """Let what lies here since an earlier deletion of its whole count its time from the last one; a page of it.

    Behind the sort ``after``; answers the next, None when that was all.
    """
    (items,) = await services.table.query(of_whole(owner, whole.thing.id, after, PAGE))
    bin_ = Bin(whole.deleted, whole.thing.id)
    stale = [decode(item.body, Pointer).id for item in items if item.expires != bin_.kept_until]
    await asyncio.gather(*(_lay(services, owner, each, lambda _: bin_) for each in stale))
    return items[-1].key.sort if len(items) == PAGE else None


async def _lay(services: Services, owner: str, id_: str, where: Callable[[Trashed], Bin]) -> Trashed | None:
    """Put what is in the trash into another bin there."""
    while True:
        (item,) = await services.table.get(keys.trash(owner, id_))
        if item is None:
            return None
        trashed = decode(item.body, Trashed)
        bin_ = where(trashed)
        try:
            if bin_ != trashed.bin:
                versions = (item.version, services.ids.new())
                await services.table.write(*put_elsewhere(owner, trashed, versions, bin_))
        except ConflictError:
            continue
        return trashed
