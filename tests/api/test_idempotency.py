"""Idempotency-Key: what was asked is done once, and a retry gets the answer of the first time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.api import ENDPOINTS
from aurora_time.api.once import HeldBack
from aurora_time.http.endpoint import Endpoint
from aurora_time.operations.services import Writers
from aurora_time.ports import Change, ConflictError, Put
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from aurora_time.store import keys
from tests.api.scenarios import STORIES
from tests.api.world import Issuer, Json, Somebody, World, day, problem_of, timed

pytestmark = pytest.mark.aws

KEYED = [each for each in ENDPOINTS if each.takes_key]
EVENT = {"summary": "Once", "start": timed("2026-11-23T09:00:00")}


class Crash(BaseException):
    """The process was killed here."""


def again(response: httpx.Response) -> bool:
    return response.headers.get("idempotency-replayed") == "true"


def same(first: httpx.Response, second: httpx.Response) -> bool:
    """The second is the stored answer of the first: status, headers and body."""
    assert again(second)
    assert not again(first)
    ones_own = {"request-id", "idempotency-replayed"}
    headers = [{name: each.headers[name] for name in each.headers.keys() - ones_own} for each in (first, second)]
    return (first.status_code, first.content, headers[0]) == (second.status_code, second.content, headers[1])


async def events_of(who: Somebody) -> list[Json]:
    return list((await who.get("/v1/events"))["items"])


async def post(who: Somebody, key: str, body: Any = EVENT, path: str = "/v1/events") -> httpx.Response:
    return await who.ask("POST", path, body, idempotency_key=key)


def restarted(world: World) -> None:
    """A new process on the same table."""
    world.services = replace(world.services, writers=Writers())
    world.wired = wire(world.services, Issuer())
    app = Starlette(routes=api_routes(world.wired, world.ids.new))
    for client in (world.ann.http, world.bob.http):
        client._transport = httpx.ASGITransport(app, raise_app_exceptions=True)


async def test_a_retry_gets_the_first_answer_and_does_nothing(world: World) -> None:
    first = await post(world.ann, "k1")
    assert first.status_code == 201
    before = world.content()
    assert same(first, await post(world.ann, "k1"))
    assert same(first, await post(world.ann, '"k1"')), "with the quotes of a structured field it is the same key"
    assert world.content() == before
    restarted(world)
    assert same(first, await post(world.ann, "k1"))
    assert len(await events_of(world.ann)) == 1


async def test_the_first_answer_stays_though_the_thing_has_changed(world: World) -> None:
    first = await post(world.ann, "k1")
    await world.ann.change(first.headers["location"], summary="Changed since")
    assert same(first, await post(world.ann, "k1"))
    await world.ann.remove(first.headers["location"])
    assert same(first, await post(world.ann, "k1"))
    assert await events_of(world.ann) == []


async def test_a_key_is_its_owners_and_of_one_request(world: World) -> None:
    await post(world.ann, "k1")
    before = world.content()
    for path, body in (
        ("/v1/events", EVENT | {"summary": "Another"}),
        ("/v1/calendars", {"name": "Work"}),
        ("/v1/tasks", {"summary": "Once"}),
    ):
        refused = await post(world.ann, "k1", body, path)
        assert problem_of(refused, 422)["type"] == "/problems#idempotency-key-reused"
        assert "fresh key" in refused.json()["detail"]
    assert world.content() == before
    assert (await post(world.bob, "k1")).status_code == 201
    assert len(await events_of(world.bob)) == 1


async def test_an_answer_is_kept_for_a_day(world: World) -> None:
    first = await post(world.ann, "k1")
    world.clock.time += 86_399
    assert same(first, await post(world.ann, "k1"))
    world.clock.time += 1
    second = await post(world.ann, "k1")
    assert (second.status_code, again(second)) == (201, False)
    assert len(await events_of(world.ann)) == 2


@pytest.mark.inside("two requests at once are two processes, and the second may come when the first is done")
async def test_two_at_once_are_one(world: World) -> None:
    answers = await asyncio.gather(*(post(world.ann, "k1") for _ in range(5)))
    (made,) = [each for each in answers if each.status_code == 201]
    for each in answers:
        if each is not made:
            assert problem_of(each, 409)["type"] == "/problems#idempotency-key-in-use"
            assert each.headers["retry-after"] == "1"
    assert same(made, await post(world.ann, "k1"))
    assert len(await events_of(world.ann)) == 1


async def test_two_processes_at_once_are_one(world: World) -> None:
    """The slower one answers what the faster has written, though it began before that."""
    write, faster = world.table.write, list[httpx.Response]()

    async def overtaken(*changes: Change) -> None:
        world.table.write = write  # type: ignore[method-assign]
        restarted(world)
        faster.append(await post(world.ann, "k1"))
        await write(*changes)

    world.table.write = overtaken  # type: ignore[method-assign]
    slower = await post(world.ann, "k1")
    assert same(faster[0], slower)
    assert len(await events_of(world.ann)) == 1


async def test_what_was_refused_is_looked_at_afresh(world: World) -> None:
    await world.ann.refused(422, "POST", "/v1/events", EVENT | {"calendarId": "none"}, idempotency_key="k1")
    made = await post(world.ann, "k1")
    assert made.status_code == 201
    uid = made.json()["uid"]
    clash = EVENT | {"uid": uid}
    before = world.content()
    await world.ann.refused(409, "POST", "/v1/events", clash, idempotency_key="k2")
    assert world.content() == before
    await world.ann.remove(made.headers["location"])
    assert (await post(world.ann, "k2", clash)).status_code == 201


async def test_a_conflict_with_another_process_is_tried_again(world: World) -> None:
    """Somebody without a key, in another process, moves the owner's head three times meanwhile."""
    write, left = world.table.write, 3

    async def overtaken(*changes: Change) -> None:
        nonlocal left
        if left and any(each.key == keys.idempotency(world.ann.id, "k1") for each in changes):
            left -= 1
            restarted(world)
            await world.ann.event(summary="Faster")
        await write(*changes)

    world.table.write = overtaken  # type: ignore[method-assign]
    made = await post(world.ann, "k1")
    assert (made.status_code, again(made), left) == (201, False, 0)
    assert sorted(each["summary"] for each in await events_of(world.ann)) == ["Faster"] * 3 + ["Once"]
    assert same(made, await post(world.ann, "k1"))


async def test_a_conflict_without_end_is_a_503(world: World) -> None:
    write = world.table.write

    async def overtaken(*changes: Change) -> None:
        head = keys.head(world.ann.id)
        if any(each.key == head for each in changes):
            raise ConflictError(head)
        await write(*changes)

    world.table.write = overtaken  # type: ignore[method-assign]
    assert (await post(world.ann, "k1")).status_code == 503
    world.table.write = write  # type: ignore[method-assign]
    assert (await post(world.ann, "k1")).status_code == 201


@pytest.mark.parametrize("is_written", [False, True], ids=["before the write", "after the write"])
async def test_killed_between_write_and_answer_the_retry_finds_one(world: World, is_written: bool) -> None:
    write = world.table.write

    async def killed(*changes: Change) -> None:
        if any(each.key == keys.idempotency(world.ann.id, "k1") for each in changes):
            if is_written:
                await write(*changes)
            raise Crash
        await write(*changes)

    world.table.write = killed  # type: ignore[method-assign]
    with pytest.raises(Crash):
        await post(world.ann, "k1")
    world.table.write = write  # type: ignore[method-assign]
    there = await events_of(world.ann)
    assert len(there) == int(is_written)
    restarted(world)
    retried = await post(world.ann, "k1")
    assert (retried.status_code, again(retried)) == (201, is_written)
    assert [each["id"] for each in await events_of(world.ann)] == [retried.json()["id"]]
    assert not is_written or retried.json() == there[0]


async def test_a_secret_is_never_kept_and_never_made_twice(world: World) -> None:
    body = {"name": "Script", "scopes": ["events:read"]}
    made = await post(world.ann, "k1", body, "/v1/tokens")
    secret = made.json()["secret"]
    assert all(secret.encode() not in stored for stored, _ in world.content().values())
    before = world.content()
    retried = await post(world.ann, "k1", body, "/v1/tokens")
    problem = problem_of(retried, 409)
    assert problem["type"] == "/problems#answer-not-kept"
    assert made.headers["location"] in problem["detail"]
    assert secret not in retried.text
    assert world.content() == before


def test_every_answer_that_may_hold_a_secret_is_declared_so() -> None:
    telling = {"secret", "secretUrl", "password", "code", "codes"}
    for each in KEYED:
        fields = set(getattr(each.shape.answer, "__struct_encode_fields__", ()))
        assert each.shape.has_secret == bool(fields & telling), each.operation_id


BLANK = pytest.param(" ", marks=pytest.mark.inside("no client sends a header that is blank"))


@pytest.mark.parametrize("key", ["", BLANK, '""', "two words", "x" * 256, "ngày", 'a"b'])
async def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    before = world.content()
    headers = {"idempotency-key": key.encode()}
    answer = await world.ann.http.post("/v1/events", json=EVENT, headers=headers)
    assert "UUID" in problem_of(answer, 400)["detail"]
    assert world.content() == before


async def test_an_answer_too_large_to_keep_is_said_to_be_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aurora_time.api.once.MAX_BODY", 200)
    world.ann.http.event_hooks = {}  # no event is that large, so this is not announced
    made = await post(world.ann, "k1")
    problem = problem_of(await post(world.ann, "k1"), 409)
    assert problem["type"] == "/problems#answer-not-kept"
    assert made.headers["location"] in problem["detail"]
    assert len(await events_of(world.ann)) == 1


async def test_what_is_due_is_hinted_at_when_it_is_written(world: World) -> None:
    """A hint that comes before the write finds nothing, and would let a reminder wait for the next look."""
    hinted: list[bool] = []

    def nudge(_: int) -> None:
        hinted.append(any(part.startswith("due#") for part, _ in world.content()))

    world.services = replace(world.services, nudge=nudge)
    restarted(world)
    assert (await post(world.ann, "k1")).status_code == 201
    assert hinted == [True]


@pytest.mark.inside("writers of one person queue within a process")
async def test_writers_without_a_key_go_on_beside(world: World) -> None:
    bodies = [EVENT | {"summary": f"{number}"} for number in range(30)]
    answers = await asyncio.gather(
        *(post(world.ann, f"k{number}", body) for number, body in enumerate(bodies)),
        *(world.ann.ask("POST", "/v1/events", EVENT) for _ in range(30)),
    )
    assert [answer.status_code for answer in answers] == [201] * 60
    assert len(await events_of(world.ann)) == 60
    log = [sort for part, sort in world.content() if part == f"log#{world.ann.id}"]
    assert len(log) == 61, "each write has its place in the log, and the calendar's"


class Twice(httpx.AsyncBaseTransport):
    """Sends each POST with a key of its own, and once more: which must be told again, and do nothing."""

    def __init__(self, world: World, inner: httpx.AsyncBaseTransport) -> None:
        self._world = world
        self._inner = inner
        self.kept = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return await self._inner.handle_async_request(request)
        request.headers["idempotency-key"] = f"key-{self._world.ids.new()}"
        first = await self._inner.handle_async_request(request)
        before = self._world.content()
        kept = keys.idempotency(self._world.ann.id, request.headers["idempotency-key"]) in before
        if not kept:
            return first
        self.kept += 1
        second = await self._inner.handle_async_request(request)
        await first.aread()
        await second.aread()
        assert self._world.content() == before
        if second.status_code != 409:
            assert same(first, second)
        else:
            assert {"secret", "secretUrl"} & set(first.json())
            assert problem_of(second, 409)["type"] == "/problems#answer-not-kept"
        return first


@pytest.mark.parametrize("endpoint", KEYED, ids=lambda each: each.operation_id)
async def test_every_post_that_changes_something_is_done_once(world: World, endpoint: Endpoint) -> None:
    transport = Twice(world, world.ann.http._transport)
    world.ann.http._transport = transport
    await STORIES[endpoint.handler.__name__](world)
    assert transport.kept


async def test_what_changes_nothing_needs_no_key(world: World) -> None:
    """A dry run with a key is a dry run; nothing is kept of it."""
    before = world.content()
    body = {"text": "Lunch tomorrow at noon", "dryRun": True}
    first = await post(world.ann, "k1", body, "/v1/quick-add")
    second = await post(world.ann, "k1", body, "/v1/quick-add")
    assert (first.status_code, first.content, again(second)) == (200, second.content, False)
    assert world.content() == before
    assert (await post(world.ann, "k1", body | {"dryRun": False}, "/v1/quick-add")).status_code == 200


async def test_a_get_or_a_patch_takes_no_notice_of_it(world: World) -> None:
    event = await world.ann.event(start=day("2026-11-23"))
    path = f"/v1/events/{event['id']}"
    for summary in ("a", "b"):
        changed = await world.ann.ask("PATCH", path, {"summary": summary}, idempotency_key="k1")
        assert changed.json()["summary"] == summary
    assert (await world.ann.ask("GET", path, idempotency_key="k1")).json()["summary"] == "b"
    assert not any(part.startswith("idem#") for part, _ in world.content())


async def test_what_is_done_for_a_key_is_one_write(world: World) -> None:
    """Two would not be all or nothing: whoever writes such a handler is told."""
    held = HeldBack(world.table, None)
    await held.write(Put(keys.head("nobody"), b"", "v"))
    with pytest.raises(TypeError, match="one write"):
        await held.write(Put(keys.head("nobody"), b"", "v"))
    assert await world.table.get(keys.head("nobody")) == [None]
