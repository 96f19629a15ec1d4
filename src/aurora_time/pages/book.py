"""The public page on which strangers book: the free times, the form, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from aurora_time.domain.availability import Schedule, Slot
from aurora_time.domain.moment import DAY, UTC, Moment, MomentError, Window, Zone, parse_date, print_compact, print_date
from aurora_time.domain.zones import UnknownZoneError, modern, places, zone
from aurora_time.http.page import read_form, redirect, same_origin
from aurora_time.mail.wording import Span, Wall, date_text, duration_text, span_text
from aurora_time.operations.availability import SlotPage, SlotQuestion, find_slot, list_slots
from aurora_time.operations.bookings import Stranger, TakenError, TooManyError, create_booking, find_by_link
from aurora_time.operations.drafts import EARLIEST, LATEST
from aurora_time.operations.errors import InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.representation import Address
from aurora_time.operations.schedule_resources import BookingInput, Note, PersonName
from aurora_time.operations.schedules import find_by_slug
from aurora_time.operations.strangers import BOOKINGS_AHEAD, SlowDownError, booking_limits, count
from aurora_time.pages.book_words import BOOK_WORDS, BookWords
from aurora_time.pages.view import View
from aurora_time.store.people import Person

DAYS: Final = 14
FIELDS: Final = ("name", "email", "note")
_SHOWN: Final = 600
"""Times of one page at most: a page is for reading."""
_FAR: Final = 366 * DAY
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")
_CONTROLS_OF_TEXT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_TICKET: Final = re.compile(r"[\w-]{27}", re.ASCII)
"""The secret of the guest's link is made with the form."""
_COOKIE: Final = "aurora_booked"
"""The secret of the guest's link that this browser came to last, sent to this schedule's page alone."""
_COOKIE_AGE: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Time:
    """A free slot on the guest's clock; ``path`` is its start as it stands in the address."""

    path: str
    clock: str


@dataclass(frozen=True, slots=True)
class Day:
    date: str
    iso: str
    times: tuple[Time, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """A schedule that strangers see, and the clock on which they see it."""

    view: View
    slug: str
    person: Person
    schedule: Schedule
    clock: Zone

    @classmethod
    async def of(cls, view: View, zone_name: str) -> Stand:
        """Raises NotFoundError. A zone that is not known is the schedule's own."""
        slug = view.parameter("slug").lower()  # somebody reads it from a card, and a phone begins with a capital
        person, schedule = await find_by_slug(view.services, slug)
        try:
            clock = zone(modern(zone_name)) if zone_name else schedule.zone
        except UnknownZoneError:
            clock = schedule.zone
        return cls(view, slug, person, schedule, clock)

    @property
    def words(self) -> BookWords:
        return BOOK_WORDS[self.view.locale]

    @property
    def title(self) -> str:
        name = self.person.name
        return self.words.title_with.format(name=name) if name else self.words.title

    def path(self, start: str = "", **query: str) -> str:
        """The address of the page, or of one of its times, for this clock."""
        where = f"/book/{self.slug}/{start}" if start else f"/book/{self.slug}"
        return f"{where}?{urlencode({'zone': self.clock.id, **query})}"

    def when(self, slot: Slot) -> str:
        return span_text(Span(*(Wall(self.clock.wall(at), self.clock.id) for at in slot[1:3])), self.view.locale)

    def values(self) -> dict[str, object]:
        """What each of the templates shows."""
        length = duration_text(self.schedule.slot_minutes, self.view.locale)
        return {
            "say": self.words,
            "title": self.title,
            "name": self.schedule.name,
            "length": self.words.length.format(duration=length),
            "slug": self.slug,
            "zone": self.clock.id,
            "back": self.path(),
        }

    def taken(self) -> Response:
        link = (self.path(), self.words.see_free)
        return self.view.message(self.words.taken_title, self.words.taken, 409, link)


# --- the free times ---------------------------------------------------------------------------------------------------
async def show(view: View) -> Response:
    query = view.request.query_params
    stand = await Stand.of(view, query.get("zone", ""))
    today = _midnight(stand.clock.wall(view.services.now))
    last = today + stand.schedule.horizon_days * DAY
    first = min(max(_date(query.get("from", ""), today), today), last)
    days, following = await _days(stand, first)
    values: dict[str, object] = {
        **stand.values(),
        "days": days,
        "zones": places(stand.clock.id),
        "first": print_date(first),
        "earlier": stand.path(**{"from": print_date(max(today, first - DAYS * DAY))}) if first > today else "",
        "later": stand.path(**{"from": print_date(following)}) if following <= last else "",
        "hint": "" if days else await _next_free(stand, following),
    }
    return view.page("book.html", values)


def _midnight(wall: int) -> int:
    return wall - wall % DAY


def _date(text: str, otherwise: int) -> int:
    try:
        return parse_date(text)
    except MomentError:
        return otherwise


async def _days(stand: Stand, first: int) -> tuple[list[Day], int]:
    """The days with free times from a midnight on, and the midnight at which the next page begins."""
    clock, following = stand.clock, first + DAYS * DAY
    window = Window(clock.instant(first), clock.instant(following))
    page = await _free(stand, window, _SHOWN)
    days = [(day, list(slots)) for day, slots in groupby(page.items, lambda slot: _midnight(clock.wall(slot.start)))]
    if page.next is not None and len(days) > 1:
        following, _ = days.pop()  # its day is not whole
    return [_day(stand, day, slots) for day, slots in days], following


def _day(stand: Stand, midnight: int, slots: Sequence[Slot]) -> Day:
    wall = Wall(midnight)
    times = tuple(Time(_print_start(slot.start), Wall(stand.clock.wall(slot.start)).clock) for slot in slots)
    return Day(date_text(wall.day, stand.view.locale), wall.day.isoformat(), times)


async def _next_free(stand: Stand, following: int) -> str:
    """What to say where nothing is free: when it next is."""
    start = stand.clock.instant(following)
    page = await _free(stand, Window(start, start + _FAR), 1)
    if not page.items:
        return stand.words.never_free
    wall = Wall(stand.clock.wall(page.items[0].start))
    return f"{stand.words.none_free} {stand.words.first_free.format(date=date_text(wall.day, stand.view.locale))}"


async def _free(stand: Stand, window: Window, most: int) -> SlotPage:
    """The first free slots; none where more is in the way than can be looked through."""
    try:
        return await list_slots(stand.view.services, stand.person, stand.schedule, SlotQuestion(window), most)
    except TooLargeError:
        return SlotPage([], None)


def _print_start(start: int) -> str:
    return f"{print_compact(start)}Z"


def _read_start(text: str) -> int:
    """The instant of ``20261125T030000Z``. Raises NotFoundError for any other text."""
    try:
        moment = Moment.from_ical(text)
    except MomentError:
        raise NotFoundError from None
    if moment.zone != UTC or not EARLIEST <= moment.wall < LATEST:
        raise NotFoundError
    return moment.wall


# --- the form ---------------------------------------------------------------------------------------------------------
async def ask(view: View) -> Response:
    stand = await Stand.of(view, view.request.query_params.get("zone", ""))
    slot = await _slot(stand, _read_start(view.parameter("start")))
    if slot is None or slot.refusal is not None:
        return await _of_this_browser(stand, _read_start(view.parameter("start"))) or stand.taken()
    return _form(stand, slot, {**dict.fromkeys(FIELDS, ""), "ticket": view.services.ids.secret()}, {})


async def _slot(stand: Stand, start: int) -> Slot | None:
    return await find_slot(stand.view.services, stand.person, stand.schedule, start, stand.schedule.slot_minutes)


def _form(
    stand: Stand, slot: Slot, fields: Mapping[str, str], errors: Mapping[str, str], problem: str = ""
) -> Response:
    values: dict[str, object] = {
        **stand.values(),
        "when": stand.when(slot),
        "start": _print_start(slot.start),
        "fields": fields,
        "errors": errors,
        "problem": problem,
    }
    return stand.view.page("book_form.html", values, 422 if errors else 409 if problem else 200)


async def submit(view: View) -> Response:
    """Book the slot of the form: then the guest's own page tells what was booked."""
    if not same_origin(view.request, view.pages.public_url):
        return view.message(view.words.stale_title, view.words.stale, 403)
    form = await read_form(view.request)
    stand = await Stand.of(view, form.get("zone", ""))
    slot = await _slot(stand, _read_start(form.get("start", "")))
    ticket = form.get("ticket", "")
    fields = {
        "ticket": ticket if _TICKET.fullmatch(ticket) else view.services.ids.secret(),
        "name": _CONTROLS.sub(" ", form.get("name", "")).strip(),
        "email": form.get("email", "").strip(),
        "note": _CONTROLS_OF_TEXT.sub("", form.get("note", "").replace("\r\n", "\n")).strip(),
    }
    if slot is None or slot.refusal is not None:
        return await _taken(stand, _read_start(form.get("start", "")), fields)
    errors = _errors(stand.words, fields)
    return _form(stand, slot, fields, errors) if errors else await _book(stand, slot, fields)


async def _book(stand: Stand, slot: Slot, fields: Mapping[str, str]) -> Response:
    view, schedule = stand.view, stand.schedule
    start = Moment(slot.start, UTC).iso()
    body = BookingInput(
        start, fields["name"], fields["email"], note=fields["note"], time_zone=stand.clock.id, locale=view.locale
    )
    try:
        await count(view.services, booking_limits(schedule.id, body.email, view.pages.network(view.request)))
        stranger = Stranger(BOOKINGS_AHEAD, fields["ticket"])
        booked = await create_booking(view.services, stand.person.id, schedule.id, body, stranger)
    except SlowDownError as error:
        wait = duration_text(max(1, -(-error.wait // 60)), view.locale)
        response = _form(stand, slot, fields, {}, stand.words.slow_down.format(wait=wait))
        response.status_code, response.headers["Retry-After"] = 429, str(error.wait)
        return response
    except TooManyError:
        return _form(stand, slot, fields, {}, stand.words.too_many)
    except (TakenError, InvalidError):
        return await _taken(stand, slot.start, fields)
    return _booked(stand, booked.secret)


def _booked(stand: Stand, secret: str) -> Response:
    """Lead to the guest's own page. This browser knows of it for a while: Back leads to a time that is then taken."""
    response = redirect(f"/booking/{secret}?{urlencode({'done': 'booked'})}")
    secure = stand.view.pages.public_url.startswith("https:")
    response.set_cookie(
        _COOKIE, secret, _COOKIE_AGE, path=f"/book/{stand.slug}", secure=secure, httponly=True, samesite="lax"
    )
    return response


async def _taken(stand: Stand, start: int, fields: Mapping[str, str]) -> Response:
    """Somebody was faster: perhaps this very form, of a button that was pressed twice, or the same guest before."""
    try:
        await find_by_link(stand.view.services, fields["ticket"])
    except NotFoundError:
        return await _of_this_browser(stand, start, fields["email"]) or stand.taken()
    return _booked(stand, fields["ticket"])


async def _of_this_browser(stand: Stand, start: int, email: str = "") -> Response | None:
    """Lead to what was booked here a moment ago, if that is this very time; and by this guest, where one is named."""
    secret = stand.view.request.cookies.get(_COOKIE, "")
    if not _TICKET.fullmatch(secret):
        return None
    try:
        owner, booking, _ = await find_by_link(stand.view.services, secret)
    except NotFoundError:
        return None
    is_same = (owner.id, booking.schedule_id, booking.start) == (stand.person.id, stand.schedule.id, start)
    is_theirs = not email or email.casefold() == booking.email.casefold()
    return _booked(stand, secret) if is_same and is_theirs else None


def _errors(words: BookWords, fields: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        "name": "" if _is(fields["name"], PersonName) else words.name_bad,
        "email": "" if _is(fields["email"], Address) else words.email_bad,
        "note": "" if _is(fields["note"], Note) else words.note_bad,
    }
    return {name: text for name, text in wrong.items() if text}


def _is(text: str, type_: Any) -> bool:  # noqa: ANN401  any declared type
    """Whether the API would take this text too."""
    try:
        msgspec.convert(text, type=type_)
    except msgspec.ValidationError:
        return False
    return True
