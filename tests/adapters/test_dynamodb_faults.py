"""Throttled, delayed, cut off, answered twice: no acknowledged write is lost, none is done twice.

A sample with a fiftieth of the delay in `make test`, all of it in `make test-aws`.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_calls import Pace
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.adapters.dynamodb_table import create_table
from aurora_time.ports import (
    ABSENT,
    ConflictError,
    Delete,
    Key,
    Put,
    Range,
    UnavailableError,
    UncertainError,
)
from tests.adapters.dynamo_faults import Faults, faulty

pytestmark = [pytest.mark.anyio, pytest.mark.aws]

COUNTER = Key("counter", "c")
BAD_DAY = {"throttled": 0.5, "cut": 0.05, "duplicated": 0.1, "broken": 0.03}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    def now(self) -> float:
        return 1_800_000_000.0


class Told:
    """What each attempt, by its token, was told."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    async def attempt(self, token: str, writing) -> bool:
        """Whether it was acknowledged."""
        try:
            await writing
        except ConflictError:
            self.outcomes[token] = "conflict"
        except UncertainError:
            self.outcomes[token] = "uncertain"
        except UnavailableError:
            self.outcomes[token] = "unavailable"
        else:
            self.outcomes[token] = "done"
        return self.outcomes[token] == "done"

    def check(self, applied: list[str]) -> None:
        counted = Counter(applied)
        assert max(counted.values()) == 1, "a write was done twice"
        for token, outcome in self.outcomes.items():
            if outcome == "done":
                assert token in counted, "an acknowledged write was lost"
            elif outcome != "uncertain":
                assert token not in counted, f"a write that was refused ({outcome}) was done"


async def several(aws, stack: AsyncExitStack, faults: Faults, budget: float = 6.0) -> list[DynamoTable]:
    """Two processes' worth of one table, one with boto3 and one without, behind the proxy."""
    name = aws.table_name()
    create_table(aws.client(), name)
    url = stack.enter_context(faulty(aws.port, faults))
    tables = []
    for seed in range(2):
        pace = Pace(budget, chance=random.Random(seed).random)
        lean = LeanDynamo(aws.environ | {"AWS_ENDPOINT_URL_DYNAMODB": url})
        client = lean if seed else aws.client(url, connect_timeout=5, read_timeout=5)
        table = DynamoTable(client, name, Clock(), pace)
        stack.push_async_callback(table.close)
        tables.append(table)
    return tables


def tokens(body: bytes) -> list[str]:
    return body.decode().split()


async def append(table: DynamoTable, told: Told, who: str, rounds: int, with_log: bool) -> None:
    """Add ``rounds`` tokens to the one item, each built upon what was read."""
    done = tries = 0
    while done < rounds:
        tries += 1
        token = f"{who}.{tries}"
        try:
            [item] = await table.get(COUNTER)
        except UnavailableError:
            continue
        body, expect = (item.body + f" {token}".encode(), item.version) if item else (token.encode(), ABSENT)
        log = [Put(Key("log", token), b"", token, ABSENT)] if with_log else []
        done += await told.attempt(token, table.write(Put(COUNTER, body, token, expect), *log))


async def watch(table: DynamoTable, over: asyncio.Event) -> None:
    """What is read once is read ever after: nobody sees a write and then sees it gone."""
    seen: list[str] = []
    while not over.is_set():
        try:
            [items] = await table.query(Range("counter"))
        except UnavailableError:
            continue
        now = [token for item in items for token in tokens(item.body)]
        assert now[: len(seen)] == seen
        seen = now


def size(effort: int) -> tuple[int, float]:
    """Rounds of each writer, and the delay of each call in seconds."""
    return (3, 0.004) if effort == 1 else (effort, 0.2)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("with_log", [True, False], ids=["transactions", "single puts"])
async def test_on_a_bad_day_no_acknowledged_write_is_lost_and_none_is_done_twice(aws, effort, with_log):
    rounds, delay = size(effort)
    faults, told, over = Faults(**BAD_DAY, delay=delay), Told(), asyncio.Event()
    async with AsyncExitStack() as stack:
        tables = await several(aws, stack, faults)
        readers = [asyncio.create_task(watch(table, over)) for table in tables]
        writers = [append(tables[n % 2], told, f"w{n}", rounds, with_log) for n in range(4 if effort == 1 else 8)]
        await asyncio.gather(*writers)
        over.set()
        await asyncio.gather(*readers)
        faults.throttled = faults.cut = faults.broken = 0
        [item] = await tables[0].get(COUNTER)
        [logged] = await tables[0].query(Range("log"))
    told.check(tokens(item.body))
    if with_log:
        assert sorted(entry.key.sort for entry in logged) == sorted(tokens(item.body))
    assert all(faults.done.values()), "each fault should have happened"


@pytest.mark.timeout(900)
async def test_on_a_bad_day_what_may_be_taken_once_is_taken_once(aws, effort):
    rounds, delay = size(effort)
    faults, told = Faults(**BAD_DAY | {"cut": 0.2}, delay=delay), Told()
    slips = [Key("slip", f"{n:03d}") for n in range(rounds * 3)]
    async with AsyncExitStack() as stack:
        tables = await several(aws, stack, faults)
        faults.throttled = 0
        await tables[0].write(*[Put(slip, b"", "v") for slip in slips])
        faults.throttled = BAD_DAY["throttled"]

        async def take(slip: Key, who: int) -> None:
            await told.attempt(f"{slip.sort}.{who}", tables[who % 2].write(Delete(slip, "v")))

        await asyncio.gather(*(take(slip, who) for slip in slips for who in range(3)))
        [left] = await tables[0].query(Range("slip"))
    for slip in slips:
        outcomes = Counter(outcome for token, outcome in told.outcomes.items() if token.startswith(f"{slip.sort}."))
        taken = slip not in [item.key for item in left]
        assert outcomes["done"] <= 1, "taken twice"
        assert taken or not outcomes["done"], "an acknowledged delete was lost"
        assert not taken or outcomes["done"] + outcomes["uncertain"] >= 1, "taken, and nobody was told"


class Forgetful:
    """A client whose first write is done, but its answer is lost; before it is asked again, others do ``meanwhile``."""

    def __init__(self, client: Any, meanwhile: Callable[[], object]) -> None:
        self.client, self.meanwhile, self.writes = client, meanwhile, 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)

        def first(**request: Any) -> Any:
            answer = method(**request)
            self.writes += 1
            if self.writes == 1:
                self.meanwhile()
                raise ReadTimeoutError(endpoint_url="https://dynamodb.test")
            return answer

        return first if name in ("put_item", "delete_item", "transact_write_items") else method


@pytest.mark.parametrize(
    ("before", "change", "others"),
    [
        ([], Put(COUNTER, b"ours", "1", ABSENT), Delete(COUNTER)),
        ([], Put(COUNTER, b"ours", "1"), Put(COUNTER, b"theirs", "2", "1")),
        ([Put(COUNTER, b"", "0")], Delete(COUNTER), Put(COUNTER, b"theirs", "2", ABSENT)),
    ],
    ids=["a new one", "a put whatever is there", "a delete whatever is there"],
)
async def test_a_write_whose_answer_was_lost_does_not_undo_what_others_did_since(aws, before, change, others):
    name = aws.table_name()
    create_table(aws.client(), name)
    async with AsyncExitStack() as stack:
        theirs = DynamoTable(aws.client(), name, Clock())
        stack.push_async_callback(theirs.close)
        loop = asyncio.get_running_loop()
        meanwhile = partial(asyncio.run_coroutine_threadsafe, theirs.write(others), loop)
        client = Forgetful(aws.client(), lambda: meanwhile().result(20))
        ours = DynamoTable(client, name, Clock())
        stack.push_async_callback(ours.close)
        for put in before:
            await theirs.write(put)
        await ours.write(change)
        [left] = await theirs.get(COUNTER)
    assert client.writes == 2
    assert (left and left.body) == (others.body if isinstance(others, Put) else None)


async def test_when_all_is_throttled_it_is_said_in_time_and_nothing_is_done(aws):
    faults = Faults(throttled=1.0)
    async with AsyncExitStack() as stack:
        table, _ = await several(aws, stack, faults, budget=1.0)
        began = asyncio.get_running_loop().time()
        for changes in ([Put(COUNTER, b"", "v")], [Put(COUNTER, b"", "v"), Delete(Key("a", "b"))]):
            with pytest.raises(UnavailableError) as caught:
                await table.write(*changes)
            assert not isinstance(caught.value, UncertainError)
            assert 1 <= caught.value.retry_after <= 30
        with pytest.raises(UnavailableError):
            await table.query(Range("counter"), Range("log"))
        assert asyncio.get_running_loop().time() - began < 15
        assert table.stats.failures == 2
        assert table.stats.throttled > 3
        faults.throttled = 0
        assert await table.get(COUNTER) == [None]


async def test_where_no_answer_arrives_it_is_said_that_nobody_knows(aws):
    faults = Faults(cut=1.0)
    async with AsyncExitStack() as stack:
        table, _ = await several(aws, stack, faults, budget=0.3)
        with pytest.raises(UncertainError):
            await table.write(Put(COUNTER, b"", "v"))
        with pytest.raises(UnavailableError) as caught:
            await table.get(COUNTER)
        assert not isinstance(caught.value, UncertainError)
