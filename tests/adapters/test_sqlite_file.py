"""A database that cannot be opened is one clear sentence, and nothing of it is changed."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from aurora_time.adapters import sqlite_file
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.adapters.sqlite_file import (
    APPLICATION_ID,
    MIGRATIONS,
    DiskFullError,
    ForeignDatabaseError,
    InUseError,
    MissingError,
    NewerDatabaseError,
    NotADatabaseError,
    NotWritableError,
    OwnerLock,
    StorageError,
    UnreadableError,
    connect,
    explained,
)
from aurora_time.ports import Item, Key, Put

pytestmark = pytest.mark.anyio
NOBODY = 65534


class Clock:
    def now(self) -> float:
        return 0.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "aurora.db"


def refused(path: Path, kind: type[StorageError], *, read_only: bool = False) -> str:
    with pytest.raises(kind) as caught:
        SqliteTable.open(path, Clock(), read_only=read_only)
    sentence = str(caught.value)
    assert type(caught.value) is kind
    assert sentence.startswith(str(path))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def alter(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


async def made(path: Path) -> None:
    table = SqliteTable.open(path, Clock())
    await table.write(Put(Key("p", "s"), b"kept", "v"))
    await table.close()


async def kept(path: Path) -> bool:
    table = SqliteTable.open(path, Clock())
    found = await table.get(Key("p", "s"))
    await table.close()
    return found == [Item(Key("p", "s"), b"kept", "v")]


async def test_a_new_file_is_marked_as_ours_and_only_its_owner_may_read_it(path):
    await made(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    assert path.read_bytes()[68:72] == b"AurT"
    for file in (path, path.with_name("aurora.db.lock")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_an_empty_file_becomes_a_database(path):
    path.touch()
    await made(path)
    assert await kept(path)


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("content", [b"My diary, page one. " * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_left_as_it_is(path, content, read_only):
    path.write_bytes(content)
    assert "damaged or is not a SQLite database" in refused(path, NotADatabaseError, read_only=read_only)
    assert path.read_bytes() == content


async def test_a_damaged_schema_is_refused(path):
    await made(path)
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\x55" * 3996
    path.write_bytes(content)
    refused(path, NotADatabaseError)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_another_program_is_left_as_it_is(path, read_only):
    alter(path, "CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    assert "another program" in refused(path, ForeignDatabaseError, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize("pragma", ["application_id = 1", "user_version = 7"])
def test_an_empty_database_that_another_program_marked_is_not_ours(path, pragma):
    alter(path, f"PRAGMA {pragma}")
    refused(path, ForeignDatabaseError)


def test_an_empty_database_cannot_be_read(path):
    path.touch()
    refused(path, ForeignDatabaseError, read_only=True)


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_database_of_a_newer_version_is_refused_and_says_what_to_do(path, read_only):
    await made(path)
    alter(path, "PRAGMA user_version = 99")
    sentence = refused(path, NewerDatabaseError, read_only=read_only)
    assert "format 99" in sentence
    assert "upgrade Aurora Time" in sentence
    alter(path, "PRAGMA user_version = 1")
    assert await kept(path)


async def test_an_older_database_is_brought_to_the_newest_format_at_once_or_not_at_all(path, monkeypatch):
    await made(path)
    broken = (("CREATE TABLE more (x)", "INSERT INTO more VALUES (1)", "CREATE TABLE more (x)"),)
    monkeypatch.setattr(sqlite_file, "MIGRATIONS", MIGRATIONS + broken)
    assert "already exists" in refused(path, UnreadableError)
    monkeypatch.setattr(sqlite_file, "MIGRATIONS", (*MIGRATIONS, broken[0][:2]))
    assert await kept(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT x FROM more").fetchall() == [(1,)]
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) + 1


def test_a_folder_that_is_missing(path):
    missing = path.parent / "nowhere" / "aurora.db"
    assert "no such file or folder" in refused(missing, MissingError)
    refused(missing, MissingError, read_only=True)
    refused(path, MissingError, read_only=True)
    assert not path.exists()


def test_a_folder_where_a_file_was_expected(path):
    path.mkdir()
    refused(path, NotWritableError)


def test_a_file_where_a_folder_was_expected(path):
    path.touch()
    refused(path / "aurora.db", MissingError)


class AsSomebodyElse:
    """The rest of the block without the rights of root, where the tests have them."""

    def __enter__(self) -> None:
        self.user = os.geteuid()
        if self.user == 0:
            os.seteuid(NOBODY)

    def __exit__(self, *_: object) -> None:
        os.seteuid(self.user)


@pytest.fixture
def open_folder():
    """Unlike tmp_path, one that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_a_folder_in_which_nothing_may_be_made(open_folder):
    open_folder.chmod(0o555)
    with AsSomebodyElse():
        assert "read-only or belongs to another user" in refused(open_folder / "new.db", NotWritableError)
    open_folder.chmod(0o755)


async def test_a_file_that_may_not_be_written(open_folder):
    path = open_folder / "aurora.db"
    await made(path)
    path.chmod(0o444)
    path.with_name("aurora.db.lock").chmod(0o666)
    open_folder.chmod(0o777)
    with AsSomebodyElse():
        assert "read-only or belongs to another user" in refused(path, NotWritableError)
    path.chmod(0o000)
    with AsSomebodyElse():
        refused(path, NotWritableError)
        refused(path, NotWritableError, read_only=True)


async def test_a_second_server_is_refused_and_the_first_goes_on(path):
    await made(path)
    table = SqliteTable.open(path, Clock())
    assert "in use by another process" in refused(path, InUseError)
    script = (
        "import sys; from pathlib import Path; from aurora_time.adapters.sqlite import *\n"
        "try: SqliteTable.open(Path(sys.argv[1]), None)\n"
        "except file.StorageError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", script, str(path)]
    found = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout == f"{path} is in use by another process; stop that one first.\n"
    await table.write(Put(Key("p", "s"), b"kept", "v"))
    await table.close()
    assert await kept(path)


async def test_a_refused_opening_frees_the_file(path):
    alter(path, "CREATE TABLE bookmarks (url)")
    refused(path, ForeignDatabaseError)
    path.unlink()
    await made(path)


def test_a_full_disk_while_the_file_is_made(path, monkeypatch):
    def small(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(sqlite_file, "connect", small)
    assert "disk is full" in refused(path, DiskFullError)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, NotWritableError),
        (errno.EPERM, NotWritableError),
        (errno.EMFILE, UnreadableError),
    ],
)
def test_what_the_system_says_about_the_lock_file(path, monkeypatch, number, kind):
    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", fail)
    refused(path, kind)


def test_what_sqlite_says_of_a_lock_by_another_program(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN EXCLUSIVE")
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            with pytest.raises(InUseError), explained(path):
                connection.execute("SELECT * FROM t")


def test_the_lock_file_stays_and_can_be_locked_again(path):
    for _ in range(3):
        with closing(OwnerLock(path)), pytest.raises(InUseError):
            OwnerLock(path)
    assert path.with_name("aurora.db.lock").exists()
