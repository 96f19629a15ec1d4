"""The server's side of control.py: the route through which its operator's command line asks.

To anybody else there is no such path: the route does not even match, so the answer is that of any unknown address.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from aurora_time.run.addresses import is_loopback
from aurora_time.run.control import PREFIX, OperatorError, Refusal

Command = Callable[[bytes], Awaitable[object]]
"""From the posted JSON to what the answer's JSON is made of. Raises OperatorError."""

_MAX_BODY: Final = 65_536


class ControlRoute(BaseRoute):
    """Matches only a POST from this machine, straight and with the secret."""

    def __init__(self, secret: str, commands: Mapping[str, Command]) -> None:
        self._secret = f"Bearer {secret}".encode()
        self._commands = commands

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(PREFIX):
            return Match.NONE, {}
        name = scope["path"].removeprefix(PREFIX)
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
            status, answer = 422, Refusal(str(error))
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
