"""What DynamoDB and the way to it can say instead of an answer, and what that means for whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from aurora_time.adapters.dynamodb_items import Attributes
from aurora_time.ports import UnavailableError

_CONTENTION: Final = {"TransactionConflictException", "TransactionInProgressException", "TransactionConflict"}
_THROTTLED: Final = {
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
}
_REFUSED: Final = {
    "AccessDenied": "the credentials do not allow this",
    "AccessDeniedException": "the credentials do not allow this",
    "ExpiredToken": "the credentials have expired",
    "ExpiredTokenException": "the credentials have expired",
    "IncompleteSignatureException": "the credentials are not valid",
    "InvalidSignatureException": "the credentials are not valid, or this machine's clock is wrong",
    "MissingAuthenticationTokenException": "there are no credentials",
    "ResourceNotFoundException": "there is no such table",
    "UnrecognizedClientException": "the credentials are not valid",
}
_RETRY_AFTER: Final = {"contention": 1, "busy": 5, "throttled": 5, "unreachable": 5, "lost": 5, "refused": 30}
"""Seconds after which whoever asked may ask again."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there was no answer. ``lost``: what was asked may have been done; for the other kinds it was not.

    ``contention``: another transaction has one of the items; ``busy``: all our threads wait for others; ``throttled``:
    too much at once; ``unreachable``: no connection; ``refused``: trying again does not help.
    """

    kind: Literal["contention", "busy", "throttled", "unreachable", "lost", "refused"]
    reason: str

    def error(self) -> UnavailableError:
        return UnavailableError(f"DynamoDB: {self.reason}", _RETRY_AFTER[self.kind])


CONTENTION: Final = Trouble("contention", "too many writers at once")
BUSY: Final = Trouble("busy", "too many calls wait for its answers")
THROTTLED: Final = Trouble("throttled", "it is asked for too much at once")


class UnmetError(Exception):
    """A condition of a write was not met. ``found``: what was there, by the index of its change (None: nothing).

    ``doubtful``: an earlier try of this write may have been done.
    """

    def __init__(self, found: Mapping[int, Attributes | None]) -> None:
        super().__init__("a condition was not met")
        self.found = found
        self.doubtful = False


class TroubleError(Exception):
    """A call that brought no answer."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.reason)
        self.trouble = trouble


def answered(response: Mapping[str, Any], error: Exception) -> Trouble:
    """What to make of an answer that says no, as boto3 has it. Raises UnmetError; ``error`` if it is our mistake."""
    code = str(response.get("Error", {}).get("Code", ""))
    if code == "ConditionalCheckFailedException":
        raise UnmetError({0: response.get("Item")})
    if code == "TransactionCanceledException":
        return _cancelled(response, error)
    if code in _CONTENTION:
        return CONTENTION
    if code in _THROTTLED:
        return THROTTLED
    if code in _REFUSED:
        return Trouble("refused", _REFUSED[code])
    if int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500:
        return Trouble("lost", f"it has a fault of its own ({code})")
    raise error


def _cancelled(response: Mapping[str, Any], error: Exception) -> Trouble:
    """A transaction names a reason for each of its changes, and does nothing if there is any."""
    reasons: list[Mapping[str, Any]] = response.get("CancellationReasons", [])
    found = {n: reason.get("Item") for n, reason in enumerate(reasons) if reason["Code"] == "ConditionalCheckFailed"}
    if found:
        raise UnmetError(found)
    codes = {reason["Code"] for reason in reasons} - {"None"}
    if codes and codes <= _CONTENTION | _THROTTLED:
        return THROTTLED if codes & _THROTTLED else CONTENTION
    raise error
