"""A mail server for trying things out: takes every mail, says so in one line each, and never deduplicates.

``python -m tools.smtp_sink`` prints the port it listens on (127.0.0.1 only). Enough of RFC 5321 for one mail after
another on a connection, and PIPELINING (RFC 2920); it can also refuse, be slow, or hang up with the mail taken.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO, cast

import uvloop

_MESSAGE_ID: Final = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ADDRESS: Final = re.compile(rb"<([^>]*)>")
_END: Final = b"\r\n.\r\n"
_GREETING: Final = b"220 sink ESMTP\r\n"
_HELLO: Final = b"250-sink\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail for which the sink took responsibility. ``time`` is in seconds since the epoch."""

    time: float
    message_id: str
    to: tuple[str, ...]
    message: bytes


@dataclass(slots=True)
class Trouble:
    """What goes wrong. ``answers`` by verb are given once each, in order, in place of 250; DATA's is that to the mail.

    ``delay`` is the seconds the answer to a mail takes; ``drops`` how many mails are taken without an answer: the
    connection ends in its place.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    delay: float = 0.0
    drops: int = 0


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, record: Callable[[Taken], None], trouble: Trouble) -> None:
        self._record = record
        self._trouble = trouble
        self._buffer = b""
        self._in_message = False
        self._to: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of it.
        self._transport = cast("asyncio.Transport", transport)
        self._say(_GREETING)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            text, found, rest = self._buffer.partition(_END if self._in_message else b"\r\n")
            if not found:
                return
            self._buffer = rest
            if self._in_message:
                self._in_message = False
                self._message(text)
            else:
                self._command(text)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper().decode("latin-1")
        match verb:
            case "EHLO" | "HELO":
                self._say(_HELLO)
            case "MAIL" | "RSET":
                self._to = []
                self._answer(verb)
            case "RCPT":
                self._recipient(line)
            case "DATA" if self._to:
                self._in_message = True
                self._say(b"354 go on\r\n")
            case "DATA":
                self._say(b"503 5.5.1 no recipient\r\n")
            case "NOOP":
                self._answer(verb)
            case "QUIT":
                self._say(b"221 bye\r\n")
                self._transport.close()
            case _:
                self._say(b"500 5.5.2 not known here\r\n")

    def _recipient(self, line: bytes) -> None:
        found = _ADDRESS.search(line)
        if self._answer("RCPT") and found:
            self._to.append(found[1].decode())

    def _message(self, message: bytes) -> None:
        if self._due("DATA"):
            self._answer("DATA")
            return
        head = message.partition(b"\r\n\r\n")[0]
        found = _MESSAGE_ID.search(head)
        name = found[1].decode("latin-1") if found else ""
        # Written down before it is answered: what the client holds for taken stands here.
        self._record(Taken(time.time(), name, tuple(self._to), message.replace(b"\r\n..", b"\r\n.")))
        if self._trouble.drops > 0:
            self._trouble.drops -= 1
            self._transport.abort()
        elif self._trouble.delay:
            asyncio.get_running_loop().call_later(self._trouble.delay, self._say, b"250 taken\r\n")
        else:
            self._say(b"250 taken\r\n")

    def _due(self, verb: str) -> bool:
        return bool(self._trouble.answers.get(verb))

    def _answer(self, verb: str) -> bool:
        """The next answer set for this verb, or 250; whether it was a good one."""
        line = self._trouble.answers[verb].pop(0) if self._due(verb) else "250 ok"
        self._say(f"{line}\r\n".encode())
        return line.startswith("2")

    def _say(self, line: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(line)


async def listen(record: Callable[[Taken], None], trouble: Trouble | None = None, port: int = 0) -> asyncio.Server:
    """A sink on 127.0.0.1; ``record`` is called with each mail it takes, before the client hears of it."""
    held = trouble or Trouble()
    return await asyncio.get_running_loop().create_server(lambda: Session(record, held), "127.0.0.1", port, backlog=512)


def port_of(server: asyncio.Server) -> int:
    number: int = server.sockets[0].getsockname()[1]
    return number


def writer(log: TextIO, folder: Path | None) -> Callable[[Taken], None]:
    """One line a mail, at once: time, Message-ID and recipients between tabs; with a folder, the mail in a file."""
    count = 0

    def record(taken: Taken) -> None:
        nonlocal count
        count += 1
        if folder is not None:
            # The name appears when all is in it, so that who waits for it never reads half a mail.
            fresh = folder / f"{count:06d}.part"
            fresh.write_bytes(taken.message)
            fresh.rename(fresh.with_suffix(".eml"))
        log.write(f"{taken.time:.6f}\t{taken.message_id}\t{','.join(taken.to)}\n")
        log.flush()

    return record


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.smtp_sink", description="A mail server that keeps a list.")
    parser.add_argument("--port", type=int, default=0, help="without it a free one")
    parser.add_argument("--log", type=Path, help="the file for the lines; without it stdout")
    parser.add_argument("--folder", type=Path, help="keep the mails here, as 000001.eml and so on")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before a mail is answered")
    parser.add_argument("--drops", type=int, default=0, help="hang up on so many mails after taking them")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="'RCPT 550 no'", help="give this answer once; may be repeated"
    )
    return parser.parse_args(words)


async def serve(asked: argparse.Namespace, log: TextIO) -> None:
    trouble = Trouble(delay=asked.delay, drops=asked.drops)
    for answer in asked.answer:
        verb, _, line = answer.partition(" ")
        trouble.answers.setdefault(verb.upper(), []).append(line)
    server = await listen(writer(log, asked.folder), trouble, asked.port)
    print(port_of(server), flush=True)
    await server.serve_forever()


def main(words: list[str]) -> None:
    asked = arguments(words)
    with asked.log.open("a") if asked.log else sys.stdout as log:
        uvloop.run(serve(asked, log))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(0)
