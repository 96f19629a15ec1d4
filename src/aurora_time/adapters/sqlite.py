"""The Table port on SQLite: reads run inline in the event loop, writes in one thread that groups them.

A write is on the disk (WAL, ``synchronous=FULL``) before it is acknowledged. ``:memory:`` is the engine of
the tests: the same code on one connection, which a lock keeps from showing a half-done group.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from functools import partial
from pathlib import Path
from typing import Final, Literal

from aurora_time.adapters import sqlite_anew as anew
from aurora_time.adapters import sqlite_file as file
from aurora_time.adapters.sqlite_recent import Recent
from aurora_time.adapters.sqlite_writer import Job, Pause, Stats, Stop, Sweep, Writer
from aurora_time.ports import Change, Clock, Item, Key, Put, Range, StorageError, UnavailableError, check_limits

_GET: Final = """
SELECT body, version, expires FROM items WHERE part = ? AND sort = ? AND (expires IS NULL OR expires > ?)
"""
_QUERY: Final = """
SELECT sort, body, version, expires FROM items
WHERE part = ? AND sort >= ? AND sort < ? AND (expires IS NULL OR expires > ?) ORDER BY sort {order} LIMIT ?
"""
_SCAN: Final = """
SELECT part, sort, body, version, expires FROM items
WHERE (part, sort) > (?, ?) AND (expires IS NULL OR expires > ?) ORDER BY part, sort LIMIT ?
"""
_SCANNED: Final = 4_000_000
"""Bytes of bodies at which a page of a scan ends, whatever its limit: it is held in memory."""
_FORWARD: Final = _QUERY.format(order="ASC")
_BACKWARD: Final = _QUERY.format(order="DESC")


_Row = tuple[str, bytes, str, int | None]


def _items(part: str, rows: list[_Row]) -> list[Item]:
    # By tuple's own constructor: a listing has an Item for every event of its window, and a NamedTuple's written in
    # Python takes twice as long.
    new = tuple.__new__
    return [new(Item, (new(Key, (part, sort)), body, version, expires)) for sort, body, version, expires in rows]


def _open_reader(path: Path) -> sqlite3.Connection:
    reader = file.connect(path, read_only=True)
    # Kibibytes of pages; with SQLite's own 2 MB a week of a large calendar takes twice as long to read.
    reader.execute("PRAGMA cache_size = -32768")
    return reader


SCRUB_EVERY: Final = 3_600.0
"""Seconds."""
_ROUNDS: Final = 5
_FEW: Final = 500
"""Items that were changed while others were brought over: so few may keep the writers waiting, some milliseconds."""
_AT_ONCE: Final = threading.Event()
_AT_ONCE.set()


class SqliteTable:
    """Made by ``open``; belongs to the event loop that uses it, and is closed there."""

    def __init__(
        self,
        reader: sqlite3.Connection,
        clock: Clock,
        lock: contextlib.AbstractContextManager[object],
        writer: Writer | None,
        owner: file.OwnerLock | None = None,
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._lock = lock
        self._writer = writer
        self._owner = owner
        self._recent = Recent()
        self._keeps = writer is not None  # another process may write to what we only read
        self._closed = False
        self._changed: set[Key] | None = None
        self._scrubbed: float | None = None
        if writer:
            writer.start()

    @classmethod
    def open(
        cls,
        path: Path | Literal[":memory:"],
        clock: Clock,
        *,
        read_only: bool = False,
        sweep_every: float = 60.0,
    ) -> SqliteTable:
        """Open, make or migrate the database. Raises StorageError.

        Only one process may have it open for writing; ``read_only`` asks for no ownership and makes nothing.
        Expired items are removed every ``sweep_every`` seconds.
        """
        if path == ":memory:":
            connection = file.connect(":memory:")
            file.prepare_writer(connection, Path(path))
            lock = threading.Lock()
            return cls(connection, clock, lock, Writer(connection, clock, lock, sweep_every))
        with file.explained(path), contextlib.ExitStack() as undo:
            owner = writing = None
            if not read_only:
                owner = file.OwnerLock(path)
                undo.callback(owner.close)
                writing = undo.enter_context(contextlib.closing(file.connect(path)))
                file.prepare_writer(writing, path)
                anew.remove_rest(path)
            reader = undo.enter_context(contextlib.closing(_open_reader(path)))
            file.check_format(reader, path)
            undo.pop_all()
        free = contextlib.nullcontext()
        return cls(reader, clock, free, Writer(writing, clock, free, sweep_every) if writing else None, owner)

    @property
    def stats(self) -> Stats:
        """Counts for the metrics; all zero on a read-only table."""
        return self._writer.stats if self._writer else Stats()

    async def get(self, *keys: Key) -> list[Item | None]:
        now = self._clock.now()
        try:
            return [self._get(key, now) for key in keys]
        except sqlite3.Error as error:
            raise UnavailableError(file.reason(error)) from error

    def _get(self, key: Key, now: float) -> Item | None:
        known = self._recent.get(key, now)
        if known is not None:
            return known
        with self._lock:
            row = self._reader.execute(_GET, (*key, now)).fetchone()
        item = Item(key, *row) if row else None
        if item and self._keeps:
            self._recent.keep(item)
        return item

    async def query(self, *ranges: Range) -> list[list[Item]]:
        now = self._clock.now()
        try:
            with self._lock:
                found = [self._rows(range_, now) for range_ in ranges]
        except sqlite3.Error as error:
            raise UnavailableError(file.reason(error)) from error
        return [_items(range_.part, rows) for range_, rows in zip(ranges, found, strict=True)]

    def _rows(self, range_: Range, now: float) -> list[_Row]:
        limit = -1 if range_.limit is None else max(0, range_.limit)
        statement = _BACKWARD if range_.reverse else _FORWARD
        return self._reader.execute(statement, (range_.part, range_.low, range_.high, now, limit)).fetchall()

    async def scan(self, after: Key | None, limit: int) -> tuple[list[Item], Key | None]:
        now = self._clock.now()
        items: list[Item] = []
        size = 0
        try:
            with self._lock, contextlib.closing(self._reader.cursor()) as found:
                for part, sort, *rest in found.execute(_SCAN, (*(after or ("", "")), now, limit)):
                    items.append(Item(Key(part, sort), *rest))
                    size += len(items[-1].body)
                    if size >= _SCANNED:
                        break
        except sqlite3.Error as error:
            raise UnavailableError(file.reason(error)) from error
        is_cut = size >= _SCANNED or 0 < limit == len(items)
        return items, items[-1].key if is_cut else None

    async def fill(self, items: list[Item]) -> None:
        if items:
            await self._hand_over(
                tuple(Put(key, body, version, None, expires) for key, body, version, expires in items)
            )

    async def write(self, *changes: Change) -> None:
        check_limits(changes)
        await self._hand_over(changes)

    async def _hand_over(self, changes: tuple[Change, ...]) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        writer = self._open_writer()
        if self._changed is not None:
            self._changed.update(change.key for change in changes)
        self._recent.forget(changes, done)
        writer.hand_over(Job(changes, self._clock.now(), done))
        # Shielded: whoever is cancelled here ends his waiting, not the write, and ``done`` must not say that it ended.
        await asyncio.shield(done)

    async def remove_expired(self) -> int:
        """Remove all that has expired now, and say how many items that were."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._open_writer().hand_over(Sweep(done))
        return await done

    async def scrub(self) -> bool:
        """Let no byte of what was deleted be left in the file; False if that was not possible now.

        It writes the whole file anew, so not more than once an hour it is worth its while: sooner it is not possible.
        """
        now = self._clock.now()
        if self._scrubbed is not None and 0 <= now - self._scrubbed < SCRUB_EVERY:
            return False
        self._scrubbed, done = now, False
        await self.remove_expired()
        if self._owner is None:
            return True
        with contextlib.suppress(StorageError, sqlite3.Error, OSError):
            done = await self._write_anew(self._owner.path)
        if not done:
            self._scrubbed = None
        return done

    async def _write_anew(self, path: Path) -> bool:
        """Whether a copy without what was deleted took the place of the file: see sqlite_anew.py."""
        go_on = threading.Event()
        self._changed = set()
        try:
            await self._pause(_AT_ONCE)  # what was handed over before is in the file now, what comes is noted
            await anew.in_thread(partial(anew.make_copy, path))
            for _ in range(_ROUNDS):
                changed, self._changed = self._changed, set()
                await self._pause(_AT_ONCE)
                await anew.in_thread(partial(anew.bring_over, path, changed))
                if len(self._changed) < _FEW:
                    break
            await self._pause(go_on)
            changed, self._changed = self._changed, None  # whoever writes from now on writes to the new file
            await anew.in_thread(partial(anew.bring_over, path, changed))
            return self._change_file(path)
        finally:
            self._changed = None
            go_on.set()
            with contextlib.suppress(OSError):
                await anew.in_thread(partial(anew.remove_rest, path))

    async def _pause(self, go_on: threading.Event) -> None:
        """Until all that was handed over is done; the writer then waits for ``go_on``."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._open_writer().hand_over(Pause(done, go_on))
        await done

    def _change_file(self, path: Path) -> bool:
        """Let the copy take the place of the file, while the writer waits and nobody reads: some milliseconds."""
        writer = self._open_writer()
        self._reader.close()
        try:
            writer.is_scrubbed = anew.take_place(path, writer.connection)
        finally:
            self._reader, writer.connection = _open_reader(path), file.connect(path)
            file.prepare_writer(writer.connection, path)
        return writer.is_scrubbed

    async def close(self) -> None:
        """Finish what was handed over and free the file; closing twice is no error."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._writer:
                done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._writer.hand_over(Stop(done))
                await done
        finally:
            self._free()

    def _free(self) -> None:
        if self._writer:
            self._writer.join()
        self._reader.close()
        # Last, because the last connection that may write empties the WAL and removes it.
        if self._writer:
            self._writer.connection.close()
        if self._owner:
            self._owner.close()

    def _open_writer(self) -> Writer:
        if self._closed:
            raise UnavailableError("the database is closed")
        if self._writer is None:
            raise UnavailableError("the database was opened for reading only")
        return self._writer
