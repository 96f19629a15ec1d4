"""The database file itself: whose it is, what is in it, who may write to it, what can be wrong with it."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from aurora_time.ports import StorageError

APPLICATION_ID: Final = 0x41757254
"""``AurT`` in the header of the file: how ``file(1)`` and we tell it from any other SQLite database."""

MIGRATIONS: Final = (
    (
        """
        CREATE TABLE items (
          part TEXT NOT NULL,
          sort TEXT NOT NULL,
          body BLOB NOT NULL,
          version TEXT NOT NULL,
          expires INTEGER,
          PRIMARY KEY (part, sort)
        )
        """,
        "CREATE INDEX items_expires ON items (expires) WHERE expires IS NOT NULL",
    ),
)
"""The statements that bring a file from each format to the next; ``user_version`` counts the formats it had.

Never edit one that was released. Text is UTF-8 and compared by its bytes, as the port promises.
"""


class NotADatabaseError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged or is not a SQLite database; restore a backup, or move it away to start anew."
        )


class ForeignDatabaseError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a database of another program; choose another file.")


class NewerDatabaseError(StorageError):
    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"{path} was written by a newer Aurora Time (format {version}, this one reads up to "
            f"{len(MIGRATIONS)}); upgrade Aurora Time, or restore a backup made before the upgrade."
        )


class MissingError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be opened: there is no such file or folder.")


class NotWritableError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be opened: the file or its folder is read-only or belongs to another user.")


class DiskFullError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be written: the disk is full.")


class InUseError(StorageError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another process; stop that one first.")


class UnreadableError(StorageError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be opened: {reason}.")


_REASONS: Final = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the database is read-only",
    "SQLITE_BUSY": "the database is locked by another process",
    "SQLITE_LOCKED": "the database is locked by another process",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_NOTADB": "the database is damaged",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_IOERR": "the disk could not be read or written",
}


def _family(error: sqlite3.Error) -> str:
    """The primary result code of an error, ``SQLITE_IOERR`` for ``SQLITE_IOERR_FSYNC``."""
    return "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])


def reason(error: sqlite3.Error | MemoryError) -> str:
    """What went wrong, in words that can stand in a sentence."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return _REASONS.get(_family(error), str(error))


def _storage_error(path: Path, error: sqlite3.Error | OSError) -> StorageError:
    """The sentence for what SQLite or the system said while the file was being opened."""
    if isinstance(error, OSError):
        by_errno: dict[int | None, StorageError] = {
            errno.ENOENT: MissingError(path),
            errno.ENOTDIR: MissingError(path),
            errno.ENOSPC: DiskFullError(path),
            errno.EDQUOT: DiskFullError(path),
            errno.EACCES: NotWritableError(path),
            errno.EPERM: NotWritableError(path),
            errno.EROFS: NotWritableError(path),
        }
        return by_errno.get(error.errno, UnreadableError(path, error.strerror or str(error)))
    by_code: dict[str, StorageError] = {
        "SQLITE_FULL": DiskFullError(path),
        "SQLITE_READONLY": NotWritableError(path),
        "SQLITE_CANTOPEN": NotWritableError(path),
        "SQLITE_PERM": NotWritableError(path),
        "SQLITE_NOTADB": NotADatabaseError(path),
        "SQLITE_CORRUPT": NotADatabaseError(path),
        "SQLITE_BUSY": InUseError(path),
    }
    return by_code.get(_family(error), UnreadableError(path, reason(error)))


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system says about ``path`` into a StorageError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise _storage_error(path, error) from error


class OwnerLock:
    """An exclusive lock beside the database, held while a process may write; it ends with the process."""

    def __init__(self, path: Path) -> None:
        """Raises InUseError if another holds it, OSError if the lock file cannot be made."""
        self.path = path
        self._file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file)
        except BlockingIOError as error:
            os.close(self._file)
            raise InUseError(path) from error

    def close(self) -> None:
        """The lock file itself stays: removing it would let two owners in through two files of one name."""
        os.close(self._file)


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def connect(target: Path | Literal[":memory:"], *, read_only: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time. Raises OSError, sqlite3.Error."""
    address = ":memory:"
    if isinstance(target, Path):
        # Never open() and close a database in use: that drops every POSIX lock this process has on it.
        if read_only:
            target.stat()
        elif not target.exists():
            # Nobody else on the machine may read it; SQLite gives its -wal and -shm files the same mode.
            os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        address = f"{target.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)


def prepare_writer(connection: sqlite3.Connection, path: Path) -> None:
    """Durable settings and the newest schema. Raises StorageError, sqlite3.Error."""
    check_format(connection, path, may_be_empty=True)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    connection.execute("PRAGMA secure_delete = ON")  # what was deleted is overwritten, not only unlinked
    connection.execute("BEGIN IMMEDIATE")
    for statement in itertools.chain.from_iterable(MIGRATIONS[_pragma(connection, "user_version") :]):
        connection.execute(statement)
    # Written even if they stand there already: so we hear now, not at the first write, that the file is read-only.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def check_format(connection: sqlite3.Connection, path: Path, *, may_be_empty: bool = False) -> None:
    """That the file is ours and not newer than we are. Raises StorageError, sqlite3.Error."""
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    empty = connection.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0]
    if may_be_empty and empty and application == version == 0:
        return
    if application != APPLICATION_ID:
        raise ForeignDatabaseError(path)
    if version > len(MIGRATIONS):
        raise NewerDatabaseError(path, version)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
