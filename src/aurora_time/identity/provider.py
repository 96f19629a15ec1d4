"""The embedded OpenID Connect provider of the one-machine home: what it is made of, and its routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aurora_time.http.page import FormError
from aurora_time.identity import (
    authorization_pages,
    discovery,
    email_pages,
    login_pages,
    password_pages,
    second_factor_pages,
    signup_pages,
    tokens,
)
from aurora_time.identity.clients import Client
from aurora_time.identity.context import API_SCOPES, Account, Provider
from aurora_time.identity.sessions import Session, csrf_ok, current_session
from aurora_time.identity.signing import LocalVerifier
from aurora_time.identity.tokens import verifier
from aurora_time.identity.view import StaleFormError, View
from aurora_time.ports import ConflictError, UnavailableError

__all__ = [
    "API_SCOPES",
    "Account",
    "Client",
    "LocalVerifier",
    "Provider",
    "Session",
    "csrf_ok",
    "current_session",
    "routes",
    "start",
    "verifier",
]

Handler = Callable[[Provider, Request], Awaitable[Response]]

_PAGES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/signup", signup_pages.show),
    ("POST", "/signup", signup_pages.submit),
    ("GET", "/signup/confirm", signup_pages.show_confirm),
    ("POST", "/signup/confirm", signup_pages.submit_confirm),
    ("POST", "/signup/resend", signup_pages.resend),
    ("GET", "/login", login_pages.show_login),
    ("POST", "/login", login_pages.submit_login),
    ("POST", "/logout", login_pages.logout),
    ("GET", "/password/forgot", password_pages.show_forgot),
    ("POST", "/password/forgot", password_pages.submit_forgot),
    ("GET", "/password/reset", password_pages.show_reset),
    ("POST", "/password/reset", password_pages.submit_reset),
    ("GET", "/password", password_pages.show_change),
    ("POST", "/password", password_pages.submit_change),
    ("GET", "/login/code", second_factor_pages.show_step),
    ("POST", "/login/code", second_factor_pages.submit_step),
    ("GET", "/second-factor", second_factor_pages.show),
    ("POST", "/second-factor", second_factor_pages.turn_on),
    ("POST", "/second-factor/off", second_factor_pages.turn_off),
    ("POST", "/second-factor/codes", second_factor_pages.renew_codes),
    ("GET", "/email", email_pages.show),
    ("POST", "/email", email_pages.submit),
    ("GET", "/email/confirm", email_pages.show_confirm),
    ("POST", "/email/confirm", email_pages.submit_confirm),
    ("GET", "/authorize", authorization_pages.authorize),
    ("POST", "/authorize", authorization_pages.authorize_by_post),
    ("POST", authorization_pages.ALLOW_PATH, authorization_pages.allow),
    ("GET", "/end-session", login_pages.show_end_session),
    ("POST", "/end-session", login_pages.submit_end_session),
    ("POST", "/token", tokens.token),
    ("POST", "/revoke", tokens.revoke),
    ("GET", "/userinfo", tokens.userinfo),
    ("POST", "/userinfo", tokens.userinfo),
    ("GET", "/jwks", discovery.jwks),
    ("GET", "/.well-known/openid-configuration", discovery.configuration),
    ("GET", "/.well-known/oauth-authorization-server", discovery.configuration),
)


async def start(provider: Provider) -> None:
    """Have the signing key ready; the first start makes it."""
    await provider.keys.load()


def routes(provider: Provider) -> list[Route]:
    return [
        Route(path, partial(_answer, provider, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in _PAGES
    ]


async def _answer(provider: Provider, handler: Handler, request: Request) -> Response:
    try:
        return await handler(provider, request)
    except (StaleFormError, FormError, UnavailableError, ConflictError) as error:
        return _in_the_way(View.of(provider, request), error)


def _in_the_way(view: View, error: Exception) -> Response:
    """A page that says what any handler may meet, and what to do now."""
    words = view.words
    match error:
        case StaleFormError():
            anew = (view.request.url.path, words.start_again)
            return view.message(words.stale_title, words.stale, 403, anew)
        case FormError():
            return view.message(words.bad_form_title, words.bad_form, error.status)
        case _:  # busy; or it changed while it was judged, so judge anew
            response = view.message(words.busy_title, words.busy, 503)
            response.headers["Retry-After"] = str(getattr(error, "retry_after", 1))
            return response
