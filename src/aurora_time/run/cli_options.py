"""A command's options as one value: typer looks only at a signature, and twelve parameters are no function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


def as_one(type_: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """A decorator: the command is called with a ``type_`` (a dataclass) whose fields are its options and arguments."""
    hints = get_type_hints(type_, include_extras=True)
    named = inspect.signature(type_).parameters.values()

    def decorate(command: Callable[[T], None]) -> Callable[..., None]:
        def call(**options: Any) -> None:  # noqa: ANN401  typer has converted each by its annotation
            command(type_(**options))

        call.__name__, call.__doc__ = command.__name__, command.__doc__
        call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [each.replace(annotation=hints[each.name], kind=inspect.Parameter.KEYWORD_ONLY) for each in named]
        )
        return call

    return decorate
