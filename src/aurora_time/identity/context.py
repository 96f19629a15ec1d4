"""What every part of the provider works with: the world's ports, the policy, and the shape of an account."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeVar

from jinja2 import Environment

from aurora_time.http.page import environment
from aurora_time.http.web_app import AT as APP
from aurora_time.identity.clients import Client
from aurora_time.identity.passwords import Passwords
from aurora_time.identity.signing import SigningKeys
from aurora_time.ports import Change, Clock, Ids, Key, Mailer, Put, Table
from aurora_time.store.codec import decode, encode

T = TypeVar("T")

API_SCOPES: Final = tuple(
    f"{noun}:{verb}" for noun in ("events", "calendars", "reminders", "account") for verb in ("read", "write")
)
OPENID_SCOPES: Final = ("openid", "email", "profile", "offline_access")


@dataclass(frozen=True, slots=True)
class Account:
    """Who signed up. ``time_zone`` is an IANA name, ``locale`` a language tag such as ``vi-VN``."""

    subject: str
    email: str
    name: str
    time_zone: str
    locale: str


EmailChange = Callable[[Account, str, list[Change]], Awaitable[None]]


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider; ``issuer`` is its public URL without a slash at the end.

    ``on_confirmed`` is called at least once for each new account (again, if a crash may have cut it off);
    ``notice`` with (email, code) at every sign-up, for a home that has no SMTP yet. ``on_email_change``
    writes our changes with the product's own for (account, new address), or raises ConflictError. ``has_app``:
    whoever came for a setting came from the web app, and is led back there.
    """

    table: Table
    mailer: Mailer
    clock: Clock
    ids: Ids
    issuer: str
    on_confirmed: Callable[[Account], Awaitable[None]]
    notice: Callable[[str, str], None]
    signup: Literal["open", "invite", "closed"] = "open"
    clients: tuple[Client, ...] = ()
    scopes: tuple[str, ...] = API_SCOPES
    outbox_url: str | None = None
    on_email_change: EmailChange | None = None
    has_app: bool = False

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords()

    @cached_property
    def keys(self) -> SigningKeys:
        return SigningKeys(self.table, self.ids, self.clock)

    @cached_property
    def templates(self) -> Environment:
        return environment(Path(__file__).parent / "templates")

    @property
    def audience(self) -> str:
        """Whom access tokens are for."""
        return f"{self.issuer}/v1"

    @property
    def secure(self) -> bool:
        """Whether cookies may be held to https."""
        return self.issuer.startswith("https:")

    def settings(self, part: str, plain: str = "") -> str:
        """Where a part of the settings is: in the app, or on a plain page."""
        return f"{APP}settings/{part}" if self.has_app else f"/settings{plain}"

    def client(self, client_id: str) -> Client | None:
        return next((client for client in self.clients if client.client_id == client_id), None)

    def put(self, key: Key, value: object, expect: str | None, expires: float | None = None) -> Put:
        """A change that stores a value in a new version; ``expires`` in seconds since the epoch."""
        until = None if expires is None else int(expires)
        return Put(key, encode(value), self.ids.new(), expect, until)

    async def load(self, key: Key, type_: type[T]) -> tuple[T, str] | None:
        """A value and its version."""
        (item,) = await self.table.get(key)
        return None if item is None else (decode(item.body, type_), item.version)


def hashed(secret: str) -> str:
    """A secret of 160 random bits needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
