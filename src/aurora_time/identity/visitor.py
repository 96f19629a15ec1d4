"""What any request of a browser says of who makes it: the languages that are wished for, and from where it calls."""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from aurora_time.http.page import LANGUAGE_COOKIE
from aurora_time.identity.words import accepted


def asked_languages(request: Request) -> list[str]:
    """The ``ui_locales`` of an authorization request (OpenID Connect Core section 3.1.2.1), or of the one that a page
    leads on to.
    """
    query = request.query_params
    leads_on = dict(parse_qsl(urlsplit(query.get("next", "")).query))
    return (query.get("ui_locales") or leads_on.get("ui_locales", "")).split()


def wished_languages(request: Request) -> list[str]:
    """Tags, the most wanted first: what a client asks for, what somebody chose in this browser, what that prefers."""
    chosen = [request.cookies[LANGUAGE_COOKIE]] if request.cookies.get(LANGUAGE_COOKIE) else []
    return [*asked_languages(request), *chosen, *accepted(request.headers.get("accept-language", ""))]


def network_of(request: Request) -> str:
    """The /24 (IPv4) or /64 (IPv6) a request comes from."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
