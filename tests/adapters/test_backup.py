"""Copies are whole, made while the server works, kept for a week, and can be put back."""

from __future__ import annotations

import asyncio
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from aurora_time.adapters.backup import backup, daily_backup, restore, verify
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import (
    DiskFullError,
    ForeignDatabaseError,
    InUseError,
    MissingError,
    NotADatabaseError,
    OwnerLock,
)
from aurora_time.ports import ABSENT, Item, Key, Put, Range

pytestmark = pytest.mark.anyio
A = Key("part", "a")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def now(self) -> float:
        return 0.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aurora.db"


@pytest.fixture
async def table(path):
    table = SqliteTable.open(path, Clock())
    await table.write(Put(A, b"1", "v1"))
    yield table
    await table.close()


async def found(path):
    table = SqliteTable.open(path, Clock(), read_only=True)
    [items] = await table.query(Range("part"))
    await table.close()
    return items


async def test_a_copy_of_a_database_in_use_has_what_was_acknowledged_before(table, path, tmp_path):
    copy = tmp_path / "copy.db"
    backup(path, copy)
    await table.write(Put(A, b"2", "v2"))
    assert await found(copy) == [Item(A, b"1", "v1")]
    backup(path, copy)
    assert await found(copy) == [Item(A, b"2", "v2")]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.part*"))


async def test_a_copy_made_amid_writes_is_one_moment_and_holds_no_writer_up(table, path, tmp_path):
    body = b"x" * 100_000
    for start in range(0, 200, 20):
        await table.write(*[Put(Key("bulk", f"{n}"), body, "v") for n in range(start, start + 20)])
    copying = asyncio.create_task(asyncio.to_thread(backup, path, tmp_path / "copy.db"))
    turns = 0
    while not copying.done():
        turns += 1
        await table.write(*[Put(Key("part", name), b"%d" % turns, f"v{turns}") for name in "ab"])
    await copying
    assert turns > 3
    assert len({item.version for item in await found(tmp_path / "copy.db") if item.key.sort in "ab"}) == 1


async def test_what_was_deleted_is_not_in_the_copy(table, path, tmp_path):
    secret = b"a secret that was deleted"
    await table.write(Put(Key("gone", "s"), secret, "v", expires=1_000))
    await table.write(Put(Key("gone", "s"), b"", "v"))
    backup(path, tmp_path / "copy.db")
    assert secret not in (tmp_path / "copy.db").read_bytes()


@pytest.mark.parametrize(
    ("content", "kind"), [(None, MissingError), (b"no database " * 500, NotADatabaseError), (b"", ForeignDatabaseError)]
)
def test_what_cannot_be_copied_leaves_the_last_copy_as_it_is(path, tmp_path, content, kind):
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"the last copy")
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind) as caught:
        backup(path, copy)
    assert str(path) in str(caught.value)
    assert copy.read_bytes() == b"the last copy"
    assert not list(tmp_path.glob("*.part*"))


async def damaged(path):
    """A database whose header and schema are sound, but not its last pages."""
    table = SqliteTable.open(path, Clock())
    await table.write(*[Put(Key("part", f"{n:03d}"), b"x" * 3000, "v") for n in range(50)])
    await table.close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\x55" * (len(content) - 4096 * 2)
    path.write_bytes(content)


async def test_a_damaged_database_is_found_out(path, tmp_path):
    await damaged(path)
    with pytest.raises(NotADatabaseError, match="damaged"):
        verify(path)
    with pytest.raises(NotADatabaseError) as caught:
        backup(path, tmp_path / "copy.db")
    assert str(caught.value).startswith(f"{path} ")
    assert not (tmp_path / "copy.db").exists()


async def test_a_sound_database_passes(table, path):
    verify(path)


async def test_a_folder_that_is_missing_is_said(table, path, tmp_path):
    with pytest.raises(MissingError, match="nowhere"):
        backup(path, tmp_path / "nowhere" / "copy.db")


async def test_one_copy_a_day_and_the_newest_seven_stay(table, path, tmp_path):
    folder = tmp_path / "data" / "backups"
    for day in range(10):
        now = (NOON + timedelta(days=day)).timestamp()
        made = daily_backup(path, folder, now)
        assert made is not None
        assert made.name == f"aurora-{(NOON + timedelta(days=day)).date().isoformat()}.db"
        assert daily_backup(path, folder, now + 3600) is None
    (folder / "mine.db").touch()
    daily_backup(path, folder, (NOON + timedelta(days=10)).timestamp())
    names = sorted(file.name for file in folder.iterdir())
    assert names == [*[f"aurora-2026-{day}.db" for day in ("11-26", "11-27", "11-28", "11-29", "11-30")],
                     "aurora-2026-12-01.db", "aurora-2026-12-02.db", "mine.db"]  # fmt: skip
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_copy_that_fails_takes_no_older_one_away(table, path, tmp_path):
    folder = tmp_path / "backups"
    for day in range(7):
        daily_backup(path, folder, (NOON + timedelta(days=day)).timestamp())
    path.with_name("other.db").write_bytes(b"no database" * 500)
    with pytest.raises(NotADatabaseError):
        daily_backup(path.with_name("other.db"), folder, (NOON + timedelta(days=7)).timestamp())
    assert len(list(folder.iterdir())) == 7


async def test_a_copy_is_put_back_and_the_old_database_stays_aside(path, tmp_path):
    table = SqliteTable.open(path, Clock())
    await table.write(Put(A, b"1", "v1"))
    backup(path, tmp_path / "copy.db")
    await table.write(Put(A, b"2", "v2"))
    await table.close()
    restore(tmp_path / "copy.db", path)
    assert await found(path) == [Item(A, b"1", "v1")]
    assert await found(path.with_name("aurora.db.before-restore")) == [Item(A, b"2", "v2")]
    table = SqliteTable.open(path, Clock())
    await table.write(Put(A, b"3", "v3", "v1"), Put(Key("part", "b"), b"", "v", ABSENT))
    await table.close()


async def test_a_wal_that_a_crash_left_is_never_read_with_another_database(path, tmp_path):
    table = SqliteTable.open(path, Clock())
    await table.write(Put(A, b"1", "v1"))
    backup(path, tmp_path / "copy.db")
    await table.write(Put(A, b"2", "v2"))
    crashed = {name: path.with_name(name).read_bytes() for name in ("aurora.db", "aurora.db-wal")}
    await table.close()
    for name, content in crashed.items():
        path.with_name(name).write_bytes(content)
    restore(tmp_path / "copy.db", path)
    assert await found(path) == [Item(A, b"1", "v1")]
    assert await found(path.with_name("aurora.db.before-restore")) == [Item(A, b"2", "v2")]
    restore(tmp_path / "copy.db", path)
    assert await found(path.with_name("aurora.db.before-restore")) == [Item(A, b"1", "v1")]


async def test_a_copy_can_be_put_where_there_is_nothing(table, path, tmp_path):
    backup(path, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", tmp_path / "new.db")
    assert await found(tmp_path / "new.db") == [Item(A, b"1", "v1")]


async def test_nothing_is_put_in_the_place_of_a_database_in_use(table, path, tmp_path):
    backup(path, tmp_path / "copy.db")
    with pytest.raises(InUseError):
        restore(tmp_path / "copy.db", path)
    await table.write(Put(A, b"2", "v2"))


async def test_a_damaged_copy_is_not_put_back(table, path, tmp_path):
    await table.close()
    await damaged(tmp_path / "copy.db")
    with pytest.raises(NotADatabaseError, match=r"copy\.db"):
        restore(tmp_path / "copy.db", path)
    assert await found(path) == [Item(A, b"1", "v1")]
    with closing(OwnerLock(path)):
        pass


async def test_a_full_disk_leaves_no_half_copy(table, path, tmp_path, monkeypatch):
    import errno
    import os

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        backup(path, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))
