"""Copies of a SQLite database: made while it is in use, checked, kept for some days, and put back.

All of this blocks for as long as the disk takes; in a server it belongs in a thread of its own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from pathlib import Path

from aurora_time.adapters.sqlite_file import NotADatabaseError, OwnerLock, check_format, connect, explained
from aurora_time.ports import COPIES_KEPT


def backup(source: Path, target: Path) -> None:
    """Copy ``source`` as it is at one moment to ``target``; there is a whole, checked, durable file or none.

    Writers go on meanwhile. What was deleted is not in the copy. Raises StorageError.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with explained(target):
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, part)
        verify(part)
        with explained(target):
            _sync(part)
            part.replace(target)
            sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def daily_backup(source: Path, folder: Path, now: float, keep: int = COPIES_KEPT) -> Path | None:
    """Make today's copy in ``folder`` unless there is one, keep the newest ``keep``, and say which was made.

    ``now`` is in seconds since the epoch; a day is a day of UTC. Raises StorageError.
    """
    day = dt.datetime.fromtimestamp(now, dt.UTC).date()
    target = folder / f"aurora-{day.isoformat()}.db"
    if target.exists():
        return None
    with explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup(source, target)
    with explained(folder):
        for old in sorted(folder.glob("aurora-????-??-??.db"))[:-keep]:
            old.unlink()
    return target


def verify(path: Path) -> None:
    """That a database is ours, readable to the last page and consistent. Raises StorageError."""
    with explained(path), contextlib.closing(connect(path, read_only=True)) as connection:
        check_format(connection, path)
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise NotADatabaseError(path)


def restore(source: Path, target: Path) -> None:
    """Put a copy in the place of a database that no process uses; the old one stays as ``.before-restore``.

    Nothing changes unless the copy is sound. Raises StorageError, InUseError if a server runs on ``target``.
    """
    fresh = target.with_name(f"{target.name}.restored")
    with explained(target), contextlib.closing(OwnerLock(target)):
        backup(source, fresh)
        for suffix in ("", "-wal", "-shm"):
            old = target.with_name(target.name + suffix)
            aside = target.with_name(f"{target.name}.before-restore{suffix}")
            # Also when there is nothing to move: a WAL of an earlier restore must not be read with this file.
            aside.unlink(missing_ok=True)
            if old.exists():
                old.replace(aside)
        fresh.replace(target)
        sync_folder(target.parent)


def _copy(source: Path, part: Path) -> None:
    with explained(source), contextlib.closing(connect(source, read_only=True)) as connection:
        check_format(connection, source)
        try:
            with explained(part):
                connection.execute("VACUUM INTO ?", (str(part),))
        except NotADatabaseError as error:
            raise NotADatabaseError(source) from error  # the empty file that we made is not what is damaged


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows knows no such thing."""
    if os.name == "posix":
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
