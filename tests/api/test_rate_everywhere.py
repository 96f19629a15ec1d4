"""RateLimit fields on every answer, whatever it is: over all endpoints, and where there is none."""

from __future__ import annotations

import httpx
import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint
from tests.api.declared_scenarios import BY_DECLARATION, Scene, send
from tests.api.test_rate import limited
from tests.api.test_tenancy import theirs
from tests.api.world import World

POLICY = '"default";q=600;w=60'
OF_A_LINK = '"default";q=30;w=60'
"""A secret link is asked for a twentieth as often as a person may ask."""
REFUSED = ("malformed", "insufficient-scope", "too-large", "unsupported-media-type", "unavailable")


def tells(answer: httpx.Response, *, left: bool, policy: str = POLICY) -> None:
    assert answer.headers["ratelimit-policy"] == policy
    assert ("ratelimit" in answer.headers) is left


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.operation_id)
async def test_every_answer_tells_of_the_limit(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    scene = Scene(world, endpoint, monkeypatch, await theirs(world))
    limited(world, 600)
    by_link = endpoint.operation_id == "readByLink"
    policy, counted = (OF_A_LINK, True) if by_link else (POLICY, endpoint.scope is not None)
    refused = REFUSED if endpoint.shape.body else (*REFUSED[:2], *REFUSED[4:])
    for slug in refused if endpoint.scope else REFUSED[:1]:
        wish = await BY_DECLARATION[slug](scene)
        if wish.client is not None:
            wish.client._transport = world.ann.http._transport
        answer = await send(scene, wish)
        assert answer.json()["type"] == f"/problems#{slug}"
        tells(answer, left=counted, policy=policy)
    monkeypatch.undo()
    tells(await send(scene), left=counted, policy=policy)


async def test_what_no_endpoint_answers_tells_of_it_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(world, 600)
    for method, path, status in (
        ("GET", "/v1/nowhere", 404),
        ("PUT", "/v1/calendars", 405),
        ("OPTIONS", "/v1/calendars", 204),
    ):
        answer = await world.ann.ask(method, path)
        assert answer.status_code == status
        tells(answer, left=False)
    many = await world.ann.ask("GET", "/v1/me?" + "&".join(f"p{n}=1" for n in range(200)))
    assert many.status_code == 400
    tells(many, left=True)

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.table, "write", fail)
    broken = await world.ann.ask("POST", "/v1/calendars", {"name": "x"})
    assert broken.status_code == 500
    tells(broken, left=False)
