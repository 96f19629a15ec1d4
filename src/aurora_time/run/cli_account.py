"""``aurora login``, ``logout``, ``token``: who one is, here or on a server."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from aurora_time.run import cli_show as show
from aurora_time.run.api_client import RemoteApi, by_id, call, pages, server_url
from aurora_time.run.cli_options import as_one
from aurora_time.run.cli_where import Login, Where, login_file, opened, read_login, write_login
from aurora_time.run.cli_words import words
from aurora_time.run.control import OperatorError

_NOBODYS: Final = frozenset({"UTC", "Etc/UTC"})
"""The zones of machines whom nobody told theirs."""


@dataclass(frozen=True, kw_only=True)
class LoggingIn:
    server: Annotated[
        str | None, typer.Argument(help="Like https://time.example.org; without it, this machine.", show_default=False)
    ] = None
    as_: Annotated[str | None, typer.Option("--as", help="On this machine: whose events are meant.")] = None
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help="Read an API token from stdin; do not open a browser.")
    ] = False
    json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False


@as_one(LoggingIn)
def login(options: LoggingIn) -> None:
    """Sign in, on a server or on this machine.

    The other commands know from then on whose events are meant.
    """
    if options.server is None:
        if not options.as_:
            raise OperatorError(words(os.environ).name_one)
        kept = Login(user=options.as_)
        with opened(Where(as_=options.as_)) as api:  # which says if nobody has this address
            name = call(api, "GET", "/v1/me").json["email"]
    else:
        kept = _sign_in(options.server, from_stdin=options.token_stdin)
        with contextlib.closing(RemoteApi(kept.server, kept.token)) as api:
            me = call(api, "GET", "/v1/me").json
            name = me["email"]
            if "timeZone" in me.get("assumed", ()):
                _say_zone(api)
    before = read_login(os.environ)
    path = write_login(os.environ, kept)
    if before.token != kept.token:
        _end_token(before)
    if options.json:
        show.print_json({"server": kept.server or None, "user": name, "file": str(path)})
    else:
        say = words(os.environ)
        said = say.signed_in if kept.server else say.signed_in_here
        print(said.format(name=show.plain(name), server=kept.server))


def _say_zone(api: RemoteApi) -> None:
    """The zone of this machine, which nobody has said yet: else a sentence would be understood on a clock far away."""
    from aurora_time.run.user_add import machine_time_zone

    if (zone := machine_time_zone(os.environ)) not in _NOBODYS:
        with contextlib.suppress(OperatorError):  # a token may be for reading alone
            call(api, "PATCH", "/v1/me", body={"timeZone": zone})


def _sign_in(server: str, *, from_stdin: bool) -> Login:
    """A token of the server: one that is there, or a new one of whoever signs in with the browser."""
    url = server_url(server)
    if from_stdin:
        token = sys.stdin.readline().strip()
        if not token:
            raise OperatorError(words(os.environ).no_token)
        return Login(url, token)
    from aurora_time.run.browser_login import leave, sign_in
    from aurora_time.run.sign_in_desk import discover

    desk = discover(url)
    granted = sign_in(desk, lambda link: print(f"{words(os.environ).open_link}\n{link}", file=sys.stderr))
    body = {"name": f"aurora on {platform.node() or 'a machine'}"[:200], "scopes": desk.granted(granted.scope)}
    with contextlib.closing(RemoteApi(url, granted.access_token)) as api:
        made = call(api, "POST", "/v1/tokens", body=body).json
    with contextlib.suppress(OperatorError):  # the token stays; its sign-in would only stand among the devices
        leave(desk, granted)
    return Login(url, made["secret"], token_id=made["id"])


def _end_token(kept: Login) -> None:
    """End the token that a sign-in made for itself; where that is not possible, say so."""
    if not kept.server or not kept.token_id:
        return
    try:
        with contextlib.closing(RemoteApi(kept.server, kept.token)) as api:
            call(api, "DELETE", by_id("/v1/tokens", kept.token_id))
    except OperatorError as error:
        what = f"The token on {kept.server} could not be ended ({error}); end it in the settings there."
        print(show.plain(what), file=sys.stderr)


@as_one(Where)
def logout(options: Where) -> None:
    """Forget the sign-in, and end the token that it made."""
    kept = read_login(os.environ)
    _end_token(kept)
    try:
        login_file(os.environ).unlink(missing_ok=True)
    except OSError as error:
        raise OperatorError(f"{login_file(os.environ)} cannot be deleted: {error.strerror}.") from None
    if options.json:
        show.print_json({"server": kept.server or None})
    else:
        say = words(os.environ)
        print(say.signed_out if kept != Login() else say.nobody)


# --- tokens -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Making(Where):
    name: Annotated[str, typer.Argument(help="What it is for.", show_default=False)]
    scope: Annotated[list[str] | None, typer.Option(help="What it may do; again for each. Without it: everything.")] = (
        None
    )
    expires: Annotated[str | None, typer.Option(help="Until when, like 2027-01-01T00:00:00Z.")] = None


@dataclass(frozen=True, kw_only=True)
class OneToken(Where):
    id: Annotated[str, typer.Argument(help="The token's id.", show_default=False)]


@as_one(Where)
def token_list(options: Where) -> None:
    """Show the API tokens."""
    with opened(options) as api:
        found = [each for each in pages(api, "/v1/tokens", {}) if each["id"] != api.own_token]
    if options.json:
        show.print_json(found)
        return
    rows = [
        (each["id"], show.instant(each["created"]), show.instant(each.get("expires")), each["name"]) for each in found
    ]
    if rows:
        show.table(("Id", "Made", "Until", "Name"), rows)
    else:
        show.console().print("There is no API token; `aurora token create NAME` makes one.")


@as_one(Making)
def token_create(options: Making) -> None:
    """Make an API token; it is printed alone on stdout, and not shown again."""
    from aurora_time.operations.people import SCOPES

    body: dict[str, object] = {"name": options.name, "scopes": options.scope or SCOPES}
    body |= {"expires": options.expires} if options.expires else {}
    with opened(options) as api:
        made = call(api, "POST", "/v1/tokens", body=body).json
    if options.json:
        show.print_json(made)
    else:
        print(show.plain(made["secret"]))


@as_one(OneToken)
def token_delete(options: OneToken) -> None:
    """End an API token."""
    with opened(options) as api:
        call(api, "DELETE", by_id("/v1/tokens", options.id))
    if options.json:
        show.print_json({"deleted": options.id})
    else:
        print("It is no longer good.")
