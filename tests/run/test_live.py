"""``/live`` says that something changed, to whom it belongs and nobody else, and never keeps the server from ending."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aurora_time.http.endpoint import Caller
from aurora_time.run import live
from aurora_time.run.wiring import Home
from tests.run.aurora_process import Running, aurora, running
from tests.run.conftest import InHome

EVENT = {"summary": "Tea", "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    data = tmp_path_factory.mktemp("live")
    with running(data) as started:
        yield started, data


def bearer(data: Path, who: str) -> dict[str, str]:
    secret = aurora("user", "add", who, "--token", "--data", data).stdout.strip()
    return {"Authorization": f"Bearer {secret}"}


def next_word(lines: Iterator[str]) -> str:
    """The next line that is not empty."""
    return next(line for line in lines if line)


def test_a_change_is_told_to_its_owner_only(server: tuple[Running, Path]) -> None:
    home, data = server
    ann, bob = bearer(data, "ann@example.org"), bearer(data, "bob@example.org")
    with httpx.stream("GET", f"{home.url}/live", headers=ann, timeout=10) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next_word(lines) == "retry: 2000"
        assert home.ask("POST", "/v1/events", EVENT, **bob).status == 201
        assert home.ask("POST", "/v1/events", EVENT, **ann).status == 201
        assert next_word(lines) == "event: change"
        assert next_word(lines) == "data: {}"
        assert home.ask("POST", "/v1/events", {**EVENT, "summary": "Again"}, **ann, Idempotency_Key="one").status == 201
        assert next_word(lines) == "event: change"


def test_whoever_is_signed_out_hears_of_it_at_once_and_of_nothing_more(server: tuple[Running, Path]) -> None:
    home, data = server
    dan = bearer(data, "dan@example.org")
    with httpx.stream("GET", f"{home.url}/live", headers=dan, timeout=10) as stream:
        lines = stream.iter_lines()
        assert next_word(lines) == "retry: 2000"
        assert home.ask("DELETE", "/v1/sessions?tokens=true", **dan).status == 204
        assert [line for line in lines if line] == ["event: change", "data: {}"]
    assert home.ask("GET", "/live", **dan).status == 401


def test_an_account_that_is_deleted_is_told_to_all_its_windows(server: tuple[Running, Path]) -> None:
    home, data = server
    fay = bearer(data, "fay@example.org")
    with httpx.stream("GET", f"{home.url}/live", headers=fay, timeout=10) as stream:
        lines = stream.iter_lines()
        assert next_word(lines) == "retry: 2000"
        assert home.ask("DELETE", "/v1/me", **fay).status == 202
        assert [line for line in lines if line] == ["event: change", "data: {}"]


def test_without_a_good_token_nothing_is_told(server: tuple[Running, Path]) -> None:
    home, _ = server
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YQ=="}):
        answer = home.ask("GET", "/live", **headers)
        assert (answer.status, answer.json["type"]) == (401, "/problems#unauthorized")


def test_a_token_that_may_not_read_changes_is_refused(server: tuple[Running, Path]) -> None:
    home, data = server
    ann = bearer(data, "ann@example.org")
    made = home.ask("POST", "/v1/tokens", {"name": "calendars", "scopes": ["calendars:read"]}, **ann)
    answer = home.ask("GET", "/live", Authorization=f"Bearer {made.json['secret']}")
    assert answer.status == 403
    assert answer.json["type"] == "/problems#insufficient-scope"


def test_nobody_has_more_than_so_many_streams(server: tuple[Running, Path]) -> None:
    home, data = server
    eve = bearer(data, "eve@example.org")
    with httpx.Client(timeout=10, limits=httpx.Limits(max_connections=None)) as client:
        streams = [client.send(client.build_request("GET", f"{home.url}/live", headers=eve), stream=True)
                   for _ in range(live.MOST)]  # fmt: skip
        heard = [stream.iter_lines() for stream in streams]  # kept: one that is let go of closes its stream
        assert [next_word(lines) for lines in heard] == ["retry: 2000"] * live.MOST
        assert home.ask("GET", "/live", **eve).status == 429
        for stream in streams:
            stream.close()


def test_a_window_that_is_closed_leaves_nothing_waiting_in_the_server(in_home: InHome) -> None:
    """A task that waits on is destroyed some time later, which the log tells as an error."""

    async def good(token: str) -> Caller:
        return Caller("ann", frozenset({live.SCOPE}))

    async def scenario(home: Home) -> None:
        before = asyncio.all_tasks()
        stream = live.Live(home.services, good)._stream("ann", "token")
        assert await anext(stream) == "retry: 2000\n\n"
        listening = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)  # it waits now
        assert len(asyncio.all_tasks() - before) > 1
        listening.cancel()  # as the server does with whoever hangs up
        await asyncio.wait([listening])
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == before

    in_home(scenario)


def test_a_server_that_stops_ends_its_streams_as_it_should(tmp_path: Path) -> None:
    ann = bearer(tmp_path, "ann@example.org")
    with running(tmp_path) as home, httpx.stream("GET", f"{home.url}/live", headers=ann, timeout=20) as stream:
        lines = stream.iter_lines()
        assert next_word(lines) == "retry: 2000"
        home.process.terminate()
        for _ in lines:  # to its end: a connection that is cut off raises here
            pass
        assert home.process.wait(20) == 0
