"""Delivery to real SMTP servers on this machine, and every way in which a server can fail us."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aurora_time.adapters.smtp import SmtpMailer, SmtpSettings
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError, RecipientRefusedError
from tests.adapters.smtp_servers import (
    PASSWORD,
    Clock,
    Scripted,
    Sink,
    authenticator,
    mailing,
    plain,
    server_tls,
)
from tools import smtp_sink

MAIL = Mail("lan@example.org", "Họp nhóm", "Xin chào\n", "<p>Xin chào</p>\n", "<1@aurora.example>", to_name="Lan")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody else trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


def test_a_mail_arrives_as_it_was_written() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink)) as mailer:
            await mailer.send(replace(MAIL, text=f".\n.hidden\n{'x' * 3000}\n"))
        (message,) = sink.mails
        assert (message["Subject"], message["Message-ID"]) == ("Họp nhóm", "<1@aurora.example>")
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n") == f".\n.hidden\n{'x' * 3000}\n"
        assert sink.recipients == ["lan@example.org"]

    run(scenario())


def test_two_hundred_mails_at_once_arrive_once_each_over_few_connections() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink), connections=3) as mailer:
            await asyncio.gather(*(mailer.send(replace(MAIL, message_id=f"<{n}@aurora.example>")) for n in range(200)))
        assert sorted(str(m["Message-ID"]) for m in sink.mails) == sorted(f"<{n}@aurora.example>" for n in range(200))
        assert len(sink.sessions) <= 3

    run(scenario())


def test_addresses_beyond_ascii_need_a_server_that_knows_them() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink)) as mailer:
            await mailer.send(replace(MAIL, to="nguyễn@example.org"))
            await mailer.send(replace(MAIL, to="lan@bücher.example"))
            await mailer.send(MAIL)
        assert sink.recipients == ["nguyễn@example.org", "lan@xn--bcher-kva.example", "lan@example.org"]
        old = Sink()
        async with mailing(lambda: SMTP(old, hostname="sink")) as mailer:
            with pytest.raises(MailRefusedError, match="SMTPUTF8"):
                await mailer.send(replace(MAIL, to="nguyễn@example.org"))
        async with mailing(lambda: SMTP(old, hostname="sink"), sender="thư@example.org") as mailer:
            with pytest.raises(MailUnavailableError, match="SMTPUTF8"):
                await mailer.send(MAIL)

    run(scenario())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_password_goes_only_through_tls(security: str, certificate: Path) -> None:
    async def scenario() -> None:
        sink, tls = Sink(), server_tls(certificate)
        if security == "tls":
            server = plain(sink, authenticator=authenticator, auth_require_tls=False)
        else:
            server = plain(sink, authenticator=authenticator, tls_context=tls, require_starttls=True)
        changes = {
            "security": security,
            "username": "aurora",
            "password": PASSWORD,
            "ca_file": str(certificate),
        }
        async with mailing(server, tls if security == "tls" else None, **changes) as mailer:
            assert await mailer.check() is None
            await mailer.send(MAIL)
            await mailer.send(MAIL)
        assert len(sink.mails) == 2

    run(scenario())


def test_a_wrong_password_refuses_no_mail_and_says_what_is_wrong() -> None:
    async def scenario() -> None:
        server = plain(Sink(), authenticator=authenticator, auth_require_tls=False)
        async with mailing(server, username="aurora", password="wrong") as mailer:
            with pytest.raises(MailUnavailableError, match="refused the user name or password: 535"):
                await mailer.send(MAIL)
            assert "refused the user name or password" in (await mailer.check() or "")

    run(scenario())


def test_a_server_that_only_knows_login_takes_ascii_passwords() -> None:
    def ascii_only(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"secret", handled=False)

    async def scenario() -> None:
        sink = Sink()
        server = plain(sink, authenticator=ascii_only, auth_require_tls=False, auth_exclude_mechanism=["PLAIN"])
        async with mailing(server, username="aurora", password="secret") as mailer:
            await mailer.send(MAIL)
        assert len(sink.mails) == 1
        async with mailing(server, username="aurora", password=PASSWORD) as mailer:
            assert "takes only ASCII" in (await mailer.check() or "")

    run(scenario())


@pytest.mark.parametrize(
    ("host", "security", "says"),
    [
        ("mail.example.org", "none", "the password would go to mail.example.org in clear"),
        ("192.0.2.1", "none", "the password would go to 192.0.2.1 in clear"),
        ("localhost", "none", "offers no way to sign in"),
        ("127.0.0.1", "none", "offers no way to sign in"),
        ("127.0.0.1", "starttls", "does not offer STARTTLS; nothing was sent in clear"),
    ],
)
def test_a_password_is_never_sent_in_clear_to_another_machine(host: str, security: str, says: str) -> None:
    async def scenario() -> None:
        changes = {"host": host, "security": security, "username": "aurora", "password": "secret"}
        async with mailing(plain(Sink()), **changes) as mailer:
            assert says in (await mailer.check() or "")

    run(scenario())


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    async def scenario() -> None:
        quiet = asyncio.get_running_loop()
        quiet.set_exception_handler(lambda loop, context: None)
        async with mailing(plain(Sink(), tls_context=server_tls(certificate)), security="starttls") as mailer:
            assert "is not trusted" in (await mailer.check() or "")
        async with mailing(plain(Sink()), security="tls", ca_file=str(certificate)) as mailer:
            assert "is the port right for tls?" in (await mailer.check() or "")
        async with mailing(plain(Sink()), security="tls", ca_file=str(certificate.with_name("no"))) as mailer:
            assert "certificates" in (await mailer.check() or "")

    run(scenario())


@pytest.mark.parametrize(
    ("stage", "answer", "error"),
    [
        ("RCPT", "550 5.1.1 no such person", RecipientRefusedError),
        ("RCPT", "553 mailbox name not allowed", MailRefusedError),
        ("RCPT", "450 4.2.1 busy", MailUnavailableError),
        ("RCPT", "421 4.3.2 going down", MailUnavailableError),
        ("RCPT", "554 5.7.1 relay access denied", MailUnavailableError),
        ("RCPT", "530 5.7.0 sign in first", MailUnavailableError),
        ("MAIL", "550 5.7.1 you may not send as this", MailUnavailableError),
        ("MAIL", "451 4.3.0 try later", MailUnavailableError),
        ("MAIL", "421 4.4.2 idle too long", MailUnavailableError),
        ("DATA", "554 5.6.0 not this message", MailRefusedError),
        ("DATA", "552 5.3.4 too big", MailRefusedError),
        ("DATA", "451 4.3.0 disk full", MailUnavailableError),
        ("DATA", "503 5.5.1 bad sequence", MailUnavailableError),
    ],
)
def test_a_refusal_is_for_good_only_when_it_is_about_this_mail(stage: str, answer: str, error: type[Exception]) -> None:
    async def scenario() -> None:
        sink = Sink(**{stage: [answer]})
        async with mailing(plain(sink)) as mailer:
            with pytest.raises(error, match=answer.split(maxsplit=1)[0]):
                await mailer.send(MAIL)
            assert sink.mails == []
            await mailer.send(MAIL)
            assert len(sink.mails) == 1

    run(scenario())


def test_a_connection_that_the_server_closed_meanwhile_is_replaced() -> None:
    async def scenario() -> None:
        sink = Sink()
        servers: list[SMTP] = []
        sink.on_data = servers.append
        async with mailing(plain(sink)) as mailer:
            await mailer.send(MAIL)
            servers[0].transport.close()
            await mailer.send(MAIL)
            sink.answers["MAIL"] = ["421 4.4.2 idle too long"]
            await mailer.send(MAIL)
        assert len(sink.mails) == 3
        assert len(sink.sessions) == 3

    run(scenario())


def test_a_connection_unused_for_long_is_not_used_again() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink), idle=0) as mailer:
            await mailer.send(MAIL)
            await mailer.send(MAIL)
        assert len(sink.sessions) == 2

    run(scenario())


def test_a_server_that_dies_after_the_message_leaves_it_open_and_the_mail_is_not_sent_twice() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink)) as mailer:
            await mailer.send(MAIL)
            sink.on_data = lambda server: server.transport.abort()
            with pytest.raises(MailUnavailableError, match="perhaps it has taken the message"):
                await mailer.send(replace(MAIL, message_id="<2@aurora.example>"))
        assert [str(mail["Message-ID"]) for mail in sink.mails] == [
            "<1@aurora.example>",
            "<2@aurora.example>",
        ]

    run(scenario())


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((), "did not answer within 0.2 s"),
        (("220 slow",), "did not answer within 0.2 s"),
        (("220 slow", "250 sink"), "did not answer in time"),
        (("554 no service here",), "refused the connection: 554 no service here"),
        (("220 sink", "502 what?", "502 what?"), "refused the connection: 502 what?"),
        (("220 sink", None), "Connection unexpectedly closed"),
        (("220 sink", "250 sink", None), "ended the connection"),
        (("220 sink", "250 sink", "550 not you", "221 bye"), "does not let a@example.org send: 550 not you"),
        (("220 sink", "250-sink\r\n250 AUTH PLAIN", "454 4.7.0 later"), "cannot check the password now: 454"),
    ],
)
def test_a_server_that_misbehaves_is_reported_in_one_sentence(lines: tuple[str | None, ...], says: str) -> None:
    async def scenario() -> None:
        changes = {"username": "aurora", "password": "secret"} if "AUTH" in str(lines) else {}
        async with mailing(
            lambda: Scripted(*lines), timeout=0.2 if "did not answer" in says else 10, **changes
        ) as mailer:
            assert says in (await mailer.check() or "")
            with pytest.raises(MailUnavailableError):
                await mailer.send(MAIL)

    run(scenario())


def test_a_server_that_hears_no_data_command_is_asked_again_later() -> None:
    async def scenario() -> None:
        script = ("220 sink", "250 sink", "250 ok", "250 ok", "451 4.3.0 not now")
        async with mailing(lambda: Scripted(*script)) as mailer:
            with pytest.raises(MailUnavailableError, match="refused the message: 451"):
                await mailer.send(MAIL)

    run(scenario())


def test_nobody_listening() -> None:
    async def scenario() -> None:
        async with mailing(plain(Sink())) as mailer:
            port = mailer._settings.port
        gone = SmtpMailer(SmtpSettings("127.0.0.1", port, "none", "a@example.org", timeout=5), Clock())
        assert await gone.check() == f"nothing listens at 127.0.0.1:{port} (connection refused)"
        with pytest.raises(MailUnavailableError):
            await gone.send(MAIL)
        await gone.close()

    run(scenario())


@pytest.mark.parametrize(
    ("host", "failure", "says"),
    [
        ("mail.example", socket.gaierror(-2, "not known"), "the mail server's name mail.example is not known"),
        ("mail..example", None, "the mail server's name mail..example is not known"),
        ("192.0.2.1", OSError(101, "no route"), "192.0.2.1:25 cannot be reached: [Errno 101] no route"),
    ],
)
def test_a_server_that_cannot_be_found(
    monkeypatch: pytest.MonkeyPatch, host: str, failure: OSError | None, says: str
) -> None:
    def resolve(*address: object, **options: object) -> None:
        assert failure is not None
        raise failure

    if failure is not None:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    async def scenario() -> None:
        mailer = SmtpMailer(SmtpSettings(host, 25, "none", "a@example.org", timeout=5), Clock())
        assert await mailer.check() == says
        await mailer.close()

    run(scenario())


def test_what_is_no_address_is_refused_before_any_connection() -> None:
    async def scenario() -> None:
        sink = Sink()
        async with mailing(plain(sink)) as mailer:
            with pytest.raises(MailRefusedError):
                await mailer.send(replace(MAIL, to="lan@example.org>\r\nRCPT TO:<eve@example.org"))
        assert sink.sessions == set()

    run(scenario())


def test_after_closing_nothing_is_taken() -> None:
    async def scenario() -> None:
        async with mailing(plain(Sink())) as mailer:
            await mailer.send(MAIL)
            await mailer.close()
            with pytest.raises(MailUnavailableError, match="shut down"):
                await mailer.send(MAIL)

    run(scenario())


def test_the_password_is_not_shown_and_the_sender_must_be_an_address() -> None:
    settings = SmtpSettings("mail.example.org", 587, "starttls", "Aurora <a@example.org>", "aurora", "s3cret")
    assert "s3cret" not in repr(settings)
    with pytest.raises(ValueError, match="is no e-mail address"):
        replace(settings, sender="Aurora")


# --- PIPELINING (RFC 2920) ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"MAIL": ["451 4.3.0 later"]}, MailUnavailableError),
        ({"MAIL": ["550 5.7.1 not you"]}, MailUnavailableError),
        ({"RCPT": ["550 5.1.1 no such user"]}, RecipientRefusedError),
        ({"RCPT": ["452 4.2.2 full"]}, MailUnavailableError),
        ({"DATA": ["554 5.6.0 not this"]}, MailRefusedError),
    ],
)
def test_a_server_that_takes_all_commands_at_once_refuses_one_mail_and_takes_the_next(
    answers: dict[str, list[str]], error: type[Exception]
) -> None:
    async def scenario() -> None:
        taken: list[smtp_sink.Taken] = []
        server = await smtp_sink.listen(taken.append, smtp_sink.Trouble(answers))
        mailer = SmtpMailer(
            SmtpSettings("127.0.0.1", smtp_sink.port_of(server), "none", "Aurora <aurora@example.org>"), Clock()
        )
        with pytest.raises(error):
            await mailer.send(MAIL)
        assert taken == []
        await mailer.send(MAIL)
        assert [mail.to for mail in taken] == [(MAIL.to,)]
        await mailer.close()
        server.close()

    run(scenario())
