"""Jobs as a person sees them: begun with 202, followed, and read when they are over."""

from __future__ import annotations

import pytest

from aurora_time.operations import jobs
from aurora_time.operations.errors import JobFailedError
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import attend
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import find_due
from aurora_time.store.jobs import KEPT, Job, Step
from tests.api.world import HOME, Json, World, day


async def page(world: World) -> None:
    """Run one page of what is due."""
    for item in await find_due(world.services, 100):
        await attend(world.services, item, composer(HOME))


async def clearing(world: World, events: int) -> Json:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    for _ in range(events):
        await world.ann.event(calendarId=work["id"], start=day("2026-12-01"))
    begun = await world.ann.ask("DELETE", f"/v1/calendars/{work['id']}")
    assert (begun.status_code, begun.headers["location"]) == (202, f"/v1/jobs/{begun.json()['id']}")
    assert begun.headers["etag"] == f'"{begun.json()["etag"]}"'
    read: Json = begun.json()
    return read


async def test_a_job_is_followed_from_waiting_to_done(world: World) -> None:
    begun = await clearing(world, 120)
    path = f"/v1/jobs/{begun['id']}"
    assert begun == await world.ann.get(path)
    assert (begun["kind"], begun["state"], begun["done"], begun["started"]) == ("delete-calendar", "waiting", 0, None)
    world.clock.time += 2
    await page(world)
    running = await world.ann.get(path)
    assert (running["state"], running["done"], running["total"], running["finished"]) == ("running", 100, None, None)
    assert running["started"] == "2026-11-20T02:00:02Z"
    unchanged = await world.ann.ask("GET", path, if_none_match=f'"{running["etag"]}"')
    assert unchanged.status_code == 304
    world.clock.time += 3
    await world.attend()
    over = await world.ann.get(path)
    assert (over["state"], over["done"], over["started"]) == ("done", 120, running["started"])
    assert (over["finished"], over["error"], over["report"]) == ("2026-11-20T02:00:05Z", None, None)


async def test_jobs_are_listed_the_newest_first_and_page_by_page(world: World) -> None:
    begun = []
    for _ in range(5):
        begun.append((await clearing(world, 0))["id"])
        world.clock.time += 1
    await world.attend()
    first = await world.ann.get("/v1/jobs", limit=3)
    rest = await world.ann.get("/v1/jobs", limit=3, cursor=first["nextCursor"])
    assert [job["id"] for job in first["items"] + rest["items"]] == begun[::-1]
    assert rest["nextCursor"] is None
    assert all("report" not in job for job in first["items"])
    assert (await world.bob.get("/v1/jobs"))["items"] == []


async def test_a_finished_job_is_forgotten_after_30_days(world: World) -> None:
    begun = await clearing(world, 0)
    await world.attend()
    world.clock.time += KEPT - 1
    await world.ann.get(f"/v1/jobs/{begun['id']}")
    world.clock.time += 1
    await world.ann.refused(404, "GET", f"/v1/jobs/{begun['id']}")


async def test_what_follows_by_itself_is_no_job_of_yours(world: World) -> None:
    task = await world.ann.make("/v1/tasks", {"summary": "Move house"})
    await world.ann.make("/v1/tasks", {"summary": "Boxes", "parentId": task["id"]})
    await world.ann.remove(f"/v1/tasks/{task['id']}")
    assert (await world.ann.get("/v1/jobs"))["items"] == []
    hidden = [sort for part, sort in world.content() if part == f"job#{world.ann.id}"]
    assert len(hidden) == 1
    await world.ann.refused(404, "GET", f"/v1/jobs/{hidden[0]}")
    await world.attend()
    assert [sort for part, sort in world.content() if part == f"job#{world.ann.id}"] == []


async def test_a_job_that_cannot_be_done_says_why_and_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def first_half(services: Services, owner: str, job: Job) -> Step:
        if job.cursor:
            raise JobFailedError("The file ends in the midst of an event. Export it again.")
        return Step("half", 7, 14, b'{"seen":7}')

    monkeypatch.setitem(jobs._PAGES, "half-way", first_half)
    job, _ = await jobs.start_with(world.services, world.ann.id, "half-way")
    await page(world)
    read = await world.ann.get(f"/v1/jobs/{job.id}")
    assert (read["state"], read["done"], read["total"], read["report"]) == ("running", 7, 14, {"seen": 7})
    await world.attend()
    read = await world.ann.get(f"/v1/jobs/{job.id}")
    assert (read["state"], read["done"], read["report"]) == ("failed", 7, {"seen": 7})
    assert read["error"] == "The file ends in the midst of an event. Export it again."


async def test_a_finished_job_is_not_begun_again(world: World) -> None:
    """Though a due item of it is left behind."""
    begun = await clearing(world, 0)
    (due,) = await find_due(world.services, 10)
    await world.attend()
    done = await world.ann.get(f"/v1/jobs/{begun['id']}")
    assert not await jobs.run_page(world.services, world.ann.id, begun["id"], due.key)
    assert not await jobs.release(world.services, world.ann.id, begun["id"])
    assert await world.ann.get(f"/v1/jobs/{begun['id']}") == done
