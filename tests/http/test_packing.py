"""Long answers are sent gzipped, to whoever takes that."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from aurora_time.http.endpoint import Reply
from aurora_time.http.packing import LEAST, packed, takes_gzip

LONG = b'{"summary": "Tea with Lan"}' * 10_000


def pack(reply: Reply, accepted: str = "gzip, deflate, br") -> Reply:
    return asyncio.run(packed(reply, accepted))


@pytest.mark.parametrize("body", [LONG, LONG[:LEAST]])
def test_a_long_answer_comes_gzipped_and_is_the_same_when_unpacked(body: bytes) -> None:
    reply = pack(Reply(200, body, {"cache-control": "no-store"}))
    assert gzip.decompress(reply.body) == body
    assert len(reply.body) < len(body) / 10
    assert reply.headers == {"cache-control": "no-store", "vary": "Accept-Encoding", "content-encoding": "gzip"}


def test_who_takes_no_gzip_gets_it_as_it_is_and_caches_are_told() -> None:
    reply = pack(Reply(200, LONG), "br")
    assert (reply.body, reply.headers) == (LONG, {"vary": "Accept-Encoding"})


@pytest.mark.parametrize(
    "reply", [Reply(200, LONG[: LEAST - 1]), Reply(200, LONG, {"etag": '"v1"'}), Reply(200, LONG, {"content-encoding": "br"})]
)
def test_what_is_short_has_an_etag_or_is_packed_already_stays_as_it_is(reply: Reply) -> None:
    assert pack(reply) == reply


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [("gzip", True), ("br;q=1.0, GZIP;q=0.5", True), ("", False), ("*", False), ("gzip;q=0", False), ("gzip; q=0.000", False)],
)
def test_accept_encoding_is_read_as_the_rfc_says(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes
