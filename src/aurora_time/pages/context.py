"""What the pages are given: the services, who is signed in, and what only a home on loopback has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from jinja2 import Environment
from starlette.requests import Request

from aurora_time.http.page import environment
from aurora_time.http.rate_limit import RateLimit
from aurora_time.mail.wording import Locale
from aurora_time.operations.services import Services
from aurora_time.ports import Clock, Mail

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in in this browser. ``csrf`` is the token that forms made for this sign-in carry."""

    person_id: str
    csrf: str
    session_id: str = ""


class OutboxMessage(Protocol):
    """A mail in the outbox; ``date`` is in seconds since the epoch."""

    @property
    def id(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def date(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...


class OutboxReader(Protocol):
    async def messages(self, limit: int) -> Sequence[OutboxMessage]:
        """The newest first."""
        ...

    async def read(self, message_id: str) -> OutboxMessage | None:
        """None if there is no such mail."""
        ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """What the mail form asks for."""

    host: str
    port: int
    security: Security
    sender: str
    username: str = ""
    password: str = ""


class FailedMail(NamedTuple):
    """The last mail, which did not go out: when (seconds since the epoch), and why, in one sentence."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class MailSetup:
    """How the mail form reads, tries and keeps its settings.

    ``saved`` and ``save`` are called in a worker thread; ``save`` may raise OSError. ``test`` sends a mail through
    a server, or without one only signs in, and answers one sentence about what is in the way, None if there is nothing.
    Both raise ValueError for a sender that is no address. ``failed``: None while mails go out.
    """

    saved: Callable[[], MailServer | None]
    save: Callable[[MailServer], None]
    test: Callable[[MailServer, Mail | None], Awaitable[str | None]]
    failed: Callable[[], FailedMail | None]


@dataclass(frozen=True, slots=True)
class StrangerLimits:
    """How often booking pages may be asked for, from one network and of one schedule. It is kept in this process, so
    that looking at a page writes nothing.
    """

    of_network: RateLimit
    of_schedule: RateLimit

    @classmethod
    def of(cls, quota: int, clock: Clock) -> StrangerLimits:
        """``quota``: requests a minute that somebody signed in may make; 0 is no limit."""
        return cls(RateLimit(-(-quota // 10), clock), RateLimit(-(-quota // 2), clock))


PasswordCheck = Callable[[Request, str, str], Awaitable[Literal["right", "wrong", "later"]]]
"""Whether a password, by the request, is that of the address; later: after so many tries it is not looked at now."""


@dataclass(frozen=True)
class Pages:
    """Everything that the pages work with.

    ``is_local``: this home is bound to loopback and reached by nothing but loopback. ``outbox`` and ``mail_setup``
    are None where there is none. ``password_check`` is None where another issuer knows the passwords. ``language`` is
    the browser's, for those who are not signed in; ``network`` says from where a request comes, as coarsely as
    strangers are counted, and ``limits`` how often they may ask.
    """

    services: Services
    session: Callable[[Request], Awaitable[Visitor | None]]
    csrf_ok: Callable[[Request, str], bool]
    language: Callable[[Request], Locale]
    network: Callable[[Request], str]
    limits: StrangerLimits
    is_local: bool = False
    signup_open: bool = True
    outbox: OutboxReader | None = None
    mail_setup: MailSetup | None = None
    password_check: PasswordCheck | None = None
    has_app: bool = False

    @property
    def public_url(self) -> str:
        return self.services.public_url

    @cached_property
    def templates(self) -> Environment:
        return environment(Path(__file__).parent / "templates")
