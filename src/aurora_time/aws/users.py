"""What the user pool asks us: its mails in the person's language, and who has just come.

There is no trigger by which people bring their passwords from another home: a home hands on no passwords, and the pool
would show them to us. Whoever comes from one chooses a new password by a code, and is known by the verified address.
"""

from __future__ import annotations

import dataclasses
import os
from functools import cache
from typing import Final

from aurora_time.aws.carrier import Event, run
from aurora_time.aws.needs import ADMIT, WRITE
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import make_services, make_table
from aurora_time.http.guard import GuardedTable
from aurora_time.mail.account import Addressee, code_mail, reset_mail
from aurora_time.mail.wording import locale_of
from aurora_time.operations.people import ensure_person, newcomer
from aurora_time.operations.services import Services
from aurora_time.ports import Mail

_CODE_MINUTES: Final = 24 * 60
_RESET_MINUTES: Final = 60
"""For which the pool's codes are good."""
_MAILS: Final = "CustomMessage_"
_CONFIRMED: Final = "PostConfirmation_ConfirmSignUp"
_RESET: Final = "CustomMessage_ForgotPassword"
_OTHERS: Final = frozenset({"CustomMessage_AdminCreateUser", "CustomMessage_Authentication"})
"""The pool's own words stand: they hold a user name, or no mail of ours says what they do."""


def worded(event: Event) -> Mail | None:
    """The mail that the pool is about to send, in the words of the person's language; None to leave it as it is."""
    source, attributes = event["triggerSource"], event["request"]["userAttributes"]
    if not source.startswith(_MAILS) or source in _OTHERS:
        return None
    to = Addressee(attributes.get("email", ""), locale_of(attributes.get("locale", "")), "")
    code = event["request"]["codeParameter"]
    return reset_mail(to, code, _RESET_MINUTES) if source == _RESET else code_mail(to, code, _CODE_MINUTES)


def issuer_of(event: Event) -> str:
    """As the tokens of the pool that asks name it."""
    return f"https://cognito-idp.{event['region']}.amazonaws.com/{event['userPoolId']}"


class Users:
    def __init__(self, services: Services) -> None:
        guard = GuardedTable(services.table, ADMIT | WRITE, set())
        self._services = dataclasses.replace(services, table=guard)

    async def __call__(self, event: Event) -> Event:
        """The event with our answer in it. Raises UnavailableError, and then the pool refuses the sign-up."""
        mail = worded(event)
        if mail is not None:
            event["response"] |= {"emailSubject": mail.subject, "emailMessage": mail.html}
        elif event["triggerSource"] == _CONFIRMED:
            await self._admit(issuer_of(event), event["request"]["userAttributes"])
        return event

    async def _admit(self, issuer: str, attributes: dict[str, str]) -> None:
        """Make the person, if the address is verified: whoever claims one of somebody else must not get their data."""
        if attributes.get("email_verified") != "true" or not attributes.get("email"):
            return
        said = (attributes.get(name, "") for name in ("name", "zoneinfo", "locale"))
        new = newcomer(attributes["email"], *said)
        await ensure_person(self._services, issuer, attributes["sub"], new)


@cache
def _users() -> Users:
    settings = read_settings(os.environ)
    return Users(make_services(settings, make_table(settings)[0]))


async def _ask(event: Event) -> Event:
    return await _users()(event)


def handler(event: Event, _context: object) -> Event:
    """What Cognito calls."""
    return run(_ask(event))
