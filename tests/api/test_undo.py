"""Undo: what a write changed is as it was before, and an undo can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.series_scenarios import with_href
from tests.api.task_scenarios import new_task, synced
from tests.api.test_following import FROM_25, rung
from tests.api.test_occurrences import series
from tests.api.test_trash import but, restore
from tests.api.world import Json, World, day, pointers, problem_of, timed

SOON = timed("2026-11-23T09:30:00")
OF_EVENTS = [
    ("PATCH", "", {"start": timed("2026-11-28T09:00:00"), "end": timed("2026-11-28T10:00:00")}),
    ("PATCH", "", {"recurrence": None}),
    ("PATCH", "", {"start": day("2026-11-28"), "end": None}),
    ("PUT", "", {"summary": "Else", "start": day("2026-12-24")}),
    ("DELETE", "", None),
    ("PATCH", "_20261124T090000", {"summary": "Else"}),
    ("DELETE", "_20261124T090000", None),
    ("PATCH", f"/{FROM_25}", {"summary": "Else"}),
    ("DELETE", f"/{FROM_25}", None),
    ("PATCH", "/occurrences/20261123T090000?scope=following", {"summary": "Else"}),
]
OF_TASKS = [
    ("PATCH", {"due": day("2026-12-24"), "summary": "Else"}),
    ("PATCH", {"recurrence": None}),
    ("PATCH", {"parentId": None}),
    ("PATCH", {"status": "COMPLETED"}),
    ("PATCH", {"recurrence": None, "status": "COMPLETED"}),
    ("DELETE", None),
]


async def undo(world: World, token: str) -> tuple[list[Json], str]:
    """What is there again, and the token that undoes the undo."""
    answer = await world.ann.ask("POST", "/v1/undo", {"token": token})
    assert answer.status_code == 200, answer.text
    read: list[Json] = answer.json()["items"]
    return read, answer.headers["undo-token"]


async def overtaken(world: World, *tokens: str) -> None:
    """That these tokens are known, and are too late; nothing changes."""
    before = world.content()
    for token in tokens:
        problem = await world.ann.refused(409, "POST", "/v1/undo", {"token": token})
        assert "can no longer be undone" in problem["detail"]
    assert world.content() == before


def everything(world: World) -> set[tuple[str, str]]:
    """The keys of what is there, but for versions, log, what is kept to undo, and when something was deleted."""
    passing = ("head#", "log#", "undo#", "idem#", "job#", "ledger#")
    there = (key for key in world.content() if not key[0].startswith(passing))
    return {(part, sort[:2] if part.startswith("trash#") and sort.startswith("t#") else sort) for part, sort in there}


async def told(world: World) -> list[Json]:
    """Everything as it is listed, and the trash."""
    passing = ("etag", "updated", "sequence", "deleted", "expires")
    found = [await world.ann.get(path, limit=1000) for path in ("/v1/events", "/v1/tasks", "/v1/trash")]
    items = [each for page in found for each in page["items"]]
    for item in items:
        for kind in ("event", "task"):
            if isinstance(item.get(kind), dict):
                item[kind] = but(item[kind], *passing)
    return sorted((but(item, *passing) for item in items), key=lambda each: each["id"])


async def to_and_fro(world: World, done: Any, before: tuple[list[Json], set[tuple[str, str]]]) -> None:
    """Undo what was done, do it again, and so on: each time all is as it was then."""
    assert done.status_code < 300, done.text
    await world.attend()
    after, token = (await told(world), everything(world)), done.headers["undo-token"]
    for expected in (before, after, before, after, before):
        world.clock.time += 599
        used = token
        _, token = await undo(world, used)
        await world.attend()
        assert await told(world) == expected[0]
        assert everything(world) == expected[1], "every index is as it was"
        await overtaken(world, used)


class TestEvents:
    @pytest.mark.parametrize(("method", "path", "body"), OF_EVENTS)
    async def test_every_write_is_undone_and_done_again(
        self, world: World, method: str, path: str, body: Json | None
    ) -> None:
        own, event = await series(world)
        await with_href(world, event)
        await world.ann.change(f"{own}_20261125T090000", location="Room 4")
        before = await told(world), everything(world)
        await to_and_fro(world, await world.ann.ask(method, own + path, body, if_match="*"), before)

    async def test_what_was_made_is_gone_as_if_it_had_never_been(self, world: World) -> None:
        before = await told(world), everything(world)
        made = await world.ann.ask("POST", "/v1/events", {"summary": "x", "start": day("2026-11-23")})
        assert (await told(world)) != before[0]
        await to_and_fro(world, made, before)
        assert (await world.ann.get("/v1/trash"))["items"] == []
        await world.ann.refused(404, "POST", f"/v1/events/{made.json()['id']}/restore")

    async def test_a_restored_event_goes_back_into_the_trash_for_the_rest_of_its_time(self, world: World) -> None:
        own, event = await series(world)
        await world.ann.remove(own)
        (item,) = (await world.ann.get("/v1/trash"))["items"]
        world.clock.time += 5 * 86_400
        before = await told(world), everything(world)
        await to_and_fro(world, await world.ann.ask("POST", f"/v1/events/{event['id']}/restore"), before)
        (again,) = (await world.ann.get("/v1/trash"))["items"]
        assert (again["deleted"], again["expires"]) == (item["deleted"], item["expires"])

    async def test_the_answer_says_what_is_there_again(self, world: World) -> None:
        own, event = await series(world)
        changed = await world.ann.ask("PATCH", own, {"summary": "Else"})
        (item,), _ = await undo(world, changed.headers["undo-token"])
        assert item == {"kind": "event", **await world.ann.get(own)}
        assert but(item, "kind", "etag", "updated", "sequence") == but(event, "etag", "updated", "sequence")
        made = await world.ann.ask("POST", "/v1/events", {"summary": "x", "start": day("2026-11-23")})
        assert (await undo(world, made.headers["undo-token"]))[0] == []

    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
    async def test_ten_minutes_later_it_is_too_late(self, world: World, method: str) -> None:
        own, _ = await series(world)
        done = await world.ann.ask(method, "/v1/events" if method == "POST" else own, {"summary": "x", "start": SOON})
        world.clock.time += 600
        await overtaken(world, done.headers["undo-token"])

    async def test_an_undo_too_can_be_undone_for_ten_minutes_only(self, world: World) -> None:
        own, _ = await series(world)
        divided = await world.ann.ask("PATCH", f"{own}/{FROM_25}", {"summary": "Else"})
        _, again = await undo(world, divided.headers["undo-token"])
        world.clock.time += 600
        await overtaken(world, again)

    async def test_what_was_changed_since_is_left_alone(self, world: World) -> None:
        own, event = await series(world)
        made = await world.ann.ask("POST", "/v1/events", {"summary": "x", "start": day("2026-11-23")})
        first = await world.ann.ask("PATCH", own, {"summary": "First"})
        divided = await world.ann.ask("PATCH", f"{own}/{FROM_25}", {"summary": "Else"})
        await world.ann.change(f"/v1/events/{divided.json()['newSeries']['id']}", summary="Later")
        await world.ann.change(f"/v1/events/{made.json()['id']}", summary="y")
        gone = await world.ann.ask("DELETE", own)
        await restore(world, event["id"])
        await overtaken(world, *(done.headers["undo-token"] for done in (made, first, divided, gone)))

    async def test_of_a_divided_series_whose_half_was_deleted(self, world: World) -> None:
        own, _ = await series(world)
        divided = await world.ann.ask("PATCH", f"{own}/{FROM_25}", {"summary": "Else"})
        await world.ann.remove(f"/v1/events/{divided.json()['newSeries']['id']}")
        await overtaken(world, divided.headers["undo-token"])

    async def test_of_something_whose_calendar_was_deleted_since(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        own, _ = await series(world, calendarId=work["id"])
        changed = await world.ann.ask("PATCH", own, {"summary": "x"})
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await overtaken(world, changed.headers["undo-token"])
        await world.attend()
        await overtaken(world, changed.headers["undo-token"])

    async def test_undone_in_a_calendar_that_is_gone_comes_into_the_first(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        own, _ = await series(world, calendarId=work["id"])
        moved = await world.ann.ask("PATCH", own, {"calendarId": await world.primary(world.ann), "summary": "x"})
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        ((undone,), _) = await undo(world, moved.headers["undo-token"])
        assert (undone["summary"], undone["calendarId"]) == ("Something", await world.primary(world.ann))

    async def test_a_reminder_that_an_edit_had_taken_away_rings_after_all(self, world: World) -> None:
        event = await world.ann.event()
        path = f"/v1/events/{event['id']}"
        world.at("2026-11-23T01:49:00Z")
        moved = await world.ann.ask(
            "PATCH", path, {"start": timed("2026-11-24T09:00:00"), "end": timed("2026-11-24T10:00:00")}
        )
        await rung(world, "2026-11-23T01:52:00Z")
        await undo(world, moved.headers["undo-token"])
        assert await rung(world, "2026-11-23T01:53:00Z") == ["Something 2026-11-23T01:50:00Z"]
        gone = await world.ann.ask("DELETE", path)
        await undo(world, gone.headers["undo-token"])
        await rung(world, "2026-11-23T02:03:00Z")
        assert len(world.mailbox.mails) == 1, "and what has rung does not ring again"

    async def test_a_deletion_undone_rings_what_was_due_meanwhile(self, world: World) -> None:
        event = await world.ann.event()
        world.at("2026-11-23T01:49:00Z")
        gone = await world.ann.ask("DELETE", f"/v1/events/{event['id']}")
        await rung(world, "2026-11-23T01:52:00Z")
        await undo(world, gone.headers["undo-token"])
        assert await rung(world, "2026-11-23T01:53:00Z") == ["Something 2026-11-23T01:50:00Z"]

    async def test_what_rang_between_restore_and_its_undo_stays_sent(self, world: World) -> None:
        path, event = await series(world, recurrence=["RRULE:FREQ=DAILY"])
        await world.ann.remove(path)
        world.at("2026-11-23T01:49:00Z")
        back = await world.ann.ask("POST", f"/v1/events/{event['id']}/restore")
        await rung(world, "2026-11-23T01:51:00Z")
        await undo(world, back.headers["undo-token"])
        world.at("2026-11-24T12:00:00Z")
        await restore(world, event["id"])
        found = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-25"))["items"]
        assert [each["status"] for each in found] == ["sent", "suppressed"]


class TestTasks:
    async def started(self, world: World) -> tuple[str, Json]:
        above = await new_task(world.ann)
        task = await new_task(
            world.ann, due=day("2026-12-01"), recurrence=["RRULE:FREQ=MONTHLY;COUNT=3"], parentId=above["id"]
        )
        await synced(world, task)
        return f"/v1/tasks/{task['id']}", task

    @pytest.mark.parametrize(("method", "body"), OF_TASKS)
    async def test_every_write_is_undone_and_done_again(self, world: World, method: str, body: Json | None) -> None:
        path, _ = await self.started(world)
        before = await told(world), everything(world)
        await to_and_fro(world, await world.ann.ask(method, path, body), before)

    async def test_a_creation(self, world: World) -> None:
        above = await new_task(world.ann)
        before = await told(world), everything(world)
        made = await world.ann.ask("POST", "/v1/tasks", {"summary": "x", "parentId": above["id"]})
        await to_and_fro(world, made, before)

    async def test_a_restored_one(self, world: World) -> None:
        path, _ = await self.started(world)
        await world.ann.remove(path)
        before = await told(world), everything(world)
        await to_and_fro(world, await world.ann.ask("POST", f"{path}/restore"), before)

    async def test_a_deletion_with_all_its_parts(self, world: World) -> None:
        path, task = await self.started(world)
        part = await new_task(world.ann, parentId=task["id"])
        for number in range(3):
            await new_task(world.ann, parentId=part["id"], summary=str(number))
        before = await told(world), everything(world)
        await to_and_fro(world, await world.ann.ask("DELETE", path), before)

    async def test_one_time_done_leaves_nothing_behind_when_it_is_undone(self, world: World) -> None:
        path, task = await self.started(world)
        done = await world.ann.ask("PATCH", path, {"completed": "2026-11-20T01:00:00Z"})
        assert len((await world.ann.get("/v1/tasks", completed=True))["items"]) == 1
        ((item,), _) = await undo(world, done.headers["undo-token"])
        assert item["kind"] == "task"
        assert (item["due"], item["recurrence"]) == (task["due"], task["recurrence"])
        assert (await world.ann.get("/v1/tasks", completed=True))["items"] == []

    async def test_a_creation_that_has_parts_by_now_is_left_alone(self, world: World) -> None:
        made = await world.ann.ask("POST", "/v1/tasks", {"summary": "x"})
        await new_task(world.ann, parentId=made.json()["id"])
        await overtaken(world, made.headers["undo-token"])

    async def test_reminders_of_parts_ring_late_too_when_a_deletion_is_undone(self, world: World) -> None:
        path, task = await self.started(world)
        await new_task(world.ann, summary="Part", due=timed("2026-11-23T09:00:00"), parentId=task["id"])
        world.at("2026-11-23T01:49:00Z")
        gone = await world.ann.ask("DELETE", path)
        await rung(world, "2026-11-23T01:52:00Z")
        await undo(world, gone.headers["undo-token"])
        assert await rung(world, "2026-11-23T01:53:00Z") == ["Part 2026-11-23T01:50:00Z"]

    async def test_a_token_without_the_scope_of_tasks_undoes_events_only(self, world: World) -> None:
        task = await world.ann.ask("POST", "/v1/tasks", {"summary": "x"})
        event = await world.ann.ask("POST", "/v1/events", {"summary": "x", "start": SOON})
        narrow = world.client(await world.token(world.ann.id, ("events:write",)))
        refused = await narrow.post("/v1/undo", json={"token": task.headers["undo-token"]})
        assert "tasks:write" in problem_of(refused, 403)["detail"]
        assert (await narrow.post("/v1/undo", json={"token": event.headers["undo-token"]})).status_code == 200


class TestTokens:
    @pytest.mark.parametrize("token", ["rubbish", ".", "a.b.c", "A" * 22 + "." + "B" * 22, "a\x00.b", "é.é", "x" * 300])
    async def test_one_of_nothing_that_is_there_is_not_found(self, world: World, token: str) -> None:
        before = world.content()
        await world.ann.refused(404, "POST", "/v1/undo", {"token": token})
        assert world.content() == before

    async def test_anothers_token_is_one_that_is_not_known(self, world: World) -> None:
        own, _ = await series(world)
        done = await world.ann.ask("PATCH", own, {"summary": "x"})
        tokens = (done.headers["undo-token"], "A" * 22 + "." + "B" * 22)
        answers = [await world.bob.ask("POST", "/v1/undo", {"token": token}) for token in tokens]
        assert {each.status_code for each in answers} == {404}
        assert len({each.json()["detail"] for each in answers}) == 1
        assert pointers(await world.bob.refused(422, "POST", "/v1/undo", {"token": ""})) == ["/token"]

    async def test_one_that_was_never_told_of_something_of_ones_own_undoes_nothing(self, world: World) -> None:
        own, event = await series(world)
        changed = await world.ann.change(own, summary="x")
        await overtaken(world, f"{event['id']}.{'B' * 22}", f"{event['id']}.{event['etag']}")
        assert (await world.ann.get(own)) == changed
