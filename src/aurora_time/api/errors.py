"""What an operation's errors are in REST; the one place where they are translated."""

from __future__ import annotations

from typing import Final

from aurora_time.http import problem
from aurora_time.http.problem import INVALID, MALFORMED, Pointer, Problem, ProblemKind
from aurora_time.operations import errors
from aurora_time.operations.strangers import SlowDownError
from aurora_time.ports import UnavailableError, UncertainError

TYPED_ERRORS: Final = (errors.OperationError, UnavailableError)

_KINDS: Final[dict[type[errors.OperationError], ProblemKind]] = {
    errors.ClashError: problem.CONFLICT,
    errors.ChangedError: problem.CONFLICT,
    errors.TooLargeError: problem.TOO_LARGE,
    errors.ExpiredError: problem.GONE,
}


def translate(error: Exception) -> Problem | None:
    """The problem that an error is, None for one that is nobody's input."""
    if isinstance(error, errors.NotFoundError):
        return problem.not_found()
    if isinstance(error, errors.InvalidError):
        kind = MALFORMED if error.pointer.startswith("?") else INVALID
        where = error.pointer.lstrip("?") or "The body"
        return Problem(kind, f"{where}: {error}", (Pointer(error.pointer, str(error)),))
    if isinstance(error, UnavailableError):
        known = "It was not done" if not isinstance(error, UncertainError) else "It is not known whether it was done"
        detail = f"{known}: {error.reason}. Try again in a moment."
        return Problem(problem.UNAVAILABLE, detail, headers={"retry-after": str(error.retry_after)})
    if isinstance(error, SlowDownError):
        return Problem(problem.TOO_MANY, str(error), headers={"retry-after": str(error.wait)})
    for type_, kind in _KINDS.items():
        if isinstance(error, type_):
            return Problem(kind, str(error))
    return None
