"""What a request with an Idempotency-Key is known by."""

from __future__ import annotations

import pytest

from aurora_time.http.idempotency import mark, read_key
from aurora_time.http.problem import Problem


@pytest.mark.parametrize("header", ["k", " k ", '"k"'])
def test_a_key_may_stand_in_quotes(header: str) -> None:
    assert read_key(header) == "k"


def test_the_longest_and_the_strangest_key() -> None:
    assert read_key("x" * 255) == "x" * 255
    assert read_key("!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") == "!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


@pytest.mark.parametrize("header", ["", " ", '""', "a b", 'a"b', "é", "x" * 256, "a\tb", "\x7f"])
def test_what_is_no_key_is_refused(header: str) -> None:
    with pytest.raises(Problem) as caught:
        read_key(header)
    assert caught.value.kind.status == 400


def test_a_mark_tells_requests_apart() -> None:
    own = mark("createEvent", "id", query=[("a", "1"), ("b", "2")], body=b"{}")
    assert own == mark("createEvent", "id", query=[("b", "2"), ("a", "1")], body=b"{}")
    others = [
        mark("createTask", "id", query=[("a", "1"), ("b", "2")], body=b"{}"),
        mark("createEvent", "other", query=[("a", "1"), ("b", "2")], body=b"{}"),
        mark("createEvent", "id", query=[("a", "1")], body=b"{}"),
        mark("createEvent", "id", query=[("a", "1"), ("b", "2")], body=b"{ }"),
        mark("createEvent", "id", query=[], body=b"{}"),
        mark("createEventid", query=[("a", "1"), ("b", "2")], body=b"{}"),
    ]
    assert own not in others
    assert len(set(others)) == len(others)
