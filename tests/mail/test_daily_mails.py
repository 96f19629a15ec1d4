"""Reminders with all that they can do, of tasks and of rules, and the agenda: beside their golden texts."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from aurora_time.mail.agenda import AgendaFacts, Duty, Happening, agenda_mail
from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.reminder import Actions, reminder_mail
from aurora_time.mail.wording import Locale, Span, Wall, days_before_text
from aurora_time.ports import Mail
from tests.mail.test_mails import GOLDEN, HANOI, MONDAY, facts, read_back, readable, span, tags

DAY = 86_400
LINK = "https://aurora.example/r/"
LOCALES: tuple[Locale, ...] = ("en", "vi")
ACTIONS = Actions(f"{LINK}ten", f"{LINK}hour", f"{LINK}nine", f"{LINK}done")


def agenda(locale: Locale) -> AgendaFacts:
    english = locale == "en"
    return AgendaFacts(
        to="lan@example.org",
        to_name="Nguyễn Thị Lan",
        locale=locale,
        message_id="<agenda-1@aurora.example>",
        day=Wall(MONDAY, HANOI, True),
        events=[
            Happening("Trade fair" if english else "Hội chợ", Span(whole(-1), whole(2)), "Hall 3 & <garden>"),
            Happening("Birthday" if english else "Sinh nhật", Span(whole(0), whole(1))),
            Happening("Night train" if english else "Tàu đêm", Span(wall(-2), wall(6)), "Ga Sài Gòn"),
            Happening("Standup", span(0, 540, 555)),
            Happening("", span(0, 600, 600)),
            Happening("Long flight" if english else "Bay dài", Span(wall(22), wall(30))),
        ],
        due=[Duty("Pay the rent" if english else "Trả tiền nhà", whole(0)), Duty("Call An", wall(17))],
        overdue=[Duty("Tax" if english else "Thuế", Wall(MONDAY - 400 * DAY, HANOI)), Duty("Bins", whole(-2))],
        more_events=True,
        more_tasks=False,
        url="https://aurora.example/",
        settings_url="https://aurora.example/settings/notifications",
        unsubscribe_url=f"{LINK}stop",
    )


def whole(days: int) -> Wall:
    return Wall(MONDAY + days * DAY, "", True)


def wall(hour: int) -> Wall:
    return Wall(MONDAY + hour * 3600, HANOI)


def small(locale: Locale) -> AgendaFacts:
    only = [Happening("Standup", span(0, 540, 555))]
    return replace(agenda(locale), events=only, due=[], overdue=[], more_events=False, unsubscribe_url="")


def mails(locale: Locale) -> dict[str, Mail]:
    linked = replace(facts(locale), actions=ACTIONS, unsubscribe_url=f"{LINK}stop")
    rule = "Công việc & <b>" if locale == "vi" else "Work & <b>"
    evening = days_before_text(1, "18:00", locale)
    task = replace(linked, is_task=True, when=span(1, 540, 540), minutes_until_start=1_450)
    at = WORDS[locale].reminder.standing_at
    alone = replace(linked, is_standing=True, summary="Gọi cho An", why=at, event_url="https://aurora.example/")
    standing = replace(alone, when=span(0, 530, 530), minutes_until_start=0)
    return {
        "reminder-links": reminder_mail(linked),
        "reminder-rule": reminder_mail(replace(linked, rule=rule, why=evening)),
        "reminder-task": reminder_mail(task),
        "reminder-standing": reminder_mail(standing),
        "agenda": agenda_mail(agenda(locale)),
        "agenda-small": agenda_mail(small(locale)),
    }


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize("name", list(mails("en")))
def test_a_mail_is_as_its_golden_text(name: str, locale: Locale) -> None:
    golden = GOLDEN / f"{name}.{locale}.txt"
    text = readable(read_back(mails(locale)[name]))
    if os.environ.get("AURORA_REGENERATE") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize("name", ["reminder-links", "agenda"])
def test_each_link_stands_in_both_faces(name: str, locale: Locale) -> None:
    mail = mails(locale)[name]
    wanted = {
        f"{LINK}stop",
        *(ACTIONS if name == "reminder-links" else ("https://aurora.example/settings/notifications",)),
    }
    assert wanted <= set(tags(mail.html).links)
    assert all(link in mail.text for link in wanted)


@pytest.mark.parametrize(
    ("events", "tasks", "more", "counts"),
    [
        (1, 1, (False, False), ("1 event, 1 task", "1 sự kiện, 1 việc")),
        (2, 0, (False, False), ("2 events", "2 sự kiện")),
        (0, 1, (False, False), ("1 task", "1 việc")),
        (0, 3, (False, False), ("3 tasks", "3 việc")),
        (40, 3, (True, False), ("40+ events, 3 tasks", "40+ sự kiện, 3 việc")),
        (1, 20, (False, True), ("1 event, 20+ tasks", "1 sự kiện, 20+ việc")),
        (40, 40, (True, True), ("40+ events, 40+ tasks", "40+ sự kiện, 40+ việc")),
    ],
)
def test_the_subject_of_an_agenda_counts_each_sort_by_itself(
    events: int, tasks: int, more: tuple[bool, bool], counts: tuple[str, str]
) -> None:
    for locale, said in zip(LOCALES, counts, strict=True):
        one = Happening("Standup", span(0, 540, 555))
        day = replace(agenda(locale), events=[one] * events, due=[Duty("Bins", whole(0))] * tasks, overdue=[])
        mail = agenda_mail(replace(day, more_events=more[0], more_tasks=more[1]))
        assert mail.subject.partition(": ")[2] == said
        assert said in mail.text
        assert said in mail.html


def test_one_click_is_offered_only_where_rfc_8058_lets_it() -> None:
    secure, plain = (
        replace(small("en"), unsubscribe_url=f"{scheme}://aurora.example/r/x") for scheme in ("https", "http")
    )
    assert read_back(agenda_mail(secure))["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    message = read_back(agenda_mail(plain))
    assert message["List-Unsubscribe"] == "<http://aurora.example/r/x>"
    assert message["List-Unsubscribe-Post"] is None


def test_what_others_wrote_makes_no_markup_in_an_agenda() -> None:
    mark = "<script>alert(1)</script>\r\nBcc: eve@example.org"
    hostile = [Happening(mark, span(0, 540, 555), mark)]
    mail = agenda_mail(replace(small("en"), events=hostile, due=[Duty(mark, whole(0))], to_name=mark))
    assert "script" not in tags(mail.html).tags
    assert read_back(mail)["Bcc"] is None
    assert "\nBcc" not in mail.text
