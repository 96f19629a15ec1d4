"""A mail server that refuses, is busy, or hangs up with the mail taken; and a clock that jumps."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aurora_time.adapters.smtp import SmtpSettings
from aurora_time.domain.moment import Window, print_wall
from aurora_time.operations import events
from aurora_time.operations.ledger import list_reminders
from aurora_time.operations.people import NewPerson, ensure_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.representation import DateOrTime, EventInput, ReminderOverride, Reminders
from aurora_time.operations.services import Services
from aurora_time.ports import Change, Item, Range, Table
from aurora_time.run.reminder_loop import Bell, ReminderLoop
from aurora_time.run.settings import Settings
from aurora_time.run.wiring import make_home
from aurora_time.run.world import RandomIds
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.reminders import Armed, Entry
from tools.smtp_sink import Taken, Trouble, listen, port_of

NOON = 1_795_435_200
URL = "http://127.0.0.1:8820"


class JumpingClock:
    def __init__(self) -> None:
        self.at = float(NOON)

    def now(self) -> float:
        return self.at


class WatchedTable:
    """Tells when something was written, and when somebody looked at what is due."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.get = table.get
        self.written, self.looked = asyncio.Event(), asyncio.Event()

    async def query(self, *ranges: Range) -> list[list[Item]]:
        if ranges[0].part.startswith("due#"):
            self.looked.set()
        return await self._table.query(*ranges)

    async def write(self, *changes: Change) -> None:
        await self._table.write(*changes)
        self.written.set()


@dataclass
class World:
    """A home whose loop runs on a clock of ours, and the mails that its mail server took."""

    services: Services
    table: WatchedTable
    owner: str
    clock: JumpingClock
    bell: Bell
    mails: list[tuple[float, Taken]] = field(default_factory=list)

    async def jump(self, to: float) -> None:
        """The clock shows another time, and the loop has looked at what is due by it."""
        self.clock.at = to
        self.table.looked.clear()
        self.bell.nudge(0)
        await self.table.looked.wait()

    async def event(self, summary: str, due: int) -> None:
        """An event that rings at its start."""
        start = DateOrTime(date_time=print_wall(due), time_zone="UTC")
        body = EventInput(summary, start, reminders=Reminders(False, (ReminderOverride(minutes_before=0),)))
        await events.create_event(self.services, self.owner, body)

    async def ledger(self) -> list[Entry]:
        whole = Window(NOON - 86_400, NOON + 10 * 86_400)
        return [entry for entry, _ in await list_reminders(self.services, self.owner, whole, None)]

    async def settled(self, attempts: int) -> None:
        """The first reminder was tried so often in vain, and no sender has it any more."""
        part = keys.armed(self.owner, "").part

        async def is_settled() -> bool:
            (entry, *_), (items,) = await self.ledger(), await self.table.query(Range(part))
            return entry.attempts == attempts and not any(decode(item.body, Armed).leased for item in items)

        async with asyncio.timeout(20):
            while not await is_settled():
                self.table.written.clear()
                await self.table.written.wait()

    async def until(self, is_so: Callable[[list[Entry]], bool]) -> list[Entry]:
        """The ledger as soon as it is so."""
        async with asyncio.timeout(20):
            while not is_so(entries := await self.ledger()):
                self.table.written.clear()
                await self.table.written.wait()
        return entries


@asynccontextmanager
async def world(folder: Path, trouble: Trouble | None = None) -> AsyncIterator[World]:
    clock, mails = JumpingClock(), list[tuple[float, Taken]]()
    server = await listen(lambda taken: mails.append((clock.now(), taken)), trouble)
    smtp = SmtpSettings("127.0.0.1", port_of(server), "none", "Aurora <aurora@example.org>", timeout=5)
    home = make_home(Settings(folder, smtp=smtp), URL, clock, RandomIds())
    table = WatchedTable(home.table)
    services = dataclasses.replace(home.services, table=table)
    owner = await ensure_person(services, "test", "an", NewPerson("an@example.org", "An", "UTC", "en"))
    loop = ReminderLoop(services, composer(URL), home.bell)
    running = asyncio.create_task(loop.run())
    try:
        yield World(services, table, owner, clock, home.bell, mails)
    finally:
        loop.stop()
        await running
        await home.close()
        server.close()
        await server.wait_closed()


def all_are(status: str, count: int) -> Callable[[list[Entry]], bool]:
    return lambda entries: [entry.status for entry in entries] == [status] * count


async def attempts_by_back_off(world_: World, waits: list[int]) -> None:
    """Each wait, short of one second, brings no further attempt; the second does."""
    for count, wait in enumerate(waits, 1):
        await world_.settled(count)
        tried_at = world_.clock.at
        await world_.jump(tried_at + wait - 1)
        assert (await world_.ledger())[0].attempts == count
        await world_.jump(tried_at + wait)


def test_a_mail_refused_for_good_is_failed_and_not_tried_again(tmp_path: Path) -> None:
    async def go() -> None:
        async with world(tmp_path, Trouble({"RCPT": ["550 5.1.1 no such user"]})) as its:
            await its.event("to nobody", NOON + 60)
            await its.jump(NOON + 60)
            (entry,) = await its.until(all_are("failed", 1))
            assert "no such user" in (entry.error or "")
            await its.event("to somebody", NOON + 7_200)
            await its.jump(NOON + 7_200)
            await its.until(lambda entries: [each.status for each in entries] == ["failed", "sent"])
            assert len(its.mails) == 1

    asyncio.run(go())


def test_a_busy_mail_server_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    async def go() -> None:
        busy = ["451 4.3.2 busy", "452 4.3.1 no room", "450 4.2.1 later"]
        async with world(tmp_path, Trouble({"DATA": busy})) as its:
            await its.event("patience", NOON + 60)
            await its.jump(NOON + 60)
            await attempts_by_back_off(its, [5, 15, 60])
            (entry,) = await its.until(all_are("sent", 1))
            assert entry.attempts == 4
            assert len(its.mails) == 1

    asyncio.run(go())


def test_a_mail_whose_answer_was_lost_comes_again_with_its_message_id(tmp_path: Path) -> None:
    async def go() -> None:
        async with world(tmp_path, Trouble(drops=1)) as its:
            await its.event("twice", NOON + 60)
            await its.jump(NOON + 60)
            await attempts_by_back_off(its, [5])
            await its.until(all_are("sent", 1))
            first, second = (taken.message_id for _, taken in its.mails)
            assert first == second

    asyncio.run(go())


def test_a_clock_that_jumps_ahead_loses_nothing(tmp_path: Path) -> None:
    async def go() -> None:
        async with world(tmp_path) as its:
            for number in range(30):
                await its.event(f"event {number}", NOON + 60 + number * 20)
            await its.jump(NOON + 700)
            await its.until(all_are("sent", 30))
            assert len({taken.message_id for _, taken in its.mails}) == len(its.mails) == 30

    asyncio.run(go())


def test_a_clock_that_jumps_back_rings_nothing_early_and_nothing_twice(tmp_path: Path) -> None:
    async def go() -> None:
        async with world(tmp_path) as its:
            await its.event("first", NOON + 60)
            await its.event("second", NOON + 120)
            await its.jump(NOON + 60)
            await its.until(lambda entries: [each.status for each in entries] == ["sent", "planned"])
            await its.jump(NOON - 3_600)
            await its.event("third", NOON + 90)
            for at in (NOON, NOON + 60, NOON + 89.999):
                await its.jump(at)
                assert len(its.mails) == 1
            await its.jump(NOON + 90)
            await its.until(lambda entries: [each.status for each in entries] == ["sent", "sent", "planned"])
            await its.jump(NOON + 120)
            await its.until(all_are("sent", 3))
            assert [at for at, _ in its.mails] == [NOON + 60, NOON + 90, NOON + 120]

    asyncio.run(go())


def test_a_clock_that_jumps_back_while_a_mail_waits_for_its_next_try_still_sends_it(tmp_path: Path) -> None:
    async def go() -> None:
        async with world(tmp_path, Trouble({"RCPT": ["450 4.2.1 later"]})) as its:
            await its.event("event", NOON + 60)
            await its.jump(NOON + 60)
            await its.settled(1)
            await its.jump(NOON)
            assert its.mails == []
            await its.jump(NOON + 65)
            await its.until(all_are("sent", 1))
            assert len(its.mails) == 1

    asyncio.run(go())
