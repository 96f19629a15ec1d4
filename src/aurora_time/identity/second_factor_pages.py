"""The pages of two-step sign-in: the code after the password, turning it on and off, new recovery codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import accounts, credentials, qr, second_factor, totp
from aurora_time.identity.context import Provider
from aurora_time.identity.credentials import Attempt
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.second_factor import Found
from aurora_time.identity.sessions import Session, current_session
from aurora_time.identity.signing_in import signed_in
from aurora_time.identity.view import View, own_form
from aurora_time.ports import ConflictError

PATH: Final = "/second-factor"
STEP_PATH: Final = "/login/code"


# --- the second step of a sign-in ---------------------------------------------------------------------------
async def show_step(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    flow = request.query_params.get("flow", "")
    step = await second_factor.find(provider, flow, view.browser)
    if step is None:
        return _over(view)
    return view.page("step.html", {"flow": flow, "next": step.next})


def _over(view: View) -> Response:
    return view.message(view.say.step_over_title, view.say.step_over, 410, ("/login", view.words.login_title))


async def submit_step(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    flow = form.get("flow", "")
    step = await second_factor.find(provider, flow, view.browser)
    if step is None:
        return _over(view)
    values: dict[str, object] = {"flow": flow, "next": step.next}
    try:
        after = await second_factor.check(provider, step.found, form.get("code", ""), view.browser, *step.changes)
    except SlowDownError as error:
        return view.slow_down(error, "step.html", values)
    except ConflictError:  # the same code was used just now
        after = None
    if after is None:
        return view.page("step.html", {**values, "errors": {"code": view.say.code_wrong}}, 422)
    return await signed_in(view, after, step.next)


def step_url(flow: str) -> str:
    return f"{STEP_PATH}?{urlencode({'flow': flow})}"


# --- on and off ---------------------------------------------------------------------------------------------
async def show(provider: Provider, request: Request) -> Response:
    session = await current_session(provider, request)
    if session is None:
        return redirect(f"/login?next={PATH}")
    view = View.of(provider, request)
    stored, _ = await accounts.existing(provider, session.subject)
    if stored.factor is not None:
        return _is_on(view, session, len(stored.factor.recovery))
    return _is_off(view, session, totp.new_secret(provider.ids.secret()))


def _is_on(view: View, session: Session, left: int, errors: Mapping[str, str] | None = None) -> Response:
    values = {"csrf": session.csrf, "email": session.email, "left": left, "errors": errors or {}}
    return view.page("factor_on.html", values, 422 if errors else 200)


def _is_off(view: View, session: Session, secret: str, errors: Mapping[str, str] | None = None) -> Response:
    image = qr.svg(totp.provisioning_uri(secret, session.email).encode(), view.say.factor_qr)
    values = {
        "csrf": session.csrf,
        "email": session.email,
        "secret": secret,
        "spaced": totp.spaced(secret),
        "qr": image,
        "errors": errors or {},
    }
    return view.page("factor_off.html", values, 422 if errors else 200)


async def turn_on(provider: Provider, request: Request) -> Response:
    """The secret comes back with the form: nothing is stored of one whose code was not shown."""
    view, form, session = await own_form(provider, request)
    if session is None:
        return redirect(f"/login?next={PATH}")
    secret = form.get("secret", "")
    if totp.read_secret(secret) is None:
        return redirect(PATH)
    found = await _by_password(view, session, form)
    if isinstance(found, Response):
        return found
    if found is None:
        return _is_off(view, session, secret, {"password": view.words.change_wrong})
    if found[0].factor is not None:
        return redirect(PATH)
    codes = await second_factor.turn_on(provider, found, secret, form.get("code", ""))
    if codes is None:
        return _is_off(view, session, secret, {"code": view.say.code_wrong})
    return view.page("recovery_codes.html", {"codes": codes})


async def turn_off(provider: Provider, request: Request) -> Response:
    view, checked = await _checked(provider, request)
    if isinstance(checked, Response):
        return checked
    await second_factor.turn_off(provider, checked)
    link = (provider.settings("security"), view.say.back)
    return view.message(view.say.factor_off_title, view.say.factor_off, link=link)


async def renew_codes(provider: Provider, request: Request) -> Response:
    view, checked = await _checked(provider, request)
    if isinstance(checked, Response):
        return checked
    return view.page("recovery_codes.html", {"codes": await second_factor.renew_codes(provider, checked)})


async def _checked(provider: Provider, request: Request) -> tuple[View, Found | Response]:
    """The account of who gave password and code, or what to answer instead."""
    view, form, session = await own_form(provider, request)
    if session is None:
        return view, redirect(f"/login?next={PATH}")
    found = await _by_password(view, session, form)
    if isinstance(found, Response):
        return view, found
    stored, _ = found or await accounts.existing(provider, session.subject)
    if stored.factor is None:
        return view, redirect(PATH)
    left = len(stored.factor.recovery)
    if found is None:
        return view, _is_on(view, session, left, {"password": view.words.change_wrong})
    try:
        after = await second_factor.check(provider, found, form.get("code", ""), view.browser)
    except SlowDownError as error:
        return view, view.wait(error)
    return view, after or _is_on(view, session, left, {"code": view.say.code_wrong})


async def _by_password(view: View, session: Session, form: Mapping[str, str]) -> Found | Response | None:
    """The account, None for a wrong password, a page for too many tries."""
    attempt = Attempt(session.email, form.get("password", ""), view.network, view.browser)
    try:
        return await credentials.sign_in(view.provider, attempt)
    except SlowDownError as error:
        return view.wait(error)
