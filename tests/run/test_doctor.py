"""`aurora doctor` as a whole: of a stopped home, of a running one, and of servers that do not answer as they should."""

from __future__ import annotations

import asyncio
import json
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import Put, UnavailableError
from aurora_time.run.checks import Check
from aurora_time.run.control import ControlFile
from aurora_time.run.doctor import Wanted, check_port, examine
from aurora_time.run.settings import Settings
from aurora_time.run.world import RandomIds
from aurora_time.store import keys
from tests.adapters.smtp_servers import Sink, plain
from tests.run.aurora_process import aurora, mail_server, running


def found(data: Path, clock: Any, **environ: str) -> dict[str, Check]:
    wanted = Wanted({"HOME": str(data), **environ}, 0, data)
    return {check.name: check for check in asyncio.run(examine(wanted, clock, RandomIds()))}


def test_a_home_that_never_ran_is_not_ill(tmp_path: Path) -> None:
    done = aurora("doctor", "--data", tmp_path / "data")
    assert done.returncode == 0, done
    assert "attention  Data folder" in done.stdout
    assert not (tmp_path / "data").exists(), "looking changes nothing"


def test_a_running_home_answers_for_itself(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        done = aurora("doctor", "--json", "--data", tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (0, True), told
    by_name = {check["name"]: check for check in told["checks"]}
    assert by_name["Server"]["detail"] == f"runs at {server.url} (process {server.process.pid})"
    assert by_name["Database"]["status"] == "ok"
    assert by_name["Reminders"]["detail"] == "none is overdue"
    assert by_name["Mail"]["mend"].startswith("Set AURORA_SMTP_URL")


def test_what_is_wrong_is_told_by_the_exit_status(tmp_path: Path) -> None:
    (tmp_path / "aurora.sqlite").write_bytes(b"x" * 5000)
    done = aurora("doctor", "--data", tmp_path, AURORA_PORT="http")
    assert done.returncode == 1
    assert "wrong      Database" in done.stdout
    assert "wrong      Settings     AURORA_PORT must be a number from 1 to 65535, not 'http'\n" in done.stdout


def test_reminders_that_wait_for_a_stopped_server_are_told(tmp_path: Path, clock: Any) -> None:
    async def make() -> None:
        table = SqliteTable.open(Settings(tmp_path).database, clock)
        await table.write(Put(keys.due(0, int(clock.time) - 7300, "owner", "o#event"), b"{}", "1"))
        await table.close()

    asyncio.run(make())
    assert found(tmp_path, clock)["Reminders"].detail == "the oldest is 2 hours overdue"


def test_a_mail_server_that_is_away_is_wrong(tmp_path: Path, clock: Any) -> None:
    checks = found(
        tmp_path, clock, AURORA_SMTP_URL="smtp://127.0.0.1:1?security=none", AURORA_MAIL_FROM="a@example.org"
    )
    assert (checks["Mail"].status, checks["Mail"].detail) == (
        "wrong",
        "nothing listens at 127.0.0.1:1 (connection refused)",
    )


def test_a_mail_server_that_takes_mails_is_named(tmp_path: Path, clock: Any) -> None:
    with mail_server(plain(Sink())) as port:
        url = f"smtp://127.0.0.1:{port}?security=none"
        checks = found(tmp_path, clock, AURORA_SMTP_URL=url, AURORA_MAIL_FROM="Aurora <a@example.org>")
    assert checks["Mail"] == Check("Mail", "ok", f"127.0.0.1:{port} lets a@example.org send")


def test_reminders_that_cannot_be_read_are_told(tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:

    async def make() -> None:
        await SqliteTable.open(Settings(tmp_path).database, clock).close()

    asyncio.run(make())

    async def broken(_: object) -> None:
        raise UnavailableError("the disk could not be read or written")

    monkeypatch.setattr("aurora_time.run.doctor.oldest_overdue", broken)
    assert found(tmp_path, clock)["Reminders"].status == "wrong"


def test_a_file_of_a_server_that_was_killed_is_no_server(tmp_path: Path, clock: Any) -> None:
    (tmp_path / "control.json").write_bytes(msgspec.json.encode(ControlFile("http://127.0.0.1:1", "s", 7)))
    assert "is stopped" in found(tmp_path, clock)["Server"].detail


def test_where_it_would_listen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert check_port(Settings(tmp_path, port=port)).status == "wrong"
    assert check_port(Settings(tmp_path, port=0)).status == "ok"
    assert check_port(Settings(tmp_path, host="::1", port=0)).status == "ok"
    # Whether 8765 is free here or not, it is no trouble: the next one is taken.
    assert check_port(Settings(tmp_path)).status == "ok"


def test_the_default_port_may_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr("aurora_time.run.doctor.DEFAULT_PORT", taken.getsockname()[1])
        assert "would take the next free one" in check_port(Settings(tmp_path)).detail


class Odd(BaseHTTPRequestHandler):
    """Knows the operator, and answers /healthz and /readyz as the test says."""

    health: tuple[int, bytes] = (200, b'{"status":"ok","oldestOverdueSeconds":0}')
    ready: tuple[int, bytes] = (200, b'{"status":"ready","canarySeconds":7}')

    def log_message(self, *_: Any) -> None:
        """Quietly."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b"[]")

    def do_GET(self) -> None:
        self.answer(*(self.ready if self.path == "/readyz" else self.health))

    def answer(self, status: int, body: bytes) -> None:
        if status == 0:
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.parametrize(
    ("health", "status", "detail"),
    [
        ((503, b'{"detail":"the oldest reminder has been due for 400 s"}'), "wrong", "has been due for 400 s"),
        ((500, b"<html>"), "wrong", "answers 500: not a word of Aurora Time"),
        ((0, b""), "wrong", "does not answer"),
        ((200, b'{"status":"ok","oldestOverdueSeconds":0}'), "ok", "(process 7)"),
    ],
)
def test_a_running_server_that_is_unwell(
    health: tuple[int, bytes], status: str, detail: str, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Odd, "health", health)
    check = found_of_odd(tmp_path, clock)["Server"]
    assert check.status == status
    assert detail in check.detail


def found_of_odd(tmp_path: Path, clock: Any) -> dict[str, Check]:
    with HTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            file = ControlFile(f"http://127.0.0.1:{server.server_port}", "s", 7)
            (tmp_path / "control.json").write_bytes(msgspec.json.encode(file))
            return found(tmp_path, clock)
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("ready", "status", "detail"),
    [
        ((200, b'{"status":"ready","canarySeconds":7}'), "ok", "loop 7 s ago"),
        ((503, b'{"detail":"the loop that rings has written nothing for 400 s."}'), "wrong", "nothing for 400 s"),
    ],
)
def test_the_canary_of_a_running_server(
    ready: tuple[int, bytes], status: str, detail: str, tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Odd, "ready", ready)
    check = found_of_odd(tmp_path, clock)["Canary"]
    assert (check.status, check.detail.endswith(detail)) == (status, True)
