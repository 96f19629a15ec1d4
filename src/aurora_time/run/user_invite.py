"""``aurora user invite``: a link with which one address may sign up, mailed and printed."""

from __future__ import annotations

import msgspec

from aurora_time.identity import invitations, mails
from aurora_time.operations.people import LANGUAGES
from aurora_time.ports import MailRefusedError, MailUnavailableError
from aurora_time.run.control import OperatorError
from aurora_time.run.mail_address import check_address
from aurora_time.run.wiring import Home


class NewInvitation(msgspec.Struct, frozen=True):
    """What the operator asks for."""

    email: str
    locale: str


class Invited(msgspec.Struct, frozen=True, rename="camel"):
    """The link, for how many days it is good, and why it could not be mailed, if so."""

    link: str
    days: int
    not_mailed: str = ""


async def invite_user(home: Home, new: NewInvitation) -> Invited:
    """Raises OperatorError, UnavailableError."""
    _check(home, new)
    link = await invitations.invite(home.provider, new.email)
    if link is None:
        raise OperatorError(f"{new.email} has an account already; a lost password is replaced at /password/forgot.")
    not_mailed = ""
    try:
        await mails.send_invitation(home.provider, new.email, new.locale, link, invitations.DAYS * 24 * 60)
    except (MailRefusedError, MailUnavailableError) as error:
        not_mailed = str(error)
    return Invited(link, invitations.DAYS, not_mailed)


def _check(home: Home, new: NewInvitation) -> None:
    if home.settings.issuer is not None:
        raise OperatorError(f"Accounts come from {home.settings.issuer.url}; invite {new.email} there.")
    if home.provider.signup == "closed":
        raise OperatorError(
            "Sign-up is closed, also for who is invited: set AURORA_SIGNUP=invite, or make the account with "
            "`aurora user add`."
        )
    check_address(new.email)
    if new.locale not in LANGUAGES:
        raise OperatorError(f"--locale must be one of {', '.join(LANGUAGES)}, not {new.locale!r}.")
