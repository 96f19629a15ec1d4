"""The Table port on DynamoDB: one table, every call in a thread, what is independent together.

An answer that is lost on the way is the hard part. A transaction is repeated with its token, which DynamoDB knows
again for ten minutes; a put by itself is upon a version and is repeated too, and where its condition is not met any
more, the write id of the item that is there tells whether it was we who did that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from aurora_time.adapters import dynamodb_items as wire
from aurora_time.adapters.dynamodb_calls import Asked, Calls, Pace, Patience
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.adapters.dynamodb_order import InOrder
from aurora_time.adapters.dynamodb_troubles import CONTENTION, THROTTLED, UnmetError
from aurora_time.ports import (
    Change,
    Clock,
    ConflictError,
    Item,
    Key,
    Put,
    Range,
    UnavailableError,
    UncertainError,
    check_limits,
)

_BATCH: Final = 100
"""Keys that DynamoDB takes in one BatchGetItem."""
_BATCH_OF_PUTS: Final = 25
"""Items that it takes in one BatchWriteItem."""


@dataclass(slots=True)
class Stats:
    """Since the table was opened.

    ``writes`` were acknowledged; ``conflicts`` were refused; ``failures`` could not be done, or it is not known;
    ``throttled`` calls were told to come more slowly; ``retries`` were made for whatever reason.
    """

    writes: int = 0
    conflicts: int = 0
    failures: int = 0
    throttled: int = 0
    retries: int = 0


def _asked(client: Any) -> Asked:  # noqa: ANN401
    """A client of boto3 is wrapped; who brings the other need not have boto3 at all, nor wait for it to be loaded."""
    if isinstance(client, LeanDynamo):
        return client
    from aurora_time.adapters.dynamodb_boto import Boto

    return Boto(client)


class DynamoTable:
    """Belongs to the event loop that uses it, and is closed there. ``name`` is that of a table that is there."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401  boto3 makes its clients at run time; or a LeanDynamo
        name: str,
        clock: Clock,
        pace: Pace | None = None,
        write_id: Callable[[], str] = wire.new_write_id,
    ) -> None:
        self._calls = Calls(_asked(client), pace or Pace())
        self._name = name
        self._clock = clock
        self._write_id = write_id
        self._order = InOrder()
        self._closed = False
        self._done = Stats()

    @property
    def stats(self) -> Stats:
        """Counts for the metrics."""
        self._done.throttled, self._done.retries = self._calls.stats.throttled, self._calls.stats.retries
        return self._done

    # --- reading --------------------------------------------------------------------------------------------
    async def get(self, *keys: Key) -> list[Item | None]:
        now = self._clock.now()
        wanted = [key for key in dict.fromkeys(keys) if wire.can_be(key)]
        patience = self._patience()
        if len(wanted) == 1:
            answers = [await self._get_one(wanted[0], patience)]
        else:
            parts = (wanted[n : n + _BATCH] for n in range(0, len(wanted), _BATCH))
            answers = await asyncio.gather(*(self._get_batch(part, patience) for part in parts))
        items = (wire.item_from(attributes) for answer in answers for attributes in answer)
        found = {item.key: item for item in items if wire.is_alive(item, now)}
        return [found.get(key) for key in keys]

    async def _get_one(self, key: Key, patience: Patience) -> list[wire.Attributes]:
        request = {"TableName": self._name, "Key": wire.key_of(key), "ConsistentRead": True}
        answer = await self._calls.call("GetItem", request, patience)
        return [answer["Item"]] if "Item" in answer else []

    async def _get_batch(self, keys: list[Key], patience: Patience) -> list[wire.Attributes]:
        """DynamoDB answers what it can (16 MB, its own haste) and leaves the rest to be asked for again."""
        asked = {self._name: {"Keys": [wire.key_of(key) for key in keys], "ConsistentRead": True}}
        found: list[wire.Attributes] = []
        while True:
            answer = await self._calls.call("BatchGetItem", {"RequestItems": asked}, patience)
            got = answer["Responses"].get(self._name, [])
            found += got
            asked = answer.get("UnprocessedKeys") or {}
            if not asked:
                return found
            if not got:  # what came was not cut at 16 MB: it was too much at once
                await patience.wait(THROTTLED)

    async def query(self, *ranges: Range) -> list[list[Item]]:
        now, patience = self._clock.now(), self._patience()
        return await asyncio.gather(*(self._query_one(range_, now, patience) for range_ in ranges))

    async def _query_one(self, range_: Range, now: float, patience: Patience) -> list[Item]:
        request = wire.query_request(self._name, range_)
        items: list[Item] = []
        while request is not None:
            if range_.limit is not None:
                # One more where the upper bound itself, which is not wanted, may come first.
                request["Limit"] = range_.limit - len(items) + (range_.reverse and range_.low != "")
            answer = await self._calls.call("Query", request, patience)
            page = (wire.item_from(attributes) for attributes in answer["Items"])
            items += [item for item in page if wire.is_alive(item, now) and wire.in_range(item, range_)]
            more = answer.get("LastEvaluatedKey")
            if not more or (range_.limit is not None and len(items) >= range_.limit):
                break
            request["ExclusiveStartKey"] = more
        return items[: range_.limit]

    async def scan(self, after: Key | None, limit: int) -> tuple[list[Item], Key | None]:
        """Part by part in the order of their hashes, by sort within a part."""
        request = {"TableName": self._name, "ConsistentRead": True, "Limit": limit}
        if after is not None:
            request["ExclusiveStartKey"] = wire.key_of(after)
        now = self._clock.now()
        answer = await self._calls.call("Scan", request, self._patience())
        items = (wire.item_from(attributes) for attributes in answer["Items"])
        more = answer.get("LastEvaluatedKey")
        return [item for item in items if wire.is_alive(item, now)], wire.key_from(more) if more else None

    # --- writing --------------------------------------------------------------------------------------------
    async def write(self, *changes: Change) -> None:
        check_limits(changes)
        work = partial(self._write, changes, self._clock.now(), self._patience())
        # Shielded: whoever is cancelled here ends his waiting, not the write.
        await asyncio.shield(self._order.run(wire.keys_of(changes), work))

    async def fill(self, items: list[Item]) -> None:
        """By 25, which is all that BatchWriteItem takes, and at half the price of a transaction."""
        patience, write_id = self._patience(), self._write_id()
        puts = [Put(key, body, version, None, expires) for key, body, version, expires in items]
        batches = (puts[n : n + _BATCH_OF_PUTS] for n in range(0, len(puts), _BATCH_OF_PUTS))
        await asyncio.gather(*(self._fill(batch, write_id, patience) for batch in batches))

    async def _fill(self, puts: list[Put], write_id: str, patience: Patience) -> None:
        asked = {self._name: [{"PutRequest": {"Item": wire.attributes_of(put, write_id)}} for put in puts]}
        while asked:
            answer = await self._calls.call("BatchWriteItem", {"RequestItems": asked}, patience)
            asked = answer.get("UnprocessedItems") or {}
            if asked:
                await patience.wait(THROTTLED)

    async def _write(self, changes: tuple[Change, ...], now: float, patience: Patience) -> None:
        try:
            await self._attempt(changes, now, patience)
        except ConflictError:
            self._done.conflicts += 1
            raise
        except UnavailableError:
            self._done.failures += 1
            raise
        self._done.writes += 1

    async def _attempt(self, changes: tuple[Change, ...], now: float, patience: Patience) -> None:
        if patience.is_over():  # it waited for others all the time
            raise CONTENTION.error()
        write_id = self._write_id()
        operation, request = wire.write_request(self._name, changes, now, write_id)
        try:
            await self._calls.call(operation, request, patience)
        except UnmetError as unmet:
            if any(old and old["w"]["S"] == write_id for old in unmet.found.values()):
                return  # it was done, and the answer lost
            if unmet.doubtful and operation == "PutItem":
                # Either it was done and somebody has written over it since, or somebody was faster.
                raise UncertainError("DynamoDB: its answer did not arrive, and the item has changed since") from None
            raise ConflictError(changes[min(unmet.found)].key) from None

    def _patience(self) -> Patience:
        if self._closed:
            raise UnavailableError("the table is closed")
        return self._calls.patience()

    async def scrub(self) -> bool:
        """What is deleted is gone from the table at once. Point-in-time recovery forgets it after its days."""
        return True

    async def close(self) -> None:
        """Finish what was handed over; closing twice is no error."""
        if not self._closed:
            self._closed = True
            await self._order.drain()
            await self._calls.close()
