"""What a browser carries: its cookies, and the tokens of its forms."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.identity.context import Provider

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


def csrf_token(secret: str) -> str:
    """The token of the forms bound to a cookie's secret, which it does not tell."""
    return hashlib.sha256(f"csrf\x00{secret}".encode()).hexdigest()


def csrf_matches(secret: str, submitted: str) -> bool:
    return bool(secret) and hmac.compare_digest(csrf_token(secret).encode(), submitted.encode())
