"""The guest's own page of a booking, to which the mail's link leads: it shows, and asks before it cancels."""

from __future__ import annotations

from starlette.responses import Response

from aurora_time.domain.zones import zone
from aurora_time.http.page import same_origin
from aurora_time.mail.wording import Span, Wall, span_text, zone_text
from aurora_time.operations.bookings import cancel_by_link, find_by_link
from aurora_time.operations.errors import ClashError, NotFoundError
from aurora_time.operations.schedules import read_schedule
from aurora_time.pages.book_words import BOOK_WORDS
from aurora_time.pages.view import HOME, View
from aurora_time.store.people import Person
from aurora_time.store.schedules import Booking


async def show(view: View) -> Response:
    secret, say = view.parameter("secret"), BOOK_WORDS[view.locale]
    try:
        person, booking, _ = await find_by_link(view.services, secret)
    except NotFoundError:
        return _gone(view)
    clock = zone(booking.time_zone)
    when = Span(*(Wall(clock.wall(at), clock.id) for at in (booking.start, booking.end)))
    is_new = view.request.query_params.get("done") == "booked"
    values: dict[str, object] = {
        "say": say,
        "title": say.booked_title if is_new else say.your_booking,
        "notice": say.booked if is_new else "",
        "name": booking.title,
        "host": person.name,
        "when": span_text(when, view.locale),
        "zone": zone_text(clock.id),
        "secret": secret,
        "is_over": booking.end <= view.services.now,
    }
    return view.page("booking.html", values)


async def cancel(view: View) -> Response:
    if not same_origin(view.request, view.pages.public_url):
        return view.message(view.words.stale_title, view.words.stale, 403)
    say = BOOK_WORDS[view.locale]
    try:
        person, booking = await cancel_by_link(view.services, view.parameter("secret"))
    except NotFoundError:
        return _gone(view)
    except ClashError:
        return await show(view)
    return view.message(say.cancelled_title, say.cancelled, 200, await _again(view, person, booking))


def _gone(view: View) -> Response:
    say = BOOK_WORDS[view.locale]
    return view.message(say.gone_title, say.gone, 404)


async def _again(view: View, person: Person, booking: Booking) -> tuple[str, str]:
    """Where to book another time, if that is still possible."""
    try:
        schedule, _ = await read_schedule(view.services, person.id, booking.schedule_id)
    except NotFoundError:
        return HOME, view.words.to_start
    return (
        (f"/book/{schedule.slug}", BOOK_WORDS[view.locale].book_again) if schedule.slug else (HOME, view.words.to_start)
    )
