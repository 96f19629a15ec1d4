"""The edge of HTTP: methods, paths, bodies and queries as only a broken or hostile client sends them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from aurora_time.http.endpoint import MAX_BODY_BYTES
from tests.api.world import World, day, pointers, problem_of, timed

MENDED = pytest.mark.inside("the emulated gateway mends what is not UTF-8")
GOOD = json.dumps({"summary": "x", "start": day("2026-11-23")})


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/events/",
        "/v1/events/a/b/c/d",
        "/v1//events",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PROPFIND"])
async def test_an_unknown_path_is_a_problem_too(world: World, path: str, method: str) -> None:
    await world.ann.refused(404, method, path)
    assert (await world.ann.ask("HEAD", path)).content == b""


async def test_what_is_no_path_of_the_api_is_the_web_apps_business_on_one_machine(world: World) -> None:
    """On AWS the web app has an address of its own, and the API answers at each path of its own."""
    answer = await world.ann.ask("GET", "/v10/events")
    by_the_api = answer.headers["content-type"] == "application/problem+json"
    assert by_the_api is (world.everywhere is not None)


@pytest.mark.inside("the emulated gateway answers OPTIONS itself")
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/events", "GET, HEAD, OPTIONS, POST"),
        ("/v1/events/x", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        ("/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
    ],
)
async def test_other_methods_are_told_which_there_are(world: World, path: str, allowed: str) -> None:
    answer = await world.ann.ask("PROPFIND", path)
    assert allowed in problem_of(answer, 405)["detail"]
    assert answer.headers["allow"] == allowed
    options = await world.http.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, allowed, b"")


async def test_head_is_get_without_the_body(world: World) -> None:
    event = await world.ann.event()
    for path, status in ((f"/v1/events/{event['id']}", 200), ("/v1/events/x", 404)):
        got, head = [await world.ann.ask(method, path) for method in ("GET", "HEAD")]
        assert (got.status_code, head.status_code, head.content) == (status, status, b"")
        assert head.headers["content-length"] == str(len(got.content))
        assert {**head.headers, "request-id": ""} == {**got.headers, "request-id": ""}


async def test_answers_are_private_and_named(world: World) -> None:
    for path in ("/v1/me", "/v1/nothing", "/v1/events/x", "/healthz"):
        headers = (await world.ann.ask("GET", path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers["request-id"]) == 22


BROKEN: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("half", b'{"summary": "x"'),
    ("not utf-8", b'{"summary": "\xff\xfe", "start": {"date": "2026-11-23"}}'),
    ("utf-16", GOOD.encode("utf-16")),
    ("byte order mark", b"\xef\xbb\xbf" + GOOD.encode()),
    ("lone surrogate", b'{"summary": "\\ud800", "start": {"date": "2026-11-23"}}'),
    ("two values", GOOD.encode() * 2),
    ("nan", b'{"summary": NaN}'),
    ("form", b"summary=x"),
]


@pytest.mark.parametrize(
    "body", [pytest.param(body, id=name, marks=MENDED if name == "not utf-8" else ()) for name, body in BROKEN]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_what_is_not_json_is_malformed(world: World, method: str, body: bytes) -> None:
    path = "/v1/events"
    if method != "POST":
        path += "/" + (await world.ann.event())["id"]
    before = world.content()
    problem = problem_of(await world.ann.ask(method, path, body, if_match="*"), 400)
    assert problem["type"] == "/problems#malformed"
    assert world.content() == before


@pytest.mark.parametrize("depth", [3, 100, 150, 400, 900, 990, 5_000])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_deep_nesting_is_bad_input_however_deep(world: World, method: str, depth: int) -> None:
    path = "/v1/events"
    if method != "POST":
        path += "/" + (await world.ann.event())["id"]
    body = b'{"summary":' + b'{"x":' * depth + b"1" + b"}" * depth + b"}"
    answer = await world.ann.ask(method, path, body, if_match="*")
    problem_of(answer, 400 if answer.status_code == 400 else 422)


@pytest.mark.parametrize(
    "body", [b'{"summary": 1e999999}', b'{"x":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 400_000, b"7", b"null"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_what_is_hardly_json_is_refused(world: World, method: str, body: bytes) -> None:
    path = "/v1/events"
    if method != "POST":
        path += "/" + (await world.ann.event())["id"]
    answer = await world.ann.ask(method, path, body, if_match="*")
    problem = problem_of(answer, 400 if answer.status_code == 400 else 422)
    assert "..." not in str(problem.get("errors"))


async def test_of_a_name_that_comes_twice_the_last_counts(world: World) -> None:
    """RFC 8259 leaves it open; we do what nearly all parsers do."""
    body = '{"summary": "first", "summary": "last", "start": {"date": "2026-11-23"}}'
    assert (await world.ann.ask("POST", "/v1/events", body)).json()["summary"] == "last"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "application/jsonx", "", "application/problem+json"]
)
async def test_another_content_type_is_refused(world: World, media: str) -> None:
    before = world.content()
    answer = await world.ann.ask("POST", "/v1/events", GOOD, content_type=media)
    assert "application/json" in problem_of(answer, 415)["detail"]
    assert answer.headers["accept"] == "application/json"
    assert world.content() == before


async def test_content_types_that_are_taken(world: World) -> None:
    for media in ("application/json", "Application/JSON; charset=utf-8"):
        assert (await world.ann.ask("POST", "/v1/events", GOOD, content_type=media)).status_code == 201
    event = await world.ann.event()
    for media in ("application/json", "application/merge-patch+json"):
        path = f"/v1/events/{event['id']}"
        assert (await world.ann.ask("PATCH", path, '{"summary": "y"}', content_type=media)).status_code == 200
    refused = await world.ann.ask("POST", "/v1/events", GOOD, content_type="application/merge-patch+json")
    problem_of(refused, 415)


async def test_a_body_that_is_too_large_is_refused(world: World) -> None:
    before = world.content()
    problem_of(await world.ann.ask("POST", "/v1/events", b"x" * (MAX_BODY_BYTES + 1)), 413)
    assert world.content() == before


async def test_a_body_that_never_ends_is_not_read_on(world: World) -> None:
    """On AWS the gateway has read what a function is given."""
    world.by_server()
    before = world.content()
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 100_000

    answer = await world.ann.http.post("/v1/events", content=endless(), headers={"content-type": "application/json"})
    problem_of(answer, 413)
    assert sent < 20
    assert world.content() == before


async def raw(world: World, messages: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    """What the app sends when it receives just these messages."""
    token = dict(world.ann.http.headers)["authorization"].encode()
    scope = {
        "type": "http", "method": "POST", "path": "/v1/events", "raw_path": b"/v1/events", "root_path": "",
        "query_string": b"", "headers": [(b"authorization", token), (b"content-type", b"application/json")],
        "http_version": "1.1", "scheme": "http", **more,
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await world.app(scope, receive, send)
    return sent


async def test_half_a_body_of_a_client_that_went_away_does_nothing(world: World) -> None:
    """Even when that half is good JSON."""
    before = world.content()
    half = {"type": "http.request", "body": GOOD.encode(), "more_body": True}
    assert await raw(world, [half, {"type": "http.disconnect"}]) == []
    assert world.content() == before


async def test_a_body_in_pieces(world: World) -> None:
    pieces: list[dict[str, Any]] = [
        {"type": "http.request", "body": bytes([byte]), "more_body": True} for byte in GOOD.encode()
    ]
    started, _ = await raw(world, [*pieces, {"type": "http.request"}])
    assert started["status"] == 201


async def test_lines_of_one_header_are_one_list(world: World) -> None:
    event = await world.ann.event()
    token = dict(world.ann.http.headers)["authorization"].encode()
    headers = [(b"authorization", token), (b"if-match", b'"x"'), (b"if-match", f'"{event["etag"]}"'.encode())]
    started, _ = await raw(world, [], method="DELETE", path=f"/v1/events/{event['id']}", headers=headers)
    assert started["status"] == 204
    started, _ = await raw(world, [], method="GET", headers=[(b"authorization", token)] * 2)
    assert started["status"] == 401


async def test_a_query_of_thousands_of_parameters(world: World) -> None:
    problem_of(await world.ann.ask("GET", "/v1/events?" + "&".join(["calendarId=x"] * 5_000)), 400)


async def test_a_query_that_is_not_utf_8(world: World) -> None:
    for query in ("from=%ff&to=%fe", "%ff=1", "cursor=%00", "from=\u00e9&to=\u00e9"):
        problem_of(await world.ann.ask("GET", f"/v1/events?{query}"), 400)


async def test_a_body_where_none_is_wanted_is_not_looked_at(world: World) -> None:
    assert (await world.ann.ask("GET", "/v1/me", b"rubbish")).status_code == 200


async def test_parameters_where_none_are_known(world: World) -> None:
    before = world.content()
    problem = await world.ann.refused(400, "POST", "/v1/events?notify=true", GOOD)
    assert pointers(problem) == ["?notify"]
    assert world.content() == before


@pytest.mark.inside("twenty-eight at once are as many processes that start, more than a desk carries in time")
async def test_one_writer_of_many_events_leaves_no_gap(world: World) -> None:
    await asyncio.gather(*(world.ann.event(start=timed(f"2026-11-{n:02}T09:00:00")) for n in range(1, 29)))
    log = sorted(sort for part, sort in world.content() if part == f"log#{world.ann.id}")
    assert [int(sort) for sort in log] == list(range(1, len(log) + 1))
    assert len(log) == 29
