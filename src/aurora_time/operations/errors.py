"""What can go wrong in an operation; the edges (REST, CalDAV, CLI) say it in their own way."""

from __future__ import annotations


class OperationError(Exception):
    """The message says what is wrong and how to mend it."""


class NotFoundError(OperationError):
    """It is not there, or it is not the caller's: nothing tells these apart."""

    def __init__(self) -> None:
        super().__init__("nothing with this id is yours")


class InvalidError(OperationError):
    """Input that makes no sense; ``pointer`` is its place (RFC 6901), or ``?name`` for a query parameter."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


class ClashError(OperationError):
    """It would collide with what is there."""


class ChangedError(OperationError):
    """Somebody changed it while this change was being made; read it again."""


class TooLargeError(OperationError):
    """One of the stated limits is passed."""


class ExpiredError(OperationError):
    """A sync token leads nowhere (any more): what it stood for is no longer known."""


class JobFailedError(OperationError):
    """A job cannot go on, however often it is tried; the message is what the person reads of it."""
