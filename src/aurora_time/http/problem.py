"""Errors as RFC 9457 problem details: a stable type, a title, and a detail that says how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A row of the table of problems; ``/problems#slug`` is its documentation and its ``type``."""

    slug: str
    status: int
    title: str


class Pointer(msgspec.Struct, frozen=True):
    """One mistake in the input: where (a JSON pointer, RFC 6901, or ``?name`` for the query) and what."""

    pointer: str
    detail: str


class ProblemDocument(msgspec.Struct, omit_defaults=True):
    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Pointer, ...] = ()
    instance: str = ""


MALFORMED: Final = ProblemKind("malformed", 400, "The request cannot be read")
UNAUTHORIZED: Final = ProblemKind("unauthorized", 401, "A valid access token is needed")
NOT_TAKEN: Final = ProblemKind("not-taken", 401, "This home does not take you in")
"""The token is good, but whose it is may not come in; the detail is for the person, in every language."""
FORBIDDEN_SCOPE: Final = ProblemKind("insufficient-scope", 403, "The token may not do this")
NOT_FOUND: Final = ProblemKind("not-found", 404, "There is nothing here")
METHOD_NOT_ALLOWED: Final = ProblemKind("method-not-allowed", 405, "This method is not offered here")
CONFLICT: Final = ProblemKind("conflict", 409, "This would collide with what is there")
KEY_IN_USE: Final = ProblemKind("idempotency-key-in-use", 409, "A request with this key is under way")
ANSWER_NOT_KEPT: Final = ProblemKind("answer-not-kept", 409, "This was done, but its answer is not kept")
GONE: Final = ProblemKind("sync-token-expired", 410, "This sync token is no longer good")
PRECONDITION_FAILED: Final = ProblemKind("precondition-failed", 412, "It was changed in the meantime")
TOO_LARGE: Final = ProblemKind("too-large", 413, "This is too large")
UNSUPPORTED_MEDIA: Final = ProblemKind("unsupported-media-type", 415, "This content type is not understood")
INVALID: Final = ProblemKind("invalid", 422, "The input makes no sense")
KEY_REUSED: Final = ProblemKind("idempotency-key-reused", 422, "This key belongs to another request")
PRECONDITION_REQUIRED: Final = ProblemKind("precondition-required", 428, "If-Match is needed")
TOO_MANY: Final = ProblemKind("too-many-requests", 429, "Too many requests")
INTERNAL: Final = ProblemKind("internal", 500, "Something went wrong here")
UNAVAILABLE: Final = ProblemKind("unavailable", 503, "Not possible right now")

KINDS: Final = (
    MALFORMED, UNAUTHORIZED, NOT_TAKEN, FORBIDDEN_SCOPE, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT, KEY_IN_USE,
    ANSWER_NOT_KEPT, GONE, PRECONDITION_FAILED, TOO_LARGE, UNSUPPORTED_MEDIA, INVALID, KEY_REUSED,
    PRECONDITION_REQUIRED, TOO_MANY, INTERNAL, UNAVAILABLE,
)  # fmt: skip


class Problem(Exception):  # noqa: N818  a problem is what RFC 9457 calls it
    """Raised anywhere above the store, answered once at the edge."""

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        errors: tuple[Pointer, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})

    def document(self, request_id: str) -> bytes:
        """The JSON body. ``instance`` names the request, so that a person can quote it."""
        kind = self.kind
        return msgspec.json.encode(
            ProblemDocument(
                type=f"/problems#{kind.slug}",
                title=kind.title,
                status=kind.status,
                detail=self.detail,
                errors=self.errors,
                instance=f"/requests/{request_id}",
            )
        )


def invalid(pointer: str, detail: str) -> Problem:
    """A 422 about one place of the input."""
    return Problem(INVALID, detail, (Pointer(pointer, detail),))


def not_found() -> Problem:
    """The one answer for what is not there and for what is somebody else's: nothing tells them apart."""
    return Problem(NOT_FOUND, "Nothing with this address is yours to see. Check the id, or list what there is.")
