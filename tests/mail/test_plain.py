"""Texts of others cannot break out of their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.mail.plain import one_line, paragraphs, shorten, web_link


def test_one_line_has_no_line_breaks_of_any_kind() -> None:
    assert one_line("a\r\nBcc: x@y\u2028b\x00c\td\ve") == "a Bcc: x@y b c d e"
    assert one_line("  Họp   nhóm ") == "Họp nhóm"
    assert one_line("moc.live\u202e") == "moc.live"
    assert one_line("half \ud83d pair") == "half pair"
    assert one_line("👩‍👩‍👧 family") == "👩‍👩‍👧 family"


def test_paragraphs_keep_single_empty_lines() -> None:
    assert paragraphs("\n\n a \r\n\r\n\r\n\n b\rc\n\n", 100) == "a\n\nb\nc"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("abcdefghijkl", 6, "abcde…"),
        ("a abcdefghijkl", 8, "a abcde…"),
        ("--------", 4, "…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(), st.integers(2, 40))
def test_a_cut_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit
    assert len(paragraphs(text, limit)) <= limit


@pytest.mark.parametrize(
    "link",
    ["https://example.org/a?b=c#d", "http://10.0.0.1:8080/", " https://ví-dụ.vn/họp ", "HTTPS://EXAMPLE.ORG"],
)
def test_a_web_address_becomes_a_link(link: str) -> None:
    assert web_link(link) == link.strip()


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "Room 4",
        "https://",
        "https://a b",
        "https://a\nb",
        'https://a"b',
        "http://[::1",
        "file:///etc/passwd",
        "",
    ],
)
def test_anything_else_is_no_link(text: str) -> None:
    assert web_link(text) == ""
