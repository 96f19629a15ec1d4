"""Which spellings of a mail address are one address."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

_TWO_READINGS: Final = frozenset("ßς\u200c\u200d")
"""What may stand in a domain, and for which the standards (RFC 3490, RFC 5891) make two domains of it."""


class TwoReadingsError(UnicodeError):
    """The standards disagree about this domain."""


def wired(domain: str) -> str:
    """As it goes over the wire, an international one as ``xn--`` labels (RFC 5890).

    Raises TwoReadingsError, and UnicodeError for what is no domain.
    """
    if domain.isascii():
        return domain
    if _TWO_READINGS & set(domain):
        raise TwoReadingsError
    return domain.encode("idna").decode()


def one_spelling(address: str) -> str:
    """The one of all spellings: without regard to case, an international domain as it goes over the wire.

    Mail services tell of ``xn--`` labels what people write, and have signed up with, in their own letters.
    """
    local, at, domain = address.rpartition("@")
    with suppress(UnicodeError):
        domain = wired(domain)
    return f"{local.casefold()}{at}{domain.lower()}"
