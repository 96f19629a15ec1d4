"""What a home remembers of having been restored from a backup: of its past, more was sent than its ledger knows."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.ports import Item, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

NOT_SENT: Final = "It may have been sent before the backup was restored."
"""What the ledger says of a reminder that was due by then and that the backup does not know as settled."""


class Restored(msgspec.Struct, frozen=True, array_like=True):
    """``at`` is the instant of the restore: reminders due up to it are shown, not sent."""

    at: int


def put_restored(at: int, version: str) -> Put:
    """Write down a restore, in place of an earlier one; ``at`` is an instant.

    It never expires: after any time without a server, an event may still wait for what was due before ``at``.
    """
    return Put(keys.restored(), encode(Restored(at)), version)


def restored_at(item: Item | None) -> int | None:
    """The instant of the last restore, None where there was none; ``item`` is the one of ``keys.restored()``."""
    return decode(item.body, Restored).at if item else None
