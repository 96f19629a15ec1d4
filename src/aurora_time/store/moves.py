"""What two homes remember of a move between them: one mark each, in the home that is left and in the one arrived at.

A home without a mark is live. The marks go: *leaving* and then *closed* in the source; *arriving* in the target while
it is filled; when both are equal, *left* in the source, and only then no mark any more in the target. So there is no
instant at which both are live.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

import msgspec

from aurora_time.ports import Item, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode

State = Literal["leaving", "closed", "left", "arriving"]
"""leaving: nothing new is sent; closed: nothing is written; left: nothing is served; arriving: nothing is yet."""

WATCHED: Final = 5
"""Seconds for which a server believes what it last read of the mark."""
STAYS: Final = keys.OF_SUBJECT | {"login", "signing", "signup", "reset", "code", "invitation", "guess"}
"""Kinds that are the embedded provider's alone: another issuer has no use for them, and must not have the secrets."""


class Amount(msgspec.Struct, frozen=True, array_like=True):
    items: int = 0
    bytes: int = 0

    def plus(self, items: list[Item]) -> Amount:
        return Amount(self.items + len(items), self.bytes + sum(len(item.body) for item in items))


class Copy(msgspec.Struct, frozen=True):
    """How far the target is filled: ``after`` is where the source's next page begins."""

    total: Amount
    done: Amount = Amount()
    after: Key | None = None
    is_whole: bool = False


class Mark(msgspec.Struct, frozen=True):
    """One ``id`` a move, in both homes, whose names are those that the operator gave; ``at`` is when it began.

    Without ``accounts``, what is the embedded provider's stays behind. ``copy`` is kept in the target. ``filled``, in a
    home that has left, is the version of the mark of the very target that was equal: on another machine there may be
    a half filled one of the same name.
    """

    id: str
    state: State
    source: str
    target: str
    at: int
    accounts: bool = True
    copy: Copy | None = None
    filled: str = ""

    @property
    def command(self) -> str:
        return f"`aurora move --from {self.source} --to {self.target}`"

    @property
    def given_up(self) -> str:
        """The id of the target's mark once the move is given up, so that it is never armed."""
        return f"not {self.id}"

    @property
    def sentence(self) -> str:
        """Why a home with this mark is not served."""
        again = self.command
        since = f"{dt.datetime.fromtimestamp(self.at, dt.UTC):%Y-%m-%d %H:%M} UTC"
        if self.state == "left":
            return f"{self.source} moved to {self.target} ({since}): start Aurora Time there."
        if self.state == "arriving":
            return f"{self.target} is an unfinished copy of {self.source} (begun {since}): {again} goes on with it."
        return (
            f"{self.source} is being moved to {self.target} (since {since}): {again} goes on with it, "
            "and with --cancel gives it up."
        )

    def crosses(self, item: Item) -> bool:
        """Whether an item of the source belongs in the target."""
        kind = item.key.part.partition("#")[0]
        return kind != keys.moving().part.partition("#")[0] and (self.accounts or kind not in STAYS)


def mark_put(mark: Mark, version: str, expect: str | None) -> Put:
    return Put(keys.moving(), encode(mark), version, expect)


def mark_of(item: Item | None) -> Mark | None:
    """What the item of ``keys.moving()`` says."""
    return decode(item.body, Mark) if item else None
