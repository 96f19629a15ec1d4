"""A text to import may come gzipped: what it holds counts, and what is not one whole gzip is refused."""

from __future__ import annotations

import gzip
from typing import Any

import httpx
import pytest

from aurora_time.http.endpoint import GZIP
from tests.api.transfer_texts import calendar, event, send, summaries
from tests.api.world import Somebody, World, problem_of

TEXT = calendar(*event()).encode()


async def packed(who: Somebody, body: bytes, **headers: Any) -> httpx.Response:
    return await who.ask("POST", "/v1/import", body, content_type=GZIP, **headers)


async def test_a_text_may_come_packed(world: World) -> None:
    """Of one that is not UTF-8 a gateway of AWS leaves nothing else whole."""
    text = calendar(*event(summary="Café")).encode("latin-1")
    assert (await packed(world.ann, gzip.compress(text))).json()["created"] == 1
    assert await summaries(world.ann) == ["Café"]


async def test_ten_megabytes_of_text_at_most(world: World) -> None:
    most = b" " * 10_000_000
    assert "cannot be read" in problem_of(await packed(world.ann, gzip.compress(most)), 422)["detail"]
    refused = await packed(world.ann, gzip.compress(most + b" "))
    assert "10,000,000 bytes" in problem_of(refused, 413)["detail"]
    world.by_server()
    assert "10,000,000 bytes" in problem_of(await send(world.ann, most + b" "), 413)["detail"]


@pytest.mark.parametrize(
    "body", [b"", TEXT, gzip.compress(TEXT)[:-1], gzip.compress(TEXT) + b"more", gzip.compress(TEXT) * 2]
)
async def test_what_is_not_one_whole_gzip_is_refused(world: World, body: bytes) -> None:
    assert "not one whole gzip" in problem_of(await packed(world.ann, body), 400)["detail"]


async def test_a_retry_is_known_however_it_was_packed(world: World) -> None:
    first, second = [
        await packed(world.ann, gzip.compress(TEXT, level, mtime=level), idempotency_key="k") for level in (1, 9)
    ]
    assert second.headers["idempotency-replayed"] == "true"
    assert second.json() == first.json()


@pytest.mark.inside("a gateway takes what says that it is text for text, packed or not")
async def test_content_encoding_says_that_a_text_is_packed(world: World) -> None:
    world.by_server()
    for encoding, body in (("gzip", gzip.compress(TEXT)), ("X-GZIP", gzip.compress(TEXT)), ("identity", TEXT)):
        assert (await send(world.ann, body, content_encoding=encoding)).status_code == 200
    refused = await send(world.ann, TEXT, content_encoding="br")
    assert "gzip" in problem_of(refused, 415)["detail"]
    assert refused.headers["accept-encoding"] == "gzip"


async def test_what_takes_nothing_packed_says_so(world: World) -> None:
    answer = await world.ann.ask("POST", "/v1/calendars", {"name": "Work"}, content_encoding="gzip")
    assert "as it is" in problem_of(answer, 415)["detail"]
    assert answer.headers["accept-encoding"] == "identity"
