"""The mail of one reminder: what the person sees, in their own time and language."""

from __future__ import annotations

import dataclasses

from aurora_time.domain.moment import Moment, Zone, print_wall
from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.reminder import Actions, ReminderFacts, reminder_mail
from aurora_time.mail.wording import Locale, Span, Wall, before_text, days_before_text, locale_of
from aurora_time.operations.links import KEPT, STOP_KEPT, Action, Link, Signer
from aurora_time.operations.ringing import LATE, Compose, Ring
from aurora_time.ports import Mail


def composer(public_url: str, signer: Signer | None = None) -> Compose:
    """A function that makes the mail of a ring, with links to this public URL.

    With a ``signer`` it can be snoozed, done with and unsubscribed from without signing in.
    """

    def compose(ring: Ring) -> Mail:
        told = facts(ring, public_url)
        return reminder_mail(_with_links(told, ring, f"{public_url}/r/", signer) if signer else told)

    return compose


def _with_links(told: ReminderFacts, ring: Ring, where: str, signer: Signer) -> ReminderFacts:
    # Counted from when it is due, so that a mail which a crash has sent twice is the same.
    owner, due = ring.person.id, ring.trigger.late_from

    def about(action: Action) -> str:
        return where + signer.token(Link(owner, action, due + KEPT, ring.reminder_id))

    actions = Actions(about("10m"), about("1h"), about("9am"), about("done"))
    stop = where + signer.token(Link(owner, "stop", due + STOP_KEPT, ring.trigger.rule_id))
    return dataclasses.replace(told, actions=actions, unsubscribe_url=stop)


def facts(ring: Ring, public_url: str) -> ReminderFacts:
    event, occurrence, home = ring.event, ring.trigger.occurrence, ring.person.home
    locale = locale_of(ring.person.locale)
    start = occurrence.start.instant(home)
    is_late = ring.now - ring.trigger.late_from > LATE
    # What stands by itself is kept in UTC, which is nobody's clock.
    elsewhere = occurrence.start.zone if occurrence.start.zone != home and not ring.is_standing else None
    is_due = ring.is_task and ring.trigger.alarm.minutes_before == 0
    return ReminderFacts(
        to=ring.person.email,
        to_name=ring.person.name,
        locale=locale,
        message_id=ring.message_id,
        summary=event.summary,
        when=_span(occurrence.start, occurrence.end, home),
        now=Wall(home.wall(ring.now), home.id),
        minutes_until_start=round((start - ring.now) / 60),
        why=WORDS[locale].reminder.task_at if is_due else _why(ring, locale),
        event_url=f"{public_url}/" if ring.is_task or ring.is_standing else f"{public_url}/events/{event.id}",
        event_when=_span(occurrence.start, occurrence.end, elsewhere) if elsewhere else None,
        late_since=Wall(home.wall(ring.trigger.late_from), home.id) if is_late else None,
        calendar=ring.calendar_name,
        location=event.location,
        description=event.description,
        url=event.url or "",
        is_task=ring.is_task,
        is_standing=ring.is_standing,
        rule=ring.rule_name,
    )


def _span(start: Moment, end: Moment, zone: Zone) -> Span:
    return Span(_wall(start, zone), _wall(end, zone))


def _wall(moment: Moment, zone: Zone) -> Wall:
    if moment.is_date:
        return Wall(moment.wall, "", True)
    return Wall(zone.wall(moment.instant(zone)), zone.id)


def _why(ring: Ring, locale: Locale) -> str:
    alarm = ring.trigger.alarm
    if ring.is_standing:
        return WORDS[locale].reminder.standing_at
    if alarm.minutes_before is not None:
        return before_text(alarm.minutes_before, locale)
    return days_before_text(alarm.days_before, print_wall(alarm.at)[11:16], locale)
