"""Settings: nothing needs to be set; what is comes from the environment (AURORA_*) or the command line.

Mail settings may also have been saved by the settings form, in ``mail.json`` in the data folder.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from aurora_time.adapters.oidc import IssuerSettings
from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.run.addresses import host_of, is_loopback

DEFAULT_PORT: Final = 8765
DEFAULT_URL: Final = f"http://127.0.0.1:{DEFAULT_PORT}"
"""Where a home is found when nothing is set, as far as one can tell while it is stopped."""
DEFAULT_RATE_LIMIT: Final = 1_200
CANARY_EVERY: Final = 60
CANARY_EVERY_BY_USE: Final = 900
"""Seconds where the table is paid for by use: one a minute would cost 16 cents a month, more than an idle home may."""
_TABLE_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{3,255}")
Signup = Literal["open", "invite", "closed"]
LogLevel = Literal["debug", "info", "warning", "error"]


class SettingsError(Exception):
    """The message is one sentence that says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this home runs. ``port`` None: the default, or the next free one. ``signup`` None: the policy is not set.

    ``smtp_is_saved``: the mail server is that of the settings form, not of the environment. ``proxies``: addresses and
    networks of the reverse proxies whose word for the client's address counts. ``issuer``: who says who somebody is,
    in the place of the embedded provider. ``rate_limit``: requests a minute that a person may make, 0 for any number.
    ``metrics_token``: what a scraper of /metrics has to show. ``table``: the DynamoDB table that holds the data, None
    for a file in the data folder; ``creates_table``: make it if it is not there. ``canary_every``: seconds from one
    canary to the next.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int | None = None
    public_url: str | None = None
    smtp: SmtpSettings | None = None
    signup: Signup | None = None
    smtp_is_saved: bool = False
    proxies: tuple[str, ...] = ()
    log: LogLevel = "info"
    issuer: IssuerSettings | None = None
    rate_limit: int = DEFAULT_RATE_LIMIT
    metrics_token: str | None = None
    table: str | None = None
    creates_table: bool = False
    canary_every: int = CANARY_EVERY

    @property
    def database(self) -> Path:
        return self.data / "aurora.sqlite"

    @property
    def place(self) -> str:
        """Where the data is, for people."""
        return f"the data in {self.data}" if self.table is None else f"the DynamoDB table {self.table!r}"

    @property
    def outbox(self) -> Path:
        return self.data / "outbox"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def is_local(self) -> bool:
        """Bound to loopback, and reached by nothing but a loopback address."""
        return is_loopback(self.host) and (self.public_url is None or is_loopback(host_of(self.public_url)))

    @property
    def has_outbox(self) -> bool:
        """Whether mails stay here, for their owner to read: only at home, and only while no mail server is set."""
        return self.smtp is None and self.is_local

    @property
    def has_mail_form(self) -> bool:
        """Whether the mail server is set by a form: not where the environment says which, or others could change it."""
        return self.is_local and (self.smtp is None or self.smtp_is_saved)


class SavedMail(msgspec.Struct, frozen=True):
    """What the settings form saves."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    sender: str
    username: str = ""
    password: str = ""

    def smtp(self) -> SmtpSettings:
        return SmtpSettings(self.host, self.port, self.security, self.sender, self.username, self.password)


def default_data(environ: Mapping[str, str]) -> Path:
    """Where a user's programs keep their data: outside of the checkout, and not lost with it."""
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Aurora Time"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Aurora Time"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "aurora-time"


def smtp_from_url(url: str, sender: str) -> SmtpSettings:
    """``smtps://user:password@host:465`` or ``smtp://user:password@host:587`` (STARTTLS; ``?security=none`` without).

    Raises SettingsError, whose message does not repeat the password.
    """
    split, port = _split(url)
    if split is None or split.scheme not in ("smtp", "smtps") or split.query not in ("", "security=none"):
        raise SettingsError(
            "AURORA_SMTP_URL must be like smtp://user:password@mail.example.org:587 or smtps://...:465; "
            "write :/?#[]@% in a password as %3A and so on."
        )
    wanted = "none" if split.query == "security=none" else "tls" if split.scheme == "smtps" else "starttls"
    try:
        return SmtpSettings(
            split.hostname or "",
            port or (465 if wanted == "tls" else 587),
            cast("Literal['none', 'starttls', 'tls']", wanted),
            sender,
            unquote(split.username or ""),
            unquote(split.password or ""),
        )
    except ValueError as error:
        raise SettingsError(f"AURORA_MAIL_FROM must be like `Aurora Time <aurora@example.org>`: {error}.") from None


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    """A URL in its parts, and its port; None if it makes no sense or names no host."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return None, None
    return (split, port) if split.hostname else (None, None)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= 65_535:
        raise SettingsError(f"AURORA_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _rate_limit(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 1_000_000:
        raise SettingsError(f"AURORA_RATE_LIMIT must be requests a minute, 0 for no limit, not {text!r}.")
    return int(text)


def _canary(text: str | None, table: str | None) -> int:
    if not text:
        return CANARY_EVERY if table is None else CANARY_EVERY_BY_USE
    if not text.isascii() or not text.isdecimal() or not 60 <= int(text) <= 86_400:
        raise SettingsError(f"AURORA_CANARY must be seconds from 60 to 86400, not {text!r}.")
    return int(text)


def _proxies(text: str) -> tuple[str, ...]:
    """Addresses and networks, with commas between."""
    proxies = tuple(part.strip() for part in text.split(",") if part.strip())
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            raise SettingsError(
                f"AURORA_PROXY must be the address of your reverse proxy (127.0.0.1, 10.0.0.0/24), not {proxy!r}."
            ) from None
    return proxies


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str | None:
    value = environ.get(name) or None
    if value is not None and value not in choices:
        raise SettingsError(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}.")
    return value


def saved_mail(data: Path) -> SavedMail | None:
    """What the settings form saved. Raises SettingsError when it cannot be read."""
    path = data / "mail.json"
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=SavedMail)
        saved.smtp()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"{path} cannot be read ({reason}); mend it, or delete it to start anew.") from None
    return saved


def save_mail(data: Path, mail: SavedMail) -> None:
    """Keep the mail settings, readable by this user alone."""
    path, fresh = data / "mail.json", data / "mail.json.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(mail))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def data_folder(environ: Mapping[str, str], data: Path | None = None) -> Path:
    """Where the data is kept: as the command line says, else the environment, else the usual place."""
    return data or (Path(environ["AURORA_DATA"]) if environ.get("AURORA_DATA") else default_data(environ))


def table_name(environ: Mapping[str, str], table: str | None = None) -> str | None:
    """The DynamoDB table that the command line or else the environment names, None for a file. Raises SettingsError."""
    text = table or environ.get("AURORA_TABLE")
    if not text:
        return None
    engine, _, name = text.partition(":")
    if engine != "dynamodb" or not _TABLE_NAME.fullmatch(name):
        raise SettingsError(
            f"AURORA_TABLE (--table) must be like dynamodb:aurora-time, not {text!r}; "
            "a table's name has 3 to 255 letters, digits, and _.- in it."
        )
    return name


def _smtp(environ: Mapping[str, str], data: Path) -> SmtpSettings | None:
    url, sender = environ.get("AURORA_SMTP_URL"), environ.get("AURORA_MAIL_FROM")
    if not url:
        saved = saved_mail(data)
        return saved.smtp() if saved else None
    if not sender:
        raise SettingsError("AURORA_SMTP_URL is set: set AURORA_MAIL_FROM too, as `Aurora Time <aurora@example.org>`.")
    return smtp_from_url(url, sender)


def _issuer(environ: Mapping[str, str]) -> IssuerSettings | None:
    """Another OpenID issuer, if one is named."""
    url, client_id = environ.get("AURORA_ISSUER"), environ.get("AURORA_CLIENT_ID")
    if not url:
        return None
    split, _ = _split(url)
    at_home = split is not None and split.scheme == "http" and is_loopback(split.hostname or "")
    if split is None or (split.scheme != "https" and not at_home) or split.query or split.fragment:
        raise SettingsError(f"AURORA_ISSUER must be the https address that the issuer's tokens name, not {url!r}.")
    if not client_id:
        raise SettingsError("AURORA_ISSUER is set: set AURORA_CLIENT_ID to the client that was registered there.")
    audiences = (part.strip() for part in environ.get("AURORA_AUDIENCE", "").split(","))
    return IssuerSettings(
        url,
        client_id,
        environ.get("AURORA_CLIENT_SECRET", ""),
        frozenset(part for part in audiences if part),
        environ.get("AURORA_SCOPE_PREFIX", "aurora/"),
        environ.get("AURORA_CLI_CLIENT_ID", ""),
    )


def read_settings(
    environ: Mapping[str, str],
    port: int | None = None,
    data: Path | None = None,
    host: str | None = None,
    table: str | None = None,
) -> Settings:
    """From the environment, with what the command line says first. Raises SettingsError."""
    folder = data_folder(environ, data)
    if folder.is_file():
        raise SettingsError(f"The data folder {folder} is a file; name a folder with --data or AURORA_DATA.")
    if port is None and environ.get("AURORA_PORT"):
        port = _port(environ["AURORA_PORT"])
    smtp = _smtp(environ, folder)
    named = table_name(environ, table)
    settings = Settings(
        folder,
        host or environ.get("AURORA_HOST") or "127.0.0.1",
        port,
        (environ.get("AURORA_PUBLIC_URL") or "").rstrip("/") or None,
        smtp,
        cast("Signup | None", _choice(environ, "AURORA_SIGNUP", get_args(Signup))),
        smtp is not None and not environ.get("AURORA_SMTP_URL"),
        _proxies(environ.get("AURORA_PROXY", "")),
        cast("LogLevel", _choice(environ, "AURORA_LOG", get_args(LogLevel)) or "info"),
        _issuer(environ),
        _rate_limit(environ.get("AURORA_RATE_LIMIT") or str(DEFAULT_RATE_LIMIT)),
        environ.get("AURORA_METRICS_TOKEN") or None,
        named,
        canary_every=_canary(environ.get("AURORA_CANARY"), named),
    )
    check_public(settings)
    return settings


def _check_url(url: str) -> None:
    split, _ = _split(url)
    plain = split is not None and split.scheme in ("http", "https") and "@" not in split.netloc
    if split is None or not plain or split.path or split.query or split.fragment:
        raise SettingsError(f"AURORA_PUBLIC_URL must be like https://time.example.org, without a path, not {url!r}.")


def check_public(settings: Settings) -> None:
    """A home that others reach needs SMTP, HTTPS and a sign-up policy. Raises SettingsError."""
    url = settings.public_url
    if url is not None:
        _check_url(url)
    if settings.is_local:
        return
    if url is None:
        raise SettingsError(
            f"Listening on {settings.host} lets others in: set AURORA_PUBLIC_URL to the https address they use."
        )
    if urlsplit(url).scheme != "https" and not is_loopback(host_of(url)):
        raise SettingsError(
            f"{url} is not https: put a reverse proxy with a certificate before Aurora Time (docs/operator-guide.md)."
        )
    if settings.smtp is None:
        raise SettingsError(
            "Others can reach this home, so mails must reach them: set AURORA_SMTP_URL and AURORA_MAIL_FROM."
        )
    if settings.signup is None:
        raise SettingsError("Others can reach this home: set AURORA_SIGNUP to invite, open or closed.")
