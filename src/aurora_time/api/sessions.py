"""Signed-in devices: which there are, and signing out one or all of them."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from aurora_time.domain.moment import print_instant
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.problem import NOT_FOUND, PRECONDITION_FAILED
from aurora_time.operations import sign_ins
from aurora_time.operations.services import Services
from aurora_time.operations.sign_ins import SignIn
from aurora_time.store.sign_ins import device_name

_FIND: Final = ("subjects: query", "person: get", "login: get", "session: query")


class SessionResource(msgspec.Struct, frozen=True, rename="camel"):
    """A signed-in device. `client` is the app that was signed in to, empty for a browser; `lastUsed` is known to the
    hour; `current` is the one whose token asks.
    """

    id: str
    device: str
    client: str
    signed_in: str
    last_used: str
    expires: str
    current: bool
    etag: str


class SessionList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[SessionResource]
    next_cursor: str | None


class SignOut(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What goes and what stays when somebody signs out everywhere."""

    keep_current: Annotated[
        bool,
        Meta(
            description="Stay signed in where this request comes from. Where another issuer signs people in, as on "
            "AWS, this does nothing: every device is signed out, this one too."
        ),
    ] = False
    tokens: Annotated[bool, Meta(description="End the API tokens and app passwords, too.")] = False


def _resource(found: SignIn, current: str) -> SessionResource:
    session = found.session
    return SessionResource(
        found.id,
        device_name(session.agent) or session.client_id,
        session.client_id,
        print_instant(int(session.signed_in)),
        print_instant(int(session.seen)),
        print_instant(int(session.expires)),
        found.id == current,
        found.version,
    )


@endpoint(
    "GET",
    "/v1/sessions",
    needs=_FIND,
    scope="account:read",
    shape=Shape(answer=SessionList),
)
async def list_sessions(services: Services, request: Request) -> Reply:
    """List the devices that are signed in, the last used first."""
    found = await sign_ins.list_sign_ins(services, request.caller.person_id)
    return json_reply(SessionList([_resource(each, request.caller.session_id) for each in found], None))


@endpoint(
    "DELETE",
    "/v1/sessions",
    needs=(*_FIND, "session: delete", "subject: get put", "tokens: query get delete", "token: delete"),
    scope="account:write",
    shape=Shape(query=SignOut, status=204),
)
async def delete_sessions(services: Services, request: Request) -> Reply:
    """Sign out everywhere, at once: browsers, apps, and the access and refresh tokens that were issued to them."""
    asked: SignOut = request.query
    keep = request.caller.session_id if asked.keep_current else ""
    await sign_ins.end_all_sign_ins(services, request.caller.person_id, keep=keep, tokens=asked.tokens)
    return NO_CONTENT


@endpoint(
    "GET",
    "/v1/sessions/{sessionId}",
    needs=_FIND,
    scope="account:read",
    shape=Shape(answer=SessionResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_session(services: Services, request: Request) -> Reply:
    """Read one signed-in device."""
    found = await sign_ins.read_sign_in(services, request.caller.person_id, request.parameters["sessionId"])
    return read_reply(request, _resource(found, request.caller.session_id), found.version)


@endpoint(
    "DELETE",
    "/v1/sessions/{sessionId}",
    needs=(*_FIND, "session: delete"),
    scope="account:write",
    shape=Shape(status=204, problems=(NOT_FOUND, PRECONDITION_FAILED)),
)
async def delete_session(services: Services, request: Request) -> Reply:
    """Sign out one device, at once."""
    owner, session_id = request.caller.person_id, request.parameters["sessionId"]
    if request.if_match is not None:
        check_if_match(request.if_match, (await sign_ins.read_sign_in(services, owner, session_id)).version)
    await sign_ins.end_sign_in(services, owner, session_id)
    return NO_CONTENT
