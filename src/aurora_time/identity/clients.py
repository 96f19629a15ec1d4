"""The registered public clients, and where they may be answered."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Client:
    """A public client (RFC 6749 section 2.1): it has no secret, so every code needs its PKCE verifier.

    A ``native`` one (a CLI, RFC 8252) is a sign-in of its own: it outlives that of the browser which allowed
    it.
    """

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    native: bool = False
    name: str = ""

    def may_answer_at(self, redirect_uri: str) -> bool:
        """Exact match, but a native client's loopback address may have any port (RFC 8252 section 7.3)."""
        if redirect_uri in self.redirect_uris:
            return True
        if not self.native:
            return False
        portless = _without_port(redirect_uri)
        return portless is not None and portless in {_without_port(uri) for uri in self.redirect_uris}


def _without_port(uri: str) -> str | None:
    """A loopback address with its port left out; None for any other address."""
    try:
        split = urlsplit(uri)
        port = split.port
    except ValueError:
        return None
    if split.scheme != "http" or split.hostname not in _LOOPBACK:
        return None
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    bare = host if port is None else f"{host}:{port}"
    if split.netloc != bare or split.fragment:
        return None
    return split._replace(netloc=host).geturl()


def origin_of(uri: str) -> str:
    """As a source of a Content-Security-Policy: ``https://host:port``, or ``app.example:`` for a private
    scheme.
    """
    split = urlsplit(uri)
    return f"{split.scheme}://{split.netloc}" if split.netloc else f"{split.scheme}:"
