"""Who is signed in after a restore: nobody. What was ended since the copy was made must not come back with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.ports import MAX_CHANGES, Change, Clock, Delete, Ids, Item, Key, Put, StorageError, UnavailableError
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Subject, Token


@dataclass(frozen=True, slots=True)
class Known:
    """What the data that is replaced knows: the persons there, and the API tokens that are good."""

    persons: frozenset[Key]
    tokens: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sign-ins and API tokens of the copy are good no more, and how many tokens still are."""

    sign_ins: int
    tokens: int
    tokens_left: int


async def known_of(database: Path, clock: Clock) -> Known | None:
    """None where there is no data yet, or it cannot be read."""
    try:
        table = SqliteTable.open(database, clock, read_only=True)
    except StorageError:
        return None
    try:
        found = [await table.everywhere(f"{kind}{keys.SEPARATOR}") for kind in ("person", "token")]
    except UnavailableError:
        return None
    finally:
        await table.close()
    return Known(*(frozenset(item.key for item in items) for items in found))


async def end_sign_ins(table: SqliteTable, at: int, ids: Ids, known: Known | None, end_tokens: bool | None) -> Ended:
    """Sign everybody out of a copy that nobody serves; ``at`` is the instant of the restore.

    ``end_tokens``: all API tokens or none of them; None for those that ``known`` says were ended since.
    """
    ended = [item for kind in sorted(keys.SIGNING_IN) for item in await _all(table, kind)]
    tokens = [(item.key, decode(item.body, Token)) for item in await _all(table, "token")]
    doomed = [(key, token) for key, token in tokens if _ends(key, token, known, end_tokens)]
    changes: list[Change] = [Delete(item.key) for item in ended]
    for key, token in doomed:
        changes += [Delete(key), Delete(keys.tokens(token.person_id, token.id))]
    changes += _marked(await _all(table, "subject"), at, ids)
    for start in range(0, len(changes), MAX_CHANGES):
        await table.write(*changes[start : start + MAX_CHANGES])
    sign_ins = sum(item.key.part.startswith(f"session{keys.SEPARATOR}") for item in ended)
    return Ended(sign_ins, len(doomed), len(tokens) - len(doomed))


async def _all(table: SqliteTable, kind: str) -> list[Item]:
    return await table.everywhere(f"{kind}{keys.SEPARATOR}")


def _ends(key: Key, token: Token, known: Known | None, end_tokens: bool | None) -> bool:
    if end_tokens is not None:
        return end_tokens
    # Of somebody who is not in the replaced data (a new machine's) nothing can have been ended there.
    return known is not None and keys.person(token.person_id) in known.persons and key not in known.tokens


def _marked(subjects: Iterable[Item], at: int, ids: Ids) -> list[Change]:
    """Another issuer's tokens are good again only if they are issued from now on."""
    return [
        Put(item.key, encode(msgspec.structs.replace(decode(item.body, Subject), not_before=at + 1)), ids.new(), None)
        for item in subjects
    ]
