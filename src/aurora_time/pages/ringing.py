"""What will ring, and what became of what rang."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_time.domain.moment import DAY, Window
from aurora_time.mail.wording import moment_text, until_text
from aurora_time.operations import ledger
from aurora_time.pages.view import Mine
from aurora_time.store.reminders import STANDING, Entry

_SPAN: Final = 30 * DAY
_NEXT: Final = 10
_LAST: Final = 5
_LATE: Final = 60
"""Seconds from which a reminder is told to be late by its time, not by the seconds."""


@dataclass(frozen=True, slots=True)
class Planned:
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
    return [_planned(view, entry) for entry, _ in found]


async def last_reminders(view: Mine) -> list[Rung]:
    """What was sent or could not be, the newest first."""
    now = view.services.now
    found = await ledger.last_reminders(view.services, view.person.id, Window(now - _SPAN, now + 1), _LAST)
    return [_rung(view, entry) for entry in found]


def _planned(view: Mine, entry: Entry) -> Planned:
    away = until_text(max(0, entry.rings_at - view.services.now) // 60, view.locale)
    return Planned(_event_of(entry), entry.text or view.words.untitled, _at(view, entry.rings_at), away)


def _rung(view: Mine, entry: Entry) -> Rung:
    words = view.words
    text, at = entry.text or words.untitled, _at(view, entry.rings_at)
    if entry.status != "sent" or entry.sent_at is None:
        return Rung(_event_of(entry), text, at, words.failed, False, entry.error or "")
    late = entry.sent_at - entry.late_from
    outcome = words.sent.format(late=_seconds(view, late))
    if late >= _LATE:
        outcome = words.sent_late.format(at=_at(view, int(entry.sent_at)))
    return Rung(_event_of(entry), text, at, outcome, True, "")


def _event_of(entry: Entry) -> str:
    """Empty of a reminder that belongs to none."""
    return "" if entry.event_id.startswith(STANDING) else entry.event_id


def _seconds(view: Mine, late: float) -> str:
    text = f"{max(0.0, late):.1f}"
    return text.replace(".", ",") if view.locale == "vi" else text


def _at(view: Mine, instant: int) -> str:
    return moment_text(view.wall(instant), view.locale, year=False)
