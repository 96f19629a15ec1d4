"""The pages of signing up: the form, and the code."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import accounts, invitations, sessions, signup
from aurora_time.identity.context import Provider
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.invitations import Invitation
from aurora_time.identity.passwords import weakness
from aurora_time.identity.signup import Confirmed, Draft, Refusal, SignUp
from aurora_time.identity.view import View, safe_next
from aurora_time.identity.words import Words
from aurora_time.ports import MailRefusedError, MailUnavailableError

_MAX_NAME: Final = 100
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[0-9A-Za-z]{1,8}){0,4}")


async def show(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    token = request.query_params.get("invitation", "")
    invitation = await invitations.find(provider, token)
    if not _may_sign_up(provider, invitation):
        return _refused(view, token)
    next_ = safe_next(request.query_params.get("next", "/"))
    values = {"next": next_, "email": invitation.email if invitation else "", "name": ""}
    return view.page("signup.html", {**values, "invitation": token if invitation else ""})


def _may_sign_up(provider: Provider, invitation: Invitation | None) -> bool:
    match provider.signup:
        case "open":
            return True
        case "invite":
            return invitation is not None
        case _:
            return False


def _refused(view: View, token: str) -> Response:
    link = ("/login", view.words.login_title)
    if view.provider.signup == "closed":
        return view.message(view.words.signup_closed_title, view.words.signup_closed, 403, link)
    if token:
        return view.message(view.say.invite_bad_title, view.say.invite_bad, 410, link)
    return view.message(view.say.invite_only_title, view.say.invite_only, 403, link)


async def submit(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    token = form.get("invitation", "")
    invitation = await invitations.find(provider, token)
    if not _may_sign_up(provider, invitation):
        return _refused(view, token)
    if invitation is not None:  # for this address and no other
        form = {**form, "email": invitation.email}
    draft = _draft(view, form, token if invitation else "")
    values = {"next": draft.next, "email": draft.email, "name": draft.name, "invitation": draft.invitation}
    errors = _errors(view.words, draft)
    if errors:
        return view.page("signup.html", {**values, "errors": errors}, 422)
    try:
        flow = await signup.begin(provider, draft, view.network)
    except SlowDownError as error:
        return view.slow_down(error, "signup.html", values)
    except (MailRefusedError, MailUnavailableError):
        return view.page("signup.html", {**values, "problem": view.words.mail_failed}, 503)
    return redirect(f"/signup/confirm?flow={quote(flow)}")


def _draft(view: View, form: dict[str, str], invitation: str) -> Draft:
    locale = form.get("locale", "")
    fallback = view.tags[0] if view.tags and _TAG.fullmatch(view.tags[0]) else view.language
    return Draft(
        email=form.get("email", "").strip(),
        name=" ".join(form.get("name", "").split()),
        password=form.get("password", ""),
        time_zone=_zone(form.get("time_zone", "")),
        locale=locale if _TAG.fullmatch(locale) else fallback,
        next=safe_next(form.get("next", "/")),
        invitation=invitation,
    )


def _zone(name: str) -> str:
    """The zone a browser named, if there is one of that name."""
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def _errors(words: Words, draft: Draft) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not accounts.well_formed(draft.email):
        errors["email"] = words.email_invalid
    if len(draft.name) > _MAX_NAME:
        errors["name"] = words.name_too_long
    weak = weakness(draft.password, draft.email)
    if weak:
        errors["password"] = getattr(words, weak)
    return errors


# --- the code -----------------------------------------------------------------------------------------------
async def show_confirm(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    flow = request.query_params.get("flow", "")
    found = await signup.find(provider, flow)
    if found is None:
        return _over(view, "gone")
    notice = view.words.resend_done if "sent" in request.query_params else ""
    return view.page("confirm.html", {**_values(flow, found[0]), "notice": notice})


def _values(flow: str, waiting: SignUp) -> dict[str, object]:
    return {"flow": flow, "email": waiting.account.email, "next": waiting.next}


def _over(view: View, why: Refusal) -> Response:
    words = view.words
    if why == "taken":
        return view.message(words.confirm_taken_title, words.confirm_taken, 409, ("/login", words.login_title))
    return view.message(words.confirm_gone_title, words.confirm_gone, 410, ("/signup", words.start_again))


async def submit_confirm(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    flow = form.get("flow", "")
    found = await signup.find(provider, flow)
    outcome = await signup.confirm(provider, flow, "".join(form.get("code", "").split()))
    if isinstance(outcome, Confirmed):
        account = await accounts.welcome(provider, await accounts.existing(provider, outcome.subject))
        made = await sessions.start(provider, request, account, view.browser)
        return view.signed_in(redirect(outcome.next), made)
    if found is None or outcome in {"gone", "taken"}:
        return _over(view, outcome)
    error = getattr(view.words, f"confirm_{outcome}")
    return view.page("confirm.html", {**_values(flow, found[0]), "errors": {"code": error}}, 422)


async def resend(provider: Provider, request: Request) -> Response:
    view = View.of(provider, request)
    form = await view.form()
    flow = form.get("flow", "")
    found = await signup.find(provider, flow)
    if found is None:
        return _over(view, "gone")
    values = _values(flow, found[0])
    try:
        refusal = await signup.resend(provider, flow)
    except SlowDownError as error:
        return view.slow_down(error, "confirm.html", values)
    except (MailRefusedError, MailUnavailableError):
        return view.page("confirm.html", {**values, "problem": view.words.mail_failed}, 503)
    if refusal is not None:
        return view.page("confirm.html", {**values, "problem": view.words.confirm_all_used_up}, 429)
    return redirect(f"/signup/confirm?flow={quote(flow)}&sent=1")
