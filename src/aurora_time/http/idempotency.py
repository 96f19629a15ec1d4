"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): what a request is known by, and doing it once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from aurora_time.http.endpoint import Reply
from aurora_time.http.problem import MALFORMED, Problem

_KEY: Final = re.compile(r'"?([!#-~]{1,255}?)"?')
_NEEDED: Final = "An Idempotency-Key has 1 to 255 visible ASCII characters, with or without quotes: take a fresh UUID."


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with an Idempotency-Key. ``mark`` tells it from any other; ``keeps_answer`` False for a secret one."""

    owner: str
    key: str
    mark: str
    keeps_answer: bool


Run = Callable[[Any], Awaitable[Reply]]
"""Does what is asked with these services."""

Once = Callable[[Any, Asked, Run], Awaitable[Reply]]
"""Does with these services what is asked, or answers what was answered when it was done. Raises Problem."""


def read_key(header: str) -> str:
    """The key, without the quotes of a structured field. Raises Problem 400."""
    found = _KEY.fullmatch(header.strip())
    if found is None:
        raise Problem(MALFORMED, _NEEDED)
    return found[1]


def mark(*words: str, query: Iterable[tuple[str, str]], body: bytes) -> str:
    """What a retry has in common with its request, and nothing else has: the same words, query and bytes."""
    told = "\x00".join([*words, *(f"{name}={value}" for name, value in sorted(query))])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass") + b"\x00" + body).hexdigest()
