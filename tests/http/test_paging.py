"""Cursors: ours come back as they were; all others are refused."""

from __future__ import annotations

import base64

import pytest

from aurora_time.http.paging import make_cursor, read_cursor
from aurora_time.http.problem import Problem


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_cursor_comes_back_as_it_was() -> None:
    cursor = make_cursor("question", -5, "an-id_ü")
    assert read_cursor(cursor, "question", tuple[int, str]) == (-5, "an-id_ü")
    assert cursor.isascii()
    assert not set(cursor) & set("+/=")


MARK = base64.urlsafe_b64decode(make_cursor("question") + "==")[2:-2].decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "====", "\u00e9", "\U0001f600", packed("[]"), packed("{}"), packed("7"), packed("[1]"),
        packed('["someone-elses", 1, "x"]'), packed(f'["{MARK}"]'), packed(f'["{MARK}", "x", 1]'),
        packed(f'["{MARK}", 1.5, "x"]'), packed(f'["{MARK}", 1, "x", 2]'), packed(f'["{MARK}", null, null]'),
        packed("[" * 300), make_cursor("another", 1, "x"),
    ],
)  # fmt: skip
def test_what_we_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        read_cursor(cursor, "question", tuple[int, str])
    assert caught.value.kind.status == 400
    assert caught.value.errors[0].pointer == "?cursor"
