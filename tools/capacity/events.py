"""Cases about events: writing, reading, listing and searching them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tools.capacity.account import MONDAY, timed
from tools.capacity.stage import TUESDAY, WEEKLY, Stage, case

WEEK: Final = f"/v1/events?from={MONDAY}&to={MONDAY + timedelta(days=7)}"


# --- events -----------------------------------------------------------------------------------------------------------
@case("create an event with a reminder")
async def create_event(stage: Stage) -> object:
    return await stage.event()


@case("the same in a calendar that is not the first: it must still be there")
async def create_event_elsewhere(stage: Stage) -> object:
    return await stage.event(calendar=1)


@case("the same with an Idempotency-Key")
async def create_event_once(stage: Stage) -> object:
    return await stage.home.make("/v1/events", stage.body(calendar=1), idempotency_key="capacity-1")


@case("the same asked again")
async def create_event_again(stage: Stage) -> object:
    return await stage.home.make("/v1/events", stage.body(calendar=1), idempotency_key="capacity-1")


@case("create a weekly series")
async def create_series(stage: Stage) -> object:
    return await stage.event(recurrence=WEEKLY)


@case("create from a sentence")
async def quick_add(stage: Stage) -> object:
    return await stage.home.make("/v1/quick-add", {"text": "Lunch with Lan tomorrow at 12:30 for an hour"})


@case("read an event")
async def get_event(stage: Stage) -> object:
    made = await stage.event()
    return await stage.home.get(f"/v1/events/{made['id']}")


@case("update its text")
async def update_event(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    return await stage.home.patch(f"/v1/events/{made['id']}", summary="Call with Hà Nội")


@case("move it to another day")
async def move_event(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    other = TUESDAY + timedelta(days=2)
    return await stage.home.patch(f"/v1/events/{made['id']}", start=timed(other, 15), end=timed(other, 16))


@case("move it to another calendar")
async def move_event_over(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    return await stage.home.patch(f"/v1/events/{made['id']}", calendarId=stage.calendar_ids[2])


@case("undo that")
async def undo(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    other = TUESDAY + timedelta(days=2)
    moved = await stage.home.patch(f"/v1/events/{made['id']}", start=timed(other, 15), end=timed(other, 16))
    return await stage.home.make("/v1/undo", {"token": moved.headers["undo-token"]})


@case("delete an event")
async def delete_event(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    return await stage.home.ask("DELETE", f"/v1/events/{made['id']}")


@case("restore it")
async def restore_event(stage: Stage) -> object:
    made = await stage.event(calendar=1)
    await stage.home.ask("DELETE", f"/v1/events/{made['id']}")
    return await stage.home.make(f"/v1/events/{made['id']}/restore", {})


@case("list the trash", reads=True)
async def list_trash(stage: Stage) -> object:
    return await stage.home.get("/v1/trash")


@case("change one occurrence of a series")
async def update_occurrence(stage: Stage) -> object:
    made = await stage.event(recurrence=WEEKLY, calendar=1)
    return await stage.home.patch(f"/v1/events/{made['id']}/occurrences/20261201T140000", summary="Else")


@case("change this and all that follow")
async def split_series(stage: Stage) -> object:
    made = await stage.event(recurrence=WEEKLY, calendar=1)
    url = f"/v1/events/{made['id']}/occurrences/20261201T140000?scope=following"
    return await stage.home.patch(url, summary="Else")


@case("list a week of 40: 28 single events, 12 occurrences", reads=True)
async def list_week(stage: Stage) -> object:
    return await stage.home.get(WEEK)


@case("list a month", reads=True)
async def list_month(stage: Stage) -> object:
    return await stage.home.get("/v1/events?from=2026-11-01&to=2026-12-01")


@case("list a day", reads=True)
async def list_day(stage: Stage) -> object:
    return await stage.home.get(f"/v1/events?from={TUESDAY}&to={TUESDAY + timedelta(days=1)}")


@case("search, a page of 20 of what is to come and then was", reads=True)
async def search_events(stage: Stage) -> object:
    return await stage.home.get("/v1/events?q=Berlin&limit=20")


@case("a page of 100 of all events as they are stored", reads=True)
async def list_all(stage: Stage) -> object:
    return await stage.home.get("/v1/events?limit=100")


@case("free and busy times of a week", reads=True)
async def query_free_busy(stage: Stage) -> object:
    asked = {"from": str(MONDAY), "to": str(MONDAY + timedelta(days=7))}
    return await stage.home.make("/v1/free-busy", asked)
