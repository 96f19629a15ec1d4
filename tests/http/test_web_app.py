"""The web app's files: what browsers may keep, in which form they get it, and that nothing else is served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.http.web_app import WebAppFiles

Get = Callable[..., httpx.Response]


@pytest.fixture
def get(tmp_path: Path) -> Get:
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<p>the app</p>")
    (folder / "worker.js").write_text("// keeps")
    (folder / "stamp.txt").write_text("secret")
    (folder / "assets" / "index-abc.js").write_text("plain")
    (folder / "assets" / "index-abc.js.gz").write_bytes(b"gz")
    (folder / "assets" / "index-abc.js.br").write_bytes(b"br")
    (tmp_path / "private.js").write_text("not yours")
    files = WebAppFiles(folder, "https://issuer.example")
    carrier = httpx.ASGITransport(Starlette(routes=files.routes()))

    async def ask(path: str, headers: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(transport=carrier, base_url="http://aurora.test") as client:
            request = client.build_request("GET", path, headers=headers)
            answer = await client.send(request, stream=True)
            # As it came: what is packed here is no real gzip.
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
            await answer.aclose()
            kept = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
            kept["packed-as"] = answer.headers.get("content-encoding", "")
            return httpx.Response(answer.status_code, headers=kept, content=raw)

    return lambda path, accept="identity": asyncio.run(ask(path, {"accept-encoding": accept}))


def test_a_file_whose_name_has_its_hash_is_kept_for_ever(get: Get) -> None:
    answer = get("/app/assets/index-abc.js")
    assert answer.text == "plain"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "br"), ("gzip;q=1.0", "gzip"), ("deflate", ""), ("", "")]
)
def test_the_smallest_form_that_a_browser_takes_is_sent(get: Get, accepted: str, encoding: str) -> None:
    answer = get("/app/assets/index-abc.js", accepted)
    assert answer.headers["packed-as"] == encoding
    assert answer.content == {"br": b"br", "gzip": b"gz"}.get(encoding, b"plain")
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/app/", "/app/week/2026-11-23", "/app/unknown.js", "/app/stamp.txt"])
def test_every_address_of_the_app_is_its_page_asked_for_each_time(get: Get, path: str) -> None:
    answer = get(path)
    assert (answer.status_code, answer.text) == (200, "<p>the app</p>")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/app/assets/index-old.js", "/app/assets/"])
def test_a_file_of_another_version_is_not_the_page(get: Get, path: str) -> None:
    answer = get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_the_page_runs_only_its_own_scripts_and_speaks_only_to_home_and_issuer(get: Get) -> None:
    policy = get("/app/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == "'self' https://issuer.example"
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/app/../private.js", "/app/%2e%2e/private.js", "/app/..%2fprivate.js"])
def test_nothing_outside_of_the_folder_is_served(get: Get, path: str) -> None:
    assert "not yours" not in get(path).text


def test_the_worker_is_asked_for_each_time_so_that_a_new_version_is_found(get: Get) -> None:
    assert get("/app/worker.js").headers["cache-control"] == "no-cache"


def test_the_folder_without_its_slash_leads_to_the_app(get: Get) -> None:
    answer = get("/app")
    assert (answer.status_code, answer.headers["location"]) == (308, "/app/")


def test_an_app_that_was_not_built_is_not_there(tmp_path: Path) -> None:
    assert not WebAppFiles(tmp_path, "https://issuer.example").is_there
