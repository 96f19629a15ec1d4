"""Each success that an operation documents is met, upon the version that was read, once only: see test_promises.py."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint
from aurora_time.http.problem import PRECONDITION_FAILED
from aurora_time.run.openapi import document, get_openapi
from tests.api.declared_scenarios import GOOD, Scenario, Scene, Wish, path_of, send
from tests.api.success_scenarios import SUCCESSES, WHERE_SOMETHING_IS_DONE, what_was_read_before
from tests.api.test_tenancy import theirs
from tests.api.world import World, problem_of

DOCUMENT = document()
DECLARED = {each.operation_id: each for each in (*ENDPOINTS, get_openapi)}


def operation(endpoint: Endpoint) -> Any:
    return DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]


STATUSES = [
    (each, int(status)) for each in DECLARED.values() for status in operation(each)["responses"] if int(status) < 400
]
CONDITIONAL = [
    each for each in DECLARED.values() if any(one["name"] == "If-Match" for one in operation(each)["parameters"])
]
KEYED = [
    each for each in DECLARED.values() if any(one["name"] == "Idempotency-Key" for one in operation(each)["parameters"])
]


def named(value: object) -> str:
    return value.operation_id if isinstance(value, Endpoint) else str(value)


async def usual(_scene: Scene) -> Wish:
    return GOOD


def success(endpoint: Endpoint, status: int) -> Scenario:
    found = SUCCESSES.get((endpoint.operation_id, status))
    return found or (what_was_read_before if status == 304 else usual)


def status_of_change(endpoint: Endpoint) -> int:
    return WHERE_SOMETHING_IS_DONE.get(endpoint.operation_id, endpoint.shape.status)


def check_document(endpoint: Endpoint, answer: httpx.Response) -> None:
    """The body is of the schema of its status, and the fields that say where and which version are there."""
    told = operation(endpoint)["responses"][str(answer.status_code)]
    if "content" not in told:
        assert answer.content == b""
        return
    kind = answer.headers["content-type"].partition(";")[0]
    said = answer.json() if kind.endswith("json") else answer.text
    schema = {media.partition(";")[0]: each["schema"] for media, each in told["content"].items()}[kind]
    components = json.loads(json.dumps(DOCUMENT["components"]))
    assert list(Draft202012Validator({**schema, "components": components}).iter_errors(said)) == []


def test_every_success_that_is_prepared_is_documented() -> None:
    assert sorted(set(SUCCESSES) - {(named(each), status) for each, status in STATUSES}) == []


@pytest.mark.parametrize(("endpoint", "status"), STATUSES, ids=named)
async def test_a_success_that_is_documented_is_met(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint, status: int
) -> None:
    scene = Scene(world, endpoint, monkeypatch, await theirs(world))
    answer = await send(scene, await success(endpoint, status)(scene))
    assert answer.status_code == status, answer.text
    check_document(endpoint, answer)
    if status in (201, 202) and "location" in answer.headers:
        there = await world.ann.ask("GET", answer.headers["location"])
        assert there.headers["etag"] == answer.headers["etag"] == f'"{answer.json()["etag"]}"'
    if status == 201:
        assert "location" in answer.headers


async def tag_that_is_read(scene: Scene, wish: Wish) -> str:
    """The version of what a request is about: of the thing itself, also where something is done with it; in the trash,
    where it is to come back from there.
    """
    path, ann = re.sub(r"/(snooze|dismiss|show)$", "", path_of(scene, wish)), scene.world.ann
    if not path.endswith("/restore"):
        return str((await ann.ask("GET", path)).headers["etag"])
    thing = path.removesuffix("/restore")
    await ann.refused(404, "GET", thing)
    items = (await ann.get("/v1/trash"))["items"]
    (found,) = [each for each in items if thing.endswith(f"/{each['kind']}s/{each['id']}")]
    return f'"{found[found["kind"]]["etag"]}"'


@pytest.mark.parametrize("endpoint", CONDITIONAL, ids=named)
async def test_a_change_is_done_upon_the_version_that_was_read_and_only_once(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    assert PRECONDITION_FAILED in endpoint.shape.problems
    scene = Scene(world, endpoint, monkeypatch, await theirs(world))
    wish = await success(endpoint, status_of_change(endpoint))(scene)
    before = world.content()
    problem_of(await send(scene, replace(wish, headers={"if-match": '"of-another-version"'})), 412)
    tag = await tag_that_is_read(scene, wish)
    problem_of(await send(scene, replace(wish, headers={"if-match": f"W/{tag}"})), 412)
    assert world.content() == before, "a weak tag is none for a change"
    done = await send(scene, replace(wish, headers={"if-match": f'"other", {tag}'}))
    assert done.status_code == status_of_change(endpoint), done.text
    assert world.content() != before
    late = await send(scene, replace(wish, headers={"if-match": tag}))
    assert late.status_code in ((401, 404, 412) if endpoint.method == "DELETE" else (412,)), late.text


@pytest.mark.parametrize("endpoint", KEYED, ids=named)
async def test_a_retry_with_its_key_is_told_the_first_answer_and_does_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    assert endpoint.takes_key
    scene = Scene(world, endpoint, monkeypatch, await theirs(world))
    wish = await success(endpoint, status_of_change(endpoint))(scene)
    keyed = Wish(wish.body, wish.query, wish.ids, {**wish.headers, "idempotency-key": "k1"})
    first = await send(scene, keyed)
    assert first.status_code == status_of_change(endpoint), first.text
    before = world.content()
    second = await send(scene, keyed)
    assert world.content() == before
    if endpoint.shape.has_secret:
        assert problem_of(second, 409)["type"] == "/problems#answer-not-kept"
        return
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers.get("etag") == first.headers.get("etag")
    assert second.headers.get("location") == first.headers.get("location")


def test_a_key_is_taken_by_every_post_that_changes_something() -> None:
    posts = {each.operation_id for each in DECLARED.values() if each.method == "POST"}
    assert posts - {named(each) for each in KEYED} == {"previewNewRule", "queryFreeBusy"}
