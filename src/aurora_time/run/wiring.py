"""Everything put together, in one short file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Router

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.api import ENDPOINTS
from aurora_time.api.authentication import authenticator
from aurora_time.api.errors import TYPED_ERRORS, translate
from aurora_time.domain.zones import modern
from aurora_time.http.dispatch import Wired
from aurora_time.http.endpoint import Endpoint, Need
from aurora_time.http.guard import GuardedTable
from aurora_time.http.page import static_route
from aurora_time.identity.provider import Account, Client, Provider, verifier
from aurora_time.identity.provider import routes as identity_routes
from aurora_time.mail.wording import locale_of
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person
from aurora_time.operations.services import Services, Writers
from aurora_time.pages.at_home import OneHost
from aurora_time.pages.routes import broken, not_found
from aurora_time.pages.routes import routes as page_routes
from aurora_time.ports import Clock, Ids, Table, TokenVerifier
from aurora_time.run.asgi import LastCarrier, api_routes
from aurora_time.run.home_pages import make_pages
from aurora_time.run.openapi import get_openapi
from aurora_time.run.reminder_loop import Bell
from aurora_time.run.settings import Settings, SettingsError

EMBEDDED: Final = "embedded"
"""Under this name the embedded provider's subjects are known, so that a home may change its address."""

OUTBOX_SENDER: Final = "Aurora Time <aurora@localhost>"
CLI_CLIENT: Final = Client("aurora-cli", ("http://127.0.0.1/callback",), native=True, name="Aurora CLI")


@dataclass(frozen=True, slots=True)
class Home:
    """A running one-machine home."""

    settings: Settings
    public_url: str
    table: SqliteTable
    mailer: SmtpMailer | OutboxMailer
    services: Services
    provider: Provider
    bell: Bell

    async def close(self) -> None:
        await self.mailer.close()
        await self.table.close()


def make_mailer(settings: Settings, clock: Clock) -> SmtpMailer | OutboxMailer:
    if settings.smtp is not None:
        return SmtpMailer(settings.smtp, clock)
    return OutboxMailer(settings.outbox, OUTBOX_SENDER, clock)


def print_code(email: str, code: str) -> None:
    """The sign-up code in the terminal, where no mail server is set."""
    print(f"  Sign-up code for {email}: {code}", flush=True)


def make_home(settings: Settings, public_url: str, clock: Clock, ids: Ids) -> Home:
    """Open the data and put the parts together. Raises SettingsError, StorageError."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The data folder {settings.data} cannot be made: {error.strerror}.") from None
    table = SqliteTable.open(settings.database, clock)
    mailer = make_mailer(settings, clock)
    bell = Bell(clock)
    services = Services(table, mailer, clock, ids, Writers(), EMBEDDED, public_url, bell.nudge)

    async def on_confirmed(account: Account) -> None:
        new = NewPerson(account.email, account.name, modern(account.time_zone), locale_of(account.locale))
        await ensure_person(services, EMBEDDED, account.subject, new)

    provider = Provider(
        table=table,
        mailer=mailer,
        clock=clock,
        ids=ids,
        issuer=public_url,
        on_confirmed=on_confirmed,
        notice=print_code if settings.has_outbox else lambda _email, _code: None,
        signup=settings.signup or "open",
        clients=(CLI_CLIENT,),
        scopes=SCOPES,
        outbox_url=f"{public_url}/outbox" if settings.has_outbox else None,
    )
    return Home(settings, public_url, table, mailer, services, provider, bell)


def guarded(services: Services, endpoint: Endpoint) -> tuple[Services, set[Need]]:
    """The services with a table that holds the endpoint to its declaration, and what it really uses."""
    used: set[Need] = set()
    table: Table = GuardedTable(services.table, endpoint.needs, used)
    return dataclasses.replace(services, table=table), used


def wire(services: Services, verify: TokenVerifier) -> list[Wired]:
    """Every declared endpoint with its guarded services."""
    authenticate = authenticator(services, verify)
    result = []
    for each in (*ENDPOINTS, get_openapi):
        own, used = guarded(services, each)
        result.append(Wired(each, own, authenticate, translate, TYPED_ERRORS, used))
    return result


def home_routes(home: Home) -> list[BaseRoute]:
    """The routes of everything a home serves."""
    pages = make_pages(home.settings, home.services, home.provider, home.mailer)
    default = not_found(pages)
    around = [Middleware(LastCarrier, new_id=home.services.ids.new, broken=broken(pages))]
    if home.settings.is_local:
        around.append(Middleware(OneHost, public_url=home.public_url))
    own = [*identity_routes(home.provider), *page_routes(pages)]
    return [
        *api_routes(wire(home.services, verifier(home.provider)), home.services.ids.new),
        static_route(),
        Mount("", Router(own, redirect_slashes=False, default=default), middleware=around),
    ]
