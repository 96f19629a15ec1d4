"""The command line: ``aurora``. Each command imports what it needs, so that all of them answer at once."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar, get_type_hints

import typer

from aurora_time import __version__

if TYPE_CHECKING:
    from aurora_time.run.user_add import UserAdded

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
user = typer.Typer(no_args_is_help=True, help="Accounts.")
mail = typer.Typer(no_args_is_help=True, help="Mails.")
app.add_typer(user, name="user")
app.add_typer(mail, name="mail")

Port = Annotated[
    int | None,
    typer.Option(min=0, max=65_535, help="The port [AURORA_PORT]; without it 8765, or the next free one."),
]
Host = Annotated[str | None, typer.Option(help="The address to listen on [AURORA_HOST]; without it 127.0.0.1.")]
Data = Annotated[Path | None, typer.Option(help="The folder of the data [AURORA_DATA].")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"Aurora Time {__version__}")
        raise typer.Exit


@app.callback()
def aurora(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Aurora Time: your events, and reminders that really arrive.

    Nothing needs to be set. What can be is in docs/operator-guide.md.
    """


@app.command()
def serve(port: Port = None, host: Host = None, data: Data = None) -> None:
    """Run the service until Ctrl-C."""
    import asyncio

    from aurora_time.adapters.sqlite_file import InUseError, StorageError
    from aurora_time.run.settings import read_settings

    settings = read_settings(os.environ, port, data, host)
    from aurora_time.run.logs import configure_logs
    from aurora_time.run.server import listen
    from aurora_time.run.server import serve as serve_home

    configure_logs(settings.log)
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if sys.platform != "win32":
        import uvloop

        factory = uvloop.new_event_loop
    with listen(settings.host, settings.port) as listening, asyncio.Runner(loop_factory=factory) as runner:
        try:
            ended = runner.run(serve_home(settings, listening))
        except InUseError as error:
            raise StorageError(_who_has(settings.data) or str(error)) from None
        if not ended:
            os._exit(0)


@dataclass(frozen=True)
class UserAddOptions:
    """What ``aurora user add`` is told."""

    email: Annotated[str, typer.Argument(help="The address that signs in.", show_default=False)]
    name: Annotated[str, typer.Option(help="The name that mails and pages use.")] = ""
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Berlin; without it, this machine's.")] = None
    locale: Annotated[str | None, typer.Option(help="en or vi; without it, this shell's.")] = None
    token: Annotated[bool, typer.Option("--token", help="Print a new API token, alone on stdout.")] = False
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
    ] = False
    data: Data = None


def _as_one(command: Callable[[UserAddOptions], None]) -> Callable[..., None]:
    """A command whose options are the fields of one value; typer looks only at the signature."""
    hints = get_type_hints(UserAddOptions, include_extras=True)
    named = inspect.signature(UserAddOptions).parameters.values()

    def call(**options: object) -> None:
        command(UserAddOptions(**options))  # type: ignore[arg-type]  # typer has converted each by its annotation

    call.__doc__ = command.__doc__
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=hints[each.name], kind=inspect.Parameter.KEYWORD_ONLY) for each in named]
    )
    return call


@user.command("add")
@_as_one
def user_add(options: UserAddOptions) -> None:
    """Make an account that needs no confirming, or a token for one that is there; while the server runs, too."""
    import asyncio

    from aurora_time.adapters.sqlite_file import InUseError
    from aurora_time.run.settings import DEFAULT_URL, read_settings
    from aurora_time.run.user_add import NewUser, UserAdded, add_user, machine_locale, machine_time_zone
    from aurora_time.run.wiring import make_home
    from aurora_time.run.world import RandomIds, SystemClock

    settings = read_settings(os.environ, None, options.data)
    new = NewUser(
        options.email.strip(),
        options.name.strip(),
        options.time_zone or machine_time_zone(os.environ),
        options.locale or machine_locale(os.environ),
        options.token,
        sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None,
    )

    async def here() -> UserAdded:
        home = make_home(settings, settings.public_url or DEFAULT_URL, SystemClock(), RandomIds())
        try:
            return await add_user(home, new)
        finally:
            await home.close()

    try:
        added = asyncio.run(here())
    except InUseError as error:
        added = _ask(settings.data, "user-add", new, UserAdded, str(error))
    _tell(new.email, added, settings.data)


def _tell(email: str, added: UserAdded, data: Path) -> None:
    said = "now has an account" if added.created else "has an account already"
    print(f"{email} {said} (data in {data}).", file=sys.stderr)
    if added.link:
        print(f"Choose its password, within an hour and while Aurora Time runs, at\n{added.link}")
    if added.token:
        print("Its new API token, which is not shown again:", file=sys.stderr)
        print(added.token)


@mail.command("test")
def mail_test(
    address: Annotated[str | None, typer.Argument(help="To whom; without it, to the sender.")] = None,
    data: Data = None,
) -> None:
    """Send a test mail, or say where mails stay; a running server sends it by its own settings."""
    import asyncio

    from aurora_time.run.control import ask_server, read_control
    from aurora_time.run.mail_test import MailSent, MailTest, send_test
    from aurora_time.run.settings import DEFAULT_URL, data_folder, read_settings
    from aurora_time.run.wiring import make_mailer
    from aurora_time.run.world import RandomIds, SystemClock

    wanted = MailTest(address)
    file = read_control(data_folder(os.environ, data))
    if file is not None:
        with contextlib.suppress(ConnectionError):  # it was killed and could not tidy up
            print(ask_server(file, "mail-test", wanted, MailSent).sentence)
            return
    settings = read_settings(os.environ, None, data)

    async def here() -> MailSent:
        mailer = make_mailer(settings, SystemClock())
        try:
            return await send_test(settings, mailer, settings.public_url or DEFAULT_URL, RandomIds(), wanted)
        finally:
            await mailer.close()

    print(asyncio.run(here()).sentence)


@app.command()
def doctor(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Look for what is wrong, and say how to mend it."""
    import asyncio

    import msgspec

    from aurora_time.run.checks import has_trouble, table
    from aurora_time.run.doctor import Wanted, examine
    from aurora_time.run.world import RandomIds, SystemClock

    checks = asyncio.run(examine(Wanted(os.environ, port, data, host), SystemClock(), RandomIds()))
    trouble = has_trouble(checks)
    if json:
        print(msgspec.json.format(msgspec.json.encode({"ok": not trouble, "checks": checks})).decode())
    else:
        print(table(checks))
    if trouble:
        raise typer.Exit(1)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The copy; a bare name is also looked for in backups/.")],
    data: Data = None,
) -> None:
    """Put a backup in the place of the data while no server runs; no reminder rings twice by that."""
    from aurora_time.adapters.sqlite_file import InUseError, StorageError
    from aurora_time.run.restoring import restore_copy
    from aurora_time.run.settings import Settings, data_folder
    from aurora_time.run.world import RandomIds, SystemClock

    settings = Settings(data_folder(os.environ, data))
    try:
        done = restore_copy(settings, file, SystemClock(), RandomIds())
    except InUseError as error:
        raise StorageError(_who_has(settings.data) or str(error)) from None
    print(done.text)


def _who_has(data: Path) -> str | None:
    """The sentence about the server that has this data open, if it left its address."""
    from aurora_time.run.control import read_control

    file = read_control(data)
    if file is None:
        return None
    return (
        f"The data in {data} is in use by Aurora Time at {file.url} (process {file.pid}); stop that one first, "
        "or name another folder with --data."
    )


def _ask(data: Path, command: str, question: object, answer: type[T], in_use: str) -> T:
    """Have the server do it that has the data open. Raises OperatorError."""
    from aurora_time.run.control import OperatorError, ask_server, read_control

    file = read_control(data)
    if file is None:
        raise OperatorError(in_use)
    try:
        return ask_server(file, command, question, answer)
    except ConnectionError as error:
        raise OperatorError(f"{in_use.rstrip('.')} (asked at {file.url}: {error}).") from None


def main() -> None:
    """Run the command line. What can be foreseen to fail ends in one sentence on stderr and exit status 1."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="aurora")
    except _foreseen() as error:
        print(f"aurora: {error}", file=sys.stderr)
        sys.exit(1)


def _foreseen() -> tuple[type[Exception], ...]:
    """Python asks for these only when something was raised."""
    from aurora_time.adapters.sqlite_file import StorageError
    from aurora_time.ports import UnavailableError
    from aurora_time.run.control import OperatorError
    from aurora_time.run.settings import SettingsError

    return SettingsError, StorageError, OperatorError, UnavailableError
