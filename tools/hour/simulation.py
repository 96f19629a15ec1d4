"""Reminders that are all due at one instant: sweeps, a queue and senders over the real due index, second by second.

What hands over, claims and moves due items is the product's own (operations/handing_over.py, store/reminders.py), on a
table in memory that notes what is touched. What stands for AWS is small: the queue is a heap, which hands out what has
waited long enough; SES takes so many a second, twice as many after a second in which it had nothing to do, and refuses
the rest; and a shard of the due index takes so many write units a second, as one partition of DynamoDB does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final
from unittest import mock

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.moment import parse_instant
from aurora_time.operations import sweeping
from aurora_time.operations.errands import FAR, read_errand
from aurora_time.operations.handing_over import HANDED, sweep
from aurora_time.operations.retrying import until_room
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Change, Key, Message, Put
from aurora_time.store import keys, reminders
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import OBJECT, Armed, Due, Entry, State
from tools.capacity import rules
from tools.capacity.home import Clock, Ids, Mailbox
from tools.capacity.metering import MeteringTable, Touch, units

HOUR: Final = "2026-11-24T02:00:00Z"
WEEK: Final = 7 * 86_400
_MOST_UNITS: Final = 4
"""Write units of moving a due item, on its shard: deleted here and put there, in a transaction."""
_FILLED_AT_ONCE: Final = 50
_SERIES_OF_TEN: Final = 4
"""Of ten reminders, those of a series, which ring again next week; as in tools/costs/usage.py."""
_PATIENCE: Final = 3 * 3600
_AT_ONCE: Final = 500
"""Reminders in hand at once: so many writes share a commit."""


class Plan(msgspec.Struct, frozen=True):
    """``paced``: whether the sweep is told how many mails SES takes in a second. ``shard_units``: write units that one
    shard of the due index takes in a second. ``people``: whose the reminders are, in turn. ``ahead``: seconds before
    they are due at which the first sweep finds them; the queue holds them until then.
    """

    count: int
    mails_a_second: int
    shards: int = reminders.SHARDS
    shard_units: int = 1_000
    paced: bool = True
    people: int = 1_000
    ahead: int = 120


class Outcome(msgspec.Struct, frozen=True):
    """What was seen. Seconds are after the instant at which all were due; ``idle_messages`` were too many: the reminder
    had been handed over twice. ``refused`` are the tries for which SES had no room.
    """

    plan: Plan
    first_after: int
    half_after: int
    last_after: int
    sweeps: int
    messages: int
    idle_messages: int
    refused: int
    deepest_queue: int
    sweep_reads: int
    send_reads: int
    writes: int
    due_bytes: int
    unevenness: float


@dataclass(slots=True)
class _Seen:
    sweeps: int = 0
    messages: int = 0
    idle: int = 0
    refused: int = 0
    deepest: int = 0
    sweep_reads: int = 0
    send_reads: int = 0
    writes: int = 0
    sent_at: Counter[int] = field(default_factory=Counter)


@contextmanager
def _sharded(shards: int) -> Iterator[None]:
    """With another number of shards than is deployed."""
    with mock.patch.object(reminders, "SHARDS", shards), mock.patch.object(sweeping, "SHARDS", shards):
        yield


def _rings_again(name: str) -> bool:
    """Whether what is armed under an id, or due by it, is of a series."""
    return ord(name[-1]) % 10 < _SERIES_OF_TEN


class Hour:
    """``run`` plays it to the end: every reminder is sent."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._clock, self._ids = Clock(), Ids()
        self._zero = parse_instant(HOUR)
        self._due = self._zero + plan.ahead
        self._clock.time = float(self._zero - 3_600)
        self._waiting: list[tuple[int, int, Key]] = []  # a heap: when it is handed out, and what
        self._room = 0
        self._seen = _Seen()
        self._parts = [f"due#{shard:04d}" for shard in range(plan.shards)]
        self._rung: set[int] = set()  # hashes of the keys of due items that a message has led to
        self._left_units = dict.fromkeys(self._parts, 0)

    async def run(self) -> Outcome:
        self._sqlite = SqliteTable.open(":memory:", self._clock)
        self._table = MeteringTable(self._sqlite)
        self._services = Services(self._table, Mailbox(), self._clock, self._ids, Writers(), "embedded", "https://t")
        try:
            with _sharded(self._plan.shards):
                size, unevenness = await self._fill()
                await self._play()
        finally:
            await self._sqlite.close()
        return self._outcome(size, unevenness)

    async def _fill(self) -> tuple[int, float]:
        """Arm them all; the mean bytes of a due item, and the fullest shard against the mean."""
        owners = [self._ids.new() for _ in range(self._plan.people)]
        filled: Counter[str] = Counter()
        changes: list[Change] = []
        size = 0
        for number in range(self._plan.count):
            owner, state = owners[number % len(owners)], State(self._due - 1, self._due)
            armed, due = reminders.arm(owner, self._ids.new(), state, None, self._ids.new())
            changes += (armed, due)
            if isinstance(due, Put):
                filled[due.key.part] += 1
                size += rules.put_size(due)
            if len(changes) >= 2 * _FILLED_AT_ONCE:
                await self._sqlite.write(*changes)
                changes.clear()
        if changes:
            await self._sqlite.write(*changes)
        return size // self._plan.count, max(filled.values()) * self._plan.shards / self._plan.count

    async def _play(self) -> None:
        for second in range(_PATIENCE):
            self._clock.time = float(self._zero + second)
            self._refill()
            if second % 60 == 0:
                await self._sweep()
            await self._send(second)
            self._seen.deepest = max(self._seen.deepest, len(self._waiting))
            if self._seen.sent_at.total() == self._plan.count:
                return
        raise TimeoutError(f"{self._seen.sent_at.total()} of {self._plan.count} were sent in three hours")

    async def _sweep(self) -> None:
        self._seen.sweeps += 1
        await sweep(self._services, self, mails=self._plan.mails_a_second if self._plan.paced else 0)
        touched = self._table.take()
        self._seen.sweep_reads += units(touched, reads=True)
        self._seen.writes += units(touched, reads=False)

    async def send(self, *messages: Message) -> list[Message]:
        """Take them, as a Queue."""
        for each in messages:
            errand = read_errand(each.body)
            self._put(Key(errand.part, errand.sort), each.delay)
        return []

    def _put(self, key: Key, delay: int) -> None:
        self._seen.messages += 1
        heappush(self._waiting, (self._services.now + delay, self._seen.messages, key))

    def _takes(self, key: Key, need: int) -> bool:
        """Whether the shard of a due item has so many write units left in this second; then they are taken."""
        if self._left_units[key.part] < need:
            return False
        self._left_units[key.part] -= need
        return True

    def _refill(self) -> None:
        """A second's units for each shard. What is too little for one more move is kept for the next second."""
        for part, left in self._left_units.items():
            self._left_units[part] = min(left, _MOST_UNITS - 1) + self._plan.shard_units

    def _note(self, touched: Sequence[Touch]) -> None:
        self._seen.send_reads += units(touched, reads=True)
        self._seen.writes += units(touched, reads=False)

    async def _send(self, second: int) -> None:
        """All that the queue hands out in a second; what finds its shard busy comes again in the next."""
        chosen = self._choose()
        self._room = min(self._room, self._plan.mails_a_second) + self._plan.mails_a_second
        for begin in range(0, len(chosen), _AT_ONCE):
            rung = await asyncio.gather(*map(self._ring, chosen[begin : begin + _AT_ONCE]))
            self._seen.sent_at[second] += rung.count("sent")
            self._seen.refused += rung.count("refused")
            self._seen.idle += rung.count("idle")
            self._note(self._table.take())

    def _choose(self) -> list[Key]:
        """What is read in this second. A message whose due item has moved on costs its reader a look, not a mail."""
        chosen: list[Key] = []
        busy: list[tuple[int, int, Key]] = []
        while self._waiting and self._waiting[0][0] <= self._services.now and len(busy) < self._plan.mails_a_second:
            found = heappop(self._waiting)
            key = found[2]
            if hash(key) in self._rung or self._takes(key, 4 if _rings_again(key.sort) else 2):
                chosen.append(key)
            else:
                busy.append(found)
        for found in busy:
            heappush(self._waiting, found)
        return chosen

    async def _ring(self, key: Key) -> str:
        """Claim, send, and write down what became of it, as operations/ringing.py does."""
        (item,) = await self._table.get(key)
        due = decode(item.body, Due) if item else None
        if item is None or due is None:
            return "idle"
        armed_id = due.target.removeprefix(OBJECT)
        (held,) = await self._table.get(keys.armed(due.owner, armed_id))
        armed = decode(held.body, Armed) if held else None
        if held is None or armed is None or armed.due_key != key or armed.in_hand(self._services.now):
            return "idle"
        self._rung.add(hash(key))
        version, after = self._ids.new(), self._ids.new()
        leased = State(armed.after, self._services.now + sweeping.LEASE, armed.attempts + 1, leased=True)
        entry = Entry(keys.digest(due.owner, armed_id), armed_id, None, "email", self._due, "sending", text="Meeting")
        claim = reminders.arm(due.owner, armed_id, leased, (armed, held.version), version)
        await self._table.write(*claim, reminders.ledger_put(due.owner, entry, version, None))
        mine = Armed(leased.after, leased.due, armed.part, armed.sort, leased.attempts, leased=True)
        if not self._room:
            return await self._refused(due.owner, (mine, version), entry, after)
        self._room -= 1
        state = State(self._due, self._due + WEEK) if _rings_again(armed_id) else None
        outcome = reminders.move(due.owner, armed_id, state, (mine, version), after)
        sent = msgspec.structs.replace(entry, status="sent", sent_at=self._clock.time)
        await self._table.write(*outcome, reminders.ledger_put(due.owner, sent, after, version))
        return "sent"

    async def _refused(self, owner: str, mine: tuple[Armed, str], entry: Entry, after: str) -> str:
        """SES had no room: it waits, and is sent on by its reader if that is not for long."""
        now = self._services.now
        again = now + until_room(entry.id, now, now - self._due)
        armed_id = entry.event_id
        moved = reminders.arm(owner, armed_id, State(mine[0].after, again, 0), mine, after)
        await self._table.write(*moved, reminders.ledger_put(owner, entry, after, mine[1]))
        if again <= now + FAR:
            (held,) = await self._table.get(keys.armed(owner, armed_id))
            armed = decode(held.body, Armed) if held else mine[0]
            marked = msgspec.structs.replace(armed, handed=again + HANDED)
            await self._table.write(Put(keys.armed(owner, armed_id), encode(marked), self._ids.new(), after))
            self._put(armed.due_key, again - now)
        return "refused"

    def _outcome(self, size: int, unevenness: float) -> Outcome:
        seen, sent = self._seen, sorted(self._seen.sent_at.elements())
        first, half, last = (sent[place] - self._plan.ahead for place in (0, len(sent) // 2, -1))
        return Outcome(
            self._plan,
            first,
            half,
            last,
            seen.sweeps,
            seen.messages,
            seen.idle,
            seen.refused,
            seen.deepest,
            seen.sweep_reads,
            seen.send_reads,
            seen.writes,
            size,
            round(unevenness, 3),
        )


def scaled(plan: Plan, divisor: int) -> Plan:
    """The same in small: so many times fewer reminders, at rates that are as many times lower."""
    return msgspec.structs.replace(
        plan,
        count=plan.count // divisor,
        mails_a_second=max(1, plan.mails_a_second // divisor),
        shard_units=plan.shard_units // divisor,
    )
