"""What will ring, and what became of what rang."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from aurora_time.domain.moment import DAY, Window
from aurora_time.mail.wording import moment_text, until_text
from aurora_time.operations import ledger
from aurora_time.operations.calendars import list_calendars
from aurora_time.pages.view import Mine
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.reminders import Entry

_SPAN: Final = 30 * DAY
_NEXT: Final = 10
_LAST: Final = 5
_LATE: Final = 60
"""Seconds from which a reminder is told to be late by its time, not by the seconds."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What will ring. ``event_id`` is empty where there is no page to look at: of a task, of what was deleted."""

    event_id: str
    text: str
    at: str
    away: str


@dataclass(frozen=True, slots=True)
class Rung:
    event_id: str
    text: str
    at: str
    outcome: str
    is_good: bool
    error: str


async def next_reminders(view: Mine) -> list[Planned]:
    """What rings first in the next 30 days."""
    now = view.services.now
    span, page = Window(now, now + _SPAN), ledger.Page(_NEXT)
    found = await ledger.list_reminders(view.services, view.person.id, span, "planned", page)
    pages = await _with_pages(view, (entry for entry, _ in found))
    return [_planned(view, entry, pages) for entry, _ in found]


async def last_reminders(view: Mine) -> list[Rung]:
    """What was sent or could not be, the newest first."""
    now = view.services.now
    found = await ledger.last_reminders(view.services, view.person.id, Window(now - _SPAN, now + 1), _LAST)
    pages = await _with_pages(view, found)
    return [_rung(view, entry, pages) for entry in found]


async def _with_pages(view: Mine, entries: Iterable[Entry]) -> set[str]:
    """The ids of those events of reminders that are still there."""
    owner = view.person.id
    ids = list(dict.fromkeys(entry.event_id for entry in entries))
    items = await view.services.table.get(*(keys.object_(owner, each) for each in ids))
    calendars = {calendar.id for calendar, _ in await list_calendars(view.services, owner)}
    events = ((each, decode(item.body, Stored).own) for each, item in zip(ids, items, strict=True) if item)
    return {each for each, event in events if event is not None and event.calendar_id in calendars}


def _planned(view: Mine, entry: Entry, pages: Collection[str]) -> Planned:
    away = until_text(max(0, entry.rings_at - view.services.now) // 60, view.locale)
    return Planned(_event_of(entry, pages), entry.text or view.words.untitled, _at(view, entry.rings_at), away)


def _rung(view: Mine, entry: Entry, pages: Collection[str]) -> Rung:
    words = view.words
    text, at = entry.text or words.untitled, _at(view, entry.rings_at)
    if entry.status != "sent" or entry.sent_at is None:
        return Rung(_event_of(entry, pages), text, at, words.failed, False, entry.error or "")
    late = entry.sent_at - entry.late_from
    outcome = words.sent.format(late=_seconds(view, late))
    if late >= _LATE:
        outcome = words.sent_late.format(at=_at(view, int(entry.sent_at)))
    return Rung(_event_of(entry, pages), text, at, outcome, True, "")


def _event_of(entry: Entry, pages: Collection[str]) -> str:
    return entry.event_id if entry.event_id in pages else ""


def _seconds(view: Mine, late: float) -> str:
    text = f"{max(0.0, late):.1f}"
    return text.replace(".", ",") if view.locale == "vi" else text


def _at(view: Mine, instant: int) -> str:
    return moment_text(view.wall(instant), view.locale, year=False)
