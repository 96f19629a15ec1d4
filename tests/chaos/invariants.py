"""What must be true of every database file at every moment, also right after a crash.

``broken(file)`` answers a sentence for each thing that is not. It reads a copy, so that it leaves no trace: SQLite
would mend the write-ahead log of what it opens.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aurora_time.domain.reminders import next_due
from aurora_time.operations.canary import CANARY
from aurora_time.ports import Key
from aurora_time.store import keys
from aurora_time.store.agenda import AGENDA, Planned
from aurora_time.store.calendars import Calendar, Head, LogItem
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from aurora_time.store.objects import Card, Stored
from aurora_time.store.people import Person, Pointer, Token
from aurora_time.store.reminders import JOB, OBJECT, Armed, Due, Entry, target_of


@dataclass(frozen=True)
class Found:
    """An item as it lies in the file."""

    sort: str
    body: bytes
    version: str


def copied(database: Path, folder: Path) -> Path:
    """The file and its write-ahead log as they are now, in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in (database, database.with_name(f"{database.name}-wal")):
        if path.exists():
            shutil.copyfile(path, folder / path.name)
    return folder / database.name


class Snapshot:
    """All items of a copy, by the kind and the owner in their parts."""

    def __init__(self, copy: Path, kinds: tuple[str, ...] = ("",)) -> None:
        self.items: dict[str, dict[str, dict[str, Found]]] = defaultdict(lambda: defaultdict(dict))
        connection = sqlite3.connect(copy)
        try:
            self.integrity: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
            for kind in kinds:
                rows = connection.execute(
                    "SELECT part, sort, body, version FROM items WHERE part >= ? AND part < ?",
                    (kind, f"{kind}{keys.LAST}"),
                )
                for part, sort, body, version in rows:
                    name, _, owner = part.partition("#")
                    self.items[name][owner][sort] = Found(sort, body, version)
        finally:
            connection.close()

    def owned(self, kind: str) -> Iterator[tuple[str, Found]]:
        for owner, items in self.items[kind].items():
            for item in items.values():
                yield owner, item

    def at(self, key: Key) -> Found | None:
        kind, _, owner = key.part.partition("#")
        return self.items[kind][owner].get(key.sort) if owner in self.items[kind] else None

    def ledger(self) -> dict[str, Entry]:
        """All reminders in the ledger, by id."""
        entries = (decode(item.body, Entry) for _, item in self.owned("ledger"))
        return {entry.id: entry for entry in entries}


def broken(database: Path, folder: Path, now: int) -> list[str]:
    """A sentence for each thing that is wrong; ``folder`` takes the copy, ``now`` is an instant."""
    snapshot = Snapshot(copied(database, folder))
    found = [] if snapshot.integrity == "ok" else [f"SQLite says: {snapshot.integrity}"]
    found += _objects(snapshot)
    found += _index(snapshot)
    found += _armed(snapshot, now)
    found += _due(snapshot)
    found += _heads(snapshot)
    found += _people(snapshot)
    found += _ledger(snapshot)
    return found


def _objects(snapshot: Snapshot) -> Iterator[str]:
    for owner, item in snapshot.owned("object"):
        stored = decode(item.body, Stored)
        if stored.event.id != item.sort:
            yield f"object {item.sort} holds the event {stored.event.id}"
        if snapshot.at(keys.calendar(owner, stored.event.calendar_id)) is None:
            yield f"object {item.sort} lies in no calendar"
        wanted = [Key(*pair) for pair in stored.index]
        if len([key for key in wanted if key.part.startswith("time#")]) != 1:
            yield f"object {item.sort} does not stand in the time index once"
        if keys.uid(owner, stored.event.calendar_id, stored.event.uid) not in wanted:
            yield f"object {item.sort} has no UID item"
        for key in wanted:
            held = snapshot.at(key)
            if held is None:
                yield f"object {item.sort} misses its item {key.part} / {key.sort}"
            elif key.part.startswith("time#") and held.version != item.version:
                yield f"object {item.sort} has an index item of another version"


def _index(snapshot: Snapshot) -> Iterator[str]:
    """Every item of an index has its object, and that one knows of it."""
    for kind in ("time", "uid", "href"):
        for owner, item in snapshot.owned(kind):
            object_id = item.sort.split("#", 2)[2] if kind == "time" else decode(item.body, Pointer).id
            held = snapshot.at(keys.object_(owner, object_id))
            if held is None:
                yield f"{kind} item {item.sort} has no object"
                continue
            stored = decode(held.body, Stored)
            if (f"{kind}#{owner}", item.sort) not in stored.index:
                yield f"{kind} item {item.sort} is not known to its object"
            if kind == "time" and decode(item.body, Card).calendar_id != stored.event.calendar_id:
                yield f"time item {item.sort} names another calendar than its object"


def _armed(snapshot: Snapshot, now: int) -> Iterator[str]:
    for owner, item in snapshot.owned("armed"):
        armed = decode(item.body, Armed)
        if ":" not in item.sort and snapshot.at(keys.object_(owner, item.sort)) is None:
            yield f"armed item {item.sort} has no object"
        held = snapshot.at(armed.due_key)
        if held is None:
            yield f"armed item {item.sort} has no due item"
        elif decode(held.body, Due) != Due(owner, target_of(item.sort)):
            yield f"armed item {item.sort} has a due item that leads elsewhere"
        elif keys.unsortable(armed.sort[:12]) != armed.due and not armed.leased:
            yield f"armed item {item.sort} is due at another instant than its due item"
    yield from _unarmed(snapshot, now)


def _unarmed(snapshot: Snapshot, now: int) -> Iterator[str]:
    """What is to ring stands in the due index, no later than it rings."""
    for owner, item in snapshot.owned("object"):
        person = snapshot.at(keys.person(owner))
        if person is None:
            yield f"object {item.sort} belongs to nobody"
            continue
        whose, event = decode(person.body, Person), decode(item.body, Stored).event
        following = next_due(event, whose.preferences, now)
        held = snapshot.at(keys.armed(owner, item.sort))
        if following is None:
            continue
        if held is None:
            yield f"object {item.sort} is to ring at {following}, and is not armed"
            continue
        armed = decode(held.body, Armed)
        if armed.due > following and not armed.leased:
            yield f"object {item.sort} is to ring at {following}, and is armed for {armed.due}"


def _due(snapshot: Snapshot) -> Iterator[str]:
    for shard, item in snapshot.owned("due"):
        due = decode(item.body, Due)
        key = Key(f"due#{shard}", item.sort)
        if due.target == CANARY:
            continue  # it stands behind itself
        if due.target.startswith(JOB):
            held = snapshot.at(keys.job(due.owner, due.target.removeprefix(JOB)))
            known = decode(held.body, Job).due_key if held else None
        elif due.target == AGENDA:
            held = snapshot.at(keys.agenda(due.owner))
            known = decode(held.body, Planned).due_key if held else None
        else:
            held = snapshot.at(keys.armed(due.owner, due.target.removeprefix(OBJECT)))
            known = decode(held.body, Armed).due_key if held else None
        if known != key:
            yield f"due item {item.sort} is an orphan"


def _heads(snapshot: Snapshot) -> Iterator[str]:
    for owner, item in snapshot.owned("head"):
        head = decode(item.body, Head)
        sequences = sorted(int(sort) for sort in snapshot.items["log"][owner])
        if sequences != list(range(1, head.sequence + 1)):
            yield f"the log of {owner} has {len(sequences)} items of {head.sequence}, or a gap"
        events = len(snapshot.items["object"][owner])
        if head.events != events:
            yield f"the head of {owner} counts {head.events} events of {events}"
        calendars = [decode(each.body, Calendar) for each in snapshot.items["calendar"][owner].values()]
        live = sum(not each.deleted for each in calendars)
        if head.calendars != live:
            yield f"the head of {owner} counts {head.calendars} calendars of {live}"
    for owner in snapshot.items["log"]:
        if owner not in snapshot.items["head"]:
            yield f"the log of {owner} has no head"
        for item in snapshot.items["log"][owner].values():
            if not decode(item.body, LogItem).changed:
                yield f"the log item {item.sort} of {owner} tells nothing"


def _people(snapshot: Snapshot) -> Iterator[str]:
    for person_id, item in snapshot.owned("person"):
        person = decode(item.body, Person)
        held = snapshot.at(keys.email(person.email))
        if held is None or decode(held.body, Pointer).id != person_id:
            yield f"the address of {person_id} leads elsewhere"
        if snapshot.at(keys.calendar(person_id, person.first_calendar)) is None:
            yield f"{person_id} has no first calendar"
    for _, item in snapshot.owned("subject"):
        if snapshot.at(keys.person(decode(item.body, Pointer).id)) is None:
            yield "a subject leads to nobody"
    secrets = {decode(item.body, Token).id for _, item in snapshot.owned("token")}
    listed = {decode(item.body, Token).id for _, item in snapshot.owned("tokens")}
    if secrets != listed:
        yield f"tokens without their pair: {sorted(secrets ^ listed)}"


def _ledger(snapshot: Snapshot) -> Iterator[str]:
    for owner, item in snapshot.owned("ledger"):
        entry = decode(item.body, Entry)
        if keys.ledger(owner, entry.instant, entry.id).sort != item.sort:
            yield f"ledger item {item.sort} holds the reminder {entry.id} of {entry.instant}"
        if entry.status == "sent" and (entry.sent_at is None or entry.sent_at < entry.rings_at):
            yield f"reminder {entry.id} was sent before it was due"
