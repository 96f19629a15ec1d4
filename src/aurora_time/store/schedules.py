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
    the secret in the guest's first link, ``more_links`` are those of later mails. ``sequence`` counts what calendars
    were told of it (RFC 5546 section 2.1.4).
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
    more_links: tuple[str, ...] = ()
    sequence: int = 0

    @property
    def place(self) -> str:
        """What its event names it."""
        return f"{self.schedule_id}#{self.id}"


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


def link_keys(booking: Booking) -> list[Key]:
    """Where the guest's links are found."""
    return [keys.booking_link(each) for each in (booking.link, *booking.more_links)]


def booking_items(owner: str, booking: Booking, version: str) -> list[Change]:
    """A booking is found by its start, by its id and by the guest's links."""
    return [_put(owner, booking, version, ABSENT), *_pointers(owner, booking, version, ABSENT)]


def _put(owner: str, booking: Booking, version: str, expect: str) -> Put:
    return Put(booking_key(owner, booking), encode(booking), version, expect, booking.end + BOOKING_KEPT)


def _pointers(owner: str, booking: Booking, version: str, expect: str | None) -> list[Change]:
    sort, expires = booking_key(owner, booking).sort, booking.end + BOOKING_KEPT
    place, link = encode(Pointer(sort)), encode(Place(owner, booking.schedule_id, sort))
    where = keys.booking_place(owner, booking.schedule_id, booking.id)
    puts = [Put(each, link, version, expect, expires) for each in link_keys(booking)]
    return [Put(where, place, version, expect, expires), *puts]


def booking_move(owner: str, old: tuple[Booking, str], new: Booking, version: str) -> list[Change]:
    """``new`` in the place of ``old`` (with its version), at another time; all links lead there."""
    before, after = booking_key(owner, old[0]), booking_key(owner, new)
    if before == after:
        return [_put(owner, new, version, old[1]), *_pointers(owner, new, version, None)]
    return [Delete(before, old[1]), _put(owner, new, version, ABSENT), *_pointers(owner, new, version, None)]


def booking_removal(owner: str, booking: Booking, version: str) -> list[Change]:
    """Raises a conflict where somebody else was faster."""
    place = keys.booking_place(owner, booking.schedule_id, booking.id)
    return [Delete(booking_key(owner, booking), version), Delete(place), *(Delete(key) for key in link_keys(booking))]


def booking_kept(owner: str, booking: Booking, version: str, until: int) -> Put:
    """What brings a booking back with its event, until an instant."""
    return Put(keys.booking_gone(owner, booking.id), encode(booking), version, None, until)
