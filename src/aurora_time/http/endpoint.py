"""The endpoint declaration: from it alone come routing, validation, OpenAPI, the guard and (on AWS) the IAM policy.

A handler is ``async def name(services, request) -> Reply``; its name is the OpenAPI operationId, its docstring the
documentation, its module the tag and the Lambda function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Final, Literal, NamedTuple

import msgspec

from aurora_time.http.conditional import etag, is_not_modified
from aurora_time.http.problem import ProblemKind

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
GZIP: Final = "application/gzip"
MAX_BODY_BYTES: Final = 1_000_000


class Need(NamedTuple):
    """A kind of item and one of the table's verbs: get, query, put, delete or check."""

    kind: str
    verb: str


KEPT_ANSWERS: Final = frozenset({Need("idem", "get"), Need("idem", "put")})
"""What Idempotency-Key needs of the table."""


def parse_needs(texts: Iterable[str]) -> frozenset[Need]:
    """``"object: get put"`` is two needs."""
    split = (text.split(":") for text in texts)
    return frozenset(Need(kind.strip(), verb) for kind, verbs in split for verb in verbs.split())


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what the token lets them do. ``token_id`` is set for API tokens, ``session_id`` for browsers'."""

    person_id: str
    scopes: frozenset[str]
    token_id: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler gets: everything is decoded and checked against the declaration.

    ``body`` has the declared type; of PATCH and PUT it is a dict, which the handler holds against what is there.
    """

    parameters: Mapping[str, str]
    query: Any
    body: Any
    headers: Mapping[str, str]
    caller: Caller

    @property
    def if_match(self) -> str | None:
        return self.headers.get("if-match")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, ready to send. ``headers`` holds lower-case names."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = JSON


def json_reply(value: object, version: str | None = None, status: int = 200, location: str | None = None) -> Reply:
    """``value`` as JSON, with its ETag when it has a version."""
    headers = {}
    if version is not None:
        headers["etag"] = etag(version)
    if location is not None:
        headers["location"] = location
    return Reply(status, msgspec.json.encode(value), headers)


def read_reply(request: Request, value: object, version: str) -> Reply:
    """The answer of an endpoint that is ``conditional``: 304 when the client has this version."""
    if is_not_modified(request.headers.get("if-none-match"), version):
        return Reply(304, headers={"etag": etag(version)})
    return json_reply(value, version)


def raw_json_reply(body: bytes) -> Reply:
    return Reply(200, body)


NO_CONTENT: Final = Reply(204)


def with_undo(reply: Reply, token: str) -> Reply:
    """The answer to a write that can be undone by its token."""
    return replace(reply, headers={**reply.headers, "undo-token": token})


Handler = Callable[[Any, Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What goes in and comes out. For PATCH, ``body`` is the type after the merge.

    With ``conditional`` the answer has an ETag, and If-None-Match is honoured. With ``has_secret`` the answer shows
    what is shown this once, so it is not kept for an Idempotency-Key. With ``media`` the body is no JSON but of these
    types, and the handler gets its bytes; at most ``max_body``. With ``packs`` it may come gzipped (unpacking.py),
    and that limit is of what it holds. ``accepted`` is what a 202 answers in the place of ``answer``; ``others`` are
    further media types of the answer, with what they hold. With ``undo`` the answer has an Undo-Token. With
    ``leaves`` the answer to a DELETE of a part has the ETag of the whole, as long as anything of that is left. With
    ``large`` the answer may be more than some carriers take: they may lead to it (303).
    """

    body: Any = None
    query: type | None = None
    answer: Any = None
    status: int = 200
    problems: tuple[ProblemKind, ...] = ()
    media_type: str = JSON
    conditional: bool = False
    has_secret: bool = False
    media: tuple[str, ...] = ()
    max_body: int = MAX_BODY_BYTES
    packs: bool = False
    accepted: Any = None
    others: tuple[tuple[str, Any], ...] = ()
    undo: bool = False
    leaves: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One declared operation. ``scope`` None means that anybody may call it, without a token; of several, with spaces
    between, all are needed.
    """

    method: Method
    path: str
    handler: Handler
    needs: frozenset[Need]
    scope: str | None
    shape: Shape

    @property
    def operation_id(self) -> str:
        """camelCase, as clients generated from OpenAPI expect."""
        first, *rest = self.handler.__name__.split("_")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def tag(self) -> str:
        return self.handler.__module__.rsplit(".", 1)[-1]

    @property
    def is_secret(self) -> bool:
        """Whether knowing the address is all that is asked of who reads there."""
        return self.scope is None and "{" in self.path

    @property
    def is_merge_patch(self) -> bool:
        return self.method == "PATCH"

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple((self.scope or "").split())

    @property
    def takes_key(self) -> bool:
        """Whether Idempotency-Key is honoured: by every POST that changes something."""
        changes = any(need.verb in ("put", "delete") for need in self.needs)
        return self.method == "POST" and self.scope is not None and changes

    @property
    def media(self) -> tuple[str, ...]:
        """What its body may say that it is, the usual one first."""
        taken = self.shape.media or ((JSON, MERGE_PATCH) if self.is_merge_patch else (JSON,))
        return (*taken, GZIP) if self.shape.packs else taken

    @property
    def has_read_only(self) -> bool:
        """Whether a client may send back what it read, fields included that only the server sets."""
        return self.method in ("PATCH", "PUT")


def endpoint(
    method: Method, path: str, *, needs: Iterable[str], scope: str | None, shape: Shape
) -> Callable[[Handler], Endpoint]:
    """Declare a handler: what it needs of the table, who may call it, what goes in and comes out."""

    def declare(handler: Handler) -> Endpoint:
        made = Endpoint(method, path, handler, parse_needs(needs), scope, shape)
        return replace(made, needs=made.needs | KEPT_ANSWERS) if made.takes_key else made

    return declare


def endpoints_of(*modules: ModuleType) -> list[Endpoint]:
    """The declarations of modules, in the order of their text."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Endpoint)]
