"""What a reminder rule would ring: computed from the events as they are, whether the rule is stored or not."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice, takewhile
from typing import Final, NamedTuple

from msgspec.structs import replace

from aurora_time.domain.component import Event
from aurora_time.domain.moment import DAY, Window
from aurora_time.domain.quiet_hours import REACH
from aurora_time.domain.reminder_rules import ReminderRule, matches
from aurora_time.domain.reminders import Preferences, Trigger, triggers_after
from aurora_time.operations.people import read_person
from aurora_time.operations.services import Services
from aurora_time.ports import Range
from aurora_time.store import keys, taskindex, timeindex
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Entry, new_entry
from aurora_time.store.taskindex import TaskCard

DAYS: Final = 30
UNSAVED: Final = "preview"
"""The id of a rule that is not stored."""
_EVENTS: Final = 250
"""How many events are read at once."""


class Rung(NamedTuple):
    """A reminder that a rule would ring, or would silence. The entry's rule is what causes it: perhaps another."""

    entry: Entry
    trigger: Trigger
    silenced: bool


@dataclass(frozen=True, slots=True)
class Page:
    """At most ``limit``, those after a position: when one rings, and its id."""

    limit: int
    after: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    rule: ReminderRule
    owner: str
    preferences: Preferences
    window: Window

    def rung(self, event: Event) -> Iterator[Rung]:
        """What the rule does to an event in the window, by when it rings."""
        silences = not self.rule.triggers
        triggers = triggers_after(event, self.preferences, self.window.start - 1)
        for trigger in takewhile(lambda each: each.due < self.window.end, triggers):
            part = trigger.occurrence.event
            if part.alarms is not None or not matches(self.rule.match, part):
                continue
            if silences or trigger.alarm in self.rule.triggers:
                yield Rung(new_entry(self.owner, event, trigger, "planned"), trigger, silences)


async def preview_rule(services: Services, owner: str, rule: ReminderRule, page: Page) -> list[Rung]:
    """What a rule would ring in the next 30 days if it were enabled, by when; of one without triggers what it silences.

    A stored rule stands where it is among the others, another (without an id) behind them.
    """
    person, _ = await read_person(services, owner)
    start = services.now if page.after is None else max(services.now, page.after[0])
    window = Window(start, services.now + DAYS * DAY)
    asked = _Asked(rule, owner, _preferences(person, rule), window)
    rung: list[Iterator[Rung]] = []
    candidates = await _candidates(services, asked)
    for index in range(0, len(candidates), _EVENTS):
        items = await services.table.get(*(keys.object_(owner, each) for each in candidates[index : index + _EVENTS]))
        rung += [asked.rung(decode(item.body, Stored).event) for item in items if item is not None]
        await asyncio.sleep(0)  # others are served between
    merged = heapq.merge(*rung, key=_rings_at)
    in_order = chain.from_iterable(sorted(group, key=_position) for _, group in groupby(merged, key=_rings_at))
    return list(islice((each for each in in_order if page.after is None or _position(each) > page.after), page.limit))


def _rings_at(rung: Rung) -> int:
    return rung.entry.rings_at


def _position(rung: Rung) -> tuple[int, str]:
    return rung.entry.rings_at, rung.entry.id


def _preferences(person: Person, rule: ReminderRule) -> Preferences:
    """The person's own with the rule; without one that silences, to see what that takes away."""
    others = person.rules
    if rule.triggers:
        wanted = replace(rule, id=rule.id or UNSAVED, enabled=True)
        others = tuple(wanted if each.id == rule.id else each for each in others)
        others = others if rule.id else (*others, wanted)
    else:
        others = tuple(each for each in others if each.id != rule.id)
    return Preferences(person.home, person.default_alarms, others, person.quiet)


async def _candidates(services: Services, asked: _Asked) -> list[str]:
    """The ids of what may ring by the rule in the window: read from the indexes alone."""
    owner, match = asked.owner, asked.rule.match
    around = Window(asked.window.start - REACH - DAY, asked.window.end + REACH + _lead(asked))
    own = timeindex.ranges(owner, around) if match.kind != "task" else []
    tasks = taskindex.ranges(owner, (taskindex.OPEN,), None) if match.kind != "event" else []
    held, *found = await services.table.query(Range(keys.calendar(owner).part), *own, *tasks)
    live = {item.key.sort for item in held if not decode(item.body, Calendar).deleted}
    wanted = live & set(match.calendar_ids) if match.calendar_ids else live
    events = ((item.key.sort.split("#", 2)[2], decode(item.body, Card)) for item in chain(*found[: len(own)]))
    open_ = ((taskindex.task_id(item.key.sort), decode(item.body, TaskCard)) for item in chain(*found[len(own) :]))
    return [
        object_id for object_id, card in chain[tuple[str, Card | TaskCard]](events, open_) if card.calendar_id in wanted
    ]


def _lead(asked: _Asked) -> int:
    """Seconds by which an alarm that is asked for comes before its event."""
    rules = (asked.rule,) if asked.rule.triggers else asked.preferences.rules
    alarms = [*(each for rule in rules for each in rule.triggers)]
    if not asked.rule.triggers:
        alarms += asked.preferences.defaults
    return max(((each.minutes_before or 0) * 60 + (each.days_before + 1) * DAY for each in alarms), default=0)
