"""What ``aurora doctor`` finds: one finding a line, with how to mend it."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Final, Literal

import msgspec

from aurora_time.adapters.oidc import OidcIssuer
from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.adapters.sqlite_file import MIGRATIONS, check_format, connect, explained
from aurora_time.ports import StorageError, UnavailableError
from aurora_time.run.settings import Settings

Status = Literal["ok", "attention", "wrong"]
_MEGABYTE: Final = 1024 * 1024
_SCARCE: Final = 500 * _MEGABYTE
_TOO_SCARCE: Final = 50 * _MEGABYTE
_HOUR: Final = 3600
_BACKUP_DUE: Final = 26 * _HOUR
"""Seconds: a day, and some for a server that was off at midnight."""
_STALE_ZONES: Final = 2
"""Years after which rules of time zones have surely changed somewhere."""


class Check(msgspec.Struct, frozen=True):
    """``mend`` says what to do, where something is to be done."""

    name: str
    status: Status
    detail: str
    mend: str = ""


# --- this machine -------------------------------------------------------------------------------------------
def check_python(version: tuple[int, int] = sys.version_info[:2]) -> Check:
    if version < (3, 11):
        return Check("Python", "wrong", f"{version[0]}.{version[1]}", "Use Python 3.11 or newer.")
    return Check("Python", "ok", platform.python_version())


def check_zones(today: dt.date, version: str | None = None) -> Check:
    """``version`` is like 2026.1; without one, that of the tzdata package."""
    version = version or package_version("tzdata")
    if today.year - int(version[:4]) >= _STALE_ZONES:
        mend = "Upgrade Aurora Time: countries have changed their clocks since."
        return Check("Time zones", "attention", f"tzdata {version}", mend)
    return Check("Time zones", "ok", f"tzdata {version}")


def check_folder(data: Path) -> Check:
    if not data.exists():
        return Check("Data folder", "attention", f"{data} is not there yet", "`aurora serve` makes it.")
    if not data.is_dir():
        return Check("Data folder", "wrong", f"{data} is no folder", "Name another with --data or AURORA_DATA.")
    if not os.access(data, os.W_OK | os.X_OK):
        mend = f"Give it to the user who runs Aurora Time: chown -R USER {data}"
        return Check("Data folder", "wrong", f"{data} cannot be written", mend)
    if os.name == "posix" and stat.S_IMODE(data.stat().st_mode) & 0o077:
        return Check("Data folder", "attention", f"others on this machine can look into {data}", f"chmod 700 {data}")
    return Check("Data folder", "ok", str(data))


def check_space(data: Path) -> Check:
    """Free room on the disk of the folder, or of what will hold it."""
    place = next(folder for folder in (data, *data.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    status: Status = "wrong" if free < _TOO_SCARCE else "attention" if free < _SCARCE else "ok"
    return Check("Disk", status, f"{_size(free)} free", "" if status == "ok" else "Make room on this disk.")


def check_database(path: Path) -> Check:
    """Whether it opens, is ours and whole; reading only, so also while a server has it."""
    if not path.exists():
        return Check("Database", "attention", "there is none yet", "`aurora serve` makes it.")
    try:
        with explained(path), closing(connect(path, read_only=True)) as connection:
            check_format(connection, path)
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except StorageError as error:
        return Check("Database", "wrong", str(error).rstrip("."), _RESTORE)
    if answer != "ok":
        return Check("Database", "wrong", f"{path} is damaged: {answer}", _RESTORE)
    return Check("Database", "ok", f"whole, format {len(MIGRATIONS)}, SQLite {sqlite3.sqlite_version}")


_RESTORE: Final = (
    "Stop Aurora Time, and run `aurora restore` with the newest copy in `backups` (see the operator guide)."
)


# --- backups ------------------------------------------------------------------------------------------------
def check_backups(folder: Path, now: float, *, has_database: bool) -> Check:
    """How old the newest is; ``now`` in seconds since the epoch."""
    copies = sorted(folder.glob("aurora-????-??-??.db")) if folder.is_dir() else []
    if not copies:
        status: Status = "attention" if has_database else "ok"
        return Check("Backups", status, "none yet", "The running server makes one a day." if has_database else "")
    age = max(0.0, now - copies[-1].stat().st_mtime)
    detail = f"{len(copies)} kept, the newest {_age(age)} old"
    if age > _BACKUP_DUE:
        return Check("Backups", "attention", detail, "Keep Aurora Time running; it makes one a day.")
    return Check("Backups", "ok", detail)


def check_backup_failure(failure: str | None) -> list[Check]:
    """What the running server met at its last try."""
    if failure is None:
        return []
    return [Check("Backups", "wrong", f"the last try failed: {failure.rstrip('.')}", "It is tried again every hour.")]


# --- what the settings say ----------------------------------------------------------------------------------
async def check_mail(settings: Settings, mailer: SmtpMailer | OutboxMailer) -> Check:
    """Signs in to the mail server, without sending."""
    if isinstance(mailer, OutboxMailer):
        mend = "Set AURORA_SMTP_URL and AURORA_MAIL_FROM, so that reminders reach a mailbox."
        return Check("Mail", "attention", f"no mail server is set; mails stay in {settings.outbox}", mend)
    problem = await mailer.check()
    if problem is not None:
        mend = "Mend AURORA_SMTP_URL (or the mail settings' page), then try `aurora mail test`."
        return Check("Mail", "wrong", problem.rstrip("."), mend)
    assert settings.smtp is not None
    return Check("Mail", "ok", f"{settings.smtp.host}:{settings.smtp.port} lets {settings.smtp.sender_address} send")


async def check_issuer(issuer: OidcIssuer | None) -> list[Check]:
    """Whether the other issuer can be asked, where there is one."""
    if issuer is None:
        return []
    try:
        await issuer.metadata()
    except UnavailableError as error:
        return [Check("Sign-in", "wrong", error.reason, "Look whether AURORA_ISSUER is exactly what it calls itself.")]
    return [Check("Sign-in", "ok", f"by {issuer.settings.url}")]


def check_public_face(settings: Settings) -> Check:
    """Who can reach it; that a public home has SMTP, HTTPS and a policy was checked when the settings were read."""
    signup = f"sign-up is {settings.signup or 'open'}"
    if settings.is_local:
        return Check("Reached by", "ok", f"this machine only; {signup}")
    if not settings.proxies:
        mend = "Set AURORA_PROXY to the address of your reverse proxy, so that a guesser slows down only himself."
        detail = f"{settings.public_url}; {signup}; all visitors look like the reverse proxy"
        return Check("Reached by", "attention", detail, mend)
    return Check("Reached by", "ok", f"{settings.public_url} through {', '.join(settings.proxies)}; {signup}")


def check_overdue(seconds: int, *, running: bool) -> Check:
    """For how long the reminder that waits longest has been due; 0: none waits."""
    if seconds <= 5:
        return Check("Reminders", "ok", "none is overdue")
    detail = f"the oldest is {_age(seconds)} overdue"
    if running:
        return Check("Reminders", "wrong", detail, "See Mail above, and the server's log.")
    return Check("Reminders", "attention", detail, "Start Aurora Time: it sends what is overdue first.")


# --- the words ----------------------------------------------------------------------------------------------
def has_trouble(checks: Iterable[Check]) -> bool:
    return any(check.status == "wrong" for check in checks)


def table(checks: Iterable[Check]) -> str:
    """The findings in columns, each mend under what it mends."""
    lines = []
    for check in checks:
        lines.append(f"  {check.status:9}  {check.name:11}  {check.detail}")
        if check.mend:
            lines.append(f"{'':26}{check.mend}")
    return "\n".join(lines)


def _size(bytes_: int) -> str:
    gigabytes = bytes_ / (1024 * _MEGABYTE)
    return f"{gigabytes:.1f} GB" if gigabytes >= 1 else f"{bytes_ // _MEGABYTE} MB"


def _age(seconds: float) -> str:
    for unit, size in (("day", 24 * _HOUR), ("hour", _HOUR), ("minute", 60)):
        count = int(seconds // size)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
