"""A database file written anew beside the one in use, which then takes its place: what was deleted is not in it.

``secure_delete`` overwrites what is deleted, but a page that was split or merged before keeps copies between its cells.
``VACUUM`` leaves none, and keeps every writer waiting for seconds. So the copy is made while writers go on, what they
changed meanwhile is brought over, and they wait only while the files change places.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from aurora_time.adapters.backup import backup, sync_folder
from aurora_time.adapters.sqlite_file import connect
from aurora_time.ports import Key, StorageError

_BRING = """
INSERT INTO main.items (part, sort, body, version, expires)
SELECT part, sort, body, version, expires FROM served.items WHERE part = ? AND sort = ?
"""


def copy_of(path: Path) -> Path:
    """Where the copy of a database is made."""
    return path.with_name(f"{path.name}.anew")


def _old_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.anew-old")


def remove_rest(path: Path) -> None:
    """The copy, and the old file; also those of a process that ended half-way. Raises OSError."""
    for suffix in ("", "-old", ".part", "-journal", ".part-journal"):
        path.with_name(f"{path.name}.anew{suffix}").unlink(missing_ok=True)


def make_copy(path: Path) -> None:
    """All that is there now, and none of what was. Raises StorageError."""
    backup(path, copy_of(path))


def bring_over(path: Path, changed: Iterable[Key]) -> None:
    """Make these items of the copy what they are in the database; durable when it returns. Raises sqlite3.Error."""
    with contextlib.closing(connect(copy_of(path))) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("ATTACH ? AS served", (f"{path.absolute().as_uri()}?mode=ro",))
        connection.execute("BEGIN IMMEDIATE")
        for key in changed:
            connection.execute("DELETE FROM main.items WHERE part = ? AND sort = ?", key)
            connection.execute(_BRING, key)
        connection.execute("COMMIT")


def take_place(path: Path, served: sqlite3.Connection) -> bool:
    """Put the copy in the place of the database whose only connection is ``served``, which is closed in any case.

    False, and nothing is changed, while somebody else has the database open. Raises sqlite3.Error, OSError.
    """
    with contextlib.closing(served):
        if not _leaves_wal(served):
            return False
    with contextlib.suppress(OSError):  # where the disk knows no links, everybody waits until the old file is freed
        os.link(path, _old_of(path))
    copy_of(path).replace(path)
    sync_folder(path.parent)
    return True


def _leaves_wal(served: sqlite3.Connection) -> bool:
    # Without a WAL there is nothing beside the old file that could be read with the new one, whenever we are killed.
    # SQLite refuses this while another process, or thread, reads.
    served.execute("PRAGMA busy_timeout = 0")
    try:
        return bool(served.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete")
    except sqlite3.OperationalError:
        return False


def in_thread(work: Callable[[], None]) -> asyncio.Future[None]:
    """Do it in a thread that keeps no process from ending. What it raises of the disk's is raised to who waits."""
    done: concurrent.futures.Future[None] = concurrent.futures.Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            work()
        except (StorageError, sqlite3.Error, OSError) as error:
            done.set_exception(error)
        else:
            done.set_result(None)
        finally:
            if not done.done():  # a mistake of ours, which the thread's own traceback tells: nobody waits for ever
                done.set_exception(RuntimeError("the thread ended"))

    threading.Thread(target=run, name="sqlite-anew", daemon=True).start()
    return asyncio.wrap_future(done)
