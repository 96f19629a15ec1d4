"""The authorization endpoint as a browser meets it: on to signing in, back to the client, or first a question.

A native client's address of this machine says nothing of who listens there (RFC 8252 section 8.6): any program could
send the browser here as the CLI does. So it gets a code only when its owner has said that they mean it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import read_form, redirect
from aurora_time.identity import authorization
from aurora_time.identity.authorization import PARAMETERS, AuthorizationError, UnknownClientError
from aurora_time.identity.clients import origin_of
from aurora_time.identity.context import Provider
from aurora_time.identity.sessions import Session, current_session
from aurora_time.identity.signing import ID_TYPE
from aurora_time.identity.view import View, own_form

ALLOW_PATH: Final = "/authorize/allow"


async def authorize(provider: Provider, request: Request) -> Response:
    view, session = View.of(provider, request), await current_session(provider, request)
    return await _answer(view, request.query_params.multi_items(), session)


async def authorize_by_post(_: Provider, request: Request) -> Response:
    """The same request as a form (OpenID Connect Core section 3.1.2.1 wants both)."""
    return redirect(f"{authorization.PATH}?{urlencode(await read_form(request))}")


async def allow(provider: Provider, request: Request) -> Response:
    """What the owner said to the question."""
    view, form, session = await own_form(provider, request)
    asked_for = [(name, form[name]) for name in PARAMETERS if name in form]
    return await _answer(view, asked_for, session, said=form.get("answer", ""))


async def _answer(
    view: View, asked_for: Sequence[tuple[str, str]], session: Session | None, said: str = ""
) -> Response:
    provider, parameters = view.provider, dict(asked_for)
    try:
        _, redirect_uri = authorization.client_of(provider, parameters)
    except UnknownClientError:
        return view.message(view.words.bad_client_title, view.words.bad_client, 400)
    try:
        authorization.check_single(asked_for)
        asked = authorization.read(provider, parameters)
        if session is not None and not authorization.must_sign_in(asked, session, provider.clock.now()):
            await _check_hint(provider, parameters, session.subject)
            if authorization.is_to_be_asked(asked, said):
                return _question(view, session, parameters, asked.client.name)
            return await authorization.answer(provider, asked, session, parameters.get("state", ""))
        if "none" in asked.prompt:
            raise AuthorizationError("login_required", "nobody is signed in, or not recently enough")
    except AuthorizationError as error:
        return authorization.refuse(provider, redirect_uri, error, parameters.get("state", ""))
    query = {"next": authorization.after_signing_in(provider, parameters)}
    return redirect(f"/login?{urlencode(query)}{'&again=1' if session else ''}")


def _question(view: View, session: Session, parameters: Mapping[str, str], client: str) -> Response:
    kept = {name: parameters[name] for name in PARAMETERS if name in parameters}
    values = {"csrf": session.csrf, "email": session.email, "client": client, "fields": kept}
    return view.page("allow.html", values, leads_to=(origin_of(parameters["redirect_uri"]),))


async def _check_hint(provider: Provider, parameters: Mapping[str, str], subject: str) -> None:
    """Whom the client expects (OpenID Connect Core section 3.1.2.1, id_token_hint)."""
    hint = parameters.get("id_token_hint")
    if hint is None:
        return
    said = await provider.keys.claims(hint, ID_TYPE)
    if said is None or said.get("sub") != subject:
        raise AuthorizationError("login_required", "somebody else is signed in")
