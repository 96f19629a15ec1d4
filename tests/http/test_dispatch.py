"""What holds for every carrier, and what a carrier that checks nothing itself relies on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from aurora_time.api.errors import TYPED_ERRORS, translate
from aurora_time.http.dispatch import RawRequest, Wired, answer
from aurora_time.http.endpoint import (
    MAX_BODY_BYTES,
    Caller,
    Endpoint,
    Reply,
    Request,
    Shape,
    endpoint,
    endpoints_of,
    parse_needs,
)
from aurora_time.http.problem import KINDS
from aurora_time.operations.errors import (
    ChangedError,
    ClashError,
    InvalidError,
    NotFoundError,
    OperationError,
    TooLargeError,
)
from aurora_time.ports import UnavailableError


@endpoint("POST", "/v1/things", needs=["thing: put"], scope=None, shape=Shape(body=dict[str, int]))
async def make_thing(services: Any, _request: Request) -> Reply:
    """Make a thing."""
    raise services


async def nobody(_: str) -> Caller | None:
    return None


def ask(error: Exception, body: bytes = b"{}") -> tuple[int, dict[str, Any], dict[str, str]]:
    wired = Wired(make_thing, error, nobody, translate, TYPED_ERRORS)
    raw = RawRequest({}, [], {"content-type": "application/json"}, body, "r1")
    reply = asyncio.run(answer(wired, raw))
    return reply.status, json.loads(reply.body), reply.headers


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (NotFoundError(), 404, "not-found"),
        (InvalidError("/a", "Mend a."), 422, "invalid"),
        (InvalidError("", "Mend it."), 422, "invalid"),
        (InvalidError("?a", "Mend a."), 400, "malformed"),
        (ClashError("Another."), 409, "conflict"),
        (ChangedError("Again."), 409, "conflict"),
        (TooLargeError("Less."), 413, "too-large"),
        (UnavailableError("the disk is full", 7), 503, "unavailable"),
    ],
)
def test_an_operations_error_is_a_problem(error: Exception, status: int, slug: str) -> None:
    told, document, headers = ask(error)
    assert (told, document["type"], document["instance"]) == (status, f"/problems#{slug}", "/requests/r1")
    assert headers["cache-control"] == "no-store"
    assert headers.get("retry-after") == ("7" if status == 503 else None)


def test_what_has_no_translation_is_the_carriers() -> None:
    with pytest.raises(OperationError, match="new sort"):
        ask(OperationError("a new sort"))
    with pytest.raises(ZeroDivisionError):
        ask(ZeroDivisionError())


def test_a_body_is_limited_whoever_carries_it() -> None:
    assert ask(ZeroDivisionError(), b" " * (MAX_BODY_BYTES + 1))[0] == 413


def test_a_declaration_names_itself() -> None:
    assert isinstance(make_thing, Endpoint)
    assert (make_thing.operation_id, make_thing.needs) == ("makeThing", parse_needs(["thing: put"]))
    assert (make_thing.is_merge_patch, make_thing.has_read_only) == (False, False)
    assert endpoints_of(asyncio) == []


def test_kinds_of_problems_are_told_apart() -> None:
    assert len({kind.slug for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)
