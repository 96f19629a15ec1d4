"""The pages for strangers as a function: where the links of mails lead, the pages for booking, and those on the API.

What else a home of one machine has as a page is in the web app here: its addresses, which stand in mails, lead there.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from aurora_time.aws.asgi import ask
from aurora_time.aws.carrier import Event, run
from aurora_time.aws.settings import CloudSettings, read_settings
from aurora_time.aws.soon import Soon
from aurora_time.aws.world import CLOCK, LateQueue, make_services, make_table
from aurora_time.http.endpoint import Need
from aurora_time.http.page import redirect, static_route
from aurora_time.identity.visitor import network_of, wished_languages
from aurora_time.identity.words import language_of
from aurora_time.mail.wording import Locale
from aurora_time.operations.services import Services
from aurora_time.pages.context import Pages, StrangerLimits, Visitor
from aurora_time.pages.public import PUBLIC, broken, not_found, public_routes
from aurora_time.run.asgi import LastCarrier, OnlyHttps

STATIC: Final = "/static/{name}"
IN_APP: Final = {
    "/events/{event_id}": "/app/?event={event_id}",
    "/settings": "/app/settings",
    "/settings/notifications": "/app/settings/reminders",
    "/settings/tokens": "/app/settings/access",
    "/login": "/app/",
}
"""Where an address of a page of one machine leads: those that stand in mails, and on the pages that are here."""


def paths() -> tuple[str, ...]:
    """All that the function answers."""
    return (*(each.path for each in PUBLIC), STATIC, *IN_APP)


class PagesFunction:
    """Answers one event after the other. Nobody signs in here: whoever comes is a stranger."""

    def __init__(self, services: Services, soon: Soon, rate_limit: int, used: set[Need] | None = None) -> None:
        pages = Pages(
            services=services,
            session=_nobody,
            csrf_ok=lambda _request, _token: False,
            language=_language,
            network=network_of,
            limits=StrangerLimits.of(rate_limit, services.clock),
            has_app=True,
        )
        leading = [Route(path, _to_app(where), methods=["GET"]) for path, where in IN_APP.items()]
        router = Router(
            [*public_routes(pages, used), static_route(), *leading], redirect_slashes=False, default=not_found(pages)
        )
        self._app: ASGIApp = OnlyHttps(LastCarrier(router, services.ids.new, broken(pages)))
        self._public_url = services.public_url
        self._soon = soon

    async def __call__(self, event: Event) -> Event:
        answer = await ask(self._app, event, self._public_url)
        await self._soon.tell()
        return answer


async def _nobody(_request: Request) -> Visitor | None:
    return None


def _language(request: Request) -> Locale:
    return language_of(wished_languages(request))


def _to_app(where: str) -> Callable[[Request], Awaitable[Response]]:
    async def lead(request: Request) -> Response:
        return redirect(where.format_map({name: quote(value, safe="") for name, value in request.path_params.items()}))

    return lead


def make_function(settings: CloudSettings) -> PagesFunction:
    table, _ = make_table(settings)
    soon = Soon(CLOCK, LateQueue(settings.queue, tries=1) if settings.queue else None)
    services = dataclasses.replace(make_services(settings, table), nudge=soon.nudge)
    return PagesFunction(services, soon, settings.rate_limit)


@cache
def _function() -> PagesFunction:
    return make_function(read_settings(os.environ))


async def _answer(event: Event) -> Event:
    return await _function()(event)


def handler(event: Event, _context: object) -> Event:
    """What Lambda calls."""
    return run(_answer(event))
