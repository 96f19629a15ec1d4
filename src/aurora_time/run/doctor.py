"""``aurora doctor``: all checks together, those of the running server by its own word."""

from __future__ import annotations

import datetime as dt
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from aurora_time.adapters.oidc import OidcIssuer
from aurora_time.operations.canary import oldest_overdue
from aurora_time.operations.moving import mark_in
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Clock, Ids, Mailer, StorageError, UnavailableError
from aurora_time.run.checks import (
    Check,
    check_backups,
    check_database,
    check_folder,
    check_issuer,
    check_mail,
    check_overdue,
    check_public_face,
    check_python,
    check_space,
    check_zones,
)
from aurora_time.run.commands import Nothing
from aurora_time.run.control import ControlFile, OperatorError, ask_server, read_control
from aurora_time.run.settings import DEFAULT_PORT, Settings, SettingsError, data_folder, read_settings, table_name
from aurora_time.run.table_checks import check_dynamodb
from aurora_time.run.tables import open_table
from aurora_time.run.wiring import make_mailer
from aurora_time.store.people import EMBEDDED

_TIMEOUT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line was told; what it was not told is in the environment."""

    environ: Mapping[str, str]
    port: int | None = None
    data: Path | None = None
    host: str | None = None
    table: str | None = None


class _Health(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    oldest_overdue_seconds: int


class _Ready(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    canary_seconds: int


async def examine(wanted: Wanted, clock: Clock, ids: Ids) -> list[Check]:
    """Every finding, in the order in which one would look."""
    data = data_folder(wanted.environ, wanted.data)
    now = clock.now()
    held = _check_data(wanted, data, now)
    checks = [
        check_python(),
        check_zones(dt.datetime.fromtimestamp(now, dt.UTC).date()),
        check_folder(data),
        check_space(data),
        *held,
    ]
    file = read_control(data)
    try:
        told = ask_server(file, "doctor", Nothing(), list[Check]) if file else None
    except (ConnectionError, OperatorError):
        told = None
    if file is not None and told is not None:
        return [*checks, *told, *_check_running(file)]
    return [*checks, *await _check_stopped(wanted, held[0], clock, ids)]


def _check_data(wanted: Wanted, data: Path, now: float) -> list[Check]:
    """The database, first, and its backups."""
    try:
        name = table_name(wanted.environ, wanted.table)
    except SettingsError as error:
        return [Check("Database", "wrong", str(error).rstrip("."))]
    if name is not None:
        return check_dynamodb(name)
    database = check_database(data / "aurora.sqlite")
    return [database, check_backups(data / "backups", now, has_database=database.status != "attention")]


def _check_running(file: ControlFile) -> list[Check]:
    try:
        status, body = _get(file, "/healthz")
        ready, why = _get(file, "/readyz")
    except (OSError, http.client.HTTPException) as error:
        return [Check("Server", "wrong", f"{file.url} does not answer: {error}", "Look into its log; start it anew.")]
    if status != 200:
        detail = f"{file.url}/healthz answers {status}: {_detail(body)}"
        return [Check("Server", "wrong", detail, "Look into its log.")]
    overdue = msgspec.json.decode(body, type=_Health).oldest_overdue_seconds
    checks = [Check("Server", "ok", f"runs at {file.url} (process {file.pid})"), check_overdue(overdue, running=True)]
    if ready != 200:
        checks.append(Check("Canary", "wrong", _detail(why).rstrip("."), "Look into its log; start it anew."))
        return checks
    age = msgspec.json.decode(why, type=_Ready).canary_seconds
    return [*checks, Check("Canary", "ok", f"went through the reminders' loop {age} s ago")]


def _get(file: ControlFile, path: str) -> tuple[int, bytes]:
    """Raises OSError, HTTPException."""
    where = urlsplit(file.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _detail(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body, type=dict[str, object]).get("detail", ""))
    except msgspec.DecodeError:
        return "not a word of Aurora Time"


async def _check_stopped(wanted: Wanted, database: Check, clock: Clock, ids: Ids) -> list[Check]:
    """What would meet a server that is started now."""
    try:
        settings = read_settings(wanted.environ, wanted.port, wanted.data, wanted.host, wanted.table)
    except SettingsError as error:
        return [Check("Settings", "wrong", str(error).rstrip("."), "`aurora serve` does not start like this.")]
    mailer = make_mailer(settings, clock)
    try:
        issuer = await check_issuer(OidcIssuer(settings.issuer, clock) if settings.issuer else None)
        checks = [await check_mail(settings, mailer), *issuer, check_public_face(settings), check_port(settings)]
        if database.status == "ok":
            checks.append(await _check_waiting(settings, mailer, clock, ids))
    finally:
        await mailer.close()
    return checks


async def _check_waiting(settings: Settings, mailer: Mailer, clock: Clock, ids: Ids) -> Check:
    """What is due already, read from the table."""
    try:
        table = open_table(settings, clock, read_only=True)
        try:
            services = Services(table, mailer, clock, ids, Writers(), EMBEDDED, settings.public_url or "")
            mark, overdue = await mark_in(table), await oldest_overdue(services)
        finally:
            await table.close()
    except (StorageError, UnavailableError) as error:
        return Check("Reminders", "wrong", f"they cannot be read: {str(error).rstrip('.')}")
    if mark is not None:
        return Check("Reminders", "attention", "none rings here", mark.sentence)
    return check_overdue(overdue, running=False)


def check_port(settings: Settings) -> Check:
    """Whether a server that is started now could listen where it is told."""
    port = DEFAULT_PORT if settings.port is None else settings.port
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((settings.host, port))
        except OSError as error:
            detail = f"is stopped; port {port} on {settings.host} cannot be used ({error.strerror})"
            if settings.port is None:
                return Check("Server", "ok", f"{detail}; it would take the next free one")
            return Check("Server", "wrong", detail, "Stop what uses it, or choose another with --port or AURORA_PORT.")
    return Check("Server", "ok", f"is stopped; port {port} on {settings.host} is free")
