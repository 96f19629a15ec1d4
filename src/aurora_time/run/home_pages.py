"""What the pages of a home are given: the provider's sign-in, the outbox, and the mail settings form."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Final, Literal

from starlette.requests import Request

from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.adapters.smtp import SmtpMailer
from aurora_time.identity.browser import browser_secret
from aurora_time.identity.credentials import Attempt, sign_in
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.provider import Provider, csrf_ok, current_session
from aurora_time.identity.sessions import begun
from aurora_time.identity.visitor import network_of, wished_languages
from aurora_time.identity.words import language_of
from aurora_time.mail.wording import Locale
from aurora_time.operations.people import find_person_id
from aurora_time.operations.services import Services
from aurora_time.pages.context import FailedMail, MailServer, MailSetup, Pages, StrangerLimits, Visitor
from aurora_time.ports import Clock, ConflictError, Mail, Mailer, MailRefusedError, MailUnavailableError
from aurora_time.run.settings import SavedMail, Settings, SettingsError, save_mail, saved_mail

_PATIENCE: Final = 10.0
"""Seconds for which a mail server is tried."""


def make_pages(settings: Settings, services: Services, provider: Provider, mailer: Mailer, *, has_app: bool) -> Pages:
    async def session(request: Request) -> Visitor | None:
        found = await current_session(provider, request)
        person_id = await find_person_id(services, services.issuer, found.subject) if found else None
        return Visitor(person_id, found.csrf, found.id) if found and person_id else None

    async def foreign_session(request: Request) -> Visitor | None:
        found = await begun(provider, request)
        return Visitor(found.owner, found.csrf, found.id) if found else None

    own = settings.issuer is None
    return Pages(
        services=services,
        session=session if own else foreign_session,
        csrf_ok=partial(csrf_ok, provider),
        language=_language,
        network=network_of,
        limits=StrangerLimits.of(settings.rate_limit, services.clock),
        is_local=settings.is_local,
        signup_open=own and provider.signup == "open",
        outbox=mailer if isinstance(mailer, OutboxMailer) and settings.has_outbox else None,
        mail_setup=_mail_setup(settings, services.clock, mailer),
        password_check=partial(_check_password, provider) if own else None,
        has_app=has_app,
    )


async def _check_password(
    provider: Provider, request: Request, email: str, password: str
) -> Literal["right", "wrong", "later"]:
    attempt = Attempt(email, password, network_of(request), browser_secret(provider, request))
    try:
        found = await sign_in(provider, attempt)
    except (SlowDownError, ConflictError):
        return "later"
    return "right" if found else "wrong"


def _language(request: Request) -> Locale:
    return language_of(wished_languages(request))


def _mail_setup(settings: Settings, clock: Clock, mailer: Mailer) -> MailSetup | None:
    if not settings.has_mail_form:
        return None
    failed = partial(failed_mail, mailer)
    return MailSetup(partial(_saved, settings), partial(_save, settings), partial(_test, clock), failed)


def failed_mail(mailer: Mailer) -> FailedMail | None:
    """The last mail, if it did not reach the mail server."""
    failed = mailer.failed if isinstance(mailer, SmtpMailer) else None
    return FailedMail(*failed) if failed else None


def _saved(settings: Settings) -> MailServer | None:
    """What is saved; a file that cannot be read is as good as none, since saving anew mends it."""
    try:
        saved = saved_mail(settings.data)
    except SettingsError:
        return None
    if saved is None:
        return None
    return MailServer(saved.host, saved.port, saved.security, saved.sender, saved.username, saved.password)


def _settings(server: MailServer) -> SavedMail:
    return SavedMail(server.host, server.port, server.security, server.sender, server.username, server.password)


def _save(settings: Settings, server: MailServer) -> None:
    """Raises OSError, ValueError for a sender that is no address."""
    saved = _settings(server)
    saved.smtp()
    save_mail(settings.data, saved)


async def _test(clock: Clock, server: MailServer, mail: Mail | None) -> str | None:
    """What `aurora doctor` looks at, while somebody waits. Raises ValueError for a sender that is no address."""
    mailer = SmtpMailer(dataclasses.replace(_settings(server).smtp(), connections=1, timeout=_PATIENCE), clock)
    try:
        reason = await mailer.check()
        if reason is None and mail is not None:
            await mailer.send(mail)
    except (MailRefusedError, MailUnavailableError) as error:
        return str(error)
    finally:
        await mailer.close()
    return reason
