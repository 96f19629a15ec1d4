"""Cold starts on AWS: each function as a process of its own on the package that is shipped, from start to first answer.

What is measured is CPU, the start of Python included. The table answers at once (a stub with one person in it), so that
nothing but our own work is in the figure.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from aurora_time.api import ENDPOINTS, FILES
from aurora_time.operations.people import SCOPES
from aurora_time.ports import Item, Key
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.people import Person, Subject
from benchmarks.measure import Figure
from tools.environment import Environment
from tools.lambda_package import MOST_BYTES, build, zipped
from tools.lambda_process import ask

GOAL: Final = 500.0
"""Milliseconds of CPU."""
_TRIES: Final = 2
_OWNER: Final = "A" * 22


class _Stub(BaseHTTPRequestHandler):
    """DynamoDB, the issuer and the queue, as far as a first answer asks them."""

    protocol_version = "HTTP/1.1"
    items: dict[Key, bytes]
    documents: dict[str, object]

    def log_request(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        self._reply(self.documents[self.path])

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._reply(self._answer(self.headers.get("x-amz-target", "").split(".")[-1], asked))

    def _answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetItem":
            found = self._item(asked["Key"])
            return {"Item": found} if found else {}
        puts = [asked] if operation == "PutItem" else [each.get("Put") for each in asked.get("TransactItems", ())]
        for put in filter(None, puts):
            key = Key(put["Item"]["p"]["S"], put["Item"]["s"]["S"])
            self.items[key] = base64.b64decode(put["Item"]["b"]["B"])
        if operation == "BatchGetItem":
            return {"Responses": {}, "UnprocessedKeys": {}}
        return {"Items": [], "Count": 0, "ScannedCount": 0, "Successful": [], "Failed": []}

    def _item(self, key: dict[str, Any]) -> dict[str, Any] | None:
        body = self.items.get(Key(key["p"]["S"], key["s"]["S"]))
        return None if body is None else {**key, "b": {"B": base64.b64encode(body).decode()}, "v": {"S": "1"}}

    def _reply(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _stub() -> Iterator[tuple[str, str]]:
    """Its address, and an access token of somebody whom its table knows."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stub)
    url = f"http://127.0.0.1:{server.server_port}"
    now, key = int(time.time()), RSAKey.generate_key(2048)
    key.ensure_kid()
    person = Person(_OWNER, "an@example.org", "An", "Asia/Ho_Chi_Minh", "vi", now, now)
    items = [
        Item(keys.subject(url, "sub"), encode(Subject(_OWNER)), "1"),
        Item(keys.person(_OWNER), encode(person), "1"),
    ]
    _Stub.items = {item.key: item.body for item in items}
    discovery = {"issuer": url, "jwks_uri": f"{url}/keys"}
    _Stub.documents = {
        "/.well-known/openid-configuration": discovery,
        "/keys": {"keys": [key.as_dict(private=False)]},
    }
    claims = {"iss": url, "sub": "sub", "client_id": "web", "token_use": "access", "iat": now, "exp": now + 3_600}
    scope = " ".join(f"aurora/{each}" for each in SCOPES)
    token = jwt.encode({"alg": "RS256", "kid": key.kid}, {**claims, "scope": scope}, key)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield url, token
    finally:
        server.shutdown()


def _request(file: str, token: str) -> dict[str, Any]:
    """The first that a file answers without an id."""
    found = [each for each in ENDPOINTS if each.tag == file and "{" not in each.path]
    first = next((each for each in found if each.method == "GET"), found[0] if found else None)
    path, method = (first.path, first.method) if first else ("/v1/events/{eventId}/occurrences", "GET")
    query = "from=2026-11-23&to=2026-11-30" if file in ("events", "occurrences") else ""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    http = {"method": method, "path": path}
    return {"routeKey": f"ANY {path}", "rawQueryString": query, "headers": headers, "body": "{}",
            "pathParameters": {"eventId": "x"} if "{" in path else {}, "requestContext": {"http": http}}  # fmt: skip


def _events(token: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """By the name of a function: its module, and an event that it answers."""
    rest = {file: ("rest", _request(file, token)) for file in FILES}
    message = {"messageId": "1", "body": json.dumps(["due#0000", "100000000000#x#o:x", 0])}
    user = {"sub": "sub", "email": "an@example.org", "email_verified": "true", "locale": "vi"}
    asked = {"userAttributes": user, "codeParameter": "{####}"}
    http = {"method": "GET", "path": "/book/an", "sourceIp": "203.0.113.7"}
    page = {"rawPath": "/book/an", "rawQueryString": "", "headers": {}, "requestContext": {"http": http}}
    return {
        **rest,
        "pages": ("pages", page),
        "sweep": ("sweep", {}),
        "ring": ("ring", {"Records": [message]}),
        "feedback": ("feedback", {"Records": [{"Sns": {"Message": json.dumps({"eventType": "Delivery"})}}]}),
        "users": ("users", {"triggerSource": "CustomMessage_SignUp", "request": asked, "response": {}}),
    }


def _environ(url: str, function: str) -> dict[str, str]:
    return {
        "AURORA_TABLE": "dynamodb:aurora", "AURORA_PUBLIC_URL": "https://time.example.org", "AURORA_FUNCTION": function,
        "AURORA_ISSUER": url, "AURORA_CLIENT_ID": "web", "AURORA_QUEUE": f"{url}/queue",
        "AURORA_MAIL_FROM": "Aurora Time <aurora@example.org>",
        "AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
    }  # fmt: skip


def run() -> list[Figure]:
    with TemporaryDirectory() as folder, _stub() as (url, token):
        package = build(Environment(), Path(folder) / "lambda", here=True)
        size = zipped(package, package.with_suffix(".zip"))
        figures = [Figure("cold", "the package, zipped", size / 1e6, "MB", MOST_BYTES / 1e6)]
        for name, (module, event) in _events(token).items():
            measured = [ask(package, module, _environ(url, name), event)[0] for _ in range(_TRIES)]
            answer = measured[0].said
            status = answer.get("statusCode") if isinstance(answer, dict) else None
            what = f"{name}: start to first answer" + (f" ({status})" if status else "")
            figures.append(Figure("cold", what, 1e3 * min(each.seconds for each in measured), "ms CPU", GOAL))
    return figures
