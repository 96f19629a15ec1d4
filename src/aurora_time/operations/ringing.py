"""From a due item to mails: decide anew what rings, claim it, send, and write down what became of it.

Two writes a reminder: the claim, which says "sending" in the ledger, and the outcome. Delivery is at least once: only a
crash between the mail server's 250 and the second write can repeat a mail, and then with the same Message-ID. What is
overdue is found like what is due, so a missed sweep heals itself.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from aurora_time.domain.component import BROWSER, Event
from aurora_time.domain.moment import Moment
from aurora_time.domain.reminders import Trigger
from aurora_time.operations.came_back import tags_of
from aurora_time.operations.restored import NOT_SENT
from aurora_time.operations.retrying import back_off, insist, until_room
from aurora_time.operations.services import Services
from aurora_time.operations.subjects import AHEAD, OPEN, Seen, Subject, Waiting, look, read_subject
from aurora_time.operations.suppression import why_not
from aurora_time.operations.sweeping import LEASE
from aurora_time.operations.targets import target_of
from aurora_time.ports import (
    ABSENT,
    ConflictError,
    Delete,
    Item,
    Mail,
    MailRefusedError,
    MailThrottledError,
    MailUnavailableError,
    UnavailableError,
)
from aurora_time.store import keys, reminders
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from aurora_time.store.reminders import OBJECT, STANDING, Armed, Due, Entry, State

SENDING: Final = 30
"""Seconds of a lease in which a mail may still be begun: the rest is for mails that wait for the mail server."""

LATE: Final = 15 * 60
"""Seconds after which a reminder is told to be late, and one whose event is over is no longer sent."""

GIVE_UP: Final = 24 * 3600
"""Seconds after its trigger for which a reminder is tried again."""

NOT_OPEN: Final = "No open app showed it: none was open, or its notifications were off."
"""What stands in the way of a reminder of the browser until an open app has shown it (operations/showing.py)."""

MISTAKE: Final = "This home made a mistake with it; its log says more."
"""What the ledger says while something goes wrong that nobody foresaw."""

_PAGE: Final = 4
"""Mails about one object sent in one claim, and at most repeated after a crash; what is left is due again at once."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One reminder to send: everything its mail is made of. ``now`` is the instant of sending.

    ``event`` is what the occurrence is, which an override may say. ``reminder_id`` is the API's; ``rule_name`` that of
    the reminder rule which rings, empty where none does.
    """

    person: Person
    event: Event
    calendar_name: str
    trigger: Trigger
    now: int
    message_id: str
    is_task: bool = False
    reminder_id: str = ""
    rule_name: str = ""

    @property
    def is_standing(self) -> bool:
        """Whether it belongs to no event."""
        return self.event.id.startswith(STANDING)


Compose = Callable[[Ring], Mail]


@dataclass(frozen=True, slots=True)
class Claimed:
    """Something armed that this sender looks after, by the id under which it is, its armed item, and what was seen.

    Of what is not settled, those on the ``page`` are sent now; ``version`` is theirs in the ledger, too.
    """

    owner: str
    armed_id: str
    armed: Armed
    version: str
    seen: Seen
    page: tuple[Waiting, ...] = ()


async def attend(services: Services, item: Item, compose: Compose) -> list[Entry]:
    """Do what a due item calls for; answers what was decided about each reminder. Nobody else's claim is touched."""
    due = decode(item.body, Due)
    other = target_of(due)
    if other is not None:
        if not await other.attend(services, due, item):
            await _drop(services, item)
        return []
    armed_id = due.target.removeprefix(OBJECT)
    (armed_item,) = await services.table.get(keys.armed(due.owner, armed_id))
    armed = decode(armed_item.body, Armed) if armed_item else None
    if armed_item is None or armed is None or armed.due_key != item.key:
        await _drop(services, item)
        return []
    if armed.in_hand(services.now):
        return []
    seen = await look(services, due.owner, armed_id, armed)
    claimed = await _claim(services, Claimed(due.owner, armed_id, armed, armed_item.version, seen))
    if claimed is None:
        return []
    outcomes, failure = await _send_page(services, claimed, compose)
    settle = partial(_settle, services, claimed, outcomes)
    settled = await (insist(settle) if any(entry.status == "sent" for entry in outcomes) else settle())
    if any(entry.channel == BROWSER for entry in settled):
        services.writers.tell(due.owner)
    if failure is not None:
        raise failure
    return settled


async def _drop(services: Services, item: Item) -> None:
    """Remove a due item that nothing stands behind, unless it was just put there anew."""
    try:
        await services.table.write(Delete(item.key, item.version))
    except ConflictError:
        return


async def _claim(services: Services, looked: Claimed) -> Claimed | None:
    """One write: a lease, so that nobody else takes it meanwhile, and "sending" in the ledger.

    None if somebody was faster, or changed the event, or dismissed a reminder, since it was read.
    """
    if not looked.seen.waiting:
        return looked  # nothing is sent, so there is nothing to keep others from
    now, version = services.now, services.ids.new()
    state = State(looked.armed.after, now + LEASE, looked.armed.attempts + 1, True)
    first = _first_page(looked.seen.waiting)
    page = tuple(Waiting(each.trigger, _begun(services, each), version) for each in first)
    changes = reminders.arm(looked.owner, looked.armed_id, state, (looked.armed, looked.version), version)
    changes += [
        reminders.ledger_put(looked.owner, begun.entry, version, each.version)
        for begun, each in zip(page, first, strict=True)
    ]
    try:
        await services.table.write(*changes)
    except ConflictError:
        return None
    armed = Armed(state.after, state.due, looked.armed.part, looked.armed.sort, state.attempts, True)
    return dataclasses.replace(looked, armed=armed, version=version, page=page)


def _first_page(waiting: Sequence[Waiting]) -> list[Waiting]:
    """What was tried least comes first, so that nothing waits behind what always fails."""
    in_order = sorted(waiting, key=lambda each: each.entry.attempts)
    mails = set(islice(dict.fromkeys(map(_mail_of, in_order)), _PAGE))
    return [each for each in in_order if _mail_of(each) in mails][:AHEAD]


def _mail_of(waiting: Waiting) -> tuple[int, str, int | None, Moment]:
    """The same for what one mail tells: alarms of one occurrence that meet, by themselves or after quiet hours."""
    trigger = waiting.trigger
    return trigger.due, trigger.alarm.channel, trigger.occurrence.original, trigger.occurrence.start


def _begun(services: Services, waiting: Waiting) -> Entry:
    """What the ledger says while it is sent: of its event as that is now, not as it was at an earlier try."""
    entry, text = waiting.entry, waiting.trigger.occurrence.event.summary
    host = urlsplit(services.public_url).hostname or "localhost"
    message_id = f"<{entry.id}@{'localhost' if ':' in host else host}>"
    return replace(entry, status="sending", attempts=entry.attempts + 1, message_id=message_id, text=text)


async def _send_page(
    services: Services, claimed: Claimed, compose: Compose
) -> tuple[list[Entry], BaseException | None]:
    """Send one after the other, as long as the lease is sure to outlast it: (what became of each, what went wrong).

    What nobody foresaw must not lose what became of the others, so it is told when that is written down.
    """
    outcomes: list[Entry] = []
    told: dict[tuple[int, str, int | None, Moment], tuple[Entry, int]] = {}
    failure: BaseException | None = None
    begin_by = claimed.armed.due - LEASE + SENDING
    for waiting in claimed.page:
        subject = claimed.seen.subject
        same = told.get(_mail_of(waiting))
        if same is not None:
            outcomes.append(_told_by(*same, waiting.entry))
            continue
        if subject is None or services.now > begin_by:
            break
        (outcome,) = await asyncio.gather(_send(services, subject, waiting, compose), return_exceptions=True)
        if isinstance(outcome, BaseException):
            failure = outcome
            if not isinstance(outcome, Exception) or isinstance(outcome, UnavailableError):
                continue
            outcome = replace(waiting.entry, error=MISTAKE)
        outcomes.append(outcome)
        told[_mail_of(waiting)] = (outcome, waiting.entry.attempts - outcome.attempts)
    return outcomes, failure


def _told_by(other: Entry, uncounted: int, entry: Entry) -> Entry:
    """What becomes of a reminder of which the mail of another tells; so many tries of it do not count."""
    message_id, attempts = other.message_id, entry.attempts - uncounted
    return replace(
        entry, status=other.status, attempts=attempts, sent_at=other.sent_at, error=other.error, message_id=message_id
    )


async def _send(services: Services, subject: Subject, waiting: Waiting, compose: Compose) -> Entry:
    """Send one reminder, unless it is too late for that; an entry that stays "sending" is tried again.

    Where the mail service had no room for it, that was no attempt.
    """
    trigger, entry, now = waiting.trigger, waiting.entry, services.now
    if subject.restored_at is not None and trigger.due <= subject.restored_at:
        return replace(entry, status="suppressed", error=NOT_SENT)
    if now >= _given_up_at(subject, waiting):
        if entry.error is not None:
            return replace(entry, status="failed")
        return replace(entry, status="suppressed", error="Missed: the event was over before it could ring.")
    if entry.channel == BROWSER:
        return replace(entry, error=NOT_OPEN)
    held = await why_not(services, subject.person, reminder=True)
    if held is not None:
        return replace(entry, status="suppressed", error=held)
    ring = Ring(
        subject.person,
        trigger.occurrence.event,
        subject.calendar_name,
        trigger,
        now,
        entry.message_id,
        subject.is_task,
        reminder_id=entry.name,
        rule_name=subject.rule_name(trigger.rule_id),
    )
    try:
        await services.mailer.send(dataclasses.replace(compose(ring), tags=tags_of(subject.person.id, entry)))
    except MailRefusedError as error:
        return replace(entry, status="failed", error=str(error))
    except MailThrottledError as error:
        return replace(entry, attempts=entry.attempts - 1, error=str(error))
    except MailUnavailableError as error:
        given_up = now - trigger.late_from > GIVE_UP
        return replace(entry, status="failed" if given_up else "sending", error=str(error))
    return replace(entry, status="sent", sent_at=services.clock.now(), error=None)


def _given_up_at(subject: Subject, waiting: Waiting) -> int:
    """From when on a late reminder is for something that is over. One that was snoozed was asked for at that time."""
    patience = GIVE_UP if waiting.entry.snoozes else LATE
    return max(waiting.trigger.late_from + patience + 1, subject.over_at(waiting.trigger.occurrence))


async def _settle(services: Services, claimed: Claimed, outcomes: Sequence[Entry]) -> list[Entry]:
    """One write: the ledger says what became of each reminder, and the due item moves to the next trigger.

    If somebody edited the event meanwhile, it is read again; a reminder that was dismissed or snoozed stays so. If the
    object is no longer this sender's (deleted, or the lease ran out and another took over), only what was sent is
    written down.
    """
    subject = claimed.seen.subject
    held: tuple[Armed, str] | None = (claimed.armed, claimed.version)
    decided = [*((entry, claimed.version) for entry in outcomes), *claimed.seen.given_up]
    while True:
        version = services.ids.new()
        if held is not None and _is_same(held[0], claimed.armed):
            state = _rest(services.now, claimed, outcomes, subject)
            changes = reminders.move(claimed.owner, claimed.armed_id, state, held, version)
        else:
            decided = [pair for pair in decided if pair[0].sent_at is not None]
            changes = []
        changes += [reminders.ledger_put(claimed.owner, entry, version, expect) for entry, expect in decided]
        if not changes:
            return []
        try:
            await services.table.write(*changes)
        except ConflictError:
            if not claimed.armed.leased:
                return []  # it was changed after all: the next sweep looks anew
            (item,) = await services.table.get(keys.armed(claimed.owner, claimed.armed_id))
            held = (decode(item.body, Armed), item.version) if item else None
            subject = await _subject_again(services, claimed)
            decided = await _as_decided(services, claimed.owner, decided)
            continue
        return [entry for entry, _ in decided]


def _is_same(armed: Armed, claimed: Armed) -> bool:
    """Whether this is still one's own claim: somebody else's has a later end, and an edit leaves it alone."""
    return (armed.due_key, armed.due) == (claimed.due_key, claimed.due)


async def _subject_again(services: Services, claimed: Claimed) -> Subject | None:
    if claimed.seen.is_single:
        return claimed.seen.subject
    return await read_subject(services, claimed.owner, claimed.armed_id)


async def _as_decided(services: Services, owner: str, decided: Sequence[tuple[Entry, str]]) -> list[tuple[Entry, str]]:
    """What became of reminders, with what a person has said of them since."""
    items = await services.table.get(*(keys.ledger(owner, entry.instant, entry.id) for entry, _ in decided))
    return [
        (_as_said(entry, decode(item.body, Entry)), item.version) if item else (entry, ABSENT)
        for (entry, _), item in zip(decided, items, strict=True)
    ]


def _as_said(outcome: Entry, said: Entry) -> Entry:
    if said.status in OPEN or said.status == outcome.status:
        return outcome
    return replace(
        said, sent_at=outcome.sent_at or said.sent_at, attempts=outcome.attempts, message_id=outcome.message_id
    )


def _rest(now: int, claimed: Claimed, outcomes: Sequence[Entry], subject: Subject | None) -> State | None:
    """What to arm when a page is done: what is left of it, the next try, or the next trigger, whichever is sooner.

    An object that is due again at once takes its turn behind all that is due now, so that no event, however often it
    rings, holds up the others.
    """
    if subject is None:
        return None
    seen = claimed.seen
    done = {entry.id for entry in outcomes if entry.status != "sending"}
    again = [each for each in claimed.page if each.entry.id not in done]
    open_ = [each for each in seen.waiting if each.entry.id not in done]
    after = open_[0].trigger.due - 1 if open_ else seen.horizon
    counted = {each.entry.id: each.entry.attempts for each in claimed.page}
    no_room = {entry.id for entry in outcomes if entry.attempts < counted[entry.id]}
    attempts = claimed.armed.attempts if again else 0
    if again and all(each.entry.id in no_room for each in again):
        attempts -= 1
    wanted = []
    if again:
        pauses = ((each, _pause(each, now, attempts, in_no_room=each.entry.id in no_room)) for each in again)
        wanted.append(min(_tried_at(subject, each, now + pause) for each, pause in pauses))
    elif open_:
        wanted.append(now)
    following = seen.following(subject)
    if following is not None and (following > now or not again):
        wanted.append(max(following, now))
    return State(max(after, claimed.armed.after), min(wanted), attempts) if wanted else None


def _pause(waiting: Waiting, now: int, attempts: int, *, in_no_room: bool) -> int:
    if in_no_room:
        return until_room(waiting.entry.id, now, now - waiting.trigger.late_from)
    return back_off(attempts)


def _tried_at(subject: Subject, waiting: Waiting, next_try: int) -> int:
    """When to look again after what is still to ring: an app that opens takes what is for it by itself."""
    return _given_up_at(subject, waiting) if waiting.entry.channel == BROWSER else next_try
