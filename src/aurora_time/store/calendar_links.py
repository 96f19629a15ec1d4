"""The secret link of a calendar as it is stored: with the owner as it is shown, and by its hash as it is looked up."""

from __future__ import annotations

import msgspec

from aurora_time.ports import ABSENT, Change, Check, Delete, Item, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import hash_secret


class CalendarLink(msgspec.Struct, frozen=True, array_like=True):
    """``secret`` stands as it is, since its owner is shown it again; ``created`` is an instant."""

    secret: str
    created: int


class Linked(msgspec.Struct, frozen=True, array_like=True):
    """Which calendar a link leads to."""

    owner: str
    calendar_id: str


Held = tuple[CalendarLink, str] | None
"""A link with its version, None where there is none."""


def lookup(link: CalendarLink) -> Key:
    """Where it is found by who has nothing but its secret."""
    return keys.ical(hash_secret(link.secret))


def renewal(place: tuple[str, str], old: Held, new: CalendarLink, version: str) -> list[Change]:
    """``new`` in the place of ``old``, which is good no more, for a calendar by its owner and id."""
    owner, calendar_id = place
    result: list[Change] = [
        Put(keys.calendar_link(owner, calendar_id), encode(new), version, old[1] if old else ABSENT),
        Put(lookup(new), encode(Linked(owner, calendar_id)), version, ABSENT),
    ]
    return [*result, Delete(lookup(old[0]))] if old else result


def ending(owner: str, calendar_id: str, item: Item | None) -> list[Change]:
    """What ends the link with its calendar, from what was read of it: none is made meanwhile."""
    if item is None:
        return [Check(keys.calendar_link(owner, calendar_id), ABSENT)]
    return removal(owner, calendar_id, (decode(item.body, CalendarLink), item.version))


def removal(owner: str, calendar_id: str, old: tuple[CalendarLink, str]) -> list[Change]:
    return [Delete(keys.calendar_link(owner, calendar_id), old[1]), Delete(lookup(old[0]))]
