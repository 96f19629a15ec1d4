"""What `aurora doctor` finds, one check at a time."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.backup import daily_backup
from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.run.checks import (
    Check,
    check_backup_failure,
    check_backups,
    check_database,
    check_folder,
    check_mail,
    check_overdue,
    check_public_face,
    check_python,
    check_space,
    check_zones,
    has_trouble,
    table,
)
from aurora_time.run.settings import Settings

TODAY = dt.date(2026, 11, 22)


def make_database(folder: Path, clock: Any) -> Path:
    path = Settings(folder).database

    async def make() -> None:
        await SqliteTable.open(path, clock).close()

    asyncio.run(make())
    return path


def test_python_and_zones_that_are_too_old() -> None:
    assert check_python().status == "ok"
    assert check_python((3, 10)) == Check("Python", "wrong", "3.10", "Use Python 3.11 or newer.")
    assert check_zones(TODAY, "2026.1").status == "ok"
    assert check_zones(TODAY).status == "ok"
    assert check_zones(TODAY, "2024.2").status == "attention"


def test_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_folder(tmp_path / "later").status == "attention"
    (tmp_path / "file").touch()
    assert check_folder(tmp_path / "file").detail.endswith("is no folder")
    tmp_path.chmod(0o755)
    assert check_folder(tmp_path).mend == f"chmod 700 {tmp_path}"
    tmp_path.chmod(0o700)
    assert check_folder(tmp_path) == Check("Data folder", "ok", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert check_folder(tmp_path).status == "wrong"


@pytest.mark.parametrize(
    ("megabytes", "status", "detail"),
    [(40, "wrong", "40 MB free"), (400, "attention", "400 MB free"), (4096, "ok", "4.0 GB free")],
)
def test_room_on_the_disk(
    megabytes: int, status: str, detail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(megabytes * 1024 * 1024))
    check = check_space(tmp_path / "not" / "yet")
    assert (check.status, check.detail) == (status, detail)
    assert bool(check.mend) == (status != "ok")


def test_the_database(tmp_path: Path, clock: Any) -> None:
    path = tmp_path / "aurora.sqlite"
    assert check_database(path).status == "attention"
    make_database(tmp_path, clock)
    assert check_database(path).detail.startswith("whole, format 1")
    content = bytearray(path.read_bytes())
    content[4096 + 1 : 4096 + 200] = b"\xff" * 199  # the schema stays readable, the first table's page does not
    path.write_bytes(content)
    damaged = check_database(path)
    assert damaged.status == "wrong"
    assert "is damaged" in damaged.detail
    path.write_bytes(b"something else altogether, and long enough" * 50)
    foreign = check_database(path)
    assert foreign.status == "wrong"
    assert "backups" in foreign.mend


def test_how_old_the_newest_backup_is(tmp_path: Path, clock: Any) -> None:
    folder = tmp_path / "backups"
    assert check_backups(folder, clock.time, has_database=False).status == "ok"
    assert check_backups(folder, clock.time, has_database=True).status == "attention"
    made = daily_backup(make_database(tmp_path, clock), folder, clock.time)
    assert made is not None
    os.utime(made, (clock.time, clock.time))
    assert check_backups(folder, clock.time + 7200, has_database=True).detail == "1 kept, the newest 2 hours old"
    assert check_backups(folder, clock.time, has_database=True).detail == "1 kept, the newest less than a minute old"
    late = check_backups(folder, clock.time + 3 * 86_400, has_database=True)
    assert (late.status, late.detail) == ("attention", "1 kept, the newest 3 days old")
    assert check_backup_failure(None) == []
    assert has_trouble(check_backup_failure("the disk is full."))


def test_mails_that_stay_here_are_worth_a_word(tmp_path: Path, clock: Any) -> None:
    async def scenario() -> Check:
        mailer = OutboxMailer(tmp_path, "a@localhost", clock)
        try:
            return await check_mail(Settings(tmp_path), mailer)
        finally:
            await mailer.close()

    assert asyncio.run(scenario()).status == "attention"


def test_a_public_home_without_a_trusted_proxy_is_worth_a_word(tmp_path: Path) -> None:
    public = Settings(tmp_path, public_url="https://time.example.org", signup="closed")
    assert "AURORA_PROXY" in check_public_face(public).mend
    behind = Settings(tmp_path, public_url="https://time.example.org", signup="closed", proxies=("127.0.0.1",))
    assert check_public_face(behind) == Check(
        "Reached by", "ok", "https://time.example.org through 127.0.0.1; sign-up is closed"
    )
    assert check_public_face(Settings(tmp_path)).detail == "this machine only; sign-up is open"


def test_reminders_that_wait() -> None:
    assert check_overdue(0, running=True).status == "ok"
    assert check_overdue(400, running=True).status == "wrong"
    assert check_overdue(400, running=False) == Check(
        "Reminders",
        "attention",
        "the oldest is 6 minutes overdue",
        "Start Aurora Time: it sends what is overdue first.",
    )


def test_each_mend_stands_under_what_it_mends() -> None:
    assert table([Check("Python", "ok", "3.12"), Check("Disk", "wrong", "0 MB free", "Make room.")]) == (
        "  ok         Python       3.12\n"
        "  wrong      Disk         0 MB free\n"
        "                          Make room."
    )  # fmt: skip
