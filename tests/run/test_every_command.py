"""Every command of ``aurora``, on a file, on a file that a server has open, and on a server by its token: as JSON.

A new command without a row here fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from aurora_time.run import cli
from tests.run.terminal import Terminal
from tests.run.test_cli_client import EVENTS
from tools.running import HomeProcess

EMAIL: Final = "sam@example.org"
FILE, OPEN, SERVER = "a file", "a file that a server has open", "a server"
EVERYWHERE: Final = (FILE, OPEN, SERVER)
HERE: Final = (FILE, OPEN)
"""The operator's commands are about the data of this machine."""
NO_ROW: Final = {
    "serve": "it is the server, and runs until it is stopped: tests/run/test_serving.py",
    "aws status": "it asks AWS: tests/run/test_cli_aws.py",
    "aws logs": "it asks AWS: tests/run/test_cli_aws.py",
    "aws costs": "it asks AWS: tests/run/test_cli_aws.py",
    "aws invite": "it asks AWS: tests/aws/test_invite.py",
    "aws release": "it asks AWS: tests/aws/test_release.py",
    "aws forget": "it asks AWS: tests/run/test_cli_aws.py",
    "move": "it leaves nothing behind to run others on: tests/run/test_move.py",
}


@dataclass(frozen=True)
class Row:
    """A command line, what its JSON shows, and where it is run. Words in braces are made before."""

    words: str
    shows: Callable[[Any], object]
    places: tuple[str, ...] = EVERYWHERE


ROWS: Final = {
    "login": Row("login {where}", lambda told: told["user"] == EMAIL),
    "add": Row("add Lunch tomorrow at noon", lambda told: told["kind"] == "event"),
    "agenda": Row("agenda", lambda told: told["events"][0]["summary"] == "Lunch" and told["tasks"] == []),
    "search": Row("search lunch", lambda told: len(told) == 1),
    "remind": Row("remind Call mum --in 20m", lambda told: told["text"] == "Call mum"),
    "import": Row("import {ics}", lambda told: told["created"] == 60),
    "export": Row("export", lambda told: EMAIL in json.dumps(told)),
    "token create": Row("token create Script", lambda told: told["secret"].startswith("aur_")),
    "token list": Row("token list", lambda told: "Script" in {each["name"] for each in told}),
    "token delete": Row("token delete {token}", lambda told: told["deleted"]),
    "job list": Row("job list", lambda told: told[0]["kind"] == "import"),
    "job show": Row("job show {job}", lambda told: told["state"] == "done"),
    "job wait": Row("job wait {job}", lambda told: told["state"] == "done"),
    "logout": Row("logout", lambda told: "server" in told),
    "doctor": Row("doctor", lambda told: told["ok"] and len(told["checks"]) > 5, HERE),
    "backup": Row("backup {copy}", lambda told: told["bytes"] > 0, HERE),
    "user add": Row("user add kim@example.org", lambda told: told["created"], HERE),
    "user invite": Row("user invite lan@example.org", lambda told: told["days"] == 7, HERE),
    "user second-step-off": Row(f"user second-step-off {EMAIL}", lambda told: told["wasOn"] is False, HERE),
    "key rotate": Row("key rotate", lambda told: told["seconds"] > 3_500, HERE),
    "mail test": Row(f"mail test {EMAIL}", lambda told: "outbox" in told["sentence"], HERE),
    "mail held": Row("mail held", lambda told: told == [], HERE),
    "mail release": Row(f"mail release {EMAIL}", lambda told: told["wasHeld"] is False, HERE),
    "restore": Row("restore {copy}", lambda told: told["tokensLeft"] >= 1, (FILE,)),  # the server must be stopped
}


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_no_command_is_without_a_row_and_none_without_json() -> None:
    found = dict(commands(typer.main.get_command(cli.app)))
    assert found.keys() == ROWS.keys() | NO_ROW.keys()
    for name in ROWS:
        assert any("--json" in option.opts for option in found[name].params), name


@pytest.mark.parametrize("place", EVERYWHERE)
def test_every_command_answers_json(shell: Terminal, tmp_path: Path, place: str) -> None:
    secret = shell.json("user", "add", EMAIL, "--token")["token"]
    (tmp_path / "events.ics").write_text(EVENTS + "END:VCALENDAR\n")
    made = {"ics": str(tmp_path / "events.ics"), "copy": str(tmp_path / "copy.db"), "where": f"--as {EMAIL}"}
    home = HomeProcess(tmp_path / "data")
    try:
        if place != FILE:
            home.start()
        if place == SERVER:
            shell.monkeypatch.setenv("AURORA_DATA", str(tmp_path / "elsewhere"))
            made["where"] = f"{home.url} --token-stdin"
        for name, row in ROWS.items():
            if place in row.places:
                told = shell.json(*row.words.format_map(made).split(), stdin=f"{secret}\n")
                assert row.shows(told), (name, told)
                made |= {"token": told["id"]} if name == "token create" else {}
                made |= {"job": told[0]["id"]} if name == "job list" else {}
    finally:
        home.stop()
