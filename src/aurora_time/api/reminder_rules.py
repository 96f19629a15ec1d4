"""Reminder rules: what is reminded of, and when, beside the default reminders."""

from __future__ import annotations

from typing import Any

import msgspec

from aurora_time.api import needs
from aurora_time.api.parameters import Cursor, Limit
from aurora_time.domain.component import Time
from aurora_time.domain.moment import print_instant
from aurora_time.domain.reminder_rules import ReminderRule
from aurora_time.http.conditional import check_if_match
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.merge_patch import apply_patch, convert
from aurora_time.http.paging import DEFAULT_LIMIT, make_cursor, read_cursor
from aurora_time.http.problem import CONFLICT, INVALID, NOT_FOUND, PRECONDITION_FAILED, TOO_LARGE
from aurora_time.operations import preview, rules
from aurora_time.operations.preview import Page, Rung
from aurora_time.operations.representation import DateOrTime, Id, time_value
from aurora_time.operations.rules import RULE_READ_ONLY, RuleInput, RuleResource, rule_resource
from aurora_time.operations.services import Services


class RuleList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[RuleResource]
    next_cursor: str | None


class PlaceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`before`: the rule that shall count after the new one; without it, all others count before."""

    before: Id | None = None


class PreviewQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class DraftQuery(PreviewQuery, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """`ruleId`: the draft stands in the place of this rule, as its PATCH would."""

    rule_id: Id | None = None


class PreviewResource(msgspec.Struct, frozen=True, rename="camel"):
    """A reminder that the rule would ring, or (`silenced`) would keep from ringing. `ruleId` is the rule that causes
    it, null where the default reminders ring at that very time anyway; `start` is the occurrence's.
    """

    id: str
    event_id: str
    recurrence_id: str | None
    rule_id: str | None
    channel: str
    due: str
    text: str
    start: DateOrTime
    silenced: bool


class PreviewList(msgspec.Struct, frozen=True, rename="camel"):
    items: list[PreviewResource]
    next_cursor: str | None


def _preview_resource(rung: Rung) -> PreviewResource:
    entry = rung.entry
    return PreviewResource(
        id=entry.name,
        event_id=entry.event_id,
        recurrence_id=entry.recurrence_id,
        rule_id=entry.rule_id or None,
        channel=entry.channel,
        due=print_instant(entry.rings_at),
        text=entry.text,
        start=time_value(Time.of(rung.trigger.occurrence.start)),
        silenced=rung.silenced,
    )


@endpoint(
    "GET",
    "/v1/reminder-rules",
    needs=("person: get",),
    scope="reminders:read",
    shape=Shape(answer=RuleList),
)
async def list_reminder_rules(services: Services, request: Request) -> Reply:
    """List your reminder rules, in the order in which they count."""
    found = await rules.list_rules(services, request.caller.person_id)
    return json_reply(RuleList([rule_resource(rule) for rule in found], None))


@endpoint(
    "POST",
    "/v1/reminder-rules",
    needs=(*needs.CHANGE_PERSON, "calendar: query"),
    scope="reminders:write",
    shape=Shape(
        body=RuleInput, query=PlaceQuery, answer=RuleResource, status=201, problems=(INVALID, CONFLICT, TOO_LARGE)
    ),
)
async def create_reminder_rule(services: Services, request: Request) -> Reply:
    """Make a rule. An event or task without reminders of its own rings by the default reminders and by every enabled
    rule that matches it; the same trigger of several rings once. A rule without `triggers` silences what it matches.
    """
    query: PlaceQuery = request.query
    rule = await rules.create_rule(services, request.caller.person_id, request.body, query.before)
    return json_reply(rule_resource(rule), rule.version, 201, f"/v1/reminder-rules/{rule.id}")


@endpoint(
    "POST",
    "/v1/reminder-rules/preview",
    needs=needs.PREVIEW_RULE,
    scope="reminders:read",
    shape=Shape(body=RuleInput, query=DraftQuery, answer=PreviewList, problems=(INVALID,)),
)
async def preview_new_rule(services: Services, request: Request) -> Reply:
    """List what a rule would ring in the next 30 days, without making it; its `ruleId` is `preview`. Asked with the
    `ruleId` of one that is there, it stands in its place and has its id, as if that were changed.
    """
    query: DraftQuery = request.query
    rule = await rules.read_draft(services, request.caller.person_id, request.body, query.rule_id)
    return await _preview(services, request, rule)


@endpoint(
    "GET",
    "/v1/reminder-rules/{ruleId}",
    needs=("person: get",),
    scope="reminders:read",
    shape=Shape(answer=RuleResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_reminder_rule(services: Services, request: Request) -> Reply:
    """Read a reminder rule."""
    rule = await rules.read_rule(services, request.caller.person_id, request.parameters["ruleId"])
    return read_reply(request, rule_resource(rule), rule.version)


@endpoint(
    "PATCH",
    "/v1/reminder-rules/{ruleId}",
    needs=(*needs.CHANGE_PERSON, "calendar: query"),
    scope="reminders:write",
    shape=Shape(body=RuleInput, answer=RuleResource, problems=(INVALID, CONFLICT, NOT_FOUND, PRECONDITION_FAILED)),
)
async def update_reminder_rule(services: Services, request: Request) -> Reply:
    """Change a rule by a JSON merge patch. What it rings follows at once, or within a minute for many events; nothing
    rings by what it was.
    """

    def change(rule: ReminderRule) -> RuleInput:
        check_if_match(request.if_match, rule.version)
        current: dict[str, Any] = msgspec.to_builtins(rule_resource(rule))
        return convert(apply_patch(current, request.body, RULE_READ_ONLY), RuleInput)

    rule = await rules.update_rule(services, request.caller.person_id, request.parameters["ruleId"], change)
    return json_reply(rule_resource(rule), rule.version)


@endpoint(
    "DELETE",
    "/v1/reminder-rules/{ruleId}",
    needs=needs.CHANGE_PERSON,
    scope="reminders:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_reminder_rule(services: Services, request: Request) -> Reply:
    """Delete a rule; nothing rings by it any more."""
    await rules.delete_rule(
        services,
        request.caller.person_id,
        request.parameters["ruleId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return NO_CONTENT


@endpoint(
    "GET",
    "/v1/reminder-rules/{ruleId}/preview",
    needs=needs.PREVIEW_RULE,
    scope="reminders:read",
    shape=Shape(query=PreviewQuery, answer=PreviewList, problems=(NOT_FOUND,)),
)
async def preview_reminder_rule(services: Services, request: Request) -> Reply:
    """List what a rule rings in the next 30 days, or would if it were enabled."""
    rule = await rules.read_rule(services, request.caller.person_id, request.parameters["ruleId"])
    return await _preview(services, request, rule)


async def _preview(services: Services, request: Request, rule: ReminderRule) -> Reply:
    query: PreviewQuery = request.query
    question = f"{rule.id}/{rule.match}/{rule.triggers}"
    after = read_cursor(query.cursor, question, tuple[int, str]) if query.cursor else None
    found = await preview.preview_rule(services, request.caller.person_id, rule, Page(query.limit + 1, after))
    shown = found[: query.limit]
    last = shown[-1].entry if len(found) > query.limit else None
    cursor = make_cursor(question, last.rings_at, last.id) if last else None
    return json_reply(PreviewList([_preview_resource(each) for each in shown], cursor))
