"""How the command line reaches the server that has the data open: by a secret that only the owner's account can read.

The server leaves ``control.json`` in the data folder; who can read it may post to ``/control/{command}``. To anybody
else there is no such path: the route does not even match, so the answer is that of any unknown address.
"""

from __future__ import annotations

import contextlib
import hmac
import http.client
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from aurora_time.run.settings import is_loopback

T = TypeVar("T")
Command = Callable[[bytes], Awaitable[object]]
"""From the posted JSON to what the answer's JSON is made of. Raises OperatorError."""

_PREFIX: Final = "/control/"
_MAX_BODY: Final = 65_536
_TIMEOUT: Final = 40.0
"""Seconds; a test mail may take the 20 of the mail server's time-out."""


class OperatorError(Exception):
    """What the operator asked for cannot be done; the message is one sentence that says why and how to mend it."""


class ControlFile(msgspec.Struct, frozen=True):
    """Where the server listens to its operator, and by what it knows him."""

    url: str
    secret: str
    pid: int


class _Refusal(msgspec.Struct, frozen=True):
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


class ControlRoute(BaseRoute):
    """Matches only a POST from this machine, straight and with the secret."""

    def __init__(self, secret: str, commands: Mapping[str, Command]) -> None:
        self._secret = f"Bearer {secret}".encode()
        self._commands = commands

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(_PREFIX):
            return Match.NONE, {}
        name = scope["path"].removeprefix(_PREFIX)
        allowed = name in self._commands and _is_straight(scope) and self._knows(scope)
        return (Match.FULL, {"control": name}) if allowed else (Match.NONE, {})

    def _knows(self, scope: Scope) -> bool:
        given = b"".join(value for name, value in scope["headers"] if name == b"authorization")
        return hmac.compare_digest(given, self._secret)

    def url_path_for(self, name: str, /, **path_params: object) -> None:  # type: ignore[override]
        """Nobody links here."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        try:
            if body is None:
                raise OperatorError("This is too long.")
            status, answer = 200, await self._commands[scope["control"]](body)
        except OperatorError as error:
            status, answer = 422, _Refusal(str(error))
        encoded = msgspec.json.encode(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(encoded)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": encoded})


def _is_straight(scope: Scope) -> bool:
    """Whether a process of this machine asks, with nothing between: a proxy's visitors come from loopback too."""
    client, server = scope.get("client"), scope.get("server")
    if client is None or any(_tells_of_a_proxy(name) for name, _ in scope["headers"]):
        return False
    # A machine that reaches its own outer address (AURORA_HOST) comes from that same address.
    return is_loopback(client[0]) or (server is not None and client[0] == server[0])


def _tells_of_a_proxy(name: bytes) -> bool:
    return name in (b"forwarded", b"via", b"x-real-ip") or name.startswith(b"x-forwarded")


async def _body(receive: Receive) -> bytes | None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _MAX_BODY:
            return None
    return body


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
        connection.request("POST", _PREFIX + command, msgspec.json.encode(question), headers)
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
            raise OperatorError(msgspec.json.decode(body, type=_Refusal).error)
        return msgspec.json.decode(body, type=answer)
    except msgspec.DecodeError as error:  # another program listens there now
        raise ConnectionError(str(error)) from error
