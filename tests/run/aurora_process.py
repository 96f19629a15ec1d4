"""The real command line in a process of its own, and mail servers for it in a thread of this one."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.adapters.smtp_servers import Server

ROOT = Path(__file__).parents[2]


def environment(**extra: str) -> dict[str, str]:
    """This process's, without what it may say about Aurora Time, or against keeping what was compiled."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AURORA_", "PYTHONDONTWRITE"))}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", **extra}


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "aurora_time", *map(str, words)]


def aurora(*words: str | Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        command(*words),
        env=environment(**extra),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said: one line, no traceback, exit status 1."""
    assert done.returncode == 1, done
    assert done.stdout == "", done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("aurora: "), line
    assert line.endswith("."), line
    return line.removeprefix("aurora: ")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Running:
    """A server that is ready."""

    def __init__(self, process: subprocess.Popen[str], greeting: str, data: Path) -> None:
        self.process = process
        self.greeting = greeting
        self.url = greeting.partition("ready at ")[2].split(maxsplit=1)[0]
        control = data / "control.json"
        self.reached_at = urlsplit(json.loads(control.read_text())["url"] if control.exists() else self.url).netloc

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """A body that is text is a posted form, any other goes as JSON."""
        connection = http.client.HTTPConnection(self.reached_at, timeout=20)
        try:
            form = isinstance(body, str)
            media = "application/x-www-form-urlencoded" if form else "application/json"
            sent = {"Content-Type": media, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request(method, path, body if body is None or form else json.dumps(body), sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Ask it to stop: its exit status, and what it said since the greeting on stdout and on stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@contextmanager
def running(data: Path, *words: str, before: str = "", **extra: str) -> Iterator[Running]:
    """``before`` is Python that the server's process runs first."""
    program = [sys.executable, "-c", f"{before}\nfrom aurora_time.run.cli import main\nmain()"] if before else command()
    process = subprocess.Popen(
        [*program, "serve", "--port", "0", "--data", str(data), *words],
        env=environment(**extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout
        greeting = ""
        for line in process.stdout:
            greeting += line
            if "Stop with" in line:
                break
        if "Stop with" not in greeting:
            raise AssertionError(process.communicate(timeout=20)[1])
        yield Running(process, greeting, data)
    finally:
        process.kill()
        process.communicate(timeout=20)


@contextmanager
def mail_server(server: Server, port: int = 0) -> Iterator[int]:
    """Listen in a thread; gives the port."""
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(loop.create_server(server, "127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
