"""Stories of the endpoints that change events and single occurrences: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.ports import Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Pointer
from tests.api.world import Json, World, day, timed

DAILY: Final = ["RRULE:FREQ=DAILY"]
SILENT: Final = {"useDefault": False, "overrides": []}


async def with_href(world: World, event: Json) -> None:
    """As if a CalDAV client had made the event, which gives it an address."""
    (item,) = await world.table.get(keys.object_(world.ann.id, event["id"]))
    assert item is not None
    stored = decode(item.body, Stored)
    href = keys.href(world.ann.id, event["calendarId"], f"{event['id']}.ics")
    index = (*stored.index, (href.part, href.sort))
    changed = msgspec.structs.replace(stored, href=f"{event['id']}.ics", index=index)
    await world.table.write(
        Put(item.key, encode(changed), item.version), Put(href, encode(Pointer(event["id"])), item.version)
    )


async def booked(world: World) -> str:
    """The path of an event that stands for a booking."""
    schedule = await world.ann.make("/v1/schedules", {"name": "First talk"})
    body = {"start": "2026-11-27T09:00:00Z", "name": "Sam", "email": "sam@example.org"}
    booking = await world.ann.make(f"/v1/schedules/{schedule['id']}/bookings", body)
    return f"/v1/events/{booking['eventId']}"


SAID_YES: Final[Json] = {"status": "CONFIRMED"}
MOVED: Final[Json] = {"start": timed("2026-11-25T10:00:00"), "end": timed("2026-11-25T10:30:00")}


async def update_event(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event()
    await with_href(world, event)
    path = f"/v1/events/{event['id']}"
    await world.ann.change(path, calendarId=work["id"], start=day("2026-11-24"), end=None)
    await world.ann.change(path, reminders=SILENT)
    path = await booked(world)
    for fields in (MOVED, {"status": "CANCELLED"}, {"status": "CONFIRMED"}):
        await world.ann.change(path, **fields)


async def replace_event(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event()
    await with_href(world, event)
    path, body = f"/v1/events/{event['id']}", {"summary": "x", "start": day("2026-11-24"), "calendarId": work["id"]}
    assert (await world.ann.ask("PUT", path, body, if_match="*")).status_code == 200
    assert (await world.ann.ask("PUT", path, {**body, "reminders": SILENT}, if_match="*")).status_code == 200
    path, body = await booked(world), {"summary": "x", **MOVED}
    for status in ("CONFIRMED", "CANCELLED", "CONFIRMED"):
        assert (await world.ann.ask("PUT", path, {**body, "status": status}, if_match="*")).status_code == 200


async def delete_event(world: World) -> None:
    event = await world.ann.event()
    await with_href(world, event)
    await world.ann.remove(f"/v1/events/{event['id']}")
    series = await world.ann.event(recurrence=DAILY)
    await world.ann.remove(f"/v1/events/{series['id']}_20261123T090000")
    await world.ann.remove(f"/v1/events/{series['id']}/occurrences/20261125T090000?scope=following")
    await world.ann.remove(await booked(world))


async def list_occurrences(world: World) -> None:
    event = await world.ann.event(recurrence=DAILY)
    await world.ann.get(f"/v1/events/{event['id']}/occurrences", from_="2026-11-23", to="2026-12-23")


async def get_occurrence(world: World) -> None:
    event = await world.ann.event(recurrence=DAILY)
    await world.ann.get(f"/v1/events/{event['id']}/occurrences/20261130T090000")


async def update_occurrence(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(recurrence=DAILY)
    await with_href(world, event)
    path = f"/v1/events/{event['id']}/occurrences"
    await world.ann.change(f"{path}/20261130T090000", summary="Else")
    await world.ann.change(f"{path}/20261202T090000?scope=following", summary="Else", calendarId=work["id"])
    await world.ann.change(f"{path}/20261123T090000?scope=following", calendarId=work["id"], reminders=SILENT)
    guest = await booked(world)
    await world.ann.change(guest, recurrence=DAILY)
    for status in ("CANCELLED", "CONFIRMED"):
        await world.ann.change(f"{guest}/occurrences/20261127T160000?scope=following", status=status)
    await world.ann.change(f"{guest}/occurrences/20261127T160000", start=timed("2026-11-27T10:00:00"), end=None)


async def delete_occurrence(world: World) -> None:
    event = await world.ann.event(recurrence=DAILY)
    await with_href(world, event)
    path = f"/v1/events/{event['id']}/occurrences"
    await world.ann.remove(f"{path}/20261123T090000")
    await world.ann.remove(f"{path}/20261126T090000?scope=following")
    await world.ann.remove(f"{path}/20261124T090000?scope=following")
    guest = await booked(world)
    await world.ann.change(guest, recurrence=DAILY)
    await world.ann.remove(f"{guest}/occurrences/20261127T160000")


SERIES_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story
    for story in (
        update_event, replace_event, delete_event, list_occurrences, get_occurrence, update_occurrence,
        delete_occurrence,
    )
}  # fmt: skip
