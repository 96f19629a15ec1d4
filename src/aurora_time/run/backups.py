"""The daily backup of a running server, in a thread of its own that never keeps the process from ending."""

from __future__ import annotations

import threading
from typing import Final

import structlog

from aurora_time.adapters.backup import daily_backup
from aurora_time.ports import Clock, StorageError
from aurora_time.run.settings import Settings

_log = structlog.get_logger("backups")
_EVERY: Final = 3600.0
"""Seconds between looks whether today has its copy; one that failed is tried again."""


class DailyBackups:
    """``failure`` says what was in the way last time, None if nothing was."""

    def __init__(self, settings: Settings, clock: Clock, every: float = _EVERY) -> None:
        self.failure: str | None = None
        self._settings = settings
        self._clock = clock
        self._every = every
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="backups", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def once(self) -> None:
        """Make today's copy unless there is one."""
        try:
            made = daily_backup(self._settings.database, self._settings.backups, self._clock.now())
        except (StorageError, OSError) as error:
            self.failure = str(error)
            _log.error("backup failed", reason=self.failure)
            return
        self.failure = None
        if made is not None:
            _log.info("backup made", file=made.name)

    def _run(self) -> None:
        self.once()
        while not self._stopped.wait(self._every):
            self.once()
