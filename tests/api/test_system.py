"""Whether the service lives, is ready, and what it counts."""

from __future__ import annotations

import dataclasses

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from aurora_time.operations import canary
from aurora_time.operations.meter import Meter
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from tests.api.world import Issuer, World, problem_of, timed


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.inside("how often the canary comes is what the stack says")
async def test_it_is_ready_while_the_canary_is_young(world: World) -> None:
    refused = await world.http.get("/readyz")
    assert "has not been started" in problem_of(refused, 503)["detail"]
    await canary.start(world.services)
    assert (await world.http.get("/readyz")).json() == {"status": "ready", "canarySeconds": 0}
    world.clock.time += canary.stale(world.services)
    assert (await world.http.get("/readyz")).json() == {"status": "ready", "canarySeconds": 180}
    world.clock.time += 1
    refused = await world.http.get("/readyz")
    assert "has written nothing for 181 s" in problem_of(refused, 503)["detail"]
    assert refused.headers["retry-after"] == "30"
    await world.attend()
    assert (await world.http.get("/readyz")).status_code == 200


async def test_it_lives_although_the_canary_waits(world: World) -> None:
    await canary.start(world.services)
    world.clock.time += 10_000
    assert (await world.http.get("/healthz")).json() == {"status": "ok", "oldestOverdueSeconds": 0}
    await world.ann.event(start=timed("2026-11-20T12:00:00"))
    world.at("2026-11-20T04:55:01Z")
    assert "been due for 301 s" in problem_of(await world.http.get("/healthz"), 503)["detail"]


async def test_the_metrics_say_what_was_done_and_name_nobody(world: World) -> None:
    world.by_server()
    event = await world.ann.event(start=timed("2026-11-20T09:30:00"), summary="Secret plan")
    await world.ann.refused(422, "POST", "/v1/events", {"summary": "x", "start": {}})
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")
    await canary.start(world.services)
    world.clock.time += 1_300
    got = await world.http.get("/metrics")
    assert got.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = samples(got.text)
    assert told["aurora_requests_total", (("operation", "createEvent"), ("status", "201"))] == 1
    assert told["aurora_requests_total", (("operation", "createEvent"), ("status", "422"))] == 1
    assert told["aurora_request_seconds_count", (("operation", "createEvent"),)] == 2
    assert told["aurora_due", (("kind", "object"),)] == 1
    assert told["aurora_due", (("kind", "job"),)] == 1
    assert told["aurora_due", (("kind", "canary"),)] == 1
    assert told["aurora_oldest_overdue_seconds", ()] == 1_300
    assert told["aurora_canary_age_seconds", ()] == 1_300
    for secret in ("ann", "Secret", event["id"], world.ann.id, "example.org"):
        assert secret not in got.text


async def test_metrics_can_be_kept_for_who_has_the_token(world: World) -> None:
    world.by_server()
    for secret, bearer, status in (("", "", 404), ("s3cret", "", 404), ("s3cret", "s3cret", 200), ("s3cret", "x", 404)):
        services = dataclasses.replace(world.services, meter=Meter(secret))
        world.app = Starlette(routes=api_routes(wire(services, Issuer()), world.ids.new, services.meter))
        answer = await world.client(bearer).get("/metrics")
        assert answer.status_code == status
        if status == 404:
            problem_of(answer, 404)
