"""The carrier for one process, on endpoints of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec
import structlog
from starlette.applications import Starlette

from aurora_time.http.dispatch import Wired
from aurora_time.http.endpoint import Caller, Endpoint, Reply, Request, Shape, endpoint, json_reply, raw_json_reply
from aurora_time.http.problem import CONFLICT, Problem
from aurora_time.run.asgi import api_routes


class Told(msgspec.Struct):
    word: str


@endpoint("GET", "/v1/words/{wordId}", needs=(), scope="words:read", shape=Shape(answer=Told))
async def get_word(_services: object, request: Request) -> Reply:
    """Read a word."""
    return json_reply(Told(f"{request.parameters['wordId']} for {request.caller.person_id}"), "v1")


@endpoint("POST", "/v1/words", needs=(), scope=None, shape=Shape(body=Told, answer=Told, status=201))
async def say_word(_services: object, request: Request) -> Reply:
    """Say a word."""
    word = request.body.word
    if word == "oops":
        raise RuntimeError("secret inside")
    if word == "taken":
        raise Problem(CONFLICT, "Say another.", headers={"retry-after": "1"})
    if word == "typed":
        raise KeyError("known")
    if word == "other":
        raise LookupError("not known to the translation")
    return raw_json_reply(b'{"word":"said"}')


async def authenticate(token: str) -> Caller | None:
    return Caller(token, frozenset({"words:read"})) if token == "ann" else None


def translate(error: Exception) -> Problem | None:
    return Problem(CONFLICT, "Translated.") if isinstance(error, KeyError) else None


def wired(each: Endpoint) -> Wired:
    return Wired(each, None, authenticate, translate, (LookupError,))


def ask(method: str, path: str, **more: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        app = Starlette(routes=api_routes([wired(get_word), wired(say_word)], lambda: "request-7"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://aurora.test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(once())


def test_a_reply_bears_its_headers() -> None:
    answer = ask("GET", "/v1/words/hello", headers={"authorization": "bearer  ann "})
    assert answer.json() == {"word": "hello for ann"}
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["request-id"] == "request-7"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_problem_keeps_its_headers_and_names_the_request() -> None:
    answer = ask("POST", "/v1/words", json={"word": "taken"})
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
    assert answer.json()["instance"] == "/requests/request-7"


def test_a_typed_error_is_translated() -> None:
    assert ask("POST", "/v1/words", json={"word": "typed"}).json()["detail"] == "Translated."


def test_what_nobody_foresaw_is_logged_and_told_without_its_inside() -> None:
    for word, raised in (("oops", RuntimeError), ("other", LookupError)):
        with structlog.testing.capture_logs() as logs:
            answer = ask("POST", "/v1/words", json={"word": word})
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert [(log["event"], log["request_id"], log["operation"]) for log in logs] == [
            ("request failed", "request-7", "sayWord")
        ]
        assert raised is not None


def test_a_path_that_nobody_declared() -> None:
    answer = ask("GET", "/v1/word")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.headers["request-id"] == "request-7"
