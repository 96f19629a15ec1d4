"""The one write of events and tasks, with everything that follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from aurora_time.domain.component import MAX_EVENTS, Event, Task
from aurora_time.operations import booked
from aurora_time.operations.errors import ChangedError, ClashError, NotFoundError, TooLargeError
from aurora_time.operations.representation import EventResource, event_resource
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TaskResource, task_resource
from aurora_time.ports import Change, ConflictError
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Held
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context, Heir, Old, Replaced, Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Armed
from aurora_time.store.trash import Bin, Trashed
from aurora_time.store.undo import Before, undo_puts

Resource = EventResource | TaskResource


@dataclass(frozen=True, slots=True)
class Step:
    """What was there (None: nothing), and what is to be in its place.

    What is deleted goes into ``bin``, or lies in the trash again as it did; None: the trash as of now. What
    ``is_undone`` goes nowhere. ``before`` is what an undo finds, where that does not follow from ``old``.
    """

    old: Old | Heir | None
    new: Event | Task | None
    bin: Bin | Trashed | None = None
    before: Before | None = None
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """The recurrence-id of the one occurrence that a write is about, and whether it deletes that.

    What is done ``by_job`` cannot be undone.
    """

    occurrence: str = ""
    takes_out: bool = False
    by_job: bool = False


class Made(NamedTuple):
    """The version that a write gave its things, and those that are there now, in its order, as the API shows them."""

    version: str
    resources: tuple[Resource, ...]


WHOLE: Final = About()
BY_JOB: Final = About(by_job=True)


async def load_object(services: Services, owner: str, object_id: str) -> Old:
    """An event or a task with all that a write of it needs. Raises NotFoundError."""
    item, armed = await services.table.get(keys.object_(owner, object_id), keys.armed(owner, object_id))
    if item is None:
        raise NotFoundError
    held = (decode(armed.body, Armed), armed.version) if armed else None
    return Old(decode(item.body, Stored), item.version, held)


def undo_token(object_id: str, version: str) -> str:
    """What names a write, so that it can be undone: one of the things that it wrote, and the version it gave them."""
    return f"{object_id}.{version}"


def show(component: Event | Task, version: str) -> Resource:
    if isinstance(component, Task):
        return task_resource(component, version)
    return event_resource(component, version)


async def write_steps(
    services: Services, person: Person, steps: Sequence[Step], more: Sequence[Change], about: About = WHOLE
) -> Made:
    """Write events and tasks in one write, with ``more`` and with what is needed to undo it.

    The bookings for which they stand follow. Raises ChangedError when one of them was changed meanwhile, ClashError for
    a UID or a booking that cannot come back, TooLargeError.
    """
    version = services.ids.new()
    made = tuple(show(step.new, version) for step in steps if step.new is not None)
    shown = iter(made)
    # The instant at which it was asked for: what becomes due while it waits to be written is to ring, not past.
    now = next((step.new.updated for step in steps if step.new), services.now)
    wired = [(_replaced(step, now), step.new, msgspec.json.encode(next(shown)) if step.new else b"") for step in steps]
    undo = [] if about.by_job else undo_puts(person.id, _before_all(steps), version, now)
    context = Context(person.id, Held(), now, version, person.preferences, b"", about.occurrence, about.takes_out)
    await _write_objects(services, wired, context, [*more, *undo])
    return Made(version, made)


def _replaced(step: Step, now: int) -> Old | Heir | None:
    if step.new is None and isinstance(step.old, Old) and not step.is_undone:
        return dataclasses.replace(step.old, bin=step.bin or Bin(now))
    return step.old


def _before_all(steps: Sequence[Step]) -> list[Before]:
    """What a write replaces. Of one that only makes or only deletes nothing has to be kept: see store/undo.py."""
    if all((step.old is None or step.new is None) and not step.is_undone for step in steps):
        return []
    return [step.before or _before(step) for step in steps]


def _before(step: Step) -> Before:
    if not isinstance(step.old, Old):
        return Before(step.new.id if step.new else "")
    stored, armed = step.old.stored, step.old.armed[0] if step.old.armed else None
    is_gone = step.new is None
    return Before(stored.component.id, stored.own, stored.task, armed, stored.href if is_gone else "", None, is_gone)


async def _write_objects(
    services: Services, replaced: Sequence[Replaced], context: Context, more: Sequence[Change]
) -> None:
    """Write several things at once, and ``more`` with them; the context's head is the one that is then held."""
    owner, turned = context.owner, booked.turns(replaced, context.home)
    growth = sum(new is not None for _, new, _ in replaced) - sum(isinstance(old, Old) for old, _, _ in replaced)
    earliest: list[int] = []

    def build(held: Held) -> tuple[list[Change], Held]:
        if growth > 0 and held.head.events + growth > MAX_EVENTS:
            raise TooLargeError(f"An account holds at most {MAX_EVENTS} events and tasks; delete some.")
        made, after = objects.several(replaced, dataclasses.replace(context, held=held))
        changes = [*made, *more]
        earliest[:] = [keys.unsortable(each.key.sort[:12]) for each in changes if each.key.part.startswith("due#")]
        return changes, after

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
