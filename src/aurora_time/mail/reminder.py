"""The mail that says: it is time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from aurora_time.mail.catalogue import WORDS, ReminderWords
from aurora_time.mail.plain import one_line, paragraphs, web_link
from aurora_time.mail.rendering import render
from aurora_time.mail.wording import (
    Locale,
    Span,
    Wall,
    days_until_text,
    moment_text,
    span_text,
    until_text,
    zone_text,
)
from aurora_time.ports import Mail

_DESCRIPTION: Final = 600
_SUBJECT_SUMMARY: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """All that a reminder mail says. Texts may be anything that a user can type; links of ours are trusted.

    ``when`` is in the recipient's zone; ``event_when`` in the event's, only where that differs. ``now`` is
    the moment of sending on the recipient's wall. ``minutes_until_start`` are elapsed minutes, negative after
    the start; of an all-day event the days between ``now`` and the start are told instead. ``late_since`` is
    when the reminder should have rung, if that is long past. ``why`` is as ``wording.before_text`` says it.
    ``recurrence`` is in words, in the recipient's language. With ``unsubscribe_url`` the mail offers RFC 8058
    one-click.
    """

    to: str
    to_name: str
    locale: Locale
    message_id: str
    summary: str
    when: Span
    now: Wall
    minutes_until_start: int
    why: str
    event_url: str
    event_when: Span | None = None
    late_since: Wall | None = None
    calendar: str = ""
    location: str = ""
    description: str = ""
    url: str = ""
    recurrence: str = ""
    unsubscribe_url: str = ""


class Row(NamedTuple):
    """A labelled line of the mail; ``url`` makes the text a link."""

    label: str
    text: str
    url: str = ""


def reminder_mail(facts: ReminderFacts) -> Mail:
    """The mail of one reminder, in the recipient's language and time zone."""
    words = WORDS[facts.locale].reminder
    start = moment_text(facts.when.start, facts.locale, year=False)
    subject = f"{one_line(facts.summary, _SUBJECT_SUMMARY) or words.untitled} – {start}"
    values: dict[str, object] = {
        "subject": subject,
        "preview": one_line(f"{span_text(facts.when, facts.locale)} {facts.location}"),
        "summary": one_line(facts.summary, 500) or words.untitled,
        "until": _until(facts),
        "late": _late(facts, words),
        "when": span_text(facts.when, facts.locale),
        "zone": zone_text(facts.when.start.zone),
        "elsewhere": _elsewhere(facts, words),
        "rows": _rows(facts, words),
        "description": paragraphs(facts.description, _DESCRIPTION),
        "event_url": facts.event_url,
        "why": words.why.format(why=facts.why),
        "stop_url": facts.unsubscribe_url,
    }
    text, html = render("reminder", facts.locale, values)
    return Mail(
        to=facts.to,
        to_name=one_line(facts.to_name, 100),
        subject=subject,
        text=text,
        html=html,
        message_id=facts.message_id,
        headers=_unsubscribe_headers(facts.unsubscribe_url),
    )


def _until(facts: ReminderFacts) -> str:
    if facts.when.start.is_date:
        text = days_until_text(facts.now.day, facts.when.start.day, facts.locale)
    else:
        text = until_text(facts.minutes_until_start, facts.locale)
    return text[0].upper() + text[1:]


def _late(facts: ReminderFacts, words: ReminderWords) -> str:
    if facts.late_since is None:
        return ""
    return words.late.format(at=moment_text(facts.late_since, facts.locale))


def _rows(facts: ReminderFacts, words: ReminderWords) -> list[Row]:
    """What is known, in the order in which people ask."""
    location, url = one_line(facts.location, 300), web_link(facts.url)
    rows = [
        Row(words.where, location, web_link(location)),
        Row(words.link, url, url),
        Row(words.repeats, one_line(facts.recurrence)),
        Row(words.calendar, one_line(facts.calendar)),
    ]
    return [row for row in rows if row.text]


def _elsewhere(facts: ReminderFacts, words: ReminderWords) -> str:
    if facts.event_when is None:
        return ""
    when = span_text(facts.event_when, facts.locale)
    return words.elsewhere.format(when=when, zone=zone_text(facts.event_when.start.zone))


def _unsubscribe_headers(url: str) -> tuple[tuple[str, str], ...]:
    if not url:
        return ()
    return ("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
