"""Everything put together, in one short file."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Router

from aurora_time.adapters.oidc import OidcIssuer
from aurora_time.adapters.outbox import KEPT, OutboxMailer
from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.api import ENDPOINTS
from aurora_time.api.authentication import Find, authenticator
from aurora_time.domain.zones import modern
from aurora_time.http.dispatch import Wired
from aurora_time.http.page import static_route
from aurora_time.http.rate_limit import RateLimit
from aurora_time.http.web_app import FOLDER
from aurora_time.identity.provider import Account, Client, Provider, verifier
from aurora_time.identity.provider import routes as identity_routes
from aurora_time.identity.relying import routes as relying_routes
from aurora_time.mail.wording import locale_of
from aurora_time.operations.people import SCOPES, NewPerson, ensure_person, move_person
from aurora_time.operations.services import Services, Writers
from aurora_time.operations.suppression import CarefulMailer
from aurora_time.pages.at_home import OneHost
from aurora_time.pages.public import broken, not_found
from aurora_time.pages.routes import routes as page_routes
from aurora_time.ports import Change, Clock, Ids, Table, TokenVerifier
from aurora_time.run.asgi import LastCarrier, api_routes
from aurora_time.run.endpoints import wire_some
from aurora_time.run.gate import Gate, GatedTable
from aurora_time.run.home_pages import failed_mail, make_pages
from aurora_time.run.live import Live
from aurora_time.run.metering import make_meter
from aurora_time.run.openapi import get_openapi
from aurora_time.run.other_issuer import Door, relying
from aurora_time.run.reminder_loop import Bell
from aurora_time.run.settings import Settings, SettingsError
from aurora_time.run.sign_in_desk import CLIENT_ID as CLI_CLIENT_ID
from aurora_time.run.tables import HomeTable, open_table
from aurora_time.run.web_app import has_web_app, web_app_routes, web_client
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED, SubjectName

OUTBOX_SENDER: Final = "Aurora Time <aurora@localhost>"
CLI_CLIENT: Final = Client(CLI_CLIENT_ID, ("http://127.0.0.1/callback",), native=True, name="Aurora CLI")


@dataclass(frozen=True, slots=True)
class Home:
    """A home that runs in one process. ``door``: where another issuer, not our provider, says who somebody is.

    ``gate``: where others reach the data, too, what tells that it is being moved.
    """

    settings: Settings
    public_url: str
    table: HomeTable
    mailer: SmtpMailer | OutboxMailer
    services: Services
    provider: Provider
    bell: Bell
    live: Live
    door: Door | None = None
    gate: Gate | None = None
    web_app: Path = FOLDER

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


async def scrub_home(table: HomeTable, mailer: SmtpMailer | OutboxMailer) -> bool:
    """Leave no trace of what was deleted, nor a mail to somebody who is nobody here (any more)."""
    if isinstance(mailer, OutboxMailer):
        for message in await mailer.messages(KEPT):
            if (await table.get(keys.email(parseaddr(message.to)[1]))) == [None]:
                with suppress(OSError):
                    await mailer.delete(message.id)
    return await table.scrub()


def make_home(settings: Settings, public_url: str, clock: Clock, ids: Ids, web_app: Path = FOLDER) -> Home:
    """Open the data and put the parts together; ``web_app`` is the folder of the built app, if it is built.

    Raises SettingsError, StorageError.
    """
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The data folder {settings.data} cannot be made: {error.strerror}.") from None
    table = open_table(settings, clock)
    gate = Gate(table) if settings.table else None
    gated: Table = GatedTable(table, gate) if gate else table
    mailer = make_mailer(settings, clock)
    bell = Bell(clock)
    known_as = settings.issuer.url if settings.issuer else EMBEDDED
    meter = make_meter(settings, table)
    scrub = partial(scrub_home, table, mailer)
    bare = Services(gated, mailer, clock, ids, Writers(), known_as, public_url, bell.nudge, scrub, meter)
    services = dataclasses.replace(bare, mailer=CarefulMailer(bare), canary_every=settings.canary_every)

    async def on_confirmed(account: Account) -> None:
        new = NewPerson(account.email, account.name, modern(account.time_zone), locale_of(account.locale))
        await ensure_person(services, EMBEDDED, account.subject, new)

    async def on_email_change(account: Account, email: str, changes: list[Change]) -> None:
        await move_person(services, SubjectName(EMBEDDED, account.subject), email, *changes)

    provider = Provider(
        table=gated,
        mailer=services.mailer,
        clock=clock,
        ids=ids,
        issuer=public_url,
        on_confirmed=on_confirmed,
        notice=print_code if settings.has_outbox else lambda _email, _code: None,
        signup=settings.signup or "open",
        clients=(CLI_CLIENT, web_client(public_url)),
        scopes=SCOPES,
        outbox_url=f"{public_url}/outbox" if settings.has_outbox else None,
        on_email_change=on_email_change,
        has_app=has_web_app(web_app),
    )
    door = None
    if settings.issuer is not None:
        door = Door(services, OidcIssuer(settings.issuer, clock), takes_new=settings.signup in (None, "open"))
    live = Live(services, authenticator(services, *_verifying(provider, door)))
    return Home(settings, public_url, table, mailer, services, provider, bell, live, door, gate, web_app)


def _verifying(provider: Provider, door: Door | None) -> tuple[TokenVerifier, Find | None]:
    """Who verifies access tokens, and who is found by them."""
    return (verifier(provider), None) if door is None else (door.issuer, door.by_token)


def wire(
    services: Services, verify: TokenVerifier, find: Find | None = None, limit: RateLimit | None = None
) -> list[Wired]:
    """Every declared endpoint with its guarded services."""
    return wire_some((*ENDPOINTS, get_openapi), services, authenticator(services, verify, find), limit)


def home_routes(home: Home) -> list[BaseRoute]:
    """The routes of everything a home serves."""
    has_app = has_web_app(home.web_app)
    pages = make_pages(home.settings, home.services, home.provider, home.mailer, has_app=has_app)
    limit = RateLimit(home.settings.rate_limit, home.services.clock)
    wired = wire(home.services, *_verifying(home.provider, home.door), limit)
    door = home.door
    sign_in = relying_routes(relying(door, home.provider)) if door else identity_routes(home.provider)
    default = not_found(pages)
    around = [Middleware(LastCarrier, new_id=home.services.ids.new, broken=broken(pages))]
    if home.settings.is_local:
        around.append(Middleware(OneHost, public_url=home.public_url))
    own = [*sign_in, *page_routes(pages)]
    return [
        *api_routes(wired, home.services.ids.new, home.services.meter),
        home.live.route(),
        static_route(),
        *web_app_routes(home.settings, home.public_url, home.web_app, partial(failed_mail, home.mailer)),
        Mount("", Router(own, redirect_slashes=False, default=default), middleware=around),
    ]
