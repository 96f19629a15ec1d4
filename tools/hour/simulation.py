"""Reminders that are all due at one instant: sweeps, a queue and senders over the real due index, second by second.

What finds, claims and moves due items is the product's own (operations/sweeping.py, store/reminders.py), on a table in
memory that notes what is touched. Handing over notes in the armed item until when the queue has it. What stands for AWS
is small: the queue is a list, senders send so many a second, one sweep is under way at a time, and a shard of the due
index takes so many write units a second, as one partition of DynamoDB does.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from unittest import mock

import msgspec

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.domain.moment import parse_instant
from aurora_time.operations import sweeping
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Change, Item, Put
from aurora_time.store import keys, reminders
from aurora_time.store.codec import decode, encode
from aurora_time.store.reminders import OBJECT, Armed, Due, Entry, State
from tools.capacity import rules
from tools.capacity.home import Clock, Ids, Mailbox
from tools.capacity.metering import MeteringTable, Touch, units

HOUR: Final = "2026-11-24T02:00:00Z"
WEEK: Final = 7 * 86_400
PAGE: Final = 256
"""Due items that a sweep looks for at a time."""
HANDED: Final = 300
"""Seconds after which what was handed over is found again."""
_MOST_UNITS: Final = 4
"""Write units of moving a due item, on its shard: deleted here and put there, in a transaction."""
VOID_SHARE: Final = 0.15
"""Of the time of a mail, what a sender needs to find that a message leads nowhere: one read of the nine calls."""
_FILLED_AT_ONCE: Final = 50
_SERIES_OF_TEN: Final = 4
"""Of ten reminders, those of a series, which ring again next week; as in tools/costs/usage.py."""
_PATIENCE: Final = 3 * 3600
_AT_ONCE: Final = 500
"""Reminders in hand at once: so many writes share a commit."""


class Plan(msgspec.Struct, frozen=True):
    """``hands_over``: due items that a sweep hands to the queue at most, 0 for all that it finds. ``shard_units``:
    write units that one shard of the due index takes in a second. ``people``: whose the reminders are, in turn.
    ``ahead``: seconds before they are due from which on sweeps hand them over; the queue holds them until then.
    """

    count: int
    mails_a_second: int
    shards: int = reminders.SHARDS
    shard_units: int = 1_000
    hands_over: int = 0
    people: int = 1_000
    ahead: int = 60


class Outcome(msgspec.Struct, frozen=True):
    """What was seen. Seconds are after the instant at which all were due; ``idle_messages`` were too many: the reminder
    had waited so long that it was handed over once more.
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
        self._rung: set[int] = set()  # hashes of the keys of due items that a message has led to
        self._left_units = dict.fromkeys(self._parts, 0)
        self._under_way, self._low, self._left = False, "", 0

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
            owner, state = owners[number % len(owners)], State(self._zero - 1, self._zero)
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
            if second % 60 == 0 and not self._under_way:
                self._begin_sweep()
            if second >= self._plan.ahead:
                await self._send(second)
            if self._under_way:
                await self._sweep()
            self._seen.deepest = max(self._seen.deepest, len(self._queue))
            if self._seen.sent_at.total() == self._plan.count:
                return
        raise TimeoutError(f"{self._seen.sent_at.total()} of {self._plan.count} were sent in three hours")

    def _begin_sweep(self) -> None:
        self._under_way, self._low = True, ""
        self._left = self._plan.hands_over or self._plan.count
        self._seen.sweeps += 1

    async def _sweep(self) -> None:
        """Hand over page after page: that asks nothing of the shards but to be read."""
        while self._left > 0 and self._under_way:
            found = await sweeping.list_due(self._services, PAGE, self._low)
            behind = [each for each in await sweeping.look_behind(self._services, found) if not self._has(each.armed)]
            self._seen.sweep_reads += units(self._table.take(), reads=True)
            items = {item.key: item for item in found}
            chosen = [(items[each.due], each) for each in behind[: self._left]]
            await asyncio.gather(*(self._mark(each) for _, each in chosen))
            self._queue.extend(item for item, _ in chosen)
            self._left -= len(chosen)
            self._seen.messages += len(chosen)
            self._note(self._table.take())
            self._under_way = len(found) == PAGE
            if found:
                self._low = found[-1].key.sort + "\x00"
        self._under_way = False

    def _has(self, armed: Armed) -> bool:
        """Whether a sender has it, or the queue."""
        return armed.in_hand(self._services.now) or armed.handed > self._services.now

    async def _mark(self, behind: sweeping.Behind) -> None:
        """As operations/handing_over.py does."""
        handed = max(self._services.now, self._zero + self._plan.ahead) + HANDED
        marked = msgspec.structs.replace(behind.armed, handed=handed)
        held = keys.armed(behind.owner, behind.armed_id)
        await self._table.write(Put(held, encode(marked), self._ids.new(), behind.version))

    def _takes(self, item: Item, need: int) -> bool:
        """Whether the shard of an item has so many write units left in this second; then they are taken."""
        if self._left_units[item.key.part] < need:
            return False
        self._left_units[item.key.part] -= need
        return True

    def _refill(self) -> None:
        """A second's units for each shard. What is too little for one more move is kept for the next second."""
        for part, left in self._left_units.items():
            self._left_units[part] = min(left, _MOST_UNITS - 1) + self._plan.shard_units

    def _note(self, touched: Sequence[Touch]) -> None:
        self._seen.send_reads += units(touched, reads=True)
        self._seen.writes += units(touched, reads=False)

    async def _send(self, second: int) -> None:
        """As many as a second allows; what finds its shard busy goes back to the front of the queue."""
        chosen = self._choose()
        for begin in range(0, len(chosen), _AT_ONCE):
            rung = await asyncio.gather(*map(self._ring, chosen[begin : begin + _AT_ONCE]))
            self._seen.sent_at[second] += sum(rung)
            self._seen.idle += len(rung) - sum(rung)
            self._note(self._table.take())

    def _choose(self) -> list[Item]:
        """What is read in this second. A message whose due item has moved on costs its reader a look, not a mail."""
        chosen: list[Item] = []
        refused: list[Item] = []
        slots = float(self._plan.mails_a_second)
        while self._queue and slots >= 1 and len(refused) < self._plan.mails_a_second:
            item = self._queue.popleft()
            if hash(item.key) in self._rung:
                chosen.append(item)
                slots -= VOID_SHARE
            elif self._takes(item, 4 if _rings_again(item.key.sort) else 2):
                chosen.append(item)
                slots -= 1
            else:
                refused.append(item)
        self._queue.extendleft(reversed(refused))
        return chosen

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
        self._rung.add(hash(item.key))
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
        first, half, last = (sent[place] - self._plan.ahead for place in (0, len(sent) // 2, -1))
        return Outcome(
            self._plan,
            first,
            half,
            last,
            seen.sweeps,
            seen.messages,
            seen.messages - self._plan.count,
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
        hands_over=plan.hands_over // divisor,
    )
