"""Cases about calendars, settings, tokens, tasks, schedules and bookings, and what a client keeps in step."""

from __future__ import annotations

from datetime import timedelta

from tools.capacity.account import MONDAY, Json, timed
from tools.capacity.stage import TUESDAY, Stage, case


# --- calendars --------------------------------------------------------------------------------------------------------
@case("list the calendars", reads=True)
async def list_calendars(stage: Stage) -> object:
    return await stage.home.get("/v1/calendars")


@case("create a calendar")
async def create_calendar(stage: Stage) -> object:
    return await stage.home.make("/v1/calendars", {"name": "Band"})


@case("rename it")
async def update_calendar(stage: Stage) -> object:
    return await stage.home.patch(f"/v1/calendars/{stage.calendar_ids[2]}", name="Home")


@case("delete a calendar: a tombstone and a job")
async def delete_calendar(stage: Stage) -> object:
    made = await stage.home.make("/v1/calendars", {"name": "Band"})
    await stage.home.make("/v1/events", stage.body() | {"calendarId": made["id"]})
    return await stage.home.ask("DELETE", f"/v1/calendars/{made['id']}")


# --- what a client asks for again and again ---------------------------------------------------------------------------
async def _synced(stage: Stage, changes: int) -> Json:
    token = (await stage.home.get("/v1/changes?since=now"))["nextToken"]
    for number in range(changes):
        await stage.event(hour=9 + number)
    return await stage.home.get(f"/v1/changes?since={token}")


@case("sync: nothing is new", reads=True)
async def sync(stage: Stage) -> object:
    return await _synced(stage, 0)


@case("sync: one event changed")
async def sync_one(stage: Stage) -> object:
    return await _synced(stage, 1)


@case("sync: ten events changed")
async def sync_ten(stage: Stage) -> object:
    return await _synced(stage, 10)


@case("the first page of a first sync, 100 things", reads=True)
async def sync_all(stage: Stage) -> object:
    return await stage.home.get("/v1/changes?limit=100")


@case("read one's settings", reads=True)
async def get_me(stage: Stage) -> object:
    return await stage.home.get("/v1/me")


@case("change one's name")
async def update_me(stage: Stage) -> object:
    return await stage.home.patch("/v1/me", name="Minh")


@case("list API tokens", reads=True)
async def list_tokens(stage: Stage) -> object:
    return await stage.home.get("/v1/tokens")


@case("make an API token")
async def create_token(stage: Stage) -> object:
    return await stage.home.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})


@case("revoke it")
async def delete_token(stage: Stage) -> object:
    made = await stage.home.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    return await stage.home.ask("DELETE", f"/v1/tokens/{made['id']}")


# --- tasks ------------------------------------------------------------------------------------------------------------
async def _task(stage: Stage) -> Json:
    body = {"summary": "Pay the rent", "due": timed(TUESDAY, 17), "calendarId": stage.calendar_ids[0]}
    return await stage.home.make("/v1/tasks", body)


@case("list the open tasks", reads=True)
async def list_tasks(stage: Stage) -> object:
    return await stage.home.get("/v1/tasks")


@case("create a task")
async def create_task(stage: Stage) -> object:
    return await _task(stage)


@case("complete it")
async def complete_task(stage: Stage) -> object:
    return await stage.home.patch(f"/v1/tasks/{(await _task(stage))['id']}", status="COMPLETED")


@case("delete it")
async def delete_task(stage: Stage) -> object:
    return await stage.home.ask("DELETE", f"/v1/tasks/{(await _task(stage))['id']}")


# --- schedules and bookings -------------------------------------------------------------------------------------------
async def _schedule(stage: Stage) -> Json:
    found = (await stage.home.get("/v1/schedules"))["items"]
    return found[0] if found else await stage.home.make("/v1/schedules", {"name": "First talk", "slug": "minh"})


async def _slots(stage: Stage) -> Json:
    path = f"/v1/schedules/{(await _schedule(stage))['id']}/slots"
    return await stage.home.get(f"{path}?from={MONDAY}&to={MONDAY + timedelta(days=7)}")


async def _booking(stage: Stage) -> Json:
    """Of the first slot that is free."""
    path = f"/v1/schedules/{(await _schedule(stage))['id']}/bookings"
    start = (await _slots(stage))["items"][0]["start"]
    return await stage.home.make(path, {"start": start, "name": "Sam Taylor", "email": "sam@example.org"})


@case("create a schedule with a public page")
async def create_schedule(stage: Stage) -> object:
    return await _schedule(stage)


@case("its free slots of a week")
async def list_slots(stage: Stage) -> object:
    return await _slots(stage)


@case("book a slot")
async def create_booking(stage: Stage) -> object:
    return await _booking(stage)


@case("cancel the booking")
async def delete_booking(stage: Stage) -> object:
    made = await _booking(stage)
    path = f"/v1/schedules/{(await _schedule(stage))['id']}/bookings/{made['id']}"
    return await stage.home.ask("DELETE", path)
