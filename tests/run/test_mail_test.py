"""`aurora mail test`: it arrives, or one sentence says what is in the way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.ports import MailUnavailableError
from aurora_time.run.control import OperatorError
from aurora_time.run.mail_test import MailTest, send_test
from aurora_time.run.settings import Settings, smtp_from_url
from aurora_time.run.world import RandomIds, SystemClock
from tests.adapters.smtp_servers import Sink, authenticator, plain, server_tls
from tests.run.aurora_process import aurora, mail_server, one_sentence, running

SENDER = "Aurora <aurora@example.org>"


def settings_for(port: int, login: str = "", query: str = "?security=none") -> dict[str, str]:
    return {"AURORA_SMTP_URL": f"smtp://{login}127.0.0.1:{port}{query}", "AURORA_MAIL_FROM": SENDER}


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*form) + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_it_arrives_at_the_address_or_at_the_sender(tmp_path: Path) -> None:
    sink = Sink()
    with mail_server(plain(sink)) as port:
        done = aurora("mail", "test", "kim@example.org", "--data", tmp_path, **settings_for(port))
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"127.0.0.1:{port} has taken a test mail to kim@example.org; look into that mailbox.\n"
        assert aurora("mail", "test", "--data", tmp_path, **settings_for(port)).returncode == 0
    assert sink.recipients == ["kim@example.org", "aurora@example.org"]
    assert not (tmp_path / "aurora.sqlite").exists(), "no data is needed"


def test_without_a_mail_server_it_says_where_mails_stay(tmp_path: Path) -> None:
    done = aurora("mail", "test", "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"the test mail is in {tmp_path / 'outbox'}, and at http://127.0.0.1:8765/outbox" in done.stdout
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


def test_a_running_server_sends_it_by_its_own_settings(tmp_path: Path) -> None:
    sink = Sink()
    with mail_server(plain(sink)) as port, running(tmp_path, **settings_for(port)):
        assert aurora("mail", "test", "kim@example.org", "--data", tmp_path).returncode == 0
        said = one_sentence(aurora("mail", "test", "not an address", "--data", tmp_path))
        assert "The test mail to not an address was not sent" in said
    assert sink.recipients == ["kim@example.org"]


def test_what_is_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    def said(port: int, login: str = "", query: str = "?security=none") -> str:
        done = aurora("mail", "test", "kim@example.org", "--data", tmp_path, **settings_for(port, login, query))
        return one_sentence(done).removeprefix("The test mail to kim@example.org was not sent: ")

    with mail_server(plain(Sink(), auth_require_tls=False, authenticator=authenticator)) as port:
        assert said(port, "aurora:wrong@").startswith(f"127.0.0.1:{port} refused the user name or password: 535")
    assert said(port) == f"nothing listens at 127.0.0.1:{port} (connection refused)."
    with mail_server(plain(Sink(), tls_context=server_tls(certificate(tmp_path)))) as port:
        assert said(port, query="").startswith(f"the certificate of 127.0.0.1:{port} is not trusted")
    with mail_server(plain(Sink(RCPT=["550 5.1.1 no such mailbox"]))) as port:
        assert said(port) == "the mail server refused the recipient: 550 5.1.1 no such mailbox."


def test_a_mail_server_that_takes_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        settings = Settings(Path("unused"), smtp=smtp_from_url("smtp://127.0.0.1:1", SENDER))
        assert settings.smtp is not None
        mailer = SmtpMailer(settings.smtp, SystemClock())

        async def late(_: object) -> None:
            raise MailUnavailableError("127.0.0.1:1 did not answer within 20 s")

        monkeypatch.setattr(mailer, "send", late)
        with pytest.raises(OperatorError, match=r"was not sent: 127\.0\.0\.1:1 did not answer within 20 s\.$"):
            await send_test(settings, mailer, "http://127.0.0.1:8765", RandomIds(), MailTest())
        await mailer.close()

    asyncio.run(scenario())
