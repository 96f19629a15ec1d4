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

from aurora_time.http.page import read_form, redirect
from aurora_time.pages import (
    close_account,
    devices,
    event,
    example,
    mail_setup,
    mails,
    outbox,
    settings,
    tokens,
    week,
    welcome,
)
from aurora_time.pages.context import Pages
from aurora_time.pages.pace import Open
from aurora_time.pages.public import guarded, public_routes, route, view_of
from aurora_time.pages.view import HOME, PLAIN, Mine

Own = Callable[[Mine], Awaitable[Response]]
APP: Final = "/app/"


@dataclass(frozen=True, slots=True)
class AtHome:
    """A page for whoever sits at this machine."""

    path: str
    show: Open


@dataclass(frozen=True, slots=True)
class Private:
    """A page for who is signed in, and what a form posted to it does."""

    path: str
    show: Own | None = None
    submit: Own | None = None
    at_home: bool = False


_TABLE: tuple[AtHome | Private, ...] = (
    AtHome("/outbox", outbox.show_list),
    AtHome("/outbox/{message_id}", outbox.show_mail),
    AtHome("/outbox/{message_id}/html", outbox.show_html),
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
    made = [Route(HOME, partial(_start, pages), methods=["GET"], name="start"), *public_routes(pages)]
    for row in _TABLE:
        if isinstance(row, AtHome):
            made.append(route(row.path, "GET", partial(_at_home, pages, row.show)))
            continue
        if row.show is not None:
            made.append(route(row.path, "GET", partial(_private, pages, row.show, row.at_home)))
        if row.submit is not None:
            made.append(route(row.path, "POST", partial(_private, pages, row.submit, row.at_home)))
    return made


async def _start(pages: Pages, request: Request) -> Response:
    """Who is new is welcomed; whoever is signed in gets the web app, or without one their week."""
    view = await view_of(pages, request)
    if isinstance(view, Mine) and pages.has_app:
        return redirect(APP)
    return await guarded(view, week.show(view) if isinstance(view, Mine) else welcome.show(view))


async def _at_home(pages: Pages, handler: Open, request: Request) -> Response:
    view = await view_of(pages, request)
    if not view.at_home:
        return view.not_found()
    return await guarded(view, handler(view))


async def _private(pages: Pages, handler: Own, at_home: bool, request: Request) -> Response:
    view = await view_of(pages, request)
    if at_home and not view.at_home:
        return view.not_found()
    if not isinstance(view, Mine):
        came_from = f"?{request.url.query}" if request.url.query else ""
        after = f"{request.url.path}{came_from}" if request.method != "POST" else PLAIN
        return redirect(f"/login?{urlencode({'next': after})}")
    return await guarded(view, _handle(view, handler))


async def _handle(view: Mine, handler: Own) -> Response:
    if view.request.method != "POST":
        return await handler(view)
    form = await read_form(view.request)
    if not view.pages.csrf_ok(view.request, form.get("csrf", "")):
        return view.message(view.words.stale_title, view.words.stale, 403)
    return await handler(replace(view, form=form))
