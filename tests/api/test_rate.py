"""Rate limits over the API: told with every answer, refused kindly."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.http.rate_limit import RateLimit
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from tests.api.world import HOME, Issuer, World, problem_of


def limited(world: World, quota: int) -> None:
    """The same people, who may ask only so often."""
    limit = RateLimit(quota, world.clock)
    world.wired = wire(world.services, Issuer(), limit=limit)
    app = Starlette(routes=api_routes(world.wired, world.ids.new))
    for client in (world.http, world.ann.http, world.bob.http):
        client._transport = httpx.ASGITransport(app, raise_app_exceptions=True)


async def test_every_answer_tells_what_is_left(world: World) -> None:
    limited(world, 60)
    policy = '"default";q=60;w=60'
    answers = [
        await world.ann.ask("GET", "/v1/me"),
        await world.ann.ask("POST", "/v1/events", {"summary": "no start"}),
        await world.ann.ask("GET", "/v1/events/none"),
        await world.ann.ask("DELETE", "/v1/tokens/none"),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 404, 404]
    assert [answer.headers["ratelimit"] for answer in answers] == [f'"default";r={59 - n};t={n + 1}' for n in range(4)]
    poor = world.client(await world.token(world.ann.id, ("events:read",)))
    poor._transport = world.ann.http._transport
    refused = await poor.get("/v1/me")
    assert (refused.status_code, refused.headers["ratelimit"]) == (403, '"default";r=55;t=5')
    nobody = [await world.http.get("/healthz"), await world.http.get("/v1/me")]
    assert [answer.status_code for answer in nobody] == [200, 401]
    assert all(answer.headers["ratelimit-policy"] == policy for answer in [*answers, refused, *nobody])
    assert all("ratelimit" not in answer.headers for answer in nobody)


async def test_also_answers_that_come_before_anybody_is_asked_for_tell_the_quota(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(world, 60)
    answers = [
        await world.ann.ask("GET", "/v1/nowhere"),
        await world.ann.ask("PUT", "/v1/me"),
        await world.ann.ask("OPTIONS", "/v1/me"),
        await world.ann.ask("POST", "/v1/events", b"x" * 1_000_001),
        await world.ann.ask("GET", f"/v1/events?{'q=x&' * 200}"),
    ]

    async def broken(*_: object) -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(world.table, "get", broken)
    answers.append(await world.ann.ask("GET", "/v1/me"))
    assert [answer.status_code for answer in answers] == [404, 405, 204, 413, 400, 500]
    assert {answer.headers.get("ratelimit-policy") for answer in answers} == {'"default";q=60;w=60'}


async def test_too_many_requests_wait_and_lock_nobody(world: World) -> None:
    limited(world, 3)
    for _ in range(3):
        await world.ann.get("/v1/me")
    before = world.content()
    refused = await world.ann.ask("POST", "/v1/calendars", {"name": "One too many"})
    assert problem_of(refused, 429)["type"] == "/problems#too-many-requests"
    assert (refused.headers["ratelimit"], refused.headers["retry-after"]) == ('"default";r=0;t=60', "20")
    assert world.content() == before
    await world.bob.get("/v1/me")
    world.clock.time += 20
    await world.ann.get("/v1/me")


async def test_all_tokens_of_a_person_count_together(world: World) -> None:
    limited(world, 2)
    other = httpx.AsyncClient(
        transport=world.ann.http._transport,
        base_url=HOME,
        headers={"authorization": f"Bearer {await world.token(world.ann.id, ('account:read',))}"},
    )
    await world.ann.get("/v1/me")
    assert (await other.get("/v1/me")).status_code == 200
    assert (await other.get("/v1/me")).status_code == 429
