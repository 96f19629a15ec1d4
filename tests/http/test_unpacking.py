"""Bodies that come gzipped: whatever was packed is read as it was, and nothing is unpacked beyond the limit."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.http.endpoint import GZIP, Shape
from aurora_time.http.problem import MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA, Problem
from aurora_time.http.unpacking import unpacked

MOST = 4_000
SHAPE = Shape(body=str, media=("text/calendar",), max_body=MOST, packs=True)


def unpack(body: bytes, shape: Shape = SHAPE, **headers: str) -> bytes:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(unpacked(shape, told, body))


def refusal(body: bytes, shape: Shape = SHAPE, **headers: str) -> Problem:
    with pytest.raises(Problem) as caught:
        unpack(body, shape, **headers)
    return caught.value


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=MOST // 4), st.integers(0, 9))
def test_any_text_is_read_as_it_was_however_it_was_packed(text: str, level: int) -> None:
    body = text.encode()
    once = gzip.compress(body, level)
    assert unpack(once, content_type=GZIP) == body
    assert unpack(once, content_type="text/calendar; charset=utf-8", content_encoding="GZip") == body
    assert unpack(gzip.compress(once), content_type=GZIP, content_encoding="gzip") == body
    assert unpack(body, content_type="text/calendar") == body


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200), st.data())
def test_no_part_of_a_gzip_is_taken_for_the_whole(body: bytes, data: st.DataObject) -> None:
    whole = gzip.compress(body)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert refusal(part, content_type=GZIP).kind == MALFORMED
    assert refusal(whole + b"\0", content_type=GZIP).kind == MALFORMED


@pytest.mark.parametrize("wrapped", [zlib.compress(b"as zlib has it"), b"\x1f\x8b\x08 and nothing of it", b"plain"])
def test_what_is_no_gzip_is_malformed(wrapped: bytes) -> None:
    assert refusal(wrapped, content_type=GZIP).kind == MALFORMED


@pytest.mark.parametrize("size", [MOST - 1, MOST])
def test_what_it_holds_may_be_as_much_as_the_limit(size: int) -> None:
    assert len(unpack(gzip.compress(b"x" * size), content_type=GZIP)) == size
    assert refusal(gzip.compress(b"x" * (MOST + 1)), content_type=GZIP).kind == TOO_LARGE


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    assert refusal(bomb, content_type=GZIP).kind == TOO_LARGE
    assert refusal(gzip.compress(bomb), content_type=GZIP, content_encoding="gzip").kind == TOO_LARGE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "zstd", "*"])
def test_other_encodings_are_refused_with_the_one_that_is_taken(encoding: str) -> None:
    problem = refusal(b"{}", content_encoding=encoding)
    assert (problem.kind, problem.headers) == (UNSUPPORTED_MEDIA, {"accept-encoding": "gzip"})


def test_nothing_is_unpacked_for_who_does_not_ask_for_it() -> None:
    body, plain = gzip.compress(b"{}"), Shape(body=str)
    assert unpack(body, plain, content_type=GZIP) == body  # of which the content type is refused
    problem = refusal(body, plain, content_encoding="gzip")
    assert (problem.kind, problem.headers) == (UNSUPPORTED_MEDIA, {"accept-encoding": "identity"})
