"""An ASGI application as a function: an event of the HTTP API (payload format 2.0) in, its whole answer out."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message, Scope

from aurora_time.aws.carrier import Event


async def ask(app: ASGIApp, event: Event, public_url: str) -> Event:
    """What the app answers; it is as if it were asked at the home's own address."""
    text = event.get("body") or ""
    body = b64decode(text) if event.get("isBase64Encoded") else text.encode()
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    await app(_scope(event, public_url), receive, send)
    return _answer(told, with_body=event["requestContext"]["http"]["method"] != "HEAD")


def _scope(event: Event, public_url: str) -> Scope:
    http, home = event["requestContext"]["http"], urlsplit(public_url)
    path, headers = event["rawPath"], dict(event.get("headers", {}))
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": http["method"],
        "scheme": home.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": event.get("rawQueryString", "").encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        "client": (asker(headers, http.get("sourceIp", "")), 0),
        "server": (home.hostname, home.port or 443),
    }


def asker(headers: dict[str, str], source: str) -> str:
    """The address of who asks. The last one that is forwarded is CloudFront's, whom the gateway saw; the one before is
    who CloudFront saw. Whoever asks the gateway itself may name anybody: so what is counted by address is counted by
    schedule and by e-mail address, too.
    """
    forwarded = [each.strip() for each in headers.get("x-forwarded-for", "").split(",")]
    return forwarded[-2] if len(forwarded) > 1 else source


def _answer(told: list[Message], *, with_body: bool) -> Event:
    """The gateway sets Content-Length itself, but for what HEAD leaves out, and wants cookies apart."""
    head, *parts = told
    made: dict[str, Any] = {"statusCode": head["status"], "headers": {}}
    for raw, value in head["headers"]:
        name = raw.decode().lower()
        if name == "set-cookie":
            made.setdefault("cookies", []).append(value.decode("latin-1"))
        elif name != "content-length" or not with_body:
            made["headers"][name] = value.decode("latin-1")
    body = b"".join(part.get("body", b"") for part in parts) if with_body else b""
    try:
        return made | {"body": body.decode()}
    except UnicodeDecodeError:
        return made | {"body": b64encode(body).decode(), "isBase64Encoded": True}
