"""The command line: ``aurora``. Each command imports what it needs, so that all of them answer at once."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from aurora_time import __version__
from aurora_time.run import (
    cli_account,
    cli_aws,
    cli_aws_forget,
    cli_aws_invite,
    cli_aws_release,
    cli_days,
    cli_files,
    cli_move,
    cli_operator,
)
from aurora_time.run.cli_operator import Data, Json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
user = typer.Typer(no_args_is_help=True, help="Accounts.")
mail = typer.Typer(no_args_is_help=True, help="Mails.")
app.add_typer(user, name="user")
app.add_typer(mail, name="mail")
key = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")
app.add_typer(key, name="key")
token = typer.Typer(no_args_is_help=True, help="API tokens.")
app.add_typer(token, name="token")
job = typer.Typer(no_args_is_help=True, help="What takes longer than a request.")
app.add_typer(job, name="job")
aws = typer.Typer(no_args_is_help=True, help="A home on AWS.")
app.add_typer(aws, name="aws")

for _command in (cli_account.login, cli_account.logout):
    app.command()(_command)
for _command in (cli_days.add, cli_days.agenda, cli_days.search, cli_days.remind):
    app.command()(_command)
app.command("import")(cli_files.import_)
app.command()(cli_files.export)
app.command()(cli_move.move)
token.command("list")(cli_account.token_list)
token.command("create")(cli_account.token_create)
token.command("delete")(cli_account.token_delete)
job.command("list")(cli_files.job_list)
job.command("show")(cli_files.job_show)
job.command("wait")(cli_files.job_wait)
user.command("add")(cli_operator.user_add)
user.command("invite")(cli_operator.user_invite)
user.command("second-step-off")(cli_operator.second_step_off)
key.command("rotate")(cli_operator.key_rotate)
aws.command("status")(cli_aws.status)
aws.command("logs")(cli_aws.logs)
aws.command("costs")(cli_aws.costs)
aws.command("invite")(cli_aws_invite.invite)
aws.command("release")(cli_aws_release.release)
aws.command("forget")(cli_aws_forget.forget)
mail.command("test")(cli_operator.mail_test)
mail.command("held")(cli_operator.mail_held)
mail.command("release")(cli_operator.mail_release)

Port = Annotated[
    int | None,
    typer.Option(min=0, max=65_535, help="The port [AURORA_PORT]; without it 8765, or the next free one."),
]
Host = Annotated[str | None, typer.Option(help="The address to listen on [AURORA_HOST]; without it 127.0.0.1.")]

Table = Annotated[
    str | None,
    typer.Option(help="Where the data is, as dynamodb:NAME [AURORA_TABLE]; without it a file in the data folder."),
]
Create = Annotated[bool, typer.Option("--create-table", help="Make the DynamoDB table if it is not there.")]


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
def serve(
    port: Port = None, host: Host = None, data: Data = None, table: Table = None, create_table: Create = False
) -> None:
    """Run the service until Ctrl-C."""
    import asyncio
    import dataclasses
    import gc

    gc.disable()  # until all is made that stays (server.py): it would be looked through many times while starting
    from aurora_time.adapters.sqlite_file import InUseError
    from aurora_time.ports import StorageError
    from aurora_time.run.control import in_use_by
    from aurora_time.run.settings import read_settings

    settings = dataclasses.replace(read_settings(os.environ, port, data, host, table), creates_table=create_table)
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
            raise StorageError(in_use_by(settings.data) or str(error)) from None
        if not ended:
            os._exit(0)


@app.command()
def doctor(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    table: Table = None,
    json: Json = False,
) -> None:
    """Look for what is wrong, and say how to mend it."""
    import asyncio

    import msgspec

    from aurora_time.run.checks import has_trouble
    from aurora_time.run.checks import table as as_table
    from aurora_time.run.doctor import Wanted, examine
    from aurora_time.run.world import RandomIds, SystemClock

    checks = asyncio.run(examine(Wanted(os.environ, port, data, host, table), SystemClock(), RandomIds()))
    trouble = has_trouble(checks)
    if json:
        print(msgspec.json.format(msgspec.json.encode({"ok": not trouble, "checks": checks})).decode())
    else:
        print(as_table(checks))
    if trouble:
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; without it, into backups/ under the time.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Copy the data, also while a server runs, and check the copy."""
    from datetime import UTC, datetime

    from aurora_time.adapters.backup import backup as copy
    from aurora_time.run.cli_show import print_json
    from aurora_time.run.restoring import NO_COPIES
    from aurora_time.run.settings import Settings, SettingsError, data_folder, table_name

    if table_name(os.environ) is not None:
        raise SettingsError(NO_COPIES)
    settings = Settings(data_folder(os.environ, data))
    target = file or settings.backups / f"aurora-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.db"
    if file is None and settings.data.is_dir():
        target.parent.mkdir(mode=0o700, exist_ok=True)
    copy(settings.database, target)
    if json:
        print_json({"file": str(target), "bytes": target.stat().st_size})
    else:
        print(f"{target}: {target.stat().st_size:,} bytes, checked. `aurora restore {target}` puts it back.")


@app.command()
def restore(
    file: Annotated[
        Path | None,
        typer.Argument(help="The copy; a bare name is also looked for in backups/. None with a DynamoDB table."),
    ] = None,
    end_tokens: Annotated[
        bool | None,
        typer.Option(
            "--end-tokens/--keep-tokens",
            help="All API tokens or none; without it, those that were ended since the copy was made.",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put a backup in the place of the data; stop the server first.

    No reminder rings twice by that, and everybody has to sign in again. With AURORA_TABLE: mark that table, which
    DynamoDB restored.
    """
    from aurora_time.adapters.sqlite_file import InUseError
    from aurora_time.ports import StorageError
    from aurora_time.run.cli_show import print_json
    from aurora_time.run.control import in_use_by
    from aurora_time.run.restoring import restore_home
    from aurora_time.run.settings import Settings, data_folder, table_name
    from aurora_time.run.world import RandomIds, SystemClock

    settings = Settings(data_folder(os.environ, data), table=table_name(os.environ))
    try:
        done = restore_home(settings, file, SystemClock(), RandomIds(), end_tokens)
    except InUseError as error:
        raise StorageError(in_use_by(settings.data) or str(error)) from None
    if json:
        print_json(done.told)
    else:
        print(done.text)


def main() -> None:
    """Run the command line. What can be foreseen to fail ends in one sentence on stderr and exit status 1."""
    from aurora_time.run.cli_show import plain

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            app(prog_name="aurora")
        finally:
            sys.stdout.flush()
    except _foreseen() as error:
        print(f"aurora: {plain(error)}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:  # the disk of a file that stdout goes to is full, or whoever read it has gone
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())  # or Python would try, and fail, once more when it ends
        if not isinstance(error, BrokenPipeError):
            print(f"aurora: What was asked for cannot be written: {error.strerror}.", file=sys.stderr)
        sys.exit(1)


def _foreseen() -> tuple[type[Exception], ...]:
    """Python asks for these only when something was raised."""
    from aurora_time.operations.moving import MovingError
    from aurora_time.ports import StorageError, UnavailableError
    from aurora_time.run.control import OperatorError
    from aurora_time.run.settings import SettingsError

    return SettingsError, StorageError, OperatorError, MovingError, UnavailableError
