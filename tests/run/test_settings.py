"""Settings from the environment: what they become, and what is said of those that make no sense."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aurora_time.run.settings import (
    SavedMail,
    Settings,
    SettingsError,
    data_folder,
    default_data,
    is_loopback,
    read_settings,
    save_mail,
    saved_mail,
    smtp_from_url,
)

MAIL = SavedMail("mail.example.org", 465, "tls", "Aurora <aurora@example.org>", "sam", "s3cret")
PUBLIC = {
    "AURORA_PUBLIC_URL": "https://time.example.org/",
    "AURORA_SMTP_URL": "smtps://sam:p%40ss@mail.example.org",
    "AURORA_MAIL_FROM": "Aurora <aurora@example.org>",
    "AURORA_SIGNUP": "closed",
}


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read_settings({"HOME": str(tmp_path)})
    assert settings == Settings(default_data({"HOME": str(tmp_path)}))
    assert settings.is_local
    assert settings.has_outbox
    assert settings.rate_limit == 1_200


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [({}, 60), ({"AURORA_TABLE": "dynamodb:aurora"}, 900), ({"AURORA_CANARY": "300"}, 300)],
)
def test_the_canary_is_rarer_where_the_table_is_paid_for_by_use(environ, seconds, tmp_path: Path) -> None:
    assert read_settings(environ, data=tmp_path).canary_every == seconds


def test_the_rate_limit_may_be_lifted(tmp_path: Path) -> None:
    assert read_settings({"AURORA_RATE_LIMIT": "0"}, data=tmp_path).rate_limit == 0
    assert read_settings({"AURORA_RATE_LIMIT": "60"}, data=tmp_path).rate_limit == 60


def test_a_public_home_has_a_mail_server_and_no_outbox(tmp_path: Path) -> None:
    proxied = {**PUBLIC, "AURORA_PROXY": "127.0.0.1, 10.0.0.0/24", "AURORA_LOG": "debug", "AURORA_HOST": "10.0.0.2"}
    settings = read_settings(proxied, data=tmp_path)
    assert settings.public_url == "https://time.example.org"
    assert settings.proxies == ("127.0.0.1", "10.0.0.0/24")
    assert (settings.host, settings.signup, settings.log) == ("10.0.0.2", "closed", "debug")
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.security, settings.smtp.password) == (465, "tls", "p@ss")
    assert not settings.has_outbox
    assert not settings.smtp_is_saved


def test_the_command_line_comes_first(tmp_path: Path) -> None:
    environ = {"AURORA_PORT": "1", "AURORA_DATA": "/elsewhere", "AURORA_HOST": "127.0.0.2"}
    settings = read_settings(environ, 2, tmp_path, "127.0.0.3")
    assert (settings.port, settings.data, settings.host) == (2, tmp_path, "127.0.0.3")
    assert read_settings({**environ, "AURORA_DATA": str(tmp_path)}).port == 1
    assert data_folder(environ) == Path("/elsewhere")


@pytest.mark.parametrize(
    ("system", "environ", "expected"),
    [
        ("linux", {"HOME": "/home/sam"}, "/home/sam/.local/share/aurora-time"),
        ("linux", {"HOME": "/home/sam", "XDG_DATA_HOME": "/data"}, "/data/aurora-time"),
        ("darwin", {"HOME": "/Users/sam"}, "/Users/sam/Library/Application Support/Aurora Time"),
        ("win32", {"HOME": "/sam"}, "/sam/AppData/Local/Aurora Time"),
    ],
)
def test_the_data_is_where_programs_of_a_system_keep_theirs(
    system: str, environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert default_data(environ) == Path(expected)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"AURORA_PORT": "-1"}, "AURORA_PORT must be a number"),
        ({"AURORA_PORT": "٣"}, "AURORA_PORT must be a number"),
        ({"AURORA_SIGNUP": "perhaps"}, "AURORA_SIGNUP must be open, invite or closed, not 'perhaps'."),
        ({"AURORA_LOG": "loud"}, "AURORA_LOG must be debug, info, warning or error, not 'loud'."),
        ({"AURORA_CANARY": "59"}, "AURORA_CANARY must be seconds from 60 to 86400, not '59'."),
        ({"AURORA_RATE_LIMIT": "-1"}, "AURORA_RATE_LIMIT must be requests a minute, 0 for no limit, not '-1'."),
        ({"AURORA_PROXY": "*"}, "AURORA_PROXY must be the address of your reverse proxy"),
        ({"AURORA_HOST": "0.0.0.0"}, "Listening on 0.0.0.0 lets others in: set AURORA_PUBLIC_URL"),
        ({"AURORA_SMTP_URL": "smtp://mail.example.org"}, "set AURORA_MAIL_FROM too"),
        ({**PUBLIC, "AURORA_MAIL_FROM": "nobody"}, "AURORA_MAIL_FROM must be like"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "https://a.example/path"}, "without a path"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "https://a.example:99999"}, "AURORA_PUBLIC_URL must be like"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "https://me@a.example"}, "AURORA_PUBLIC_URL must be like"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "https://a.example?x=1"}, "AURORA_PUBLIC_URL must be like"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "ftp://a.example"}, "AURORA_PUBLIC_URL must be like"),
        ({**PUBLIC, "AURORA_PUBLIC_URL": "http://a.example"}, "http://a.example is not https"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(environ: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(environ, data=tmp_path)
    assert words in str(raised.value)
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    "url",
    ["smtp://sam:s3cret@[broken", "smtp://sam:s3cret@host:port", "http://sam:s3cret@host", "smtp://", "smtp://h?x"],
)
def test_a_wrong_mail_address_never_repeats_the_password(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        smtp_from_url(url, "a@example.org")
    assert "AURORA_SMTP_URL must be like" in str(raised.value)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://h.example", 587, "starttls"),
        ("smtp://h.example:25?security=none", 25, "none"),
        ("smtps://h.example", 465, "tls"),
    ],
)
def test_the_scheme_says_how_mails_are_kept_from_being_read(url: str, port: int, security: str) -> None:
    smtp = smtp_from_url(url, "a@example.org")
    assert (smtp.port, smtp.security) == (port, security)


def test_a_mail_server_of_the_form_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    assert saved_mail(tmp_path) is None
    save_mail(tmp_path, MAIL)
    assert (tmp_path / "mail.json").stat().st_mode & 0o777 == 0o600
    settings = read_settings({}, data=tmp_path)
    assert settings.smtp == MAIL.smtp()
    assert settings.smtp_is_saved
    assert not settings.has_outbox


@pytest.mark.parametrize("text", ["{", "{}", '{"host":"h","port":25,"security":"none","sender":"nobody"}'])
def test_a_mail_server_that_cannot_be_read_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "mail.json").write_text(text)
    with pytest.raises(SettingsError, match=r"mail\.json cannot be read .*; mend it, or delete it to start anew\."):
        read_settings({}, data=tmp_path)
    (tmp_path / "mail.json").unlink()
    (tmp_path / "mail.json").mkdir()
    with pytest.raises(SettingsError, match="Is a directory"):
        read_settings({}, data=tmp_path)


def test_loopback_is_told_from_names_that_only_look_like_it() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.8.8.8", "::1")] == [True] * 3
    assert [is_loopback(host) for host in ("127.0.0.1.example.org", "0.0.0.0", "10.0.0.1")] == [False] * 3
