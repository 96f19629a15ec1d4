"""Asking an issuer over HTTP: JSON in, no redirects, little patience. It blocks, so it belongs in a worker thread."""

from __future__ import annotations

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

_TIMEOUT: Final = 5.0
_MAX_ANSWER: Final = 1_000_000


class IssuerError(Exception):
    """The issuer did not answer as it should; ``status`` if it answered at all."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Ask(Protocol):
    def __call__(self, url: str, *, token: str = "", form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at ``url``, with a bearer token, or as the answer to a form. Raises IssuerError."""
        ...


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Whoever may redirect us could have us ask machines behind our firewall."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@cache
def _opener(at_home: bool) -> urllib.request.OpenerDirector:
    """Kept, since making one reads all authorities that certificates are held against. At home no proxy is asked."""
    proxies = [urllib.request.ProxyHandler({})] if at_home else []
    return urllib.request.build_opener(_NoRedirects, *proxies)


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def ask_issuer(url: str, *, token: str = "", form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """See Ask."""
    split = urlsplit(url)
    at_home = is_loopback(split.hostname or "")
    if split.scheme != "https" and not (split.scheme == "http" and at_home):
        raise IssuerError(f"{url or 'one of its addresses'} is not https")
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, headers)  # noqa: S310  the scheme is checked
    try:
        with _opener(at_home).open(request, timeout=_TIMEOUT) as response:
            return _read(response.read(_MAX_ANSWER + 1))
    except urllib.error.HTTPError as error:
        with error:
            raise IssuerError(f"{split.netloc} answered {error.code}", error.code) from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise IssuerError(f"{split.netloc} cannot be reached ({reason})") from None


def _read(answer: bytes) -> dict[str, Any]:
    if len(answer) > _MAX_ANSWER:
        raise IssuerError("its answer is too long")
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError):
        raise IssuerError("its answer is not JSON") from None
    if not isinstance(read, dict):
        raise IssuerError("its answer is no JSON object")
    return read
