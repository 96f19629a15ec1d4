"""SMTP servers for tests, in the test's own event loop; the mailer talks to them from its threads."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from aurora_time.adapters.smtp import SmtpMailer, SmtpSettings

PASSWORD = "mật khẩu"
Server = Callable[[], asyncio.Protocol]


class Clock:
    def now(self) -> float:
        return 1_795_312_200.0


class Sink:
    """Takes mails; ``answers`` by command are given once, in order, in place of the usual 250."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = answers
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sessions: set[int] = set()
        self.on_data: Callable[[SMTP], None] = lambda server: None

    def answer(self, command: str) -> str:
        left = self.answers.get(command, [])
        return left.pop(0) if left else "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        self.sessions.add(id(session))
        return self.answer("MAIL")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer("RCPT")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answer("DATA")
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.original_content or b"", _class=EmailMessage, policy=default))
            self.recipients += envelope.rcpt_tos
        self.on_data(server)
        return answer


def authenticator(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"aurora", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def plain(sink: Sink, **options: Any) -> Server:
    return lambda: SMTP(sink, hostname="sink", enable_SMTPUTF8=True, **options)


@asynccontextmanager
async def mailing(server: Server, tls: ssl.SSLContext | None = None, **changes: Any) -> AsyncIterator[SmtpMailer]:
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0, ssl=tls)
    settings = SmtpSettings(
        "127.0.0.1", listening.sockets[0].getsockname()[1], "none", "Aurora <a@example.org>", timeout=10
    )
    mailer = SmtpMailer(replace(settings, **changes), Clock())
    try:
        yield mailer
    finally:
        await mailer.close()
        listening.close()
        await listening.wait_closed()


class Scripted(asyncio.Protocol):
    """A server that says one thing after another, whatever it hears; None: it hangs up."""

    def __init__(self, *lines: str | None) -> None:
        self.lines = list(lines)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.speak()

    def data_received(self, data: bytes) -> None:
        self.speak()

    def speak(self) -> None:
        line = self.lines.pop(0) if self.lines else ""
        if line is None:
            self.transport.close()
        elif line:
            self.transport.write(f"{line}\r\n".encode())
