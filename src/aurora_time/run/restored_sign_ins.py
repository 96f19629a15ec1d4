"""Who is signed in after a restore: nobody. What was ended since the copy was made must not come back with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import (
    MAX_CHANGES,
    Change,
    Clock,
    Copied,
    Delete,
    Ids,
    Item,
    Key,
    Put,
    StorageError,
    UnavailableError,
)
from aurora_time.run.tables import HomeTable
from aurora_time.store import keys
from aurora_time.store.calendar_links import Linked
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Subject, Token

_PAGE: Final = 5_000
_KNOWN: Final = ("person", "token", "ical")


@dataclass(frozen=True, slots=True)
class Known:
    """What the data that is replaced knows: the persons there, and the API tokens and secret links that are good."""

    persons: frozenset[Key]
    tokens: frozenset[Key]
    links: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sign-ins and API tokens of the copy are good no more, and how many tokens still are."""

    sign_ins: int
    tokens: int
    tokens_left: int

    @property
    def told(self) -> dict[str, object]:
        """What a program reads."""
        return {"signInsEnded": self.sign_ins, "tokensEnded": self.tokens, "tokensLeft": self.tokens_left}


async def known_of(database: Path, clock: Clock) -> Known | None:
    """None where there is no data yet, or it cannot be read."""
    try:
        table = SqliteTable.open(database, clock, read_only=True)
    except StorageError:
        return None
    try:
        found = await _items_of(table, frozenset(_KNOWN))
    except UnavailableError:
        return None
    finally:
        await table.close()
    return Known(*(frozenset(item.key for item in found[kind]) for kind in _KNOWN))


async def end_sign_ins(table: HomeTable, at: int, ids: Ids, known: Known | None, end_tokens: bool | None) -> Ended:
    """Sign everybody out of a copy that nobody serves; ``at`` is the instant of the restore.

    ``end_tokens``: all API tokens or none of them; None for those that ``known`` says were ended since. Secret links
    of calendars go as they do.
    """
    found = await _items_of(table, keys.SIGNING_IN | {"subject", "token", "ical"})
    ended = [item for kind in sorted(keys.SIGNING_IN) for item in found[kind]]
    tokens = [(item.key, decode(item.body, Token)) for item in found["token"]]
    doomed = [(key, token) for key, token in tokens if _ends(key, token.person_id, known, end_tokens)]
    changes: list[Change] = [Delete(item.key) for item in ended]
    for key, token in doomed:
        changes += [Delete(key), Delete(keys.tokens(token.person_id, token.id))]
    for item in found["ical"]:
        linked = decode(item.body, Linked)
        if _ends(item.key, linked.owner, known, end_tokens):
            changes += [Delete(item.key), Delete(keys.calendar_link(linked.owner, linked.calendar_id))]
    changes += _marked(found["subject"], at, ids)
    for start in range(0, len(changes), MAX_CHANGES):
        await table.write(*changes[start : start + MAX_CHANGES])
    return Ended(len(found["session"]), len(doomed), len(tokens) - len(doomed))


async def _items_of(table: Copied, kinds: frozenset[str]) -> dict[str, list[Item]]:
    """All items of these kinds: the whole table is read for them, since nobody waits for an answer."""
    found: dict[str, list[Item]] = {kind: [] for kind in kinds}
    after: Key | None = None
    while True:
        items, after = await table.scan(after, _PAGE)
        for item in items:
            kind = item.key.part.partition(keys.SEPARATOR)[0]
            if kind in kinds:
                found[kind].append(item)
        if after is None:
            return found


def _ends(key: Key, owner: str, known: Known | None, end_tokens: bool | None) -> bool:
    if end_tokens is not None:
        return end_tokens
    # Of somebody who is not in the replaced data (a new machine's) nothing can have been ended there.
    return known is not None and keys.person(owner) in known.persons and key not in known.tokens | known.links


def _marked(subjects: Iterable[Item], at: int, ids: Ids) -> list[Change]:
    """Another issuer's tokens are good again only if they are issued from now on."""
    return [
        Put(item.key, encode(msgspec.structs.replace(decode(item.body, Subject), not_before=at + 1)), ids.new(), None)
        for item in subjects
    ]
