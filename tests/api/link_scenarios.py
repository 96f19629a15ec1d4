"""The stories of secret links: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import httpx
from starlette.applications import Starlette

from aurora_time.http.rate_limit import RateLimit
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from tests.api.declared_scenarios import GOOD, Scene, Wish, path_of
from tests.api.world import Issuer, Somebody, World


def at(calendar_id: str) -> str:
    return f"/v1/calendars/{calendar_id}/link"


async def a_link(who: Somebody, calendar_id: str) -> str:
    """The path of a calendar's new secret link."""
    answer = await who.ask("POST", at(calendar_id))
    assert answer.status_code == 200, answer.text
    return httpx.URL(str(answer.json()["secretUrl"])).path


async def get_calendar_link(world: World) -> None:
    await world.ann.get(at(await world.primary(world.ann)))


async def renew_calendar_link(world: World) -> None:
    for _ in range(2):
        await a_link(world.ann, await world.primary(world.ann))


async def delete_calendar_link(world: World) -> None:
    calendar = await world.primary(world.ann)
    await a_link(world.ann, calendar)
    assert (await world.ann.ask("DELETE", at(calendar))).status_code == 204


async def read_by_link(world: World) -> None:
    await world.ann.event()
    path = await a_link(world.ann, await world.primary(world.ann))
    assert (await world.http.get(path)).status_code == 200


# --- what is refused --------------------------------------------------------------------------------------------------
async def a_link_that_was_read_a_moment_ago(scene: Scene) -> Wish:
    world = scene.world
    app = Starlette(routes=api_routes(wire(world.services, Issuer(), limit=RateLimit(1, world.clock)), world.ids.new))
    world.http._transport = httpx.ASGITransport(app)
    assert (await world.http.get(path_of(scene))).status_code == 200
    return GOOD


LINK_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story for story in (get_calendar_link, renew_calendar_link, delete_calendar_link, read_by_link)
}
