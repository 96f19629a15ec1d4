"""Bookings: a slot that a guest takes, at most once, with the event that stands for it in the owner's calendar.

No key could tell that two bookings of other lengths and buffers overlap, or that an event does. So a booking is decided
under the owner's head: it reads all that is taken up to that head, and its write holds only upon that very head. What
anybody else wrote for this owner meanwhile, a booking or an event, makes it read and decide anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from aurora_time.domain.availability import MAX_SLOT_MINUTES, Schedule, Slot
from aurora_time.domain.component import MAX_EVENTS, Attendee, Event, Time
from aurora_time.domain.moment import Duration, Moment, MomentError, Window, parse_instant
from aurora_time.operations.availability import find_slot
from aurora_time.operations.booking_mail import News, start_mails
from aurora_time.operations.drafts import EARLIEST, LATEST, OUT_OF_YEARS, read_zone
from aurora_time.operations.errors import ChangedError, ClashError, InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.free_busy import live_calendars
from aurora_time.operations.people import read_person
from aurora_time.operations.representation import event_resource
from aurora_time.operations.retrying import BUSY, TRIES
from aurora_time.operations.schedule_resources import BookingInput, detail_of
from aurora_time.operations.schedules import read_schedule
from aurora_time.operations.services import Services
from aurora_time.operations.strangers import counted, guest_limits
from aurora_time.ports import Change, ConflictError, Item, Key, Range
from aurora_time.store import keys, objects
from aurora_time.store.calendars import Held
from aurora_time.store.codec import decode
from aurora_time.store.objects import Context, Old, Stored
from aurora_time.store.people import Person, Pointer, hash_secret
from aurora_time.store.reminders import Armed
from aurora_time.store.schedules import Booking, Place, booking_items, booking_removal


class TakenError(ClashError):
    """The slot is not free, or not any more."""


class TooManyError(ClashError):
    """This guest has as many bookings ahead as one may have."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as it was made, and the secret of the guest's link, of which only the hash is kept."""

    booking: Booking
    version: str
    secret: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """A guest who books alone: ``most`` bookings ahead, and the ``secret`` of the link, so that what is sent twice is
    booked once.
    """

    most: int
    secret: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a guest asks for, and the names that it will have."""

    person: Person
    schedule_id: str
    body: BookingInput
    start: int
    time_zone: str
    stranger: Stranger | None
    booking_id: str
    event_id: str
    secret: str


# --- making one -------------------------------------------------------------------------------------------------------
async def create_booking(
    services: Services, owner: str, schedule_id: str, body: BookingInput, stranger: Stranger | None = None
) -> Booked:
    """Take a slot.

    Raises NotFoundError, InvalidError for what is no slot, TakenError (also where the stranger's secret is one of a
    booking already), TooManyError, TooLargeError; without a stranger SlowDownError, since a guest gets a mail.
    """
    wish = await _wish(services, owner, schedule_id, body, stranger)
    made: list[Booked] = []

    async def decide(held: Held) -> tuple[list[Change], Held]:
        schedule, _ = await read_schedule(services, owner, schedule_id)
        slot = await _free_slot(services, wish, schedule)
        if wish.stranger is not None:
            await _check_guest(services, wish, wish.stranger.most)
        limits = () if wish.stranger else guest_limits(owner, body.email)
        counting = await counted(services, limits)
        booked = Booked(_booking(wish, schedule, slot, services.now), services.ids.new(), wish.secret)
        made[:] = [booked]
        event = await _event(services, wish.person, schedule, booked.booking)
        changes, after = objects.changes(None, event, _context(services, wish.person, held, booked.version, event))
        changes += booking_items(owner, booked.booking, booked.version)
        changes += start_mails(services, owner, News("booked", booked.booking, booked.secret))
        return [*changes, *counting], after

    try:
        await services.writers.commit_decided(services.table, owner, decide)
    except ConflictError as conflict:
        if conflict.key == keys.booking_link(hash_secret(wish.secret)):
            raise TakenError("This was booked already.") from None
        raise ChangedError(BUSY) from None
    services.nudge(services.now)
    return made[0]


async def _wish(
    services: Services, owner: str, schedule_id: str, body: BookingInput, stranger: Stranger | None
) -> _Wish:
    """What can be checked of an input alone. Raises NotFoundError, InvalidError."""
    person, _ = await read_person(services, owner)
    try:
        start = parse_instant(body.start)
    except MomentError as error:
        raise InvalidError("/start", f"{error}.") from None
    if not EARLIEST <= start < LATEST:
        raise InvalidError("/start", OUT_OF_YEARS)
    zone = read_zone(body.time_zone, "/timeZone").id if body.time_zone else ""
    ids = services.ids
    secret = stranger.secret if stranger else ids.secret()
    return _Wish(person, schedule_id, body, start, zone, stranger, ids.new(), ids.new(), secret)


async def _free_slot(services: Services, wish: _Wish, schedule: Schedule) -> Slot:
    """Raises InvalidError for an instant at which no slot starts, TakenError for a slot that is refused."""
    minutes = wish.body.minutes or schedule.slot_minutes
    slot = await find_slot(services, wish.person, schedule, wish.start, minutes)
    mend = f"GET /v1/schedules/{schedule.id}/slots lists those that are free."
    if slot is None:
        raise InvalidError("/start", f"No slot of this schedule starts then. {mend}")
    if slot.refusal is not None:
        raise TakenError(f"This slot is not free. {detail_of(slot.refusal, schedule)} {mend}")
    return slot


async def _check_guest(services: Services, wish: _Wish, most: int) -> None:
    """Raises TooManyError for one booking too many. An address is compared without regard to case."""
    owner, address = wish.person.id, wish.body.email.casefold()
    low = keys.booking(owner, wish.schedule_id, services.now - MAX_SLOT_MINUTES * 60, "")
    (items,) = await services.table.query(Range(low.part, low.sort, f"{wish.schedule_id}#{keys.LAST}"))
    found = (decode(item.body, Booking) for item in items)
    if sum(each.email.casefold() == address and each.end > services.now for each in found) >= most:
        raise TooManyError(f"There are {most} bookings ahead for this address already. Cancel one first.")


def _booking(wish: _Wish, schedule: Schedule, slot: Slot, now: int) -> Booking:
    body = wish.body
    return Booking(
        id=wish.booking_id,
        schedule_id=schedule.id,
        event_id=wish.event_id,
        start=slot.start,
        end=slot.end,
        created=now,
        title=schedule.name,
        name=body.name.strip(),
        email=body.email,
        note=body.note,
        time_zone=wish.time_zone or schedule.time_zone,
        locale=body.locale or wish.person.locale,
        link=hash_secret(wish.secret),
    )


async def _event(services: Services, person: Person, schedule: Schedule, booking: Booking) -> Event:
    """The event of a booking: in the first busy calendar that is there, or in the person's first calendar.

    A calendar that is deleted meanwhile moves the head too, so nothing else needs to be held.
    """
    live = await live_calendars(services, person.id)
    chosen = (each for each in schedule.busy_calendar_ids if each in live)
    clock = schedule.zone
    start = Moment(clock.wall(booking.start), clock)
    return Event(
        id=booking.event_id,
        calendar_id=next(chosen, person.first_calendar),
        uid=f"{booking.event_id}@aurora-time",
        summary=f"{schedule.name}: {booking.name}",
        start=Time.of(start),
        end=Time.of(Duration(seconds=booking.end - booking.start).after(start)),
        created=booking.created,
        updated=booking.created,
        description=booking.note,
        attendees=(Attendee(booking.email, booking.name, "ACCEPTED"),),
        organizer=Attendee(person.email, person.name, "ACCEPTED", "CHAIR"),
        booked=booking.place,
    )


def _context(services: Services, person: Person, held: Held, version: str, event: Event | None) -> Context:
    """Raises TooLargeError where an account holds no more events."""
    if event is not None and held.head.events >= MAX_EVENTS:
        raise TooLargeError(f"An account holds at most {MAX_EVENTS} events; delete some.")
    wire = msgspec.json.encode(event_resource(event, version)) if event else b""
    return Context(person.id, held, services.now, version, person.preferences, wire)


# --- finding them -----------------------------------------------------------------------------------------------------
async def read_booking(services: Services, owner: str, schedule_id: str, booking_id: str) -> tuple[Booking, str]:
    """The booking and its version. Raises NotFoundError."""
    await read_schedule(services, owner, schedule_id)
    (place,) = await services.table.get(keys.booking_place(owner, schedule_id, booking_id))
    if place is None:
        raise NotFoundError
    return await _at(services, owner, decode(place.body, Pointer).id)


async def _at(services: Services, owner: str, sort: str) -> tuple[Booking, str]:
    (item,) = await services.table.get(Key(keys.booking(owner, "", 0, "").part, sort))
    if item is None:
        raise NotFoundError
    return decode(item.body, Booking), item.version


async def list_bookings(
    services: Services, owner: str, schedule_id: str, window: Window, page: tuple[int, str]
) -> tuple[list[tuple[Booking, str]], str | None]:
    """The schedule's bookings that overlap the window, by start, and where the next page goes on.

    ``page`` is how many at most, and where to go on, empty at first.
    """
    await read_schedule(services, owner, schedule_id)
    limit, after = page
    part, low = keys.booking(owner, schedule_id, window.start - MAX_SLOT_MINUTES * 60, "")
    low = f"{after}\x00" if after else low
    high = keys.booking(owner, schedule_id, window.end, "").sort
    found: list[tuple[Booking, str]] = []
    while True:
        (items,) = await services.table.query(Range(part, low, high, limit + 1))
        for item in items:
            booking = decode(item.body, Booking)
            if not window.overlaps(booking.start, booking.end):
                continue
            if len(found) == limit:
                return found, after
            found.append((booking, item.version))
            after = item.key.sort
        if len(items) <= limit:
            return found, None
        low = f"{items[-1].key.sort}\x00"


async def find_by_link(services: Services, secret: str) -> tuple[Person, Booking, str]:
    """Whose booking a guest's link leads to, the booking, and its version. Raises NotFoundError."""
    (item,) = await services.table.get(keys.booking_link(hash_secret(secret)))
    if item is None:
        raise NotFoundError
    place = decode(item.body, Place)
    person, _ = await read_person(services, place.owner)
    return person, *(await _at(services, place.owner, place.sort))


# --- cancelling one ---------------------------------------------------------------------------------------------------
async def cancel_booking(
    services: Services, owner: str, schedule_id: str, booking_id: str, check: Callable[[str], None]
) -> None:
    """The owner takes a booking away. ``check`` sees its version, and may raise. Raises NotFoundError."""
    person, _ = await read_person(services, owner)
    for _ in range(TRIES):
        booking, version = await read_booking(services, owner, schedule_id, booking_id)
        check(version)
        if await _remove(services, person, booking, version):
            return
    raise ChangedError(BUSY)


async def cancel_by_link(services: Services, secret: str) -> tuple[Person, Booking]:
    """The guest gives a slot back. Raises NotFoundError for one that is gone, ClashError for one that is over."""
    for _ in range(TRIES):
        person, booking, version = await find_by_link(services, secret)
        if booking.end <= services.now:
            raise ClashError("This is over, so there is nothing to cancel.")
        if await _remove(services, person, booking, version):
            return person, booking
    raise ChangedError(BUSY)


async def _remove(services: Services, person: Person, booking: Booking, version: str) -> bool:
    """Take a booking away with its event, and tell both if it is not over. False if something changed meanwhile."""
    owner, new_version = person.id, services.ids.new()
    item, armed = await services.table.get(keys.object_(owner, booking.event_id), keys.armed(owner, booking.event_id))
    removal = booking_removal(owner, booking, version)
    if booking.end > services.now:
        removal += start_mails(services, owner, News("cancelled", booking))
    old = Old(decode(item.body, Stored), item.version, _armed(armed)) if item else None

    def build(held: Held) -> tuple[list[Change], Held]:
        changes, after = objects.changes(old, None, _context(services, person, held, new_version, None))
        return [*changes, *removal], after

    try:
        if old is None:  # its owner deleted the event: only the booking is left
            await services.table.write(*removal)
        else:
            await services.writers.commit(services.table, owner, build)
    except ConflictError:
        return False
    services.nudge(services.now)
    return True


def _armed(item: Item | None) -> tuple[Armed, str] | None:
    return (decode(item.body, Armed), item.version) if item else None
