"""The pages of a new e-mail address: where it is typed, and the code that was mailed to it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import accounts, email_change
from aurora_time.identity.context import Provider
from aurora_time.identity.credentials import Attempt
from aurora_time.identity.email_change import Changed, Refusal
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.sessions import current_session
from aurora_time.identity.view import View, own_form
from aurora_time.ports import MailRefusedError, MailUnavailableError

PATH: Final = "/email"
CONFIRM_PATH: Final = "/email/confirm"
_TO_SIGN_IN: Final = f"/login?next={PATH}"


async def show(provider: Provider, request: Request) -> Response:
    session = await current_session(provider, request)
    if session is None:
        return redirect(_TO_SIGN_IN)
    values = {"csrf": session.csrf, "email": session.email, "new": ""}
    return View.of(provider, request).page("email.html", values)


async def submit(provider: Provider, request: Request) -> Response:
    view, form, session = await own_form(provider, request)
    if session is None:
        return redirect(_TO_SIGN_IN)
    new = form.get("new", "").strip()
    values: dict[str, object] = {"csrf": session.csrf, "email": session.email, "new": new}
    wrong = _wrong(view, session.email, new)
    if wrong:
        return view.page("email.html", {**values, "errors": {"new": wrong}}, 422)
    attempt = Attempt(session.email, form.get("password", ""), view.network, view.browser)
    try:
        flow = await email_change.begin(provider, attempt, new)
    except SlowDownError as error:
        return view.slow_down(error, "email.html", values)
    except (MailRefusedError, MailUnavailableError):
        return view.page("email.html", {**values, "problem": view.words.mail_failed}, 503)
    if flow is None:
        return view.page("email.html", {**values, "errors": {"password": view.words.change_wrong}}, 422)
    return redirect(f"{CONFIRM_PATH}?{urlencode({'flow': flow})}")


def _wrong(view: View, old: str, new: str) -> str:
    if not accounts.well_formed(new):
        return view.words.email_invalid
    return view.say.email_same if new == old else ""


async def show_confirm(provider: Provider, request: Request) -> Response:
    session = await current_session(provider, request)
    if session is None:
        return redirect(_TO_SIGN_IN)
    view, flow = View.of(provider, request), request.query_params.get("flow", "")
    found = await email_change.find(provider, session.subject, flow)
    if found is None:
        return _over(view, "gone")
    return view.page("email_confirm.html", {"csrf": session.csrf, "flow": flow, "new": found[0].email})


def _over(view: View, why: Refusal) -> Response:
    link = (PATH, view.words.start_again)
    if why == "taken":
        return view.message(view.say.email_title, view.say.email_taken, 409, link)
    return view.message(view.say.email_gone_title, view.say.email_gone, 410, link)


async def submit_confirm(provider: Provider, request: Request) -> Response:
    view, form, session = await own_form(provider, request)
    if session is None:
        return redirect(_TO_SIGN_IN)
    flow = form.get("flow", "")
    found = await email_change.find(provider, session.subject, flow)
    outcome = await email_change.confirm(provider, session.subject, flow, "".join(form.get("code", "").split()))
    if isinstance(outcome, Changed):
        done = view.say.email_done.format(email=outcome.email)
        return view.message(view.say.email_done_title, done, link=(provider.settings("profile"), view.say.back))
    if found is None or outcome in {"gone", "taken"}:
        return _over(view, outcome)
    values: dict[str, object] = {"csrf": session.csrf, "flow": flow, "new": found[0].email}
    error = view.words.confirm_wrong if outcome == "wrong" else view.words.confirm_used_up
    return view.page("email_confirm.html", {**values, "errors": {"code": error}}, 422)
