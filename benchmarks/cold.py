"""Cold starts on AWS: each function as a process of its own on the package that is shipped, from start to first answer.

What is measured is CPU, the start of Python included. The table answers at once (a stub with one person in it, and one
reminder that is due), so that nothing but our own work is in the figure. What *ring* is asked for ends with a mail, so
the templates are loaded for it, and the client of SES, which takes the mail at once, too.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from aurora_time.aws.functions import Function, functions
from aurora_time.aws.rest import endpoints_for
from aurora_time.domain.moment import DAY
from aurora_time.operations.errands import Errand
from aurora_time.operations.events import create_event
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person
from aurora_time.operations.representation import ReminderOverride, Reminders
from aurora_time.ports import Key
from aurora_time.store import keys
from benchmarks.filling import event, services_of
from benchmarks.measure import Figure
from tools.environment import Environment
from tools.lambda_package import MOST_BYTES, build
from tools.lambda_process import ask

GOAL: Final = 500.0
"""Milliseconds of CPU."""
_TRIES: Final = 2
_SES: Final = "/v2/email/outbound-emails"


@dataclass
class Stub:
    """What functions ask, where it is and what it holds: ``items`` are those of the table, ``token`` is somebody's who
    stands there. ``mails`` counts what was sent.
    """

    url: str
    token: str
    documents: dict[str, object]
    items: dict[Key, bytes] = field(default_factory=dict)
    mails: int = 0


class _Answers(BaseHTTPRequestHandler):
    """DynamoDB, the issuer, SES and the queue, as far as a first answer asks them."""

    protocol_version = "HTTP/1.1"
    stub: Stub

    def log_request(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        self._reply(self.stub.documents[self.path])

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == _SES:
            self.stub.mails += 1
            self._reply({"MessageId": "1"})
            return
        self._reply(self._answer(self.headers.get("x-amz-target", "").split(".")[-1], asked))

    def _answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetItem":
            item = self._item(asked["Key"])
            return {"Item": item} if item else {}
        if operation == "BatchGetItem":
            wanted = {table: each["Keys"] for table, each in asked["RequestItems"].items()}
            found = {table: list(filter(None, map(self._item, keys_))) for table, keys_ in wanted.items()}
            return {"Responses": found, "UnprocessedKeys": {}}
        puts = [asked] if operation == "PutItem" else [each.get("Put") for each in asked.get("TransactItems", ())]
        for put in filter(None, puts):
            key = Key(put["Item"]["p"]["S"], put["Item"]["s"]["S"])
            self.stub.items[key] = base64.b64decode(put["Item"]["b"]["B"])
        return {"Items": [], "Count": 0, "ScannedCount": 0, "Successful": [], "Failed": []}

    def _item(self, key: dict[str, Any]) -> dict[str, Any] | None:
        body = self.stub.items.get(Key(key["p"]["S"], key["s"]["S"]))
        return None if body is None else {**key, "b": {"B": base64.b64encode(body).decode()}, "v": {"S": "1"}}

    def _reply(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def stub() -> Iterator[Stub]:
    """With an empty table."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    url = f"http://127.0.0.1:{server.server_port}"
    now, key = int(time.time()), RSAKey.generate_key(2048)
    key.ensure_kid()
    documents: dict[str, object] = {
        "/.well-known/openid-configuration": {"issuer": url, "jwks_uri": f"{url}/keys"},
        "/keys": {"keys": [key.as_dict(private=False)]},
    }
    claims = {"iss": url, "sub": "sub", "client_id": "web", "token_use": "access", "iat": now, "exp": now + 3_600}
    scope = " ".join(f"aurora/{each}" for each in SCOPES)
    token = jwt.encode({"alg": "RS256", "kid": key.kid}, {**claims, "scope": scope}, key)
    _Answers.stub = Stub(url, token, documents)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield _Answers.stub
    finally:
        server.shutdown()
        server.server_close()


def fill(data: Path, issuer: str) -> dict[Key, bytes]:
    """A table with the person of the token, and a reminder of theirs that has just become due."""
    now = int(time.time())

    async def go() -> None:
        async with services_of(data, now - DAY) as services:
            new = NewPerson("an@example.org", "An", "Asia/Ho_Chi_Minh", "vi")
            owner = await ensure_person(services, issuer, "sub", new)
            ring = Reminders(False, (ReminderOverride(minutes_before=0),))
            await create_event(services, owner, event("Weekly review", now, ring))

    asyncio.run(go())
    file = (data / "aurora.sqlite").as_uri()
    with closing(sqlite3.connect(f"{file}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT part, sort, body FROM items").fetchall()
    return {Key(part, sort): bytes(body) for part, sort, body in rows}


def _request(function: Function, token: str) -> dict[str, Any]:
    """The first that a function of the API answers without an id."""
    declared = endpoints_for(function.name)
    found = [each for each in declared if "{" not in each.path]
    first = next((each for each in found if each.method == "GET"), found[0] if found else declared[0])
    query = "from=2026-11-23&to=2026-11-30" if function.name in ("events", "occurrences") else ""
    return {
        "routeKey": f"ANY {first.path}",
        "rawQueryString": query,
        "headers": {"authorization": f"Bearer {token}", "content-type": "application/json"},
        "body": "{}",
        "pathParameters": dict.fromkeys(re.findall(r"{(\w+)}", first.path), "x"),
        "requestContext": {"http": {"method": first.method, "path": first.path}},
    }


def _errand(items: dict[Key, bytes]) -> dict[str, Any]:
    """What the queue brings *ring*: the reminder that is due."""
    (due,) = [key for key in items if key.part.startswith("due#") and "#o:" in key.sort]
    body = Errand(due.part, due.sort, keys.unsortable(due.sort[:12])).after(0).body
    return {"Records": [{"messageId": "1", "body": body}]}


def events(token: str, items: dict[Key, bytes]) -> dict[str, dict[str, Any]]:
    """By the name of a function an event that it answers."""
    user = {"sub": "sub", "email": "an@example.org", "email_verified": "true", "locale": "vi"}
    asked = {"userAttributes": user, "codeParameter": "{####}"}
    http = {"method": "GET", "path": "/book/an", "sourceIp": "203.0.113.7"}
    page = {"rawPath": "/book/an", "rawQueryString": "", "headers": {}, "requestContext": {"http": http}}
    return {
        **{each.name: _request(each, token) for each in functions() if each.module == "rest"},
        "pages": page,
        "sweep": {},
        "ring": _errand(items),
        "feedback": {"Records": [{"Sns": {"Message": json.dumps({"eventType": "Delivery"})}}]},
        "users": {"triggerSource": "CustomMessage_SignUp", "request": asked, "response": {}},
    }


def _environ(url: str, function: str) -> dict[str, str]:
    return {
        "AURORA_TABLE": "dynamodb:aurora", "AURORA_PUBLIC_URL": "https://time.example.org", "AURORA_FUNCTION": function,
        "AURORA_ISSUER": url, "AURORA_CLIENT_ID": "web", "AURORA_QUEUE": f"{url}/queue",
        "AURORA_MAIL_FROM": "Aurora Time <aurora@example.org>",
        "AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
    }  # fmt: skip


def measure(package: Path, asked: Stub, items: dict[Key, bytes], function: Function) -> Figure:
    """The lower of the tries, each upon the table as it was filled. Raises RuntimeError for what is no answer: *ring*
    sent nothing, or something went wrong.
    """
    event_ = events(asked.token, items)[function.name]
    answers = []
    for _ in range(_TRIES):
        asked.items, asked.mails = dict(items), 0
        answers.append(ask(package, function.module, _environ(asked.url, function.name), event_)[0])
        if function.mails and not asked.mails:
            raise RuntimeError(f"{function.name} sent no mail: {answers[-1].said}")
    said = answers[0].said
    status = said.get("statusCode") if isinstance(said, dict) else None
    if status and status >= 500:
        raise RuntimeError(f"{function.name} did not answer: {said}")
    what = "first mail" if function.mails else "first answer" + (f" ({status})" if status else "")
    least = min(each.seconds for each in answers)
    return Figure("cold", f"{function.name}: start to {what}", 1e3 * least, "ms CPU", GOAL)


def run() -> list[Figure]:
    with TemporaryDirectory() as folder, stub() as asked:
        package = build(Environment(), Path(folder) / "lambda", here=True)
        size = package.with_suffix(".zip").stat().st_size
        items = fill(Path(folder) / "data", asked.url)
        return [
            Figure("cold", "the package, zipped", size / 1e6, "MB", MOST_BYTES / 1e6),
            *(measure(package, asked, items, each) for each in functions()),
        ]
