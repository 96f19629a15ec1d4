"""A deleted calendar comes back with all that was in it, whatever happened meanwhile."""

from __future__ import annotations

from typing import Any

from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import attend
from aurora_time.operations.sweeping import find_due
from tests.api.series_scenarios import with_href
from tests.api.task_scenarios import new_task, synced
from tests.api.test_following import rung
from tests.api.test_trash import KEPT, but
from tests.api.test_undo import everything
from tests.api.world import HOME, Json, World, timed

COLOR = "#2f9e44"
MANY = 5
"""More than two pages, where a page is of two."""


async def filled(world: World) -> str:
    """A calendar with events, a series with a change, and a task with parts of parts; its path."""
    work = await world.ann.make("/v1/calendars", {"name": "Work", "color": COLOR, "description": "All of it"})
    for number in range(MANY):
        await world.ann.event(summary=f"Event {number}", calendarId=work["id"])
    series = await world.ann.event(summary="Series", calendarId=work["id"], recurrence=["RRULE:FREQ=DAILY"])
    await with_href(world, series)
    await world.ann.change(f"/v1/events/{series['id']}_20261124T090000", location="Room 4")
    task = await new_task(world.ann, due=timed("2026-12-01T09:00:00"), calendarId=work["id"])
    await synced(world, task)
    for above in (task, await new_task(world.ann, parentId=task["id"], calendarId=work["id"])):
        await new_task(world.ann, summary="Part", parentId=above["id"], calendarId=work["id"])
    return f"/v1/calendars/{work['id']}"


async def content(world: World) -> list[Json]:
    """All that is there, as it is listed, but for what changes when it is written anew."""
    found: list[Json] = []
    for path in ("/v1/calendars", "/v1/events", "/v1/tasks"):
        found += (await world.ann.get(path, **({} if "cal" in path else {"limit": 1000})))["items"]
    window = await world.ann.get("/v1/events", from_="2026-11-20", to="2026-12-01", limit=1000)
    return sorted((but(each, "etag", "updated") for each in found + window["items"]), key=lambda each: each["id"])


async def restore(world: World, path: str, status: int = 202, **headers: str) -> Json:
    answer = await world.ann.ask("POST", f"{path}/restore", **headers)
    assert answer.status_code == status, answer.text
    read: Json = answer.json()
    return read


async def trash(world: World, **query: Any) -> list[Json]:
    found: list[Json] = (await world.ann.get("/v1/trash", limit=1000, **query))["items"]
    return found


async def one_page(world: World) -> None:
    """Let each job that is due do one page."""
    for item in await find_due(world.services, 100):
        await attend(world.services, item, composer(HOME))


class TestBack:
    async def test_all_is_as_it_was_and_nothing_is_left_in_the_trash(self, world: World) -> None:
        path = await filled(world)
        before, items = await content(world), everything(world)
        await world.ann.remove(path)
        await world.attend()
        await world.ann.refused(404, "GET", path)
        assert [each for each in await content(world) if "calendarId" in each] == []
        world.clock.time += 86_400
        job = await restore(world, path)
        assert (await world.ann.get(path))["color"] == COLOR, "it is there at once"
        await world.attend()
        assert await content(world) == before
        assert everything(world) == items, "every index is as it was"
        assert await trash(world) == []
        assert (await world.ann.get(f"/v1/jobs/{job['id']}"))["state"] == "done"
        assert (await restore(world, path, 200))["id"] == path.rsplit("/", 1)[1], "asked again it answers what is there"

    async def test_it_is_one_thing_in_the_trash_and_what_was_in_it_is_found_there(self, world: World) -> None:
        path = await filled(world)
        calendar = await world.ann.get(path)
        await world.ann.remove(path)
        await world.attend()
        (item,) = await trash(world)
        assert (item["kind"], item["id"], item["event"], item["task"]) == ("calendar", calendar["id"], None, None)
        assert but(item["calendar"], "etag") == but(calendar, "etag")
        inside = await trash(world, deletedWith=calendar["id"])
        assert {each["deletedWith"] for each in inside} == {calendar["id"]}
        assert {(each["deleted"], each["expires"]) for each in inside} == {(item["deleted"], item["expires"])}
        names = sorted((each["event"] or each["task"])["summary"] for each in inside)
        assert names == [*(f"Event {number}" for number in range(MANY)), "Pay the rent", "Series"]
        (task,) = [each for each in inside if each["kind"] == "task"]
        assert len(await trash(world, deletedWith=task["id"])) == 2
        await world.ann.refused(400, "GET", "/v1/trash?deletedWith=nothing")

    async def test_a_page_of_what_was_in_it_follows_the_other(self, world: World) -> None:
        path = await filled(world)
        await world.ann.remove(path)
        await world.attend()
        query: Json = {"deletedWith": path.rsplit("/", 1)[1], "limit": 3}
        seen: list[str] = []
        while True:
            page = await world.ann.get("/v1/trash", **query)
            seen += [each["id"] for each in page["items"]]
            if page["nextCursor"] is None:
                break
            query["cursor"] = page["nextCursor"]
        assert len(seen) == len(set(seen)) == MANY + 2

    async def test_a_single_thing_comes_back_into_the_first_calendar_and_stays_there(self, world: World) -> None:
        path = await filled(world)
        await world.ann.remove(path)
        await world.attend()
        inside = await trash(world, deletedWith=path.rsplit("/", 1)[1])
        event = next(each["id"] for each in inside if each["kind"] == "event")
        task = next(each["id"] for each in inside if each["kind"] == "task")
        for kind, id_ in (("events", event), ("tasks", task)):
            back = (await world.ann.ask("POST", f"/v1/{kind}/{id_}/restore")).json()
            assert back["calendarId"] == await world.primary(world.ann)
        await world.attend()
        tasks = (await world.ann.get("/v1/tasks"))["items"]
        assert len(tasks) == 4, "with its parts, and theirs"
        await restore(world, path)
        await world.attend()
        assert (await world.ann.get(f"/v1/events/{event}"))["calendarId"] == await world.primary(world.ann)
        assert len((await world.ann.get("/v1/events"))["items"]) == MANY + 1

    async def test_its_reminders_that_were_due_meanwhile_are_shown_and_later_ones_ring(self, world: World) -> None:
        path = await filled(world)
        await rung(world, "2026-11-22T02:00:00Z")
        await world.ann.remove(path)
        world.at("2026-11-24T12:00:00Z")
        for item in await find_due(world.services, 100):  # the job comes late, after what was due until then
            if "#o:" in item.key.sort:
                await attend(world.services, item, composer(HOME))
        await world.attend()
        world.at("2026-11-25T12:00:00Z")
        await restore(world, path)
        await world.attend()
        assert world.mailbox.mails == []
        await rung(world, "2026-11-26T12:00:00Z")
        found = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-27"))["items"]
        told = [(each["due"][:10], each["text"], each["status"]) for each in found]
        assert sorted(told) == [
            *(("2026-11-23", f"Event {number}", "suppressed") for number in range(MANY)),
            ("2026-11-23", "Series", "suppressed"),
            ("2026-11-24", "Series", "suppressed"),
            ("2026-11-25", "Series", "suppressed"),
            ("2026-11-26", "Series", "sent"),
        ]
        assert all("trash" in each["error"] for each in found[:-1])


class TestTime:
    async def test_it_is_gone_after_30_days_with_all_its_parts(self, world: World) -> None:
        path = await filled(world)
        await world.ann.remove(path)
        world.clock.time += 3600  # the job comes late
        await world.attend()
        inside = await trash(world, deletedWith=path.rsplit("/", 1)[1])
        world.clock.time += KEPT - 3601
        assert len(await trash(world)) == 1
        world.clock.time += 1
        assert await trash(world) == []
        await world.ann.refused(404, "POST", f"{path}/restore")
        await world.ann.refused(400, "GET", f"/v1/trash?deletedWith={path.rsplit('/', 1)[1]}")
        for each in inside:
            await world.ann.refused(404, "POST", f"/v1/{each['kind']}s/{each['id']}/restore")
        world.clock.time += 86_400
        assert [key for key in await world.content_without_expired() if key[0].startswith("trash#")] == []

    async def test_restored_at_the_last_moment_it_comes_back_whole_although_the_job_takes_long(
        self, world: World, short_pages: None
    ) -> None:
        path = await filled(world)
        before = await content(world)
        await world.ann.remove(path)
        await world.attend()
        world.clock.time += KEPT - 1
        await restore(world, path)
        await one_page(world)
        world.clock.time += 3600
        await world.attend()
        assert await content(world) == before
        assert await trash(world) == []


class TestMeanwhile:
    async def test_restored_before_it_was_cleared_away(self, world: World, short_pages: None) -> None:
        for pages in range(6):
            path = await filled(world)
            before, items = await content(world), everything(world)
            deleting = (await world.ann.ask("DELETE", path)).json()
            for _ in range(pages):
                await one_page(world)
            job = await restore(world, path)
            assert (await restore(world, path))["id"] == job["id"], "asked twice, it is one job"
            await world.attend()
            assert await content(world) == before
            assert everything(world) == items
            assert await trash(world) == []
            for each in (job, deleting):
                assert (await world.ann.get(f"/v1/jobs/{each['id']}"))["state"] == "done"

    async def test_deleted_again_before_it_was_all_back(self, world: World, short_pages: None) -> None:
        for pages in range(4):
            path = await filled(world)
            before, items = await content(world), everything(world)
            await world.ann.remove(path)
            await world.attend()
            world.clock.time += 60
            job = await restore(world, path)
            for _ in range(pages):
                await one_page(world)
            world.clock.time += 60
            await world.ann.remove(path)
            (item,) = await trash(world)
            await world.attend()
            assert [each for each in await content(world) if each.get("calendarId") == path.rsplit("/", 1)[1]] == []
            assert await trash(world) == [item]
            inside = await trash(world, deletedWith=item["id"])
            assert len(inside) == MANY + 2
            assert {each["expires"] for each in inside} == {item["expires"]}, "all counts from the last deletion"
            ended = await world.ann.get(f"/v1/jobs/{job['id']}")
            assert ended["state"] == "failed"
            assert "deleted again" in ended["error"]
            await restore(world, path)
            await world.attend()
            assert await content(world) == before
            assert everything(world) == items
            assert await trash(world) == []

    async def test_what_was_made_under_the_same_uid_meanwhile_stays_and_the_other_stays_in_the_trash(
        self, world: World
    ) -> None:
        path = await filled(world)
        calendar = path.rsplit("/", 1)[1]
        event = await world.ann.event(summary="Old", uid="one@x", calendarId=calendar)
        await world.ann.remove(path)
        await world.attend()
        job = await restore(world, path)
        new = await world.ann.event(summary="New", uid="one@x", calendarId=calendar)
        await world.attend()
        ended = await world.ann.get(f"/v1/jobs/{job['id']}")
        assert ended["state"] == "done"
        assert ended["report"]["left"] == 1
        (told,) = ended["report"]["things"]
        assert (told["kind"], told["id"], told["summary"]) == ("event", event["id"], "Old")
        assert "`uid`" in told["why"]
        (item,) = await trash(world)
        assert (item["id"], item["deletedWith"]) == (event["id"], None)
        await world.ann.refused(409, "POST", f"/v1/events/{event['id']}/restore")
        await world.ann.remove(f"/v1/events/{new['id']}")
        back = await world.ann.ask("POST", f"/v1/events/{event['id']}/restore")
        assert back.json()["calendarId"] == calendar

    async def test_things_can_be_made_in_it_and_it_can_be_renamed_while_it_comes_back(
        self, world: World, short_pages: None
    ) -> None:
        path = await filled(world)
        await world.ann.remove(path)
        await world.attend()
        await restore(world, path)
        await one_page(world)
        await world.ann.event(summary="New", calendarId=path.rsplit("/", 1)[1])
        await world.ann.change(path, name="Renamed")
        await world.attend()
        assert (await world.ann.get(path))["name"] == "Renamed"
        assert len((await world.ann.get("/v1/events"))["items"]) == MANY + 2

    async def test_a_task_comes_back_alone_where_what_it_was_a_part_of_is_gone(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        above = await new_task(world.ann)
        part = await new_task(world.ann, parentId=above["id"], calendarId=work["id"])
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await world.attend()
        await world.ann.remove(f"/v1/tasks/{above['id']}")
        await restore(world, f"/v1/calendars/{work['id']}")
        await world.attend()
        back = await world.ann.get(f"/v1/tasks/{part['id']}")
        assert (back["calendarId"], back["parentId"]) == (work["id"], None)

    async def test_parts_in_other_calendars_go_and_come_with_the_whole(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        whole = await new_task(world.ann, calendarId=work["id"])
        await new_task(world.ann, parentId=whole["id"])
        before = await content(world)
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await world.attend()
        assert (await world.ann.get("/v1/tasks"))["items"] == []
        await restore(world, f"/v1/calendars/{work['id']}")
        await world.attend()
        assert await content(world) == before
