"""The pages of a lost and of a changed password."""

from __future__ import annotations

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import accounts, credentials, mails, sessions
from aurora_time.identity.context import Account, Provider
from aurora_time.identity.credentials import RESET_MINUTES, Attempt
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.passwords import weakness
from aurora_time.identity.sessions import current_session
from aurora_time.identity.view import StaleFormError, View
from aurora_time.ports import MailRefusedError, MailUnavailableError

_LOG = structlog.get_logger()


# --- lost ---------------------------------------------------------------------------------------------------
async def show_forgot(provider: Provider, request: Request) -> Response:
    return View.of(provider, request).page("forgot.html", {"email": ""})


async def submit_forgot(provider: Provider, request: Request) -> Response:
    """The same answer for every address, given before the mail is sent, so that its time tells nothing
    either.
    """
    view = View.of(provider, request)
    form = await view.form()
    email = form.get("email", "").strip()
    if not accounts.well_formed(email):
        return view.page("forgot.html", {"email": email, "errors": {"email": view.words.email_invalid}}, 422)
    try:
        found = await credentials.forgot(provider, email, view.network)
    except SlowDownError as error:
        return view.slow_down(error, "forgot.html", {"email": email})
    response = view.page("forgot_done.html", {"email": email})
    response.headers["Connection"] = "close"  # nobody sees when the mail is done by asking again on this connection
    if found is not None:
        response.background = BackgroundTask(_mail_reset, provider, *found)
    return response


async def _mail_reset(provider: Provider, account: Account, token: str) -> None:
    try:
        await mails.send_reset(provider, account, token, RESET_MINUTES)
    except (MailRefusedError, MailUnavailableError) as error:
        _LOG.warning("a mail to reset a password could not be sent", subject=account.subject, reason=str(error))


async def show_reset(provider: Provider, request: Request) -> Response:
    """Opening the link changes nothing: mail scanners open links too."""
    view = View.of(provider, request)
    token = request.query_params.get("token", "")
    account = await credentials.reset_account(provider, token)
    if account is None:
        return _bad_link(view)
    return view.page("reset.html", {"token": token, "email": account.email})


def _bad_link(view: View) -> Response:
    words = view.words
    return view.message(words.reset_bad_title, words.reset_bad, 410, ("/password/forgot", words.reset_again))


async def submit_reset(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    token, password = form.get("token", ""), form.get("password", "")
    account = await credentials.reset_account(provider, token)
    if account is None:
        return _bad_link(view)
    weak = weakness(password, account.email)
    if weak:
        values = {"token": token, "email": account.email, "errors": {"password": getattr(view.words, weak)}}
        return view.page("reset.html", values, 422)
    if not await credentials.reset_password(provider, token, password):
        return _bad_link(view)
    return view.signed_out(redirect("/login?changed=1"))


# --- changed ------------------------------------------------------------------------------------------------
async def show_change(provider: Provider, request: Request) -> Response:
    session = await current_session(provider, request)
    if session is None:
        return redirect("/login?next=/password")
    return View.of(provider, request).page("password.html", {"csrf": session.csrf, "email": session.email})


async def submit_change(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.foreign_checked()
    session = await current_session(provider, request)
    if session is None:
        return redirect("/login?next=/password")
    if not sessions.csrf_ok(provider, request, form.get("csrf", "")):
        raise StaleFormError
    values: dict[str, object] = {"csrf": session.csrf, "email": session.email}
    current, new = form.get("current", ""), form.get("password", "")
    weak = weakness(new, session.email)
    if weak:
        return view.page("password.html", {**values, "errors": {"password": getattr(view.words, weak)}}, 422)
    attempt = Attempt(session.email, current, view.network, view.browser)
    try:
        changed = await credentials.change_password(provider, attempt, new)
    except SlowDownError as error:
        return view.slow_down(error, "password.html", values)
    if not changed:
        wrong = {"current": view.words.change_wrong}
        return view.page("password.html", {**values, "errors": wrong}, 422)
    return await _signed_in_anew(view, session.subject)


async def _signed_in_anew(view: View, subject: str) -> Response:
    """All sign-ins ended with the old password; this browser gets a new one."""
    account = await accounts.existing(view.provider, subject)
    made = await sessions.start(view.provider, view.request, account, view.browser)
    link = (view.provider.settings("access", "/tokens"), view.words.change_done_tokens)
    done = view.message(view.words.change_done_title, view.words.change_done, link=link)
    return view.signed_in(done, made)
