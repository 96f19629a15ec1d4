"""What was acknowledged is on the disk: shown by killing the writer, filling its disk and tracing its calls."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

CHILD = Path(__file__).with_name("sqlite_child.py")
PARTS = ("one", "two", "three")


def command(mode: str, path: Path) -> list[str]:
    return [sys.executable, "-W", "error", str(CHILD), mode, str(path)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def stored(path: Path) -> dict[str, set[str]]:
    """The sorts of each part, from a database that passes SQLite's own check."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found: dict[str, set[str]] = {part: set() for part in PARTS}
        for part, sort in connection.execute("SELECT part, sort FROM items"):
            found[part].add(sort)
    return found


def killed_after(path: Path, acknowledged: int, mode: str = "many") -> list[str]:
    """What the child said before it was killed, some moments after so many acknowledgements."""
    child = subprocess.Popen(command(mode, path), env=environment(), stdout=subprocess.PIPE)
    said = b""
    with child, selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + 30
        while said.count(b"\n") < acknowledged:
            assert ready.select(deadline - time.monotonic()), "the child says nothing"
            chunk = os.read(child.stdout.fileno(), 65536)
            assert chunk, "the child ended by itself"
            said += chunk
        child.kill()
        said += child.stdout.read()
    return [line.removeprefix("ack ") for line in said.decode().splitlines()]


def test_killing_the_writer_loses_nothing_that_it_acknowledged(tmp_path, effort):
    path = tmp_path / "table.db"
    acknowledged: set[str] = set()
    for cycle in range(20 * effort):
        acknowledged.update(killed_after(path, 1 + cycle * 37 % 400))
        found = stored(path)
        assert acknowledged <= found["one"]
        assert found["one"] == found["two"] == found["three"]  # each write is whole, the unacknowledged too
    assert len(acknowledged) > 20


def test_killing_it_while_the_file_is_written_anew_loses_nothing_either(tmp_path, effort):
    path = tmp_path / "table.db"
    said: list[str] = []
    for cycle in range(10 * effort):
        said += killed_after(path, 20 + cycle * 137 % 500, "anew")
        found = stored(path)
        assert {each for each in said if each not in ("anew", "in the way")} <= found["one"]
        assert found["one"] == found["two"] == found["three"]
    assert said.count("anew") > 1  # each of ten lives may end before the first, on a busy machine
    assert said.count("in the way") == 0


def test_a_file_that_may_not_grow_refuses_the_write_and_goes_on_when_there_is_room(tmp_path):
    path = tmp_path / "table.db"
    done = subprocess.run(
        command("full", path), env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    *acknowledged, refused, again = done.stdout.splitlines()
    assert len(acknowledged) > 3
    assert re.fullmatch(r"refused \d+ (the disk could not be read or written|the disk is full)", refused)
    assert again == "ack again"
    expected = {line.removeprefix("ack ") for line in [*acknowledged, again]}
    assert stored(path) == dict.fromkeys(PARTS, expected)


def can_trace() -> bool:
    strace = shutil.which("strace")
    return bool(strace) and subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or not can_trace(), reason="strace is missing or may not trace here")
def test_every_acknowledgement_follows_a_sync_of_the_wal(tmp_path):
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-y", "-s", "64", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", str(trace)]
    subprocess.run(
        [*strace, *command("one", tmp_path / "table.db")],
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    events = list(wal_events(trace.read_text()))
    rounds = "".join(events).split("a")
    assert len(rounds) == 21
    # Between two acknowledgements: at least one write to the WAL, and after the last of these a sync of it.
    assert all(re.fullmatch(r"[ws]*w+s+", each) for each in rounds[:20]), events


def wal_events(trace: str) -> Iterator[str]:
    """``w`` for a write to the WAL, ``s`` for a completed sync of it, ``a`` for an acknowledgement."""
    syncing: set[str] = set()
    for line in trace.splitlines():
        thread, _, call = line.partition(" ")
        call = call.strip()
        if re.match(r"f(data)?sync\(\d+<[^>]*-wal>", call):
            if call.endswith("<unfinished ...>"):
                syncing.add(thread)
            elif call.endswith("= 0"):
                yield "s"
        elif re.match(r"<\.\.\. f(data)?sync resumed>.*= 0$", call) and thread in syncing:
            syncing.remove(thread)
            yield "s"
        elif re.match(r"p?write(64)?\(\d+<[^>]*-wal>", call):
            yield "w"
        elif re.match(r'write\(1<[^>]*>, "ack ', call):
            yield "a"
