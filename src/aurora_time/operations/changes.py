"""The change feed: what a client that keeps a copy has to know, without anything lost.

Without a token the feed begins with all there is, page by page; what changes meanwhile follows, as its token remembers
the sequence at which it began. Then the owner's log is followed. Each thing is told as it is now, not as it was at its
place in the log, so that a page is true when it is read and may be read twice.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Raw

from aurora_time.domain.availability import Schedule
from aurora_time.domain.component import Event, Time
from aurora_time.domain.moment import print_compact
from aurora_time.domain.series import Occurrence
from aurora_time.operations.errors import ExpiredError, NotFoundError
from aurora_time.operations.ledger import find_reminder
from aurora_time.operations.people import read_person
from aurora_time.operations.reminder_resources import reminder_resource
from aurora_time.operations.representation import (
    calendar_resource,
    event_resource,
    person_resource,
)
from aurora_time.operations.rules import rule_resource
from aurora_time.operations.schedule_resources import schedule_resource
from aurora_time.operations.services import Services
from aurora_time.operations.task_resources import task_resource
from aurora_time.ports import Item, Key, Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar, Head, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Standing

MAX_BYTES: Final = 2_000_000
"""Of the resources of a page: what is larger, ends sooner. One thing, or what one write changed, is always whole."""
REMINDER: Final = "reminder"
_NOW: Final = "now"
_AGAIN: Final = "Ask without `since`, and put what comes in the place of your copy."


class Change(msgspec.Struct, frozen=True, rename="camel"):
    """A thing that changed, as it is now. `deleted`: it is not there any more, and `resource` is null.

    A series comes with all its occurrences that differ from it right behind it, each with its `recurrenceId`: they take
    the place of all that were known. So do those that were taken out of it since the token, as `deleted`. A calendar
    that is deleted takes along what is in it, which is told too as it is cleared away.
    """

    kind: str
    id: str
    deleted: bool
    recurrence_id: str | None
    resource: Annotated[
        Raw,
        Meta(
            description="As its own GET shows it.",
            extra_json_schema={
                "anyOf": [
                    *(
                        {"$ref": f"#/components/schemas/{name}Resource"}
                        for name in ("Person", "Calendar", "Event", "Task", "Schedule", "Rule", "Reminder")
                    ),
                    {"type": "null"},
                ]
            },
        ),
    ]


class _Token(msgspec.Struct, frozen=True, array_like=True):
    """Where a client is: through which sequence of each owner it has seen all, under which history of this home.

    ``walk`` is where the listing of all there is goes on: the index of a source, and the last sort.
    """

    epoch: str
    kinds: tuple[str, ...]
    seen: dict[str, Annotated[int, Meta(ge=0, le=10**12)]]
    walk: tuple[Annotated[int, Meta(ge=0)], str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """``token`` leads to what comes next; ``more``: there is something already."""

    items: list[Change]
    token: str
    more: bool


@dataclass(frozen=True, slots=True)
class _Sight:
    """What decides whether a thing is there for its owner, and how it is shown."""

    owner: str
    kinds: frozenset[str]
    live: frozenset[str]
    primary: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A part in which things of some kinds lie. ``show`` answers nothing for what its owner does not see."""

    kinds: frozenset[str]
    key: Callable[[str, str], Key]
    show: Callable[[_Sight, Item], list[Change]]


def _change(kind: str, id_: str, resource: object, recurrence_id: str | None = None) -> Change:
    return Change(kind, id_, False, recurrence_id, Raw(msgspec.json.encode(resource)))


def _gone(kind: str, id_: str, recurrence_id: str | None = None) -> Change:
    return Change(kind, id_, True, recurrence_id, Raw(b"null"))


def _show_person(sight: _Sight, item: Item) -> list[Change]:
    """The person, and the reminder rules that are kept with it."""
    person = decode(item.body, Person)
    shown = [
        _change("me", person.id, person_resource(person, item.version)),
        *(_change("rule", rule.id, rule_resource(rule)) for rule in person.rules),
    ]
    return [each for each in shown if each.kind in sight.kinds]


def _show_calendar(sight: _Sight, item: Item) -> list[Change]:
    calendar = decode(item.body, Calendar)
    if calendar.deleted:
        return []
    return [_change("calendar", calendar.id, calendar_resource(calendar, item.version, sight.primary))]


def _show_object(sight: _Sight, item: Item) -> list[Change]:
    stored = decode(item.body, Stored)
    if stored.component.calendar_id not in sight.live:
        return []
    if stored.task is not None:
        task = stored.task
        return [_change("task", task.id, task_resource(task, item.version))] if "task" in sight.kinds else []
    return _show_event(stored.event, item.version) if "event" in sight.kinds else []


def _show_event(event: Event, version: str) -> list[Change]:
    own = _change("event", event.id, event_resource(event, version))
    named = ((each, each.recurrence_id) for each in event.overrides)
    return [own, *(_show_override(event, each, was, version) for each, was in named if was)]


def _show_override(series: Event, override: Event, was: Time, version: str) -> Change:
    occurrence = Occurrence(override.start.moment, override.end.moment, override, was.wall)
    name = print_compact(was.wall, is_date=was.is_date)
    return _change("event", series.id, event_resource(series, version, occurrence), name)


def _show_schedule(_: _Sight, item: Item) -> list[Change]:
    schedule = decode(item.body, Schedule)
    return [_change("schedule", schedule.id, schedule_resource(schedule, item.version))]


def _show_standing(sight: _Sight, item: Item) -> list[Change]:
    entry = decode(item.body, Standing).entry(sight.owner)
    return [_change(REMINDER, entry.name, reminder_resource(entry, item.version))]


_SOURCES: Final = (
    _Source(frozenset({"me", "rule"}), lambda owner, _: keys.person(owner), _show_person),
    _Source(frozenset({"calendar"}), keys.calendar, _show_calendar),
    _Source(frozenset({"event", "task"}), keys.object_, _show_object),
    _Source(frozenset({"schedule"}), keys.schedule, _show_schedule),
    _Source(frozenset({REMINDER}), keys.standing, _show_standing),
)
"""In the order in which all there is is told. Of reminders that is those which belong to no event: the others follow
from events and rules, and only what a person does with them is told, when it is done.
"""
_SOURCE_OF: Final = {kind: source for source in _SOURCES for kind in source.kinds if kind != REMINDER}

NEEDS: Final = (
    *("person: get query", "calendar: get query", "object: get query", "schedule: get query"),
    *("standing: get query", "ledger: get", "armed: get"),
)
"""What the sources need of the table."""

SCOPES: Final = {
    "me": "account:read",
    "calendar": "calendars:read",
    "event": "events:read",
    "task": "tasks:read",
    "schedule": "schedules:read",
    "rule": "reminders:read",
    REMINDER: "reminders:read",
}
"""The kinds of things that are told, and the scope that a token needs to be told of them."""


async def list_changes(services: Services, owner: str, scopes: frozenset[str], since: str | None, limit: int) -> Page:
    """A page of about ``limit`` things behind the token; ``since`` "now" is the token of this moment, and no things.

    Raises ExpiredError for a token that leads nowhere (any more).
    """
    kinds = tuple(sorted(kind for kind, scope in SCOPES.items() if scope in scopes))
    head_item, restored = await services.table.get(keys.head(owner), keys.restored())
    head = decode(head_item.body, Head).sequence if head_item else 0
    epoch = restored.version if restored else ""
    if since is None or since == _NOW:
        token = _Token(epoch, kinds, {owner: head}, None if since else (0, ""))
    else:
        token = _read(since, owner, epoch, kinds)
    if since == _NOW or (token.walk is None and token.seen[owner] == head):
        return Page([], _print(token), False)  # nothing to tell, which is what most who ask hear
    if token.walk is not None:
        return await _walk(services, await _sight(services, owner, kinds), token, limit)
    return await _follow(services, owner, token, limit, head)


def _print(token: _Token) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(token)).rstrip(b"=").decode()


def _read(text: str, owner: str, epoch: str, kinds: tuple[str, ...]) -> _Token:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        token = msgspec.msgpack.decode(packed, type=_Token)
    except (ValueError, binascii.Error):
        raise ExpiredError(f"This is no token of ours. {_AGAIN}") from None
    if set(token.seen) != {owner}:
        raise ExpiredError(f"This is no token of ours. {_AGAIN}")
    if token.epoch != epoch:
        raise ExpiredError(f"This home was restored from a backup since this token was made. {_AGAIN}")
    if token.kinds != kinds:
        raise ExpiredError(f"This sync token was made with an access token of other scopes. {_AGAIN}")
    return token


async def _sight(services: Services, owner: str, kinds: Iterable[str]) -> _Sight:
    person, _ = await read_person(services, owner)
    (items,) = await services.table.query(Range(keys.calendar(owner).part))
    live = frozenset(item.key.sort for item in items if not decode(item.body, Calendar).deleted)
    return _Sight(owner, frozenset(kinds), live, person.first_calendar)


# --- all there is -----------------------------------------------------------------------------------------------------
async def _walk(services: Services, sight: _Sight, token: _Token, limit: int) -> Page:
    """Things in the order of their sources and keys, from behind where the token is."""
    stage, after = token.walk or (0, "")
    found: list[Change] = []
    size = 0
    for index, source in enumerate(_SOURCES[stage:], stage):
        wanted = limit - len(found)
        items: list[Item] = []
        if source.kinds & sight.kinds and wanted > 0:
            part, low = source.key(sight.owner, "").part, f"{after}\x00" if after else ""
            (items,) = await services.table.query(Range(part, low, limit=wanted))
        for item in items:
            shown = source.show(sight, item)
            found += shown
            size += sum(len(bytes(each.resource)) for each in shown)
            after = item.key.sort
            if size > MAX_BYTES:
                break
        if wanted <= 0 or size > MAX_BYTES or len(items) == wanted:
            return Page(found, _print(msgspec.structs.replace(token, walk=(index, after))), True)
        after = ""
    return Page(found, _print(msgspec.structs.replace(token, walk=None)), True)


# --- what changed -----------------------------------------------------------------------------------------------------
async def _follow(services: Services, owner: str, token: _Token, limit: int, head: int) -> Page:
    """What the log tells from behind the token's sequence to before the first number that is missing."""
    since = token.seen[owner]
    low = keys.log(owner, since + 1)
    (items,) = await services.table.query(Range(low.part, low.sort, limit=limit + 1))
    whole = [item for number, item in enumerate(items, since + 1) if item.key == keys.log(owner, number)]
    if since > head or (since < head and not whole and not await _is_there(services, low)):
        raise ExpiredError(f"This sync token is older than the change feed goes back, 400 days. {_AGAIN}")
    # After the log: a calendar that it tells of is seen, with all that was put into it.
    sight = await _sight(services, owner, token.kinds)
    count = min(len(whole), limit)
    found = await _told(services, sight, whole[:count])
    while count > 1 and sum(len(bytes(each.resource)) for each in found) > MAX_BYTES:
        count //= 2
        found = await _told(services, sight, whole[:count])
    last = since + count
    seen = msgspec.structs.replace(token, seen={owner: last})
    return Page(found, _print(seen), last < max(head, since + len(items)))


async def _is_there(services: Services, key: Key) -> bool:
    """A query passes over what is written while it runs; a read of its own does not."""
    (item,) = await services.table.get(key)
    return item is not None


async def _told(services: Services, sight: _Sight, log: Sequence[Item]) -> list[Change]:
    """What these log items name, each thing once, at its last change; with occurrences that were taken out of it."""
    last: dict[tuple[str, str], dict[str, bool]] = {}
    for item in log:
        for changed in decode(item.body, LogItem).changed:
            if changed.kind in sight.kinds:
                name = (changed.kind, changed.id)
                last[name] = last.pop(name, {}) | {changed.recurrence_id: changed.deleted}
    present = await _present(services, sight, last)
    result: list[Change] = []
    for (kind, id_), occurrences in last.items():
        shown = present[kind, id_]
        result += shown or [_gone(kind, id_)]
        there = {"", *(each.recurrence_id for each in shown)}
        if shown:
            result += [_gone(kind, id_, of) for of, is_out in occurrences.items() if is_out and of not in there]
    return result


async def _present(
    services: Services, sight: _Sight, names: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[Change]]:
    """Things by kind and id, as they are now; nothing for what is not there."""
    found: dict[tuple[str, str], list[Change]] = {}
    kept = [(kind, id_) for kind, id_ in names if kind != REMINDER]
    items = await services.table.get(*(_SOURCE_OF[kind].key(sight.owner, id_) for kind, id_ in kept))
    for name, item in zip(kept, items, strict=True):
        shown = _SOURCE_OF[name[0]].show(sight, item) if item else []
        found[name] = [each for each in shown if (each.kind, each.id) == name]
    for kind, id_ in names:
        if kind == REMINDER:
            found[kind, id_] = await _reminder(services, sight.owner, id_)
    return found


async def _reminder(services: Services, owner: str, name: str) -> list[Change]:
    """A reminder lies in one of several places: see ledger.py."""
    try:
        found = await find_reminder(services, owner, name)
    except NotFoundError:
        return []
    return [_change(REMINDER, name, reminder_resource(found.entry, found.etag))]
