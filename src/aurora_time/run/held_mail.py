"""``aurora mail held`` and ``release``: the addresses that take no mail, and letting one through again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from aurora_time.operations.suppression import find_held, let_through, list_held
from aurora_time.run.wiring import Home


class HeldAddress(msgspec.Struct, frozen=True):
    """An address and why it is held; times are RFC 3339 in UTC."""

    email: str
    reason: str
    since: str
    until: str


class Release(msgspec.Struct, frozen=True):
    """Which address."""

    email: str


class Released(msgspec.Struct, frozen=True, rename="camel"):
    was_held: bool


async def show_held(home: Home) -> list[HeldAddress]:
    """Raises UnavailableError."""
    return [
        HeldAddress(each.address, "complaint" if each.complained else "refused", _time(each.since), _time(each.until))
        for each in await list_held(home.services)
    ]


async def release_held(home: Home, wanted: Release) -> Released:
    """Let mails to an address through, also before it is held. Raises UnavailableError."""
    held = await find_held(home.services, wanted.email)
    await let_through(home.services, wanted.email)
    return Released(held is not None)


def _time(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"
