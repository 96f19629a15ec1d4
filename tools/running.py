"""The real server and a real mail server as processes of their own, for the demo, the benches and the tests."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 120.0
"""Seconds after which a process that does not get ready is given up."""


class NotReadyError(Exception):
    """A process ended, or did not answer in time; the message holds what it printed."""


def free_port() -> int:
    """A port on 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def environment(**extra: str) -> dict[str, str]:
    """Ours without any setting of Aurora Time but those given, and with this checkout's code first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AURORA_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **extra}


class Mailed(NamedTuple):
    """A line of the sink's list. ``time`` is in seconds since the epoch."""

    time: float
    message_id: str
    to: str


class SinkProcess:
    """``tools/smtp_sink.py``: it lists the mails it takes in ``folder/mails.tsv`` and keeps them in ``folder``."""

    def __init__(self, folder: Path, *options: str, keep: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._list = folder / "mails.tsv"
        words = ["--log", str(self._list), *(["--folder", str(folder)] if keep else []), *options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.smtp_sink", *words],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        with self.process.stdout:
            line = self.process.stdout.readline().strip()
        if not line:
            raise NotReadyError("the mail server did not start")
        self.port = int(line)

    def mails(self) -> list[Mailed]:
        """All that was taken so far, in order; a mail taken twice is there twice."""
        if not self._list.exists():
            return []
        whole, _, _ = self._list.read_text().rpartition("\n")
        rows = (line.split("\t") for line in whole.splitlines())
        return [Mailed(float(at), name, to) for at, name, to in rows]

    def settle(self) -> None:
        """Return when all that had arrived at the sink is on its list, also from connections that are dead by now.

        What had arrived was readable before this conversation began, so its single thread reads that first.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as probe, probe.makefile("rb") as answers:
            answers.readline()
            for _ in range(3):
                probe.sendall(b"NOOP\r\n")
                answers.readline()

    def stop(self) -> None:
        end(self.process)


class HomeProcess:
    """``aurora serve`` on one port with one data folder; it may be killed and started again.

    Unless ``traced``, coverage leaves it alone: what is killed writes no figures, and what is measured is not slowed.
    """

    def __init__(self, data: Path, smtp_port: int | None = None, *, traced: bool = False, **extra: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(f"{data.name}.log")
        if smtp_port is not None:
            extra |= {
                "AURORA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}?security=none",
                "AURORA_MAIL_FROM": "Aurora Time <aurora@example.org>",
            }
        self._environment = environment(**extra)
        if not traced:
            self._environment.pop("COVERAGE_PROCESS_CONFIG", None)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise NotReadyError("the server was not started")
        return self._process

    @property
    def database(self) -> Path:
        return self.data / "aurora.sqlite"

    def start(self, *before: str) -> float:
        """Seconds from the start of the process to its first good answer; ``before`` are words like those of strace."""
        command = [*before, sys.executable, "-m", "aurora_time", "serve"]
        words = ["--port", str(self.port), "--data", str(self.data)]
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *words], cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        while not is_healthy(self.port):
            if self.process.poll() is not None or time.monotonic() - began > _PATIENCE:
                end(self.process)
                raise NotReadyError(f"the server is not ready:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.005)
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL: it learns nothing, and writes nothing more."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Let it end as Ctrl-C does; its exit status."""
        return end(self.process) if self._process is not None else 0

    def cpu_seconds(self) -> float:
        """What it has used of all cores so far (Linux)."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def peak_memory(self) -> int:
        """The most memory it ever had, in bytes (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024


def is_healthy(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def end(process: subprocess.Popen[Any]) -> int:
    """Ask it to stop, wait, and only then insist."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@contextmanager
def running(data: Path, **extra: str) -> Iterator[tuple[HomeProcess, SinkProcess]]:
    """A server that mails into a sink, both stopped in the end."""
    sink = SinkProcess(data.with_name(f"{data.name}-mails"))
    home = HomeProcess(data, sink.port, traced=True, **extra)
    try:
        home.start()
        yield home, sink
    finally:
        home.stop()
        sink.stop()
