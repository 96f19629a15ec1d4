"""Pages, static files and posted forms, whatever they are about."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import jinja2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aurora_time.http.page import (
    MAX_FORM,
    FormError,
    environment,
    page,
    read_fields,
    read_form,
    redirect,
    same_origin,
    static_route,
    static_url,
)

STATIC = Path(__file__).parents[2] / "src/aurora_time/http/static"
FORM = "application/x-www-form-urlencoded"


def ask(app: Any, method: str, path: str, **more: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here.example") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


@pytest.fixture
def templates(tmp_path: Path) -> jinja2.Environment:
    text = (
        '{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}{% block body %}{{ title }}{% endblock %}'
    )
    (tmp_path / "one.html").write_text(text)
    (tmp_path / "broken.html").write_text("{{ nothing }}")
    return environment(tmp_path)


# --- pages ------------------------------------------------------------------------------------------------------------
def test_what_is_put_into_a_page_is_escaped(templates: jinja2.Environment) -> None:
    made = page(templates, "one.html", {"lang": "vi", "title": "<script>"})
    text = bytes(made.body).decode()
    assert "<script>" not in text
    assert "<title>&lt;script&gt; · Aurora Time</title>" in text
    assert '<html lang="vi">' in text
    assert static_url("aurora.css") in text


def test_a_name_that_is_not_there_is_a_mistake(templates: jinja2.Environment) -> None:
    with pytest.raises(jinja2.UndefinedError):
        page(templates, "broken.html", {})


def test_a_page_is_strict(templates: jinja2.Environment) -> None:
    made = page(templates, "one.html", {"lang": "en", "title": "x"}, 418, ("https://app.example",))
    assert made.status_code == 418
    assert made.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
        "form-action 'self' https://app.example; frame-ancestors 'none'; base-uri 'none'"
    )
    assert made.headers["cache-control"] == "no-store"
    assert made.headers["x-content-type-options"] == "nosniff"
    assert made.headers["content-type"] == "text/html; charset=utf-8"


def test_a_redirect_is_not_stored() -> None:
    made = redirect("/next")
    assert (made.status_code, made.headers["location"]) == (303, "/next")
    assert made.headers["cache-control"] == "no-store"


# --- static files -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("aurora.css", "text/css; charset=utf-8"),
        ("zone.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_a_static_file_is_kept_for_ever_under_the_name_of_its_content(name: str, kind: str) -> None:
    app = Starlette(routes=[static_route()])
    got = ask(app, "GET", static_url(name))
    assert got.content == (STATIC / name).read_bytes()
    assert got.headers["content-type"] == kind
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/aurora.css", "/static/aurora.000000000000.css", "/static/..%2fpage.py"])
def test_no_other_name_is_served(path: str) -> None:
    refused = ask(Starlette(routes=[static_route()]), "GET", path)
    assert refused.status_code == 404
    assert "immutable" not in refused.headers.get("cache-control", "")


def test_an_unknown_static_file_is_a_mistake_of_the_template() -> None:
    with pytest.raises(KeyError):
        static_url("nothing.css")


def test_the_style_sheet_is_small_and_asks_nobody_else() -> None:
    text = (STATIC / "aurora.css").read_text()
    assert len(text.encode()) < 16_000
    assert "url(" not in text
    assert "@import" not in text


# --- forms ------------------------------------------------------------------------------------------------------------
async def _echo(request: Request) -> Response:
    try:
        return PlainTextResponse(str(await read_fields(request)))
    except FormError as error:
        return PlainTextResponse(str(error), error.status)


async def _echo_once(request: Request) -> Response:
    try:
        return PlainTextResponse(str(await read_form(request)))
    except FormError as error:
        return PlainTextResponse(str(error), error.status)


ECHO = Starlette(routes=[Route("/fields", _echo, methods=["POST"]), Route("/form", _echo_once, methods=["POST"])])


def post(path: str, content: bytes, kind: str = FORM) -> httpx.Response:
    return ask(ECHO, "POST", path, content=content, headers={"Content-Type": kind})


def test_fields_are_read_in_order_with_repeats_and_empty_ones() -> None:
    got = post("/fields", b"day=MO&day=TU&note=&name=Ph%E1%BB%9F+b%C3%B2", f"{FORM}; charset=UTF-8")
    assert got.text == "[('day', 'MO'), ('day', 'TU'), ('note', ''), ('name', 'Phở bò')]"


def test_a_form_has_each_field_once() -> None:
    assert post("/form", b"a=1&b=2").text == "{'a': '1', 'b': '2'}"
    assert post("/form", b"a=1&a=2").status_code == 400


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"a=" + b"x" * (MAX_FORM - 2), FORM, 200),
        (b"a=" + b"x" * (MAX_FORM - 1), FORM, 413),
        (b"{}", "application/json", 415),
        (b"a=1", "", 415),
        (b"a=\xff", FORM, 400),
        (b"a=%ff", FORM, 400),
        (b"&".join(b"a=1" for _ in range(201)), FORM, 400),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(content: bytes, kind: str, status: int) -> None:
    assert post("/fields", content, kind).status_code == status


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({}, True),
        ({"origin": "https://time.example"}, True),
        ({"origin": "http://here.example", "host": "here.example"}, True),
        ({"origin": "http://here.example:81", "host": "here.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://time.example"}, False),
    ],
)
def test_where_a_form_comes_from(headers: dict[str, str], same: bool) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "POST", "headers": raw})
    assert same_origin(request, "https://time.example") is same


def test_the_pages_have_the_colours_of_the_app_by_day_and_by_night() -> None:
    root = Path(__file__).parents[2]
    pages, app = (
        [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", block)) for block in css.read_text().split(":root {")[1:3]]
        for css in (root / "src/aurora_time/http/static/aurora.css", root / "web/src/styles/tokens.css")
    )
    for of_pages, of_app in zip(pages, app, strict=True):
        both = of_pages.keys() & of_app.keys()
        assert len(both) >= 11
        assert {name: of_pages[name] for name in both} == {name: of_app[name] for name in both}
