"""What the commands of tools/aurora.py run."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from tools import commands
from tools.environment import Environment


@pytest.mark.parametrize("failing", [None, "mark aws", "tests/api", "templates", "deployed"])
def test_all_parts_of_test_aws_are_run_whichever_fails(failing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the first would hide those of the others until it is mended: each takes a quarter of an hour."""
    ran: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        part = "mark aws" if "--ignore" in command else command[-1]
        ran.append(part)
        return subprocess.CompletedProcess(command, int(part == failing))

    def stage(name: str) -> commands.Command:
        return lambda *_: ran.append(name) or int(name == failing)

    monkeypatch.setattr(commands.subprocess, "run", run)
    monkeypatch.setattr(Environment, "ensure", lambda *_: None)
    for name in ("templates", "deployed"):
        monkeypatch.setattr(commands, name, stage(name))
    assert commands.test_aws(Environment(), []) == (failing is not None)
    assert ran == ["mark aws", "tests/api", "templates", "deployed"]
