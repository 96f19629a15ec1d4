"""``aurora key rotate``: a new key for the tokens, before its time."""

from __future__ import annotations

import msgspec

from aurora_time.run.control import OperatorError
from aurora_time.run.wiring import Home


class Rotation(msgspec.Struct, frozen=True):
    """``at_once``: the new key signs now, though others may not know it yet."""

    at_once: bool = False


class Rotated(msgspec.Struct, frozen=True):
    """In how many seconds the new key begins to sign."""

    seconds: int


async def rotate_key(home: Home, wanted: Rotation) -> Rotated:
    """Live sign-ins are not disturbed. Raises OperatorError, UnavailableError."""
    if home.settings.issuer is not None:
        raise OperatorError(f"Tokens are signed by {home.settings.issuer.url}; rotate the key there.")
    signs_from = await home.provider.keys.rotate(at_once=wanted.at_once)
    return Rotated(max(0, round(signs_from - home.services.clock.now())))


def sentence(rotated: Rotated) -> str:
    """What became of it."""
    if rotated.seconds == 0:
        return "A new key signs from now on; the old one verifies for another 15 minutes, and is deleted then."
    return (
        f"A new key is published; it signs in {round(rotated.seconds / 60)} minutes, when everybody knows it. "
        "The old one is deleted 15 minutes after that."
    )
