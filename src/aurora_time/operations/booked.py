"""What becomes of a booking when the event that stands for it is moved, cancelled, deleted or brought back.

The booking goes where its event goes: the slot of the new time is taken and that of the old one free, in the event's
own write. With its event it is cancelled, and comes back if that does while the trash would keep it. The guest is told
each time by mail, with what a calendar needs to follow (RFC 5546).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from aurora_time.domain.availability import MAX_SLOT_MINUTES
from aurora_time.domain.component import Event
from aurora_time.domain.moment import Zone
from aurora_time.domain.series import is_series, occurrence_at
from aurora_time.operations.booking_mail import News, start_mails
from aurora_time.operations.errors import ClashError
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Delete, Key, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Old, Replaced
from aurora_time.store.people import Pointer, hash_secret
from aurora_time.store.schedules import Booking, booking_items, booking_kept, booking_move, booking_removal
from aurora_time.store.trash import KEPT

MOST_CHANGES: Final = 16
"""Of a write, for one booking."""
_LINKS: Final = 8
"""Of later mails; of more than so many the oldest no longer leads anywhere. The first one always does."""
_TAKEN: Final = (
    "Somebody else has booked this time since, so the booking of this event cannot come back. "
    "Cancel the other booking first, or make the event anew."
)


class _Turn(NamedTuple):
    """A booking by its place, and when it is to be, in instants; None: it is cancelled."""

    place: str
    wanted: tuple[int, int] | None


def turns(replaced: Sequence[Replaced], home: Zone) -> list[_Turn]:
    """What a write of events changes for bookings."""
    return list(_turns(replaced, home))


def _turns(replaced: Sequence[Replaced], home: Zone) -> Iterator[_Turn]:
    for old, new, _ in replaced:
        before = old.stored.own if isinstance(old, Old) else None
        after = new if isinstance(new, Event) else None
        place = after.booked if after else before.booked if before else ""
        if place:
            was, wanted = (_period(each, home) for each in (before, after))
            if was != wanted:
                yield _Turn(place, wanted)


def _period(event: Event | None, home: Zone) -> tuple[int, int] | None:
    """When the guest comes: of what was made a series of, at its first time, wherever that was moved."""
    if event is None or event.status == "CANCELLED":
        return None
    if not is_series(event):
        return event.start.instant(home), event.end.instant(home)
    found = occurrence_at(event, event.start.wall, home)
    return None if found is None else (found.start.instant(home), found.end.instant(home))


async def follow(services: Services, owner: str, turned: Sequence[_Turn]) -> list[Change]:
    """What lets the bookings follow, for the write that changes their events; whoever writes it nudges.

    Raises ClashError where one cannot come back.
    """
    return [change for turn in turned for change in await _follow(services, owner, turn)]


async def _follow(services: Services, owner: str, turn: _Turn) -> list[Change]:
    schedule_id, _, booking_id = turn.place.partition("#")
    gone_key = keys.booking_gone(owner, booking_id)
    place, gone = await services.table.get(keys.booking_place(owner, schedule_id, booking_id), gone_key)
    if place is None:
        if gone is None or turn.wanted is None:
            return []  # the guest cancelled it, or it is too long ago
        return [Delete(gone_key, gone.version), *await _bring_back(services, owner, decode(gone.body, Booking), turn)]
    part = keys.booking(owner, "", 0, "").part
    (item,) = await services.table.get(Key(part, decode(place.body, Pointer).id))
    if item is None:
        return []
    booking = decode(item.body, Booking)
    if turn.wanted is None:
        return _cancel(services, owner, booking, item.version)
    if turn.wanted == (booking.start, booking.end):
        return []
    return _move(services, owner, (booking, item.version), turn.wanted)


def _cancel(services: Services, owner: str, booking: Booking, version: str) -> list[Change]:
    changes = booking_removal(owner, booking, version)
    changes.append(booking_kept(owner, booking, services.ids.new(), services.now + KEPT))
    if booking.end > services.now:
        changes += start_mails(services, owner, News("cancelled", booking))
    return changes


def _move(services: Services, owner: str, old: tuple[Booking, str], wanted: tuple[int, int]) -> list[Change]:
    was = old[0].start, old[0].end
    booking, secret = _told_anew(services, old[0], wanted, old[0].sequence + 1)
    changes = booking_move(owner, old, booking, services.ids.new())
    dropped = set(old[0].more_links) - set(booking.more_links)
    changes += [Delete(keys.booking_link(each)) for each in sorted(dropped)]
    news = News("moved", booking, secret, was, guest_only=True)
    return changes if news.is_over(services.now) else [*changes, *start_mails(services, owner, news)]


async def _bring_back(services: Services, owner: str, gone: Booking, turn: _Turn) -> list[Change]:
    """Its cancellation had a sequence of its own."""
    booking, secret = _told_anew(services, gone, turn.wanted or (gone.start, gone.end), gone.sequence + 2)
    changes = booking_items(owner, booking, services.ids.new())
    if booking.end <= services.now:
        return changes
    if await _is_taken(services, owner, booking):
        raise ClashError(_TAKEN)
    return [*changes, *start_mails(services, owner, News("booked", booking, secret, guest_only=True))]


def _told_anew(services: Services, booking: Booking, period: tuple[int, int], sequence: int) -> tuple[Booking, str]:
    """The booking at a time, with a link for the mail that tells of it, and the secret of that."""
    secret = services.ids.secret()
    links = (*booking.more_links, hash_secret(secret))[-_LINKS:]
    return replace(booking, start=period[0], end=period[1], more_links=links, sequence=sequence), secret


async def _is_taken(services: Services, owner: str, wanted: Booking) -> bool:
    """Whether another booking of the schedule has some of its time now."""
    low = keys.booking(owner, wanted.schedule_id, wanted.start - MAX_SLOT_MINUTES * 60, "")
    high = keys.booking(owner, wanted.schedule_id, wanted.end, "").sort
    (items,) = await services.table.query(Range(low.part, low.sort, high))
    others = (decode(item.body, Booking) for item in items)
    return any(each.start < wanted.end and wanted.start < each.end for each in others)
