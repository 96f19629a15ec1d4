"""Which spellings of a mail address are one address."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

TWO_READINGS: Final = frozenset("ßς\u200c\u200d")
"""What may stand in a domain, and for which the standards (RFC 3490, RFC 5891) make two domains of it."""


def one_spelling(address: str) -> str:
    """The one of all spellings: without regard to case, an international domain as it goes over the wire.

    Mail services tell of ``xn--`` labels what people write, and have signed up with, in their own letters.
    """
    local, at, domain = address.rpartition("@")
    if not domain.isascii() and not TWO_READINGS & set(domain):
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode()
    return f"{local.casefold()}{at}{domain.lower()}"
