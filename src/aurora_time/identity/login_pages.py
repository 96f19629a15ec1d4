"""The pages of signing in and out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import credentials, second_factor, sessions
from aurora_time.identity.authorization import UnknownClientError
from aurora_time.identity.clients import origin_of
from aurora_time.identity.context import Provider
from aurora_time.identity.credentials import Attempt
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.second_factor_pages import step_url
from aurora_time.identity.sessions import current_session
from aurora_time.identity.signing import ID_TYPE
from aurora_time.identity.signing_in import signed_in
from aurora_time.identity.view import HOME, StaleFormError, View, safe_next


# --- signing in ---------------------------------------------------------------------------------------------
async def show_login(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    query = request.query_params
    next_ = safe_next(query.get("next", HOME))
    session = await current_session(provider, request)
    again = "again" in query
    if session is not None and not again:
        return redirect(next_)
    hint = dict(parse_qsl(urlsplit(next_).query)).get("login_hint", "")
    notice = view.words.reset_done if "changed" in query else view.words.login_again if session else ""
    return view.page("login.html", {"next": next_, "email": session.email if session else hint, "notice": notice})


async def submit_login(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    next_ = safe_next(form.get("next", HOME))
    email, password = form.get("email", "").strip(), form.get("password", "")
    values: dict[str, object] = {"next": next_, "email": email}
    errors = {name: text for name, text in _needed(view, email, password).items() if text}
    if errors:
        return view.page("login.html", {**values, "errors": errors}, 422)
    try:
        found = await credentials.sign_in(provider, Attempt(email, password, view.network, view.browser))
    except SlowDownError as error:
        return view.slow_down(error, "login.html", values)
    if found is None:
        wrong = {"password": view.words.login_wrong}
        return view.page("login.html", {**values, "errors": wrong}, 422)
    if found[0].factor is not None:
        return redirect(step_url(await second_factor.begin(provider, found[0], view.browser, next_)))
    return await signed_in(view, found, next_)


def _needed(view: View, email: str, password: str) -> dict[str, str]:
    return {
        "email": "" if email else view.words.email_invalid,
        "password": "" if password else view.words.password_needed,
    }


# --- signing out --------------------------------------------------------------------------------------------
async def logout(provider: Provider, request: Request) -> Response:
    """Only this browser's sign-in, with all tokens that hang on it."""
    form = await _signed_in_form(provider, request)
    await _end_current(provider, request)
    response = redirect(safe_next(form.get("next", HOME)))
    return View.of(provider, request).signed_out(response)


async def _signed_in_form(provider: Provider, request: Request) -> dict[str, str]:
    """The fields of a form made for this sign-in; of any form of ours when there is no sign-in (any more)."""
    form = await View.of(provider, request).foreign_checked()
    session = await current_session(provider, request)
    if session is not None and not sessions.csrf_ok(provider, request, form.get("csrf", "")):
        raise StaleFormError
    return form


async def _end_current(provider: Provider, request: Request) -> None:
    session = await current_session(provider, request)
    if session is not None:
        await sessions.end(provider, session.subject, session.id)


async def show_end_session(provider: Provider, request: Request) -> Response:
    """OpenID Connect RP-Initiated Logout 1.0: nobody is signed out by a mere link, so ask."""
    view = View.of(provider, request)
    asked = dict(request.query_params)
    try:
        destination = await _after_logout(provider, asked)
    except UnknownClientError:
        return view.message(view.words.bad_client_title, view.words.bad_client, 400)
    session = await current_session(provider, request)
    if session is None:
        return redirect(destination)
    kept = {name: asked[name] for name in _LOGOUT_FIELDS if name in asked}
    values = {"csrf": session.csrf, "email": session.email, "fields": kept}
    leads_to = (origin_of(destination),) if destination != HOME else ()
    return view.page("logout.html", values, leads_to=leads_to)


async def submit_end_session(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await _signed_in_form(provider, request)
    try:
        destination = await _after_logout(provider, form)
    except UnknownClientError:
        return view.message(view.words.bad_client_title, view.words.bad_client, 400)
    await _end_current(provider, request)
    return view.signed_out(redirect(destination))


_LOGOUT_FIELDS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


async def _after_logout(provider: Provider, asked: Mapping[str, str]) -> str:
    """Where to go then: only where the client registered. Raises UnknownClientError."""
    uri = asked.get("post_logout_redirect_uri", "")
    if not uri:
        return HOME
    hint = await provider.keys.claims(asked.get("id_token_hint", ""), ID_TYPE)
    client = provider.client(asked.get("client_id") or str((hint or {}).get("aud", "")))
    if client is None or uri not in client.post_logout_redirect_uris:
        raise UnknownClientError
    state = asked.get("state", "")
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode({'state': state})}" if state else uri
