"""The stories of tasks and of quick-add: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from aurora_time.ports import Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Pointer
from tests.api.world import Json, Somebody, World, day, timed

MONTHLY: Final = ["RRULE:FREQ=MONTHLY"]
SOON: Final = timed("2026-11-20T09:05:00")


async def new_task(who: Somebody, **fields: Any) -> Json:
    return await who.make("/v1/tasks", {"summary": "Pay the rent", **fields})


async def synced(world: World, task: Json) -> None:
    """As if a CalDAV client had made the task, which gives it an address."""
    (item,) = await world.table.get(keys.object_(world.ann.id, task["id"]))
    assert item is not None
    stored = decode(item.body, Stored)
    href = keys.href(world.ann.id, task["calendarId"], f"{task['id']}.ics")
    changed = msgspec.structs.replace(stored, href=f"{task['id']}.ics", index=(*stored.index, tuple(href)))
    pointer = Put(href, encode(Pointer(task["id"])), item.version)
    await world.table.write(Put(item.key, encode(changed), item.version), pointer)


async def list_tasks(world: World) -> None:
    task = await new_task(world.ann, description="x" * 4_001)
    await new_task(world.ann, parentId=task["id"])
    await world.ann.get("/v1/tasks")
    await world.ann.get("/v1/tasks", parentId=task["id"])


async def create_task(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    task = await new_task(world.ann, due=SOON, calendarId=work["id"])
    await new_task(world.ann, due=day("2026-12-01"), parentId=task["id"])


async def get_task(world: World) -> None:
    task = await new_task(world.ann)
    await world.ann.get(f"/v1/tasks/{task['id']}")


async def update_task(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    above = await new_task(world.ann)
    task = await new_task(world.ann, due=day("2026-12-01"), recurrence=MONTHLY)
    await synced(world, task)
    path = f"/v1/tasks/{task['id']}"
    await world.ann.change(path, calendarId=work["id"], parentId=above["id"])
    await world.ann.change(path, parentId=None)
    await world.ann.change(path, status="COMPLETED")
    await world.ann.change(path, reminders={"useDefault": False, "overrides": []})


async def delete_task(world: World) -> None:
    task = await new_task(world.ann, due=day("2026-12-01"))
    await synced(world, task)
    part = await new_task(world.ann, parentId=task["id"])
    await world.ann.remove(f"/v1/tasks/{part['id']}")
    await new_task(world.ann, parentId=task["id"])
    await world.ann.remove(f"/v1/tasks/{task['id']}")


async def quick_add(world: World) -> None:
    for text in ("Call Sam in 5 minutes", "todo: call Sam by tomorrow 5pm"):
        assert (await world.ann.ask("POST", "/v1/quick-add", {"text": text})).status_code == 200


TASK_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story for story in (list_tasks, create_task, get_task, update_task, delete_task, quick_add)
}
