"""The rules of the house, each over all endpoints that it concerns."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import JSON, MERGE_PATCH, Endpoint
from aurora_time.run.examples import EXAMPLES
from tests.api.declared_scenarios import Scene, Wish, send
from tests.api.test_tenancy import theirs
from tests.api.world import Json, World, pointers, problem_of

OF_JSON = [each for each in ENDPOINTS if each.shape.body and not each.shape.media]
WHOLE = [each for each in ENDPOINTS if each.method in ("PUT", "PATCH")]
READS = [each for each in ENDPOINTS if each.method == "GET"]
LISTS = [each for each in READS if "items" in getattr(each.shape.answer, "__struct_fields__", ())]
OF_ITS_OWN = {"listChanges"}
"""A feed has no end, so its pages are told otherwise."""
PAGED = [each for each in LISTS if "cursor" in getattr(each.shape.query, "__struct_fields__", ())]
ONE_PAGE = {
    "listCalendars",
    "listSchedules",
    "listTokens",
    "listSessions",
    "listReminderRules",
    "listOccurrences",
}
"""Of so few, or of a window that is so short, that all is one page."""


def named(endpoint: Endpoint) -> str:
    return endpoint.operation_id


async def scene_of(world: World, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(world, endpoint, monkeypatch, await theirs(world))


# --- bodies ---------------------------------------------------------------------------------------------------------
def objects(value: Any, pointer: str = "") -> Iterator[str]:
    """The pointers of all objects in a JSON value."""
    if isinstance(value, dict):
        yield pointer
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from objects(each, f"{pointer}/{name}")


def with_colour(value: Json, pointer: str) -> Json:
    changed = copy.deepcopy(value)
    place: Any = changed
    for step in pointer.split("/")[1:]:
        place = place[int(step) if isinstance(place, list) else step]
    place["colour"] = "red"
    return changed


@pytest.mark.parametrize("endpoint", OF_JSON, ids=named)
async def test_a_field_that_is_not_known_is_refused_wherever_it_stands(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    scene = await scene_of(world, endpoint, monkeypatch)
    example = EXAMPLES[endpoint.operation_id]
    before = world.content()
    for pointer in objects(example):
        problem = problem_of(await send(scene, Wish(body=with_colour(example, pointer))), 422)
        assert pointers(problem) == [f"{pointer}/colour"]
        assert "`colour` is not known here" in problem["detail"]
    assert world.content() == before


async def shown(scene: Scene) -> Json:
    path = re.sub(r"{(\w+)}", lambda match: scene.ids[match[1]], scene.endpoint.path)
    return await scene.world.ann.get(path)


@pytest.mark.parametrize("endpoint", WHOLE, ids=named)
async def test_what_was_read_may_be_sent_back_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    scene = await scene_of(world, endpoint, monkeypatch)
    read = await shown(scene)
    answer = await send(scene, Wish(body=read))
    assert answer.status_code == 200, answer.text
    own = {"etag", "updated"}
    assert {k: v for k, v in answer.json().items() if k not in own} == {k: v for k, v in read.items() if k not in own}
    assert await shown(scene) == answer.json()


@pytest.mark.parametrize("endpoint", WHOLE, ids=named)
async def test_what_only_the_server_sets_cannot_be_set(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    scene = await scene_of(world, endpoint, monkeypatch)
    read = await shown(scene)
    fixed = set(read) - set(endpoint.shape.body.__struct_encode_fields__)
    assert {"etag"} <= fixed
    before = world.content()
    for name in fixed:
        problem = problem_of(await send(scene, Wish(body={**read, name: "mine"})), 422)
        assert pointers(problem) == [f"/{name}"]
        assert "set by the server" in problem["detail"]
    assert world.content() == before


@pytest.mark.parametrize("endpoint", [each for each in WHOLE if each.method == "PATCH"], ids=named)
async def test_a_patch_is_a_merge_patch_by_either_name(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    scene = await scene_of(world, endpoint, monkeypatch)
    for media in (MERGE_PATCH, JSON, f"{JSON}; charset=utf-8"):
        answer = await send(scene, Wish(body={}, headers={"content-type": media}))
        assert answer.status_code == 200, answer.text


# --- listings -------------------------------------------------------------------------------------------------------
def test_a_listing_answers_items_and_where_it_goes_on() -> None:
    said = {named(each) for each in READS if named(each).startswith(("list", "preview"))}
    assert said == {named(each) for each in LISTS}
    for each in LISTS:
        if named(each) not in OF_ITS_OWN:
            assert each.shape.answer.__struct_encode_fields__ == ("items", "nextCursor"), named(each)
    assert {named(each) for each in LISTS} - {named(each) for each in PAGED} == ONE_PAGE | OF_ITS_OWN


async def pages(scene: Scene, query: Json) -> list[Json]:
    found: list[Json] = []
    cursor: str | None = None
    for _ in range(100):
        page = (await send(scene, Wish(query=query | ({"cursor": cursor} if cursor else {})))).json()
        found += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            return found
    raise AssertionError("pages without end")


@pytest.mark.parametrize("endpoint", PAGED, ids=named)
async def test_pages_of_one_are_the_listing(world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    scene = await scene_of(world, endpoint, monkeypatch)
    for number in range(2):
        await world.ann.event(summary="Soon", start={"date": f"2026-11-2{4 + number}"})
        gone = await world.ann.event(summary=f"No more {number}")
        await world.ann.remove(f"/v1/events/{gone['id']}")
        await world.ann.make("/v1/tasks", {"summary": "x", "due": {"date": "2026-11-24"}})
        ended = await world.ann.make("/v1/calendars", {"name": f"Ended {number}"})
        await world.ann.remove(f"/v1/calendars/{ended['id']}")
        booking = {"start": f"2026-11-2{5 + number}T02:00:00Z", "name": "Sam", "email": "sam@example.org"}
        await world.ann.make(f"/v1/schedules/{scene.ids['scheduleId']}/bookings", booking)
    query = {"from": "2026-11-24", "to": "2026-11-28"} if "from_" in endpoint.shape.query.__struct_fields__ else {}
    whole = await pages(scene, query)
    assert len(whole) >= 2
    assert await pages(scene, query | {"limit": "1"}) == whole
    first = await send(scene, Wish(query=query | {"limit": "1"}))
    assert len(first.json()["items"]) <= 1
    for limit in ("0", "1001", "many"):
        problem = problem_of(await send(scene, Wish(query=query | {"limit": limit})), 400)
        assert pointers(problem) == ["?limit"]
    for cursor in ("x", "W10", "WyJ4IiwxXQ"):
        problem = problem_of(await send(scene, Wish(query=query | {"cursor": cursor})), 400)
        assert pointers(problem) == ["?cursor"]
        assert "without a cursor" in problem["detail"]


READ_ALONE = {each.path for each in READS}


@pytest.mark.parametrize("endpoint", LISTS, ids=named)
async def test_an_item_of_a_listing_is_what_its_own_address_shows(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    single = next((path for path in READ_ALONE if re.fullmatch(re.escape(endpoint.path) + r"/{\w+}", path)), None)
    if single is None:
        return  # what it lists has its address elsewhere, or none
    scene = await scene_of(world, endpoint, monkeypatch)
    items = (await send(scene, Wish(query=None if "/occurrences" in single else {}))).json()["items"]
    assert items
    base = re.sub(r"{(\w+)}", lambda match: scene.ids[match[1]], endpoint.path)
    for item in items:
        name = item["recurrenceId" if "/occurrences" in single else "id"]
        read = await world.ann.ask("GET", f"{base}/{name}")
        assert read.status_code == 200
        assert read.headers["etag"] == f'"{item["etag"]}"'
        assert {name: read.json()[name] for name in item} == item
