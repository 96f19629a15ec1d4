"""Loaded by every Python that the emulator starts: a function's clock shows what the tests say, not what it is.

Nothing of the package is touched: it is as if somebody had set the machine's clock.
"""

import os
import sys
import time
from pathlib import Path

_FILE = os.environ.get("AURORA_TEST_CLOCK", "")


def _set() -> None:
    real, said = time.time, Path(_FILE)

    def now() -> float:
        try:
            return float(said.read_text())
        except (OSError, ValueError):
            return real()

    time.time = now


if _FILE and sys.orig_argv[-1].endswith("_worker.py"):  # the emulator itself keeps the true time
    _set()
