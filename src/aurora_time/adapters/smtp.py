"""Mail to an SMTP server (RFC 5321): worker threads, reused connections, errors that say whose fault."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cached_property, partial
from typing import Final, Literal, TypeVar

from aurora_time.adapters.mime import Envelope, to_address, to_envelope
from aurora_time.ports import Clock, Mail, MailRefusedError, MailUnavailableError, RecipientRefusedError

Security = Literal["none", "starttls", "tls"]
_T = TypeVar("_T")

_LEADING_DOT: Final = re.compile(rb"(?m)^\.")
"""A line's first dot is sent twice (RFC 5321 4.5.2)."""

_ABOUT_US: Final = frozenset({500, 502, 503, 504, 521, 530, 534, 535, 538})
"""5xx about the conversation or our sign-in (RFC 5321 4.2.3, RFC 4954 6, RFC 7504), not about a mail."""


_ABOUT_MAILBOX: Final = re.compile(rb"5\.(?:1\.\d|2\.1)\b")
"""The enhanced codes (RFC 3463) that say it is the address, also when the message is already there."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach the mail server, and as whom.

    ``sender`` is ``Name <address>``. ``timeout``: seconds a whole delivery may take, connecting included.
    ``idle``: seconds after which an unused connection is not trusted any more. ``ca_file``: the certificates
    to trust in place of the system's. Raises ValueError for a sender that is no address.
    """

    host: str
    port: int
    security: Security
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    timeout: float = 20
    connections: int = 4
    idle: float = 60

    def __post_init__(self) -> None:
        try:
            to_address(self.sender_address)
        except MailRefusedError as error:
            raise ValueError(f"the sender {self.sender!r} of mails is no e-mail address") from error

    @property
    def sender_address(self) -> str:
        return parseaddr(self.sender)[1]


class SmtpMailer:
    """A Mailer. Each connection is used by one thread at a time, and again for the next mail.

    Nobody waits longer than ``timeout`` for a mail that has begun; so limit the mails that wait to begin. ``failed``
    is of the last mail, where it did not go out: when (seconds since the epoch), and why, in one sentence.
    """

    def __init__(self, settings: SmtpSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.failed: tuple[float, str] | None = None
        self._server = _Server(settings)
        self._idle: deque[_Connection] = deque()
        self._workers = ThreadPoolExecutor(settings.connections, thread_name_prefix="smtp")

    async def send(self, mail: Mail) -> None:
        """Returns on the server's 250 to the message. Raises MailRefusedError, MailUnavailableError."""
        try:
            await self._in_worker(lambda: self._deliver(mail))
        except MailUnavailableError as error:
            self.failed = (self._clock.now(), str(error))
            raise
        except MailRefusedError:
            self.failed = None  # the server is there: it is this address that it takes nothing for
            raise
        self.failed = None

    async def check(self) -> str | None:
        """What keeps mails from being sent, in one sentence; None if we can sign in and may send."""
        try:
            await self._in_worker(self._rehearse)
        except (MailUnavailableError, MailRefusedError) as error:
            return str(error)
        return None

    async def close(self) -> None:
        """Let mails under way finish, then say goodbye; sends after it raise MailUnavailableError."""
        await asyncio.to_thread(self._workers.shutdown)
        while self._idle:
            await asyncio.to_thread(self._idle.pop().quit)

    async def _in_worker(self, call: Callable[[], _T]) -> _T:
        try:
            running = asyncio.get_running_loop().run_in_executor(self._workers, call)
        except RuntimeError as error:
            raise MailUnavailableError("mail is being shut down") from error
        return await running

    def _deliver(self, mail: Mail) -> None:
        envelope = to_envelope(mail, self._settings.sender, self._clock.now())
        deadline = time.monotonic() + self._settings.timeout
        used = self._take_used()
        if used is not None:
            with contextlib.suppress(_LostError):
                self._hand_over(used, envelope, deadline)
                return
        try:
            self._hand_over(self._server.connect(deadline), envelope, deadline)
        except _LostError as lost:
            raise MailUnavailableError(str(lost)) from lost

    def _take_used(self) -> _Connection | None:
        """The connection used last, which is the likeliest to be alive."""
        while self._idle:
            with contextlib.suppress(IndexError):
                connection = self._idle.pop()
                if time.monotonic() - connection.last_used < self._settings.idle:
                    return connection
                connection.close()
        return None

    def _hand_over(self, connection: _Connection, envelope: Envelope, deadline: float) -> None:
        """A connection on which anything went wrong is not used again."""
        with contextlib.ExitStack() as failing:
            failing.callback(connection.close)
            connection.deliver(envelope, deadline)
            failing.pop_all()
        self._idle.append(connection)

    def _rehearse(self) -> None:
        deadline = time.monotonic() + self._settings.timeout
        connection = self._server.connect(deadline)
        try:
            connection.offer_sender(to_address(self._settings.sender_address), deadline)
        except _LostError as lost:
            raise MailUnavailableError(str(lost)) from lost
        finally:
            connection.quit()


class _LostError(Exception):
    """The connection ended before the message was under way: nothing was sent, another may be tried."""


class _Connection:
    """One open and signed-in connection; not for two threads at once."""

    def __init__(self, client: smtplib.SMTP, where: str) -> None:
        self._client = client
        self._where = where
        self.last_used = time.monotonic()

    def deliver(self, envelope: Envelope, deadline: float) -> None:
        """Raises _LostError, MailRefusedError, MailUnavailableError."""
        self._check_utf8(envelope)
        replies = self._replies(_commands(envelope), deadline)
        self._sender_taken(envelope.sender, next(replies))
        code, reply = next(replies)
        if code not in {250, 251, 252}:
            raise _judgement(code, reply, "the recipient")
        code, reply = next(replies)
        if code == 354:
            code, reply = self._hand_over_message(envelope.message, deadline)
        if code != 250:
            raise _judgement(code, reply, "the message")
        self.last_used = time.monotonic()

    def _replies(self, commands: Sequence[bytes], deadline: float) -> Iterator[tuple[int, bytes]]:
        """The answers to the commands before a message: all go out at once if the server knows PIPELINING (RFC 2920).

        Whoever does not like an answer closes the connection; a server that waits for the message then has none.
        """
        client = self._client
        together = client.has_extn("pipelining")
        for packet in [b"".join(commands)] if together else commands:
            self._ask_for(deadline, partial(client.send, packet))
            for _ in commands if together else (packet,):
                code, reply = self._ask_for(deadline, client.getreply)
                if code == 421:
                    raise _LostError(f"{self._where} ended the connection: {_answer(code, reply)}")
                yield code, reply

    def offer_sender(self, sender: str, deadline: float) -> None:
        """MAIL FROM and no more. Raises _LostError, MailUnavailableError."""
        self._sender_taken(sender, next(self._replies([_mail_from(sender)], deadline)))

    def _sender_taken(self, sender: str, answer: tuple[int, bytes]) -> None:
        """Whatever the server has against the sender is no fault of the recipient."""
        if answer[0] != 250:
            raise MailUnavailableError(f"the mail server does not let {sender} send: {_answer(*answer)}")

    def close(self) -> None:
        self._client.close()

    def quit(self) -> None:
        """Say goodbye, if the server still listens."""
        _limit(self._client, time.monotonic() + 2)
        with contextlib.suppress(OSError):
            self._client.quit()
        self._client.close()

    def _check_utf8(self, envelope: Envelope) -> None:
        if not envelope.utf8 or self._client.has_extn("smtputf8"):
            return
        sentence = "the mail server cannot take addresses with letters beyond ASCII (SMTPUTF8)"
        raise (MailUnavailableError if envelope.recipient.isascii() else MailRefusedError)(sentence)

    def _ask_for(self, deadline: float, call: Callable[[], _T]) -> _T:
        """Before the message; 421 is the server's way to hang up (RFC 5321 3.8)."""
        _limit(self._client, deadline)
        try:
            return call()
        except OSError as error:
            raise _LostError(f"{self._where} {_silence(error, deadline)}") from error

    def _hand_over_message(self, message: bytes, deadline: float) -> tuple[int, bytes]:
        """From here on, a broken connection leaves unknown whether the server has the mail."""
        _limit(self._client, deadline)
        try:
            self._client.send(_LEADING_DOT.sub(b"..", message) + b".\r\n")
            return self._client.getreply()
        except OSError as error:
            sentence = f"{self._where} {_silence(error, deadline)}; perhaps it has taken the message"
            raise MailUnavailableError(sentence) from error


def _mail_from(sender: str, *, utf8: bool = False) -> bytes:
    return f"MAIL FROM:{smtplib.quoteaddr(sender)}{' SMTPUTF8' if utf8 else ''}\r\n".encode()


def _commands(envelope: Envelope) -> tuple[bytes, bytes, bytes]:
    """What comes before a message. Addresses have no characters that could end the line: mime.py sees to it."""
    recipient = f"RCPT TO:{smtplib.quoteaddr(envelope.recipient)}\r\n".encode()
    return _mail_from(envelope.sender, utf8=envelope.utf8), recipient, b"DATA\r\n"


class _Server:
    """Opens connections to the server of the settings."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._where = f"{settings.host}:{settings.port}"

    def connect(self, deadline: float) -> _Connection:
        """A connection ready for mail. Raises MailUnavailableError with a sentence for the operator."""
        self._refuse_open_password()
        try:
            with contextlib.ExitStack() as failing:
                client = self._dial(deadline)
                failing.callback(client.close)
                self._prepare(client, deadline)
                failing.pop_all()
        except (OSError, UnicodeError) as error:
            late = time.monotonic() >= deadline
            raise MailUnavailableError(self._sentence(TimeoutError() if late else error)) from error
        return _Connection(client, self._where)

    def _dial(self, deadline: float) -> smtplib.SMTP:
        settings, timeout = self._settings, max(0.01, deadline - time.monotonic())
        name = socket.gethostname()
        greeting = name if "." in name else "[127.0.0.1]"
        if settings.security == "tls":
            return smtplib.SMTP_SSL(settings.host, settings.port, greeting, timeout=timeout, context=self._tls_context)
        return smtplib.SMTP(settings.host, settings.port, greeting, timeout=timeout)

    def _prepare(self, client: smtplib.SMTP, deadline: float) -> None:
        _limit(client, deadline)
        client.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            _limit(client, deadline)
            client.starttls(context=self._tls_context)
            _limit(client, deadline)
            client.ehlo()
        if self._settings.username:
            _limit(client, deadline)
            self._sign_in(client)

    def _sign_in(self, client: smtplib.SMTP) -> None:
        """AUTH PLAIN takes any password in UTF-8 (RFC 4616); smtplib's own commands only ASCII."""
        username, password = self._settings.username, self._settings.password
        if "PLAIN" not in client.esmtp_features.get("auth", "").upper().split():
            client.login(username, password)
            return
        secret = b64encode(f"\0{username}\0{password}".encode()).decode()
        code, reply = client.docmd("AUTH", f"PLAIN {secret}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, reply)

    @cached_property
    def _tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)

    def _refuse_open_password(self) -> None:
        settings = self._settings
        if settings.security == "none" and settings.username and not _is_loopback(settings.host):
            raise MailUnavailableError(
                f"the password would go to {settings.host} in clear: set SMTP security to starttls or tls"
            )

    def _sentence(self, error: Exception) -> str:
        """What is wrong, for an operator who can mend it."""
        where, settings = self._where, self._settings
        match error:
            case ConnectionRefusedError():
                return f"nothing listens at {where} (connection refused)"
            case UnicodeEncodeError(encoding="ascii"):
                return f"{where} takes only ASCII in user names and passwords"
            case socket.gaierror() | UnicodeError():
                return f"the mail server's name {settings.host} is not known"
            case TimeoutError():
                return f"{where} did not answer within {settings.timeout:g} s"
            case ssl.SSLCertVerificationError():
                return f"the certificate of {where} is not trusted: {error.verify_message}"
            case ssl.SSLError():
                reason = error.reason or error
                return f"no TLS with {where}; is the port right for {settings.security}? ({reason})"
            case FileNotFoundError():
                return f"the file of trusted certificates {settings.ca_file} is not there"
            case smtplib.SMTPException():
                return self._protocol_sentence(error)
        return f"{where} cannot be reached: {error}"

    def _protocol_sentence(self, error: smtplib.SMTPException) -> str:
        where = self._where
        match error:
            case smtplib.SMTPAuthenticationError():
                answer = _answer(error.smtp_code, _as_bytes(error.smtp_error))
                if error.smtp_code < 500:
                    return f"{where} cannot check the password now: {answer}"
                return f"{where} refused the user name or password: {answer}"
            case smtplib.SMTPResponseException():
                return f"{where} refused the connection: {_answer(error.smtp_code, _as_bytes(error.smtp_error))}"
            case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
                return f"{where} does not offer STARTTLS; nothing was sent in clear"
            case smtplib.SMTPNotSupportedError():
                return f"{where} offers no way to sign in; perhaps it wants no user name, or TLS first"
        return f"{where}: {error}"


def _limit(client: smtplib.SMTP, deadline: float) -> None:
    """Let the next answer take no longer than what is left."""
    if client.sock is not None:
        client.sock.settimeout(max(0.01, deadline - time.monotonic()))


def _silence(error: OSError, deadline: float) -> str:
    late = time.monotonic() >= deadline
    return "did not answer in time" if late else f"ended the connection: {error}"


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _judgement(code: int, reply: bytes, about: str) -> MailRefusedError | MailUnavailableError:
    """5xx refuses the mail for good, unless it is about us.

    A policy answer to the recipient (enhanced code 5.7.x, RFC 3463: "relay access denied") says that this
    server will not send for us, so the mail must wait until an operator has mended that.
    """
    sentence = f"the mail server refused {about}: {_answer(code, reply)}"
    policy = about == "the recipient" and reply.startswith(b"5.7.")
    if 500 <= code < 600 and code not in _ABOUT_US and not policy:
        mailbox = about == "the recipient" or _ABOUT_MAILBOX.match(reply)
        return RecipientRefusedError(sentence) if mailbox else MailRefusedError(sentence)
    return MailUnavailableError(sentence)


def _answer(code: int, reply: bytes) -> str:
    return " ".join(f"{code} {reply.decode('utf-8', 'replace')}".split())[:300]


def _as_bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()
