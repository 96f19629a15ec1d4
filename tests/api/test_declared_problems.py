"""Whatever goes wrong at an endpoint, the problem is one that it declares; that each is met shows test_promises.py."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint, Need
from aurora_time.ports import Change, ConflictError, Delete, Key
from aurora_time.run.openapi import problems_of
from aurora_time.store import keys
from tests.api.test_tenancy import call, in_time, theirs
from tests.api.world import Json, World, problem_of

SCOPED = [each for each in ENDPOINTS if each.scope]
WITH_BODY = [each for each in SCOPED if each.shape.body]
WRITING = [each for each in SCOPED if any(need.verb in ("put", "delete") for need in each.needs)]
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


@pytest.mark.parametrize("endpoint", [each for each in WITH_BODY if not each.shape.media], ids=named)
async def test_a_body_that_is_no_json_is_malformed(world: World, endpoint: Endpoint) -> None:
    ids = await theirs(world)
    before = world.content()
    broken = await send(world, endpoint, ids, content=b"{", headers={"content-type": "application/json"})
    told(broken, 400, "malformed", endpoint)
    assert world.content() == before


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
    in_time(world, endpoint)
    answer = await call(world.ann.http, endpoint, ids)
    if answer.status_code >= 300:  # what needs no more than a thing of its own may still be done
        told(answer, 404, "not-found", endpoint)
