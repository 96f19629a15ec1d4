"""The mails of a booking, to whoever booked and to whoever is booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aurora_time.mail.booking_words import BOOKING_WORDS, BookingWords
from aurora_time.mail.plain import one_line, paragraphs
from aurora_time.mail.reminder import Row
from aurora_time.mail.rendering import render
from aurora_time.mail.wording import Locale, Span, moment_text, span_text, zone_text
from aurora_time.ports import Attachment, Mail

_NOTE = 2_000
_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """All that a booking's mail says. ``when`` is in the recipient's zone.

    To the guest it names the ``host``; to the owner, whose answer reaches the ``guest``, that one with address and
    note, and ``guest_when`` where the guest's clock shows another time. ``was`` is when it was to be, of one that was
    moved. ``url`` leads to the booking, or to the event.
    """

    to: str
    to_name: str
    locale: Locale
    message_id: str
    kind: Literal["booked", "moved", "cancelled"]
    title: str
    when: Span
    calendar: Attachment
    was: Span | None = None
    host: str = ""
    guest: str = ""
    guest_email: str = ""
    guest_when: Span | None = None
    note: str = ""
    url: str = ""

    @property
    def is_for_owner(self) -> bool:
        return bool(self.guest_email)


def booking_mail(facts: BookingFacts) -> Mail:
    """The mail of one booking or cancellation, in the recipient's language and time zone."""
    words = BOOKING_WORDS[facts.locale]
    start = moment_text(facts.when.start, facts.locale, year=False)
    heading = _heading(facts, words)
    title = one_line(facts.title, _TITLE)
    subject = f"{heading}: {title} – {start}"
    values: dict[str, object] = {
        "subject": subject,
        "preview": one_line(f"{title} {span_text(facts.when, facts.locale)}"),
        "heading": heading,
        "title": title,
        "when": span_text(facts.when, facts.locale),
        "zone": zone_text(facts.when.start.zone),
        "rows": _rows(facts, words),
        "note": paragraphs(facts.note, _NOTE),
        "note_label": words.note,
        "url": facts.url,
        "button_label": words.open_event if facts.is_for_owner else words.manage,
        "why": words.why_owner if facts.is_for_owner else words.why_guest,
    }
    text, html = render("booking", facts.locale, values)
    return Mail(
        to=facts.to,
        to_name=one_line(facts.to_name, 100),
        subject=subject,
        text=text,
        html=html,
        message_id=facts.message_id,
        attachments=(facts.calendar,),
        reply_to=facts.guest_email,
        reply_to_name=one_line(facts.guest, 100),
    )


def _heading(facts: BookingFacts, words: BookingWords) -> str:
    if facts.kind == "booked":
        return words.booked_you if facts.is_for_owner else words.booked
    return words.moved if facts.kind == "moved" else words.cancelled


def _rows(facts: BookingFacts, words: BookingWords) -> list[Row]:
    rows = [
        Row(words.was, span_text(facts.was, facts.locale) if facts.was else ""),
        Row(words.host, one_line(facts.host, 100)),
        Row(words.guest, one_line(facts.guest, 100)),
        Row(words.email, one_line(facts.guest_email, 320)),
        Row(words.guest_time, _guest_time(facts)),
    ]
    return [row for row in rows if row.text]


def _guest_time(facts: BookingFacts) -> str:
    if facts.guest_when is None:
        return ""
    return f"{span_text(facts.guest_when, facts.locale)} ({zone_text(facts.guest_when.start.zone)})"
