"""A server's life: how it greets, is reached by its operator, meets a full disk, and stops."""

from __future__ import annotations

import json
import re
import resource
import signal
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.adapters.smtp_servers import Scripted, Sink, authenticator, plain
from tests.run.aurora_process import aurora, mail_server, one_sentence, running

EVENT = {"summary": "x" * 1000, "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}}


def token(data: Path, email: str = "sam@example.org") -> str:
    done = aurora("user", "add", email, "--token", "--data", data)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def control(data: Path) -> dict[str, Any]:
    return json.loads((data / "control.json").read_text())


def test_it_says_where_it_is_and_where_mails_go(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        assert server.ask("GET", "/healthz").status == 200
        assert f"Data      {tmp_path / 'data'}" in server.greeting
        assert f"{server.url}/outbox" in server.greeting
        assert "Stop with Ctrl-C." in server.greeting
        assert (tmp_path / "data" / "control.json").stat().st_mode & 0o777 == 0o600
        began = time.monotonic()
        code, _, err = server.stop()
        assert time.monotonic() - began < 2
        assert code == 0
        assert {json.loads(line)["level"] for line in err.splitlines()} <= {"info"}
    assert not (tmp_path / "data" / "control.json").exists()
    assert not (tmp_path / "data" / "aurora.sqlite-wal").exists(), "SQLite was closed"


def test_ctrl_c_stops_as_calmly(tmp_path: Path) -> None:
    with running(tmp_path, AURORA_LOG="error") as server:
        held = socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])))
        held.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")  # and never the body
        assert server.ask("GET", "/healthz").status == 200
        began = time.monotonic()
        code, _, err = server.stop(signal.SIGINT)
        assert time.monotonic() - began < 2
        assert (code, err) == (0, "")
        held.close()


def test_an_account_is_made_while_the_server_runs(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        secret = token(tmp_path)
        me = server.ask("GET", "/v1/me", Authorization=f"Bearer {secret}")
        assert me.status == 200
        assert me.json["email"] == "sam@example.org"
        again = token(tmp_path)
        assert again != secret
        linked = aurora("user", "add", "kim@example.org", "--data", tmp_path)
        assert f"{server.url}/password/reset?token=" in linked.stdout
        assert server.ask("GET", linked.stdout.split(server.url)[1].strip()).status == 200
        said = one_sentence(aurora("user", "add", "kim", "--data", tmp_path))
        assert said == "'kim' is no e-mail address; give one like sam@example.org."


def test_only_the_operator_finds_the_control_channel(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        right = {"Authorization": f"Bearer {control(tmp_path)['secret']}"}

        def without_id(path: str, method: str = "POST", **headers: str) -> tuple[int, bytes]:
            answer = server.ask(method, path, {}, **headers)
            return answer.status, re.sub(rb"/requests/[\w-]+", b"", answer.body)

        unknown = without_id("/nowhere/doctor")
        assert unknown[0] == 404
        assert without_id("/control/doctor") == unknown
        assert without_id("/control/doctor", Authorization="Bearer wrong") == unknown
        assert without_id("/control/unheard-of", **right) == unknown
        for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"):
            assert without_id("/control/doctor", **right, **{header: "10.0.0.1"}) == unknown
        assert without_id("/control/doctor", "GET", **right)[0] == 404
        assert server.ask("POST", "/control/doctor", {}, **right).status == 200
        refused = server.ask("POST", "/control/user-add", {"email": 5}, **right)
        assert (refused.status, list(refused.json)) == (422, ["error"])


def test_a_second_server_on_the_same_data_is_told_of_the_first(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        said = one_sentence(aurora("serve", "--port", "0", "--data", tmp_path))
        assert f"{tmp_path} is in use by Aurora Time at {first.url} (process {first.process.pid})" in said
        (tmp_path / "control.json").unlink()
        for words in (("serve", "--port", "0"), ("user", "add", "sam@example.org")):
            said = one_sentence(aurora(*words, "--data", tmp_path))
            assert said.endswith("aurora.sqlite is in use by another process; stop that one first.")


def test_after_a_kill_it_is_back_at_once_and_what_it_left_disturbs_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        secret = token(tmp_path)
        server.process.kill()
        server.process.wait()
    assert (tmp_path / "control.json").exists()
    assert aurora("mail", "test", "--data", tmp_path).returncode == 0
    assert token(tmp_path)
    began = time.monotonic()
    with running(tmp_path) as server:
        assert server.ask("GET", "/v1/me", Authorization=f"Bearer {secret}").status == 200
        assert time.monotonic() - began < 5, "2 s where nothing else runs and bytecode is kept"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="fills a disk by Linux's prlimit")
def test_a_full_disk_changes_nothing_and_is_survived(tmp_path: Path) -> None:
    secret = token(tmp_path)
    with running(tmp_path) as server:

        def ask(method: str, path: str, body: object = None) -> Any:
            return server.ask(method, path, body, Authorization=f"Bearer {secret}")

        assert ask("POST", "/v1/events", EVENT).status == 201
        hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)[1]
        # As on a full disk, files may be written where they are, and none can grow.
        full = max(path.stat().st_size for path in tmp_path.glob("aurora.sqlite*"))
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (full, hard))
        answers = [ask("POST", "/v1/events", EVENT) for _ in range(60)]
        refused = [answer for answer in answers if answer.status != 201]
        assert refused, "the disk was never full"
        for answer in refused:
            assert answer.status == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json["type"].endswith("#unavailable")
        kept = ask("GET", "/v1/events?limit=100").json["items"]
        assert len(kept) == 1 + len(answers) - len(refused)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert ask("POST", "/v1/events", EVENT).status == 201
        assert server.stop()[0] == 0


def test_a_password_that_the_mail_server_refuses_ends_the_service(tmp_path: Path) -> None:
    with mail_server(plain(Sink(), auth_require_tls=False, authenticator=authenticator)) as port:
        done = aurora(
            "serve", "--port", "0", "--data", tmp_path, AURORA_MAIL_FROM="Aurora <a@example.org>",
            AURORA_SMTP_URL=f"smtp://aurora:wrong@127.0.0.1:{port}?security=none",
        )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"aurora: AURORA_SMTP_URL: 127.0.0.1:{port} refused the user name or password: 535")
    assert "wrong" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mail_server_that_is_away_does_not_keep_the_service_from_starting(tmp_path: Path) -> None:
    away = {"AURORA_SMTP_URL": "smtp://127.0.0.1:1?security=none", "AURORA_MAIL_FROM": "a@example.org"}
    with running(tmp_path, **away) as server:
        assert "Mails     by 127.0.0.1:1 from a@example.org" in server.greeting
        assert server.ask("GET", "/healthz").status == 200
        examined = aurora("doctor", "--json", "--data", tmp_path)
        mail = next(check for check in json.loads(examined.stdout)["checks"] if check["name"] == "Mail")
        assert mail["status"] == "wrong"
        assert "nothing listens at 127.0.0.1:1" in mail["detail"]
        assert examined.returncode == 1


def test_a_mail_server_that_says_nothing_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    silent = {"AURORA_MAIL_FROM": "a@example.org"}
    with mail_server(Scripted) as port:
        silent["AURORA_SMTP_URL"] = f"smtp://127.0.0.1:{port}?security=none"
        with running(tmp_path, **silent) as server:
            began = time.monotonic()
            code, _, err = server.stop()
            assert time.monotonic() - began < 2.5
            assert code == 0
            assert "the mail server does not answer" in err
    assert not (tmp_path / "aurora.sqlite-wal").exists(), "SQLite was closed"


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        held = socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])))
        held.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        assert server.ask("GET", "/healthz").status == 200
        server.process.send_signal(signal.SIGINT)
        while "control.json" in {path.name for path in tmp_path.iterdir()}:
            if server.process.poll() is not None:
                break
            server.process.send_signal(signal.SIGINT)
        assert server.process.wait(5) in (0, 130)
        held.close()


def test_a_trusted_proxy_says_whom_it_serves(tmp_path: Path) -> None:
    """A guesser behind the proxy is slowed down, and nobody else; the word of others does not count."""
    home = {
        "AURORA_PUBLIC_URL": "https://time.example.org",
        "AURORA_SMTP_URL": "smtp://127.0.0.1:1?security=none",
        "AURORA_MAIL_FROM": "a@example.org",
        "AURORA_SIGNUP": "closed",
        "AURORA_RATE_LIMIT": "40",
    }
    for proxy, slowed in (({"AURORA_PROXY": "127.0.0.1"}, 0), ({}, 2)):
        with running(tmp_path / f"slowed-{slowed}", **home, **proxy) as server:
            assert "Sign-up   closed" in server.greeting
            page = server.ask("GET", "/password/forgot")
            cookie = page.headers["set-cookie"].partition(";")[0]
            csrf = re.search(rb'name="csrf" value="([^"]+)"', page.body)
            assert csrf

            def ask_from(visitor: int, csrf: str = csrf[1].decode(), cookie: str = cookie, to: Any = server) -> int:
                form = urlencode({"csrf": csrf, "email": f"someone{visitor}@example.org"})
                sent = {"Cookie": cookie, "X-Forwarded-For": f"10.0.{visitor}.1"}
                return to.ask("POST", "/password/forgot", form, **sent).status

            answers = [ask_from(visitor) for visitor in range(22)]
            assert answers.count(429) == slowed, answers
            looks = [server.ask("GET", "/booking/x", **{"X-Forwarded-For": f"10.1.{n}.1"}).status for n in range(9)]
            assert set(looks) == ({404} if proxy else {404, 429}), "booking pages are paced by network too"
