"""Reminders of the channel ``browser``: an open app takes what is due, and says so.

The loop writes down that such a reminder is due, and tells the apps that are open; it cannot know whether anybody saw
it. So the app asks before it shows one, and only that makes it "sent". What no app has taken when its event is over has
failed.
"""

from __future__ import annotations

from msgspec.structs import replace

from aurora_time.domain.component import BROWSER
from aurora_time.operations.errors import ChangedError, ClashError
from aurora_time.operations.ledger import Found, Shown, find_reminder
from aurora_time.operations.reminders import Check_, accept, write
from aurora_time.operations.retrying import BUSY, TRIES
from aurora_time.operations.services import Services
from aurora_time.operations.subjects import OPEN
from aurora_time.ports import ConflictError


async def show_reminder(services: Services, owner: str, reminder_id: str, check: Check_ = accept) -> Shown:
    """Note that an app shows a reminder now; (as it is, its version). One that was shown before stays as it was.

    Raises NotFoundError, and ClashError for one that is mailed, not yet due, or not to ring any more.
    """
    for _ in range(TRIES):
        found = await find_reminder(services, owner, reminder_id)
        check(found.etag)
        entry = found.entry
        _check_shown(services, found)
        if entry.status == "sent":
            return entry, found.etag
        tries = max(entry.attempts, 1)
        sent = replace(entry, status="sent", sent_at=services.clock.now(), attempts=tries, error=None)
        try:
            return sent, await write(services, owner, [(sent, found.expect)], [])
        except ConflictError:
            continue
    raise ChangedError(BUSY)


def _check_shown(services: Services, found: Found) -> None:
    entry = found.entry
    if entry.channel != BROWSER:
        raise ClashError("It comes by mail. Only what has the channel `browser` is shown.")
    if entry.status != "sent" and entry.status not in OPEN:
        raise ClashError("It is not to ring any more: it was dismissed or snoozed, or its time is past.")
    if entry.rings_at > services.now:
        raise ClashError("It is not due yet. Ask when it is.")
