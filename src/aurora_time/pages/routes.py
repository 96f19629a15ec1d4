"""The pages of a home: which there are, who may see them, and what may be in the way of any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from aurora_time.http.page import HEADERS, FormError, read_form, redirect
from aurora_time.http.problem import MEDIA_TYPE
from aurora_time.http.problem import not_found as absent
from aurora_time.mail.wording import locale_of
from aurora_time.operations.errors import NotFoundError, OperationError
from aurora_time.operations.people import read_person
from aurora_time.pages import (
    book,
    booking,
    close_account,
    devices,
    docs,
    event,
    example,
    links,
    mail_setup,
    mails,
    outbox,
    settings,
    tokens,
    week,
    welcome,
)
from aurora_time.pages.context import Pages
from aurora_time.pages.pace import Open, paced
from aurora_time.pages.view import HOME, PLAIN, Mine, View
from aurora_time.ports import UnavailableError, UncertainError

Own = Callable[[Mine], Awaitable[Response]]
APP: Final = "/app/"


@dataclass(frozen=True, slots=True)
class Public:
    """A page for everybody, and what a form posted to it does; with ``at_home`` only for the owner of this machine."""

    path: str
    show: Open
    at_home: bool = False
    submit: Open | None = None


@dataclass(frozen=True, slots=True)
class Private:
    """A page for who is signed in, and what a form posted to it does."""

    path: str
    show: Own | None = None
    submit: Own | None = None
    at_home: bool = False


_TABLE: tuple[Public | Private, ...] = (
    Public("/docs", docs.show_docs),
    Public("/problems", docs.show_problems),
    Public("/outbox", outbox.show_list, at_home=True),
    Public("/outbox/{message_id}", outbox.show_mail, at_home=True),
    Public("/outbox/{message_id}/html", outbox.show_html, at_home=True),
    Public("/book/{slug}", paced(book.show), submit=paced(book.submit)),
    Public("/book/{slug}/{start}", paced(book.ask)),
    Public("/booking/{secret}", paced(booking.show), submit=paced(booking.cancel)),
    Public("/r/{token}", links.show, submit=links.act),
    Private(PLAIN, show=week.show),
    Private("/events", submit=week.add),
    Private("/events/{event_id}", show=event.show),
    Private("/events/{event_id}/delete", show=event.ask_delete, submit=event.delete),
    Private("/example", submit=example.add, at_home=True),
    Private("/example/delete", submit=example.remove, at_home=True),
    Private("/settings", show=settings.show, submit=settings.save),
    Private("/settings/tokens", show=tokens.show, submit=tokens.create),
    Private("/settings/tokens/{token_id}/delete", submit=tokens.delete),
    Private("/settings/devices", show=devices.show),
    Private("/settings/devices/delete", submit=devices.sign_out_others),
    Private("/settings/devices/{session_id}/delete", submit=devices.sign_out),
    Private("/settings/export", show=close_account.download),
    Private("/settings/close", show=close_account.show, submit=close_account.submit),
    Private("/settings/notifications", show=mails.show, submit=mails.save),
    Private("/settings/notifications/release", submit=mails.release),
    Private("/settings/mail", show=mail_setup.show, submit=mail_setup.submit, at_home=True),
)


def routes(pages: Pages) -> list[Route]:
    made = [Route(HOME, partial(_start, pages), methods=["GET"], name="start")]
    for row in _TABLE:
        if isinstance(row, Public):
            made.append(_route(row.path, "GET", partial(_public, pages, row.show, row.at_home)))
            if row.submit is not None:
                made.append(_route(row.path, "POST", partial(_public, pages, row.submit, row.at_home)))
            continue
        if row.show is not None:
            made.append(_route(row.path, "GET", partial(_private, pages, row.show, row.at_home)))
        if row.submit is not None:
            made.append(_route(row.path, "POST", partial(_private, pages, row.submit, row.at_home)))
    return made


def _route(path: str, method: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, endpoint, methods=[method], name=f"{method} {path}")


def not_found(pages: Pages) -> ASGIApp:
    """What answers at an address nobody has: a page for browsers, a problem for everything else."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope)
        if "text/html" in request.headers.get("accept", ""):
            response = View(pages, request, pages.language(request)).not_found()
        else:
            document = absent().document(pages.services.ids.new())
            response = Response(document, absent().kind.status, HEADERS, MEDIA_TYPE)
        await response(scope, receive, send)

    return answer


def broken(pages: Pages) -> Callable[[Scope, str], Response]:
    """The page for what nobody foresaw, with the id under which it is in the log."""

    def make(scope: Scope, request_id: str) -> Response:
        request = Request(scope)
        return View(pages, request, pages.language(request)).broken(request_id)

    return make


async def _start(pages: Pages, request: Request) -> Response:
    """Who is new is welcomed; whoever is signed in gets the web app, or without one their week."""
    view = await _view(pages, request)
    if isinstance(view, Mine) and pages.has_app:
        return redirect(APP)
    return await _guarded(view, week.show(view) if isinstance(view, Mine) else welcome.show(view))


async def _public(pages: Pages, handler: Open, at_home: bool, request: Request) -> Response:
    view = await _view(pages, request)
    if at_home and not view.at_home:
        return view.not_found()
    return await _guarded(view, handler(view))


async def _private(pages: Pages, handler: Own, at_home: bool, request: Request) -> Response:
    view = await _view(pages, request)
    if at_home and not view.at_home:
        return view.not_found()
    if not isinstance(view, Mine):
        came_from = f"?{request.url.query}" if request.url.query else ""
        after = f"{request.url.path}{came_from}" if request.method != "POST" else PLAIN
        return redirect(f"/login?{urlencode({'next': after})}")
    return await _guarded(view, _handle(view, handler))


async def _handle(view: Mine, handler: Own) -> Response:
    if view.request.method != "POST":
        return await handler(view)
    form = await read_form(view.request)
    if not view.pages.csrf_ok(view.request, form.get("csrf", "")):
        return view.message(view.words.stale_title, view.words.stale, 403)
    return await handler(replace(view, form=form))


async def _view(pages: Pages, request: Request) -> View:
    """Who asks. Somebody whose account is gone is nobody."""
    visitor = await pages.session(request)
    if visitor is None:
        return View(pages, request, pages.language(request))
    try:
        person, _ = await read_person(pages.services, visitor.person_id)
    except NotFoundError:
        return View(pages, request, pages.language(request))
    return Mine(pages, request, locale_of(person.locale), person, visitor.csrf, session_id=visitor.session_id)


async def _guarded(view: View, answer: Awaitable[Response]) -> Response:
    words = view.words
    try:
        return await answer
    except NotFoundError:
        return view.not_found()
    except FormError as error:
        return view.message(words.bad_form_title, words.bad_form, error.status)
    except OperationError as error:
        return view.message(words.refused_title, str(error), 409)
    except UnavailableError as error:
        said = words.unsure if isinstance(error, UncertainError) else words.busy
        response = view.message(words.busy_title, said, 503)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
