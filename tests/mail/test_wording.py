"""Dates and durations, as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.mail.wording import (
    Span,
    Wall,
    before_text,
    date_text,
    days_before_text,
    days_until_text,
    duration_text,
    locale_of,
    moment_text,
    span_text,
    until_text,
    zone_text,
)


def wall(text: str) -> Wall:
    """``2026-11-23T09:00`` or ``2026-11-23``."""
    moment = datetime.fromisoformat(f"{text}+00:00" if "T" in text else f"{text}T00:00+00:00")
    return Wall(int(moment.timestamp()), "Asia/Ho_Chi_Minh", "T" not in text)


SPANS = [
    (
        "2026-11-23T09:00",
        "2026-11-23T09:30",
        "Mon 23 Nov 2026, 09:00–09:30",
        "Thứ Hai, 23/11/2026, 09:00–09:30",
    ),
    ("2026-11-22T09:05", "2026-11-22T09:05", "Sun 22 Nov 2026, 09:05", "Chủ Nhật, 22/11/2026, 09:05"),
    (
        "2026-11-23T22:00",
        "2026-11-24T00:00",
        "Mon 23 Nov 2026, 22:00–00:00",
        "Thứ Hai, 23/11/2026, 22:00–00:00",
    ),
    (
        "2026-11-23T22:00",
        "2026-11-24T01:00",
        "Mon 23 Nov, 22:00 – Tue 24 Nov 2026, 01:00",
        "Thứ Hai, 23/11/2026, 22:00 – Thứ Ba, 24/11/2026, 01:00",
    ),
    (
        "2026-12-31T22:00",
        "2027-01-01T02:00",
        "Thu 31 Dec 2026, 22:00 – Fri 1 Jan 2027, 02:00",
        "Thứ Năm, 31/12/2026, 22:00 – Thứ Sáu, 01/01/2027, 02:00",
    ),
    ("2026-11-23", "2026-11-24", "Mon 23 Nov 2026, all day", "Thứ Hai, 23/11/2026, cả ngày"),
    ("2026-11-23", "2026-11-23", "Mon 23 Nov 2026, all day", "Thứ Hai, 23/11/2026, cả ngày"),
    ("2026-11-28", "2026-12-01", "Sat 28 Nov – Mon 30 Nov 2026", "Thứ Bảy, 28/11/2026 – Thứ Hai, 30/11/2026"),
    (
        "2026-12-30",
        "2027-01-02",
        "Wed 30 Dec 2026 – Fri 1 Jan 2027",
        "Thứ Tư, 30/12/2026 – Thứ Sáu, 01/01/2027",
    ),
    ("2026-11-23T09:00", "2026-11-22T08:00", "Mon 23 Nov 2026, 09:00", "Thứ Hai, 23/11/2026, 09:00"),
    # The clocks go back at 03:00: the wall shows an end before the start.
    (
        "2026-10-25T02:45",
        "2026-10-25T02:15",
        "Sun 25 Oct 2026, 02:45–02:15",
        "Chủ Nhật, 25/10/2026, 02:45–02:15",
    ),
]


@pytest.mark.parametrize(("start", "end", "english", "vietnamese"), SPANS)
def test_a_span_reads_as_people_write_it(start: str, end: str, english: str, vietnamese: str) -> None:
    span = Span(wall(start), wall(end))
    assert span_text(span, "en") == english
    assert span_text(span, "vi") == vietnamese


def test_a_subject_needs_no_year() -> None:
    assert moment_text(wall("2026-11-23T09:00"), "en", year=False) == "Mon 23 Nov, 09:00"
    assert moment_text(wall("2026-11-23T09:00"), "vi", year=False) == "Thứ Hai, 23/11, 09:00"
    assert moment_text(wall("2026-11-23"), "en", year=False) == "Mon 23 Nov"


@given(st.dates())
def test_every_date_says_its_own_day(day: date) -> None:
    moment = Wall((day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400 + 86_399)
    assert moment.day == day
    assert moment.clock == "23:59"
    assert date_text(day, "en").split()[1:] == [str(day.day), day.strftime("%b"), str(day.year)]
    assert date_text(day, "vi").endswith(f"{day.day:02}/{day.month:02}/{day.year:04}")


@pytest.mark.parametrize(
    ("minutes", "english", "vietnamese"),
    [
        (0, "0 minutes", "0 phút"),
        (1, "1 minute", "1 phút"),
        (10, "10 minutes", "10 phút"),
        (60, "1 hour", "1 giờ"),
        (90, "1 hour 30 minutes", "1 giờ 30 phút"),
        (1440, "1 day", "1 ngày"),
        (1441, "1 day 1 minute", "1 ngày 1 phút"),
        (3125, "2 days 4 hours", "2 ngày 4 giờ"),
        (10_080, "1 week", "1 tuần"),
        (20_160, "2 weeks", "2 tuần"),
        (11_520, "8 days", "8 ngày"),
    ],
)
def test_a_duration_in_its_largest_units(minutes: int, english: str, vietnamese: str) -> None:
    assert duration_text(minutes, "en") == english
    assert duration_text(minutes, "vi") == vietnamese


def test_why_a_reminder_rings() -> None:
    assert [before_text(n, "en") for n in (10, 0, -5)] == [
        "10 minutes before",
        "at the start",
        "5 minutes after the start",
    ]
    assert [before_text(n, "vi") for n in (10, 0, -5)] == [
        "trước 10 phút",
        "lúc bắt đầu",
        "sau khi bắt đầu 5 phút",
    ]
    assert days_before_text(1, "18:00", "en") == "1 day before, at 18:00"
    assert days_before_text(2, "18:00", "vi") == "trước 2 ngày, lúc 18:00"
    assert days_before_text(0, "08:00", "en") == "on the day, at 08:00"
    assert days_before_text(0, "08:00", "vi") == "trong ngày, lúc 08:00"


def test_how_far_away_a_start_is() -> None:
    assert [until_text(n, "en") for n in (10, 0, -5)] == ["in 10 minutes", "now", "started 5 minutes ago"]
    assert [until_text(n, "vi") for n in (10, 0, -5)] == [
        "còn 10 phút nữa",
        "ngay bây giờ",
        "đã bắt đầu 5 phút trước",
    ]


def test_a_day_is_counted_in_days_and_not_in_hours() -> None:
    today = date(2026, 11, 22)
    words = [days_until_text(today, date(2026, 11, day), "en") for day in (20, 21, 22, 23, 25)]
    assert words == ["started 2 days ago", "started yesterday", "today", "tomorrow", "in 3 days"]
    words = [days_until_text(today, date(2026, 11, day), "vi") for day in (20, 21, 22, 23, 25)]
    assert words == ["đã bắt đầu 2 ngày trước", "đã bắt đầu hôm qua", "hôm nay", "ngày mai", "còn 3 ngày nữa"]


def test_a_zone_reads_without_underscores() -> None:
    assert zone_text("Asia/Ho_Chi_Minh") == "Asia/Ho Chi Minh"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("vi", "vi"), ("vi-VN", "vi"), ("vi_VN", "vi"), ("VI", "vi"), ("en-GB", "en"), ("de", "en"), ("", "en")],
)
def test_a_language_we_do_not_have_is_english(tag: str, locale: str) -> None:
    assert locale_of(tag) == locale
