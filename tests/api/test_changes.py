"""The change feed: everything once, nothing lost, and a token that leads nowhere says how to go on."""

from __future__ import annotations

import base64

import msgspec
import pytest

from aurora_time.operations import changes
from aurora_time.operations.people import SCOPES
from aurora_time.operations.restored import put_restored
from aurora_time.ports import Change, Delete
from aurora_time.store import keys
from aurora_time.store.calendars import LOG_KEPT, LogItem
from aurora_time.store.codec import decode
from tests.api.scenarios import STORIES
from tests.api.world import Json, Somebody, World, day, timed

KINDS = set(changes.SCOPES)


def packed(*words: object) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(words)).decode()


async def page(who: Somebody, since: str | None = None, limit: int | None = None) -> Json:
    query = {name: value for name, value in (("since", since), ("limit", limit)) if value is not None}
    return await who.get("/v1/changes", **query)


async def rest(who: Somebody, since: str | None = None, limit: int | None = None) -> tuple[list[Json], str]:
    """All there is to be told now, and the token to keep."""
    items: list[Json] = []
    for _ in range(1_000):
        read = await page(who, since, limit)
        items += read["items"]
        since = read["nextToken"]
        if not read["more"]:
            return items, since
    raise AssertionError("it never ends")


def names(items: list[Json]) -> list[tuple[str, str, bool]]:
    return [(each["kind"], each["id"], each["deleted"]) for each in items]


async def test_it_begins_with_all_there_is_and_goes_on_with_what_changes(world: World) -> None:
    calendar = await world.primary(world.ann)
    event = await world.ann.event()
    task = await world.ann.make("/v1/tasks", {"summary": "Rent"})
    schedule = await world.ann.make("/v1/schedules", {"name": "Talk"})
    items, token = await rest(world.ann)
    me = await world.ann.get("/v1/me")
    told = {(each["kind"], each["id"]): each["resource"] for each in items if not each["deleted"]}
    assert told == {
        ("me", me["id"]): me,
        ("calendar", calendar): await world.ann.get(f"/v1/calendars/{calendar}"),
        ("event", event["id"]): event,
        ("task", task["id"]): task,
        ("schedule", schedule["id"]): schedule,
    }
    assert await rest(world.ann, token) == ([], token)
    await world.ann.remove(f"/v1/tasks/{task['id']}")
    me = await world.ann.change("/v1/me", name="Anna")
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    moved = await world.ann.change(f"/v1/events/{event['id']}", calendarId=work["id"])
    schedule = await world.ann.change(f"/v1/schedules/{schedule['id']}", name="Longer talk")
    items, _ = await rest(world.ann, token)
    assert [(each["kind"], each["resource"]) for each in items] == [
        ("task", None), ("me", me), ("calendar", work), ("event", moved), ("schedule", schedule),
    ]  # fmt: skip
    assert [each["deleted"] for each in items] == [True, False, False, False, False]


async def test_several_changes_of_one_thing_are_told_once_at_the_last(world: World) -> None:
    one, two = await world.ann.event(), await world.ann.event()
    token = (await page(world.ann, "now"))["nextToken"]
    for summary in "abc":
        await world.ann.change(f"/v1/events/{one['id']}", summary=summary)
        await world.ann.change(f"/v1/events/{two['id']}", summary=summary)
    await world.ann.change(f"/v1/events/{one['id']}", summary="d")
    items, _ = await rest(world.ann, token)
    assert names(items) == [("event", two["id"], False), ("event", one["id"], False)]
    assert [each["resource"]["summary"] for each in items] == ["c", "d"]


async def test_now_is_the_token_of_this_moment(world: World) -> None:
    await world.ann.event()
    read = await page(world.ann, "now")
    assert (read["items"], read["more"]) == ([], False)
    event = await world.ann.event()
    assert names((await rest(world.ann, read["nextToken"]))[0]) == [("event", event["id"], False)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
async def test_pages_of_any_size_tell_the_same(world: World, limit: int) -> None:
    events = [(await world.ann.event())["id"] for _ in range(5)]
    items, token = await rest(world.ann, None, limit)
    assert {each["id"] for each in items if each["kind"] == "event"} == set(events)
    for event in events:
        await world.ann.change(f"/v1/events/{event}", summary="x")
    read = await page(world.ann, token, limit)
    assert len(read["items"]) == min(limit, 5)
    assert read["more"] is (limit < 5)
    items, _ = await rest(world.ann, token, limit)
    assert names(items) == [("event", event, False) for event in events]


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_sync_tokens_that_lose_changes(world: World, limit: int) -> None:
    """What the field gets wrong: what is changed while a client reads the pages of the beginning is told it too."""
    known = sorted([(await world.ann.event())["id"] for _ in range(6)])
    copy: dict[str, Json | None] = {}
    read = await page(world.ann, None, limit)
    step = 0
    while True:
        for each in read["items"]:
            copy[each["id"]] = each["resource"]
        if not read["more"]:
            break
        if step < 6:  # a change of what was told, of what is not yet told, a deletion and a creation, amid the pages
            await world.ann.change(f"/v1/events/{known[step]}", summary=f"changed amid page {step}")
            await world.ann.change(f"/v1/events/{known[-1]}", summary=f"the last, amid page {step}")
        if step == 3:
            await world.ann.remove(f"/v1/events/{known[0]}")
            await world.ann.event(summary="made amid the pages")
        step += 1
        read = await page(world.ann, read["nextToken"], limit)
    there = {each["id"]: each for each in (await world.ann.get("/v1/events"))["items"]}
    assert {id_: each for id_, each in copy.items() if each and "start" in each} == there
    assert copy[known[0]] is None
    assert len(there) == 6


async def test_a_calendar_that_is_deleted_takes_its_events_along(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    event = await world.ann.event(calendarId=work["id"])
    _, token = await rest(world.ann)
    await world.ann.change(f"/v1/events/{event['id']}", summary="Its last change")
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    items, later = await rest(world.ann, token)
    assert names(items) == [("event", event["id"], True), ("calendar", work["id"], True)]
    fresh, _ = await rest(world.ann)
    assert {each["kind"] for each in fresh} == {"me", "calendar"}
    await world.attend()
    assert names((await rest(world.ann, later))[0]) == [("event", event["id"], True)]


async def test_a_series_is_told_with_the_occurrences_that_differ_from_it(world: World) -> None:
    series = await world.ann.event(recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    items, token = await rest(world.ann)
    (told,) = [each for each in items if each["kind"] == "event"]
    assert (told["id"], told["recurrenceId"], told["resource"]) == (series["id"], None, series)
    path = f"/v1/events/{series['id']}/occurrences"
    changed = await world.ann.change(f"{path}/20261124T090000", summary="Just this one")
    items, later = await rest(world.ann, token)
    assert [(each["id"], each["recurrenceId"]) for each in items] == [
        (series["id"], None),
        (series["id"], "20261124T090000"),
    ]
    assert [each["resource"] for each in items] == [await world.ann.get(f"/v1/events/{series['id']}"), changed]
    await world.ann.remove(f"{path}/20261125T090000")
    items, _ = await rest(world.ann, later)
    assert [(each["recurrenceId"], each["deleted"]) for each in items] == [
        (None, False), ("20261124T090000", False), ("20261125T090000", True),
    ]  # fmt: skip
    await world.ann.remove(f"/v1/events/{series['id']}")
    items, _ = await rest(world.ann, token)
    assert [(each["recurrenceId"], each["deleted"]) for each in items] == [(None, True)]


@pytest.mark.parametrize("token", ["x", "not base64!", "AAAA", "now ", "ä", packed("", [], {}, [7, ""])])
async def test_what_is_no_token_says_how_to_begin_anew(world: World, token: str) -> None:
    problem = await world.ann.refused(410, "GET", f"/v1/changes?since={token}")
    assert problem["type"] == "/problems#sync-token-expired"
    assert "without `since`" in problem["detail"]


async def test_anothers_token_is_no_token(world: World) -> None:
    _, token = await rest(world.ann)
    anothers = await world.bob.refused(410, "GET", f"/v1/changes?since={token}")
    rubbish = await world.bob.refused(410, "GET", "/v1/changes?since=x")
    assert anothers["detail"] == rubbish["detail"]


async def test_a_token_is_good_as_long_as_the_log_goes_back(world: World) -> None:
    _, token = await rest(world.ann)
    event = await world.ann.event()
    world.clock.time += LOG_KEPT - 1
    assert names((await rest(world.ann, token))[0]) == [("event", event["id"], False)]
    world.clock.time += 1
    problem = await world.ann.refused(410, "GET", f"/v1/changes?since={token}")
    assert "400 days" in problem["detail"]
    fresh = (await page(world.ann, "now"))["nextToken"]
    world.clock.time += 10 * LOG_KEPT
    assert (await page(world.ann, fresh))["items"] == [], "with nothing behind it, no token is too old"


async def test_a_token_from_before_a_restore_is_refused(world: World) -> None:
    """Also when the sequence has since grown beyond it, with other changes."""
    await world.ann.event()
    backup = world.content()
    for _ in range(3):
        await world.ann.event()
    _, token = await rest(world.ann)
    world.services.writers._heads.clear()
    gone = [keys.Key(*pair) for pair in world.content() if pair not in backup]
    await world.table.write(*(Delete(key) for key in gone))
    await world.table.write(put_restored(int(world.clock.time), "restore"))
    problem = await world.ann.refused(410, "GET", f"/v1/changes?since={token}")
    assert "restored" in problem["detail"]
    _, fresh = await rest(world.ann)
    event = await world.ann.change("/v1/me", name="Anna")
    assert [each["resource"] for each in (await rest(world.ann, fresh))[0]] == [event]


async def test_a_token_ahead_of_the_log_is_refused(world: World) -> None:
    token = changes._print(changes._Token("", tuple(sorted(KINDS)), {world.ann.id: 99}))
    await world.ann.refused(410, "GET", f"/v1/changes?since={token}")
    negative = packed("", sorted(KINDS), {world.ann.id: -1}, None)
    await world.ann.refused(410, "GET", f"/v1/changes?since={negative}")


async def test_a_page_ends_before_a_number_that_is_missing(world: World) -> None:
    """A query may pass over what is written while it runs, and see what was written after that."""
    _, token = await rest(world.ann)
    one, two, three = [await world.ann.event() for _ in range(3)]
    query, at = world.table.query, keys.log(world.ann.id, 4)

    def without(missing: keys.Key) -> None:
        async def passing_over(*ranges: object) -> object:
            return [[item for item in items if item.key != missing] for items in await query(*ranges)]  # type: ignore[arg-type]

        world.table.query = passing_over  # type: ignore[assignment, method-assign]

    without(at._replace(sort=f"{3:012d}"))
    read = await page(world.ann, token)
    assert (names(read["items"]), read["more"]) == ([("event", one["id"], False)], True)
    without(at._replace(sort=f"{2:012d}"))
    waiting = await page(world.ann, token)
    assert (waiting["items"], waiting["more"], waiting["nextToken"]) == ([], True, token)
    world.table.query = query  # type: ignore[method-assign]
    items, _ = await rest(world.ann, read["nextToken"])
    assert names(items) == [("event", two["id"], False), ("event", three["id"], False)]


async def test_a_token_tells_of_what_its_scopes_may_read(world: World) -> None:
    event = await world.ann.event()
    await world.ann.make("/v1/tasks", {"summary": "Rent"})
    narrow = Somebody(world.ann.id, world.client(await world.token(world.ann.id, ("changes:read", "events:read"))))
    items, token = await rest(narrow)
    assert names(items) == [("event", event["id"], False)]
    await world.ann.make("/v1/tasks", {"summary": "Another"})
    items, token = await rest(narrow, token)
    assert items == []
    problem = await world.ann.refused(410, "GET", f"/v1/changes?since={token}")
    assert "scopes" in problem["detail"]
    none = Somebody(world.ann.id, world.client(await world.token(world.ann.id, ("changes:read",))))
    assert (await rest(none))[0] == []


async def test_large_things_make_short_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MAX_BYTES", 20_000)
    events = [(await world.ann.event(description="x" * 9_000))["id"] for _ in range(6)]
    first = await page(world.ann)
    assert first["more"]
    assert 1 < sum(each["kind"] == "event" for each in first["items"]) < 6
    items, token = await rest(world.ann)
    assert {each["id"] for each in items if each["kind"] == "event"} == set(events)
    for event in events:
        await world.ann.change(f"/v1/events/{event}", summary="x")
    assert len((await page(world.ann, token))["items"]) < 6
    assert names((await rest(world.ann, token))[0]) == [("event", event, False) for event in events]


async def test_what_one_write_changed_is_on_one_page(world: World) -> None:
    """A task that recurs, once done: its past and its next time."""
    task = await world.ann.make(
        "/v1/tasks", {"summary": "Water", "due": timed("2026-11-20T09:00:00"), "recurrence": ["RRULE:FREQ=DAILY"]}
    )
    _, token = await rest(world.ann)
    await world.ann.change(f"/v1/tasks/{task['id']}", status="COMPLETED")
    read = await page(world.ann, token, 1)
    assert {each["kind"] for each in read["items"]} == {"task"}
    assert (len(read["items"]), read["more"]) == (2, False)


@pytest.mark.parametrize("name", sorted(set(STORIES) - {"delete_me"}))
async def test_everything_that_a_story_changes_is_told(world: World, name: str) -> None:
    """Every kind that any write notes in the log is one that the feed knows."""
    noted: set[str] = set()
    write = world.table.write

    async def watch(*made: Change) -> None:
        for each in made:
            if each.key.part.startswith("log#"):
                noted.update(changed.kind for changed in decode(each.body, LogItem).changed)  # type: ignore[union-attr]
        await write(*made)

    world.table.write = watch  # type: ignore[method-assign]
    await STORIES[name](world)
    assert noted <= set(changes.SCOPES)
    assert set(changes.SCOPES) == {kind for source in changes._SOURCES for kind in source.kinds}
    assert set(changes.SCOPES.values()) <= set(SCOPES)


async def test_a_limit_is_held_to_its_bounds(world: World) -> None:
    for limit in ("0", "1001", "x"):
        await world.ann.refused(400, "GET", f"/v1/changes?limit={limit}")
    await world.ann.event(start=day("2026-11-23"))
    assert len((await page(world.ann, None, 1))["items"]) == 1


async def test_rules_are_told_as_they_come_change_and_go(world: World) -> None:
    body = {"name": "Work", "match": {"categories": ["work"]}, "triggers": [{"channel": "email", "minutesBefore": 30}]}
    rule = await world.ann.make("/v1/reminder-rules", body)
    items, token = await rest(world.ann)
    assert [each["resource"] for each in items if each["kind"] == "rule"] == [rule]
    path = f"/v1/reminder-rules/{rule['id']}"
    changed = await world.ann.change(path, name="Office")
    other = await world.ann.make("/v1/reminder-rules", body)
    items, later = await rest(world.ann, token)
    assert [each["resource"] for each in items if each["kind"] == "rule"] == [changed, other]
    await world.ann.remove(path)
    items, _ = await rest(world.ann, later)
    assert names(items) == [("me", world.ann.id, False), ("rule", rule["id"], True)]


async def test_dismissals_sync(world: World) -> None:
    """What the field gets wrong: what is dismissed or snoozed on one device is so on the others."""
    await world.ann.event(start=timed("2026-11-23T09:00:00"))
    alone = await world.ann.make("/v1/reminders", {"at": "2026-11-24T09:00:00", "text": "Call Sam"})
    items, token = await rest(world.ann)
    assert [each["resource"] for each in items if each["kind"] == "reminder"] == [alone]
    (planned,) = [each for each in (await world.ann.get("/v1/reminders"))["items"] if each["id"] != alone["id"]]
    path = f"/v1/reminders/{planned['id']}"
    assert (await world.ann.ask("POST", f"{path}/dismiss")).status_code == 200
    changed = await world.ann.change(f"/v1/reminders/{alone['id']}", text="Call Sam back")
    items, later = await rest(world.ann, token)
    assert [each["resource"] for each in items] == [await world.ann.get(path), changed]
    assert items[0]["resource"]["status"] == "dismissed"
    await world.ann.remove(f"/v1/reminders/{alone['id']}")
    items, _ = await rest(world.ann, later)
    assert names(items) == [("reminder", alone["id"], True)]
