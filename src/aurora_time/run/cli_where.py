"""Whose data a command is about: a server one has signed in to, or the data of this machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from aurora_time.run.api_client import Api, RemoteApi, by_id, call, server_url
from aurora_time.run.control import OperatorError, ask_server, read_control

_FILE: Final = "login.json"


@dataclass(frozen=True, kw_only=True)
class Where:
    """What every command takes that speaks the API."""

    json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False
    server: Annotated[
        str | None, typer.Option(help="The address of a server [AURORA_SERVER]; its token is in AURORA_TOKEN.")
    ] = None
    as_: Annotated[
        str | None, typer.Option("--as", help="Whose, on the data of this machine: an address [AURORA_USER].")
    ] = None
    data: Annotated[Path | None, typer.Option(help="The folder of the data on this machine [AURORA_DATA].")] = None


class Login(msgspec.Struct, frozen=True, omit_defaults=True):
    """What ``aurora login`` keeps, readable by its owner alone: a server and a token, or who one is on this machine.

    ``token_id`` is set for a token that it made itself, which ``aurora logout`` ends.
    """

    server: str = ""
    token: str = ""
    user: str = ""
    token_id: str = ""


class ShortToken(msgspec.Struct, frozen=True):
    """A token that the running server makes for whoever can read its data: see commands.py."""

    id: str
    secret: str


class Asked(msgspec.Struct, frozen=True):
    email: str


def login_file(environ: Mapping[str, str]) -> Path:
    folder = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME") or Path.home()) / ".config")
    return Path(folder) / "aurora-time" / _FILE


def read_login(environ: Mapping[str, str]) -> Login:
    try:
        return msgspec.json.decode(login_file(environ).read_bytes(), type=Login)
    except (OSError, msgspec.DecodeError):
        return Login()


def write_login(environ: Mapping[str, str], login: Login) -> Path:
    """Raises OperatorError."""
    path = login_file(environ)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(msgspec.json.encode(login))
        fresh.replace(path)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None
    return path


@contextlib.contextmanager
def opened(where: Where) -> Iterator[Api]:
    """The API that a command means: what it is told, else the environment, else what ``aurora login`` kept."""
    environ, kept = os.environ, read_login(os.environ)
    server = where.server or (None if where.as_ or where.data else environ.get("AURORA_SERVER"))
    user = where.as_ or environ.get("AURORA_USER")
    if server is None and not (where.as_ or where.data) and kept.server and not user:
        server = kept.server
    if where.server and (where.as_ or where.data):
        raise OperatorError("--server is one place, --as and --data are another; say only one of them.")
    if server:
        url = server_url(server)
        token = environ.get("AURORA_TOKEN", "").strip() or (kept.token if url == kept.server else "")
        if not token:
            raise OperatorError(f"There is no token for {url}: `aurora login {url}`, or set AURORA_TOKEN.")
        with contextlib.closing(RemoteApi(url, token)) as api:
            yield api
        return
    with _on_this_machine(where, user or kept.user) as api:
        yield api


@contextlib.contextmanager
def _on_this_machine(where: Where, user: str) -> Iterator[Api]:
    if not user:
        raise OperatorError(
            "Whose events? `aurora login` on a server, or name an account of this machine with --as or AURORA_USER."
        )
    # Only what works on the data itself needs the whole program; a command for a server starts at once.
    from aurora_time.adapters.sqlite_file import InUseError
    from aurora_time.run.api_here import HereApi
    from aurora_time.run.settings import read_settings

    settings = read_settings(os.environ, None, where.data)
    try:
        here = HereApi(settings, user)
    except InUseError as error:
        file = read_control(settings.data)
        if file is None:
            raise OperatorError(str(error)) from None
        try:
            token = ask_server(file, "cli-token", Asked(user), ShortToken)
        except ConnectionError as failure:
            raise OperatorError(f"{error} (asked at {file.url}: {failure}).") from None
        with contextlib.closing(RemoteApi(file.url, token.secret, token.id)) as api:
            try:
                yield api
            finally:
                with contextlib.suppress(OperatorError):  # at worst it is over in an hour
                    call(api, "DELETE", by_id("/v1/tokens", token.id))
        return
    with contextlib.closing(here):
        yield here
