"""The header fields of requests and answers, as the OpenAPI document names them."""

from __future__ import annotations

from typing import Any, Final

from aurora_time.http.endpoint import Endpoint
from aurora_time.http.problem import PRECONDITION_FAILED, PRECONDITION_REQUIRED

Json = dict[str, Any]
_TEXT: Final[Json] = {"type": "string"}


def _asked(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": schema}


_IF_MATCH: Final = _asked("If-Match", "Change it only if this is still its ETag.", _TEXT)
_IF_NONE_MATCH: Final = _asked("If-None-Match", "Answer 304 if this is still its ETag.", _TEXT)
_KEY: Final = _asked(
    "Idempotency-Key",
    "A fresh UUID for each new thing to do. A retry with the same key and the same body does nothing again: it gets "
    "the stored answer, for 24 hours.",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!#-~]+(?!\n)$"},
)

FIELDS: Final[Json] = {
    "Request-Id": {"schema": _TEXT, "description": "Names this request in our log."},
    "ETag": {"schema": _TEXT, "description": "The version; send it as If-Match."},
    "Location": {"schema": _TEXT, "description": "Where what was made can be read."},
    "Idempotency-Replayed": {
        "schema": {"const": "true"},
        "description": "This is the stored answer to an earlier request with this Idempotency-Key.",
    },
    "RateLimit-Policy": {
        "schema": _TEXT,
        "description": "`q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-10).",
    },
    "RateLimit": {"schema": _TEXT, "description": "`r` requests are left; after `t` seconds without any, all of them."},
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait before asking again."},
    "WWW-Authenticate": {"schema": _TEXT, "description": "What the token lacks (RFC 6750)."},
}
"""For components/headers."""


def request_fields(endpoint: Endpoint) -> list[Json]:
    """The header parameters of an operation."""
    found: list[Json] = []
    if PRECONDITION_FAILED in endpoint.shape.problems:
        found.append({**_IF_MATCH, "required": PRECONDITION_REQUIRED in endpoint.shape.problems})
    if endpoint.shape.conditional:
        found.append(_IF_NONE_MATCH)
    if endpoint.takes_key:
        found.append(_KEY)
    return found


def success_fields(endpoint: Endpoint) -> Json:
    names = _always(endpoint)
    if endpoint.shape.conditional or endpoint.shape.leaves or endpoint.method in ("PUT", "PATCH", "POST"):
        names.append("ETag")
    if endpoint.shape.status in (201, 202):
        names.append("Location")
    if endpoint.takes_key:
        names.append("Idempotency-Replayed")
    return _refer(names)


def problem_fields(endpoint: Endpoint, status: int) -> Json:
    names = _always(endpoint)
    if status in (409, 429, 503):
        names.append("Retry-After")
    if status in (401, 403):
        names.append("WWW-Authenticate")
    return _refer(names)


def _always(endpoint: Endpoint) -> list[str]:
    is_counted = endpoint.scope is not None or endpoint.is_secret
    return ["Request-Id", "RateLimit-Policy", *(["RateLimit"] if is_counted else [])]


def _refer(names: list[str]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
