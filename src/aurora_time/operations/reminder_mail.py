"""The mail of one reminder: what the person sees, in their own time and language."""

from __future__ import annotations

from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import Moment, Zone, print_wall
from aurora_time.mail.reminder import ReminderFacts, reminder_mail
from aurora_time.mail.wording import Locale, Span, Wall, before_text, days_before_text, locale_of
from aurora_time.operations.ringing import LATE, Compose, Ring
from aurora_time.ports import Mail


def composer(public_url: str) -> Compose:
    """A function that makes the mail of a ring, with links to this public URL."""

    def compose(ring: Ring) -> Mail:
        return reminder_mail(facts(ring, public_url))

    return compose


def facts(ring: Ring, public_url: str) -> ReminderFacts:
    event, occurrence, home = ring.event, ring.trigger.occurrence, ring.person.home
    locale = locale_of(ring.person.locale)
    start = occurrence.start.instant(home)
    is_late = ring.now - ring.trigger.instant > LATE
    event_zone = occurrence.start.zone
    return ReminderFacts(
        to=ring.person.email,
        to_name=ring.person.name,
        locale=locale,
        message_id=ring.message_id,
        summary=event.summary,
        when=_span(occurrence.start, occurrence.end, home),
        now=Wall(home.wall(ring.now), home.id),
        minutes_until_start=round((start - ring.now) / 60),
        why=_why(ring.trigger.alarm, locale),
        event_url=f"{public_url}/events/{event.id}",
        event_when=None
        if event_zone is None or event_zone == home
        else _span(occurrence.start, occurrence.end, event_zone),
        late_since=Wall(home.wall(ring.trigger.instant), home.id) if is_late else None,
        calendar=ring.calendar_name,
        location=event.location,
        description=event.description,
        url=event.url or "",
    )


def _span(start: Moment, end: Moment, zone: Zone) -> Span:
    return Span(_wall(start, zone), _wall(end, zone))


def _wall(moment: Moment, zone: Zone) -> Wall:
    if moment.is_date:
        return Wall(moment.wall, "", True)
    return Wall(zone.wall(moment.instant(zone)), zone.id)


def _why(alarm: Alarm, locale: Locale) -> str:
    if alarm.minutes_before is not None:
        return before_text(alarm.minutes_before, locale)
    return days_before_text(alarm.days_before, print_wall(alarm.at)[11:16], locale)
