"""Schedules and bookings as they are stored: the items of each, put and removed together.

That two bookings never overlap is not held by their keys, since their lengths and buffers differ: who books reads all
that is taken, and the write holds only while the owner's head has not moved on (operations/bookings.py).
"""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.availability import Schedule
from aurora_time.ports import ABSENT, Change, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.people import Pointer

BOOKING_KEPT: Final = 400 * 86_400
"""Seconds after its end for which a booking is remembered."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a slug or a guest's link leads: whose it is, the schedule, and the sort of the booking's item."""

    owner: str
    schedule_id: str
    sort: str = ""


class Booking(msgspec.Struct, frozen=True):
    """A slot that a guest has taken. ``start``, ``end`` and ``created`` are instants.

    ``title`` is the schedule's name at the time; ``time_zone`` and ``locale`` are the guest's; ``link`` is the hash of
    the secret in the guest's link.
    """

    id: str
    schedule_id: str
    event_id: str
    start: int
    end: int
    created: int
    title: str
    name: str
    email: str
    note: str
    time_zone: str
    locale: str
    link: str


def schedule_items(owner: str, old: tuple[Schedule, str] | None, new: Schedule | None, version: str) -> list[Change]:
    """Every change of storing ``new`` in the place of ``old`` (with its version). A conflict on a slug: it is taken."""
    before, after = old[0].slug if old else "", new.slug if new else ""
    expect = old[1] if old else ABSENT
    result: list[Change] = []
    if new is not None:
        result.append(Put(keys.schedule(owner, new.id), encode(new), version, expect))
        if after and after != before:
            result.append(Put(keys.slug(after), encode(Place(owner, new.id)), version, ABSENT))
    elif old is not None:
        result.append(Delete(keys.schedule(owner, old[0].id), expect))
    if before and before != after:
        result.append(Delete(keys.slug(before)))
    return result


def booking_key(owner: str, booking: Booking) -> Key:
    return keys.booking(owner, booking.schedule_id, booking.start, booking.id)


def _pointers(owner: str, booking: Booking) -> tuple[Key, Key]:
    return keys.booking_place(owner, booking.schedule_id, booking.id), keys.booking_link(booking.link)


def booking_items(owner: str, booking: Booking, version: str) -> list[Change]:
    """A booking is found by its start, by its id and by the guest's link."""
    key, expires = booking_key(owner, booking), booking.end + BOOKING_KEPT
    place, link = _pointers(owner, booking)
    return [
        Put(key, encode(booking), version, ABSENT, expires),
        Put(place, encode(Pointer(key.sort)), version, ABSENT, expires),
        Put(link, encode(Place(owner, booking.schedule_id, key.sort)), version, ABSENT, expires),
    ]


def booking_removal(owner: str, booking: Booking, version: str) -> list[Change]:
    """Raises a conflict where somebody else was faster."""
    return [Delete(booking_key(owner, booking), version), *(Delete(key) for key in _pointers(owner, booking))]
