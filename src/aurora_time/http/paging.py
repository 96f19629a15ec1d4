"""Opaque cursors: where a listing goes on, bound to the question it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final, TypeVar

import msgspec

from aurora_time.http.problem import MALFORMED, Pointer, Problem

T = TypeVar("T")

DEFAULT_LIMIT: Final = 250
MAX_LIMIT: Final = 1000


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:12]


def make_cursor(question: str, *position: str | int) -> str:
    """``question`` is whatever the position depends on (the filter); another question refuses the cursor."""
    packed = msgspec.json.encode([_mark(question), *position])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(cursor: str, question: str, type_: type[T]) -> T:
    """The position, a tuple of ``type_``. Raises Problem 400 for what we did not make, or for another question."""
    detail = "This cursor does not belong to this listing. Start again without a cursor."
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        words = msgspec.json.decode(packed, type=list[Any])
        position = msgspec.convert(words[1:], type_)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        words = []
    if not words or words[0] != _mark(question):
        raise Problem(MALFORMED, detail, (Pointer("?cursor", detail),))
    return position
