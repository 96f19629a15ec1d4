"""A home in this process, on a folder of its own, with the time in the test's hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from aurora_time.run.settings import Settings
from aurora_time.run.wiring import Home, make_home
from aurora_time.run.world import RandomIds
from tests.run.terminal import Terminal

URL = "http://127.0.0.1:8765"
NOW = 1_795_312_200.0


class Clock:
    def __init__(self, time: float = NOW) -> None:
        self.time = time

    def now(self) -> float:
        return self.time


InHome = Callable[[Callable[[Home], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def in_home(tmp_path: Path, clock: Clock) -> InHome:
    """Run something with a home that is opened before and closed after."""

    def run(scenario: Callable[[Home], Coroutine[Any, Any, Any]]) -> Any:
        async def opened() -> Any:
            home = make_home(Settings(tmp_path), URL, clock, RandomIds())
            try:
                return await scenario(home)
            finally:
                await home.close()

        return asyncio.run(opened())

    return run


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    for name in ("AURORA_SERVER", "AURORA_TOKEN", "AURORA_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("AURORA_DATA", str(tmp_path / "data"))
    return Terminal(capsys, monkeypatch)


@pytest.fixture
def refused(shell: Terminal, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Types a command that is refused, and gives the sentence."""
    # `aurora serve` would let the log go to this test's stderr, and all later tests of this process with it.
    monkeypatch.setattr("aurora_time.run.logs.configure_logs", lambda _: None)

    def run(*typed: str | Path) -> str:
        status, out, err = shell.attempt(*map(str, typed))
        (line,) = err.splitlines()
        assert (status, out) == (1, "")
        assert line.startswith("aurora: ")
        assert line.endswith(".")
        return line

    return run
