"""The mail that says: it is time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from aurora_time.mail.catalogue import WORDS, ReminderWords
from aurora_time.mail.plain import one_line, paragraphs, web_link
from aurora_time.mail.rendering import render
from aurora_time.mail.unsubscribing import unsubscribe_headers
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


class Actions(NamedTuple):
    """Where one goes to be reminded again, and to be done with it."""

    in_ten: str
    in_hour: str
    tomorrow: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """All that a reminder mail says. Texts may be anything that a user can type; links of ours are trusted.

    ``when`` is in the recipient's zone; ``event_when`` in the event's, only where that differs. ``now`` is
    the moment of sending on the recipient's wall. ``minutes_until_start`` are elapsed minutes, negative after
    the start; of an all-day event the days between ``now`` and the start are told instead. ``late_since`` is
    when the reminder should have rung, if that is long past. ``why`` is as ``wording.before_text`` says it.
    ``recurrence`` is in words, in the recipient's language. With ``unsubscribe_url`` the mail offers RFC 8058
    one-click. Of a task ``when`` starts and ends when it is due. ``rule`` is the name of the reminder rule that
    rings, if one does. One that ``is_standing`` belongs to no event: ``when`` is its own time.
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
    is_task: bool = False
    rule: str = ""
    actions: Actions | None = None
    is_standing: bool = False


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
        "until": _until(facts, words),
        "late": _late(facts, words),
        "when": _when(facts, words),
        "zone": zone_text(facts.when.start.zone),
        "elsewhere": _elsewhere(facts, words),
        "rows": _rows(facts, words),
        "description": paragraphs(facts.description, _DESCRIPTION),
        "event_url": facts.event_url,
        "button_label": words.task_button if facts.is_task or facts.is_standing else words.button,
        "why": _why(facts, words),
        "actions": facts.actions,
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
        headers=unsubscribe_headers(facts.unsubscribe_url),
    )


def _why(facts: ReminderFacts, words: ReminderWords) -> str:
    rule = one_line(facts.rule, 100)
    return words.why_rule.format(rule=rule, why=facts.why) if rule else words.why.format(why=facts.why)


def _when(facts: ReminderFacts, words: ReminderWords) -> str:
    if facts.is_task:
        return words.task_due.format(when=moment_text(facts.when.start, facts.locale))
    return span_text(facts.when, facts.locale)


def _until(facts: ReminderFacts, words: ReminderWords) -> str:
    if facts.when.start.is_date:
        text = days_until_text(facts.now.day, facts.when.start.day, facts.locale)
        is_past = facts.when.start.day < facts.now.day
    else:
        away = max(0, facts.minutes_until_start) if facts.is_standing else facts.minutes_until_start
        text = until_text(away, facts.locale)
        is_past = facts.minutes_until_start < 0
    if facts.is_task:
        return words.task_overdue if is_past else words.task.format(until=text)
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
