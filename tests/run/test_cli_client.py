"""The command line as a person's calendar: each command on the data of this machine, and on a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aurora_time.operations.people import SCOPES, create_token, ensure_person, newcomer
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds, SystemClock
from aurora_time.store.people import EMBEDDED
from tests.run.terminal import Terminal
from tools.running import HomeProcess

EMAIL = "sam@example.org"
EVENTS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
""" + "".join(
    f"BEGIN:VEVENT\nUID:{number}@example.org\nDTSTAMP:20261101T000000Z\nSUMMARY:Imported {number}\n"
    f"DTSTART:20270301T0{number % 10}0000Z\nDTEND:20270301T0{number % 10}3000Z\nEND:VEVENT\n"
    for number in range(60)
)


@pytest.fixture(params=["file", "running server", "server with a token"])
def at_home(request: pytest.FixtureRequest, shell: Terminal, tmp_path: Path) -> Iterator[Terminal]:
    """Somebody who is signed in: on a file, on a file that a server has open, on a server by its address."""
    token = shell.run("user", "add", EMAIL, "--time-zone", "Asia/Ho_Chi_Minh", "--token").strip()
    if request.param == "file":
        shell.run("login", "--as", EMAIL)
        yield shell
        return
    home = HomeProcess(tmp_path / "data")
    home.start()
    try:
        if request.param == "running server":
            shell.run("login", "--as", EMAIL)
        else:
            shell.run("login", home.url, "--token-stdin", stdin=token + "\n")
            shell.monkeypatch.setenv("AURORA_DATA", str(tmp_path / "elsewhere"))
        yield shell
    finally:
        home.stop()


def test_a_day_with_it(at_home: Terminal, tmp_path: Path) -> None:
    """One life through all commands, so that a server is started three times and not thirty."""
    _adds_and_shows(at_home)
    _reminds(at_home)
    _imports_and_exports(at_home, tmp_path)
    _makes_tokens(at_home)
    _waits_for_jobs(at_home)
    assert "Signed out" in at_home.run("logout")
    status, _, err = at_home.attempt("agenda")
    assert status == 1
    assert "login" in err


def _adds_and_shows(shell: Terminal) -> None:
    assert "Nothing in these days" in shell.run("agenda")
    assert "Understood" in shell.run("add", "Lunch with Lan tomorrow at noon at Sun Inn", "--dry-run")
    assert "Nothing in these days" in shell.run("agenda")
    assert "Sun Inn" in shell.run("add", "Lunch with Lan tomorrow at noon at Sun Inn")
    made = shell.json("add", "todo: buy milk by tomorrow")
    assert made["kind"] == "task"
    shown = shell.run("agenda")
    assert "Tomorrow" in shown
    assert "12:00–13:00" in shown
    assert "Lunch with Lan" in shown
    found = shell.json("agenda", "--days", "3")
    assert [each["summary"] for each in found["events"]] == ["Lunch with Lan"]
    assert len(found["tasks"]) == 1
    assert "Lunch with Lan" in shell.run("search", "lunch", "lan")
    assert shell.json("search", "dinner") == []
    assert "Nothing has all" in shell.run("search", "dinner")
    assert "Nothing in these days" in shell.run("agenda", "--from", "2030-01-01")


def _reminds(shell: Terminal) -> None:
    assert "It will ring" in shell.run("remind", "Call", "mum", "--in", "20m")
    made = shell.json("remind", "Water the plants", "--at", "2027-01-02T08:00")
    assert made["due"] == "2027-01-02T01:00:00Z"
    assert "Call mum" in shell.run("remind")
    assert {"Call mum", "Water the plants"} <= {each["text"] for each in shell.json("remind", "--days", "300")}
    for words, says in [
        (("remind", "x"), "Say when"),
        (("remind", "x", "--in", "soon"), "no length of time"),
        (("remind", "x", "--at", "25:00"), "no time"),
        (("agenda", "--from", "tomorrow"), "no day"),
    ]:
        status, _, err = shell.attempt(*words)
        assert status == 1
        assert says in err


def _imports_and_exports(shell: Terminal, folder: Path) -> None:
    file = folder / "events.ics"
    file.write_text(EVENTS + "END:VCALENDAR\n")
    assert shell.json("import", str(file), "--dry-run")["created"] == 60
    assert "60 created" in shell.run("import", str(file))
    assert shell.json("import", "-", stdin=file.read_text())["unchanged"] == 60
    status, _, err = shell.attempt("import", str(file), "--calendar", "Nowhere")
    assert status == 1
    assert "there are: Personal" in err
    status, _, err = shell.attempt("import", str(folder / "none.ics"))
    assert status == 1
    assert "cannot be read" in err
    out = folder / "out.ics"
    shell.run("export", str(out), "--calendar", "personal")
    assert out.read_text().count("SUMMARY:Imported") == 60
    assert out.stat().st_mode & 0o777 == 0o600
    account = folder / "account.json"
    shell.run("export", str(account), "--account")
    assert EMAIL in account.read_text()


def _makes_tokens(shell: Terminal) -> None:
    secret = shell.run("token", "create", "For a script", "--scope", "events:read").strip()
    assert secret.startswith("aur_")
    (made,) = [each for each in shell.json("token", "list") if each["name"] == "For a script"]
    assert made["scopes"] == ["events:read"]
    assert "For a script" in shell.run("token", "list")
    shell.run("token", "delete", made["id"])
    assert made["id"] not in shell.run("token", "list")
    status, _, err = shell.attempt("token", "create", "x", "--scope", "everything")
    assert status == 1
    assert "There is no such scope" in err


def _waits_for_jobs(shell: Terminal) -> None:
    (done, *_) = shell.json("job", "list")
    assert done["id"] in shell.run("job", "list")
    assert "done" in shell.run("job", "wait", done["id"])
    assert shell.json("job", "show", done["id"])["state"] == "done"
    status, _, err = shell.attempt("job", "show", "none")
    assert status == 1
    assert err.startswith("aurora: ")


def test_who_is_meant_is_asked_for(shell: Terminal) -> None:
    status, _, err = shell.attempt("agenda")
    assert (status, "--as" in err) == (1, True)
    status, _, err = shell.attempt("agenda", "--as", "nobody@example.org")
    assert status == 1
    assert "aurora user add nobody@example.org" in err
    status, _, err = shell.attempt("agenda", "--server", "https://time.example.org")
    assert status == 1
    assert "no token" in err


def test_a_server_that_is_not_there(shell: Terminal) -> None:
    shell.monkeypatch.setenv("AURORA_TOKEN", "aur_x")
    status, _, err = shell.attempt("agenda", "--server", "http://127.0.0.1:1")
    assert status == 1
    assert "cannot be reached" in err
    status, _, err = shell.attempt("agenda", "--server", "ftp://example.org")
    assert status == 1
    assert "no address of a server" in err


def test_a_token_is_kept_for_its_owner_alone_and_never_sent_elsewhere(shell: Terminal, tmp_path: Path) -> None:
    kept = tmp_path / "config" / "aurora-time" / "login.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"server": "http://127.0.0.1:1", "token": "aur_secret"}')
    status, _, err = shell.attempt("agenda", "--server", "http://127.0.0.1:2")
    assert status == 1
    assert "There is no token for http://127.0.0.1:2" in err


def test_who_signs_in_first_here_has_the_zone_of_this_machine(shell: Terminal, tmp_path: Path) -> None:
    """Where the issuer said none."""

    async def somebody() -> str:
        home = make_home(Settings(tmp_path / "data"), "http://127.0.0.1:8765", SystemClock(), RandomIds())
        try:
            person_id = await ensure_person(home.services, EMBEDDED, "bo", newcomer("bo@example.org", "Bo", "", ""))
            return (await create_token(home.services, person_id, "A token", SCOPES, None))[2]
        finally:
            await home.close()

    token = asyncio.run(somebody())
    home = HomeProcess(tmp_path / "data")
    home.start()
    try:
        for zone in ("UTC", "Etc/UTC", "Asia/Ho_Chi_Minh", "Europe/Berlin"):
            shell.monkeypatch.setenv("TZ", zone)
            shell.run("login", home.url, "--token-stdin", stdin=token + "\n")
        shell.run("add", "Lunch tomorrow at noon")
        (lunch,) = shell.json("agenda")["events"]
        assert lunch["start"]["timeZone"] == "Asia/Ho_Chi_Minh"
    finally:
        home.stop()


def test_a_backup_is_restored(shell: Terminal, tmp_path: Path) -> None:
    shell.run("user", "add", EMAIL, "--time-zone", "UTC")
    shell.run("login", "--as", EMAIL)
    shell.run("add", "Lunch tomorrow at noon")
    copy = tmp_path / "copy.db"
    assert "checked" in shell.run("backup", str(copy))
    assert json.loads(shell.run("backup", "--json"))["bytes"] > 0
    shell.run("add", "Dinner tomorrow at 19:00")
    shell.run("restore", str(copy))
    assert [each["summary"] for each in shell.json("agenda")["events"]] == ["Lunch"]


def test_what_was_typed_does_not_move_the_cursor(shell: Terminal) -> None:
    shell.run("user", "add", EMAIL, "--time-zone", "UTC")
    shell.run("add", "[bold]Lunch[/bold] tomorrow at noon", "--as", EMAIL)
    shown = shell.run("agenda", "--as", EMAIL)
    assert "[bold]Lunch[/bold]" in shown
    assert "\x1b" not in shown


def test_completion_is_offered(shell: Terminal) -> None:
    shell.monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    shell.monkeypatch.setenv("_AURORA_COMPLETE", "complete_bash")
    shell.monkeypatch.setenv("COMP_WORDS", "aurora age")
    shell.monkeypatch.setenv("COMP_CWORD", "1")
    _, out, _ = shell.attempt()
    assert "agenda" in out
