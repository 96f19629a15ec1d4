"""The ledger as a person sees it: what was sent or failed, and what is still to ring."""

from __future__ import annotations

from typing import Final

import msgspec

from aurora_time.domain.component import Event
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
    low, high = keys.sortable(window.start), keys.sortable(window.end)
    in_ledger, in_hand, found = await services.table.query(
        Range(keys.ledger(owner, 0, "").part, low, high),
        Range(keys.armed(owner, "").part),
        Range(keys.calendar(owner).part),
    )
    calendars = {item.key.sort for item in found if not decode(item.body, Calendar).deleted}
    armed = {item.key.sort: decode(item.body, Armed) for item in in_hand}
    known: dict[str, tuple[Entry, str]] = {}
    for item in in_ledger:
        entry = _as_it_stands(decode(item.body, Entry), armed)
        known[entry.id] = (entry, item.version)
    for event, state in await _to_ring(services, owner, armed, window):
        if event.calendar_id in calendars:
            for entry in _planned(person, event, state, window):
                known.setdefault(entry.id, (entry, "planned"))
    shown = (pair for pair in known.values() if status is None or pair[0].status == status)
    return sorted(shown, key=lambda pair: (pair[0].instant, pair[0].id))


def _as_it_stands(entry: Entry, armed: dict[str, Armed]) -> Entry:
    """A mail that waited to be tried again when its event was deleted or moved is not being sent any more."""
    if entry.status != "sending":
        return entry
    state = armed.get(entry.event_id)
    if state is not None and entry.instant > state.after:
        return entry
    error = entry.error or "The event was changed before it could be sent."
    return msgspec.structs.replace(entry, status="suppressed", error=error)


async def _to_ring(
    services: Services, owner: str, armed: dict[str, Armed], window: Window
) -> list[tuple[Event, Armed]]:
    """The events that want attention before the window ends."""
    due = [(object_id, state) for object_id, state in armed.items() if state.due < window.end]
    objects = await services.table.get(*(keys.object_(owner, object_id) for object_id, _ in due))
    found = zip(due, objects, strict=True)
    return [(decode(item.body, Stored).event, state) for (_, state), item in found if item is not None]


def _planned(person: Person, event: Event, state: Armed, window: Window) -> list[Entry]:
    between = (max(state.after, window.start - 1), window.end - 1)
    alarms = alarms_of(event, person.default_alarms)
    triggers = triggers_between(event, alarms, between, person.home, MAX_PLANNED)
    return [new_entry(person.id, event, trigger, "planned") for trigger in triggers]
