"""The account: the person and the API tokens."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from aurora_time.api import needs
from aurora_time.domain.moment import MomentError, parse_instant, print_instant
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.problem import CONFLICT, FORBIDDEN_SCOPE, INVALID, NOT_FOUND, PRECONDITION_FAILED, Problem
from aurora_time.operations import people
from aurora_time.operations.addresses import follow_issuer
from aurora_time.operations.closing import close_account
from aurora_time.operations.drafts import read_alarm, read_quiet_hours, read_zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.representation import (
    PERSON_READ_ONLY,
    PersonInput,
    PersonResource,
    TokenInput,
    TokenResource,
    person_resource,
    read_agenda_mail,
    token_resource,
)
from aurora_time.operations.services import Services
from aurora_time.operations.suppression import Refusals, find_held, let_through
from aurora_time.ports import COPIES_KEPT
from aurora_time.store.people import Person

BACKUPS_KEPT: Final = (COPIES_KEPT + 1) * 86_400
"""Seconds: their days, and the one in which the account was closed."""


class TokenList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[TokenResource]
    next_cursor: str | None


@endpoint(
    "GET",
    "/v1/me",
    needs=("person: get",),
    scope="account:read",
    shape=Shape(answer=PersonResource, conditional=True),
)
async def get_me(services: Services, request: Request) -> Reply:
    """Read your settings."""
    person, version = await people.read_person(services, request.caller.person_id)
    return read_reply(request, person_resource(person, version), version)


@endpoint(
    "PATCH",
    "/v1/me",
    needs=(*needs.CHANGE_PERSON, "agenda: get put delete", "subjects: query", "calendar: get put"),
    scope="account:write",
    shape=Shape(body=PersonInput, answer=PersonResource, problems=(INVALID, CONFLICT, PRECONDITION_FAILED)),
)
async def update_me(services: Services, request: Request) -> Reply:
    """Change your settings by a JSON merge patch. What rings follows: at once, or within a minute for many events."""

    def change(person: Person, version: str) -> Person:
        check_if_match(request.if_match, version)
        current: dict[str, Any] = msgspec.to_builtins(person_resource(person, version))
        body = convert(apply_patch(current, request.body, PERSON_READ_ONLY), PersonInput)
        zone = read_zone(body.time_zone, "/timeZone")
        alarms = tuple(
            read_alarm(override, f"/defaultReminders/{index}") for index, override in enumerate(body.default_reminders)
        )
        return msgspec.structs.replace(
            person,
            name=body.name,
            time_zone=zone.id,
            locale=body.locale,
            week_start=body.week_start,
            reminder_mail=body.reminder_mail,
            agenda_mail=read_agenda_mail(body.agenda_mail),
            quiet=msgspec.structs.replace(person.quiet, hours=read_quiet_hours(body.quiet_hours, "/quietHours")),
            default_alarms=tuple(dict.fromkeys(alarms)),
            assumed=tuple(name for name in person.assumed if name not in request.body),
        )

    person, version = await people.update_person(services, request.caller.person_id, change)
    return json_reply(person_resource(person, version), version)


class HeldMail(msgspec.Struct, frozen=True):
    """Why no reminder and no agenda is mailed to an address, since when, and until when if nothing is done. `refused`:
    mails to it came back; `complaint`: one was marked there as spam.
    """

    reason: Literal["refused", "complaint"]
    since: str
    until: str


class MailResource(msgspec.Struct, frozen=True):
    """Where mails go; `held` is null while they do."""

    email: str
    held: HeldMail | None


def _held(held: Refusals) -> HeldMail:
    reason: Literal["refused", "complaint"] = "complaint" if held.complained else "refused"
    return HeldMail(reason, print_instant(held.last), print_instant(held.held))


@endpoint(
    "GET",
    "/v1/me/mail",
    needs=("person: get", "refusals: get"),
    scope="account:read",
    shape=Shape(answer=MailResource),
)
async def get_mail(services: Services, request: Request) -> Reply:
    """Read whether mails reach you. An address that does not take them, or from which somebody complained, is held for
    a while: what would ring there is shown as suppressed.
    """
    person, _ = await people.read_person(services, request.caller.person_id)
    held = await find_held(services, person.email)
    return json_reply(MailResource(person.email, _held(held) if held else None))


@endpoint(
    "POST",
    "/v1/me/mail/release",
    needs=("person: get", "refusals: put", "held: delete"),
    scope="account:write",
    shape=Shape(status=204),
)
async def release_mail(services: Services, request: Request) -> Reply:
    """Let mails to your address through again. If they still do not arrive, it is held again."""
    person, _ = await people.read_person(services, request.caller.person_id)
    await let_through(services, person.email)
    return NO_CONTENT


@endpoint(
    "POST",
    "/v1/me/email",
    needs=needs.MOVE_PERSON,
    scope="account:write",
    shape=Shape(status=204, problems=(CONFLICT,)),
)
async def follow_email(services: Services, request: Request) -> Reply:
    """Take the address that you have verified at the sign-in service, where that keeps it. At each sign-in it is taken
    without being asked.
    """
    await follow_issuer(services, request.caller.person_id)
    return NO_CONTENT


class AccountClosed(msgspec.Struct, frozen=True, rename="camel"):
    """`backupsUntil`: when the last backup that still holds something of the account is deleted."""

    status: str
    backups_until: str


@endpoint(
    "DELETE",
    "/v1/me",
    needs=needs.CLOSE_ACCOUNT,
    scope="account:write",
    shape=Shape(answer=AccountClosed, status=202, problems=(CONFLICT, PRECONDITION_FAILED)),
)
async def delete_me(services: Services, request: Request) -> Reply:
    """Delete your account with all that is in it. At once nothing rings any more and no token, password or device is
    good; within minutes nothing is left, but in backups, which are kept for seven days. It cannot be undone.
    """
    if request.if_match is not None:
        _, version = await people.read_person(services, request.caller.person_id)
        check_if_match(request.if_match, version)
    await close_account(services, request.caller.person_id)
    return json_reply(AccountClosed("deleting", print_instant(services.now + BACKUPS_KEPT)), status=202)


@endpoint(
    "GET",
    "/v1/tokens",
    needs=("tokens: query",),
    scope="account:read",
    shape=Shape(answer=TokenList),
)
async def list_tokens(services: Services, request: Request) -> Reply:
    """List your API tokens, without their secrets."""
    found = await people.list_tokens(services, request.caller.person_id)
    return json_reply(TokenList([token_resource(token, version) for token, version in found], None))


@endpoint(
    "POST",
    "/v1/tokens",
    needs=("token: put", "tokens: put"),
    scope="account:write",
    shape=Shape(
        body=TokenInput, answer=TokenResource, status=201, problems=(INVALID, FORBIDDEN_SCOPE), has_secret=True
    ),
)
async def create_token(services: Services, request: Request) -> Reply:
    """Make an API token. Its secret is shown this once; a token cannot make one that may do more than itself."""
    body: TokenInput = request.body
    beyond = [scope for scope in body.scopes if scope in people.SCOPES and scope not in request.caller.scopes]
    if beyond:
        detail = f"Your token does not have the scope `{beyond[0]}`, so it cannot give it away. Leave that out."
        raise Problem(FORBIDDEN_SCOPE, detail)
    expires = None
    if body.expires is not None:
        try:
            expires = parse_instant(body.expires)
        except MomentError as error:
            raise InvalidError("/expires", f"{error}.") from None
    token, version, secret = await people.create_token(
        services, request.caller.person_id, body.name, body.scopes, expires
    )
    return json_reply(token_resource(token, version, secret), version, 201, f"/v1/tokens/{token.id}")


@endpoint(
    "GET",
    "/v1/tokens/{tokenId}",
    needs=("tokens: get",),
    scope="account:read",
    shape=Shape(answer=TokenResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_token(services: Services, request: Request) -> Reply:
    """Read an API token, without its secret."""
    token, version = await people.read_token(services, request.caller.person_id, request.parameters["tokenId"])
    return read_reply(request, token_resource(token, version), version)


@endpoint(
    "DELETE",
    "/v1/tokens/{tokenId}",
    needs=("tokens: get delete", "token: delete"),
    scope="account:write",
    shape=Shape(status=204, problems=(NOT_FOUND, PRECONDITION_FAILED)),
)
async def delete_token(services: Services, request: Request) -> Reply:
    """End an API token at once."""
    owner, token_id = request.caller.person_id, request.parameters["tokenId"]
    if request.if_match is not None:
        _, version = await people.read_token(services, owner, token_id)
        check_if_match(request.if_match, version)
    await people.delete_token(services, owner, token_id)
    return NO_CONTENT
