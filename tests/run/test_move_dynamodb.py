"""``aurora move`` to a table of the emulated AWS and back."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.dynamodb_table import create_table
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.operations.moving import IN_HAND, SETTLED, WATCHED
from aurora_time.ports import Put
from aurora_time.run import moving
from aurora_time.run.world import SystemClock
from aurora_time.store import keys
from tests.emulated import EmulatedAws
from tests.operations.moves import some_of_every_kind
from tests.run.aurora_process import ROOT, aurora, environment, running
from tests.run.terminal import Terminal

Refused = Callable[..., str]
HASTY = "from aurora_time.run import gate; gate.WATCHED = 0.3"


@pytest.fixture
def cloud(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> EmulatedAws:
    for name, value in aws.environ.items():
        monkeypatch.setenv(name, value)
    return aws


@pytest.fixture
def name(cloud: EmulatedAws) -> Iterator[str]:
    """A table that is there and empty."""
    made, client = cloud.table_name(), cloud.client()
    create_table(client, made)
    yield made
    client.delete_table(TableName=made)
    client.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds for which a move waited for servers; they do not pass."""
    waited: list[float] = []

    async def pause(_: Any, seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(moving.Told, "pause", pause)
    return waited


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with items of every kind, 300 in all."""
    folder = tmp_path / "old"
    folder.mkdir()
    chance = random.Random(11)
    puts = [*some_of_every_kind(chance, 4)]
    puts += [Put(keys.object_(f"{n % 20}", f"{n}"), chance.randbytes(300), f"v{n}") for n in range(300 - len(puts))]

    async def put_all() -> None:
        table = SqliteTable.open(folder / "aurora.sqlite", SystemClock())
        await table.fill([(put.key, put.body, put.version, put.expires) for put in puts])  # type: ignore[misc]
        await table.close()

    asyncio.run(put_all())
    return folder


def content(file: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        items = "SELECT part, sort, body, version, expires FROM items WHERE part != 'moving#home' ORDER BY part, sort"
        return connection.execute(items).fetchall()
    finally:
        connection.close()


def words(source: str | Path, target: str | Path, *more: str) -> tuple[str, ...]:
    places = (each if isinstance(each, str) else f"sqlite:{each}" for each in (source, target))
    return ("move", "--from", next(places), "--to", next(places), *more)


def test_there_and_back_is_equal_byte_for_byte(
    tmp_path: Path, home: Path, name: str, shell: Terminal, refused: Refused, waits: list[float]
) -> None:
    before, table, back = content(home / "aurora.sqlite"), f"dynamodb:{name}", tmp_path / "back.sqlite"
    assert f"{table} has all {len(before)} items" in shell.run(*words(home, table))
    assert waits == [], "nobody else can have a file"
    assert "start Aurora Time there" in refused("user", "add", "ann@example.org", "--data", str(home))
    told = shell.json(*words(table, back))
    assert told["copied"]["items"] == len(before)
    assert waits == [WATCHED + IN_HAND, SETTLED]
    assert content(back) == before
    assert "still holds what moved to" in refused(*words(back, table))


def test_killed_half_way_it_goes_on(
    tmp_path: Path, home: Path, name: str, cloud: EmulatedAws, shell: Terminal, waits: list[float]
) -> None:
    before, table, back = content(home / "aurora.sqlite"), f"dynamodb:{name}", tmp_path / "back.sqlite"
    child = [sys.executable, str(ROOT / "tests/run/move_child.py"), "SIGKILL"]
    for writes, typed in ((20, words(home, table)), (20, words(table, back, "--stopped"))):
        done = subprocess.run(
            [*child, str(writes), *typed], env=environment(**cloud.environ), cwd=ROOT, check=False, timeout=60
        )
        assert done.returncode == -signal.SIGKILL
        assert 0 < shell.json(*typed)["copied"]["items"] < len(before)
    assert content(back) == before
    assert waits == []


def test_given_up_the_table_is_live_again(
    tmp_path: Path, home: Path, name: str, cloud: EmulatedAws, shell: Terminal, refused: Refused
) -> None:
    table = f"dynamodb:{name}"
    shell.run(*words(home, table))
    child = [sys.executable, str(ROOT / "tests/run/move_child.py"), "SIGKILL", "5"]
    typed = words(table, tmp_path / "back", "--stopped")
    subprocess.run([*child, *typed], env=environment(**cloud.environ), cwd=ROOT, check=False, timeout=60)
    assert f"{table} is live again" in shell.run(*typed, "--cancel")
    assert (
        cloud.client().get_item(TableName=name, Key={"p": {"S": "moving#home"}, "s": {"S": "mark"}}).get("Item") is None
    )


def test_what_is_in_the_way_is_said_in_one_sentence(
    home: Path, name: str, cloud: EmulatedAws, shell: Terminal, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no DynamoDB table 'none'" in refused(*words(home, "dynamodb:none"))
    assert "must be a file" in refused(*words(f"dynamodb:{name}", "dynamodb:other"))
    assert "There is nothing in" in refused(*words(f"dynamodb:{name}", home.parent / "new"))
    made = cloud.table_name()
    assert "has all" in shell.run(*words(home, f"dynamodb:{made}", "--create-table"))
    assert "is not empty" in refused(*words(home.parent / "new", f"dynamodb:{made}"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "credentials" in refused(*words(home, f"dynamodb:{name}"))


def test_a_running_server_goes_quiet_refuses_changes_and_stops_when_its_home_has_left(
    tmp_path: Path, name: str, cloud: EmulatedAws, shell: Terminal, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    for constant, seconds in (("WATCHED", 0.5), ("IN_HAND", 0.2), ("SETTLED", 1.0)):
        monkeypatch.setattr(f"aurora_time.operations.moving.{constant}", seconds)
    where = {**cloud.environ, "AURORA_TABLE": f"dynamodb:{name}"}
    made = aurora("user", "add", "ann@example.org", "--token", **where)
    bearer = {"Authorization": f"Bearer {made.stdout.strip()}"}
    event = {"summary": "Tea", "start": {"date": "2027-03-01"}}
    answers: list[int] = []
    with running(tmp_path / "data", before=HASTY, **where) as server:

        def told(step: str, *_: object) -> None:
            if step == "Counting" and not answers:  # it is closed by now
                answers.append(server.ask("POST", "/v1/events", event, **bearer).status)
                answers.append(server.ask("GET", "/v1/events", **bearer).status)

        assert server.ask("POST", "/v1/events", event, **bearer).status == 201
        monkeypatch.setattr(moving.Told, "__call__", lambda _, *what: told(*what))
        shell.run(*words(f"dynamodb:{name}", tmp_path / "new"))
        assert answers == [503, 200]
        assert server.process.wait(20) == 1
        assert server.process.stderr is not None
        assert "start Aurora Time there." in server.process.stderr.read().splitlines()[-1]
    monkeypatch.setenv("AURORA_TABLE", f"dynamodb:{name}")
    assert "start Aurora Time there" in refused("serve", "--port", "0", "--data", str(tmp_path / "data"))
