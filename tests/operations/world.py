"""A small world for the operations: a real table in memory, a clock that is set, and a mailer that can misbehave.

``Process`` counts every step that touches the world, and can die at any one of them, as ``kill -9`` would.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.component import Alarm
from aurora_time.domain.moment import parse_date, parse_instant, parse_wall, print_date, print_wall
from aurora_time.operations import calendars, events, people, ringing, sweeping, tasks
from aurora_time.operations.representation import EVENT_READ_ONLY, CalendarInput, EventInput, event_resource
from aurora_time.operations.ringing import Ring
from aurora_time.operations.services import Services, Writers
from aurora_time.operations.task_resources import TASK_READ_ONLY, TaskInput, task_resource
from aurora_time.ports import Change, Item, Key, Mail, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.reminders import SHARDS, Armed, Entry


class Crash(BaseException):
    """The process was killed here."""


class SetClock:
    def __init__(self, time: str) -> None:
        self.time = float(parse_instant(time))

    def now(self) -> float:
        return self.time

    def set(self, time: str) -> None:
        self.time = float(parse_instant(time))


class CountedIds:
    def __init__(self) -> None:
        self.made = 0

    def new(self) -> str:
        self.made += 1
        return base64.urlsafe_b64encode(hashlib.sha256(f"{self.made}".encode()).digest()).decode()[:22]

    def secret(self) -> str:
        return self.new() + "secret"


@dataclass
class Process:
    """``die_at`` is the step, counted from now, at which it is killed."""

    steps: int = 0
    die_at: int | None = None
    dead: bool = False
    labels: list[str] = field(default_factory=list)

    def step(self, label: str) -> None:
        self.steps += 1
        self.labels.append(label)
        if self.dead or self.steps == self.die_at:
            self.dead = True
            raise Crash(label)

    def restart(self, die_at: int | None = None) -> None:
        self.steps, self.die_at, self.dead = 0, die_at, False
        self.labels.clear()


class MortalTable:
    """The table as one process sees it."""

    def __init__(self, table: SqliteTable, process: Process) -> None:
        self.table, self.process = table, process
        self.before_write: Callable[[tuple[Change, ...]], None] = lambda _: None

    async def get(self, *wanted: Key) -> list[Item | None]:
        self.process.step("get")
        return await self.table.get(*wanted)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        self.process.step("query")
        return await self.table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        self.process.step("before write")
        self.before_write(changes)
        await self.table.write(*changes)
        self.process.step("after write")


class Mailbox:
    """Takes every mail; ``trouble`` may raise first, or be awaited, for each."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.sent: list[Mail] = []
        self.tries = 0
        self.begun = asyncio.Event()
        self.trouble: Callable[[Mail], object] = lambda _: None

    async def send(self, mail: Mail) -> None:
        self.process.step("before 250")
        self.tries += 1
        self.begun.set()
        wait = self.trouble(mail)
        if hasattr(wait, "__await__"):
            await wait
        self.sent.append(mail)
        self.process.step("after 250")


def compose(ring: Ring) -> Mail:
    late = "late " if ring.now - ring.trigger.late_from > ringing.LATE else ""
    start = ring.trigger.occurrence.start.wall
    return Mail(ring.person.email, f"{late}{ring.event.summary}", f"{start}", "", ring.message_id)


class World:
    """One home with people, calendars and events; made by ``open``."""

    def __init__(self, table: SqliteTable, clock: SetClock) -> None:
        self.clock, self.disk, self.process = clock, table, Process()
        self.table = MortalTable(table, self.process)
        self.mailbox = Mailbox(self.process)
        self.nudged: list[int] = []
        self.ids = CountedIds()
        self.services = self._services()

    def _services(self) -> Services:
        return Services(
            self.table,
            self.mailbox,
            self.clock,
            self.ids,
            Writers(),
            "here",
            "http://home.test:8080",
            self.nudged.append,
        )

    async def person(self, email: str = "ann@example.org", zone: str = "Europe/Berlin") -> str:
        new = people.NewPerson(email, "Ann", zone, "en")
        return await people.ensure_person(self.services, "here", email, new)

    async def calendar(self, owner: str, name: str = "Work") -> str:
        made, _ = await calendars.create_calendar(self.services, owner, CalendarInput(name=name))
        return made.id

    async def event(self, owner: str, start: str, **more: object) -> str:
        """An event by its local start; ``zone`` is its zone, ``minutes`` its alarms, the rest as in the API."""
        written = await events.create_event(self.services, owner, event_input(start, **more))
        return written.event.id

    async def edit(self, owner: str, event_id: str, **fields: object) -> None:
        def change(event, version):
            old = msgspec.to_builtins(event_resource(event, version))
            wanted = {name: value for name, value in old.items() if name not in EVENT_READ_ONLY}
            return msgspec.convert(wanted | fields, EventInput)

        await events.update_event(self.services, owner, event_id, change)

    async def move(self, owner: str, event_id: str, start: str, **more: object) -> None:
        made = msgspec.to_builtins(event_input(start, **more))
        await self.edit(owner, event_id, start=made["start"], end=made["end"])

    async def delete(self, owner: str, event_id: str) -> None:
        await events.delete_event(self.services, owner, event_id)

    async def task(self, owner: str, **fields: object) -> str:
        made = msgspec.convert({"summary": "Task", **fields}, TaskInput)
        return (await tasks.create_task(self.services, owner, made)).task.id

    async def finish(self, owner: str, task_id: str) -> None:
        def done(task, version):
            shown = msgspec.to_builtins(task_resource(task, version))
            wanted = {name: value for name, value in shown.items() if name not in TASK_READ_ONLY}
            return msgspec.convert(wanted | {"status": "COMPLETED"}, TaskInput)

        await tasks.update_task(self.services, owner, task_id, done)

    async def defaults(self, owner: str, *alarms: Alarm) -> None:
        await self.settings(owner, default_alarms=alarms)

    async def settings(self, owner: str, **fields: object) -> None:
        await people.update_person(self.services, owner, lambda person, _: msgspec.structs.replace(person, **fields))

    async def sweep(self, rounds: int = 50) -> list[Entry]:
        """Attend to all that is due now, until nothing is."""
        done: list[Entry] = []
        for _ in range(rounds):
            found = await sweeping.find_due(self.services, 1000)
            if not found:
                return done
            for item in found:
                done += await ringing.attend(self.services, item, compose)
        raise AssertionError("something is due again and again")

    async def sweep_at(self, time: str) -> list[Entry]:
        self.clock.set(time)
        return await self.sweep()

    async def restart(self, die_at: int | None = None) -> None:
        """After a crash: a new process on the same table."""
        self.process.restart(die_at)
        self.services = self._services()
        await sweeping.release_leases(self.services)

    @property
    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mailbox.sent]

    async def ledger(self, owner: str) -> list[Entry]:
        (items,) = await self.disk.query(Range(keys.ledger(owner, 0, "").part))
        return [decode(item.body, Entry) for item in items]

    async def ledger_near(self, owner: str, instant: int) -> list[Entry]:
        """Two days around an instant."""
        part, low, high = (
            keys.ledger(owner, 0, "").part,
            keys.sortable(instant - 172_800),
            keys.sortable(instant + 172_800),
        )
        (items,) = await self.disk.query(Range(part, low, high))
        return [decode(item.body, Entry) for item in items]

    async def statuses(self, owner: str) -> list[str]:
        return [entry.status for entry in await self.ledger(owner)]

    async def armed(self, owner: str, event_id: str) -> Armed | None:
        (item,) = await self.disk.get(keys.armed(owner, event_id))
        return decode(item.body, Armed) if item else None

    async def due_items(self) -> list[Item]:
        found = await self.disk.query(*(Range(f"due#{shard:04d}") for shard in range(SHARDS)))
        return [item for items in found for item in items]


def event_input(start: str, **more: object) -> EventInput:
    """``start`` is a date or a local time; ``hours`` or ``end`` say how long it lasts."""
    zone, minutes, hours = more.pop("zone", "Europe/Berlin"), more.pop("minutes", None), more.pop("hours", 1)
    fields: dict[str, object] = {"summary": "Review", **more}
    if "T" in start:
        fields["start"] = {"dateTime": start, "timeZone": zone}
        end = more.get("end", later(start, hours))
        fields["end"] = {"dateTime": end, "timeZone": zone}
    else:
        fields["start"] = {"date": start}
        fields["end"] = {"date": more.get("end", later(start, 24))}
    if minutes is not None:
        overrides = [{"minutesBefore": each} for each in minutes]
        fields["reminders"] = {"useDefault": False, "overrides": overrides}
    return msgspec.convert(fields, EventInput)


def later(start: str, hours: float) -> str:
    if "T" in start:
        return print_wall(parse_wall(start) + int(hours * 3600))
    return print_date(parse_date(start) + int(hours * 3600))
