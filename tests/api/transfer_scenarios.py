"""The stories of import and export: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from tests.api.series_scenarios import booked
from tests.api.world import Json, World, timed

KIND: Final = "text/calendar"


def calendar_text(*components: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *components, "END:VCALENDAR", ""))


def component(kind: str, uid: str, *lines: str) -> str:
    return "\r\n".join((f"BEGIN:{kind}", f"UID:{uid}", "DTSTAMP:20261101T080000Z", *lines, f"END:{kind}"))


async def taken(world: World, text: str, query: str = "", **headers: str) -> Json:
    answer = await world.ann.ask("POST", f"/v1/import{query}", text, content_type=KIND, **headers)
    assert answer.status_code in (200, 202), answer.text
    read: Json = answer.json()
    return read


async def import_calendar(world: World) -> None:
    """Things that ring, are moved, rang already, are parts of others; into another calendar; as a job."""
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    first = calendar_text(
        component("VEVENT", "soon", "DTSTART:20261120T020500Z"),
        component("VEVENT", "later", "DTSTART:20261123T090000Z"),
        component("VTODO", "parent", "DUE:20261123T090000Z"),
        component("VTODO", "part", "DUE:20261123T090000Z", "RELATED-TO:parent"),
    )
    await taken(world, first, f"?calendarId={work['id']}", idempotency_key="first")
    second = first.replace("20261123T090000Z", "20200101T090000Z\r\nSEQUENCE:1")
    await taken(world, second, f"?calendarId={work['id']}")
    await taken(world, calendar_text(*(component("VEVENT", str(n), "DTSTART:20261123T090000Z") for n in range(60))))
    uid = (await world.ann.get(await booked(world)))["uid"]
    for number, status in enumerate(("CONFIRMED", "CANCELLED", "CONFIRMED"), 1):
        lines = ("DTSTART:20261125T090000Z", f"SEQUENCE:{number}", f"STATUS:{status}")
        await taken(world, calendar_text(component("VEVENT", uid, *lines)))


async def export(world: World) -> None:
    await world.ann.event(start=timed("2026-11-23T09:00:00"))
    assert (await world.ann.ask("GET", f"/v1/export?calendarId={await world.primary(world.ann)}")).status_code == 200
    await world.ann.get("/v1/export", format="json")


TRANSFER_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story for story in (import_calendar, export)
}
