"""What holds after every write, whatever it was: each index leads to what is there, and to nothing else."""

from __future__ import annotations

from collections import Counter

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.component import Event
from aurora_time.domain.moment import Window
from aurora_time.domain.reminders import Preferences, next_due
from aurora_time.domain.series import is_series, occurrences_in
from aurora_time.ports import Item, Key, Range
from aurora_time.store import keys, timeindex
from aurora_time.store.codec import decode
from aurora_time.store.objects import Card, Stored
from aurora_time.store.people import Pointer
from aurora_time.store.reminders import SHARDS, Armed, Due


async def items(table: SqliteTable, part: str) -> list[Item]:
    (found,) = await table.query(Range(part))
    return found


async def stored_events(table: SqliteTable, owner: str) -> dict[str, Stored]:
    return {item.key.sort: decode(item.body, Stored) for item in await items(table, f"object#{owner}")}


async def check_time(table: SqliteTable, owner: str, windows: list[Window], preferences: Preferences) -> None:
    """One item of the time index for each event, and it is found from every window that the event overlaps."""
    stored = await stored_events(table, owner)
    cards = {item.key: decode(item.body, Card) for item in await items(table, f"time#{owner}")}
    assert Counter(key.sort.split("#")[2] for key in cards) == Counter(list(stored))
    for each in stored.values():
        event = each.event
        (key,) = {Key(*pair) for pair in each.index} & set(cards)
        assert (cards[key].start, cards[key].end) == (event.start, event.end)
        assert cards[key].event in (None, event)
        assert not (is_series(event) and cards[key].packed)
        for window in windows:
            if any(occurrences_in(event, window, preferences.home)):
                found = await table.query(*timeindex.ranges(owner, window))
                assert [item.key for some in found for item in some].count(key) == 1


async def check_names(table: SqliteTable, owner: str) -> None:
    """UIDs lead to the events that have them."""
    stored = await stored_events(table, owner)
    uids = {item.key: decode(item.body, Pointer).id for item in await items(table, f"uid#{owner}")}
    events = [each.event for each in stored.values()]
    assert uids == {keys.uid(owner, each.calendar_id, each.uid): each.id for each in events}


async def check_due(table: SqliteTable, owner: str, events: dict[str, Event], wanted: tuple[int, Preferences]) -> None:
    """Each event is due at its earliest trigger that is not yet handled; ``wanted``: now, and what its owner wants."""
    now, preferences = wanted
    found = await table.query(*(Range(f"due#{shard:04d}") for shard in range(SHARDS)))
    due = {item.key: decode(item.body, Due) for some in found for item in some}
    armed = {item.key.sort: decode(item.body, Armed) for item in await items(table, f"armed#{owner}")}
    assert {state.due_key for state in armed.values()} == set(due), "armed and due are one to one"
    assert {each.target for each in due.values()} == {f"o:{event_id}" for event_id in armed}
    for event in events.values():
        state = armed.get(event.id)
        after = state.after if state else now
        assert (state.due if state else None) == next_due(event, preferences, after), "due at the earliest trigger"
