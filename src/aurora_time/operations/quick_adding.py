"""From a sentence to an event or a task: what was understood, and that thing made."""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from aurora_time.domain.quick_add import MAX_TEXT, Draft, Speaker, understand
from aurora_time.operations.drafts import Fresh, read_event, read_zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.events import Written, create_event
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import (
    DateOrTime,
    EventInput,
    EventResource,
    Reminders,
    reminder_override,
    time_value,
)
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import TaskInput, TaskResource, read_task
from aurora_time.operations.tasks import WrittenTask, create_task
from aurora_time.store.people import Person

_ON_ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*(?!\n)$"
_SAY: Final = "What it is and when, on one line, like `Lunch with Sam tomorrow at noon`."


class QuickAddInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A sentence like `Lunch with Sam tomorrow at noon`, in English or Vietnamese. Without `timeZone` your own counts;
    with `dryRun` nothing is made.
    """

    text: Annotated[str, Meta(max_length=MAX_TEXT, pattern=_ON_ONE_LINE, description=_SAY)]
    time_zone: Annotated[str, Meta(max_length=100)] | None = None
    dry_run: bool = False


class Understood(msgspec.Struct, frozen=True, rename="camel"):
    """Characters of the text (Unicode code points, `end` exclusive) and what they mean."""

    start: int
    end: int
    text: str
    meaning: Literal["title", "date", "time", "duration", "place", "repeat", "until", "reminder", "zone", "kind"]


class QuickDraft(msgspec.Struct, frozen=True, rename="camel"):
    """What the sentence means, as the body of a POST: of an event with `start` and `end`, of a task perhaps `due`.

    A day of each year, like a birthday, takes nobody's time: it is `TRANSPARENT`. Of a task that says nothing.
    """

    summary: str
    start: DateOrTime | None
    end: DateOrTime | None
    due: DateOrTime | None
    location: str
    recurrence: tuple[str, ...]
    reminders: Reminders
    transparency: Literal["OPAQUE", "TRANSPARENT"]


class QuickAdded(msgspec.Struct, frozen=True, rename="camel"):
    """`event` or `task` is what was made; with `dryRun` neither is."""

    kind: Literal["event", "task"]
    language: Literal["en", "vi"]
    understood: tuple[Understood, ...]
    draft: QuickDraft
    event: EventResource | None
    task: TaskResource | None


class Added(NamedTuple):
    """With `undo` what was made can be undone for ten minutes; it is empty where nothing was."""

    shown: QuickAdded
    undo: str


async def quick_add(services: Services, owner: str, body: QuickAddInput) -> Added:
    """Understand a sentence, and unless it is a dry run make what it means. Raises InvalidError, TooLargeError."""
    person, _ = await read_person(services, owner)
    home = read_zone(body.time_zone, "/timeZone") if body.time_zone else person.home
    draft = understand(body.text, services.now, Speaker(home, person.locale))
    shown = _shown(draft)
    made: Written | WrittenTask | None
    try:
        if draft.kind == "event":
            made = await _add_event(services, person, _event(shown), dry_run=body.dry_run)
        else:
            made = await _add_task(services, person, _task(shown), dry_run=body.dry_run)
    except InvalidError as error:
        raise InvalidError("/text", str(error)) from None
    language: Literal["en", "vi"] = "vi" if draft.language == "vi" else "en"
    understood = tuple(
        Understood(span.start, span.end, body.text[span.start : span.end], span.meaning)  # type: ignore[arg-type]
        for span in draft.spans
    )
    event = made.resource if isinstance(made, Written) else None
    task = made.resource if isinstance(made, WrittenTask) else None
    kind: Literal["event", "task"] = "event" if draft.kind == "event" else "task"
    return Added(QuickAdded(kind, language, understood, shown, event, task), made.undo if made else "")


def _fresh(services: Services, person: Person) -> Fresh:
    """For what is only looked at."""
    return Fresh("", "-", services.now, person.home, "")


async def _add_event(services: Services, person: Person, body: EventInput, *, dry_run: bool) -> Written | None:
    if dry_run:
        read_event(body, _fresh(services, person))
        return None
    return await create_event(services, person.id, body)


async def _add_task(services: Services, person: Person, body: TaskInput, *, dry_run: bool) -> WrittenTask | None:
    if dry_run:
        read_task(body, _fresh(services, person))
        return None
    return await create_task(services, person.id, body)


def _shown(draft: Draft) -> QuickDraft:
    alarms = draft.alarms
    return QuickDraft(
        summary=draft.summary,
        start=time_value(draft.start) if draft.start else None,
        end=time_value(draft.end) if draft.end else None,
        due=time_value(draft.due) if draft.due else None,
        location=draft.location,
        recurrence=draft.recurrence,
        reminders=Reminders() if alarms is None else Reminders(False, tuple(map(reminder_override, alarms))),
        transparency="TRANSPARENT" if _is_day_of_year(draft) else "OPAQUE",
    )


def _is_day_of_year(draft: Draft) -> bool:
    is_day = draft.start is not None and draft.start.is_date
    return is_day and any(line.startswith("RRULE:FREQ=YEARLY") for line in draft.recurrence)


def _event(shown: QuickDraft) -> EventInput:
    return EventInput(
        summary=shown.summary,
        start=shown.start or DateOrTime(),
        end=shown.end,
        location=shown.location,
        recurrence=shown.recurrence,
        reminders=shown.reminders,
        transparency=shown.transparency,
    )


def _task(shown: QuickDraft) -> TaskInput:
    return TaskInput(
        summary=shown.summary,
        due=shown.due,
        location=shown.location,
        recurrence=shown.recurrence,
        reminders=shown.reminders,
    )
