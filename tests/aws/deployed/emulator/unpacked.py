"""Run in the emulator before it starts: a package is unpacked once, not for each process. No function writes there."""

from __future__ import annotations

import tempfile
import threading
import types
import zipfile
from pathlib import Path

from ministack.core import lambda_runtime

_one_at_a_time = threading.Lock()
_unpacked: dict[int, str] = {}


class _Once(zipfile.ZipFile):
    def extractall(self, path: str) -> None:  # type: ignore[override]
        what = hash(tuple((each.filename, each.CRC) for each in self.infolist()))
        with _one_at_a_time:
            if what not in _unpacked:
                made = tempfile.mkdtemp()
                super().extractall(made)
                _unpacked[what] = made
        empty = Path(path)
        empty.rmdir()
        empty.symlink_to(_unpacked[what])


# A module of its own for the workers, so that everybody else unpacks as ever.
lambda_runtime.zipfile = types.SimpleNamespace(**{**vars(zipfile), "ZipFile": _Once})
