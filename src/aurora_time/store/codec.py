"""How values become bodies: a schema number, then msgpack, deflated when that pays."""

from __future__ import annotations

import zlib
from typing import Final, TypeVar

import msgspec

T = TypeVar("T")

_PLAIN: Final = 0
_DEFLATED: Final = 1
_DEFLATE_FROM: Final = 1500
"""Bytes; below this a body fits its write unit as it is, and deflating costs more time than it saves."""


class SchemaError(ValueError):
    """A body was written by a newer version of the program than this one."""


UNREADABLE: Final = (msgspec.DecodeError, SchemaError, zlib.error)
"""What ``decode`` raises for a body that this program cannot read."""


def encode(value: object, schema: int = 1) -> bytes:
    packed = msgspec.msgpack.encode(value)
    if len(packed) < _DEFLATE_FROM:
        return bytes((schema, _PLAIN)) + packed
    return bytes((schema, _DEFLATED)) + zlib.compress(packed, 1)


def decode(body: bytes, type_: type[T], schema: int = 1) -> T:
    """Raises SchemaError when the body's schema is newer than ``schema``."""
    if body[0] > schema:
        raise SchemaError(
            f"this data was written by a newer version of Aurora Time (schema {body[0]}); update the program"
        )
    packed = zlib.decompress(body[2:]) if body[1] == _DEFLATED else body[2:]
    return msgspec.msgpack.decode(packed, type=type_)
