"""The command line where something is odd: servers that lie or go away, odd words and files. One sentence each time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import webbrowser
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import MAX_CHANGES, Put
from aurora_time.run import browser_login, cli_show, sign_in_desk
from aurora_time.run.api_client import Answer, ApiError, NoAnswerError, Told, pages, server_url
from aurora_time.run.cli_files import _write
from aurora_time.run.control import OperatorError
from aurora_time.run.world import SystemClock
from aurora_time.store.codec import encode
from aurora_time.store.reminders import Due, due_key
from tests.run.terminal import Terminal
from tests.run.test_cli_client import EVENTS

EMAIL = "sam@example.org"
Serve = Callable[..., str]


@pytest.fixture
def liar(shell: Terminal) -> Iterator[Serve]:
    """A server that answers every request with one text: its address."""
    shell.monkeypatch.setenv("AURORA_TOKEN", "aur_secret")
    with contextlib.ExitStack() as stack:

        def serve(body: str, status: int = 200, **headers: str) -> str:
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _answering(body, status, headers)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield serve


def _answering(body: str, status: int, headers: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Liar(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            encoded = body.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(encoded))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(encoded)

        do_POST = do_DELETE = do_GET  # noqa: N815  as its base names them

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    return Liar


def sentence(shell: Terminal, *words: str, stdin: str = "") -> str:
    """The one sentence with which a command ends that cannot do it."""
    status, out, err = shell.attempt(*words, stdin=stdin)
    assert (status, out) == (1, "")
    assert err.startswith("aurora: ")
    assert err.count("\n") == 1
    return err


# --- servers --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", ["<html>hello</html>", "[]", "{}", "null", "", '{"items": {}}'])
@pytest.mark.parametrize("words", [("agenda",), ("token", "list"), ("job", "show", "x"), ("add", "Lunch")])
def test_a_server_that_is_no_aurora_is_told_as_such(shell: Terminal, liar: Serve, body: str, words: Any) -> None:
    assert "as Aurora Time does" in sentence(shell, *words, "--server", liar(body))


def test_where_a_server_sends_us_on_to_no_token_goes(shell: Terminal, liar: Serve) -> None:
    said = sentence(shell, "agenda", "--server", liar("", 301, Location="https://elsewhere.example"))
    assert "https://elsewhere.example" in said


def test_what_a_server_says_does_not_move_the_cursor(shell: Terminal, liar: Serve) -> None:
    problem = json.dumps({"detail": "\x1b]0;mine\x07 \x1b[2J Sorry", "errors": ["odd"]})
    assert "\x1b" not in sentence(shell, "agenda", "--server", liar(problem, 422))
    problem = json.dumps({"detail": "\x1b[2J Sorry", "errors": [{"pointer": "/a", "detail": "no\x9b1m"}]})
    said = sentence(shell, "agenda", "--server", liar(problem, 422))
    assert said == "aurora: [2J Sorry /a: no 1m\n"
    me = json.dumps({"email": "sam\x1b[31m@example.org", "timeZone": "No/Where"})
    address = liar(me)
    assert "\x1b" not in shell.run("login", address, "--token-stdin", stdin="aur_x\n")
    assert "does not know the time zone 'No/Where'" in sentence(shell, "agenda")


def test_a_listing_that_never_ends_does(liar: Serve) -> None:
    answer = Answer(200, {}, b'{"items": [], "nextCursor": "again"}')

    class Endless:
        where, own_token = "here", ""

        def send(self, *_: object) -> Answer:
            return answer

        def close(self) -> None: ...

    assert list(pages(Endless(), "/v1/events", {})) == []


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("time.example.org", "https://time.example.org"),
        (" https://time.example.org:8443/aurora/ ", "https://time.example.org:8443/aurora"),
        ("localhost:8765", "http://localhost:8765"),
        ("http://[::1]:8765/", "http://[::1]:8765"),
    ],
)
def test_an_address_is_made_whole(typed: str, url: str) -> None:
    assert server_url(typed) == url


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("http://time.example.org", "anybody on the way could read your token. Use https://time.example.org."),
        ("https://sam:pass@time.example.org", "no address of a server"),
        ("https://time.example.org?x=1", "no address of a server"),
        ("https://host:port", "no address of a server"),
        ("http://[::1", "no address of a server"),
        ("http://", "no address of a server"),
        ("https://time.example.org/\n", "no address of a server"),
        ("", "no address of a server"),
    ],
)
def test_what_is_no_address_gets_no_token(typed: str, says: str) -> None:
    with pytest.raises(OperatorError, match=says.replace("?", "\\?")):
        server_url(typed)


def test_one_place_is_meant(shell: Terminal) -> None:
    assert "only one of them" in sentence(shell, "agenda", "--server", "https://a.example", "--as", EMAIL)


@pytest.mark.parametrize("token", ["aur_secret\r\nX-Other: y", "aur_sécret", "aur secret"])
def test_a_token_that_cannot_be_one_is_not_shown(shell: Terminal, liar: Serve, token: str) -> None:
    shell.monkeypatch.setenv("AURORA_TOKEN", token)
    said = sentence(shell, "agenda", "--server", liar("{}"))
    assert "copy it again" in said
    assert "cret" not in said


def test_a_token_with_a_line_end_is_good(shell: Terminal, liar: Serve) -> None:
    shell.monkeypatch.setenv("AURORA_TOKEN", "aur_secret\r\n")
    assert "as Aurora Time does" in sentence(shell, "agenda", "--server", liar("{}"))


def test_a_server_that_would_send_the_browser_elsewhere_is_not_followed(
    shell: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    url = "https://time.example.org"
    good = {"issuer": url, **dict.fromkeys(ENDPOINTS, f"{url}/x")}
    lies: list[tuple[dict[str, str], str]] = [({"issuer": "https://other.example"}, "calls itself")]
    lies += [({name: where}, "as Aurora Time does") for name in ENDPOINTS for where in ELSEWHERE]
    for lie, says in lies:
        answer = Answer(200, {}, json.dumps({**good, **lie}).encode())
        for module in (sign_in_desk, browser_login):
            monkeypatch.setattr(module, "ask", lambda *_, answer=answer: answer)
        assert says in sentence(shell, "login", url)
    assert opened == []


ENDPOINTS = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
ELSEWHERE = ("file:///etc/passwd", "https://time.example.org.evil.example/x", "http://time.example.org/x", "")


def test_where_another_service_signs_people_in_a_token_is_the_way(shell: Terminal, liar: Serve) -> None:
    assert "--token-stdin" in sentence(shell, "login", liar("{}", 404))


def test_a_token_that_cannot_be_ended_is_told_of(shell: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "config" / "aurora-time" / "login.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"server": "http://127.0.0.1:1", "token": "aur_secret", "token_id": "a"}')
    status, out, err = shell.attempt("logout", "--json")
    assert (status, json.loads(out)) == (0, {"server": "http://127.0.0.1:1"})
    assert "could not be ended" in err
    assert "aur_secret" not in err
    assert not kept.exists()


def test_what_a_sign_in_needs_is_asked_for(shell: Terminal) -> None:
    assert "Name a server" in sentence(shell, "login")
    assert "no token on stdin" in sentence(shell, "login", "https://time.example.org", "--token-stdin")


# --- long work ------------------------------------------------------------------------------------------------------
class Working:
    """A server that is asked for a job, and answers what it is given, in order."""

    where, own_token = "here", ""

    def __init__(self, *answers: Answer | OperatorError) -> None:
        self.answers = list(answers)

    def send(self, *_: object) -> Answer:
        answer = self.answers.pop(0)
        if isinstance(answer, OperatorError):
            raise answer
        return answer

    def close(self) -> None: ...


def job(state: str, done: int = 0) -> Told:
    return Told(id="a", state=state, done=done, total=9, error="")


def said(state: str, done: int) -> Answer:
    return Answer(200, {}, json.dumps(job(state, done)).encode())


def test_a_job_is_waited_for_while_the_server_is_busy_or_away() -> None:
    busy, away = Answer(503, {}, b"{}"), NoAnswerError("it cannot be reached")
    api = Working(Answer(429, {}, b"{}"), said("running", 4), away, busy, said("done", 9))
    assert cli_show.wait_for_job(api, job("waiting"), "Working", lambda _: None)["done"] == 9


def test_a_server_that_stays_away_is_not_waited_for_for_ever() -> None:
    with pytest.raises(NoAnswerError):
        cli_show.wait_for_job(Working(*[NoAnswerError("gone")] * 99), job("running"), "Working", lambda _: None)
    with pytest.raises(ApiError):
        cli_show.wait_for_job(Working(Answer(404, {}, b"{}")), job("running"), "Working", lambda _: None)


def test_a_job_is_not_asked_for_more_often_than_anybody_may() -> None:
    slept: list[float] = []
    api = Working(*[said("running", 1)] * 200, said("done", 9))
    cli_show.wait_for_job(api, job("running"), "Working", slept.append)
    assert slept[0] < 0.5, "a short one is told at once"
    assert sum(slept[:60]) > 60, "several may wait at once within 1,200 requests a minute"


def test_who_stops_waiting_is_told_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cli_show.wait_for_job(Working(), job("running"), "Working", interrupt)
    assert "aurora job wait a" in capsys.readouterr().err


# --- words ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def sam(shell: Terminal) -> Terminal:
    """Somebody on the data of this machine."""
    shell.run("user", "add", EMAIL, "--time-zone", "UTC")
    shell.run("login", "--as", EMAIL)
    return shell


def test_odd_words_are_no_crash(sam: Terminal) -> None:
    for words, says in [
        (("agenda", "--from", "9999-12-31"), "no day"),
        (("agenda", "--from", "0001-01-01"), "no day"),
        (("remind", "x", "--in", "999999999999d"), "no length of time"),
        (("remind", "x", "--in", "9" * 5000 + "m"), "no length of time"),
        (("remind", "x", "--in", "٣m"), "no length of time"),
        (("remind", "x", "--at", "9999-12-31T23:59"), "years"),
        (("job", "show", "../me"), "no id"),
        (("token", "delete", "x/../../me"), "no id"),
        (("token", "delete", ""), "no id"),
    ]:
        assert says in sentence(sam, *words), words


def test_titles_are_shown_as_they_are(sam: Terminal) -> None:
    sam.run("add", "Ratio 10:100:20 in [bold]C:\\\\ tomorrow at noon")
    assert "Ratio 10:100:20 in [bold]C:\\\\" in sam.run("agenda")
    assert "Ratio 10:100:20 in [bold]C:\\\\" in sam.run("search", "ratio")


def test_the_token_of_the_command_itself_is_not_listed_and_may_be_gone(sam: Terminal) -> None:
    assert sam.json("token", "list") == []


def test_a_job_is_done_however_much_waits_for_a_server(sam: Terminal, tmp_path: Path) -> None:
    """Reminders that are overdue stand before it in the queue."""

    async def leave_overdue() -> None:
        table = SqliteTable.open(tmp_path / "data" / "aurora.sqlite", SystemClock())
        waiting = [Put(due_key("p", f"o:{number}", 0), encode(Due("p", f"o:{number}")), "v") for number in range(120)]
        for start in range(0, 120, MAX_CHANGES):
            await table.write(*waiting[start : start + MAX_CHANGES])
        await table.close()

    asyncio.run(leave_overdue())
    file = tmp_path / "events.ics"
    file.write_text(EVENTS + "END:VCALENDAR\n")
    assert "60 created" in sam.run("import", str(file))


def test_an_export_is_its_owners_alone_whatever_was_there(tmp_path: Path) -> None:
    target, others = tmp_path / "out.ics", tmp_path / "others.txt"
    others.write_text("theirs")
    (tmp_path / "out.ics.part").symlink_to(others)
    _write(target, b"mine")
    assert others.read_text() == "theirs"
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"mine", 0o600)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OperatorError, match="cannot be written"):
        _write(folder, b"mine")
    assert not (tmp_path / "folder.part").exists()


def test_a_sign_in_that_cannot_be_forgotten_is_said(sam: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "config" / "aurora-time" / "login.json"
    kept.unlink()
    kept.mkdir()
    assert "cannot be deleted" in sentence(sam, "logout")


# --- programs -------------------------------------------------------------------------------------------------------
def test_every_command_of_the_operator_speaks_json(shell: Terminal, tmp_path: Path) -> None:
    added = shell.json("user", "add", EMAIL, "--token")
    assert added["created"]
    assert added["token"].startswith("aur_")
    assert shell.json("user", "invite", "kim@example.org")["days"] == 7
    assert shell.json("user", "second-step-off", EMAIL) == {"email": EMAIL, "wasOn": False}
    assert shell.json("key", "rotate")["seconds"] in (3599, 3600)
    assert "outbox" in shell.json("mail", "test", EMAIL)["sentence"]
    copy = tmp_path / "copy.db"
    shell.run("backup", str(copy))
    assert shell.json("restore", str(copy))["source"] == str(copy)


def test_colours_respect_no_color(sam: Terminal) -> None:
    sam.run("add", "Lunch tomorrow at noon")
    for name in ("FORCE_COLOR", "NO_COLOR"):
        sam.monkeypatch.setenv(name, "1")
    assert "\x1b[36m" not in sam.run("agenda")
    sam.monkeypatch.delenv("NO_COLOR")
    assert "\x1b[36m" in sam.run("agenda")
