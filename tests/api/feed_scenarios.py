"""The stories of the change feed and of jobs: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aurora_time.ports import Item, Range
from tests.api.world import World


async def list_changes(world: World) -> None:
    await world.ann.event()
    await world.ann.make("/v1/schedules", {"name": "Talk"})
    begun = await world.ann.get("/v1/changes", limit=2)
    read = begun
    while read["more"]:
        read = await world.ann.get("/v1/changes", since=read["nextToken"])
    await world.ann.event()
    await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.make("/v1/schedules", {"name": "Walk"})
    alone = await world.ann.make("/v1/reminders", {"at": "2026-11-24T09:00:00", "text": "Call Sam"})
    for each in (await world.ann.get("/v1/reminders"))["items"]:
        if each["id"] != alone["id"]:
            snoozed = await world.ann.ask("POST", f"/v1/reminders/{each['id']}/snooze", {"minutes": 5})
            assert snoozed.status_code == 200
    await world.ann.get("/v1/changes", since=read["nextToken"])
    query = world.table.query

    async def passing_over(*ranges: Range) -> list[list[Item]]:
        """As a query may that what it looks for is written under."""
        found = await query(*ranges)
        return [[] for _ in found] if ranges[0].part.startswith("log#") else found

    world.table.query = passing_over  # type: ignore[method-assign]
    assert (await world.ann.get("/v1/changes", since=read["nextToken"]))["items"] == []
    world.table.query = query  # type: ignore[method-assign]


async def list_jobs(world: World) -> None:
    await get_job(world)
    assert len((await world.ann.get("/v1/jobs"))["items"]) == 1


async def get_job(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    begun = await world.ann.ask("DELETE", f"/v1/calendars/{work['id']}")
    await world.ann.get(begun.headers["location"])


FEED_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story for story in (list_changes, list_jobs, get_job)
}
