"""A client so lean that a bench measures the server: HTTP/1.1 on one kept connection, one request after another."""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple, cast

_LENGTH: Final = b"content-length:"


class Answer(NamedTuple):
    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """Made by ``connect``. It knows what our server says: a status, a Content-Length, a body."""

    def __init__(self, token: str) -> None:
        self._head = f" HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n".encode()
        self._buffer = b""
        self._waiting: asyncio.Future[Answer] | None = None
        self._is_lost = False

    @classmethod
    async def connect(cls, port: int, token: str) -> Connection:
        """Raises OSError."""
        made = cls(token)
        await asyncio.get_running_loop().create_connection(lambda: made, "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of it.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._is_lost = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError("the server ended the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        at = self._buffer[:head_end].lower().find(_LENGTH)
        length = int(self._buffer[at + len(_LENGTH) : head_end].split(b"\r\n", 1)[0]) if at >= 0 else 0
        end = head_end + 4 + length
        if len(self._buffer) < end or self._waiting is None:
            return
        answer = Answer(int(self._buffer[9:12]), self._buffer[head_end + 4 : end])
        self._buffer = self._buffer[end:]
        if not self._waiting.done():
            self._waiting.set_result(answer)

    async def request(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Raises ConnectionResetError when the server goes away."""
        if self._is_lost:
            raise ConnectionResetError("the server ended the connection")
        self._waiting = asyncio.get_running_loop().create_future()
        head = f"{method} {path}".encode() + self._head
        if body:
            head += b"content-type: application/json\r\ncontent-length: %d\r\n" % len(body)
        self._transport.write(head + b"\r\n" + body)
        return await self._waiting

    def close(self) -> None:
        self._transport.abort()
