"""Every mail in both languages beside its golden text, and what must hold for hostile input.

``AURORA_REGENERATE=1 pytest tests/mail`` writes the golden texts anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.adapters.mime import to_message
from aurora_time.mail.account import (
    Addressee,
    already_registered_mail,
    code_mail,
    password_changed_mail,
    reset_mail,
)
from aurora_time.mail.account import test_mail as trial_mail
from aurora_time.mail.reminder import ReminderFacts, reminder_mail
from aurora_time.mail.wording import Locale, Span, Wall, before_text
from aurora_time.ports import Mail

GOLDEN = Path(__file__).parent / "golden"
MONDAY = (date(2026, 11, 23).toordinal() - date(1970, 1, 1).toordinal()) * 86_400
HANOI, BERLIN = "Asia/Ho_Chi_Minh", "Europe/Berlin"


def span(day: int, start: int, end: int, zone: str = HANOI) -> Span:
    """Minutes of the day after the Monday; a zone of its own."""
    midnight = MONDAY + day * 86_400
    return Span(Wall(midnight + start * 60, zone), Wall(midnight + end * 60, zone))


def facts(locale: Locale = "en") -> ReminderFacts:
    return ReminderFacts(
        to="lan@example.org",
        to_name="Nguyễn Thị Lan",
        locale=locale,
        message_id="<reminder-1@aurora.example>",
        summary="Weekly review" if locale == "en" else "Họp tổng kết tuần",
        when=span(0, 540, 570),
        now=Wall(MONDAY + 530 * 60, HANOI),
        minutes_until_start=10,
        why=before_text(10, locale),
        event_url="https://aurora.example/events/1",
    )


def full(locale: Locale) -> ReminderFacts:
    return replace(
        facts(locale),
        event_when=span(0, 180, 210, BERLIN),
        late_since=Wall(MONDAY + 530 * 60, HANOI),
        minutes_until_start=-7,
        calendar="Work" if locale == "en" else "Công việc",
        location="Room 4 & <garden>",
        description="Bring the numbers.\n\n- budget\n- roadmap <b>",
        url="https://meet.example.org/weekly?a=1&b=2",
        recurrence="every week on Monday" if locale == "en" else "hằng tuần vào Thứ Hai",
        unsubscribe_url="https://aurora.example/stop/1",
    )


def all_day(locale: Locale) -> ReminderFacts:
    when = Span(Wall(MONDAY + 86_400, HANOI, is_date=True), Wall(MONDAY + 3 * 86_400, HANOI, is_date=True))
    return replace(facts(locale), when=when, minutes_until_start=910)


def mails(locale: Locale) -> dict[str, Mail]:
    to = Addressee("lan@example.org", locale, "<notice-1@aurora.example>")
    return {
        "reminder": reminder_mail(facts(locale)),
        "reminder-full": reminder_mail(full(locale)),
        "reminder-all-day": reminder_mail(all_day(locale)),
        "code": code_mail(to, "482913", 30, "https://aurora.example/confirm"),
        "reset": reset_mail(to, "482913", 60, "https://aurora.example/reset"),
        "reset-by-link": reset_mail(to, "", 60, "https://aurora.example/reset?token=abc"),
        "already-registered": already_registered_mail(
            to, "https://aurora.example/sign-in", "https://aurora.example/reset"
        ),
        "password-changed": password_changed_mail(to, Wall(MONDAY, HANOI), "https://aurora.example/reset"),
        "test": trial_mail(to, "https://aurora.example/"),
    }


def read_back(mail: Mail) -> EmailMessage:
    wire = to_message(mail, "Aurora Time <aurora@example.org>", 1_795_312_200.25)
    return message_from_bytes(wire, _class=EmailMessage, policy=default)


def readable(message: EmailMessage) -> str:
    lines = [f"{name}: {value}" for name, value in message.items()]
    for part in message.iter_parts():
        content = part.get_content().replace("\r\n", "\n")
        lines += ["", f"=== {part['Content-Type']}", content.rstrip("\n")]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize("name", list(mails("en")))
def test_a_mail_is_as_its_golden_text(name: str, locale: Locale) -> None:
    golden = GOLDEN / f"{name}.{locale}.txt"
    text = readable(read_back(mails(locale)[name]))
    if os.environ.get("AURORA_REGENERATE") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def tags(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


@given(st.text(), st.text(), st.text(), st.text())
@settings(max_examples=60, deadline=None)
def test_no_text_of_a_user_makes_markup_links_or_headers(
    summary: str, location: str, description: str, calendar: str
) -> None:
    mark = "<script src=//x>'\"{{7*7}}{0}</title></style>"
    hostile = replace(
        facts(),
        summary=summary + mark,
        location=location + mark,
        description=description + mark,
        calendar=calendar + mark,
        url=f"javascript:{summary}",
        to_name=f"{calendar}\r\nBcc: eve@example.org",
    )
    mail = reminder_mail(hostile)
    assert set(tags(mail.html).tags) <= set(tags(reminder_mail(full("en")).html).tags)
    assert tags(mail.html).links == ["https://aurora.example/events/1"]
    message = read_back(mail)
    assert message["Bcc"] is None
    assert message.keys() == read_back(reminder_mail(facts())).keys()
    assert not message.defects


def test_a_line_break_in_a_summary_makes_no_header() -> None:
    message = read_back(reminder_mail(replace(facts(), summary="Hi\r\nBcc: eve@example.org\r\n\r\nbody")))
    assert message["Subject"] == "Hi Bcc: eve@example.org body – Mon 23 Nov, 09:00"
    assert message["Bcc"] is None


def test_subjects_name_the_event_and_its_start() -> None:
    assert reminder_mail(facts("en")).subject == "Weekly review – Mon 23 Nov, 09:00"
    assert reminder_mail(facts("vi")).subject == "Họp tổng kết tuần – Thứ Hai, 23/11, 09:00"
    assert reminder_mail(all_day("en")).subject == "Weekly review – Tue 24 Nov"
    assert reminder_mail(replace(facts("en"), summary=" ")).subject == "(no title) – Mon 23 Nov, 09:00"
    long = reminder_mail(replace(facts("en"), summary="word " * 100))
    assert len(long.subject) < 150
    assert long.subject.endswith("word… – Mon 23 Nov, 09:00")


def test_an_all_day_event_of_tomorrow_is_tomorrow_even_late_in_the_evening() -> None:
    late = reminder_mail(replace(all_day("en"), now=Wall(MONDAY + 86_399, HANOI), minutes_until_start=1))
    assert "Tomorrow" in late.text
    early = reminder_mail(replace(all_day("en"), now=Wall(MONDAY, HANOI), minutes_until_start=1500))
    assert "Tomorrow" in early.text


def test_a_location_that_is_a_link_can_be_followed() -> None:
    mail = reminder_mail(replace(facts(), location="https://meet.example.org/x"))
    assert "https://meet.example.org/x" in tags(mail.html).links
    assert mail.text.count("https://meet.example.org/x") == 1


def test_a_long_description_is_cut_at_a_word() -> None:
    mail = reminder_mail(replace(facts(), description="lorem ipsum " * 200))
    assert "ipsum…\n" in mail.text or "lorem…\n" in mail.text
    assert len(mail.text) < 1000


def test_one_click_unsubscribe_is_offered_with_both_headers() -> None:
    message = read_back(reminder_mail(replace(facts(), unsubscribe_url=f"https://aurora.example/{'x' * 200}")))
    assert message["List-Unsubscribe"] == f"<https://aurora.example/{'x' * 200}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read_back(reminder_mail(facts()))["List-Unsubscribe"] is None


def test_the_zone_of_a_floating_event_is_not_named() -> None:
    floating = Span(*(moment._replace(zone="") for moment in facts().when))
    assert "Mon 23 Nov 2026, 09:00–09:30\n" in reminder_mail(replace(facts(), when=floating)).text


def test_a_password_change_is_dated_in_the_zone_of_the_account() -> None:
    to = Addressee("lan@example.org", "en", "<x@y>")
    assert "on Mon 23 Nov 2026, 00:00 (Asia/Ho Chi Minh)." in password_changed_mail(to, Wall(MONDAY, HANOI), "").text
    assert "on Mon 23 Nov 2026, 00:00." in password_changed_mail(to, Wall(MONDAY), "").text


def test_the_code_stands_alone_on_its_line() -> None:
    mail = code_mail(Addressee("lan@example.org", "en", "<x@y>"), "482913", 30)
    assert "\n    482913\n" in mail.text
    assert "30 minutes" in mail.text
    assert mail.subject == "482913 is your Aurora Time code"
    assert tags(mail.html).links == []


def test_a_link_without_a_code_speaks_of_no_code() -> None:
    mail = mails("en")["reset-by-link"]
    assert "code" not in mail.text
    assert "The link is valid for 1 hour." in mail.text
    assert tags(mail.html).links == ["https://aurora.example/reset?token=abc"]


def test_account_mails_carry_no_name_that_a_stranger_chose() -> None:
    assert {mail.to_name for name, mail in mails("en").items() if not name.startswith("reminder")} == {""}
