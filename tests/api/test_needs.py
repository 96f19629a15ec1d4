"""What an endpoint declares that it needs is what it needs: no more, and no less."""

from __future__ import annotations

import httpx
import pytest
import structlog

from aurora_time.http.endpoint import Need
from tests.api.scenarios import STORIES
from tests.api.world import World


async def test_every_endpoint_has_its_story(world: World) -> None:
    assert sorted(STORIES) == sorted(each.endpoint.handler.__name__ for each in world.wired)


@pytest.mark.parametrize("name", STORIES)
async def test_an_endpoint_needs_what_it_declares(world: World, name: str) -> None:
    (wired,) = [each for each in world.wired if each.endpoint.handler.__name__ == name]

    async def forget(request: httpx.Request) -> None:
        """A process that has just started knows no head by heart; and every POST is one that may be retried."""
        world.services.writers._heads.clear()
        if request.method == "POST":
            request.headers["idempotency-key"] = world.ids.new()

    world.ann.http.event_hooks = {"request": [forget]}
    with structlog.testing.capture_logs() as logs:
        await STORIES[name](world)
    assert logs == [], "what is not declared is refused, logged and answered 500"
    unused = wired.endpoint.needs - wired.used
    assert not unused, f"declared, but never used: {sorted(unused, key=str)}"


async def test_what_is_not_declared_is_refused_and_changes_nothing(world: World) -> None:
    (wired,) = [each for each in world.wired if each.endpoint.operation_id == "createCalendar"]
    table = wired.services.table
    table._needs = table._needs - {Need("calendar", "put")}
    before = world.content()
    with structlog.testing.capture_logs() as logs:
        answer = await world.ann.ask("POST", "/v1/calendars", {"name": "Work"})
    assert answer.status_code == 500
    assert "UndeclaredNeedError" not in answer.text
    assert [log["event"] for log in logs] == ["request failed"]
    assert world.content() == before
