"""A mail that was taken and came back later: the ledger, which says "sent", learns that it failed.

Where it stands in the ledger is told by the tags of the mail, which a mail service says again. They are believed only
of a mail that the ledger has sent to the very address which refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from aurora_time.domain.mail_address import one_spelling
from aurora_time.operations.services import Services
from aurora_time.ports import MAX_CHANGES, ConflictError, Key, Range
from aurora_time.store import keys, reminders
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from aurora_time.store.reminders import Entry

_OWNER: Final = "owner"
_REMINDER: Final = "reminder"
_PLACE: Final = re.compile(r"(-?\d{1,11})_([A-Za-z0-9_-]{1,64})")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HANDED_OVER: Final = frozenset({"sending", "sent"})
_REACH: Final = 2 * 86_400
"""Seconds around a reminder within which others may have been told by its mail: alarms that met, quiet hours."""
_LONGEST: Final = 200
_TRIES: Final = 5


def tags_of(owner: str, entry: Entry) -> tuple[tuple[str, str], ...]:
    """What leads from a mail to its place in the ledger, in letters that a mail service takes."""
    return ((_OWNER, owner), (_REMINDER, f"{entry.instant}_{entry.id}"))


def place_of(tags: Mapping[str, Sequence[str]]) -> Key | None:
    """The key in the ledger that tags name; None where they name none."""
    owner, place = (next(iter(tags.get(name, ())), "") for name in (_OWNER, _REMINDER))
    found = _PLACE.fullmatch(place)
    if found is None or _ID.fullmatch(owner) is None:
        return None
    return keys.ledger(owner, int(found[1]), found[2])


async def note_came_back(services: Services, place: Key, address: str, why: str) -> int:
    """The ledger says that the mail failed, of all reminders that it told of; answers of how many.

    Raises UnavailableError.
    """
    for _ in range(_TRIES):
        found = await _told_by(services, place, address)
        if not found:
            return 0
        owner, version = place.part.partition(keys.SEPARATOR)[2], services.ids.new()
        error = f"The mail came back: {' '.join(why.split())[:_LONGEST]}"
        failed = [
            reminders.ledger_put(owner, replace(entry, status="failed", sent_at=None, error=error), version, was)
            for entry, was in found[:MAX_CHANGES]
        ]
        try:
            await services.table.write(*failed)
        except ConflictError:  # it is being written down as sent, snoozed or dismissed just now
            continue
        services.writers.tell(owner)
        return len(failed)
    return 0


async def _told_by(services: Services, place: Key, address: str) -> list[tuple[Entry, str]]:
    """What the ledger says of all that the mail told of, with the versions."""
    owner = place.part.partition(keys.SEPARATOR)[2]
    item, person = await services.table.get(place, keys.person(owner))
    if item is None or person is None or one_spelling(decode(person.body, Person).email) != one_spelling(address):
        return []
    told = decode(item.body, Entry)
    low, high = (keys.ledger(owner, told.instant + reach, "").sort for reach in (-_REACH, _REACH))
    (items,) = await services.table.query(Range(place.part, low, high))
    entries = ((decode(each.body, Entry), each.version) for each in items)
    return [
        (entry, version)
        for entry, version in entries
        if told.message_id and entry.message_id == told.message_id and entry.status in _HANDED_OVER
    ]
