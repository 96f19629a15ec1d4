"""One process: the web server, the reminder loop and the daily backup."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette

from aurora_time.adapters.backup import daily_backup
from aurora_time.identity.provider import start as start_provider
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import release_leases
from aurora_time.run.reminder_loop import ReminderLoop
from aurora_time.run.settings import DEFAULT_PORT, Settings, SettingsError
from aurora_time.run.wiring import Home, home_routes, make_home
from aurora_time.run.world import RandomIds, SystemClock

_log = structlog.get_logger("server")
_PORTS_TRIED: Final = 50
_BACKUP_EVERY: Final = 3600.0


def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket: on this port, or without one on the default or the next free one. Raises SettingsError."""
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in ports:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, candidate))
        except OSError as error:
            made.close()
            if port is not None:
                raise SettingsError(
                    f"Port {port} on {host} cannot be used ({error.strerror}); choose another."
                ) from None
            continue
        made.listen(2048)
        made.setblocking(False)
        return made
    raise SettingsError(
        f"No free port from {DEFAULT_PORT} to {DEFAULT_PORT + _PORTS_TRIED - 1}; choose one with --port."
    )


def public_url(settings: Settings, listening: socket.socket) -> str:
    if settings.public_url is not None:
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listening.getsockname()[1]}"


async def serve(settings: Settings, listening: socket.socket) -> None:
    """Run until a signal asks to stop. Raises StorageError before anything is served."""
    clock, ids = SystemClock(), RandomIds()
    url = public_url(settings, listening)
    home = make_home(settings, url, clock, ids)
    try:
        await _serve_home(home, listening)
    finally:
        await home.close()


async def _serve_home(home: Home, listening: socket.socket) -> None:
    await start_provider(home.provider)
    await release_leases(home.services)
    loop = ReminderLoop(home.services, composer(home.public_url), home.bell)
    app = Starlette(routes=home_routes(home))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    ringing = asyncio.create_task(loop.run())
    backups = asyncio.create_task(_back_up(home))
    greet(home)
    try:
        await server.serve(sockets=[listening])
    finally:
        backups.cancel()
        loop.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await backups
        await ringing


async def _back_up(home: Home) -> None:
    while True:
        try:
            await asyncio.to_thread(
                daily_backup, home.settings.database, home.settings.backups, home.services.clock.now()
            )
        except OSError as error:
            _log.error("backup failed", folder=str(home.settings.backups), error=str(error))
        await asyncio.sleep(_BACKUP_EVERY)


def greet(home: Home) -> None:
    """What a person sees who has just started it."""
    where = f"  Data   {home.settings.data}"
    mail = "  Mail   the outbox (no mail server is set)" if home.settings.has_outbox else "  Mail   by SMTP"
    lines = ["", f"  Aurora Time is ready at {home.public_url}", where, mail, "  Stop with Ctrl-C.", ""]
    print("\n".join(lines), file=sys.stdout, flush=True)
