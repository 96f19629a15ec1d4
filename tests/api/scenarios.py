"""For each endpoint one story that goes down all its ways, so that it touches all that it may ever need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.ports import Mail, MailUnavailableError, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Pointer
from tests.api.world import Json, World, day, timed

Story = Callable[[World], Awaitable[None]]
WEEKLY: Final = ["RRULE:FREQ=WEEKLY"]
SOON: Final = timed("2026-11-20T09:05:00")
"""Its default reminder, ten minutes before, is past already."""
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


async def list_events(world: World) -> None:
    await world.ann.event()
    await world.ann.event(recurrence=WEEKLY, description="x" * 4_001)
    await world.ann.get("/v1/events", from_="2026-11-01", to="2026-12-31")
    await world.ann.get("/v1/events")


async def create_event(world: World) -> None:
    await world.ann.event(start=SOON)
    await world.ann.event(recurrence=WEEKLY)
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.event(calendarId=work["id"])


async def get_event(world: World) -> None:
    event = await world.ann.event(recurrence=WEEKLY)
    await world.ann.get(f"/v1/events/{event['id']}")
    await world.ann.get(f"/v1/events/{event['id']}_20261123T090000")


async def update_event(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event()
    await with_href(world, event)
    path = f"/v1/events/{event['id']}"
    await world.ann.change(path, calendarId=work["id"], start=day("2026-11-24"), end=None)
    await world.ann.change(path, reminders=SILENT)


async def replace_event(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event()
    await with_href(world, event)
    path, body = f"/v1/events/{event['id']}", {"summary": "x", "start": day("2026-11-24"), "calendarId": work["id"]}
    assert (await world.ann.ask("PUT", path, body, if_match="*")).status_code == 200
    assert (await world.ann.ask("PUT", path, {**body, "reminders": SILENT}, if_match="*")).status_code == 200


async def delete_event(world: World) -> None:
    event = await world.ann.event()
    await with_href(world, event)
    await world.ann.remove(f"/v1/events/{event['id']}")


async def list_occurrences(world: World) -> None:
    event = await world.ann.event(recurrence=WEEKLY)
    await world.ann.get(f"/v1/events/{event['id']}/occurrences", from_="2026-11-23", to="2026-12-23")


async def get_occurrence(world: World) -> None:
    event = await world.ann.event(recurrence=WEEKLY)
    await world.ann.get(f"/v1/events/{event['id']}/occurrences/20261130T090000")


async def list_calendars(world: World) -> None:
    await world.ann.get("/v1/calendars")


async def create_calendar(world: World) -> None:
    await world.ann.make("/v1/calendars", {"name": "Work"})


async def get_calendar(world: World) -> None:
    await world.ann.get(f"/v1/calendars/{await world.primary(world.ann)}")


async def update_calendar(world: World) -> None:
    await world.ann.change(f"/v1/calendars/{await world.primary(world.ann)}", name="Mine", timeZone="Europe/Berlin")


async def delete_calendar(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.event(calendarId=work["id"])
    await world.ann.remove(f"/v1/calendars/{work['id']}")


async def list_reminders(world: World) -> None:
    await world.ann.event(start=SOON)
    await world.ann.event()

    async def away(_: Mail) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.send = away  # type: ignore[method-assign]
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    await world.ann.get("/v1/reminders")


async def get_me(world: World) -> None:
    await world.ann.get("/v1/me")


async def update_me(world: World) -> None:
    await world.ann.change("/v1/me", name="Anna")
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")


async def list_tokens(world: World) -> None:
    await world.ann.get("/v1/tokens")


async def create_token(world: World) -> None:
    await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})


async def get_token(world: World) -> None:
    token = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    await world.ann.get(f"/v1/tokens/{token['id']}")


async def delete_token(world: World) -> None:
    token = await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    await world.ann.remove(f"/v1/tokens/{token['id']}")


async def get_health(world: World) -> None:
    assert (await world.http.get("/healthz")).status_code == 200


async def get_openapi(world: World) -> None:
    assert (await world.http.get("/v1/openapi.json")).status_code == 200


STORIES: Final[dict[str, Story]] = {
    story.__name__: story
    for story in (
        list_events, create_event, get_event, update_event, replace_event, delete_event, list_occurrences,
        get_occurrence, list_calendars, create_calendar, get_calendar, update_calendar, delete_calendar,
        list_reminders, get_me, update_me, list_tokens, create_token, get_token, delete_token, get_health, get_openapi,
    )
}  # fmt: skip
