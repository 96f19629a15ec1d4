"""Our pages where another issuer says who somebody is: a relying party (OpenID Connect Core 3.1, RFC 7636).

The embedded provider's pages are off then, and so is its sign-up; the sign-ins of browsers are items of ours as ever.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol
from urllib.parse import urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aurora_time.http.page import FormError, redirect
from aurora_time.identity import sessions
from aurora_time.identity.browser import browser_secret
from aurora_time.identity.context import Provider, hashed
from aurora_time.identity.sessions import begun, csrf_ok
from aurora_time.identity.view import StaleFormError, View, safe_next
from aurora_time.ports import ABSENT, Check, ConflictError, Delete, UnavailableError
from aurora_time.store import keys

CALLBACK: Final = "/callback"
_FLOW_SECONDS: Final = 600
_SCOPES: Final = "openid email profile"


class Foreigner(Protocol):
    """Whom the other issuer says somebody is."""

    @property
    def subject(self) -> str: ...
    @property
    def email(self) -> str: ...


class OtherIssuer(Protocol):
    """The issuer as the pages need it. All raise UnavailableError."""

    async def endpoint(self, name: str) -> str: ...
    async def redeem(self, fields: Mapping[str, str], nonce: str) -> Foreigner | None: ...


@dataclass(frozen=True, slots=True)
class Relying:
    """``welcome`` answers the check under which this person may sign in, None for whom this home does not take.

    ``provider`` lends its table, templates and cookies.
    """

    provider: Provider
    issuer: OtherIssuer
    issuer_url: str
    client_id: str
    welcome: Callable[[Foreigner], Awaitable[tuple[str, Check] | None]]


class _Sent(msgspec.Struct, frozen=True):
    """A browser on its way; only it may come back with what it was sent for."""

    browser: str
    verifier: str
    nonce: str
    next: str


def routes(relying: Relying) -> list[Route]:
    table = (
        ("GET", "/login", show_login),
        ("GET", "/signup", show_login),
        ("GET", CALLBACK, come_back),
        ("POST", "/logout", logout),
    )
    return [
        Route(path, partial(_answer, relying, handler), methods=[method], name=f"{method} {path}")
        for method, path, handler in table
    ]


async def _answer(
    relying: Relying, handler: Callable[[Relying, View], Awaitable[Response]], request: Request
) -> Response:
    view = View.of(relying.provider, request)
    try:
        return await handler(relying, view)
    except StaleFormError:
        return view.message(view.words.stale_title, view.words.stale, 403, ("/login", view.words.login_title))
    except FormError as error:
        return view.message(view.words.bad_form_title, view.words.bad_form, error.status)
    except (UnavailableError, ConflictError) as error:
        response = view.message(view.words.busy_title, view.say.issuer_away, 503, ("/login", view.say.try_again))
        response.headers["Retry-After"] = str(getattr(error, "retry_after", 1))
        return response


async def show_login(relying: Relying, view: View) -> Response:
    """On to the issuer, with what proves later that it was this browser that asked."""
    provider, ids = relying.provider, relying.provider.ids
    next_ = safe_next(view.request.query_params.get("next", "/"))
    if await begun(provider, view.request) is not None:
        return redirect(next_)
    where = await relying.issuer.endpoint("authorization_endpoint")
    state, verifier, nonce = ids.secret(), ids.secret() + ids.secret(), ids.secret()
    sent = _Sent(hashed(view.browser), verifier, nonce, next_)
    expires = provider.clock.now() + _FLOW_SECONDS
    key = keys.foreign_sign_in(hashed(state))
    await provider.table.write(provider.put(key, sent, expect=ABSENT, expires=expires))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": relying.client_id,
        "redirect_uri": _callback(provider),
        "scope": _SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    response = redirect(f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}", 302)
    view.remember(response)
    return response


def _callback(provider: Provider) -> str:
    return f"{provider.issuer}{CALLBACK}"


async def come_back(relying: Relying, view: View) -> Response:
    said, provider = dict(view.request.query_params), relying.provider
    sent = await _take(relying, said.get("state", ""), view)
    if sent is None:
        return _refused(view, view.say.foreign_over, 410)
    if "error" in said or said.get("iss", relying.issuer_url) != relying.issuer_url:
        return _refused(view, view.say.foreign_refused, 403)
    fields = {
        "grant_type": "authorization_code",
        "code": said.get("code", ""),
        "redirect_uri": _callback(provider),
        "code_verifier": sent.verifier,
    }
    somebody = await relying.issuer.redeem(fields, sent.nonce)
    if somebody is None:
        return _refused(view, view.say.foreign_refused, 403)
    if not somebody.email:
        return _refused(view, view.say.foreign_no_email, 403)
    person = await relying.welcome(somebody)
    if person is None:
        return _refused(view, view.words.signup_closed, 403)
    made = await sessions.begin(provider, view.request, person[0], view.browser, person[1])
    return view.signed_in(redirect(sent.next), made)


async def _take(relying: Relying, state: str, view: View) -> _Sent | None:
    """What this browser was sent for, once."""
    provider, key = relying.provider, keys.foreign_sign_in(hashed(state))
    found = await provider.load(key, _Sent)
    own = browser_secret(provider, view.request)
    if found is None or not hmac.compare_digest(found[0].browser, hashed(own)):
        return None
    await provider.table.write(Delete(key, found[1]))
    return found[0]


def _refused(view: View, why: str, status: int) -> Response:
    return view.message(view.say.foreign_title, why, status, ("/login", view.say.try_again))


async def logout(relying: Relying, view: View) -> Response:
    """Out of this home; at the issuer they stay signed in, since it is not ours to end that."""
    form, provider = await view.foreign_checked(), relying.provider
    sign_in = await begun(provider, view.request)
    if sign_in is not None:
        if not csrf_ok(provider, view.request, form.get("csrf", "")):
            raise StaleFormError
        await sessions.end(provider, sign_in.owner, sign_in.id)
    return view.signed_out(redirect(safe_next(form.get("next", "/"))))
