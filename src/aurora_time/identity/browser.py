"""What a browser carries: its cookies, the tokens of its forms, and from where it calls."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import LANGUAGE_COOKIE
from aurora_time.identity.context import Provider
from aurora_time.identity.words import accepted

SESSION_COOKIE: Final = "aurora_session"
BROWSER_COOKIE: Final = "aurora_browser"
"""A random secret of this browser: anonymous forms are bound to it, and an account knows it after a sign-in.
"""
BROWSER_AGE: Final = 400 * 86_400
"""Seconds; browsers keep no cookie longer."""
_SECRET: Final = re.compile(r"[0-9A-Za-z_-]{20,64}")


def cookie_name(provider: Provider, name: str) -> str:
    """``__Host-`` keeps other hosts of the domain from setting it, but needs https."""
    return f"__Host-{name}" if provider.secure else name


def read_cookie(provider: Provider, request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(provider, name), "")


def set_cookie(provider: Provider, response: Response, name: str, value: str, age: int) -> None:
    response.set_cookie(
        cookie_name(provider, name), value, max_age=age, secure=provider.secure, httponly=True, samesite="lax"
    )


def drop_cookie(provider: Provider, response: Response, name: str) -> None:
    response.delete_cookie(cookie_name(provider, name), secure=provider.secure, httponly=True, samesite="lax")


def browser_secret(provider: Provider, request: Request) -> str:
    """The secret of this browser, empty if it has none yet."""
    value = read_cookie(provider, request, BROWSER_COOKIE)
    return value if _SECRET.fullmatch(value) else ""


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


def csrf_token(secret: str) -> str:
    """The token of the forms bound to a cookie's secret, which it does not tell."""
    return hashlib.sha256(f"csrf\x00{secret}".encode()).hexdigest()


def csrf_matches(secret: str, submitted: str) -> bool:
    return bool(secret) and hmac.compare_digest(csrf_token(secret).encode(), submitted.encode())


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
