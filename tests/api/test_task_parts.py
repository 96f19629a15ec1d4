"""Tasks that are parts of tasks, and what becomes of them."""

from __future__ import annotations

import asyncio
from typing import Any

from aurora_time.operations.task_parts import MAX_LEVELS
from tests.api.task_scenarios import new_task, synced
from tests.api.world import Json, World, day, pointers


async def chain(world: World, length: int) -> list[Json]:
    tasks = [await new_task(world.ann, summary="0")]
    for number in range(1, length):
        tasks.append(await new_task(world.ann, summary=str(number), parentId=tasks[-1]["id"]))
    return tasks


async def test_a_task_is_no_part_of_itself_nor_of_its_parts(world: World) -> None:
    tasks = await chain(world, 3)
    before = world.content()
    for below in tasks:
        problem = await world.ann.refused(422, "PATCH", f"/v1/tasks/{tasks[0]['id']}", {"parentId": below["id"]})
        assert pointers(problem) == ["/parentId"]
    assert world.content() == before
    moved = await world.ann.change(f"/v1/tasks/{tasks[2]['id']}", parentId=tasks[0]["id"])
    assert moved["parentId"] == tasks[0]["id"]
    assert (await world.ann.change(f"/v1/tasks/{tasks[2]['id']}", parentId=None))["parentId"] is None


async def test_two_that_would_be_parts_of_each_other_at_once_are_not(world: World) -> None:
    one, two = await new_task(world.ann), await new_task(world.ann)
    answers = await asyncio.gather(
        world.ann.ask("PATCH", f"/v1/tasks/{one['id']}", {"parentId": two["id"]}),
        world.ann.ask("PATCH", f"/v1/tasks/{two['id']}", {"parentId": one["id"]}),
    )
    assert sorted(each.status_code for each in answers) == [200, 422]


async def test_parts_go_only_so_deep(world: World) -> None:
    tasks = await chain(world, MAX_LEVELS + 1)
    problem = await world.ann.refused(422, "POST", "/v1/tasks", {"summary": "x", "parentId": tasks[-1]["id"]})
    assert str(MAX_LEVELS) in problem["detail"]


async def test_another_ones_task_is_no_parent(world: World) -> None:
    anothers = await new_task(world.ann)
    problem = await world.bob.refused(422, "POST", "/v1/tasks", {"summary": "x", "parentId": anothers["id"]})
    nobodys = await world.bob.refused(422, "POST", "/v1/tasks", {"summary": "x", "parentId": "A" * 22})
    assert {**problem, "instance": ""} == {**nobodys, "instance": ""}
    assert (await world.bob.get("/v1/tasks", parentId=anothers["id"]))["items"] == []


async def test_parts_are_deleted_with_the_whole_and_leave_nothing_but_trash(world: World) -> None:
    passing = ("head", "log", "trash")
    empty = {key for key in world.content() if key[0].split("#")[0] not in passing}
    tasks = await chain(world, 4)
    for _ in range(3):
        await new_task(world.ann, parentId=tasks[1]["id"], due=day("2026-12-01"))
    await synced(world, tasks[0])
    await world.ann.remove(f"/v1/tasks/{tasks[0]['id']}")
    await world.attend()
    assert (await world.ann.get("/v1/tasks"))["items"] == []
    assert {key for key in world.content() if key[0].split("#")[0] not in passing} == empty


async def test_parts_in_another_calendar_go_with_the_calendar_of_the_whole(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    whole = await new_task(world.ann, calendarId=work["id"])
    part = await new_task(world.ann, parentId=whole["id"])
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    assert pointers(await world.ann.refused(422, "POST", "/v1/tasks", {"summary": "x", "parentId": whole["id"]})) == [
        "/parentId"
    ]
    await world.attend()
    await world.ann.refused(404, "GET", f"/v1/tasks/{part['id']}")


async def test_a_part_that_is_made_while_the_whole_is_deleted_is_refused_or_goes_too(world: World) -> None:
    for _ in range(5):
        whole = await new_task(world.ann)
        await asyncio.gather(
            world.ann.ask("DELETE", f"/v1/tasks/{whole['id']}"),
            world.ann.ask("POST", "/v1/tasks", {"summary": "part", "parentId": whole["id"]}),
        )
        await world.attend()
        assert (await world.ann.get("/v1/tasks"))["items"] == []


async def test_a_part_made_late_under_what_is_being_deleted_goes_too(world: World) -> None:
    tasks = await chain(world, 3)
    await world.ann.remove(f"/v1/tasks/{tasks[0]['id']}")
    await new_task(world.ann, parentId=tasks[2]["id"])
    await world.attend()
    assert (await world.ann.get("/v1/tasks"))["items"] == []


async def test_a_part_that_came_between_looking_and_deleting_goes_too(world: World, monkeypatch) -> None:
    whole = await new_task(world.ann)
    commit = world.services.writers.commit

    async def late(*arguments: Any) -> None:
        monkeypatch.setattr(world.services.writers, "commit", commit)
        await new_task(world.ann, parentId=whole["id"])
        await commit(*arguments)

    monkeypatch.setattr(world.services.writers, "commit", late)
    await world.ann.remove(f"/v1/tasks/{whole['id']}")
    await world.attend()
    assert (await world.ann.get("/v1/tasks"))["items"] == []
