"""A page that fails in a way nobody foresaw: the person gets a page with an id, the log gets the rest."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from aurora_time.run.asgi import LastCarrier

pytestmark = pytest.mark.anyio


async def fail(_: Request) -> Response:
    raise ZeroDivisionError("the inside of the matter")


async def fail_halfway(_: Request) -> Response:
    async def parts():
        yield b"half"
        raise ZeroDivisionError

    return StreamingResponse(parts())


async def fine(_: Request) -> Response:
    return PlainTextResponse("fine")


@pytest.fixture
def client() -> httpx.AsyncClient:
    carrier = Middleware(
        LastCarrier, new_id=lambda: "r1", broken=lambda _, request: PlainTextResponse(f"sorry, {request}", 500)
    )
    routes = [Route("/fail", fail), Route("/half", fail_halfway), Route("/fine", fine)]
    app = Starlette(routes=routes, middleware=[carrier])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


async def test_the_page_names_the_request_and_the_log_has_it_too(client):
    with capture_logs() as logs:
        answer = await client.get("/fail")
    assert (answer.status_code, answer.text) == (500, "sorry, r1")
    assert logs[0]["request_id"] == "r1"


async def test_what_has_begun_is_not_answered_twice(client):
    with capture_logs() as logs:
        answer = await client.get("/half")
    assert answer.text == "half"
    assert len(logs) == 1


async def test_a_page_that_works_goes_through(client):
    assert (await client.get("/fine")).text == "fine"
