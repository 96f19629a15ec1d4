"""Listing tasks: the open ones by when they are due, then the done ones; a page costs what it shows."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from aurora_time.domain.moment import Window, Zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.free_busy import live_calendars
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import task_resource
from aurora_time.ports import Item, Range
from aurora_time.store import keys, taskindex
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.taskindex import DONE, OPEN, TaskCard

_PAGE: Final = 250
"""How many items of the index are read at once, at most."""


@dataclass(frozen=True, slots=True)
class TaskQuestion:
    """What is asked for: tasks due in the window (None: all), done or not, of these calendars, parts of this one."""

    owner: str
    home: Zone
    window: Window | None = None
    completed: bool | None = None
    calendar_ids: frozenset[str] | None = None
    parent_id: str | None = None


async def list_tasks(
    services: Services, question: TaskQuestion, limit: int, after: str
) -> tuple[list[bytes], str | None]:
    """JSON of the tasks behind a place in the index, and the place where the next page goes on.

    Raises InvalidError for a calendar that is not there.
    """
    live = await live_calendars(services, question.owner)
    unknown = (question.calendar_ids or frozenset()) - live
    if unknown:
        raise InvalidError("?calendarId", f"There is no calendar {min(unknown)!r} here. GET /v1/calendars lists yours.")
    calendars = live if question.calendar_ids is None else question.calendar_ids
    found: list[bytes] = []
    last = after
    async with aclosing(_items(services, question, after, min(limit + 1, _PAGE))) as items:
        async for item in items:
            shown = await _shown(services, question, calendars, item)
            if shown is None:
                continue
            if len(found) == limit:
                return found, last
            found.append(shown)
            last = item.key.sort
    return found, None


def _ranges(question: TaskQuestion) -> list[Range]:
    if question.parent_id is not None:
        return [taskindex.parts_of(question.owner, question.parent_id)]
    states = {None: (OPEN, DONE), True: (DONE,), False: (OPEN,)}[question.completed]
    return taskindex.ranges(question.owner, states, question.window)


async def _items(services: Services, question: TaskQuestion, after: str, page: int) -> AsyncGenerator[Item, None]:
    for whole in _ranges(question):
        low = max(whole.low, f"{after}\x00" if after else "")
        while low < whole.high:
            (items,) = await services.table.query(replace(whole, low=low, limit=page))
            for item in items:
                yield item
            if len(items) < page:
                break
            low = f"{items[-1].key.sort}\x00"


async def _shown(services: Services, question: TaskQuestion, calendars: frozenset[str], item: Item) -> bytes | None:
    card = decode(item.body, TaskCard)
    if card.calendar_id not in calendars or not _is_due(card, question):
        return None
    if question.parent_id is not None and question.completed not in (None, card.done):
        return None
    if card.wire is not None:
        return card.wire
    (object_,) = await services.table.get(keys.object_(question.owner, taskindex.task_id(item.key.sort)))
    task = decode(object_.body, Stored).task if object_ else None
    return msgspec.json.encode(task_resource(task, object_.version)) if object_ and task else None


def _is_due(card: TaskCard, question: TaskQuestion) -> bool:
    window = question.window
    if window is None:
        return True
    return card.due is not None and window.start <= card.due.instant(question.home) < window.end
