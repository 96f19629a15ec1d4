"""What a due item can be about, besides the reminders of an object: one row each, found by its target's beginning."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from aurora_time.operations import agenda_mail, canary, jobs
from aurora_time.operations.services import Services
from aurora_time.ports import Item, Key
from aurora_time.store.agenda import AGENDA
from aurora_time.store.reminders import JOB, Due


class Target(NamedTuple):
    """``attend`` does what is due, and is False when nothing stands behind the due item (any more).

    ``release`` makes due at once what a runner had that died; whether there was anything to release. ``is_mail``: it
    comes to a mail, for which a mail service may have no room just now.
    """

    attend: Callable[[Services, Due, Item], Awaitable[bool]]
    release: Callable[[Services, Due], Awaitable[bool]]
    is_mail: bool = False


async def _run_job(services: Services, due: Due, item: Item) -> bool:
    return await jobs.run_page(services, due.owner, due.target.removeprefix(JOB), item.key)


async def _release_job(services: Services, due: Due) -> bool:
    return await jobs.release(services, due.owner, due.target.removeprefix(JOB))


TARGETS: Final[dict[str, Target]] = {
    JOB: Target(_run_job, _release_job),
    AGENDA: Target(agenda_mail.attend, agenda_mail.release, is_mail=True),
    canary.CANARY: Target(canary.attend, canary.release),
}


def target_of(due: Due) -> Target | None:
    """None for an object, whose reminders ringing.py knows."""
    return TARGETS.get(due.target[:2])


def is_mail(due: Key) -> bool:
    """Whether what is due under a key comes to a mail; of an object it may."""
    other = TARGETS.get(due.sort.rpartition("#")[2][:2])
    return other is None or other.is_mail
