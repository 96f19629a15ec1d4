"""What the kernel sees: the write-ahead log is synced between a request and its acknowledgement, each time."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.chaos.storm import event_body
from tools.lean_http import Connection
from tools.running import HomeProcess, SinkProcess
from tools.visitor import newcomer

pytestmark = pytest.mark.chaos
CALLS = "read,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync"
_LINE = re.compile(
    r"(?P<thread>\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\((?P<fd>\d+)(?P<file><[^>]*>)?)"
)


class Call(NamedTuple):
    """A system call from its first to its last line in the trace."""

    begun: int
    done: int
    name: str
    fd: int
    text: str


def calls(lines: list[str]) -> Iterator[Call]:
    """The calls of all threads in the order in which they ended."""
    open_: dict[str, Call] = {}
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        if found["resumed"]:
            begun = open_.pop(found["thread"], None)
            if begun is not None:
                yield begun._replace(done=number, text=begun.text + line)
            continue
        call = Call(number, number, found["call"], int(found["fd"]), line)
        if line.rstrip().endswith("<unfinished ...>"):
            open_[found["thread"]] = call
        else:
            yield call


def acknowledgements(trace: list[str]) -> tuple[int, list[str]]:
    """How many creates were acknowledged, and the trace's lines of those that no sync came before."""
    asked: dict[int, int] = {}
    syncs: list[Call] = []
    count, unsafe = 0, []
    for call in calls(trace):
        if call.name in ("fsync", "fdatasync") and "aurora.sqlite-wal" in call.text and "= 0" in call.text:
            syncs.append(call)
        elif "POST /v1/events HTTP/1.1" in call.text:
            asked[call.fd] = call.done
        elif "HTTP/1.1 201 Created" in call.text and call.fd in asked:
            count += 1
            since = asked.pop(call.fd)
            if not any(since < sync.begun and sync.done < call.begun for sync in syncs):
                unsafe.append(call.text)
    return count, unsafe


async def create(port: int, token: str, clients: int, each: int) -> None:
    async def one(number: int) -> None:
        connection = await Connection.connect(port, token)
        try:
            for count in range(each):
                body = msgspec.json.encode(event_body(f"{number}/{count}", None))
                assert (await connection.request("POST", "/v1/events", body)).status == 201
        finally:
            connection.close()

    await asyncio.gather(*(one(number) for number in range(clients)))


def whole(trace: Path, pid: int) -> list[str]:
    """The trace's lines once its writer has seen the server end."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        text = trace.read_text(errors="replace")
        if re.search(rf"^{pid} +\+\+\+ exited", text, re.MULTILINE):
            return text.splitlines()
        time.sleep(0.05)
    raise AssertionError("strace did not see the server end")


def strace() -> str:
    """Where strace is, if it may trace here."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("needs strace: sudo apt install strace")
    if subprocess.run([found, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace processes here (ptrace is forbidden): allow SYS_PTRACE")
    return found


def test_the_log_is_synced_before_every_acknowledgement(home: HomeProcess, sink: SinkProcess, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    # -D: the server is our child and strace its shadow, so that it is the server that hears our signal.
    home.start(strace(), "-D", "-f", "-y", "-s", "64", "-e", f"trace={CALLS}", "-o", str(trace))
    token = newcomer(home.url, sink.folder, "an@example.org")
    asyncio.run(create(home.port, token, 1, 20))
    asyncio.run(create(home.port, token, 6, 20))
    assert home.stop() == 0
    count, unsafe = acknowledgements(whole(trace, home.process.pid))
    assert unsafe == []
    assert count == 140


def test_an_acknowledgement_before_the_sync_would_be_noticed() -> None:
    trace = """\
7 read(9<socket:[1]>, "POST /v1/events HTTP/1.1\\r\\n", 65536) = 300
8 fdatasync(5</data/aurora.sqlite-wal> <unfinished ...>
7 write(9<socket:[1]>, "HTTP/1.1 201 Created\\r\\n", 500) = 500
8 <... fdatasync resumed>) = 0
7 read(9<socket:[1]>, "POST /v1/events HTTP/1.1\\r\\n", 65536) = 300
8 fdatasync(5</data/aurora.sqlite-wal>) = 0
7 write(9<socket:[1]>, "HTTP/1.1 201 Created\\r\\n", 500) = 500"""
    count, unsafe = acknowledgements(trace.splitlines())
    assert count == 2
    assert len(unsafe) == 1
