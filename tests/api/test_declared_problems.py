"""Every problem that follows from a declaration is met, at every endpoint; and no other is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
import structlog
from starlette.applications import Starlette

from aurora_time.api import ENDPOINTS, once
from aurora_time.api.once import Answered
from aurora_time.http.endpoint import Endpoint, Need
from aurora_time.http.rate_limit import RateLimit
from aurora_time.ports import Change, ConflictError, Delete, Key, Put, UnavailableError
from aurora_time.run.asgi import api_routes
from aurora_time.run.openapi import problems_of
from aurora_time.run.wiring import wire
from aurora_time.store import keys
from aurora_time.store.codec import encode
from tests.api.test_tenancy import call, theirs
from tests.api.world import Issuer, Json, World, problem_of

SCOPED = [each for each in ENDPOINTS if each.scope]
WITH_BODY = [each for each in SCOPED if each.shape.body]
WRITING = [each for each in SCOPED if any(need.verb in ("put", "delete") for need in each.needs)]
KEYED = [each for each in ENDPOINTS if each.takes_key]
READS_PERSON = [each for each in SCOPED if Need("person", "get") in each.needs]


def named(endpoint: Endpoint) -> str:
    return endpoint.operation_id


def slugs(endpoint: Endpoint) -> set[str]:
    return {kind.slug for kind in problems_of(endpoint)}


async def send(world: World, endpoint: Endpoint, ids: dict[str, str], **how: Any) -> httpx.Response:
    path = re.sub(r"{(\w+)}", lambda match: ids[match[1]], endpoint.path)
    headers = {"if-match": "*"} | how.pop("headers", {})
    return await world.ann.http.request(endpoint.method, path, headers=headers, **how)


def told(response: httpx.Response, status: int, slug: str, endpoint: Endpoint) -> Json:
    problem = problem_of(response, status)
    assert problem["type"] == f"/problems#{slug}"
    assert slug in slugs(endpoint)
    return problem


@pytest.mark.parametrize("endpoint", SCOPED, ids=named)
async def test_a_parameter_that_is_not_known_is_named(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    answer = await send(world, endpoint, ids, params={"colour": "red"})
    assert "colour" in told(answer, 400, "malformed", endpoint)["detail"]
    assert world.content() == before


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=named)
async def test_a_body_of_another_kind_or_too_large_is_refused(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    odd = await send(world, endpoint, ids, content=b"<a/>", headers={"content-type": "application/xml"})
    told(odd, 415, "unsupported-media-type", endpoint)
    media = (endpoint.shape.media or ("application/json",))[0]
    large = b" " * (endpoint.shape.max_body + 1)
    answer = await send(world, endpoint, ids, content=large, headers={"content-type": media})
    told(answer, 413, "too-large", endpoint)
    assert world.content() == before


@pytest.mark.parametrize("endpoint", [each for each in WITH_BODY if not each.shape.media], ids=named)
async def test_a_body_that_makes_no_sense_is_refused(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    told(await send(world, endpoint, ids, json={"no such field": 1}), 422, "invalid", endpoint)
    broken = await send(world, endpoint, ids, content=b"{", headers={"content-type": "application/json"})
    told(broken, 400, "malformed", endpoint)
    assert world.content() == before


@pytest.mark.parametrize("endpoint", SCOPED, ids=named)
async def test_too_many_requests(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    limit = RateLimit(1, world.clock)
    limit.take(world.ann.id)
    app = Starlette(routes=api_routes(wire(world.services, Issuer(), limit=limit), world.ids.new))
    world.ann.http._transport = httpx.ASGITransport(app)
    before = world.content()
    answer = await call(world.ann.http, endpoint, ids)
    told(answer, 429, "too-many-requests", endpoint)
    assert answer.headers["retry-after"] == "60"
    assert world.content() == before


def failing(world: World, error: Callable[[], BaseException]) -> None:
    """From now on the table can do nothing for operations, but knows tokens."""
    get = world.table.get

    async def get_or_fail(*wanted: Key) -> Any:
        if all(key.part.startswith("token#") for key in wanted):
            return await get(*wanted)
        raise error()

    async def fail(*_: object) -> Any:
        raise error()

    world.table.get = get_or_fail  # type: ignore[method-assign]
    world.table.query = world.table.write = fail  # type: ignore[method-assign]


@pytest.mark.parametrize("endpoint", SCOPED, ids=named)
async def test_a_table_that_is_away_is_a_503_and_a_mistake_a_500(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    failing(world, lambda: UnavailableError("the disk is full", 7))
    answer = await call(world.ann.http, endpoint, ids)
    assert "the disk is full" in told(answer, 503, "unavailable", endpoint)["detail"]
    assert answer.headers["retry-after"] == "7"
    failing(world, lambda: ZeroDivisionError("an inside that is nobody's business"))
    with structlog.testing.capture_logs() as logs:
        answer = await call(world.ann.http, endpoint, ids)
    told(answer, 500, "internal", endpoint)
    assert "inside" not in answer.text
    assert [log["event"] for log in logs] == ["request failed"]


@pytest.mark.parametrize("endpoint", WRITING, ids=named)
async def test_whatever_a_write_collides_with_the_answer_is_declared(world: World, endpoint: Endpoint) -> None:
    """Each item in turn whose version a write expects was just changed by somebody else, fifty times over."""
    ids = await theirs(world)
    met: set[Key] = set()
    write, fresh = world.table.write, True

    async def collide(*changes: Change) -> None:
        nonlocal colliding, fresh, left
        expecting = [each.key for each in changes if each.expect]
        if colliding is None:
            colliding = next((key for key in expecting if key not in met), None)
            fresh = colliding is not None
        if colliding in expecting and left > 0:
            left -= 1
            met.add(colliding)
            raise ConflictError(colliding)
        await write(*changes)

    world.table.write = collide  # type: ignore[method-assign]
    while fresh:
        fresh, colliding, left = False, None, 50
        answer = await call(world.ann.http, endpoint, ids)
        if answer.status_code >= 400:
            problem = problem_of(answer, answer.status_code)
            assert problem["type"].removeprefix("/problems#") in slugs(endpoint) - {"internal"}, problem


@pytest.mark.parametrize("endpoint", READS_PERSON, ids=named)
async def test_an_account_that_is_gone_makes_no_trouble(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    await world.table.write(Delete(keys.person(world.ann.id)))
    answer = await call(world.ann.http, endpoint, ids)
    if answer.status_code >= 300:  # what needs no more than a thing of its own may still be done
        told(answer, 404, "not-found", endpoint)


@pytest.mark.parametrize("endpoint", KEYED, ids=named)
async def test_a_key_in_use_or_of_another_request_or_without_its_answer(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    world.ann.http.headers["idempotency-key"] = "k1"
    key = keys.idempotency(world.ann.id, "k1")
    (wired,) = [each for each in world.wired if each.endpoint is endpoint]
    wired.once._under_way.add(key)  # type: ignore[union-attr]
    answer = await call(world.ann.http, endpoint, ids)
    told(answer, 409, "idempotency-key-in-use", endpoint)
    wired.once._under_way.clear()  # type: ignore[union-attr]
    answered = Answered("of another request", 201, {"location": "/v1/somewhere"}, "application/json", b"{}")
    await world.table.write(Put(key, encode(answered), "v"))
    told(await call(world.ann.http, endpoint, ids), 422, "idempotency-key-reused", endpoint)
    own = await mark_of(world, endpoint, ids)
    await world.table.write(Put(key, encode(msgspec.structs.replace(answered, mark=own, body=None)), "v"))
    answer = await call(world.ann.http, endpoint, ids)
    assert "/v1/somewhere" in told(answer, 409, "answer-not-kept", endpoint)["detail"]


async def mark_of(world: World, endpoint: Endpoint, ids: dict[str, str]) -> str:
    """What this very request is known by: seen where it is looked up."""
    seen: list[str] = []
    real = once._again

    def look(answered: Answered, asked: Any) -> Any:
        seen.append(asked.mark)
        return real(answered, asked)

    once._again = look
    try:
        await call(world.ann.http, endpoint, ids)
    finally:
        once._again = real
    return seen[0]
