"""Every resource has a strong ETag: generated from the declarations."""

from __future__ import annotations

import re

import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import JSON, Endpoint
from aurora_time.http.problem import PRECONDITION_FAILED
from tests.api.test_tenancy import call, in_time, theirs
from tests.api.world import World, problem_of

SINGLE = [
    each
    for each in ENDPOINTS
    if each.scope and each.method == "GET" and "etag" in getattr(each.shape.answer, "__struct_fields__", ())
]
"""Reads of one resource."""
CHANGING = [
    each
    for each in ENDPOINTS
    if each.method in ("PUT", "PATCH", "DELETE") or PRECONDITION_FAILED in each.shape.problems
]
OF_MANY = {"deleteSessions"}
"""What changes no single resource."""


def named(endpoint: Endpoint) -> str:
    return endpoint.operation_id


def test_what_has_an_etag_in_its_body_is_conditional() -> None:
    assert SINGLE
    assert [named(each) for each in SINGLE if not each.shape.conditional] == []
    assert {"getMe", "getEvent", "getCalendar", "getTask", "getToken", "getSchedule"} <= set(map(named, SINGLE))


def test_a_read_of_one_thing_is_of_a_thing_with_an_etag() -> None:
    """Every GET whose path ends with an id."""
    reads = [each for each in ENDPOINTS if each.method == "GET" and each.path.endswith("}") and not each.is_secret]
    assert [named(each) for each in reads if each not in SINGLE] == []


@pytest.mark.parametrize("endpoint", SINGLE, ids=named)
async def test_a_read_tells_the_etag_and_honours_if_none_match(world: World, endpoint: Endpoint) -> None:
    path = path_of(endpoint, await theirs(world))
    read = await world.ann.ask("GET", path)
    tag = read.headers["etag"]
    assert read.status_code == 200
    assert tag == f'"{read.json()["etag"]}"', "strong, and the same as in the body"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await world.ann.ask("GET", path, if_none_match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await world.ann.ask("GET", path, if_none_match='"other"')).content == read.content


@pytest.mark.parametrize("endpoint", [each for each in CHANGING if named(each) not in OF_MANY], ids=named)
async def test_a_change_holds_only_upon_what_was_read(world: World, endpoint: Endpoint) -> None:
    assert PRECONDITION_FAILED in endpoint.shape.problems
    ids = await theirs(world)
    before = world.content()
    world.ann.http.headers["if-match"] = '"of-another-version"'
    problem_of(await call(Unconditional(world.ann.http), endpoint, ids), 412)  # type: ignore[arg-type]
    assert world.content() == before


@pytest.mark.parametrize("endpoint", [each for each in CHANGING if each.method != "DELETE"], ids=named)
async def test_a_change_answers_with_the_new_etag(world: World, endpoint: Endpoint) -> None:
    if endpoint.shape.media_type != JSON or "etag" not in getattr(endpoint.shape.answer, "__struct_fields__", ()):
        return
    ids = await theirs(world)
    in_time(world, endpoint)
    changed = await call(world.ann.http, endpoint, ids)
    assert changed.status_code == endpoint.shape.status, changed.text
    assert changed.headers["etag"] == f'"{changed.json()["etag"]}"'
    read = await world.ann.ask("GET", str(changed.request.url.path))
    if read.status_code == 200:
        assert read.headers["etag"] == changed.headers["etag"]


async def test_a_planned_reminder_has_another_etag_when_its_event_has_another_name(world: World) -> None:
    event = await world.ann.event()
    made = await world.ann.make("/v1/reminders", {"eventId": event["id"], "minutesBefore": 30})
    path = f"/v1/reminders/{made['id']}"
    read = await world.ann.ask("GET", path)
    assert read.json() == made, "as it was told when it was made"
    assert read.headers["etag"] == f'"{made["etag"]}"'
    await world.ann.change(f"/v1/events/{event['id']}", summary="Else")
    again = await world.ann.ask("GET", path, if_none_match=read.headers["etag"])
    assert (again.status_code, again.json()["text"]) == (200, "Else")
    await world.ann.refused(412, "DELETE", path, if_match=read.headers["etag"])


def path_of(endpoint: Endpoint, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda match: ids[match[1]], endpoint.path)


class Unconditional:
    """A client that keeps its own If-Match, whatever it is told to send."""

    def __init__(self, http: object) -> None:
        self._http = http

    async def request(self, *words: object, headers: object = None, **more: object) -> object:
        return await self._http.request(*words, **more)  # type: ignore[attr-defined]
