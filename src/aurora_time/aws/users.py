"""What the user pool asks us: who may come in, who has just come, who moves in, and its mails in people's language.

A refusal is an error to the pool, which shows its words to the person. What is raised as ``NotTakenError`` is therefore
no failure of ours, and the alarm leaves it out by that name (infra/stacks/account.py).
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable
from functools import cache
from typing import Final

from aurora_time.aws.carrier import Event, failure_of, run
from aurora_time.aws.moving_in import attributes_of
from aurora_time.aws.needs import USERS, WRITE
from aurora_time.aws.pool_mail import worded
from aurora_time.aws.settings import read_settings
from aurora_time.aws.world import LateAccounts, make_services, make_table
from aurora_time.http.guard import GuardedTable
from aurora_time.operations.admitting import Policy, admit, check, invite
from aurora_time.operations.people import newcomer
from aurora_time.operations.services import Services
from aurora_time.operations.sign_ins import end_before_password
from aurora_time.ports import Accounts
from aurora_time.store.people import SubjectName

_SIGN_UPS: Final = frozenset({"PreSignUp_SignUp", "PreSignUp_ExternalProvider"})
_BY_OPERATOR: Final = "PreSignUp_AdminCreateUser"
_CAME: Final = frozenset({"PostConfirmation_ConfirmSignUp", "PostAuthentication_Authentication"})
"""Who moved in has confirmed nothing at the pool, so signing in counts too."""
_RESET: Final = "PostConfirmation_ConfirmForgotPassword"
_MOVES: Final = "UserMigration_"
_SECONDS: Final = 4.5
"""After five the pool gives up, and nobody would read why in the log."""
_SIGNED_OUT_WITHIN: Final = 3.5
"""Seconds: what takes longer is told of in time."""


def issuer_of(event: Event) -> str:
    """As the tokens of the pool that asks name it."""
    return f"https://cognito-idp.{event['region']}.amazonaws.com/{event['userPoolId']}"


class Users:
    """``policy``: who may make an account. ``accounts``: those of a pool, by its issuer's name."""

    def __init__(self, services: Services, policy: Policy, accounts: Callable[[str], Accounts] = LateAccounts) -> None:
        guard = GuardedTable(services.table, USERS | WRITE, set())
        self._services = dataclasses.replace(services, table=guard)
        self._policy = policy
        self._accounts = cache(accounts)

    async def __call__(self, event: Event) -> Event:
        """The event with our answer in it. Raises NotTakenError for the person to read, UnavailableError."""
        source = event["triggerSource"]
        if source.startswith(_MOVES):
            event["response"] |= await attributes_of(self._services, event["userName"], event["request"])
            return event
        attributes = event["request"]["userAttributes"]
        email = attributes.get("email", "")
        if source in _SIGN_UPS:
            await check(self._services, self._policy, email)
        elif source == _BY_OPERATOR:
            await invite(self._services, email, by_hand=True)
        elif source in _CAME:
            await self._admit(issuer_of(event), attributes)
        elif source == _RESET:
            await self._sign_out(issuer_of(event), attributes["sub"])
        elif (mail := worded(event)) is not None:
            event["response"] |= {"emailSubject": mail.subject, "emailMessage": mail.html}
        return event

    async def _admit(self, issuer: str, attributes: dict[str, str]) -> None:
        """Make the person, or take the address that they have now, if it is verified: whoever claims one of somebody
        else must not get their data.
        """
        if attributes.get("email_verified") != "true" or not attributes.get("email"):
            return
        said = (attributes.get(name, "") for name in ("name", "zoneinfo", "locale"))
        new = newcomer(attributes["email"], *said)
        await admit(self._of(issuer), self._policy, (issuer, attributes["sub"]), new)

    async def _sign_out(self, issuer: str, subject: str) -> None:
        """Whoever is signed in by a password that was lost, or that somebody else has. The pool has the new one by now,
        and would tell its owner that it has not: what fails here is for the operator to read.
        """

        async def sign_out() -> None:
            async with asyncio.timeout(_SIGNED_OUT_WITHIN):
                await end_before_password(self._of(issuer), SubjectName(issuer, subject))

        await failure_of(f"to sign out who had the old password of {subject}", sign_out, "not done")

    def _of(self, issuer: str) -> Services:
        return dataclasses.replace(self._services, issuer=issuer, accounts=self._accounts(issuer))


@cache
def _users() -> Users:
    settings = read_settings(os.environ)
    return Users(make_services(settings, make_table(settings)[0]), settings.signup)


async def _ask(event: Event) -> Event:
    async with asyncio.timeout(_SECONDS):
        return await _users()(event)


def handler(event: Event, _context: object) -> Event:
    """What Cognito calls."""
    return run(_ask(event))
