"""The mails of the provider, in the language of the page or of the account."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from aurora_time.identity.context import Account, Provider
from aurora_time.mail.account import (
    Addressee,
    already_registered_mail,
    code_mail,
    password_changed_mail,
    reset_mail,
)
from aurora_time.mail.wording import Wall, locale_of


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
    local = datetime.fromtimestamp(provider.clock.now(), ZoneInfo(account.time_zone))
    offset = local.utcoffset()
    assert offset is not None
    at = Wall(int(local.timestamp() + offset.total_seconds()), account.time_zone)
    forgot = f"{provider.issuer}/password/forgot"
    await provider.mailer.send(password_changed_mail(_to(provider, account.email, account.locale), at, forgot))
