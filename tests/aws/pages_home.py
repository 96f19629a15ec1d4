"""A home of one machine whose pages for strangers are answered by the function of AWS, through a gateway."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Self

import httpx

from aurora_time.aws.pages import IN_APP, PagesFunction, paths
from aurora_time.aws.soon import Soon
from aurora_time.http.endpoint import Need
from tests.aws.gateway import PARAMETER, Line, event, response_of
from tests.pages.conftest import Browser, Home


class PagesGateway(httpx.AsyncBaseTransport):
    """Routes as the stack does what is the function's; all else goes to ``other``. ``seen``: paths of the function."""

    def __init__(self, function: PagesFunction, routed: tuple[str, ...], other: httpx.AsyncBaseTransport) -> None:
        self._function, self._other = function, other
        self._routes = {path: re.compile(PARAMETER.sub("[^/]+", re.escape(path))) for path in routed}
        self.seen: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raw, _, query = request.url.raw_path.decode().partition("?")
        path = next((path for path, pattern in self._routes.items() if pattern.fullmatch(raw)), None)
        if path is None:
            return await self._other.handle_async_request(request)
        self.seen.add(path)
        made = event(request, f"ANY {path}", query, await request.aread())
        made["cookies"] = [each for each in made["headers"].pop("cookie", "").split("; ") if each]
        viewer = made["headers"].pop("x-viewer", "203.0.113.7")  # whom CloudFront sees; the gateway sees CloudFront
        made["headers"]["x-forwarded-for"] = f"{viewer}, 198.51.100.1"
        return response_of(await self._function(made))


class FunctionHome(Home):
    """``used``: what the pages really needed of the table."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.queue, self.used = Line(), set[Need]()
        soon = Soon(self.clock, self.queue)

        def nudge(instant: int) -> None:
            self.home.services.nudge(instant)
            soon.nudge(instant)

        services = dataclasses.replace(self.home.services, nudge=nudge)
        self.function = PagesFunction(services, soon, self.settings.rate_limit, self.used)
        return self

    def browser(self, language: str = "en-GB", host: str = "", **headers: str) -> Browser:
        """Whoever signs in does that in the home of one machine, whose addresses lead to the app on AWS."""
        made = super().browser(language, host, **headers)
        routed = tuple(path for path in paths() if path not in IN_APP)
        made.http._transport = PagesGateway(self.function, routed, made.http._transport)
        return made

    def stranger(self, **headers: str) -> httpx.AsyncClient:
        """Somebody before whom there is nothing but the function."""
        nowhere = httpx.MockTransport(lambda request: httpx.Response(418, request=request))
        gateway: Any = PagesGateway(self.function, paths(), nowhere)
        sent = {"Accept": "text/html", "Accept-Language": "en", **headers}
        return httpx.AsyncClient(transport=gateway, base_url=self.home.public_url, headers=sent)
