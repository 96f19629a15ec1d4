"""What the REST suite finds in its own process, and a deployed home shows nobody: a test that reaches for it stops.

So the suite is run as it is. What of it is about the inside of a process is found by what it does, not by a list, and
pytest counts it as an expected failure, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import httpx
import pytest

from aurora_time.adapters.dynamodb import DynamoTable

_VERBS: Final = frozenset({"get", "query", "write"})


def stop(what: str) -> NoReturn:
    pytest.xfail(what)


class Inside:
    """Stands for something that is in the functions: whoever uses it stops."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __getattr__(self, _name: str) -> NoReturn:
        stop(self._what)

    def __iter__(self) -> NoReturn:
        stop(self._what)

    def __call__(self, *_: object) -> NoReturn:
        stop(self._what)


class Untouched:
    """Stands for MonkeyPatch: the code that answers is in another process."""

    def setattr(self, *_: Any, **__: Any) -> NoReturn:
        stop("a part of the code or a limit is replaced")

    def setitem(self, *_: Any) -> NoReturn:
        stop("a part of the code or a limit is replaced")

    def undo(self) -> None:
        """There is nothing to undo."""

    @contextmanager
    def context(self) -> Iterator[Untouched]:
        yield self


class OwnTable(DynamoTable):
    """The suite's own way to the table of the home, which the functions do not go."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _VERBS:
            stop("the table answers otherwise")
        super().__setattr__(name, value)


class Outside(httpx.AsyncClient):
    """Asks the deployed home, and no application that a test has put together."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, httpx.ASGITransport):
            stop("an application of the test's own answers")
        super().__setattr__(name, value)
