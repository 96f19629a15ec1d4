"""The mails of a booking, in both languages, beside their golden texts, read back by a MIME parser.

``AURORA_REGENERATE=1 pytest tests/operations/test_booking_mail.py`` writes the golden texts anew.
"""

from __future__ import annotations

import os
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import Path
from typing import Any, Literal, cast

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aurora_time.adapters.mime import to_message
from aurora_time.domain.moment import parse_instant
from aurora_time.mail.booking_words import BOOKING_WORDS
from aurora_time.operations.booking_mail import News, guest_mail, owner_mail
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Mail
from aurora_time.run.world import RandomIds
from aurora_time.store.people import Person
from aurora_time.store.schedules import Booking
from tests.mail.test_mails import tags
from tests.operations.world import SetClock

GOLDEN = Path(__file__).parents[1] / "mail" / "golden"
NOBODY = cast("Any", None)
SERVICES = Services(
    NOBODY, NOBODY, SetClock("2026-11-20T02:00:00Z"), RandomIds(), Writers(), "here", "https://aurora.example"
)
LAN = Person("p", "lan@example.org", "Nguyễn Thị Lan", "Asia/Ho_Chi_Minh", "en", 0, 0)
BOOKING = Booking(
    id="b", schedule_id="s", event_id="e", start=parse_instant("2026-11-24T02:00:00Z"),
    end=parse_instant("2026-11-24T02:30:00Z"), created=parse_instant("2026-11-20T02:00:00Z"), title="First talk",
    name="Sam & Söhne", email="sam@example.net", note="About the <garden>.\n\n- roses", time_zone="Europe/Berlin",
    locale="en", link="hash",
)  # fmt: skip
Kind = Literal["booked", "moved", "cancelled"]


def mail(to: str, kind: Kind, locale: str, booking: Booking = BOOKING) -> Mail:
    booking, secret = replace(booking, locale=locale), "" if kind == "cancelled" else "s3cret"
    was = (booking.start - 86_400, booking.end - 86_400) if kind == "moved" else None
    news = News(kind, replace(booking, sequence=int(kind == "moved")), secret, was)
    return (guest_mail if to == "guest" else owner_mail)(SERVICES, replace(LAN, locale=locale), news)


def read_back(made: Mail) -> EmailMessage:
    wire = to_message(made, "Aurora Time <aurora@example.org>", 1_795_312_200.25)
    return message_from_bytes(wire, _class=EmailMessage, policy=default)


def leaves(message: MIMEPart) -> list[MIMEPart]:
    if not message.is_multipart():
        return [message]
    return [leaf for part in message.iter_parts() for leaf in leaves(part)]


def readable(message: EmailMessage) -> str:
    lines = [f"{name}: {value}" for name, value in message.items()]
    for part in leaves(message):
        content = part.get_content()
        text = content.decode() if isinstance(content, bytes) else content
        kind = f"{part['Content-Type']} {part['Content-Disposition'] or ''}".strip()
        lines += ["", f"=== {kind}", text.replace("\r\n", "\n").rstrip("\n")]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize(
    ("to", "kind"),
    [("guest", "booked"), ("guest", "moved"), ("guest", "cancelled"), ("owner", "booked"), ("owner", "cancelled")],
)
def test_a_mail_is_as_its_golden_text(to: str, kind: Kind, locale: str) -> None:
    golden = GOLDEN / f"booking-{to}-{kind}.{locale}.txt"
    text = readable(read_back(mail(to, kind, locale)))
    if os.environ.get("AURORA_REGENERATE") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["booked", "cancelled"])
def test_the_owner_answers_the_guest_and_the_guest_nobody_else(kind: Kind) -> None:
    (reply,) = read_back(mail("owner", kind, "en"))["Reply-To"].addresses
    assert (reply.display_name, reply.addr_spec) == ("Sam & Söhne", "sam@example.net")
    assert read_back(mail("guest", kind, "en"))["Reply-To"] is None


@pytest.mark.parametrize(
    ("to", "kind", "method", "attendees"),
    [
        ("guest", "booked", "REQUEST", ["mailto:sam@example.net"]),
        ("guest", "moved", "REQUEST", ["mailto:sam@example.net"]),
        ("guest", "cancelled", "CANCEL", ["mailto:sam@example.net"]),
        ("owner", "booked", "PUBLISH", []),
        ("owner", "cancelled", "CANCEL", []),
    ],
)
def test_the_calendar_part_says_the_same_to_every_client(
    to: str, kind: Kind, method: str, attendees: list[str]
) -> None:
    message = read_back(mail(to, kind, "en"))
    text, html, part, file = leaves(message)
    assert [each.get_content_type() for each in (text, html, part, file)] == [
        "text/plain", "text/html", "text/calendar", "application/ics"
    ]  # fmt: skip
    assert part.get_param("method") == method
    assert file.get_content() == part.get_content().encode()
    assert file.get_filename() == "booking.ics"
    read = icalendar.Calendar.from_ical(part.get_content())
    (event,) = read.walk("VEVENT")
    assert read["METHOD"] == method
    assert (event["UID"], int(event["SEQUENCE"])) == ("e@aurora-time", 0 if kind == "booked" else 1)
    assert event["STATUS"] == ("CANCELLED" if kind == "cancelled" else "CONFIRMED")
    assert event["DTSTART"].to_ical() == b"20261124T020000Z"
    assert event["DTEND"].to_ical() == b"20261124T023000Z"
    assert event["ORGANIZER"] == "mailto:lan@example.org"
    found = event.get("ATTENDEE", [])
    assert [str(each) for each in (found if isinstance(found, list) else [found])] == attendees


@given(st.text(), st.text(), st.text())
@settings(max_examples=50, deadline=None)
def test_no_text_of_a_stranger_makes_markup_or_headers_and_none_comes_to_the_guests_address(
    name: str, note: str, title: str
) -> None:
    mark = "<script src=//x>'\"{{7*7}}{0}</title></style>\r\nBcc: eve@example.org"
    hostile = replace(BOOKING, name=name + mark, note=note + mark, title=title + mark)
    for to in ("guest", "owner"):
        made, plain = mail(to, "booked", "en", hostile), mail(to, "booked", "en")
        assert set(tags(made.html).tags) <= set(tags(plain.html).tags)
        assert tags(made.html).links == tags(plain.html).links
        message = read_back(made)
        assert message.keys() == read_back(plain).keys()
        assert message["Bcc"] is None
    stranger = replace(BOOKING, name="Eve was here", note="Buy this")
    whole = readable(read_back(mail("guest", "booked", "en", stranger)))
    assert "Eve" not in whole
    assert "Buy" not in whole


def test_who_has_no_name_is_not_named() -> None:
    nameless = guest_mail(SERVICES, replace(LAN, name=""), News("booked", BOOKING, "s3cret"))
    assert "With:" not in nameless.text
    assert "https://aurora.example/booking/s3cret" in nameless.text


def test_the_guests_time_is_told_where_it_differs() -> None:
    assert "Guest's time: Tue 24 Nov 2026, 03:00–03:30 (Europe/Berlin)" in mail("owner", "booked", "en").text
    same = replace(BOOKING, time_zone="Asia/Ho_Chi_Minh")
    assert "Guest's time" not in mail("owner", "booked", "en", same).text


def test_both_languages_say_everything() -> None:
    for words in BOOKING_WORDS.values():
        assert all(getattr(words, name).strip() for name in words.__slots__)
