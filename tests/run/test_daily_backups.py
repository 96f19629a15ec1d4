"""The daily backup of a running server: one a day, seven kept, and a failure that is told."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from aurora_time.adapters.backup import verify
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.run.backups import DailyBackups
from aurora_time.run.settings import Settings

DAY = 86_400


def made(folder: Path, clock: Any) -> Settings:
    settings = Settings(folder)

    async def make() -> None:
        await SqliteTable.open(settings.database, clock).close()

    asyncio.run(make())
    return settings


def test_one_a_day_and_seven_are_kept(tmp_path: Path, clock: Any) -> None:
    settings = made(tmp_path, clock)
    backups = DailyBackups(settings, clock)
    with capture_logs() as logs:
        for _ in range(10):
            backups.once()
            backups.once()
            clock.time += DAY
    kept = sorted(settings.backups.iterdir())
    assert [path.name for path in kept] == [
        f"aurora-2026-{day}.db" for day in ("11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01")
    ]
    assert [log["event"] for log in logs] == ["backup made"] * 10
    verify(kept[-1])
    assert backups.failure is None


def test_a_failure_is_one_line_and_goes_with_the_next_success(tmp_path: Path, clock: Any) -> None:
    settings = made(tmp_path, clock)
    settings.backups.touch()
    backups = DailyBackups(settings, clock)
    with capture_logs() as logs:
        backups.once()
    assert [(log["event"], log["log_level"]) for log in logs] == [("backup failed", "error")]
    assert backups.failure is not None
    assert str(settings.backups) in backups.failure
    settings.backups.unlink()
    backups.once()
    assert backups.failure is None


def test_it_looks_again_until_it_is_stopped(tmp_path: Path, clock: Any) -> None:
    settings = made(tmp_path, clock)
    looked = threading.Semaphore(0)

    class Counted(DailyBackups):
        def once(self) -> None:
            looked.release()

    backups = Counted(settings, clock, every=0.001)
    backups.start()
    for _ in range(3):
        assert looked.acquire(timeout=10)
    backups.stop()
    thread = next((each for each in threading.enumerate() if each.name == "backups"), None)
    if thread is not None:
        thread.join(10)
