"""The mails of the provider, in the language of the page or of the account."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import structlog

from aurora_time.identity.context import Account, Provider
from aurora_time.mail.account import (
    Addressee,
    already_registered_mail,
    code_mail,
    password_changed_mail,
    reset_mail,
)
from aurora_time.mail.security import Happened, address_taken_mail, happened_mail, invitation_mail, new_address_mail
from aurora_time.mail.wording import Wall, locale_of
from aurora_time.ports import MailRefusedError, MailUnavailableError

_LOG = structlog.get_logger()


def _to(provider: Provider, address: str, locale: str) -> Addressee:
    host = urlsplit(provider.issuer).hostname or "localhost"
    return Addressee(address, locale_of(locale), f"<{provider.ids.new()}@{host}>")


async def send_code(provider: Provider, account: Account, code: str, minutes: int) -> None:
    """Raises MailRefusedError, MailUnavailableError; so do all here."""
    await provider.mailer.send(code_mail(_to(provider, account.email, account.locale), code, minutes))


async def send_already_registered(provider: Provider, address: str, locale: str) -> None:
    login, forgot = f"{provider.issuer}/login", f"{provider.issuer}/password/forgot"
    await provider.mailer.send(already_registered_mail(_to(provider, address, locale), login, forgot))


async def send_reset(provider: Provider, account: Account, token: str, minutes: int) -> None:
    url = f"{provider.issuer}/password/reset?token={quote(token)}"
    await provider.mailer.send(reset_mail(_to(provider, account.email, account.locale), "", minutes, url))


async def send_password_changed(provider: Provider, account: Account) -> None:
    forgot = f"{provider.issuer}/password/forgot"
    to = _to(provider, account.email, account.locale)
    await provider.mailer.send(password_changed_mail(to, _now(provider, account), forgot))


def _now(provider: Provider, account: Account) -> Wall:
    """The present on the wall of the account's zone."""
    local = datetime.fromtimestamp(provider.clock.now(), ZoneInfo(account.time_zone))
    offset = local.utcoffset()
    assert offset is not None
    return Wall(int(local.timestamp() + offset.total_seconds()), account.time_zone)


async def tell(provider: Provider, account: Account, happened: Happened, what: str = "") -> None:
    """Tell the owner of what was changed; the change stands, with or without its mail, so this raises nothing."""
    to, forgot = _to(provider, account.email, account.locale), f"{provider.issuer}/password/forgot"
    mail = happened_mail(to, happened, _now(provider, account), what=what, reset_url=forgot)
    try:
        await provider.mailer.send(mail)
    except (MailRefusedError, MailUnavailableError) as error:
        _LOG.warning("a notice could not be sent", notice=happened, subject=account.subject, reason=str(error))


async def send_new_address(provider: Provider, account: Account, code: str, minutes: int) -> None:
    """``account`` has the new address already."""
    await provider.mailer.send(new_address_mail(_to(provider, account.email, account.locale), code, minutes))


async def send_address_taken(provider: Provider, address: str, locale: str) -> None:
    await provider.mailer.send(address_taken_mail(_to(provider, address, locale), f"{provider.issuer}/login"))


async def send_invitation(provider: Provider, address: str, locale: str, url: str, minutes: int) -> None:
    host = urlsplit(provider.issuer).hostname or ""
    await provider.mailer.send(invitation_mail(_to(provider, address, locale), host, url, minutes))
