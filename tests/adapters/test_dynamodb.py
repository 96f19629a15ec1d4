"""What is the DynamoDB engine's own: what each refusal means, how long one tries again, lost answers, leftovers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ChecksumError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    MetadataRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_calls import THREADS, Pace
from aurora_time.ports import (
    ABSENT,
    Check,
    ConflictError,
    Delete,
    Item,
    Key,
    Put,
    Range,
    UnavailableError,
    UncertainError,
)

pytestmark = pytest.mark.anyio
A, B, C = Key("part", "a"), Key("part", "b"), Key("part", "c")
LOST = ReadTimeoutError(endpoint_url="https://dynamodb.test")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    def now(self) -> float:
        return 1_800_000_000.9


class Times:
    """Time that passes only while one waits; ``waits`` are in seconds."""

    def __init__(self) -> None:
        self.time = 100.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


class Client:
    """Answers what it was told to, in turn; ``asked`` are the operations and their parameters."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(**request: Any) -> Any:
            self.asked.append((name, request))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return method

    def close(self) -> None:
        self.answers = []


def says(code: str, status: int = 400, **more: Any) -> ClientError:
    response = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(response, "Anything")


def cancelled(*codes: str, **items: Any) -> ClientError:
    reasons = [{"Code": code, **({"Item": items[f"n{n}"]} if f"n{n}" in items else {})} for n, code in enumerate(codes)]
    return says("TransactionCanceledException", CancellationReasons=reasons)


def stored(key: Key, write_id: str, version: str = "v") -> dict[str, Any]:
    return {"p": {"S": key.part}, "s": {"S": key.sort}, "b": {"B": b""}, "v": {"S": version}, "w": {"S": write_id}}


def table(client: Client, times: Times | None = None, chance: float = 0.5) -> DynamoTable:
    times = times or Times()
    pace = Pace(6.0, lambda: times.time, times.sleep, lambda: chance)
    return DynamoTable(client, "t", Clock(), pace, write_id=lambda: "our-write-id")


# --- too much at once, and others at it ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "refusal",
    [
        says("ThrottlingException"),
        says("ProvisionedThroughputExceededException"),
        says("RequestLimitExceeded"),
        says("TransactionConflictException"),
        says("TransactionInProgressException"),
        says("InternalServerError", 500),
        cancelled("None", "ThrottlingError"),
        cancelled("TransactionConflict", "None"),
        cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
        LOST,
        EndpointConnectionError(endpoint_url="https://dynamodb.test"),
    ],
    ids=str,
)
async def test_what_passes_is_waited_for_and_the_same_is_asked_again(refusal):
    client, times = Client(refusal, refusal, {}), Times()
    await table(client, times).write(Put(A, b"1", "v"), Delete(B, "v"))
    assert times.waits == [0.0125, 0.025]
    assert [name for name, _ in client.asked] == ["transact_write_items"] * 3
    assert client.asked[0] == client.asked[1] == client.asked[2]
    assert client.asked[0][1]["ClientRequestToken"] == "our-write-id"


async def test_waits_double_up_to_a_second_and_end_with_the_budget():
    client, times = Client(says("ThrottlingException")), Times()
    with pytest.raises(UnavailableError) as caught:
        await table(client, times, chance=1.0).query(Range("part"))
    assert times.waits == [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0]
    assert caught.value.retry_after == 5
    assert "too much at once" in caught.value.reason


async def test_the_counts_say_what_was_tried_again():
    client = Client(says("ThrottlingException"), says("TransactionConflictException"), {}, says("ThrottlingException"))
    opened = table(client)
    await opened.write(Put(A, b"", "v"))
    with pytest.raises(UnavailableError):
        await opened.write(Put(A, b"", "v"))
    assert (opened.stats.writes, opened.stats.failures, opened.stats.conflicts) == (1, 1, 0)
    assert opened.stats.retries == opened.stats.throttled > 5


async def test_a_write_that_waits_for_others_beyond_its_time_is_not_begun():
    times = Times()

    class Slow(Client):
        def __getattr__(self, name: str) -> Callable[..., Any]:
            def method(**request: Any) -> Any:
                times.time += 7
                return answer(**request)

            answer = super().__getattr__(name)
            return method

    client = Slow({})
    opened = table(client, times)
    outcomes = await asyncio.gather(
        opened.write(Put(A, b"1", "v")), opened.write(Put(A, b"2", "v")), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), UnavailableError]
    assert len(client.asked) == 1


async def test_a_call_that_waits_for_a_thread_beyond_its_time_is_not_begun():
    """Where DynamoDB hangs, a write in the queue must not be done long after its caller was to be told."""
    times, begun, answers = Times(), threading.Semaphore(0), threading.Event()

    class Hanging(Client):
        def __getattr__(self, name: str) -> Callable[..., Any]:
            def method(**request: Any) -> Any:
                self.asked.append((name, request))
                begun.release()
                answers.wait(20)
                return {}

            return method

    client = Hanging({})
    opened = table(client, times)
    reading = [asyncio.create_task(opened.get(A)) for _ in range(THREADS)]
    for _ in reading:
        await asyncio.to_thread(begun.acquire)
    writing = asyncio.create_task(opened.write(Put(B, b"", "v")))
    for _ in range(9):  # as many turns as it needs to be handed to the threads
        await asyncio.sleep(0)
    times.time += 7
    answers.set()
    with pytest.raises(UnavailableError, match="too many calls") as caught:
        await writing
    assert not isinstance(caught.value, UncertainError)
    assert {name for name, _ in client.asked} == {"get_item"}
    assert await asyncio.gather(*reading) == [[None]] * THREADS


# --- conditions ---------------------------------------------------------------------------------------------
async def test_a_condition_that_is_not_met_names_its_key_also_among_other_reasons():
    client = Client(cancelled("TransactionConflict", "None", "ConditionalCheckFailed"))
    with pytest.raises(ConflictError) as caught:
        await table(client).write(Put(A, b"", "v"), Put(B, b"", "v"), Check(C, ABSENT))
    assert caught.value.key == C
    assert len(client.asked) == 1


async def test_one_put_upon_a_version_goes_by_itself_all_else_as_a_transaction_that_is_known_again():
    client = Client({})
    opened = table(client)
    await opened.write(Put(A, b"", "w", "v"))
    for change in (Put(A, b"", "v"), Put(A, b"", "v", ABSENT), Delete(A), Delete(A, "v"), Check(A, "v")):
        await opened.write(change)
    assert [name for name, _ in client.asked] == ["put_item", *["transact_write_items"] * 5]


# --- answers that are lost ----------------------------------------------------------------------------------
async def test_a_put_whose_answer_was_lost_is_known_again_by_its_write_id():
    client = Client(LOST, says("ConditionalCheckFailedException", Item=stored(A, "our-write-id")))
    await table(client).write(Put(A, b"", "v2", "v1"))
    assert len(client.asked) == 2


async def test_a_transaction_that_was_done_is_known_again_even_if_its_token_is_not():
    client = Client(LOST, cancelled("ConditionalCheckFailed", "None", n0=stored(A, "our-write-id")))
    await table(client).write(Put(A, b"", "v", ABSENT), Put(B, b"", "v"))


@pytest.mark.parametrize("item", [stored(A, "theirs"), None], ids=["written over", "gone"])
async def test_a_put_whose_answer_was_lost_and_whose_item_has_changed_since_is_uncertain(item):
    unmet = says("ConditionalCheckFailedException", **({"Item": item} if item else {}))
    with pytest.raises(UncertainError):
        await table(Client(LOST, unmet)).write(Put(A, b"", "v2", "v1"))
    with pytest.raises(ConflictError):
        await table(Client(says("ThrottlingException"), unmet)).write(Put(A, b"", "v2", "v1"))


async def test_a_transaction_that_is_refused_when_it_is_repeated_was_not_done():
    client = Client(LOST, cancelled("ConditionalCheckFailed", n0=stored(A, "theirs")))
    with pytest.raises(ConflictError):
        await table(client).write(Delete(A, "v"))


@pytest.mark.parametrize(
    "cut",
    [
        SSLError(endpoint_url="https://dynamodb.test", error="EOF occurred in violation of protocol"),
        ChecksumError(checksum_type="crc32", expected_checksum=1, actual_checksum=2),
        ConnectionClosedError(endpoint_url="https://dynamodb.test"),
    ],
    ids=lambda cut: type(cut).__name__,
)
async def test_an_answer_that_is_cut_off_or_garbled_may_belong_to_a_write_that_was_done(cut):
    unmet = says("ConditionalCheckFailedException", Item=stored(A, "theirs"))
    with pytest.raises(UncertainError):
        await table(Client(cut, unmet)).write(Put(A, b"", "v2", "v1"))


async def test_a_proxy_that_is_away_is_waited_for_and_nothing_was_done():
    away = ProxyConnectionError(proxy_url="http://proxy.test")
    await table(Client(away, {})).write(Put(A, b"", "v"))
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        await table(Client(away)).write(Put(A, b"", "v"))
    assert not isinstance(caught.value, UncertainError)


async def test_when_the_time_is_over_after_a_lost_answer_a_write_is_uncertain_and_a_read_is_not():
    with pytest.raises(UncertainError):
        await table(Client(LOST, says("ThrottlingException"))).write(Put(A, b"", "v"))
    with pytest.raises(UnavailableError) as caught:
        await table(Client(LOST)).get(A)
    assert not isinstance(caught.value, UncertainError)


# --- what trying again does not help ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (says("AccessDeniedException"), "do not allow"),
        (says("ExpiredTokenException"), "expired"),
        (says("ResourceNotFoundException"), "no such table"),
        (says("ExpiredToken"), "expired"),
        (NoCredentialsError(), "no usable credentials"),
        (UnauthorizedSSOTokenError(), "no usable credentials"),
        (MetadataRetrievalError(error_msg="timed out"), "no usable credentials"),
    ],
    ids=str,
)
async def test_what_the_operator_has_to_mend_is_said_at_once(error, words):
    client = Client(error)
    with pytest.raises(UnavailableError, match=words) as caught:
        await table(client).write(Put(A, b"", "v"))
    assert not isinstance(caught.value, UncertainError)
    assert len(client.asked) == 1


@pytest.mark.parametrize(
    "mistake",
    [
        says("ValidationException"),
        says("IdempotentParameterMismatchException"),
        cancelled("None", "ValidationError"),
        ParamValidationError(report="a mistake"),
    ],
    ids=str,
)
async def test_a_mistake_of_ours_is_neither_hidden_nor_tried_again(mistake):
    client = Client(mistake)
    with pytest.raises(type(mistake)):
        await table(client).write(Put(A, b"", "v"), Put(B, b"", "v"))
    assert len(client.asked) == 1


# --- reading ------------------------------------------------------------------------------------------------
async def test_keys_that_were_left_over_are_asked_for_again():
    left = {"t": {"Keys": [{"p": {"S": "part"}, "s": {"S": "b"}}], "ConsistentRead": True}}
    client = Client(
        {"Responses": {"t": [stored(A, "w")]}, "UnprocessedKeys": left},
        {"Responses": {}, "UnprocessedKeys": left},
        {"Responses": {"t": [stored(B, "w")]}, "UnprocessedKeys": {}},
    )
    times = Times()
    assert await table(client, times).get(B, A, C) == [Item(B, b"", "v"), Item(A, b"", "v"), None]
    assert [request["RequestItems"] for _, request in client.asked[1:]] == [left, left]
    assert len(times.waits) == 1, "what came in part was too large, what did not come at all was too much at once"


async def test_every_read_sees_what_was_acknowledged():
    client = Client({"Responses": {}, "Items": []})
    opened = table(client)
    await opened.get(A)
    await opened.get(A, B)
    await opened.query(Range("part"))
    await opened.scan(None, 10)
    for _, request in client.asked:
        assert request.get("ConsistentRead") or request["RequestItems"]["t"]["ConsistentRead"]


# --- the end ------------------------------------------------------------------------------------------------
async def test_closing_finishes_what_was_handed_over_and_then_refuses():
    client = Client(says("ThrottlingException"), {})
    opened = table(client)
    waiting = [asyncio.create_task(opened.write(Put(A, b"%d" % n, "v"))) for n in range(3)]
    await asyncio.sleep(0)
    await opened.close()
    await opened.close()
    await asyncio.gather(*waiting)
    assert opened.stats.writes == 3
    for asking in (opened.write(Put(A, b"", "v")), opened.get(A), opened.query(Range("part"))):
        with pytest.raises(UnavailableError, match="closed"):
            await asking


async def test_what_is_deleted_leaves_no_trace_to_scrub():
    assert await table(Client({})).scrub()
