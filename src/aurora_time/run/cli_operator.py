"""``aurora user``, ``mail``, ``key``: what the operator of this machine's home does, while its server runs, too."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from aurora_time.run.cli_options import as_one

if TYPE_CHECKING:
    from aurora_time.run.user_add import UserAdded
    from aurora_time.run.wiring import Home

T = TypeVar("T")
Data = Annotated[Path | None, typer.Option(help="The folder of the data [AURORA_DATA].")]
Json = Annotated[bool, typer.Option("--json", help="Print it for programs.")]


@dataclass(frozen=True)
class UserAddOptions:
    """What ``aurora user add`` is told."""

    email: Annotated[str, typer.Argument(help="The address that signs in.", show_default=False)]
    name: Annotated[str, typer.Option(help="The name that mails and pages use.")] = ""
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Berlin; without it, this machine's.")] = None
    locale: Annotated[str | None, typer.Option(help="en or vi; without it, this shell's.")] = None
    token: Annotated[bool, typer.Option("--token", help="Print a new API token, alone on stdout.")] = False
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
    ] = False
    data: Data = None
    json: Json = False


@as_one(UserAddOptions)
def user_add(options: UserAddOptions) -> None:
    """Make an account, or an API token for one that is there.

    The account needs no confirming. While the server runs, too.
    """
    from aurora_time.run.settings import data_folder
    from aurora_time.run.user_add import NewUser, UserAdded, add_user, machine_locale, machine_time_zone

    new = NewUser(
        options.email.strip(),
        options.name.strip(),
        options.time_zone or machine_time_zone(os.environ),
        options.locale or machine_locale(os.environ),
        options.token,
        sys.stdin.readline().rstrip("\r\n") if options.password_stdin else None,
    )
    added = in_home(options.data, "user-add", new, UserAdded, lambda home: add_user(home, new))
    if options.json:
        _print_json({"email": new.email}, added)
    else:
        _tell(new.email, added, data_folder(os.environ, options.data))


def _tell(email: str, added: UserAdded, data: Path) -> None:
    said = "now has an account" if added.created else "has an account already"
    print(f"{email} {said} (data in {data}).", file=sys.stderr)
    if added.link:
        print(f"Choose its password, within an hour and while Aurora Time runs, at\n{added.link}")
    if added.token:
        print("Its new API token, which is not shown again:", file=sys.stderr)
        print(added.token)


def user_invite(
    email: Annotated[str, typer.Argument(help="The address that may sign up.")],
    locale: Annotated[str | None, typer.Option(help="en or vi; without it, this shell's.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Mail and print a link for signing up.

    It is good once, within seven days.
    """
    from aurora_time.run.user_add import machine_locale
    from aurora_time.run.user_invite import Invited, NewInvitation, invite_user

    wanted = NewInvitation(email.strip(), locale or machine_locale(os.environ))
    made = in_home(data, "user-invite", wanted, Invited, lambda home: invite_user(home, wanted))
    if json:
        _print_json({"email": wanted.email}, made)
        return
    if made.not_mailed:
        print(f"It could not be mailed ({made.not_mailed}): send the link yourself.", file=sys.stderr)
    print(f"{wanted.email} can sign up within {made.days} days, while Aurora Time runs, at\n{made.link}")


def second_step_off(
    email: Annotated[str, typer.Argument(help="Whose phone and recovery codes are lost.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Let somebody sign in by the password alone.

    Be sure who asks you for it. They are told by mail.
    """
    from aurora_time.run.second_step_off import SecondStep, TurnedOff, turn_off_second_step

    wanted = SecondStep(email.strip())
    done = in_home(data, "second-step-off", wanted, TurnedOff, lambda home: turn_off_second_step(home, wanted))
    if json:
        _print_json({"email": wanted.email}, done)
    else:
        print(f"Two-step sign-in of {wanted.email} {'is off now' if done.was_on else 'was not on'}.")


def key_rotate(
    now: Annotated[bool, typer.Option("--now", help="Sign with it at once, even if others do not know it.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a new key for signing tokens; nobody is signed out.

    Every 90 days this happens by itself.
    """
    from aurora_time.run.key_rotate import Rotated, Rotation, rotate_key, sentence

    wanted = Rotation(now)
    done = in_home(data, "key-rotate", wanted, Rotated, lambda home: rotate_key(home, wanted))
    if json:
        _print_json({}, done)
    else:
        print(sentence(done))


def mail_test(
    address: Annotated[str | None, typer.Argument(help="To whom; without it, to the sender.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Send a test mail, or say where mails stay.

    A running server sends it by its own settings.
    """
    import asyncio

    from aurora_time.run.control import ask_server, read_control
    from aurora_time.run.mail_test import MailSent, MailTest, send_test
    from aurora_time.run.settings import DEFAULT_URL, data_folder, read_settings
    from aurora_time.run.wiring import make_mailer
    from aurora_time.run.world import RandomIds, SystemClock

    wanted, sent = MailTest(address), None
    file = read_control(data_folder(os.environ, data))
    if file is not None:
        with contextlib.suppress(ConnectionError):  # it was killed and could not tidy up
            sent = ask_server(file, "mail-test", wanted, MailSent)

    async def here() -> MailSent:
        settings = read_settings(os.environ, None, data)
        mailer = make_mailer(settings, SystemClock())
        try:
            return await send_test(settings, mailer, settings.public_url or DEFAULT_URL, RandomIds(), wanted)
        finally:
            await mailer.close()

    sent = sent or asyncio.run(here())
    if json:
        _print_json({}, sent)
    else:
        print(sent.sentence)


def mail_held(data: Data = None, json: Json = False) -> None:
    """List who gets no reminders, since mails were refused too often."""
    from aurora_time.run import cli_show as show
    from aurora_time.run.held_mail import HeldAddress, show_held

    held = in_home(data, "mail-held", {}, list[HeldAddress], show_held)
    if json:
        show.print_json(held)
    elif held:
        rows = [(each.email, each.reason, show.instant(each.since), show.instant(each.until)) for each in held]
        show.table(("Address", "Why", "Since", "Held until"), rows)
    else:
        print("No address is held.")


def mail_release(
    address: Annotated[str, typer.Argument(help="To whom mails shall go again.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Let mails to an address through again."""
    from aurora_time.run.held_mail import Release, Released, release_held

    wanted = Release(address.strip())
    done = in_home(data, "mail-release", wanted, Released, lambda home: release_held(home, wanted))
    if json:
        _print_json({"email": wanted.email}, done)
    else:
        print(f"Mails to {wanted.email} {'are sent again' if done.was_held else 'were not held'}.")


def in_home(
    data: Path | None, command: str, question: object, answer: type[T], here: Callable[[Home], Coroutine[Any, Any, T]]
) -> T:
    """Do it on the data itself, or have the server do it that has the data open. Raises OperatorError."""
    import asyncio

    from aurora_time.adapters.sqlite_file import InUseError
    from aurora_time.operations.moving import refuse_if_moved
    from aurora_time.run.settings import DEFAULT_URL, read_settings
    from aurora_time.run.wiring import make_home
    from aurora_time.run.world import RandomIds, SystemClock

    settings = read_settings(os.environ, None, data)

    async def opened() -> T:
        home = make_home(settings, settings.public_url or DEFAULT_URL, SystemClock(), RandomIds())
        try:
            await refuse_if_moved(home.table)
            return await here(home)
        finally:
            await home.close()

    try:
        return asyncio.run(opened())
    except InUseError as error:
        return _ask(settings.data, command, question, answer, str(error))


def _ask(data: Path, command: str, question: object, answer: type[T], in_use: str) -> T:
    """Have the server do it that has the data open. Raises OperatorError."""
    from aurora_time.run.control import OperatorError, ask_server, read_control

    file = read_control(data)
    if file is None:
        raise OperatorError(in_use)
    try:
        return ask_server(file, command, question, answer)
    except ConnectionError as error:
        raise OperatorError(f"{in_use.rstrip('.')} (asked at {file.url}: {error}).") from None


def _print_json(about: dict[str, object], done: object) -> None:
    import msgspec

    from aurora_time.run.cli_show import print_json

    print_json(about | msgspec.to_builtins(done))
