"""The control channel by itself: who is let in, what is asked, and answers that are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from starlette.routing import Match, NoMatchFound

from aurora_time.ports import UnavailableError
from aurora_time.run.commands import Nothing, _command, server_commands
from aurora_time.run.control import (
    ControlFile,
    OperatorError,
    announced,
    ask_server,
    read_control,
)
from aurora_time.run.control_route import ControlRoute
from aurora_time.run.mail_test import MailSent
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import Home

FILE = ControlFile("http://127.0.0.1:1", "s3cret", 1)


async def echo(body: bytes) -> object:
    return {"length": len(body)}


ROUTE = ControlRoute("s3cret", {"echo": echo})


def scope(**changes: Any) -> dict[str, Any]:
    headers = [(b"authorization", b"Bearer s3cret"), *changes.pop("headers", [])]
    return {
        "type": "http",
        "method": "POST",
        "path": "/control/echo",
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8765),
        "headers": headers,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"client": ("::1", 1)}, True),
        ({"client": ("10.0.0.2", 1), "server": ("10.0.0.2", 8765)}, True),
        ({"client": ("10.0.0.9", 1), "server": ("10.0.0.2", 8765)}, False),
        ({"client": ("10.0.0.9", 1), "server": None}, False),
        ({"client": None}, False),
        ({"type": "websocket"}, False),
        ({"method": "GET"}, False),
        ({"path": "/control/other"}, False),
        ({"headers": [(b"x-forwarded-host", b"time.example.org")]}, False),
        ({"headers": [(b"authorization", b"Bearer s3cret")]}, False),
    ],
)
def test_who_is_let_in(changes: dict[str, Any], allowed: bool) -> None:
    match, child = ROUTE.matches(scope(**changes))
    assert match == (Match.FULL if allowed else Match.NONE)
    assert child == ({"control": "echo"} if allowed else {})


def test_nobody_links_to_it() -> None:
    with pytest.raises(NoMatchFound):
        ROUTE.url_path_for("control")


def answer_to(*chunks: bytes) -> tuple[int, Any]:
    sent: list[Any] = []
    left = list(chunks)

    async def receive() -> Any:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(ROUTE.handle({**scope(), "control": "echo"}, receive, send))
    return sent[0]["status"], msgspec.json.decode(sent[1]["body"])


def test_a_question_comes_in_pieces_and_is_not_too_long() -> None:
    assert answer_to(b"123", b"45") == (200, {"length": 5})
    assert answer_to(b"x" * 60_000, b"x" * 60_000) == (422, {"error": "This is too long."})


def test_the_file_is_for_its_owner_alone_and_goes_with_the_server(tmp_path: Path) -> None:
    assert read_control(tmp_path) is None
    with announced(tmp_path, FILE):
        assert (tmp_path / "control.json").stat().st_mode & 0o777 == 0o600
        assert read_control(tmp_path) == FILE
    assert read_control(tmp_path) is None
    (tmp_path / "control.json").write_text("{")
    assert read_control(tmp_path) is None


@pytest.fixture
def other_server() -> Any:
    """A program that listens where the file says, and answers what the test wants."""

    class Handler(BaseHTTPRequestHandler):
        answer: tuple[int, bytes] = (200, b"")

        def log_message(self, *_: Any) -> None:
            """Quietly."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = self.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        yield ControlFile(f"http://127.0.0.1:{server.server_port}", "s", 1), Handler
        server.shutdown()


def test_what_another_program_answers_is_no_answer(other_server: Any) -> None:
    file, handler = other_server
    for status, body in ((404, b"{}"), (200, b"<html>"), (422, b"[]")):
        handler.answer = (status, body)
        with pytest.raises(ConnectionError):
            ask_server(file, "mail-test", Nothing(), MailSent)
    handler.answer = (422, b'{"error":"No."}')
    with pytest.raises(OperatorError, match=r"^No\.$"):
        ask_server(file, "mail-test", Nothing(), MailSent)
    handler.answer = (200, b'{"sentence":"Done."}')
    assert ask_server(file, "mail-test", Nothing(), MailSent) == MailSent("Done.")
    with pytest.raises(ConnectionError):
        ask_server(FILE, "mail-test", Nothing(), MailSent)


def test_a_full_disk_is_said_to_the_operator() -> None:
    async def full(_: Nothing) -> None:
        raise UnavailableError("the disk is full")

    with pytest.raises(OperatorError, match="nothing was changed: the disk is full"):
        asyncio.run(_command(Nothing, full)(b"{}"))


def test_every_command_of_the_server(in_home: Callable[[Any], Any], tmp_path: Path) -> None:
    class Failed:
        failure = "the disk is full"

    async def scenario(home: Home) -> None:
        commands = server_commands(home, Failed())  # type: ignore[arg-type]
        added: Any = await commands["user-add"](
            b'{"email":"sam@example.org","name":"","time_zone":"UTC","locale":"en","token":true}'
        )
        assert added.token.startswith("aur_")
        sent: Any = await commands["mail-test"](b"{}")
        assert str(Settings(tmp_path).outbox) in sent.sentence
        checks: Any = await commands["doctor"](b"{}")
        assert [check.name for check in checks] == ["Mail", "Reached by", "Backups"]

    in_home(scenario)
