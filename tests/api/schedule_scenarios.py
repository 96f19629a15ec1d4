"""The stories of schedules, bookings and free/busy: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.api.series_scenarios import with_href
from tests.api.world import Json, World, timed

TUESDAY: Final = "2026-11-24T02:00:00Z"
"""Nine o'clock, where the world's people live; nobody is busy then."""
SOON: Final = "2026-11-20T02:00:00Z"
"""Now: its default reminder, ten minutes before, is past already."""


async def a_schedule(world: World, **fields: Any) -> Json:
    """Ann's, of an office's hours."""
    return await world.ann.make("/v1/schedules", {"name": "First talk", **fields})


async def a_booking(world: World, schedule: Json, **fields: Any) -> Json:
    body = {"start": TUESDAY, "name": "Sam", "email": "sam@example.org", **fields}
    return await world.ann.make(f"/v1/schedules/{schedule['id']}/bookings", body)


async def busy(world: World) -> None:
    """Ann has an event whose card is too large for the time index, so that it is read itself."""
    await world.ann.event(start=timed("2026-11-24T15:00:00"), description="x" * 4_001)


async def list_schedules(world: World) -> None:
    await a_schedule(world)
    await world.ann.get("/v1/schedules")


async def create_schedule(world: World) -> None:
    await a_schedule(world, slug="ann")


async def get_schedule(world: World) -> None:
    await world.ann.get(f"/v1/schedules/{(await a_schedule(world))['id']}")


async def update_schedule(world: World) -> None:
    path = f"/v1/schedules/{(await a_schedule(world, slug='ann'))['id']}"
    await world.ann.change(path, slug="other")
    await world.ann.change(path, slug=None)


async def delete_schedule(world: World) -> None:
    await world.ann.remove(f"/v1/schedules/{(await a_schedule(world, slug='ann'))['id']}")


async def list_slots(world: World) -> None:
    await busy(world)
    schedule = await a_schedule(world)
    await world.ann.get(f"/v1/schedules/{schedule['id']}/slots", from_="2026-11-23", to="2026-11-30", explain="true")


async def list_bookings(world: World) -> None:
    schedule = await a_schedule(world)
    await a_booking(world, schedule)
    await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings")


async def create_booking(world: World) -> None:
    await busy(world)
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await a_booking(world, await a_schedule(world))
    await a_booking(world, await a_schedule(world, busyCalendarIds=[work["id"]], minimumNotice=0), start=SOON)


async def get_booking(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    await world.ann.get(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")


async def delete_booking(world: World) -> None:
    schedule = await a_schedule(world)
    booking = await a_booking(world, schedule)
    await with_href(world, await world.ann.get(f"/v1/events/{booking['eventId']}"))
    await world.ann.remove(f"/v1/schedules/{schedule['id']}/bookings/{booking['id']}")


async def query_free_busy(world: World) -> None:
    await busy(world)
    asked = await world.ann.ask("POST", "/v1/free-busy", {"from": "2026-11-23", "to": "2026-11-30"})
    assert asked.status_code == 200


SCHEDULE_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story
    for story in (
        list_schedules, create_schedule, get_schedule, update_schedule, delete_schedule, list_slots, list_bookings,
        create_booking, get_booking, delete_booking, query_free_busy,
    )
}  # fmt: skip
