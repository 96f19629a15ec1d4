"""The real server and a real mail server, for as long as a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.running import HomeProcess, SinkProcess


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SinkProcess]:
    process = SinkProcess(tmp_path / "mails")
    yield process
    process.stop()


@pytest.fixture
def home(tmp_path: Path, sink: SinkProcess) -> Iterator[HomeProcess]:
    """Not started yet."""
    process = HomeProcess(tmp_path / "data", sink.port, AURORA_RATE_LIMIT="0")
    yield process
    process.stop()
