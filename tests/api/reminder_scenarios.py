"""The stories of reminders and their rules: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from tests.api.task_scenarios import synced
from tests.api.world import Json, Somebody, World, timed

WEEKLY: Final = ["RRULE:FREQ=WEEKLY"]
LATER: Final = {"at": "2026-11-25T09:00:00", "text": "Call the bank"}


async def a_rule(who: Somebody, **fields: Any) -> Json:
    return await who.make("/v1/reminder-rules", {"name": "Early", "triggers": [{"minutesBefore": 45}], **fields})


async def a_reminder(who: Somebody, **fields: Any) -> Json:
    """The next reminder that is planned of a new event."""
    event = await who.event(**fields)
    return next(each for each in (await who.get("/v1/reminders"))["items"] if each["eventId"] == event["id"])


async def post(who: Somebody, path: str, body: Json | None = None, status: int = 200) -> Json:
    answered = await who.ask("POST", path, body)
    assert answered.status_code == status, answered.text
    read: Json = answered.json()
    return read


async def _a_part(world: World, **fields: Any) -> Json:
    """A task that is a part of another, due soon, and known to a CalDAV client."""
    due = timed("2026-11-25T09:00:00")
    whole = await world.ann.make("/v1/tasks", {"summary": "Move house"})
    part = await world.ann.make("/v1/tasks", {"summary": "Pay", "due": due, "parentId": whole["id"], **fields})
    await synced(world, part)
    return part


async def create_reminder(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(calendarId=work["id"])
    bare = await world.ann.event(reminders={"useDefault": False, "overrides": []})
    await world.ann.make("/v1/reminders", LATER)
    for each in (event, bare, await _a_part(world)):
        await world.ann.make("/v1/reminders", {"eventId": each["id"], "minutesBefore": 30})


async def get_reminder(world: World) -> None:
    for made in (await world.ann.make("/v1/reminders", LATER), await a_reminder(world.ann)):
        await world.ann.get(f"/v1/reminders/{made['id']}")


async def update_reminder(world: World) -> None:
    made = await world.ann.make("/v1/reminders", LATER)
    await world.ann.change(f"/v1/reminders/{made['id']}", text="Call them", at="2026-11-26T09:00:00")
    planned = await a_reminder(world.ann)
    await world.ann.refused(409, "PATCH", f"/v1/reminders/{planned['id']}", {"text": "Mine"})
    path = f"/v1/reminders/{made['id']}"
    await post(world.ann, f"{path}/snooze", {"until": "2026-11-30T09:00:00"})
    for fields in ({"text": "Call her"}, {"at": "2026-12-01T09:00:00"}):
        await world.ann.change(path, **fields)


async def delete_reminder(world: World) -> None:
    own = {"useDefault": False, "overrides": [{"minutesBefore": 5}]}
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    made = await world.ann.make("/v1/reminders", LATER)
    part = await _a_part(world, reminders=own)
    of_part = next(each for each in (await world.ann.get("/v1/reminders"))["items"] if each["eventId"] == part["id"])
    both = {"useDefault": False, "overrides": [*own["overrides"], {"minutesBefore": 60}]}
    of_event = await a_reminder(world.ann, reminders=both, recurrence=WEEKLY, calendarId=work["id"])
    for each in (made, of_part, of_event):
        await world.ann.remove(f"/v1/reminders/{each['id']}")
    planned, rung = [await world.ann.make("/v1/reminders", LATER) for _ in range(2)]
    await post(world.ann, f"/v1/reminders/{planned['id']}/snooze", {"until": "2026-11-30T09:00:00"})
    await world.ann.remove(f"/v1/reminders/{planned['id']}")
    world.at("2026-11-25T02:00:00Z")
    await world.attend()
    await post(world.ann, f"/v1/reminders/{rung['id']}/snooze", {"until": "2026-11-30T09:00:00"})
    await world.ann.remove(f"/v1/reminders/{rung['id']}")


async def snooze_reminder(world: World) -> None:
    for made in (await world.ann.make("/v1/reminders", LATER), await a_reminder(world.ann)):
        await post(world.ann, f"/v1/reminders/{made['id']}/snooze", {"until": "2026-11-30T09:00:00"})
        await post(world.ann, f"/v1/reminders/{made['id']}/snooze", {"minutes": 90})


async def dismiss_reminder(world: World) -> None:
    await post(world.ann, f"/v1/reminders/{(await a_reminder(world.ann))['id']}/dismiss")
    planned = await a_reminder(world.ann)
    await post(world.ann, f"/v1/reminders/{planned['id']}/snooze", {"minutes": 90})
    await post(world.ann, f"/v1/reminders/{planned['id']}/dismiss")
    standing = await world.ann.make("/v1/reminders", LATER)
    await post(world.ann, f"/v1/reminders/{standing['id']}/dismiss")


async def show_reminder(world: World) -> None:
    shown = {"reminders": {"useDefault": False, "overrides": [{"minutesBefore": 5, "channel": "browser"}]}}
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    made = await world.ann.make("/v1/reminders", {**LATER, "channel": "browser"})
    planned = await a_reminder(world.ann, calendarId=work["id"], **shown)
    for each in sorted((made, planned), key=lambda each: str(each["due"])):
        world.at(each["due"])
        await post(world.ann, f"/v1/reminders/{each['id']}/show")


async def list_reminder_rules(world: World) -> None:
    await world.ann.get("/v1/reminder-rules")


async def create_reminder_rule(world: World) -> None:
    await a_rule(world.ann)
    world.at("2026-11-20T02:00:01Z")
    await a_rule(world.ann, match={"words": ["dentist"]})


async def get_reminder_rule(world: World) -> None:
    await world.ann.get(f"/v1/reminder-rules/{(await a_rule(world.ann))['id']}")


async def update_reminder_rule(world: World) -> None:
    made = await a_rule(world.ann)
    world.at("2026-11-20T02:00:01Z")
    await world.ann.change(f"/v1/reminder-rules/{made['id']}", triggers=[{"minutesBefore": 50}])


async def delete_reminder_rule(world: World) -> None:
    made = await a_rule(world.ann)
    world.at("2026-11-20T02:00:01Z")
    await world.ann.remove(f"/v1/reminder-rules/{made['id']}")


async def preview_reminder_rule(world: World) -> None:
    await world.ann.event()
    await world.ann.get(f"/v1/reminder-rules/{(await a_rule(world.ann))['id']}/preview")


async def preview_new_rule(world: World) -> None:
    await world.ann.event()
    await post(world.ann, "/v1/reminder-rules/preview", {"name": "New", "triggers": [{"minutesBefore": 5}]})


REMINDER_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story
    for story in (
        create_reminder, get_reminder, update_reminder, delete_reminder, snooze_reminder, dismiss_reminder,
        show_reminder, list_reminder_rules, create_reminder_rule, get_reminder_rule, update_reminder_rule,
        delete_reminder_rule, preview_reminder_rule, preview_new_rule,
    )
}  # fmt: skip
