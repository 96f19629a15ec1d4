"""Reminders: what was sent and what is planned, snoozed, dismissed, and reminders that belong to no event."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit, When, read_window
from aurora_time.domain.moment import DAY, Moment, MomentError, Window, Zone, print_instant
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import event_reminders, reminders, showing, standing
from aurora_time.operations.drafts import read_alarm
from aurora_time.operations.errors import ClashError, InvalidError
from aurora_time.operations.ledger import Found, Page, Shown, find_reminder
from aurora_time.operations.ledger import list_reminders as list_ledger
from aurora_time.operations.people import read_person
from aurora_time.operations.reminder_resources import ReminderResource, reminder_resource
from aurora_time.operations.representation import (
    MAX_MINUTES,
    Channel,
    Id,
    Name,
    ReminderOverride,
)
from aurora_time.operations.services import Services
from aurora_time.operations.standing import NewStanding
from aurora_time.store.reminders import STANDING, Standing

_LONGEST_DAYS: Final = 366
_READ_ONLY: Final = frozenset(ReminderResource.__struct_encode_fields__) - {"text", "channel"}
_At = Annotated[str, Meta(max_length=40, description="RFC 3339 with an offset, or a local time in your zone.")]
_Clock = Annotated[str, Meta(max_length=40, description="With `eventId` a time like `18:00`; without it when to ring.")]


class ReminderQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """By the due instant; without `from` and `to` the last day and the next 30."""

    from_: When | None = None
    to: When | None = None
    status: Literal["planned", "sending", "sent", "failed", "suppressed", "snoozed", "dismissed"] | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class ReminderList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[ReminderResource]
    next_cursor: str | None


class ReminderInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Of an event or a task (`eventId`): `minutesBefore`, or `daysBefore` with `at`. By itself: `at` and `text`."""

    event_id: Id | None = None
    channel: Channel = "email"
    minutes_before: Annotated[int, Meta(ge=0, le=MAX_MINUTES)] | None = None
    days_before: Annotated[int, Meta(ge=0, le=366)] | None = None
    at: _Clock | None = None
    text: Name | None = None


class StandingInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What can be changed of a reminder that belongs to no event."""

    at: _At
    text: Name
    channel: Channel


class SnoozeInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """For so many `minutes` from now, or `until` a time."""

    minutes: Annotated[int, Meta(ge=1, le=MAX_MINUTES)] | None = None
    until: _At | None = None


@endpoint(
    "GET",
    "/v1/reminders",
    needs=needs.LIST_REMINDERS,
    scope="reminders:read",
    shape=Shape(query=ReminderQuery, answer=ReminderList),
)
async def list_reminders(services: Services, request: Request) -> Reply:
    """List reminders by when they ring: what was sent, failed or left out, and what is planned."""
    query: ReminderQuery = request.query
    owner = request.caller.person_id
    person, _ = await read_person(services, owner)
    now = services.now
    window = read_window(query.from_, query.to, person.home) or Window(now - DAY, now + 30 * DAY)
    if window.end - window.start > _LONGEST_DAYS * DAY:
        raise InvalidError("?to", f"Ask for at most {_LONGEST_DAYS} days.")
    question = f"{query.from_}/{query.to}/{query.status}"
    after = read_cursor(query.cursor, question, tuple[int, str]) if query.cursor else None
    found = await list_ledger(services, owner, window, query.status, Page(query.limit + 1, after))
    shown = found[: query.limit]
    last = shown[-1][0] if len(found) > query.limit else None
    cursor = make_cursor(question, last.rings_at, last.id) if last else None
    return json_reply(ReminderList([reminder_resource(entry, version) for entry, version in shown], cursor))


@endpoint(
    "POST",
    "/v1/reminders",
    needs=needs.CREATE_REMINDER,
    scope="reminders:write",
    shape=Shape(body=ReminderInput, answer=ReminderResource, status=201, problems=(INVALID, CONFLICT, TOO_LARGE)),
)
async def create_reminder(services: Services, request: Request) -> Reply:
    """Make a reminder. With an `eventId` the event (or task) rings by itself from now on: as it does now, and by this;
    the answer is the next that it rings. Without one it belongs to nothing, and rings once, quiet hours or not.
    """
    body: ReminderInput = request.body
    owner = request.caller.person_id
    if body.event_id is not None:
        made = await _add_to_event(services, owner, body, body.event_id)
    else:
        person, _ = await read_person(services, owner)
        made = await standing.create_standing(services, owner, _standing(body, person.home))
    return json_reply(_shown(made), made[1], 201, f"/v1/reminders/{made[0].name}")


async def _add_to_event(services: Services, owner: str, body: ReminderInput, event_id: str) -> Shown:
    if body.text is not None:
        raise InvalidError("/text", "The reminder of an event tells the event. Leave `text` out.")
    fields = {
        "channel": body.channel,
        "minutesBefore": body.minutes_before,
        "daysBefore": body.days_before,
        "at": body.at,
    }
    override = convert({name: value for name, value in fields.items() if value is not None}, ReminderOverride)
    return await event_reminders.add_reminder(services, owner, event_id, read_alarm(override, ""))


def _standing(body: ReminderInput, home: Zone) -> NewStanding:
    if body.minutes_before is not None or body.days_before is not None:
        pointer = "/daysBefore" if body.minutes_before is None else "/minutesBefore"
        raise InvalidError(pointer, "Before what? Give an `eventId`, or leave this out and say when by `at`.")
    if body.at is None:
        raise InvalidError("/at", "Give `at` (when to ring) and `text`, or an `eventId`.")
    if body.text is None:
        raise InvalidError("/text", "A reminder that belongs to no event needs a `text`.")
    return NewStanding(_instant(body.at, "/at", home), body.text, body.channel)


def _instant(text: str, pointer: str, home: Zone) -> int:
    try:
        read = Moment.from_iso(text)
    except MomentError as error:
        raise InvalidError(pointer, f"{error}.") from None
    if read.is_date:
        raise InvalidError(pointer, "A date has no time of day. Write it like 2026-11-23T09:00:00.")
    return read.instant(home)


def _shown(shown: Shown) -> ReminderResource:
    return reminder_resource(*shown)


@endpoint(
    "GET",
    "/v1/reminders/{reminderId}",
    needs=needs.READ_REMINDER,
    scope="reminders:read",
    shape=Shape(answer=ReminderResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_reminder(services: Services, request: Request) -> Reply:
    """Read a reminder, sent or planned."""
    found = await find_reminder(services, request.caller.person_id, request.parameters["reminderId"])
    return read_reply(request, reminder_resource(found.entry, found.etag), found.etag)


@endpoint(
    "PATCH",
    "/v1/reminders/{reminderId}",
    needs=needs.UPDATE_REMINDER,
    scope="reminders:write",
    shape=Shape(
        body=StandingInput, answer=ReminderResource, problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED)
    ),
)
async def update_reminder(services: Services, request: Request) -> Reply:
    """Change a reminder that belongs to no event and is still to ring, by a JSON merge patch of `at`, `text`,
    `channel`. One that is snoozed then rings with the new text, and at the new time instead.
    """
    owner, name = request.caller.person_id, request.parameters["reminderId"]
    found = await find_reminder(services, owner, name)
    if not found.entry.event_id.startswith(STANDING):
        raise ClashError("It belongs to an event or a task: change its `reminders`, or snooze or dismiss this one.")
    person, _ = await read_person(services, owner)

    def change(now: Standing, shown: Found) -> NewStanding:
        check_if_match(request.if_match, shown.etag)
        current: dict[str, Any] = msgspec.to_builtins(reminder_resource(shown.entry, shown.etag))
        current["at"] = print_instant(now.at)
        body = convert(apply_patch(current, request.body, _READ_ONLY), StandingInput)
        return NewStanding(_instant(body.at, "/at", person.home), body.text, body.channel)

    made = await standing.update_standing(services, owner, name, change)
    return json_reply(_shown(made), made[1])


@endpoint(
    "DELETE",
    "/v1/reminders/{reminderId}",
    needs=needs.DELETE_REMINDER,
    scope="reminders:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_reminder(services: Services, request: Request) -> Reply:
    """Take back a reminder that is planned: one by itself, or one of an event's own, which then no more rings by it at
    all. One by itself that is snoozed does not ring again. What has rung stays in the ledger, and what a rule or a
    default rings is dismissed instead.
    """
    owner, name = request.caller.person_id, request.parameters["reminderId"]

    def check(version: str) -> None:
        check_if_match(request.if_match, version)

    found = await find_reminder(services, owner, name)
    if found.entry.event_id.startswith(STANDING):
        await standing.delete_standing(services, owner, name, check)
    else:
        await event_reminders.remove_reminder(services, owner, name, check)
    return NO_CONTENT


@endpoint(
    "POST",
    "/v1/reminders/{reminderId}/snooze",
    needs=needs.SNOOZE_REMINDER,
    scope="reminders:write",
    shape=Shape(
        body=SnoozeInput, answer=ReminderResource, problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED)
    ),
)
async def snooze_reminder(services: Services, request: Request) -> Reply:
    """Snooze a reminder, sent or planned: it rings again, exactly once. It does so also if its event is moved or over
    by then, but not if that is deleted or cancelled. One that is snoozed already is snoozed until the new time instead.
    """
    body: SnoozeInput = request.body
    owner = request.caller.person_id
    if (body.minutes is None) == (body.until is None):
        raise InvalidError("", "Give either `minutes` or `until`.")
    until = services.now + (body.minutes or 0) * 60
    if body.until is not None:
        person, _ = await read_person(services, owner)
        until = _instant(body.until, "/until", person.home)
    shown = await reminders.snooze_reminder(
        services,
        owner,
        request.parameters["reminderId"],
        until,
        lambda version: check_if_match(request.if_match, version),
    )
    return json_reply(_shown(shown), shown[1])


@endpoint(
    "POST",
    "/v1/reminders/{reminderId}/dismiss",
    needs=needs.DISMISS_REMINDER,
    scope="reminders:write",
    shape=Shape(answer=ReminderResource, problems=(CONFLICT, NOT_FOUND, PRECONDITION_FAILED)),
)
async def dismiss_reminder(services: Services, request: Request) -> Reply:
    """Be done with a reminder, on all devices: one that is planned or snoozed does not ring; its event's others do."""
    shown = await reminders.dismiss_reminder(
        services,
        request.caller.person_id,
        request.parameters["reminderId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return json_reply(_shown(shown), shown[1])


@endpoint(
    "POST",
    "/v1/reminders/{reminderId}/show",
    needs=needs.SHOW_REMINDER,
    scope="reminders:write",
    shape=Shape(answer=ReminderResource, problems=(CONFLICT, NOT_FOUND, PRECONDITION_FAILED)),
)
async def show_reminder(services: Services, request: Request) -> Reply:
    """Say that a reminder with the channel `browser` is being shown: it is `sent`. Ask just before it is shown; the
    answer is a conflict where that would be too early, or where it is not to ring any more. Several open apps may ask.
    """
    shown = await showing.show_reminder(
        services,
        request.caller.person_id,
        request.parameters["reminderId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return json_reply(_shown(shown), shown[1])
