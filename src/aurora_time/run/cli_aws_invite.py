"""``aurora aws invite``: lets an address into a home on AWS, and tells its owner by mail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aurora_time.run.cli_aws import Env, Region, Which, home

if TYPE_CHECKING:
    from aurora_time.adapters.aws_home import AwsHome
    from aurora_time.mail.wording import Locale
    from aurora_time.operations.services import Services

_APP: Final = "/app/"


def invite(
    email: Annotated[str, typer.Argument(help="Whose address may make an account, within a week.")],
    locale: Annotated[str, typer.Option(help="The language of the mail: en or vi.")] = "en",
    env: Which = Env.prod,
    region: Region = None,
) -> None:
    """Let one address make an account in a home on AWS, and tell its owner by mail."""
    import asyncio

    from aurora_time.mail.wording import locale_of
    from aurora_time.run.cli_show import good
    from aurora_time.run.mail_address import check_address

    check_address(email)
    with home(env, region) as asked:
        where, not_mailed = asyncio.run(let_in(asked, email, locale_of(locale)))
    good(f"{email} may sign up at {where} within a week.")
    if not_mailed:
        print(f"No mail could be sent ({not_mailed}): tell them yourself.")


async def let_in(asked: AwsHome, email: str, locale: Locale) -> tuple[str, str]:
    """Where they sign up, and why there was no mail, if so. Raises OperatorError."""
    from aurora_time.mail.account import Addressee
    from aurora_time.mail.security import invitation_mail
    from aurora_time.operations import admitting
    from aurora_time.ports import MailRefusedError, MailUnavailableError
    from aurora_time.run.control import OperatorError

    told = asked.told()
    if told.get("AURORA_SIGNUP") == "closed":
        raise OperatorError('Sign-up is closed, also for who is invited: say signup = "invite" in deploy.toml.')
    public_url = told["AURORA_PUBLIC_URL"]
    host, where = public_url.partition("://")[2], f"{public_url}{_APP}"
    async with services_of(asked, told) as services:
        if not await admitting.invite(services, email):
            raise OperatorError(f"{email} has an account already; a lost password is replaced where one signs in.")
        to = Addressee(email, locale, f"<{services.ids.new()}@{host}>")
        try:
            await services.mailer.send(invitation_mail(to, host, where, admitting.INVITED_DAYS * 24 * 60))
        except (MailRefusedError, MailUnavailableError) as error:
            return where, str(error)
    return where, ""


@asynccontextmanager
async def services_of(asked: AwsHome, told: Mapping[str, str]) -> AsyncIterator[Services]:
    """As its functions have them, by what they are told."""
    from aurora_time.operations.services import Services, Writers
    from aurora_time.run.world import RandomIds, SystemClock

    clock = SystemClock()
    table, mailer = asked.table(told["AURORA_TABLE"].removeprefix("dynamodb:"), clock), asked.mailer(told, clock)
    issuer, public_url = told.get("AURORA_ISSUER", ""), told["AURORA_PUBLIC_URL"]
    try:
        yield Services(table, mailer, clock, RandomIds(), Writers(), issuer, public_url)
    finally:
        await table.close()
