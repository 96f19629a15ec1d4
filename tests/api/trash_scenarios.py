"""Stories of the trash and of undoing: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from tests.api.series_scenarios import DAILY, MOVED, SAID_YES, SILENT, booked, with_href
from tests.api.task_scenarios import new_task, synced
from tests.api.world import World, day, timed


async def list_trash(world: World) -> None:
    event = await world.ann.event()
    await world.ann.remove(f"/v1/events/{event['id']}")
    assert (await world.ann.get("/v1/trash"))["items"][0]["id"] == event["id"]
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    task = await new_task(world.ann, calendarId=work["id"])
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    await world.attend()
    (inside,) = (await world.ann.get("/v1/trash", deletedWith=work["id"]))["items"]
    assert inside["task"]["id"] == task["id"]


async def restore_event(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(calendarId=work["id"])
    await with_href(world, event)
    await world.ann.remove(f"/v1/events/{event['id']}")
    world.at("2026-11-23T01:55:00Z")
    restored = await world.ann.ask("POST", f"/v1/events/{event['id']}/restore")
    assert restored.status_code == 200, restored.text
    series = await world.ann.event(recurrence=DAILY, start=timed("2026-11-24T09:00:00"))
    await world.ann.remove(f"/v1/events/{series['id']}_20261124T090000")
    assert (await world.ann.ask("POST", f"/v1/events/{series['id']}_20261124T090000/restore")).status_code == 200
    guest = await booked(world)
    await world.ann.remove(guest)
    assert (await world.ann.ask("POST", f"{guest}/restore")).status_code == 200


async def undo(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    made = await world.ann.ask(
        "POST", "/v1/events", {"summary": "x", "start": timed("2026-11-24T09:00:00"), "calendarId": work["id"]}
    )
    await with_href(world, made.json())
    path = f"/v1/events/{made.json()['id']}"
    moved = await world.ann.ask(
        "PATCH", path, {"calendarId": await world.primary(world.ann), "start": day("2026-11-24"), "end": None}
    )
    assert (await world.ann.ask("POST", "/v1/undo", {"token": moved.headers["undo-token"]})).status_code == 200
    gone = await world.ann.ask("DELETE", path)
    assert (await world.ann.ask("POST", "/v1/undo", {"token": gone.headers["undo-token"]})).status_code == 200
    silent = await world.ann.ask("PATCH", path, {"reminders": SILENT})
    assert (await world.ann.ask("POST", "/v1/undo", {"token": silent.headers["undo-token"]})).status_code == 200
    new = await world.ann.ask("POST", "/v1/events", {"summary": "x", "start": timed("2026-11-24T09:00:00")})
    assert (await world.ann.ask("POST", "/v1/undo", {"token": new.headers["undo-token"]})).status_code == 200
    back = await world.ann.ask("DELETE", path)
    back = await world.ann.ask("POST", f"{path}/restore")
    assert (await world.ann.ask("POST", "/v1/undo", {"token": back.headers["undo-token"]})).status_code == 200
    await undo_of_tasks(world)
    await undo_of_bookings(world)


async def undo_of_bookings(world: World) -> None:
    path = await booked(world)
    for method, fields in (("PATCH", MOVED), ("PATCH", {"status": "CANCELLED"}), ("DELETE", None), ("PATCH", SAID_YES)):
        if fields == SAID_YES:
            await world.ann.change(path, status="CANCELLED")
        made = await world.ann.ask(method, path, fields)
        assert (await world.ann.ask("POST", "/v1/undo", {"token": made.headers["undo-token"]})).status_code == 200


async def undo_of_tasks(world: World) -> None:
    above = await new_task(world.ann)
    task = await new_task(world.ann, due=day("2026-12-01"), parentId=above["id"])
    moved = await world.ann.ask("PATCH", f"/v1/tasks/{task['id']}", {"due": day("2026-12-02"), "parentId": None})
    assert (await world.ann.ask("POST", "/v1/undo", {"token": moved.headers["undo-token"]})).status_code == 200
    made = await world.ann.ask("POST", "/v1/tasks", {"summary": "x", "parentId": above["id"]})
    assert (await world.ann.ask("POST", "/v1/undo", {"token": made.headers["undo-token"]})).status_code == 200
    gone = await world.ann.ask("DELETE", f"/v1/tasks/{above['id']}")
    assert (await world.ann.ask("POST", "/v1/undo", {"token": gone.headers["undo-token"]})).status_code == 200


async def restore_task(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    above = await new_task(world.ann)
    task = await new_task(
        world.ann, due=timed("2026-11-23T09:00:00"), calendarId=work["id"], parentId=above["id"],
        recurrence=["RRULE:FREQ=WEEKLY"],
    )  # fmt: skip
    await synced(world, task)
    await new_task(world.ann, parentId=task["id"])
    await world.ann.remove(f"/v1/tasks/{task['id']}")
    world.at("2026-11-23T01:55:00Z")
    for _ in range(2):
        restored = await world.ann.ask("POST", f"/v1/tasks/{task['id']}/restore")
        assert restored.status_code == 200, restored.text
        await world.attend()
    await world.ann.remove(f"/v1/tasks/{task['id']}")
    await world.attend()
    assert (await world.ann.ask("POST", f"/v1/tasks/{task['id']}/restore")).status_code == 200


async def restore_calendar(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.event(calendarId=work["id"])
    path = f"/v1/calendars/{work['id']}"
    assert (await world.ann.ask("POST", f"{path}/link")).status_code == 200
    await world.ann.remove(path)
    await world.attend()
    assert (await world.ann.ask("POST", f"{path}/restore")).status_code == 202
    assert (await world.ann.ask("POST", f"{path}/restore")).status_code == 202
    await world.attend()
    assert (await world.ann.ask("POST", f"{path}/restore")).status_code == 200


async def delete_calendar(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await world.ann.event(calendarId=work["id"])
    path = f"/v1/calendars/{work['id']}"
    assert (await world.ann.ask("POST", f"{path}/link")).status_code == 200
    await world.ann.remove(path)
    await world.attend()
    assert (await world.ann.ask("POST", f"{path}/restore")).status_code == 202
    world.clock.time += 1
    await world.ann.remove(path)


TRASH_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story
    for story in (list_trash, restore_event, restore_task, restore_calendar, delete_calendar, undo)
}
