"""The mail that says what a day holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aurora_time.mail.agenda_words import AGENDA_WORDS, AgendaWords
from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.plain import one_line
from aurora_time.mail.rendering import render
from aurora_time.mail.unsubscribing import unsubscribe_headers
from aurora_time.mail.wording import Locale, Span, Wall, date_text, zone_text
from aurora_time.ports import Mail

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the day: its whole span, in the recipient's zone."""

    summary: str
    when: Span
    location: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that is due, in the recipient's zone."""

    summary: str
    due: Wall


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaFacts:
    """All that an agenda says, in the order in which it is shown. ``day`` is the date of it.

    ``more_events`` and ``more_tasks`` where there are more of them than are shown. Links of ours are trusted.
    """

    to: str
    to_name: str
    locale: Locale
    message_id: str
    day: Wall
    events: Sequence[Happening]
    due: Sequence[Duty]
    overdue: Sequence[Duty]
    more_events: bool
    more_tasks: bool
    url: str
    settings_url: str
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    time: str
    text: str
    place: str = ""


def agenda_mail(facts: AgendaFacts) -> Mail:
    """The agenda of one day, in the recipient's language and time zone."""
    words = AGENDA_WORDS[facts.locale]
    date, counts = date_text(facts.day.day, facts.locale, year=False), _counts(facts, words)
    subject = f"{date}: {counts}"
    values: dict[str, object] = {
        "subject": subject,
        "preview": _preview(facts),
        "title": words.title,
        "date": date_text(facts.day.day, facts.locale),
        "zone": zone_text(facts.day.zone),
        "counts": counts,
        "parts": _parts(facts, words),
        "more": words.more if facts.more_events or facts.more_tasks else "",
        "url": facts.url,
        "agenda": words,
        "settings_url": facts.settings_url,
        "stop_url": facts.unsubscribe_url,
    }
    text, html = render("agenda", facts.locale, values)
    return Mail(
        to=facts.to,
        to_name=one_line(facts.to_name, 100),
        subject=subject,
        text=text,
        html=html,
        message_id=facts.message_id,
        headers=unsubscribe_headers(facts.unsubscribe_url),
    )


def _counts(facts: AgendaFacts, words: AgendaWords) -> str:
    events = _count(len(facts.events), facts.more_events, (words.event, words.events))
    tasks = _count(len(facts.due) + len(facts.overdue), facts.more_tasks, (words.task, words.tasks))
    return ", ".join(filter(None, (events, tasks)))


def _count(number: int, more: bool, words: tuple[str, str]) -> str:
    """``words`` are for one and for several; of none nothing is said."""
    one, several = words
    if number == 1 and not more:
        return one
    return several.format(count=f"{number}{'+' if more else ''}") if number else ""


def _preview(facts: AgendaFacts) -> str:
    said = [event.summary for event in facts.events] + [duty.summary for duty in (*facts.due, *facts.overdue)]
    return one_line(" · ".join(filter(None, said)))


def _parts(facts: AgendaFacts, words: AgendaWords) -> list[tuple[str, list[_Line]]]:
    """The headings with what stands under each; none is empty."""
    parts = [
        (words.today, [_event_line(each, facts, words) for each in facts.events]),
        (
            words.due,
            [_Line("" if each.due.is_date else each.due.clock, _summary(each, facts.locale)) for each in facts.due],
        ),
        (words.overdue, [_overdue_line(each, facts, words) for each in facts.overdue]),
    ]
    return [(heading, lines) for heading, lines in parts if lines]


def _summary(each: Happening | Duty, locale: Locale) -> str:
    return one_line(each.summary, 300) or WORDS[locale].reminder.untitled


def _event_line(event: Happening, facts: AgendaFacts, words: AgendaWords) -> _Line:
    return _Line(
        _time(event.when, facts.day.seconds, words), _summary(event, facts.locale), one_line(event.location, 200)
    )


def _time(when: Span, midnight: int, words: AgendaWords) -> str:
    """From when to when, as far as it concerns this day; of several whole days which one it is."""
    start, end = when
    if start.is_date:
        days = (end.seconds - start.seconds) // _DAY
        if days <= 1:
            return words.all_day
        return f"{words.all_day}, {words.day_of.format(day=(midnight - start.seconds) // _DAY + 1, days=days)}"
    begins, ends = start.seconds >= midnight, end.seconds <= midnight + _DAY
    if not begins:
        return words.until.format(time=end.clock) if ends and end.seconds % _DAY else words.all_day
    return f"{start.clock}–{end.clock}" if ends and end.seconds > start.seconds else start.clock


def _overdue_line(duty: Duty, facts: AgendaFacts, words: AgendaWords) -> _Line:
    date = date_text(duty.due.day, facts.locale, year=duty.due.day.year != facts.day.day.year)
    return _Line("", _summary(duty, facts.locale), words.due_on.format(date=date))
