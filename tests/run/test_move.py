"""``aurora move`` as its operator meets it: killed and gone on with, refused in a sentence, and nothing rings twice."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from aurora_time.adapters.backup import daily_backup
from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations.events import create_event
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.moving import MovingError, refuse_if_moved
from aurora_time.operations.people import NewPerson, ensure_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.representation import EventInput
from aurora_time.operations.ringing import attend
from aurora_time.operations.sweeping import find_due, release_leases
from aurora_time.run.moving import Told, Wanted, bar, move_home
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import Home, make_home
from aurora_time.run.world import RandomIds
from aurora_time.store.moves import Amount
from aurora_time.store.people import EMBEDDED
from tests.run.aurora_process import ROOT, environment, running
from tests.run.terminal import Terminal

TEA = {
    "summary": "Tea",
    "start": {"dateTime": "2026-11-23T09:00:00Z"},
    "recurrence": ["RRULE:FREQ=DAILY"],
    "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 10}]},
}
DAYS = Window(parse_instant("2026-11-22T00:00:00Z"), parse_instant("2026-11-24T00:00:00Z"))


class Crash(BaseException):
    """The process was killed here."""


class Clock:
    def __init__(self, time: str) -> None:
        self.set(time)

    def set(self, time: str) -> None:
        self.time = float(parse_instant(time))

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-22T12:00:00Z")


@pytest.fixture
def old(tmp_path: Path, clock: Clock) -> Path:
    """A home with a daily event that rings at 08:50, and 40 others."""
    folder = tmp_path / "old"

    async def make(home: Home) -> None:
        owner = await ann(home)
        await create_event(home.services, owner, msgspec.convert(TEA, EventInput))
        for day in range(40):
            other = {"summary": f"Other {day}", "start": {"date": f"2027-01-{day % 28 + 1:02d}"}}
            await create_event(home.services, owner, msgspec.convert(other, EventInput))

    within(folder, clock, make)
    return folder


def within(folder: Path, clock: Clock, scenario: Callable[[Home], Coroutine[Any, Any, Any]]) -> Any:
    async def opened() -> Any:
        home = make_home(Settings(folder), "http://127.0.0.1:8765", clock, RandomIds())
        try:
            await refuse_if_moved(home.table)
            return await scenario(home)
        finally:
            await home.close()

    return asyncio.run(opened())


async def ann(home: Home) -> str:
    return await ensure_person(home.services, EMBEDDED, "ann", NewPerson("ann@example.org", "Ann", "UTC", "en"))


async def sweep(home: Home) -> list[str]:
    """Start, do what is due, and say how the reminders of the first day stand."""
    await release_leases(home.services)
    while found := await find_due(home.services, 100):
        for item in found:
            await attend(home.services, item, composer(home.public_url))
    shown = await list_reminders(home.services, await ann(home), DAYS, None)
    return [entry.status for entry, _ in shown]


def mails(folder: Path) -> list[str]:
    """Their Message-IDs."""
    lines = (line for path in (folder / "outbox").glob("*.eml") for line in path.read_text().splitlines())
    return [line for line in lines if line.lower().startswith("message-id:")]


def moved(old: Path, new: Path, clock: Clock) -> None:
    asyncio.run(move_home(Wanted(f"sqlite:{old}", f"sqlite:{new}"), clock, Told(None)))


def content(file: Path) -> list[tuple[Any, ...]]:
    """Every byte of every item, without the mark of the move."""
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        items = "SELECT part, sort, body, version, expires FROM items WHERE part != 'moving#home' ORDER BY part, sort"
        return connection.execute(items).fetchall()
    finally:
        connection.close()


def words(old: Path, new: Path, *more: str) -> tuple[str, ...]:
    return ("move", "--from", f"sqlite:{old}", "--to", f"sqlite:{new}", *more)


def ended_by(name: str, writes: int, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    child = [sys.executable, str(ROOT / "tests/run/move_child.py"), name, str(writes), *command]
    return subprocess.run(
        child, env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options
    )


# --- reminders --------------------------------------------------------------------------------------------------------
def test_what_falls_due_during_the_move_rings_once_and_in_the_new_home(tmp_path: Path, clock: Clock, old: Path) -> None:
    new = tmp_path / "new"
    clock.set("2026-11-23T08:49:59Z")
    assert within(old, clock, sweep) == ["planned"]
    moved(old, new, clock)
    clock.set("2026-11-23T08:52:00Z")
    with pytest.raises(MovingError, match="start Aurora Time there"):
        within(old, clock, sweep)
    assert within(new, clock, sweep) == ["sent"]
    assert within(new, clock, sweep) == ["sent"]
    assert (len(mails(old)), len(mails(new))) == (0, 1)


def test_what_rang_before_the_move_rings_no_more_and_what_comes_rings(tmp_path: Path, clock: Clock, old: Path) -> None:
    new = tmp_path / "new"
    clock.set("2026-11-23T08:50:00Z")
    assert within(old, clock, sweep) == ["sent"]
    moved(old, new, clock)
    assert within(new, clock, sweep) == ["sent"]
    assert len(mails(new)) == 0
    clock.set("2026-11-24T08:50:00Z")
    within(new, clock, sweep)
    assert len(mails(new)) == 1


def test_what_a_killed_server_was_sending_is_sent_after_the_move_with_the_same_id(
    tmp_path: Path, clock: Clock, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set("2026-11-23T08:50:00Z")

    async def killed_while_sending(home: Home) -> None:
        send = type(home.mailer).send

        async def send_and_die(mailer: Any, mail: Any) -> None:
            await send(mailer, mail)
            raise Crash

        monkeypatch.setattr(type(home.mailer), "send", send_and_die)
        with pytest.raises(Crash):
            await sweep(home)
        monkeypatch.undo()

    within(old, clock, killed_while_sending)
    new = tmp_path / "new"
    moved(old, new, clock)
    clock.set("2026-11-23T08:50:05Z")
    assert within(new, clock, sweep) == ["sent"], "its lease is not waited for"
    assert mails(new) == mails(old) != []


# --- killed, interrupted, given up ------------------------------------------------------------------------------------
@pytest.mark.parametrize("writes", [1, 7, 22])
def test_killed_amid_the_move_the_same_command_goes_on_and_both_are_equal(
    tmp_path: Path, old: Path, writes: int, shell: Terminal, refused: Callable[..., str]
) -> None:
    before, new = content(Settings(old).database), tmp_path / "new"
    assert ended_by("SIGKILL", writes, *words(old, new)).returncode == -signal.SIGKILL
    for home in (old, new) if writes > 1 else (old,):
        assert "goes on with it" in refused("serve", "--port", "0", "--data", home)
    told = shell.json(*words(old, new))
    assert told["state"] == "moved"
    assert sum(kind["items"] for kind in told["kinds"].values()) == len(before)
    assert told["copied"]["items"] < len(before) or writes == 1
    assert content(Settings(new).database) == before == content(Settings(old).database)
    assert "start Aurora Time there" in refused("user", "add", "b@example.org", "--data", old)
    assert "has an account" in shell.attempt("user", "add", "b@example.org", "--data", str(new))[2]


def test_an_interrupted_move_says_how_to_go_on_and_can_be_given_up(
    tmp_path: Path, old: Path, shell: Terminal, refused: Callable[..., str]
) -> None:
    before, new = content(Settings(old).database), tmp_path / "new"
    stopped = ended_by("SIGINT", 5, *words(old, new))
    assert stopped.returncode == 130
    assert stopped.stderr == "aurora: interrupted; the same command goes on, and with --cancel gives it up.\n"
    assert "is live again" in shell.run(*words(old, new, "--cancel"))
    assert content(Settings(old).database) == before
    assert "unfinished copy" in refused("serve", "--port", "0", "--data", new)
    assert "is not being moved" in refused(*words(old, new, "--cancel"))
    assert "has an account" in shell.attempt("user", "add", "b@example.org", "--data", str(old))[2]


def test_there_and_back_is_equal_byte_for_byte(
    tmp_path: Path, old: Path, shell: Terminal, refused: Callable[..., str]
) -> None:
    before = content(Settings(old).database)
    there = shell.run(*words(old, tmp_path / "new"))
    assert "counts and checksums of" in there
    assert "items a second" in there
    back = tmp_path / "back" / "home.db"
    assert "home.db has all" in shell.run(*words(tmp_path / "new", back))
    assert content(back) == before
    assert "start Aurora Time there" in shell.run(*words(old, tmp_path / "new")), "it says so again"
    assert "still holds what moved to" in refused(*words(back, old))


def test_a_bar_says_how_much_is_done_how_fast_and_how_long_it_will_take() -> None:
    out = io.StringIO()
    with bar(Console(file=out, force_terminal=True, width=140)) as shown:
        told = Told(shown)
        asyncio.run(told.pause(0))
        told("Counting", Amount(100, 4_000_000), None)
        told("Copying", Amount(), Amount(100, 4_000_000))
        told("Copying", Amount(50, 2_000_000), Amount(100, 4_000_000))
    said = out.getvalue()
    assert all(step in said for step in ("Waiting for servers", "Counting", "Copying"))
    assert "50 items, 2 MB" in said
    assert "/s" in said


# --- refused ----------------------------------------------------------------------------------------------------------
def test_what_cannot_be_moved_is_said_in_one_sentence(
    tmp_path: Path, old: Path, shell: Terminal, refused: Callable[..., str]
) -> None:
    new, other = tmp_path / "new", tmp_path / "other"
    shell.attempt("user", "add", "d@example.org", "--data", str(other))
    with running(old) as server:
        assert "stop that one first" in refused(*words(old, new))
        assert "stop that one first" in refused(*words(other, old))
        assert server.ask("GET", "/").status < 400
    shell.attempt("user", "add", "b@example.org", "--data", str(new))
    assert "is not empty" in refused(*words(old, new))
    assert "no such file" in refused(*words(tmp_path / "none", new))
    assert "cannot be moved to itself" in refused(*words(old, old / "aurora.sqlite"))
    assert "is no place" in refused("move", "--from", "here", "--to", f"sqlite:{new}")
    for still_live, somebody in ((old, "c@example.org"), (other, "e@example.org")):
        assert "has an account" in shell.attempt("user", "add", somebody, "--data", str(still_live))[2]


@pytest.mark.skipif(os.name != "posix", reason="needs RLIMIT_FSIZE: run it on Linux or macOS")
def test_a_full_disk_is_said_and_gone_on_with_when_there_is_room(tmp_path: Path, old: Path, shell: Terminal) -> None:
    def little_room() -> None:
        import resource  # which Windows lacks

        resource.setrlimit(resource.RLIMIT_FSIZE, (130_000, resource.RLIM_INFINITY))

    new = tmp_path / "new"
    full = ended_by("SIGINT", 10**6, *words(old, new), preexec_fn=little_room)
    assert full.returncode == 1
    assert full.stderr.startswith(f"aurora: sqlite:{new / 'aurora.sqlite'} cannot be written now: the disk"), full
    shell.run(*words(old, new))
    assert content(Settings(new).database) == content(Settings(old).database)


def test_a_backup_does_not_bring_back_a_home_that_has_moved(
    tmp_path: Path, clock: Clock, old: Path, shell: Terminal, refused: Callable[..., str]
) -> None:
    copy = daily_backup(Settings(old).database, Settings(old).backups, clock.time)
    assert copy is not None
    moved(old, tmp_path / "new", clock)
    assert "would ring beside it" in refused("restore", copy, "--data", old)
    assert "is as in" in shell.run("restore", str(copy), "--data", str(tmp_path / "elsewhere"))


def test_the_doctor_says_where_the_reminders_of_a_moved_home_ring(
    tmp_path: Path, clock: Clock, old: Path, shell: Terminal
) -> None:
    moved(old, tmp_path / "new", clock)
    told = json.loads(shell.attempt("doctor", "--data", str(old), "--json")[1])
    (check,) = [check for check in told["checks"] if check["name"] == "Reminders"]
    assert (check["status"], check["detail"]) == ("attention", "none rings here")
    assert check["mend"].endswith("start Aurora Time there.")
