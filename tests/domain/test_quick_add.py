"""Sentences as people type them: a table of what each means, and what holds for any text at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import DAY, parse_instant
from aurora_time.domain.quick_add import MAX_TEXT, Speaker, understand
from aurora_time.domain.quick_add_english import ENGLISH
from aurora_time.domain.quick_add_text import Text, fold
from aurora_time.domain.quick_add_vietnamese import VIETNAMESE
from aurora_time.domain.quick_add_words import split
from aurora_time.domain.recurrence_lines import parse_recurrence
from aurora_time.domain.zones import zone
from tests.domain.quick_add_told import HOME, NOW, Row, rows, told
from tests.domain.steps import steps

ROWS = list(rows())
HERE = Speaker(zone(HOME))
VOCABULARY = sorted(
    {
        word
        for words in (ENGLISH, VIETNAMESE)
        for table in (
            words.numbers, words.weekdays, words.months, words.units, words.parts, words.days, words.vague,
            words.ordinals, words.feasts, words.leads, words.zones, words.stops, words.closers,
        )
        for word in table
    }
    | split("3pm 15:00 13h 20h & 8am 3-5 12/5 29/2 31/12/99 5th the each 9h30 nhắc remind me hàng mỗi lần nữa")
    | split("99 0 31 , . - @ ( :")
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sentence)
def test_a_sentence_means(row: Row) -> None:
    assert told(row.sentence, row.speaker, row.now) == row.told


def test_the_table_is_large_and_half_of_it_is_vietnamese() -> None:
    assert len({row.sentence for row in ROWS}) == len(ROWS) >= 170
    assert sum(row.told.startswith("vi") for row in ROWS) * 5 > len(ROWS) * 2


@pytest.mark.parametrize("row", [row for row in ROWS if row.told.startswith("vi")], ids=lambda row: row.sentence)
def test_decomposed_letters_and_odd_spaces_mean_the_same(row: Row) -> None:
    typed = unicodedata.normalize("NFD", f"  {row.sentence} ".replace(" ", " \t "))
    assert told(typed, row.speaker, row.now) == row.told


def said(sentence: str, speaker: Speaker = HERE) -> list[tuple[str, str]]:
    spans = understand(sentence, NOW, speaker).spans
    return [(sentence[span.start : span.end], span.meaning) for span in spans]


def test_it_is_told_what_each_word_meant() -> None:
    assert said("Yoga with Sam every Mon at 6pm for 45 min at The Gym until June, remind me 1 hour before") == [
        ("Yoga with Sam", "title"), ("every Mon", "repeat"), ("at 6pm", "time"), ("for 45 min", "duration"),
        ("at The Gym", "place"), ("until June", "until"), ("remind me 1 hour before", "reminder"),
    ]  # fmt: skip
    assert said("todo: send the file by Friday 5pm New York") == [
        ("todo:", "kind"), ("send the file", "title"), ("by Friday", "date"), ("5pm", "time"), ("New York", "zone"),
    ]  # fmt: skip
    assert said("Họp nhóm lúc 3 giờ chiều mai tại phòng 5") == [
        ("Họp nhóm", "title"), ("lúc 3 giờ chiều", "time"), ("mai", "date"), ("tại phòng 5", "place"),
    ]  # fmt: skip
    assert said("take pills daily at 8am, 2pm and 8pm") == [
        ("take pills", "title"), ("daily", "repeat"), ("at 8am", "time"), ("2pm", "time"), ("and 8pm", "time"),
    ]  # fmt: skip
    assert said("Shift Fri 22:00 to Sat 06:00") == [
        ("Shift", "title"), ("Fri", "date"), ("22:00", "time"), ("to Sat", "date"), ("06:00", "time"),
    ]  # fmt: skip
    assert said("Daily standup at 9:30") == [("Daily", "repeat"), ("Daily standup", "title"), ("at 9:30", "time")]


def test_places_are_those_of_what_was_typed() -> None:
    typed = unicodedata.normalize("NFD", "  Họp   nhóm \n lúc  15h")
    assert said(typed) == [
        (unicodedata.normalize("NFD", "Họp   nhóm"), "title"),
        (unicodedata.normalize("NFD", "lúc  15h"), "time"),
    ]


@pytest.mark.parametrize(
    ("locale", "home", "start"),
    [
        ("en", "Europe/London", "2027-05-12"),
        ("en", "America/New_York", "2026-12-05"),
        ("en-US", "Europe/London", "2026-12-05"),
        ("en-GB", "America/New_York", "2027-05-12"),
        ("en_ph", "Asia/Manila", "2026-12-05"),
        ("vi", "America/New_York", "2027-05-12"),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_place(locale: str, home: str, start: str) -> None:
    assert f" {start} to " in told("Dentist 12/5", Speaker(zone(home), locale))


def test_where_no_word_tells_the_language_the_locale_does() -> None:
    assert understand("Spa 9h", NOW, Speaker(zone(HOME), "vi-VN")).language == "vi"
    assert understand("Spa 9h", NOW, Speaker(zone(HOME), "en")).language == "en"
    assert understand("Phở 9h", NOW, Speaker(zone(HOME), "en")).language == "vi"


@pytest.mark.parametrize(
    ("now", "sentence", "start"),
    [
        ("2026-11-20T02:00:00Z", "Call at 8", "2026-11-20 20:00"),
        ("2026-11-20T02:00:00Z", "Call at 8am", "2026-11-21 08:00"),
        ("2026-11-20T15:00:00Z", "Call at 8", "2026-11-21 08:00"),
        ("2026-11-20T02:00:00Z", "Friday 8am gym", "2026-11-27 08:00"),
        ("2026-11-20T02:00:00Z", "today 8am gym", "2026-11-20 08:00"),
        ("2026-11-20T02:00:30Z", "gym 9am", "2026-11-20 09:00"),
        ("2026-11-20T02:00:00Z", "gym every Friday 8am", "2026-11-27 08:00"),
        ("2026-11-20T02:00:00Z", "gym every Friday 10am", "2026-11-20 10:00"),
        ("2028-02-28T17:30:00Z", "Leap party on 29 February", "2028-02-29"),
        ("2026-12-31T16:59:59Z", "call in 1 minute", "2027-01-01 00:00"),
        ("2026-11-22T02:00:00Z", "clean this weekend", "2026-11-22"),
        ("2026-11-20T02:00:00Z", "gọi lúc 12 giờ đêm", "2026-11-21 00:00"),
        ("2026-11-20T02:00:00Z", "gọi lúc 15h sáng mai", "2026-11-21 15:00"),
        ("2026-11-20T02:00:00Z", "walk every Monday every Tuesday", "2026-11-23"),
        ("2026-01-31T02:00:00Z", "review in 1 month", "2026-02-28"),
    ],
)
def test_what_is_not_said_is_what_comes_next(now: str, sentence: str, start: str) -> None:
    draft = understand(sentence, parse_instant(now), HERE)
    assert draft.start is not None
    assert draft.start.moment.iso().replace("T", " ").startswith(start)


def test_an_until_is_the_whole_day_where_the_event_is() -> None:
    draft = understand("Call every day 5pm New York until 30 Nov", NOW, HERE)
    assert draft.recurrence == ("RRULE:FREQ=DAILY;UNTIL=20261201T045959Z",)
    assert understand("Water plants every day until 30 Nov", NOW, HERE).recurrence == (
        "RRULE:FREQ=DAILY;UNTIL=20261130",
    )


def test_a_day_has_no_minutes_before_it() -> None:
    assert understand("Trip tomorrow remind me 2 days before", NOW, HERE).alarms == (Alarm("email", None, 2, 8 * 3600),)
    assert understand("Trip tomorrow remind me 1 hour before", NOW, HERE).alarms == (Alarm("email", None, 0, 8 * 3600),)


def test_several_reminders_add_up() -> None:
    draft = understand("Trip tomorrow 9am remind me 1 hour before and remind me the day before", NOW, HERE)
    assert draft.alarms == (Alarm("email", 60), Alarm("email", None, 1, 18 * 3600))


@pytest.mark.parametrize(
    "nonsense",
    [
        "31/2", "Dec 32", "25:00", "13pm", "0am", "9:75", "in 9999 years", "the 32nd", "2026-02-30", "99/99/9999",
        "every 0 days", "for 101 years", "from 25:00 to 26:00", "at 75 min past 3",
        "until June 0500", "1/1/8999", "in 99 years 5 hours",
        "remind me 1 day before at 25:00", "remind me 900 weeks before", "ngày 31 tháng 2", "30 giờ", "until 31 feb",
    ],
)  # fmt: skip
def test_what_no_calendar_has_stays_in_the_title(nonsense: str) -> None:
    draft = understand(f"Xyz {nonsense}", NOW, HERE)
    assert draft.summary.startswith("Xyz")
    assert draft.start is None or draft.start.wall >= NOW - DAY


def check(typed: str, now: int = NOW, speaker: Speaker = HERE) -> None:
    draft = understand(typed, now, speaker)
    end = 0
    for span in draft.spans:
        assert 0 <= span.start < span.end <= len(typed)
        assert typed[span.start : span.end].strip()
    for span in sorted((each for each in draft.spans if each.meaning != "title"), key=lambda each: each.start):
        assert span.start >= end
        end = span.end
    assert (draft.kind == "event") == (draft.start is not None) == (draft.end is not None)
    at = draft.start or draft.due
    if draft.start and draft.end:
        assert draft.start.is_date == draft.end.is_date
        assert draft.start.instant(speaker.home) < draft.end.instant(speaker.home)
    if draft.recurrence:
        assert at is not None
        parse_recurrence(draft.recurrence, at.moment)
    assert understand(typed, now, speaker) == draft


MOMENTS = st.sampled_from(
    [parse_instant(each) for each in ("2026-11-20T02:00:00Z", "2028-02-29T16:59:59Z", "2026-12-31T17:00:00Z")]
)
SPEAKERS = st.builds(
    Speaker,
    st.sampled_from([zone(each) for each in (HOME, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")]),
    st.sampled_from(["en", "vi", "en-US", "", "x-y-z"]),
)


@pytest.mark.fuzz
def test_any_words_of_time_mean_something_that_can_be(effort: int) -> None:
    @settings(max_examples=300 * effort, deadline=None, derandomize=effort == 1, database=None)
    @given(st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join), MOMENTS, SPEAKERS)
    @example("cuối tuần đến hôm qua", NOW, HERE)
    @example("coffee at daily grind 9am", NOW, HERE)
    def any_words(typed: str, now: int, speaker: Speaker) -> None:
        check(typed, now, speaker)
        check(typed.upper(), now, speaker)
        check(fold(typed), now, speaker)

    any_words()


@pytest.mark.fuzz
def test_any_text_means_something(effort: int) -> None:
    @settings(
        max_examples=200 * effort,
        deadline=None,
        derandomize=effort == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.text(max_size=MAX_TEXT))
    def any_text(typed: str) -> None:
        check(typed)

    any_text()


@pytest.mark.parametrize(
    "piece", ["in a ", "from 9 to ", "every ", "mon, ", "thứ ", "3-", "1/", "(@", "remind me ", " "]
)
def test_the_cost_grows_with_the_length(piece: str) -> None:
    """Twice the text is about twice the work, whatever stands in it."""
    once = (piece * MAX_TEXT)[:1_000]
    few, many = (steps(lambda typed=typed: understand(typed, NOW, HERE)) for typed in (once, once * 8))
    assert many < 11 * max(few, 1_000), f"{few:,} steps, then {many:,}"


def test_three_spellings_have_one_length() -> None:
    text = Text.of("İ  ĐƯỜNG – Ǆ Số’s\u0301")
    assert len(text.shown) == len(text.low) == len(text.bare) == len(text.origin) - 1
    assert "duong - " in text.bare
