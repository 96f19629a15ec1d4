"""The ledger as a person sees it: what was sent or failed, and what is still to ring."""

from __future__ import annotations

from typing import Final

from aurora_time.domain.moment import Window
from aurora_time.domain.reminders import alarms_of, triggers_between
from aurora_time.operations.people import read_person
from aurora_time.operations.services import Services
from aurora_time.ports import Range
from aurora_time.store import keys
from aurora_time.store.calendars import Calendar
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Person
from aurora_time.store.reminders import Armed, Entry, new_entry

MAX_PLANNED: Final = 1_000


async def list_reminders(services: Services, owner: str, window: Window, status: str | None) -> list[tuple[Entry, str]]:
    """Reminders due in the window with their versions, by instant. Planned ones are computed, and not in the ledger."""
    person, _ = await read_person(services, owner)
    part = keys.ledger(owner, 0, "").part
    (items,) = await services.table.query(Range(part, keys.sortable(window.start), keys.sortable(window.end)))
    known = {item.key.sort.split("#")[1]: (decode(item.body, Entry), item.version) for item in items}
    for entry in await _planned(services, person, window):
        known.setdefault(entry.id, (entry, "planned"))
    found = (pair for pair in known.values() if status is None or pair[0].status == status)
    return sorted(found, key=lambda pair: (pair[0].instant, pair[0].id))


async def _planned(services: Services, person: Person, window: Window) -> list[Entry]:
    armed, found = await services.table.query(
        Range(keys.armed(person.id, "").part), Range(keys.calendar(person.id).part)
    )
    calendars = {item.key.sort for item in found if not decode(item.body, Calendar).deleted}
    states = [(item.key.sort, decode(item.body, Armed)) for item in armed]
    due = [(object_id, state) for object_id, state in states if state.due < window.end]
    objects = await services.table.get(*(keys.object_(person.id, object_id) for object_id, _ in due))
    entries: list[Entry] = []
    for (_, state), item in zip(due, objects, strict=True):
        if item is None:
            continue
        event = decode(item.body, Stored).event
        if event.calendar_id not in calendars:
            continue
        alarms = alarms_of(event, person.default_alarms)
        between = (max(state.after, window.start - 1), window.end - 1)
        triggers = triggers_between(event, alarms, between, person.home, MAX_PLANNED)
        entries += [new_entry(person.id, event, trigger, "planned") for trigger in triggers]
    return entries
