"""Addresses as operators type them."""

from __future__ import annotations

from aurora_time.identity.accounts import well_formed
from aurora_time.run.control import OperatorError


def check_address(email: str) -> None:
    """Raises OperatorError for what is none."""
    if not well_formed(email):
        raise OperatorError(f"{email!r} is no e-mail address; give one like sam@example.org.")
