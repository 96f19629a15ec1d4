"""Who may see what only the owner of this machine may: requests from this machine, meant for this machine.

A browser can be led here by a name that a stranger made point to 127.0.0.1 (DNS rebinding): it then sends that
name as the Host, so only the names of loopback are taken. A proxy or tunnel on this machine lets strangers in
from a loopback address and may even rewrite the Host, but tells on itself by the headers it adds.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aurora_time.http.page import redirect

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_FORWARDING: Final = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip", "cdn-loop",
     "x-host", "x-proxyuser-ip", "x-remote-ip", "x-remote-addr"}
)  # fmt: skip
_FORWARDING_PREFIXES: Final = (
    "x-forwarded", "x-original", "x-envoy-", "x-amzn-", "x-amz-cf-", "x-azure-", "x-appengine-", "x-vercel-",
    "cf-", "fastly-", "fly-", "ngrok-", "tailscale-", "x-ngrok-", "x-goog-",
)  # fmt: skip


def is_forwarded(names: Iterable[str]) -> bool:
    """Whether one of these header names is a proxy's, a tunnel's or a content network's."""
    return any(name in _FORWARDING or name.startswith(_FORWARDING_PREFIXES) for name in map(str.lower, names))


def port_of(url: str) -> int:
    split = urlsplit(url)
    return split.port or (443 if split.scheme == "https" else 80)


def is_loopback_authority(authority: str, port: int) -> bool:
    """Whether a Host names loopback and this port, literally: ``localhost.`` and ``127.1`` are nobody's habit."""
    host, colon, digits = authority.rpartition(":")
    if authority.endswith("]") or not colon:
        host, digits = authority, "80"
    return host.lower() in _LOOPBACK and digits == str(port)


def is_at_home(request: Request, public_url: str) -> bool:
    """Whether a request comes from this machine itself: by its address, its Host, and no sign of a way around."""
    hosts = request.headers.getlist("host")
    return (
        len(hosts) == 1
        and is_loopback_authority(hosts[0], port_of(public_url))
        and not is_forwarded(request.headers.keys())
        and _is_loopback_address(request.client.host if request.client else "")
    )


def _is_loopback_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


class OneHost:
    """Leads browsers from another name of loopback to the public URL, to which cookies and sign-in are bound."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = self._detour(Request(scope))
            if response is not None:
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _detour(self, request: Request) -> RedirectResponse | None:
        authority = request.headers.get("host", "")
        split = urlsplit(self._public_url)
        is_page = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")
        if not is_page or authority.lower() == split.netloc or not is_at_home(request, self._public_url):
            return None
        return redirect(str(URL(scope=request.scope).replace(scheme=split.scheme, netloc=split.netloc)), 307)
