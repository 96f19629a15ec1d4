"""The one write of events and tasks, with everything that follows from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from aurora_time.domain.component import MAX_EVENTS
from aurora_time.operations import booked
from aurora_time.operations.errors import ChangedError, ClashError, NotFoundError, TooLargeError
from aurora_time.operations.services import Services
from aurora_time.ports import Change, ConflictError
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Held
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context, Old, Replaced, Stored
from aurora_time.store.reminders import Armed


async def load_object(services: Services, owner: str, object_id: str) -> Old:
    """An event or a task with all that a write of it needs. Raises NotFoundError."""
    item, armed = await services.table.get(keys.object_(owner, object_id), keys.armed(owner, object_id))
    if item is None:
        raise NotFoundError
    held = (decode(armed.body, Armed), armed.version) if armed else None
    return Old(decode(item.body, Stored), item.version, held)


async def write_objects(
    services: Services, replaced: Sequence[Replaced], context: Context, more: Sequence[Change]
) -> None:
    """Write several things at once, and ``more`` with them; the context's head is the one that is then held.

    The bookings for which they stand follow. Raises ChangedError when one of them was changed meanwhile, ClashError for
    a UID or a booking that cannot come back, TooLargeError.
    """
    owner, turned = context.owner, booked.turns(replaced, context.home)
    growth = sum(new is not None for _, new, _ in replaced) - sum(isinstance(old, Old) for old, _, _ in replaced)
    earliest: list[int] = []

    def build(held: Held) -> tuple[list[Change], Held]:
        if growth > 0 and held.head.events + growth > MAX_EVENTS:
            raise TooLargeError(f"An account holds at most {MAX_EVENTS} events and tasks; delete some.")
        made, after = objects.several(replaced, dataclasses.replace(context, held=held))
        earliest[:] = [keys.unsortable(each.key.sort[:12]) for each in made if each.key.part.startswith("due#")]
        return [*made, *more], after

    async def decide(held: Held) -> tuple[list[Change], Held]:
        changes, after = build(held)
        earliest.append(services.now)
        return [*changes, *await booked.follow(services, owner, turned)], after

    try:
        if turned:
            await services.writers.commit_decided(services.table, owner, decide)
        else:
            await services.writers.commit(services.table, owner, build)
    except ConflictError as conflict:
        if conflict.key.part == keys.uid(owner, "", "").part:
            detail = "This calendar has something with this `uid` already. Change that, or choose another `uid`."
            raise ClashError(detail) from None
        raise ChangedError("It was changed in the meantime. Read it again.") from None
    if earliest:
        services.nudge(min(earliest))
