"""A reminder as the API shows it."""

from __future__ import annotations

from typing import Literal

import msgspec

from aurora_time.domain.moment import print_instant, print_wall
from aurora_time.operations.representation import ReminderOverride, reminder_override
from aurora_time.store.reminders import STANDING, Entry

Cause = Literal["rule", "default", "own", "snooze", "itself"]


class ReminderResource(msgspec.Struct, frozen=True, rename="camel"):
    """`eventId` is null of a reminder that belongs to no event; `ruleId` names the rule that rings, if one does.

    `cause` is why it rings: a `rule`, a `default` of the settings, one of the event's or task's `own`, a `snooze`, or
    `itself`; `trigger` is what the first three say. `movedFrom` is when it was due, but for the quiet hours.
    """

    id: str
    event_id: str | None
    recurrence_id: str | None
    rule_id: str | None
    cause: Cause
    trigger: ReminderOverride | None
    channel: str
    due: str
    moved_from: str | None
    status: str
    attempts: int
    sent_at: str | None
    error: str | None
    snoozed_until: str | None
    text: str
    etag: str


def _cause(entry: Entry) -> Cause:
    if entry.snoozes:
        return "snooze"
    if entry.is_standing:
        return "itself"
    return "rule" if entry.rule_id else "own" if entry.own else "default"


def reminder_resource(entry: Entry, version: str) -> ReminderResource:
    cause = _cause(entry)
    sent = f"{print_wall(int(entry.sent_at))}.{int(entry.sent_at % 1 * 1000):03d}Z" if entry.sent_at else None
    return ReminderResource(
        id=entry.name,
        event_id=None if entry.event_id.startswith(STANDING) else entry.event_id,
        recurrence_id=entry.recurrence_id,
        rule_id=entry.rule_id or None,
        cause=cause,
        trigger=reminder_override(entry.alarm) if entry.alarm and cause in ("rule", "default", "own") else None,
        channel=entry.channel,
        due=print_instant(entry.rings_at),
        moved_from=None if entry.due is None else print_instant(entry.instant),
        status=entry.status,
        attempts=entry.attempts,
        sent_at=sent,
        error=entry.error,
        snoozed_until=print_instant(entry.next[0]) if entry.next else None,
        text=entry.text,
        etag=version,
    )
