"""Reminder rules: kept with their person, who is read by every write and every sender anyway.

So a change of one is one write, with the job that arms everything anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from aurora_time.domain.reminder_rules import MAX_RULES, Match, ReminderRule, folded
from aurora_time.operations.drafts import read_alarm
from aurora_time.operations.errors import InvalidError, NotFoundError, TooLargeError
from aurora_time.operations.people import read_person, update_person
from aurora_time.operations.representation import Id, Name, ReminderOverride, reminder_override
from aurora_time.operations.services import Services
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.people import Person

Kind = Literal["event", "task", "any"]
_Word = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*(?!\n)$",
        description="A word, found as a whole, whatever its case and its accents.",
    ),
]


class MatchValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a rule is about: each part that is given must fit, and of a list one. `words` are looked for in the summary,
    the place and the description. Without any part it is about everything.
    """

    calendar_id: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    categories: Annotated[tuple[_Word, ...], Meta(max_length=20)] = ()
    words: Annotated[tuple[_Word, ...], Meta(max_length=20)] = ()
    all_day: bool | None = None
    kind: Kind = "any"


class RuleInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A rule as a client writes it. With no `triggers` it silences what it matches."""

    name: Name
    triggers: Annotated[tuple[ReminderOverride, ...], Meta(max_length=20)]
    match: MatchValue = MatchValue()
    enabled: bool = True


RULE_READ_ONLY: Final = frozenset({"id", "etag"})


class RuleResource(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    match: MatchValue
    triggers: tuple[ReminderOverride, ...]
    enabled: bool
    etag: str


Change = Callable[[ReminderRule], RuleInput]
"""From a rule to what shall be instead; may raise, and then nothing is changed."""


def rule_resource(rule: ReminderRule) -> RuleResource:
    match = rule.match
    kind: Kind = "event" if match.kind == "event" else "task" if match.kind == "task" else "any"
    shown = MatchValue(match.calendar_ids, match.categories, match.words, match.all_day, kind)
    return RuleResource(
        rule.id, rule.name, shown, tuple(map(reminder_override, rule.triggers)), rule.enabled, rule.version
    )


async def read_rule_input(services: Services, owner: str, body: RuleInput) -> ReminderRule:
    """The rule that an input means, without an id or a version. Raises InvalidError."""
    (items,) = await services.table.query(Range(keys.calendar(owner).part))
    live = {item.key.sort for item in items if not decode(item.body, Calendar).deleted}
    return _read(body, live)


async def read_draft(services: Services, owner: str, body: RuleInput, rule_id: str | None) -> ReminderRule:
    """The rule that an input means, in the place of a stored one where that is named. Raises InvalidError."""
    draft = await read_rule_input(services, owner, body)
    if rule_id is None:
        return draft
    if all(rule.id != rule_id for rule in await list_rules(services, owner)):
        raise InvalidError("?ruleId", "There is no such rule. GET /v1/reminder-rules lists yours.")
    return replace(draft, id=rule_id)


def _read(body: RuleInput, calendars: set[str]) -> ReminderRule:
    match = body.match
    for index, calendar_id in enumerate(match.calendar_id):
        if calendar_id not in calendars:
            detail = f"There is no calendar {calendar_id!r} here. GET /v1/calendars lists yours."
            raise InvalidError(f"/match/calendarId/{index}", detail)
    for index, word in enumerate(match.words):
        if not folded(word):
            raise InvalidError(f"/match/words/{index}", "A word has at least one letter, digit or sign.")
    triggers = tuple(read_alarm(each, f"/triggers/{index}") for index, each in enumerate(body.triggers))
    if match.all_day and any(not each.is_wall_clock for each in triggers):
        detail = "All-day events have no time of day to count minutes from: use `daysBefore` and `at`."
        raise InvalidError("/triggers", detail)
    own = Match(match.calendar_id, match.categories, match.words, match.all_day, match.kind)
    return ReminderRule("", body.name, own, tuple(dict.fromkeys(triggers)), body.enabled)


async def list_rules(services: Services, owner: str) -> tuple[ReminderRule, ...]:
    """All rules, in the order in which they count."""
    person, _ = await read_person(services, owner)
    return person.rules


async def read_rule(services: Services, owner: str, rule_id: str) -> ReminderRule:
    """Raises NotFoundError."""
    return _find(await list_rules(services, owner), rule_id)


def _find(rules: tuple[ReminderRule, ...], rule_id: str) -> ReminderRule:
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is None:
        raise NotFoundError
    return found


async def create_rule(services: Services, owner: str, body: RuleInput, before: str | None = None) -> ReminderRule:
    """Make a rule, which counts after all others, or just before one of them. Raises InvalidError, TooLargeError."""
    draft = await read_rule_input(services, owner, body)
    made = replace(draft, id=services.ids.new(), version=services.ids.new())

    def change(person: Person, _version: str) -> Person:
        if len(person.rules) >= MAX_RULES:
            raise TooLargeError(f"There are at most {MAX_RULES} reminder rules. Delete one of them first.")
        at = _place(person.rules, before)
        return replace(person, rules=(*person.rules[:at], made, *person.rules[at:]))

    await update_person(services, owner, change)
    return made


def _place(rules: tuple[ReminderRule, ...], before: str | None) -> int:
    if before is None:
        return len(rules)
    for place, rule in enumerate(rules):
        if rule.id == before:
            return place
    raise InvalidError("?before", "There is no such rule. GET /v1/reminder-rules lists yours.")


async def update_rule(services: Services, owner: str, rule_id: str, change: Change) -> ReminderRule:
    """Change a rule. Raises NotFoundError, InvalidError."""
    (items,) = await services.table.query(Range(keys.calendar(owner).part))
    live = {item.key.sort for item in items if not decode(item.body, Calendar).deleted}
    version = services.ids.new()

    def changed(person: Person, _version: str) -> Person:
        old = _find(person.rules, rule_id)
        # A calendar that is gone since may stay in a rule: who renames it need not clean up.
        new = replace(_read(change(old), live | set(old.match.calendar_ids)), id=rule_id, version=version)
        return replace(person, rules=tuple(new if rule.id == rule_id else rule for rule in person.rules))

    person, _ = await update_person(services, owner, changed)
    return _find(person.rules, rule_id)


async def delete_rule(services: Services, owner: str, rule_id: str, check: Callable[[str], None]) -> None:
    """Delete a rule; ``check`` sees its version, and may raise. Raises NotFoundError."""

    def without(person: Person, _version: str) -> Person:
        check(_find(person.rules, rule_id).version)
        return replace(person, rules=tuple(rule for rule in person.rules if rule.id != rule_id))

    await update_person(services, owner, without)
