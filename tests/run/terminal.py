"""A terminal in which somebody types ``aurora ...``; the program runs in this process."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from aurora_time.run import cli


@dataclass
class Terminal:
    """Where somebody types: ``run`` gives what stdout had, and raises on a failure."""

    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *words: str, stdin: str = "") -> str:
        status, out, err = self.attempt(*words, stdin=stdin)
        assert status == 0, err
        return out

    def attempt(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["aurora", *words])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        try:
            cli.main()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = self.capture.readouterr()
        return status, out, err

    def json(self, *words: str, stdin: str = "") -> Any:
        return json.loads(self.run(*words, "--json", stdin=stdin))
