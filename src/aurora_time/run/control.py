"""How the command line reaches the server that has the data open: by a secret that only the owner's account can read.

The server leaves ``control.json`` in the data folder; who can read it may post to ``/control/{command}``
(control_route.py).
"""

from __future__ import annotations

import contextlib
import http.client
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

T = TypeVar("T")
PREFIX: Final = "/control/"
_TIMEOUT: Final = 40.0
"""Seconds; a test mail may take the 20 of the mail server's time-out."""


class OperatorError(Exception):
    """What the operator asked for cannot be done; the message is one sentence that says why and how to mend it."""


class ControlFile(msgspec.Struct, frozen=True):
    """Where the server listens to its operator, and by what it knows him."""

    url: str
    secret: str
    pid: int


class Refusal(msgspec.Struct, frozen=True):
    """How an OperatorError is answered."""

    error: str


# --- the server's side --------------------------------------------------------------------------------------
@contextlib.contextmanager
def announced(data: Path, file: ControlFile) -> Iterator[None]:
    """Keep ``control.json`` in the data folder, for its owner alone. Raises OSError."""
    path, fresh = data / "control.json", data / "control.json.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(msgspec.json.encode(file))
    fresh.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


# --- the command line's side --------------------------------------------------------------------------------
def read_control(data: Path) -> ControlFile | None:
    """What the running server left; also what one left that was killed."""
    try:
        return msgspec.json.decode((data / "control.json").read_bytes(), type=ControlFile)
    except (OSError, msgspec.DecodeError):
        return None


def in_use_by(data: Path) -> str | None:
    """The sentence about the server that has this data open, if it left its address."""
    file = read_control(data)
    if file is None:
        return None
    return (
        f"The data in {data} is in use by Aurora Time at {file.url} (process {file.pid}); stop that one first, "
        "or name another folder with --data."
    )


def ask_server(file: ControlFile, command: str, question: object, answer: type[T]) -> T:
    """Have the running server do it. Raises OperatorError; ConnectionError when no server of this file answers."""
    where = urlsplit(file.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_TIMEOUT)
    headers = {"Authorization": f"Bearer {file.secret}", "Content-Type": "application/json"}
    try:
        connection.request("POST", PREFIX + command, msgspec.json.encode(question), headers)
        response = connection.getresponse()
        status, body = response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    if status not in (200, 422):
        raise ConnectionError(f"the answer's status is {status}")
    try:
        if status == 422:
            raise OperatorError(msgspec.json.decode(body, type=Refusal).error)
        return msgspec.json.decode(body, type=answer)
    except msgspec.DecodeError as error:  # another program listens there now
        raise ConnectionError(str(error)) from error
