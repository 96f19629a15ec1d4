"""The trash: what was deleted comes back as it was."""

from __future__ import annotations

from typing import Any

from tests.api.series_scenarios import with_href
from tests.api.test_following import FOREVER, rung
from tests.api.test_occurrences import changes, series, shown
from tests.api.world import Json, World

KEPT = 30 * 86_400


async def restore(world: World, event_id: str) -> Json:
    answer = await world.ann.ask("POST", f"/v1/events/{event_id}/restore")
    assert answer.status_code == 200, answer.text
    read: Json = answer.json()
    return read


def but(event: Json, *names: str) -> Json:
    return {name: value for name, value in event.items() if name not in names}


class TestTrash:
    async def test_a_deleted_event_is_in_the_trash_for_30_days(self, world: World) -> None:
        event = await world.ann.event(location="Room 4")
        await world.ann.remove(f"/v1/events/{event['id']}")
        (item,) = (await world.ann.get("/v1/trash"))["items"]
        assert (item["id"], item["deleted"], item["expires"]) == (
            event["id"],
            "2026-11-20T02:00:00Z",
            "2026-12-20T02:00:00Z",
        )
        assert but(item["event"], "etag") == but(event, "etag")
        assert (await world.bob.get("/v1/trash"))["items"] == []
        world.clock.time += KEPT - 1
        assert len((await world.ann.get("/v1/trash"))["items"]) == 1
        world.clock.time += 1
        assert (await world.ann.get("/v1/trash"))["items"] == []
        await world.ann.refused(404, "POST", f"/v1/events/{event['id']}/restore")

    async def test_the_newest_first_page_by_page(self, world: World) -> None:
        names = []
        for number in range(5):
            event = await world.ann.event(summary=str(number))
            await world.ann.remove(f"/v1/events/{event['id']}")
            world.clock.time += 1
            names.insert(0, str(number))
        got: list[str] = []
        query: dict[str, Any] = {"limit": 2}
        while True:
            page = await world.ann.get("/v1/trash", **query)
            got += [each["event"]["summary"] for each in page["items"]]
            if page["nextCursor"] is None:
                break
            query["cursor"] = page["nextCursor"]
        assert got == names
        await world.ann.refused(400, "GET", "/v1/trash?cursor=rubbish")

    async def test_restored_it_is_as_it_was_with_its_address_and_its_changes(self, world: World) -> None:
        path, event = await series(world)
        await with_href(world, event)
        await world.ann.change(f"{path}_20261124T090000", location="Room 4")
        before, addresses = await world.ann.get(path), [key for key in world.content() if key[0].startswith("href#")]
        listed = await shown(world)
        await world.ann.remove(path)
        assert await shown(world) == []
        assert not [key for key in world.content() if key[0].startswith("href#")]
        world.clock.time += 60
        restored = await restore(world, event["id"])
        assert but(restored, "etag", "updated") == but(before, "etag", "updated")
        assert await shown(world) == listed
        assert (await world.ann.get(f"{path}_20261124T090000"))["location"] == "Room 4"
        assert [key for key in world.content() if key[0].startswith("href#")] == addresses
        assert (await world.ann.get("/v1/trash"))["items"] == []
        assert (await world.ann.get(path)) == await restore(world, event["id"]), "asked twice it answers the same"

    async def test_where_its_calendar_is_gone_it_comes_into_the_first(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        path, event = await series(world, calendarId=work["id"])
        await world.ann.change(f"{path}_20261124T090000", location="Room 4")
        await world.ann.remove(path)
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await world.attend()
        assert (await restore(world, event["id"]))["calendarId"] == await world.primary(world.ann)
        assert (await world.ann.get(f"{path}_20261124T090000"))["calendarId"] == await world.primary(world.ann)

    async def test_a_uid_that_was_taken_meanwhile_is_a_conflict(self, world: World) -> None:
        event = await world.ann.event(uid="one@x")
        await world.ann.remove(f"/v1/events/{event['id']}")
        await world.ann.event(uid="one@x")
        before = world.content()
        problem = await world.ann.refused(409, "POST", f"/v1/events/{event['id']}/restore")
        assert "`uid`" in problem["detail"]
        assert world.content() == before

    async def test_reminders_that_were_due_meanwhile_are_shown_and_not_sent(self, world: World) -> None:
        path, event = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-23T02:00:00Z")
        await world.ann.remove(path)
        assert await rung(world, "2026-11-25T12:00:00Z") == ["Something 2026-11-23T01:50:00Z"]
        await restore(world, event["id"])
        await rung(world, "2026-11-26T12:00:00Z")
        found = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-27"))["items"]
        assert [(each["due"][:10], each["status"]) for each in found] == [
            ("2026-11-23", "sent"), ("2026-11-24", "suppressed"), ("2026-11-25", "suppressed"), ("2026-11-26", "sent"),
        ]  # fmt: skip
        assert "trash" in found[1]["error"]

    async def test_overdue_when_it_was_deleted_is_shown_too(self, world: World) -> None:
        event = await world.ann.event()
        world.at("2026-11-23T01:51:00Z")  # the loop is late
        await world.ann.remove(f"/v1/events/{event['id']}")
        await restore(world, event["id"])
        await rung(world, "2026-11-23T03:00:00Z")
        found = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-24"))["items"]
        assert [each["status"] for each in found] == ["suppressed"]


class TestMove:
    async def test_a_series_moves_to_another_calendar_with_all_that_was_changed(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        path, event = await series(world)
        await world.ann.change(f"{path}_20261124T090000", location="Room 4")
        await world.ann.change(path, calendarId=work["id"])
        assert len(await shown(world, calendarId=work["id"])) == 5
        assert (await world.ann.get(f"{path}_20261124T090000"))["calendarId"] == work["id"]
        (changed,) = await changes(world)
        assert (changed.calendar_id, changed.left) == (work["id"], event["calendarId"])

    async def test_not_where_its_uid_is_already(self, world: World) -> None:
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        event = await world.ann.event(uid="one@x")
        await world.ann.event(uid="one@x", calendarId=work["id"])
        before = world.content()
        problem = await world.ann.refused(409, "PATCH", f"/v1/events/{event['id']}", {"calendarId": work["id"]})
        assert "`uid`" in problem["detail"]
        assert world.content() == before

    async def test_a_copy_is_a_post_of_what_was_read(self, world: World) -> None:
        event = await world.ann.event(location="Room 4")
        copied = {name: event[name] for name in ("summary", "start", "end", "location", "reminders", "attendees")}
        copy = await world.ann.event(**copied)
        assert copy["uid"] != event["uid"]
        assert copy["location"] == "Room 4"
