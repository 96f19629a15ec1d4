"""Bodies that come gzipped, to an endpoint that says so (``Shape.packs``): unpacked no further than it takes.

What is packed says so by Content-Encoding, or by being ``application/gzip``: API Gateway takes every ``text/*`` for
text, and what is not UTF-8 does not arrive as it was sent.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from typing import Final

from aurora_time.http.endpoint import GZIP, Shape
from aurora_time.http.problem import MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA, Problem

_AS_IT_IS: Final = ("", "identity")
_NAMES: Final = ("gzip", "x-gzip")
"""The second is the same (RFC 9110 section 8.4.1.3)."""
_GZIP: Final = 31
"""The window bits of zlib that say gzip (RFC 1952)."""
_BROKEN: Final = (
    "The body is not one whole gzip. If it was when it was sent, a gateway took it for text: leave out "
    f"`Content-Encoding`, and send it as `Content-Type: {GZIP}`."
)


def media_type(headers: Mapping[str, str]) -> str:
    """What the body says that it is, without parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


async def unpacked(shape: Shape, headers: Mapping[str, str], body: bytes) -> bytes:
    """The body as the endpoint reads it. Raises Problem 400, 413, 415."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in _AS_IT_IS and not (shape.packs and encoding in _NAMES):
        if shape.packs:
            told, taken = "Send the body as it is, or gzipped (`Content-Encoding: gzip`).", "gzip"
        else:
            told, taken = "Send the body as it is, without `Content-Encoding`.", "identity"
        raise Problem(UNSUPPORTED_MEDIA, told, headers={"accept-encoding": taken})
    times = (encoding in _NAMES) + (shape.packs and media_type(headers) == GZIP)
    for _ in range(times):
        # However little came, it may be the whole limit that is made of it.
        body = await asyncio.to_thread(_gunzip, body, shape.max_body)
    return body


def _gunzip(body: bytes, most: int) -> bytes:
    """What one gzip holds. No more than ``most`` bytes and one are ever made of it. Raises Problem 400, 413."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(body, most + 1)
    except zlib.error:
        raise Problem(MALFORMED, _BROKEN) from None
    if len(plain) > most:
        raise Problem(TOO_LARGE, f"Unpacked, a body has at most {most:,} bytes here. Send less at once.")
    if not unpacker.eof or unpacker.unused_data:
        raise Problem(MALFORMED, _BROKEN)
    return plain
