"""Restoring is held to limits and to the manners of the API: If-Match, retries, scopes, what is not there."""

from __future__ import annotations

import pytest

from tests.api.task_scenarios import new_task
from tests.api.test_calendar_trash import MANY, content, filled, restore, trash
from tests.api.world import World, timed


class TestLimits:
    async def test_one_calendar_too_many_is_refused_and_changes_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("calendars", "calendar_trash"):
            monkeypatch.setattr(f"aurora_time.operations.{module}.MAX_CALENDARS", 3)
        path = await filled(world)
        await world.ann.remove(path)
        await world.attend()
        others = [await world.ann.make("/v1/calendars", {"name": name}) for name in "ab"]
        before = world.content()
        problem = await world.ann.refused(413, "POST", f"{path}/restore")
        assert "3 calendars" in problem["detail"]
        assert world.content() == before
        await world.ann.remove(f"/v1/calendars/{others[0]['id']}")
        await restore(world, path)
        await world.ann.refused(413, "POST", "/v1/calendars", {"name": "c"})
        await world.ann.remove(path)
        await restore(world, path)
        await world.ann.refused(413, "POST", "/v1/calendars", {"name": "c"})
        await world.attend()
        await world.ann.get(path)

    async def test_where_the_account_is_full_what_has_room_comes_back_and_the_rest_later(
        self, world: World, monkeypatch: pytest.MonkeyPatch, short_pages: None
    ) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        path = f"/v1/calendars/{work['id']}"
        for number in range(MANY):
            await world.ann.event(summary=f"Event {number}", calendarId=work["id"])
        before = await content(world)
        await world.ann.remove(path)
        await world.attend()
        monkeypatch.setattr("aurora_time.operations.writing.MAX_EVENTS", 3)
        job = await restore(world, path)
        await world.attend()
        ended = await world.ann.get(f"/v1/jobs/{job['id']}")
        assert ended["state"] == "failed"
        assert "at most 3" in ended["error"]
        (item,) = await trash(world)
        assert (item["kind"], item["job"]) == ("calendar", job["id"])
        assert len((await world.ann.get("/v1/events"))["items"]) == 3
        monkeypatch.undo()
        assert (await restore(world, path))["id"] != job["id"]
        await world.attend()
        assert await content(world) == before
        assert await trash(world) == []

    async def test_where_the_account_is_full_parts_of_a_task_stay_in_the_trash_by_themselves(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = await new_task(world.ann)
        part = await new_task(world.ann, parentId=whole["id"])
        await world.ann.remove(f"/v1/tasks/{whole['id']}")
        await world.attend()
        monkeypatch.setattr("aurora_time.operations.writing.MAX_EVENTS", 1)
        await restore(world, f"/v1/tasks/{whole['id']}", 200)
        await world.attend()
        assert [(each["id"], each["deletedWith"]) for each in await trash(world)] == [(part["id"], None)]
        monkeypatch.undo()
        back = await restore(world, f"/v1/tasks/{part['id']}", 200)
        assert back["parentId"] == whole["id"]


class TestManners:
    async def test_a_uid_that_is_taken_and_an_account_that_is_full_are_told(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for kind, body in (
            ("tasks", {"summary": "x"}),
            ("events", {"summary": "x", "start": timed("2026-11-23T09:00:00")}),
        ):
            made = await world.ann.make(f"/v1/{kind}", {**body, "uid": "one@x"})
            gone = await world.ann.ask("DELETE", f"/v1/{kind}/{made['id']}")
            other = await world.ann.make(f"/v1/{kind}", {**body, "uid": "one@x"})
            ways = [
                ("POST", f"/v1/{kind}/{made['id']}/restore", None),
                ("POST", "/v1/undo", {"token": gone.headers["undo-token"]}),
            ]
            before = world.content()
            for way in ways:
                assert "`uid`" in (await world.ann.refused(409, *way))["detail"]
            assert world.content() == before
            await world.ann.change(f"/v1/{kind}/{other['id']}", uid="another@x")
            before = world.content()
            with monkeypatch.context() as patched:
                patched.setattr("aurora_time.operations.writing.MAX_EVENTS", 1)
                for way in ways:
                    await world.ann.refused(413, *way)
            assert world.content() == before
            await world.ann.remove(f"/v1/{kind}/{other['id']}")

    async def test_if_match_is_held_against_what_is_in_the_trash_and_what_is_there(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        event, task = await world.ann.event(), await new_task(world.ann)
        series = await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])
        await world.ann.remove(f"/v1/events/{series['id']}_20261124T090000")
        paths = [f"/v1/calendars/{work['id']}", f"/v1/events/{event['id']}", f"/v1/tasks/{task['id']}"]
        for path in paths:
            await world.ann.remove(path)
        await world.attend()
        tags = {each["id"]: each[each["kind"]]["etag"] for each in await trash(world)}
        once = f"/v1/events/{series['id']}_20261124T090000"
        tags[once.rsplit("/", 1)[1]] = (await world.ann.get(f"/v1/events/{series['id']}"))["etag"]
        for path in (*paths, once):
            before = world.content()
            await world.ann.refused(412, "POST", f"{path}/restore", if_match='"another"')
            assert world.content() == before
            good = await world.ann.ask("POST", f"{path}/restore", if_match=f'"{tags[path.rsplit("/", 1)[1]]}"')
            assert good.status_code in (200, 202), good.text
            await world.attend()
            await world.ann.refused(412, "POST", f"{path}/restore", if_match='"another"')
            assert (await world.ann.ask("POST", f"{path}/restore", if_match="*")).status_code == 200

    async def test_a_retry_with_the_same_key_is_answered_as_at_first(self, world: World) -> None:
        path = await filled(world)
        await world.ann.remove(path)
        await world.attend()
        first = await world.ann.ask("POST", f"{path}/restore", idempotency_key="k")
        await world.attend()
        before = world.content()
        again = await world.ann.ask("POST", f"{path}/restore", idempotency_key="k")
        assert (again.status_code, again.json()) == (202, first.json())
        assert again.headers["idempotency-replayed"] == "true"
        assert world.content() == before

    async def test_the_trash_shows_what_the_token_may_read(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await world.ann.remove(f"/v1/events/{(await world.ann.event())['id']}")
        await world.ann.remove(f"/v1/tasks/{(await new_task(world.ann))['id']}")
        for scopes, kinds in (
            (("events:read",), {"event"}),
            (("events:read", "tasks:read"), {"event", "task"}),
            (("events:read", "calendars:read"), {"event", "calendar"}),
        ):
            narrow = world.client(await world.token(world.ann.id, scopes))
            assert {each["kind"] for each in (await narrow.get("/v1/trash")).json()["items"]} == kinds
        assert await world.bob.get("/v1/trash") == {"items": [], "nextCursor": None}

    async def test_what_is_of_another_kind_or_anothers_is_not_found(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        event, task = await world.ann.event(), await new_task(world.ann)
        named = {"calendars": work["id"], "events": event["id"], "tasks": task["id"]}
        for kind, id_ in named.items():
            await world.ann.remove(f"/v1/{kind}/{id_}")
        await world.attend()
        before = world.content()
        for kind in named:
            for of, id_ in named.items():
                await world.bob.refused(404, "POST", f"/v1/{kind}/{id_}/restore")
                if of != kind:
                    await world.ann.refused(404, "POST", f"/v1/{kind}/{id_}/restore")
        assert world.content() == before
