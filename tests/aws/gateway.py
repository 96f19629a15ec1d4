"""An HTTP API for httpx: finds the function of a path, hands it the event, and makes a response of its answer."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec

from aurora_time.aws.rest import RestFunction, Soon
from aurora_time.http.dispatch import Wired
from aurora_time.operations.services import Services
from aurora_time.ports import Message, Shelf

PARAMETER = re.compile(r"\\\{(\w+)\\\}")
DEFAULT = "$default"
LAMBDA_TAKES = 6_291_556
"""Bytes of JSON, of an event as of an answer: the quota of synchronous calls."""


class Line:
    """A Queue that takes everything, and in which nobody waits."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, *messages: Message) -> list[Message]:
        self.messages += messages
        return []


class Gateway(httpx.AsyncBaseTransport):
    """Routes as the stack does: every path with all of its methods to the function of its file, all else to one."""

    def __init__(self, wired: Iterable[Wired], services: Services, shelf: Shelf | None = None) -> None:
        soon = Soon(services.clock, None)
        by_tag = groupby(sorted(wired, key=_tag), _tag)
        self._functions = {tag: RestFunction(list(those), services, soon, shelf) for tag, those in by_tag}
        paths = {each.endpoint.path: each.endpoint.tag for each in wired}
        self._routes = [
            (re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path))), path, tag)
            for path, tag in sorted(paths.items(), key=lambda pair: pair[0].count("{"))
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        function, made = self._routed(request, body)
        if len(msgspec.json.encode(made)) > LAMBDA_TAKES:
            return httpx.Response(413, json={"message": "Request Entity Too Large"})
        return response_of(await function(made))

    def _routed(self, request: httpx.Request, body: bytes) -> tuple[RestFunction, dict[str, Any]]:
        raw, _, query = request.url.raw_path.decode().partition("?")
        for pattern, path, tag in self._routes:
            found = pattern.fullmatch(raw)
            if found:
                parameters = {name: unquote(value) for name, value in found.groupdict().items()}
                made = event(request, f"ANY {path}", query, body) | {"pathParameters": parameters}
                return self._functions[tag], made
        return self._functions["system"], event(request, DEFAULT, query, body)


def response_of(answer: dict[str, Any]) -> httpx.Response:
    """What the gateway makes of a function's answer."""
    content = answer.get("body", "").encode()
    if answer.get("isBase64Encoded"):
        content = base64.b64decode(content)
    headers = [("content-length", str(len(content))), *answer["headers"].items()]
    if "content-length" in answer["headers"] or answer["statusCode"] in (204, 304):
        del headers[0]
    headers += [("set-cookie", each) for each in answer.get("cookies", ())]
    return httpx.Response(answer["statusCode"], headers=headers, content=content)


def event(request: httpx.Request, route: str, query: str, body: bytes) -> dict[str, Any]:
    headers: dict[str, str] = {}
    for name, value in request.headers.multi_items():
        headers[name.lower()] = f"{headers[name.lower()]},{value}" if name.lower() in headers else value
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.url.path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {"http": {"method": request.method, "path": request.url.path}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    if body:
        try:
            # Whatever says that it is text is taken for it, packed or not.
            is_text = headers.get("content-type", "").startswith("text/")
            made["body"] = body.decode(errors="replace" if is_text else "strict")
        except UnicodeDecodeError:
            made |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return made


def _tag(wired: Wired) -> str:
    return wired.endpoint.tag
