"""Tasks: made, listed, finished, opened again, in parts."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_time.ports import ConflictError
from aurora_time.store import keys
from tests.api.task_scenarios import MONTHLY, new_task
from tests.api.world import Json, Somebody, World, day, pointers, timed

NOW = "2026-11-20T02:00:00Z"


async def summaries(who: Somebody, **query: Any) -> list[str]:
    return [each["summary"] for each in (await who.get("/v1/tasks", **query))["items"]]


async def test_a_summary_is_enough(world: World) -> None:
    task = await new_task(world.ann)
    assert task == {
        "id": task["id"], "calendarId": await world.primary(world.ann), "uid": f"{task['id']}@aurora-time",
        "summary": "Pay the rent", "description": "", "location": "", "url": None, "due": None, "start": None,
        "completed": None, "status": "NEEDS-ACTION", "percent": 0, "priority": 0, "recurrence": [],
        "reminders": {"useDefault": True, "overrides": []}, "categories": [], "parentId": None, "seriesId": None,
        "recurrenceId": None, "sequence": 0, "created": NOW, "updated": NOW, "etag": task["etag"],
    }  # fmt: skip
    assert await world.ann.get(f"/v1/tasks/{task['id']}") == task


async def test_everything_that_can_be_set_comes_back(world: World) -> None:
    work, above = await world.ann.make("/v1/calendars", {"name": "Work"}), await new_task(world.ann)
    fields: Json = {
        "summary": "Nộp báo cáo", "description": "Line 1\nLine 2", "location": "Room 4", "url": "https://example.org/a",
        "due": timed("2026-12-01T17:00:00"), "start": timed("2026-11-30T09:00:00"), "status": "IN-PROCESS",
        "percent": 30, "priority": 1, "recurrence": MONTHLY, "categories": ["work"], "uid": "a@b",
        "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 5}]},
        "calendarId": work["id"], "parentId": above["id"],
    }  # fmt: skip
    task = await new_task(world.ann, **fields)
    assert {name: task[name] for name in fields} == fields


async def test_a_time_is_on_the_persons_clock_and_a_start_on_that_of_the_due_time(world: World) -> None:
    task = await new_task(world.ann, due=timed("2026-12-01T17:00:00", None))
    assert task["due"] == timed("2026-12-01T17:00:00")
    there = timed("2026-12-01T17:00:00", "Europe/Berlin")
    task = await new_task(world.ann, due=there, start=timed("2026-12-01T09:00:00", None))
    assert task["start"] == timed("2026-12-01T09:00:00", "Europe/Berlin")


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"due": {"date": "2026-13-01"}}, "/due/date"),
        ({"due": {"dateTime": "2026-12-01T17:00:00", "timeZone": "Mars/Here"}}, "/due/timeZone"),
        ({"start": day("2026-12-02")}, "/start"),
        ({"start": timed("2026-11-30T09:00:00")}, "/start"),
        ({"recurrence": ["RRULE:FREQ=SOMETIMES"]}, "/recurrence/0"),
        ({"due": None, "recurrence": MONTHLY}, "/recurrence"),
        ({"priority": 10}, "/priority"),
        ({"percent": 101}, "/percent"),
        ({"status": "DONE"}, "/status"),
        ({"completed": "yesterday"}, "/completed"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"parentId": "A" * 22}, "/parentId"),
        ({"calendarId": "A" * 22}, "/calendarId"),
        ({"reminders": {"useDefault": False, "overrides": [{"minutesBefore": 5}]}}, "/reminders/overrides/0"),
        ({"organizer": None}, "/organizer"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World, patch: Json, pointer: str) -> None:
    task = await new_task(world.ann, due=day("2026-12-01"))
    before = world.content()
    problem = await world.ann.refused(422, "PATCH", f"/v1/tasks/{task['id']}", patch)
    assert pointers(problem) == [pointer]
    body = {"summary": "x", "due": day("2026-12-01")} | patch
    assert pointers(await world.ann.refused(422, "POST", "/v1/tasks", body)) == [pointer]
    assert world.content() == before


async def test_an_event_is_no_task_and_a_task_no_event(world: World) -> None:
    event, task = await world.ann.event(), await new_task(world.ann, due=timed("2026-11-23T09:00:00"))
    for method, body in (("GET", None), ("PATCH", {"summary": "x"}), ("DELETE", None)):
        await world.ann.refused(404, method, f"/v1/tasks/{event['id']}", body)
        await world.ann.refused(404, method, f"/v1/events/{task['id']}", body)
    await world.ann.refused(404, "GET", f"/v1/events/{task['id']}/occurrences/20261123T090000")
    assert [each["id"] for each in (await world.ann.get("/v1/events"))["items"]] == [event["id"]]
    listed = await world.ann.get("/v1/events", from_="2026-11-01", to="2026-12-31")
    assert [each["id"] for each in listed["items"]] == [event["id"]]
    assert await summaries(world.ann) == ["Pay the rent"]
    assert pointers(await world.ann.refused(422, "POST", "/v1/tasks", {"summary": "x", "parentId": event["id"]})) == [
        "/parentId"
    ]


async def test_the_same_uid_twice_in_a_calendar_is_a_clash(world: World) -> None:
    await world.ann.event(uid="one@example.org")
    before = world.content()
    problem = await world.ann.refused(409, "POST", "/v1/tasks", {"summary": "x", "uid": "one@example.org"})
    assert "`uid`" in problem["detail"]
    assert world.content() == before


async def test_too_large_a_task_is_refused(world: World) -> None:
    body = {
        "summary": "x",
        "recurrence": ["RDATE:" + "20261201T000000," * 24_000 + "20261201"],
        "due": day("2026-12-01"),
    }
    await world.ann.refused(413, "POST", "/v1/tasks", body)


async def test_if_match_is_honoured(world: World) -> None:
    task = await new_task(world.ann)
    path = f"/v1/tasks/{task['id']}"
    changed = await world.ann.ask("PATCH", path, {"summary": "New"}, if_match=f'"{task["etag"]}"')
    assert changed.headers["etag"] == f'"{changed.json()["etag"]}"' != f'"{task["etag"]}"'
    before = world.content()
    await world.ann.refused(412, "PATCH", path, {"summary": "Old"}, if_match=f'"{task["etag"]}"')
    await world.ann.refused(412, "DELETE", path, if_match=f'"{task["etag"]}"')
    assert world.content() == before
    kept = await world.ann.ask("GET", path, if_none_match=changed.headers["etag"])
    assert kept.status_code == 304
    assert (await world.ann.ask("DELETE", path, if_match=changed.headers["etag"])).status_code == 204
    await world.ann.refused(404, "GET", path)


async def test_read_only_fields_may_be_sent_back_unchanged(world: World) -> None:
    task = await new_task(world.ann)
    same = await world.ann.change(f"/v1/tasks/{task['id']}", **task)
    assert {**same, "etag": ""} == {**task, "etag": ""}
    problem = await world.ann.refused(422, "PATCH", f"/v1/tasks/{task['id']}", {"sequence": 3})
    assert pointers(problem) == ["/sequence"]


async def test_open_tasks_come_by_due_time_then_those_never_due_then_the_done(world: World) -> None:
    for summary, due in (("late", "2026-12-24"), ("soon", "2026-11-21"), ("between", "2026-12-01")):
        await new_task(world.ann, summary=summary, due=day(due))
    await new_task(world.ann, summary="never")
    await new_task(world.ann, summary="done", due=day("2026-11-20"), status="COMPLETED")
    assert await summaries(world.ann) == ["soon", "between", "late", "never", "done"]
    assert await summaries(world.ann, completed="false") == ["soon", "between", "late", "never"]
    assert await summaries(world.ann, completed="true") == ["done"]
    window = {"from_": "2026-11-20", "to": "2026-12-24"}
    assert await summaries(world.ann, **window) == ["soon", "between", "done"]
    assert await summaries(world.ann, **window, completed="false") == ["soon", "between"]


async def test_the_window_is_of_instants_whatever_the_clock(world: World) -> None:
    await new_task(world.ann, summary="west", due=timed("2026-11-22T23:00:00", "Pacific/Honolulu"))
    await new_task(world.ann, summary="east", due=timed("2026-11-24T13:00:00", "Pacific/Kiritimati"))
    window = {"from_": "2026-11-23T09:00:00Z", "to": "2026-11-23T09:00:01Z"}
    assert await summaries(world.ann, **window) == ["west"]
    assert await summaries(world.ann, from_="2026-11-23T23:00:00Z", to="2026-11-23T23:00:01Z") == ["east"]


async def test_filters_by_calendar_and_parent(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    trip = await new_task(world.ann, summary="trip", calendarId=work["id"])
    await new_task(world.ann, summary="book", parentId=trip["id"], due=day("2026-12-01"))
    await new_task(world.ann, summary="pack", parentId=trip["id"], status="COMPLETED")
    assert await summaries(world.ann, calendarId=work["id"]) == ["trip"]
    assert await summaries(world.ann, parentId=trip["id"]) == ["book", "pack"]
    assert await summaries(world.ann, parentId=trip["id"], completed="true") == ["pack"]
    assert await summaries(world.ann, parentId=trip["id"], completed="false") == ["book"]
    problem = await world.ann.refused(400, "GET", f"/v1/tasks?calendarId={'A' * 22}")
    assert pointers(problem) == ["?calendarId"]
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    assert "trip" not in await summaries(world.ann)
    await world.ann.refused(404, "GET", f"/v1/tasks/{trip['id']}")


async def test_pages_add_up(world: World) -> None:
    for number in range(7):
        await new_task(world.ann, summary=str(number), due=day(f"2026-12-0{number + 1}"), description="y" * 2_000)
    await new_task(world.ann, summary="long", description="x" * 5_000)
    await new_task(world.ann, summary="done", status="COMPLETED")
    seen: list[str] = []
    query: Json = {"limit": 2}
    while True:
        page = await world.ann.get("/v1/tasks", **query)
        seen += [each["summary"] for each in page["items"]]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert seen == [*"0123456", "long", "done"]
    refused = await world.ann.refused(400, "GET", f"/v1/tasks?completed=true&cursor={query['cursor']}")
    assert pointers(refused) == ["?cursor"]


async def test_what_is_listed_is_what_is_read(world: World) -> None:
    await new_task(world.ann, due=day("2026-12-01"))
    await new_task(world.ann, description="x" * 5_000)
    for listed in (await world.ann.get("/v1/tasks"))["items"]:
        assert await world.ann.get(f"/v1/tasks/{listed['id']}") == listed


@pytest.mark.parametrize(
    "patch", [{"completed": "2026-11-19T10:00:00Z"}, {"status": "COMPLETED"}, {"percent": 100}], ids=str
)
async def test_each_way_to_finish_says_the_others_and_so_does_each_way_back(world: World, patch: Json) -> None:
    task = await new_task(world.ann, due=day("2026-12-01"), percent=40)
    path = f"/v1/tasks/{task['id']}"
    done = await world.ann.change(path, **patch)
    assert (done["completed"], done["status"], done["percent"]) == (patch.get("completed", NOW), "COMPLETED", 100)
    again = await world.ann.change(path, summary="Still done")
    assert (again["completed"], again["status"], again["percent"]) == (done["completed"], "COMPLETED", 100)
    back: Json = (
        {"completed": None} if "completed" in patch else {next(iter(patch)): {"status": "IN-PROCESS"}.get("status")}
    )
    back = {"percent": 60} if "percent" in patch else back
    opened = await world.ann.change(path, **back)
    assert opened["completed"] is None
    assert opened["status"] == ("IN-PROCESS" if "status" in patch else "NEEDS-ACTION")
    assert opened["percent"] == back.get("percent", 0)
    assert await summaries(world.ann, completed="false") == ["Still done"]


async def test_a_series_moves_on_and_what_was_done_stays(world: World) -> None:
    task = await new_task(
        world.ann,
        due=timed("2026-11-30T17:00:00"),
        start=timed("2026-11-30T09:00:00"),
        recurrence=["RRULE:FREQ=WEEKLY"],
    )
    moved = await world.ann.change(f"/v1/tasks/{task['id']}", status="COMPLETED")
    assert moved["id"] == task["id"]
    assert (moved["due"], moved["start"]) == (timed("2026-12-07T17:00:00"), timed("2026-12-07T09:00:00"))
    assert (moved["status"], moved["completed"], moved["percent"]) == ("NEEDS-ACTION", None, 0)
    (done,) = (await world.ann.get("/v1/tasks", completed="true"))["items"]
    assert (done["seriesId"], done["recurrenceId"], done["due"]) == (task["id"], "20261130T170000", task["due"])
    assert (done["completed"], done["recurrence"], done["percent"]) == (NOW, [], 100)
    assert done["uid"] != task["uid"]
    opened = await world.ann.change(f"/v1/tasks/{done['id']}", completed=None)
    assert (opened["status"], opened["due"], opened["seriesId"]) == ("NEEDS-ACTION", task["due"], task["id"])
    assert (await world.ann.get(f"/v1/tasks/{task['id']}"))["due"] == moved["due"]
    assert len(await summaries(world.ann, completed="false")) == 2


@pytest.mark.parametrize(
    ("due", "recurrence", "dues"),
    [
        (day("2026-01-31"), ["RRULE:FREQ=MONTHLY"], ["2026-03-31", "2026-05-31"]),
        (day("2026-11-30"), ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"], ["2026-12-31", "2027-01-31"]),
        (day("2026-11-23"), ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"], ["2026-11-25", "2026-12-07", "2026-12-09"]),
        (day("2026-11-23"), ["RRULE:FREQ=DAILY", "EXDATE:20261124"], ["2026-11-25"]),
        (day("2026-11-23"), ["RDATE:20261130,20261201"], ["2026-11-30", "2026-12-01"]),
    ],
)
async def test_a_series_moves_to_the_next_time_after_its_due_time(
    world: World, due: Json, recurrence: list[str], dues: list[str]
) -> None:
    task = await new_task(world.ann, due=due, recurrence=recurrence)
    for expected in dues:
        moved = await world.ann.change(f"/v1/tasks/{task['id']}", percent=100)
        assert moved["due"] == day(expected)


@pytest.mark.parametrize("more", ["RDATE:20261130", "RRULE:FREQ=MONTHLY"])
async def test_a_rule_that_would_change_as_the_series_moves_is_refused(world: World, more: str) -> None:
    body = {"summary": "x", "due": day("2026-11-23"), "recurrence": ["RRULE:FREQ=WEEKLY", "EXDATE:20261130", more]}
    before = world.content()
    assert pointers(await world.ann.refused(422, "POST", "/v1/tasks", body)) == ["/recurrence"]
    assert world.content() == before


@pytest.mark.parametrize("end", ["COUNT=3", "UNTIL=20261125"])
async def test_the_last_of_a_series_is_the_series_itself(world: World, end: str) -> None:
    task = await new_task(world.ann, due=day("2026-11-23"), recurrence=[f"RRULE:FREQ=DAILY;{end}"])
    path = f"/v1/tasks/{task['id']}"
    dues = [(await world.ann.change(path, status="COMPLETED"))["due"]["date"] for _ in range(2)]
    assert dues == ["2026-11-24", "2026-11-25"]
    last = await world.ann.change(path, status="COMPLETED")
    assert (last["status"], last["due"]) == ("COMPLETED", day("2026-11-25"))
    assert len(await summaries(world.ann, completed="true")) == 3
    opened = await world.ann.change(path, status="NEEDS-ACTION")
    assert (opened["completed"], opened["due"]) == (None, day("2026-11-25"))


async def test_finishing_is_one_write_with_one_place_in_the_log(world: World) -> None:
    task = await new_task(world.ann, due=day("2026-11-23"), recurrence=["RRULE:FREQ=DAILY"])
    before = {key for key in world.content() if key[0].startswith("log#")}
    await world.ann.change(f"/v1/tasks/{task['id']}", status="COMPLETED")
    after = {key for key in world.content() if key[0].startswith("log#")}
    assert len(after - before) == 1


async def test_who_is_never_fast_enough_is_told_so(world: World, monkeypatch) -> None:
    task = await new_task(world.ann)
    path = f"/v1/tasks/{task['id']}"
    before = world.content()

    async def beaten(*changes: Any) -> None:
        raise ConflictError(keys.object_(world.ann.id, task["id"]))

    monkeypatch.setattr(world.table, "write", beaten)
    await world.ann.refused(409, "POST", "/v1/tasks", {"summary": "x"})
    await world.ann.refused(409, "PATCH", path, {"summary": "x"})
    await world.ann.refused(409, "DELETE", path)
    assert world.content() == before


async def test_an_account_holds_only_so_much(world: World, monkeypatch) -> None:
    monkeypatch.setattr("aurora_time.operations.writing.MAX_EVENTS", 1)
    task = await new_task(world.ann, due=day("2026-11-23"), recurrence=["RRULE:FREQ=DAILY"])
    await world.ann.refused(413, "POST", "/v1/tasks", {"summary": "x"})
    await world.ann.refused(413, "PATCH", f"/v1/tasks/{task['id']}", {"status": "COMPLETED"})
    await world.ann.change(f"/v1/tasks/{task['id']}", summary="Still here")
