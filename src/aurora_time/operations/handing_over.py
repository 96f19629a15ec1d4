"""Handing what is due to a queue, whose readers ring it: for a home in which no process waits for the time to come.

A sweep looks a little ahead, and the queue holds each errand back until it is due. Handing over is one small write: the
armed item says until when the queue has it, and sweeps pass it over until then, so an errand that is lost is handed
over once more. The due item stays where it is; whoever gets an errand twice finds nothing left to do. What leads to no
object (a job, an agenda mail, the canary) is not marked: its runner knows a second errand by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Final

from msgspec.structs import replace

from aurora_time.operations.canary import overdue
from aurora_time.operations.errands import AHEAD, Errand, read_errand
from aurora_time.operations.ringing import Compose, attend
from aurora_time.operations.services import Services
from aurora_time.operations.sweeping import Behind, list_due, look_behind
from aurora_time.operations.targets import target_of
from aurora_time.ports import MAX_DELAY, ConflictError, Item, Key, Message, Put, Queue
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.jobs import Job
from aurora_time.store.reminders import JOB, OBJECT, Armed, Due, Entry

HANDED: Final = 300
"""Seconds after it was due when what was handed over is handed over again. Longer than a queue makes wait on a good
day, as what waits longer has two errands; and how late it rings if a sweep dies between its write and its errand."""
PAGE: Final = 256
_EARLY: Final = 5
"""Seconds for which a reader waits where the queue's clock is ahead of ours."""


class NotTakenError(Exception):
    """The queue did not take what was handed over; it is found again later."""


async def sweep(
    services: Services,
    queue: Queue,
    *,
    pages: int = 1_000,
    most: int = 0,
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """Hand over all that is due before the next sweep; how much it was. Raises NotTakenError, UnavailableError.

    ``most`` (0: no bound) is how many are sent until the next sweep: what waits in the queue for longer than HANDED is
    handed over twice, so more is better left for later. ``tell`` hears first for how many seconds the oldest has been
    due, the canary included.
    """
    handed, low = 0, ""
    for _ in range(pages):
        found = await list_due(services, PAGE, low, AHEAD)
        if not low:
            tell(overdue(found, services.now, with_canary=True))
        handed += await hand_over(services, queue, found, most - handed if most else PAGE)
        if len(found) < PAGE or 0 < most <= handed:
            break
        low = found[-1].key.sort + "\x00"
    return handed


async def hand_over(services: Services, queue: Queue, found: Sequence[Item], most: int) -> int:
    """Of what a sweep found, ``most`` that ring, the oldest first, and all else; how much was sent. What could be
    marked is, whatever went wrong with the rest; that is told when it is done.
    """
    behind = {each.due: each for each in await look_behind(services, found)}
    waiting = [each for each in behind.values() if not _is_taken(each.armed, services.now)][:most]
    marked = await asyncio.gather(*(_mark(services, each) for each in waiting), return_exceptions=True)
    others = (_errand(services, item.key, _instant(item.key)) for item in found if item.key not in behind)
    messages = [*(each for each in marked if isinstance(each, Message)), *others]
    await _send(queue, messages)
    for each in marked:
        if isinstance(each, BaseException):
            raise each
    return len(messages)


def _is_taken(armed: Armed, now: int) -> bool:
    """By a sender, or by the queue."""
    return armed.in_hand(now) or armed.handed > now


async def _mark(services: Services, behind: Behind) -> Message | None:
    """Note that the queue has it; None if it has already, or a sender has it, or somebody was faster."""
    armed, now = behind.armed, services.now
    if _is_taken(armed, now):
        return None
    marked = replace(armed, handed=max(armed.due, now) + HANDED)
    held = keys.armed(behind.owner, behind.armed_id)
    try:
        await services.table.write(Put(held, encode(marked), services.ids.new(), behind.version))
    except ConflictError:
        return None
    return _errand(services, behind.due, armed.due)


def _errand(services: Services, key: Key, due: int) -> Message:
    delay = min(MAX_DELAY, max(0, ceil(due - services.clock.now())))
    return Errand(key.part, key.sort, due).after(delay)


def _instant(key: Key) -> int:
    return keys.unsortable(key.sort[:12])


async def _send(queue: Queue, messages: Iterable[Message]) -> None:
    wanted = list(messages)
    refused = await queue.send(*wanted) if wanted else []
    if refused:
        raise NotTakenError(f"the queue did not take {len(refused)} of {len(wanted)} errands")


async def run_errand(services: Services, queue: Queue, body: str, compose: Compose) -> list[Entry]:
    """Do what a message asks for; what was decided about each reminder. Raises msgspec.DecodeError for no errand."""
    errand = read_errand(body)
    if not errand.part:
        await sweep(services, queue, pages=1)
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
            await _send(queue, [_errand(services, job.due_key, job.due)])
    elif target_of(due) is None:
        armed_id = due.target.removeprefix(OBJECT)
        (held,) = await services.table.get(keys.armed(due.owner, armed_id))
        armed = decode(held.body, Armed) if held else None
        soon = armed is not None and armed.due <= services.now + AHEAD and armed.due_key != item.key
        if held is not None and armed is not None and soon:
            marked = await _mark(services, Behind(armed.due_key, due.owner, armed_id, armed, held.version))
            await _send(queue, [marked] if marked else [])
