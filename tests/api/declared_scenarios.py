"""How to meet each problem that follows from a declaration, whatever its handler does: see test_promises.py.

A scenario prepares the world and answers the request that is then refused, as far as it differs from a good one.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.api.once import Answered
from aurora_time.http.endpoint import GZIP, Endpoint
from aurora_time.http.problem import ProblemKind
from aurora_time.http.rate_limit import RateLimit
from aurora_time.operations.people import SCOPES
from aurora_time.ports import Change, ConflictError, Delete, Key, Put, Range, UnavailableError
from aurora_time.run import openapi
from aurora_time.run.asgi import api_routes
from aurora_time.run.examples import EXAMPLES
from aurora_time.run.wiring import wire
from aurora_time.store import keys
from aurora_time.store.codec import encode
from tests.api.world import Issuer, World


@dataclass(slots=True)
class Scene:
    """A world with one of Ann's things for every name that stands in a path."""

    world: World
    endpoint: Endpoint
    patch: pytest.MonkeyPatch
    ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a request is not as in a good one. A query of None is the usual one, headers of None are left out."""

    body: Any = None
    query: Mapping[str, Any] | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    client: httpx.AsyncClient | None = None


Scenario = Callable[[Scene], Awaitable[Wish]]
GOOD: Final = Wish()


def path_of(scene: Scene, wish: Wish = GOOD) -> str:
    ids = scene.ids | dict(wish.ids)
    return re.sub(r"{(\w+)}", lambda match: quote(ids[match[1]], safe=""), scene.endpoint.path)


async def send(scene: Scene, wish: Wish = GOOD) -> httpx.Response:
    endpoint, path = scene.endpoint, path_of(scene, wish)
    has_window = "from_" in getattr(endpoint.shape.query, "__struct_fields__", ())
    query = wish.query if wish.query is not None else {"from": "2026-11-23", "to": "2026-11-30"} if has_window else {}
    headers: dict[str, str | None] = {"if-match": None if endpoint.method == "GET" else "*"}
    body: dict[str, Any] = {}
    if endpoint.shape.body is not None:
        said = EXAMPLES[endpoint.operation_id] if wish.body is None else wish.body
        body = {"content": said} if isinstance(said, str | bytes) else {"json": said}
        if isinstance(said, str | bytes):
            headers["content-type"] = (endpoint.shape.media or ("application/json",))[0]
    told = {name: value for name, value in (headers | dict(wish.headers)).items() if value is not None}
    client = wish.client or (scene.world.ann.http if endpoint.scope else scene.world.http)
    return await client.request(endpoint.method, path, params=query, headers=told, **body)


# --- what is wrong with the request ---------------------------------------------------------------------------------
async def an_unknown_parameter(_scene: Scene) -> Wish:
    return Wish(query={"colour": "red"})


async def no_token(scene: Scene) -> Wish:
    return Wish(client=scene.world.http)


async def a_scope_too_few(scene: Scene) -> Wish:
    others = tuple(scope for scope in SCOPES if scope not in scene.endpoint.scopes[-1:])
    return Wish(client=scene.world.client(await scene.world.token(scene.world.ann.id, others)))


async def an_unknown_field(_scene: Scene) -> Wish:
    return Wish(body={"no such field": 1})


async def too_many_bytes(scene: Scene) -> Wish:
    body, media = b" " * (scene.endpoint.shape.max_body + 1), scene.endpoint.media[-1]
    return Wish(gzip.compress(body), headers={"content-type": media}) if media == GZIP else Wish(body)


async def another_content_type(_scene: Scene) -> Wish:
    return Wish(body="<a/>", headers={"content-type": "application/xml"})


async def nobodys_ids(scene: Scene) -> Wish:
    return Wish(ids={name: "A" * len(value) for name, value in scene.ids.items()})


async def an_account_that_is_gone(scene: Scene) -> Wish:
    """It may be closed after the token was looked at, and before the settings are."""
    table, ann = scene.world.table, scene.world.ann.id
    (names,) = await table.query(Range(keys.subjects(ann).part))
    await table.write(Delete(keys.person(ann)), *(Delete(name.key) for name in names))
    return GOOD


# --- conditions -----------------------------------------------------------------------------------------------------
async def another_version(_scene: Scene) -> Wish:
    return Wish(headers={"if-match": '"of-another-version"'})


async def no_condition(_scene: Scene) -> Wish:
    return Wish(headers={"if-match": None})


# --- Idempotency-Key ------------------------------------------------------------------------------------------------
KEYED: Final = Wish(headers={"idempotency-key": "k1"})


def key_item(scene: Scene) -> Key:
    return keys.idempotency(scene.world.ann.id, "k1")


async def a_key_in_use(scene: Scene) -> Wish:
    (wired,) = [each for each in scene.world.wired if each.endpoint is scene.endpoint]
    wired.once._under_way.add(key_item(scene))  # type: ignore[union-attr]
    return KEYED


async def a_key_of_another_request(scene: Scene) -> Wish:
    answered = Answered("of another request", 201, {}, "application/json", b"{}")
    await scene.world.table.write(Put(key_item(scene), encode(answered), "v"))
    return KEYED


async def a_key_whose_answer_is_secret(scene: Scene) -> Wish:
    assert (await send(scene, KEYED)).is_success
    return KEYED


# --- the home -------------------------------------------------------------------------------------------------------
async def one_request_too_many(scene: Scene) -> Wish:
    world = scene.world
    limit = RateLimit(1, world.clock)
    limit.take(world.ann.id)
    app = Starlette(routes=api_routes(wire(world.services, Issuer(), limit=limit), world.ids.new))
    world.ann.http._transport = httpx.ASGITransport(app)
    return GOOD


def failing(scene: Scene, error: Callable[[], BaseException]) -> None:
    """From now on the table can do nothing for operations, but knows tokens."""
    table, get = scene.world.table, scene.world.table.get

    async def get_or_fail(*wanted: Key) -> Any:
        if all(key.part.startswith("token#") for key in wanted):
            return await get(*wanted)
        raise error()

    async def fail(*_: object) -> Any:
        raise error()

    scene.patch.setattr(table, "get", get_or_fail)
    for verb in ("query", "write"):
        scene.patch.setattr(table, verb, fail)


async def a_table_that_is_away(scene: Scene) -> Wish:
    failing(scene, lambda: UnavailableError("the disk is full", 7))
    return GOOD


async def a_mistake_of_ours(scene: Scene) -> Wish:
    failing(scene, lambda: ZeroDivisionError("an inside that is nobody's business"))
    scene.patch.setattr(openapi, "_served", lambda: 1 / 0)
    return GOOD


async def overtaken(scene: Scene) -> Wish:
    """Somebody else is always faster with what this request changes."""

    async def collide(*changes: Change) -> None:
        own = ("head#", "log#", "idem#")
        held = (each.key for each in changes if each.expect is not None and not each.key.part.startswith(own))
        raise ConflictError(next(held))

    scene.patch.setattr(scene.world.table, "write", collide)
    return GOOD


BY_DECLARATION: Final[dict[str, Scenario]] = {
    "malformed": an_unknown_parameter,
    "unauthorized": no_token,
    "insufficient-scope": a_scope_too_few,
    "not-found": an_account_that_is_gone,
    "idempotency-key-in-use": a_key_in_use,
    "idempotency-key-reused": a_key_of_another_request,
    "answer-not-kept": a_key_whose_answer_is_secret,
    "precondition-failed": another_version,
    "precondition-required": no_condition,
    "too-large": too_many_bytes,
    "unsupported-media-type": another_content_type,
    "invalid": an_unknown_field,
    "too-many-requests": one_request_too_many,
    "internal": a_mistake_of_ours,
    "unavailable": a_table_that_is_away,
}
"""For what a declaration implies: a scope, a body, an Idempotency-Key, a need of the person."""


def by_id(endpoint: Endpoint, kind: ProblemKind) -> Scenario | None:
    """For what a handler declares, and is met alike wherever it is declared."""
    if kind.slug in ("precondition-failed", "precondition-required"):
        return BY_DECLARATION[kind.slug]
    return nobodys_ids if kind.slug == "not-found" and "{" in endpoint.path else None
