"""A request that is traced: where its time went, by the function as Lambda has it, and nothing of whose it is."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_time.adapters.aws_traces import Traces
from aurora_time.adapters.oidc_http import IssuerError
from aurora_time.aws import rest
from aurora_time.aws.tokens import Pool
from aurora_time.aws.world import make_table
from aurora_time.domain.moment import print_instant
from tests.adapters.xray_daemon import PARENT, ROOT, Daemon, daemon
from tests.aws.cloud import Cloud, Json, request

pytestmark = pytest.mark.aws
SUMMARY = "Tea with Zwetschge"


@pytest.fixture
def heard() -> Iterator[Daemon]:
    with daemon() as listening:
        yield listening


async def traced(cloud: Cloud, environ: dict[str, str]) -> Cloud:
    cloud.traces = Traces(environ)
    cloud.through(None)
    return cloud


def an_event(token: str, due_in: float = 90_000) -> Json:
    start = print_instant(int(time.time() + due_in))
    return request("POST", "/v1/events", {"summary": SUMMARY, "start": {"dateTime": start}}, token)


async def test_a_function_as_lambda_has_it_tells_its_endpoint_and_the_calls_to_table_and_queue_under_it(
    cloud: Cloud, heard: Daemon, monkeypatch
) -> None:
    _, token = await cloud.somebody("an")
    opened: list[Any] = []

    def opening(settings: Any) -> Any:
        opened.append(make_table(settings))
        return opened[-1]

    said = {"AWS_ENDPOINT_URL_SQS": cloud.aws.url, "AWS_DEFAULT_REGION": "eu-west-1", **cloud.aws.environ}
    for name, value in (said | heard.environ).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(rest, "make_table", opening)
    function = rest.make_function(dataclasses.replace(cloud.settings, function="events"))
    try:
        answer = await function(an_event(token, due_in=630))
    finally:
        await opened[0][0]._table.close()
        await asyncio.to_thread(function._soon._queue._made._client.close)
    assert answer["statusCode"] == 201
    begun, *calls, whole = heard.documents()
    assert (begun["id"], begun["in_progress"]) == (whole["id"], True)
    assert (whole["name"], whole["parent_id"]) == ("createEvent", PARENT)
    told = {"operation": "createEvent", "function": "events", "request_id": answer["headers"]["request-id"]}
    assert whole["annotations"] == {**told, "status": 201}
    assert {each["trace_id"] for each in (begun, *calls, whole)} == {ROOT}
    assert {each["parent_id"] for each in calls} == {whole["id"]}
    asked = {(each["name"], each["aws"]["operation"]) for each in calls}
    assert {("DynamoDB", "GetItem"), ("DynamoDB", "TransactWriteItems"), ("SQS", "SendMessageBatch")} <= asked
    for each in calls:
        assert whole["start_time"] <= each["start_time"] <= each["end_time"] <= whole["end_time"]
        assert each["http"]["response"]["status"] == 200
        assert each["aws"].get("table_name") == (cloud.name if each["name"] == "DynamoDB" else None)


async def test_nothing_of_what_people_wrote_or_who_they_are_is_told(cloud: Cloud, heard: Daemon) -> None:
    person, token = await cloud.somebody("an")
    function = (await traced(cloud, heard.environ)).function("events")
    made = json.loads((await function(an_event(token)))["body"])
    where = {"route": "/v1/events/{eventId}", "parameters": {"eventId": made["id"]}}
    assert (await function(request("GET", f"/v1/events/{made['id']}", token=token, **where)))["statusCode"] == 200
    assert len(heard.documents()) > 6
    told = b"".join(heard.heard).decode()
    for secret in (SUMMARY, "Zwetschge", token, person, made["id"], cloud.address("an"), "203.0.113.7"):
        assert secret not in told, secret


@pytest.mark.parametrize("said", [None, f"Root={ROOT};Parent={PARENT};Sampled=0"])
async def test_a_request_that_lambda_does_not_trace_tells_nothing(cloud: Cloud, heard: Daemon, said: str | None):
    _, token = await cloud.somebody("an")
    del heard.environ["_X_AMZN_TRACE_ID"]
    environ = heard.environ | ({} if said is None else {"_X_AMZN_TRACE_ID": said})
    answer = await (await traced(cloud, environ)).function("events")(an_event(token))
    assert answer["statusCode"] == 201
    assert heard.documents() == []


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nowhere", ""])
async def test_where_no_daemon_listens_a_request_is_answered_all_the_same(cloud: Cloud, heard: Daemon, address: str):
    _, token = await cloud.somebody("an")
    environ = heard.environ | {"AWS_XRAY_DAEMON_ADDRESS": address}
    answer = await (await traced(cloud, environ)).function("events")(an_event(token))
    assert json.loads(answer["body"])["summary"] == SUMMARY


async def test_what_is_refused_is_an_error_of_who_asks_and_each_event_has_a_trace_of_its_own(
    cloud: Cloud, heard: Daemon
) -> None:
    function = (await traced(cloud, heard.environ)).function("events")
    assert (await function(request("GET", "/v1/events")))["statusCode"] == 401
    whole = heard.documents()[-1]
    assert (whole["error"], whole["annotations"]["status"]) == (True, 401)
    heard.environ["_X_AMZN_TRACE_ID"] = f"Root={ROOT[:-1]}9;Parent={PARENT};Sampled=1"
    assert (await function(request("GET", "/v1/events")))["statusCode"] == 401
    assert {each["trace_id"] for each in heard.documents()} == {f"{ROOT[:-1]}9"}
    assert (await function(request("PUT", "/v1/events")))["statusCode"] == 405
    assert heard.documents() == [], "it is no endpoint's"


async def test_the_sweep_has_no_endpoint_so_its_calls_are_lambdas_own(cloud: Cloud, heard: Daemon) -> None:
    await (await traced(cloud, heard.environ)).sweep()
    told = heard.documents()
    assert {each["parent_id"] for each in told} == {PARENT}
    assert "Query" in {each["aws"]["operation"] for each in told}


async def test_waiting_for_the_pools_keys_is_seen(cloud: Cloud, heard: Daemon) -> None:
    said = {**cloud.settings.said, "AURORA_ISSUER": "https://127.0.0.1:9/pool", "AURORA_CLIENT_ID": "web"}
    settings = dataclasses.replace(cloud.settings, said=said)
    pool = Pool(settings, cloud.services, cloud.clock, admits=False, traces=Traces(heard.environ))
    with pytest.raises(IssuerError):
        pool._ask("https://127.0.0.1:9/pool/keys", token="a-token")
    (document,) = heard.documents()
    assert (document["name"], document["namespace"], document["fault"]) == ("Cognito", "remote", True)
    assert b"a-token" not in heard.heard[0]
    assert pool.issuer._ask == pool._ask
