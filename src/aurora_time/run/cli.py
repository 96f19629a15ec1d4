"""The command line: ``aurora``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from aurora_time.adapters.sqlite_file import StorageError
from aurora_time.run.server import listen
from aurora_time.run.server import serve as serve_home
from aurora_time.run.settings import SettingsError, read_settings

app = typer.Typer(help="Aurora Time: events, and reminders that really arrive.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="Where the data is kept (AURORA_DATA).")]


def fail(message: str) -> NoReturn:
    """One clear sentence, and a non-zero exit."""
    print(f"aurora: {message}", file=sys.stderr)
    raise typer.Exit(1)


@app.callback()
def aurora() -> None:
    """Aurora Time."""


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="The port; without it 8765 or the next free one.")] = None,
    data: Data = None,
) -> None:
    """Run the service until Ctrl-C."""
    try:
        settings = read_settings(os.environ, port, data)
        listening = listen(settings.host, settings.port)
        with listening:
            import uvloop

            uvloop.run(serve_home(settings, listening))
    except (SettingsError, StorageError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        return


def main() -> None:
    app()
