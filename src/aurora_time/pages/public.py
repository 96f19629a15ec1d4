"""The pages that answer a stranger: whoever has the link of a mail, books a time, or reads about the API.

They are all that a home without our own sign-in has, so each declares what it needs of the table, as endpoints do: a
guard holds it to that, and on AWS the role of the function that shows them is made of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from aurora_time.http.endpoint import Need, parse_needs
from aurora_time.http.guard import GuardedTable
from aurora_time.http.page import HEADERS, FormError
from aurora_time.http.problem import MEDIA_TYPE
from aurora_time.http.problem import not_found as absent
from aurora_time.mail.wording import locale_of
from aurora_time.operations.errors import NotFoundError, OperationError
from aurora_time.operations.people import read_person
from aurora_time.pages import book, booking, docs, links, needs
from aurora_time.pages.context import Pages
from aurora_time.pages.pace import Open, paced
from aurora_time.pages.view import Mine, View
from aurora_time.ports import UnavailableError, UncertainError

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Public:
    """A page for everybody, and what a form posted to it does; ``needs`` as an endpoint declares them."""

    path: str
    show: Open
    submit: Open | None = None
    needs: tuple[str, ...] = ()


PUBLIC: Final = (
    Public("/docs", docs.show_docs),
    Public("/problems", docs.show_problems),
    Public("/book/{slug}", paced(book.show), paced(book.submit), needs.BOOK),
    Public("/book/{slug}/{start}", paced(book.ask), needs=needs.SEE_TIME),
    Public("/booking/{secret}", paced(booking.show), paced(booking.cancel), needs.CANCEL),
    Public("/r/{token}", links.show, links.act, needs.LINK),
)
NEEDS: Final = frozenset[Need]().union(*(parse_needs(each.needs) for each in PUBLIC))


def public_routes(pages: Pages, used: set[Need] | None = None) -> list[Route]:
    """``used`` collects what the pages really needed of the table."""
    made = []
    for row in PUBLIC:
        guard = GuardedTable(pages.services.table, parse_needs(row.needs), set() if used is None else used)
        own = replace(pages, services=replace(pages.services, table=guard))
        for method, handler in (("GET", row.show), ("POST", row.submit)):
            if handler is not None:
                made.append(route(row.path, method, partial(_answer, pages, own, handler)))
    return made


def route(path: str, method: str, answer: Answer) -> Route:
    return Route(path, answer, methods=[method], name=f"{method} {path}")


async def _answer(pages: Pages, own: Pages, handler: Open, request: Request) -> Response:
    """Who asks is looked up as for any page; ``own`` is what the page itself may touch."""
    view = replace(await view_of(pages, request), pages=own)
    return await guarded(view, handler(view))


async def view_of(pages: Pages, request: Request) -> View:
    """Who asks. Somebody whose account is gone is nobody."""
    visitor = await pages.session(request)
    if visitor is None:
        return View(pages, request, pages.language(request))
    try:
        person, _ = await read_person(pages.services, visitor.person_id)
    except NotFoundError:
        return View(pages, request, pages.language(request))
    return Mine(pages, request, locale_of(person.locale), person, visitor.csrf, session_id=visitor.session_id)


async def guarded(view: View, answer: Awaitable[Response]) -> Response:
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
