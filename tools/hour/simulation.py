"""Reminders that are all due at one instant: sweeps, a queue and senders over the real due index, second by second.

What finds, claims and moves due items is the product's own (operations/sweeping.py, store/reminders.py), on a table in
memory that notes what is touched. What stands for AWS is small: the queue is a list, senders send so many a second,
and a shard of the due index takes so many write units a second, as one partition of DynamoDB does.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from unittest import mock

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.moment import parse_instant
from aurora_time.operations import sweeping
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Change, Item, Key, Put
from aurora_time.store import keys, reminders
from aurora_time.store.codec import decode
from aurora_time.store.reminders import OBJECT, Armed, Due, Entry, State
from tools.capacity import rules
from tools.capacity.home import Clock, Ids, Mailbox
from tools.capacity.metering import MeteringTable, units

HOUR: Final = "2026-11-24T02:00:00Z"
WEEK: Final = 7 * 86_400
PAGE: Final = 1_000
"""Due items that a sweep looks for at a time."""
_FILLED_AT_ONCE: Final = 50
_SERIES_OF_TEN: Final = 4
"""Of ten reminders, those of a series, which ring again next week; as in tools/costs/usage.py."""
_PATIENCE: Final = 24 * 3600
_AT_ONCE: Final = 500
"""Reminders in hand at once: so many writes share a commit."""


class Plan(msgspec.Struct, frozen=True):
    """``hands_over``: due items that a sweep hands to the queue at most, 0 for all that it finds. ``shard_units``:
    write units that one shard of the due index takes in a second. ``people``: whose the reminders are, in turn.
    """

    count: int
    mails_a_second: int
    shards: int = reminders.SHARDS
    shard_units: int = 1_000
    hands_over: int = 0
    people: int = 1_000


class Outcome(msgspec.Struct, frozen=True):
    """What was seen. Seconds are after the instant at which all were due; ``idle_messages`` were handed over although
    another message of the same reminder had done its work, or would.
    """

    plan: Plan
    first_after: int
    half_after: int
    last_after: int
    sweeps: int
    messages: int
    idle_messages: int
    deepest_queue: int
    sweep_reads: int
    send_reads: int
    writes: int
    due_bytes: int
    busiest_shard_units: int
    unevenness: float


@dataclass(slots=True)
class _Seen:
    sweeps: int = 0
    messages: int = 0
    idle: int = 0
    deepest: int = 0
    sweep_reads: int = 0
    send_reads: int = 0
    writes: int = 0
    busiest: int = 0
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
        self._clock.time = float(self._zero - 3_600)
        self._queue: deque[Item] = deque()
        self._seen = _Seen()
        self._parts = [f"due#{shard:04d}" for shard in range(plan.shards)]
        self._done: set[int] = set()  # hashes of their due keys: a million keys are a quarter of a gigabyte

    async def run(self) -> Outcome:
        sqlite = SqliteTable.open(":memory:", self._clock)
        self._table = MeteringTable(sqlite)
        self._services = Services(self._table, Mailbox(), self._clock, self._ids, Writers(), "embedded", "https://t")
        try:
            with _sharded(self._plan.shards):
                size, unevenness = await self._fill(sqlite)
                await self._play()
        finally:
            await sqlite.close()
        return self._outcome(size, unevenness)

    async def _fill(self, sqlite: SqliteTable) -> tuple[int, float]:
        """Arm them all; the mean bytes of a due item, and the fullest shard against the mean."""
        owners = [self._ids.new() for _ in range(self._plan.people)]
        filled: Counter[str] = Counter()
        changes: list[Change] = []
        size = 0
        for number in range(self._plan.count):
            owner, state = owners[number % len(owners)], State(self._zero - 1, self._zero)
            armed, due = reminders.arm(owner, self._ids.new(), state, None, self._ids.new())
            changes += (armed, due)
            if isinstance(due, Put):
                filled[due.key.part] += 1
                size += rules.sized(due.key, due.body, due.version, due.expires)
            if len(changes) >= 2 * _FILLED_AT_ONCE:
                await sqlite.write(*changes)
                changes.clear()
        if changes:
            await sqlite.write(*changes)
        return size // self._plan.count, max(filled.values()) * self._plan.shards / self._plan.count

    async def _play(self) -> None:
        for second in range(_PATIENCE):
            self._clock.time = float(self._zero + second)
            if second % 60 == 0:
                await self._sweep()
            await self._send(second)
            if self._seen.sent_at.total() == self._plan.count:
                return
        raise TimeoutError(f"{self._seen.sent_at.total()} of {self._plan.count} were sent in a day")

    async def _sweep(self) -> None:
        """What the function of the sweep does: page after page of what is due goes to the queue."""
        low, left = "", self._plan.hands_over or self._plan.count
        while left > 0:
            found = await sweeping.find_due(self._services, min(PAGE, left), low)
            self._queue.extend(found)
            left -= len(found)
            if len(found) < PAGE:
                break
            low = found[-1].key.sort + "\x00"
            self._seen.sweep_reads += units(self._table.take(), reads=True)
        self._seen.sweep_reads += units(self._table.take(), reads=True)
        self._seen.sweeps += 1
        self._seen.messages += (self._plan.hands_over or self._plan.count) - left
        self._seen.deepest = max(self._seen.deepest, len(self._queue))

    async def _send(self, second: int) -> None:
        """As many as a second allows; what finds its shard busy goes back to the front of the queue."""
        chosen, used = self._choose()
        for begin in range(0, len(chosen), _AT_ONCE):
            rung = await asyncio.gather(*map(self._ring, chosen[begin : begin + _AT_ONCE]))
            self._seen.sent_at[second] += sum(rung)
            self._seen.idle += len(rung) - sum(rung)
        touched = self._table.take()
        self._seen.send_reads += units(touched, reads=True)
        self._seen.writes += units(touched, reads=False)
        self._seen.busiest = max(self._seen.busiest, *used.values())

    def _choose(self) -> tuple[list[Item], Counter[str]]:
        """What is sent in this second, each once, and the write units that it takes of each shard."""
        used: Counter[str] = Counter(dict.fromkeys(self._parts, 0))
        chosen: dict[Key, Item] = {}
        refused: list[Item] = []
        looked = 2 * self._plan.mails_a_second  # senders that meet a busy shard are busy, too
        while self._queue and looked > 0 and len(chosen) < self._plan.mails_a_second:
            looked -= 1
            item = self._queue.popleft()
            need = 4 if _rings_again(item.key.sort) else 2
            if item.key in chosen or hash(item.key) in self._done:
                self._seen.idle += item.key in chosen
                chosen.setdefault(item.key, item)
            elif used[item.key.part] + need > self._plan.shard_units:
                refused.append(item)
            else:
                used[item.key.part] += need
                chosen[item.key] = item
        self._queue.extendleft(reversed(refused))
        return list(chosen.values()), used

    async def _ring(self, item: Item) -> bool:
        """Claim, send, and write down what became of it, as operations/ringing.py does. False where nothing is left
        to do.
        """
        due = decode(item.body, Due)
        armed_id = due.target.removeprefix(OBJECT)
        (held,) = await self._table.get(keys.armed(due.owner, armed_id))
        armed = decode(held.body, Armed) if held else None
        if held is None or armed is None or armed.due_key != item.key:
            return False
        self._done.add(hash(item.key))
        version, after = self._ids.new(), self._ids.new()
        leased = State(armed.after, self._services.now + sweeping.LEASE, armed.attempts + 1, leased=True)
        entry = Entry(keys.digest(due.owner, armed_id), armed_id, None, "email", self._zero, "sending", text="Meeting")
        claim = reminders.arm(due.owner, armed_id, leased, (armed, held.version), version)
        await self._table.write(*claim, reminders.ledger_put(due.owner, entry, version, None))
        mine = Armed(leased.after, leased.due, armed.part, armed.sort, leased.attempts, leased=True)
        state = State(self._zero, self._zero + WEEK) if _rings_again(armed_id) else None
        outcome = reminders.move(due.owner, armed_id, state, (mine, version), after)
        sent = msgspec.structs.replace(entry, status="sent", sent_at=self._clock.time)
        await self._table.write(*outcome, reminders.ledger_put(due.owner, sent, after, version))
        return True

    def _outcome(self, size: int, unevenness: float) -> Outcome:
        seen, sent = self._seen, sorted(self._seen.sent_at.elements())
        return Outcome(
            self._plan,
            sent[0],
            sent[len(sent) // 2],
            sent[-1],
            seen.sweeps,
            seen.messages,
            seen.messages - self._plan.count,
            seen.deepest,
            seen.sweep_reads,
            seen.send_reads,
            seen.writes,
            size,
            seen.busiest,
            round(unevenness, 3),
        )


def scaled(plan: Plan, divisor: int) -> Plan:
    """The same in small: so many times fewer reminders, at rates that are as many times lower."""
    return msgspec.structs.replace(
        plan,
        count=plan.count // divisor,
        mails_a_second=max(1, plan.mails_a_second // divisor),
        shard_units=plan.shard_units // divisor,
        hands_over=plan.hands_over // divisor,
    )
