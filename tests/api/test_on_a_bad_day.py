"""What a client sees when DynamoDB is asked for too much, and that asking again is safe."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_calls import Pace
from aurora_time.adapters.dynamodb_table import create_table
from tests.adapters.dynamo_faults import Faults, faulty
from tests.api.world import World, problem_of, timed

pytestmark = [pytest.mark.aws, pytest.mark.inside("its table is one of its own, which fails")]
EVENT = {"summary": "Review", "start": timed("2026-11-23T09:00:00")}
WEEK = {"from_": "2026-11-23", "to": "2026-11-30"}


class BehindProxy(World):
    """Its table is reached through what ``faults`` say, which is nothing at first."""

    def __init__(self, aws: Any, url: str, faults: Faults) -> None:
        super().__init__(aws)
        self.faults = faults
        self._url = url

    def _on_aws(self) -> DynamoTable:
        self._client, self._name = self._aws.client(), self._aws.table_name()
        create_table(self._client, self._name)
        return DynamoTable(self._aws.client(self._url), self._name, self.clock, Pace(budget=0.5))


@pytest.fixture
def behind(aws: Any) -> Iterator[BehindProxy]:
    faults = Faults()
    with faulty(aws.port, faults) as url:
        yield BehindProxy(aws, url, faults)


async def test_when_all_is_throttled_the_answer_is_503_with_retry_after_and_nothing_is_done(
    behind: BehindProxy,
) -> None:
    before = behind.content()
    behind.faults.throttled = 1.0
    for method, path, body in (("POST", "/v1/events", EVENT), ("GET", "/v1/calendars", None)):
        response = await behind.ann.ask(method, path, body)
        problem = problem_of(response, 503)
        assert problem["type"] == "/problems#unavailable"
        assert problem["detail"].startswith("It was not done: ")
        assert 1 <= int(response.headers["retry-after"]) <= 30
    behind.faults.throttled = 0.0
    assert behind.content() == before


async def test_when_no_answer_arrives_the_client_is_told_that_nobody_knows(behind: BehindProxy) -> None:
    made = await behind.ann.event()

    write = behind.table.write

    async def write_without_answer(*changes: Any) -> None:
        behind.faults.cut = 1.0  # what is read before is still answered
        await write(*changes)

    behind.table.write = write_without_answer  # type: ignore[method-assign]
    response = await behind.ann.ask("PATCH", f"/v1/events/{made['id']}", {"summary": "Changed"})
    assert problem_of(response, 503)["detail"].startswith("It is not known whether it was done: ")
    behind.faults.cut = 0.0
    assert (await behind.ann.get(f"/v1/events/{made['id']}"))["summary"] in ("Something", "Changed")


async def test_asking_again_with_the_same_key_makes_one_event_however_bad_the_day(behind: BehindProxy) -> None:
    behind.faults.throttled, behind.faults.cut, behind.faults.duplicated = 0.5, 0.2, 0.2
    for _ in range(3):
        key = str(uuid.uuid4())
        for _ in range(50):
            response = await behind.ann.ask("POST", "/v1/events", EVENT, idempotency_key=key)
            if response.status_code == 201:
                break
            problem_of(response, 503)
    behind.faults.throttled = behind.faults.cut = behind.faults.duplicated = 0.0
    assert len((await behind.ann.get("/v1/events", **WEEK))["items"]) == 3
