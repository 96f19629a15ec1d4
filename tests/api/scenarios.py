"""For each endpoint one story that goes down all its ways, so that it touches all that it may ever need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from aurora_time.operations import canary
from aurora_time.operations.people import update_person
from aurora_time.ports import Mail, MailUnavailableError
from tests.api.account_scenarios import ACCOUNT_STORIES
from tests.api.feed_scenarios import FEED_STORIES
from tests.api.link_scenarios import LINK_STORIES
from tests.api.reminder_scenarios import REMINDER_STORIES
from tests.api.schedule_scenarios import SCHEDULE_STORIES
from tests.api.series_scenarios import SERIES_STORIES
from tests.api.task_scenarios import TASK_STORIES
from tests.api.transfer_scenarios import TRANSFER_STORIES
from tests.api.trash_scenarios import TRASH_STORIES
from tests.api.world import World, timed

Story = Callable[[World], Awaitable[None]]
WEEKLY: Final = ["RRULE:FREQ=WEEKLY"]
SOON: Final = timed("2026-11-20T09:05:00")
"""Its default reminder, ten minutes before, is past already."""


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


async def list_calendars(world: World) -> None:
    await world.ann.get("/v1/calendars")


async def create_calendar(world: World) -> None:
    await world.ann.make("/v1/calendars", {"name": "Work"})


async def get_calendar(world: World) -> None:
    await world.ann.get(f"/v1/calendars/{await world.primary(world.ann)}")


async def update_calendar(world: World) -> None:
    await world.ann.change(f"/v1/calendars/{await world.primary(world.ann)}", name="Mine", timeZone="Europe/Berlin")


async def list_reminders(world: World) -> None:
    await world.ann.event(start=SOON)
    await world.ann.event()

    async def away(_: Mail) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.send = away  # type: ignore[method-assign]
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    await world.ann.make("/v1/reminders", {"at": "2026-11-25T09:00:00", "text": "Call the bank"})
    await world.ann.get("/v1/reminders")


async def get_me(world: World) -> None:
    await world.ann.get("/v1/me")


async def update_me(world: World) -> None:
    await world.ann.change("/v1/me", name="Anna")
    for wanted in (True, False):
        await world.ann.change("/v1/me", agendaMail={"enabled": wanted})
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")
    world.at("2026-11-20T02:00:01Z")
    await world.ann.change("/v1/me", timeZone="Europe/London")
    await update_person(world.services, world.ann.id, lambda ann, _: msgspec.structs.replace(ann, assumed=("locale",)))
    await world.ann.change("/v1/me", locale="vi")


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


async def get_readiness(world: World) -> None:
    await canary.start(world.services)
    assert (await world.http.get("/readyz")).status_code == 200


async def get_metrics(world: World) -> None:
    assert (await world.http.get("/metrics")).status_code == 200


async def get_openapi(world: World) -> None:
    assert (await world.http.get("/v1/openapi.json")).status_code == 200


STORIES: Final[dict[str, Story]] = {
    **ACCOUNT_STORIES,
    **FEED_STORIES,
    **LINK_STORIES,
    **REMINDER_STORIES,
    **SERIES_STORIES,
    **TASK_STORIES,
    **SCHEDULE_STORIES,
    **TRANSFER_STORIES,
    **TRASH_STORIES,
} | {
    story.__name__: story
    for story in (
        list_events, create_event, get_event, list_calendars, create_calendar, get_calendar, update_calendar,
        list_reminders, get_me, update_me, list_tokens, create_token, get_token, delete_token,
        get_health, get_readiness, get_metrics, get_openapi,
    )
}  # fmt: skip
