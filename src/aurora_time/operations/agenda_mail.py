"""The agenda of a day by mail: what it holds, and how it is sent once a day.

As with reminders, two writes a mail: the claim, which says "sending" of the day, and the outcome. Only a crash between
the mail server's 250 and the second write can repeat a mail, with the same Message-ID. A day with nothing in it has no
mail, and one write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from aurora_time.domain.agenda import AgendaDay, next_agenda
from aurora_time.domain.moment import DAY, MIN_WALL, Moment, Window, print_date
from aurora_time.mail.agenda import AgendaFacts, Duty, Happening, agenda_mail
from aurora_time.mail.wording import Span, Wall, locale_of
from aurora_time.operations.drafts import read_time
from aurora_time.operations.links import STOP_KEPT, Link, home_signer
from aurora_time.operations.listing import Question, list_events
from aurora_time.operations.representation import EventResource
from aurora_time.operations.restored import NOT_SENT, restored_at
from aurora_time.operations.retrying import back_off, insist, until_room
from aurora_time.operations.services import Services
from aurora_time.operations.suppression import why_not
from aurora_time.operations.task_listing import TaskQuestion, list_tasks
from aurora_time.operations.task_resources import TaskResource
from aurora_time.ports import (
    Change,
    ConflictError,
    Item,
    Mail,
    MailRefusedError,
    MailThrottledError,
    MailUnavailableError,
    Range,
)
from aurora_time.store import agenda, keys
from aurora_time.store.agenda import Planned, Told
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from aurora_time.store.reminders import Due

LATE: Final = 4 * 3600
"""Seconds after which an agenda is not sent any more: at noon nobody needs to hear what the morning holds."""
LEASE: Final = 120
EVENTS: Final = 40
DUTIES: Final = 20
"""Shown at most: of events, of tasks that are due today, and of those overdue."""
SKIPPED: Final = "It was too late for this day."
_OVER: Final = frozenset({"sent", "empty", "skipped", "suppressed", "failed"})


@dataclass(frozen=True, slots=True)
class _Turn:
    """One attendance: whose agenda, of which day, what was said of it before, and when it should have been sent."""

    person: Person
    plan: Planned
    version: str
    told: Told | None
    restored: int | None

    @property
    def due(self) -> int:
        return self.person.home.instant(self.plan.day + self.person.agenda_mail.at)


async def attend(services: Services, due: Due, item: Item) -> bool:
    """Send what is due, or decide why not. False for a due item behind which nothing stands."""
    held, person, restored = await services.table.get(keys.agenda(due.owner), keys.person(due.owner), keys.restored())
    plan = decode(held.body, Planned) if held else None
    if held is None or plan is None or person is None or plan.due_key != item.key:
        return False
    (told,) = await services.table.get(keys.agenda(due.owner, print_date(plan.day)))
    turn = _Turn(
        decode(person.body, Person),
        plan,
        held.version,
        decode(told.body, Told) if told else None,
        restored_at(restored),
    )
    try:
        await _take(services, turn)
    except ConflictError:
        return True  # the wish was changed just now, or another sweep was faster
    return True


async def release(services: Services, due: Due) -> bool:
    """Make due at once what a sender had that died."""
    (held,) = await services.table.get(keys.agenda(due.owner))
    plan = decode(held.body, Planned) if held else None
    if held is None or plan is None or not plan.leased:
        return False
    again = agenda.planned(due.owner, AgendaDay(plan.day, services.now), plan.attempts)
    await services.table.write(*agenda.plan(due.owner, again, (plan, held.version), services.ids.new()))
    return True


# --- one turn ---------------------------------------------------------------------------------------------------------
async def _take(services: Services, turn: _Turn) -> None:
    """Raises ConflictError, and then nothing was sent."""
    outcome = await _without_mail(services, turn)
    mail = None
    if outcome is None:
        mail = await compose(services, turn.person, turn.plan.day)
        outcome = Told("empty") if mail is None else None
    if mail is None:
        await services.table.write(*_settled(services, turn, outcome))
        return
    sending = replace(turn.told or Told("sending"), attempts=turn.plan.attempts + 1, message_id=mail.message_id)
    claimed = await _claim(services, turn, sending)
    outcome = await _send(services, mail, sending)
    if outcome.status != "sent":
        services.meter.note_in_vain(services.now - turn.due, for_good=outcome.status == "failed")
    settle = partial(_settle, services, claimed, outcome)
    await (insist(settle) if outcome.status == "sent" else settle())


async def _without_mail(services: Services, turn: _Turn) -> Told | None:
    """What is said of the day where no mail is to be sent; None if one is."""
    told = turn.told
    if told is not None and told.status in _OVER:
        return told
    if turn.restored is not None and turn.due <= turn.restored:
        return Told("suppressed", error=NOT_SENT)
    if services.now - turn.due > LATE:
        return replace(told, status="failed") if told and told.error else Told("skipped", error=SKIPPED)
    held = await why_not(services, turn.person, reminder=False)
    return None if held is None else Told("suppressed", error=held)


async def _claim(services: Services, turn: _Turn, sending: Told) -> _Turn:
    owner, version = turn.person.id, services.ids.new()
    leased = AgendaDay(turn.plan.day, services.now + LEASE)
    plan = agenda.planned(owner, leased, turn.plan.attempts + 1, leased=True)
    changes = agenda.plan(owner, plan, (turn.plan, turn.version), version)
    await services.table.write(*changes, agenda.tell(owner, plan.day, sending, turn.due, version))
    return _Turn(turn.person, plan, version, sending, turn.restored)


async def _send(services: Services, mail: Mail, sending: Told) -> Told:
    try:
        await services.mailer.send(mail)
    except MailRefusedError as error:
        return replace(sending, status="failed", error=str(error))
    except MailThrottledError as error:
        return replace(sending, attempts=sending.attempts - 1, error=str(error))
    except MailUnavailableError as error:
        return replace(sending, error=str(error))
    return replace(sending, status="sent", sent_at=services.clock.now(), error=None)


async def _settle(services: Services, turn: _Turn, outcome: Told) -> None:
    """Write down what became of it; if the wish was changed meanwhile, that alone."""
    try:
        await services.table.write(*_settled(services, turn, outcome))
    except ConflictError:
        last = replace(outcome, status="failed") if outcome.status == "sending" else outcome
        await services.table.write(agenda.tell(turn.person.id, turn.plan.day, last, turn.due, services.ids.new()))


def _settled(services: Services, turn: _Turn, outcome: Told | None) -> list[Change]:
    """The next try, or the next day."""
    owner, version, held = turn.person.id, services.ids.new(), (turn.plan, turn.version)
    changes: list[Change] = []
    if outcome is not None and outcome != turn.told:
        changes.append(agenda.tell(owner, turn.plan.day, outcome, turn.due, version))
    if outcome is not None and outcome.status == "sending":
        again = AgendaDay(turn.plan.day, services.now + _pause(services, turn, outcome.attempts))
        return [*changes, *agenda.plan(owner, agenda.planned(owner, again, outcome.attempts), held, version)]
    person = turn.person
    following = next_agenda(person.agenda_mail, person.home, services.now - LATE, turn.plan.day)
    return [*changes, *agenda.plan(owner, agenda.planned(owner, following) if following else None, held, version)]


def _pause(services: Services, turn: _Turn, counted: int) -> int:
    """Seconds until the next try; one for which the mail service had no room was not counted."""
    if counted < turn.plan.attempts:
        return until_room(turn.person.id, services.now, services.now - turn.due)
    return back_off(counted)


# --- what the mail says -----------------------------------------------------------------------------------------------
async def compose(services: Services, person: Person, day: int) -> Mail | None:
    """The agenda of a day, given as the wall of its midnight; None where there is nothing on it."""
    home, locale = person.home, locale_of(person.locale)
    today = Window(home.instant(day), home.instant(day + DAY))
    events, more_events = await _events(services, person, today)
    due, more_due = await _duties(services, person, today)
    overdue, more_overdue = await _duties(services, person, Window(MIN_WALL, today.start))
    if not (events or due or overdue):
        return None
    stop = Link(person.id, "stop-agenda", services.now + STOP_KEPT)
    facts = AgendaFacts(
        to=person.email,
        to_name=person.name,
        locale=locale,
        message_id=_message_id(services, person, day),
        day=Wall(day, home.id, True),
        events=events,
        due=due,
        overdue=overdue,
        more_events=more_events,
        more_tasks=more_due or more_overdue,
        url=f"{services.public_url}/",
        settings_url=f"{services.public_url}/settings/notifications",
        unsubscribe_url=f"{services.public_url}/r/{(await home_signer(services)).token(stop)}",
    )
    return agenda_mail(facts)


def _message_id(services: Services, person: Person, day: int) -> str:
    """The same for the same day, however often a crash has it sent."""
    host = urlsplit(services.public_url).hostname or "localhost"
    return f"<{keys.digest(person.id, 'agenda', print_date(day))}@{'localhost' if ':' in host else host}>"


async def _events(services: Services, person: Person, today: Window) -> tuple[Sequence[Happening], bool]:
    """What happens on the day, all-day events first; and whether there is more."""
    page = await list_events(services, Question(person.id, today, person.home), EVENTS, None)
    found = []
    for each in page.items:
        event = msgspec.json.decode(each, type=EventResource)
        if event.status != "CANCELLED":
            start, end = (_wall(person, read_time(time, "", person.home)) for time in (event.start, event.end))
            found.append(Happening(event.summary, Span(start, end), event.location))
    return sorted(found, key=lambda event: (not event.when.start.is_date, event.when.start)), page.next is not None


async def _duties(services: Services, person: Person, window: Window) -> tuple[Sequence[Duty], bool]:
    """Open tasks that are due in a window, the earliest first; and whether there is more."""
    question = TaskQuestion(person.id, person.home, window, completed=False)
    items, following = await list_tasks(services, question, DUTIES, "")
    found = []
    for each in items:
        task = msgspec.json.decode(each, type=TaskResource)
        if task.due is not None:
            found.append(Duty(task.summary, _wall(person, read_time(task.due, "", person.home))))
    return found, following is not None


def _wall(person: Person, moment: Moment) -> Wall:
    home = person.home
    return Wall(moment.wall, "", True) if moment.is_date else Wall(home.wall(moment.instant(home)), home.id)


# --- what became of it ------------------------------------------------------------------------------------------------
async def last_told(services: Services, owner: str, limit: int) -> list[tuple[str, Told]]:
    """The last days with what became of their agenda, the newest first: (``2026-11-23``, what)."""
    span = Range(keys.agenda(owner).part, "0", "9\U0010ffff", limit, reverse=True)
    (items,) = await services.table.query(span)
    return [(item.key.sort, decode(item.body, Told)) for item in items]
