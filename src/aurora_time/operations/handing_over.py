"""Handing what is due to a queue, whose readers ring it: for a home in which no process waits for the time to come.

A sweep looks a little ahead, and the queue holds each errand back until it is due. Handing over is one small write: the
armed item says until when the queue has it, and sweeps pass it over until then, so an errand that is lost is handed
over once more. The due item stays where it is; whoever gets an errand twice finds nothing left to do. What leads to no
object (a job, an agenda mail, the canary) is not marked: its runner knows a second errand by itself.

Mails (reminders, agendas) are paced; what is none is not, and waits behind no mail for which there is no room yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from math import ceil
from typing import Final

from msgspec.structs import replace

from aurora_time.operations.canary import overdue
from aurora_time.operations.errands import AHEAD, FAR, Errand, read_errand
from aurora_time.operations.pacing import Places
from aurora_time.operations.ringing import Compose, attend
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import Behind, after, in_order, list_due, look_behind, walk_due
from aurora_time.operations.targets import is_mail, target_of
from aurora_time.ports import MAX_DELAY, ConflictError, Item, Key, Message, Put, Queue
from aurora_time.store import keys
from aurora_time.store.agenda import AGENDA
from aurora_time.store.codec import decode, encode
from aurora_time.store.jobs import Job
from aurora_time.store.reminders import JOB, OBJECT, Armed, Due, Entry

HANDED: Final = 300
"""Seconds after it was due when what was handed over is handed over again. Longer than a queue makes wait on a good
day, as what waits longer has two errands; and how late it rings if a sweep dies between its write and its errand."""
PAGE: Final = 256
_BUDGET: Final = 45
"""Seconds after which a sweep begins no other page: the function has some more, and the next sweep goes on."""
_LOOKS: Final = 15
"""The same of who is sent to look."""
_LATELY: Final = 15
"""Seconds for which something has been due that who is sent to look may be meant for; a sweep finds what is older, and
what is due later, as a job is that somebody works on.
"""
_SENDS: Final = 2
_EARLY: Final = 5
"""Seconds for which a reader waits where the queue's clock is ahead of ours."""


class NotTakenError(Exception):
    """The queue did not take what was handed over; it is found again later."""


async def sweep(
    services: Services, queue: Queue, *, mails: int = 0, tell: Callable[[int], None] = lambda _: None
) -> int:
    """Hand over all that is due before the next sweep; how much it was. Raises NotTakenError, UnavailableError.

    ``mails`` (0: no bound) is how many are sent in a second: whatever would be one too many comes a second later, and
    what would come after FAR is left for the next sweep, as what waits in the queue for longer than HANDED is handed
    over twice. ``tell`` hears first for how many seconds the oldest has been due, the canary included.
    """
    handed, low, began = 0, "", services.now
    places = Places(began, mails)
    async with aclosing(in_order(services, PAGE, FAR)) as pages:
        async for found in pages:
            if not low:
                tell(overdue(found, services.now, with_canary=True))
            handed += await hand_over(services, queue, found, places)
            low = after(found[-1])
            if places.first(began) > began + FAR or services.now - began >= _BUDGET:
                break
        else:
            if not low:
                tell(0)
            return handed
    return handed + await _hand_over_others(services, queue, walk_due(services, low, AHEAD), began + _BUDGET)


async def _look(services: Services, queue: Queue, mails: int) -> None:
    """For what a write has made due: a sweep's first page, and of what stands behind it what no mail may hold up."""
    began = services.now
    found = await list_due(services, PAGE, "", FAR)
    await hand_over(services, queue, found, Places(began, mails))
    if len(found) == PAGE:
        low = max(after(found[-1]), keys.sortable(began - _LATELY))
        await _hand_over_others(services, queue, walk_due(services, low, 0), began + _LOOKS)


async def _hand_over_others(services: Services, queue: Queue, due: AsyncGenerator[list[Item], None], until: int) -> int:
    """Of all that is due what is no mail; how much it was. Armed items are not read for it."""
    handed = 0
    async with aclosing(due) as pages:
        async for found in pages:
            others = [item.key for item in found if not is_mail(item.key)]
            await _send(queue, [_errand(services, key, _instant(key), _instant(key)) for key in others])
            handed += len(others)
            if services.now >= until:
                break
    return handed


async def hand_over(services: Services, queue: Queue, found: Sequence[Item], places: Places) -> int:
    """Of what a sweep found, what has a place before FAR, the oldest first; how much was sent. What could be marked is,
    whatever went wrong with the rest; that is told when it is done.
    """
    now = services.now
    behind = {each.due: each for each in await look_behind(services, found)}
    for each in behind.values():
        if each.armed.handed > now:
            places.take(each.armed.handed - HANDED)
    reminders: list[tuple[Behind, int]] = []
    messages: list[Message] = []
    for item in found:
        armed = behind.get(item.key)
        if armed is not None and not _is_taken(armed.armed, now):
            at = places.first(armed.armed.due)
            if at <= now + FAR:
                reminders.append((armed, places.take(at)))
        elif armed is None and _instant(item.key) <= now + AHEAD:
            messages += _unmarked(services, item.key, places)
    marked = await asyncio.gather(*(_mark(services, *each) for each in reminders), return_exceptions=True)
    messages = [*(each for each in marked if isinstance(each, Message)), *messages]
    await _send(queue, messages)
    for outcome in marked:
        if isinstance(outcome, BaseException):
            raise outcome
    return len(messages)


def _unmarked(services: Services, key: Key, places: Places) -> list[Message]:
    """The errand of what leads to no object: an agenda is a mail, and takes its place among them."""
    due = at = _instant(key)
    if key.sort.rpartition("#")[2].startswith(AGENDA):
        at = places.first(due)
        if at > services.now + FAR:
            return []
        places.take(at)
    return [_errand(services, key, due, at)]


def _is_taken(armed: Armed, now: int) -> bool:
    """By a sender, or by the queue."""
    return armed.in_hand(now) or armed.handed > now


async def _mark(services: Services, behind: Behind, at: int) -> Message | None:
    """Note that the queue has it until ``at``; None if it has already, or a sender has it, or somebody was faster."""
    armed, now = behind.armed, services.now
    if _is_taken(armed, now):
        return None
    marked = replace(armed, handed=max(at, now) + HANDED)
    held = keys.armed(behind.owner, behind.armed_id)
    try:
        await services.table.write(Put(held, encode(marked), services.ids.new(), behind.version))
    except ConflictError:
        return None
    return _errand(services, behind.due, armed.due, at)


def _errand(services: Services, key: Key, due: int, at: int) -> Message:
    """What is due comes to a reader ``at`` an instant."""
    delay = min(MAX_DELAY, max(0, ceil(at - services.clock.now())))
    return Errand(key.part, key.sort, due).after(delay)


def _instant(key: Key) -> int:
    return keys.unsortable(key.sort[:12])


async def _send(queue: Queue, messages: Iterable[Message]) -> None:
    """What is not taken is handed over once more: a mark stands at it already, and without its errand it rings late."""
    wanted = list(messages)
    refused = wanted
    for _ in range(_SENDS):
        refused = await queue.send(*refused) if refused else []
    if refused:
        raise NotTakenError(f"the queue did not take {len(refused)} of {len(wanted)} errands")


async def run_errand(services: Services, queue: Queue, body: str, compose: Compose, mails: int = 0) -> list[Entry]:
    """Do what a message asks for; what was decided about each reminder. Raises msgspec.DecodeError for no errand.

    ``mails``: as of a sweep, for who is sent to look.
    """
    errand = read_errand(body)
    if not errand.part:
        await _look(services, queue, mails)
        return []
    early = errand.due - services.clock.now()
    if 0 < early <= _EARLY:
        await asyncio.sleep(early)
    (item,) = await services.table.get(Key(errand.part, errand.sort))
    if item is None:
        return []  # somebody has done it, or it is due at another time now
    decided = await attend(services, item, compose)
    await _again(services, queue, item)
    return decided


async def _again(services: Services, queue: Queue, item: Item) -> None:
    """What wants attention again before the next sweep: the next page of a job, the next mails of an object."""
    due = decode(item.body, Due)
    if due.target.startswith(JOB):
        (held,) = await services.table.get(keys.job(due.owner, due.target.removeprefix(JOB)))
        job = decode(held.body, Job) if held else None
        if job is not None and job.finished is None and job.due <= services.now:
            await _send(queue, [_errand(services, job.due_key, job.due, job.due)])
    elif target_of(due) is None:
        armed_id = due.target.removeprefix(OBJECT)
        (held,) = await services.table.get(keys.armed(due.owner, armed_id))
        armed = decode(held.body, Armed) if held else None
        soon = armed is not None and armed.due <= services.now + FAR and armed.due_key != item.key
        if held is not None and armed is not None and soon:
            marked = await _mark(services, Behind(armed.due_key, due.owner, armed_id, armed, held.version), armed.due)
            await _send(queue, [marked] if marked else [])
