"""The mails of a booking: to the guest and to the owner, by a job that the booking's own write starts.

So a booking is never without its mails, even if the mail server is away for a day. The guest's mail goes to an address
that a stranger typed in: it holds nothing else that a stranger wrote.
"""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from aurora_time.domain.component import Attendee, Event, Time
from aurora_time.domain.icalendar_writer import Heading, write_calendar
from aurora_time.domain.zones import zone
from aurora_time.mail.booking import BookingFacts, booking_mail
from aurora_time.mail.wording import Span, Wall, locale_of
from aurora_time.operations.job_mail import hand_over
from aurora_time.operations.restored import restored_at
from aurora_time.operations.services import Services
from aurora_time.operations.suppression import find_held
from aurora_time.ports import Attachment, Change, Mail
from aurora_time.store import jobs, keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.people import Person
from aurora_time.store.schedules import Booking, booking_key

BOOKING_MAILS: Final = "booking-mails"
PROMPT: Final = 4
"""So many changes of a booking are told at once; each later one waits twice as long, at most a day."""
_DAY: Final = 86_400
_OWNER: Final = "owner"
"""The cursor at which the guest's mail is sent, and the owner's is next."""


class News(msgspec.Struct, frozen=True):
    """What both are told, or with ``guest_only`` the guest; ``was`` is when it was to be, of one that was moved.

    ``secret`` is that of the guest's link, kept only until the mail is sent.
    """

    kind: Literal["booked", "moved", "cancelled"]
    booking: Booking
    secret: str = ""
    was: tuple[int, int] | None = None
    guest_only: bool = False

    def is_over(self, now: int) -> bool:
        """Whether it is no matter to anybody any more."""
        return max(self.booking.end, self.was[1] if self.was else 0) <= now


def start_mails(services: Services, owner: str, news: News) -> list[Change]:
    """What lets the mails be sent, in the write that they tell of."""
    argument = msgspec.json.encode(news).decode()
    at = services.now + _pause(news.booking.sequence)
    job = jobs.new_job(owner, services.ids.new(), BOOKING_MAILS, argument, at)
    return jobs.start(owner, job, services.ids.new())


def _pause(sequence: int) -> int:
    """Seconds before a mail goes out: who moves a booking for ever must not fill the guest's mailbox.

    As only the last word is sent, the guest still gets it.
    """
    return 0 if sequence <= PROMPT else min(_DAY, 60 << min(sequence - PROMPT, 16))


async def send_mails(services: Services, owner: str, job: Job) -> str | None:
    """A page of the job: one mail. Raises MailUnavailableError when it is to be tried again."""
    news = msgspec.json.decode(job.argument, type=News)
    item, restored = await services.table.get(keys.person(owner), keys.restored())
    if item is None or news.is_over(services.now) or not await _is_last(services, owner, news):
        return None  # nobody, or nothing, is left to tell about
    if job.created <= (restored_at(restored) or 0):
        return None  # it may have been sent after the backup was made
    person = decode(item.body, Person)
    mail = owner_mail(services, person, news) if job.cursor == _OWNER else guest_mail(services, person, news)
    if await find_held(services, mail.to) is None:
        await hand_over(services, job, mail)
    return None if job.cursor == _OWNER or news.guest_only else _OWNER


async def _is_last(services: Services, owner: str, news: News) -> bool:
    """Whether nothing else is to be told of it since."""
    booking = news.booking
    held, place = await services.table.get(
        booking_key(owner, booking), keys.booking_place(owner, booking.schedule_id, booking.id)
    )
    if news.kind == "cancelled":
        return place is None
    return held is not None and decode(held.body, Booking).sequence == booking.sequence


def guest_mail(services: Services, person: Person, news: News) -> Mail:
    """In the guest's language and zone; nothing in it was written by the guest."""
    booking = news.booking
    attendee = Attendee(booking.email, "", "ACCEPTED")
    facts = BookingFacts(
        to=booking.email,
        to_name="",
        locale=locale_of(booking.locale),
        message_id=_message_id(services, news, "guest"),
        kind=news.kind,
        title=booking.title,
        when=_span(booking, booking.time_zone),
        was=_between(*news.was, booking.time_zone) if news.was else None,
        host=person.name,
        url=_link(services, news),
        calendar=_calendar(services, person, news, attendee),
    )
    return booking_mail(facts)


def owner_mail(services: Services, person: Person, news: News) -> Mail:
    """In the owner's language and zone, with what the guest wrote."""
    booking, home = news.booking, person.time_zone
    facts = BookingFacts(
        to=person.email,
        to_name=person.name,
        locale=locale_of(person.locale),
        message_id=_message_id(services, news, "owner"),
        kind=news.kind,
        title=booking.title,
        when=_span(booking, home),
        guest=booking.name,
        guest_email=booking.email,
        guest_when=_span(booking, booking.time_zone) if booking.time_zone != home else None,
        note=booking.note,
        url=f"{services.public_url}/events/{booking.event_id}" if news.kind == "booked" else "",
        calendar=_calendar(services, person, news, None),
    )
    return booking_mail(facts)


def _link(services: Services, news: News) -> str:
    """The guest's own page of the booking, while there is one."""
    return f"{services.public_url}/booking/{news.secret}" if news.secret else ""


def _message_id(services: Services, news: News, to: str) -> str:
    """The same for the same news, however often a crash has it sent."""
    host = urlsplit(services.public_url).hostname or "localhost"
    later = [str(news.booking.sequence)] if news.booking.sequence else []
    return f"<{keys.digest(news.booking.id, news.kind, to, *later)}@{'localhost' if ':' in host else host}>"


def _span(booking: Booking, zone_name: str) -> Span:
    return _between(booking.start, booking.end, zone_name)


def _between(start: int, end: int, zone_name: str) -> Span:
    clock = zone(zone_name)
    return Span(*(Wall(clock.wall(each), clock.id) for each in (start, end)))


def _calendar(services: Services, person: Person, news: News, attendee: Attendee | None) -> Attachment:
    """RFC 5546: the guest is asked (REQUEST), the owner told (PUBLISH, which names no attendee), both of a CANCEL."""
    booking, is_cancel = news.booking, news.kind == "cancelled"
    other = person.name if attendee else booking.name
    method = "CANCEL" if is_cancel else "REQUEST" if attendee else "PUBLISH"
    event = Event(
        id=booking.event_id,
        calendar_id="",
        uid=f"{booking.event_id}@aurora-time",
        summary=f"{booking.title}: {other}" if other else booking.title,
        start=Time(booking.start, "UTC"),
        end=Time(booking.end, "UTC"),
        created=booking.created,
        updated=booking.created,
        url=(_link(services, news) if attendee else "") or None,
        attendees=(attendee,) if attendee else (),
        organizer=Attendee(person.email, person.name),
        status="CANCELLED" if is_cancel else "CONFIRMED",
        sequence=booking.sequence + is_cancel,
    )
    text = write_calendar([event], Heading(method=method, stamp=services.now))
    return Attachment(f"text/calendar; method={method}; charset=utf-8", text.encode(), "booking.ics")
