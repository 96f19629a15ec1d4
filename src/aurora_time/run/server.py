"""One process: the web server, the reminder loop and the daily backup."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from types import FrameType
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette

from aurora_time import __version__
from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.identity.provider import start as start_provider
from aurora_time.operations import canary
from aurora_time.operations.links import home_signer
from aurora_time.operations.moving import MovingError, refuse_if_moved
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.ringing import release_leases
from aurora_time.run.backups import DailyBackups
from aurora_time.run.commands import server_commands
from aurora_time.run.control import ControlFile, ControlRoute, announced
from aurora_time.run.logs import hush_uvicorn
from aurora_time.run.reminder_loop import ReminderLoop, always
from aurora_time.run.settings import DEFAULT_PORT, Settings, SettingsError
from aurora_time.run.wiring import Home, home_routes, make_home
from aurora_time.run.world import RandomIds, SystemClock

_log = structlog.get_logger("server")
_PORTS_TRIED: Final = 50
_GRACE: Final = 1.0
"""Seconds that requests and reminders in hand have to finish; what is cut off is found again at the next start."""
_GOODBYE: Final = 0.3
"""Seconds for taking leave of the mail server."""
_WRONG_PASSWORD: Final = "refused the user name or password"  # noqa: S105  how the mailer says it, no secret


# --- where to listen ----------------------------------------------------------------------------------------
def listen(host: str, port: int | None) -> socket.socket:
    """A listening socket: on this port, or without one on the default or the next free one. Raises SettingsError."""
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED)
    for candidate in ports:
        try:
            return _bound(host, candidate)
        except OSError as error:
            if port is not None and error.errno == errno.EADDRINUSE:
                raise SettingsError(f"Port {port} on {host} is taken by another program; choose another.") from None
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(
                    f"Port {candidate} on {host} cannot be used ({error.strerror}); choose another with --port, "
                    "or another address with --host."
                ) from None
    raise SettingsError(
        f"No free port from {DEFAULT_PORT} to {DEFAULT_PORT + _PORTS_TRIED - 1}; choose one with --port."
    )


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two programs have one port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(2048)
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


def public_url(settings: Settings, listening: socket.socket) -> str:
    return settings.public_url or f"http://{_bracketed(settings.host)}:{listening.getsockname()[1]}"


def _own_url(listening: socket.socket) -> str:
    """Where this machine reaches the server, whatever the world calls it."""
    host, port = listening.getsockname()[:2]
    return f"http://{_bracketed({'0.0.0.0': '127.0.0.1', '::': '::1'}.get(host, host))}:{port}"  # noqa: S104  compared


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


# --- one life -----------------------------------------------------------------------------------------------
class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn passes them on when it is done, which would end the process before the
    reminders in hand are written down."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(settings: Settings, listening: socket.socket) -> bool:
    """Run until a signal asks to stop; whether every thread has ended (if not, leave without waiting for it).

    Raises StorageError before anything is served, SettingsError also when the mail server refuses our password, and
    MovingError when the data is moved away.
    """
    ids = RandomIds()
    home = make_home(settings, public_url(settings, listening), SystemClock(), ids)
    secret = ids.secret()
    try:
        file = ControlFile(_own_url(listening), secret, os.getpid())
        with _announced(home, file):
            await _serve_home(home, listening, secret)
    finally:
        ended = await _take_leave(home)
        await home.table.close()
    return ended


@contextlib.contextmanager
def _announced(home: Home, file: ControlFile) -> Iterator[None]:
    """Without it everything works but ``aurora user add`` and the like, so it is no reason not to start."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(announced(home.settings.data, file))
        except OSError as error:
            _log.warning("the command line cannot reach this server", reason=error.strerror)
        yield


async def _serve_home(home: Home, listening: socket.socket, secret: str) -> None:
    await refuse_if_moved(home.table)
    if home.door is None:
        await start_provider(home.provider)
    await take_up(home)
    backups = DailyBackups(home.settings, home.services.clock)
    await canary.start(home.services)
    compose = composer(home.public_url, await home_signer(home.services))
    loop = ReminderLoop(home.services, compose, home.bell, home.gate.may_send if home.gate else always)
    control = ControlRoute(secret, server_commands(home, backups))
    server = _Server(_config(home.settings, Starlette(routes=[control, *home_routes(home)])))

    def stop() -> None:
        hush_uvicorn()
        backups.stop()
        loop.stop()
        server.should_exit = True

    with _signals(stop):
        ringing = asyncio.create_task(loop.run())
        watching = [asyncio.create_task(watch(home, stop)) for watch in (_check_password, _stop_when_moved)]
        if home.settings.table is None:
            backups.start()
        greet(home)
        try:
            await server.serve(sockets=[listening])
        finally:
            stop()
            for task in watching:
                task.cancel()
            await asyncio.wait([ringing, *watching], timeout=_GRACE)
    for task in watching:
        if task.done() and not task.cancelled():
            task.result()


async def take_up(home: Home) -> None:
    """Make due at once what the process before had in hand. In DynamoDB another server may have it: there, leases end
    by themselves, after two minutes."""
    if home.settings.table is None:
        await release_leases(home.services)


def _config(settings: Settings, app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        # uvicorn would trust whoever comes from loopback, and its own environment variable.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=int(_GRACE),
    )


async def _check_password(home: Home, stop: Callable[[], None]) -> None:
    """A password that the mail server refuses ends the service, rather than every reminder quietly failing.

    A mail server that cannot be reached does not: reminders wait for it. Nor do settings saved by the form, which
    must stay within reach. Raises SettingsError.
    """
    problem = None if isinstance(home.mailer, OutboxMailer) else await home.mailer.check()
    if problem is None:
        return
    _log.warning("mails cannot be sent", reason=problem)
    if _WRONG_PASSWORD in problem and not home.settings.smtp_is_saved:
        stop()
        raise SettingsError(f"AURORA_SMTP_URL: {problem}.")


async def _stop_when_moved(home: Home, stop: Callable[[], None]) -> None:
    """Nothing is served from where the data is no more. Raises MovingError."""
    if home.gate is not None:
        mark = await home.gate.until_left()
        stop()
        raise MovingError(mark.sentence)


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks to stop, the second ends the process where it stands."""
    asked = False
    running = asyncio.get_running_loop()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(128 + number)
        asked = True
        running.call_soon_threadsafe(stop)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _take_leave(home: Home) -> bool:
    """Close the mailer; False if a mail server keeps one of its threads waiting."""
    try:
        async with asyncio.timeout(_GOODBYE):
            await home.mailer.close()
    except TimeoutError:
        _log.warning("the mail server does not answer; what was in hand is sent again at the next start")
        return False
    return True


# --- the greeting -------------------------------------------------------------------------------------------
def greet(home: Home) -> None:
    """What a person sees who has just started it."""
    settings = home.settings
    if settings.smtp is not None:
        mails = f"by {settings.smtp.host}:{settings.smtp.port} from {settings.smtp.sender_address}"
    else:
        mails = f"stay on this machine: {home.public_url}/outbox"
    lines = [
        "",
        f"  Aurora Time is ready at {home.public_url}",
        "",
        f"  Data      {settings.data if settings.table is None else settings.place}",
        f"  Mails     {mails}",
        f"  Sign-in   {settings.issuer.url}" if settings.issuer else f"  Sign-up   {settings.signup or 'open'}",
        f"  Version   {__version__}",
        "",
        "  Stop with Ctrl-C.",
        "",
    ]
    print("\n".join(lines), file=sys.stdout, flush=True)
