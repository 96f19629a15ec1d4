"""What the operator can have the running server do (control.py), by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec

from aurora_time.ports import UnavailableError, UncertainError
from aurora_time.run.api_here import short_token
from aurora_time.run.backups import DailyBackups
from aurora_time.run.checks import Check, check_backup_failure, check_issuer, check_mail, check_public_face
from aurora_time.run.cli_where import Asked, ShortToken
from aurora_time.run.control import Command, OperatorError
from aurora_time.run.key_rotate import Rotated, Rotation, rotate_key
from aurora_time.run.mail_test import MailSent, MailTest, send_test
from aurora_time.run.second_step_off import SecondStep, TurnedOff, turn_off_second_step
from aurora_time.run.user_add import NewUser, UserAdded, add_user
from aurora_time.run.user_invite import Invited, NewInvitation, invite_user
from aurora_time.run.wiring import Home

T = TypeVar("T")


class Nothing(msgspec.Struct, frozen=True):
    """A question that needs no words."""


def server_commands(home: Home, backups: DailyBackups) -> Mapping[str, Command]:
    async def user_add(new: NewUser) -> UserAdded:
        return await add_user(home, new)

    async def user_invite(new: NewInvitation) -> Invited:
        return await invite_user(home, new)

    async def second_step_off(wanted: SecondStep) -> TurnedOff:
        return await turn_off_second_step(home, wanted)

    async def key_rotate(wanted: Rotation) -> Rotated:
        return await rotate_key(home, wanted)

    async def cli_token(asked: Asked) -> ShortToken:
        _, token_id, secret = await short_token(home, asked.email)
        return ShortToken(token_id, secret)

    async def mail_test(wanted: MailTest) -> MailSent:
        return await send_test(home.settings, home.mailer, home.public_url, home.services.ids, wanted)

    async def doctor(_: Nothing) -> list[Check]:
        mail = await check_mail(home.settings, home.mailer)
        issuer = await check_issuer(home.door.issuer if home.door else None)
        return [mail, *issuer, check_public_face(home.settings), *check_backup_failure(backups.failure)]

    return {
        "user-add": _command(NewUser, user_add),
        "user-invite": _command(NewInvitation, user_invite),
        "second-step-off": _command(SecondStep, second_step_off),
        "key-rotate": _command(Rotation, key_rotate),
        "cli-token": _command(Asked, cli_token),
        "mail-test": _command(MailTest, mail_test),
        "doctor": _command(Nothing, doctor),
    }


def _command(type_: type[T], call: Callable[[T], Awaitable[object]]) -> Command:
    async def command(body: bytes) -> object:
        try:
            return await call(msgspec.json.decode(body, type=type_))
        except msgspec.DecodeError as error:
            raise OperatorError(f"The running server does not understand this ({error}); restart it.") from None
        except UncertainError as error:
            raise OperatorError(
                f"It is not known whether it was done ({error.reason}); look before trying again."
            ) from None
        except UnavailableError as error:
            raise OperatorError(f"Not possible right now, and nothing was changed: {error.reason}.") from None

    return command
