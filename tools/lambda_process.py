"""A function of AWS as a process of its own: the package that is shipped, and nothing else of this environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

_CHILD: Final = """
import sys, time
sys.path.insert(0, sys.argv[1])
import importlib, json
answers, sys.stdout = sys.stdout, sys.stderr
handler = importlib.import_module("aurora_time.aws." + sys.argv[2]).handler
for event in sys.stdin:
    said = handler(json.loads(event), None)
    answers.write(json.dumps([time.process_time(), said]) + "\\n")
"""


class Answer(NamedTuple):
    seconds: float
    """Of CPU that the process has used until then, its start included."""
    said: Any


def ask(package: Path, module: str, environ: Mapping[str, str], *events: dict[str, Any]) -> list[Answer]:
    """What a new process answers, one event after another. Raises RuntimeError with what it said when it ended."""
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(package), module]
    told = "".join(f"{json.dumps(each)}\n" for each in events)
    known = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(command, input=told, env=known, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} did not answer: {done.stderr[-2000:]}")
    return [Answer(*json.loads(line)) for line in done.stdout.splitlines()]
